"""Word banks of the story generator: what the stories can be about.

OBJECTS: noun | adjectives | use (infinitive) | use (past) | how it broke | how it was mended | where it was kept
PLACES:  noun | preposition | three sights or sounds | who looks after it | what people did there
ANIMALS: noun | home | skill (infinitive) | food | call (past tense)
JOBS:    noun | workplace | tool | daily work (past) | what went wrong | what put it right
"""


def _rows(text, n):
    rows = [tuple(x.strip() for x in line.split('|')) for line in text.strip().split('\n')]
    for r in rows:
        assert len(r) == n, r
    return rows


OBJECTS = _rows('''
kite | red, yellow, striped, paper, blue | fly it over the hill | flew it over the hill | its tail tore off | tied on a new tail of old ribbon | on a hook by the door
lamp | brass, old, green, little, oil | light it at dusk | lit it at dusk | its glass cracked | fitted a clean new glass | on the window sill
clock | tall, wooden, old, brass, kitchen | wind it every night | wound it every night | it stopped ticking | cleaned its tiny wheels one by one | on the wall above the stove
drum | round, red, painted, big, tin | play it in the yard | played it in the yard | its skin split | stretched a new skin over it | under the stairs
violin | brown, shining, old, small, borrowed | play it by the fire | played it by the fire | one of its strings snapped | put on a new string and tuned it | in a velvet case
book | thick, blue, old, picture, leather | read it before bed | read it before bed | its pages fell out | sewed the pages back in with strong thread | on the lowest shelf
umbrella | yellow, black, spotted, huge, green | carry it in the rain | carried it in the rain | the wind turned it inside out | bent its ribs straight again | in a stand by the door
bicycle | red, rusty, blue, secondhand, silver | ride it down the lane | rode it down the lane | its chain broke | linked the chain together and oiled it | in the shed
boat | wooden, little, green, white, leaky | row it across the lake | rowed it across the lake | water came in through a crack | filled the crack with warm tar | by the jetty
teapot | blue, china, round, chipped, silver | make tea in it | made tea in it | its handle broke off | glued the handle on again | on the top shelf
key | golden, rusty, tiny, iron, silver | turn it in the old lock | turned it in the old lock | it bent in the lock | hammered it straight on a stone | on a ribbon
hat | straw, tall, green, woolly, funny | wear it to market | wore it to market | the wind tore its brim | stitched the brim with neat thread | on a peg in the hall
scarf | long, red, striped, warm, woollen | wear it in the snow | wore it in the snow | one end came undone | knitted the end again | in a drawer
coat | warm, patched, blue, long, heavy | wear it all winter | wore it all winter | a pocket ripped open | sewed on a bright patch | on a hook behind the door
blanket | soft, blue, knitted, patchwork, warm | sleep under it | slept under it | it tore down the middle | sewed it together with red wool | at the foot of the bed
doll | rag, wooden, little, old, smiling | carry it everywhere | carried it everywhere | its arm came off | sewed the arm back on | on the pillow
teddy bear | brown, one-eyed, soft, old, floppy | hug it at night | hugged it at night | its ear came loose | stitched the ear back in place | on the pillow
robot | tin, shiny, little, square, friendly | teach it new tricks | taught it new tricks | its wheels stuck | put a drop of oil on each wheel | on the workbench
toy train | green, wooden, tiny, red, tin | run it around the table | ran it around the table | a wheel rolled off | pressed the wheel back on its pin | in a box under the bed
ball | red, bouncy, rubber, striped, leather | kick it in the park | kicked it in the park | it went flat | patched the hole and pumped it up | by the back door
bell | silver, bronze, tiny, cracked, loud | ring it at noon | rang it at noon | its clapper fell out | hung a new clapper inside | on a post by the gate
mirror | round, silver, tall, dusty, little | look into it each morning | looked into it each morning | a crack ran across it | set new glass in the old frame | in the hall
map | faded, old, torn, hand-drawn, secret | follow it through the woods | followed it through the woods | rain washed away half of it | drew the missing half again from memory | inside an old book
compass | brass, tiny, old, silver, trusty | take it on long walks | took it on long walks | its needle stuck | tapped it free and cleaned the pin | in a leather pouch
telescope | long, brass, homemade, old, black | look at the stars with it | looked at the stars with it | its lens came loose | set the lens back with a ring of wax | by the attic window
ring | gold, silver, thin, plain, old | wear it on feast days | wore it on feast days | its little stone fell out | set the stone back in its place | in a wooden box
lantern | paper, red, iron, bright, swinging | hang it on the gate | hung it on the gate | its door broke | bent a new hinge from wire | on a nail by the door
candle | tall, white, honey-coloured, fat, little | light it on dark evenings | lit it on dark evenings | it snapped in two | melted the two halves together | in a brass holder
basket | round, willow, brown, deep, woven | fill it with apples | filled it with apples | its handle came off | wove a new handle from willow | beside the stove
paintbrush | thin, worn, wooden, favourite, soft | paint the sky with it | painted the sky with it | its hairs fell out | tied in a tuft of new hair | in a jar of water
pencil | short, blue, stubby, yellow, lucky | draw with it | drew with it | its point broke | sharpened it to a fine new point | behind one ear
camera | old, black, small, heavy, secondhand | take pictures of birds with it | took pictures of birds with it | its shutter jammed | freed the shutter with a thin pin | in a bag with soft lining
radio | wooden, crackly, small, old, red | listen to it in the evening | listened to it in the evening | it went silent | found the loose wire and joined it | on the kitchen shelf
sled | wooden, fast, red, long, homemade | ride it down the snowy hill | rode it down the snowy hill | a runner cracked | bound the runner with cord | against the barn wall
wagon | red, creaky, wooden, small, blue | pull it to the market | pulled it to the market | a wheel came off | made a new pin for the wheel | in the yard
swing | rope, wooden, high, garden, new | swing on it after supper | swung on it after supper | its rope frayed | knotted on a strong new rope | under the oak tree
flute | wooden, thin, silver, bamboo, little | play it at sunrise | played it at sunrise | a crack made it whistle wrong | sealed the crack with beeswax | in a cloth bag
guitar | old, brown, borrowed, scratched, small | play it on the steps | played it on the steps | two strings broke | put on two new strings | in the corner of the room
piano | old, black, dusty, upright, brown | play it on Sundays | played it on Sundays | three keys went silent | freed the three stuck hammers | in the front room
sewing machine | old, black, noisy, humming, iron | make shirts on it | made shirts on it | its needle broke | fitted a new needle and a drop of oil | by the window
spade | rusty, small, strong, wooden, old | dig the garden with it | dug the garden with it | its handle split | cut a new handle of ash wood | in the shed
watering can | green, dented, tin, little, old | water the beans with it | watered the beans with it | it sprang a leak | closed the leak with a bit of solder | by the garden tap
ladder | long, wooden, wobbly, tall, old | climb it to pick pears | climbed it to pick pears | a rung broke | cut and fitted a new rung | behind the shed
mug | chipped, blue, big, favourite, round | drink cocoa from it | drank cocoa from it | its handle snapped | glued the handle back on | on a hook in the kitchen
spoon | wooden, silver, long, little, old | stir the soup with it | stirred the soup with it | it cracked along the bowl | carved a new one just like it | in a jar by the stove
pot | copper, black, heavy, big, old | cook soup in it | cooked soup in it | its bottom wore through | riveted on a round copper patch | over the fire
pair of boots | brown, muddy, red, sturdy, old | walk the hills in them | walked the hills in them | one sole came loose | nailed the sole on again | by the back door
pair of glasses | round, thick, gold, small, green | read the newspaper with them | read the newspaper with them | one lens fell out | screwed the lens back in | on the bedside table
letter | sealed, crumpled, long, yellowed, unexpected | read it again and again | read it again and again | it got wet and the ink ran | wrote it out afresh on clean paper | inside a drawer
music box | tiny, silver, painted, old, round | wind it at bedtime | wound it at bedtime | its tune went crooked | straightened one bent tooth inside | on the shelf by the bed
snow globe | round, glass, pretty, small, old | shake it and watch the snow | shook it and watched the snow | it rolled off and cracked | sealed the crack and filled it again | on the mantelpiece
model ship | wooden, fine, three-masted, small, dusty | sail it on the pond | sailed it on the pond | its mast snapped | glued in a new mast | on the bookcase
puppet | wooden, funny, painted, stringed, little | make it dance | made it dance | its strings tangled and tore | tied on fresh strings | in a red trunk
typewriter | black, clacking, old, heavy, green | type stories on it | typed stories on it | one letter kept sticking | brushed the dust from every letter | on the desk
treasure chest | heavy, iron, small, oak, sea-worn | hide secrets in it | hid secrets in it | its lid came off | put new hinges on the lid | under the bed
magic stone | smooth, glowing, green, round, warm | hold it and make wishes | held it and made wishes | its glow went out | set it in the sunlight until it shone | in a small bag
magic wand | thin, crooked, silver, old, sparkling | try small spells with it | tried small spells with it | it snapped in the middle | joined it with a silver thread | in a long box
balloon | red, round, shiny, yellow, big | hold it on a string | held it on a string | its air slowly leaked out | filled it again and tied it tightly | on the bedpost
seed | tiny, strange, black, round, striped | plant it in the garden | planted it in the garden | a bird scratched it out of the soil | pressed it back into the soft earth | in a paper bag
flower | blue, little, rare, white, golden | water it every morning | watered it every morning | its stem bent in the storm | tied its stem to a thin stick | in a pot by the window
pumpkin | huge, orange, round, heavy, lumpy | grow it for the fair | grew it for the fair | a frost nipped its leaves | covered it with straw to keep it warm | behind the house
cake | tall, chocolate, birthday, lemon, honey | share it at the party | shared it at the party | one side of it sank | filled the dip with cream and berries | on a plate in the pantry
loaf of bread | warm, round, brown, crusty, big | slice it for breakfast | sliced it for breakfast | its crust burned black | scraped off the crust and toasted the rest | in the bread bin
shell | pink, curled, white, smooth, tiny | hear the sea in it | heard the sea in it | its edge chipped | polished the edge until it was smooth | on the window sill
feather | white, long, blue, golden, soft | write with it | wrote with it | its tip split | cut a fresh tip with a small knife | between two pages of a book
coin | gold, old, lucky, silver, bent | keep it for luck | kept it for luck | it slipped through a hole in a pocket | sewed the pocket up with double thread | in a jar
snowman | tall, fat, smiling, crooked, little | build it in the yard | built it in the yard | its head fell off | rolled it a fresh round head | in the yard
tent | green, old, small, patched, orange | sleep in it by the river | slept in it by the river | its pole cracked | bound the pole with strips of cloth | in a canvas sack
quilt | patchwork, bright, soft, old, heavy | wrap up in it | wrapped up in it | its seams came open | sewed every seam again by hand | in a cedar chest
chair | rocking, wooden, creaky, three-legged, old | sit in it by the fire | sat in it by the fire | one of its legs broke | turned a new leg on the lathe | beside the fire
door | green, little, hidden, round, old | open it and peek inside | opened it and peeked inside | its hinges rusted fast | oiled its hinges until it swung freely | at the end of the hall
''', 7)

