"""Simple true facts about everyday things."""
from core import A, S, SYSTEMS, U, Ctx, an, join_and, up, user_style
from definitions import DEFS

FACTS = [l.split('|') for l in '''
What colour is the sky on a clear day?|The sky is blue on a clear day.|Blue.
What colour is grass?|Grass is green.|Green.
What colour is snow?|Snow is white.|White.
What colour is a ripe banana?|A ripe banana is yellow.|Yellow.
What colour is a ripe lemon?|A lemon is yellow.|Yellow.
What colour is coal?|Coal is black.|Black.
What colour is chocolate?|Chocolate is usually brown.|Brown.
What colour do you get when you mix blue and yellow?|Blue and yellow make green.|Green.
What colour do you get when you mix red and yellow?|Red and yellow make orange.|Orange.
What colour do you get when you mix red and blue?|Red and blue make purple.|Purple.
What colour do you get when you mix black and white?|Black and white make grey.|Grey.
What colour do you get when you mix red and white?|Red and white make pink.|Pink.
How many days are in a week?|There are seven days in a week.|Seven.
How many months are in a year?|There are twelve months in a year.|Twelve.
How many hours are in a day?|A day has twenty-four hours.|Twenty-four.
How many minutes are in an hour?|An hour has sixty minutes.|Sixty.
How many seconds are in a minute?|A minute has sixty seconds.|Sixty.
How many days are in a year?|A year has 365 days, and a leap year has 366.|365, or 366 in a leap year.
How many weeks are in a year?|A year has about fifty-two weeks.|About fifty-two.
How many years are in a century?|A century is one hundred years.|One hundred.
How many years are in a decade?|A decade is ten years.|Ten.
How many seasons are there?|There are four seasons: spring, summer, autumn and winter.|Four.
What are the four seasons?|The four seasons are spring, summer, autumn and winter.|Spring, summer, autumn and winter.
What season comes after winter?|Spring comes after winter.|Spring.
What season comes after spring?|Summer comes after spring.|Summer.
What season comes after summer?|Autumn comes after summer.|Autumn.
What season comes after autumn?|Winter comes after autumn.|Winter.
Which season is the coldest?|Winter is the coldest season.|Winter.
Which season is the warmest?|Summer is the warmest season.|Summer.
What are the days of the week?|The days of the week are Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.|Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.
What are the months of the year?|The months are January, February, March, April, May, June, July, August, September, October, November and December.|January, February, March, April, May, June, July, August, September, October, November and December.
Which month is the shortest?|February is the shortest month. It has 28 or 29 days.|February.
What is the first month of the year?|January is the first month.|January.
What is the last month of the year?|December is the last month.|December.
Which days are the weekend?|Saturday and Sunday are the weekend in many countries.|Saturday and Sunday.
How many legs does a spider have?|A spider has eight legs.|Eight.
How many legs does an insect have?|An insect has six legs.|Six.
How many legs does a dog have?|A dog has four legs.|Four.
How many legs does a bird have?|A bird has two legs.|Two.
How many legs does a snake have?|A snake has no legs.|No legs at all.
How many arms does an octopus have?|An octopus has eight arms.|Eight.
How many wheels does a bicycle have?|A bicycle has two wheels.|Two.
How many wheels does a car have?|A car usually has four wheels.|Four.
How many wheels does a tricycle have?|A tricycle has three wheels.|Three.
How many fingers are on one hand?|A hand has five fingers, if you count the thumb.|Five, with the thumb.
How many letters are in the English alphabet?|The English alphabet has twenty-six letters.|Twenty-six.
How many sides does a triangle have?|A triangle has three sides.|Three.
How many sides does a square have?|A square has four sides of the same length.|Four.
How many sides does a hexagon have?|A hexagon has six sides.|Six.
How many sides does a pentagon have?|A pentagon has five sides.|Five.
How many sides does an octagon have?|An octagon has eight sides.|Eight.
How many sides does a cube have?|A cube has six faces.|Six faces.
What shape is a ball?|A ball is round. Its shape is called a sphere.|A sphere.
How many strings does a violin have?|A violin has four strings.|Four.
How many strings does a guitar usually have?|A guitar usually has six strings.|Six.
What do bees make?|Bees make honey.|Honey.
What do cows eat?|Cows eat grass and hay.|Grass and hay.
What do cows give us?|Cows give us milk.|Milk.
What do sheep give us?|Sheep give us wool.|Wool.
What do hens lay?|Hens lay eggs.|Eggs.
What do caterpillars turn into?|Caterpillars turn into butterflies or moths.|Butterflies or moths.
What do tadpoles turn into?|Tadpoles turn into frogs or toads.|Frogs or toads.
What do pandas eat?|Pandas eat mostly bamboo.|Bamboo.
What do rabbits eat?|Rabbits eat grass, hay and leaves.|Grass, hay and leaves.
What do squirrels like to eat?|Squirrels like nuts and seeds.|Nuts and seeds.
Where do fish live?|Fish live in water.|In water.
Where do polar bears live?|Polar bears live in the Arctic, in the far north.|In the Arctic.
Where do penguins live?|Most penguins live in the southern half of the world, many of them in the cold of Antarctica.|Mostly in the far south.
Where do camels live?|Many camels live in deserts.|In deserts.
Where do kangaroos live?|Kangaroos live in Australia.|In Australia.
Where do birds lay their eggs?|Most birds lay their eggs in a nest.|In a nest.
Which animal is the tallest?|The giraffe is the tallest animal.|The giraffe.
Which animal is the largest?|The blue whale is the largest animal.|The blue whale.
What is the largest animal on land?|The African elephant is the largest animal on land.|The African elephant.
Which animal is the fastest on land?|The cheetah is the fastest animal on land.|The cheetah.
Which animal is called the king of the animals?|The lion is often called the king of the animals.|The lion.
Can penguins fly?|No, penguins cannot fly, but they swim very well.|No.
Can fish breathe air as we do?|Most fish cannot. They take oxygen from the water with their gills.|Most cannot.
Is a whale a fish?|No, a whale is a mammal. It breathes air.|No, it is a mammal.
Is a bat a bird?|No, a bat is a mammal that can fly.|No, it is a mammal.
Is a tomato a fruit?|Yes, a tomato is a fruit, although we cook it like a vegetable.|Yes.
Is a spider an insect?|No. Insects have six legs, and spiders have eight.|No.
What is the closest star to the Earth?|The sun is the closest star to the Earth.|The sun.
What planet do we live on?|We live on the planet Earth.|Earth.
How many planets are in our solar system?|There are eight planets in our solar system.|Eight.
What are the planets?|The planets are Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus and Neptune.|Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus and Neptune.
Which planet is the largest?|Jupiter is the largest planet of our solar system.|Jupiter.
Which planet is closest to the sun?|Mercury is the closest planet to the sun.|Mercury.
Which planet is known for its rings?|Saturn is known for its rings.|Saturn.
Which planet is called the red planet?|Mars is called the red planet.|Mars.
Does the moon make its own light?|No, the moon reflects the light of the sun.|No.
How long does the Earth need to go around the sun?|The Earth needs one year to go around the sun.|One year.
Where does the sun rise?|The sun rises in the east.|In the east.
Where does the sun set?|The sun sets in the west.|In the west.
Why is it dark at night?|It is dark at night because our side of the Earth is turned away from the sun.|Because our side of the Earth faces away from the sun.
What is ice made of?|Ice is frozen water.|Water.
At what temperature does water freeze?|Water freezes at zero degrees Celsius.|At zero degrees Celsius.
At what temperature does water boil?|At sea level, water boils at one hundred degrees Celsius.|At one hundred degrees Celsius.
What happens to ice when it gets warm?|Ice melts and turns into water.|It melts.
What happens when water boils?|The water turns into steam.|It turns into steam.
What do plants need to grow?|Plants need light, water and air, and most of them need soil.|Light, water and air.
What is bread made of?|Bread is made of flour and water, often with yeast and salt.|Flour and water, mostly.
What is cheese made from?|Cheese is made from milk.|Milk.
What is butter made from?|Butter is made from cream.|Cream.
What is paper made from?|Paper is mostly made from wood.|Wood.
What is glass made from?|Glass is made mostly from sand.|Mostly sand.
What is a window made of?|A window is usually made of glass and a frame.|Glass and a frame.
What do you use to cut paper?|You can cut paper with scissors.|Scissors.
What do you use to write?|You can write with a pen or a pencil.|A pen or a pencil.
What do you use in the rain?|You can use an umbrella in the rain.|An umbrella.
What do you use to open a lock?|You open a lock with a key.|A key.
What do you see with?|You see with your eyes.|Your eyes.
What do you hear with?|You hear with your ears.|Your ears.
What do you smell with?|You smell with your nose.|Your nose.
What do you taste with?|You taste with your tongue.|Your tongue.
What are the five senses?|The five senses are sight, hearing, smell, taste and touch.|Sight, hearing, smell, taste and touch.
Where is your heart?|Your heart is in your chest.|In your chest.
What does the heart do?|The heart pumps blood through the body.|It pumps blood.
What do lungs do?|We breathe with our lungs.|They let us breathe.
How many eyes does a person have?|A person has two eyes.|Two.
Why do we sleep?|We sleep so that the body and the brain can rest.|To rest.
Why do we eat?|We eat because food gives the body energy.|For energy.
How many centimetres are in a metre?|A metre has one hundred centimetres.|One hundred.
How many metres are in a kilometre?|A kilometre has one thousand metres.|One thousand.
How many grams are in a kilogram?|A kilogram has one thousand grams.|One thousand.
How many millimetres are in a centimetre?|A centimetre has ten millimetres.|Ten.
How many inches are in a foot?|A foot has twelve inches.|Twelve.
How many things are in a dozen?|A dozen is twelve.|Twelve.
How many is a pair?|A pair is two.|Two.
Which is heavier, an elephant or a mouse?|An elephant is much heavier than a mouse.|An elephant.
Which is faster, a snail or a horse?|A horse is much faster than a snail.|A horse.
Which is bigger, the sun or the moon?|The sun is far bigger than the moon.|The sun.
Which is hotter, fire or ice?|Fire is hot, and ice is cold, so fire is hotter.|Fire.
Which is longer, an hour or a minute?|An hour is longer. It has sixty minutes.|An hour.
Which is heavier, a stone or a feather?|A stone is heavier than a feather.|A stone.
Which is bigger, a lake or a pond?|A lake is bigger than a pond.|A lake.
Which is taller, a tree or a flower?|A tree is usually much taller than a flower.|A tree.
Which is sweeter, sugar or salt?|Sugar is sweet, and salt is not.|Sugar.
Who bakes bread?|A baker bakes bread.|A baker.
Who puts out fires?|Firefighters put out fires.|Firefighters.
Who flies a plane?|A pilot flies a plane.|A pilot.
Who looks after teeth?|A dentist looks after teeth.|A dentist.
Who teaches children at school?|Teachers teach children at school.|Teachers.
Who looks after sick animals?|A vet looks after sick animals.|A vet.
Who grows food on a farm?|A farmer grows food on a farm.|A farmer.
Where can you borrow books?|You can borrow books at a library.|At a library.
Where can you buy bread?|You can buy bread at a bakery.|At a bakery.
Where do trains stop?|Trains stop at a station.|At a station.
Where do planes land?|Planes land at an airport.|At an airport.
Where do ships stop?|Ships stop in a harbour.|In a harbour.
Name a fruit.|An apple is a fruit.|Apple.
Name a vegetable.|A carrot is a vegetable.|Carrot.
Name the largest ocean.|The Pacific is the largest ocean.|The Pacific.
How many continents are there?|Most people count seven continents.|Seven, as most people count them.
What are the continents?|The seven continents are Africa, Antarctica, Asia, Australia, Europe, North America and South America.|Africa, Antarctica, Asia, Australia, Europe, North America and South America.
What are the colours of the rainbow?|The colours of the rainbow are red, orange, yellow, green, blue, indigo and violet.|Red, orange, yellow, green, blue, indigo and violet.
What language do people speak in France?|People speak French in France.|French.
What language do people speak in Germany?|People speak German in Germany.|German.
What language do people speak in Spain?|People speak Spanish in Spain.|Spanish.
What language do people speak in Italy?|People speak Italian in Italy.|Italian.
What language do people speak in Brazil?|People speak Portuguese in Brazil.|Portuguese.
What language do people speak in Japan?|People speak Japanese in Japan.|Japanese.
What is the opposite of north?|The opposite of north is south.|South.
What is the opposite of east?|The opposite of east is west.|West.
What comes after Z in the alphabet?|Nothing. Z is the last letter of the alphabet.|Nothing, it is the last letter.
What is H2O?|H2O is water.|Water.
Why does it rain?|Water rises into the air, forms clouds, and falls back down as rain.|Because water from the clouds falls down.
Why do leaves fall in autumn?|Many trees drop their leaves to save water and energy for the winter.|To save water and energy.
Why do we wear coats in winter?|We wear coats in winter because it is cold.|Because it is cold.
Why do birds have feathers?|Feathers keep birds warm and help them to fly.|For warmth and for flying.
Why does a boat float?|A boat floats because it pushes water away, and the water pushes it up.|Because the water pushes it up.
What is the first letter of the alphabet?|The first letter is A.|A.
'''.strip().split('\n')]
OPP = '''hot cold|big small|tall short|fast slow|day night|up down|happy sad|old young|new old|light dark|heavy light|loud quiet|hard soft|wet dry|open closed|full empty|rich poor|strong weak|good bad|early late|left right|in out|front back|yes no|win lose|buy sell|come go|give take|begin end|start stop|push pull|clean dirty|easy difficult|high low|long short|thick thin|wide narrow|near far|inside outside|first last|always never|love hate|laugh cry|true false|right wrong|black white|rough smooth|sharp blunt|sweet sour|deep shallow|cheap expensive|brave cowardly|kind unkind|polite rude|asleep awake|alive dead|before after|above below|north south|summer winter|friend enemy|question answer|remember forget|find lose|arrive leave|borrow lend|polite rude|safe dangerous|same different|simple complicated|noisy quiet|warm cool|more less|top bottom|morning evening|hello goodbye|sunrise sunset|float sink|build destroy|lazy hard-working|generous stingy'''.split('|')
PLURAL = '''mouse mice|child children|foot feet|tooth teeth|man men|woman women|goose geese|person people|sheep sheep|fish fish|leaf leaves|knife knives|wolf wolves|wife wives|half halves|shelf shelves|loaf loaves|baby babies|city cities|story stories|berry berries|pony ponies|box boxes|bus buses|fox foxes|dish dishes|watch watches|glass glasses|tomato tomatoes|potato potatoes|hero heroes|key keys|boy boys|toy toys|cat cats|dog dogs|book books|tree trees|house houses|apple apples|ox oxen|deer deer|lady ladies|cherry cherries|brush brushes|class classes|wish wishes|thief thieves|calf calves|scarf scarves'''.split('|')
PAST = '''go went|run ran|eat ate|see saw|come came|take took|give gave|write wrote|sing sang|swim swam|drink drank|begin began|know knew|grow grew|fly flew|draw drew|throw threw|blow blew|speak spoke|break broke|wake woke|choose chose|find found|think thought|buy bought|bring brought|catch caught|teach taught|sleep slept|keep kept|feel felt|leave left|lose lost|make made|say said|tell told|sell sold|hear heard|hold held|sit sat|stand stood|win won|walk walked|play played|jump jumped|help helped|cook cooked|laugh laughed|cry cried|try tried|stop stopped|drive drove|ride rode|build built|send sent|spend spent|forget forgot|get got|meet met|read read|put put|cut cut'''.split('|')
CAPITALS = '''France Paris|Germany Berlin|Italy Rome|Spain Madrid|Portugal Lisbon|Austria Vienna|Greece Athens|Norway Oslo|Sweden Stockholm|Denmark Copenhagen|Finland Helsinki|Ireland Dublin|Poland Warsaw|Hungary Budapest|Belgium Brussels|Japan Tokyo|China Beijing|Russia Moscow|Egypt Cairo|Canada Ottawa|Australia Canberra|Argentina Buenos_Aires|Brazil Brasilia|Peru Lima|Chile Santiago|Cuba Havana|Mexico Mexico_City|Kenya Nairobi|Thailand Bangkok|Turkey Ankara|India New_Delhi|Iceland Reykjavik|the_United_Kingdom London|the_United_States Washington,_D.C.|the_Czech_Republic Prague|Vietnam Hanoi|Ukraine Kyiv|Iran Tehran|Iraq Baghdad'''.split('|')
RHYMES = 'cat hat bat mat|dog log frog fog|sun fun run bun|tree bee sea key|house mouse|light night bright kite|star car jar far|rain train plane lane|ball tall wall fall|cake lake snake make|moon spoon soon June|bear chair pear hair|king ring sing wing|boat coat goat note|day play way stay|blue shoe two new|book look cook hook|snow go toe slow|red bed head bread|sky fly high pie|hand sand land band|heart start art part|song long wrong strong|feet sweet meat street|nose rose toes goes|fish dish wish|sock clock rock lock|fox box socks rocks|time rhyme lime climb|cold gold old bold'.split('|')
CATS = {'fruits': 'apple pear plum banana orange lemon cherry grape peach melon strawberry mango', 'vegetables': 'carrot onion potato cabbage spinach cucumber pepper leek pumpkin broccoli', 'animals': 'dog cat horse cow lion elephant rabbit fox wolf bear mouse tiger', 'birds': 'robin owl eagle sparrow duck crow swan penguin parrot gull',
        'colours': 'red blue green yellow orange purple black white brown pink', 'tools': 'hammer saw screwdriver drill pliers axe wrench', 'musical instruments': 'piano violin guitar flute drum trumpet cello harp', 'clothes': 'coat hat shirt sock scarf dress jacket glove', 'furniture': 'table chair bed sofa desk shelf wardrobe',
        'vehicles': 'car bus train bicycle ship plane truck tram', 'flowers': 'rose tulip daisy lily sunflower daffodil violet', 'trees': 'oak pine birch maple willow beech fir elm', 'insects': 'ant bee butterfly beetle fly mosquito moth', 'drinks': 'water tea coffee milk juice lemonade cocoa', 'sports': 'football tennis swimming running basketball hockey cycling', 'planets': 'Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune',
        'countries': 'France Japan Brazil Egypt Canada India Italy Kenya', 'seasons': 'spring summer autumn winter', 'shapes': 'circle square triangle rectangle oval hexagon', 'jobs': 'baker teacher nurse farmer pilot carpenter cook', 'parts of the body': 'head arm leg hand foot nose ear knee', 'languages': 'English French German Spanish Italian Japanese Arabic'}
