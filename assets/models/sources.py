"""Where every training text comes from, under which licence, and how it becomes documents.

A document is {"source", "text"} or {"source", "messages": [{"role", "content"}...]}. `SOURCES` is the whole list;
`share` is the part of the training tokens in the first and in the second stage, in per cent.
"""
import gzip
import json
import random
import re
import tarfile
from collections import Counter, namedtuple
from pathlib import Path

Source = namedtuple("Source", "name licence origin shares load")
CHILDREN_BOOKS = 122  # the plain-style and children's books come first in the archive
CHUNK_CHARS = 3400    # a book is cut at paragraphs into pieces that fit the context
QUESTION = re.compile(r"^(who|what|when|where|why|how|do|does|did|is|are|was|were|can|could|would|will|have|has|"
                      r"should|which|whose|don't|didn't|isn't|aren't)\b", re.I)


def lines(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def plain(text):
    """Typographic marks to ASCII, so that a small vocabulary is not spent on them."""
    for a, b in (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"),
                 ("\u2014", " - "), ("\u2026", "..."), ("\u00a0", " "), ("\t", " "), ("\r", "")):
        text = text.replace(a, b)
    return re.sub(r" {2,}", " ", re.sub(r"\n{3,}", "\n\n", text)).strip()


def tidy(sentence):
    """Casual typing to ordinary spelling: capitals, the pronoun I, a full stop."""
    s = re.sub(r"\bi\b(?!\.)", "I", plain(sentence))
    s = re.sub(r"(^|[.!?] +)([a-z])", lambda m: m.group(1) + m.group(2).upper(), s)
    if s and s[-1].isalnum():
        s += "?" if QUESTION.match(s) else "."
    return s


def conversation(messages, tidied=False):
    clean = tidy if tidied else plain
    out = []
    for m in messages:
        content = clean(m["content"])
        if not content:
            return None
        if out and out[-1]["role"] == m["role"]:
            out[-1]["content"] += " " + content
        else:
            out.append({"role": m["role"], "content": content})
    while out and out[-1]["role"] != "assistant":
        out.pop()
    return out if len(out) >= 2 else None


def chats(file, tidied=False, keep=lambda row: True):
    def load(root, _):
        for row in lines(root / file):
            messages = conversation(row["messages"], tidied) if keep(row) else None
            if messages:
                yield {"messages": messages}
    return load


def is_english(row):
    text = " ".join(m["content"] for m in row["messages"])
    common = len(re.findall(r"\b(the|and|of|to|is|in|you|that)\b", text.lower()))
    return text.isascii() and len(text) < 2200 and common > len(text) / 90


def persona_chats(root, rng):
    for row in lines(root / "dialogue/spc_valid_test.jsonl.gz"):
        messages = conversation(row["messages"])
        if messages and rng.random() < 0.5:
            persona = row["assistant_persona"]
            persona = " ".join(persona) if isinstance(persona, list) else str(persona)
            messages.insert(0, {"role": "system", "content": "You are a person. " + plain(persona).replace("\n", " ")})
        if messages:
            yield {"messages": messages}


def small_talk(root, rng):
    """Question-answer pairs, one to four of them strung into one conversation of one personality."""
    by_kind = {}
    for row in lines(root / "dialogue/personality_chat_en.jsonl.gz"):
        if row["personality"] in ("friendly", "professional", "caring"):
            by_kind.setdefault(row["personality"], []).append(row["messages"])
    for rows in by_kind.values():
        rng.shuffle(rows)
        while rows:
            joined = [m for _ in range(min(len(rows), rng.choice((1, 1, 2, 3, 4)))) for m in rows.pop()]
            yield {"messages": conversation(joined)}


def books(first, last):
    def load(root, _):
        with tarfile.open(root / "text/books.tar.xz") as archive:
            files = [m for m in archive if m.isfile()][first:last]
            for member in files:
                text = archive.extractfile(member).read().decode("utf-8", "replace")
                yield from book_pieces(text)
    return load


def book_pieces(text):
    body = text.replace("\r", "").split("-------", 1)[-1]
    piece, size = [], 0
    for paragraph in body.split("\n\n"):
        paragraph = plain(re.sub(r"[*_]", "", paragraph.replace("\n", " ")))
        if not paragraph or paragraph.startswith("#") or "|" in paragraph:
            continue
        piece.append(paragraph)
        size += len(paragraph)
        if size > CHUNK_CHARS:
            yield {"text": "\n\n".join(piece)}
            piece, size = [], 0
    if size > 400:
        yield {"text": "\n\n".join(piece)}


def main_noun(text):
    """The thing a story is about: the commonest plain word that follows an article."""
    words = Counter(re.findall(r"\b(?:a|an|the) (?:big |little |small |old )?([a-z]{3,})\b", text))
    words = Counter({w: text.count(" " + w) for w in words if w not in ("little", "big", "day", "time", "girl", "boy")})
    return max(words, key=lambda w: (words[w], w)) if words else None


def story_request(title, rng):
    return rng.choice(("Tell me a story about {}.", "Write a short story about {}.", "Can you tell me a story about {}?",
                       "I would like a story about {}.", "Please write a story about {}.")).format(title)


def tiny_stories(root, rng):
    for text in json.loads((root / "text/tinystories_1000.json").read_text(encoding="utf-8")):
        text = plain(text if isinstance(text, str) else text["story"])
        yield {"text": text, "story": text}
        noun = main_noun(text)
        ask = story_request(("an " if noun[0] in "aeiou" else "a ") + noun, rng) if noun else "Tell me a story."
        yield {"messages": [{"role": "user", "content": ask}, {"role": "assistant", "content": text}], "story": text}


def story_books(root, rng):
    for row in lines(root / "text/storybooks_en.jsonl"):
        if "NC" in row["license"]:
            continue
        text = plain(row["text"].replace("\n", " "))
        yield {"text": row["title"] + "\n\n" + text, "story": text}
        ask = story_request('"' + row["title"] + '"', rng)
        yield {"messages": [{"role": "user", "content": ask}, {"role": "assistant", "content": text}], "story": text}


def instructions(root, _):
    for row in json.loads((root / "dialogue/instruction-data.json").read_text(encoding="utf-8")):
        ask = row["instruction"] + ("\n" + row["input"] if row["input"] else "")
        yield {"messages": conversation([{"role": "user", "content": ask},
                                         {"role": "assistant", "content": row["output"]}])}


def synthetic(root, _):
    """Made by data/generate.py; the path is given beside the texts."""
    for row in lines(root):
        yield {"messages": row["messages"], "kind": row["kind"]}


SOURCES = [
    Source("books", "public domain", "github.com/mlschmitt/classic-books-markdown, the first 122", (24, 5),
           books(0, CHILDREN_BOOKS)),
    Source("tinystories", "CDLA-Sharing-1.0", "TinyStories (1,000 stories)", (6, 5), tiny_stories),
    Source("storybooks", "CC BY 4.0", "African Storybook, through github.com/global-asp (no NC rows)", (5, 2), story_books),
    Source("small_talk", "MIT", "microsoft/botframework-cli personality chat (friendly, professional, caring)", (6, 8),
           small_talk),
    Source("persona_chat", "CC BY 4.0", "google-research-datasets/Synthetic-Persona-Chat", (9, 8), persona_chats),
    Source("self_dialogue", "BSD-3-Clause", "jfainberg/self_dialogue_corpus", (12, 3),
           chats("dialogue/self_dialogue.jsonl.gz", tidied=True)),
    Source("topical_chat", "CDLA-Sharing-1.0", "alexa/Topical-Chat", (4, 1),
           chats("dialogue/topical_chat_valid_test.jsonl.gz", tidied=True)),
    Source("star", "MIT", "RasaHQ/STAR", (3, 2), chats("dialogue/star.jsonl.gz", tidied=True)),
    Source("open_assistant", "Apache-2.0", "OpenAssistant threads and answers, English only", (3, 2),
           chats("dialogue/oasst_model_eval_falcon_pythia.jsonl.gz", keep=is_english)),
    Source("instructions", "Apache-2.0", "rasbt/LLMs-from-scratch", (1, 2), instructions),
    Source("common_sense", "Apache-2.0", "google-research/FLAN chain of thought", (1, 1),
           chats("dialogue/flan_cot.jsonl.gz", keep=lambda r: r["set"] in ("ecqa", "creak", "sensemaking", "qasc"))),
    Source("commands", "CC BY 4.0", "tldr-pages", (1, 1),
           chats("dialogue/tldr_qa.jsonl.gz", keep=lambda r: r["platform"] in ("common", "linux"))),
    Source("synthetic", "made by this project", "data/generate.py", (25, 60), synthetic),
]


def documents(source, root, seed):
    rng = random.Random(f"{seed}-{source.name}")
    for doc in source.load(Path(root), rng):
        if doc.get("messages") or doc.get("text"):
            yield {"source": source.name, **doc}
