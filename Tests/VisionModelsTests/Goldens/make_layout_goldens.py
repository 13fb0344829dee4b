#!/usr/bin/env python3
"""Writes the checkpoints of other layouts and families into `layouts/`, with PyTorch's numbers.

- vit/: a ViTModel in two shards, dinov2/: a Dinov2Model, as save_pretrained writes them; golden.safetensors
  beside each: pixels, class tokens in float64, the gradient of their weighted sum with respect to
  every parameter, and the class tokens of larger images, whose positions transformers interpolates.
- clip_positions.safetensors: the same for the CLIP model in `tiny/`.
- open_clip.pt: a vision tower written down with open_clip's names, whose attention is PyTorch's own
  nn.MultiheadAttention, as ImageEncoder saves it; open_clip.safetensors: its features.
- image_encoder.pt, head_Task.pt: whole modules, as task_vectors and AdaMerging save them.

Needs torch, transformers and safetensors; no other input.
"""
import json
import os
import shutil
import sys
import types

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import (CLIPVisionConfig, CLIPVisionModelWithProjection, Dinov2Config,
                          Dinov2Model, ViTConfig, ViTModel)

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "layouts")
GENERATOR = torch.Generator().manual_seed(20261125)


def randn(*shape):
    return torch.randn(*shape, generator=GENERATOR)


