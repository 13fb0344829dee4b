"""Merged checkpoints that `mergeshift merge` writes: they load where the base model does, without
missing or unexpected keys, and hold PyTorch's merge."""
import os
import shutil
import subprocess

import torch

METHODS = ["weight-averaging", "task-arithmetic", "ties"]
# The largest difference of a weight, relative to its tensor's largest: half a unit in the last place
# of what it is stored in, and single precision's own.
TOLERANCE = {torch.float32: 1e-6, torch.float16: 2.0 ** -11 + 1e-6, torch.bfloat16: 2.0 ** -8 + 1e-6}


def expected(oracle, method):
    vectors = oracle.selected if method == "ties" else oracle.vectors
    weight = 1 / len(vectors) if method == "weight-averaging" else 0.3
    return {n: t.double() + weight * sum(v[n].double() for v in vectors)
            for n, t in oracle.base.items()}


def check(tool, layout, folder, oracle):
    """(method, largest error, tolerance, whether all is well) for each method."""
    results = []
    for method in METHODS:
        output = os.path.join(folder, "merged-" + method)
        shutil.rmtree(output, ignore_errors=True)
        arguments = [tool, "merge", "--base", os.path.join(folder, layout.base_name),
                     "--method", method, "--output", output]
        for k in range(len(oracle.experts)):
            arguments += ["--expert", f"task{k}={os.path.join(folder, layout.expert_name(k))}"]
        if layout.hidden_act:
            arguments += ["--hidden-act", layout.hidden_act]
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        merged = layout.load_merged(output).parameters  # asserts that no key is missing or unexpected
        golden = expected(oracle, method)
        assert set(merged) == set(golden)
        error = max(
            float((merged[n].double() - t).abs().max() / t.abs().max()) for n, t in golden.items())
        results.append((method, error, TOLERANCE[layout.dtype], error <= TOLERANCE[layout.dtype]))
        shutil.rmtree(output)
    return results
