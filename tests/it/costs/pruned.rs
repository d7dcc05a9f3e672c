//! What a question reads: the partitions of its days, and no column more than it names.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    configs::Configs,
    costs::{Columns, shipped},
    focus::Model,
    org::OrgSlug,
    setup,
    warehouse::prql::{Dialect, compile},
};

/// The partition column of each table that questions read.
fn partitions(configs: &Configs) -> BTreeMap<String, String> {
    let focus = ["costs", "focus_gcp"].map(|it| (it.to_owned(), "x_charge_date".to_owned()));
    let mut partitions = BTreeMap::from(focus);
    let ledgers = setup::bootstrap_tables(configs).unwrap();
    let folder =
        configs.below("setup/organization/").filter(|(path, _)| !path.ends_with("focus.json"));
    let own = folder.map(|(path, _)| setup::table(configs, path).unwrap());
    for table in ledgers.into_iter().chain(own) {
        partitions.extend(table.partition_by.map(|column| (table.name, column)));
    }
    partitions
}

/// The parts of a statement that read a table: from its name to the next bracket that closes.
fn reads<'a>(sql: &'a str, table: &str) -> Vec<&'a str> {
    let from = format!("FROM {table} ");
    let ends = |rest: &'a str| rest.find(" GROUP BY ").unwrap_or(rest.len());
    sql.match_indices(&from).map(|(at, _)| &sql[at..][..ends(&sql[at..])]).collect()
}

#[test]
fn every_question_names_its_days_and_its_columns() {
    let configs = Configs::embedded();
    let partitions = partitions(&configs);
    let columns = Columns::new(Arc::new(Model::read(&configs).unwrap()));
    let questions = shipped(&columns, &OrgSlug::parse("acme").unwrap()).unwrap();
    assert!(questions.len() > 8);
    for question in questions {
        let sql = compile(&question, Dialect::BigQuery).unwrap().sql;
        let name = question.name;
        let (mut read, stars) = (0, sql.replace("COUNT(*)", ""));
        assert!(!stars.contains('*'), "{name} reads whatever there is: {sql}");
        for (table, column) in &partitions {
            for part in reads(&sql, table) {
                read += 1;
                for bound in [format!("{column} >= @"), format!("{column} < @")] {
                    assert!(part.contains(&bound), "{name} reads all of {table}: {part}");
                }
            }
        }
        assert!(read > 0, "{name} reads no table that is known: {sql}");
    }
}
