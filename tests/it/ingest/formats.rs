//! The same rows from every format.

use std::{fmt::Write as _, fs::File, io::Write as _, path::Path, sync::Arc};

use arrow::{
    array::{
        ArrayRef, BinaryArray, Decimal128Array, Float64Array, RecordBatch, StringArray,
        TimestampMicrosecondArray,
    },
    datatypes::{DataType, Field, Schema},
};
use convergence::{
    ingest::{FocusReader, Limits, Options, TableReader},
    warehouse::{Batches as _, TableSchema},
};
use flate2::{Compression, write::GzEncoder};
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};

use super::{model, over, read};

const CSV: &str = "BilledCost,BillingCurrency,ChargePeriodStart,ServiceName,Tags,Team\n\
    0.1,USD,2026-05-01T00:00:00Z,\"A, \"\"B\"\"\",\"{\"\"a\"\":1}\",core\n\
    -2.50,EUR,2026-05-02T00:00:00Z,,,\n";

const JSONL: &str = r#"{"BilledCost":0.1,"BillingCurrency":"USD","ChargePeriodStart":"2026-05-01T00:00:00Z","ServiceName":"A, \"B\"","Tags":{"a":1},"Team":"core"}
{"BilledCost":"-2.50","BillingCurrency":"EUR","ChargePeriodStart":"2026-05-02T00:00:00Z"}
"#;

#[test]
fn gzip_and_json_lines_give_the_rows_of_csv() {
    let csv = read(over(CSV, Limits::default()).unwrap()).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(CSV.as_bytes()).unwrap();
    let unzipped = read(over(gzip.finish().unwrap(), Limits::default()).unwrap()).unwrap();
    assert_eq!(csv, unzipped);
    let json = read(over(JSONL, Limits::default()).unwrap()).unwrap();
    for column in
        ["BilledCost", "BillingCurrency", "ChargePeriodStart", "ServiceName", "Tags", "x_extra"]
    {
        assert_eq!(csv.column(column), json.column(column), "{column}");
    }
    assert_eq!(csv.column("ServiceName"), ["A, \"B\"", "~"]);
}

#[test]
fn members_that_first_appear_late_are_not_lost() {
    let mut text = String::new();
    for row in 0..2_000 {
        writeln!(
            text,
            r#"{{"BilledCost":{row},"BillingCurrency":"USD","ChargePeriodStart":"2026-05-01"}}"#
        )
        .unwrap();
    }
    text += "{\"BilledCost\":1,\"BillingCurrency\":\"USD\",\"ChargePeriodStart\":\"2026-05-01\",\"SkuId\":\"s\",\"late\":[1]}\n";
    text += "{\"BilledCost\":1,\n";
    let limits = Limits { block: 1_000, ..Limits::default() };
    let read = read(over(text, limits).unwrap()).unwrap();
    assert_eq!(read.column("SkuId").last().unwrap(), "s");
    assert_eq!(read.column("x_extra").last().unwrap(), r#"{"late":[1]}"#);
    assert_eq!((read.report.rows, read.rejects[0].row_number), (2_001, 2_002));
}

/// Writes a Parquet file and reads it back as FOCUS.
fn parquet(columns: Vec<(&str, ArrayRef)>) -> super::Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("focus.parquet");
    write_parquet(&path, columns, None);
    read(FocusReader::open(&path, model(), Options::default()).unwrap()).unwrap()
}

