"""Facts that the user tells in the chat, asked for later, and corrected at times."""
from core import A, BOYS, GIRLS, PETS, S, SYSTEMS, U, Ctx, marks, user_style
from passages import DAYS, TOWNS
import smalltalk

COL = 'blue green red yellow purple orange black white pink brown grey'.split()
FOOD = 'pizza,soup,noodles,pancakes,rice,chocolate,apple pie,curry,fish,bread with cheese,strawberries,ice cream,salad,dumplings'.split(',')
JOB = 'teacher nurse baker farmer student gardener driver painter carpenter cook librarian musician programmer vet'.split()
PLAN = ['visit my grandmother', 'go to the dentist', 'bake a cake', 'paint the fence', 'go swimming', 'clean the attic', 'buy new shoes', 'plant tomatoes', 'meet my brother', 'take the train to the sea', 'write a letter', 'repair my bicycle']
FRUIT = 'apples oranges eggs candles pens books cookies plums buttons coins keys stamps'.split()
# kind: (tell, acknowledge, ask, answer, new-value maker)
K = {
    'name': (['My name is {v}.', "I'm {v}.", 'I am {v}.', 'You can call me {v}.', 'Hi, I am {v}.', 'Hello, my name is {v}.'], ['Nice to meet you, {v}!', 'Hello, {v}! [What can I do for you|How are you]?', 'Pleased to meet you, {v}.', 'Welcome, {v}. [What shall we talk about|How is your day]?'],
             ['What is my name?', 'Do you remember my name?', 'Who am I?', "What's my name?", 'Say my name.'], ['Your name is {v}.', 'You are {v}.', 'You told me that your name is {v}.', '{v}.', 'Of course, {v}.'], lambda c: c.pick(GIRLS + BOYS)),
    'colour': (['My favourite colour is {v}.', 'I like {v} best of all colours.', 'The colour I like most is {v}.', 'I love the colour {v}.'], ['{V} is a beautiful colour.', '[Nice|A good choice]! I will remember that you like {v}.', '{V}! [It is a colour with character|What do you like about it|Do you wear it often]?'],
               ['What is my favourite colour?', 'Which colour do I like best?', 'Do you remember my favourite colour?', 'what colour do i like'], ['Your favourite colour is {v}.', 'You like {v} best.', '{V}.', 'It is {v}.', 'You said that it is {v}.'], lambda c: c.pick(COL)),
    'pet': (['I have a dog called {v}.', 'My dog is called {v}.', "My dog's name is {v}."], ['{v} is a lovely name for a dog.', '[How sweet|Nice]! [How old is {v}|Is {v} playful or calm|What does {v} like to do]?', 'Hello to {v}!'],
            ['What is the name of my dog?', "What's my dog called?", 'Do you remember the name of my dog?', "what is my dog's name"], ['Your dog is called {v}.', '{v}.', "Your dog's name is {v}.", 'You said that your dog is called {v}.'], lambda c: c.pick(PETS)),
    'cat': (['I have a cat named {v}.', 'Our cat is called {v}.', 'My cat {v} is sleeping next to me.'], ['{v} is a fine name for a cat.', '[How nice|Lovely]! [Is {v} fond of sleeping|Does {v} purr a lot|How old is {v}]?', '[Cats make a home cosy|Give {v} a gentle pat from me].'],
            ['What is my cat called?', 'What is the name of my cat?', 'Do you know the name of my cat?'], ['Your cat is called {v}.', '{v}.', 'Your cat is named {v}.'], lambda c: c.pick(PETS)),
    'food': (['My favourite food is {v}.', 'I love {v}.', 'I could eat {v} every day.', 'The best food in the world is {v}.'], ['{V}! [That sounds delicious|Good choice|I can see why].', '[Mmm|Nice]! I will keep in mind that you like {v}.', 'I have never tasted {v}, but it sounds good.'],
             ['What is my favourite food?', 'What food do I like?', 'What do I like to eat?'], ['You like {v}.', '{V}.', 'You said that you love {v}.', 'Your favourite food is {v}.'], lambda c: c.pick(FOOD)),
    'town': (['I live in {v}.', 'My home is in {v}.', 'I come from {v}.', 'I grew up in {v} and still live there.'], ['{v}! [Is it a nice place|Do you like it there|What is it like there]?', 'I do not know {v}, but it sounds [nice|like a good place to live].', '[Thank you|I see]. [How long have you lived in {v}|What do you like about {v}]?'],
             ['Where do I live?', 'Do you remember where I live?', 'Which town do I live in?'], ['You live in {v}.', 'In {v}.', 'You said that you live in {v}.'], lambda c: c.pick(TOWNS)),
    'job': (['I work as a {v}.', 'I am a {v}.', 'My job is {v}, and I like it.'], ['A {v}! [That sounds interesting|That is important work|Do you like it].', '[How nice|Interesting]! [What is the best part of being a {v}|Have you been a {v} for long]?'],
            ['What is my job?', 'What do I do for a living?', 'What do I work as?'], ['You are a {v}.', 'You work as a {v}.', 'A {v}.'], lambda c: c.pick(JOB)),
    'plan': (['Tomorrow I want to {v}.', 'On the weekend I will {v}.', 'I am planning to {v} tomorrow.', 'Tomorrow I have to {v}.'], ['[That sounds like a good plan|Good idea]. [I hope it goes well|I hope that all goes well].', '[Nice|I see]. [Are you looking forward to it|Will it take long]?', '[Then tomorrow will be a full day|A fine thing to do].'],
             ['What do I want to do tomorrow?', 'What are my plans?', 'What was my plan?', 'Do you remember what I want to do?'], ['You want to {y}.', 'You said that you want to {y}.', 'Your plan is to {y}.'], lambda c: c.pick(PLAN)),
    'number': (['Remember the number {v}.', 'My lucky number is {v}.', 'Please keep the number {v} in mind.'], ['All right, {v}.', 'I will remember {v}.', '{v}. Got it.', 'Okay, I have noted {v}.'], ['What was the number?', 'What is my number?', 'Which number did I give you?'], ['The number is {v}.', '{v}.', 'It was {v}.', 'You said {v}.'], lambda c: str(c.int(2, 999))),
    'day': (['My birthday party is on {v}.', 'We are having a party on {v}.', 'The party is on {v}.'], ['How nice! [Who will come|Will there be cake]?', 'A party on {v}, lovely.', '[I hope that it is a wonderful day|{v} is a good day for a party].'], ['When is the party?', 'On which day is the party?', 'Do you remember when the party is?'], ['The party is on {v}.', 'On {v}.', 'It is on {v}.'], lambda c: c.pick(DAYS)),
    'friend': (['My best friend is called {v}.', "My best friend's name is {v}.", 'I have a best friend, {v}.'], ['{v} sounds like someone special.', '[How nice|Good friends are precious]. [How did you and {v} meet|What do you do together|Have you known {v} for long]?'], ["What is my best friend's name?", 'Who is my best friend?', 'What is the name of my friend?'], ['Your best friend is {v}.', '{v}.', 'Your best friend is called {v}.'], lambda c: c.pick(GIRLS + BOYS)),
    'count': (['I have {v}.', 'There are {v} in my bag.', 'I bought {v} today.'], ['[That is quite a few|I see|Good to know].', '{V}, noted.', '[Nice|All right]. [What will you do with them|Are they for someone]?'], ['How many {w} do I have?', 'How many {w} were there?', 'Do you remember how many {w} I have?'], ['You have {v}.', '{V}.', 'There are {v}.'], lambda c: '%d ' % c.int(3, 60) + c.pick(FRUIT)),
}
for _k in K:
    K[_k] = (K[_k][0], [marks(a) for a in K[_k][1]]) + K[_k][2:]
