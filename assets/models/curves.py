"""Draws curves/*.png from logs/*.csv and the evaluation's JSON.

    python3 curves.py --evaluation evaluation.json
"""
import argparse
import csv
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
RUNS = {"trunk": "#444444", "sparse": "#c0392b", "dense": "#2471a3", "final": "#1e8449"}


def columns(path):
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f))
    return {k: [float(r[k]) for r in rows] for k in rows[0]}


def smooth(values, n=20):
    out, mean = [], values[0]
    for v in values:
        mean += (v - mean) / n
        out.append(mean)
    return out


def figure(name, title, x, y, draw, **size):
    fig, ax = plt.subplots(figsize=(7, 4), layout="constrained", **size)
    draw(ax)
    ax.set(title=title, xlabel=x, ylabel=y)
    ax.grid(alpha=0.3)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small", ncols=2)
    fig.savefig(HERE / "curves" / name, dpi=110)
    plt.close(fig)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, required=True)
    args = parser.parse_args()
    (HERE / "curves").mkdir(exist_ok=True)
    logs = {run: columns(HERE / "logs" / f"{run}.csv") for run in RUNS if (HERE / "logs" / f"{run}.csv").exists()}
    heldout = {run: columns(HERE / "logs" / f"{run}-heldout.csv") for run in logs
               if (HERE / "logs" / f"{run}-heldout.csv").exists()}
    results = json.loads(args.evaluation.read_text())

    def loss(ax):
        for run, log in logs.items():
            ax.plot([t / 1e6 for t in log["tokens"]], smooth(log["loss"]), color=RUNS[run], label=run)
        ax.set_ylim(top=5)

    def stories(ax):
        for run, log in heldout.items():
            tokens = [t / 1e6 for t in log["tokens"]]
            ax.plot(tokens, log["synthetic"], color=RUNS[run], marker=".", label=f"synthetic, {run}")
            ax.plot(tokens, log["persona_chat"], color=RUNS[run], marker=".", ls="--", label=f"persona chat, {run}")
            ax.plot(tokens, log["books"], color=RUNS[run], marker=".", ls=":", label=f"books, {run}")

    def activity(ax):
        for run, log in logs.items():
            tokens = [t / 1e6 for t in log["tokens"]]
            ax.plot(tokens, log["product"], color=RUNS[run], label=f"active neurons, {run}")
            ax.plot(tokens, log["gate"], color=RUNS[run], ls="--", label=f"open gates, {run}")
        ax.set_ylim(0, 0.55)

    def layers(ax):
        c = range(len(results["active_per_layer"]))
        for shift, key, label in ((-0.27, "active_per_layer", "active"), (0, "gate_open_per_layer", "gate open"),
                                  (0.27, "predicted_active_per_layer", "predicted active")):
            if key in results:
                ax.bar([i + shift for i in c], results[key], 0.27, label=label)

    def hot(ax):
        points = [(0, 0)] + [(float(k.strip("%")), 100 * v) for k, v in results["activations_by_hottest"].items()]
        ax.plot(*zip(*points, (100, 100)), marker="o", color="#c0392b")

    figure("loss.png", "Training loss", "million tokens", "loss", loss)
    figure("heldout.png", "Held-out loss", "million tokens", "loss", stories)
    figure("activity.png", "Share of neurons per token", "million tokens", "share", activity)
    figure("layers.png", "Share of neurons per layer, held-out text", "layer", "share", layers)
    figure("hot.png", "Hot neurons, held-out text", "hottest neurons, %", "activations they make, %", hot)


if __name__ == "__main__":
    main()
