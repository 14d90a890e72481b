"""Template engine shared by the dialogue generators.

A template is a string with alternatives, "[red|blue] ball", and slots, "{name}".
A slot written with a capital, "{Name}", is the same value with its first letter
in upper case. Values may contain templates. fix() mends articles and capitals.
"""
import re

_CACHE = {}


def _parse(s, i, stop):
    """Returns (parts, index); parts: str, ('slot', key, cap) or ('alt', [parts...])."""
    parts, buf = [], []
    n = len(s)
    while i < n:
        c = s[i]
        if c in stop:
            break
        if c == '[':
            if buf:
                parts.append(''.join(buf))
                buf = []
            alts = []
            i += 1
            while True:
                p, i = _parse(s, i, '|]')
                alts.append(p)
                if i >= n:
                    raise ValueError('unclosed [ in ' + s)
                i += 1
                if s[i - 1] == ']':
                    break
            parts.append(('alt', alts))
            continue
        if c == '{':
            if buf:
                parts.append(''.join(buf))
                buf = []
            j = s.index('}', i)
            parts.append(('slot', s[i + 1:j], None))
            i = j + 1
            continue
        buf.append(c)
        i += 1
    if buf:
        parts.append(''.join(buf))
    return parts, i


def _emit(parts, ctx, rnd, out):
    for p in parts:
        if type(p) is str:
            out.append(p)
        elif p[0] == 'alt':
            alts = p[1]
            _emit(alts[int(rnd() * len(alts))], ctx, rnd, out)
        else:
            key = p[1]
            v = ctx.get(key)
            if v is None:
                v = ctx.get(key[0].lower() + key[1:])
                if v is None:
                    raise KeyError(key)
                v = expand(v, ctx, rnd)
                out.append(v[:1].upper() + v[1:])
            else:
                out.append(expand(v, ctx, rnd))


def expand(t, ctx, rnd):
    if type(t) is not str:
        t = t[int(rnd() * len(t))]
    if '[' not in t and '{' not in t:
        return t
    parts = _CACHE.get(t)
    if parts is None:
        parts, _ = _parse(marks(t), 0, '')
        if len(_CACHE) > 60000:
            _CACHE.clear()
        _CACHE[t] = parts
    out = []
    _emit(parts, ctx, rnd, out)
    return ''.join(out)


_ART = re.compile(r'\b([Aa])n? ("?)([A-Za-z]+)')
_CAP = re.compile(r'((?:[.!?]|\n)\s+)([a-z])')
_AN_NOT = re.compile(r'(one|once|uni[^nm]|unif|use|usu|eu|uku|ut[ie])', re.I)
_AN_YES = re.compile(r'(hour|honest|honou?r|heir)', re.I)


def _art(m):
    a, q, w = m.groups()
    an = w[0] in 'aeiouAEIOU'
    if an and _AN_NOT.match(w):
        an = False
    elif not an and _AN_YES.match(w):
        an = True
    return a + ('n ' if an else ' ') + q + w


def fix(s):
    """Articles, capitals at sentence starts, doubled spaces."""
    s = _ART.sub(_art, s)
    if '  ' in s:
        s = re.sub(' {2,}', ' ', s)
    s = s.strip()
    s = _CAP.sub(lambda m: m.group(1) + m.group(2).upper(), s)
    if s[:1].islower():
        s = s[0].upper() + s[1:]
    elif s[:1] == '"' and s[1:2].islower():
        s = '"' + s[1].upper() + s[2:]
    return s


_AUX = re.compile(r"((is|are|was|were|do|does|did|can|could|will|would|shall|should|may|might|had|am|must) (it|its|you|they|i|we|"
                  r"there|he|she|this|that|anyone|anybody|nobody|somebody|something|someone|everyone|your|my|the|a|one)|"
                  r"is \{\w\}(?= )|(have|has) (it|you|they|i|we|he|she|this|anyone|somebody|someone|your)|really|or (shall|would|do|will)|"
                  r"and (you|yours|who|how|what|when|where|are|is|do|why)|anything else|any (plans|questions|special)|ready)(?!\w)", re.I)
