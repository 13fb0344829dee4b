#!/usr/bin/env python3
"""Writes the goldens of MergingTests: a tiny CLIP tower, two experts, and what PyTorch makes of them.

  make_goldens.py OUTPUT_FOLDER      (needs torch, transformers, safetensors)

Everything is computed in float64 by autograd through the merge, so that nothing is shared with the
hand-written gradients under test: TIES masks (the procedure of AdaMerging's official code) and 20 steps of
AdaMerging in each variant. Attention is SDPA: the eager path of
transformers does its softmax in float32.
"""

import sys

import torch
from safetensors.torch import save_file
from torch.func import functional_call
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

folder, steps, tasks, batch = sys.argv[1], 20, 2, 4
classes = [5, 7]
torch.manual_seed(11)
config = CLIPVisionConfig(
    hidden_size=24, intermediate_size=48, projection_dim=16, num_hidden_layers=2,
    num_attention_heads=2, image_size=16, patch_size=8, hidden_act="quick_gelu",
    layer_norm_eps=1e-5,
)
model = CLIPVisionModelWithProjection._from_config(config, attn_implementation="sdpa").eval()
names = [name for name, _ in model.named_parameters()]


def generic(name, shape):
    """Values that let every tensor matter, unlike the default initialisation's zeros and ones."""
    noise = torch.randn(shape)
    if "norm" in name and name.endswith("weight") or "layrnorm.weight" in name:
        return 1 + 0.1 * noise
    if "embedding" in name:
        return 0.2 * noise
    return 0.05 * noise if len(shape) == 1 else noise / noise[0].numel() ** 0.5


def half(tensors):
    return {name: tensor.half().contiguous() for name, tensor in tensors.items()}


base = half({n: generic(n, p.shape) for n, p in model.named_parameters()})
experts = [
    half({n: base[n].float() + 0.02 * torch.randn(base[n].shape) for n in names})
    for _ in range(tasks)
]
config.save_pretrained(folder)
save_file(base, f"{folder}/base.safetensors")
for k, expert in enumerate(experts):
    save_file(expert, f"{folder}/expert{k}.safetensors")

golden = {}
heads, inputs = [], []
for k, count in enumerate(classes):
    common = torch.randn(1, config.projection_dim)
    rows = common / common.norm() + 0.04 * torch.randn(count, config.projection_dim)
    heads.append(rows / rows.norm(dim=-1, keepdim=True))
    inputs.append(torch.randn(batch, 3, config.image_size, config.image_size))
    golden[f"head{k}"], golden[f"input{k}"] = heads[k], inputs[k]

vectors = [{n: e[n].float() - base[n].float() for n in names} for e in experts]


def agreeing(vectors, density=0.2):
    flat = torch.stack([torch.cat([v[n].reshape(-1) for n in names]) for v in vectors])
    rank = flat.shape[1] - int(flat.shape[1] * density)
    threshold = flat.abs().kthvalue(rank, dim=1, keepdim=True).values
    trimmed = flat * (flat.abs() >= threshold)
    sign = torch.sign(trimmed.sum(dim=0))
    sign[sign == 0] = torch.sign(sign.sum())
    kept = trimmed * torch.where(sign > 0, trimmed > 0, trimmed < 0)
    sizes = [base[n].numel() for n in names]
    return kept, [
        {n: part.reshape(base[n].shape) for n, part in zip(names, row.split(sizes))}
        for row in kept
    ]


kept, selected = agreeing(vectors)
golden["ties_masks"] = (kept != 0).half()

double = model.double().requires_grad_(False)


def merged(coefficients, vectors, merge_names, clamp):
    weights = coefficients.clamp(0, 1) if clamp else coefficients
    parameters = {n: base[n].double() for n in names}
    for k, vector in enumerate(vectors):
        for layer, n in enumerate(merge_names):
            weight = weights[k] if weights.dim() == 1 else weights[k, layer]
            parameters[n] = parameters[n] + weight * vector[n].double()
    return parameters


def loss(parameters, offset):
    total = 0
    for k in range(tasks):
        features = functional_call(double, parameters, (inputs[k].double(),)).image_embeds
        features = features / features.norm(dim=-1, keepdim=True)
        logits = 100 * features @ heads[k].double().t()
        p = logits.softmax(1)
        logarithm = torch.log(p + 1e-8) if offset else logits.log_softmax(1)
        total = total - (p * logarithm).sum(1).mean(0)
    return total


def adapt(tag, vectors, layerwise, clamp=True, projection=True, offset=False, start=0.3, rate=1e-3):
    merge_names = [n for n in names if projection or n != "visual_projection.weight"]
    shape = (tasks, len(merge_names)) if layerwise else (tasks,)
    coefficients = torch.full(shape, start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([coefficients], lr=rate)
    path, losses = [coefficients.detach().clone()], []
    for step in range(steps):
        optimizer.zero_grad()
        value = loss(merged(coefficients, vectors, merge_names, clamp), offset)
        value.backward()
        if step == 0:
            golden[f"{tag}.gradient"] = coefficients.grad.clone().float()
        losses.append(float(value))
        optimizer.step()
        path.append(coefficients.detach().clone())
    golden[f"{tag}.coefficients"] = torch.stack(path).float()
    golden[f"{tag}.losses"] = torch.tensor(losses)
    print(tag, losses[0], losses[-1])


adapt("adamerging-taskwise", vectors, False)
adapt("adamerging-layerwise", vectors, True)
adapt("adamerging-taskwise++", selected, False)
adapt("adamerging-layerwise++", selected, True)
adapt("fusionbench", vectors, True, clamp=False, projection=False, offset=True)
adapt("clamped", vectors, True, start=0.004, rate=2e-3)  # crosses 0
save_file({k: v.contiguous() for k, v in golden.items()}, f"{folder}/golden.safetensors")
