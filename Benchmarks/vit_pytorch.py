#!/usr/bin/env python3
"""Images per second of a CLIP vision tower in PyTorch (transformers), forward and forward+backward.

  pip install torch transformers
  Benchmarks/vit_pytorch.py [--threads 2] [--batch 128] [--repeats 9] [--backbone suite|b32]

Prints medians; to be compared with MergeShift at the same sizes, one after the other on the
same quiet machine.
"""
import argparse
import statistics
import time

import torch
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

BACKBONES = {
    "suite": dict(hidden_size=96, intermediate_size=384, num_hidden_layers=4,
                  num_attention_heads=6, image_size=64, patch_size=8, projection_dim=64),
    "b32": dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12,
                num_attention_heads=12, image_size=224, patch_size=32, projection_dim=512),
}


def median_seconds(repeats, work):
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--backbone", choices=BACKBONES, default="suite")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    configuration = CLIPVisionConfig(hidden_act="quick_gelu", **BACKBONES[arguments.backbone])
    model = CLIPVisionModelWithProjection._from_config(configuration, attn_implementation="sdpa")
    size = configuration.image_size
    pixels = torch.randn(arguments.batch, 3, size, size)

    def forward():
        with torch.inference_mode():
            model(pixels)

    def both():
        model.zero_grad(set_to_none=True)
        model(pixels).image_embeds.square().sum().backward()

    for name, work in (("forward", forward), ("forward+backward", both)):
        seconds = median_seconds(arguments.repeats, work)
        print(f"{name:18} {arguments.batch / seconds:8.0f} images/s")


if __name__ == "__main__":
    main()
