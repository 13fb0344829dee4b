#!/usr/bin/env python3
"""The matrix products of an AdaMerging step of ViT-B/32: MergeShift's and several BLAS libraries', in turns.

  pip install numpy scipy-openblas32 mkl onednn tbb
  Benchmarks/compare_blas.py [--threads 2] [--images 128] [--rounds 7] [--coretypes Haswell,default]

MergeShift's kernels (Sources/CProducts, built by clang or cc into a temporary library, with each
instruction set of this processor) take 512 rows at a time on each thread, as the encoder does. Libraries:
Debian's OpenBLAS (pkg-config openblas), scipy's newer one, MKL and oneDNN's dnnl_sgemm, whichever are
found; OpenBLAS once for each of --coretypes (OPENBLAS_CORETYPE; `default`: what it chooses itself). Shapes: those of one block, forward and backward. Prints GFLOP/s,
medians, the sum of the shapes weighted by their work, and the largest error against float64.
"""
import argparse
import concurrent.futures
import ctypes
import glob
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

NO_TRANSPOSE, TRANSPOSE, ROW_MAJOR = 111, 112, 101
INSTRUCTIONS = {"AVX-512": 0, "AVX2": 1}
PRODUCTS = pathlib.Path(__file__).resolve().parent.parent / "Sources/CProducts"


def build_products(folder):
    """MergeShift's kernels as a library."""
    path = f"{folder}/products.so"
    subprocess.run([shutil.which("clang") or "cc", "-O2", "-shared", "-fPIC", "-o", path,
                    f"-I{PRODUCTS}/include", *map(str, PRODUCTS.glob("*.c")), "-lpthread"], check=True)
    return path


class Matrix(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("stride", ctypes.c_size_t),
                ("is_transposed", ctypes.c_bool)]


def multiply_by_products(library, which, pool, a, b, c, ta, tb):
    """512 rows at a time."""
    (m, n), k = c.shape, a.shape[0] if ta else a.shape[1]
    size = ctypes.c_size_t
    right = Matrix(b.ctypes.data, b.shape[1], tb)

    def part(first):
        left = Matrix(a.ctypes.data + 4 * first * (1 if ta else a.shape[1]), a.shape[1], ta)
        assert library.cp_multiply(
            which, left, right, size(min(512, m - first)), size(n), size(k), ctypes.c_float(1), False,
            ctypes.c_void_p(c.ctypes.data + 4 * first * n), size(n))

    list(pool.map(part, range(0, m, 512)))


def libraries(coretypes, products):
    """Name, path, prefix of cblas_sgemm (`-`: dnnl_sgemm; `+`: MergeShift's), environment."""
    found = []
    library = ctypes.CDLL(products)
    library.cp_is_available.restype = ctypes.c_bool
    for name, which in INSTRUCTIONS.items():
        if library.cp_is_available(which):
            found.append((f"MergeShift, {name}", products, f"+{name}", {}))
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
                found.append((f"{name}, {coretype}", path, f"={prefix}", setting))
    if path := search("libmkl_rt.so*"):
        found.append(("MKL", path, "=", {"MKL_THREADING_LAYER": "GNU"}))
    if path := search("libdnnl.so*"):
        found.append(("oneDNN", path, "-", {"LD_LIBRARY_PATH": os.path.dirname(path)}))  # for TBB
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


def serve(path, prefix, images, threads):
    library = ctypes.CDLL(path)
    pool = concurrent.futures.ThreadPoolExecutor(threads)
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
        if prefix[0] == "+":
            multiply_by_products(library, INSTRUCTIONS[prefix[1:]], pool, a, b, c, ta, tb)
        elif prefix == "-":
            alpha, pa, lda, pb, ldb, beta, pc, ldc = arguments
            long = ctypes.c_int64
            library.dnnl_sgemm(
                ctypes.c_char(b"T" if ta else b"N"), ctypes.c_char(b"T" if tb else b"N"), long(m),
                long(n), long(k), alpha, pa, long(lda), pb, long(ldb), beta, pc, long(ldc))
        else:
            getattr(library, prefix[1:] + "cblas_sgemm")(
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
        return serve(*arguments.serve, arguments.images, arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        compare(arguments, build_products(folder))


def compare(arguments, products):
    sides = {}
    for name, path, prefix, setting in libraries(arguments.coretypes.split(","), products):
        environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[variable] = str(arguments.threads)
        sides[name] = subprocess.Popen(
            [sys.executable, __file__, "--images", str(arguments.images), "--threads",
             str(arguments.threads), "--serve", path, prefix],
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
