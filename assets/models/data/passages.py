"""Short passages of made-up facts and questions that they answer, or do not answer."""
from core import A, BOYS, GIRLS, PETS, S, SYSTEMS, U, Ctx, an, fix, join_and, up, user_style

TOWNS = '''Millbrook Ashford Greenhill Oakdale Riverton Stonebridge Fairview Westport Lakeside Elmwood Brightwater Harrow Redcliff Pinefield
Northgate Summerton Winterfell Cloverdale Saltmarsh Kingsford Foxley Birchwood Thornbury Maplewood Deepwell Highgate Seaford Larkfield'''.replace('Winterfell', 'Winterton').split()
COLOURS = 'red blue green yellow white black brown orange purple grey pink silver'.split()
WORK = [('baker', 'bakes bread'), ('teacher', 'teaches mathematics'), ('nurse', 'looks after sick people'), ('farmer', 'grows potatoes'), ('carpenter', 'makes tables and chairs'),
        ('librarian', 'takes care of old books'), ('fisherman', 'catches herring'), ('painter', 'paints portraits'), ('mechanic', 'repairs tractors'), ('gardener', 'plants roses'),
        ('cook', 'makes soup'), ('pilot', 'flies small planes'), ('tailor', 'sews wedding dresses'), ('postman', 'delivers letters'), ('musician', 'plays the cello'), ('dentist', 'looks after teeth'),
        ('shopkeeper', 'sells tea and sugar'), ('vet', 'treats cats and dogs'), ('bus driver', 'drives the number nine bus'), ('clockmaker', 'repairs clocks')]
DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split()
MONTHS = 'January February March April May June July August September October November December'.split()
FOODS = ['tomato soup', 'pancakes', 'rice with beans', 'apple pie', 'fried fish', 'cheese sandwiches', 'noodles', 'potato salad', 'plum cake', 'pumpkin soup', 'omelettes', 'spaghetti']
ANIMAL = ['dog', 'cat', 'horse', 'goat', 'rabbit', 'parrot', 'donkey', 'pony', 'goose', 'turtle', 'hen', 'sheep']
NUM = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split()
WHYS = [('because it was raining', 'it was raining', 'stayed at home'), ('because the bus was late', 'the bus was late', 'walked to work'), ('because the shop was closed', 'the shop was closed', 'came home without milk'),
        ('because the road was blocked by snow', 'the road was blocked by snow', 'turned back'), ('because there was a strange noise', 'there was a strange noise', 'went down to the cellar'),
        ('because the train was full', 'the train was full', 'waited for the next one'), ('because the key was lost', 'the key was lost', 'climbed in through the window'),
        ('because it was too hot to sleep', 'it was too hot to sleep', 'slept in the garden'), ('because the soup was too salty', 'the soup was too salty', 'ate only bread'),
        ('because the lamp was broken', 'the lamp was broken', 'lit a candle'), ('because the bridge was closed', 'the bridge was closed', 'took the ferry'), ('because the dog was ill', 'the dog was ill', 'called the vet')]
ITEMS = ['apples', 'pears', 'candles', 'notebooks', 'eggs', 'pencils', 'bottles of milk', 'loaves of bread', 'postcards', 'oranges', 'buttons', 'lemons', 'tulips', 'cups', 'stamps']
PLACES = ['a small house by the river', 'a flat above a bakery', 'an old farmhouse', 'a yellow house near the station', 'a cottage at the edge of the forest', 'a tall house in the old town',
          'a house with a green door', 'a room over the bookshop', 'a houseboat', 'a new flat near the park']
HOBBY = ['paints birds', 'plays chess', 'goes swimming', 'sings in a choir', 'reads crime stories', 'bakes cakes', 'rides a bicycle', 'collects stamps', 'plays the flute', 'works in the garden', 'goes fishing', 'knits socks']


def base(v):
    w = v.split(' ')
    w[0] = {'goes': 'go', 'does': 'do', 'catches': 'catch', 'flies': 'fly', 'teaches': 'teach', 'has': 'have'}.get(w[0], w[0][:-1])
    return ' '.join(w)


def num(c, n):
    return NUM[n] if n <= 20 and c.chance(0.6) else str(n)