def randomize(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            draw = randn(*parameter.shape)
            if "lambda1" in name or ("norm" in name or "ln_" in name) and name.endswith("weight"):
                draw = 1 + 0.3 * draw
            elif draw.dim() >= 2 and "embedding" not in name and "token" not in name:
                draw = 1.5 * draw / draw[0].numel() ** 0.5
            else:
                draw = 0.3 * draw
            parameter.copy_(draw.float())


def family(name, model, old_names, **saving):
    folder = os.path.join(OUT, name)
    model = model.eval()
    randomize(model)
    model.save_pretrained(folder, **saving)
    model = model.double()
    size = model.config.image_size
    pixels, larger = randn(3, 3, size, size), randn(2, 3, size + 4, size + 4)
    weights = randn(3, model.config.hidden_size)
    features = model(pixels.double()).last_hidden_state[:, 0]
    (features * weights.double()).sum().backward()
    options = {} if name == "dinov2" else dict(interpolate_pos_encoding=True)
    golden = dict(pixels=pixels, weights=weights, features=features.detach(), larger_pixels=larger)
    with torch.no_grad():
        # transformers interpolates in float32; so does this, whatever the model's type.
        golden["larger_features"] = model(larger.double(), **options).last_hidden_state[:, 0]
    for parameter, tensor in model.named_parameters():
        if tensor.grad is not None:
            golden["gradient/" + old_names(parameter)] = tensor.grad
    write(os.path.join(folder, "golden.safetensors"), golden)


def write(path, tensors):
    save_file({name: t.detach().float().contiguous() for name, t in tensors.items()}, path)
    os.chmod(path, 0o644)


def vit_names(name):
    for new, old in [("layers.", "encoder.layer."), ("attention.q_proj", "attention.attention.query"),
                     ("attention.k_proj", "attention.attention.key"),
                     ("attention.v_proj", "attention.attention.value"),
                     ("attention.o_proj", "attention.output.dense"),
                     ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense")]:
        name = name.replace(new, old)
    return name


def dinov2_names(name):
    for new, old in [("attention.q_proj", "attention.attention.query"),
                     ("attention.k_proj", "attention.attention.key"),
                     ("attention.v_proj", "attention.attention.value"),
                     ("attention.o_proj", "attention.output.dense")]:
        name = name.replace(new, old)
    return name


def clip_positions():
    tiny = os.path.join(HERE, "tiny")
    with open(os.path.join(tiny, "config.json")) as file:
        config = CLIPVisionConfig(**json.load(file))
    model = CLIPVisionModelWithProjection._from_config(config, attn_implementation="sdpa")
    model.load_state_dict(load_file(os.path.join(tiny, "model.safetensors")))
    pixels = randn(2, 3, 32, 32)
    with torch.no_grad():
        features = model.eval().double()(
            pixels.double(), interpolate_pos_encoding=True).image_embeds
    write(os.path.join(OUT, "clip_positions.safetensors"), dict(pixels=pixels, features=features))


class QuickGELU(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(width, hidden))
        self.mlp.add_module("gelu", QuickGELU())
        self.mlp.add_module("c_proj", nn.Linear(hidden, width))
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Blocks(nn.Module):
    def __init__(self, width, layers, heads, hidden):
        super().__init__()
        self.resblocks = nn.ModuleList(Block(width, heads, hidden) for _ in range(layers))


class Visual(nn.Module):
    def __init__(self, image=8, patch=4, width=64, layers=2, hidden=32, embedding=8):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.zeros(width))
        self.positional_embedding = nn.Parameter(torch.zeros((image // patch) ** 2 + 1, width))
        self.ln_pre = nn.LayerNorm(width)
        self.transformer = Blocks(width, layers, width // 64, hidden)
        self.ln_post = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.zeros(width, embedding))

    def forward(self, x):
        x = self.conv1(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1)
        x = self.ln_pre(x + self.positional_embedding).transpose(0, 1)
        for block in self.transformer.resblocks:
            x = block(x)
        return self.ln_post(x[0]) @ self.proj


def open_clip():
    visual = Visual().eval()
    randomize(visual)
    visual.half()  # small, and what it computes is what the file says
    state = {"model.visual." + name: tensor for name, tensor in visual.state_dict().items()}
    # A view with other strides, a parameter, and the text tower's tensors without its blocks.
    state["model.visual.proj"] = state["model.visual.proj"].t().contiguous().t()
    state["model.visual.class_embedding"] = nn.Parameter(
        state["model.visual.class_embedding"].float())
    state["model.positional_embedding"] = randn(5, 4)
    state["model.text_projection"] = randn(4, 8).bfloat16()
    state["model.logit_scale"] = torch.tensor(4.6052)
    state["model.attn_mask"] = torch.zeros(2, 2, dtype=torch.int64)
    torch.save(state, os.path.join(OUT, "open_clip.pt"))
    pixels = randn(3, 3, 8, 8)
    with torch.no_grad():
        features = visual.double()(pixels.double())
    write(os.path.join(OUT, "open_clip.safetensors"), dict(pixels=pixels, features=features))


def whole_modules():
    module = types.ModuleType("src.modeling")
    sys.modules["src"], sys.modules["src.modeling"] = types.ModuleType("src"), module

    class ImageEncoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.model = nn.Linear(2, 2)

    class ClassificationHead(nn.Linear):
        def __init__(self, normalize, weights):
            super().__init__(weights.shape[1], weights.shape[0])
            self.normalize = normalize
            self.weight = nn.Parameter(weights.clone())
            self.bias = nn.Parameter(torch.zeros_like(self.bias))

    for cls in [ImageEncoder, ClassificationHead]:
        cls.__module__, cls.__qualname__ = "src.modeling", cls.__name__
        setattr(module, cls.__name__, cls)
    torch.save(ImageEncoder(), os.path.join(OUT, "image_encoder.pt"))
    rows = randn(8, 5)
    rows = 100 * rows / rows.norm(dim=0, keepdim=True)
    head = ClassificationHead(True, rows.t())
    torch.save(head, os.path.join(OUT, "head_Task.pt"))
    features = randn(3, 8)
    logits = head(features / features.norm(dim=-1, keepdim=True))
    write(os.path.join(OUT, "head.safetensors"), dict(features=features, logits=logits))


def main():
    torch.set_num_threads(1)
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    sizes = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=8,
                 patch_size=4)
    family("vit", ViTModel(ViTConfig(intermediate_size=24, **sizes), add_pooling_layer=False),
           vit_names, max_shard_size="12KB")
    family("dinov2", Dinov2Model(Dinov2Config(mlp_ratio=2, **sizes)), dinov2_names)
    clip_positions()
    open_clip()
    whole_modules()
    for folder, _, files in os.walk(OUT):
        for file in files:
            os.chmod(os.path.join(folder, file), 0o644)


if __name__ == "__main__":
    main()
