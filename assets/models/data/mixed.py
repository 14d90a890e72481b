"""Longer chats that go from one kind to another: a greeting, a story, a question, a goodbye."""
import importlib
from core import A, S, SYSTEMS, U, Ctx, user_style
import arithmetic
import memory
import passages
import refusals
import smalltalk
import stories


def _parts():
    out = []
    for name in ('knowledge', 'letters', 'snippets'):
        try:
            out.append(importlib.import_module(name))
        except ModuleNotFoundError:
            pass
    return out


PARTS = _parts()


def body(m):
    return [x for x in m if x['role'] != 'system']


def dialogue(rng):
    c = Ctx(rng)
    msgs = [S(c.pick(SYSTEMS))] if c.chance(0.15) else []
    if c.chance(0.6):
        msgs += smalltalk.turns(c, c.int(1, 2), c.pick(['hello', 'hello', 'morning', 'evening', 'howareyou', 'name_q', 'username']))
    for _ in range(c.int(1, 3)):
        k = c.rnd()
        if k < 0.3:
            d = body(stories.dialogue(rng))
            msgs += d[:4]
        elif k < 0.42:
            msgs += passages.turns(c, 2)
        elif k < 0.52:
            q, a = arithmetic.one(c)
            msgs += [U(user_style(rng, q, typos=False)), A(a)]
        elif k < 0.60:
            q, a = refusals.one(c)
            msgs += [U(q), A(a)]
        elif k < 0.72 or not PARTS:
            msgs += smalltalk.turns(c, c.int(1, 2))
        else:
            msgs += body(c.pick(PARTS).dialogue(rng))[:4]
        if sum(len(m['content']) for m in msgs) > 1900:
            break
    while sum(len(m['content']) for m in msgs) > 3300 and len(msgs) > 3:
        msgs = msgs[:-2]
    if c.chance(0.35):
        msgs += smalltalk.turns(c, 1, c.pick(['thanks', 'bye', 'night', 'bye']))
    return msgs
