"""Stories about any of several hundred topics, with follow-up questions that the story can answer."""
import re
from core import (A, BOYS, GIRLS, HE, PETS, SHE, SYSTEMS, S, U, Ctx, expand, fix, marks, up, user_style)
from story_arcs import ARCS
from story_words import ANIMALS, JOBS, NATURE, OBJECTS, PLACES, THEMES

BY_NEED = {}
for _a in ARCS:
    BY_NEED.setdefault(_a['needs'], []).append(_a)
BY_THEME = {}
for _a in ARCS:
    for _t in _a['themes']:
        BY_THEME.setdefault(_t, []).append(_a)

TRAITS = '''curious kind quiet cheerful clever shy brave gentle stubborn dreamy lively careful merry thoughtful friendly
patient bold honest playful helpful restless polite'''.split()
TRAIT_LINES = {
    'curious': ['{He} asked questions from morning to night.', '{He} wanted to know how everything worked.'],
    'kind': ['{He} could not see anyone sad without trying to help.', 'Nobody ever left {him} with an empty hand.'],
    'quiet': ['{He} spoke little, but {he} noticed a lot.', '{He} liked to listen more than to talk.'],
    'cheerful': ['{He} whistled even on Mondays.', 'Wherever {he} went, people began to smile.'],
    'clever': ['{He} could solve any riddle before breakfast.', '{He} always had an idea up {his} sleeve.'],
    'shy': ['When strangers came, {he} hid behind the door.', '{He} turned red whenever someone spoke to {him}.'],
    'brave': ['{He} was not easily frightened.', 'Not even thunder could scare {him}.'],
    'gentle': ['Even the birds were not afraid of {him}.', '{He} never stepped on a snail.'],
    'stubborn': ['Once {he} had decided something, nothing could change it.', '{He} never liked to be told what to do.'],
    'dreamy': ['{He} often forgot the time while looking at the clouds.', '{He} sometimes put {his} hat on backwards.'],
    'lively': ['{He} could not sit still for a minute.', '{He} ran everywhere and walked nowhere.'],
    'careful': ['{He} looked twice before every step.', '{He} never lost so much as a button.'],
    'merry': ['{He} laughed at every joke, even the bad ones.', '{He} danced while washing the dishes.'],
    'thoughtful': ['{He} liked to think before speaking.', '{He} remembered every birthday.'],
    'friendly': ['{He} said hello to everybody, even to the geese.', '{He} waved at every cart that passed.'],
    'patient': ['{He} could watch a snail cross the whole path.', 'Nothing could hurry {him}.'],
    'bold': ['{He} was always the first to climb and the last to come down.', '{He} said what {he} thought.'],
    'honest': ['{He} had never told a lie.', 'What {he} promised, {he} did.'],
    'playful': ['{He} could turn anything into a game.', '{He} raced {his} own shadow every morning.'],
    'helpful': ['{He} carried bags for anyone who asked.', 'If something needed doing, {he} was there.'],
    'restless': ['{He} always wanted to see what was behind the next hill.', '{He} could never stay long in one spot.'],
    'polite': ['{He} said please and thank you even to the wind.', '{He} never forgot to knock.'],
}
SETS = ['a small town by the sea', 'a little village between two hills', 'a quiet valley', 'a busy town with crooked streets',
        'a village at the edge of the forest', 'a street with seven houses', 'a town by a wide river', 'a lonely farmhouse',
        'a house with a green roof', 'a mountain village', 'a fishing village', 'a narrow house by the canal',
        'a village where everybody knew everybody', 'a town with a hundred bridges', 'a cottage near the mill',
        'a land of hills and sheep', 'a tiny flat above the bakery', 'a windy town on the coast']
ANIMAL_SETS = ['a deep green wood', 'the old forest', 'a wide meadow', 'a quiet valley', 'a land of hills and streams',
               'a sunny corner of the world', 'a place far from any road', 'the land behind the mountains']
