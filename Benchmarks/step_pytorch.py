#!/usr/bin/env python3
"""Seconds of one step of layer-wise AdaMerging: MergeShift against PyTorch, in turns.

  pip install torch transformers
  swift build -c release --package-path Benchmarks
  Benchmarks/step_pytorch.py [--backbone suite|b32] [--tasks 8] [--batch 16] [--threads 2]
                             [--rounds 3] [--styles careful,fusionbench]

`careful` is PyTorch at its best: it merges once, in place, sends all images through one pass, and
takes the coefficients' gradients as inner products. `fusionbench` does what FusionBench 0.2.33 does: it
merges inside autograd, and for every task in turn calls the model with the merged parameters and goes
back through it and the merge. Both sides have random weights of the same sizes. Prints medians, ratios, and PyTorch's peak memory.
"""
import argparse
import resource
import statistics
import subprocess
import pathlib
import time

import torch
from torch.func import functional_call
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from vit_pytorch import BACKBONES

FOLDER = pathlib.Path(__file__).parent


def entropy(logits):
    log = logits.log_softmax(-1)
    return -(log.exp() * log).sum(-1).mean()


class Step:
    def __init__(self, backbone, tasks, batch):
        torch.manual_seed(0)
        configuration = CLIPVisionConfig(hidden_act="quick_gelu", **BACKBONES[backbone])
        self.model = CLIPVisionModelWithProjection._from_config(
            configuration, attn_implementation="sdpa")
        self.parameters = dict(self.model.named_parameters())
        self.base = {k: v.detach().clone() for k, v in self.parameters.items()}
        self.vectors = [{k: 0.001 * torch.randn_like(v) for k, v in self.base.items()}
                        for _ in range(tasks)]
        self.coefficients = torch.full((tasks, len(self.base)), 0.3, requires_grad=True)
        self.optimizer = torch.optim.Adam([self.coefficients], lr=1e-3)
        size = configuration.image_size
        self.images = [torch.randn(batch, 3, size, size) for _ in range(tasks)]
        self.heads = [torch.nn.functional.normalize(torch.randn(10, configuration.projection_dim))
                      for _ in range(tasks)]

    def logits(self, features, task):
        return 10 * torch.nn.functional.normalize(features) @ self.heads[task].T

    def careful(self):
        weights = self.coefficients.detach().clamp(0, 1)
        with torch.no_grad():
            for index, (name, parameter) in enumerate(self.parameters.items()):
                parameter.copy_(self.base[name])
                for task, vector in enumerate(self.vectors):
                    parameter.add_(vector[name], alpha=float(weights[task, index]))
        self.model.zero_grad(set_to_none=True)
        features = self.model(torch.cat(self.images)).image_embeds
        loss = sum(entropy(self.logits(part, task))
                   for task, part in enumerate(features.chunk(len(self.images))))
        loss.backward()
        gradient = torch.zeros_like(self.coefficients)
        for index, (name, parameter) in enumerate(self.parameters.items()):
            for task, vector in enumerate(self.vectors):
                gradient[task, index] = torch.dot(
                    parameter.grad.flatten(), vector[name].flatten())
        self.coefficients.grad = gradient
        self.optimizer.step()

    def fusionbench(self):
        weights = self.coefficients.clamp(0, 1)
        merged = dict(self.base)
        for task, vector in enumerate(self.vectors):
            for index, name in enumerate(self.base):
                merged[name] = merged[name] + vector[name] * weights[task, index]
        for task, images in enumerate(self.images):
            features = functional_call(self.model, merged, images).image_embeds
            entropy(self.logits(features, task)).backward(retain_graph=True)
        self.optimizer.step()
        self.optimizer.zero_grad()


class Ours:
    def __init__(self, arguments):
        self.process = subprocess.Popen(
            [FOLDER / ".build/release/Benchmarks", "step", "--serve", "--backbone",
             arguments.backbone, "--tasks", str(arguments.tasks), "--batch", str(arguments.batch),
             "--threads", str(arguments.threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def peak_memory(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmHWM:")[1].split()[0]) / 2**20


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--backbone", choices=BACKBONES, default="b32")
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--styles", default="careful")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    step = Step(arguments.backbone, arguments.tasks, arguments.batch)
    ours = Ours(arguments)
    styles = arguments.styles.split(",")
    times = {"mergeshift": [], **{style: [] for style in styles}}
    for turn in range(arguments.rounds + 1):
        mine = ours.seconds()
        theirs = {}
        for style in styles:
            start = time.perf_counter()
            getattr(step, style)()
            theirs[style] = time.perf_counter() - start
        if turn:  # the first one warms up
            times["mergeshift"].append(mine)
            for style in styles:
                times[style].append(theirs[style])
    own = statistics.median(times["mergeshift"])
    print(f"mergeshift   {own:8.3f} s  peak memory {ours.peak_memory():.2f} GiB")
    for style in styles:
        seconds = statistics.median(times[style])
        print(f"{style:12} {seconds:8.3f} s  {seconds / own:.2f} times mergeshift's")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"PyTorch's peak memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
