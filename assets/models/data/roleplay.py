"""Role plays: the assistant is a character, acts and speaks, remembers the name and facts told in the scene."""
from core import A, BOYS, GIRLS, S, U, Ctx, an, marks, user_style
from roleplay_words import CHARACTERS

ASK = ['You are {role}. [Let us begin|Start the scene|Greet me|I walk in|Speak to me in character|Begin].', 'Pretend to be {role}.', 'Pretend that you are {role}.',
       "Let's role-play: you are {role}[| and I am {me}].", 'Can you play {role}?', 'Play {role} for me.', 'I want you to act as {role}.',
       "Let us play a game. You are {role} {where}[|, and I am {me}].", 'Be {role}, please.', 'Could you speak like {role}?', 'Role play: {role} {where}.',
       'You play {role} called {name}, and I am {me}.', 'Act as {role} {where}.', 'From now on you are {name}, {role}.', 'Imagine that you are {role}. I come to visit you.',
       'roleplay as {role}', "Let's pretend. You are {name}, {role} {where}. I am {me}.", 'Talk to me as if you were {role}.', "I'd like to do a role play with {role}."]
SYS = ['You are {name}, {role} {where}. Stay in character.', 'Play the role of {role}. Your name is {name}.', 'You are {role} {where}. Answer in character, with actions between asterisks.',
       'Role play. You are {name}, {role}. Speak as this character would.', 'You are {name}. You are {role} {where}.']
ME = ['a lost traveller', 'a young sailor', 'a new apprentice', 'a curious child', 'a tired knight', 'a stranger in the rain', 'an old friend', 'a merchant', 'a student',
      'a messenger', 'your neighbour', 'a reporter', 'a wanderer', 'your new helper', 'a thief on the run', 'a poor musician', 'a princess in disguise']
OPEN = ['*{act}* "[Ah|Oh|Well, well|Welcome|So], {addr}! [I did not hear you come in|I was just thinking of company|You have come a long way, I see|What brings you here|Who sent you|Come closer, do not be shy]. [I am {name}|They call me {name}|My name is {name}][|, and this place is my whole world]. [And who are you|What is your name|What should I call you]?"',
        '*{act}* "[Good day|Good evening|Greetings|Hello there], {addr}. I am {name}. [It is not often that someone finds me {where}|Not many people come here anymore|You look cold and hungry|You have the look of someone with a question]. [How can I help you|What are you looking for|What is your name]?"',
        '"[Who is there|Is somebody there|Halt! Who goes there]?" *{act}* "[Ah, only a visitor|Oh, it is just you|Forgive me, one cannot be too careful], {addr}. [I am {name}|{name} is my name]. [Sit down, if you like|Come in, come in|Mind your head]. [What do they call you|And you are|Tell me your name]?"',
        'You find {name} {where}. *{act}* "[Ah, there you are|At last|You are early|You are late], {addr}. [I have been waiting|I had almost given up hope|We have much to talk about]. [Would you like {offer}|Have you eaten|Did you come alone|Were you followed]?"',
        '*{act}* "[Hm|Well]. [A new face|A visitor|Someone with muddy shoes]. [We do not see many of those {where}|That is rare these days|How interesting]." *{act2}* "[I am {name}|{name}, at your service|You may call me {name}]. [What brings you to me|What can I do for you], {addr}?"']
# Moves: name, user lines, replies
M = {}


def move(name, user, reply):
    M[name] = ([u.strip() for u in user.strip().split('\n')], [marks(r.strip()) for r in reply.strip().split('\n')])