OPEN_CHILD = [
    'Once upon a time, there was a [little|young|{trait}] {hero} named {n} who lived in {set}.',
    'In {set}, there lived a {trait} {hero} [called|named] {n}.',
    '{n} was a {trait} {hero} who lived in {set}.',
    'Long ago, in {set}, lived a {hero} whose name was {n}.',
    'There once was a {trait} {hero} named {n}. {He} lived in {set} with {his} [grandmother|family|parents|aunt and uncle].',
    'Not so long ago, a {hero} called {n} lived in {set}.',
    'This is the story of {n}, a {trait} {hero} from {set}.',
    'Far away, in {set}, a {trait} {hero} named {n} [woke up early each day|lived a simple life].',
    'Everyone in {set} knew {n}, the {trait} {hero} with the [red scarf|bright eyes|tangled hair|muddy boots|loud laugh].',
    'Once there was a {hero} named {n}. {He} was {trait} and [small for {his} age|tall for {his} age|full of ideas].']
OPEN_ANIMAL = [
    'Once upon a time, a [little|young|{trait}] {hero} named {n} lived in {set}.',
    '{Inhome}, there lived a {trait} {hero} called {n}.',
    '{n} was a {trait} {hero}. {He} lived {inhome}, and {he} loved {food} [more than anything|very much].',
    'Long ago, in {set}, there was a {hero} named {n}. {His} home was {home}.',
    'There once was a {trait} {hero} named {n} who could {skill}.',
    'This is the story of {n}, a {hero} who lived {inhome}.',
    'Deep in {set} lived a {trait} {hero} called {n}. {He} could {skill}, and {he} was very fond of {food}.',
    'A [small|young] {hero} by the name of {n} lived {inhome}.',
    'Not far from here, {inhome}, lived {n}, the {trait} {hero}.']
OPEN_JOB = [
    'Once upon a time, there was a {trait} {hero} named {n}.', 'In {set}, there lived a {hero} called {n}.',
    '{n} was a {trait} {hero} in {set}.', 'Long ago, a {trait} {hero} named {n} lived in {set}.',
    'Everyone in {set} knew {n}, the {hero}.', 'There once was a {hero} by the name of {n}. {He} was {trait} and [hard-working|cheerful at work].',
    'This is the story of {n}, a {hero} with [strong hands|a good heart|a long memory|a loud laugh].']
END = ['', '', '', '', 'And that is the end of the story.', 'The end.', 'And if you listen closely, you can still hear them laugh.',
       'It was a good day, and {n} remembered it for a long time.', 'And from that day on, things were a little brighter.',
       'That was how it was, and that is how I was told.']
BED = ['Then the moon rose, and everyone fell fast asleep. Good night.', 'And while the stars came out, {n} closed {his} eyes and slept. Sleep well.',
       'Soon the whole house was quiet, and {n} dreamed of tomorrow. Good night, and sweet dreams.',
       'The lamps went out one by one, and {n} yawned and smiled in the dark. Sleep tight.']
F_ADULT = ['an old woman', 'an old man', 'a kind neighbour', 'a travelling musician', 'a retired sailor', 'a young shepherd',
           'a wise old teacher', 'a cheerful cook', 'a tall gardener', 'a quiet fisherman', 'a wandering pedlar']
F_ADJ = ['an old', 'a young', 'a friendly', 'a shy', 'a wise', 'a small', 'a cheerful', 'a quiet', 'a clever', 'a gentle']
IRREG = ('dragon unicorn dinosaur monster whale').split()
FEMALE = {'queen', 'princess', 'witch', 'grandmother'}
MALE = {'king', 'prince', 'wizard', 'grandfather', 'policeman', 'fisherman', 'postman'}
NO_APPRENTICE = {'queen', 'princess', 'king', 'prince', 'grandmother', 'grandfather', 'pirate'}
_TITLE_SMALL = {'a', 'an', 'the', 'of', 'and', 'in', 'on', 'at', 'by', 'for', 'to', 'is'}


