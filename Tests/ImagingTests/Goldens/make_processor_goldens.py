#!/usr/bin/env python3
"""Writes processors.json: what transformers' image processors (with Pillow) make of one image.

The image has pixel (7 x + 13 y + 31 c + x y) mod 256, 40 x 30. Needs Pillow, numpy, transformers.
"""
import json
import os

import numpy
from PIL import Image
from transformers import BitImageProcessorPil, ViTImageProcessorPil

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    y, x, c = numpy.mgrid[0:30, 0:40, 0:3]
    image = Image.fromarray(((7 * x + 13 * y + 31 * c + x * y) % 256).astype(numpy.uint8))
    raw = dict(do_rescale=False, do_normalize=False)
    processors = {
        "vit": ViTImageProcessorPil(size={"height": 16, "width": 16}, resample=2, **raw),
        "dinov2": BitImageProcessorPil(size={"shortest_edge": 20}, resample=3,
                                       crop_size={"height": 16, "width": 16}, **raw),
    }
    pixels = {}
    for name, processor in processors.items():
        output = numpy.asarray(processor(image)["pixel_values"][0])
        pixels[name] = output.transpose(1, 2, 0).astype(int).ravel().tolist()
    with open(os.path.join(HERE, "processors.json"), "w") as file:
        json.dump(pixels, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
