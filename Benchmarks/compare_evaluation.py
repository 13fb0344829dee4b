#!/usr/bin/env python3
"""Evaluation of ViT-B/32 from JPEG files to an accuracy: `mergeshift eval` against FusionBench's loop.

  pip install torch torchvision transformers safetensors Pillow numpy
  swift build -c release --product mergeshift
  Benchmarks/compare_evaluation.py [--images 256] [--threads 2] [--rounds 3] [--backbone b32|suite]

A folder of JPEG files of 500 x 375 pixels and a model and a head with random weights are made. One
side is the whole command, start and loading of the weights included. The other is what FusionBench
does per task, after its model is loaded: a DataLoader whose data set opens each file and calls the
CLIPImageProcessor on it, batches through transformers' vision tower, projection, norm, head, cross
entropy and accuracy; with as many worker processes as given. Both take turns; prints images per
second (medians), their ratio, and whether both say the same of every image count.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch.utils.data import DataLoader, Dataset
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

from vit_pytorch import BACKBONES

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLASSES = 10


def make_images(folder, count):
    random = np.random.default_rng(0)
    for index in range(count):
        # Smooth fields compress like photographs; a little noise on them like their grain.
        field = Image.fromarray(random.integers(0, 256, (12, 16, 3), np.uint8))
        pixels = np.asarray(field.resize((500, 375), Image.BICUBIC), np.int16)
        pixels = np.clip(pixels + random.integers(-8, 9, pixels.shape), 0, 255).astype(np.uint8)
        path = folder / "test" / f"class{index % CLASSES}" / f"{index:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path, quality=90)


class Images(Dataset):
    def __init__(self, folder, processor):
        self.files = sorted(folder.glob("test/*/*.jpg"))
        self.processor = processor

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        image = Image.open(self.files[index]).convert("RGB")
        pixels = self.processor(images=[image], return_tensors="pt")["pixel_values"][0]
        return pixels, int(self.files[index].parent.name.removeprefix("class"))


@torch.no_grad()
def evaluate(model, head, loader):
    correct, loss, count = 0, 0.0, 0
    for images, labels in loader:
        features = model(images).image_embeds
        logits = 100 * torch.nn.functional.normalize(features) @ head.T
        loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
        correct += (logits.argmax(-1) == labels).sum().item()
        count += len(labels)
    return 100 * correct / count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", default="0,2", help="of the DataLoader; each is timed")
    parser.add_argument("--backbone", choices=BACKBONES, default="b32")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_images(folder / "task", arguments.images)
        sizes = BACKBONES[arguments.backbone]
        configuration = CLIPVisionConfig(hidden_act="quick_gelu", **sizes)
        model = CLIPVisionModelWithProjection(configuration).eval()
        model.save_pretrained(folder / "base")
        side = sizes["image_size"]
        processor = CLIPImageProcessor(
            size={"shortest_edge": side}, crop_size={"height": side, "width": side})
        processor.save_pretrained(folder / "base")
        head = torch.nn.functional.normalize(torch.randn(CLASSES, sizes["projection_dim"]))
        save_file({"weight": head}, folder / "head.safetensors",
                  metadata={"class_names": json.dumps([f"class{i}" for i in range(CLASSES)]),
                            "logit_scale": "100"})
        (folder / "suite.yaml").write_text(
            "name: benchmark\nbase: base\ntasks:\n"
            "  - {name: task, expert: base, head: head.safetensors, images: task/test}\n")

        def ours():
            text = subprocess.run(
                [ROOT / ".build/release/mergeshift", "eval", folder / "base", "--suite",
                 folder / "suite.yaml", "--threads", str(arguments.threads)],
                check=True, capture_output=True, text=True, cwd=ROOT).stdout
            return float(re.search(r"^task .*?(\d+\.\d)", text, re.MULTILINE).group(1))

        sides = {"mergeshift eval": ours}
        images = Images(folder / "task", processor)
        for workers in map(int, arguments.workers.split(",")):
            loader = DataLoader(images, batch_size=arguments.batch, num_workers=workers)
            sides[f"FusionBench's loop, {workers} workers"] = (
                lambda loader=loader: evaluate(model, head, loader))
        rates = {side: [] for side in sides}
        accuracies = {}
        for _ in range(arguments.rounds):
            for side, work in sides.items():
                start = time.perf_counter()
                accuracies[side] = work()
                rates[side].append(arguments.images / (time.perf_counter() - start))
        own = statistics.median(rates["mergeshift eval"])
        for side in sides:
            rate = statistics.median(rates[side])
            print(f"{side:32} {rate:7.1f} images/s   accuracy {accuracies[side]:5.1f}   "
                  f"mergeshift's is {own / rate:.2f} times that")


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
