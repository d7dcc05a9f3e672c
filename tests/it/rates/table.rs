//! The rates that are shipped: one for each month and pair, known when the month begins.

use convergence::{
    configs::Configs,
    rates::{RATES, Rates, SOURCE},
};
use jiff::{
    ToSpan as _,
    civil::{Date, date},
};

fn shipped() -> Rates {
    Rates::read(&Configs::embedded()).unwrap()
}

fn read(text: &str) -> String {
    let configs = Configs::of([(RATES.to_owned(), text.to_owned())]);
    Rates::read(&configs).map_or_else(|error| format!("{error:#}"), |_| "fine".to_owned())
}

#[test]
fn every_month_has_rates_that_were_published_in_the_month_before() {
    let rates = shipped();
    let months: Vec<Date> = rates.months().collect();
    assert_eq!(months[0], date(2020, 1, 1));
    for two in months.windows(2) {
        assert_eq!(two[0].checked_add(1.month()).unwrap(), two[1], "no month is left out");
    }
    for month in months {
        let rate = rates.rate(month, "EUR", "USD").unwrap();
        assert_eq!(rate.date.first_of_month().checked_add(1.month()).unwrap(), month);
        assert_eq!((rate.source, rate.month), (SOURCE, month));
    }
}

#[test]
fn a_pair_is_the_same_on_every_day_of_a_month_and_other_pairs_follow_from_the_euro() {
    let rates = shipped();
    let on = |day: i8, from: &str, to: &str| {
        rates.rate(date(2026, 11, day), from, to).map(|rate| rate.rate.to_string())
    };
    assert_eq!(on(1, "EUR", "USD").as_deref(), Some("1.1172"), "of 30 October 2026");
    assert_eq!(on(30, "EUR", "USD"), on(1, "EUR", "USD"));
    assert_eq!(on(1, "USD", "EUR").as_deref(), Some("0.895094880057286072"));
    assert_eq!(on(1, "GBP", "USD").as_deref(), Some("1.339889661789397937"));
    assert_eq!(on(1, "EUR", "EUR").as_deref(), Some("1"));
    for (from, to) in [("XXX", "EUR"), ("EUR", "credits"), ("", "USD"), ("eur", "USD")] {
        assert_eq!(on(1, from, to), None, "{from} {to}");
    }
    assert_eq!(rates.rate(date(2019, 12, 31), "EUR", "USD"), None);
    assert_eq!(rates.rate(date(2199, 1, 1), "EUR", "USD"), None);
    // The kuna was given up for the euro at the end of 2022.
    assert!(rates.rate(date(2022, 12, 1), "HRK", "EUR").is_some());
    assert_eq!(rates.rate(date(2026, 7, 1), "HRK", "EUR"), None);
}

#[test]
fn a_file_with_mistakes_says_in_which_line() {
    let header = "month,date,USD";
    for (line, expected) in [
        ("2026-01,2025-12-31,1.1", "fine"),
        (
            "2026-01,2026-01-02,1.1",
            "rates/ecb.csv:2: rates are published before their month begins",
        ),
        ("2026-13,2025-12-31,1.1", "a month is `YYYY-MM`"),
        ("2026-01,2025-12-31", "there are 0 rates, not 1"),
        ("2026-01,2025-12-31,0", "USD: a rate is more than nothing"),
        ("2026-01,2025-12-31,1.1\n2026-01,2025-12-30,1.2", "rates/ecb.csv:3: the month again"),
        ("2026-01,2025-12-31,N/A", "USD: `N/A`"),
    ] {
        let found = read(&format!("{header}\n{line}\n"));
        assert!(found.contains(expected), "{line}: {found}");
    }
    assert_eq!(read("date,month,USD\n"), "rates/ecb.csv: it begins with month and date");
    assert_eq!(read(""), "fine");
}
