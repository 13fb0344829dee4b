#!/usr/bin/env python3
"""Makes the small data sets of these tests, each in its official layout, and expected.json with what
the official readers make of them: NumPy, SciPy, Pillow, and the tarfile module.

    python3 make_goldens.py    # needs numpy, scipy and pillow
"""

import csv
import gzip
import io
import json
import pathlib
import shutil
import struct
import tarfile

import numpy as np
import scipy.io
from PIL import Image

here = pathlib.Path(__file__).parent
random = np.random.default_rng(7)
expected = {}


def fresh(name):
    folder = here / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def picture(width=4, height=3):
    return random.integers(0, 256, (height, width, 3), dtype=np.uint8)


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def entry(identifier, label, pixels):
    """As the tests compare it: RGB, rows from the top."""
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    return {
        "id": identifier,
        "class": label,
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "pixels": pixels.reshape(-1).tolist(),
    }


def idx():
    """MNIST and Fashion-MNIST: images of 3 rows and 4 columns."""
    folder = fresh("idx/MNIST/raw")
    for prefix, labels in {"t10k": [7, 2, 0, 7], "train": [1, 0]}.items():
        images = random.integers(0, 256, (len(labels), 3, 4), dtype=np.uint8)
        header = struct.pack(">IIII", 0x803, *images.shape)
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(header + images.tobytes())
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(
            struct.pack(">II", 0x801, len(labels)) + bytes(labels))
        expected[f"idx {prefix}"] = [
            entry(f"t/{prefix}/{i}", str(label), images[i]) for i, label in enumerate(labels)]
    packed = fresh("idx-gz")
    for source in folder.iterdir():
        content = source.read_bytes()
        # Two streams one after another, as gzip allows, and without a time.
        half = len(content) // 2
        (packed / f"{source.name}.gz").write_bytes(
            gzip.compress(content[:half], mtime=0) + gzip.compress(content[half:], mtime=0))


def svhn():
    """[height, width, 3, count] bytes; sizes that differ show a transposition."""
    folder = fresh("svhn")
    labels = [1, 10, 9]
    x = random.integers(0, 256, (4, 3, 3, len(labels)), dtype=np.uint8)
    y = np.array(labels, dtype=np.uint8)[:, None]
    scipy.io.savemat(folder / "test_32x32.mat", {"X": x, "y": y}, do_compression=True)
    scipy.io.savemat(
        folder / "train_32x32.mat", {"X": x[..., :2], "y": y[:2].astype(float)},
        do_compression=False)
    loaded = scipy.io.loadmat(folder / "test_32x32.mat")["X"]
    expected["svhn test"] = [
        entry(f"t/test/{i}", str(label % 10), loaded[..., i]) for i, label in enumerate(labels)]
    expected["svhn train"] = [
        entry(f"t/train/{i}", str(labels[i] % 10), loaded[..., i]) for i in range(2)]


def gtsrb():
    folder = fresh("gtsrb")
    entries, rows = [], []
    for number, label in enumerate([3, 42, 0]):
        pixels = picture()
        save(folder / f"GTSRB/Final_Test/Images/{number:05}.ppm", pixels)
        rows.append([f"{number:05}.ppm", 4, 3, 0, 0, 3, 2, label])
        entries.append(entry(f"t/{number:05}.ppm", f"{label:05}", pixels))
    with open(folder / "GT-final_test.csv", "w", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            "Filename Width Height Roi.X1 Roi.Y1 Roi.X2 Roi.Y2 ClassId".split())
        writer.writerows(rows)
    expected["gtsrb test"] = entries
    expected["gtsrb train"] = []
    for label in [0, 14]:
        pixels = picture()
        save(folder / f"GTSRB/Training/{label:05}/00000_00000.ppm", pixels)
        expected["gtsrb train"].append(
            entry(f"t/{label:05}/00000_00000.ppm", f"{label:05}", pixels))