SING = {'fruits': 'fruit', 'vegetables': 'vegetable', 'animals': 'animal', 'birds': 'bird', 'colours': 'colour', 'tools': 'tool', 'musical instruments': 'musical instrument', 'vehicles': 'vehicle', 'flowers': 'flower', 'trees': 'tree', 'insects': 'insect', 'drinks': 'drink', 'sports': 'sport', 'planets': 'planet', 'countries': 'country', 'seasons': 'season', 'shapes': 'shape', 'jobs': 'job', 'languages': 'language'}
SOUND = 'dog barks|cat meows|cow moos|sheep bleats|horse neighs|pig grunts|duck quacks|lion roars|wolf howls|frog croaks|bee buzzes|snake hisses|owl hoots|rooster crows|mouse squeaks|bird sings|donkey brays|elephant trumpets|crow caws|hen clucks'.split('|')
BABY = 'cat kitten|dog puppy|cow calf|sheep lamb|horse foal|hen chick|goat kid|pig piglet|duck duckling|goose gosling|bear cub|lion cub|frog tadpole|deer fawn|kangaroo joey|swan cygnet|owl owlet|fox cub'.split('|')
DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split()
MONTHS = 'January February March April May June July August September October November December'.split()
MD = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
NW = {28: 'twenty-eight', 30: 'thirty', 31: 'thirty-one'}


