"""Spelling, letters, lists, sorting, repeating, Markdown, and simple how-tos in steps."""
from core import A, BOYS, GIRLS, S, SYSTEMS, U, Ctx, an, join_and, up, user_style
from definitions import DEFS
from knowledge import CATS

WORDS = sorted({d[0] for d in DEFS if d[0].isalpha()} | set('happy sunny orange yellow planet winter silver rocket basket bottle candle dragon engine flower guitar hammer island jungle kettle ladder magnet needle pepper rabbit saddle tunnel violin window zipper'.split()))
SHORT = [w for w in WORDS if len(w) <= 5]
SENT = ['The cat sleeps on the roof.', 'I like warm bread with butter.', 'The moon is bright tonight.', 'We walked along the river.', 'Never give up.', 'The kettle is singing.', 'My brother plays the drum.', 'A small boat crossed the lake.', 'The train is late again.', 'It smells of rain.',
        'Good things take time.', 'The old clock has stopped.', 'She painted the door green.', 'Two birds sat on the wire.', 'Please close the window.', 'The soup is too hot.', 'He found a key in the grass.', 'Snow fell all night long.', 'The library opens at nine.', 'I will be there soon.']
HOW = {
    'make tea': ['Boil some water.', 'Put a tea bag in a cup.', 'Pour the hot water over it.', 'Wait for about three minutes.', 'Take out the tea bag, and add milk or sugar if you like.'],
    'make coffee': ['Boil some water.', 'Put ground coffee into a filter.', 'Pour the water slowly over the coffee.', 'Wait until it has run through.', 'Pour it into a cup and enjoy it.'],
    'boil an egg': ['Put the egg into a pot and cover it with water.', 'Bring the water to a boil.', 'Let it cook for six to ten minutes.', 'Put the egg into cold water.', 'Peel it and eat it with a little salt.'],
    'make a sandwich': ['Take two slices of bread.', 'Spread butter on them.', 'Add cheese, tomato or whatever you like.', 'Put the slices together.', 'Cut the sandwich in half.'],
    'cook pasta': ['Boil a big pot of water.', 'Add some salt.', 'Put in the pasta and stir.', 'Cook it for as long as the packet says.', 'Drain the water and add a sauce.'],
    'cook rice': ['Rinse the rice.', 'Put one cup of rice and two cups of water into a pot.', 'Bring it to a boil.', 'Cover it and let it cook on low heat for about fifteen minutes.', 'Let it rest for a few minutes.'],
    'make toast': ['Put a slice of bread into the toaster.', 'Press the lever down.', 'Wait until it pops up.', 'Spread butter or jam on it.'],
    'make pancakes': ['Mix flour, milk and eggs in a bowl.', 'Heat a little butter in a pan.', 'Pour in a spoonful of batter.', 'Turn the pancake when it is golden.', 'Serve it with jam or sugar.'],
    'make lemonade': ['Squeeze two or three lemons.', 'Mix the juice with sugar.', 'Add cold water and stir well.', 'Taste it, and add more sugar if needed.', 'Serve it with ice.'],
    'make a salad': ['Wash the lettuce and the vegetables.', 'Cut them into small pieces.', 'Mix oil, vinegar, salt and pepper.', 'Pour the dressing over the salad.', 'Toss it gently.'],
    'bake bread': ['Mix flour, water, yeast and salt.', 'Knead the dough for ten minutes.', 'Let it rise for an hour.', 'Shape it into a loaf.', 'Bake it in a hot oven until it is golden brown.'],
    'make porridge': ['Put oats and milk into a pot.', 'Warm them slowly and stir.', 'Cook for about five minutes.', 'Add honey or fruit.'],
    'make hot chocolate': ['Warm a cup of milk.', 'Stir in cocoa and a little sugar.', 'Heat it, but do not let it boil over.', 'Pour it into a mug.'],
    'make soup': ['Chop an onion and some vegetables.', 'Fry the onion in a little oil.', 'Add the vegetables and water.', 'Let it cook for twenty minutes.', 'Season it with salt and pepper.'],
    'make popcorn': ['Heat a little oil in a large pot.', 'Add the corn and put the lid on.', 'Shake the pot until the popping slows down.', 'Take it off the heat and add salt.'],
    'wash your hands': ['Wet your hands with water.', 'Take some soap.', 'Rub your hands together for twenty seconds.', 'Rinse off the soap.', 'Dry your hands with a clean towel.'],
    'brush your teeth': ['Put a little toothpaste on the brush.', 'Brush all sides of your teeth gently.', 'Keep going for two minutes.', 'Spit out and rinse the brush.'],
    'wash the dishes': ['Scrape off the leftovers.', 'Fill the sink with warm water and soap.', 'Wash the glasses first, then the plates and pans.', 'Rinse everything.', 'Dry it with a towel.'],
    'make a bed': ['Take off the pillows and the blanket.', 'Smooth the sheet.', 'Put the blanket back and straighten it.', 'Shake the pillows and lay them down.'],
    'do the laundry': ['Sort the clothes by colour.', 'Put one pile into the machine.', 'Add washing powder.', 'Choose a programme and start it.', 'Hang the clothes up to dry.'],
    'iron a shirt': ['Heat the iron.', 'Lay the shirt flat on the board.', 'Iron the collar first.', 'Then iron the sleeves and the back.', 'Hang the shirt up.'],
    'sew on a button': ['Thread a needle and tie a knot.', 'Hold the button in its place.', 'Sew through the holes several times.', 'Wind the thread around under the button.', 'Tie a knot and cut the thread.'],
    'tie your shoes': ['Cross the laces and pull them tight.', 'Make a loop with one lace.', 'Wrap the other lace around it.', 'Push it through and pull both loops.'],
    'plant a seed': ['Fill a pot with soil.', 'Make a small hole with your finger.', 'Put the seed in and cover it.', 'Water it a little.', 'Put the pot in a sunny place.'],
    'water a plant': ['Feel the soil with a finger.', 'If it is dry, pour in some water.', 'Stop when water comes out at the bottom.', 'Empty the saucer.'],
    'plant a tree': ['Dig a hole that is wider than the roots.', 'Set the tree in it, straight up.', 'Fill the hole with earth.', 'Press the earth down gently.', 'Water it well.'],
    'grow tomatoes': ['Sow the seeds in small pots.', 'Keep them warm and light.', 'Plant them outside when it is no longer cold.', 'Tie them to a stick.', 'Water them often, but not on the leaves.'],
    'build a snowman': ['Roll a large ball of snow.', 'Roll a second, smaller ball and put it on top.', 'Add a third ball for the head.', 'Use stones for the eyes and a carrot for the nose.', 'Give it a scarf.'],
    'build a birdhouse': ['Cut the boards to size.', 'Drill a round hole in the front board.', 'Nail the sides together.', 'Add the floor and the roof.', 'Hang it in a quiet place.'],
    'fold a paper boat': ['Fold a sheet of paper in half.', 'Fold the top corners down to the middle.', 'Fold up the edges at the bottom on both sides.', 'Open it and press it into a square.', 'Fold up the corners, and pull the sides apart.'],
    'fold a paper plane': ['Fold a sheet of paper in half, then open it.', 'Fold the top corners to the middle line.', 'Fold the slanted sides to the middle again.', 'Fold it along the middle.', 'Bend the wings down and throw it.'],
    'write a letter': ['Write the place and the date.', 'Begin with a greeting.', 'Write what you want to say.', 'End with a friendly closing and your name.', 'Put it into an envelope and add a stamp.'],
    'write a thank-you note': ['Begin with the name of the person.', 'Say thank you and name the gift.', 'Write why you like it.', 'Sign your name.'],
    'wrap a present': ['Cut a piece of paper that is large enough.', 'Put the present in the middle.', 'Fold the paper around it and tape it.', 'Fold the ends and tape them, too.', 'Tie a ribbon around it.'],
    'change a light bulb': ['Switch off the light.', 'Let the old bulb cool down.', 'Turn it out.', 'Screw in the new bulb.', 'Switch the light on to test it.'],
    'fix a flat bicycle tyre': ['Take off the wheel.', 'Remove the tyre and pull out the tube.', 'Find the hole.', 'Glue a patch on it.', 'Put everything back and pump it up.'],
    'clean a window': ['Fill a bucket with warm water and a little soap.', 'Wash the glass with a cloth.', 'Wipe it dry from top to bottom.', 'Polish it with paper or a dry cloth.'],
    'sweep the floor': ['Move the chairs away.', 'Sweep the dust into one pile.', 'Push it onto a dustpan.', 'Empty the dustpan into the bin.'],
    'clean your room': ['Pick up everything from the floor.', 'Put each thing in its place.', 'Wipe off the dust.', 'Sweep or vacuum the floor.', 'Open the window for fresh air.'],
    'pack a suitcase': ['Make a list.', 'Lay out what you need.', 'Put heavy things at the bottom.', 'Roll the clothes to save space.', 'Close it and check the list again.'],
    'catch a bus': ['Look up when the bus leaves.', 'Be at the stop a little early.', 'Wave when the bus comes.', 'Show or buy a ticket.', 'Get off at your stop.'],
    'cross the street safely': ['Stop at the edge of the street.', 'Look left, right and left again.', 'Listen for cars.', 'Walk across when it is clear.'],
    'learn a poem by heart': ['Read the poem aloud.', 'Learn the first two lines.', 'Add two more lines at a time.', 'Say it all without looking.', 'Repeat it the next day.'],
    'fall asleep': ['Turn off bright screens an hour before.', 'Make the room dark and cool.', 'Lie down and close your eyes.', 'Breathe slowly and count your breaths.', 'Think of a quiet place.'],
    'calm down': ['Sit down somewhere quiet.', 'Breathe in slowly through your nose.', 'Hold your breath for a moment.', 'Breathe out slowly.', 'Repeat this a few times.'],
    'make a new friend': ['Smile and say hello.', 'Ask a friendly question.', 'Listen to the answer.', 'Tell something about yourself.', 'Suggest something to do together.'],
    'say sorry': ['Wait until both of you are calm.', 'Say what you did.', 'Say that you are sorry.', 'Ask how you can make it better.'],
    'study for a test': ['Make a list of what you have to learn.', 'Split it into small parts.', 'Learn one part each day.', 'Take short breaks.', 'Go over everything once more at the end.'],
    'feed a cat': ['Wash the bowl.', 'Fill it with cat food.', 'Put fresh water next to it.', 'Leave the cat in peace while it eats.'],
    'walk a dog': ['Put the lead on the dog.', 'Take a bag with you.', 'Walk slowly and let it sniff.', 'Clean up after it.', 'Give it water when you are back.'],
    'wash a dog': ['Fill a tub with warm water.', 'Wet the fur.', 'Rub in a mild dog shampoo.', 'Rinse it out well.', 'Dry the dog with a towel.'],
    'start a fire in a stove': ['Open the air vent.', 'Put in some paper and thin sticks.', 'Light the paper.', 'Add bigger pieces of wood.', 'Close the door and watch the fire.'],
    'set a table': ['Wipe the table.', 'Put a plate at each place.', 'Lay the fork on the left and the knife on the right.', 'Put a glass above the knife.', 'Add a napkin.'],
    'peel an orange': ['Cut off a small piece at the top.', 'Push your thumb under the skin.', 'Pull off the peel.', 'Split the orange into pieces.'],
    'carve a pumpkin': ['Cut off the top.', 'Scoop out the seeds.', 'Draw a face.', 'Cut out the eyes, nose and mouth.', 'Put a small light inside.'],
    'paint a wall': ['Cover the floor.', 'Put tape along the edges.', 'Paint the corners with a brush.', 'Paint the rest with a roller.', 'Let it dry and paint it once more.'],
    'draw a cat': ['Draw a circle for the head.', 'Add two triangles for the ears.', 'Draw the eyes, a nose and whiskers.', 'Add an oval for the body.', 'Draw four legs and a long tail.'],
    'draw a house': ['Draw a square.', 'Put a triangle on top as a roof.', 'Draw a door and two windows.', 'Add a chimney with smoke.'],
    'play hide and seek': ['Choose one player who counts.', 'This player closes the eyes and counts to twenty.', 'The others hide.', 'The counter looks for them.', 'The first one found counts next.'],
    'make a shopping list': ['Look at what you have at home.', 'Think about the meals of the week.', 'Write down what is missing.', 'Sort the list by shop.'],
    'save water': ['Turn off the tap while you brush your teeth.', 'Take short showers.', 'Fill the washing machine completely.', 'Water plants in the evening.'],
}
ING = [('shopping', ['bread', 'milk', 'eggs', 'apples', 'cheese', 'butter', 'rice', 'tomatoes', 'tea', 'soap', 'onions', 'flour']), ('picnic', ['a blanket', 'sandwiches', 'lemonade', 'fruit', 'a ball', 'napkins', 'a sun hat', 'cake']), ('packing', ['a toothbrush', 'socks', 'a warm jacket', 'a book', 'a towel', 'shoes', 'a ticket', 'an umbrella']),
       ('birthday party', ['a cake', 'candles', 'balloons', 'music', 'invitations', 'games', 'drinks', 'plates']), ('camping', ['a tent', 'a sleeping bag', 'a torch', 'matches', 'a pot', 'water', 'a map', 'warm clothes'])]
