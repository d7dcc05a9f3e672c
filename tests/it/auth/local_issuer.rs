//! The issuer inside the process.

use std::sync::Arc;

use convergence::{
    auth::oidc::{LocalIssuer, Purpose, Verifier},
    clock::Clock as _,
};
use integration_tests::TestClock;
use jiff::SignedDuration;

fn issuer(clock: &Arc<TestClock>) -> (Arc<LocalIssuer>, Verifier) {
    let issuer = Arc::new(LocalIssuer::new(clock.clone()).expect("a key"));
    (issuer.clone(), Verifier::Local(issuer))
}

#[tokio::test]
async fn a_token_is_good_for_its_purpose_and_for_minutes() {
    let clock = Arc::new(TestClock::default());
    let (issuer, verifier) = issuer(&clock);
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
    let ((other, _), (_, verifier)) = (issuer(&clock), issuer(&clock));
    let token = other.token(Purpose::Push).expect("a token");
    assert!(verifier.verify(&token, Purpose::Push, clock.now()).await.is_err());
    assert!(Verifier::Nobody.verify(&token, Purpose::Push, clock.now()).await.is_err());
}