move('name', '''
[I am|My name is|I'm|They call me] {u}[|.| and I come from the north.| and I am looking for work.| and I have lost my way.]
{u}. [Nice to meet you|And you|Good to meet you].
*bows* I am {u}.
"{u}," I say[| quietly| with a smile].
''', '''
*{act}* "{u}. [A good name|I like the sound of that|I shall remember it|A name to be trusted, I think]. [Well, {u}, make yourself at home|Be welcome here, {u}|I had a friend with that name once]. [Tell me, {u}, what do you seek|Would you like {offer}|Have you come far|What do you know about this place]?"
"[Welcome, {u}|Pleased to meet you, {u}|Well met, {u}]!" *{act}* "[You have come at the right time|You have come at a strange time|Your timing is perfect]. [You see, {trouble}|I have a small problem: {trouble}]. [Will you help me|What would you do|Are you brave enough to help]?"
"So, {u} it is." *{act}* "[I will tell you something, {u}|Listen, {u}|Here is what I believe]: {tale}. [Do you believe that|What do you say to that|Does that surprise you]?"
''')
move('whoareyou', '''
[Who are you|What do you do here|Tell me about yourself|And who might you be|How long have you been here]?
*looks around* [What is this place|Where am I|Do you live here]?
''', '''
*{act}* "I am {name}, {role}, [and proud of it|as you can see|and have been for longer than I can count]. [Day after day, you will find me {where}|My place is {where}|I belong here, {where}]. [It is a good life, mostly|Some days are long, some are strange|I would not trade it for gold]. [And you|What about you|Why do you ask], {addr}?"
"[Have you never heard of {name}?|You do not know me?]" *{act}* "[I am {role}|People call me {role}], [no more and no less|the best one for miles]. [If there is one thing I have learned, it is this|I will tell you what I know]: {tale}."
''')
move('help', '''
[I need your help|Can you help me|I have a problem|Please, you must help me], {name}.
[Somebody is following me|I am being followed|There is a storm coming|I have nowhere to sleep|I am very hungry|I have lost my brother|I have lost my map|I am looking for a treasure]. [Can you help me|What should I do|Please help]?
''', '''
*{act}* "[Slowly, {addr}|Calm down, {addr}|Take a breath]. [You are safe here|Nobody will harm you here|First things first]. [Sit down beside me|Here, take {offer}|Let me give you {offer}]. [And now tell me everything|Then we will make a plan|And then we shall see what can be done]. [When did it begin|Who else knows about it|Are you alone]?"
"[Help?|You need help?]" *{act}* "[You have come to the right one|I have seen worse|I do owe the world a good deed]. [But one hand washes the other|I will help you, if you help me]. You see, {trouble}. [Do we have a deal|What do you say]?"
''')
move('trouble', '''
[What is wrong|Is something the matter|You look worried|Why do you look so sad|What is the matter], {name}?
[Tell me what troubles you|Can I do something for you|Do you need any help here]?
''', '''
*{act}* "[You have sharp eyes, {addr}.|Is it so easy to see, {addr}?|I had hoped that you would not notice, {addr}.] [It is this|The truth is this|I will tell you]: {trouble}. [I have not slept since|I have told nobody but you|It keeps me awake]. [What would you do in my place|Do you have any idea|Will you help me]?"
"[Ah, well|Nothing gets past you]." *{act2}* "{Trouble}. [There, now I have said it|It sounds silly when I say it aloud|You may laugh if you like]. [Have you ever heard of such a thing|Could you take a look with me]?"
''')
move('yes', '''
[Yes, I will help you|Of course I will help|Count me in|Yes, let us do it|You can rely on me|I am ready][.|!]
[Yes|All right|Agreed|Very well][.|!|. Where do we start?|. What must we do?]
*nods* [Let us go|I am with you|Show me the way].
''', '''
*{act}* "[Ha! I knew it|Wonderful|I could kiss your hands], {addr}! [Then listen closely|Here is what we do|This is the plan]. [You go ahead with the lantern, and I follow|You keep watch while I look around|We wait until dark, and then we go together]. [And whatever happens, do not make a sound|Take {offer}, it may be of use|And if it goes wrong, run]. [Are you ready|Any questions|Shall we]?"
"[Good|Excellent|Then it is settled]." *{act2}* "[We leave at once|There is no time to lose|First, we need a plan]. [Do you see that door over there|Do you hear that sound|There is an old path behind here]? [That is where it began|Nobody has gone that way for years|I have never dared to go alone]. [You go first, {addr}|Stay close to me|What do you see]?"
''')
move('act', '''
*[opens the door slowly|lights a lantern|steps closer|walks ahead into the dark|looks through the keyhole]* [What is that|I think I see something|It is very quiet].
I [look around carefully|step closer|follow you|take a deep breath and go on|pick up the lantern].
''', '''
*{act}* "[Careful now|Slowly, {addr}|Not so fast]. [Do you see that light|Did you hear that]?" [Something moves in the shadow, and then it is still again|A small bell rings, far away|A cold breath of air touches your face|The floor creaks under your feet]. "[Stay behind me|Whatever it is, it is as afraid as we are|That was not there yesterday]. [What now, {addr}|Do we go on or turn back|What do you want to do]?"
*{act2}* "[You have a brave heart, {addr}|You do that like someone who has done it before|That is the spirit]." [On the ground in front of you lies a small silver key|There, on the wall, someone has drawn an arrow|Behind a curtain, you find a narrow stair]. "[Well, look at that|Now that is interesting|I have never seen that before]. [Will you take it, or shall I|What do you make of it|Shall we follow it]?"
''')
move('sit', '''
*[sits down|takes a seat|puts a heavy bag down|takes off a wet coat|warms both hands|yawns and sits down]*
*[sits down|takes a seat]* [It is nice here|I have come a long way|What a day|I am so tired].
''', '''
*{act}* "[Rest a little|Make yourself at home|Take your time], {addr}. [You look as if you had walked all night|There is no hurry {where}|It is good to have company]. [Would you like {offer}|Shall I tell you something|Where do you come from]?"
"[That is right, sit down|Yes, rest your feet]." *{act2}* "[You know, I have been thinking|Since you are here, I may as well say it|It is a quiet hour, and one begins to think]: {tale}. [What do you say to that|Or do you see it differently|Have you ever thought about it]?"
''')
move('offer', '''
[I brought you a present|I have something for you|Here, this is for you].
*[hands you a small box|gives you a letter|puts a coin on the table|hands over a loaf of bread|holds out an old map]*
''', '''
*{act}* "[For me?|What is this?] [Nobody has given me anything for years|You should not have, {addr}|How did you know]." *looks at it from all sides* "[It is perfect|It is more than I deserve|I know this sign|I have not seen one of these since I was young]. [Take {offer} in return|I will keep it close|I can only give you {offer} for it]. [Where did you find it|Who gave it to you|Do you know what it is]?"
''')
move('tale', '''
[Tell me a story from your life|Do you have a story for me|What is the strangest thing you ever saw|Have you ever been afraid|What was your greatest adventure], {name}?
''', '''
*{act}* "[Sit down, then|That is a long story|Where shall I begin]. [It was a night like this one|Many years ago, when I was young|One winter, when the snow lay deep], [a stranger came and asked me for {offer}|I heard somebody calling my name in the dark|I found a door where no door should be]. [I went, although I was afraid|I should have walked away, but I did not|I laughed at first]. [And what I learned was this|Since then I know one thing]: {tale}. [Do you understand|Would you have done the same], {addr}?"
"[Let me think.|I have seen many things.]" *{act2}* "[Once I met my own shadow, and it walked the other way|Once, a little girl sold me her bad dreams for a penny|I once saw a whole town move in the night, house by house, on tiptoe]. [People do not believe me|I have never told anyone|It is true, every word]. [And you|Now it is your turn|What is the strangest thing you have seen]?"
''')
move('remember', '''
[Do you remember my name|What is my name|Do you still know who I am]?
''', '''
*{act}* "[Of course, {u}|How could I forget, {u}|You are {u}, and I do not forget a friend|{u}, naturally]. [You told me so yourself|I never forget a name|Did you think I was not listening]? [Why do you ask|Is something wrong|Were you testing me]?"
"{u}. [You told me when you came in|I keep names as others keep coins|It suits you]." *{act2}* "[I may be old, but my head is clear|One should remember those who are kind]."
''')
move('joke', '''
[You are funny|That made me laugh|haha|You are a strange one], {name}[.|!]
''', '''
*{act}* "[Me?|Well, well.] [I have been called worse things|I take that as a compliment|You should see me on Mondays], {addr}. [It is good to hear somebody laugh {where}|It has been quiet here for too long]. [Laugh while you can, because {trouble}|Do stay a little longer|Would you like {offer}]?"
''')
move('danger', '''
[Look out|Watch out|Behind you]! [There is something there|Someone is coming|I hear footsteps|The door is opening].
[I am scared|I am afraid|I do not like this], {name}.
''', '''
*{act}* "[Stay calm, {addr}|Quiet|Do not move]. [I have heard it, too|I know that sound|It cannot hurt us while we stand together]." [The sound comes closer, then stops|Something scratches at the wall|Then, out of the dark, comes a very small mouse]. "[Well.|Hm.|Do you see?] [Fear makes everything bigger|That was close|It is gone, I think]. [Give me your hand|Keep the light up|Now, quickly, this way]. [Can you go on|Are you all right|Are you still with me]?"
''')
move('deal', '''
How much [do you want for it|does that cost|must I pay]?
[I have no money|I have only a button and a piece of string].
''', '''
*{act}* "[Money?|Gold?|Coins?] [What would I do with it {where}|I have no use for that|Keep it, {addr}]. [Pay me with a song|Give me a true story instead|A kind word will do|Answer me one riddle, and we are even]. [What do you say|Do we have a deal]?"
''')
move('bye', '''
[I must go now|I have to leave|It is time for me to go|Farewell|Goodbye], {name}. [Thank you|Thank you for everything|I will come back].
*[stands up|puts on a coat|waves]* [Goodbye|Until we meet again|I will not forget you], {name}.
''', '''
*{act}* "[So soon, {uu}?|Already, {uu}?|Then it must be so, {uu}.] [Take {offer} for the road|May the road be kind to you|You will always find a light here]. [And remember|Do not forget]: {tale}. [Farewell|Until we meet again|Safe travels], {uu}."
"[Farewell|Goodbye|Go well], {uu}." *{act2}* "[It was good to have company|The place will be quiet without you|You have made an old heart glad]. [Come back when the wind turns|My door is open to you|Next time, the story is yours]."
''')
ORDER = ['whoareyou', 'help', 'trouble', 'act', 'sit', 'offer', 'tale', 'joke', 'danger', 'deal']
NEXT = {'trouble': 'yes', 'help': None}