def at_home(h):
    if re.search('^the roof of', h):
        return 'under ' + h
    if re.search('rock$|rock on|rock in|slope|^the top|shore|plain$|hill of|^a bank|pond|leaf|rose bush', h):
        return ('by ' if 'pond' in h else 'on ') + h
    if re.search('^the edge|farmyard|sandy cove', h):
        return 'at ' + h
    if h.startswith(('a lake', 'a muddy river')):
        return 'by ' + h
    return 'in ' + h


def title_case(s):
    ws = s.split(' ')
    return ' '.join(w if (i and w in _TITLE_SMALL) else up(w) for i, w in enumerate(ws))


class Story:
    """One story: text, short version, and the facts that follow-up questions ask for."""

    def __init__(self, c, obj=None, place=None, animal=None, job=None, theme=None, nature=None, name=None, gender=None,
                 child=None, arcs=None, short=False, bedtime=False, animal2=None):
        self.c = c
        d = {}
        need = 'o' if obj else 'p' if place else 'n' if nature else 'j' if job and c.chance(0.75) else None
        if arcs is None:
            if theme:
                arcs = [a for a in BY_THEME[theme[0]] if a['needs'] in 'oph' or a['needs'] == 'j' and c.chance(0.3)
                        or a['needs'] == 'a']
                if need:
                    arcs = [a for a in arcs if a['needs'] == need] or BY_NEED[need]
            elif need:
                arcs = BY_NEED[need]
            else:
                arcs = BY_NEED['h'] + (BY_NEED['a'] if animal else [])
        arc = c.pick(arcs)
        if animal2 or animal and place:
            child = job = None
        if arc['needs'] == 'a' and not animal:
            animal = c.pick(ANIMALS)
            job = None
        if arc['needs'] == 'j' and not job:
            job = c.pick(JOBS)
        if arc['id'] in ('job_apprentice', 'job_doubt') and job[0] in NO_APPRENTICE:
            want = c.pick(['job_problem', 'job_rest'])
            arc = next(a for a in ARCS if a['id'] == want)
        if arc['id'] == 'lonely_keeper':
            animal = job = None
        self.arc = arc
        if not (animal or job or child):
            r = c.rnd()
            if r < 0.55 or arc['needs'] == 'n':
                child = True
            elif r < 0.85:
                animal = c.pick(ANIMALS)
            else:
                job = c.pick(JOBS)
        g = gender or ('f' if c.chance(0.5) else 'm')
        if job:
            g = 'f' if job[0] in FEMALE else 'm' if job[0] in MALE else g
        if animal and animal[0] in ('hen', 'cow', 'ladybird'):
            g = 'f'
        d.update(SHE if g == 'f' else HE)
        names = GIRLS if g == 'f' else BOYS
        if animal and not name:
            name = c.pick(PETS) if c.chance(0.6) else c.pick(names)
        self.name = name or c.pick(names)
        d['n'] = self.name
        d['trait'] = c.pick(TRAITS)
        d['set'] = c.pick(ANIMAL_SETS if animal else SETS)
        m = re.search('fishing village|mountain village|town|village|valley|street|meadow|forest|wood|land', d['set'])
        d['inset'] = d['inSet'] = 'in the ' + (m.group() if m and 'edge of the forest' not in d['set'] else 'whole village')
        if animal:
            d.update(hero=animal[0], home=animal[1], inhome=at_home(animal[1]), skill=animal[2].replace('its', d['his']), food=animal[3])
            opening = OPEN_ANIMAL
        elif job:
            d['hero'] = job[0]
            opening = OPEN_JOB
        else:
            d['hero'] = 'girl' if g == 'f' else 'boy'
            opening = OPEN_CHILD
        if job:
            jp = job[1]
            jdef = re.sub(r'^a ', 'the ', jp)
            prep = 'on ' if 'ship' in jp else 'at ' if jp.startswith('the ') else 'in '
            d.update(jplace=jdef, jtool=job[2], jdid=job[3], jwrong=job[4], jright=job[5], atjob=prep + jdef,
                     ofjob='of ' + jdef)
        if obj:
            o = obj
        else:
            o = c.pick(OBJECTS)
        d.update(o=o[0], oa=c.pick(o[1].split(', ')), ouse=o[2], oused=o[3], obroke=o[4], omend=o[5], owhere=o[6])
        p = place or c.pick(PLACES)
        s = p[2].split('; ')
        c.rng.shuffle(s)
        pl = 'the ' + p[0]
        d.update(pl=pl, inpl=p[1] + ' ' + pl, s1=s[0], s2=s[1], s3=s[2], keeper=p[3], pdid=p[4], ofplace='of ' + pl)
        if nature:
            d.update(t=nature[0], nsee=nature[1], nfear=nature[2])
        # the friend
        fg = 'f' if c.chance(0.5) else 'm'
        fp = SHE if fg == 'f' else HE
        r = c.rnd()
        if animal2:
            fname = c.pick(PETS)
            intro = c.pick(F_ADJ) + ' ' + animal2[0] + c.pick([' named ', ' called ']) + fname
        elif animal and r < 0.85 or r < 0.2:
            fname = c.pick(PETS)
            kind = c.pick(ANIMALS[:60])[0]
            while kind == d['hero']:
                kind = c.pick(ANIMALS[:60])[0]
            intro = c.pick(F_ADJ) + ' ' + kind + c.pick([' named ', ' called ']) + fname
        elif r < 0.65:
            fname = c.pick(GIRLS if fg == 'f' else BOYS)
            intro = c.pick(F_ADJ) + (' girl' if fg == 'f' else ' boy') + c.pick([' named ', ' called ']) + fname
        else:
            fname = c.pick(GIRLS if fg == 'f' else BOYS)
            k = c.pick(F_ADULT)
            if k == 'an old woman' and fg == 'm':
                k = 'an old man'
            elif k in ('an old man', 'a quiet fisherman') and fg == 'f':
                k = 'an old woman'
            intro = k + c.pick([' named ', ' called ']) + fname
        if fname == self.name:
            fname = 'Robin' if self.name != 'Robin' else 'Dana'
            intro = c.pick(F_ADJ) + ' neighbour named ' + fname
        self.friend = fname
        self.intro = intro
        keeper_arc = arc['id'] == 'lonely_keeper'
        for k, v in fp.items():
            d['f' + k] = v
            d['f' + up(k)] = up(v)
        mark = fname if keeper_arc else '\x01'
        d['f'] = d['fintro'] = d['fintro2'] = d['fIntro'] = mark
        d['F'] = mark
        self.d = d
        rnd = c.rnd
        sents = []
        if not (keeper_arc):
            sents.append(expand(opening, d, rnd))
            if not short and c.chance(0.55):
                sents.append(expand(TRAIT_LINES[d['trait']], d, rnd))
        for opt, alts in arc['beats']:
            if opt and (short or c.chance(0.5)):
                continue
            sents.append(expand(alts, d, rnd))
        if short and len(sents) > 6:
            pass
        if theme and c.chance(0.8):
            sents.append(expand(theme[2].split('/'), d, rnd))
        elif bedtime:
            sents.append(expand(BED, d, rnd))
        else:
            e = expand(END, d, rnd)
            if e:
                sents.append(e)
        self.text = self.finish(' '.join(sents), paragraphs=sents if c.chance(0.45) else None)

    def finish(self, s, paragraphs=None, introduced=False):
        if paragraphs:
            n = len(paragraphs)
            k = 3 if n > 8 else 2
            s = '\n\n'.join(' '.join(paragraphs[i:i + k]) for i in range(0, n, k))
        if not introduced:
            s = s.replace('\x01', self.intro, 1)
        s = s.replace('\x01', self.friend)
        return fix(s)

    def x(self, t, introduced=True, **kw):
        d = dict(self.d, **kw)
        return self.finish(expand(t, d, self.c.rnd), introduced=introduced)

    def title(self):
        t = self.c.pick(self.arc['titles'].split('/'))
        t = self.x(t)
        return title_case(t)

    def summary(self):
        s = self.finish(expand(self.arc['summary'], self.d, self.c.rnd), introduced=True)
        return s


