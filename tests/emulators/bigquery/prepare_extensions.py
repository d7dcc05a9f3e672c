"""Installs the DuckDB extensions that bqemulator wants into HOME, from their wheels: it would download them otherwise."""

import importlib.util
import pathlib

import duckdb

connection = duckdb.connect()
for name in ("spatial", "avro"):
    wheel = pathlib.Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
    file = wheel / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    connection.execute(f"INSTALL '{file}'")
    connection.execute(f"INSTALL {name}")
    connection.execute(f"LOAD {name}")
