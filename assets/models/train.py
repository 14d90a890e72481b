"""Training: a trunk with a constant learning rate, then a branch in which the rate falls to zero.

    python3 train.py --data DIR --out DIR --steps 1500                          the trunk
    python3 train.py --data DIR --out DIR2 --from DIR/last.pt --steps 500 --decay --active 0.08    sparse branch
    python3 train.py --data DIR --out DIR3 --from DIR/last.pt --steps 500 --decay                  its dense twin

A branch takes over weights, optimizer state and step count; the twins see the same documents in the same order.
Matrices are trained with Muon (orthogonalized momentum), embeddings and norms with Adam. The pressure is L1 on the
open gates and products; its strength follows the share of active neurons, which is led down to the wanted one.
"""
import argparse
import csv
import json
import math
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import torch

from batches import Mixer, token_weights
from fast import FastModel, PlainModel
from guides import guides
from model import Config, init_weights
from prepare import SEED, encode_document
from tokenizer import Tokenizer

MICRO_TOKENS = 2048
LENGTHS, LENGTH_SHARES = (256, 512, 1024), (0.5, 0.4, 0.1)
WARMUP_STEPS = 60
REPEATED_WEIGHT = 4.0  # with guides, of a rare token that its document has used before; 1 from half of the run on
EVALUATE_EVERY, SAVE_EVERY = 100, 50
ADAM_SHARE = 0.2  # Adam's learning rate, as a part of Muon's
WEIGHT_DECAY = 0.1
PRESSURE_LEAD = 0.5  # part of the branch over which the wanted activity falls to its end value


def orthogonalize(m, steps=5):
    """Newton-Schulz iteration towards the nearest semi-orthogonal matrix (Jordan et al., Muon)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = m.bfloat16()
    x = x.T if m.shape[0] > m.shape[1] else x
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * (s @ s)) @ x
    return (x.T if m.shape[0] > m.shape[1] else x).float()


class Optimizer:
    def __init__(self, config, weights, rate):
        self.config, self.weights, self.rate, self.steps = config, weights, rate, 0
        self.momentum = {n: torch.zeros_like(w) for n, w in weights.items()}
        self.square = {n: torch.zeros_like(w) for n, w in weights.items() if not self.is_matrix(n)}

    @staticmethod
    def is_matrix(name):
        return name.endswith(("qkv", "attn_out", "gate_up", "down_t"))

    def parts(self, name, w):
        """Stacked matrices are orthogonalized one by one."""
        c = self.config
        if name.endswith("qkv"):
            return w.split([c.n_heads * c.head_dim, c.n_kv_heads * c.head_dim, c.n_kv_heads * c.head_dim])
        return w.chunk(2) if name.endswith("gate_up") else (w,)

    def update(self, name, g, factor):
        """One weight; g is its gradient, factor 0..1 the schedule's. The caller counts `steps`."""
        w, m, rate = self.weights[name], self.momentum[name], factor * self.rate
        if self.is_matrix(name):
            m.mul_(0.95).add_(g)
            direction = g.add(m, alpha=0.95)
            w.mul_(1 - rate * WEIGHT_DECAY)
            for part, d in zip(self.parts(name, w), self.parts(name, direction)):
                scale = max(1, d.shape[0] / d.shape[1]) ** 0.5
                part.add_(orthogonalize(d), alpha=-rate * scale)
        else:
            v = self.square[name]
            m.lerp_(g, 0.1)
            v.lerp_(g * g, 0.05)
            corrected = (v / (1 - 0.95 ** self.steps)).sqrt_().add_(1e-8)
            w.addcdiv_(m / (1 - 0.9 ** self.steps), corrected, value=-rate * ADAM_SHARE)

    def state(self):
        return {"steps": self.steps, "momentum": self.momentum, "square": self.square}

    def load(self, state):
        self.steps, self.momentum, self.square = state["steps"], state["momentum"], state["square"]