PLACES = _rows('''
lighthouse | in | the great lamp turned slowly at the top; the waves boomed against the rocks below; a hundred stairs wound up to the light | keeper | watched for ships in the fog
forest | in | the tall pines whispered; mushrooms grew like little umbrellas; sunlight fell in golden spots | forester | gathered berries and firewood
castle | in | flags snapped above the towers; the stone halls echoed; a drawbridge crossed the green moat | caretaker | held feasts in the great hall
village | in | smoke rose from the chimneys; chickens wandered across the square; everyone knew everyone by name | mayor | met at the well to share the news
garden | in | bees hummed in the lavender; a stone path curved between the roses; ripe tomatoes hung in rows | gardener | dug, planted and watered
farm | on | the rooster crowed from the fence; hay filled the red barn; the cows came slowly to the gate | farmer | fed the animals before breakfast
island | on | palm trees leaned over the white sand; gulls cried all day long; a small hill rose in the middle | boatman | fished from the flat rocks
mountain | on | snow shone on the peak; eagles circled above the cliffs; a cold stream ran between the stones | guide | climbed the winding path
beach | on | the waves rolled in and out; shells lay along the sand; the salty wind tugged at every hat | lifeguard | built castles in the sand
desert | in | the dunes changed shape every night; the sun burned in an empty sky; one green palm stood by a well | camel driver | travelled from well to well
river | by | the water sang over the stones; willows dipped their leaves in it; fish flashed silver in the shallows | ferryman | washed clothes and caught fish
lake | by | mist lay on the water at dawn; frogs called from the reeds; a little jetty reached out from the shore | boatman | rowed out to the deep blue middle
library | in | tall shelves reached up to the ceiling; the lamps had green shades; the pages smelled of dust and vanilla | librarian | read in the quiet corners
school | in | chalk dust floated in the sun; the bell rang at nine; coats hung in a long bright row | teacher | learned to read, count and sing
bakery | in | the ovens glowed before dawn; trays of buns cooled by the window; the whole street smelled of warm bread | baker | queued for fresh rolls
train station | at | the big clock ticked above the doors; steam curled along the platform; porters pushed carts of bags | stationmaster | waved goodbye to their friends
museum | in | old bones stood in the great hall; golden masks shone behind glass; footsteps echoed on the marble | guard | looked at things from long ago
circus | at | the striped tent glowed at night; the band played loud and fast; lanterns swung over the ring | ringmaster | clapped for the clowns and acrobats
harbour | in | masts swayed side by side; fishing nets dried in the sun; the foghorn moaned in bad weather | harbour master | loaded barrels and mended nets
market | at | bright fruit lay in heaps; sellers called out their prices; the smell of spice hung in the air | market warden | bought apples, cloth and cheese
windmill | in | the great sails creaked around; flour dust lay on every beam; the stones rumbled day and night | miller | brought their grain to be ground
attic | in | cobwebs hung from the beams; old trunks stood in the dust; one round window let in the moon | grandmother | hid on rainy afternoons
cave | in | water dripped in the dark; bats slept on the roof; crystals sparkled like stars | guide | sheltered from the rain
hospital | in | soft shoes squeaked along the corridors; flowers stood on every table; a radio played quietly at night | nurse | rested until they were well
zoo | at | the monkeys chattered at breakfast; a lion dozed in the sun; the elephants splashed in their pool | zookeeper | watched the animals all afternoon
park | in | ducks quarrelled on the pond; children raced around the fountain; the old benches stood under the elms | park keeper | flew kites and fed the birds
playground | at | the swings squeaked; the long slide shone in the sun; somebody was always laughing | caretaker | climbed, swung and played tag
cottage | in | roses climbed around the door; a kettle sang on the stove; the roof was thatched with straw | old woman | sat together by the fire
haunted house | in | the shutters banged in the wind; the stairs groaned at night; dust lay thick on the floor | caretaker | dared each other to knock on the door
treehouse | in | leaves brushed against the windows; a rope ladder hung down; the branches rocked it like a ship | carpenter | kept a lookout over the fields
spaceship | on | lights blinked along the walls; the stars drifted past the windows; the engines hummed like bees | captain | floated from room to room
moon base | at | grey dust lay all around; the blue Earth hung in the black sky; the air machines sighed softly | commander | grew beans under glass
submarine | in | strange fish peered through the round window; pipes gurgled overhead; everything was painted yellow | captain | looked for wonders on the sea floor
ship | on | the sails filled with wind; ropes creaked and sang; dolphins raced beside the bow | captain | scrubbed the deck and watched the horizon
bookshop | in | books were piled up to the ceiling; a cat slept in the window; a tiny bell rang above the door | bookseller | browsed for hours on rainy days
toy shop | in | puppets hung from the ceiling; a train ran around the shelves; wooden horses rocked by the door | toymaker | pressed their noses to the window
tea shop | in | steam curled from the pots; jars of leaves lined the wall; the cups never matched | shopkeeper | warmed their hands around their cups
theatre | in | the red curtain hung in heavy folds; rows of seats waited in the dark; dust danced in the spotlight | stage manager | clapped and called for more
bridge | on | the river rushed far below; old lamps stood along the rail; the planks rattled under every cart | bridge keeper | stopped to watch the water
orchard | in | apples shone among the leaves; bees hummed in the blossom; ladders leaned against the trees | farmer | filled basket after basket
meadow | in | poppies nodded in the grass; grasshoppers chirped; butterflies drifted from flower to flower | shepherd | lay in the grass and watched the clouds
swamp | by | frogs croaked in the reeds; green water bubbled; fireflies blinked at night | old fisherman | walked carefully along the planks
jungle | in | parrots screamed in the treetops; vines hung like ropes; the air was warm and wet | explorer | followed the narrow paths
valley | in | sheep dotted the green slopes; a stream ran through the middle; the hills kept out the wind | shepherd | tended their flocks and fields
hotel | at | brass keys hung behind the desk; the carpet was soft and red; the lift went up with a sigh | porter | slept in wide white beds
kitchen | in | copper pans shone on the wall; something was always bubbling; the table was white with flour | cook | chopped, stirred and tasted
workshop | in | wood shavings curled on the floor; tools hung in neat rows; the air smelled of glue and pine | carpenter | sawed and hammered all day
clock tower | in | huge wheels turned in the shadows; pigeons slept on the beams; the bell shook the floor each hour | clockmaker | set their watches by its bell
igloo | in | the walls glowed blue in the sun; furs covered the floor; the wind could not get in | old hunter | told tales through the long night
well | by | the rope creaked on its wheel; moss grew between the stones; the water tasted cold and sweet | old woman | filled their buckets each morning
fountain | at | the water leaped and fell; coins winked at the bottom; sparrows bathed along the edge | street sweeper | made wishes with copper coins
waterfall | by | the water roared like a crowd; rainbows hung in the spray; ferns grew on the wet rocks | guide | swam in the clear pool below
palace | in | mirrors lined the golden halls; peacocks strutted on the lawn; a hundred candles burned at night | butler | danced on the shining floor
barn | in | swallows nested under the roof; hay tickled every nose; the horses stamped in their stalls | farmer | stacked the hay and milked the cows
city | in | trams rattled down the hills; a thousand windows shone at night; street musicians played on the corners | mayor | hurried from street to street
railway tunnel | in | water dripped from the bricks; far-off wheels rumbled; a tiny light shone at the end | signalman | listened for the next train
observatory | at | the dome opened with a rumble; the great telescope pointed at the sky; star charts covered the walls | astronomer | counted the stars
greenhouse | in | the glass was misty and warm; oranges grew in tubs; drops fell from the big leaves | gardener | grew flowers in the middle of winter
post office | at | letters lay in tall piles; stamps went thump, thump, thump; parcels waited on the scales | postmistress | sent news to their far-off families
snowy cabin | in | the snow reached up to the windows; logs crackled in the stove; icicles hung from the roof | trapper | kept warm through the long winter
''', 5)