NW = 'zero one two three four five six seven eight'.split()


def bullets(c, xs, kind=None):
    k = kind or c.pick(['-', '-', '*', '1'])
    return '\n'.join(('%d. %s' % (i + 1, x) if k == '1' else k + ' ' + x) for i, x in enumerate(xs))


def spelling(c):
    p = c.pick
    w = p(WORDS)
    k = c.int(0, 10)
    if k <= 2:
        return p(['Spell "%s".', 'How do you spell %s?', 'Can you spell the word %s?', 'spell %s', 'Please spell %s for me.']) % w, p(['%s.' % '-'.join(w.upper()), '-'.join(w) + '.', 'It is spelled ' + '-'.join(w.upper()) + '.', ' '.join(w.upper())])
    if k == 3:
        return p(['What is the first letter of "%s"?', 'Which letter does %s begin with?', 'First letter of %s?']) % w, p(['%s.' % w[0].upper(), 'The first letter of "%s" is %s.' % (w, w[0].upper()), '"%s" begins with %s.' % (up(w), w[0].upper())])
    if k == 4:
        return p(['What is the last letter of "%s"?', 'Which letter does %s end with?']) % w, p(['%s.' % w[-1].upper(), 'The last letter of "%s" is %s.' % (w, w[-1].upper())])
    if k == 5:
        n = len(w)
        return p(['How many letters are in "%s"?', 'How many letters does the word %s have?', 'Count the letters in %s.']) % w, p(['%s has %d letters: %s.' % (up(w), n, '-'.join(w.upper())), '%d.' % n, 'The word "%s" has %d letters.' % (w, n)])
    if k == 6:
        w = p(SHORT)
        return p(['Reverse the word "%s".', 'Write %s backwards.', 'What is "%s" spelled backwards?']) % w, p([w[::-1], '"%s" backwards is "%s".' % (up(w), w[::-1]), '%s. Backwards: %s.' % ('-'.join(w), '-'.join(w[::-1]))])
    if k == 7:
        s = p([w, p(SENT).rstrip('.')])
        return p(['Write "%s" in capital letters.', 'Put "%s" in upper case.', 'Uppercase: %s', 'Can you write %s in all caps?']) % s, s.upper()
    if k == 8:
        s = p([w, p(SENT).rstrip('.')])
        return p(['Write "%s" in lower case.', 'Make this lower case: %s', 'lowercase please: %s']) % s.upper(), s.lower()
    if k == 9:
        v = [x for x in w if x in 'aeiou']
        return p(['Which vowels are in "%s"?', 'What are the vowels in %s?']) % w, 'The vowel%s in "%s" %s %s.' % ('' if len(v) == 1 else 's', w, 'is' if len(v) == 1 else 'are', join_and(x.upper() for x in v)) if v else 'There is no vowel among A, E, I, O and U in "%s".' % w
    i = c.int(0, 24)
    return p([('What letter comes after %s?' % chr(65 + i), '%s comes after %s.' % (chr(66 + i), chr(65 + i))), ('Which letter comes before %s?' % chr(66 + i), '%s.' % chr(65 + i)), ('Say the alphabet.', 'A B C D E F G H I J K L M N O P Q R S T U V W X Y Z')])


