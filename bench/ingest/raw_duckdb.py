#!/usr/bin/env python3
"""Raw DuckDB: one typed `CREATE TABLE AS … read_csv` into a database file. It checks nothing but the types.

Usage: raw_duckdb.py FILE DATABASE. Types are those of `configs/setup/organization/focus.json`.
"""

import json
import pathlib
import sys

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPES = {"BIGNUMERIC": "DECIMAL(38,18)", "TIMESTAMP": "TIMESTAMPTZ"}


def columns(file: str) -> dict[str, str]:
    """Each column of the file with its type; what FOCUS 1.4 does not know is text."""
    fields = json.loads((ROOT / "configs/setup/organization/focus.json").read_text())["fields"]
    kinds = {field["name"]: TYPES.get(field["type"], "VARCHAR") for field in fields}
    with open(file, encoding="utf-8") as text:
        names = [name.strip('"') for name in text.readline().rstrip("\r\n").split(",")]
    return {name: kinds.get(name, "VARCHAR") for name in names}


def main() -> None:
    file, database = sys.argv[1:]
    connection = duckdb.connect(database)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        f"CREATE TABLE focus AS FROM read_csv(?, columns = {columns(file)}, header = true, nullstr = ['NULL', ''])",
        [file],
    )
    connection.execute("CHECKPOINT")
    print(json.dumps(dict(zip(["rows", "billed"], map(str, connection.sql("SELECT count(*), sum(BilledCost) FROM focus").fetchone())))))


if __name__ == "__main__":
    main()