ANIMALS = _rows('''
fox | a den under the oak roots | run without a sound | berries | yelped
rabbit | a burrow in the meadow | jump over the tallest grass | clover | squeaked
mouse | a hole behind the stove | slip through the smallest gaps | crumbs of cheese | squeaked
owl | a hollow elm | see in the dark | seeds and scraps | hooted
bear | a cave on the hillside | carry heavy logs | honey | growled
hedgehog | a nest of dry leaves | roll into a ball | apples | snuffled
squirrel | a nest high in the beech tree | leap from branch to branch | acorns | chattered
cat | a basket by the fire | climb any wall | fish | meowed
dog | a kennel in the yard | follow any smell | biscuits | barked
puppy | a box in the kitchen | fetch sticks | milk and bread | yapped
kitten | a drawer full of socks | chase its own shadow | cream | mewed
frog | a pond with lily pads | leap a long way | flies | croaked
duck | a nest among the reeds | swim against the stream | pondweed | quacked
goose | the farmyard by the mill | fly in any weather | barley | honked
hen | a warm coop | find the best worms | corn | clucked
horse | a stable of red brick | gallop faster than the wind | oats | neighed
donkey | a shed behind the inn | carry heavy loads uphill | carrots | brayed
pony | a field beside the church | trot over the hills | apples | whinnied
cow | a green field by the river | find her way home in fog | grass | mooed
sheep | a pen on the hillside | stand firm in the snow | fresh grass | bleated
goat | a rocky slope | climb the steepest rocks | thistles | bleated
pig | a sty with clean straw | find truffles by smell | turnips | grunted
lion | a rock on the wide plain | roar louder than thunder | meat stew | roared
tiger | a grove of bamboo | swim across wide rivers | river fish | growled
elephant | a valley of tall trees | lift whole trees | bananas | trumpeted
giraffe | a grove of acacia trees | see far over the plain | tender leaves | hummed
monkey | the top of a fig tree | swing from vine to vine | figs | chattered
parrot | a cage with an open door | repeat any word | nuts | squawked
penguin | a shore of ice | slide on its belly | fish | squawked
polar bear | a land of snow | walk for days on the ice | fish | growled
seal | a flat rock in the bay | dive very deep | herring | barked
whale | the deep blue sea | sing across the whole ocean | tiny shrimps | sang
dolphin | a warm bay | leap over the waves | small fish | clicked
turtle | a sandy cove | hold its breath a long time | seaweed | murmured
tortoise | a corner of the garden | walk all day without tiring | lettuce | murmured
snail | the underside of a leaf | climb a wall of glass | cabbage | whispered
ant | a hill of pine needles | carry ten times its weight | sugar | whispered
bee | a hive in the lime tree | find flowers far away | nectar | buzzed
butterfly | a bush of purple flowers | ride on the breeze | nectar | whispered
caterpillar | a leaf on the oak | chew through any leaf | leaves | mumbled
spider | the corner of the barn | weave strong webs | crumbs of cake | whispered
ladybird | a rose bush | fly from stem to stem | dew | whispered
firefly | the edge of the swamp | light up the dark | dew | hummed
cricket | a crack in the hearth | play music all night | crumbs | chirped
crow | the top of a dead pine | solve hard puzzles | corn | cawed
robin | a nest in the ivy | sing before dawn | worms | chirped
sparrow | a gap under the roof | dart through tiny windows | seeds | chirped
swan | a lake among the hills | glide without a ripple | water plants | trumpeted
eagle | a nest on the cliff | soar above the clouds | fish | screamed
wolf | a den in the north woods | howl to the moon | meat scraps | howled
deer | a quiet clearing | run lightly as the wind | young leaves | called
badger | a deep old sett | dig faster than anyone | roots | grunted
otter | a bank of the river | swim in circles | fish | whistled
beaver | a lodge of sticks | build strong dams | bark | grumbled
mole | a long dark tunnel | dig in the dark | worms | muttered
bat | the roof of a cave | fly in pitch darkness | moths | squeaked
camel | a tent camp in the desert | walk for days without water | dates | grumbled
kangaroo | a dry red plain | hop over fences | grass | coughed
koala | a eucalyptus tree | sleep anywhere | leaves | mumbled
panda | a bamboo forest | roll down hills | bamboo | huffed
crocodile | a muddy river | lie as still as a log | fish | rumbled
octopus | a cave under the sea | change colour | crabs | bubbled
crab | a pool among the rocks | walk sideways at full speed | seaweed | clicked
starfish | a warm rock pool | hold on in any wave | algae | whispered
goldfish | a bowl by the window | swim in perfect circles | fish flakes | bubbled
dragon | a cave full of warm stones | breathe fire | roasted chestnuts | rumbled
unicorn | a moonlit glade | heal small wounds | wild roses | whinnied
dinosaur | a valley of ferns | shake the ground when it walked | leaves | bellowed
monster | the space under the stairs | hide in any shadow | old socks | growled
''', 5)