THING_FORMS = [
    'Tell me a story about {x}.', 'Can you tell me a story about {x}?', 'Write a story about {x}.', 'Please tell me a story about {x}.',
    'I would like to hear a story about {x}.', 'Tell me a [nice|lovely|good|little|short] story about {x}.', 'A story about {x}, please.',
    'Could you write a [short|little] story about {x}?', 'Make up a story about {x}.', 'Do you know a story about {x}?',
    'Story about {x}', 'Tell a story about {x}', 'Give me a story about {x}.', 'I want a story about {x}.', 'Can I hear a story about {x}?',
    'How about a story about {x}?', 'Invent a story about {x} for me.', 'Will you tell me a story about {x}?',
    'My [daughter|son|little sister|little brother] wants a story about {x}.', 'Let us have a story about {x}.',
    'Please write a [children\'s|simple|sweet] story about {x}.', 'hey, tell me a story about {x}', 'Tell me something about {x}, as a story.',
    'Write me a story with {x} in it.', 'I am bored. Tell me a story about {x}.', "Let's hear a tale about {x}.",
    'Tell me a tale about {x}.', 'Can you make up a tale about {x}?', 'Write a story about {x} with a happy ending.',
    'Tell me a story about {x} that ends well.']
BED_FORMS = ['Tell me a bedtime story about {x}.', 'Can you tell me a bedtime story about {x}?', 'A bedtime story about {x}, please.',
             'I cannot sleep. Tell me a story about {x}.', 'Write a bedtime story about {x}.', 'It is late. Tell me a quiet story about {x}.']
