//! What a run uses of its organization's limits, and gives back.

use convergence::{
    Error,
    entities::{Counters, Limits},
    runs::slots::{Over, release, reserve},
};
use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, date},
    tz::TimeZone,
};
use proptest::prelude::*;
use uuid::Uuid;

const TODAY: Date = date(2026, 7, 31);

fn limits(concurrent_runs: u32, runs_per_day: u32, runs_per_month: u32) -> Limits {
    Limits { concurrent_runs, runs_per_day, runs_per_month, ..super::acme::limits() }
}

fn run(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

#[test]
fn the_same_run_takes_one_slot_and_counts_once_however_often() {
    let mut counters = Counters::new(TODAY);
    for _ in 0..3 {
        reserve(&mut counters, &limits(1, 1, 1), TODAY, run(1)).unwrap();
    }
    assert_eq!((counters.slots.len(), counters.day_runs, counters.month_runs), (1, 1, 1));
}

#[test]
fn each_limit_refuses_and_leaves_the_counters_as_they_are() {
    for (limits, over) in [
        (limits(1, 9, 9), Over::Concurrent(1)),
        (limits(9, 1, 9), Over::Day(1)),
        (limits(9, 9, 1), Over::Month(1)),
        // The limit that takes longest to pass is said first.
        (limits(1, 1, 1), Over::Month(1)),
        (limits(1, 1, 9), Over::Day(1)),
    ] {
        let mut counters = Counters::new(TODAY);
        reserve(&mut counters, &limits, TODAY, run(1)).unwrap();
        let before = format!("{counters:?}");
        assert_eq!(reserve(&mut counters, &limits, TODAY, run(2)), Err(over));
        assert_eq!(format!("{counters:?}"), before);
    }
}

#[test]
fn a_plan_of_nothing_allows_nothing() {
    let refused = reserve(&mut Counters::new(TODAY), &limits(0, 9, 9), TODAY, run(1));
    assert_eq!(refused, Err(Over::Concurrent(0)));
}

#[test]
fn a_new_day_and_a_new_month_begin_at_nothing_and_slots_stay() {
    let (mut counters, limits) = (Counters::new(TODAY), limits(9, 1, 2));
    let yesterday = TODAY.yesterday().unwrap();
    reserve(&mut counters, &limits, yesterday, run(1)).unwrap();
    reserve(&mut counters, &limits, TODAY, run(2)).unwrap();
    assert_eq!((counters.day_runs, counters.month_runs), (1, 2));
    reserve(&mut counters, &limits, TODAY.tomorrow().unwrap(), run(3)).unwrap();
    assert_eq!((counters.day_runs, counters.month_runs, counters.slots.len()), (1, 1, 3));
}

#[test]
fn a_run_that_began_counts_and_one_that_did_not_does_not() {
    let (mut counters, limits) = (Counters::new(TODAY), limits(9, 9, 9));
    for id in [1, 2] {
        reserve(&mut counters, &limits, TODAY, run(id)).unwrap();
    }
    release(&mut counters, run(1), TODAY, true);
    assert_eq!((counters.day_runs, counters.month_runs), (2, 2));
    for _ in 0..2 {
        release(&mut counters, run(2), TODAY, false);
        assert_eq!((counters.day_runs, counters.month_runs, counters.slots.len()), (1, 1, 0));
    }
}

/// Else a run of yesterday that never began would give today a run for nothing.
#[test]
fn a_day_that_is_over_gets_nothing_back() {
    let (mut counters, limits) = (Counters::new(TODAY), limits(9, 9, 9));
    reserve(&mut counters, &limits, TODAY, run(1)).unwrap();
    reserve(&mut counters, &limits, TODAY.tomorrow().unwrap(), run(2)).unwrap();
    release(&mut counters, run(1), TODAY, false);
    assert_eq!((counters.day_runs, counters.month_runs, counters.slots.len()), (1, 1, 1));
}

#[test]
fn who_is_over_a_limit_hears_when_it_passes_where_they_live() {
    let now: Timestamp = "2026-07-31T21:30:00Z".parse().unwrap();
    // It is 23:30 in Paris and 17:30 in New York.
    let (paris, new_york) = (zone("Europe/Paris"), zone("America/New_York"));
    let wait = |over: Over, zone: &TimeZone| over.retry_after(now, zone).as_secs();
    assert_eq!(wait(Over::Concurrent(1), &paris), 30);
    assert_eq!((wait(Over::Day(1), &paris), wait(Over::Month(1), &paris)), (1800, 1800));
    assert_eq!(wait(Over::Day(1), &new_york), 6 * 3600 + 1800);
    // In the night when clocks go back the day has 25 hours.
    let autumn: Timestamp = "2026-10-24T22:00:00Z".parse().unwrap();
    assert_eq!(Over::Day(1).retry_after(autumn, &paris).as_secs(), 25 * 3600);
    let Error::TooMany { message, .. } = Over::Day(5).refusal(now, &paris) else { panic!() };
    assert!(message.contains("5 runs a day") && message.contains("tomorrow"), "{message}");
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// What happens to the counters of an organization.
#[derive(Debug, Clone, Copy)]
enum Event {
    Reserve(u8),
    Release(u8, bool),
    NextDay,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (0..6_u8).prop_map(Event::Reserve),
        3 => (0..6_u8, any::<bool>()).prop_map(|(id, began)| Event::Release(id, began)),
        1 => Just(Event::NextDay),
    ];
    proptest::collection::vec(event, 0..60)
}

proptest! {
    #[test]
    fn whatever_happens_no_limit_is_passed_and_nothing_is_lost(events in events()) {
        let (limits, mut today) = (limits(3, 5, 12), TODAY.checked_sub(3.days()).unwrap());
        let (mut counters, mut held) = (Counters::new(today), std::collections::BTreeMap::new());
        for event in events {
            match event {
                Event::Reserve(id) => {
                    let had = held.contains_key(&id);
                    let done = reserve(&mut counters, &limits, today, run(id.into())).is_ok();
                    prop_assert!(done || !had);
                    if done {
                        held.entry(id).or_insert(today);
                    }
                }
                Event::Release(id, began) => {
                    let counted_on = held.remove(&id).unwrap_or(today);
                    release(&mut counters, run(id.into()), counted_on, began);
                }
                Event::NextDay => today = today.tomorrow().unwrap(),
            }
            prop_assert!(counters.slots.len() <= 3 && counters.day_runs <= 5);
            prop_assert!(counters.month_runs <= 12 && counters.day_runs <= counters.month_runs);
            let slots: Vec<_> = held.keys().map(|id| run((*id).into())).collect();
            prop_assert_eq!(counters.slots.iter().copied().collect::<Vec<_>>(), slots);
        }
    }
}