_WH = re.compile(r"what kind of|(what|who|whose|where|why|how|which|when)\b(?! (a|an|nice|lovely|kind|good|sweet|strange|interesting|funny|fine|luck|tiny|"
                 r"i|he|she|we|you|they|one|people|matters|fresh|beautiful|happy|many things)\b)", re.I)
_WHEN = re.compile(r"when (is|was|did|do|does|will|are|can)\b", re.I)


def _asks(a):
    last = re.split(r'[.!?;:] |, (?=(?:what|is|do|will|shall|do) )', a)[-1]
    if re.match('when', last, re.I):
        return _WHEN.match(last) is not None
    return bool(_AUX.match(last) or _WH.match(last) or re.match(r'but (what|how|who|where)\b', last, re.I))


def marks(t):
    """Gives each alternative of "[Oh dear|What now]?" its own mark: "[Oh dear!|What now?]"."""
    def sub(m):
        alts, end, after = m.group(1).split('|'), m.group(2), t[m.end():m.end() + 2]
        if end == ',' and after[:1] != '"':
            return m.group(0)
        tag = re.match('" [\\[a-z{]', t[m.end():m.end() + 3]) is not None
        res = []
        for a in alts:
            if not a or a[-1] in '.!?':
                res.append(a)
            elif _asks(a):
                res.append(a + '?')
            elif end == '?':
                res.append(a + (',' if tag else '!' if a.count(' ') < 2 else '.'))
            else:
                res.append(a + end)
        return '[' + '|'.join(res) + ']'
    return re.sub(r'(?:(?<=")|^|(?<=[.?!\]] ))\[([^\[\]]*)\]([?!.,])', sub, t)


def up(s):
    return s[:1].upper() + s[1:]


def an(word):
    return _art(re.match(_ART, 'a ' + word)) + word[len(re.match('[A-Za-z]*', word).group()):]


def join_and(items):
    items = list(items)
    if len(items) < 2:
        return ''.join(items)
    if len(items) == 2:
        return items[0] + ' and ' + items[1]
    return ', '.join(items[:-1]) + ' and ' + items[-1]


class Ctx:
    """A random source with a slot dictionary."""

    def __init__(self, rng, **kw):
        self.rng = rng
        self.rnd = rng.random
        self.d = dict(kw)

    def pick(self, xs):
        return xs[int(self.rnd() * len(xs))]

    def chance(self, p):
        return self.rnd() < p

    def int(self, a, b):
        return a + int(self.rnd() * (b - a + 1))

    def sample(self, xs, n):
        return self.rng.sample(xs, n)

    def __call__(self, t, **kw):
        """Expand a template (or one of a list) and tidy it."""
        d = self.d
        if kw:
            d = dict(d)
            d.update(kw)
        return fix(expand(t, d, self.rnd))

    def raw(self, t, **kw):
        d = self.d
        if kw:
            d = dict(d)
            d.update(kw)
        return expand(t, d, self.rnd)


def typo(rng, s):
    """One light slip in a word of four or more letters."""
    words = s.split(' ')
    idx = [i for i, w in enumerate(words) if len(w) > 3 and w.isalpha() and w.islower()]
    if not idx:
        return s
    i = rng.choice(idx)
    w = words[i]
    k = rng.randrange(1, len(w) - 1)
    r = rng.random()
    if r < 0.45:
        w = w[:k] + w[k + 1] + w[k] + w[k + 2:]
    elif r < 0.8:
        w = w[:k] + w[k + 1:]
    else:
        w = w[:k] + w[k] + w[k:]
    words[i] = w
    return ' '.join(words)


def user_style(rng, s, typos=True):
    """How people really type: lower case, no full stop, now and then a slip."""
    r = rng.random()
    if r < 0.28:
        s = s.lower()
    elif r < 0.34:
        s = s[:1].lower() + s[1:]
    elif r < 0.345 and len(s) < 40:
        s = s.upper()
    r = rng.random()
    if r < 0.30 and s[-1:] in '.?!' and s[-3:] != '...':
        s = s[:-1].rstrip()
    elif r < 0.33 and s[-1:] in '?!':
        s += s[-1]
    if typos and rng.random() < 0.05:
        s = typo(rng, s)
    if rng.random() < 0.04:
        s = s.replace("'", '')
    return s


