//! Files with a secret.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, thread};

use convergence::settings::keyfile::{read, read_or_make};
use zeroize::Zeroizing;

fn made(path: &Path, secret: &str) -> String {
    read_or_make(path, || Zeroizing::new(secret.to_owned())).expect("a secret").to_string()
}

#[test]
fn a_secret_is_made_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deeper/root.key");
    assert_eq!(made(&path, "first"), "first");
    assert_eq!(made(&path, "second"), "first");
    let mode = fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let above = fs::metadata(path.parent().expect("a folder")).expect("it is there");
    assert_eq!(above.permissions().mode() & 0o777, 0o700, "what lies beside it is as private");
    assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("readable").count(), 1);
}

#[test]
fn all_who_make_it_at_once_read_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("root.key");
    let secrets: Vec<String> = thread::scope(|scope| {
        let makers: Vec<_> = (0..16)
            .map(|maker| {
                let path = &path;
                scope.spawn(move || made(path, &format!("secret of {maker}")))
            })
            .collect();
        makers.into_iter().map(|maker| maker.join().expect("no panic")).collect()
    });
    assert!(secrets.iter().all(|secret| *secret == secrets[0]), "{secrets:?}");
}

#[test]
fn a_file_that_others_may_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("root.key");
    made(&path, "secret");
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("allowed");
        let error = read(&path).expect_err("others may read it").to_string();
        assert!(error.contains("chmod 600") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn without_a_file_reading_says_which() {
    let error = read(Path::new("/does/not/exist.key")).expect_err("there is none").to_string();
    assert_eq!(error, "cannot read /does/not/exist.key");
}