def person(c):
    f = c.chance(0.5)
    n = c.pick(GIRLS if f else BOYS)
    he, his, him = ('she', 'her', 'her') if f else ('he', 'his', 'him')
    job, does = c.pick([w for w in WORK if not (f and w[0] in ('fisherman', 'postman'))])
    age, town, place, col = c.int(19, 78), c.pick(TOWNS), c.pick(PLACES), c.pick(COLOURS)
    an_, pet, hob, day, food = c.pick(ANIMAL), c.pick(PETS), c.pick(HOBBY), c.pick(DAYS), c.pick(FOODS)
    why = c.pick(WHYS)
    sib, k = c.pick(['brothers', 'sisters', 'children', 'cousins']), c.int(2, 6)
    fr = c.pick([x for x in GIRLS + BOYS if x != n])
    H = up(he)
    facts = [
        (['%s is %d years old.' % (n, age), '%s turned %d this year.' % (n, age)], [('How old is %s?' % n, ['%s is %d years old.' % (n, age), '%s is %d.' % (H, age), '%d.' % age, '%d years old.' % age])]),
        (['%s lives in %s in %s.' % (H, place, town), '%s home is %s in %s.' % (up(his), place, town)], [('Where does %s live?' % n, ['%s lives in %s in %s.' % (n, place, town), 'In %s in %s.' % (place, town)]), ('In which town does %s live?' % n, ['In %s.' % town, '%s lives in %s.' % (n, town), town + '.'])]),
        (['%s works as a %s and %s.' % (H, job, does), '%s is a %s. Every day %s %s.' % (H, job, he, does)], [("What is %s's job?" % n, ['%s is a %s.' % (n, job), '%s works as a %s.' % (H, job)]), ('What does %s do for a living?' % n, ['%s %s. %s is a %s.' % (n, does, H, job), '%s works as a %s.' % (H, job)])]),
        (['%s has a %s %s named %s.' % (H, col, an_, pet) if col not in ('purple', 'green', 'blue', 'pink', 'yellow', 'red', 'orange', 'silver') else '%s has a %s named %s with a %s collar.' % (H, an_, pet, col)],
         [("What is the name of %s's %s?" % (n, an_), ['The %s is called %s.' % (an_, pet), pet + '.', 'Its name is %s.' % pet]), ('What animal does %s have?' % n, ['%s has a %s named %s.' % (n, an_, pet), 'A %s.' % an_]),
          ('Who is %s?' % pet, ["%s is %s's %s." % (pet, n, an_)])]),
        (['On %ss, %s %s.' % (day, he, hob), 'Every %s, %s %s.' % (day, he, hob)], [('What does %s do on %ss?' % (n, day), ['On %ss, %s %s.' % (day, n, hob), '%s %s.' % (H, hob)]), ('When does %s %s?' % (n, base(hob)), ['On %ss.' % day, '%s %s on %ss.' % (H, hob, day)])]),
        (['%s favourite food is %s.' % (up(his), food), '%s likes %s more than anything else.' % (H, food)], [('What does %s like to eat?' % n, ['%s likes %s.' % (n, food), up(food) + '.']), ("What is %s's favourite food?" % n, ["%s's favourite food is %s." % (n, food), 'It is %s.' % food if not food.endswith('s') else up(food) + '.'])]),
        (['Yesterday, %s %s %s.' % (he, why[2], why[0])], [('Why did %s %s?' % (n, {'stayed': 'stay', 'walked': 'walk', 'came': 'come', 'turned': 'turn', 'went': 'go', 'waited': 'wait', 'climbed': 'climb', 'slept': 'sleep', 'ate': 'eat', 'lit': 'light', 'took': 'take', 'called': 'call'}[why[2].split(' ')[0]] + ' ' + why[2].split(' ', 1)[1]), [up(why[0]) + '.', '%s %s %s.' % (n, why[2], why[0])]), ('What did %s do yesterday?' % n, ['%s %s.' % (H, why[2]), '%s %s %s.' % (n, why[2], why[0])])]),
        (['%s has %s %s.' % (H, NUM[k], sib)], [('How many %s does %s have?' % (sib, n), ['%s has %s %s.' % (n, NUM[k], sib), up(NUM[k]) + '.', up(NUM[k]) + ' ' + sib + '.'])]),
        (['%s best friend is called %s.' % (up(his), fr)], [("Who is %s's best friend?" % n, ['%s is %s best friend.' % (fr, his), fr + '.', "%s's best friend is %s." % (n, fr)])]),
    ]
    missing = [('What is the name of %s mother?' % his if False else "What is the name of %s's mother?" % n, 'the name of the mother'), ("What colour is %s's car?" % n, 'anything about a car'), ('How tall is %s?' % n, 'how tall %s is' % he),
               ('What does %s drink in the morning?' % n, 'what %s drinks' % he), ("When is %s's birthday?" % n, "the date of %s birthday" % his), ('Is %s married?' % n, 'whether %s is married' % he), ("What is %s's last name?" % n, '%s last name' % his)]
    return facts, missing, 'first'