JOBS = _rows('''
baker | the bakery | rolling pin | baked bread before sunrise | the oven went cold | found a bird's nest in the chimney and moved it gently
fisherman | the harbour | net | went out to sea before dawn | the fish stayed away for weeks | rowed to the far side of the bay, where the water was warm
farmer | the farm | plough | worked the fields from morning to night | no rain fell for a month | dug a channel from the old spring
teacher | the little school | chalk | taught the children to read and count | nobody would listen in class | turned every lesson into a game
doctor | the clinic | stethoscope | visited the sick in every weather | a strange cough spread through the town | boiled a syrup of honey and thyme
nurse | the hospital | thermometer | cared for the sick through the night | one patient would not eat | sang the patient an old song from home
carpenter | the workshop | hammer | made tables, chairs and doors | all the wood was warped | stacked the boards to dry in the sun
blacksmith | the forge | tongs | hammered iron from dawn to dusk | the fire would not grow hot | patched the holes in the bellows
tailor | a shop with a round window | needle | sewed coats for the whole town | the cloth for the best coat was torn | hid the tear under a row of silver buttons
shoemaker | a shop under the stairs | awl | mended boots and shoes | nobody needed new shoes | began to make warm slippers for winter
clockmaker | a shop full of ticking | tiny screwdriver | mended clocks and watches | the great town clock stopped | found a sleeping mouse among the wheels
gardener | the rose garden | spade | grew roses of every colour | the roses turned brown | gave them rainwater and ash from the stove
librarian | the library | stamp | looked after ten thousand books | the most precious book was missing | found it inside the wrong cover
postman | the post office | letter bag | carried letters up and down the hills | one letter had no address | asked at every door until someone knew the handwriting
sailor | a white ship | compass | sailed from port to port | the wind died and the ship stood still | watched the gulls and steered to where they flew
captain | a ship with red sails | spyglass | sailed the seven seas | a thick fog hid the rocks | listened for the bell on the shore
pirate | a creaky old ship | hook | hunted for treasure on far islands | the treasure map got wet | dried the map over a warm lamp
knight | a cold stone castle | shield | guarded the gate of the castle | a dragon slept across the only road | woke the dragon politely and asked it to move
king | a castle on the hill | crown | ruled the kingdom from a tall chair | the people stopped smiling | walked through the town and listened to everyone
queen | a palace of white stone | crown | ruled the land with care | two villages quarrelled over a well | dug a second well with the royal silver
princess | a tall tower | silver brush | studied the stars from the tower | the tower door was locked and the key was lost | made a rope of bed sheets and climbed down
prince | a castle by the sea | wooden sword | practised riding every morning | nobody let the prince do anything alone | slipped out and helped in the kitchen
wizard | a crooked tower | wand | mixed potions and read old books | a spell turned every chair into a goat | read the spell backwards very slowly
witch | a cottage in the woods | broom | brewed healing teas | the broom refused to fly | said sorry to the broom and brushed its bristles
inventor | a shed full of wires | screwdriver | built machines from scrap | the best machine would not start | found a missing screw in a coat pocket
painter | a room under the roof | brush | painted skies and faces | all the blue paint was gone | mixed a new blue from crushed berries
musician | a small theatre | violin | played for the people every evening | the music sheets blew away | played from the heart without any sheets
astronaut | a shining spaceship | wrench | flew between the stars | the radio went dead | fixed the antenna on the outside of the ship
firefighter | the fire station | long hose | put out fires day and night | the ladder was too short | tied a second ladder to the first
policeman | the station on the corner | whistle | walked the streets and helped people | someone kept taking the milk bottles | hid at dawn and found a hungry cat
detective | a tiny office | magnifying glass | solved little mysteries | the clues made no sense | looked at the clues upside down
chef | the kitchen of an inn | wooden spoon | cooked for hungry travellers | the soup tasted of nothing | added a pinch of salt and a bunch of herbs
shepherd | a hut on the hillside | crook | watched over the sheep | one lamb was missing at night | followed the little bell in the dark
miller | the windmill | sack | ground grain into flour | the wind did not blow for a week | asked the neighbours to help turn the sails
lighthouse keeper | the lighthouse | lamp | lit the great lamp every evening | the lamp went out in a storm | held up every candle in the house
train driver | the railway | whistle | drove the train through the mountains | a fallen tree blocked the line | asked the passengers to pull the tree away
bus driver | the bus depot | big steering wheel | drove the same road every day | the bus got stuck in the snow | put straw under the wheels
mechanic | the garage | wrench | mended cars and tractors | a motor coughed and would not run | found a leaf in the fuel pipe
beekeeper | a field of clover | smoker | cared for forty hives | the bees would not come home | planted lavender beside the hives
toymaker | the toy shop | little knife | carved toys for the children | the toys would not smile | painted each smile while telling a joke
clown | the circus | red nose | made people laugh every night | nobody laughed anymore | tripped over a bucket, and everyone roared with laughter
dancer | the theatre | dancing shoes | danced until the lamps went out | a twisted ankle hurt badly | danced with the arms while sitting on a chair
explorer | a tent | map | walked through unknown lands | the path ended at a cliff | found a goat track around the cliff
scientist | a laboratory | microscope | studied tiny living things | the experiment failed every day | noticed that the window had been left open
astronomer | the observatory | telescope | watched the sky all night | clouds covered the sky for weeks | climbed the mountain until the clouds lay below
shopkeeper | the corner shop | scales | sold a little of everything | a new shop opened across the street | gave each child a free apple and each customer a smile
grandmother | a cottage with blue shutters | knitting needles | knitted socks for the whole family | the wool ran out | unravelled an old jumper and began again
grandfather | a house by the lake | pipe | told stories on the porch | the old stories were forgotten | looked through old photographs until they came back
potter | a shed by the river | wheel | made bowls and cups of clay | every pot cracked in the kiln | let the clay dry one day longer
weaver | a house full of thread | loom | wove cloth in bright colours | the threads tangled in a hundred knots | untied them slowly, one knot at a time
'''[1:], 6)

