//! The server as a process: where it says it is, whom it lets in beside it, how it ends.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use super::cli::Cli;

#[test]
fn a_server_says_where_it_is_to_its_owner_only_and_no_longer_when_it_has_ended() {
    let cli = Cli::new();
    let server = cli.serve();
    let path = cli.data().join("server.json");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(file["pid"], server.pid());
    assert!(file["boot_id"].as_str().is_some_and(|id| id.len() == 36), "{file}");
    assert_eq!(server.stop(), Some(0));
    assert!(!path.exists());
}

#[test]
fn a_second_server_is_refused_with_advice() {
    let cli = Cli::new();
    let _server = cli.serve();
    let said = cli.run(&["serve", "--port", "0"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("runs already") && said.err.contains("try: "), "{}", said.err);
}

#[test]
fn a_server_on_a_taken_port_is_refused_with_advice() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = Cli::new().run(&["serve", "--port", &port]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains(&port) && said.err.contains("--port"), "{}", said.err);
}

#[test]
fn what_a_killed_server_left_behind_is_in_nobodys_way() {
    let cli = Cli::new();
    cli.serve().kill();
    assert!(cli.data().join("server.json").exists());
    let server = cli.serve();
    assert_eq!(server.stop(), Some(0));
}