class Workers:
    """Single-threaded replicas that take micro-batches as they get free, so a core busy elsewhere slows no other."""

    def __init__(self, config, weights, n):
        on_gpu = weights["embed"].is_cuda
        if on_gpu:
            n = 1
        else:
            torch.set_num_threads(1)
        self.pool = ThreadPoolExecutor(n)
        self.replicas = [(PlainModel if on_gpu else FastModel)(config, weights) for _ in range(n)]
        self.free = SimpleQueue()
        for replica in self.replicas:
            self.free.put(replica)

    def run(self, method, *args):
        replica = self.free.get()
        try:
            return getattr(replica, method)(*args)
        finally:
            self.free.put(replica)

    def accumulate(self, batches, gradients, guide_weight, repeated_weight):
        """-> sum of losses, sum of stats"""
        def one(batch):
            if not guide_weight:
                return self.run("accumulate", *batch, gradients)
            shown, repeated = guides(*batch[:3], self.replicas[0].config.n_heads)
            batch[3].mul_(torch.where(repeated, repeated_weight, 1.0))
            return self.run("accumulate", *batch, gradients, shown, guide_weight)

        parts = list(self.pool.map(one, batches))
        return sum(p[0] for p in parts), sum(p[1] for p in parts)

    def losses(self, batches):
        return list(self.pool.map(lambda b: self.run("loss", *b), batches))

    def optimize(self, optimizer, rate):
        optimizer.steps += 1

        def update(name):
            first, *others = (r.grads[name] for r in self.replicas)
            for g in others:
                first += g
            optimizer.update(name, first, rate)

        # the embedding is the longest task, so it goes first
        with torch.no_grad():
            list(self.pool.map(update, sorted(optimizer.weights, key=lambda n: -optimizer.weights[n].numel())))
        list(self.pool.map(lambda r: r.refresh(), self.replicas))


class Pressure:
    """Strength of the L1 terms, led so that the share of active products follows a falling line."""

    def __init__(self, wanted, first_step, lead_steps):
        self.wanted, self.first, self.lead = wanted, first_step, lead_steps
        self.strength, self.begin = 0.0, None

    def target(self, step):
        if self.begin is None:
            return 1.0
        x = min(1, (step - self.first) / self.lead)
        return self.begin ** (1 - x) * self.wanted ** x

    def update(self, step, active):
        if self.wanted is None:
            return
        if self.begin is None:
            self.begin, self.strength = max(active, self.wanted), max(self.strength, 1e-5)
        self.strength = min(max(self.strength * math.exp(0.5 * (active / self.target(step) - 1)), 1e-6), 5e-3)

    def gradients(self, tokens_per_step):
        """product, gate, up: the gate bears most, because the lossless engine computes every gate"""
        s = self.strength / tokens_per_step
        return (0.5 * s, s, 0.0)


