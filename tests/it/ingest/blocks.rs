//! Cutting an input into blocks changes nothing.

use std::{fmt::Write as _, io::Cursor};

use convergence::ingest::from_reader;
use proptest::prelude::*;

use super::{limits, over, read};

/// A field as people and programs write them, good and bad.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 .-]{0,8}",
        Just("NULL".to_owned()),
        "[a-z\",\n]{0,6}".prop_map(|text| format!("\"{}\"", text.replace('"', "\"\""))),
        "[a-z\"]{1,4}",
        "\"[a-z\"]{0,4}",
    ]
}

/// A field as a plain reader finds it: its text, unless a quote in it makes that a matter of opinion.
type Found = Option<String>;

/// Reads the field that begins at `at`; `Err` where its quote spoils the line.
fn one_field(text: &[char], mut at: usize) -> Result<(Found, usize), ()> {
    let ends = |at: usize| matches!(text.get(at), None | Some(',' | '\n'));
    let (mut value, mut stray, mut fed) = (String::new(), false, false);
    if text.get(at) != Some(&'"') {
        while !ends(at) {
            value.push(text[at]);
            at += 1;
        }
        return Ok((Some(if value == "NULL" { String::new() } else { value }), at));
    }
    loop {
        at += 1;
        match text.get(at) {
            None if fed => return Err(()),
            None => return Ok((None, at)),
            Some('"') if text.get(at + 1) == Some(&'"') => {
                value.push('"');
                at += 1;
            }
            Some('"') if ends(at + 1) => return Ok(((!stray).then_some(value), at + 1)),
            Some('"') if fed => return Err(()),
            Some('"') => stray = true,
            Some('\n') if stray => return Err(()),
            Some(other) => {
                fed |= *other == '\n';
                value.push(*other);
            }
        }
    }
}

/// What a plain reader, character by character, makes of records: line and fields of each.
fn reference(text: &str) -> Vec<(u64, Vec<Found>)> {
    let text: Vec<char> = text.chars().collect();
    let line = |at: usize| 2 + text[..at].iter().filter(|it| **it == '\n').count() as u64;
    let (mut records, mut record, mut begin, mut at) = (Vec::new(), Vec::new(), 0, 0);
    while at < text.len() || !record.is_empty() {
        let Ok((field, end)) = one_field(&text, at) else {
            let feed = text[at..].iter().position(|it| *it == '\n').unwrap();
            at += feed + 1;
            (begin, record) = (at, Vec::new());
            continue;
        };
        record.push(field);
        at = end + 1;
        if text.get(end) != Some(&',') {
            records.push((line(begin), std::mem::take(&mut record)));
            begin = at;
        }
    }
    records
}

proptest! {
    #[test]
    fn records_are_those_of_a_plain_reader(
        size in 1_usize..64,
        rows in prop::collection::vec(prop::collection::vec(field(), 3), 0..12),
        feed in any::<bool>(),
    ) {
        let rows: Vec<_> = rows.iter().map(|row| row.join(",")).collect();
        let body = rows.join("\n") + if feed { "\n" } else { "" };
        let text = Cursor::new(format!("a,b,c\n{body}"));
        let blocks = from_reader(Box::new(text), &[], limits(size)).unwrap();
        let mut expected = reference(&body).into_iter().filter(|(_, fields)| fields.len() == 3);
        while let Some(block) = blocks.next().unwrap() {
            for row in 0..block.rows() {
                let (line, fields) = expected.next().unwrap();
                prop_assert_eq!(block.position(row), line);
                for (column, field) in fields.iter().enumerate() {
                    let Some(field) = field else { continue };
                    prop_assert_eq!(&block.text(row, column).unwrap_or_default(), field);
                }
            }
        }
        prop_assert_eq!(expected.next(), None);
    }

    #[test]
    fn any_size_of_block_gives_the_same(size in 1_usize..400, rows in prop::collection::vec((field(), field()), 0..30)) {
        let mut text = "BilledCost,BillingCurrency,ChargePeriodStart,ServiceName,Team\n".to_owned();
        for (at, (name, team)) in rows.iter().enumerate() {
            writeln!(text, "{at},USD,2026-05-01T00:00:00Z,{name},{team}").unwrap();
        }
        let whole = read(over(text.clone(), limits(1 << 20)).unwrap()).unwrap();
        let pieces = read(over(text, limits(size)).unwrap()).unwrap();
        prop_assert_eq!(&whole.batch, &pieces.batch);
        prop_assert_eq!(whole.rejects, pieces.rejects);
        prop_assert_eq!(whole.report, pieces.report);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(reader) = over([b"BilledCost,BillingCurrency,ChargePeriodStart\n".to_vec(), bytes].concat(), limits(32)) {
            let _ = read(reader);
        }
    }
}
