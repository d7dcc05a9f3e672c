//! Where cycles begin: month ends, leap years, trials, ends, renewals.

use convergence::saas::Cycle;

use super::{agreement, bills, charges, day, of, sum, terms};

#[test]
fn what_begins_on_the_31st_comes_on_the_last_day_of_shorter_months_and_on_the_31st_after_them() {
    let terms = [terms("2027-12-31", "31", "monthly")];
    let found = charges(&agreement(&terms), "2027-12-01", "2028-06-01");
    let days = ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"];
    assert_eq!(bills(&found), of(&days.map(|day| (day, "31"))));
    let february = charges(&agreement(&terms), "2028-02-29", "2028-03-31");
    assert_eq!(sum(&february, |it| it.effective).to_string(), "31");
    assert_eq!(february.len(), 1 + 31, "the bill, and the days from 29 February to 30 March");
}

#[test]
fn a_year_that_begins_on_29_february_is_billed_on_the_28th_until_the_next_leap_year() {
    let terms = [terms("2024-02-29", "366", "annual")];
    let found = charges(&agreement(&terms), "2024-01-01", "2028-12-31");
    let days = ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"];
    assert_eq!(bills(&found), of(&days.map(|day| (day, "366"))));
    let leap = charges(&agreement(&terms), "2027-02-28", "2028-02-29");
    assert_eq!(leap[1].effective.to_string(), "1", "366 days from a 28 February to a 28 February");
}

#[test]
fn a_day_of_a_leap_february_costs_less() {
    let terms = [terms("2026-01-01", "1", "monthly")];
    let on =
        |day: &str, next: &str| charges(&agreement(&terms), day, next)[0].effective.to_string();
    assert_eq!(on("2026-02-10", "2026-02-11"), "0.035714285714285714");
    assert_eq!(on("2026-02-28", "2026-03-01"), "0.035714285714285722", "the last takes the rest");
    assert_eq!(on("2028-02-10", "2028-02-11"), "0.034482758620689655");
}

#[test]
fn quarters_and_custom_cycles_follow_each_other_without_gaps() {
    for (cycle, next) in
        [("quarterly", "2026-02-28"), ("45 days", "2026-01-14"), ("2 months", "2026-01-30")]
    {
        let terms = [terms("2025-11-30", "90", cycle)];
        let found = charges(&agreement(&terms), "2025-11-30", next);
        assert_eq!(bills(&found), of(&[("2025-11-30", "90")]), "{cycle}");
        assert_eq!(sum(&found, |it| it.effective).to_string(), "90", "{cycle}");
        let next_bill = charges(&agreement(&terms), next, "2026-03-01");
        assert_eq!(bills(&next_bill)[0].0, next, "{cycle}");
    }
}

#[test]
fn a_trial_costs_nothing_and_the_first_cycle_begins_after_it() {
    let terms = [terms("2026-01-10", "30", "monthly")];
    let of_trial =
        convergence::saas::Agreement { trial_end: Some(day("2026-01-23")), ..agreement(&terms) };
    let found = charges(&of_trial, "2026-01-01", "2026-03-24");
    assert_eq!(bills(&found), of(&[("2026-01-24", "30"), ("2026-02-24", "30")]));
    assert_eq!(found[0].date(), day("2026-01-24"));
    assert_eq!(sum(&found, |it| it.effective).to_string(), "60");
    assert_eq!(of_trial.renews_after(day("2026-01-12")), Some(day("2026-02-24")));
}

#[test]
fn one_that_ends_within_its_trial_is_never_billed() {
    let terms = [terms("2026-01-10", "30", "monthly")];
    let trial_end = Some(day("2026-01-23"));
    let ended = convergence::saas::Agreement {
        trial_end,
        end: Some(day("2026-01-20")),
        ..agreement(&terms)
    };
    assert_eq!(charges(&ended, "2026-01-01", "2027-01-01"), []);
}

#[test]
fn one_that_ends_within_a_cycle_gets_nothing_back_and_its_last_day_takes_the_rest() {
    let terms = [terms("2026-01-01", "365", "annual")];
    let ended = convergence::saas::Agreement { end: Some(day("2026-01-10")), ..agreement(&terms) };
    let found = charges(&ended, "2025-01-01", "2028-01-01");
    assert_eq!(bills(&found), of(&[("2026-01-01", "365")]));
    assert_eq!(found.len(), 11);
    assert_eq!(found[9].effective.to_string(), "1", "what was told before it ended stays told");
    assert_eq!(found[10].effective.to_string(), "356");
    assert_eq!(ended.renews_after(day("2026-01-05")), None);
}

#[test]
fn a_cycle_is_written_as_it_is_read_and_nothing_else_is_one() {
    for text in ["monthly", "quarterly", "annual", "1 days", "3660 days", "24 months"] {
        assert_eq!(text.parse::<Cycle>().unwrap().to_string(), text);
    }
    assert_eq!("1 month".parse::<Cycle>().unwrap().to_string(), "monthly");
    for text in
        ["", "weekly", "0 days", "3661 days", "121 months", "-1 days", "+5 days", "1.5 months"]
    {
        assert_eq!(text.parse::<Cycle>(), Err(Cycle::FORM), "{text}");
    }
}
