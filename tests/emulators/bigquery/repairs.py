"""Four repairs of bqemulator 1.4.0, made in memory before it starts.

They reach into private names: the version is pinned in requirements.in, and each repair fails loudly when its target is gone.
"""

import pyarrow
from bqemulator.api.routes import jobs, tabledata
from bqemulator.domain.errors import AlreadyExistsError, ErrorDetail
from bqemulator.grpc_api import write_servicer
from bqemulator.storage import type_map

AMOUNT = "DECIMAL(38, 18)"


def apply_all() -> None:
    """Makes every repair, once per process."""
    store_bignumeric_as_38_18()
    read_arrow_bignumeric_as_38_18()
    allow_unnamed_stream_after_first_request()
    refuse_job_id_used_before()


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