SHORT_FORMS = ['Tell me a short story about {x}.', 'Write a very short story about {x}.', 'A short story about {x}.', 'Just a short story about {x}, please.']
ANY_FORMS = ['Tell me a story.', 'Can you tell me a story?', 'I want to hear a story.', 'Tell me a story, please.', 'Write a story.',
             'Write a short story.', 'Tell me any story you like.', 'Do you know a good story?', 'Please tell me a nice story.',
             'Surprise me with a story.', 'Could you make up a story for me?', 'Story please', 'I am bored, tell me a story',
             'Tell me something nice.', 'Tell me a story with a happy ending.', 'Tell me a tale.', 'Can I have a story?', 'story time!']
ANY_BED = ['Tell me a bedtime story.', 'I cannot sleep. Can you tell me a story?', 'A bedtime story, please.', 'Tell me a story to fall asleep.']
FUNNY = ['Tell me a funny story.', 'Can you tell me a funny story?', 'Write a funny story.', 'Make me laugh with a story.']
SPOOKY = ['Tell me a spooky story.', 'Tell me a scary story.', 'Can you tell me a ghost story?', 'Write a story about a ghost.', 'A little ghost story, please.']
LEAD = ['', '', '', '', '', '', '', 'Here is a story about {x}.', 'Gladly.', 'Of course. Here is one.', 'All right, listen.', 'With pleasure.', 'Sure! Here it is.']
PEOPLE = [('girl', 'f'), ('boy', 'm'), ('little girl', 'f'), ('little boy', 'm')]
EXTRA_THEME_X = {'losing and winning': 'winning and losing', 'being different': 'being different'}


