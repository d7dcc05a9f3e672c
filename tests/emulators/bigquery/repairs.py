"""Eleven repairs of bqemulator 1.4.0, made in memory before it starts.

They reach into private names: the version is pinned in requirements.in, and each repair fails loudly when its target is gone.
"""

import re
import threading

import pyarrow
from bqemulator.api.routes import jobs, tabledata, tables
from bqemulator.catalog import ddl_sync
from bqemulator.catalog.memory_repository import MemoryCatalogRepository
from bqemulator.domain.errors import AlreadyExistsError, ErrorDetail
from bqemulator.grpc_api import read_servicer, write_servicer
from bqemulator.jobs import executor
from bqemulator.sql import parameters, translator
from bqemulator.storage import engine, type_map
from bqemulator.streaming import read_session
from google.cloud.bigquery_storage_v1 import types as storage

AMOUNT = "DECIMAL(38, 18)"


def apply_all() -> None:
    """Makes every repair, once per process."""
    store_bignumeric_as_38_18()
    read_arrow_bignumeric_as_38_18()
    allow_unnamed_stream_after_first_request()
    refuse_job_id_used_before()
    read_answers_by_storage_read()
    add_patched_columns()
    take_turns_on_the_connection()
    bind_no_parameters_in_literals()
    count_in_whole_numbers()
    keep_the_case_of_columns()
    keep_whether_filters_are_required()


def store_bignumeric_as_38_18() -> None:
    """BIGNUMERIC is kept as DECIMAL(38, 18): the published DECIMAL(76, 38) does not exist in DuckDB."""
    type_map._BQ_TO_DUCKDB["BIGNUMERIC"] = AMOUNT
    type_map._DUCKDB_TO_BQ[AMOUNT] = "BIGNUMERIC"


def read_arrow_bignumeric_as_38_18() -> None:
    """The same for rows that arrive as Arrow, by Storage Write and insertAll."""
    published = tabledata._bq_type_to_arrow

    def repaired(bq_type: str) -> pyarrow.DataType:
        return pyarrow.decimal128(38, 18) if bq_type.upper() == "BIGNUMERIC" else published(bq_type)

    tabledata._bq_type_to_arrow = repaired


def allow_unnamed_stream_after_first_request() -> None:
    """After a connection's first append the stream's name may be left out, as Google's clients do."""
    servicers = [it for it in vars(write_servicer).values() if hasattr(it, "_ensure_stream_bound")]
    if not servicers:
        raise RuntimeError("bqemulator has no _ensure_stream_bound any more")
    for servicer in servicers:
        servicer._ensure_stream_bound = _named_by_binding(servicer._ensure_stream_bound)


def _named_by_binding(published):
    def repaired(self, stream_name, bound, context):
        return published(self, stream_name or (bound[0].name if bound else stream_name), bound, context)

    return repaired


def refuse_job_id_used_before() -> None:
    """A second job under an id is 409 `duplicate`; published, the job runs twice."""
    run_query, run_load = jobs._handle_query_job, jobs._handle_load_job_with_async_envelope

    async def query(project_id, job_id, config, **rest):
        _refuse_if_known(rest["ctx"], project_id, job_id)
        return await run_query(project_id, job_id, config, **rest)

    async def load(project_id, job_id, config, ctx):
        _refuse_if_known(ctx, project_id, job_id)
        return await run_load(project_id, job_id, config, ctx)

    jobs._handle_query_job, jobs._handle_load_job_with_async_envelope = query, load


def _refuse_if_known(ctx, project_id: str, job_id: str) -> None:
    if ctx.catalog.get_job(project_id, job_id) is not None:
        message = f"Already Exists: Job {project_id}:{job_id}"
        raise AlreadyExistsError(message, details=[ErrorDetail(reason="duplicate", message=message)])


def read_answers_by_storage_read() -> None:
    """An answer's anonymous table can be read by the Storage Read API, as in BigQuery; published, it is not found."""
    handler = read_servicer.BigQueryReadHandler
    published = handler._handle_create_read_session

    def repaired(self, request_bytes, context):
        session = storage.CreateReadSessionRequest.deserialize(request_bytes).read_session
        answer = _answer(session.table)
        if answer is None:
            return published(self, request_bytes, context)
        state = read_session.create_read_session(project_id=session.table.split("/")[1], table_ref=session.table, arrow_table=answer)
        response = read_servicer._build_read_session_response(
            state=state,
            read_session=session,
            session_format=read_session.FORMAT_ARROW,
            wire_format=storage.DataFormat.ARROW,
            arrow_table=answer,
        )
        return storage.ReadSession.serialize(response)

    handler._handle_create_read_session = repaired


