#!/usr/bin/env python3
"""From JPEG files to inputs of a model: MergeShift against Pillow and imagecorruptions, in turn.

  pip install "numpy<2" scipy scikit-image opencv-python-headless Pillow==13.0.0 \
    imagecorruptions==1.1.2 "setuptools<81"
  swift build -c release --package-path Benchmarks
  Benchmarks/compare_pipeline.py IMAGE...  [--only NAME,...] [--severity 3] [--rounds 5]

The images, of any size, are first made JPEG files of 500 x 375 pixels, quality 90. Then both sides
decode them, resize to 224 (bicubic), crop the centre, corrupt and normalise, first with one worker,
then with one for each core (threads there, processes in Python), and their images per second are
printed as a Markdown table. The first row leaves the corruption out; its crops are compared.
"""
import argparse
import io
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import cv2
import imagecorruptions
import numpy as np
from PIL import Image

from references import accept_removed_keyword

FOLDER = pathlib.Path(__file__).parent
NAMES = ["motion_blur", "impulse_noise", "gaussian_noise", "pixelate", "spatter", "contrast",
         "jpeg_compression"]
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


def crop(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    short = min(image.size)
    width, height = (224 * side // short for side in image.size)
    image = image.resize((width, height), Image.BICUBIC)
    left, top = round((width - 224) / 2), round((height - 224) / 2)
    return image.crop((left, top, left + 224, top + 224))


def work(job):
    index, data, name, severity = job
    pixels = np.asarray(crop(data))
    if name:
        np.random.seed(index)
        pixels = imagecorruptions.corrupt(pixels, severity=severity, corruption_name=name)
    values = (pixels.astype(np.float32) / 255 - MEAN) / DEVIATION
    return np.ascontiguousarray(values.transpose(2, 0, 1)).size


def start():
    cv2.setNumThreads(1)
    accept_removed_keyword()


def theirs(pool, jobs):
    run = (lambda: list(map(work, jobs))) if pool is None else (
        lambda: pool.map(work, jobs, chunksize=max(1, len(jobs) // (4 * os.cpu_count()))))
    begin = time.perf_counter()
    run()
    return len(jobs) / (time.perf_counter() - begin)


def ours(paths, name, severity, workers, *others):
    command = [FOLDER / ".build/release/Benchmarks", "pipeline", *paths, "--repeats", "1",
               "--threads", str(workers), "--recipes", FOLDER.parent / "corruptions", *others]
    if name:
        command += ["--corruption", name, "--severity", str(severity)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("images", nargs="+")
    parser.add_argument("--only", default=",".join(NAMES))
    parser.add_argument("--severity", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    start()
    cores = os.cpu_count()
    with tempfile.TemporaryDirectory() as folder, multiprocessing.Pool(cores, start) as pool:
        files, paths = [], []
        for index, path in enumerate(arguments.images):
            image = Image.open(path).convert("RGB").resize((500, 375), Image.BICUBIC)
            paths.append(f"{folder}/{index}.jpg")
            image.save(paths[-1], quality=90)
            files.append(pathlib.Path(paths[-1]).read_bytes())
        ours(paths, None, 0, 1, "--crops", f"{folder}/crops")
        same = pathlib.Path(f"{folder}/crops").read_bytes() == b"".join(
            np.asarray(crop(data)).tobytes() for data in files)
        print(f"Crops equal to Pillow's in every pixel: {'yes' if same else 'NO'}\n")
        print("| corruption | workers | Python, images/s | MergeShift, images/s | ratio |\n"
              "| --- | --- | --- | --- | --- |")
        for name in [None, *filter(None, arguments.only.split(","))]:
            jobs = [(i, data, name, arguments.severity) for i, data in enumerate(files)]
            for workers in (1, cores):
                rounds = [(theirs(None if workers == 1 else pool, jobs),
                           ours(paths, name, arguments.severity, workers))
                          for _ in range(arguments.rounds)]
                there, here = map(statistics.median, zip(*rounds))
                print(f"| {name or '(none)'} | {workers} | {there:.0f} | {here:.0f} "
                      f"| {here / there:.1f} |", flush=True)


if __name__ == "__main__":
    main()