def request(c):
    """Returns (user text, keyword arguments of Story, topic phrase)."""
    r = c.rnd()
    kw = {}
    if r < 0.25:
        o = c.pick(OBJECTS)
        kw['obj'] = o
        r2 = c.rnd()
        if r2 < 0.55:
            x = 'a ' + o[0]
        elif r2 < 0.7:
            x = 'a ' + c.pick(o[1].split(', ')) + ' ' + o[0]
            adj = x.split(' ')[1]
            kw['obj'] = (o[0], adj) + o[2:]
        elif r2 < 0.85:
            a = c.pick(ANIMALS)
            kw['animal'] = a
            x = 'a ' + a[0] + ' and a ' + o[0]
        else:
            j = c.pick(JOBS)
            kw['job'] = j
            x = 'a ' + j[0] + ' and a ' + o[0]
    elif r < 0.45:
        p = c.pick(PLACES)
        kw['place'] = p
        r2 = c.rnd()
        if r2 < 0.65:
            x = c.pick(['a ', 'a ', 'an old ', 'the ']) + p[0]
            if x.startswith('an old haunted'):
                x = 'a haunted house'
        elif r2 < 0.9:
            a = c.pick(ANIMALS)
            kw['animal'] = a
            x = 'a ' + a[0] + c.pick([' ' + p[1] + ' a ', ' and a ']) + p[0]
        else:
            g = c.pick(PEOPLE)
            kw['child'], kw['gender'] = True, g[1]
            x = 'a ' + g[0] + ' ' + p[1] + ' a ' + p[0]
        if 'animal' in kw:
            kw['arcs'] = [a for a in BY_NEED['p'] if a['id'] != 'lonely_keeper']
    elif r < 0.65:
        a = c.pick(ANIMALS)
        kw['animal'] = a
        r2 = c.rnd()
        if r2 < 0.6:
            x = 'a ' + a[0]
        elif r2 < 0.75:
            b = c.pick(ANIMALS)
            kw['animal2'] = b
            x = 'a ' + a[0] + ' and a ' + b[0]
        elif r2 < 0.9:
            kw['name'] = c.pick(PETS)
            x = 'a ' + a[0] + c.pick([' named ', ' called ']) + kw['name']
        else:
            t = c.pick(THEMES)
            al = [q for q in BY_THEME[t[0]] if q['needs'] in 'ha']
            if al:
                kw['arcs'] = al
                kw['theme'] = t
                x = 'a ' + a[0] + ' and ' + t[0]
            else:
                x = 'a ' + a[0]
    elif r < 0.77:
        j = c.pick(JOBS)
        kw['job'] = j
        x = 'a ' + c.pick(['', '', '', 'young ', 'old ', 'clever ', 'kind ']) + j[0]
        if j[0].startswith('grand'):
            x = 'a ' + j[0]
    elif r < 0.85:
        t = c.pick(THEMES)
        kw['theme'] = t
        x = EXTRA_THEME_X.get(t[0], t[0])
    elif r < 0.91:
        nt = c.pick(NATURE)
        kw['nature'] = nt
        x = nt[0]
    elif r < 0.96:
        g = c.pick(PEOPLE)
        kw['child'], kw['gender'] = True, g[1]
        kw['name'] = c.pick(GIRLS if g[1] == 'f' else BOYS)
        x = 'a ' + g[0] + c.pick([' named ', ' called ', ' whose name is ']) + kw['name']
    else:
        r2 = c.rnd()
        if r2 < 0.3:
            kw['arcs'] = [a for a in ARCS if a['id'] in ('bad_mood', 'swap', 'sick_friend', 'job_rest')]
            return c.raw(FUNNY), kw, None
        if r2 < 0.5:
            kw['arcs'] = [a for a in ARCS if a['id'] in ('noise', 'afraid_of')]
            kw['place'] = c.pick([p for p in PLACES if p[0] in ('haunted house', 'attic', 'forest', 'castle', 'swamp', 'barn', 'windmill', 'library')])
            return c.raw(SPOOKY), kw, None
        if r2 < 0.65:
            kw['bedtime'] = True
            return c.raw(ANY_BED), kw, None
        return c.raw(ANY_FORMS), kw, None
    x = fix(x)
    x = x[0].lower() + x[1:]
    r = c.rnd()
    if r < 0.1:
        kw['bedtime'] = True
        f = BED_FORMS
    elif r < 0.2:
        kw['short'] = True
        f = SHORT_FORMS
    else:
        f = THING_FORMS
    return c.raw(f, x=x), kw, x


