//! How often BigQuery is asked for an answer: once, by the call that waits for the job's end.

use arrow::array::RecordBatch;
use convergence::{
    org::OrgSlug,
    testing::lines,
    warehouse::{Dataset, Query, Warehouse as _},
};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path_regex},
};

use super::place::{open, settings};

/// A job as BigQuery tells of it.
pub(super) fn job(request: &Request, state: &str) -> Value {
    let id = match request.body_json::<Value>() {
        Ok(body) => body["jobReference"]["jobId"].clone(),
        Err(_) => request.url.path().rsplit('/').next().into(),
    };
    json!({
        "jobReference": { "projectId": "p", "jobId": id, "location": "US" },
        "status": { "state": state },
        "statistics": { "totalSlotMs": "7", "query": { "totalBytesBilled": "10485760" } },
    })
}

/// A project where a job takes as many calls that wait as `pending` says, and one more.
pub(super) async fn slow(pending: u64) -> MockServer {
    let server = MockServer::start().await;
    let running =
        |request: &Request| ResponseTemplate::new(200).set_body_json(job(request, "RUNNING"));
    let done = |request: &Request| ResponseTemplate::new(200).set_body_json(job(request, "DONE"));
    let (jobs, answers) = ("/jobs/[^/]+$", "/queries/[^/]+$");
    let not_yet = ResponseTemplate::new(200).set_body_json(json!({ "jobComplete": false }));
    let answer = ResponseTemplate::new(200).set_body_json(json!({
        "jobComplete": true,
        "schema": { "fields": [{ "name": "n", "type": "INTEGER" }] },
        "rows": [{ "f": [{ "v": "1" }] }, { "f": [{ "v": "2" }] }],
        "totalRows": "2",
    }));
    let of = |verb: &str, path: &str| Mock::given(method(verb)).and(path_regex(path.to_owned()));
    of("POST", "/jobs$").respond_with(running).mount(&server).await;
    if pending > 0 {
        of("GET", jobs).respond_with(running).up_to_n_times(pending).mount(&server).await;
        of("GET", answers).respond_with(not_yet).up_to_n_times(pending).mount(&server).await;
    }
    of("GET", jobs).respond_with(done).mount(&server).await;
    of("GET", answers).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn an_answer_comes_with_the_end_of_its_job() {
    for pending in [0, 2] {
        let server = slow(pending).await;
        let host = server.address().to_string();
        let warehouse = open(&settings("bigquery://p", &host, "127.0.0.1:9"));
        let acme = Dataset::Org(OrgSlug::parse("acme").unwrap());
        let answer = warehouse.query(&acme, &Query::new("costs", "from costs")).await.unwrap();
        assert_eq!(answer.batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
        assert_eq!(lines(&answer.batches).unwrap(), ["1", "2"]);
        assert_eq!((answer.stats.bytes_billed, answer.stats.slot_millis), (10_485_760, 7));
        let asked = server.received_requests().await.unwrap();
        let answers = asked.iter().filter(|it| it.url.path().contains("/queries/")).count();
        assert_eq!(answers as u64, pending + 1, "one call for each wait, none for the rows");
        assert_eq!(asked.len() as u64, 1 + 2 * (pending + 1));
    }
}
