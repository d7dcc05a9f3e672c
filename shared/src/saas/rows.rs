//! Lines of subscriptions as FOCUS rows.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use jiff::{civil::Date, tz::TimeZone};

use super::{Charge, Cycle, Kind};
use crate::decimal::{Decimal, PRECISION, SCALE};

/// Whose lines they are, as each of them says.
#[derive(Debug, Clone)]
pub struct Account {
    /// Id of the subscription.
    pub subscription_id: String,
    /// What it is called.
    pub name: String,
    /// Who sells it.
    pub vendor: String,
    /// Which edition it is of.
    pub plan: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// In the terms of FOCUS.
    pub service_category: String,
    /// In the terms of FOCUS.
    pub service_subcategory: Option<String>,
    /// The cycle of each of its terms.
    pub cycles: Vec<Cycle>,
}

/// A line and whose it is.
type Line<'a> = (&'a Account, &'a Charge);

/// The FOCUS rows of lines, without the columns that are the same in all rows of a run.
///
/// What is billed is a purchase without effective cost, what a day costs is usage without billed
/// cost: each of the four costs adds up by itself, and a prepaid year counts once in each. The
/// billing period of a line is the calendar month that it is dated in.
///
/// # Errors
///
/// Fails where a day is out of all bounds.
pub fn batch(lines: &[Line<'_>]) -> anyhow::Result<RecordBatch> {
    let columns = [amounts(lines)?, moments(lines)?, texts(lines), days(lines)];
    Ok(RecordBatch::try_from_iter_with_nullable(columns.into_iter().flatten())?)
}

type Columns = Vec<(&'static str, ArrayRef, bool)>;

fn amounts(lines: &[Line<'_>]) -> anyhow::Result<Columns> {
    let column = |of: fn(&Charge) -> Decimal| -> anyhow::Result<ArrayRef> {
        let values = lines.iter().map(|(_, charge)| Some(of(charge).scaled()));
        let values: Decimal128Array = values.collect();
        Ok(Arc::new(values.with_precision_and_scale(PRECISION, SCALE.cast_signed())?))
    };
    Ok(vec![
        ("BilledCost", column(|it| it.billed)?, false),
        ("EffectiveCost", column(|it| it.effective)?, false),
        // The agreed price is what remains after the discount.
        ("ContractedCost", column(|it| it.effective)?, false),
        ("ListCost", column(|it| it.list)?, false),
        ("PricingQuantity", column(|it| Decimal::from_whole(it.seats))?, false),
    ])
}

fn moments(lines: &[Line<'_>]) -> anyhow::Result<Columns> {
    let column = |of: fn(&Charge) -> Date| -> anyhow::Result<ArrayRef> {
        let micros = |day: Date| -> anyhow::Result<i64> {
            Ok(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0))?.as_microsecond())
        };
        let values = lines.iter().map(|(_, charge)| micros(of(charge)));
        let values = values.collect::<anyhow::Result<Vec<_>>>().context("a day out of bounds")?;
        Ok(Arc::new(TimestampMicrosecondArray::from(values).with_timezone("+00:00")))
    };
    Ok(vec![
        ("ChargePeriodStart", column(|it| it.days.start)?, false),
        ("ChargePeriodEnd", column(|it| it.days.end)?, false),
        ("BillingPeriodStart", column(|it| it.date().first_of_month())?, false),
        ("BillingPeriodEnd", column(after_month)?, false),
    ])
}

fn after_month(charge: &Charge) -> Date {
    charge.date().last_of_month().tomorrow().unwrap_or(Date::MAX)
}

fn texts(lines: &[Line<'_>]) -> Columns {
    let column = |of: fn(&Line<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(lines.iter().map(of).collect::<StringArray>())
    };
    vec![
        ("BillingAccountId", column(|it| Some(it.0.subscription_id.clone())), false),
        ("BillingAccountName", column(|it| Some(it.0.name.clone())), false),
        ("BillingAccountType", column(|_| Some("Subscription".to_owned())), false),
        ("BillingCurrency", column(|it| Some(it.0.currency.clone())), false),
        ("ChargeCategory", column(|it| Some(category(it.1.kind).to_owned())), false),
        ("ChargeDescription", column(|it| Some(description(it))), false),
        ("ChargeFrequency", column(|it| Some(frequency(it.1.kind).to_owned())), false),
        ("InvoiceIssuerName", column(|it| Some(it.0.vendor.clone())), false),
        ("PricingCategory", column(|_| Some("Standard".to_owned())), false),
        ("PricingUnit", column(|_| Some("Seats".to_owned())), false),
        ("ResourceId", column(|it| Some(it.0.subscription_id.clone())), false),
        ("ResourceName", column(|it| Some(it.0.name.clone())), false),
        ("ServiceCategory", column(|it| Some(it.0.service_category.clone())), false),
        ("ServiceSubcategory", column(|it| it.0.service_subcategory.clone()), true),
        ("ServiceName", column(|it| Some(it.0.name.clone())), false),
        ("ServiceProviderName", column(|it| Some(it.0.vendor.clone())), false),
        ("x_extra", column(|it| Some(extra(it))), false),
    ]
}

fn days(lines: &[Line<'_>]) -> Columns {
    let column = |of: fn(&Charge) -> Date| -> ArrayRef {
        let values = lines.iter().map(|(_, charge)| since_1970(of(charge)));
        Arc::new(Date32Array::from_iter_values(values))
    };
    vec![
        ("x_billing_month", column(|it| it.date().first_of_month()), false),
        ("x_charge_date", column(Charge::date), false),
    ]
}

fn since_1970(day: Date) -> i32 {
    (day - Date::constant(1970, 1, 1)).get_days()
}

fn category(kind: Kind) -> &'static str {
    match kind {
        Kind::Bill => "Purchase",
        Kind::Credit => "Credit",
        Kind::Day => "Usage",
    }
}

fn frequency(kind: Kind) -> &'static str {
    match kind {
        Kind::Bill | Kind::Day => "Recurring",
        Kind::Credit => "One-Time",
    }
}

fn description((account, charge): &Line<'_>) -> String {
    let Account { name, plan, .. } = account;
    let plan = plan.as_ref().map_or_else(String::new, |plan| format!(" {plan}"));
    let seats =
        if charge.seats == 1 { "1 seat".to_owned() } else { format!("{} seats", charge.seats) };
    let last = charge.days.end.yesterday().unwrap_or(charge.days.end);
    let first = charge.days.start;
    match charge.kind {
        Kind::Bill => format!("{name}{plan}, {seats}, billed for {first} to {last}"),
        Kind::Credit => format!("{name}{plan}, given back for {first} to {last}"),
        Kind::Day => format!("{name}{plan}, {seats}, one day"),
    }
}

/// What FOCUS has no column for, as canonical JSON: sorted keys, no spaces.
fn extra((account, charge): &Line<'_>) -> String {
    let mut extra = BTreeMap::new();
    if let Some(plan) = &account.plan {
        extra.insert("x_plan", plan.clone());
    }
    if let Some(cycle) = account.cycles.get(charge.terms) {
        extra.insert("x_cycle", cycle.to_string());
    }
    serde_json::to_string(&extra).unwrap_or_default()
}
