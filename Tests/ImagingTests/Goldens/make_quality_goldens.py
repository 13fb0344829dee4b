#!/usr/bin/env python3
"""Makes quality.json beside this file: PSNR and SSIM of test images by scikit-image.

    pip install scikit-image numpy
    python make_quality_goldens.py

The goldens in the repository were made with scikit-image 0.26.0 and numpy 2.4.6.
"""
import json, pathlib
import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def image(width, height, step):
    """The same integers as `qualityImage` of the Swift tests."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    planes = [(x * x + 3 * y * step) // 2 % 256, (5 * x + y * y // step) % 256,
              (x // 4 + y // 4) % 2 * 200 + x * step % 50]
    return np.stack(planes, axis=2).astype(np.uint8)


cases = []
for width, height, first, second in [(7, 7, 1, 2), (16, 9, 1, 3), (40, 33, 2, 5), (64, 64, 1, 1),
                                     (33, 50, 1, 7)]:
    a, b = image(width, height, first), image(width, height, second)
    equal = bool((a == b).all())
    cases.append({
        "width": width, "height": height, "first": first, "second": second,
        "psnr": None if equal else float(peak_signal_noise_ratio(a, b)),
        "ssim": float(structural_similarity(a, b, channel_axis=2)),
    })
path = pathlib.Path(__file__).with_name("quality.json")
path.write_text(json.dumps(cases, indent=2) + "\n")