def one(c):
    k = c.rnd()
    p = c.pick
    if k < 0.33:
        f = p(FACTS)
        q = f[0]
        if q[0] == 'W' and c.chance(0.15):
            q = p(['Tell me: ', 'Quick question: ', 'Do you know? ', 'I forgot: ']) + q[0].lower() + q[1:] if not q.startswith('What is H2O') else q
            q = q.replace('? w', '? W')
        elif c.chance(0.1):
            return q + ' ' + p(['Answer in one word.', 'Short answer, please.', 'Keep it short.']), f[2]
        return q, f[1] if c.chance(0.75) else f[2]
    if k < 0.58:
        w, art, d = p(DEFS)
        aw = (art + ' ' + w).strip()
        adj = not art and d.split(' ')[0] in 'not friendly telling wanting feeling needing sad pleased nervous making quick able behaving happy unhappy soft'.split() and w in 'brave kind honest lazy curious angry happy sad tired hungry thirsty lonely proud shy quiet clever patient polite generous jealous greedy gentle'.split()
        if adj:
            return p(['What does "%s" mean?', 'What is the meaning of "%s"?', 'Explain the word "%s".', 'what does it mean to be %s?', 'Define "%s".']) % w, p(['"%s" means %s.' % (up(w), d), 'If you are %s, you are %s.' % (w, d) if d.split(' ')[0] not in ('not', 'wanting', 'needing', 'telling', 'feeling', 'making', 'behaving') else '"%s" means %s.' % (up(w), d)])
        be = 'are' if w == 'scissors' else 'is'
        q = p(['What ' + be + ' {aw}?', 'What ' + be + ' {aw}?', 'What does "{w}" mean?', 'Explain the word "{w}".', 'Define "{w}".', 'Can you explain what {aw} ' + be + '?', 'Tell me what {aw} ' + be + '.', 'What do you call it: {d}?'])
        if q.startswith('What do you call'):
            return 'What do you call ' + d + '?', p(['That is %s.' % aw if be == 'is' else 'Those are scissors.', up(aw) + '.'])
        return q.replace('{aw}', aw).replace('{w}', w), '%s %s %s.' % (up(aw), be, d)
    if k < 0.65:
        a, b = p(OPP).split(' ')
        if c.chance(0.5) and b not in ('old', 'light', 'short', 'quiet', 'lose', 'rude'):
            a, b = b, a
        return p(['What is the opposite of %s?', 'What is the opposite of "%s"?', 'Opposite of %s?', 'Give me the opposite of %s.', 'Tell me the opposite of "%s".']) % a, p(['The opposite of %s is %s.' % (a, b), up(b) + '.', 'It is "%s".' % b])
    if k < 0.70:
        a, b = p(PLURAL).split(' ')
        return p(['What is the plural of "%s"?', 'Plural of %s?', 'One %s, two what?']) % a, p(['The plural of "%s" is "%s".' % (a, b), up(b) + '.', 'One %s, two %s.' % (a, b)])
    if k < 0.74:
        a, b = p(PAST).split(' ')
        return p(['What is the past tense of "%s"?', 'Past tense of %s?', 'Give me the past tense of "%s".']) % a, p(['The past tense of "%s" is "%s".' % (a, b), up(b) + '.', 'It is "%s".' % b])
    if k < 0.80:
        a, b = (x.replace('_', ' ') for x in p(CAPITALS).split(' '))
        if c.chance(0.7):
            return p(['What is the capital of %s?', 'capital of %s?', 'Which city is the capital of %s?', 'Tell me the capital of %s.']) % a, p(['The capital of %s is %s.' % (a, b.rstrip('.')), b.rstrip('.') + '.', 'It is %s.' % b.rstrip('.')])
        return '%s is the capital of which country?' % b, '%s is the capital of %s.' % (b, a)
    if k < 0.84:
        r = p(RHYMES).split(' ')
        c.rng.shuffle(r)
        return p(['What rhymes with %s?', 'Give me a word that rhymes with "%s".', 'Find a rhyme for %s.', 'Which word rhymes with "%s"?']) % r[0], p(['"%s" rhymes with "%s".' % (up(r[1]), r[0]), up(r[1]) + '.']) if c.chance(0.6) or len(r) < 3 else '%s and %s rhyme with %s.' % (up(r[1]), r[2], r[0])
    if k < 0.91:
        cat = p(list(CATS))
        ws = CATS[cat].split(' ')
        n = c.int(2, min(5, len(ws)))
        s = c.sample(ws, n)
        N = 'zero one two three four five six'.split()
        if c.chance(0.6):
            sep = join_and(s)
            return p(['Name %s %s.', 'Tell me %s %s.', 'Give me %s %s.', 'Can you name %s %s?', 'List %s %s.']) % (p([N[n], str(n)]), cat), p([up(sep) + '.', 'For example: %s.' % sep])
        if cat in SING:
            w = s[0]
            o = p([x for x in SING if x != cat])
            pro = w in ('water', 'tea', 'coffee', 'milk', 'juice', 'lemonade', 'cocoa') or w[0].isupper() or cat in ('sports', 'colours', 'seasons')
            if cat == 'colours' and w == 'orange' or cat == 'flowers' and w == 'violet':
                w = 'red' if cat == 'colours' else 'rose'
            if cat in ('birds', 'insects') and o == 'animals' or o in ('birds', 'insects') and cat == 'animals' or 'fruits' in (o, cat) and ('colours' in (o, cat) or 'vegetables' in (o, cat)) or w == 'fly':
                o = 'tools'
            aw = w if pro else an(w)
            if c.chance(0.5) and w != 'fly':
                return 'Is %s a %s?' % (aw, SING[cat]) if SING[cat][0] not in 'aeiou' else 'Is %s an %s?' % (aw, SING[cat]), 'Yes, %s is %s.' % (aw, an(SING[cat]))
            if w == 'orange' or cat == 'jobs' or w == 'fly':
                return 'Is a dog a bird?', 'No, a dog is an animal with four legs, not a bird.'
            return 'Is %s %s?' % (aw, an(SING[o])), 'No, %s is %s.' % (aw, an(SING[cat]))
        return 'Name two %s.' % cat, '%s and %s.' % (up(s[0]), s[1])
    if k < 0.94:
        a, b = p(SOUND).split(' ')
        return p(['What sound does a %s make?', 'What does a %s do when it makes a noise?', 'What noise does a %s make?']).replace('a owl', 'an owl') % a if a not in ('owl', 'elephant') else 'What sound does an %s make?' % a, p([up(an(a)) + ' ' + b + '.', 'It %s.' % b])
    if k < 0.96:
        a, b = p(BABY).split(' ')
        return 'What is a baby %s called?' % a, p(['A baby %s is called a %s.' % (a, b) if b[0] not in 'aeio' else 'A baby %s is called an %s.' % (a, b), up(an(b)) + '.'])
    if k < 0.98:
        i = c.int(0, 6)
        if c.chance(0.5):
            return p(['What day comes after %s?', 'Which day is after %s?']) % DAYS[i], p(['%s comes after %s.' % (DAYS[(i + 1) % 7], DAYS[i]), DAYS[(i + 1) % 7] + '.'])
        return p(['What day comes before %s?', 'Which day is before %s?']) % DAYS[i], p(['%s comes before %s.' % (DAYS[i - 1], DAYS[i]), DAYS[i - 1] + '.'])
    i = c.int(0, 11)
    r = c.int(0, 2)
    if r == 0:
        return 'What month comes after %s?' % MONTHS[i], p(['%s comes after %s.' % (MONTHS[(i + 1) % 12], MONTHS[i]), MONTHS[(i + 1) % 12] + '.'])
    if r == 1:
        return 'What month comes before %s?' % MONTHS[i], p(['%s comes before %s.' % (MONTHS[i - 1], MONTHS[i]), MONTHS[i - 1] + '.'])
    return 'How many days does %s have?' % MONTHS[i], '%s has %s days%s.' % (MONTHS[i], NW[MD[i]], ', and twenty-nine in a leap year' if i == 1 else '')


def dialogue(rng):
    c = Ctx(rng)
    msgs = [S(c.pick(SYSTEMS))] if c.chance(0.14) else []
    for _ in range(c.pick([1, 2, 2, 3, 3, 4, 5])):
        q, a = one(c)
        msgs += [U(user_style(rng, q, typos=c.chance(0.5))), A(a)]
    return msgs
