#!/usr/bin/env python3
"""Synthetic dialogues for the bundled model: generate.py --seed S --count N [--kinds a,b] [--jobs J] > out.jsonl

  --selftest   checks determinism, roles, slots, articles, capitals, lengths and variety
  --show N     prints N dialogues as readable text
"""
import argparse
import importlib
import json
import multiprocessing
import os
import random
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

WEIGHTS = {'stories': 30, 'smalltalk': 15, 'roleplay': 15, 'passages': 12, 'memory': 6, 'knowledge': 8, 'arithmetic': 5,
           'letters': 5, 'snippets': 4, 'refusals': 3, 'mixed': 10}
BLOCK = 500
_mods = {}


def _mod(kind):
    if kind not in _mods:
        _mods[kind] = importlib.import_module(kind)
    return _mods[kind]


def available():
    here = os.path.dirname(os.path.abspath(__file__))
    return [k for k in WEIGHTS if os.path.exists(os.path.join(here, k + '.py'))]


def _block(args):
    seed, block, n, kinds = args
    rng = random.Random('%d/%d' % (seed, block))
    ws = [WEIGHTS[k] for k in kinds]
    out = []
    for kind in rng.choices(kinds, ws, k=n):
        out.append({'kind': kind, 'messages': _mod(kind).dialogue(rng)})
    return out


def generate(seed, count, kinds=None, jobs=1):
    """Yields count dialogues; the same seed and kinds give the same dialogues, whatever jobs is."""
    kinds = list(kinds or available())
    tasks = [(seed, b, min(BLOCK, count - b * BLOCK), kinds) for b in range((count + BLOCK - 1) // BLOCK)]
    if jobs > 1:
        with multiprocessing.Pool(jobs) as pool:
            for block in pool.imap(_block, tasks):
                yield from block
    else:
        for t in tasks:
            yield from _block(t)


BAD = [(re.compile(p), name) for p, name in [
    (r'[\[\]]', 'bracket'), (r'\{[a-z0-9_]+\}|\{\{|\bNone\b|\bnan\b', 'slot'), (r'  ', 'double space'), (r'\ba (?!one|eu)[aeio]\w', 'article'),
    (r'\ban [bcdfgjklmnpqrstvwxyz]', 'article'), (r' [,.;!?](?![.\w])', 'space before mark'), (r'[.!?]{2}(?<!\.\.)(?!\.)', 'double mark'),
    (r'(?<![.\d])[a-z][.!?] [a-z]{2}', 'capital'), (r'\.\.(?!\.)(?<!\.\.\.)', 'double stop'), (r',\.|\.,|,,', 'marks'),
    (r'[^\x00-\x7f]', 'not ASCII'), (r'\b(the the|a a|and and|was was|to to|of of|in in|a the)\b', 'doubled word'), (r'[\x01-\x09]', 'control')]]
CODE = ('snippets', 'letters')


def check(d):
    """Returns a list of faults of a dialogue."""
    bad = []
    ms = d['messages']
    roles = [m['role'] for m in ms]
    if roles and roles[0] == 'system':
        roles = roles[1:]
    if not roles or len(roles) % 2 or roles != ['user', 'assistant'] * (len(roles) // 2):
        bad.append('roles')
    if sum(len(m['content']) for m in ms) / 4 > 900:
        bad.append('length')
    for m in ms:
        t = m['content']
        if not t.strip() or t != t.strip():
            bad.append('empty or untrimmed: %r' % t[:60])
        if m['role'] == 'assistant':
            if t[:1].islower() and d['kind'] not in ('letters', 'arithmetic', 'snippets', 'mixed', 'knowledge', 'memory'):
                bad.append('lower start: ' + t[:60])
            if '```' in t or d['kind'] in CODE:
                continue
            for rx, name in BAD:
                h = rx.search(t)
                if h:
                    bad.append('%s: ...%s...' % (name, t[max(0, h.start() - 40):h.end() + 30].replace('\n', ' ')))
    return bad


def selftest():
    n = 20000
    a = list(generate(7, 1200))
    ok = a == list(generate(7, 1200, jobs=2)) and a != list(generate(8, 1200))
    print('deterministic:', ok)
    faults = 0
    for kind in available():
        m = n if kind == 'stories' else 6000
        answers, total, chars, dl, grams, ng, shown, turns, system = set(), 0, 0, set(), set(), 0, 0, 0, 0
        for d in generate(11, m, [kind]):
            f = check(d)
            if f:
                faults += 1
                shown += 1
                if shown <= 6:
                    print('  ', kind, f[:3])
            dl.add(json.dumps(d['messages']))
            system += d['messages'][0]['role'] == 'system'
            for t in d['messages']:
                if t['role'] == 'assistant':
                    total += 1
                    turns += 1
                    chars += len(t['content'])
                    answers.add(t['content'])
                    w = t['content'].split()
                    ng += max(0, len(w) - 7)
                    grams.update(hash(tuple(w[i:i + 8])) for i in range(0, len(w) - 7))
        print('%-11s %6d dialogues %5.1f%% distinct, %5.1f answers each, %5.1f%% of answers distinct, %5.1f%% of 8-grams, %4d chars an answer, %4.1f%% system, %d faulty' % (
            kind, m, 100 * len(dl) / m, turns / m, 100 * len(answers) / total, 100 * len(grams) / max(1, ng), chars / total, 100 * system / m, shown))
    print('faulty dialogues:', faults)
    return 0 if ok and not faults else 1


def main():
    ap = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--count', type=int, default=1000)
    ap.add_argument('--kinds', default='')
    ap.add_argument('--jobs', type=int, default=1)
    ap.add_argument('--show', type=int, default=0)
    ap.add_argument('--selftest', action='store_true')
    o = ap.parse_args()
    if o.selftest:
        return selftest()
    kinds = [k for k in o.kinds.split(',') if k] or None
    if o.show:
        for d in generate(o.seed, o.show, kinds):
            print('=' * 30, d['kind'])
            for m in d['messages']:
                print('%s: %s' % (m['role'][0].upper(), m['content']))
        return 0
    w = sys.stdout.write
    for d in generate(o.seed, o.count, kinds, o.jobs):
        w(json.dumps(d, ensure_ascii=False) + '\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