# theme | adjective (or feeling) word for "felt ..." | moral sentences
THEMES = _rows('''
courage | brave | Being brave does not mean having no fear; it means going on anyway./Courage can live in a very small heart.
bravery | brave | Brave people are often afraid, but they try all the same./Even the smallest can be brave.
friendship | happy | A friend is worth more than gold./It is easy to find things, but a good friend is a treasure.
kindness | warm inside | A kind act is never wasted./Kindness always finds its way back.
sharing | glad | A thing is twice as good when it is shared./What we share grows bigger.
honesty | relieved | The truth may be hard to say, but it makes the heart light./An honest word is the best repair.
patience | calm | Good things grow slowly./Some doors open only for those who wait.
hope | hopeful | Even the longest night ends in a morning./A little hope can light a big room.
loneliness | less alone | Sometimes a friend is waiting just around the corner./One open door can end a lonely winter.
jealousy | ashamed | There is room in a heart for more than one./What others have does not make us smaller.
anger | calm again | Anger is a fire, and it needs a moment to burn down./It is better to count to ten than to shout.
fear | brave | Most shadows are smaller in the light./What we look at closely often stops being frightening.
love | loved | Love is in small things done every day./Those who are loved are never quite lost.
teamwork | proud | Many hands make heavy work light./Together we can do what none of us can do alone.
forgiveness | light-hearted | To forgive is to set down a heavy bag./A quarrel is a wall, and a sorry is a door.
greed | sorry | Those who want everything often end with nothing./Enough is as good as a feast.
laziness | sorry | Work put off today is waiting tomorrow./The bed is warm, but it bakes no bread.
curiosity | curious | Questions are the keys to the world./Those who ask, learn.
gratitude | grateful | Two small words, thank you, can warm a whole day./Those who give thanks see how much they have.
pride | humble | It is better to be helpful than to be grand./The tallest tree also needs the soil.
trust | safe | Trust is built one small step at a time./A promise kept is a bridge.
family | loved | Home is where someone is waiting for you./A family is a circle that can always grow.
growing up | grown | Growing up happens a little each day, while nobody looks./To grow is to try what was too hard yesterday.
losing and winning | glad | It is good to win, and better to play well./One who can lose with a smile has won something too.
dreams | hopeful | Big dreams start with small steps./A dream needs feet as well as wings.
happiness | happy | Happiness is often right at home./The happiest people look for small joys.
sadness | comforted | Tears water the heart, and then something new can grow./Sadness gets lighter when two carry it.
being different | proud | It is our differences that make us useful to each other./The odd piece often completes the puzzle.
perseverance | proud | Falling is not failing, as long as you get up./One more try is often all it takes.
making mistakes | wiser | A mistake is a teacher in disguise./Everyone who learns gets it wrong at first.
''', 3)

