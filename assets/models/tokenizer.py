"""Byte-level BPE: training, encoding, and the exact form that GGUF readers expect.

The pieces are those of `tokenizer.ggml.model = gpt2` with pre-tokenizer `qwen2`: digits stand alone, a word
takes the space before it, and every byte has a piece of its own, so no text is ever unknown.
"""
import heapq
import json
from collections import Counter, defaultdict

import regex

PRE_NAME = "qwen2"
SPLIT = regex.compile(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
SPECIAL_SPLIT = regex.compile("(" + "|".join(regex.escape(s) for s in SPECIALS) + ")")


def byte_to_char():
    """GPT-2's printable stand-in for each byte value."""
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {b: chr(b) for b in kept}
    for b in range(256):
        if b not in table:
            table[b] = chr(256 + len(table) - len(kept))
    return table


BYTE_TO_CHAR = byte_to_char()
CHAR_TO_BYTE = {c: b for b, c in BYTE_TO_CHAR.items()}


def count_words(texts):
    """Pre-token -> count, in the stand-in alphabet."""
    raw = Counter()
    for text in texts:
        raw.update(SPLIT.findall(text))
    return Counter({"".join(BYTE_TO_CHAR[b] for b in w.encode()): n for w, n in raw.items()})


def train_merges(word_counts, n_merges, min_count=2):
    """Greedy BPE; equal counts are broken by the pieces themselves, so that the result is one."""
    words = [(list(w), n) for w, n in word_counts.items() if n >= min_count and len(w) > 1]
    counts, where = Counter(), defaultdict(set)
    for i, (pieces, n) in enumerate(words):
        for pair in zip(pieces, pieces[1:]):
            counts[pair] += n
            where[pair].add(i)
    heap = [(-n, pair) for pair, n in counts.items()]
    heapq.heapify(heap)
    merges = []
    while heap and len(merges) < n_merges:
        n, pair = heapq.heappop(heap)
        if counts[pair] != -n:  # an entry from before a later update
            if counts[pair] > 0 and -n > counts[pair]:
                heapq.heappush(heap, (-counts[pair], pair))
            continue
        merges.append(pair)
        touched = set()
        for i in where.pop(pair):
            pieces, weight = words[i]
            for old in zip(pieces, pieces[1:]):
                counts[old] -= weight
                touched.add(old)
            pieces = merge_pair(pieces, pair)
            words[i] = (pieces, weight)
            for new in zip(pieces, pieces[1:]):
                counts[new] += weight
                where[new].add(i)
                touched.add(new)
        for changed in touched:
            if counts[changed] > 0:
                heapq.heappush(heap, (-counts[changed], changed))
    return merges


def merge_pair(pieces, pair):
    out, i = [], 0
    while i < len(pieces):
        if i + 1 < len(pieces) and pieces[i] == pair[0] and pieces[i + 1] == pair[1]:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(pieces[i])
            i += 1
    return out


class Tokenizer:
    def __init__(self, tokens, merges):
        self.tokens, self.merges = list(tokens), [tuple(m) for m in merges]
        self.ids = {t: i for i, t in enumerate(self.tokens)}
        self.ranks = {m: r for r, m in enumerate(self.merges)}
        self.eot, self.im_start, self.im_end = (self.ids[s] for s in SPECIALS)
        self._cache = {}

    @classmethod
    def train(cls, texts, n_vocab):
        merges = train_merges(count_words(texts), n_vocab - 256 - len(SPECIALS))
        tokens = [BYTE_TO_CHAR[b] for b in range(256)] + [a + b for a, b in merges] + SPECIALS
        return cls(tokens, merges)

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            data = json.load(f)
        return cls(data["tokens"], [m.split(" ") for m in data["merges"]])

    def save(self, path):
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"pre": PRE_NAME, "tokens": self.tokens, "merges": [" ".join(m) for m in self.merges]}, f,
                      ensure_ascii=False, indent=0)

    def encode(self, text):
        """Plain text: the special tokens' spellings are ordinary characters here."""
        out = []
        for word in SPLIT.findall(text):
            ids = self._cache.get(word)
            if ids is None:
                ids = self._cache[word] = self._encode_word(word)
            out += ids
        return out

    def encode_markup(self, text):
        """Text in which the special tokens' spellings are special tokens."""
        out = []
        for part in SPECIAL_SPLIT.split(text):
            out += [self.ids[part]] if part in SPECIALS else self.encode(part)
        return out

    def _encode_word(self, word):
        pieces = [BYTE_TO_CHAR[b] for b in word.encode()]
        while len(pieces) > 1:
            best = min(zip(pieces, pieces[1:]), key=lambda p: self.ranks.get(p, 1 << 30))
            if best not in self.ranks:
                break
            pieces = merge_pair(pieces, best)
        return [self.ids[p] for p in pieces]

    def decode(self, ids):
        data = bytearray()
        for i in ids:
            token = self.tokens[i]
            data += token.encode() if token in SPECIALS else bytes(CHAR_TO_BYTE[c] for c in token)
        return data.decode(errors="replace")
