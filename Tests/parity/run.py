#!/usr/bin/env python3
"""Holds MergeShift against PyTorch and transformers on random small checkpoints of every layout.

    pip install torch transformers open_clip_torch safetensors numpy
    swift build -c release --product mergeshift
    Tests/parity/run.py            # every layout: a minute
    Tests/parity/run.py --large    # and one of the size of ViT-B/32: 12 GB of memory,
                                   # some seven minutes of two cores

For each layout it writes base model, experts, heads, inputs and what PyTorch computes of them in
float64 (oracle.py) into a folder, calls `mergeshift doctor --parity` on it, merges with `mergeshift
merge` and loads the result where the base model came from (merges.py). One table sums it up; the
exit code is 1 if anything is over its tolerance. `--goldens DIR` writes the small set that the
tests in Swift use.

Seen with torch 2.15.0, transformers 5.24.0, open_clip_torch 3.3.0, safetensors 0.8.0, numpy 2.4.6.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import layouts  # noqa: E402
import merges  # noqa: E402
import oracle  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROW = re.compile(r"^(\S.*?)  +(\S+)  +(\S+)  +(\S+)  +(yes|NO)$")
TINY = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=8, patch_size=4,
            intermediate_size=24, projection_dim=12)


def doctor(tool, folder):
    """Quantity -> (largest error, tolerance, whether all is well), as the command prints it."""
    done = subprocess.run([tool, "doctor", "--parity", folder], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{folder}: doctor ended with {done.returncode}: {done.stderr}")
    table = {}
    for line in done.stdout.splitlines():
        match = ROW.match(line)
        if not match or match[1] == "quantity":
            continue
        error, tolerance, well = float(match[3]), float(match[4]), match[5] == "yes"
        old = table.get(match[1], (0.0, tolerance, True))
        table[match[1]] = (max(old[0], error), tolerance, old[2] and well)
    assert table and all(row[2] for row in table.values()) == (done.returncode == 0), done.stdout
    return table


def check(tool, layout, folder, **options):
    """Prints a layout's rows, and tells whether all are within tolerance."""
    made = oracle.write(layout, folder, **options)
    rows = [(quantity, *row) for quantity, row in doctor(tool, folder).items()]
    rows += [(f"merge, {method}", *row) for method, *row in merges.check(tool, layout, folder, made)]
    for quantity, error, tolerance, well in rows:
        print(f"{layout.name:<28}{quantity:<26}{error:<10.1e}{tolerance:<10.1e}"
              f"{'yes' if well else 'NO'}", flush=True)
    return all(row[3] for row in rows)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layouts", nargs="*", help="names of layouts; default: all")
    parser.add_argument("--large", action="store_true", help="one of the size of ViT-B/32, too")
    parser.add_argument("--tool", default=os.path.join(ROOT, ".build", "release", "mergeshift"))
    parser.add_argument("--keep", metavar="DIR", help="keep the folders here")
    parser.add_argument("--goldens", metavar="DIR", help="write the tests' small set, and no more")
    arguments = parser.parse_args()
    torch.set_num_threads(os.cpu_count() if arguments.large else 1)
    if arguments.goldens:
        layout = layouts.HuggingFace("clip-tiny", sizes=TINY)
        oracle.write(layout, arguments.goldens, classes=(3, 4), batch=2)
        return
    known = {layout.name: layout for layout in [*layouts.ALL, layouts.LARGE]}
    unknown = [name for name in arguments.layouts if name not in known]
    if unknown:
        parser.error(f"no layout {unknown[0]}; there are {', '.join(known)}")
    chosen = [known[name] for name in arguments.layouts] or list(layouts.ALL)
    if arguments.large and layouts.LARGE not in chosen:
        chosen.append(layouts.LARGE)
    folder = arguments.keep or tempfile.mkdtemp(prefix="mergeshift-parity-")
    print(f"{'layout':<28}{'quantity':<26}{'error':<10}{'tolerance':<10}ok")
    failed = []
    try:
        for layout in chosen:
            options = dict(classes=(10, 12), batch=2, steps=3, noise=0.002) \
                if layout is layouts.LARGE else {}
            if not check(arguments.tool, layout, os.path.join(folder, layout.name), **options):
                failed.append(layout.name)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if failed:
        raise SystemExit(f"over tolerance: {', '.join(failed)}")


if __name__ == "__main__":
    main()
