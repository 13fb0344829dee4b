#!/usr/bin/env python3
"""The matrix products of an AdaMerging step of ViT-B/32 in several BLAS libraries, in turns.

  pip install numpy scipy-openblas32 mkl onednn tbb
  Benchmarks/compare_blas.py [--threads 2] [--images 128] [--rounds 7] [--coretypes Haswell,default]

Libraries: the OpenBLAS that MergeShift links (pkg-config openblas), scipy's newer one, MKL and
oneDNN's dnnl_sgemm, whichever are found; OpenBLAS once for each of --coretypes (OPENBLAS_CORETYPE;
`default`: what it chooses itself). Shapes: those of one block, forward and backward. Prints GFLOP/s,
medians, the sum of the shapes weighted by their work, and the largest error against float64.
"""
import argparse
import ctypes
import glob
import os
import statistics
import subprocess
import sys
import time

import numpy as np

NO_TRANSPOSE, TRANSPOSE, ROW_MAJOR = 111, 112, 101


def libraries(coretypes):
    """Name, path, prefix of cblas_sgemm (None: dnnl_sgemm), environment."""
    found = []
    site = [path for path in sys.path if path.endswith("site-packages")] + [sys.prefix + "/lib"]

    def search(pattern):
        return next(iter(sorted(p for s in site for p in glob.glob(f"{s}/{pattern}"))), None)

    system = subprocess.run(["pkg-config", "--variable=libdir", "openblas"],
                            capture_output=True, text=True).stdout.strip()
    for name, path, prefix in [("OpenBLAS, linked", f"{system}/libopenblas.so" if system else None, ""),
                               ("OpenBLAS, scipy's", search("scipy_openblas32/lib/*openblas*.so"),
                                "scipy_")]:
        if path and os.path.exists(path):
            for coretype in coretypes:
                setting = {} if coretype == "default" else {"OPENBLAS_CORETYPE": coretype}
                found.append((f"{name}, {coretype}", path, prefix, setting))
    if path := search("libmkl_rt.so*"):
        found.append(("MKL", path, "", {"MKL_THREADING_LAYER": "GNU"}))
    if path := search("libdnnl.so*"):
        found.append(("oneDNN", path, None, {"LD_LIBRARY_PATH": os.path.dirname(path)}))  # for TBB
    return found


def shapes(images):
    """(name, m, n, k, transposed a, transposed b) of C = A B, row-major."""
    rows, width, hidden = images * 50, 768, 3072
    sizes = [("projections", width, width, 4), ("expand", hidden, width, 1), ("shrink", width, hidden, 1)]
    result = []
    for name, outputs, inputs, count in sizes:
        result += [
            (f"{name}, forward", rows, outputs, inputs, False, True, count),
            (f"{name}, of inputs", rows, inputs, outputs, False, False, count),
            (f"{name}, of weights", outputs, inputs, rows, True, False, count)]
    return result


def serve(path, prefix, images):
    library = ctypes.CDLL(path)
    random = np.random.default_rng(0)
    pointer = ctypes.POINTER(ctypes.c_float)
    buffers = {}
    for line in sys.stdin:
        name, m, n, k, ta, tb, _ = shapes(images)[int(line)]
        key = int(line)
        if key not in buffers:
            a = random.standard_normal((k, m) if ta else (m, k), np.float32)
            b = random.standard_normal((n, k) if tb else (k, n), np.float32)
            buffers = {key: (a, b, np.zeros((m, n), np.float32))}
        a, b, c = buffers[key]
        arguments = (ctypes.c_float(1), a.ctypes.data_as(pointer), a.shape[1],
                     b.ctypes.data_as(pointer), b.shape[1], ctypes.c_float(0),
                     c.ctypes.data_as(pointer), n)
        start = time.perf_counter()
        if prefix is None:
            alpha, pa, lda, pb, ldb, beta, pc, ldc = arguments
            long = ctypes.c_int64
            library.dnnl_sgemm(
                ctypes.c_char(b"T" if ta else b"N"), ctypes.c_char(b"T" if tb else b"N"), long(m),
                long(n), long(k), alpha, pa, long(lda), pb, long(ldb), beta, pc, long(ldc))
        else:
            getattr(library, prefix + "cblas_sgemm")(
                ROW_MAJOR, TRANSPOSE if ta else NO_TRANSPOSE, TRANSPOSE if tb else NO_TRANSPOSE,
                m, n, k, *arguments)
        seconds = time.perf_counter() - start
        part = slice(0, 64)
        left = (a.T if ta else a)[part].astype(np.float64)
        exact = left @ (b.T if tb else b).astype(np.float64)[:, part]
        error = np.abs(c[part, part] - exact).max() / np.abs(exact).max()
        print(seconds, error, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--images", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--coretypes", default="Haswell,default")
    parser.add_argument("--serve", nargs=2)
    arguments = parser.parse_args()
    if arguments.serve:
        path, prefix = arguments.serve
        return serve(path, None if prefix == "-" else prefix[1:], arguments.images)
    sides = {}
    for name, path, prefix, setting in libraries(arguments.coretypes.split(",")):
        environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[variable] = str(arguments.threads)
        sides[name] = subprocess.Popen(
            [sys.executable, __file__, "--images", str(arguments.images), "--serve", path,
             "-" if prefix is None else f"={prefix}"],
            env=environment | setting, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    times = {name: [] for name in sides}
    errors = dict.fromkeys(sides, 0.0)
    work, total = [], 0
    for index, (shape, m, n, k, _, _, count) in enumerate(shapes(arguments.images)):
        rounds = {name: [] for name in sides}
        for turn in range(arguments.rounds + 1):
            for name, side in sides.items():
                print(index, file=side.stdin, flush=True)
                seconds, error = map(float, side.stdout.readline().split())
                errors[name] = max(errors[name], error)
                if turn:  # the first one warms up
                    rounds[name].append(seconds)
        work.append((shape, 2 * m * n * k, count))
        for name in sides:
            times[name].append(statistics.median(rounds[name]))
    print(f"{arguments.threads} threads, {arguments.images} images; GFLOP/s")
    print(f"{'':28}" + "".join(f"{name:>28}" for name in sides))
    for index, (shape, flop, _) in enumerate(work):
        print(f"{shape:28}" + "".join(
            f"{flop / times[name][index] / 1e9:28.0f}" for name in sides))
    total = sum(flop * count for _, flop, count in work)
    sums = {name: sum(t * count for t, (_, _, count) in zip(times[name], work)) for name in sides}
    print(f"{'a block':28}" + "".join(f"{total / sums[name] / 1e9:28.0f}" for name in sides))
    print(f"{'largest relative error':28}" + "".join(f"{errors[name]:28.1e}" for name in sides))


if __name__ == "__main__":
    main()