def lists(c):
    p = c.pick
    k = c.int(0, 8)
    cat = p(list(CATS))
    ws = CATS[cat].split(' ')
    n = c.int(2, min(6, len(ws)))
    xs = c.sample(ws, n)
    if k <= 1:
        return p(['Make a list of %s %s.', 'Write a list of %s %s.', 'Give me a list of %s %s.', 'List %s %s.', 'I need a list of %s %s.', 'Make a bullet list of %s %s.', 'A list of %s %s, please.']) % (p([NW[n], str(n)]), cat), p(['', '', 'Here is a list:\n\n', 'Here are %s %s:\n\n' % (NW[n], cat)]) + bullets(c, xs)
    if k == 2:
        return p(['Make a numbered list of %s %s.', 'Number %s %s in a list.']) % (NW[n], cat), bullets(c, xs, '1')
    if k == 3:
        xs = c.sample([w for w in WORDS if len(w) < 8], c.int(3, 5))
        return p(['Sort these words: %s', 'Put these words in alphabetical order: %s', 'Sort alphabetically: %s', 'Can you sort this list? %s']) % ', '.join(xs), ', '.join(sorted(xs))
    if k == 4:
        xs = c.sample(range(1, 100), c.int(3, 6))
        d = c.chance(0.3)
        return (p(['Sort these numbers from large to small: %s', 'Put these in descending order: %s']) if d else p(['Sort these numbers: %s', 'Put these numbers in order: %s', 'Sort from small to large: %s'])) % ', '.join(map(str, xs)), ', '.join(map(str, sorted(xs, reverse=d)))
    if k == 5:
        return p(['Turn this into a bullet list: %s', 'Write this as a list: %s', 'Make bullet points out of this: %s', 'Format as a Markdown list: %s']) % ', '.join(xs), bullets(c, xs, '-')
    if k == 6:
        what, ys = p(ING)
        n = c.int(3, 6)
        return p(['Make a %s list.', 'Write a %s list for me.', 'Can you make a %s list?', 'I need a %s list with %d things.']).replace('%d', NW[n]) % what, p(['', 'Here is a %s list:\n\n' % what, '**%s list**\n\n' % up(what)]) + bullets(c, [up(y) for y in c.sample(ys, n)], p('-1'))
    if k == 7:
        top = max(map(len, xs))
        xs = [x for i, x in enumerate(xs) if len(x) < top or x == max(xs, key=len)]
        if len(xs) < 2:
            xs.append('ox')
        return p(['Which word is the longest: %s?', 'Find the longest word: %s']) % ', '.join(xs), p(['"%s" is the longest.', '%s.']) % up(max(xs, key=len))
    xs2 = c.sample(ws, min(4, len(ws)))
    return 'What is the %s item in this list: %s?' % (p(['first', 'last', 'second']), ', '.join(xs2)) if False else 'What is the first item in this list: %s?' % ', '.join(xs2), up(xs2[0]) + '.'