# Weather, sky and seasons: noun phrase | sight | feared as
NATURE = _rows('''
the rain | drops drummed on the roof and ran down the windows | it would never stop
the snow | white flakes covered the fences and the fields | the path home would vanish
the moon | the moon hung round and bright over the rooftops | the moon would fall into the sea
a star | a single star shone brighter than all the others | the star would go out
the stars | the stars glittered like salt on a dark cloth | the stars were too far away to care
the wind | the wind rattled the gate and danced with the leaves | the wind would carry the house away
a storm | black clouds rolled in and lightning cracked the sky | the roof would fly off
thunder | thunder rumbled over the hills like a giant rolling barrels | the sky was breaking
a rainbow | a rainbow arched from one hill to the other | it would fade before anyone saw it
the sun | the sun climbed over the hill, round and golden | the sun would not come back tomorrow
winter | frost drew ferns on the windows and the pond froze hard | spring had forgotten the way
spring | buds opened on every branch and the birds came home | the late frost would kill the flowers
autumn | leaves turned red and gold and drifted down | all the colours would be lost
summer | the days were long and warm and smelled of hay | summer would be over too soon
a cloud | one small white cloud drifted all alone in the blue | the cloud was lost
the fog | fog lay so thick that the trees looked like ghosts | something was hiding in the fog
the sea | the sea stretched grey and wide to the edge of the sky | the sea would swallow the little boats
the night | the night was dark and full of small sounds | something lived in the dark
''', 3)
