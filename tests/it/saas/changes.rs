//! Changes within a cycle: what is billed and given back, and that history stays.

use convergence::saas::{Kind, Terms};

use super::{agreement, amount, bills, charges, of, sum, terms};

fn seats(seats: u32, mut terms: Terms) -> Terms {
    terms.seats = seats;
    terms
}

#[test]
fn more_seats_are_billed_for_the_rest_of_the_cycle_and_cost_more_from_their_day_on() {
    let versions = [
        seats(10, terms("2026-04-01", "3", "monthly")),
        seats(12, terms("2026-04-16", "3", "monthly")),
    ];
    let april = charges(&agreement(&versions), "2026-04-01", "2026-05-01");
    assert_eq!(bills(&april), of(&[("2026-04-01", "30"), ("2026-04-16", "3")]));
    let days: Vec<_> = april.iter().filter(|charge| charge.kind == Kind::Day).collect();
    assert_eq!((days[14].effective, days[14].seats), (amount("1"), 10));
    assert_eq!((days[15].effective, days[15].seats), (amount("1.2"), 12));
    assert_eq!(sum(&april, |it| it.effective), sum(&april, |it| it.billed));
    let may = charges(&agreement(&versions), "2026-05-01", "2026-06-01");
    assert_eq!(bills(&may), of(&[("2026-05-01", "36")]));
}

#[test]
fn fewer_seats_are_a_credit_for_the_rest_of_the_cycle() {
    let versions = [
        seats(10, terms("2026-04-01", "3", "monthly")),
        seats(4, terms("2026-04-11", "3", "monthly")),
    ];
    let april = charges(&agreement(&versions), "2026-04-01", "2026-05-01");
    assert_eq!(bills(&april), of(&[("2026-04-01", "30"), ("2026-04-11", "-12")]));
    assert_eq!(april.iter().find(|it| it.billed < amount("0")).unwrap().kind, Kind::Credit);
    assert_eq!(sum(&april, |it| it.effective).to_string(), "18");
}

#[test]
fn what_was_before_a_change_is_as_it_was_without_it() {
    let first = terms("2026-01-15", "99.99", "annual");
    let changed = [first.clone(), terms("2026-07-04", "149.99", "annual")];
    let before = charges(&agreement(&[first]), "2026-01-01", "2026-07-04");
    assert_eq!(charges(&agreement(&changed), "2026-01-01", "2026-07-04"), before);
}

#[test]
fn going_over_to_another_cycle_gives_the_rest_of_the_old_one_back() {
    let versions = [terms("2026-04-01", "30", "monthly"), terms("2026-04-21", "365", "annual")];
    let agreement = agreement(&versions);
    let found = charges(&agreement, "2026-04-01", "2027-04-21");
    let expected = [("2026-04-01", "30"), ("2026-04-21", "365"), ("2026-04-21", "-10")];
    assert_eq!(bills(&found), of(&expected));
    assert_eq!(sum(&found, |it| it.effective).to_string(), "385");
    assert_eq!(agreement.renews_after(super::day("2026-04-10")), Some(super::day("2026-04-21")));
    assert_eq!(agreement.renews_after(super::day("2026-04-21")), Some(super::day("2027-04-21")));
    // Also where the days asked for begin on that day.
    let that_day = charges(&agreement, "2026-04-21", "2026-04-22");
    assert_eq!(bills(&that_day), of(&expected[1..]));
}

#[test]
fn terms_that_begin_within_the_trial_hold_when_it_is_over() {
    let versions = [terms("2026-01-01", "10", "monthly"), terms("2026-01-10", "99", "annual")];
    let trial_end = Some(super::day("2026-01-31"));
    let agreement = convergence::saas::Agreement { trial_end, ..agreement(&versions) };
    let found = charges(&agreement, "2026-01-01", "2027-02-01");
    assert_eq!(bills(&found), of(&[("2026-02-01", "99")]));
}
