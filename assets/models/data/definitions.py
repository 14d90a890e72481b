"""One-sentence definitions of simple words: word | article or nothing | definition."""
DEFS = [tuple(x.strip() for x in line.split('|')) for line in '''
apple|an|a round fruit that grows on trees and is red, green or yellow
anchor|an|a heavy iron hook that keeps a ship in one place
ant|an|a tiny insect that lives in large groups
apron|an|a piece of cloth that keeps your clothes clean while you cook
attic|an|a room just under the roof of a house
autumn||the season between summer and winter, when leaves fall
axe|an|a tool with a sharp blade for chopping wood
baker|a|a person who makes bread and cakes
ball|a|a round thing that you can throw, kick or roll
bank|a|a place where people keep and borrow money
barn|a|a large farm building for hay or animals
basket|a|a container woven from thin strips of wood or straw
bat|a|a small animal that flies at night
bath|a|a large tub that you fill with water to wash in
beach|a|the sandy or stony land next to the sea
bed|a|a piece of furniture that you sleep in
bee|a|a flying insect that makes honey
bell|a|a metal object that rings when it is struck
bench|a|a long seat for several people
bicycle|a|a vehicle with two wheels that you move with your feet
bird|a|an animal with feathers, two wings and a beak
blanket|a|a warm cover for a bed
boat|a|a small vehicle that floats on water
book|a|a set of pages with words or pictures, held together by a cover
boot|a|a strong shoe that covers the foot and part of the leg
bottle|a|a container with a narrow neck for liquids
bowl|a|a round, deep dish
box|a|a container with a flat bottom and usually a lid
branch|a|a part of a tree that grows out of the trunk
bread||a food that is baked from flour and water
breakfast||the first meal of the day
bridge|a|something built so that people can cross a river or a road
broom|a|a brush with a long handle for sweeping the floor
brother|a|a boy or man who has the same parents as you
bucket|a|an open container with a handle for carrying water
bus|a|a large vehicle that carries many people
butter||a soft yellow food made from cream
button|a|a small round thing that keeps clothes closed
cake|a|a sweet baked food
calendar|a|a list of the days, weeks and months of a year
camel|a|a large desert animal with one or two humps
candle|a|a stick of wax with a wick that burns to give light
captain|a|the person in charge of a ship or a team
carrot|a|a long orange vegetable that grows under the ground
castle|a|a large old building with thick walls and towers
cat|a|a small furry animal that many people keep as a pet
cave|a|a hollow place in a hill or under the ground
chair|a|a seat with a back for one person
cheese||a food made from milk
chef|a|a person who cooks in a restaurant
chicken|a|a bird that people keep for its eggs and meat
child|a|a young boy or girl
chimney|a|a pipe that carries smoke out through the roof
circle|a|a perfectly round shape
city|a|a very large town
clock|a|a device that shows the time
cloud|a|a white or grey mass of tiny water drops in the sky
coat|a|a warm piece of clothing that you wear outside
coin|a|a small round piece of metal money
compass|a|an instrument with a needle that points to the north
cook|a|a person who prepares food
corner|a|the place where two walls or lines meet
cousin|a|a child of your aunt or uncle
cow|a|a large farm animal that gives milk
crown|a|a ring of gold that a king or queen wears on the head
cup|a|a small container for drinks, with a handle
curtain|a|a piece of cloth that hangs in front of a window
dawn||the time when the sun comes up
day|a|a time of twenty-four hours
dentist|a|a doctor who looks after teeth
desert|a|a dry place where very little grows
desk|a|a table at which you write or work
dictionary|a|a book that explains the meaning of words
dog|a|an animal that barks and is often kept as a pet
doll|a|a toy that looks like a person
door|a|a flat thing that you open and close to go in or out
dream|a|a story that you see in your mind while you sleep
drum|a|an instrument that you play by hitting it
duck|a|a bird that swims and has a flat beak
dusk||the time in the evening when it gets dark
ear|an|the part of the body that you hear with
earth|the|the planet that we live on
echo|an|a sound that comes back to you
egg|an|a round or oval thing that a bird lays
elbow|an|the place where your arm bends
elephant|an|a very large grey animal with a trunk
engine|an|a machine that makes things move
envelope|an|a paper cover for a letter
evening|the|the time between afternoon and night
eye|an|the part of the body that you see with
family|a|a group of people who are related to each other
farm|a|land where people grow food and keep animals
farmer|a|a person who grows food and keeps animals
feather|a|one of the light things that cover the body of a bird
fence|a|a wall of wood or wire around a piece of land
finger|a|one of the long parts at the end of your hand
fire|a|the light and heat that come from something burning
fish|a|an animal that lives in water and breathes through gills
flag|a|a piece of cloth with a pattern that stands for a country or group
flour||a powder made from grain, which is used for baking
flower|a|the colourful part of a plant
fog||a thick cloud close to the ground
forest|a|a large area covered with trees
fork|a|a tool with prongs for eating
fox|a|a wild animal with red fur and a bushy tail
friend|a|a person whom you know well and like
frog|a|a small animal that jumps and lives near water
fruit||the part of a plant that holds the seeds and is often sweet
garden|a|a piece of land where plants are grown
gate|a|a door in a fence or a wall
gift|a|something that you give to somebody
giraffe|a|a tall African animal with a very long neck
glass||a hard clear material that is used for windows
glove|a|a piece of clothing that covers your hand
goat|a|an animal with horns and a beard that climbs well
gold||a yellow metal that is worth a lot
grandfather|a|the father of your mother or father
grandmother|a|the mother of your mother or father
grass||a green plant with thin leaves that covers the ground
guitar|a|an instrument with six strings
hammer|a|a tool for hitting nails
hand|a|the part of the body at the end of the arm
harbour|a|a safe place for ships near the land
hat|a|something that you wear on your head
heart|the|the part of the body that pumps the blood
hen|a|a female chicken
hill|a|a piece of high ground that is smaller than a mountain
holiday|a|a time when you do not have to work or go to school
home|a|the place where you live
honey||a sweet, sticky food made by bees
horse|a|a large animal that people can ride
hospital|a|a place where sick people are treated
hotel|a|a building where travellers pay to sleep
hour|an|a time of sixty minutes
house|a|a building that people live in
ice||water that has frozen hard
idea|an|a thought or a plan in your mind
insect|an|a small animal with six legs
island|an|a piece of land with water all around it
jacket|a|a short coat
jam||a sweet food made from fruit and sugar
jar|a|a glass container with a lid
journey|a|a trip from one place to another
juice||the liquid from fruit
key|a|a piece of metal that opens a lock
king|a|a man who rules a country
kitchen|a|the room where food is cooked
kite|a|a toy that flies in the wind on a string
kitten|a|a young cat
knee|the|the place where your leg bends
knife|a|a tool with a blade for cutting
ladder|a|a set of steps that you can carry and lean against a wall
lake|a|a large area of water with land around it
lamp|a|a thing that gives light
leaf|a|one of the flat green parts of a plant
lemon|a|a sour yellow fruit
letter|a|a message that you write on paper
library|a|a place where you can borrow books
lighthouse|a|a tower with a bright light that guides ships
lion|a|a large wild cat that lives in Africa
lunch||the meal in the middle of the day
machine|a|a thing with moving parts that does work
map|a|a drawing that shows where places are
market|a|a place where people buy and sell things
medicine||something that you take when you are ill
meadow|a|a field with grass and wild flowers
milk||a white drink that comes from cows
mill|a|a building where grain is made into flour
minute|a|a time of sixty seconds
mirror|a|a piece of glass in which you can see yourself
money||the coins and notes that we use to pay for things
monkey|a|a clever animal that climbs trees
month|a|one of the twelve parts of a year
moon|the|the round body that travels around the Earth and shines at night
morning|the|the first part of the day
mountain|a|a very high piece of land
mouse|a|a tiny animal with a long tail
museum|a|a building where old or interesting things are shown
mushroom|a|a small growth with a stem and a cap that appears in damp places
music||sounds that are put together in a pleasant way
nail|a|a thin pointed piece of metal that holds wood together
needle|a|a thin, sharp tool for sewing
neighbour|a|a person who lives near you
nest|a|a home that a bird builds for its eggs
net|a|a material of knotted string with holes, used to catch fish
newspaper|a|sheets of paper that tell the news
night|the|the dark part of the day
nose|the|the part of the face that you smell and breathe with
nurse|a|a person who looks after sick people
nut|a|a seed with a hard shell
ocean|an|a very large sea
onion|an|a round vegetable that can make you cry when you cut it
orange|an|a round, juicy fruit
orchard|an|a field of fruit trees
oven|an|the part of a stove where you bake things
owl|an|a bird with large eyes that hunts at night
paint||a coloured liquid that you put on things with a brush
painter|a|a person who paints pictures or walls
paper||thin sheets that you write on
park|a|a green place in a town where people can walk and play
parrot|a|a colourful bird that can copy words
pen|a|a tool for writing with ink
pencil|a|a wooden stick with a dark core for writing and drawing
penguin|a|a black and white bird that swims but cannot fly
piano|a|a large instrument with black and white keys
pillow|a|a soft thing to rest your head on in bed
pilot|a|a person who flies a plane
pirate|a|a robber who sails the sea
plane|a|a vehicle with wings that flies
planet|a|a large round body that travels around a star
plate|a|a flat dish for food
pocket|a|a small bag that is sewn into clothes
poem|a|a piece of writing with short lines that often rhyme
pond|a|a small area of still water
postman|a|a man who brings letters and parcels
potato|a|a vegetable that grows under the ground
prince|a|the son of a king or queen
princess|a|the daughter of a king or queen
pumpkin|a|a large orange vegetable with a thick skin
puppy|a|a young dog
puzzle|a|a game or problem that makes you think
queen|a|a woman who rules a country, or the wife of a king
question|a|something that you ask
rabbit|a|a small animal with long ears
radio|a|a device that plays music and voices sent through the air
rain||water that falls from clouds
rainbow|a|a curve of colours in the sky when there is sun and rain
restaurant|a|a place where you pay to eat a meal
rice||small white grains that are cooked and eaten
riddle|a|a tricky question with a clever answer
ring|a|a small band that you wear on a finger
river|a|a long stream of water that flows to the sea
road|a|a hard way on which cars travel
robot|a|a machine that can do some jobs by itself
roof|a|the top cover of a building
root|a|the part of a plant that grows under the ground
rope|a|a thick, strong string
rose|a|a flower with thorns and a sweet smell
sailor|a|a person who works on a ship
salt||white grains that make food taste better
sand||tiny grains of stone that you find on a beach
sandwich|a|two slices of bread with food between them
scarf|a|a long piece of cloth that keeps your neck warm
school|a|a place where children learn
scissors||a tool with two blades for cutting paper
sea|the|the salt water that covers most of the Earth
season|a|one of the four parts of the year
secret|a|something that only a few people know
seed|a|the small part of a plant from which a new plant grows
shadow|a|the dark shape that you make when you block the light
sheep|a|a farm animal with wool
shell|a|the hard cover of an egg, a nut or a snail
shepherd|a|a person who looks after sheep
ship|a|a large boat for the sea
shirt|a|a piece of clothing for the upper body
shoe|a|something that you wear on your foot
shop|a|a place where things are sold
sister|a|a girl or woman who has the same parents as you
sky|the|the space above us where we see the sun, the moon and the clouds
snail|a|a slow, soft animal that carries a shell
snake|a|a long animal without legs
snow||soft white flakes of ice that fall from the sky
snowman|a|a figure made of big balls of snow
soap||something that you use with water to wash
sock|a|a soft piece of clothing for your foot
song|a|a piece of music with words
soup||a hot liquid food that you eat with a spoon
spider|a|a small animal with eight legs that spins webs
spoon|a|a tool with a round end for eating soup
spring||the season between winter and summer
square|a|a shape with four equal sides and four right angles
squirrel|a|a small animal with a bushy tail that eats nuts
stamp|a|a small piece of paper that shows you have paid to send a letter
star|a|a huge ball of hot gas that looks like a point of light at night
station|a|a place where trains or buses stop
stone|a|a hard piece of rock
storm|a|bad weather with strong wind and rain
story|a|a telling of things that happened, real or made up
stove|a|a device for cooking or heating
street|a|a road in a town with houses
sugar||something that makes food sweet
summer||the warmest season of the year
sun|the|the star that gives the Earth light and warmth
table|a|a piece of furniture with a flat top and legs
tail|a|the part at the back end of an animal
tea||a hot drink made with dried leaves
teacher|a|a person who helps others to learn
tent|a|a shelter made of cloth that you can carry
theatre|a|a place where plays are performed
thief|a|a person who steals
thread||thin string for sewing
thumb|the|the short, thick finger at the side of your hand
thunder||the loud sound that follows lightning
ticket|a|a piece of paper that lets you travel or enter a place
tiger|a|a large wild cat with stripes
tomato|a|a soft red fruit that is used in salads and sauces
tooth|a|one of the hard white things in your mouth
towel|a|a cloth for drying yourself
tower|a|a tall, narrow building
town|a|a place with many houses, smaller than a city
toy|a|a thing for children to play with
train|a|a row of carriages that runs on rails
tree|a|a tall plant with a trunk and branches
triangle|a|a shape with three sides
tunnel|a|a long hole under the ground for a road or a railway
turtle|a|an animal with a hard shell that lives in or near water
umbrella|an|a thing that you hold over your head to keep off the rain
uncle|an|the brother of your mother or father
valley|a|the low land between hills
vegetable|a|a plant, or a part of one, that people eat, such as a carrot
village|a|a very small town in the country
violin|a|an instrument with four strings that is played with a bow
volcano|a|a mountain from which hot melted rock can come out
wall|a|a side of a room or a building
watch|a|a small clock that you wear on your arm
water||the clear liquid that falls as rain and that we drink
wave|a|a moving hill of water in the sea
web|a|the net that a spider makes
week|a|a time of seven days
well|a|a deep hole from which people get water
whale|a|a very large animal that lives in the sea
wheel|a|a round thing that turns and lets vehicles roll
wind||moving air
window|a|an opening with glass in a wall
wing|a|the part of a bird that it flies with
winter||the coldest season of the year
wolf|a|a wild animal that looks like a large dog
wood||the hard material that trees are made of
wool||the soft hair of sheep
word|a|a group of letters that means something
worm|a|a long, thin, soft animal without legs
year|a|a time of twelve months
zebra|a|an African animal with black and white stripes
zoo|a|a place where people can look at wild animals
brave||not letting fear stop you
kind||friendly and caring to others
honest||telling the truth
lazy||not willing to work
curious||wanting to know things
angry||feeling very cross
happy||feeling glad and content
sad||feeling unhappy
tired||needing rest or sleep
hungry||wanting to eat
thirsty||wanting to drink
lonely||sad because you are alone
proud||pleased with something that you or others have done
shy||nervous about meeting people
quiet||making little or no noise
clever||quick to learn and understand
patient||able to wait calmly
polite||behaving in a friendly and respectful way
generous||happy to give to others
jealous||unhappy because somebody has what you want
greedy||wanting more than you need
gentle||soft and careful
'''.strip().split('\n')]
for _d in DEFS:
    assert len(_d) == 3, _d
