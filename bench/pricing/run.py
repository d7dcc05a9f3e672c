#!/usr/bin/env python3
"""Rows of usage priced a second, release build: the time of many rows without that of none.

Usage: bench/pricing/run.py [--runs N]. The program is built first: `make bench` does.
"""

import argparse
import pathlib
import statistics
import subprocess
import time

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "target/release/examples/pricing"
ROWS = 10_000_000
GOAL = 1_000_000


def seconds(rows: int) -> float:
    begin = time.perf_counter()
    said = subprocess.run([PROGRAM, str(rows)], check=True, capture_output=True, text=True).stdout
    assert said.startswith(f"{rows} rows"), said
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    rates = [ROWS / (seconds(ROWS) - seconds(0)) for _ in range(runs)]
    middle = statistics.median(rates)
    print(f"rows a second: {middle:,.0f} ({min(rates):,.0f} to {max(rates):,.0f}); goal {GOAL:,}")
    print(f"reading the prices: {statistics.median(seconds(0) for _ in range(runs)) * 1000:.0f} ms")


main()