def animal(c):
    a, pet, owner, town = c.pick(ANIMAL), c.pick(PETS), c.pick(GIRLS + BOYS), c.pick(TOWNS)
    age, col = c.int(2, 15), c.pick(['black', 'white', 'brown', 'grey', 'spotted'])
    food = c.pick(['carrots', 'apples', 'bread crusts', 'corn', 'oats', 'lettuce', 'pumpkin seeds'])
    spot = c.pick(['in the barn', 'under the stairs', 'beside the stove', 'in an old basket', 'under the apple tree', 'on a blue blanket', 'behind the shed'])
    fear = c.pick(['thunder', 'the vacuum cleaner', 'the postman', 'big dogs', 'balloons', 'the dark'])
    trick = c.pick(['open the gate', 'ring a bell', 'count to three', 'carry a basket', 'find lost shoes', 'roll a ball'])
    t = '%d:00' % c.int(5, 9)
    facts = [(['%s is a %s %s.' % (pet, col, a)], [('What colour is %s?' % pet, ['%s is %s.' % (pet, col), up(col) + '.']), ('What kind of animal is %s?' % pet, ['%s is a %s.' % (pet, a), 'A %s.' % a])]),
             (['The %s belongs to %s, who lives in %s.' % (a, owner, town)], [('Who owns %s?' % pet, ['%s owns %s.' % (owner, pet), owner + '.']), ('Where does %s live?' % owner, ['%s lives in %s.' % (owner, town), 'In %s.' % town])]),
             (['%s is %s years old.' % (pet, NUM[age])], [('How old is %s?' % pet, ['%s is %s years old.' % (pet, NUM[age]), up(NUM[age]) + ' years old.'])]),
             (['%s loves to eat %s.' % (pet, food)], [('What does %s like to eat?' % pet, ['%s loves %s.' % (pet, food), up(food) + '.'])]),
             (['At night, %s sleeps %s.' % (pet, spot)], [('Where does %s sleep?' % pet, ['%s sleeps %s.' % (pet, spot), up(spot) + '.'])]),
             (['There is one thing that scares %s: %s.' % (pet, fear), '%s is afraid of %s.' % (pet, fear)], [('What is %s afraid of?' % pet, ['%s is afraid of %s.' % (pet, fear), 'Of %s.' % fear])]),
             (['%s taught %s to %s.' % (owner, pet, trick)], [('What can %s do?' % pet, ['%s can %s.' % (pet, trick)]), ('Who taught %s to %s?' % (pet, trick), [owner + '.', '%s taught %s to do that.' % (owner, pet)])]),
             (['Every morning, %s wakes up at %s.' % (pet, t)], [('When does %s wake up?' % pet, ['At %s.' % t, '%s wakes up at %s.' % (pet, t)])])]
    return facts, [('How much does %s weigh?' % pet, 'how much %s weighs' % pet), ('When was %s born?' % pet, 'when %s was born' % pet), ("What is %s's job?" % owner, 'what %s does for a living' % owner), ('Does %s have brothers?' % pet, 'anything about brothers')], 'first'


