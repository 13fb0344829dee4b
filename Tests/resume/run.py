#!/usr/bin/env python3
"""Kills `mergeshift bench` at random moments and compares what resuming gives with an uninterrupted run.

    python3 Tests/resume/run.py .build/release/mergeshift [--plan PLAN] [--kills 20] [--seed 0] [ARG ...]

Each kill is a SIGKILL after a random share of the time that the uninterrupted run took; the next start
goes on in the same folder, and a folder that is finished is left for a new one. All CSV files must be
equal but for the columns that depend on the machine. Further arguments go to `bench`.
"""
import argparse
import csv
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

MACHINE = {"seconds", "adaptation_seconds", "seconds_per_step", "peak_memory_bytes", "threads", "blas",
           "cpu_path"}


def tables(folder):
    """The rows of every CSV file, without the columns of the machine."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            found[path.name] = [{k: v for k, v in row.items() if k not in MACHINE}
                                for row in csv.DictReader(file)]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    checkout = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--plan", default=checkout / "fixtures/plans/forget.yaml")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options, others = parser.parse_known_args()
    draw = random.Random(options.seed)
    work = pathlib.Path(tempfile.mkdtemp(prefix="mergeshift-resume-"))

    def start(folder):
        return subprocess.Popen([options.tool, "bench", str(options.plan), "-o", str(folder)] + others,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    try:
        began = time.monotonic()
        whole = start(work / "whole")
        errors = whole.communicate()[1]
        length = time.monotonic() - began
        if whole.returncode != 0:
            sys.exit(f"the uninterrupted run ends with {whole.returncode}:\n{errors}")
        expected = tables(work / "whole")
        print(f"uninterrupted: {length:.1f} s, " +
              ", ".join(f"{name} {len(rows)} rows" for name, rows in expected.items()))
        kills, rounds = 0, 0
        while kills < options.kills:
            rounds += 1
            folder = work / f"killed-{rounds}"
            while True:
                run = start(folder)
                moment = draw.uniform(0, 0.5 * length) if kills < options.kills else None
                try:
                    _, errors = run.communicate(timeout=moment)
                except subprocess.TimeoutExpired:
                    run.send_signal(signal.SIGKILL)
                    run.communicate()
                    kills += 1
                    cells = len(list(folder.glob("cells/*/*.json")))
                    print(f"kill {kills}: after {moment:.2f} s, {cells} cells kept")
                    continue
                break
            if run.returncode != 0:
                sys.exit(f"a resumed run ends with {run.returncode}:\n{errors}")
            found = tables(folder)
            for name in sorted(set(expected) | set(found)):
                if found.get(name) != expected.get(name):
                    sys.exit(f"{name} of round {rounds} differs from the uninterrupted run's")
        print(f"{kills} kills in {rounds} rounds: all tables equal the uninterrupted run's")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
