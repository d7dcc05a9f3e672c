//! Fences: who began earlier never overwrites who began later, one writes a table at a time.

use std::{ops::Range, sync::Arc};

use convergence::{
    fences::{Fences, Inputs, May, bump_data_version, data_version, days_of_months},
    org::OrgSlug,
    runs::Boot,
    store::{Store, StoreError},
    warehouse::{Scope, SourceId},
};
use integration_tests::{TestClock, TestIds, stores};
use jiff::{
    SignedDuration,
    civil::{Date, date},
};

const TABLE: &str = "focus_import";

struct World {
    fences: Fences,
    store: Arc<dyn Store>,
    clock: Arc<TestClock>,
    ids: Arc<TestIds>,
    org: OrgSlug,
    _folder: tempfile::TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let store = stores::store(folder.path()).await;
    let clock = Arc::<TestClock>::default();
    let ids = Arc::new(TestIds::new(clock.clone()));
    let fences = Fences::new(store.clone(), clock.clone(), ids.clone(), boot(1));
    let org = OrgSlug::parse("acme").unwrap();
    World { fences, store, clock, ids, org, _folder: folder }
}

fn boot(number: u128) -> Boot {
    Boot { id: uuid::Uuid::from_u128(number), alone: true }
}

fn source() -> SourceId {
    SourceId::new("focus", "default")
}

fn months(months: impl IntoIterator<Item = i8>) -> Scope {
    Scope::months(source(), months.into_iter().map(|month| date(2024, month, 1)))
}

#[tokio::test]
async fn who_began_earlier_may_not_replace_what_who_began_later_did() {
    let World { fences, org, _folder, .. } = world().await;
    let early = fences.begin(&org, TABLE, &source()).await.unwrap();
    let late = fences.begin(&org, TABLE, &source()).await.unwrap();
    assert!(late.number > early.number);
    fences.merged(&late, &months([9, 10]), None).await.unwrap();
    let may = |ticket, scope| {
        let fences = fences.clone();
        async move { fences.may_replace(ticket, &scope, None).await.unwrap() }
    };
    assert_eq!(may(&early, months([9])).await, May::Superseded);
    assert_eq!(may(&early, months([8])).await, May::Yes);
    assert_eq!(may(&late, months([9])).await, May::Yes);
    let days = Scope::days(source(), date(2024, 9, 3)..date(2024, 9, 4));
    assert_eq!(may(&early, days).await, May::Superseded);
}

#[tokio::test]
async fn another_source_or_table_is_never_in_the_way() {
    let World { fences, org, _folder, .. } = world().await;
    let other = SourceId::new("focus", "other");
    let early = fences.begin(&org, TABLE, &other).await.unwrap();
    let late = fences.begin(&org, TABLE, &source()).await.unwrap();
    fences.merged(&late, &months([9]), None).await.unwrap();
    let scope = Scope::months(other, [date(2024, 9, 1)]);
    assert_eq!(fences.may_replace(&early, &scope, None).await.unwrap(), May::Yes);
}

#[tokio::test]
async fn months_of_another_file_are_named_unless_they_may_be_taken() {
    let World { fences, org, _folder, .. } = world().await;
    let ticket = fences.begin(&org, TABLE, &source()).await.unwrap();
    let first = Inputs { sha256: "aa", may_take: Some(&[]) };
    fences.merged(&ticket, &months([9, 10]), Some(&first)).await.unwrap();
    let ticket = fences.begin(&org, TABLE, &source()).await.unwrap();
    let ask = |input, scope| {
        let (fences, ticket) = (fences.clone(), ticket.clone());
        async move { fences.may_replace(&ticket, &scope, Some(&input)).await.unwrap() }
    };
    assert_eq!(ask(first, months([9, 10])).await, May::Yes);
    let second = Inputs { sha256: "bb", may_take: Some(&[]) };
    let taken = May::OtherInput(vec![date(2024, 9, 1), date(2024, 10, 1)]);
    assert_eq!(ask(second, months([9, 10, 11])).await, taken);
    let chosen = [date(2024, 9, 1)];
    let some = Inputs { sha256: "bb", may_take: Some(&chosen) };
    assert_eq!(ask(some, months([9, 10])).await, May::OtherInput(vec![date(2024, 10, 1)]));
    assert_eq!(ask(Inputs { sha256: "bb", may_take: None }, months([9, 10])).await, May::Yes);
}

