#!/usr/bin/env python3
"""Writes resample.json: Pillow's resampling of a formula's image, as XXH3-128 of the pixels.

  pip install pillow numpy xxhash
  make_resample_goldens.py

Each case: [width, height, new width, new height, filter, hash]; each part: the same with the box's
four edges before the hash; each crop: [width, height, model size, hash of torchvision's Resize and
CenterCrop on the Pillow image].
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
    # Much less height: Pillow 13 resamples vertically first.
    (60, 300, 41, 70), (30, 200, 64, 32), (101, 333, 50, 100),
]
PARTS = [
    (64, 48, 32, 24, (8, 4, 40, 44)), (50, 61, 70, 20, (0.25, 3.5, 49.5, 60.875)),
    (33, 90, 33, 30, (0, 0, 33, 81.5)), (40, 40, 40, 40, (0.5, 0, 40, 39.5)),
]
CROPS = [
    (64, 64, 64), (64, 80, 64), (81, 64, 64), (100, 75, 32), (75, 101, 33), (33, 47, 64),
    (20, 190, 16), (500, 3, 8),
]
FILTERS = ["nearest", "box", "bilinear", "bicubic", "lanczos"]


def picture(width, height):
    """Gradients in red, a pattern of all levels in green, hard edges in blue."""
    y, x = numpy.mgrid[:height, :width].astype(numpy.int64)
    red = (3 * x + 2 * y) % 256
    green = (x * x * 7 + y * 13 + x * y * 3) % 256
    blue = ((x // 3 + y // 5) % 2) * 255
    return numpy.stack([red, green, blue], axis=2).astype(numpy.uint8)


def digest(image):
    return xxhash.xxh3_128_hexdigest(numpy.asarray(image).tobytes())


def crop(image, size):
    """torchvision.transforms: Resize(size, BICUBIC) and CenterCrop(size)."""
    short, long = sorted(image.size)
    if short != size:
        long = int(size * long / short)
        new = (size, long) if image.width <= image.height else (long, size)
        image = image.resize(new, Image.Resampling.BICUBIC)
    x = int(round((image.width - size) / 2.0))
    y = int(round((image.height - size) / 2.0))
    return image.crop((x, y, x + size, y + size))


def listing(entries):
    return ",\n    ".join(json.dumps(entry) for entry in entries)


def main():
    cases = []
    for width, height, new_width, new_height in SIZES:
        image = Image.fromarray(picture(width, height))
        for name in FILTERS:
            output = image.resize((new_width, new_height), getattr(Image.Resampling, name.upper()))
            cases.append([width, height, new_width, new_height, name, digest(output)])
    parts = []
    for width, height, new_width, new_height, box in PARTS:
        image = Image.fromarray(picture(width, height))
        for name in FILTERS:
            filter = getattr(Image.Resampling, name.upper())
            output = image.resize((new_width, new_height), filter, box=box)
            parts.append([width, height, new_width, new_height, name, *box, digest(output)])
    crops = []
    for width, height, size in CROPS:
        output = crop(Image.fromarray(picture(width, height)), size)
        crops.append([width, height, size, digest(output)])
    path = pathlib.Path(__file__).parent / "resample.json"
    path.write_text(
        f'{{\n  "pillow": "{PIL.__version__}",\n  "cases": [\n    {listing(cases)}\n  ],\n'
        f'  "parts": [\n    {listing(parts)}\n  ],\n  "crops": [\n    {listing(crops)}\n  ]\n}}\n')


main()
