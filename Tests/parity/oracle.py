"""What PyTorch makes of a layout's checkpoints, in float64 by autograd through the merge, so that
nothing is shared with the hand-written gradients under test. TIES follows AdaMerging's official
code (ties_merging_utils.py), restated. Attention is SDPA: the eager path of transformers does its
softmax in float32.

`write(layout, folder, ...)` writes a folder laid out for `doctor --parity`:

    base, ft0, ft1 ...         checkpoints; `base` and `experts` of setup name other folders or files
    head0.safetensors ...      weight [classes, features], unit rows
    inputs.safetensors         x0, x1 ... [N, 3, S, S], a batch of each task
    golden.safetensors         F64: MODEL.taskK.{image_embeds, logits, entropy} of base, ft0 ...,
                               merged_taskwise_LAMBDA, merged_ties_taskwise_LAMBDA;
                               CASE.{grad_at_init, lambda_trajectory, loss_trajectory} and, task-wise,
                               grad_per_task_loss; layer-wise coefficients are [tensor, task]
    ties_masks.safetensors     taskK/TENSOR, U8, 1 where the trimmed vector is not zero
    golden.json                setup, and the settings of each case; `density` (default: topk for
                               names that begin with adamergingpp) and `logarithm` (exact or offset)
                               may be left out
"""
import json
import os

import open_clip
import torch
import transformers
from safetensors.torch import save_file

from layouts import PROJECTION

SCALE, INITIAL, DENSITY = 100.0, 0.3, 0.2


def generic(name, shape, generator):
    """Values that let every tensor matter, unlike the zeros and ones of a new model."""
    draw = torch.randn(shape, generator=generator)
    if "lambda1" in name or ("norm" in name and name.endswith("weight")):
        return 1 + 0.1 * draw
    if "embedding" in name and "patch" not in name or "token" in name:
        return 0.2 * draw
    return 0.05 * draw if len(shape) == 1 else draw / draw[0].numel() ** 0.5


def ties(vectors, names, density=DENSITY):
    """The trimmed vectors, and the masks of what they keep."""
    flat = torch.stack([torch.cat([v[n].reshape(-1) for n in names]) for v in vectors])
    count = flat.shape[1]
    threshold = flat.abs().kthvalue(count - int(count * density), dim=1, keepdim=True).values
    trimmed = flat * (flat.abs() >= threshold)
    sign = torch.sign(trimmed.sum(dim=0))
    sign[sign == 0] = torch.sign(sign.sum())
    kept = trimmed * torch.where(sign > 0, trimmed > 0, trimmed < 0)
    parts = [t.split([vectors[0][n].numel() for n in names]) for t in kept]
    selected = [{n: p.reshape(vectors[0][n].shape).clone() for n, p in zip(names, part)}
                for part in parts]
    masks = [{n: (t != 0).to(torch.uint8) for n, t in s.items()} for s in selected]
    return selected, masks


