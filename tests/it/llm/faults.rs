//! Whatever can go wrong with a provider's answers: it passes, or it ends the run and changes
//! nothing.

use jiff::civil::{Date, date};
use sandbox::Fault;

use super::world::{ANTHROPIC, OPENAI, World};

const FROM: Date = date(2026, 5, 1);
const TO: Date = date(2026, 5, 31);

#[tokio::test]
async fn faults_that_pass_change_nothing() {
    for provider in [OPENAI, ANTHROPIC] {
        let world = World::connected(provider).await;
        let run = world.run(provider, FROM, TO).await;
        assert_eq!(run["status"], "COMPLETED", "{run:#}");
        let before = world.hash(provider.table).await;
        for fault in [
            Fault::TooMany(0),
            Fault::Status(500),
            Fault::Status(529),
            Fault::Truncated,
            Fault::Garbage,
        ] {
            world.sandbox.world.faults.next([fault; 3]);
            let run = world.run(provider, FROM, TO).await;
            assert_eq!(run["status"], "COMPLETED", "{fault:?} {run:#}");
            assert_eq!(world.hash(provider.table).await, before, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_stays_silent_puts_the_run_off() {
    let world = World::connected(OPENAI).await;
    world.sandbox.world.faults.next([Fault::Status(500); 40]);
    let run = world.run(OPENAI, FROM, TO).await;
    assert_eq!((&run["status"], &run["error"]["code"]), (&"PENDING".into(), &"unavailable".into()));
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_run_and_nothing_is_replaced() {
    for provider in [OPENAI, ANTHROPIC] {
        let world = World::connected(provider).await;
        let run = world.run(provider, FROM, TO).await;
        assert_eq!(run["status"], "COMPLETED", "{run:#}");
        let before = world.hash(provider.table).await;
        world.sandbox.world.faults.repeat_cursors(true);
        let run = world.run(provider, FROM, TO).await;
        assert_eq!(run["error"]["code"], "pages_repeat", "{run:#}");
        assert_eq!(world.hash(provider.table).await, before);
    }
}
