#!/usr/bin/env python3
"""Writes the goldens of VisionModelsTests into this folder.

Hugging Face's CLIPVisionModelWithProjection in float64, for both activations: features, logits,
entropies, and the gradient of the mean entropy with respect to every parameter by autograd.
Needs torch, transformers and safetensors; no other input.
"""
import os
import torch
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = dict(hidden_size=24, intermediate_size=40, projection_dim=12, num_hidden_layers=2,
             num_attention_heads=3, image_size=24, patch_size=8, layer_norm_eps=1e-5)
IMAGES, CLASSES, LOGIT_SCALE = 5, 6, 100.0


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(20240202)
    parameters = None
    pixels = torch.randn(IMAGES, 3, SIZES["image_size"], SIZES["image_size"], generator=generator)
    # Similar rows, as text embeddings are, so that entropies are neither 0 nor log C.
    common = torch.randn(1, SIZES["projection_dim"], generator=generator)
    head = common / common.norm() + 0.02 * torch.randn(
        CLASSES, SIZES["projection_dim"], generator=generator)
    head = head / head.norm(dim=-1, keepdim=True)
    for activation in ["quick_gelu", "gelu"]:
        config = CLIPVisionConfig(hidden_act=activation, **SIZES)
        # Not the "eager" attention: its softmax is in float32 whatever the dtype.
        model = CLIPVisionModelWithProjection._from_config(config, attn_implementation="sdpa")
        model = model.eval().double()
        if parameters is None:
            parameters = {}
            for name, parameter in model.named_parameters():
                draw = torch.randn(parameter.shape, generator=generator)
                if "norm" in name and name.endswith("weight"):
                    draw = 1 + 0.1 * draw
                elif "layrnorm" in name and name.endswith("weight"):
                    draw = 1 + 0.1 * draw
                elif draw.dim() == 1 and "class_embedding" not in name:
                    draw = 0.1 * draw
                elif draw.dim() >= 2 and "embedding" not in name:
                    draw = 1.5 * draw / draw[0].numel() ** 0.5
                else:
                    draw = 0.2 * draw
                parameters[name] = draw
            folder = os.path.join(HERE, "tiny")
            os.makedirs(folder, exist_ok=True)
            save_file(parameters, os.path.join(folder, "model.safetensors"))
            with open(os.path.join(folder, "config.json"), "w") as file:
                file.write(config.to_json_string(use_diff=False))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(parameters[name])
        features = model(pixels.double()).image_embeds
        unit = features / features.norm(dim=-1, keepdim=True)
        logits = LOGIT_SCALE * unit @ head.double().t()
        entropies = -(logits.softmax(1) * logits.log_softmax(1)).sum(1)
        features.retain_grad()
        entropies.mean().backward()
        golden = dict(pixels=pixels, head=head, features=features.detach(), logits=logits.detach(),
                      entropies=entropies.detach(), feature_gradient=features.grad)
        for name, parameter in model.named_parameters():
            golden["gradient/" + name] = parameter.grad
        golden = {name: tensor.float().contiguous() for name, tensor in golden.items()}
        save_file(golden, os.path.join(HERE, activation + ".safetensors"))
        for file in [activation + ".safetensors", "tiny/model.safetensors"]:
            os.chmod(os.path.join(HERE, file), 0o644)
        print(activation, "entropies", entropies.tolist())


if __name__ == "__main__":
    main()
