#!/usr/bin/env python3
"""dlt's fastest path into DuckDB: Arrow tables of text, which it hands on without looking at the values.

Usage: dlt_copy.py FILE DATABASE. Nothing is typed or checked: every column stays text.
"""

import json
import os
import pathlib
import sys
import tempfile

import dlt
import duckdb
import pyarrow as pa
import pyarrow.csv

os.environ["NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID"] = "false"
os.environ["DATA_WRITER__DISABLE_COMPRESSION"] = "true"
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"


def tables(file: str):
    """The file in tables of text."""
    with open(file, encoding="utf-8") as text:
        names = [name.strip('"') for name in text.readline().rstrip("\r\n").split(",")]
    reader = pyarrow.csv.open_csv(
        file,
        read_options=pyarrow.csv.ReadOptions(block_size=16 << 20),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=["NULL", ""], strings_can_be_null=True
        ),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


def main() -> None:
    file, database = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=pathlib.Path(database).parent) as work:
        pipeline = dlt.pipeline("bench", pipelines_dir=work, destination=dlt.destinations.duckdb(database), dataset_name="dlt")
        pipeline.run(tables(file), table_name="focus", loader_file_format="parquet", write_disposition="replace")
    connection = duckdb.connect(database)
    print(json.dumps({"rows": str(connection.sql("SELECT count(*) FROM dlt.focus").fetchone()[0])}))


if __name__ == "__main__":
    main()