GIRLS = '''Ada Alice Amara Amelia Amy Ana Anna Anya Bea Bella Beth Cara Celia Clara Cora Daisy Dana Dora
Edith Elena Eliza Ella Ellie Elsa Emily Emma Esme Eva Fay Fern Fiona Flora Freya Gemma Gina Grace Greta Hana Hannah
Hazel Heidi Helen Holly Ida Ines Ingrid Iris Isla Ivy Jade Jane Jenny Jill Joan Josie Julia June Kate Keiko Kira Lara
Laura Lena Lila Lily Lina Lola Lucia Lucy Luna Mae Maggie Maja Mara Maria Marta Maya Mei Mia Mila Mina Mira Molly Nadia
Nell Nina Nora Olive Olivia Opal Paula Penny Petra Pippa Polly Priya Rita Rosa Rose Ruby Ruth Sadia Sally Sara Selma
Sofia Sonia Stella Sue Suki Tara Tess Tina Una Vera Wendy Wilma Yara Zara Zoe'''.split()
BOYS = '''Adam Alan Albert Alex Amir Andre Anton Arlo Arthur Ben Bill Bruno Caleb Carl Charlie Chen Colin Dan
Daniel Dario David Diego Dylan Eddie Eli Elias Emil Eric Ethan Felix Finn Frank Fred George Gus Hank Harry Hassan Henry
Hugo Hugh Ian Isaac Ivan Jack Jacob Jake James Jamal Jasper Jay Jim Joe Joel John Jonas Juan Kai Karl Ken Kofi Lars Leo
Leon Liam Louis Luca Lukas Luke Marco Mark Martin Mateo Matt Max Milo Nate Ned Neil Nico Noah Noel Oliver Omar Oscar Otto
Owen Pablo Paul Pedro Peter Phil Ravi Ray Rob Robin Rory Sam Samir Saul Seth Simon Stan Sven Ted Theo Tim Toby Tom
Tomas Tony Victor Vito Walter Will Yusuf Zack'''.split()
PETS = '''Acorn Apple Bandit Bean Berry Biscuit Blue Bramble Bubbles Buddy Button Caramel Chestnut Cinder Clover
Cocoa Comet Cookie Cricket Dot Dusty Echo Feather Flicker Fluff Freckle Fudge Ginger Hazel Honey Juniper Maple Marble
Midnight Mitten Mocha Moss Muffin Nibbles Nutmeg Oats Olive Paddle Patch Peanut Pebble Pepper Pickle Pip Plum Poppy
Pumpkin Puddle Pudding Quill Rascal Rusty Sage Sandy Scout Shadow Silver Skip Smoky Snowy Socks Spark Speckle Spot
Sprout Sunny Tansy Teddy Thistle Thimble Tinker Toast Tumble Twig Velvet Waffle Whiskers Willow Ziggy'''.split()
HE = dict(he='he', him='him', his='his', himself='himself')
SHE = dict(he='she', him='her', his='her', himself='herself')


SYSTEMS = [
    'You are a helpful assistant.', 'You are a friendly assistant.', 'You are a helpful, honest assistant.',
    'You are Ember, a very small language model that comes with hearth.',
    'You are Ember, a small and friendly assistant.', 'Answer briefly and kindly.',
    'You are a kind assistant. Keep your answers short.', 'You are a polite assistant who writes simple English.',
    'You are Ember. Be warm, honest and brief.', 'You are a helpful assistant. Say so when you do not know something.',
    'You are Ember, the small model bundled with hearth. You run on the computer of the user.',
    'Be helpful.', 'You are a cheerful companion in a terminal.', 'Use simple words.',
]


def U(text):
    return {'role': 'user', 'content': text}


def A(text):
    return {'role': 'assistant', 'content': text}


def S(text):
    return {'role': 'system', 'content': text}


def cycle_pick(c, xs, used):
    """An item of xs not yet in the set used (falls back to any)."""
    for _ in range(8):
        x = c.pick(xs)
        if x not in used:
            break
    used.add(x)
    return x
