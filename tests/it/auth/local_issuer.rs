//! The issuer inside the process.

use std::sync::Arc;

use convergence::{
    auth::oidc::{LocalIssuer, Purpose, Verifier},
    clock::Clock as _,
    ids::Ids,
};
use integration_tests::{TestClock, TestIds};
use jiff::SignedDuration;

fn issuer(clock: &Arc<TestClock>, ids: &dyn Ids) -> (Arc<LocalIssuer>, Verifier) {
    let issuer = Arc::new(LocalIssuer::new(clock.clone(), ids).expect("a key"));
    (issuer.clone(), Verifier::Local(issuer))
}

#[tokio::test]
async fn a_token_is_good_for_its_purpose_and_for_minutes() {
    let clock = Arc::new(TestClock::default());
    let (issuer, verifier) = issuer(&clock, &TestIds::new(clock.clone()));
    let token = issuer.token(Purpose::Push).expect("a token");
    let email = verifier.verify(&token, Purpose::Push, clock.now()).await.expect("good");
    assert_eq!(email, "push@convergence.internal");
    assert!(verifier.verify(&token, Purpose::Schedule, clock.now()).await.is_err());
    clock.advance(SignedDuration::from_mins(7));
    assert!(verifier.verify(&token, Purpose::Push, clock.now()).await.is_err());
}

#[tokio::test]
async fn a_token_of_another_process_is_refused() {
    let clock = Arc::new(TestClock::default());
    let ids = TestIds::new(clock.clone());
    let ((other, _), (_, verifier)) = (issuer(&clock, &ids), issuer(&clock, &ids));
    let token = other.token(Purpose::Push).expect("a token");
    assert!(verifier.verify(&token, Purpose::Push, clock.now()).await.is_err());
    assert!(Verifier::Nobody.verify(&token, Purpose::Push, clock.now()).await.is_err());
}

/// Numbers that are no key, then one that is.
struct Late(std::sync::atomic::AtomicU8);

impl Ids for Late {
    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let tries = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        bytes.fill([0x00, 0xff, 0x17][usize::from(tries)]);
    }
}

#[tokio::test]
async fn the_key_is_of_the_bytes_that_were_handed_in_and_a_number_too_large_is_none() {
    let clock = Arc::new(TestClock::default());
    let late = || Late(std::sync::atomic::AtomicU8::new(0));
    let ((one, _), (_, verifier)) = (issuer(&clock, &late()), issuer(&clock, &late()));
    let token = one.token(Purpose::Push).expect("a token");
    assert!(verifier.verify(&token, Purpose::Push, clock.now()).await.is_ok(), "the same key");
}
