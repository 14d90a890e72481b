"""The held-out set that travels with the model: heldout.jsonl.xz, documents no training run has seen.

    python3 heldout.py --data DIR        makes it from what prepare.py held out
"""
import argparse
import json
import lzma
import random
from pathlib import Path

from prepare import SEED, document_text
from sources import SOURCES

PATH = Path(__file__).with_name("heldout.jsonl.xz")
TOTAL_CHARS = 300_000
STAGES = (0.3, 0.7)  # parts of the training tokens seen in each stage, so that the set has the mix of the training


def load_heldout():
    with lzma.open(PATH, "rt", encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="sources to leave out")
    args = parser.parse_args()
    rng, chosen = random.Random(SEED), []
    for source in (s for s in SOURCES if s.name not in args.without):
        docs = (args.data / f"{source.name}.heldout.jsonl").read_text(encoding="utf-8").splitlines()
        rng.shuffle(docs)
        room = TOTAL_CHARS * sum(part * share for part, share in zip(STAGES, source.shares)) / 100
        for line in docs:
            room -= len(document_text(json.loads(line)))
            if room < 0:
                break
            chosen.append(line)
    with lzma.open(PATH, "wt", encoding="utf-8", preset=9) as f:
        f.writelines(line + "\n" for line in chosen)
    print(f"{len(chosen)} documents, {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
