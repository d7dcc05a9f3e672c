//! The queries of steps: all of them look at one source, within one range.

use uuid::Uuid;

use super::{Range, StepContext, StepError};
use crate::warehouse::{Answer, ParamValue, Query, prql};

/// What a query of a pipeline may name.
pub const PARAMETERS: [&str; 6] =
    ["source", "run_id", "first_month", "last_month", "first_day", "end_day"];

/// The lines that keep a query of ours within its source and range.
pub const WITHIN: &str = "\
filter x_source_id == $source
filter x_billing_month >= $first_month && x_billing_month <= $last_month
filter x_charge_date >= $first_day && x_charge_date < $end_day
";

impl StepContext<'_> {
    /// A query with the values of whatever parameters its text names.
    ///
    /// # Errors
    ///
    /// Fails where the text is not PRQL, which checks before it should have seen.
    pub fn query(&self, name: &'static str, text: &str, range: &Range) -> Result<Query, StepError> {
        let named = prql::parameters(text)?;
        let mut query = Query::new(name, text).labelled(self.labels());
        for name in PARAMETERS.into_iter().filter(|name| named.iter().any(|n| n == name)) {
            query = query.with(name, self.value(name, range));
        }
        Ok(query)
    }

    /// Asks a query over the organization's tables.
    ///
    /// # Errors
    ///
    /// As the warehouse.
    pub async fn ask(
        &self,
        name: &'static str,
        text: &str,
        range: &Range,
    ) -> Result<Answer, StepError> {
        let query = self.query(name, text, range)?;
        Ok(self.engine.warehouse.query(&self.job.dataset(), &query).await?)
    }

    fn value(&self, name: &str, range: &Range) -> ParamValue {
        let id = |id: Uuid| ParamValue::String(id.to_string());
        match name {
            "run_id" => id(self.job.run_id),
            "first_month" => range.first_month.into(),
            "last_month" => range.last_month.into(),
            "first_day" => range.first_day.into(),
            "end_day" => range.end_day.into(),
            _ => self.job.source.as_str().into(),
        }
    }
}
