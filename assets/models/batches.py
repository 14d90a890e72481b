"""Documents of all sources, mixed by share and packed into rows; a token attends to its own document only."""
import numpy as np
import torch

from prepare import FULL, PROMPT
from sources import SOURCES

POOL = 96          # documents to choose from when a row is filled
MIN_FRAGMENT = 48  # a shorter rest of a cut document is dropped


class Shelf:
    """One source's documents in an order reshuffled on every pass."""

    def __init__(self, path, rng):
        data = np.load(path)
        self.tokens, self.codes, self.offsets = data["tokens"], data["weights"], data["offsets"]
        self.rng, self.order = rng, []

    def mean_length(self):
        return len(self.tokens) / (len(self.offsets) - 1)

    def next(self):
        if not len(self.order):
            self.order = self.rng.permutation(len(self.offsets) - 1).tolist()
        i = self.order.pop()
        a, b = self.offsets[i], self.offsets[i + 1]
        return self.tokens[a:b], self.codes[a:b]


class Mixer:
    def __init__(self, directory, stage, seed):
        self.rng = np.random.default_rng([seed, stage])
        chosen = [s for s in SOURCES if s.shares[stage] and (directory / f"{s.name}.npz").exists()]
        self.shelves = [Shelf(directory / f"{s.name}.npz", self.rng) for s in chosen]
        # shares are of tokens, documents are drawn: divide by their mean length
        p = np.array([s.shares[stage] / shelf.mean_length() for s, shelf in zip(chosen, self.shelves)])
        self.p = p / p.sum()
        self.pool = []

    def refill(self):
        while len(self.pool) < POOL:
            tokens, codes = self.shelves[self.rng.choice(len(self.shelves), p=self.p)].next()
            if codes[-1] != FULL and self.rng.random() < 0.5:  # half of the chats come without BOS
                tokens, codes = tokens[1:], codes[1:]
            self.pool.append((tokens, codes))

    def row(self, length):
        """tokens, codes, starts (length,): whole documents while they fit, then a piece of one more"""
        tokens, codes = np.zeros(length, np.int32), np.zeros(length, np.uint8)
        starts = np.zeros(length, np.int32)
        used = 0
        while used < length:
            self.refill()
            room = length - used
            fitting = [i for i, (t, _) in enumerate(self.pool) if len(t) <= room]
            i = fitting[0] if fitting else 0
            t, c = self.pool.pop(i)
            if len(t) > room and len(t) - room >= MIN_FRAGMENT:
                self.pool.append((t[room:], c[room:]))
            t, c = t[:room], c[:room]
            tokens[used:used + len(t)], codes[used:used + len(t)] = t, c
            starts[used:used + len(t)] = used
            used += len(t)
        return tokens, codes, starts

    def batch(self, rows, length, prompt_weight):
        """tokens, starts, targets, weights (rows, length); the target of a position is the next token of its row"""
        t, c, s = (np.stack(x) for x in zip(*(self.row(length + 1) for _ in range(rows))))
        weights = token_weights(c[:, 1:], prompt_weight)
        weights[s[:, 1:] != s[:, :-1]] = 0  # the first token of the next document is nobody's to predict
        return tuple(torch.from_numpy(np.ascontiguousarray(x)) for x in (t[:, :-1], s[:, :-1], t[:, 1:], weights))


def token_weights(codes, prompt_weight):
    return np.where(codes == FULL, 1, np.where(codes == PROMPT, prompt_weight, 0)).astype(np.float32)