CORR = ['Actually, it is {v}.', 'Sorry, I meant {v}.', 'No wait, {v}.', 'I made a mistake: it is {v}.', 'I changed my mind. It is {v}.', 'Correction: {v}, not {old}.', 'Oh, I said it wrong. It is {v}, not {old}.']
CORR_A = ['All right, {v} then.', 'Thank you for telling me. It is {v}.', 'No problem, {v}, not {old}.', 'I see, so it is {v}.', 'Okay, I will remember {v}.', 'Got it: {v}.']
UNKNOWN = [('What is my last name?', 'your last name'), ('How old am I?', 'how old you are'), ("What is my mother's name?", "your mother's name"), ('What is my phone number?', 'your phone number'), ('Where was I born?', 'where you were born'), ('What colour are my eyes?', 'what colour your eyes are'), ('What did I eat yesterday?', 'what you ate yesterday'), ('What is my name?', 'your name')]
UNK_A = ['You have not told me {m}.', 'I do not know {m}. You have not said it yet.', 'I am sorry, I do not know that. You did not tell me {m}.', 'That I do not know. Will you tell me?']


def turns(c, n):
    kinds = c.sample(list(K), c.pick([1, 1, 2, 2, 3]))
    st = lambda s: user_style(c.rng, s, typos=False)
    msgs, val = [], {}

    def tell(k, v):
        val[k] = v

    def fill(t, k, **kw):
        v = val[k]
        w = v.split(' ', 1)[1] if k == 'count' else ''
        return c(t, v=v, w=w, y=v.replace('my ', 'your '), **kw)
    two = len(kinds) > 1 and c.chance(0.4)
    for k in kinds:
        val[k] = K[k][4](c)
    if two:
        msgs += [U(st(' '.join(fill(K[k][0], k) for k in kinds))), A(fill(K[kinds[0]][1], kinds[0]))]
    else:
        for k in kinds:
            msgs += [U(st(fill(K[k][0], k))), A(fill(K[k][1], k))]
    if c.chance(0.3):
        k = c.pick([x for x in kinds if x not in ('plan', 'count', 'job', 'town')] or [None])
        if k:
            old = val[k]
            val[k] = K[k][4](c)
            if val[k] != old:
                msgs += [U(st(fill(CORR, k, old=old))), A(fill(CORR_A, k, old=old))]
    if 'name' in val:
        c.d['name'] = val['name']
    if c.chance(0.35):
        msgs += smalltalk.turns(c, c.int(1, 2), c.pick(['joke', 'weather', 'howareyou', 'whatcan', 'hobby', 'music', 'books', 'teacoffee', 'joke']))
        if msgs[-2]['content'].lower().startswith(('bye', 'good')):
            msgs = msgs[:-2]
    ks = list(kinds)
    c.rng.shuffle(ks)
    for k in ks[:c.int(1, len(ks))]:
        msgs += [U(st(fill(K[k][2], k))), A(fill(K[k][3], k))]
    if c.chance(0.15):
        q, m = c.pick(UNKNOWN[:-1] if 'name' in kinds or 'name' in c.d else UNKNOWN)
        msgs += [U(st(q)), A(c(UNK_A, m=m))]
    if c.chance(0.15):
        msgs += [U(st(c.pick(['Correct!', 'Right, thank you.', 'Yes, well remembered.', 'You have a good memory.', 'Thanks!']))), A(c.pick(["I was listening.", 'Good. [x]'.replace(' [x]', ''), 'I can remember what you tell me in this conversation.', 'You are welcome.', 'Thank you. At least until this chat ends.']))]
    return msgs


def dialogue(rng):
    c = Ctx(rng)
    msgs = turns(c, 0)
    if c.chance(0.14):
        msgs.insert(0, S(c.pick(SYSTEMS)))
    return msgs
