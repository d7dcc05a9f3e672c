#!/usr/bin/env python3
"""Each function, release build: from exec to the first 200 of /health, and the memory it then holds.

Usage: bench/functions/run.py [--runs N]. The programs are built first: `make bench` does.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FUNCTIONS = ["bootstrap", "costs", "integrations", "onboard", "run-pipeline", "scheduler"]
GOAL_MS, GOAL_MIB = 10, 12
REQUEST = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def first_answer(port: int, deadline: float) -> None:
    """Asks until somebody answers 200; the waits in between are a tenth of a millisecond."""
    while time.perf_counter() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(REQUEST)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except ConnectionRefusedError:
            time.sleep(0.0001)
    raise SystemExit(f"nobody answered on port {port}")


def resident_mib(pid: int) -> float:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no VmRSS in /proc")


def measure(program: pathlib.Path) -> tuple[float, float]:
    port, folder = free_port(), tempfile.mkdtemp(prefix="bench-")
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "DATA_DIR": folder,
        "LOG_LEVEL": "error",
    }
    begin = time.perf_counter()
    process = subprocess.Popen([program], env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        first_answer(port, begin + 10)
        return (time.perf_counter() - begin) * 1000, resident_mib(process.pid)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=20)
    runs = arguments.parse_args().runs
    print(f"| function | program, MiB | exec to /health, ms: median (worst of {runs}) | RSS, MiB |")
    print("| --- | --- | --- | --- |")
    met = True
    for function in FUNCTIONS:
        program = ROOT / "target" / "release" / function
        measured = [measure(program) for _ in range(runs)]
        times, memory = [ms for ms, _ in measured], max(mib for _, mib in measured)
        size = program.stat().st_size / 2**20
        median = statistics.median(times)
        met = met and median <= GOAL_MS and memory <= GOAL_MIB
        print(f"| {function} | {size:.1f} | {median:.1f} ({max(times):.1f}) | {memory:.1f} |")
    print(f"\nGoals: {GOAL_MS} ms and {GOAL_MIB} MiB: {'met' if met else 'NOT met'}.")


if __name__ == "__main__":
    main()
