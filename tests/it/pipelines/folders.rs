//! Files of this machine: where a source is connected to a folder, only those that are in it.

use std::{fs, os::unix::fs::symlink, path::Path};

use integration_tests::{As, TestApp};
use serde_json::{Value, json};

use super::{
    IMPORT,
    http::{Tenant, file, tenant},
};

/// Connects `default` to a folder of the app, as the operator.
async fn connect(app: &TestApp, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let prefix = format!("file://{}/", folder.display());
    let body = json!({ "credential": { "input_prefix": prefix } });
    let path = "/api/v1/integrations/acme/focus/setup";
    let _ = app.post(As::Root, path).json(&body).send().await.expect(201);
}

/// What a request from this machine comes to.
async fn asked(app: &TestApp, acme: &Tenant<'_>, (path, source): (&str, &str)) -> (u16, Value) {
    let body = json!({ "input": format!("file://{path}"), "source": source, "force": true });
    let call = acme.asks(IMPORT, &body).header("x-ca-boot-id", app.state.boot.0.to_string());
    let answer = call.send().await;
    app.deliver().await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn a_connected_source_reads_files_of_its_folder_only() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let (folder, outside) = (app.folder.path().join("in"), app.folder.path().join("out.csv"));
    connect(&app, &folder).await;
    fs::create_dir(folder.join("may")).unwrap();
    let csv = file("2026-05", &["1"]);
    for path in [&folder.join("a.csv"), &folder.join("may/b.csv"), &outside] {
        fs::write(path, &csv).unwrap();
    }
    // A folder whose name only begins like the other's is another one.
    fs::create_dir(app.folder.path().join("in2")).unwrap();
    fs::write(app.folder.path().join("in2/c.csv"), &csv).unwrap();
    symlink(&outside, folder.join("leads-out.csv")).unwrap();
    symlink(folder.join("a.csv"), app.folder.path().join("leads-in.csv")).unwrap();

    let root = app.folder.path().display();
    for inside in ["in/a.csv", "in/may/b.csv", "in/may/../a.csv", "leads-in.csv"] {
        let (status, answer) = asked(&app, &acme, (&format!("{root}/{inside}"), "default")).await;
        assert_eq!(status, 202, "{inside}: {answer}");
        let run = acme.get(&format!("runs/{}", answer["run_id"].as_str().unwrap())).await;
        assert_eq!(run["status"], "COMPLETED", "{inside}: {run:#}");
    }
    for other in ["out.csv", "in/../out.csv", "in/leads-out.csv", "in2/c.csv", "in/none.csv", "in"]
    {
        let (status, answer) = asked(&app, &acme, (&format!("{root}/{other}"), "default")).await;
        assert_eq!((status, &answer["details"][0]["field"]), (422, &json!("input")), "{other}");
    }
    // A source that is connected to no folder may read what the server can.
    assert_eq!(asked(&app, &acme, (&format!("{root}/out.csv"), "second")).await.0, 202);
}

#[tokio::test]
async fn a_link_that_is_put_in_a_files_way_later_is_not_followed() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let (folder, outside) = (app.folder.path().join("in"), app.folder.path().join("out.csv"));
    connect(&app, &folder).await;
    fs::write(folder.join("a.csv"), file("2026-05", &["1"])).unwrap();
    fs::write(&outside, file("2026-05", &["2"])).unwrap();
    let body = json!({ "input": format!("file://{}/a.csv", folder.display()) });
    let call = acme.asks(IMPORT, &body).header("x-ca-boot-id", app.state.boot.0.to_string());
    let accepted = call.send().await.json_of(202);
    fs::remove_file(folder.join("a.csv")).unwrap();
    symlink(&outside, folder.join("a.csv")).unwrap();
    app.deliver().await;
    let run = acme.get(&format!("runs/{}", accepted["run_id"].as_str().unwrap())).await;
    let told = (&run["status"], &run["error"]["code"]);
    assert_eq!(told, (&json!("FAILED"), &json!("input_gone")), "{run:#}");
}
