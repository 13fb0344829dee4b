#!/usr/bin/env python3
"""Writes the text tower's goldens into this folder: a small random CLIPModel in tiny/, beside the
tokenizer of make_tokenizer_goldens.py, and golden.safetensors.

Embeddings by Hugging Face's CLIPTextModelWithProjection in float64, for both activations and for the
old eos_token_id 2, and the zero-shot weights of prompts.yaml. Needs torch, transformers, safetensors.
"""
import json
import os

import torch
import yaml
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel, CLIPTextModelWithProjection, CLIPTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
TINY = os.path.join(HERE, "tiny")


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(20240303)
    tokenizer = CLIPTokenizer.from_pretrained(TINY)
    end = tokenizer.eos_token_id
    text = dict(vocab_size=len(tokenizer), hidden_size=24, intermediate_size=40, num_hidden_layers=2,
                num_attention_heads=3, max_position_embeddings=77, projection_dim=12,
                bos_token_id=tokenizer.bos_token_id, eos_token_id=end, pad_token_id=end)
    vision = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1,
                  image_size=8, patch_size=8, projection_dim=12)
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=12)
    model = CLIPModel(config)
    parameters = {}
    for name, parameter in model.named_parameters():
        draw = torch.randn(parameter.shape, generator=generator)
        if "norm" in name and name.endswith("weight"):
            draw = 1 + 0.1 * draw
        elif name == "logit_scale":
            draw = torch.tensor(3.5)
        elif draw.dim() == 1:
            draw = 0.1 * draw
        elif "embedding" in name:
            draw = 0.3 * draw
        else:
            draw = 1.5 * draw / draw[0].numel() ** 0.5
        parameters[name] = draw.contiguous()
    save_file(parameters, os.path.join(TINY, "model.safetensors"), metadata={"format": "pt"})
    config.architectures = ["CLIPModel"]
    with open(os.path.join(TINY, "config.json"), "w") as file:
        file.write(config.to_json_string(use_diff=False))

    texts = ["", "a photo of a cat.", "Crème brûlée", "a satellite photo of annual crop land",
             "<|endoftext|> early", "forest", "beach forest road", "漢字 👩🏽‍🚀", "word " * 90]
    ids = tokenizer(texts, padding="max_length", truncation=True, max_length=77)["input_ids"]
    # The largest token elsewhere than the first end token, to tell the two rules apart.
    ids.append([tokenizer.bos_token_id, 5, 600, 7, 3, 2, end, end])
    golden = {"tokens": torch.tensor([row + [end] * (77 - len(row)) for row in ids],
                                     dtype=torch.int32)}

    def tower(activation="quick_gelu", eos=end):
        # Not the "eager" attention: its softmax is in float32 whatever the dtype.
        tower = CLIPTextModelWithProjection._from_config(
            type(config.text_config)(**{**text, "hidden_act": activation, "eos_token_id": eos}),
            attn_implementation="sdpa").eval().double()
        with torch.no_grad():
            for name, parameter in tower.named_parameters():
                parameter.copy_(parameters[name])
        return tower

    def embed(tower, ids):
        with torch.no_grad():
            return torch.cat([tower(input_ids=torch.tensor([row])).text_embeds for row in ids])

    golden["quick_gelu"] = embed(tower(), ids)
    golden["gelu"] = embed(tower("gelu"), ids)
    # In an old file the end token is the largest; make another one so in the last text.
    golden["legacy"] = embed(tower(eos=2), ids)
    golden["swapped_tokens"] = torch.tensor([[3, 9, 40, end - 1, 5, 2, 8, end - 1]], dtype=torch.int32)
    golden["swapped_legacy"] = embed(tower(eos=2), golden["swapped_tokens"].tolist())
    golden["swapped_five"] = embed(tower(eos=5), golden["swapped_tokens"].tolist())

    with open(os.path.join(HERE, "prompts.yaml")) as file:
        prompts = yaml.safe_load(file)
    rows, model = [], tower()
    for entry in prompts["classes"]:
        name = next(iter(entry.values())) if isinstance(entry, dict) else str(entry).replace("_", " ")
        sentences = [template.replace("{}", name) for template in prompts["templates"]]
        tokens = [tokenizer(s, truncation=True, max_length=77)["input_ids"] for s in sentences]
        embeddings = embed(model, tokens)
        mean = (embeddings / embeddings.norm(dim=-1, keepdim=True)).mean(0)
        rows.append(mean / mean.norm())
    golden["head"] = torch.stack(rows)
    save_file({name: tensor.float() if tensor.is_floating_point() else tensor.float()
               for name, tensor in golden.items()}, os.path.join(HERE, "golden.safetensors"))
    for path in [os.path.join(HERE, "golden.safetensors"), os.path.join(TINY, "model.safetensors")]:
        os.chmod(path, 0o644)
    print(json.dumps({name: list(tensor.shape) for name, tensor in golden.items()}))


if __name__ == "__main__":
    main()
