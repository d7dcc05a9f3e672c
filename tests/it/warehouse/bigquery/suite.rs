//! The conformance suite.

use convergence::testing::warehouse_suite;

use super::place::fresh;

#[tokio::test(flavor = "multi_thread")]
async fn passes_the_suite() {
    let Some(warehouse) = fresh().await else { return };
    warehouse_suite(&warehouse).await.unwrap();
}
