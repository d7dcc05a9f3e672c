//! Lists: a page of them is asked for and answered in one way.

use axum::extract::FromRequestParts;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Query;
use crate::{Error, Result, error::Detail, store::PageRequest};

/// How many items a page has unless told otherwise.
const DEFAULT: usize = 50;
/// How many items a page may have.
const MOST: usize = 500;

/// Which page of a list. As an extractor it stands beside the [`Query`] of other parameters.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most so many items, 1 to 500; 50 unless given.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    /// As the store takes it.
    ///
    /// # Errors
    ///
    /// 422 with each of the two that is wrong.
    pub fn request(&self) -> Result<PageRequest> {
        let mut details = Vec::new();
        let mut mistake = |field: &str, message: &str| {
            details.push(Detail { field: field.to_owned(), message: message.to_owned() });
        };
        let limit = self.limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            mistake("limit", "a page has 1 to 500 items");
        }
        let after = self.cursor.as_deref().map(decode);
        if after == Some(None) {
            mistake("cursor", "take the `next_cursor` of the page before, unchanged");
        }
        Error::check(details)?;
        Ok(PageRequest { limit, after: after.flatten() })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Query(page) = Query::<Self>::from_request_parts(parts, state).await?;
        page.request()?;
        Ok(page)
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListBody<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Ask with it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
}

impl<T> ListBody<T> {
    /// A page, and the [`PageRequest::after`] of the next one.
    #[must_use]
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next_cursor: next.map(|next| BASE64_URL_SAFE_NO_PAD.encode(next)) }
    }
}

fn decode(cursor: &str) -> Option<String> {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}
