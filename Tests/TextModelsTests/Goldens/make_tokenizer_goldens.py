#!/usr/bin/env python3
"""Writes the tokenizer's goldens: tokens of transformers' CLIPTokenizer.

Without arguments: a small vocabulary, learned from heads/*.yaml, as vocab.json and merges.txt into
tiny/, and the tokens of 400 texts into tokens.jsonl. With `--full FOLDER`: OpenAI's vocabulary, out of
the package open_clip, and the tokens of 5,000 texts and of every code point into FOLDER, for the test
that MERGESHIFT_CLIP_TOKENIZER points there. Needs transformers (and open_clip).
"""
import collections
import glob
import gzip
import json
import os
import re
import sys

from transformers import CLIPTokenizer
from strings import FIXED, strings

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["<|startoftext|>", "<|endoftext|>"]
SMALL_MERGES = 260


def alphabet():
    """The characters of the bytes 0...255."""
    printable = [*range(0x21, 0x7f), *range(0xa1, 0xad), *range(0xae, 0x100)]
    characters, others = {}, 0
    for byte in range(256):
        if byte in printable:
            characters[byte] = chr(byte)
        else:
            characters[byte] = chr(256 + others)
            others += 1
    return characters, printable


def write(folder, merges):
    """Bytes, bytes at the end of a word, merges, special tokens: CLIP's order."""
    characters, printable = alphabet()
    order = printable + [byte for byte in range(256) if byte not in printable]
    tokens = [characters[byte] for byte in order]
    tokens += [token + "</w>" for token in tokens] + ["".join(pair) for pair in merges] + NAMES
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "vocab.json"), "w") as file:
        json.dump({token: number for number, token in enumerate(tokens)}, file, ensure_ascii=False)
    with open(os.path.join(folder, "merges.txt"), "w") as file:
        file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    return CLIPTokenizer.from_pretrained(folder)


def learn(count):
    """The merges of the most frequent pairs of neighbours."""
    corpus = " ".join(FIXED)
    for path in sorted(glob.glob(os.path.join(HERE, "../../../heads/*.yaml"))):
        corpus += open(path).read()
    characters, _ = alphabet()
    words = collections.Counter()
    for word in re.findall(r"[^\W\d_]+|\d|[^\w\s]+", corpus.lower()):
        symbols = [characters[byte] for byte in word.encode()]
        words[(*symbols[:-1], symbols[-1] + "</w>")] += 1
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, times in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += times
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        merged = collections.Counter()
        for word, times in words.items():
            symbols = []
            for symbol in word:
                if symbols and (symbols[-1], symbol) == best and not symbols[-1].endswith("</w>"):
                    symbols[-1] += symbol
                else:
                    symbols.append(symbol)
            merged[tuple(symbols)] += times
        words = merged
    return merges


def openai():
    import open_clip
    path = os.path.join(os.path.dirname(open_clip.__file__), "bpe_simple_vocab_16e6.txt.gz")
    lines = gzip.open(path).read().decode().split("\n")
    return [tuple(line.split()) for line in lines[1:49152 - 256 - 2 + 1]]


def record(tokenizer, texts, path, limit=77):
    with open(path, "w") as file:
        for text in texts:
            ids = tokenizer(text, truncation=True, max_length=limit)["input_ids"]
            file.write(json.dumps({"text": text, "tokens": ids}) + "\n")
    print(path, len(texts))


def main():
    if sys.argv[1:2] == ["--full"]:
        folder = sys.argv[2]
        tokenizer = write(folder, openai())
        record(tokenizer, strings(5000), os.path.join(folder, "tokens.jsonl"))
        codes = [code for code in range(0x110000) if not 0xd800 <= code <= 0xdfff]
        texts = [" ".join(f"a{chr(code)}b" for code in codes[i:i + 64])
                 for i in range(0, len(codes), 64)]
        record(tokenizer, texts, os.path.join(folder, "characters.jsonl"), limit=100000)
        return
    folder = os.path.join(HERE, "tiny")
    tokenizer = write(folder, learn(SMALL_MERGES))
    record(tokenizer, strings(400), os.path.join(HERE, "tokens.jsonl"))


if __name__ == "__main__":
    main()