CONT = ['The next day, {n} and {f} met again. They [walked down to the river|climbed the hill behind the mill|baked a big pie] and talked about all that had happened. "[I would do it all again|What a time that was]," said {n}. {f} [nodded|laughed] and said, "[So would I|Who knows what comes next]?" Then they heard [a strange bell in the distance|somebody calling their names], and a new adventure began.',
        'After that, life went on, but it was not quite the same. {n} [slept better|laughed more often], and {f} came to visit [on Sundays|almost every day]. One morning they found [a tiny footprint|a paper boat with a note in it|a blue egg] by the door. "[Where does this come from|What is that]?" asked {f}. "There is only one way to find out," said {n}, and [off they went|they put on their boots].',
        'A year later, {n} told the story to [a small child|some new neighbours]. "And is it all true?" they asked. "[Every word|Nearly every word]," said {n} and winked at {f}. That evening, they lit [a fire|a lantern] and sang until the stars came out. [It was as if no time had passed.|And everyone went home happy.]',
        'Then winter came, and the snow lay deep. {n} and {f} sat by the [stove|fire] and made plans for the spring. "[First we will build a raft|We should plant a tree]," said {f}. "[And then we will visit the sea|And give it a name]," said {n}. When the snow melted, they did [just that|all of it], and it was as [good|much fun] as they had hoped.']
CONT = [marks(t) for t in CONT]
CONT_U = ['continue', 'What happened next?', 'Go on.', 'And then?', 'Please continue the story.', 'What happens after that?', 'Tell me more.', 'keep going', 'and then what?', 'Is there more?']
AGAIN_U = ['Another one.', 'Another one, please.', 'Tell me another one.', 'One more!', 'Can you tell another story about {x}?', 'again, but a different one', 'That was nice. Another one?', 'more']
SHORTER_U = ['Make it shorter.', 'Can you make it shorter?', 'Too long. Shorter, please.', 'Sum it up.', 'Tell it in two sentences.', 'What was the story about?', 'Give me the short version.', 'Can you summarise it?']
NAME_U = ["What was {his} name?", 'What was the name of the {hero}?', 'What was the {hero} called?', 'Who was the story about?', 'What is the name of the main character?', 'whats the name of the {hero}']
NAME_A = ['{His} name was {n}.', 'The {hero} was called {n}.', '{n}.', 'It was {n}.', 'The {hero} in the story was named {n}.']
FRIEND_U = ['Who helped {him}?', 'Who was the friend of {n}?', 'Who else was in the story?', 'What was the name of the other one?', 'And who was {f}?']
FRIEND_A = ['It was {f}, {fi}.', '{f} was {fi} who was there for {n}.', 'There was also {f}, {fi}.']
TITLE_U = ['Give it a title.', 'What is the title?', 'Can you give the story a title?', 'What would you call this story?', 'I need a title for it.', 'title?']
TITLE_A = ['"{ti}".', 'I would call it "{ti}".', 'How about "{ti}"?', 'A good title would be "{ti}".', 'It could be called "{ti}".', 'Perhaps "{ti}".']
WHY_A = ['{He} was {feel} because {because}.', 'Because {because}.', '{n} was {feel} because {because}.', 'Because {because}. That made {him} {feel}.', 'It was because {because}.']
WHERE_U = ['Where did {n} live?', 'Where does the story take place?', 'Where did it happen?']
THANKS_U = ['That was lovely, thank you.', 'Thanks, I liked it.', 'Nice story!', 'I love it.', 'Beautiful.', 'That was a good one.', 'thank you', 'Great story, thanks!', 'aww, that was sweet']
THANKS_A = ["I'm glad you liked it. [I am fond of {n} myself.|Would you like another one?|{n} would be pleased, too.]", 'Thank you! [It was fun to tell.|I enjoyed telling it.|Shall I tell another?]',
            'You are welcome. [Tell me whenever you want another one.|I can also give it a title.|Stories are what I like best.]', "[How nice to hear|That makes me happy]. [What part did you like best?|Who did you like more, {n} or {f}?]"]
