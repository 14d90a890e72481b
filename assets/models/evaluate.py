"""Reproduces the model card's numbers from the GGUF file and the held-out set beside it.

    python3 evaluate.py [--model ember.gguf] [--checkpoint last.pt] [--json FILE]

Needs python3-torch, python3-numpy, python3-regex and a real BLAS (libopenblas0). A few minutes on two cores.
"""
import argparse
import json
import math
from collections import defaultdict
from pathlib import Path

import torch
import torch.nn.functional as F

from export import read_model
from heldout import load_heldout
from model import Config, Model
from prepare import FULL, encode_document

HERE = Path(__file__).parent
HOT_SHARES = (0.05, 0.10, 0.20, 0.30, 0.50)


class Neurons:
    """Stands in for Model.ffn: computes the activations in one of three ways and counts.

    dense: every neuron; exact: those whose gate is open; predicted: those the predictor names.
    """

    def __init__(self, model, mode, predictors, threshold):
        self.model, self.mode, self.predictors, self.threshold = model, mode, predictors, threshold
        c = model.config
        self.tokens = 0
        self.active = torch.zeros(c.n_layers, c.d_ff)   # how often each neuron was active
        self.gates = torch.zeros(c.n_layers)
        self.kept = torch.zeros(c.n_layers)             # active for a token and for the next
        self.followed = torch.zeros(c.n_layers)         # activations that have a next token
        self.predicted, self.hits = torch.zeros(c.n_layers), torch.zeros(c.n_layers)
        model.ffn = self

    def __call__(self, layer, residual, h):
        gate_w, up_w = self.model.weights[f"{layer}.gate_up"].chunk(2)
        gate = F.linear(h, gate_w)
        if self.mode == "predicted":
            fc1, fc2 = self.predictors[layer]
            chosen = F.linear(torch.relu(F.linear(residual, fc1)), fc2) >= self.threshold
        else:
            chosen = gate > 0 if self.mode == "exact" else torch.ones_like(gate, dtype=torch.bool)
        a = torch.relu(gate) * torch.relu(F.linear(h, up_w))
        self.count(layer, gate > 0, a > 0, chosen)
        return a * chosen

    def count(self, layer, gates, active, chosen):
        self.tokens += gates.shape[0] * gates.shape[1] if layer == 0 else 0
        self.gates[layer] += gates.sum()
        self.active[layer] += active.sum((0, 1))
        self.kept[layer] += (active[:, 1:] & active[:, :-1]).sum()
        self.followed[layer] += active[:, :-1].sum()
        self.predicted[layer] += chosen.sum()
        self.hits[layer] += (chosen & active).sum()

    def summary(self):
        places = self.tokens * self.model.config.d_ff
        order = self.active.sort(1, descending=True).values
        hot = {f"{share:.0%}": float(order[:, :round(share * order.shape[1])].sum() / order.sum())
               for share in HOT_SHARES}
        return {"active_per_layer": (self.active.sum(1) / places).tolist(),
                "gate_open_per_layer": (self.gates / places).tolist(),
                "active": float(self.active.sum() / places / len(self.gates)),
                "gate_open": float(self.gates.mean() / places),
                "activations_by_hottest": hot,
                "persistence_per_layer": (self.kept / self.followed).tolist(),
                "persistence": float(self.kept.sum() / self.followed.sum()),
                "predicted_active_per_layer": (self.predicted / places).tolist(),
                "predicted_active": float(self.predicted.mean() / places),
                "recall_per_layer": (self.hits / self.active.sum(1)).tolist(),
                "recall": float(self.hits.sum() / self.active.sum())}


@torch.no_grad()
def losses(model, tokenizer, documents):
    """-> per source (sum of losses, tokens): all of a text, the assistant's words of a chat, BOS first"""
    sums = defaultdict(lambda: [0.0, 0])
    for doc in documents:
        ids, codes = encode_document(tokenizer, doc)
        ids, codes = ids[:model.config.n_context], codes[:model.config.n_context]
        logits = model.logits(torch.tensor([ids]))[0, :-1]
        loss = F.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        counted = torch.tensor(codes[1:]) == FULL
        sums[doc["source"]][0] += float(loss[counted].sum())
        sums[doc["source"]][1] += int(counted.sum())
    return sums


def perplexity(sums):
    return math.exp(sum(s for s, _ in sums.values()) / sum(n for _, n in sums.values()))


def evaluate(model, tokenizer, documents, predictors, threshold):
    results = {}
    modes = ("dense", "exact", "predicted") if predictors else ("dense", "exact")
    for mode in modes:
        neurons = Neurons(model, mode, predictors, threshold)
        sums = losses(model, tokenizer, documents)
        results[f"perplexity_{mode}"] = perplexity(sums)
        if mode == "dense":
            results["heldout_tokens"] = sum(n for _, n in sums.values())
            results["perplexity_per_source"] = {k: math.exp(s / n) for k, (s, n) in sums.items()}
            results.update({k: v for k, v in neurons.summary().items() if "predicted" not in k and "recall" not in k})
        if mode == "predicted":
            results.update({k: v for k, v in neurons.summary().items() if "predicted" in k or "recall" in k})
    return results


def show(results):
    for key, value in results.items():
        if isinstance(value, list):
            value = " ".join(f"{v:.3f}" for v in value)
        elif isinstance(value, dict):
            value = ", ".join(f"{k} {v:.3f}" for k, v in value.items())
        elif isinstance(value, float):
            value = f"{value:.4f}"
        print(f"{key:28} {value}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=HERE / "ember.gguf")
    parser.add_argument("--checkpoint", type=Path, help="unquantized weights, to measure what quantization costs")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    documents = load_heldout()
    model, tokenizer, predictors, threshold = read_model(args.model)
    results = evaluate(model, tokenizer, documents, predictors, threshold)
    if args.checkpoint:
        checkpoint = torch.load(args.checkpoint)
        full = Model(Config(**checkpoint["config"]), checkpoint["weights"])
        results["perplexity_unquantized"] = perplexity(losses(full, tokenizer, documents))
    for name in ("recorded.json", "baseline.json"):  # numbers that need more than the file: see README.md
        if (HERE / name).exists():
            results.update({f"recorded: {k}": v for k, v in json.loads((HERE / name).read_text()).items()})
    show(results)
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
