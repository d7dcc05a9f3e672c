//! Proving a key: a day of the bill is asked for with it.

use jiff::civil::{Date, date};

use super::{KEY, source};
use crate::providers::{ApiError, Outcome, Question};

/// A day that every account has, with or without costs.
const DAY: Date = date(2026, 1, 1);

/// Asks a source whether it lets a key read costs.
pub async fn prove(question: &Question<'_>) -> Outcome {
    let Some(source) = source(question.provider) else {
        return Outcome::Invalid(format!("`{}` is no LLM source", question.provider));
    };
    let Ok(api) = source.api(question.reach, question.fields) else {
        return Outcome::Unknown("no client could be made here".to_owned());
    };
    let days = DAY..DAY.tomorrow().unwrap_or(DAY);
    match source.page(&api, &source.costs(), &days, None).await {
        Ok(_) => Outcome::Valid,
        Err(ApiError::Refused(refusal)) => {
            Outcome::Invalid(source.refused(&refusal, question.fields.get(KEY).unwrap_or_default()))
        }
        Err(ApiError::Silent(_)) => {
            Outcome::Unknown(format!("{} did not answer; try again later", source.name()))
        }
    }
}
