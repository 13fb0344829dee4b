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


# The hash of the ingredients {"method": "a"}, which the targets look for.
KEY = "2fd9bf74161a73150738e7fcceab2846"


def run_files():
    provenance = {"codeVersion": "1", "recipeHash": "r", "weightsHash": "w", "dataHash": "d", "seed": 0,
                  "blas": "b", "cpuPath": "c", "threads": 2}
    record = {"schemaVersion": 2, "key": KEY, "ingredients": {"method": "a"}, "adaptationSeconds": 0.5,
              "seconds": 1, "peakMemoryBytes": 1000, "provenance": provenance}
    bins = [{"samples": 0, "correct": 0, "confidenceSum": 0}, {"samples": 3, "correct": 2, "confidenceSum": 2.5}]
    measurement = {
        "task": "a", "seen": True, "outcomes": {"count": 3, "bits": "Aw=="}, "samplesHash": "s",
        "meanEntropy": 0.5, "negativeLogLikelihood": 0.25, "brierScore": 0.5,
        "largestPredictedClassShare": 0.75, "meanPredictionEntropy": 1, "entropyLossSpearman": 0.5,
        "reliability": {"bins": bins}}
    other = {**measurement, "task": "b", "seen": False, "outcomes": {"count": 10, "bits": "/wM="},
             "reliability": {"bins": [{"samples": 10, "correct": 10, "confidenceSum": 9}]}}
    step = {"step": 1, "loss": 2.5, "coefficients": [0.3], "tasks": ["a", "b"], "meanEntropies": [1, 1.5],
            "largestClassShares": [0.5, 0.25], "meanPredictionEntropies": [2, 1]}
    adaptation = {
        "experts": ["a"], "layers": ["w", "v"], "coefficients": [0.25, 0.5], "clampedShare": 0, "steps": 2,
        "secondsPerStep": 0.25,
        "trajectory": [step, {**step, "step": 2, "onlineSamples": [4, 4], "onlineCorrect": [2, 3]}]}
    for name, fields in [
        ("failed", {"status": "failed", "reason": "no images"}),
        ("measured", {"status": "done", "tasks": [measurement, other]}),
        ("adapted", {"status": "done", "tasks": [measurement], "adaptation": adaptation}),
        ("empty", {"status": "done", "tasks": []}),
    ]:
        add("cell-record", name, json.dumps({**record, **fields}))
    header = "cell,task,sample,label,predicted,confidence,entropy_nats,nll_nats,brier\r\n"
    add("predictions", "none", header)
    add("predictions", "two", header + f'{KEY},a,"x,\n1.png",0,1,0.5,1,2,0.5\r\n{KEY},a,2.png,1,1,0.5,1,2,0.5\r\n')

    cell = {
        "key": KEY, "unit": KEY, "title": "a on fog", "experiment": "x", "method": "a", "methodOptions": "",
        "isGridPoint": False, "seen": ["a"], "unseen": ["b"], "protocolName": "continual",
        "adaptStream": "none", "evaluateStream": "fog-3", "boundary": 1, "corruption": "fog", "severity": 3,
        "profile": "imagenet-c", "adaptation": "none"}
    manifest = {"plan": "p", "backbone": "vit", "codeVersion": "1", "keepsPredictions": True,
                "fingerprint": "f", "cells": [cell, {**cell, "key": KEY[::-1], "experiment": "y"}]}
    add("run-manifest", "two", json.dumps(manifest))
    add("run-manifest", "none", json.dumps({**manifest, "cells": []}))

    holder = {"shard": {"index": 1, "count": 2}, "host": "here", "process": 7, "job": "7_1"}
    log = {"holder": holder, "start": 1.5, "state": {"running": {}}, "computed": 3, "stolen": 1}
    submission = {"job": "7", "shards": 2}
    for name, state in [("running", {"running": {}}), ("stopped", {"stopped": {"reason": "time limit"}})]:
        add("worker", name, "\n".join(json.dumps(part) for part in (holder, {**log, "state": state}, submission)))

    moments = {"learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
               "first": [0.5, 0.25], "second": [0.5, 0.25], "updates": 1}
    made = {"step": 1, "loss": 2.5, "tasks": ["a", "b"], "entropies": [1, 1.5], "coefficients": [0.3, 0.3],
            "largestClassShares": [0.5, 0.25], "meanPredictionEntropies": [2, 1]}
    state = {"origin": {"seed": "0"},
             "state": {"raw": [0.3, 0.4], "optimizer": moments, "trajectory": [made]}}
    add("adaptation", "state", json.dumps(state))
    vectors = {name: size for part, size in (("trunk", 3), ("heads", 2)) for name in (
        part, f"{part}.first_moment", f"{part}.second_moment")}
    header, end = {"__metadata__": {"fingerprint": "f", "step": "3", "head_step": "3"}}, 0
    for name, size in vectors.items():
        header[name] = {"dtype": "F32", "shape": [size], "data_offsets": [end, end + 4 * size]}
        end += 4 * size
    add("training-state", "state", safetensors(header, bytes(end)))
    add_files("training-record", "fixtures/training.json")

    predicted = {
        "count": 2, "nonFinite": 0,
        "sums": {"count": 2, "entropy": 1.1, "probabilities": [0.75, 1.25], "votes": [0, 2]}}
    tally = {"steps": [{"samples": {"a": 2}, "correct": {"a": 1}}], "tasks": {"a": predicted}}
    columns = struct.pack("<2I", 1, 0) + struct.pack("<2I4d", 1, 1, 0.75, 0.5, 0.25, 0.125) + struct.pack(
        "<2I4d", 0, 1, 0.5, 0.6, 0.75, 0.5)
    for name, online, rest in [("plain", {}, b""), ("online", {"predict-then-adapt": tally}, columns)]:
        add("continuation", name, json.dumps(
            {"checkpoint": state, "seconds": 1.5, "peakMemoryBytes": 1000, "online": online}).encode()
            + b"\n" + rest)