def place(c):
    kind = c.pick(['museum', 'library', 'swimming pool', 'bakery', 'bookshop', 'zoo', 'theatre', 'tea house', 'market', 'cinema', 'park', 'toy shop'])
    name = c.pick(['Old', 'Little', 'Blue', 'Garden', 'River', 'Corner', 'Green', 'Sunny', 'Harbour', 'Hill']) + ' ' + ' '.join(map(up, kind.split(' ')))
    town, street = c.pick(TOWNS), c.pick(['Mill', 'Church', 'Station', 'Garden', 'Bridge', 'Market', 'High', 'Rose', 'Park', 'School']) + ' Street'
    o, cl, closed = c.int(7, 11), c.int(4, 9), c.pick(DAYS)
    price, kid = c.int(3, 15), c.int(1, 2)
    year, who = c.int(1850, 2015), c.pick(GIRLS + BOYS)
    col, w = c.pick(COLOURS), c.int(3, 20)
    the = 'The ' + name
    tn = 'the ' + name
    facts = [(['%s is in %s in %s.' % (the, street, town)], [('Where is %s?' % tn, ['It is in %s in %s.' % (street, town), 'In %s in %s.' % (street, town)]), ('In which street is %s?' % tn, ['In %s.' % street])]),
             (['It opens at %d in the morning and closes at %d in the evening.' % (o, cl)], [('When does it open?', ['It opens at %d in the morning.' % o, 'At %d in the morning.' % o]), ('When does %s close?' % tn, ['It closes at %d in the evening.' % cl, 'At %d in the evening.' % cl])]),
             (['On %ss it is closed.' % closed, 'It is closed on %ss.' % closed], [('On which day is it closed?', ['It is closed on %ss.' % closed, 'On %s.' % closed]), ('Can I go there on %s?' % closed, ['No, it is closed on %ss.' % closed])]),
             (['A ticket costs %d dollars, and children pay %d.' % (price, kid) if kind not in ('bakery', 'bookshop', 'tea house', 'market', 'park', 'toy shop', 'library') else 'A cup of tea there costs %d dollars.' % kid],
              [('How much is a ticket?', ['A ticket costs %d dollars.' % price, '%d dollars.' % price]), ('What do children pay?', ['Children pay %d dollar%s.' % (kid, 's' if kid > 1 else '')])] if kind not in ('bakery', 'bookshop', 'tea house', 'market', 'park', 'toy shop', 'library') else
              [('What does a cup of tea cost there?', ['A cup of tea costs %d dollar%s.' % (kid, 's' if kid > 1 else '')])]),
             (['%s opened it in %d.' % (who, year), 'It was founded by %s in %d.' % (who, year)], [('Who opened it?' if True else '', [who + '.', '%s did, in %d.' % (who, year)]), ('In which year did it open for the first time?', ['In %d.' % year, 'It opened in %d.' % year])]),
             (['The front door is %s.' % col, 'You will know it by its %s door.' % col], [('What colour is the door?', ['The door is %s.' % col, up(col) + '.'])]),
             (['%s people work there.' % up(NUM[w])], [('How many people work there?', ['%s people work there.' % up(NUM[w]), up(NUM[w]) + '.'])])]
    if kid == 1:
        facts[3] = ([facts[3][0][0].replace(' 1 dollars', ' 1 dollar')], facts[3][1])
    return facts, [('Is there a car park?', 'whether there is a car park'), ('What is the phone number?', 'the phone number'), ('How big is it?', 'how big it is'), ('Who works there?', 'who works there'), ('Are dogs allowed?', 'whether dogs are allowed')], 'first'


def trip(c):
    ns = c.sample(GIRLS + BOYS, 3)
    t1, t2 = c.sample(TOWNS, 2)
    how, day, month = c.pick(['by train', 'by bus', 'by boat', 'by car', 'on foot', 'by bicycle']), c.pick(DAYS), c.pick(MONTHS)
    h, k = c.int(6, 11), c.int(2, 9)
    item, n = c.pick(ITEMS), c.int(3, 20)
    forgot, lost = c.sample(['an umbrella', 'a blue hat', 'a map', 'a pair of gloves', 'a camera', 'a sandwich', 'a book', 'a scarf', 'a water bottle'], 2)
    w, slept = c.pick(['rainy', 'sunny', 'windy', 'cold', 'foggy']), c.pick(['in a small hotel', 'in a tent', 'at the house of an aunt', 'in a barn', 'in a youth hostel'])
    facts = [(['On a %s %s in %s, %s travelled from %s to %s.' % (w, day, month, join_and(ns), t1, t2)],
              [('Who travelled to %s?' % t2, [join_and(ns) + '.', '%s travelled to %s.' % (join_and(ns), t2)]), ('Where did they go?', ['They went to %s.' % t2, 'To %s.' % t2]), ('Where did they come from?', ['They came from %s.' % t1, 'From %s.' % t1]), ('In which month was the trip?', ['In %s.' % month]), ('What was the weather like?', ['It was %s.' % w])]),
             (['They went %s and left at %d in the morning.' % (how, h)], [('How did they travel?', ['They went %s.' % how, up(how) + '.']), ('When did they leave?', ['They left at %d in the morning.' % h, 'At %d in the morning.' % h])]),
             (['The journey took %s hours.' % NUM[k]], [('How long did the journey take?', ['It took %s hours.' % NUM[k], up(NUM[k]) + ' hours.'])]),
             (['%s had forgotten %s.' % (ns[0], forgot)], [('Who forgot %s?' % forgot, [ns[0] + '.', '%s did.' % ns[0]]), ('What did %s forget?' % ns[0], ['%s forgot %s.' % (ns[0], forgot), up(forgot) + '.'])]),
             (['At the market, %s bought %s %s.' % (ns[1], NUM[n], item)], [('What did %s buy?' % ns[1], ['%s bought %s %s.' % (ns[1], NUM[n], item)]), ('How many %s did %s buy?' % (item, ns[1]), [up(NUM[n]) + '.', '%s bought %s %s.' % (ns[1], NUM[n], item)]), ('Who went to the market?', [ns[1] + '.'])]),
             (['%s lost %s on the way.' % (ns[2], lost)], [('What was lost on the way?', ['%s lost %s.' % (ns[2], lost)]), ('Who lost something?', [ns[2] + ' did.', '%s lost %s.' % (ns[2], lost)])]),
             (['They slept %s.' % slept], [('Where did they sleep?', ['They slept %s.' % slept, up(slept) + '.'])])]
    return facts, [('How much did the trip cost?', 'what the trip cost'), ('What did they eat?', 'what they ate'), ('When did they come home?', 'when they came home'), ('What did %s wear?' % ns[0], 'what %s wore' % ns[0])], 'first'


