//! `kill -9` in the middle of a run: after the next start it ends by itself, with every row once.

use std::{fs, time::Duration};

use convergence::http::outgoing;
use serde_json::{Value, json};

use super::{
    cli::{Cli, until},
    flows::{SAMPLE, SEPTEMBER, onboarded},
};

/// How often the sample's rows are repeated: enough to be caught in the middle.
const TIMES: usize = 30;

fn long_file(cli: &Cli) -> String {
    let text = fs::read_to_string(SAMPLE).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows = if rows.ends_with('\n') { rows.to_owned() } else { format!("{rows}\n") };
    let path = cli.file("long.csv", &format!("{header}\n{}", rows.repeat(TIMES)));
    path.to_str().unwrap().to_owned()
}

/// What the running server says of a run.
fn run(cli: &Cli, id: &str) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let file: Value =
        serde_json::from_slice(&fs::read(cli.data().join("server.json")).unwrap()).unwrap();
    let url =
        format!("http://{}/api/v1/pipelines/acme/runs/{id}", file["address"].as_str().unwrap());
    let root = fs::read_to_string(cli.data().join("root.key")).unwrap();
    runtime.block_on(async {
        let call = outgoing().build().unwrap().get(url).header("x-ca-root-key", root.trim());
        let answer = call.timeout(Duration::from_secs(5)).send().await.unwrap();
        answer.json().await.unwrap()
    })
}

#[test]
fn a_server_that_was_killed_goes_on_with_its_runs() {
    let cli = Cli::new();
    onboarded(&cli);
    let file = long_file(&cli);
    let server = cli.serve();
    let run_with = ["run", "focus/cost/import", "--input", &file, "--no-wait"];
    let submitted = cli.json(&run_with);
    let id = submitted["run_id"].as_str().unwrap();
    until("the run is at work", || run(&cli, id)["status"] == "RUNNING");
    server.kill();
    let server = cli.serve();
    until("the run has ended", || run(&cli, id)["status"] == "COMPLETED");
    let ended = run(&cli, id);
    assert_eq!(ended["attempts"], 2, "{ended}");
    assert_eq!(server.stop(), Some(0));
    let costs = cli.json(&SEPTEMBER);
    let total = &costs["totals"]["billed"][0];
    assert_eq!(total["rows"], json!(TIMES * 1000));
    assert_eq!(total["amount"], "615.6068018697", "thirty times 20.52022672899");
}
