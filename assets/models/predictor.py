"""Makes the predictors of the finished model: which neurons will be active, from the residual before the FFN.

    python3 predictor.py --checkpoint last.pt --data DIR --out predictors.pt

score = fc2 relu(fc1 x), x the residual stream after attention, before ffn_norm; a neuron is computed iff its score
reaches the threshold, which is 0. That is right for x of any length, because nothing here has a bias: the FFN's norm
divides by a positive number, so x decides the sign of a gate linearly. Hence

1. the gate matrix, weighted by how x varies, is cut to its `rank` strongest directions (singular value decomposition);
2. x has a direction m along which it hardly varies; each row of fc1 has enough of m added to stay positive, so that
   relu lets the linear map through, and the last row is m alone, the constant that the format lacks;
3. both matrices are trained on (cross-entropy, misses weighing more), relu included;
4. each neuron's share of m is set so that the wanted part of its activations is found.
"""
import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from batches import Mixer
from model import Config, Model
from prepare import SEED

RANK, FIRST_RANK = 160, 208  # the first layer is the least sparse and the hardest to predict
TRAIN_TOKENS, CALIBRATION_TOKENS = 49_152, 24_576
STEPS, BATCH, RATE = 60, 1024, 0.03
SHIFT = 3.0            # standard deviations by which a row of fc1 is kept positive
POSITIVE_WEIGHT = 4.0  # a missed neuron costs quality, a needless one only time
WANTED_RECALL = 0.988


class Recorder:
    """Stands in for Model.ffn and keeps every layer's inputs, at length 1 per element, and its active neurons."""

    def __init__(self, model):
        self.model = model
        self.inputs = [[] for _ in range(model.config.n_layers)]
        self.active = [[] for _ in range(model.config.n_layers)]
        model.ffn = self

    def __call__(self, layer, residual, h):
        a = self.model.activations(layer, residual, h)
        x = residual.flatten(0, 1)
        self.inputs[layer].append((x * x.pow(2).mean(-1, keepdim=True).rsqrt()).bfloat16())
        self.active[layer].append(a.flatten(0, 1) > 0)
        return a

    def layer(self, i):
        return torch.cat(self.inputs[i]), torch.cat(self.active[i])


@torch.no_grad()
def record(model, mixer, tokens, rows=8, length=512):
    recorder = Recorder(model)
    for _ in range(tokens // (rows * length)):
        t, starts, _, _ = mixer.batch(rows, length, 0.0)
        model.hidden(t.long(), starts=starts)
    model.ffn = model.activations
    return recorder


def scores(fc1, fc2, x):
    return F.linear(torch.relu(F.linear(x.float(), fc1)), fc2)


def start(gate, x, rank):
    """-> fc1 (rank, d_model), fc2 (d_ff, rank): the cut gate matrix and the constant, steps 1 and 2"""
    x = x.float()
    covariance = x.T @ x / len(x)
    values, vectors = torch.linalg.eigh(covariance)
    root = values.clamp(min=1e-6).sqrt()
    u, s, vt = torch.linalg.svd(gate @ (vectors * root), full_matrices=False)
    k = rank - 1
    down, up = vt[:k] @ (vectors / root).T, u[:, :k] * s[:k]
    m = torch.linalg.solve(covariance + 1e-3 * values.mean() * torch.eye(len(values)), x.mean(0))
    m /= (x @ m).mean()
    y = x @ down.T
    shift = (SHIFT * y.std(0) - y.mean(0)).clamp(min=0)
    return torch.cat((down + shift[:, None] * m, m[None])), torch.cat((up, -(up @ shift)[:, None]), 1)


def refine(fc1, fc2, x, active, generator):
    fc1, fc2 = fc1.clone().requires_grad_(), fc2.clone().requires_grad_()
    with torch.no_grad():
        sharpness = 4 / scores(fc1, fc2, x[:4096]).std()
    # fc2's last column is much larger than the rest; a typical weight sets the pace
    pace = [RATE * float(fc1.detach().std()), RATE * float(fc2.detach()[:, :-1].std())]
    optimizer = torch.optim.Adam([{"params": [fc1]}, {"params": [fc2]}], betas=(0.9, 0.99))
    weight = torch.tensor(POSITIVE_WEIGHT)
    for step in range(STEPS):
        for group, rate in zip(optimizer.param_groups, pace):
            group["lr"] = rate * min(1, (step + 1) / 20) * (1 - step / STEPS)
        rows = torch.randint(0, len(x), (BATCH,), generator=generator)
        loss = F.binary_cross_entropy_with_logits(scores(fc1, fc2, x[rows]) * sharpness, active[rows].float(),
                                                  pos_weight=weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return fc1.detach(), fc2.detach()


@torch.no_grad()
def calibrate(fc1, fc2, x, active, recall):
    """Moves every neuron's share of m, the last column of fc2, so that `recall` of its activations score at least 0."""
    s, m = scores(fc1, fc2, x), torch.relu(x.float() @ fc1[-1])
    ratio = s / m[:, None].clamp(min=1e-3)  # the share of m at which this token's score would be 0
    fc2 = fc2.clone()
    for i in range(len(fc2)):
        hits = ratio[active[:, i], i]
        if len(hits) >= 5:
            fc2[i, -1] -= hits.kthvalue(max(1, int(len(hits) * (1 - recall))))[0]
    return fc2


@torch.no_grad()
def quality(fc1, fc2, x, active):
    """-> recall over all activations, share predicted active"""
    predicted = scores(fc1, fc2, x) >= 0
    return float((predicted & active).sum() / active.sum()), float(predicted.float().mean())


def make_layer(gate, x, active, rank, generator):
    """Refined on all but the last third, calibrated on that; -> fc1, fc2, report"""
    cut = len(x) * TRAIN_TOKENS // (TRAIN_TOKENS + CALIBRATION_TOKENS)
    fc1, fc2 = start(gate, x[:cut], rank)
    linear = quality(fc1, calibrate(fc1, fc2, x[cut:], active[cut:], WANTED_RECALL), x[cut:], active[cut:])
    fc1, fc2 = refine(fc1, fc2, x[:cut], active[:cut], generator)
    fc2 = calibrate(fc1, fc2, x[cut:], active[cut:], WANTED_RECALL)
    trained = quality(fc1, fc2, x[cut:], active[cut:])
    return fc1, fc2, (f"active {float(active.float().mean()):.4f}, cut gate: recall {linear[0]:.4f} at {linear[1]:.4f}, "
                      f"trained: {trained[0]:.4f} at {trained[1]:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    checkpoint = torch.load(args.checkpoint)
    config, weights = Config(**checkpoint["config"]), checkpoint["weights"]
    generator = torch.Generator().manual_seed(SEED)
    recorder = record(Model(config, weights), Mixer(args.data, 1, SEED + 1), TRAIN_TOKENS + CALIBRATION_TOKENS)
    predictors, started = [], time.time()
    for i in range(config.n_layers):
        gate = weights[f"{i}.gate_up"][:config.d_ff] * weights[f"{i}.ffn_norm"]
        fc1, fc2, report = make_layer(gate, *recorder.layer(i), RANK if i else FIRST_RANK, generator)
        predictors.append((fc1, fc2))
        print(f"layer {i}: {report}, {time.time() - started:.0f} s", flush=True)
    torch.save({"predictors": predictors, "threshold": 0.0}, args.out)


if __name__ == "__main__":
    main()
