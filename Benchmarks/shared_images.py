#!/usr/bin/env python3
"""What shared images save: the seven-corruption table with six methods, sharing on against sharing off.

    swift build -c release --product mergeshift
    Benchmarks/shared_images.py [--tool .build/release/mergeshift] [--repeats 3] [--steps 8]

Both run in turn on the embedded suite; medians are quoted. With sharing off (`bench --image-memory 0`)
every cell decodes, corrupts and crops its own images once; with sharing on the cells of one corruption
take the same ones. The results of both are compared, row by row.
"""
import argparse
import csv
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[1]
PLAN = """name: shared-images
suite: {suite}
adaptation: paper
steps: {steps}
batches_per_step: 1
batch_size: 8
methods: {methods}
severity: 3
experiments:
  - name: corruptions
    seen: [vehicles, land-cover, aerial-scenes, traffic-signs]
    corruptions: [clean, motion_blur, impulse_noise, gaussian_noise, pixelate, spatter, contrast, jpeg_compression]
"""
STATIC = ["pretrained", "weight-averaging", "task-arithmetic", "ties"]
ALL = STATIC + ["adamerging-taskwise", "adamerging-layerwise"]
MEASURED = ["method", "task", "corruption", "accuracy", "mean_prediction_entropy_nats", "mean_prediction_entropy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=CHECKOUT / ".build/release/mergeshift")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--steps", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for name, methods in [("six methods", ALL), ("the four of them that do not adapt", STATIC)]:
            plan = work / "plan.yaml"
            plan.write_text(PLAN.format(suite=CHECKOUT / "fixtures/suite.yaml", steps=options.steps,
                                        methods=f"[{', '.join(methods)}]"))
            times, rows = {"2048": [], "0": []}, {}
            for repeat in range(options.repeats):
                for memory in times:
                    output = work / f"{len(methods)}-{memory}-{repeat}"
                    began = time.monotonic()
                    subprocess.run([str(options.tool), "bench", str(plan), "-o", str(output),
                                    "--image-memory", memory], check=True, capture_output=True)
                    times[memory].append(time.monotonic() - began)
                    with open(output / "results.csv", newline="") as file:
                        rows[memory] = [[row[key] for key in MEASURED if key in row]
                                        for row in csv.DictReader(file)]
            if rows["0"] != rows["2048"]:
                sys.exit("the results differ")
            shared, own = statistics.median(times["2048"]), statistics.median(times["0"])
            print(f"{name}: shared {shared:.1f} s, own {own:.1f} s, ratio {own / shared:.2f}; "
                  f"{len(rows['0'])} rows equal")


if __name__ == "__main__":
    main()
