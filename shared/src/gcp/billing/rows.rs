//! One row of the export as rows of `gcp_billing_raw`: its charge, and each of its credits.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    extra::{extra, tags},
    period,
    record::{Record, text},
};
use crate::{
    decimal::Decimal,
    ingest::timestamp,
    warehouse::{ColumnType, Field},
};

/// A row of texts, in the order of the fields.
pub(super) type Row = Vec<Option<String>>;

/// The rows of a record, or why it cannot be used: then none of them is, so that a charge is never
/// without its credits.
pub(super) fn rows(
    record: &Record,
    fields: &[Field],
    at: (u64, Timestamp),
) -> Result<Vec<Row>, String> {
    let own = Own::of(record, at)?;
    let credits = credits(record)?;
    if record.text("cost").is_none() {
        return Err("`cost` is missing".to_owned());
    }
    let mut rows = Vec::with_capacity(1 + credits.len());
    for credit in std::iter::once(None).chain(credits.iter().map(Some)) {
        let number = rows.len();
        let value = |field: &Field| own.value(record, field, credit, number);
        let row: Row = fields.iter().map(value).collect();
        for (field, value) in fields.iter().zip(&row) {
            check(field, value.as_deref())?;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// What all rows of a record share and the export does not say in so many words.
struct Own {
    row: u64,
    now: Timestamp,
    charge_date: String,
    billing_month: String,
    period: [Timestamp; 2],
    tags: Option<String>,
}

impl Own {
    fn of(record: &Record, (row, now): (u64, Timestamp)) -> Result<Self, String> {
        let start = record.text("usage_start_time").ok_or("`usage_start_time` is missing")?;
        let (micros, _) = timestamp(start.as_bytes())
            .ok_or_else(|| format!("`usage_start_time` is `{start}`, not a moment"))?;
        let start = Timestamp::from_microsecond(micros).map_err(|error| error.to_string())?;
        let day = jiff::tz::TimeZone::UTC.to_datetime(start).date();
        let month = match record.text("invoice_month") {
            Some(text) => period::month(&text)
                .ok_or_else(|| format!("`invoice_month` is `{text}`, not a month as in 202604"))?,
            // Rows of the first exports have none.
            None => day.first_of_month(),
        };
        let period = period::bounds(month).ok_or("`invoice_month` has no end")?;
        let (charge_date, billing_month) = (day.to_string(), month.to_string());
        Ok(Self { row, now, charge_date, billing_month, period, tags: tags(record) })
    }

    fn value(
        &self,
        record: &Record,
        field: &Field,
        credit: Option<&Value>,
        number: usize,
    ) -> Option<String> {
        match field.name.as_str() {
            "x_row" => Some(self.row.to_string()),
            "x_credit" => credit.map(|_| number.to_string()),
            "x_billing_period_start" => Some(self.period[0].to_string()),
            "x_billing_period_end" => Some(self.period[1].to_string()),
            "x_tags" => self.tags.clone(),
            "x_extra" => extra(record, credit),
            "x_billing_month" => Some(self.billing_month.clone()),
            "x_charge_date" => Some(self.charge_date.clone()),
            "_ingested_at" => Some(self.now.to_string()),
            name => match (name.strip_prefix("credits_"), credit) {
                (Some(part), Some(credit)) => credit.get(part).and_then(text),
                (Some(_), None) => None,
                // Amounts and prices are the charge's: in its credits they would add up again.
                (None, Some(_)) if is_amount(field) => None,
                (None, _) => record.text(name),
            },
        }
    }
}

fn is_amount(field: &Field) -> bool {
    field.kind == ColumnType::Bignumeric && field.name != "currency_conversion_rate"
}

/// The credits of a row: a list, or the columns of one.
fn credits(record: &Record) -> Result<Vec<Value>, String> {
    let credits = match record.list("credits") {
        Some(list) => list.to_vec(),
        None => flattened(record).into_iter().collect(),
    };
    for credit in &credits {
        if credit.get("amount").and_then(text).is_none() {
            return Err("a credit has no amount".to_owned());
        }
    }
    Ok(credits)
}

fn flattened(record: &Record) -> Option<Value> {
    let mut credit = Map::new();
    for part in ["id", "type", "name", "full_name", "amount"] {
        if let Some(value) = record.text(&format!("credits_{part}")) {
            credit.insert(part.to_owned(), Value::String(value));
        }
    }
    (!credit.is_empty()).then_some(Value::Object(credit))
}

/// Checks what the table will ask of a value.
fn check(field: &Field, value: Option<&str>) -> Result<(), String> {
    let name = &field.name;
    let Some(value) = value else {
        let required = field.mode == crate::warehouse::Mode::Required;
        return if required { Err(format!("`{name}` is missing")) } else { Ok(()) };
    };
    match field.kind {
        ColumnType::Bignumeric => match Decimal::read(value.as_bytes()) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("`{name}` is `{value}`: {error}")),
        },
        ColumnType::Timestamp if timestamp(value.as_bytes()).is_none() => {
            Err(format!("`{name}` is `{value}`, not a moment"))
        }
        _ => Ok(()),
    }
}
