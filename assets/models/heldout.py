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


def load_heldout():
    with lzma.open(PATH, "rt", encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    rng, chosen = random.Random(SEED), []
    for source in SOURCES:
        docs = (args.data / f"{source.name}.heldout.jsonl").read_text(encoding="utf-8").splitlines()
        rng.shuffle(docs)
        room = TOTAL_CHARS * sum(source.shares) / 200
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
