#!/usr/bin/env python3
"""Writes decoding.json: small image files of every kind, and what Pillow makes of them in RGB.

  pip install pillow numpy xxhash
  make_decoding_goldens.py

Each file: its name, its bytes in base64, width, height and XXH3-128 of the pixels; some with
`upright`, the same after `ImageOps.exif_transpose`. Each encoding: quality, subsampling, optimized,
and the hash of the JPEG file that Pillow writes.
"""
import base64
import io
import itertools
import json
import pathlib
import struct
import warnings
import zlib

import numpy
import PIL
import xxhash
from PIL import Image, ImageOps

warnings.simplefilter("ignore")


def picture(width, height, channels=3):
    """The picture of make_resample_goldens.py, with a fourth channel of ramps."""
    y, x = numpy.mgrid[:height, :width].astype(numpy.int64)
    red = (3 * x + 2 * y) % 256
    green = (x * x * 7 + y * 13 + x * y * 3) % 256
    blue = ((x // 3 + y // 5) % 2) * 255
    alpha = (11 * x + 29 * y) % 256
    return numpy.stack([red, green, blue, alpha][:channels], axis=2).astype(numpy.uint8)


def smooth(width, height, channels=3):
    """Waves, for JPEG."""
    y, x = numpy.mgrid[:height, :width].astype(numpy.float64)
    waves = [numpy.sin(x / (3 + c)) * numpy.cos(y / (4 + c)) for c in range(channels)]
    return (127.5 + 127.5 * numpy.stack(waves, axis=2)).astype(numpy.uint8)


# PNG

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, pixel_bytes):
    """The rows with PNG's five filters in turn."""
    output = b""
    before = bytes(len(rows[0])) if rows else b""
    for number, row in enumerate(rows):
        kind = number % 5
        line = bytearray([kind])
        for i, value in enumerate(row):
            left = row[i - pixel_bytes] if i >= pixel_bytes else 0
            up = before[i]
            corner = before[i - pixel_bytes] if i >= pixel_bytes else 0
            estimate = left + up - corner
            nearest = min((left, up, corner), key=lambda v: abs(estimate - v))
            line.append((value - (0, left, up, (left + up) // 2, nearest)[kind]) % 256)
        output += bytes(line)
        before = row
    return output


def packed(samples, depth):
    """Rows of samples as bytes; samples: [height, width, channels]."""
    rows = []
    for line in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            rows.append(b"".join(struct.pack(">H", int(v)) for v in line))
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in line)
            bits += "0" * (-len(bits) % 8)
            rows.append(bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
    return rows


def png(samples, color, depth, interlaced=False, palette=None, transparency=None, extra=b""):
    height, width, channels = samples.shape
    pixel_bytes = max(1, channels * depth // 8)
    data = b""
    passes = PASSES if interlaced else [(0, 0, 1, 1)]
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            data += filtered(packed(part, depth), pixel_bytes)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
    if palette is not None:
        file += chunk(b"PLTE", palette)
    if transparency is not None:
        file += chunk(b"tRNS", transparency)
    compressed = zlib.compress(data, 9)
    half = len(compressed) // 2
    file += chunk(b"IDAT", compressed[:half]) + chunk(b"IDAT", compressed[half:])
    return file + chunk(b"IEND", b"")


def png_files():
    for color, interlaced in itertools.product(CHANNELS, (False, True)):
        for depth in DEPTHS[color]:
            base = picture(13, 11, 4).astype(numpy.int64)
            samples = base[:, :, -CHANNELS[color]:]
            samples = samples * 257 + base[:, :, :1] if depth == 16 else samples >> (8 - depth)
            if color == 0 and depth == 16:
                samples[::2] >>= 7  # a good part within 0...255, which is not clipped
            samples = numpy.minimum(samples, 2**depth - 1)
            palette = bytes((7 * i + 50 * (i % 3)) % 256 for i in range(3 * min(256, 2**depth)))
            name = f"png-color{color}-depth{depth}{'-interlaced' if interlaced else ''}"
            yield name, png(samples, color, depth, interlaced, palette if color == 3 else None)
    yield "png-grey-transparent", png(picture(5, 4)[:, :, :1], 0, 8, transparency=b"\0\5")
    yield "png-rgb-transparent", png(picture(5, 4), 2, 8, transparency=b"\0\0\0\0\0\xff")
    indices = numpy.arange(20).reshape(4, 5, 1)
    colors = bytes(range(60))
    yield "png-palette-transparent", png(indices, 3, 8, palette=colors, transparency=b"\0\x80\xff")
    yield "png-palette-short", png(indices, 3, 8, palette=colors[:30])
    yield "png-one-pixel-interlaced", png(picture(1, 1), 2, 8, True)
    yield "png-long", png(picture(300, 1), 2, 8)
    yield "png-profile", png(
        picture(4, 4), 2, 8, extra=chunk(b"gAMA", struct.pack(">I", 100000))
        + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"not a profile")) + chunk(b"tEXt", b"a\0b"))
    exif = Image.Exif()
    exif[274] = 6
    yield "png-turned", png(picture(6, 4), 2, 8, extra=chunk(b"eXIf", exif.tobytes()[6:]))


# JPEG

def jpeg(samples, mode=None, **options):
    buffer = io.BytesIO()
    Image.fromarray(samples, mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def without(file, marker):
    """The file without its segments of `marker`."""
    position = 2
    while file[position + 1] != 0xDA:
        length = 2 + struct.unpack(">H", file[position + 2:position + 4])[0]
        if file[position + 1] == marker:
            file = file[:position] + file[position + length:]
        else:
            position += length
    return file


def jpeg_files():
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        for width, height in ((1, 1), (16, 16), (17, 33), (31, 7)):
            yield f"jpeg-{name}-{width}x{height}", jpeg(
                smooth(width, height), quality=80, subsampling=subsampling)
    yield "jpeg-grey", jpeg(smooth(19, 23)[:, :, 0])
    yield "jpeg-grey-progressive", jpeg(smooth(19, 23)[:, :, 0], progressive=True)
    yield "jpeg-progressive", jpeg(smooth(35, 29), progressive=True)
    yield "jpeg-restarts", jpeg(smooth(40, 24), restart_marker_blocks=2)
    yield "jpeg-quality-1", jpeg(smooth(24, 24), quality=1)
    yield "jpeg-quality-100", jpeg(smooth(24, 24), quality=100, optimize=True)
    yield "jpeg-rgb", jpeg(smooth(20, 12), keep_rgb=True)
    yield "jpeg-no-markers", without(jpeg(smooth(20, 12)), 0xE0)
    cmyk = jpeg(smooth(21, 18, 4), "CMYK", quality=90)
    yield "jpeg-cmyk", cmyk
    yield "jpeg-cmyk-no-adobe", without(cmyk, 0xEE)
    place = cmyk.index(b"Adobe") + 11
    yield "jpeg-ycck", cmyk[:place] + b"\2" + cmyk[place + 1:]
    yield "jpeg-cmyk-progressive", jpeg(smooth(21, 18, 4), "CMYK", progressive=True)
    yield "jpeg-no-end", jpeg(smooth(16, 16))[:-2]
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[270] = "a picture"
        exif[274] = orientation
        yield f"jpeg-orientation-{orientation}", jpeg(smooth(10, 6), exif=exif)


# PNM

def pnm_files():
    levels = picture(6, 5).astype(numpy.int64)
    for maximum in (1, 7, 100, 255, 256, 1000, 65535):
        grey = levels[:, :, 0] * (maximum + 1) // 256
        grey[0, :] = numpy.arange(6) * min(maximum, 300) // 5
        color = levels * (maximum + 1) // 256
        kind = ">u2" if maximum > 255 else "u1"
        for name, plain, raw, samples in (("grey", b"P2", b"P5", grey), ("color", b"P3", b"P6", color)):
            head = b"\n# made by hand\n6 5\n%d\n" % maximum
            text = " ".join(str(v) for v in samples.ravel()).encode()
            yield f"pnm-{name}-plain-{maximum}", plain + head + text + b"\n"
            yield f"pnm-{name}-raw-{maximum}", raw + head + samples.astype(kind).tobytes()
    yield "pnm-above-maximum", b"P5 3 1 100\n" + bytes([0, 100, 200])
    yield "pnm-bits-plain", b"P1\n9 2\n1 0 1 0 1 0 1 0 1\n# second row\n001100110"
    yield "pnm-bits-raw", b"P4\n9 2\n" + bytes([0b10101010, 0x80, 0b00110011, 0])
    yield "pnm-comment-in-number", b"P2 2#two\n 1#one\n 255 1#\n2 7"


def digest(image):
    return xxhash.xxh3_128_hexdigest(numpy.asarray(image).tobytes())


def encodings():
    image = Image.fromarray(smooth(45, 30))
    for quality in (1, 7, 25, 50, 75, 80, 95, 100):
        for name, subsampling in (("420", 2), ("444", 0)):
            for optimized in (False, True):
                buffer = io.BytesIO()
                image.save(buffer, "JPEG", quality=quality, subsampling=subsampling,
                           optimize=optimized)
                file = buffer.getvalue()
                yield {
                    "quality": quality, "subsampling": name, "optimized": optimized,
                    "fileHash": xxhash.xxh3_128_hexdigest(file),
                    "pixelHash": digest(Image.open(io.BytesIO(file)).convert("RGB")),
                }


def main():
    files = []
    for name, file in itertools.chain(png_files(), jpeg_files(), pnm_files()):
        try:
            image = Image.open(io.BytesIO(file))
            rgb = image.convert("RGB")
        except OSError as error:
            print(f"{name}: not read by Pillow ({error}), left out")
            continue
        entry = {"name": name, "file": base64.b64encode(file).decode(), "width": rgb.width,
                 "height": rgb.height, "hash": digest(rgb)}
        if "orientation" in name or "turned" in name:
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
            entry["upright"] = digest(upright)
        files.append(json.dumps(entry))
    picture_to_encode = Image.fromarray(smooth(45, 30))
    buffer = io.BytesIO()
    picture_to_encode.save(buffer, "PNG", optimize=True)
    encoded = [json.dumps(entry) for entry in encodings()]
    separator = ",\n    "
    path = pathlib.Path(__file__).parent / "decoding.json"
    path.write_text(
        f'{{\n  "pillow": "{PIL.__version__}",\n'
        f'  "files": [\n    {separator.join(files)}\n  ],\n'
        f'  "encoded": "{base64.b64encode(buffer.getvalue()).decode()}",\n'
        f'  "encodings": [\n    {separator.join(encoded)}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