LIKE_U = ['I liked {f} best.', 'I liked {n}.', 'I liked the ending.', 'The part with {f} was nice.']
LIKE_A = ['I like that too. [It is good to have someone like {f} around.|It is a warm moment.]', 'Me too. [{n} and {f} make a good pair.|That part was fun to tell.]', "[Good choice|I can see why]. [Without {f}, it would be a different story.|Where would {n} be without {f}?]"]
LESSON_U = ['What is the moral of the story?', 'What can we learn from it?', 'What is the lesson?']
LESSONS = {t[0]: t[2].split('/') for t in THEMES}
LESSONS.update(moving=['A new place becomes a home when there is a friend in it.'], spooky=['What frightens us is often small when we look at it.'],
               funny=['A good laugh can turn a bad day around.'], misunderstanding=['Before you are sad, make sure that you know the whole story.'])
RENAME_U = ['Can the {hero} be called {m} instead?', 'Call the {hero} {m}, please.', 'Tell it again, but with the name {m}.']


def followup(c, st, msgs, x):
    r = c.rnd()
    sx = st.x
    if r < 0.15:
        msgs += [U(user_style(c.rng, sx(NAME_U, **({})))), A(sx(NAME_A))]
    elif r < 0.30:
        why = st.arc['why']
        who = st.d['f'] if len(why) > 2 else st.d['n']
        feel = why[0]
        because = st.x(why[1])
        because = because[0].lower() + because[1:] if not because.startswith((st.name, st.friend)) else because
        q = sx(['Why was {who} {feel}?', 'Why was {who} {feel} in the story?', 'Why did {who} feel {feel}?'], who=who, feel=feel)
        if len(why) > 2:
            ans = sx(['Because {because}.', '{who} was {feel} because {because}.'], who=who, feel=feel, because=because)
        else:
            ans = sx(WHY_A, feel=feel, because=because)
        msgs += [U(user_style(c.rng, q)), A(ans)]
    elif r < 0.42:
        msgs += [U(user_style(c.rng, sx(TITLE_U))), A(sx(TITLE_A, ti=st.title()))]
    elif r < 0.54:
        msgs += [U(user_style(c.rng, c.raw(SHORTER_U))), A(st.summary())]
    elif r < 0.66:
        msgs += [U(user_style(c.rng, c.raw(CONT_U))), A(sx(CONT))]
    elif r < 0.74 and st.friend in st.text and 'named ' + st.friend + ' ' not in st.intro:
        fi = re.sub(r' (named|called) .*', '', st.intro)
        if st.arc['id'] == 'lonely_keeper':
            fi = 'the ' + st.d['keeper']
        msgs += [U(user_style(c.rng, sx(FRIEND_U))), A(sx(FRIEND_A, fi=fi))]
    elif r < 0.82:
        msgs += [U(user_style(c.rng, c.raw(THANKS_U))), A(sx(THANKS_A))]
    elif r < 0.87:
        msgs += [U(user_style(c.rng, c.raw(LESSON_U))), A(c(LESSONS[c.pick(st.arc['themes'])]))]
    elif r < 0.91:
        msgs += [U(user_style(c.rng, sx(LIKE_U))), A(sx(LIKE_A))]
    else:
        return True
    return False


def dialogue(rng):
    c = Ctx(rng)
    msgs = []
    if c.chance(0.12):
        msgs.append(S(c.pick(SYSTEMS + ['You are a storyteller.', 'You tell stories to children.'])))
    q, kw, x = request(c)
    st = Story(c, **kw)
    lead = ''
    if c.chance(0.15):
        lead = c.pick(LEAD)
        if '{x}' in lead and not x:
            lead = 'Here is a story.'
        lead = lead.replace('{x}', x or '')
    msgs += [U(user_style(rng, fix(q) if not q.islower() else q)), A((lead + '\n\n' if lead else '') + st.text)]
    if c.chance(0.5):
        for _ in range(c.int(1, 3)):
            size = sum(len(m['content']) for m in msgs)
            if followup(c, st, msgs, x):
                if size < 1700:
                    t = c.pick(AGAIN_U[:-4] if not x else AGAIN_U).replace('{x}', x or '')
                    kw2 = dict(kw)
                    kw2['name'] = None
                    st = Story(c, **dict(kw2, short=True))
                    msgs += [U(user_style(rng, t)), A(st.text)]
                break
            if size > 2600:
                break
    return msgs
