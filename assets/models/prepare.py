"""Texts -> tokenizer -> packed token files, one per source, with about 1 % of the documents held out.

    python3 prepare.py --texts DIR --synthetic generated.jsonl --out DIR

Writes OUT/tokenizer.json, OUT/<source>.npz (tokens, weights, offsets), OUT/heldout.npz and OUT/heldout.jsonl.
Existing files are kept: delete one to make it again.
"""
import argparse
import json
import random
import time
import zlib
from pathlib import Path

import numpy as np

from sources import SOURCES, documents
from tokenizer import Tokenizer

N_VOCAB = 4096
SEED = 20261120
HELDOUT_ONE_IN = 100
# What a token counts for in the loss; train.py turns the code into a weight.
NO_LOSS, FULL, PROMPT = 0, 1, 2


def is_heldout(doc):
    """By the hash of the story told or the first words asked, so that near copies fall on the same side."""
    first = doc.get("story") or doc.get("text") or next(m["content"] for m in doc["messages"] if m["role"] == "user")
    return zlib.crc32(first[:200].encode()) % HELDOUT_ONE_IN == 0


def document_text(doc):
    return doc.get("text") or "\n".join(m["content"] for m in doc["messages"])


def encode_document(tokenizer, doc):
    """-> ids, codes. Starts with <|endoftext|>, the tokenizer's BOS; a plain text also ends with it."""
    ids, codes = [tokenizer.eot], [NO_LOSS]

    def add(new, code):
        ids.extend(new)
        codes.extend([code] * len(new))

    if "text" in doc:
        add(tokenizer.encode(doc["text"]) + [tokenizer.eot], FULL)
        return ids, codes
    for message in doc["messages"]:
        add([tokenizer.im_start] + tokenizer.encode(message["role"] + "\n"), NO_LOSS)
        content = tokenizer.encode(message["content"]) + [tokenizer.im_end]
        add(content, FULL if message["role"] == "assistant" else PROMPT)
        add(tokenizer.encode("\n"), NO_LOSS)
    return ids, codes


def pack(tokenizer, docs):
    tokens, weights, offsets = [], [], [0]
    for doc in docs:
        ids, codes = encode_document(tokenizer, doc)
        tokens.append(np.array(ids, np.uint16))
        weights.append(np.array(codes, np.uint8))
        offsets.append(offsets[-1] + len(ids))
    return dict(tokens=np.concatenate(tokens), weights=np.concatenate(weights), offsets=np.array(offsets, np.int64))


def tokenizer_texts(root, synthetic, rng):
    """A sample in the proportions of the two stages, about 25 MB."""
    for source in SOURCES:
        path = synthetic if source.name == "synthetic" else root
        if path is None:
            continue
        docs = list(documents(source, path, SEED))
        rng.shuffle(docs)
        budget = sum(source.shares) / 200 * 25e6
        for doc in docs:
            text = document_text(doc)
            budget -= len(text)
            if budget < 0:
                break
            yield text


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--texts", type=Path, required=True)
    args.add_argument("--synthetic", type=Path)
    args.add_argument("--out", type=Path, required=True)
    args = args.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    started = time.time()
    tokenizer_path = args.out / "tokenizer.json"
    if not tokenizer_path.exists():
        tokenizer = Tokenizer.train(tokenizer_texts(args.texts, args.synthetic, random.Random(SEED)), N_VOCAB)
        tokenizer.save(tokenizer_path)
        print(f"tokenizer: {len(tokenizer.tokens)} pieces, {time.time() - started:.0f} s", flush=True)
    tokenizer = Tokenizer.load(tokenizer_path)

    for source in SOURCES:
        path = args.out / f"{source.name}.npz"
        root = args.synthetic if source.name == "synthetic" else args.texts
        if path.exists() or root is None:
            continue
        docs = list(documents(source, root, SEED))
        heldout = [d for d in docs if is_heldout(d)]
        kept = [d for d in docs if not is_heldout(d)]
        packed = pack(tokenizer, kept)
        with open(args.out / f"{source.name}.heldout.jsonl", "w", encoding="utf-8") as f:
            f.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in heldout)
        np.savez(path, **packed)
        chars = sum(len(document_text(d)) for d in kept)
        n = len(packed["tokens"])
        print(f"{source.name:15} {len(kept):7} documents {n:9} tokens {chars / n:.2f} chars/token, "
              f"{len(heldout)} held out, {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
