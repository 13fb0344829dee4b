"""Writes training.json: AdamW steps and cross-entropy gradients by PyTorch."""
import json
import pathlib

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def rounded(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def adamw():
    weight = torch.randn(2, 3).float().double().requires_grad_()
    bias = torch.randn(3).float().double().requires_grad_()
    gradients = torch.randn(5, 9).float().double()
    rates = [0.01, 0.02, 0.05, 0.02, 0.01]
    start = rounded(torch.cat([weight.flatten(), bias]))
    optimizer = torch.optim.AdamW(
        [{"params": [weight], "weight_decay": 0.1}, {"params": [bias], "weight_decay": 0.0}],
        lr=1.0, betas=(0.9, 0.98), eps=1e-8)
    after = []
    for gradient, rate in zip(gradients, rates):
        weight.grad, bias.grad = gradient[:6].view(2, 3).clone(), gradient[6:].clone()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        after.append(rounded(torch.cat([weight.flatten(), bias])))
    return {"start": start, "gradients": [rounded(g) for g in gradients], "rates": rates,
            "after": after}


def cross_entropy():
    features = torch.randn(4, 5).float().double().requires_grad_()
    weights = torch.randn(3, 5).float().double().requires_grad_()
    labels = torch.tensor([0, 2, 1, 2])
    normalize = torch.nn.functional.normalize
    logits = 7 * normalize(features) @ normalize(weights).T
    loss = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.1)
    loss.backward()
    return {"features": rounded(features), "weights": rounded(weights),
            "labels": labels.tolist(), "scale": 7, "loss": loss.item(),
            "correct": int((logits.argmax(1) == labels).sum()),
            "featureGradient": rounded(features.grad),
            "weightGradient": rounded(weights.grad)}


path = pathlib.Path(__file__).parent / "training.json"
path.write_text(json.dumps({"adamw": adamw(), "crossEntropy": cross_entropy()}, indent=1) + "\n")