def repeat(c):
    p = c.pick
    s = p(SENT)
    k = c.int(0, 6)
    if k <= 1:
        return p(['Repeat after me: %s', 'Say: %s', 'Please repeat: %s', 'Write this: %s', 'Say exactly this: "%s"', 'Copy this sentence: %s']) % s, s
    if k == 2:
        w, n = p(WORDS), c.int(2, 5)
        return p(['Say %s %s times.', 'Write the word %s %s times.', 'Repeat "%s" %s times.']) % (w, NW[n]), ' '.join([w] * n)
    if k == 3:
        return p(['How many words are in this sentence: %s', 'Count the words: %s']) % s, p(['The sentence has %d words.', '%d.', 'There are %d words.']) % len(s.split())
    if k == 4:
        w = p([x for x in WORDS if len(x) > 3])
        d = {x[0]: x for x in DEFS}.get(w)
        if d and d[1] in ('a', 'an'):
            noun = an(w)
            return p(['Use the word "%s" in a sentence.', 'Make a sentence with %s.', 'Write a sentence with the word %s.']) % w, p(['There is %s in the picture on the wall.', 'My grandmother once told me about %s.', 'In my dream I saw %s.', 'We talked about %s all evening.', 'She drew %s on a piece of paper.', 'He pointed at %s and smiled.', 'I have never seen %s as nice as this one.']) % noun
        return p(['Repeat after me: %s', 'Say: %s']) % s, s
    if k == 5:
        w = s.rstrip('.').split(' ')
        return p(['What is the first word of this sentence: %s', 'What is the last word of this sentence: %s']) % s if False else p(['What is the last word of this sentence? %s', 'Last word of: %s']) % s, p(['"%s".' % w[-1], up(w[-1]) + '.', 'The last word is "%s".' % w[-1]])
    return p(['Make this bold in Markdown: %s', 'Write this in bold Markdown: %s']) % s, '**%s**' % s


