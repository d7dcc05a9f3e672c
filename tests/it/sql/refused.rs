//! What the emulator takes and BigQuery does not: the analyzer refuses it.

use std::collections::BTreeMap;

use convergence::configs::Configs;
use integration_tests::{
    emulators::needed,
    sqlcheck::{Statement, judge},
};

use super::catalogue::tables;

/// Right, so that the wrong ones below are known to be refused for what is wrong with them.
const RIGHT: [&str; 3] = [
    "SELECT SUM(BilledCost) FROM costs WHERE x_charge_date = @day AND x_source_id = @source",
    "DELETE FROM focus_aws WHERE x_charge_date = @day",
    "MERGE focus_aws t USING _staging_focus_aws s ON FALSE WHEN NOT MATCHED BY SOURCE AND \
     t.x_charge_date = @day THEN DELETE WHEN NOT MATCHED THEN INSERT (SkuId) VALUES (s.SkuId)",
];

const WRONG: [&str; 21] = [
    "SELECT 1 FROM costs WHERE SkuId ILIKE 'a%'",
    "SELECT strftime(x_charge_date, '%Y') FROM costs",
    "SELECT \"SkuId\".x FROM costs",
    "SELECT SkuId FROM \"costs\"",
    "SELECT 1 FROM costs WHERE x_charge_date = x_source_id",
    "SELECT 1 FROM costs WHERE x_source_id = 1",
    "DELETE FROM focus_aws",
    "UPDATE focus_aws SET SkuId = 'a'",
    "SELECT 1::INT64",
    "SELECT nothing FROM costs",
    "SELECT 1 FROM nowhere",
    "SELECT @undeclared",
    "SELECT x_source_id, SUM(BilledCost) FROM costs",
    "SELECT 1 UNION SELECT 2",
    "SELECT CAST(1 AS BIGNUMERIC(90, 40))",
    "SELECT DISTINCT ON (SkuId) SkuId FROM costs",
    "SELECT JSON '1' = JSON '1'",
    "SELECT 1 + 'a'",
    "INSERT INTO focus_aws (BilledCost) VALUES ('a')",
    "MERGE focus_aws t USING _staging_focus_aws s ON FALSE WHEN NOT MATCHED THEN INSERT (SkuId, BilledCost) \
     VALUES (s.SkuId, s.SkuId)",
    "SELEC 1",
];

fn verdicts(statements: &[&str]) -> Option<Vec<Option<String>>> {
    let parameters = BTreeMap::from(
        [("day", "DATE"), ("source", "STRING")].map(|(name, of)| (name.into(), of.into())),
    );
    let statement = |sql: &&str| Statement {
        name: (*sql).to_owned(),
        sql: (*sql).to_owned(),
        parameters: parameters.clone(),
    };
    let statements: Vec<_> = statements.iter().map(statement).collect();
    let verdicts = needed(judge(&tables(&Configs::embedded()), &statements))?;
    Some(verdicts.into_iter().map(|verdict| verdict.error).collect())
}

#[test]
fn wrong_statements_are_refused_with_the_place_that_is_wrong() {
    let Some(right) = verdicts(&RIGHT) else { return };
    assert_eq!(right, [const { None }; 3], "these are right");
    let wrong = verdicts(&WRONG).expect("it is here");
    let taken: Vec<_> =
        WRONG.iter().zip(&wrong).filter(|(_, error)| error.is_none()).map(|(sql, _)| sql).collect();
    assert!(taken.is_empty(), "taken although wrong: {taken:#?}");
    let unknown = WRONG.iter().position(|sql| sql.contains("nothing")).expect("it is there");
    let at = wrong[unknown].as_deref().expect("an error");
    assert!(at.contains("Unrecognized name: nothing [at 1:8]"), "{at}");
}
