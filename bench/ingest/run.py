#!/usr/bin/env python3
"""A million FOCUS rows, in one command: ours, raw DuckDB and dlt, in turns, on the same file.

Usage: bench/ingest/run.py [--rows N] [--runs N]. `make bench` builds the command first. Python packages go into
`.cache/bench/venv`, the file (generated from a seed) and the databases into `.cache/bench`.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
import typing
from decimal import Decimal

from generate import generate

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "bench"
WORK = CACHE / "work"
COMMAND = ROOT / "target" / "release" / "convergence"
PACKAGES = ["dlt[duckdb]==1.31.0", "duckdb==1.5.6", "pyarrow==26.0.1"]
# The sums of the thousand rows of the sample, as Python's `decimal` gives them.
BILLED_OF_THOUSAND = Decimal("20.52022672899")
GOAL_MIB = 400


def python() -> pathlib.Path:
    """The interpreter of the virtual environment, which is made where it is not complete."""
    folder = CACHE / "venv"
    marker = folder / "packages"
    wanted = "\n".join(PACKAGES)
    if not marker.exists() or marker.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
        marker.write_text(wanted)
    return folder / "bin" / "python"


def environment() -> dict[str, str]:
    """Data, credentials and spilled files of a run stay in its own folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(WORK),
        "DATA_DIR": str(WORK / "data"),
        "CONVERGENCE_CREDENTIALS": str(WORK / "credentials.toml"),
        "LOG_LEVEL": "error",
    }


class Took(typing.NamedTuple):
    """What one process took, and what it wrote."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    written: str


def run(*arguments: object) -> Took:
    begin = time.perf_counter()
    process = subprocess.Popen([str(argument) for argument in arguments], env=environment(), stdout=subprocess.PIPE, cwd=WORK)
    written = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}:\n{written}")
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, written)


def ours(_: pathlib.Path, file: pathlib.Path) -> Took:
    """Only the import is timed: the organization is there already, as it is in real life."""
    run(COMMAND, "bootstrap")
    run(COMMAND, "onboard", "bench", "--company", "Bench", "--email", "bench@convergence.example", "--plan", "enterprise")
    took = run(COMMAND, "--json", "ingest", file)
    costs = run(COMMAND, "--json", "costs", "--from", "2024-09-01", "--to", "2024-10-31")
    return took._replace(written=costs.written)


def raw_duckdb(interpreter: pathlib.Path, file: pathlib.Path) -> Took:
    return run(interpreter, HERE / "raw_duckdb.py", file, WORK / "raw.duckdb")


def dlt(interpreter: pathlib.Path, file: pathlib.Path) -> Took:
    return run(interpreter, HERE / "dlt_copy.py", file, WORK / "copy.duckdb")


WAYS = {
    "`convergence ingest`: typed, every check, atomic replace, roll-up, ledgers": ours,
    "raw DuckDB: `CREATE TABLE AS … read_csv`, typed": raw_duckdb,
    "dlt, Arrow path: all text, no checks": dlt,
}


def measure(way, interpreter: pathlib.Path, file: pathlib.Path) -> Took:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    try:
        return way(interpreter, file)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000, help="a multiple of 1,000")
    arguments.add_argument("--runs", type=int, default=3)
    given = arguments.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    file, interpreter = CACHE / f"focus-{given.rows}.csv", python()
    if not file.exists():
        generate(file, given.rows, seed=14)
    found = {name: [] for name in WAYS}
    for _ in range(given.runs):
        for name, way in WAYS.items():
            found[name].append(measure(way, interpreter, file))
    report(given, file, found)


def report(given: argparse.Namespace, file: pathlib.Path, found: dict[str, list[Took]]) -> None:
    print(f"{given.rows:,} rows, {file.stat().st_size / 1e6:.0f} MB of CSV, {os.cpu_count()} cores, {given.runs} runs in turns\n")
    print("| way | seconds: median (least to most) | CPU seconds | peak MiB | of raw DuckDB's time |")
    print("| --- | --- | --- | --- | --- |")
    ours, raw, _ = WAYS
    median = {name: statistics.median(took.seconds for took in runs) for name, runs in found.items()}
    for name, runs in found.items():
        times = [took.seconds for took in runs]
        cpu, peak = statistics.median(took.cpu_seconds for took in runs), max(took.peak_mib for took in runs)
        print(f"| {name} | {median[name]:.1f} ({min(times):.1f} to {max(times):.1f}) | {cpu:.1f} | {peak:.0f} | {median[name] / median[raw]:.2f} |")
    billed = BILLED_OF_THOUSAND * (given.rows // 1000)
    exact = all(str(billed.normalize()) in took.written for name in (ours, raw) for took in found[name])
    met = median[ours] <= median[raw] and max(took.peak_mib for took in found[ours]) <= GOAL_MIB
    print(f"\nGoals: no slower than raw DuckDB, at most {GOAL_MIB} MiB: {'met' if met else 'NOT met'}.")
    print(f"BilledCost adds up to {billed} in ours and in raw DuckDB: {'yes' if exact else 'NO'}.")


if __name__ == "__main__":
    main()
