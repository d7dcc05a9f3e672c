//! Reading the audit log.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Tenants;
use crate::{
    Error, Result,
    costs::read::{self, Row},
    ledger::{LedgerRow as _, rows::AuditLog},
    org::OrgSlug,
    store::{Collection, List, Owner, PageRequest},
    warehouse::{Dataset, Query},
};

/// How far back is looked unless told otherwise.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many rows on their way are delivered before reading.
const PENDING: usize = 500;

/// Which entries to read.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// From when on; 30 days before `to` unless given.
    pub from: Option<Timestamp>,
    /// Until when; now unless given.
    pub to: Option<Timestamp>,
    /// What was done, as in `api_key.create`.
    pub action: Option<String>,
    /// Who did it: `root`, the id of a key, or an e-mail address.
    pub actor: Option<String>,
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: String,
    /// When.
    pub created_at: Timestamp,
    /// What kind of caller.
    pub actor_kind: String,
    /// Which one.
    pub actor_id: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub target: String,
    /// Whether it worked: `success` or `failure`.
    pub outcome: String,
    /// In which request.
    pub request_id: String,
    /// From where, as far as it is known.
    pub address: Option<String>,
    /// What else there is to say.
    #[schema(value_type = Object)]
    pub details: Value,
}

impl Tenants {
    /// A page of an organization's audit log, newest first, and where the next begins.
    ///
    /// # Errors
    ///
    /// 422 for a range that ends before it begins.
    pub async fn audit_log(
        &self,
        org: &OrgSlug,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<(Vec<AuditEntry>, Option<String>)> {
        let query = query(org, filter, page, self.clock.now())?;
        self.deliver_pending(org).await?;
        let answer = self.warehouse.query(&Dataset::System, &query).await?;
        let mut entries = Vec::new();
        for row in read::rows(&answer.batches) {
            entries.push(entry(row)?);
        }
        let more = entries.len() > page.limit;
        entries.truncate(page.limit);
        let next = entries.last().filter(|_| more).map(|last| last.id.clone());
        Ok((entries, next))
    }

    /// What is still on its way gets there first.
    async fn deliver_pending(&self, org: &OrgSlug) -> Result<()> {
        let list = List {
            collection: Collection::Outbox,
            owner: Some(Owner::Org(org.clone())),
            filters: vec![("table", AuditLog::TABLE.to_owned())],
            page: PageRequest { limit: PENDING, after: None },
        };
        let waiting = self.store.list(&list).await?.items;
        let keys: Vec<_> = waiting.into_iter().map(|stored| stored.key).collect();
        self.ledger.deliver(&keys).await;
        Ok(())
    }
}

const ROWS: &str = "from org_audit_logs
filter created_at >= $first
filter created_at <= $last
filter org_slug == $org
";
const OF_ACTION: &str = "filter action == $action\n";
const OF_ACTOR: &str = "filter actor_id == $actor\n";
const BEFORE: &str = "filter row_id < $before\n";
const COLUMNS: &str = "group {row_id} (sort {created_at} | take 1)
select {row_id, created_at, actor_kind, actor_id, action, target, outcome, request_id, address, details}
sort {-row_id}
";

/// The whole query, for whoever wants to see what it becomes.
#[must_use]
pub fn audit_prql() -> String {
    format!("{ROWS}{OF_ACTION}{OF_ACTOR}{BEFORE}{COLUMNS}take 51\n")
}

fn query(org: &OrgSlug, filter: &AuditFilter, page: &PageRequest, now: Timestamp) -> Result<Query> {
    let last = filter.to.unwrap_or(now);
    let first = filter.from.unwrap_or(last - RECENT);
    if first > last {
        return Err(Error::invalid("from", "`from` is not after `to`"));
    }
    let mut prql = ROWS.to_owned();
    let mut params = vec![];
    for (given, name, piece) in [
        (&filter.action, "action", OF_ACTION),
        (&filter.actor, "actor", OF_ACTOR),
        (&page.after, "before", BEFORE),
    ] {
        if let Some(value) = given {
            prql.push_str(piece);
            params.push((name, value.clone()));
        }
    }
    let take = page.limit + 1;
    let query = Query::new("audit_log", format!("{prql}{COLUMNS}take {take}\n"))
        .with("first", first)
        .with("last", last)
        .with("org", org.as_str());
    Ok(params.into_iter().fold(query, |query, (name, value)| query.with(name, value)))
}

fn entry(row: Row<'_>) -> anyhow::Result<AuditEntry> {
    let text = |name: &str| anyhow::Ok(row.text(name)?.unwrap_or_default());
    let details = row.text("details")?;
    let details = details.map_or(Ok(Value::Null), |text| serde_json::from_str(&text))?;
    Ok(AuditEntry {
        id: text("row_id")?,
        created_at: row.moment("created_at")?.unwrap_or_default(),
        actor_kind: text("actor_kind")?,
        actor_id: text("actor_id")?,
        action: text("action")?,
        target: text("target")?,
        outcome: text("outcome")?,
        request_id: text("request_id")?,
        address: row.text("address")?,
        details,
    })
}
