#!/usr/bin/env python3
"""Writes a small random model of open_clip into open_clip/: open_clip.safetensors, the same weights as
open_clip.pt, and golden.safetensors with its embeddings of texts in float64.

The tokens are those of the tokenizer in tiny/. Needs torch, open_clip_torch, transformers, safetensors.
"""
import os

import open_clip.model
import torch
from safetensors.torch import save_file
from transformers import CLIPTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "open_clip")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(20240304)
    tokenizer = CLIPTokenizer.from_pretrained(os.path.join(HERE, "tiny"))
    model = open_clip.model.CLIP(
        embed_dim=12,
        vision_cfg=dict(image_size=8, patch_size=8, width=8, head_width=8, layers=1, mlp_ratio=1.0),
        text_cfg=dict(context_length=77, vocab_size=len(tokenizer), width=64, heads=1, layers=2,
                      mlp_ratio=1.5),
        quick_gelu=True).eval()
    weights = {}
    for name, tensor in model.state_dict().items():
        draw = torch.randn(tensor.shape, generator=generator)
        if "ln_" in name and name.endswith("weight"):
            draw = 1 + 0.1 * draw
        elif name == "logit_scale":
            draw = torch.tensor(3.5)
        elif draw.dim() < 2:
            draw = 0.1 * draw
        elif "embedding" in name:
            draw = 0.3 * draw
        else:
            draw = 1.5 * draw / draw[0].numel() ** 0.5
        weights[name] = draw.half().contiguous()
    model.double().load_state_dict({name: tensor.double() for name, tensor in weights.items()})
    save_file(weights, os.path.join(FOLDER, "open_clip.safetensors"), metadata={"format": "pt"})
    torch.save(weights, os.path.join(FOLDER, "open_clip.pt"))
    texts = ["", "a photo of a cat.", "Crème brûlée", "beach forest road", "word " * 90]
    tokens = tokenizer(texts, truncation=True, max_length=77)["input_ids"]
    # open_clip pads with zeros, and pools at the largest token.
    rows = torch.zeros(len(tokens), 77, dtype=torch.int64)
    for row, ids in zip(rows, tokens):
        row[:len(ids)] = torch.tensor(ids)
    with torch.no_grad():
        embeddings = model.encode_text(rows)
    save_file({"tokens": rows.float(), "embeddings": embeddings.float()},
              os.path.join(FOLDER, "golden.safetensors"))
    for name in os.listdir(FOLDER):
        os.chmod(os.path.join(FOLDER, name), 0o644)
    print(embeddings)


if __name__ == "__main__":
    main()