class Oracle:
    def __init__(self, layout, folder, tasks):
        path = lambda name: os.path.join(folder, name)
        self.tower = layout.load(path(layout.base_name))
        self.names = list(self.tower.parameters)
        base = self.tower.parameters
        self.base = base
        self.experts = [layout.load(path(layout.expert_name(k)), self.tower).parameters
                        for k in range(tasks)]
        self.vectors = [{n: e[n] - base[n] for n in self.names} for e in self.experts]
        self.selected, self.masks = ties(self.vectors, self.names)

    def set_tasks(self, heads, inputs):
        self.heads, self.inputs = heads, inputs

    def merged(self, coefficients, vectors, rows):
        """`rows` maps merged tensors to rows of layer-wise coefficients [L, K]; [K] are task-wise."""
        result = {}
        for name in self.names:
            tensor = self.base[name].double()
            if name in rows:
                for k, vector in enumerate(vectors):
                    weight = coefficients[k] if coefficients.dim() == 1 \
                        else coefficients[rows[name], k]
                    tensor = tensor + weight * vector[name].double()
            result[name] = tensor
        return result

    def outputs(self, parameters, k):
        features = self.tower.features(parameters, self.inputs[k])
        unit = features / features.norm(dim=-1, keepdim=True)
        return features, SCALE * unit @ self.heads[k].double().t()

    @staticmethod
    def entropy(logits, logarithm="exact"):
        if logarithm == "exact":
            return -(logits.softmax(1) * logits.log_softmax(1)).sum(1)
        return -(logits.softmax(1) * torch.log(logits.softmax(1) + 1e-8)).sum(1)

    def losses(self, parameters, logarithm):
        return [self.entropy(self.outputs(parameters, k)[1], logarithm).mean()
                for k in range(len(self.heads))]

    def model(self, golden, tag, parameters):
        with torch.no_grad():
            for k in range(len(self.heads)):
                features, logits = self.outputs(parameters, k)
                golden[f"{tag}.task{k}.image_embeds"] = features
                golden[f"{tag}.task{k}.logits"] = logits
                golden[f"{tag}.task{k}.entropy"] = self.entropy(logits)

    def run(self, golden, tag, mode, steps, trimmed=False, clamp=True, logarithm="exact",
            projection=True, initial=INITIAL, rate=1e-3):
        vectors = self.selected if trimmed else self.vectors
        rows = {n: i for i, n in enumerate(
            n for n in self.names if projection or n != PROJECTION)}
        shape = (len(vectors),) if mode == "task" else (len(rows), len(vectors))
        raw = torch.full(shape, initial, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.Adam([raw], lr=rate, betas=(0.9, 0.999), eps=1e-8)

        def losses():
            used = raw.clamp(0, 1) if clamp else raw
            return self.losses(self.merged(used, vectors, rows), logarithm)

        if mode == "task" and logarithm == "exact":
            golden[f"{tag}.grad_per_task_loss"] = torch.stack(
                [torch.autograd.grad(loss, raw, retain_graph=True)[0] for loss in losses()])
        trajectory, values = [raw.detach().clone()], []
        for step in range(steps):
            optimizer.zero_grad()
            loss = sum(losses())
            loss.backward()
            if step == 0:
                golden[f"{tag}.grad_at_init"] = raw.grad.clone()
            values.append(loss.detach())
            optimizer.step()
            trajectory.append(raw.detach().clone())
        with torch.no_grad():
            values.append(sum(losses()))
        golden[f"{tag}.lambda_trajectory"] = torch.stack(trajectory)
        golden[f"{tag}.loss_trajectory"] = torch.stack(values)
        return dict(mode=mode, clamp=clamp, lambda_init=initial, lr=rate, betas=[0.9, 0.999],
                    eps=1e-8, steps=steps, merged_tensors=list(rows), logarithm=logarithm)


def write(layout, folder, classes=(5, 7, 10), batch=4, steps=20, noise=0.02, seed=1):
    """Writes models, heads, inputs and goldens; gives the oracle back."""
    os.makedirs(folder, exist_ok=True)
    generator = torch.Generator().manual_seed(seed)
    shapes = layout.shapes()
    base = {n: generic(n, s, generator) for n, s in shapes.items()}
    layout.save(os.path.join(folder, layout.base_name), base, is_expert=False)
    for k in range(len(classes)):
        expert = {n: t + noise * torch.randn(t.shape, generator=generator)
                  for n, t in base.items()}
        layout.save(os.path.join(folder, layout.expert_name(k)), expert, is_expert=True)
    # What follows reads the files back, as a consumer would.
    oracle = Oracle(layout, folder, len(classes))
    size = next(s[-1] for n, s in shapes.items() if "patch_embedding" in n and len(s) == 4)
    grid = round((next(s[-2] for n, s in shapes.items() if "position" in n) - 1) ** 0.5)
    inputs = [torch.randn(batch, 3, grid * size, grid * size, generator=generator)
              for _ in classes]
    oracle.inputs = inputs
    with torch.no_grad():
        width = oracle.tower.features(
            {n: t.double() for n, t in oracle.base.items()}, inputs[0][:1]).shape[1]
    heads = []
    for count in classes:
        # Like embeddings of sentences: alike, so that entropies are not saturated.
        common = torch.randn(1, width, generator=generator)
        rows = common / common.norm() \
            + 0.15 * torch.randn(count, width, generator=generator) / width ** 0.5
        heads.append(rows / rows.norm(dim=-1, keepdim=True))
    oracle.set_tasks(heads, inputs)

    golden, document = {}, {}
    rows = {n: i for i, n in enumerate(oracle.names)}
    uniform = torch.full((len(classes),), INITIAL, dtype=torch.float64)
    oracle.model(golden, "base", oracle.merged(0 * uniform, oracle.vectors, rows))
    for k, expert in enumerate(oracle.experts):
        oracle.model(golden, f"ft{k}", {n: t.double() for n, t in expert.items()})
    oracle.model(golden, f"merged_taskwise_{INITIAL}",
                 oracle.merged(uniform, oracle.vectors, rows))
    oracle.model(golden, f"merged_ties_taskwise_{INITIAL}",
                 oracle.merged(uniform, oracle.selected, rows))
    for tag, mode, options in [
            ("adamerging.taskwise", "task", {}), ("adamerging.layerwise", "layer", {}),
            ("adamergingpp.taskwise", "task", dict(trimmed=True)),
            ("adamergingpp.layerwise", "layer", dict(trimmed=True)),
            ("fusionbench.layerwise_noproj", "layer",
             dict(clamp=False, logarithm="offset", projection=False)),
            ("clamped.layerwise", "layer", dict(initial=0.004, rate=2e-3))]:
        document[tag] = oracle.run(golden, tag, mode, steps, **options)
    document["setup"] = dict(
        layout=layout.name, tasks=len(classes), classes=list(classes), batch=batch, noise=noise,
        seed=seed, logit_scale=SCALE, topk=DENSITY, tensor_names=oracle.names,
        base=layout.base_name, experts=[layout.expert_name(k) for k in range(len(classes))],
        **({"hidden_act": layout.hidden_act} if layout.hidden_act else {}),
        torch=torch.__version__, transformers=transformers.__version__,
        open_clip=open_clip.__version__)
    save = lambda name, tensors: save_file(
        {n: t.contiguous() for n, t in tensors.items()}, os.path.join(folder, name))
    save("golden.safetensors", golden)
    save("inputs.safetensors", {f"x{k}": x for k, x in enumerate(inputs)})
    for k, head in enumerate(heads):
        save(f"head{k}.safetensors", {"weight": head})
    save("ties_masks.safetensors", {
        f"task{k}/{n}": t for k, mask in enumerate(oracle.masks) for n, t in mask.items()})
    with open(os.path.join(folder, "golden.json"), "w") as file:
        json.dump(document, file, separators=(",", ":"))
    return oracle
