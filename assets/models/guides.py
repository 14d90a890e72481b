"""Where a few attention heads should look, as an extra loss while they are young.

A model of this size finds copying (of a name, of an answer in a text) by itself only after far more tokens than a
processor trains in a morning: after 7 million, it repeated nothing it had read. The circuit it would find is known,
so its three parts are shown to it: a head that looks at the token before; a head that looks behind the last place
where the present token stood (induction), where that would have been right; and heads that look at the last place
of the coming token, where that token is not a common one. The loss is -log of the attention paid there.
"""
import numpy as np
import torch

# layer -> {head: kind}; with 2 heads per key/value head, these are of the second group
HEADS = {0: {2: "before"}, 1: {2: "before"}, 2: {2: "induction"}, 3: {2: "induction", 0: "coming"},
         4: {2: "coming"}, 5: {2: "coming"}}
FIRST_RARE = 560  # pieces were merged by frequency: those below are letters, marks and the commonest words


def row_guides(tokens, targets, starts):
    T = len(tokens)
    before, induction, coming = (np.full(T, -1, np.int32) for _ in range(3))
    before[1:] = np.where(starts[1:] < np.arange(1, T), np.arange(T - 1), -1)
    last, after = {}, {}  # token -> its last position; (token, next token) -> position of that next token
    for p in range(T):
        if p == starts[p]:
            last.clear()
            after.clear()
        t, n = int(tokens[p]), int(targets[p])
        last[t] = p
        if p > starts[p]:
            after[(int(tokens[p - 1]), t)] = p
        if n >= FIRST_RARE:
            induction[p] = after.get((t, n), -1)
            coming[p] = last.get(n, -1)
    return {"before": before, "induction": induction, "coming": coming}


def guides(tokens, starts, targets, n_heads):
    """(B, T) each -> layer -> (n_heads, B, T) int32, -1 where there is no guide; and where the target is a repetition"""
    tokens, starts, targets = (x.numpy() for x in (tokens, starts, targets))
    rows = [row_guides(*row) for row in zip(tokens, targets, starts)]
    out = {}
    for layer, heads in HEADS.items():
        guide = np.full((n_heads, *tokens.shape), -1, np.int32)
        for head, kind in heads.items():
            guide[head] = np.stack([r[kind] for r in rows])
        out[layer] = torch.from_numpy(guide)
    return out, torch.from_numpy(np.stack([r["coming"] for r in rows]) >= 0)
