#!/usr/bin/env python3
"""Writes regmean.safetensors: RegMean of a parity set's experts, on its images.

  make_regmean_goldens.py SET OUTPUT      (needs torch, transformers, safetensors)

The inputs of all linear layers are taken by hooks, in float64; of the last block's queries, output
projection and MLP those of the class tokens alone, since no other token leaves it. Every seventh
parameter of the merged model is kept.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

(folder, output), alpha, ridge = sys.argv[1:], 0.9, 1e-6
config = CLIPVisionConfig.from_pretrained(f"{folder}/base")
model = CLIPVisionModelWithProjection._from_config(config, attn_implementation="sdpa").eval()
model = model.double().requires_grad_(False)
names = [name for name, _ in model.named_parameters()]
stored = load_file(f"{folder}/inputs.safetensors")
last = f"layers.{config.num_hidden_layers - 1}."
inputs = {}


def keep(name):
    def hook(module, arguments):
        x = arguments[0]
        if isinstance(module, torch.nn.Conv2d):
            x = torch.nn.functional.unfold(x, module.kernel_size, stride=module.stride)
            x = x.transpose(1, 2)
        elif last in name and not name.endswith(("k_proj", "v_proj")):
            x = x[:, :1]
        inputs[f"{name}.weight"] = x.reshape(-1, x.shape[-1])

    return hook


for name, module in model.named_modules():
    if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
        module.register_forward_pre_hook(keep(name))

experts, products = [], []
for k in range(2):
    expert = {n: t.double() for n, t in load_file(f"{folder}/ft{k}/model.safetensors").items()}
    model.load_state_dict(expert, strict=False)
    inputs.clear()
    model(stored[f"x{k}"].double())
    grams = {}
    for name, x in inputs.items():
        gram = x.t() @ x
        grams[name] = alpha * gram + (1 - alpha) * torch.diag(gram.diagonal())
    experts.append(expert)
    products.append(grams)

merged = {n: sum(e[n] for e in experts) / 2 for n in names}
for name in products[0]:
    total = sum(p[name] for p in products)
    total = total + ridge * total.diagonal().mean() * torch.eye(len(total), dtype=total.dtype)
    mean = merged[name].reshape(len(merged[name]), -1)
    side = sum(
        p[name] @ (e[name].reshape(mean.shape) - mean).t() for p, e in zip(products, experts))
    merged[name] = mean + torch.linalg.solve(total, side).t()
    print(name, float((merged[name] - mean).abs().max()), float(torch.linalg.cond(total)))
flat = torch.cat([merged[n].reshape(-1) for n in names])
save_file({"merged": flat[::7].float().contiguous()}, f"{output}/regmean.safetensors")