def plan(c):
    n = c.pick(GIRLS + BOYS)
    acts = c.sample(['swimming', 'a piano lesson', 'a visit to the dentist', 'football', 'shopping', 'a walk in the park', 'a chess game', 'cooking class', 'a birthday party', 'dinner with grandmother', 'choir', 'a German lesson', 'gardening', 'a film with friends'], 5)
    days = sorted(c.sample(range(7), 5))
    times = [c.int(8, 11) if c.chance(0.4) else c.int(13, 20) for _ in acts]
    lines, qa = [], []
    bullet = c.chance(0.5)
    for a, d, t in zip(acts, days, times):
        lines.append(('- %s: %s at %d:00' if bullet else 'On %s there is %s at %d:00.') % (DAYS[d], a, t))
        qa += [('What does %s have on %s?' % (n, DAYS[d]), ['On %s, %s has %s.' % (DAYS[d], n, a), up(a) + '.', up(a) + ', at %d:00.' % t]), ('When is %s?' % a if not a.startswith('a ') else 'When is the %s?' % a[2:], ['On %s at %d:00.' % (DAYS[d], t), 'It is on %s at %d:00.' % (DAYS[d], t)]),
               ('At what time is %s?' % (a if not a.startswith('a ') else 'the ' + a[2:]), ['At %d:00.' % t])]
    free = [DAYS[i] for i in range(7) if i not in days]
    qa.append(('Which days are free?', ['%s and %s are free.' % tuple(free), '%s and %s.' % tuple(free)]))
    sep = '\n' if bullet else ' '
    text = 'The week of %s:%s' % (n, sep) + sep.join(lines)
    return text, qa, [('Where is it?' if False else 'Who comes along on %s?' % DAYS[days[0]], 'who comes along'), ('How much does it cost?', 'any prices')], 'text'


def prices(c):
    shop = c.pick(['shop', 'market stall', 'bakery', 'kiosk', 'corner shop'])
    items = c.sample(['an apple', 'a loaf of bread', 'a cup of coffee', 'a notebook', 'a candle', 'a pear', 'a bottle of water', 'a slice of cake', 'a newspaper', 'a bunch of tulips', 'a jar of honey', 'a bar of chocolate'], 4)
    ps = c.sample(range(1, 15), 4)
    d = lambda k: '%d dollar%s' % (k, '' if k == 1 else 's')
    text = 'At the %s, ' % shop + join_and('%s costs %s' % (i, d(p)) for i, p in zip(items, ps)) + '.'
    qa = []
    for i, p in zip(items, ps):
        qa.append(('How much is %s?' % i, ['%s costs %s.' % (up(i), d(p)), up(d(p)) + '.']))
    lo, hi = ps.index(min(ps)), ps.index(max(ps))
    qa += [('What is the cheapest thing?', ['%s is the cheapest, at %s.' % (up(items[lo]), d(ps[lo]))]), ('What is the most expensive thing?', ['%s is the most expensive, at %s.' % (up(items[hi]), d(ps[hi]))]),
           ('I buy %s and %s. What do I pay?' % (items[0], items[1]), ['%d + %d = %d, so you pay %s.' % (ps[0], ps[1], ps[0] + ps[1], d(ps[0] + ps[1])), 'Together they cost %s.' % d(ps[0] + ps[1])])]
    return text, qa, [('How much is a bicycle?', 'the price of a bicycle'), ('When does the %s open?' % shop, 'when it opens'), ('Who is the owner?', 'who the owner is')], 'text'