def howto(c):
    p = c.pick
    k = p(list(HOW))
    st = HOW[k]
    me = k.replace('your ', 'my ')
    q = p(['How do I %s?', 'How do you %s?', 'Tell me how to %s.', 'How can I %s?', 'Explain in steps how to %s.', 'What are the steps to %s?', 'Can you explain how to %s?', 'How to %s', 'Write instructions: how to %s.', 'Give me step by step instructions to %s.'])
    q = q % (me if 'I ' in q or 'Tell me' in q else k)
    r = c.rnd()
    if r < 0.72:
        a = p(['', '', 'Here is how to %s:\n\n' % k, 'These are the steps:\n\n', 'It is quite simple:\n\n', '**%s**\n\n' % up('how to ' + k)]) + bullets(c, st, '1')
        a += p(['', '', '', '\n\nThat is all.', '\n\nGood luck!', '\n\nTake your time.'])
    elif r < 0.88:
        ss = list(st)
        words = ['First, ', 'Then ', 'After that, ', 'Next, ', 'Finally, ']
        a = ' '.join((words[0] if i == 0 else words[4] if i == len(ss) - 1 else words[1 + (i - 1) % 3]) + x[0].lower() + x[1:] for i, x in enumerate(ss) if True)
        if any(x.startswith(('This', 'The ', 'If ')) for x in ss):
            a = bullets(c, st, '1')
    else:
        a = bullets(c, st, '-')
    return q, a, k, st