def _answer(table: str) -> pyarrow.Table | None:
    _, _, name = table.partition(f"/datasets/{executor._ANONYMOUS_RESULTS_DATASET}/tables/anon")
    answers = (answer for job, answer in executor.JOB_RESULTS.items() if name and job.replace("-", "") == name)
    return next(answers, None)


def add_patched_columns() -> None:
    """Columns that `tables.patch` adds are in the data too; published, only the catalogue has them."""
    published = MemoryCatalogRepository.update_table

    def repaired(self, table):
        known = {field.name for field in self.get_table(table.project_id, table.dataset_id, table.table_id).schema_.fields}
        added = [tables._field_to_rest(field) for field in table.schema_.fields if field.name not in known]
        place = tables.quoted_table_ref(table.project_id, table.dataset_id, table.table_id)
        for name, kind in tables.bq_schema_to_duckdb_columns(added):
            self._engine.execute(f'ALTER TABLE {place} ADD COLUMN IF NOT EXISTS "{name}" {kind}')
        return published(self, table)

    MemoryCatalogRepository.update_table = repaired


class Rows:
    """What a statement returned, taken off the connection."""

    def __init__(self, rows: list[tuple], fetch_arrow_table):
        self._rows, self.fetch_arrow_table = rows, fetch_arrow_table

    def fetchall(self) -> list[tuple]:
        return self._rows

    def fetchone(self) -> tuple | None:
        return self._rows[0] if self._rows else None


def take_turns_on_the_connection() -> None:
    """REST and gRPC threads use one connection; published, a statement of one ends the fetching of another's rows."""
    turn = threading.RLock()
    published, flush = engine.DuckDBEngine.execute, write_servicer.BigQueryWriteHandler._flush_to_target

    def execute(self, sql, parameters=None):
        with turn:
            result = published(self, sql, parameters)
            rows = result.fetchall() if result.description else []
            return Rows(rows, lambda: fetch_arrow(self, sql, parameters))

    def fetch_arrow(self, sql, parameters=None):
        with turn:
            result = published(self, sql, parameters)
            columns = result.description
            return engine._annotate_with_duckdb_types(result.to_arrow_table(), columns)

    def flush_to_target(self, stream, rows):
        with turn:
            flush(self, stream, rows)

    engine.DuckDBEngine.execute, engine.DuckDBEngine.fetch_arrow = execute, fetch_arrow
    write_servicer.BigQueryWriteHandler._flush_to_target = flush_to_target


def bind_no_parameters_in_literals() -> None:
    """`'$name'` is text; published, the name in it is taken for a parameter."""
    published = parameters._bind_named

    def repaired(sql, params):
        literals = []

        def hide(literal: re.Match) -> str:
            literals.append(literal.group())
            return f"'{len(literals) - 1}'"

        bound, values = published(re.sub(r"'(?:[^']|'')*'", hide, sql), params)
        return re.sub(r"'(\d+)'", lambda hidden: literals[int(hidden.group(1))], bound), values

    parameters._bind_named = repaired


def count_in_whole_numbers() -> None:
    """A table made of counts and sums of integers has INTEGER columns; published, DuckDB's 128 bits become NUMERIC."""
    published = ddl_sync._arrow_field_to_table_field

    def repaired(field, **rest):
        whole = field.type == pyarrow.decimal128(38, 0)
        return published(field.with_type(pyarrow.int64()) if whole else field, **rest)

    ddl_sync._arrow_field_to_table_field = repaired


def keep_the_case_of_columns() -> None:
    """A table made by a query has its columns as they were written; published, some queries come out in lower case."""
    published = translator.qualify

    def repaired(expression, **options):
        return published(expression, **{**options, "dialect": "duckdb, normalization_strategy=case_sensitive"})

    translator.qualify = repaired


def keep_whether_filters_are_required() -> None:
    """A table keeps its `requirePartitionFilter`; published, it has one in `timePartitioning` only, as BigQuery once had."""
    parse, show = tables._rest_to_table_meta, tables._table_to_rest

    def parsed(project_id, dataset_id, body, clock, existing=None):
        table = parse(project_id, dataset_id, body, clock, existing)
        before = existing.time_partitioning.require_partition_filter if existing and existing.time_partitioning else False
        if not table.time_partitioning:
            return table
        required = {"require_partition_filter": body.get("requirePartitionFilter", before)}
        return table.model_copy(update={"time_partitioning": table.time_partitioning.model_copy(update=required)})

    def shown(table):
        body = show(table)
        if body.get("timePartitioning", {}).pop("requirePartitionFilter", False):
            body["requirePartitionFilter"] = True
        return body

    tables._rest_to_table_meta, tables._table_to_rest = parsed, shown
