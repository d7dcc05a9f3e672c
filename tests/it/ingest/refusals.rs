//! Files that are refused whole, and rows that are rejected one by one.

use std::io::{self, Read, Write as _};

use convergence::ingest::{Limits, Refused, from_reader};
use flate2::{Compression, write::GzEncoder};
use insta::assert_snapshot;

use super::{file, over, read};

/// The refusal of a text, at once or while it is read.
fn refusal(text: impl Into<Vec<u8>>) -> String {
    let error = match over(text, Limits::default()) {
        Err(refused) => refused,
        Ok(reader) => read(reader).unwrap_err().downcast::<Refused>().unwrap(),
    };
    format!("{}: {}", error.code, error.message)
}

const HEADER: &str = "BilledCost,BillingCurrency,ChargePeriodStart\n";

#[test]
fn files_that_are_none_of_ours_are_refused_with_the_reason() {
    let cases = [
        "",
        "\n",
        "BilledCost,BillingCurrency,BilledCost,ChargePeriodStart\n1,USD,1,2026-05-01\n",
        "BillingCurrency,ChargePeriodStart\nUSD,2026-05-01\n",
        "name,size\na,1\n",
        "BilledCost;BillingCurrency;ChargePeriodStart\n1;USD;2026-05-01\n",
        "[{\"BilledCost\":1}]",
        "BilledCost,BillingCurrency,ChargePeriodStart\n1,\u{0},2026\n",
    ];
    let refusals: Vec<_> = cases.into_iter().map(refusal).collect();
    assert_snapshot!(refusals.join("\n"), @r#"
    empty: the file is empty
    not_focus: this is no FOCUS file: none of its 1 columns is one of FOCUS; are its fields separated by commas?
    duplicate_header: the header has `BilledCost` more than once
    missing_column: the file lacks BilledCost, without which no row can be used
    not_focus: this is no FOCUS file: none of its 2 columns is one of FOCUS
    not_focus: this is no FOCUS file: none of its 1 columns is one of FOCUS; are its fields separated by commas?
    json_array: this is one JSON array; send JSON lines, one object in each line
    unknown_format: this is neither text nor Parquet; send CSV, JSON lines (both plain or gzipped) or Parquet
    "#);
    assert_snapshot!(refusal(b"BilledCost,\xff\xfe\n".to_vec()), @"not_utf8: the header is not UTF-8; save the file as UTF-8");
    assert_snapshot!(refusal([HEADER.as_bytes(), b"1,USD,\xff\n"].concat()), @"not_utf8: line 2 is not UTF-8");
    assert_snapshot!(file("tests/data/focus/unknown-header.csv").err().unwrap(), @"the file lacks ChargePeriodStart, without which no row can be used");
    assert_snapshot!(file("tests/data/focus/none.csv").err().unwrap().code, @"no_such_file");
}

#[test]
fn a_row_that_cannot_be_used_is_rejected_alone() {
    let text = format!(
        "{HEADER}1,USD,2026-05-01T00:00:00Z\n\
         ,USD,2026-05-01T00:00:00Z\n\
         NaN,USD,2026-05-01T00:00:00Z\n\
         1e400,USD,2026-05-01T00:00:00Z\n\
         inf,USD,2026-05-01T00:00:00Z\n\
         1_000,USD,2026-05-01T00:00:00Z\n\
         \"1,5\",USD,2026-05-01T00:00:00Z\n\
         1,\"USD,EUR\",2026-05-01T00:00:00Z\n\
         1,Dollars,2026-05-01T00:00:00Z\n\
         1,USD,09/10/2026\n\
         1,USD,2026-02-30\n\
         1,USD,\n\
         1,USD\n\
         \n\
         2,EUR,2026-05-01T00:00:00Z\n"
    );
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_snapshot!(read.refused(), @r#"
    3: BilledCost is missing
    4: BilledCost: not a number
    5: BilledCost: too many digits before the point
    6: BilledCost: not a number
    7: BilledCost: not a number
    8: BilledCost: not a number
    9: BillingCurrency: not an ISO 4217 currency code, as in USD
    10: BillingCurrency: not an ISO 4217 currency code, as in USD
    11: ChargePeriodStart: not a moment that can be read in one way only; write 2026-01-31T00:00:00Z
    12: ChargePeriodStart: not a moment that can be read in one way only; write 2026-01-31T00:00:00Z
    13: ChargePeriodStart is missing
    14: 2 fields instead of 3
    "#);
    assert_eq!((read.report.rows, read.report.rejected), (2, 12));
    let currencies: Vec<_> = read.report.currencies.keys().collect();
    assert_eq!(currencies, ["EUR", "USD"]);
    assert_eq!(read.rejects[1].value.as_deref(), Some("NaN"));
    assert_eq!(read.rejects[1].row, "NaN,USD,2026-05-01T00:00:00Z");
}

#[test]
fn a_stray_quote_costs_its_own_row_only() {
    let text = format!(
        "{HEADER}1,USD,2026-05-01T00:00:00Z\n\
         5\" disk,USD,2026-05-01T00:00:00Z\n\
         \"2\",USD,\"2026-05-01T00:00:00Z\"\r\n\
         \"a\"b\",USD,2026-05-01T00:00:00Z\n\
         3,\"USD\",2026-05-01T00:00:00Z"
    );
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_snapshot!(read.refused(), @r#"
    3: BilledCost: not a number
    5: BilledCost: not a number
    "#);
    assert_eq!(read.report.rows, 3);
}

#[test]
fn a_null_where_a_charge_begins_is_rejected() {
    let read = read(file("tests/data/focus/null-chargeperiodstart.csv").unwrap()).unwrap();
    assert_snapshot!(read.refused(), @"2: ChargePeriodStart is missing");
}

#[test]
fn a_quote_that_is_never_closed_is_found_in_its_line() {
    let good = "1,USD,2026-05-01T00:00:00Z\n";
    let text = format!("{HEADER}{good}\"{good}{good}\"2\"{good}{good}1,\"USD{good}");
    let whole = read(over(text.clone(), Limits::default()).unwrap()).unwrap();
    assert_snapshot!(whole.refused(), @r#"
    3: a quote where none may be, or one that is never closed
    5: a quote where none may be, or one that is never closed
    7: a quote where none may be, or one that is never closed
    "#);
    assert_eq!(whole.report.rows, 3);
    let pieces = read(over(text, Limits { block: 8, record: 64 }).unwrap()).unwrap();
    assert_eq!(whole, pieces);
}

#[test]
fn a_quote_in_a_text_without_quotes_is_read_as_it_stands() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart,ServiceName\n\
                1,USD,2026-05-01T00:00:00Z,5\" disk\n\
                1,USD,2026-05-01T00:00:00Z,\"5\" disk\"\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.column("ServiceName"), ["5\" disk"]);
    assert_snapshot!(read.refused(), @"3: ServiceName: a quote where none may be");
    assert_snapshot!(read.notices(), @r#"
    2 × billing_month_from_charge: line 2
    1 × quote_in_text: ServiceName "5\" disk" in line 2
    "#);
}

/// `0` for ever.
struct Endless;

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.fill(b'0');
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_line_is_refused_before_it_fills_the_memory() {
    let limits = Limits { block: 1 << 10, record: 1 << 16 };
    let header = io::Cursor::new(HEADER.as_bytes().to_vec());
    let blocks = from_reader(Box::new(header.chain(Endless)), &[], limits).unwrap();
    assert_snapshot!(blocks.next().unwrap_err(), @"the record that begins in line 2 is longer than 65536 bytes; is a quote never closed?");
    let blocks =
        from_reader(Box::new(io::Cursor::new(b"{\"a\":1}\n{").chain(Endless)), &[], limits);
    assert_snapshot!(blocks.err().unwrap(), @"a line after line 1 is longer than 65536 bytes");
    assert_snapshot!(from_reader(Box::new(Endless), &[], limits).err().unwrap(), @"the first line is no header: it does not end");
}

#[test]
fn a_truncated_gzip_and_a_parquet_that_is_none_are_refused() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(HEADER.as_bytes()).unwrap();
    for row in 0..10_000 {
        writeln!(gzip, "{row}.{row},USD,2026-05-01T00:00:00Z").unwrap();
    }
    let mut bytes = gzip.finish().unwrap();
    bytes.truncate(bytes.len() / 2);
    assert_snapshot!(refusal(bytes), @"unreadable: the input cannot be read to its end: the gzipped data ends early, so the file is not complete; send it again");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    std::fs::write(&path, b"PAR1 and nothing of it").unwrap();
    let refused = convergence::ingest::records(&path, &[], Limits::default()).err().unwrap();
    assert_eq!(refused.code, "bad_parquet");
}