def heldout_batch(directory, tokenizer, length=512, rows=8):
    """source -> one fixed batch of held-out documents, each packed row after row"""
    batches = {}
    for path in sorted(directory.glob("*.heldout.jsonl")):
        docs = [encode_document(tokenizer, json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
        docs = [d for d in docs if len(d[0]) > 8]
        tokens, codes = np.zeros((rows, length + 1), np.int32), np.zeros((rows, length + 1), np.uint8)
        starts = np.zeros((rows, length + 1), np.int32)
        for r in range(rows):
            used = 0
            while used < length and docs:
                t, c = docs.pop(0)
                n = min(len(t), length + 1 - used)
                tokens[r, used:used + n], codes[r, used:used + n], starts[r, used:used + n] = t[:n], c[:n], used
                codes[r, used] = 0
                used += n
        batches[path.name.split(".")[0]] = [torch.from_numpy(np.ascontiguousarray(x)) for x in (
            tokens[:, :-1], starts[:, :-1], tokens[:, 1:], token_weights(codes[:, 1:], 0.0))]
    return batches


def evaluate(workers, config, batches):
    losses, active = {}, []
    for (source, batch), (total, stats) in zip(batches.items(), workers.losses(batches.values())):
        losses[source] = total / max(1.0, float(batch[3].sum()))
        active.append(stats / batch[0].numel() / config.d_ff)
    return losses, torch.stack(active).mean(0)


def save(path, config, weights, optimizer, step, tokens, seconds, strength):
    temporary = path.with_suffix(".tmp")
    torch.save({"config": config.as_dict(), "weights": weights, "optimizer": optimizer.state(), "step": step,
                "tokens": tokens, "seconds": seconds, "strength": strength}, temporary)
    os.replace(temporary, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="origin", type=Path, help="checkpoint to go on from")
    parser.add_argument("--steps", type=int, required=True, help="steps of this run")
    parser.add_argument("--stage", type=int, default=0, help="column of shares in sources.py")
    parser.add_argument("--decay", action="store_true", help="learning rate falls to zero over this run")
    parser.add_argument("--minutes", type=float, help="the same over a time instead of the steps")
    parser.add_argument("--active", type=float, help="wanted share of active neurons; without it no pressure")
    parser.add_argument("--guide", type=float, default=0.0, help="weight of the attention guides, see guides.py")
    parser.add_argument("--prompt-weight", type=float, default=0.5)
    parser.add_argument("--micro-batches", type=int, default=4, help=f"per step, of {MICRO_TOKENS} tokens each")
    parser.add_argument("--rate", type=float, default=0.015, help="learning rate of Muon")
    parser.add_argument("--shape", help="of a new model, such as d_model=512,n_heads=8,n_kv_heads=4,d_ff=1536")
    parser.add_argument("--device", default="cpu", help="cpu (bf16 dot products wanted) or cuda")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)

    config, step, tokens, seconds = Config(), 0, 0, 0.0
    origin = torch.load(args.origin, map_location=args.device) if args.origin else None
    if origin:
        config = Config(**origin["config"])
        step, tokens, seconds = origin["step"], origin["tokens"], origin["seconds"]
    elif args.shape:
        config = replace(config, **{k: int(v) for k, v in (pair.split("=") for pair in args.shape.split(","))})
    weights = origin["weights"] if origin else init_weights(config, args.seed)
    weights = {n: w.to(args.device) for n, w in weights.items()}
    optimizer = Optimizer(config, weights, args.rate)
    if origin:
        optimizer.load(origin["optimizer"])
    workers = Workers(config, weights, args.workers)
    tokenizer = Tokenizer.load(args.data / "tokenizer.json")
    heldout = heldout_batch(args.data, tokenizer)
    mixer = Mixer(args.data, args.stage, args.seed + step)
    first, last = step, step + args.steps
    pressure = Pressure(args.active, first, PRESSURE_LEAD * args.steps)
    if origin and args.active:
        pressure.strength = origin.get("strength", 0.0)
    tokens_per_step = MICRO_TOKENS * args.micro_batches
    log = csv.writer(open(args.out / "log.csv", "a", newline="", buffering=1))
    log.writerow("step tokens seconds loss rate strength product gate".split())
    evals = csv.writer(open(args.out / "heldout.csv", "a", newline="", buffering=1))
    evals.writerow(["step", "tokens", *heldout, *(f"product{i}" for i in range(config.n_layers)),
                    *(f"gate{i}" for i in range(config.n_layers))])
    started = time.time()
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))  # ends after the step, with a checkpoint

    while step < last and not stopped:
        rate = min(1.0, (step + 1) / WARMUP_STEPS)
        if args.minutes:
            rate *= max(0.0, 1 - (time.time() - started) / 60 / args.minutes)
            last = step + 1 if rate == 0 else last
        elif args.decay:
            rate *= (last - step) / args.steps
        length = int(mixer.rng.choice(LENGTHS, p=LENGTH_SHARES))
        batches = [mixer.batch(MICRO_TOKENS // length, length, args.prompt_weight) for _ in range(args.micro_batches)]
        counted = sum(float(b[3].sum()) for b in batches)
        for batch in batches:
            batch[3].div_(counted)
        guide_weight = args.guide * rate / tokens_per_step
        loss, stats = workers.accumulate(batches, pressure.gradients(tokens_per_step), guide_weight,
                                         1 + (REPEATED_WEIGHT - 1) * max(0.0, 2 * rate - 1))
        workers.optimize(optimizer, rate)
        step, tokens = step + 1, tokens + tokens_per_step
        product, gate = (stats[:, :2].mean(0) / tokens_per_step / config.d_ff).tolist()
        pressure.update(step, product)
        log.writerow([step, tokens, f"{seconds + time.time() - started:.1f}", f"{loss:.4f}", f"{rate:.4f}",
                      f"{pressure.strength:.3g}", f"{product:.4f}", f"{gate:.4f}"])
        if step % EVALUATE_EVERY == 0 or step == last:
            losses, active = evaluate(workers, config, heldout)
            evals.writerow([step, tokens, *(f"{x:.4f}" for x in losses.values()),
                            *(f"{x:.4f}" for x in active[:, :2].T.flatten().tolist())])
        if step % SAVE_EVERY == 0 or step == last or stopped:
            save(args.out / "last.pt", config, weights, optimizer, step, tokens, seconds + time.time() - started,
                 pressure.strength)


if __name__ == "__main__":
    main()
