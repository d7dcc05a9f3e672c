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

/// What a plain reader, character by character, makes of records: the fields of each.
fn reference(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut inside, mut at_start) = (false, true);
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let (this, next) = (characters[at], characters.get(at + 1));
        match this {
            '"' if inside && next == Some(&'"') => {
                field.push_str("\"\"");
                at += 1;
            }
            '"' if inside && matches!(next, None | Some(',' | '\n')) => {
                inside = false;
                field.push('"');
            }
            '"' if at_start => {
                inside = true;
                field.push('"');
            }
            ',' | '\n' if !inside => {
                record.push(std::mem::take(&mut field));
                if this == '\n' {
                    records.push(std::mem::take(&mut record));
                }
                (at, at_start) = (at + 1, true);
                continue;
            }
            other => field.push(other),
        }
        (at, at_start) = (at + 1, false);
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

proptest! {
    #[test]
    fn records_are_those_of_a_plain_reader(rows in prop::collection::vec(prop::collection::vec(field(), 3), 0..12)) {
        let mut body = String::new();
        for row in &rows {
            writeln!(body, "{}", row.join(",")).unwrap();
        }
        let blocks = from_reader(Box::new(Cursor::new(format!("a,b,c\n{body}"))), &[], limits(16)).unwrap();
        let mut found = 0;
        while let Some(block) = blocks.next().unwrap() {
            found += block.rows();
        }
        let expected = reference(&body).into_iter().filter(|record| record.len() == 3).count();
        prop_assert_eq!(found, expected);
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
