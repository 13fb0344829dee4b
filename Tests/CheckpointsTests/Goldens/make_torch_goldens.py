#!/usr/bin/env python3
"""Writes files of torch.save into this folder, and what they hold as torch.safetensors.

Needs torch and safetensors; no other input.
"""
import os
from collections import OrderedDict

import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(HERE, name)


def main():
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4) / 7
    state = OrderedDict(
        single=base.clone(),
        half=base.half()[0].clone(),
        brain=base.bfloat16()[1].clone(),
        transposed=base[0].t(),
        permuted=base.permute(2, 0, 1),
        slice=base[1, :, 1:3],
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        ids=torch.arange(3),
        flags=torch.tensor([True, False]),
        parameter=torch.nn.Parameter(torch.tensor([1.5, -2.0])),
    )
    state._metadata = OrderedDict([("", {"version": 1})])
    torch.save(state, path("state.pt"))
    torch.save(dict(state), path("protocol4.pt"), pickle_protocol=4)
    torch.save({"epoch": 3, "state_dict": state, "rate": 1e-3, "name": "run"}, path("wrapped.pt"))
    torch.save(base[0], path("tensor.pt"))
    torch.save({"a": torch.zeros(2).expand(5, 2)}, path("expanded.pt"))
    torch.save({"a": torch.zeros(2), "when": complex(1, 2)}, path("unknown.pt"))
    torch.save({"a": torch.zeros(2)}, path("legacy.pt"), _use_new_zipfile_serialization=False)
    floats = {name: tensor.detach().contiguous().float() for name, tensor in state.items()
              if tensor.is_floating_point()}
    save_file(floats, path("torch.safetensors"))
    for name in os.listdir(HERE):
        os.chmod(path(name), 0o644 if not name.endswith(".py") else os.stat(path(name)).st_mode)


if __name__ == "__main__":
    main()
