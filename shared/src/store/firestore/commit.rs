//! Conditional writes, all or none, once.
//!
//! Firestore answers one status for a whole commit, so what it refused is read back: a conflict is
//! told only of a write whose condition does not hold when it is looked at. If all hold (again), the
//! commit is sent again, as if it had come a moment later.
//!
//! An answer may be lost after the commit was done. Every document carries the id of the commit that
//! wrote it, one id for all attempts: found again, it is this commit, and not a conflict.

use gcloud_sdk::google::firestore::v1::{
    self as proto, CommitRequest, Precondition, precondition::ConditionType, write::Operation,
};
use tonic::{Code, Status};

use super::{
    client::Client,
    document::{self, Mark},
    judge::{Finding, Judge},
    limits,
    tries::{Tries, again, failed, leaves_doubt},
};
use crate::{
    ids::Ids,
    store::{StoreError, Version, Write},
};

/// Does all writes or none.
pub(super) async fn commit(
    client: &Client,
    ids: &dyn Ids,
    writes: &[Write],
) -> Result<Vec<Version>, StoreError> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let mut id = [0; 16];
    ids.fill(&mut id);
    let id = hex::encode(id);
    let request = request(client, &id, writes)?;
    let mut judge = Judge { commit: &id, writes, doubt: false };
    let mut tries = Tries::begin(client.waits());
    loop {
        let status = match attempt(client, request.as_ref()).await {
            Ok(versions) => return Ok(versions),
            Err(status) => status,
        };
        judge.doubt |= leaves_doubt(&status);
        let refused = refuses_a_condition(&status);
        if refused || judge.doubt {
            match look(client, &judge).await? {
                Finding::Done(versions) => return Ok(versions),
                Finding::Conflict(key) => return Err(StoreError::Conflict(key)),
                Finding::Unclear => return Err(unclear(&status)),
                Finding::Open => {}
            }
        }
        let passing = Status::aborted("what stood in the way is gone");
        tries.wait(if refused { &passing } else { &status }).await?;
    }
}

/// The writes as they are sent; `None` where the version of one was never Firestore's, so that its
/// condition cannot hold.
fn request(
    client: &Client,
    id: &str,
    writes: &[Write],
) -> Result<Option<CommitRequest>, StoreError> {
    let database = client.database();
    let mut sent = Vec::with_capacity(writes.len());
    for write in writes {
        let (condition, operation) = match write {
            Write::Create(key, new) => {
                let mark = Mark { commit: id, over: None };
                let new = document::write(database, key, new, mark)?;
                (Some(ConditionType::Exists(false)), Operation::Update(new))
            }
            Write::Replace(key, version, new) => {
                let mark = Mark { commit: id, over: Some(version) };
                let new = document::write(database, key, new, mark)?;
                (unchanged(version), Operation::Update(new))
            }
            Write::Delete(key, version) => {
                (unchanged(version), Operation::Delete(database.document(key)?))
            }
        };
        let Some(condition) = condition else { return Ok(None) };
        sent.push(proto::Write {
            operation: Some(operation),
            current_document: Some(Precondition { condition_type: Some(condition) }),
            ..Default::default()
        });
    }
    let database = database.path.clone();
    let request = CommitRequest { database, writes: sent, ..Default::default() };
    limits::commit(&request).map_err(StoreError::Other)?;
    Ok(Some(request))
}

fn unchanged(version: &Version) -> Option<ConditionType> {
    document::updated(version).map(ConditionType::UpdateTime)
}

/// Sends it once.
async fn attempt(client: &Client, request: Option<&CommitRequest>) -> Result<Vec<Version>, Status> {
    let request = request.ok_or_else(|| Status::failed_precondition("no such version"))?;
    let answer = client.commit(request.clone()).await?;
    let updated = answer.write_results.iter().map(|result| result.update_time.as_ref());
    Ok(updated.map(|at| at.map(document::version).unwrap_or_default()).collect())
}

/// Reads what the commit was to write.
async fn look(client: &Client, judge: &Judge<'_>) -> Result<Finding, StoreError> {
    let keys = judge.writes.iter().map(Write::key);
    let names: Vec<String> =
        keys.map(|key| client.database().document(key)).collect::<Result<_, _>>()?;
    let fields = [document::COMMIT, document::OVER];
    let found = again(client.waits(), || client.get_all(names.clone(), Some(&fields))).await?;
    let seen = |name: &String| found.iter().find(|document| document.name == *name);
    Ok(judge.judge(&names.iter().map(seen).collect::<Vec<_>>()))
}

/// Somebody else wrote all of it after the answer was lost: nobody can tell any more who was first.
fn unclear(status: &Status) -> StoreError {
    match failed(status) {
        StoreError::Unavailable(cause) | StoreError::Other(cause) => {
            StoreError::Unavailable(cause.context("it is not known whether Firestore did it"))
        }
        error => error,
    }
}

fn refuses_a_condition(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::FailedPrecondition | Code::AlreadyExists | Code::NotFound | Code::Aborted
    )
}
