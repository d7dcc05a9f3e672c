//! Schema files: what is checked before anything is made of them, and how tables differ from them.

use convergence::{
    configs::Configs,
    setup::{Difference, bootstrap_tables, compare, organization_tables, table},
    warehouse::{ColumnType, Field, Mode, TableSchema},
};
use serde_json::json;

fn file(name: &str, content: &serde_json::Value) -> (String, String) {
    (format!("setup/organization/{name}.json"), content.to_string())
}

fn column(name: &str, kind: ColumnType, mode: Mode) -> Field {
    Field { name: name.to_owned(), kind, mode, description: String::new() }
}

fn schema(fields: Vec<Field>) -> TableSchema {
    TableSchema {
        name: "t".to_owned(),
        description: String::new(),
        partition_by: None,
        require_partition_filter: false,
        partition_expiration_days: None,
        cluster_by: Vec::new(),
        fields,
    }
}

#[test]
fn every_mistake_of_a_schema_is_reported() {
    let bad = json!({
        "name": "other",
        "partition_by": "day",
        "cluster_by": ["tags", "nowhere", "a", "a", "a"],
        "fields": [
            {"name": "a", "type": "STRING"},
            {"name": "A", "type": "STRING"},
            {"name": "1st", "type": "STRING"},
            {"name": "tags", "type": "STRING", "mode": "REPEATED"},
        ],
    });
    let mistakes = table(&Configs::of([file("t", &bad)]), "setup/organization/t.json").unwrap_err();
    insta::assert_snapshot!(mistakes.join("\n"), @r#"
    setup/organization/t.json: it is named `other`, not after its file
    setup/organization/t.json: column `A` stands here twice
    setup/organization/t.json: `1st` cannot name a column
    setup/organization/t.json: it is partitioned by `day`, which is none of its columns
    setup/organization/t.json: it is clustered by `tags`, which is a list
    setup/organization/t.json: it is clustered by `nowhere`, which is none of its columns
    setup/organization/t.json: a table is clustered by at most four columns
    "#);
}

#[test]
fn a_partition_field_must_be_a_day_or_a_moment() {
    for (kind, mode, fine) in [
        ("DATE", "REQUIRED", true),
        ("TIMESTAMP", "NULLABLE", true),
        ("STRING", "NULLABLE", false),
        ("DATE", "REPEATED", false),
    ] {
        let content = json!({
            "name": "t",
            "partition_by": "day",
            "fields": [{"name": "day", "type": kind, "mode": mode}],
        });
        let read = table(&Configs::of([file("t", &content)]), "setup/organization/t.json");
        assert_eq!(read.is_ok(), fine, "{kind} {mode}");
    }
}

#[test]
fn rules_of_partitions_need_partitions() {
    let content = json!({
        "name": "t",
        "require_partition_filter": true,
        "partition_expiration_days": 0,
        "fields": [{"name": "day", "type": "DATE"}],
    });
    let read = table(&Configs::of([file("t", &content)]), "setup/organization/t.json");
    insta::assert_snapshot!(read.unwrap_err().join("\n"), @r#"
    setup/organization/t.json: it has rules of partitions, and no partitions
    setup/organization/t.json: its partitions are kept for at least a day
    "#);
}

#[test]
fn unknown_keys_types_and_missing_files_are_refused() {
    let configs = Configs::of([
        file("typo", &json!({"name": "typo", "feilds": []})),
        file("float", &json!({"name": "float", "fields": [{"name": "a", "type": "FLOAT"}]})),
    ]);
    let mistakes = organization_tables(&configs).unwrap_err();
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert!(mistakes[0].starts_with("setup/organization/float.json: unknown variant `FLOAT`"));
    assert!(mistakes[1].starts_with("setup/organization/typo.json: unknown field `feilds`"));
    table(&configs, "setup/organization/absent.json").unwrap_err();
}

#[test]
fn a_schema_without_a_name_is_no_table_of_its_own() {
    let fields = json!([{"name": "a", "type": "STRING"}]);
    let configs = Configs::of([
        file("family", &json!({"fields": fields})),
        file("one", &json!({"name": "one", "fields": fields})),
    ]);
    let names: Vec<_> =
        organization_tables(&configs).unwrap().into_iter().map(|table| table.name).collect();
    assert_eq!(names, ["one"]);
}

#[test]
fn the_list_of_tables_and_the_files_must_agree() {
    let table = |name: &str| {
        let content = json!({"name": name, "fields": [{"name": "a", "type": "STRING"}]});
        (format!("setup/bootstrap/schemas/{name}.json"), content.to_string())
    };
    let config = "description: d\ntables:\n  - one\n  - two\n  - one\n";
    let configs = Configs::of([
        ("setup/bootstrap/config.yml".to_owned(), config.to_owned()),
        table("one"),
        table("three"),
    ]);
    insta::assert_snapshot!(bootstrap_tables(&configs).unwrap_err().join("\n"), @r#"
    setup/bootstrap/config.yml:5: `one` stands here twice
    setup/bootstrap/config.yml: it does not list setup/bootstrap/schemas/three.json
    setup/bootstrap/schemas/two.json: the file is missing
    "#);
}

#[test]
fn columns_can_be_added_and_nothing_else() {
    use ColumnType::{Integer, String};
    use Mode::{Nullable, Repeated, Required};
    let table = [column("a", String, Nullable), column("newer", String, Nullable)];
    let with = |fields| compare(Some(&table), &schema(fields));
    let a = || column("a", String, Nullable);
    assert_eq!(compare(None, &schema(vec![a()])), Ok(Difference::Missing));
    assert_eq!(with(vec![a()]), Ok(Difference::Nothing));
    let lacks = with(vec![a(), column("b", Integer, Nullable), column("c", String, Repeated)]);
    assert_eq!(lacks, Ok(Difference::Lacks(vec!["b".to_owned(), "c".to_owned()])));
    let mistakes = with(vec![
        column("a", Integer, Nullable),
        column("b", String, Required),
        column("newer", String, Repeated),
    ]);
    insta::assert_snapshot!(mistakes.unwrap_err().join("\n"), @r#"
    t.a: it is Nullable String and cannot become Nullable Integer
    t.b: a column that is added later cannot be REQUIRED
    t.newer: it is Nullable String and cannot become Repeated String
    "#);
}
