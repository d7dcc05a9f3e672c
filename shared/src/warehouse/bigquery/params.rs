//! Parameters as BigQuery takes them: by name, with their types.

use google_cloud_bigquery_v2::model::{QueryParameter, QueryParameterType, QueryParameterValue};

use crate::warehouse::{
    ParamType, ParamValue,
    prql::{Dialect, SqlType as _},
};

/// One parameter of a statement.
pub(super) fn parameter(name: &str, value: &ParamValue) -> QueryParameter {
    let parameter = QueryParameter::new().set_name(name).set_parameter_type(kind(value.kind()));
    parameter.set_parameter_value(of(value))
}

fn kind(of: ParamType) -> QueryParameterType {
    match of {
        ParamType::StringArray => {
            QueryParameterType::new().set_type("ARRAY").set_array_type(kind(ParamType::String))
        }
        scalar => QueryParameterType::new().set_type(scalar.sql_type(Dialect::BigQuery)),
    }
}

/// No value at all is null.
fn of(value: &ParamValue) -> QueryParameterValue {
    let text = |text: String| QueryParameterValue::new().set_value(text);
    match value {
        ParamValue::Date(day) => text(day.to_string()),
        ParamValue::Timestamp(moment) => text(moment.to_string()),
        ParamValue::Decimal(amount) => text(amount.to_string()),
        ParamValue::String(string) => text(string.clone()),
        ParamValue::Int(number) => text(number.to_string()),
        ParamValue::Bool(truth) => text(truth.to_string()),
        ParamValue::StringArray(texts) => {
            QueryParameterValue::new().set_array_values(texts.iter().cloned().map(text))
        }
        ParamValue::Null(_) => QueryParameterValue::new(),
    }
}
