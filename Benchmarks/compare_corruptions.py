#!/usr/bin/env python3
"""Milliseconds per 224 x 224 image: MergeShift against imagecorruptions, in turn, one thread each.

  pip install "numpy<2" scipy scikit-image opencv-python-headless Pillow imagecorruptions==1.1.2 \
    "setuptools<81"
  swift build -c release --package-path Benchmarks
  Benchmarks/compare_corruptions.py IMAGE...  [--severities 3,5] [--rounds 3] [--only NAME,...]

Takes the images of any size, cuts 224 x 224 from their centres, and prints a Markdown table. In
every round both sides time every image; a figure is the median over images and rounds. What is
timed goes from pixels in memory to pixels in memory.
"""
import argparse
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
import imagecorruptions.corruptions as implementation
import numpy as np
from PIL import Image

cv2.setNumThreads(1)
FOLDER = pathlib.Path(__file__).parent
SLOW = {"glass_blur"}  # seconds per image: one repeat is enough


def accept_removed_keyword():
    """imagecorruptions 1.1.2 calls skimage's gaussian with a keyword that newer versions lack."""
    gaussian = implementation.gaussian

    def compatible(image, *parameters, multichannel=False, **others):
        axis = -1 if multichannel else None
        return gaussian(image, *parameters, channel_axis=axis, **others)

    implementation.gaussian = compatible


class Ours:
    def __init__(self, images, profile):
        program = FOLDER / ".build/release/Benchmarks"
        self.process = subprocess.Popen(
            [program, "corruptions", *images, "--profile", profile,
             "--recipes", FOLDER.parent / "corruptions"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def milliseconds(self, name, severity, source):
        self.process.stdin.write(f"{name} {severity} {source}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline().split()[0])


def reference_milliseconds(images, name, severity):
    repeats = 1 if name in SLOW else 3
    medians = []
    for index, image in enumerate(images):
        times = []
        for repeat in range(repeats + (name not in SLOW)):
            np.random.seed(index)
            start = time.perf_counter()
            imagecorruptions.corrupt(image, severity=severity, corruption_name=name)
            times.append(time.perf_counter() - start)
        # The first one warms up.
        medians.append(1000 * statistics.median(times[-repeats:]))
    return statistics.median(medians)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("images", nargs="+")
    parser.add_argument("--severities", default="3,5")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    accept_removed_keyword()
    names = arguments.only.split(",") if arguments.only else (
        imagecorruptions.get_corruption_names("all"))
    with tempfile.TemporaryDirectory() as folder:
        crops, paths = [], []
        for index, path in enumerate(arguments.images):
            image = Image.open(path).convert("RGB")
            left, top = (image.width - 224) // 2, (image.height - 224) // 2
            crop = image.crop((left, top, left + 224, top + 224))
            paths.append(f"{folder}/{index}.png")
            crop.save(paths[-1])
            crops.append(np.asarray(crop))
        ours = Ours(paths, "imagecorruptions")
        print("| corruption | severity | imagecorruptions, ms | keyed, ms | ratio "
              "| numpy replay, ms | ratio |\n| --- | --- | --- | --- | --- | --- | --- |")
        ratios = []
        for name in names:
            for severity in map(int, arguments.severities.split(",")):
                rounds = [(reference_milliseconds(crops, name, severity),
                           ours.milliseconds(name, severity, "keyed"),
                           ours.milliseconds(name, severity, "numpy"))
                          for _ in range(1 if name in SLOW else arguments.rounds)]
                theirs, keyed, replay = map(statistics.median, zip(*rounds))
                ratios.append(theirs / keyed)
                print(f"| {name} | {severity} | {theirs:.2f} | {keyed:.2f} | {theirs / keyed:.1f} "
                      f"| {replay:.2f} | {theirs / replay:.1f} |", flush=True)
        print(f"\nMedian ratio, keyed: {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