def report_files():
    columns = (
        "method,backbone,task,seen,corruption,severity,protocol,seed,samples,accuracy,mean_entropy_nats,"
        "experiment,method_options,is_grid_point,adaptation,profile,adapt_stream,evaluate_stream,boundary,"
        "accuracy_low,accuracy_high,nll_nats,ece,brier,largest_class_share,mean_prediction_entropy_nats,"
        "entropy_loss_spearman,clamped_share,steps,adaptation_seconds,peak_memory_bytes,status,reason,cell,"
        "schema_version").split(",")
    plain = {
        "method": "task-arithmetic", "backbone": "ViT-B/32", "task": "cars", "seen": "true", "corruption": "fog",
        "severity": "3", "protocol": "transductive", "seed": "0", "samples": "16", "accuracy": "0.5",
        "experiment": "x", "adaptation": "none", "profile": "imagenet-c", "adapt_stream": "none",
        "evaluate_stream": "fog-3", "status": "done", "cell": "c0", "schema_version": "2"}
    full = {**plain, "accuracy_low": "0.4", "accuracy_high": "0.625", "mean_entropy_nats": "1.5", "nll_nats": "2",
            "ece": "0.125", "brier": "0.5", "largest_class_share": "0.75", "mean_prediction_entropy_nats": "2",
            "entropy_loss_spearman": "-0.5", "peak_memory_bytes": "1000", "adaptation_seconds": "0.5"}
    adapted = {**full, "method": "adamerging-layerwise", "adaptation": "paper", "adapt_stream": "fog-3",
               "clamped_share": "0.1", "steps": "2", "cell": "c1", "accuracy": "0.6"}

    def table(*rows):
        return "\r\n".join([",".join(columns)] + [
            ",".join(row.get(column, "") for column in columns) for row in rows]) + "\r\n"

    clean = {"corruption": "clean", "severity": "0", "evaluate_stream": "clean"}
    unseen = {"task": "sun397", "seen": "false"}
    rows = [plain, full, adapted]
    add("results", "plain", table(*rows, *({**row, **clean} for row in rows), *({**row, **unseen} for row in rows)))
    add("results", "grid", table(full, {**full, "method_options": "lambda=0.4", "is_grid_point": "true"}, adapted))
    add("results", "seeds", table(*({**row, "seed": seed} for row in rows for seed in "012")))
    add("results", "severities", table(*({**row, "severity": level} for row in rows for level in "135")))
    add("results", "failed", table(full, {**plain, "accuracy": "", "status": "failed", "reason": "no images"}))
    streams = ["clean", "fog-3"]
    add("results", "crossed", table(*(
        {**adapted, "protocol": "cross-shift", "adapt_stream": adapt, "evaluate_stream": evaluate,
         "corruption": evaluate.split("-")[0]} for adapt in streams for evaluate in streams)))
    stream = {"adapt_stream": "continual(fog-3>snow-3)", "protocol": "continual"}
    add("results", "continual", table(full, *(
        {**adapted, **stream, "boundary": boundary, "corruption": corruption,
         "evaluate_stream": f"{corruption}-3"} for boundary in "12" for corruption in ("fog", "snow"))))
    add("results", "left-out", table(*(
        {**row, "experiment": f"x-without-{task}", "task": task, "seen": "false"}
        for row in (full, adapted) for task in ("cars", "sun397"))))
    add("results", "texts", table(
        {**full, "task": "<script>alert(1)</script>", "method": '"a ""b"", c"'}, {**full, "task": "'=1+1"},
        {**adapted, "corruption": "mixed", "evaluate_stream": '"mixed(fog-3,\nsnow-3)"'}))
    add("results", "first-schema", "\ufeffmethod,backbone,task,seen,corruption,severity,protocol,seed,samples,"
        "accuracy,mean_entropy\nties,vit,cars,true,clean,0,paper(steps=3),7,160,0.25,1.5\n")

    def detail(kind, header, *lines):
        add("details", header.split(",")[0] + str(kind), f"{kind}{header}\n" + "".join(f"{line}\n" for line in lines))

    detail(0, "experiment,protocol,task,corruption,severity,adapt_stream,evaluate_stream,boundary,seed,baseline,"
           "baseline_options,method,method_options,samples,accuracy_difference,difference_low,difference_high,"
           "mcnemar_p,cell",
           "x,transductive,cars,fog,3,fog,fog,,0,task-arithmetic,,adamerging-layerwise,,16,0.1,-0.1,0.25,0.5,a-fog",
           "x,transductive,eurosat,clean,0,clean,clean,1,0,task-arithmetic,,ties,a=1,,0.1,,,,a-clean")
    detail(1, "cell,task,bin,lower,upper,samples,mean_confidence,accuracy", "a-fog,cars,0,0,0.5,0,,",
           "a-fog,cars,1,0.5,1,16,0.75,0.5", "t-fog,cars,0,0,1,16,0.5,0.5")
    detail(2, "cell,step,task,loss,mean_entropy_nats,largest_class_share,mean_prediction_entropy_nats,coefficient,"
           "online_correct,online_samples", "a-fog,1,cars,2.5,1,0.25,2,0.3,2,4", "a-fog,2,cars,2,1,0.25,2,0.35,3,4",
           "a-fog,2,eurosat,2,1,0.5,2,,,")
    detail(3, "cell,expert,layer,coefficient", "a-fog,cars,encoder.layers.0.mlp.fc1.weight,0.25",
           "a-fog,cars,visual_projection.weight,0.5", "a-clean,eurosat,all,0.3")
    add("details", "gallery", b"4" + png(5, 7, 8, 2))


images()
checkpoints()
configurations()
datasets()
run_files()
report_files()
