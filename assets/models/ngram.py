"""The baseline: an interpolated modified Kneser-Ney model of order 3 or 5 over the same tokens and the same mix.

    python3 ngram.py --data DIR --tokens 3300000 6200000        tokens of the first and the second stage

Prints perplexity on the held-out set, counted as evaluate.py counts it.
"""
import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from batches import Mixer
from heldout import load_heldout
from prepare import FULL, SEED, encode_document
from tokenizer import Tokenizer

VOCAB_BITS = 12
CONTEXT = 1024  # evaluate.py cuts documents there
HERE = Path(__file__).parent


def stream(data, tokens):
    """Training tokens in the mix of each stage, documents separated as in training."""
    out = []
    for stage, wanted in enumerate(tokens):
        mixer, n = Mixer(data, stage, SEED), 0
        while n < wanted:
            mixer.refill()
            document, _ = mixer.pool.pop()
            out.append(document.astype(np.int64))
            n += len(document)
    return np.concatenate(out)


class KneserNey:
    """Level n holds the n-grams as sorted keys with counts; lower levels count distinct left neighbours."""

    def __init__(self, tokens, order):
        self.order, self.levels = order, []
        grams = [self.keys(tokens, n) for n in range(1, order + 1)]
        for n in range(order, 0, -1):
            if n == order:
                keys, counts = np.unique(grams[n - 1], return_counts=True)
            else:  # continuation counts: how many different tokens come before this n-gram
                longer = self.levels[0][0]
                keys, counts = np.unique(longer & ((1 << VOCAB_BITS * n) - 1), return_counts=True)
            self.levels.insert(0, self.level(keys, counts))

    @staticmethod
    def keys(tokens, n):
        key = np.zeros(len(tokens) - n + 1, np.int64)
        for i in range(n):
            key = (key << VOCAB_BITS) | tokens[i:len(tokens) - n + 1 + i]
        return key

    @staticmethod
    def level(keys, counts):
        """keys, counts, discounts of counts 1, 2, 3+, and per context: total and left-over mass"""
        t = [max(1, int((counts == i).sum())) for i in (1, 2, 3, 4)]
        y = t[0] / (t[0] + 2 * t[1])
        discounts = np.array([0] + [max(0.0, i - (i + 1) * y * t[i] / t[i - 1]) for i in (1, 2, 3)])
        contexts, first = np.unique(keys >> VOCAB_BITS, return_index=True)
        total = np.add.reduceat(counts, first).astype(np.float64)
        spare = np.add.reduceat(discounts[np.minimum(counts, 3)], first)
        return keys, counts, discounts, contexts, total, spare

    def probabilities(self, tokens):
        """P(tokens[i] | tokens before), i from order - 1 on"""
        n_out = len(tokens) - self.order + 1
        p = np.full(n_out, 1.0 / (1 << VOCAB_BITS))
        for n, (keys, counts, discounts, contexts, total, spare) in enumerate(self.levels, 1):
            key = self.keys(tokens[self.order - n:], n)
            at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
            count = np.where(keys[at] == key, counts[at], 0)
            context = key >> VOCAB_BITS
            c = np.minimum(np.searchsorted(contexts, context), len(contexts) - 1)
            known = contexts[c] == context
            own = (count - discounts[np.minimum(count, 3)]) / total[c]
            p = np.where(known, np.maximum(own, 0) + spare[c] / total[c] * p, p)
        return p


def perplexity(model, tokenizer, documents):
    """Over the tokens that count in evaluate.py: all of a text, the assistant's words of a chat. -> total, per source"""
    sums = defaultdict(lambda: np.zeros(2))
    for doc in documents:
        ids, codes = (x[:CONTEXT] for x in encode_document(tokenizer, doc))
        padded = np.array([tokenizer.eot] * (model.order - 1) + ids, np.int64)
        counted = np.array(codes) == FULL
        sums[doc["source"]] += np.log(model.probabilities(padded)[counted]).sum(), counted.sum()
    log_sum, n = sum(sums.values())
    return float(np.exp(-log_sum / n)), {k: round(float(np.exp(-s / m)), 3) for k, (s, m) in sums.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokens", type=int, nargs=2, required=True)
    parser.add_argument("--orders", type=int, nargs="+", default=[3, 5])
    args = parser.parse_args()
    tokenizer, documents = Tokenizer.load(args.data / "tokenizer.json"), load_heldout()
    tokens = stream(args.data, args.tokens)
    results = {"training_tokens": len(tokens)}
    for order in args.orders:
        name = f"perplexity_order_{order}"
        results[name], results[name + "_per_source"] = perplexity(KneserNey(tokens, order), tokenizer, documents)
        print(json.dumps(results), flush=True)
    (HERE / "baseline.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
