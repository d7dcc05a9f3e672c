//! Parameters of every type arrive as they are, whatever they contain.

use super::fixture::{ask, date, fresh, full};
use crate::warehouse::{Dataset, ParamType, ParamValue, Query, Warehouse};

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_params").await?;
    warehouse.append(&dataset, "charges", full()?).await?;
    echoes(warehouse, &dataset).await?;
    texts(warehouse, &dataset).await?;
    nulls(warehouse, &dataset).await?;
    lists(warehouse, &dataset).await
}

async fn echo(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    value: ParamValue,
) -> anyhow::Result<Vec<String>> {
    let prql = "from charges\nfilter x_source_id == 'aws/a'\nselect {it = $it}";
    ask(warehouse, dataset, &Query::new("suite", prql).with("it", value)).await
}

async fn echoes(warehouse: &dyn Warehouse, dataset: &Dataset) -> anyhow::Result<()> {
    let amount = "-99999999999999999999.000000000000000001";
    let moment = "2024-09-10T20:26:40.123456Z";
    let cases: [(ParamValue, &str); 6] = [
        (date("2024-02-29")?.into(), "2024-02-29"),
        (moment.parse::<jiff::Timestamp>()?.into(), moment),
        (amount.parse::<crate::decimal::Decimal>()?.into(), amount),
        (i64::MIN.into(), "-9223372036854775808"),
        (true.into(), "true"),
        ("".into(), ""),
    ];
    for (value, text) in cases {
        assert_eq!(echo(warehouse, dataset, value).await?, [text]);
    }
    // Each has the type that it is compared with.
    let prql = "from charges\nfilter x_charge_date == $day && At == $at && BilledCost < $cost && Quantity == $n && Live == $live\nselect {x_source_id, again = $n}";
    let query = Query::new("suite", prql)
        .with("day", date("2024-09-10")?)
        .with("at", moment.parse::<jiff::Timestamp>()?)
        .with("cost", "0".parse::<crate::decimal::Decimal>()?)
        .with("n", i64::MAX)
        .with("live", true);
    assert_eq!(ask(warehouse, dataset, &query).await?, ["aws/a|9223372036854775807"]);
    Ok(())
}

/// Texts that would be something else if they were put into the statement.
async fn texts(warehouse: &dyn Warehouse, dataset: &Dataset) -> anyhow::Result<()> {
    let texts = [
        "O'Brien",
        "'; DROP TABLE charges; --",
        "\\' OR 1=1 --",
        "\" ` $it @it $1 ? {it} %s",
        "line\nbreak\ttab",
        "日本語 🙂",
    ];
    for text in texts {
        assert_eq!(echo(warehouse, dataset, text.into()).await?, [text]);
        let list = ParamValue::StringArray(vec![text.to_owned()]);
        let prql = "from charges\nfilter (one_of $list x_source_id)";
        let query = Query::new("suite", prql).with("list", list);
        assert!(ask(warehouse, dataset, &query).await?.is_empty(), "{text}");
    }
    // A parameter's name inside a literal is text.
    let prql = "from charges\nfilter Note != $it\nselect {literal = '$it @it'}";
    let query = Query::new("suite", prql).with("it", "x");
    assert_eq!(ask(warehouse, dataset, &query).await?, ["$it @it"]);
    Ok(())
}

async fn nulls(warehouse: &dyn Warehouse, dataset: &Dataset) -> anyhow::Result<()> {
    let kinds = [
        ParamType::Date,
        ParamType::Timestamp,
        ParamType::Decimal,
        ParamType::String,
        ParamType::Int,
        ParamType::Bool,
    ];
    for kind in kinds {
        assert_eq!(echo(warehouse, dataset, ParamValue::Null(kind)).await?, ["null"], "{kind:?}");
    }
    let prql = "from charges\nfilter ($day == null || x_charge_date >= $day)\naggregate {rows = count this}";
    let query = |value: ParamValue| Query::new("suite", prql).with("day", value);
    let all = query(ParamValue::Null(ParamType::Date));
    assert_eq!(ask(warehouse, dataset, &all).await?, ["2"]);
    let later = query(date("2030-01-01")?.into());
    assert_eq!(ask(warehouse, dataset, &later).await?, ["0"]);
    Ok(())
}

async fn lists(warehouse: &dyn Warehouse, dataset: &Dataset) -> anyhow::Result<()> {
    let prql = "from charges\nfilter (one_of $list x_source_id)\nselect x_source_id";
    let cases: [(&[&str], &[&str]); 4] = [
        (&["aws/b", "nobody"], &["aws/b"]),
        (&["aws/a", "aws/b", "aws/a"], &["aws/a", "aws/b"]),
        (&["aws/a, aws/b", "['aws/a']"], &[]),
        (&[], &[]),
    ];
    for (list, found) in cases {
        let list = list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let query = Query::new("suite", prql).with("list", list);
        assert_eq!(ask(warehouse, dataset, &query).await?, found);
    }
    Ok(())
}