/// Writes a Parquet file, of row groups of so many rows.
pub(super) fn write_parquet(path: &Path, columns: Vec<(&str, ArrayRef)>, rows: Option<usize>) {
    let fields =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
    let groups = WriterProperties::builder().set_max_row_group_row_count(rows).build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, schema, Some(groups)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn parquet_keeps_doubles_as_the_shortest_text_that_reads_back() {
    let read = parquet(vec![
        ("BilledCost", Arc::new(Float64Array::from(vec![0.1, 1e-7, 123_456.789, f64::NAN]))),
        ("BillingCurrency", Arc::new(StringArray::from(vec!["USD"; 4]))),
        (
            "ChargePeriodStart",
            Arc::new(
                TimestampMicrosecondArray::from(vec![1_777_593_600_000_000; 4])
                    .with_timezone("UTC"),
            ),
        ),
    ]);
    assert_eq!(
        read.column("BilledCost"),
        ["0.100000000000000000", "0.000000100000000000", "123456.789000000000000000"]
    );
    assert_eq!(read.column("x_charge_date"), ["2026-05-01"; 3]);
    assert_eq!(read.rejects[0].row_number, 4);
}

#[test]
fn parquet_keeps_decimals_exact_and_nested_values_as_json() {
    let cost = Decimal128Array::from(vec![123, -5]).with_precision_and_scale(20, 9).unwrap();
    let mut tags = arrow::array::MapBuilder::new(
        None,
        arrow::array::StringBuilder::new(),
        arrow::array::StringBuilder::new(),
    );
    tags.keys().append_value("env");
    tags.values().append_value("prod");
    tags.append(true).unwrap();
    tags.append(false).unwrap();
    let read = parquet(vec![
        ("BilledCost", Arc::new(cost)),
        ("BillingCurrency", Arc::new(StringArray::from(vec!["USD"; 2]))),
        ("ChargePeriodStart", Arc::new(TimestampMicrosecondArray::from(vec![0; 2]))),
        ("Tags", Arc::new(tags.finish())),
    ]);
    assert_eq!(read.column("BilledCost"), ["0.000000123000000000", "-0.000000005000000000"]);
    assert_eq!(read.column("Tags"), [r#"{"env":"prod"}"#, "~"]);
}

#[test]
fn parquet_bytes_are_text_where_they_are_utf8() {
    let read = parquet(vec![
        ("BilledCost", Arc::new(BinaryArray::from(vec![b"1.5".as_slice()]))),
        ("BillingCurrency", Arc::new(BinaryArray::from(vec![b"USD".as_slice()]))),
        ("ChargePeriodStart", Arc::new(TimestampMicrosecondArray::from(vec![0]))),
        ("ServiceName", Arc::new(BinaryArray::from(vec!["Spüle".as_bytes()]))),
    ]);
    assert_eq!(read.column("BilledCost"), ["1.500000000000000000"]);
    assert_eq!(read.column("ServiceName"), ["Spüle"]);
}

#[test]
fn other_files_are_typed_by_a_schema() {
    let schema: TableSchema = serde_json::from_str(
        r#"{"name": "t", "fields": [
            {"name": "id", "type": "STRING", "mode": "REQUIRED"}, {"name": "cost", "type": "BIGNUMERIC"},
            {"name": "seats", "type": "INTEGER"}, {"name": "active", "type": "BOOLEAN"},
            {"name": "day", "type": "DATE"}, {"name": "late", "type": "STRING"},
            {"name": "x_source_id", "type": "STRING", "mode": "REQUIRED"}]}"#,
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any");
    let text = "id,cost,seats,active,day,more\na,1.5,3,TRUE,2026-05-01,x\nb,,x,,,\n,1,1,,,\n";
    std::fs::write(&path, text).unwrap();
    let reader = TableReader::open(&path, &schema, Limits::default()).unwrap();
    let batch = reader.next().unwrap().unwrap();
    assert_eq!(batch.num_rows(), 1);
    assert_eq!(batch.schema().field(4).data_type(), &DataType::Date32);
    assert_eq!(batch.num_columns(), 6);
    let rejects = reader.rejects().unwrap().take(10).unwrap();
    let reasons: Vec<_> = rejects.iter().map(|reject| reject.reason.as_str()).collect();
    assert_eq!(reasons, ["seats: not a whole number", "id is missing"]);
    assert_eq!(reader.report().notices[0].kind, "column_not_kept");
    std::fs::write(&path, "cost\n1\n").unwrap();
    let refused = TableReader::open(&path, &schema, Limits::default()).err().unwrap();
    assert_eq!(refused.message, "the file lacks id");
}

/// JSON lines with a FOCUS row of this cost and one member more.
fn line(cost: &str, more: &str) -> String {
    format!(
        "{{\"BilledCost\":{cost},\"BillingCurrency\":\"USD\",\"ChargePeriodStart\":\"2026-05-01\"{more}}}\n"
    )
}

#[test]
fn a_member_that_is_there_twice_is_no_row_however_deep_it_stands() {
    let text = [
        line("1", ""),
        line("2", r#","BilledCost":20"#),
        line("3", r#","Tags":{"a":1,"b":{"c":[{"d":1,"d":1}]}}"#),
        line("4", r#","Tags":{"a":{"x":1},"b":{"x":1}},"late":[{"x":1},{"x":2}]"#),
        line("5", r#","\u0042illedCost":50"#),
    ]
    .concat();
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    let costs = read.column("BilledCost");
    assert_eq!(costs, ["1.000000000000000000", "4.000000000000000000"]);
    let reasons: Vec<_> =
        read.rejects.iter().map(|it| (it.row_number, it.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (2, "duplicate member `BilledCost`"),
            (3, "duplicate member `d`"),
            (5, "duplicate member `BilledCost`"),
        ]
    );
}

#[test]
fn what_is_no_object_is_told_with_its_column() {
    let text = [line("1", ""), "[1]\n".to_owned(), "5\n".to_owned(), "{\"a\":1\n".to_owned()];
    let read = read(over(text.concat(), Limits::default()).unwrap()).unwrap();
    let reasons: Vec<_> = read.rejects.iter().map(|it| it.reason.as_str()).collect();
    insta::assert_debug_snapshot!(reasons, @r#"
    [
        "not a JSON object: invalid type: sequence, expected an object",
        "not a JSON object: invalid type: integer `5`, expected an object",
        "not a JSON object: EOF while parsing an object at column 6",
    ]
    "#);
}

#[test]
fn numbers_of_json_lines_keep_every_digit_wherever_they_stand() {
    let long = "12345678901234567890.123456789012345678";
    let text = line(long, &format!(r#","Tags":{{"n":{long},"e":1E+5}}"#));
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.column("BilledCost"), [long]);
    assert_eq!(read.column("Tags"), [format!(r#"{{"e":1e+5,"n":{long}}}"#)]);
}
