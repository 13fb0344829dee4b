#!/usr/bin/env python3
"""Writes dare.safetensors: what drop-and-rescale makes of a parity set's experts.

  make_dare_goldens.py SET OUTPUT      (needs numpy, torch, safetensors, xxhash)

The random words are those of Philox4x32-10 (Salmon et al. 2011), keyed as the tests say; the masks and
the arithmetic are DARE's: entries are zeroed by the mask, and the others divided by 1 - rate.
Every seventh parameter is kept.
"""

import sys

import numpy as np
import torch
import xxhash
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

folder, output = sys.argv[1:]
config = CLIPVisionConfig.from_pretrained(f"{folder}/base")
model = CLIPVisionModelWithProjection._from_config(config)
names = [name for name, _ in model.named_parameters()]


def words(seed, path, count):
    text = f"{seed}/" + "".join(f"{len(part)}:{part}" for part in path)
    key = xxhash.xxh3_128_intdigest(text.encode()) & (2**64 - 1)
    low, mask = np.uint64(0xFFFFFFFF), 0xFFFFFFFF
    blocks = np.arange((count + 3) // 4, dtype=np.uint64)
    c = [blocks & low, blocks >> np.uint64(32), np.zeros_like(blocks), np.zeros_like(blocks)]
    k0, k1 = key & mask, key >> 32
    for _ in range(10):
        first, second = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [
            (second >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), second & low,
            (first >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), first & low,
        ]
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return np.stack(c, 1).reshape(-1)[:count]


def flat(name):
    tensors = load_file(f"{folder}/{name}/model.safetensors")
    return torch.cat([tensors[n].float().reshape(-1) for n in names])


def dropped(vector, task, rate, seed):
    drawn = torch.from_numpy(words(seed, ["dare", task], len(vector)).astype(np.int64))
    mask = (drawn < int(rate * 2**32)).float()
    return vector * (1 - mask) / (1 - rate)


base = flat("base")
vectors = [flat(f"ft{k}") - base for k in range(2)]
golden = {}
for rate, seed in [(0.9, 0), (0.25, 7)]:
    merged = base + 0.3 * sum(
        dropped(vector, f"task{k}", rate, seed) for k, vector in enumerate(vectors))
    golden[f"rate{rate}.seed{seed}"] = merged[::7].contiguous()
    print(rate, (dropped(vectors[0], "task0", rate, seed) == 0).float().mean())
save_file(golden, f"{output}/dare.safetensors")
