//! A function alone, as a process.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// `integrations`, built beside this test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_function-for-tests");

/// A running function, ended when the test ends.
struct Function {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(settings: &[(&str, &str)]) -> Function {
    let folder = tempfile::tempdir().expect("a folder");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one").port();
    let child = Command::new(PROGRAM)
        .env_clear()
        .env("PORT", port.to_string())
        .env("DATA_DIR", folder.path())
        .env("LOG_FORMAT", "json")
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let function = Function { child, port, _folder: folder };
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not listen");
        sleep(Duration::from_millis(10));
    }
    function
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

fn terminate(function: &Function) {
    let pid = function.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
}

#[test]
fn a_function_alone_is_up_but_not_ready_and_says_what_to_run() {
    let function = start(&[]);
    let health = get(function.port, "/health");
    assert!(health.starts_with("HTTP/1.1 200") && health.contains("\"integrations\""), "{health}");
    let ready = get(function.port, "/health/ready");
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    assert!(ready.contains("`convergence serve`") && ready.contains("store"), "{ready}");
}

#[test]
fn sigterm_lets_a_request_under_way_end_and_nothing_new_in() {
    let mut function = start(&[]);
    let mut slow = TcpStream::connect(("127.0.0.1", function.port)).expect("it listens");
    slow.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n").expect("half a request");
    sleep(Duration::from_millis(100));
    terminate(&function);
    sleep(Duration::from_millis(300));
    assert!(function.child.try_wait().expect("it can be asked").is_none(), "it did not wait");
    assert!(TcpStream::connect(("127.0.0.1", function.port)).is_err(), "it still listens");
    slow.write_all(b"connection: close\r\n\r\n").expect("the other half");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(function.child.wait().expect("it ends").success());
    let mut log = String::new();
    function.child.stdout.take().expect("piped").read_to_string(&mut log).expect("a log");
    assert!(log.contains("SIGTERM: stopping"), "{log}");
}

#[test]
fn a_hardened_function_that_lacks_something_does_not_start() {
    let output = Command::new(PROGRAM)
        .env_clear()
        .env("ENVIRONMENT", "production")
        .output()
        .expect("it runs");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    for name in ["RATE_LIMIT_ENABLED", "WAREHOUSE_URL", "STORE_URL", "HASH_KEY"] {
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn a_backend_of_another_build_is_named() {
    let output = Command::new(PROGRAM)
        .env_clear()
        .envs([
            ("ENVIRONMENT", "production"),
            ("RATE_LIMIT_ENABLED", "true"),
            ("WAREHOUSE_URL", "bigquery://p"),
            ("STORE_URL", "etcd://p/d"),
            ("QUEUE_URL", "pubsub://p/t"),
            ("KMS_URL", "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k"),
            ("FILES_URL", "gs://b"),
            ("HASH_KEY", "0123456789abcdef0123456789abcdef"),
        ])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("knows no backend `etcd:`; it knows `sqlite:`"), "{said}");
}
