#!/usr/bin/env python3
"""Writes the goldens of CheckpointsTests with the reference implementation of safetensors.

  make_goldens.py OUTPUT_FOLDER        (needs numpy, torch, safetensors; made with 0.8.0)
"""

import sys

import torch
from safetensors.torch import save_file

folder = sys.argv[1]
values = torch.tensor(
    [0.0, -0.0, 1.0, -2.5, 0.1, 65504.0, 1e-3, 6.1e-5, 3e-6, 6e-8, 1e-9, 1e5, float("inf"), 3.14159]
).reshape(2, 7)

for name, dtype in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
    tensors = {
        "visual_projection.weight": values.to(dtype),
        "encoder.layers.0.layer_norm1.weight": torch.arange(5).to(dtype),
        "embeddings.class_embedding": torch.tensor(0.5).to(dtype),
        "empty": torch.zeros(0, 3).to(dtype),
        "Größe \"q\"\n": torch.ones(1).to(dtype),
    }
    save_file(tensors, f"{folder}/{name}.safetensors", metadata={"format": "pt"})

save_file(
    {
        "half": torch.tensor([1.5, -0.25]).half(),
        "ids": torch.arange(3),
        "single": torch.tensor([[7.0]]),
        "flags": torch.tensor([True, False, True]),
        "brain": torch.tensor([3.0]).bfloat16(),
    },
    f"{folder}/mixed.safetensors",
)