ASKS = ['Read this text: {t}\n\n{q}', '{t}\n\n{q}', '{t} {q}', 'Here is a text.\n\n{t}\n\n{q}', 'Text: {t}\nQuestion: {q}', 'Answer from the text. {t}\n\n{q}', 'I will give you a short text. {t} Now tell me: {q}',
        'Please read this and answer my question.\n\n{t}\n\n{q}', 'Context: {t}\n\nQuestion: {q}', '"{t}"\n\n{q}', '{q}\n\n{t}']
FIRST = ['Read this: {t}', 'Here is a text: {t}', '{t} I will ask you about it.', 'Remember this text. {t}', 'I have a text for you. {t}']
GOT = ['I have read it. What would you like to know?', 'All right. Ask me about it.', 'Thank you. What is your question?', 'I see. What do you want to know about it?', 'Good, I am ready for your questions.', 'Okay, I have read it. Ask away.']
NOT = ['The text does not say {m}.', 'That is not in the text.', 'I cannot tell. The text does not mention {m}.', 'The text says nothing about that.', 'I do not know, because the text does not tell us {m}.', 'That is not mentioned.', 'It does not say {m}.']


def make(c):
    k = c.pick([person, person, person, animal, place, trip, plan, prices])
    r = k(c)
    if r[-1] == 'text':
        return r[0], r[1], r[2]
    facts, missing, _ = r
    first, rest = facts[0], facts[1:]
    n = c.int(2, min(6, len(rest)))
    chosen = c.sample(rest, n)
    if k is place or k is trip:
        chosen = [f for f in rest if f in chosen]
    chosen = [first] + chosen
    text = ' '.join(c.pick(f[0]) for f in chosen)
    qa = [q for f in chosen for q in f[1]]
    used = ' '.join(q[0] for q in qa)
    unsaid = [f for f in facts if f not in chosen]
    for f in unsaid:
        q = f[1][0][0]
        missing = missing + [(q, None)]
    return fix(text), qa, missing


def turns(c, n):
    text, qa, missing = make(c)
    c.rng.shuffle(qa)
    msgs = []
    style = lambda s: user_style(c.rng, s, typos=False)

    def one():
        if c.chance(0.16) and missing:
            q, m = missing.pop(int(c.rnd() * len(missing)))
            a = c.pick(NOT)
            while m is None and '{m}' in a:
                a = c.pick(NOT)
            return q, a.replace('{m}', m or '')
        q, a = qa.pop()
        a = c.pick(a)
        if len(a) < 18 and c.chance(0.45):
            pass
        return q, fix(a) if not a[0].isdigit() else a
    if c.chance(0.2):
        msgs += [U(c.pick(FIRST).replace('{t}', text)), A(c.pick(GOT))]
    else:
        q, a = one()
        qs = style(q)
        msgs += [U(c.pick(ASKS).replace('{t}', text).replace('{q}', qs)), A(a)]
        n -= 1
    for _ in range(n):
        if not qa:
            break
        q, a = one()
        if c.chance(0.1):
            q = 'And ' + q[0].lower() + q[1:]
        msgs += [U(style(q)), A(a)]
    if c.chance(0.1):
        msgs += [U(style('What is the text about?')), A('It is about ' + {True: 'prices.', False: ''}[False] + c.pick([text.split(' ')[0] if text.split(' ')[0] in GIRLS + BOYS + PETS else 'what it says: ' + text.split('. ')[0].split(':')[0].rstrip('.')]) + '.')] if text.split(' ')[0] in GIRLS + BOYS + PETS else []
    return msgs


def dialogue(rng):
    c = Ctx(rng)
    msgs = turns(c, c.pick([1, 1, 2, 2, 3, 3, 4, 5]))
    if c.chance(0.14):
        msgs.insert(0, S(c.pick(SYSTEMS + ['Answer questions about the text.', 'Use only the given text to answer.'])))
    return msgs
