#!/usr/bin/env python3
"""Makes the seed corpora of script/fuzz from the repository's fixtures and goldens, with the standard
library alone. Usage: make_seeds.py FOLDER; each target's seeds lie in a folder of its name.
"""
import base64
import gzip
import io
import json
import pathlib
import struct
import sys
import tarfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = pathlib.Path(sys.argv[1])
LARGEST = 40_000  # bytes; libFuzzer is at its best with small files


def add(target, name, content):
    if isinstance(content, str):
        content = content.encode()
    if len(content) > LARGEST:
        return
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name.replace("/", "_")).write_bytes(content)


def add_files(target, *patterns):
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            add(target, str(path.relative_to(ROOT)), path.read_bytes())


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, interlace=0, extra=(), data=None):
    """A small PNG of any kind, with zeros or `data` for pixels."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    if data is None:
        row = (width * depth * channels + 7) // 8
        data = zlib.compress((b"\0" + bytes(range(1, row + 1))[:row].ljust(row, b"\1")) * height)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    body = chunk(b"IHDR", header) + b"".join(chunk(kind, content) for kind, content in extra)
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def images():
    goldens = json.loads((ROOT / "Tests/ImagingTests/Goldens/decoding.json").read_text())
    for golden in goldens["files"]:
        content = base64.b64decode(golden["file"])
        kind = "png" if content[:4] == b"\x89PNG" else "jpeg" if content[:2] == b"\xff\xd8" else "pnm"
        add(kind, golden["name"], content)
    palette = [(b"PLTE", bytes(range(12)))]
    for depth, color in [(1, 0), (2, 0), (16, 0), (8, 2), (16, 2), (8, 4), (16, 4), (8, 6), (16, 6)]:
        for interlace in (0, 1):
            add("png", f"made-{color}-{depth}-{interlace}", png(5, 7, depth, color, interlace))
    for depth in (1, 2, 4, 8):
        add("png", f"palette-{depth}", png(5, 7, depth, 3, 0, palette))
    add("png", "exif", png(3, 2, 8, 2, 0, [(b"eXIf", b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0")]))
    add("png", "transparency", png(3, 2, 8, 2, 0, [(b"tRNS", bytes(6)), (b"gAMA", bytes(4))]))
    for kind in (1, 4):
        add("pnm", f"bits-{kind}", f"P{kind}\n# a comment\n9 2\n".encode() + b"1 0 1 0 1 0 1 0 1\n0 0 0 1 1 1 0 0 0")
    add("pnm", "deep", b"P5 2 2 1000\n" + bytes(8))
    add("pnm", "color", b"P6 2 2 255\n" + bytes(12))
    add("pnm", "plain", b"P3 1 2 9\n1 2 3\n9 9 9\n")


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def checkpoints():
    add_files("safetensors", "Tests/CheckpointsTests/Goldens/*.safetensors")
    entry = {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}
    add("safetensors", "two", safetensors({"a": entry, "b": {**entry, "data_offsets": [8, 16]}}, bytes(16)))
    add("safetensors", "head", safetensors(
        {"__metadata__": {"class_names": '["a", "b"]', "logit_scale": "100"}, "weight": entry}, bytes(8)))
    add("safetensors", "empty", safetensors({"a": {"dtype": "BF16", "shape": [0, 4], "data_offsets": [0, 0]}}))
    for dtype, size in [("F16", 2), ("BF16", 2), ("F64", 8), ("I8", 1), ("BOOL", 1), ("F4", 1)]:
        shape = [2] if dtype == "F4" else [1]
        add("safetensors", dtype, safetensors(
            {"x": {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}}, bytes(size)))
    add_files("torch", "Tests/CheckpointsTests/Goldens/*.pt", "Tests/VisionModelsTests/Goldens/**/*.pt")
    add("shard-index", "index", json.dumps({"metadata": {"total_size": 8}, "weight_map": {"a": "input.safetensors"}}))
    drop = {"rate": 0.9, "seed": 0}
    add("coefficients", "task", json.dumps(
        {"granularity": "task-wise", "tasks": ["a"], "layers": ["w"], "values": [0.3], "drop": drop}))
    add("coefficients", "layer", json.dumps(
        {"granularity": "layer-wise", "tasks": ["a"], "layers": ["w", "b"], "values": [[0.3, 1]], "density": 0.2}))


def configurations():
    add_files("recipe", "corruptions/*.yaml", "corruptions/*/*.yaml")
    add_files("yaml", "heads/*.yaml", "corruptions/fog.yaml", "fixtures/suite.yaml")
    add("yaml", "anchors", "a: &x [1, 2]\nb: *x\nc: {<<: {d: 1}}\n")
    add("yaml", "styles", "a: |\n  text\nb: >-\n  folded\n'c': \"\\u00e9\"\n? d\n: - 1\n  - .nan\n")
    add_files("suite", "fixtures/*.yaml")
    for path in sorted(ROOT.glob("fixtures/plans/*.yaml")):
        text = path.read_text().replace("../suite.yaml", "suite.yaml").replace("../clip-suite.yaml", "suite.yaml")
        add("plan", path.name, text)
    add_files("model-configuration", "Tests/*/Goldens/**/config.json", "fixtures/models/**/config.json")
    vocabulary = {"a</w>": 0, "b</w>": 1, "a": 2, "b": 3, "ab</w>": 4, "<|startoftext|>": 5, "<|endoftext|>": 6}
    for merges in (["a b</w>"], [["a", "b</w>"]]):
        add("tokenizer", f"small-{len(merges[0])}", json.dumps(
            {"model": {"vocab": vocabulary, "merges": merges, "end_of_word_suffix": "</w>"}}))


def archive(members, form):
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=form) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            info.size = len(content or b"")
            tar.addfile(info, io.BytesIO(content or b""))
    return output.getvalue()


def datasets():
    pixel = png(1, 1, 8, 2)
    members = [("a/0.png", pixel), ("a/0.cls", b"3"), ("a/1.png", pixel), ("a/1.json", b'{"label": "x"}')]
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        add("tar", f"format-{form}", archive(members, form))
        name = "d" * 90 + "/" + "n" * 90
        add("tar", f"long-{form}", archive([(name + ".png", pixel), (name + ".cls", b"1")], form))
    add("tar", "climbing", archive([("../x.png", pixel)], tarfile.USTAR_FORMAT))
    add("tar", "link", archive([("x.png", None)], tarfile.USTAR_FORMAT))
    add_files("tar", "Tests/DatasetsTests/Goldens/webdataset*/*.tar")

    labels = struct.pack(">HBBI", 0, 8, 1, 2) + b"\3\7"
    pixels = struct.pack(">HBBIII", 0, 8, 3, 2, 2, 3) + bytes(12)
    for name, first, second in [
        ("plain", labels, pixels), ("packed", gzip.compress(labels), gzip.compress(pixels)),
        ("mixed", labels, gzip.compress(pixels) + gzip.compress(b"") + bytes(3)),
    ]:
        add("idx", name, bytes([len(first)]) + first + second)

    folder = ROOT / "Tests/DatasetsTests/Goldens"
    add_files("svhn", "Tests/DatasetsTests/Goldens/svhn/*.mat")
    add("svhn", "unpacked", unpacked((folder / "svhn/test_32x32.mat").read_bytes()))
    meta = (folder / "stanford_cars/devkit/cars_meta.mat").read_bytes()
    annotations = (folder / "stanford_cars/cars_test_annos_withlabels.mat").read_bytes()
    for name, pair in [("packed", (meta, annotations)), ("unpacked", (unpacked(meta), unpacked(annotations)))]:
        add("cars", name, struct.pack(">H", len(pair[0])) + pair[0] + pair[1])

    add("manifest", "plain", "path,label\na.png,x\nb.png,y\n")
    add("manifest", "quoted", '\ufeff"label","path",z\r\n"a ""b"", c","a.png",\r\n=1+1,b.png,"\n"\r\n')
    add_files("gtsrb", "Tests/DatasetsTests/Goldens/gtsrb/GT-final_test.csv")


def unpacked(mat):
    """A MATLAB file with its compressed variables decompressed, for mutations that reach inside."""
    output, position = mat[:128], 128
    while position < len(mat):
        kind, count = struct.unpack_from("<II", mat, position)
        content = mat[position + 8:position + 8 + count]
        output += zlib.decompress(content) if kind == 15 else mat[position:position + 8] + content
        position += 8 + count
    return output


images()
checkpoints()
configurations()
datasets()
