//! `while-open` ends a program with the pipe that it is given, however that closes.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A shell that notes its process's id in the folder, and then does `what`.
fn start(folder: &Path, what: &str) -> Child {
    let script = format!("echo $$ > {0}/part; mv {0}/part {0}/pid; {what}", folder.display());
    Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/emulators/while-open"))
        .arg(folder)
        .args(["sh", "-c", &script])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts")
}

fn runs(process: &str) -> bool {
    Path::new("/proc").join(process.trim()).exists()
}

#[test]
fn a_program_ends_with_its_pipe_and_its_folder_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = start(folder.path(), "exec sleep 600");
    let process = loop {
        if let Ok(process) = fs::read_to_string(folder.path().join("pid")) {
            break process;
        }
        std::thread::yield_now();
    };
    assert!(runs(&process));
    drop(program.stdin.take());
    program.wait().expect("it ends");
    assert!(!runs(&process));
    assert!(!folder.path().exists());
    let _: std::io::Result<()> = TempDir::close(folder);
}

#[test]
fn a_program_that_ends_by_itself_leaves_its_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = start(folder.path(), "echo it is broken > log; exit 3");
    let pipe = program.stdin.take();
    assert_eq!(program.wait().expect("it ends").code(), Some(3));
    assert!(folder.path().exists());
    drop(pipe);
}