def dialogue(rng):
    c = Ctx(rng)
    msgs = [S(c.pick(SYSTEMS))] if c.chance(0.12) else []
    if c.chance(0.35):
        q, a, k, st = howto(c)
        msgs += [U(user_style(rng, q)), A(a)]
        if c.chance(0.4):
            r = c.int(0, 3)
            i = c.int(0, len(st) - 1)
            if r == 0:
                msgs += [U(user_style(rng, c.pick(['What is the first step?', 'What do I do first?', 'How do I begin?']))), A(c.pick(['%s', 'First: %s', 'The first step is this: %s']) % st[0])]
            elif r == 1:
                msgs += [U(user_style(rng, c.pick(['What is the last step?', 'What do I do at the end?', 'And the last step?']))), A(c.pick(['%s', 'The last step is this: %s', 'At the end: %s']) % st[-1])]
            elif r == 2:
                msgs += [U(user_style(rng, 'What is step %d?' % (i + 1))), A(c.pick(['%s', 'Step %d: %%s' % (i + 1)]) % st[i])]
            else:
                msgs += [U(user_style(rng, c.pick(['How many steps are there?', 'How many steps is that?']))), A(c.pick(['There are %s steps.', 'It takes %s steps.']) % NW[len(st)])]
        return msgs
    for _ in range(c.pick([1, 2, 2, 3, 4])):
        q, a = c.pick([spelling, spelling, lists, lists, repeat])(c)
        if not q.isupper():
            r = rng.random()
            if r < 0.2 and a.lower() == a:
                q = q.lower()
            elif r < 0.4 and q[-1] in '.?' and not a.endswith(q[-12:]):
                q = q[:-1]
        msgs += [U(q), A(a)]
    return msgs
