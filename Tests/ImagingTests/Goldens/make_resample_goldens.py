#!/usr/bin/env python3
"""Writes resample.json: Pillow's resampling of a formula's image, as XXH3-128 of the pixels.

  pip install pillow numpy xxhash
  make_resample_goldens.py

Each case: [width, height, new width, new height, filter, hash].
"""
import json
import pathlib

import numpy
import PIL
import xxhash
from PIL import Image

SIZES = [
    (64, 48, 32, 24), (64, 48, 31, 57), (33, 47, 64, 64), (100, 75, 298, 224), (125, 94, 75, 56),
    (17, 5, 3, 11), (1, 1, 8, 8), (8, 8, 1, 1), (7, 200, 7, 13), (200, 7, 13, 7), (97, 61, 41, 61),
    (32, 32, 28, 28), (28, 28, 32, 32), (64, 64, 60, 60), (255, 3, 254, 4),
]
FILTERS = ["nearest", "box", "bilinear", "bicubic", "lanczos"]


def picture(width, height):
    """Gradients in red, a pattern of all levels in green, hard edges in blue."""
    y, x = numpy.mgrid[:height, :width].astype(numpy.int64)
    red = (3 * x + 2 * y) % 256
    green = (x * x * 7 + y * 13 + x * y * 3) % 256
    blue = ((x // 3 + y // 5) % 2) * 255
    return numpy.stack([red, green, blue], axis=2).astype(numpy.uint8)


def main():
    cases = []
    for width, height, new_width, new_height in SIZES:
        image = Image.fromarray(picture(width, height))
        for name in FILTERS:
            output = image.resize((new_width, new_height), getattr(Image.Resampling, name.upper()))
            pixels = numpy.asarray(output).tobytes()
            cases.append([width, height, new_width, new_height, name,
                          xxhash.xxh3_128_hexdigest(pixels)])
    lines = ",\n    ".join(json.dumps(case) for case in cases)
    path = pathlib.Path(__file__).parent / "resample.json"
    path.write_text(f'{{\n  "pillow": "{PIL.__version__}",\n  "cases": [\n    {lines}\n  ]\n}}\n')


main()
