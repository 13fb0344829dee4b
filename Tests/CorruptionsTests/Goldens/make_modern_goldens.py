#!/usr/bin/env python3
"""Makes modern_hashes.csv beside this file: what the recipes of corruptions/modern do to test images.

    pip install numpy pillow xxhash
    python make_modern_goldens.py

A second implementation of every one of them, in NumPy and Pillow: colour quantisation is Pillow's
`posterize`, bit errors are Pillow's encoder and decoder (libjpeg-turbo), ISO noise and low light
follow the formulas of ImageNet-3DCC, the others the documentation of their primitives. All draw from
`numpy.random.RandomState(seed)` in the order of the Swift code. The goldens in the repository were
made with numpy 2.4.6 and Pillow 13.0.0 (libjpeg-turbo 3.2.0).
"""
import csv, io, math, pathlib

import numpy as np
import xxhash
from PIL import Image, ImageFile, ImageOps

ImageFile.LOAD_TRUNCATED_IMAGES = True
HERE = pathlib.Path(__file__).parent
SIZES = [(64, 64), (53, 41)]


def image(width, height):
    """Slopes, rings and checks: the same integers as `testImage` of the Swift tests."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    rings = (x * x + y * y) // 16 % 256
    checks = np.where((x // 8 + y // 8) % 2 == 0, 230, x * y // 8 % 256)
    return np.stack([(4 * x + 2 * y) % 256, rings, checks], axis=2).astype(np.uint8)


def truncated(values):
    return np.uint8(np.clip(values, 0, 1) * 255)


def curve(pixels, function):
    """Applies a function of a level (0...1) and a channel to every sample."""
    result = pixels.copy()
    for channel in range(3):
        table = np.array([function(level / 255, channel) for level in range(256)])
        result[..., channel] = truncated(table)[pixels[..., channel]]
    return result


def color_quantization(pixels, s, state):
    return np.array(ImageOps.posterize(Image.fromarray(pixels), 6 - s))


def gamma(pixels, s, state):
    exponent = [1.3, 1.6, 2.1, 2.8, 4][s - 1]
    power = exponent if state.random_sample() < 0.5 else 1 / exponent
    return curve(pixels, lambda value, channel: math.pow(value, power))


def white_balance(pixels, s, state):
    cast = [.6, 1.1, 1.7, 2.5, 3.5][s - 1]
    side, tint = state.random_sample(2)
    half = cast / 2 if side < 0.5 else -cast / 2
    gains = [math.exp2(half), math.exp2(0.25 * cast * (tint - 0.5)), math.exp2(-half)]
    luminance = 0.2126 * gains[0] + 0.7152 * gains[1] + 0.0722 * gains[2]

    def balanced(value, channel):
        light = value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)
        light = min(light * (gains[channel] / luminance), 1)
        if light <= 0.0031308:
            return light * 12.92 + 1e-12
        return 1.055 * math.pow(light, 1 / 2.4) - 0.055 + 1e-12

    return curve(pixels, balanced)


def dead_columns(pixels, s, state):
    width = pixels.shape[1]
    ranks, kinds = state.random_sample(width), state.random_sample(width)
    count = max(1, math.floor([.01, .03, .06, .12, .2][s - 1] * width + 0.5))
    result = pixels.copy()
    for column in np.argsort(ranks, kind="stable")[:count]:
        result[:, column] = 255 if kinds[column] < 0.5 else 0
    return result


def bit_error(pixels, s, state):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=75, restart_marker_rows=1)
    data = bytearray(file.getvalue())
    start = data.index(b"\xff\xda")
    start += 2 + data[start + 2] * 256 + data[start + 3]
    bits = 8 * (len(data) - 2 - start)
    count = max(1, math.floor([5e-5, 1e-4, 2e-4, 5e-4, 1e-3][s - 1] * bits + 0.5))
    for place in state.random_sample(count):
        bit = int(place * bits)
        data[start + bit // 8] ^= 0x80 >> bit % 8
    return np.array(Image.open(io.BytesIO(bytes(data))).convert("RGB"))


def rain(pixels, s, state):
    height, width = pixels.shape[:2]
    density, reach, opacity, veil = [(.1, .1, .45, .05), (.18, .12, .55, .1), (.28, .15, .6, .15),
                                     (.4, .18, .65, .2), (.55, .22, .7, .28)][s - 1]
    common = math.tan((2 * state.random_sample() - 1) * 18 * math.pi / 180)
    longest, thickness = max(1, reach * height), max(1, math.sqrt(width * height) / 140)
    count = math.ceil(density * width * height / (longest * thickness / 3))
    layer = np.zeros((height, width))
    columns = np.arange(width) + 0.5
    for across, down, depth, deviation in state.random_sample((count, 4)):
        near = 1 / (1 + 2 * depth)
        slope = common + 0.08 * (deviation - 0.5)
        length, half = max(1, longest * near), 0.5 * thickness * near
        top = down * (height + length) - length
        drift = abs(slope) * length
        start = across * (width + 2 * drift) - drift
        for y in range(height):
            along = (y + 0.5 - top) / length
            if not 0 < along < 1:
                continue
            alpha = opacity * (0.5 + 0.5 * near) * 4 * along * (1 - along)
            center = start + slope * (along * length)
            covered = np.clip(half + 0.5 - np.abs(columns - center), 0, min(1, 2 * half))
            layer[y] += (1 - layer[y]) * (alpha * covered)
    x = pixels / 255
    x = x + veil * (0.7 - x)
    return truncated(x + layer[..., None] * (np.array([0.87, 0.9, 0.93]) - x))


def mosaic(pixels, s, state):
    height, width = pixels.shape[:2]
    shorter = min(width, height)
    side = min(shorter, max(2, math.floor(shorter / [56, 37.3, 28, 14, 8][s - 1] + 0.5)))
    squares = state.random_sample((16, 4))
    choices = iter(state.random_sample(-(-width // side) * -(-height // side)))
    source = pixels.astype(np.int64)
    tiles = []
    for share, across, down, mirror in squares:
        size = max(side, int(shorter * (0.3 + 0.5 * share)))
        left, top = int(across * (width - size + 1)), int(down * (height - size + 1))
        edges = [index * size // side for index in range(side + 1)]
        tile = np.array([[source[top + a:top + b, left + c:left + d].sum((0, 1)) // ((b - a) * (d - c))
                          for c, d in zip(edges, edges[1:])] for a, b in zip(edges, edges[1:])])
        if mirror < 0.5:
            tile = tile[:, ::-1]
        tiles.append(tile - tile.sum((0, 1)) // side ** 2)
    for top in range(0, height, side):
        for left in range(0, width, side):
            tile = tiles[int(next(choices) * 16)]
            place = source[top:top + side, left:left + side]
            means = place.sum((0, 1)) // (place.shape[0] * place.shape[1])
            for channel, mean in enumerate(means):
                part = tile[..., channel]
                contrast = 256
                if part.max() > 0:
                    contrast = min(contrast, 256 * (255 - mean) // part.max())
                if part.min() < 0:
                    contrast = min(contrast, 256 * mean // -part.min())
                part = part[:place.shape[0], :place.shape[1]]
                place[..., channel] = mean + (part * contrast >> 8)
    return source.astype(np.uint8)


def stickers(pixels, s, state):
    height, width = pixels.shape[:2]
    goal = math.floor([.06, .13, .22, .34, .5][s - 1] * width * height + 0.5)
    x, covered = pixels / 255, np.zeros((height, width), bool)
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    for across, down, size, kind, angle, hue, light in state.random_sample((512, 7)):
        if covered.sum() >= goal:
            break
        radius = max(1, (0.05 + (0.12 - 0.05) * size) * math.sqrt(width * height))
        cosine, sine = math.cos(2 * math.pi * angle), math.sin(2 * math.pi * angle)
        right = cosine * (xs - across * width) + sine * (ys - down * height)
        lower = cosine * (ys - down * height) - sine * (xs - across * width)

        def triangle(v):
            return np.maximum(v, 0.8660254037844386 * np.abs(right) - 0.5 * v)

        distance = [
            lambda: np.sqrt(right * right + lower * lower) - radius,
            lambda: np.maximum(np.abs(right), np.abs(lower)) - 0.8 * radius,
            lambda: np.maximum(np.abs(right) - radius, np.abs(lower) - 0.58 * radius),
            lambda: triangle(lower) - 0.57 * radius,
            lambda: np.minimum(triangle(lower), triangle(-lower)) - 0.55 * radius,
        ][int(5 * kind)]()
        turned = (np.array([0, 4, 2]) + 6 * hue)
        turned = np.where(turned < 6, turned, turned - 6)
        color = (0.55 + 0.45 * light) * (0.12 + 0.88 * np.clip(np.abs(turned - 3) - 1, 0, 1))
        alpha = np.clip(0.5 - distance, 0, 1)
        inner = np.clip(0.5 - distance - 0.14 * radius, 0, 1)
        x += alpha[..., None] * (1 + inner[..., None] * (color - 1) - x)
        covered |= alpha >= 0.5
    return truncated(x)


def photons(x, count, state):
    return np.clip(state.poisson(x * count) / count, 0, 1)


def iso_noise(pixels, s, state):
    x = photons(pixels / 255, 25, state)
    return truncated(x + 0.7 * [.08, .12, .18, .26, .38][s - 1] * state.standard_normal(x.shape))


def low_light(pixels, s, state):
    x = pixels / 255
    x = ((x - x.min()) / (x.max() - x.min())) ** 2 * [.6, .5, .4, .3, .2][s - 1]
    x = photons(x, 120, state)
    return truncated(x + 0.018 * state.standard_normal(x.shape))


ALL = [color_quantization, gamma, white_balance, dead_columns, bit_error, rain, mosaic, stickers,
       iso_noise, low_light]

with open(HERE / "modern_hashes.csv", "w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["width", "height", "corruption", "severity", "seed", "xxh3_128"])
    for width, height in SIZES:
        for index, function in enumerate(ALL):
            for severity in range(1, 6):
                seed = 100 * index + severity
                pixels = function(image(width, height), severity, np.random.RandomState(seed))
                digest = xxhash.xxh3_128_hexdigest(np.ascontiguousarray(pixels).tobytes())
                rows.writerow([width, height, function.__name__, severity, seed, digest])