def scene(c, n):
    """A role play of n exchanges: (system text or None, messages)."""
    ch = c.pick(CHARACTERS)
    acts = ch[3].split('; ')
    c.rng.shuffle(acts)
    acts += ['smiles', 'looks at you for a while', 'nods slowly'][:c.int(0, 3)]
    role = 'the ' + ch[0] if ch[0].startswith(('gardener of', 'snow queen')) else an(ch[0])
    if ch[0] in ('king', 'queen') and c.chance(0.3):
        role = 'the ' + ch[0]
    u = c.pick(GIRLS if c.chance(0.5) else BOYS)
    d = c.d
    trouble = ch[6]
    d.update(role=role, name=ch[1], where=ch[2], addr=ch[4], offer=ch[5], trouble=trouble, tale=ch[7], u=u, uu=ch[4], me=c.pick(ME))
    d['addr'] = d['uu'] = ch[4] if ch[4] != 'lad or lass' else c.pick(['friend', 'stranger'])
    used_addr = [0]

    def say(t):
        acts.append(acts.pop(0))
        d['act'], d['act2'] = acts[0], acts[1]
        return c(t).replace('*"', '* "')
    msgs = []
    system = None
    if c.chance(0.18):
        system = c(SYS)
        first = c.pick(['Hello.', 'Hello there.', 'Good evening.', 'Who are you?', '*enters*', '*knocks at the door*', 'Hi!', 'Is anyone here?', 'Good day to you.'])
    else:
        first = c(ASK)
    a = say([marks(o) for o in OPEN])
    msgs += [U(user_style(c.rng, first)), A(a)]
    left = n - 1
    known = False
    moves = list(ORDER)
    c.rng.shuffle(moves)
    plan = []
    if c.chance(0.75):
        plan.append('name')
    if len(a) and 'Would you like' in a and False:
        plan.append('yes')
    pending = 'trouble' if trouble in a else None
    while left > 0:
        if plan:
            m = plan.pop(0)
        elif msgs[-1]['content'].rstrip('"').endswith(('help me?', 'deal?', 'do you say?', 'the same?', 'ready?', 'we?', 'brave enough to help?')) and trouble in msgs[-1]['content']:
            m = 'yes'
        elif left == 1 and n > 2 and c.chance(0.45):
            m = 'bye'
        elif known and c.chance(0.12):
            m = 'remember'
        else:
            m = moves.pop() if moves else 'tale'
            if m == 'trouble' and any(trouble in x['content'] for x in msgs):
                m = 'act'
        us, rs = M[m]
        t = c.raw(us)
        if t[-1:].isalnum() and c.chance(0.6) and not t.endswith('*'):
            t += '.'
        t = t.replace('..', '.')
        if m == 'name':
            known = True
            d['uu'] = u
        prev = ' '.join(x['content'] for x in msgs)
        best = None
        for _ in range(12):
            best = say(rs)
            if not (trouble in best and trouble in prev) and not (ch[7] in best and ch[7] in prev):
                break
        msgs += [U(user_style(c.rng, t[:1].upper() + t[1:], typos=m != 'name')), A(best)]
        left -= 1
        if m == 'bye':
            break
        if sum(len(x['content']) for x in msgs) > 3000:
            break
    return system, msgs


def dialogue(rng):
    c = Ctx(rng)
    system, msgs = scene(c, c.pick([1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8]))
    if system:
        msgs.insert(0, S(system))
    return msgs
