#!/usr/bin/env python3
"""A large FOCUS file from the sample of `demo/`: its rows again and again, shuffled within each repetition.

Usage: bench/ingest/generate.py OUT [--rows N] [--seed S]. The same rows and seed give the same bytes, and every
thousand rows have the sums of the sample, so that those of the whole file are known beforehand.
"""

import argparse
import pathlib
import random

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "demo" / "focus-1.0-sample-1000.csv"


def generate(out: pathlib.Path, rows: int, seed: int) -> None:
    """Writes beside `out` first: a file of that name is always whole."""
    header, *lines = SAMPLE.read_bytes().splitlines(keepends=True)
    shuffle, part = random.Random(seed).shuffle, out.with_suffix(".part")
    with part.open("wb") as file:
        file.write(header)
        for left in range(rows, 0, -len(lines)):
            shuffle(lines)
            file.writelines(lines[:left])
    part.rename(out)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=14)
    given = arguments.parse_args()
    generate(given.out, given.rows, given.seed)


if __name__ == "__main__":
    main()