def cars():
    folder = fresh("stanford_cars")
    (folder / "devkit").mkdir()
    names = ["AM General Hummer SUV 2000", "Ram C/V Cargo Van Minivan 2012", "Citroën 2CV"]
    cells = np.empty((1, len(names)), dtype=object)
    cells[0] = names
    scipy.io.savemat(folder / "devkit/cars_meta.mat", {"class_names": cells}, do_compression=True)
    fields = ["bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "fname"]
    for split, labels in {"test": [2, 1, 3, 2], "train": [3, 1]}.items():
        annotations = np.zeros((1, len(labels)), dtype=[(field, object) for field in fields])
        entries = []
        for number, label in enumerate(labels):
            pixels, name = picture(), f"{number + 1:05}.png"
            save(folder / f"cars_{split}/{name}", pixels)
            annotations[0, number] = (
                np.uint8(30), np.uint16(500), np.uint8(3), np.float64(2), np.uint8(label), name)
            entries.append(entry(f"t/{name}", names[label - 1], pixels))
        path = "cars_test_annos_withlabels.mat" if split == "test" else "devkit/cars_train_annos.mat"
        scipy.io.savemat(
            folder / path, {"annotations": annotations}, do_compression=split == "test")
        expected[f"cars {split}"] = entries
    # The challenge's own file has no classes.
    unlabeled = np.zeros((1, 1), dtype=[(field, object) for field in fields if field != "class"])
    unlabeled[0, 0] = (1, 2, 3, 4, "00001.png")
    scipy.io.savemat(folder / "devkit/cars_test_annos.mat", {"annotations": unlabeled})


def dtd():
    folder = fresh("dtd/dtd")
    (folder / "labels").mkdir()
    for split in ["test", "val"]:
        lines, entries = [], []
        for name in ["dotted", "banded"]:
            pixels, file = picture(), f"{name}/{name}_{split}.png"
            save(folder / "images" / file, pixels)
            lines.append(file)
            entries.append(entry(f"t/{file}", name, pixels))
        (folder / f"labels/{split}1.txt").write_text("\n".join(lines) + "\n")
        expected[f"dtd {split}"] = entries


def eurosat():
    folder = fresh("eurosat")
    entries = {}
    for name in ["Forest", "River"]:
        for number in [1, 2]:
            pixels = picture()
            save(folder / f"2750/{name}/{name}_{number}.png", pixels)
            entries[name, number] = entry(f"t/{name}/{name}_{number}.png", name, pixels)
    chosen = [("River", 2), ("Forest", 1)]
    with open(folder / "test.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["", "Filename", "Label", "ClassName"])
        for index, (name, number) in enumerate(chosen):
            writer.writerow([index, f"{name}/{name}_{number}.png", "FR".index(name[0]), name])
    expected["eurosat test"] = [entries[key] for key in chosen]
    splits = fresh("eurosat-splits/EuroSAT_splits")
    expected["eurosat-splits val"] = []
    for name in ["Forest", "River"]:
        pixels = picture()
        save(splits / f"val/{name}/{name}_7.png", pixels)
        expected["eurosat-splits val"].append(entry(f"t/{name}/{name}_7.png", name, pixels))


def resisc45():
    folder = fresh("resisc45")
    lines, entries = [], []
    for name in ["sea_ice", "airplane"]:
        for number in [1, 2]:
            pixels, file = picture(), f"{name}_{number:03}.png"
            save(folder / "NWPU-RESISC45" / name / file, pixels)
            if number == 2:
                lines.append(file)
                entries.append(entry(f"t/{name}/{file}", name, pixels))
    (folder / "resisc45-test.txt").write_text("\n".join(lines) + "\n")
    expected["resisc45 test"] = entries


def sun397():
    folder = fresh("SUN397")
    lines, entries = [], []
    for path, name in {"/a/abbey": "abbey", "/a/apse/indoor": "apse_indoor"}.items():
        pixels = picture()
        save(folder / path[1:] / "sun_a.png", pixels)
        lines.append(f"{path}/sun_a.png")
        entries.append(entry(f"t{path}/sun_a.png", name, pixels))
    (folder / "Testing_01.txt").write_text("\n".join(lines) + "\n")
    (folder / "ClassName.txt").write_text("/a/abbey\n/a/apse/indoor\n")
    expected["SUN397 test"] = entries
    splits = fresh("sun397-splits/sun397")
    expected["sun397-splits test"] = []
    for name in ["abbey", "beach"]:
        pixels = picture()
        save(splits / f"test/{name[0]}_{name}/1.png", pixels)
        expected["sun397-splits test"].append(entry(f"t/{name[0]}_{name}/1.png", name, pixels))


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def shard(path, members, style=tarfile.USTAR_FORMAT):
    with tarfile.open(path, "w", format=style) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def webdataset():
    """Numbers as classes, in a ustar and a pax archive, one with a name beyond ustar's room."""
    folder = fresh("webdataset")
    entries = []
    for number, style in enumerate([tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT]):
        members = []
        for index, label in enumerate([10, 2] if number == 0 else [2, 1]):
            key = f"{index:04}"
            if style == tarfile.PAX_FORMAT and index == 1:
                key = "deep/" * 40 + "ü" * 40
            pixels = picture()
            members += [(f"{key}.png", png(pixels)), (f"{key}.seg.png", b"no image")]
            if index == 0:
                members.append((f"{key}.cls", f"{label:02}\n".encode()))
            else:
                members.append((f"{key}.json", json.dumps({"label": label, "x": []}).encode()))
            entries.append(entry(f"t/part-{number:03}/{key}", str(label), pixels))
        shard(folder / f"part-{number:03}.tar", members, style)
    expected["webdataset"] = entries
    named = fresh("webdataset-named")
    entries, members = [], []
    for key, label in {"a": "zebra crossing", "b": "ant"}.items():
        pixels = picture()
        members += [(f"{key}.cls", label.encode()), (f"{key}.png", png(pixels))]
        entries.append(entry(f"t/only/{key}", label, pixels))
    shard(named / "only.tar", members, tarfile.GNU_FORMAT)
    expected["webdataset-named"] = entries


for make in [idx, svhn, gtsrb, cars, dtd, eurosat, resisc45, sun397, webdataset]:
    make()
with open(here / "expected.json", "w") as file:
    json.dump(expected, file, ensure_ascii=False, separators=(",", ":"))
    file.write("\n")