#[tokio::test]
async fn every_number_is_drawn_once_however_many_draw() {
    let World { fences, org, _folder, .. } = world().await;
    let draws = (0..16).map(|_| {
        let (fences, org) = (fences.clone(), org.clone());
        tokio::spawn(async move { fences.begin(&org, TABLE, &source()).await.unwrap().number })
    });
    let mut numbers: Vec<u64> = Vec::new();
    for draw in draws.collect::<Vec<_>>() {
        numbers.push(draw.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=16).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_was_replaced_is_forgotten_when_nobody_can_be_late_any_more() {
    let World { fences, org, clock, _folder, .. } = world().await;
    let early = fences.begin(&org, TABLE, &source()).await.unwrap();
    let late = fences.begin(&org, TABLE, &source()).await.unwrap();
    fences.merged(&late, &months([9]), None).await.unwrap();
    clock.advance(SignedDuration::from_hours(25));
    fences.merged(&late, &months([11]), None).await.unwrap();
    assert_eq!(fences.may_replace(&early, &months([9]), None).await.unwrap(), May::Yes);
}

/// The days of each part, once they are bounded.
async fn bounded(
    world: &World,
    scope: &Scope,
    spans: &[(i8, Range<Date>)],
) -> Vec<Option<Range<Date>>> {
    let ticket = world.fences.begin(&world.org, TABLE, &source()).await.unwrap();
    let spans = spans.iter().map(|(month, days)| (date(2024, *month, 1), days.clone())).collect();
    let scope = world.fences.bound(&ticket, scope, &spans).await.unwrap();
    scope.parts.into_iter().map(|part| part.days).collect()
}

#[tokio::test]
async fn a_month_is_bounded_by_the_days_of_all_rows_that_ever_went_in() {
    let world = world().await;
    let september = date(2024, 9, 1)..date(2024, 10, 2);
    let first = bounded(&world, &months([9]), &[(9, september.clone())]).await;
    assert_eq!(first, [Some(september)]);
    let fewer = date(2024, 8, 31)..date(2024, 9, 2);
    let second = bounded(&world, &months([9]), &[(9, fewer)]).await;
    assert_eq!(second, [Some(date(2024, 8, 31)..date(2024, 10, 2))]);

    // Days without a month may be of any.
    let days = Scope::days(source(), date(2024, 7, 1)..date(2024, 7, 2));
    assert_eq!(bounded(&world, &days, &[]).await, [Some(date(2024, 7, 1)..date(2024, 7, 2))]);
    let third = bounded(&world, &months([9]), &[(9, date(2024, 9, 1)..date(2024, 9, 2))]).await;
    assert_eq!(third, [Some(date(2024, 7, 1)..date(2024, 10, 2))]);
}

#[tokio::test]
async fn a_month_whose_days_nobody_knows_stays_whole() {
    let world = world().await;
    let known = (9, date(2024, 9, 1)..date(2024, 9, 2));
    assert_eq!(bounded(&world, &months([9]), &[]).await, [None]);
    assert_eq!(bounded(&world, &months([9, 10]), &[known]).await, [None, None]);
}

#[tokio::test]
async fn a_month_from_before_bounds_were_kept_stays_whole() {
    let world = world().await;
    let ticket = world.fences.begin(&world.org, TABLE, &source()).await.unwrap();
    let input = Inputs { sha256: "abc", may_take: None };
    world.fences.merged(&ticket, &months([9]), Some(&input)).await.unwrap();
    let known = (9, date(2024, 9, 1)..date(2024, 9, 2));
    assert_eq!(bounded(&world, &months([9]), &[known]).await, [None]);
}

#[tokio::test]
async fn a_writer_that_lost_its_table_is_told_so() {
    let World { fences, org, clock, store, ids, _folder } = world().await;
    let ticket = fences.begin(&org, TABLE, &source()).await.unwrap();
    let mut late = fences.writer(&org, TABLE).await.unwrap();
    clock.advance(convergence::fences::HELD + SignedDuration::from_secs(1));
    let other = Fences::new(store, clock, ids, boot(2));
    let _holds = other.writer(&org, TABLE).await.unwrap();
    let scope = months([9]);
    let announced = fences.announce(&mut late, "replace-1", (&ticket, &scope), None).await;
    assert!(matches!(announced, Err(StoreError::Unavailable(_))), "{announced:?}");
}

#[tokio::test]
async fn one_writes_a_table_at_a_time() {
    let World { fences, org, _folder, .. } = world().await;
    let writer = fences.writer(&org, TABLE).await.unwrap();
    let second = tokio::spawn({
        let (fences, org) = (fences.clone(), org.clone());
        async move { fences.writer(&org, TABLE).await.unwrap() }
    });
    fences.writer(&org, "focus_gcp").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!second.is_finished());
    writer.done().await;
    second.await.unwrap();
}

#[tokio::test]
async fn a_writer_that_is_dead_holds_nobody_up() {
    let World { fences, org, clock, store, ids, _folder } = world().await;
    let _crashed = fences.writer(&org, TABLE).await.unwrap();
    let restarted = Fences::new(store, clock.clone(), ids, boot(2));
    let _crashed_too = restarted.writer(&org, TABLE).await.unwrap();
    clock.advance(convergence::fences::HELD + SignedDuration::from_secs(1));
    restarted.writer(&org, TABLE).await.unwrap();
}

#[tokio::test]
async fn a_change_of_data_is_another_version_of_that_organization_only() {
    let World { fences, org, store, _folder, .. } = world().await;
    let other = OrgSlug::parse("other").unwrap();
    assert_eq!(data_version(&*store, &org).await.unwrap(), 0);
    bump_data_version(&fences, &org).await.unwrap();
    bump_data_version(&fences, &org).await.unwrap();
    assert_eq!(data_version(&*store, &org).await.unwrap(), 2);
    assert_eq!(data_version(&*store, &other).await.unwrap(), 0);
}

#[tokio::test]
async fn the_days_of_some_months_are_known_over_all_sources_of_a_table() {
    let world = world().await;
    let asked = async |table: &str, month: i8| {
        let months = date(2024, month, 1)..=date(2024, month, 1);
        days_of_months(&*world.store, &world.org, table, months).await.unwrap()
    };
    let ever = date(1900, 1, 1)..date(2200, 1, 1);
    assert_eq!(asked(TABLE, 9).await, ever, "nobody noted a day");
    let spans = date(2024, 8, 30)..date(2024, 9, 3);
    bounded(&world, &months([9]), &[(9, spans.clone())]).await;
    assert_eq!(asked(TABLE, 9).await, spans);
    assert!(asked(TABLE, 10).await.is_empty(), "no row is of October");
    assert_eq!(asked("focus_gcp", 9).await, ever);
    bounded(&world, &months([10]), &[]).await;
    assert_eq!(asked(TABLE, 10).await, ever, "rows of days that nobody knows");
}
