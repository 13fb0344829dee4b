#!/usr/bin/env python3
"""Writes fisher.safetensors: Fisher merging of a parity set's experts, on its images.

  make_fisher_goldens.py SET OUTPUT      (needs torch, transformers, safetensors)

The diagonal Fisher information is exact over the classes and taken image by image, by autograd in
float64. Every seventh parameter of the merged models is kept.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from torch.func import functional_call
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

folder, output = sys.argv[1:]
config = CLIPVisionConfig.from_pretrained(f"{folder}/base")
model = CLIPVisionModelWithProjection._from_config(config, attn_implementation="sdpa").eval()
model = model.double().requires_grad_(False)
names = [name for name, _ in model.named_parameters()]
inputs = load_file(f"{folder}/inputs.safetensors")


def flat(tensors):
    return torch.cat([tensors[n].reshape(-1) for n in names])


experts, information = [], []
for k in range(2):
    stored = load_file(f"{folder}/ft{k}/model.safetensors")
    expert = {n: stored[n].double().requires_grad_() for n in names}
    images = inputs[f"x{k}"].double()
    head = load_file(f"{folder}/head{k}.safetensors")["weight"].double()
    fisher = torch.zeros_like(flat(expert))
    for image in images:
        features = functional_call(model, expert, (image[None],)).image_embeds
        logits = 100 * features / features.norm() @ head.t()
        logarithm = logits.log_softmax(1)[0]
        for c in range(len(head)):
            slopes = torch.autograd.grad(logarithm[c], list(expert.values()), retain_graph=True)
            fisher += logarithm[c].exp().detach() * flat(dict(zip(names, slopes))) ** 2
    information.append(fisher / len(images))
    experts.append(flat(expert).detach())
    print(k, float(fisher.norm()), float(fisher.max()))

golden = {}
for tag, weights in [
    ("normalized", [1 / f.norm() for f in information]), ("plain", [1.0, 1.0])
]:
    parts = [(w * f).clamp(min=1e-10) for w, f in zip(weights, information)]
    merged = sum(p * e for p, e in zip(parts, experts)) / sum(parts)
    golden[tag] = merged[::7].float().contiguous()
save_file(golden, f"{output}/fisher.safetensors")
