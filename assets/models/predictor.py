"""Trains the predictors on the finished model: which neurons will be active, from the residual before the FFN.

    python3 predictor.py --checkpoint last.pt --data DIR --out predictors.pt

score = fc2 relu(fc1 x), x the residual stream after attention, before ffn_norm; a neuron is computed iff its score
reaches the threshold. The format has no biases, so the offset is learned as the constant THRESHOLD, and each row of
fc2 is scaled at the end so that this one number is right for every neuron.
"""
import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from batches import Mixer
from model import Config, Model
from prepare import SEED

RANK = 96
THRESHOLD = 2.0
TRAIN_TOKENS, CALIBRATION_TOKENS = 360_000, 60_000
EPOCHS, BATCH = 4, 2048
POSITIVE_WEIGHT = 6.0  # a missed neuron costs quality, a needless one only time
WANTED_RECALL = 0.987


class Recorder:
    """Stands in for Model.ffn and keeps one layer's inputs and its active neurons."""

    def __init__(self, model):
        self.model = model
        self.inputs = [[] for _ in range(model.config.n_layers)]
        self.active = [[] for _ in range(model.config.n_layers)]
        model.ffn = self

    def __call__(self, layer, residual, h):
        a = self.model.activations(layer, residual, h)
        self.inputs[layer].append(residual.flatten(0, 1).bfloat16())
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


def train_layer(x, active, rank, generator):
    """-> fc1 (rank, d_model), fc2 (d_ff, rank)"""
    d, n = x.shape[1], active.shape[1]
    scale = 1 / x.float().pow(2).mean().sqrt()
    fc1 = (torch.randn(rank, d, generator=generator) * d ** -0.5).requires_grad_()
    fc2 = (torch.randn(n, rank, generator=generator) * rank ** -0.5).requires_grad_()
    optimizer = torch.optim.Adam([fc1, fc2], lr=4e-3)
    steps = EPOCHS * (len(x) // BATCH)
    weight = torch.tensor(POSITIVE_WEIGHT)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * min(1, (step + 1) / 50) * (1 - step / steps)
        rows = torch.randint(0, len(x), (BATCH,), generator=generator)
        score = F.linear(torch.relu(F.linear(x[rows].float() * scale, fc1)), fc2)
        loss = F.binary_cross_entropy_with_logits(score - THRESHOLD, active[rows].float(), pos_weight=weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return fc1.detach() * scale, fc2.detach()


@torch.no_grad()
def calibrate(fc1, fc2, x, active, recall):
    """Scales every row of fc2 so that `recall` of that neuron's activations score at least THRESHOLD."""
    scores = F.linear(torch.relu(F.linear(x.float(), fc1)), fc2)
    scaled = fc2.clone()
    for i in range(len(fc2)):
        hits = scores[active[:, i], i]
        if len(hits) < 20:  # too seldom active to judge
            continue
        level = float(hits.kthvalue(max(1, int(len(hits) * (1 - recall))))[0])
        scaled[i] *= min(4.0, max(0.5, THRESHOLD / max(level, 0.3)))
    return scaled


@torch.no_grad()
def quality(fc1, fc2, x, active):
    """-> recall over all activations, share predicted active"""
    predicted = F.linear(torch.relu(F.linear(x.float(), fc1)), fc2) >= THRESHOLD
    return float((predicted & active).sum() / active.sum()), float(predicted.float().mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=RANK)
    args = parser.parse_args()
    checkpoint = torch.load(args.checkpoint)
    model = Model(Config(**checkpoint["config"]), checkpoint["weights"])
    generator = torch.Generator().manual_seed(SEED)
    mixer = Mixer(args.data, 1, SEED + 1)
    train, check = record(model, mixer, TRAIN_TOKENS), record(model, mixer, CALIBRATION_TOKENS)
    predictors, started = [], time.time()
    for i in range(model.config.n_layers):
        fc1, fc2 = train_layer(*train.layer(i), args.rank, generator)
        x, active = check.layer(i)
        before = quality(fc1, fc2, x, active)
        fc2 = calibrate(fc1, fc2, x, active, WANTED_RECALL)
        after = quality(fc1, fc2, x, active)
        print(f"layer {i}: active {float(active.float().mean()):.4f}, recall {before[0]:.4f} at {before[1]:.4f}, "
              f"calibrated {after[0]:.4f} at {after[1]:.4f}, {time.time() - started:.0f} s", flush=True)
        predictors.append((fc1, fc2))
    torch.save({"predictors": predictors, "threshold": THRESHOLD}, args.out)


if __name__ == "__main__":
    main()
