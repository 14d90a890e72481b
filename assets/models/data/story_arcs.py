"""Story arcs: beats with several phrasings each, plus what follow-up questions need.

Arc: id, needs (o object, p place, j job, h hero only, n nature), themes, beats, why (question, answer),
summary, titles. Slots: n he him his himself hero (main character), f fhe fhim fhis fintro (friend),
o oa ouse oused obroke omend owhere (object), pl inpl s1 s2 keeper pdid (place), set (setting),
skill food home (animals), jdid jtool jplace jwrong jright (jobs), t nsee nfear (nature).
A beat starting with '?' may be left out.
"""

from core import marks

ARCS = []


def arc(aid, needs, themes, beats, why, summary, titles):
    parsed = []
    for line in beats.strip().split('\n\n'):
        opt = line.startswith('?')
        alts = [marks(a.strip()) for a in line.lstrip('?').strip().split('\n')]
        parsed.append((opt, alts))
    ARCS.append(dict(id=aid, needs=needs, themes=themes.split(','), beats=parsed, why=why, summary=summary,
                     titles=titles))


# ---- about an object -------------------------------------------------------------------------------------------

arc('lost', 'o', 'hope,patience,perseverance,sadness', '''
{n} had a {oa} {o} that {he} loved more than anything. [Every evening|Whenever {he} could|On fine days], {he} [would|liked to] {ouse}.
The thing {n} loved best in the world was a {oa} {o}. It had its own place {owhere}, and {he} [looked after it well|never forgot it for a day].
Of all the things {n} owned, {he} liked the {oa} {o} best. {He} had got it from {his} [grandmother|grandfather|aunt|uncle], and {he} [always smiled when {he} saw it|told everyone about it].

One [morning|afternoon|windy day|grey Tuesday], the {o} was gone. {He} looked [under the table|behind the door|under the bed] and [in every corner|in the yard|behind the curtains], but it was nowhere.
Then one [day|morning|evening], {n} [reached for|went to fetch] the {o}, and the place {owhere} was empty. "[Oh no|Where is it|It cannot be gone]!" {he} cried.
But one [morning|day], {n} could not find the {o}. {His} [heart sank|eyes filled with tears|stomach felt heavy], for it had always been {owhere}.

{fintro} came by and saw the sad face. "When did you last see it?" {f} asked. {n} [thought hard|closed {his} eyes and thought]. "Yesterday, [by the old bridge|near the mill|beside the stream|under the big oak]," {he} said.
{fintro} heard about it and [came at once|offered to help]. "Let us [walk back the way you came|follow your steps from yesterday|search one place at a time]," said {f}.
{He} told {fintro}. "Do not [give up|worry]," said {f}. "[Things do not run away on their own|Lost only means not found yet|Four eyes see more than two]."

?They asked [the miller|the old woman at the gate|the boy with the goats], but [nobody|no one] had seen it. They looked [in the ditch|under the bridge|between the cabbages], and they found only [a rusty nail|an old shoe|a sleeping frog].
?First they searched [the lane|the field|the path], and then [the stream bank|the hedge|the haystack]. It grew late, and {n} [wanted to give up|felt like crying], but {f} [held up a light|walked on].

At last, {f} stopped and pointed. There, [half hidden in the tall grass|caught in a thorn bush|behind a mossy stone|under a heap of leaves], lay the {o}! {n} [laughed out loud|gave a shout of joy|hugged it tight].
Just as the sun went down, something [glinted|moved|shone] [in the grass|among the ferns|by the fence]. It was the {oa} {o}! [It was a little muddy, but it was whole|Not even a scratch was on it].
Then {n} heard a small [rustle|squeak|cough]. A [young magpie|little hare|shy mouse] was sitting next to the {o}, keeping it [safe|company]. "I [hoped someone would come for it|was guarding it]," said the little creature.

{n} thanked {f} again and again. [That night|From then on], the {o} [was back in its place {owhere}|stood in its old place], and {n} [slept well|checked on it twice].
"I could not have found it [alone|without you]," said {n}. {f} only smiled. [Together they walked home|They went home under the first stars], and {n} carried the {o} [in both arms|very carefully].
''', ('sad', '{his} {o} was lost'), '{n} lost {his} {oa} {o} and searched everywhere for it. With the help of {f}, {he} found it again.',
    'The Lost {o}/Where Is the {o}?/{n} and the Missing {o}')

arc('broken', 'o', 'patience,making mistakes,honesty,forgiveness', '''
In the house of {n} there was a {oa} {o}. It belonged to {his} [grandmother|grandfather|mother|father], and [everybody was careful with it|nobody else was allowed to touch it].
{n} was allowed to borrow a {oa} {o} from {fintro}. "Take good care of it," {f} said, and {n} [promised|nodded].

[One day|One afternoon], {n} wanted to {ouse}. {He} was [in a hurry|not looking|thinking of something else], and then it happened: {obroke}.
{n} was [so happy|so proud] that {he} [skipped|ran] when {he} should have walked. There was a [bump|crash|nasty sound], and {obroke}.

{He} felt [hot and cold|sick with worry|terrible]. [For a moment|At first], {he} wanted to hide the {o} [under the bed|in the shed|behind the wood pile] and say nothing.
{n} stood very still. "[Nobody saw me|I could say it was the cat]," {he} thought. But {his} [heart|stomach] felt as heavy as a stone.

But [a secret like that keeps you awake|a lie would only make it worse]. So {n} [took a deep breath|swallowed hard] and told the truth. "I broke the {o}. I am so sorry."
All night {he} turned in bed. In the morning, {he} [carried the {o} into the kitchen|brought out the {o}] and said, "I did it. It was my fault."

There was a long silence. Then came a [gentle voice|kind answer]: "Thank you for telling me. [Things can be mended|A {o} can be mended]. [Let us see what we can do|Fetch the tool box]."
"That was [hard to say|brave of you]," came the answer. "[Come, we will mend it together|I am not angry. Shall we try to fix it]."

They worked [all afternoon|until supper|side by side]. {n} learned to go slowly, and together they {omend}.
It took [patience|two long evenings|three tries]. They {omend}, and {n} [held the light|watched every step|did the last bit alone].

When they were done, [you could still see the place where it had been mended|it was almost as good as new]. "I like it even better now," said {n}, "because [it has a story|we did it together]."
And when {n} next {oused}, {he} was [twice as careful|very careful]. {His} heart was [light|as light as a feather] again.
''', ('sad', '{he} had broken the {oa} {o}'), '{n} broke a {oa} {o} and was afraid to say so. {He} told the truth, and then it was mended together.',
    'The Broken {o}/{n} Tells the Truth/How the {o} Was Mended')

arc('handmade', 'o', 'love,perseverance,kindness,gratitude', '''
It was nearly the birthday of {fintro}, and {n} wanted to give {fhim} a {o}. But in the shop a {o} cost [far too much|more than {he} had ever owned]. {n} had only [three coins|a button and two coins|one small coin].
{n} wanted a present for {fintro}. "{f} has always wished for a {o}," {he} thought, but {his} purse was [empty|as flat as a leaf].

"Then I will make one myself," said {n}. {He} gathered [wood, string and old cloth|scraps from the shed|everything {he} could find] and [set to work|rolled up {his} sleeves].
{He} had an idea. "I can build a {o} with my own hands!" {He} [asked the carpenter for scraps|searched the attic for odds and ends].

The first {o} [fell apart|was crooked|looked more like a potato]. The second was [worse|no better]. {n} [threw down {his} tools|sighed], but then {he} [began again|tried once more].
It was harder than {he} thought. {He} [hit {his} thumb|cut the pieces too short|used too much glue], and the first try [ended in the bin|fell to bits].

?[An old neighbour|The kind carpenter] looked over the fence. "[Measure twice and cut once|Slow hands make good work]," came the advice. {n} [listened well|thanked the neighbour and slowed down].

On the day of the birthday, the {o} was ready. It was {oa} and [a little crooked|a bit rough at the edges], and {n} [blushed|felt shy] as {he} handed it over.
At last there it stood: a {oa} {o}. It was not [perfect|like the ones in the shop], and {n} was [nervous|worried] when {f} unwrapped it.

{f} [said nothing for a moment|stared at it]. Then {fhe} [smiled from ear to ear|hugged {n}]. "You made this for me? It is the best {o} in the whole world!"
"Did you make this yourself?" asked {f}. {n} nodded. "Then [it is worth more than gold|no shop could sell me a better one]," {f} said.

They [{oused} that very day|could not wait to {ouse}], and {n} [was the happiest of all|felt warm all over].
From then on, the {o} had its place {owhere}, and {f} [showed it to every guest|never let anyone call it crooked].
''', ('worried', '{he} had too little money to buy a {o}'), '{n} could not afford a {o} for {f}, so {he} made one by hand. {f} loved it more than any bought one.',
    'The Homemade {o}/A {o} for {f}/A Gift Made by Hand')

arc('found_owner', 'o', 'honesty,kindness,trust', '''
One [rainy morning|bright day|cold evening], {n} found a {oa} {o} [on the path|by the side of the road|on a bench|beside the stream]. It was [beautiful|just what {he} had always wanted].
{n} was walking home when {he} nearly tripped over something. It was a {oa} {o}, and nobody was [near|in sight].

"Finders keepers," {he} thought [happily|at first]. {He} took it home and {oused}. It was [wonderful|great fun].
{He} carried it home and [hid it under {his} pillow|put it on the table]. That evening {he} {oused}, and {he} [smiled|hummed a tune].

But that night {n} could not sleep. Somewhere, somebody was [missing the {o}|looking for it in the dark]. [The {o} seemed to look at {him}|Its joy had gone flat].
Yet something [pinched|nagged] in {his} heart. Whose was it? [What if they were crying?|What if they were searching for it right now?]

The next day, {he} [went from door to door|hung up a note at the well|asked at the market]. "Has anyone lost a {o}?" {he} asked.
In the morning, {n} [put on {his} coat|made up {his} mind] and asked [everyone in the street|all the neighbours], one by one.

At the [last house|very end of the lane], {fintro} opened the door. {fHis} eyes [grew wide|filled with tears]. "My {o}! I thought it was gone forever. It was [my mother's|a gift from my brother]."
Then {fintro} came running. "That is mine!" {fhe} cried. "[I have not slept since I lost it|It was all I had from home]."

{n} gave it back. It was [hard|not easy], but {his} heart felt [light|big]. "Come in," said {f}. "[I have just baked a cake|There is hot soup on the stove]."
{He} held out the {o}. "[Then it must go back to you|I am glad I found you]," said {n}. {f} [hugged {him}|shook {his} hand for a long time].

From that day, {n} and {f} were friends, and [every Sunday|whenever they liked] they {oused} together.
And so {n} lost a {o} and gained a friend, which [is far better|was the better bargain].
''', ('unable to sleep', 'the {o} belonged to somebody else'), '{n} found a {oa} {o} and wanted to keep it. {He} gave it back to {f}, and they became friends.',
    'The Found {o}/Whose {o} Is This?/{n} Finds a Friend')

arc('quarrel', 'o', 'sharing,friendship,forgiveness,anger,jealousy', '''
{n} and {fintro} were the best of friends, until the day they [found|were given] a {oa} {o}.
One day, {n} and {fintro} found a {oa} {o} [at the bottom of a box|at the edge of the wood]. "I saw it first!" said {n}. "No, I did!" said {f}.

Both wanted to {ouse}, and neither would wait. They [pulled|tugged] and [shouted|argued] until [their faces were red|the birds flew away].
"It is mine!" cried {n}. "It is mine!" cried {f}. They quarrelled [all morning|until their voices were hoarse], and the {o} [lay between them|was nearly torn in two].

At last {n} [grabbed it and ran home|took the {o} and marched off]. But alone, [it was no fun at all|there was nobody to laugh with]. {He} sat and [stared at the {o}|kicked at the floor].
{f} stamped away. {n} had the {o} all to {himself} now. {He} {oused}, but the room was very [quiet|still].

?"What good is a {o} without a friend?" {n} [muttered|asked the wall]. The [clock|cat|rain] gave no answer.
?Outside it began to rain. {n} thought of all the [games they had played|jokes they had shared], and {his} throat felt tight.

So {he} went to find {f}, and halfway there they met. "[I was coming to say sorry|I am sorry]," they both said at once, and then they [had to laugh|both laughed].
The next morning, {n} knocked at the door of {f}. "You can have it," {he} said. "I would rather have [you|my friend]." {f} shook {fhis} head. "Let us share."

They made a plan: [one day it was for {n}, and the next for {f}|on even days {n} had it, and on odd days {f}]. And on Sundays, they {oused} together.
They agreed to [take turns|keep it in a place between their homes], and it was [twice the fun|much better than before].

[The {o} grew old, but the friendship did not.|They never quarrelled over it again.|And if one of them forgot the rule, the other only had to smile.]
''', ('unhappy', '{he} had quarrelled with {f} over the {o}'), '{n} and {f} quarrelled over a {oa} {o}. They said sorry and learned to share it.',
    'One {o} for Two/The Quarrel/Sharing the {o}')

arc('old_new', 'o', 'gratitude,greed,happiness,love', '''
{n} had an old {o}. It was [worn and faded|scratched and dull], and {he} was tired of it. "I want a new one," {he} said [every day|again and again].
The {o} of {n} had seen better days. [Everyone else had a newer one|In the shop window stood a shiny new one], and {n} [sighed whenever {he} passed|wanted it badly].

One day, {he} put the old {o} out [by the gate|with the rubbish] and bought a new one. It was {oa}, and it [gleamed|smelled of fresh paint].
So {he} sold the old {o} to [a pedlar|a man with a cart] and got a new {oa} one. For a day, {he} was [delighted|as proud as a peacock].

But the new {o} was [not the same|cold and strange]. When {he} {oused}, something was missing. The old one had [known all {his} secrets|been with {him} on so many days].
But soon [the shine wore off|it felt strange]. It had no [scratches {he} knew|memories in it]. {n} remembered every [happy day|adventure] with the old one.

{He} ran back to look for it, but it was gone. {fintro} was walking down the road with the old {o} [under {fhis} arm|in {fhis} hands].
"I must get it back!" {he} cried. After a long search, {he} saw it in the hands of {fintro}.

"Please," said {n}, "that was mine. [I did not know how much I loved it|I made a mistake]." {f} [thought for a moment|looked at {him} kindly]. "I have never had a {o} at all," {fhe} said [softly|quietly].
"I gave it away, and I am sorry," said {n}. {f} looked down. "I was so glad to find it. I have no other."

Then {n} knew what to do. {He} gave the new {o} to {f} and took the old one home. [Both were happy|It was the best trade in the world].
So they swapped: {f} got the shiny new {o}, and {n} got {his} old friend back. {f} could hardly [believe it|speak for joy].

?At home, {n} put the old {o} back in its place {owhere}, [where it belonged|and patted it gently].

"[New is nice|Shiny is fine]," said {n}, "but [old friends are better|this one knows me]."
And {n} never again asked for a new one. [Enough is as good as a feast.|{He} had all {he} needed.]
''', ('sorry', '{he} had given away the old {o} that {he} loved'), '{n} threw out {his} old {o} for a new one and missed it at once. {He} gave the new one to {f} and got the old one back.',
    'The Old {o}/New Is Not Always Better')

arc('wish', 'o', 'greed,happiness,gratitude', '''
{n} bought a {oa} {o} from [an old woman at the market|a pedlar with a blue beard|a shop that was gone the next day]. "It can grant three wishes," the [seller|stranger] whispered, "but [choose well|think before you speak]."
One night, the {oa} {o} of {n} began to [glow|hum|speak]. "I have slept for a hundred years," it said. "You woke me, so you have three wishes."

"First, I wish for [a mountain of sweets|a house full of cakes|all the toys in town]," said {n}. [Whoosh|Pop|In a flash], there it was. But after an hour, {he} had [a terrible stomach ache|no room left to sit].
{n} did not think long. "I wish [to be as tall as a tree|to be famous|that it were summer forever]!" It came true at once, but soon it was [a great nuisance|no fun at all].

"Second, I wish [for gold, lots of gold|for a golden bed]," {he} said. Gold [rained from the ceiling|filled the room], but it was [cold and hard|too heavy to move], and {he} could not [sleep|find {his} slippers].
"Then I wish [to be able to fly|for a hundred servants]," said {n}. It worked, but [{he} grew dizzy|nobody would leave {him} in peace], and {he} was more unhappy than before.

{fintro} came to visit and could hardly get through the door. "[What happened here|Dear me]?" {f} asked. {n} began to [cry|sniff]. "I wished for everything, and now [nothing is right|I am miserable]."
Just then {fintro} knocked. "You look tired," said {f}. "[What do you really want|What did you like before]?" {n} thought about it for a long time.

So {n} used the last wish. "I wish that everything were as it was [yesterday|before]." The {o} [sighed|gave one last glow], and [all was as before|the room was plain and quiet again].
There was one wish left. {n} held the {o} tight. "I wish for [things to be just as they were|an ordinary day with my friend]," {he} said, and it was done.

"[A wise wish|Well chosen]," said the {o}, and it never spoke again. {n} and {f} [ate bread and butter by the window|sat on the step and watched the clouds], and it was [the best day in years|perfect].
That evening {n} and {f} {oused}, just like anyone else. [There was no more magic in it|The magic was gone], and {n} did not miss it.
''', ('unhappy', 'the first two wishes had only brought trouble'), '{n} got three wishes from a {oa} {o}. Two of them went wrong, and with the last {he} put everything back as it was.',
    'Three Wishes/The {o} That Granted Wishes/{n} and the Magic {o}')

arc('contest', 'o', 'losing and winning,honesty,teamwork,kindness', '''
Each year there was a contest {inset}, and the best {o} won a [silver cup|blue ribbon|basket of plums]. This year, {n} wanted to win.
"The finest {o} wins a prize!" said the notice on the wall. {n} read it [three times|aloud]. {He} had a {oa} {o}, and {he} [was sure it could win|polished it all week].

{fintro} wanted to win too. {f} had [worked all winter|practised for months], and {fhis} {o} was [very fine|the talk of the town].
On the day of the contest, {n} stood next to {fintro}. [Both were nervous|Their hands were cold]. "Good luck," said {f}, and {fhe} meant it.

Then, just before the start, disaster struck for {f}: {obroke}. {f} [turned pale|sat down and hid {fhis} face].
But minutes before the judging, {f} gave a cry. {fHis} {o} was in trouble: {obroke}.

{n} could have [looked away|walked on]. It would have been easy to win now. But {he} [put down {his} own {o}|ran over] and said, "Quick, I know how to fix that."
"[Now I will win for sure|How lucky for me]," whispered a small voice in {n}. {He} [did not listen to it|shook {his} head]. "Let me help," {he} said to {f}.

[Side by side|In great haste], they {omend}. They were done just as the [bell rang|trumpet sounded].
{n} held, and {f} worked, and together they {omend}. There was hardly any time left for {n} to [get ready|tidy up].

The judges walked up and down. In the end, {f} came first and {n} came second. [There was a hush|For a moment, {n} had to swallow]. Then {f} called out, "[Half this prize belongs to {n}|Without {n}, I could not have taken part]!"
First prize went to {f}. {n} clapped [harder than anybody|until {his} hands hurt]. Then the judges gave a special prize to {n}: a [medal|ribbon] for the kindest heart.

They [shared the plums on the way home|drank lemonade from the cup], and {n} found that second place [tasted very sweet|could be the best place of all].
"Next year," said {f}, "let us [enter together|build one together]." And {n} [agreed|shook hands on it].
''', ('torn', '{he} could win easily if {he} did not help {f}'), '{n} hoped to win a contest with {his} {oa} {o}, but stopped to help {f}. {f} won and shared the honour.',
    'The Contest/Second Place/The Best {o} {inset}')

arc('saves', 'o', 'courage,bravery,teamwork,being different', '''
Everyone laughed at the {oa} {o} of {n}. "What [use|good] is that old thing?" they asked. But {n} [kept it close|would not part with it].
{n} took a {oa} {o} wherever {he} went. "Why do you carry that?" people asked. "[You never know|It might be useful one day]," {he} would say.

One evening, [a great storm rose|thick fog rolled in|the lights went out all over the town]. And {fintro} had not come home.
Then came the night of the [flood|great snow|big storm]. {fintro} was still [out on the hill|down by the water], and nobody could [see a hand before their eyes|find the way].

People [ran here and there|stood at their doors and called], but the wind [swallowed their voices|blew out their torches]. "What can we do?" they [cried|asked each other].
The mayor [wrung his hands|shook his head]. "[It is too dangerous|We must wait for morning]," he said. {n} [clenched {his} fists|could not bear it].

{n} had an idea. "My {o}!" {he} said. {He} took it from its place {owhere} and [ran out into the dark|set off before anyone could stop {him}].
"I will go," said {n}, "and I will take my {o}." Nobody laughed now. {He} [climbed to the highest point|stood on the wall] and used the {o} [to make a sign|as a signal] for {f}.

Far off, {f} noticed the sign. "That can only be {n}!" {fhe} thought. Step by step, {fhe} followed it [out of the dark|home].
Through the dark, {f} [saw it|knew it at once]. Nobody else had a {o} like that. {fHe} turned around and walked straight towards it until {fhe} [was safe|fell into the arms of {n}].

[By morning the storm was over, and|When the sky cleared,] everyone came to [shake {n} by the hand|look at the {o}]. "We were wrong," they said. "[That is a fine {o}|Three cheers for {n} and the {o}]!"
Nobody laughed at the {o} after that. The mayor even asked if he might [hold it|touch it], just for a moment.

And {n} put it back {owhere}, [just in case|ready for the next time].
{n} only smiled. "[I told you it might be useful|You never know]," {he} said.
''', ('worried', '{f} was lost in the dark'), 'Everyone laughed at the {oa} {o} of {n}, until the night when it helped {him} to bring {f} safely home.',
    'The {o} That Saved {f}/A Useful {o}/The Night of the Storm')

arc('swap', 'o', 'curiosity,happiness,family,gratitude', '''
{n} went to market with a {oa} {o}. {His} mother had said, "Trade it for something we need." So {n} [walked along whistling|set off early].
One day, {n} decided to trade {his} {oa} {o} for something better. "[I wonder what I can get|Let us see what the day brings]," {he} said.

First {he} met {fintro}, who [needed a {o} badly|had always wanted a {o}] and offered a [fat goose|sack of flour|warm coat] for it. "Done!" said {n}.
On the road {he} met {fintro}. "I will give you [two hens|a big cheese|a jar of honey] for that {o}," said {f}. They shook hands.

A little later, {n} traded that for [a bag of apples|a pot of jam|a bunch of onions], because [an old man was hungry|a tired woman asked so nicely]. Then {he} swapped that for [a whistle|a ball of string|a button made of brass].
Next came [a boy with a whistle|a woman with a basket of buns|a man with a songbird]. {n} traded again, and then [again|twice more], until at last {he} held [only a smooth pebble|nothing but a feather].

By evening, {n} had [almost nothing left|only a tiny thing in {his} pocket]. "What will they say at home?" {he} [wondered|worried].
{He} looked at it and had to [laugh|sigh]. [A fine trader I am|What a bargain], {he} thought, and {his} feet grew slow.

At home, {n} told the whole story: the road, {f}, the swaps and the people {he} had met. {His} family laughed until [the tears came|the lamp shook].
{He} came in and told it all, from beginning to end. First there was silence. Then {his} mother [began to laugh|shook with laughter], and soon everyone did.

Then there was a knock. It was {f}, with the {o}. "[I only needed it for today|It works best with two]," {fhe} said. "[Here it is again, with many thanks.|May I share it with you?]"
"You made six people happy today," said {his} mother, "and you brought home the best story of the year." [Just then {f} came by with a pie to say thank you|{f} came for supper and brought the {o} along].

So they {oused} [that very night|together], and the story of the swaps was told [for years|at every party].
And [if you pass their house, you can still hear them laughing|nobody ever forgot it].
''', ('worried', '{he} had traded the {o} away and had almost nothing left'), '{n} traded a {oa} {o} again and again until {he} had almost nothing, but the story made everyone laugh, and {f} brought the {o} back.',
    'The Great Swap/{n} Goes to Market/A Fine Trader')

arc('give_away', 'o', 'growing up,kindness,sharing,love', '''
When {n} was very small, {he} got a {oa} {o}. They were [never apart|together day and night]. {He} {oused} so often that [its colours faded|everyone knew them as a pair].
For years, {n} had loved one {oa} {o}. But {he} was growing, and [more and more|day after day] it stayed {owhere}, [quiet and still|gathering dust].

One day, {fintro} moved in next door. {f} was small and [shy|sad], and {fhe} had [left all {fhis} things behind|nothing to play with].
Then {n} met {fintro}, who [had just lost {fhis} home in a flood|was ill in bed] and [never smiled|looked out of the window all day].

{n} looked at the {o}. "You were mine [for so long|all this time]," {he} whispered. It [hurt a little|was hard] to think of giving it away.
That night, {n} held the {o} and thought. "[I still love you|You are my oldest friend]," {he} said, "but somebody needs you more."

In the morning, {he} wrapped it in paper and [knocked next door|carried it over]. "This is for you," {he} said. "It helped me when I was [small|sad]."
The next day, {he} put the {o} into the arms of {f}. "[It is good at listening|It is a good friend]," said {n}. "Now it is yours."

{f} [stared|looked up]. Then, for the first time, {fhe} smiled. It was like [the sun coming out|a lamp being lit].
{f} held it [very close|tight]. "For me?" {fhe} whispered. And that evening, {n} saw a light in the window and heard {f} laugh.

{n} felt [a small ache and a great joy|happy and sad at once]. {He} knew that the {o} was [in the right place|loved again].
"Do you miss it?" {his} mother asked. "[A little|Sometimes]," said {n}. "But [it has work to do|it is happy there]."

Now and then {n} came to visit, and together they {oused}. [It felt like meeting an old friend.|Some things grow when they are given away.]
''', ('a little sad', '{he} was giving away {his} oldest and dearest {o}'), '{n} had outgrown {his} beloved {oa} {o} and gave it to {f}, who needed it more. It made both of them happy.',
    'Giving It Away/The {o} Moves House/A Present from the Heart')

arc('secret', 'o', 'curiosity,family,hope,friendship', '''
In the attic, {n} found a {oa} {o} that nobody had touched for [fifty years|a very long time]. {He} blew off the dust, and a [small folded paper|thin key|tiny photograph] fell out.
{n} was cleaning an old {oa} {o} when [something rattled inside it|a piece of paper slipped out]. It was a note in faded ink.

"[To whoever finds this|If you read this]," it said, "[look under the third step|go to the old pear tree|count ten paces from the well]." {n} felt {his} heart [beat fast|jump].
On it were the words: "[The {o} remembers|Ask the {o} at noon]. [Look where the shadow of the chimney falls|Dig beneath the blue stone]."

{He} ran to fetch {fintro}. "[A secret|A real message]!" {f} said. "[What are we waiting for|Let us go]?"
{He} showed it to {fintro}, who read it twice and [whistled|scratched {fhis} head]. "That is the writing of [someone long ago|my great-aunt]," {f} said.

They [dug and scraped|searched on hands and knees] until [their fingers were black|it was nearly dark]. Then [something clinked|they felt a lid].
It took them [all afternoon|two days] to understand the words. But at last they [lifted a loose stone|pulled up a board], and underneath was a small box.

Inside was no gold. There was [a bundle of letters|a drawing of two laughing children|a list of games]. "Two friends hid it [when they were as old as we are|long ago]," said {n} [softly|in wonder].
They opened it with [trembling|dirty] hands. It held [two wooden rings|a pair of tin whistles] and a card: "For the next two friends."

So {n} and {f} added something of their own: [a drawing|a letter|a shiny button]. Then they [hid the box again|wrote a new note and put it in the {o}].
They [kept the treasure|took turns keeping the treasure], and they put a new note into the {o} [for someone to find one day|in their best writing].

[Perhaps someone will find it in another fifty years.|And that is a secret only the {o} knows.|The {o} went back {owhere}, and it kept the secret well.]
''', ('excited', '{he} had found a secret message in the {o}'), '{n} found a message in a {oa} {o}. With {f}, {he} followed it to a box that two friends had hidden long ago.',
    'The Secret of the {o}/The Note in the {o}/A Message from Long Ago')

# ---- about a place ---------------------------------------------------------------------------------------------

arc('storm_at', 'p', 'courage,bravery,teamwork', '''
{n} lived {inpl}. {S1}, and {s2}. [It was the finest place in the world|{n} would not have lived anywhere else].
There was nothing {n} loved more than {pl}. [By day|Every day], people {pdid}, and [at night|in the evening] it was [still and peaceful|quiet].

One night, a terrible storm came. The wind [howled|screamed] around {pl}, and [something broke with a crash|all the lights went out].
Then the weather turned. Black clouds [gathered over|rolled towards] {pl}, and the rain came down [in sheets|like a wall].

The old {keeper} was [ill in bed|far away in town]. "[Somebody has to help|I have to do something]," thought {n}, although {his} knees were shaking.
{n} [ran to the window|held a hand to {his} ear]. Somewhere out there, someone was calling for help! It was {fintro}, [lost in the storm|caught in the dark].

{He} took [a lantern and a long rope|the biggest lantern {he} could find] and went out. [Twice the wind knocked {him} down, and twice {he} got up|Step by step, {he} fought against the wind].
{He} lit [every lamp and candle|a great bright fire] {inpl}, so that {pl} [could be seen from far away|shone like a star].

All night long, {n} [kept watch|did not close {his} eyes]. "Hold on!" {he} [shouted|called] into the dark. "[This way|Come to the light]!"
{His} arms [ached|were heavy as lead], but {he} did not stop. [Once|Now and then], {he} thought {he} heard a voice.

At last, {fintro2} came stumbling in, [wet to the skin|cold but safe]. "I saw the light," {f} said. "[It saved me|Without it I would be lost]."

When the sun rose, [everything was still|the storm was gone]. {Pl} stood as it had always stood, and {n} [slept until noon|fell asleep with a smile].
In the morning, the {keeper} came and [heard the whole story|shook {his} hand]. "{Pl} could not be [in better hands|safer]," said the old {keeper}.
''', ('afraid', 'a terrible storm had come over {pl}'), 'In a great storm, {n} kept a light burning {inpl} and so saved {f}.', 'The Storm/A Light {inpl}/The Night of the Great Storm')

arc('afraid_of', 'p', 'fear,courage,curiosity,trust', '''
{n} was afraid of {pl}. [People said that it was haunted|Everyone told strange tales about it]. {S1}, and at dusk [it looked very dark|the shadows grew long].
All the children knew {pl}, and none of them dared to go there alone. {S1}. "[Something lives there|Do not go near it]," they whispered. And {n} was the most frightened of all.

But one day, [{his} ball rolled right up to it|{his} little cat ran off that way|{his} hat blew away], and it [stopped|ended up] {inpl}. {n} [stood still|bit {his} lip].
Then {n} had to go there, because [{his} grandmother needed someone to carry a basket|a letter had to be delivered]. {His} [hands shook|heart pounded].

[One step, then another.|Slowly, {he} went closer.] {S2}. "[Who is there|Go away]!" said a voice, and {n} [froze|nearly jumped out of {his} skin].
{He} [counted to ten|took a deep breath] and went on. It was [very quiet|darker than {he} had thought]. Then [a twig snapped|something coughed]. "Hello?" whispered {n}.

Out of the shadows came {fintro}, looking [just as scared as {n}|rather small]. "Please do not [hurt me|shout]," said {f}. "I thought you were a monster."
But it was only {fintro}, sitting there all alone. "[Nobody ever comes here|Everyone runs away]," {f} said sadly.

{n} [had to laugh|let out {his} breath]. "I thought that you were the monster!" Then both of them laughed until [the echo laughed with them|their sides hurt].
"[Are you all by yourself|Why are you here]?" asked {n}. "I like it here," said {f}. "Let me show you." And {f} showed {him} [every corner|all the best spots].

{Pl} did not seem so [dark|terrible] anymore. {n} learned [which board creaked and why|where every strange sound came from].
Now that {he} knew it, it was [the loveliest place of all|not scary in the least]. {n} brought [sandwiches|a lantern and some cake] the next day, and then the next.

"[There is no ghost|There is nothing to fear]," {n} told the other children. "There is only a friend." And soon, they all {pdid} there.
[And whoever is afraid of {pl} now only has to ask {n}, who will gladly show the way.|From then on it was {his} favourite place.]
''', ('afraid', 'people told strange tales about {pl}'), '{n} was afraid of {pl}, but there {he} met {f}, who became a good friend, and then it was not scary anymore.',
    '{n} Is Afraid/The Voice in the Dark/Nothing to Fear')

arc('save_place', 'p', 'teamwork,hope,perseverance,family', '''
"{Pl} will be closed," said the sign on the gate. {n} read it twice and [could not believe it|felt {his} eyes sting]. {S1}, just as always. How could it end?
{n} had grown up with {pl}. {S1}; {s2}. But now it was [old and falling down|empty], and the town wanted to [close it|sell it].

"[There is no money|Nobody comes anymore]," said the {keeper} sadly. "[I am too old to repair it alone|What can one person do]?"
The old {keeper} sat on the step with bowed head. "[It was a good time|All things end]," came the quiet words.

But {n} [would not give up|had an idea]. {He} told {fintro}, {f} told the neighbours, and soon [the whole street|half the town] knew.
"We have to do something," {n} said to {fintro}. They [wrote letters|painted signs|knocked on every door] until their [hands hurt|feet were sore].

On Saturday, people came with [brushes, nails and ladders|buckets, brooms and paint]. Even [the grumpy butcher|the mayor] [carried boards|rolled up his sleeves].
First [two|three] people came, then ten, then fifty. They scrubbed, hammered and painted, and {n} [ran back and forth with lemonade|held the ladder].

?An old woman [told how she had met her husband there|brought a photograph of how it used to look]. Now everyone [remembered something|had a story to tell].

By evening, {pl} [shone like new|looked better than ever]. The {keeper} [wiped away a tear|could not say a word].
When the lamps were lit, {pl} [was as lovely as in the old days|glowed]. Someone brought [a fiddle|pies], and there was a feast.

The sign was taken down. In its place hung a new one, which {n} had [painted|lettered] {himself}: "Open to all."
And people came again, and once more they {pdid}. [{n} was given a key of {his} own.|It has been open ever since.]
''', ('sad', '{pl} was going to be closed'), 'When {pl} was to be closed, {n} and {f} asked the whole town to help. Together they repaired it, and it stayed open.',
    'Saving the Old Place/Open to All/How {n} Saved {pl}')

arc('lonely_keeper', 'p', 'loneliness,friendship,kindness', '''
{Inpl} lived an old {keeper} named {f}. {S1}, and {s2}, but [there was nobody to talk to|no one ever came to visit].
The {keeper} {ofplace} was called {f}. {fHe} did {fhis} work well every day, but {fhe} was very [lonely|quiet].

One day, {n} came by with [a basket of eggs|a loaf of bread|a bag of letters]. {He} was a {trait} {hero}, and {he} asked a hundred questions.
One [wet|cold] afternoon, {n}, a {trait} {hero}, [took shelter from the rain there|knocked at the door and asked the way].

"[Do you live here all alone|Is it not lonely here]?" {n} asked. "[One gets used to it|I have the wind for company]," said {f}, but {fhis} voice [shook a little|was sad].
"Why is your table set for one?" asked {n}. {f} [shrugged|looked away]. "Nobody ever [comes this far|stays for tea]."

So {n} stayed for tea. {f} told how people once {pdid}, and {n} [forgot the time|listened with wide eyes].
{n} asked to see everything. {f} [lit a lamp|took down a ring of keys] and showed {him} around, and with each step {f} [looked younger|talked more].

The next day {n} came again, and the day after that. {He} learned [how everything worked|the name of every bird there], and {f} learned to laugh again.
"May I come tomorrow?" asked {n}. And {he} did come, [rain or shine|every single day]. Soon there were two [cups|chairs] {inpl}.

When winter came, {n} brought {his} whole family. [They filled the place with songs and the smell of soup.|There were so many of them that they had to eat on the floor.]
On the birthday of {f}, {n} came with [half the school|all {his} friends]. {f} [had to sit down for joy|laughed until the windows rattled].

After that, {f} was never lonely again. [A table for two is a small thing, but it can change a life.|"All it took," {fhe} said, "was one knock on the door."]
''', ('lonely', 'nobody ever came to visit {him}', 'f'), '{f}, the {keeper} {ofplace}, was lonely until {n} came by one day and kept coming back.', 'A Table for Two/The Lonely {keeper}/One Knock on the Door')

arc('noise', 'p', 'fear,curiosity,kindness,spooky', '''
Every night at [ten|midnight|eleven], a strange noise came from {pl}. [Tap, tap, tap|Scratch, scratch|Whoo, whoo], it went. {n} [pulled the blanket over {his} head|sat up in bed].
There was a mystery {inpl}. {S1}. But every night, [something moaned and rattled|there were footsteps where nobody walked].

"[It is a ghost|It must be a monster]," said [the neighbours|the older children]. {n} was [scared|not so sure]. "I want to know [what it is|the truth]," {he} said.
Nobody wanted to go near it. "[I do not believe in ghosts|There must be a reason]," said {n}, but {his} voice [trembled|was very small].

That night, {he} took [a lantern|a candle and a whistle] and {fintro}, who [was brave|held {his} hand]. Together they crept closer. {S2}.
{He} asked {fintro} to come along. They [tiptoed|crept] through the dark, so close together that [they stepped on each other's toes|their shoulders touched].

The noise [grew louder|came again]. "[Did you hear that|There]!" whispered {f}. {n} [lifted the light|opened the last door] with a shaking hand.
Suddenly, two [yellow|shining] eyes looked at them! {f} [squeaked|grabbed {n} by the arm]. Neither of them could move.

It was [a baby owl with a hurt wing|a lost puppy with a tin on its tail|a little cat with its paw caught in a bucket]. [It was more frightened than they were.|It looked up at them and shivered.]
And what did they see? [An old shutter, swinging in the wind, and under it a tiny frightened kitten|A raccoon with its head stuck in a jar]! "[Poor thing|So you are the ghost]," said {n} [gently|softly].

Carefully, they set it free, wrapped it in [a scarf|a jacket] and gave it [warm milk|water and crumbs]. [Soon it was asleep.|It closed its eyes and sighed.]
{n} held it while {f} worked, and in a minute it was free. It [licked {his} hand|leaned against {his} arm].

From that night on, it was quiet {inpl}. [And the ghost slept in a basket by the bed of {n}.|{n} had a new little friend, and nobody spoke of ghosts again.]
The next day, they told everyone about the ghost, and everyone [laughed|wanted to pet it]. [{n} slept very well that night.|Fear is often just a story we have not finished.]
''', ('scared', 'there was a strange noise at night'), 'A strange noise came from {pl} at night. {n} and {f} went to look and found only a small animal that needed help.',
    'The Noise in the Night/The Ghost That Was Not/A Small Mystery')

arc('first_day', 'p', 'courage,friendship,growing up,moving', '''
It was the first day {inpl} for {n}. {S1}, and {s2}. Everything was [new and big|strange and loud].
{n} had just come to {pl}. {He} knew [nobody|no one at all], and {he} did not know [where to go|what to do]. {S1}.

Everyone seemed to know what to do. Some of them {pdid}. {n} [stood by the wall|held {his} bag tight] and wished {he} were at home.
{He} took a wrong turn, [knocked over a bucket|dropped {his} bag with a bang], and felt [everyone staring|{his} cheeks burn].

"[Are you new|Hello]?" said a voice. It was {fintro}. "I was new [last week|once], too. I [cried in the broom cupboard|got lost five times]."
Then {fintro} came over. "[Do not worry|You look lost]," {f} said. "On my first day, I [walked into a door|called the {keeper} grandma]."

{n} [had to smile|laughed in spite of {himself}]. {f} showed {him} [where to hang a coat|the best spot of all|the quickest way around] and told {him} [who was kind and who only seemed cross|all the secrets of the place].
Together they looked at everything. "[This is my favourite corner|Listen]," said {f}. {S2}. {n} [had not noticed it before|thought it was beautiful].

By noon, {n} [knew three names|had stopped feeling afraid]. By evening, {he} [did not want to go|was laughing with the rest].
Little by little, the strange things became [familiar|friendly]. Even the stern {keeper} [winked at {him}|said, "Well done."].

"Will you come back tomorrow?" asked {f}. "[Of course|Try to stop me]," said {n}.
The next week, {n} saw [someone small standing by the wall|a new face at the door]. {He} knew just what to do. "[Are you new|Hello]?" {he} asked [kindly|with a smile].
''', ('shy', 'everything was new and {he} knew nobody there'), 'On {his} first day {inpl}, {n} felt lost until {f} showed {him} around. Soon {he} felt at home.', 'The First Day/New Here/{n} Finds a Place')

arc('lost_way', 'p', 'hope,trust,perseverance,kindness', '''
{n} wanted to go to {pl}. "[It is not far|You cannot miss it]," everyone said. So {he} packed [bread and cheese|an apple and a blanket] and set off.
All {his} life, {n} had heard of {pl}. They said that {s1}. One day, {he} [decided to see it|set out to find it].

But the path [forked three times|grew thin], and soon {n} was lost. [The trees all looked alike|The sun was sinking], and {his} feet [hurt|were sore].
At the crossroads, the sign had [fallen down|lost its letters]. {n} chose the wrong way, and after an hour there was [no road at all|only grass].

{He} sat down on a stone and [ate {his} last crust|wondered what to do]. Then {he} heard someone [crying|groaning]. It was {fintro}, whose [foot was caught in a root|cart had tipped over].
Just then, {n} met {fintro}, who [had dropped a whole basket of plums|was stuck in the mud up to {fhis} knees].

{n} was tired, but {he} [stopped to help|helped at once]. "Thank you," said {f}. "[Nobody else stopped|You are kind]. Where are you going?"
It took [a long time|half an hour], and {n} got [very muddy|mud on {his} best clothes]. "[How can I thank you|You are a good soul]," {f} said. "Are you lost?"

"To {pl}," said {n}, "but I cannot find it." {f} began to [laugh|smile]. "[I live there|I am going there myself]! Come along."
"I am looking for {pl}," {n} said with a sigh. "Then you are in luck," said {f}. "I know [every stone of the way|a short cut]."

[Over one more hill|Behind the last bend], there it was. {S1}, and {s2}. {n} [stood and stared|forgot how tired {he} was].
They walked [until the stars came out|side by side and told each other stories]. And then {n} saw it at last: {s1}, just as {he} had dreamed.

It was even [lovelier|better] than in the tales. {n} stayed for [a week|the whole summer], and there people {pdid}, and {he} with them.
"If I had not [lost my way|stopped]," {n} said that night, "I would not have met you." [Some wrong turns are right after all.|{f} nodded and passed the bread.]
''', ('tired and sad', '{he} had lost {his} way to {pl}'), 'On the way to {pl}, {n} got lost but stopped to help {f}, who then showed {him} the way.', 'The Way to {pl}/The Wrong Turn/A Long Walk')

arc('hidden', 'p', 'curiosity,sharing,dreams', '''
{n} knew every corner {ofplace}, or so {he} thought. {S1}; {s2}. But one day, {he} noticed something new: [a small door behind the ivy|a loose stone in the wall|a faint line of light].
One [rainy|quiet] afternoon {inpl}, {n} leaned against a wall, and [it moved|something clicked]. Behind it was [a narrow gap|a dark little opening].

{He} [squeezed through|looked inside]. There, [covered with dust|in the half dark], was [a tiny garden under a glass roof|a room full of old toys|a pool of clear blue water].
{His} heart beat fast. {He} [crawled in|went in on tiptoe] and found [a round room painted with stars|a little stage with a red curtain|a nest of cushions and old books].

"[My own secret place|Nobody knows about this but me]," {n} whispered. For a week, {he} came every day [and told no one|all alone].
{n} told nobody. "This is mine alone," {he} thought. {He} [swept the floor|brought a candle and a cushion] and sat there [like a king|like a queen in a tale].

But a secret is [a lonely thing|heavy to carry alone]. When {he} laughed, [only the walls answered|nobody laughed along]. And outside, {fintro} sat [on the step|by {fhimself}], looking bored and sad.
After some days, it grew [too quiet|a little dull]. One evening, {n} saw {fintro} [walking around alone|kicking a stone along the path] and felt a pang.

{n} [thought it over|made up {his} mind]. "Can you keep a secret?" {he} asked {f}. {f} [nodded with wide eyes|put a hand on {fhis} heart].
"Close your eyes," {n} said to {f} the next morning. {He} led {fhim} [by the hand|through the gap]. "Now open them!"

"[Oh|It is wonderful]!" breathed {f}. Together, they [hung up paper lanterns|found another door which {n} had never seen|made up a hundred games], and it was better than before.
{f} [turned around and around|could not speak]. Then {fhe} noticed what {n} had missed: [names scratched in the wall, of children long ago|a box with chalk in every colour].

So it became a secret for two, [and a secret for two is the best kind|and {pl} seemed bigger than ever].
And if you ever go to {pl}, [look closely at the walls|lean against the old wall and listen]. [You may hear them laughing.|But you did not hear it from me.]
''', ('bored', 'it was lonely to keep the secret place for {himself}'), '{n} found a secret place {inpl} and kept it for {himself}, until {he} shared it with {f}.', 'The Secret Place/Behind the Wall/A Secret for Two')

arc('festival', 'p', 'teamwork,happiness,sharing', '''
Once a year there was a festival {inpl}. Lanterns were hung, and [there was music until late|everyone wore their best clothes]. This year, {n} was allowed to [help|carry the first lantern].
"Tomorrow is the big day!" cried {n}. {Inpl}, everything was being made ready. {S1}, and the smell of [cake|roast chestnuts] was in the air.

But on the morning of the festival, [it poured with rain|the cook fell ill|the musicians were stuck in the snow]. "[We must call it off|There will be no festival]," said the {keeper} [gloomily|with a sigh].
Then came bad news: [the food cart had tipped over in the river|the lanterns had all been eaten by mice]. The {keeper} [threw up both hands|sat down on a barrel].

{n} [looked at the sad faces|did not want to believe it]. "What if everyone brings [one small thing|what they have]?" {he} said.
"Wait," said {n}. "[We still have ourselves|We do not need much]. {f} can play the [fiddle|spoons], and I can [bake|sing]." {fIntro} [blushed|nodded bravely].

So the word went around. {fintro2} came with [a pot of soup|a drum|paper and glue], someone else with [apples|candles|a tray of buns], and soon [the tables were full|there was more than enough].
One brought [bread|carrots], one brought [songs|blankets], and one brought nothing but [a good joke|two strong arms]. {f} [climbed on a box and began to play|hung up the last light].

That evening, {pl} [was brighter than ever|rang with laughter]. {S2}, but [nobody noticed|nobody minded]. They danced until [their shoes wore thin|the moon went down].
It was not like other years. It was [smaller and louder|a bit crooked], and [it was the best festival anyone could remember|even the {keeper} danced].

"Let us do it [like this every year|this way again]," said the {keeper}, and {n} [fell asleep on a heap of coats|carried the last lantern home], [tired and happy|smiling].
''', ('sad', 'the festival was nearly called off'), 'The festival {inpl} was nearly called off, but {n} asked everyone to bring one small thing, and it became the best ever.', 'The Festival/One Small Thing/A Feast for Everyone')

# ---- about a character -----------------------------------------------------------------------------------------

arc('lonely', 'h', 'friendship,loneliness,hope', '''
{n} had everything a {hero} could want, but {he} had no friend. [In the evenings, {he} talked to {his} own shadow|{He} played alone and ate alone].
There was only one thing wrong in the life of {n}: {he} was [lonely|always alone]. "If only [someone would knock|I had somebody to talk to]," {he} often sighed.

So {he} put up a sign: "Friend wanted." [All day nobody came.|People read it and walked on.] Then {n} [painted the sign bigger|wrote "Please" underneath].
{He} tried to find a friend. {He} asked [the river, but it ran on|the clouds, but they drifted away|the busy ants, but they had no time].

One [rainy|windy|foggy] evening, {fintro} came down the road, [soaked and hungry|carrying a broken umbrella]. "[May I come in|Is this the place with the sign]?" {f} asked.
Then one day, {n} heard someone [singing off-key|sneezing] behind the hedge. It was {fintro}, who was [just as lonely|new to the place].

At first, they [did not know what to say|were both very shy]. Then {f} [sneezed so hard that a cup fell down|said that the soup was too salty], and they both [burst out laughing|began to giggle].
They were very different. {n} liked [mornings|quiet], and {f} liked [nights|noise]. But both of them liked [pancakes|stories|watching the rain], and that was enough.

They [talked until the fire burned low|played until it was dark|shared the last piece of pie]. "Can you come again tomorrow?" asked {n}. "[I was hoping you would ask|I will come every day]," said {f}.
{n} showed {f} {his} favourite [hill|tree|stone], and {f} taught {him} [a song|to whistle|to skip stones].

The next morning, {n} [took down the sign|turned the sign around and drew a smile on it]. {He} did not need it anymore.
And {n} was never lonely again. [Even when {f} was away, the house felt full.|A friend makes any house bigger.]
''', ('sad', '{he} had no friend'), '{n} was lonely and looked for a friend. One day {f} came along, and {he} was lonely no more.', 'Friend Wanted/{n} and {f}/Not Alone Anymore')

arc('fear', 'h', 'fear,courage,bravery,trust', '''
{n} was afraid of [the dark|deep water|heights|thunder]. {He} never [told anyone|spoke of it], because {he} was ashamed.
There was one thing that made {n} [tremble|hide], and that was [the dark|the deep water|high places|loud noises]. The others [teased {him}|did not understand].

One day, {fintro} [fell into trouble|did not come home]. {f} was [stuck on the other side of the old bridge|trapped in the dark cellar], and there was nobody else around.
Then, on a cold evening, {n} heard a cry. {fintro} needed help, [and there was no time to fetch anyone|and only {n} had heard it].

{n} [wanted to run away|felt {his} legs turn to jelly]. "I cannot," {he} whispered. Then {he} heard {f} [crying softly|call again].
Everything in {n} said no. But {he} thought of {f}, [all alone out there|who had always been kind], and {he} [took one small step|went one step, and then another].

{He} [sang a song to keep up {his} courage|counted every step]. {His} heart [hammered|beat like a drum], but {his} feet went on.
"I am coming!" {he} shouted, and {his} voice [shook|hardly shook at all]. {He} kept {his} eyes on {f} and [did not look down|thought of nothing else].

And then {he} was there. {He} took {f} by the hand and [led {fhim} out|pulled with all {his} might]. "You came!" {f} said. "But I thought that you were afraid."
{He} reached {f} at last, and together they [made their way back|found the way out]. "Were you not afraid?" {f} asked.

"I was," said {n}. "I still am. [But I was more afraid for you|It just was not the most important thing]."
"[Very much|The whole time]," said {n}. {f} [squeezed {his} hand|nodded]. "Then you are the bravest {hero} I know."

After that, the fear did not [vanish|go away all at once], but it grew [smaller|quieter] each time. [And nobody teased {n} anymore.|{n} had learned that it could be walked through.]
''', ('ashamed', '{he} was afraid and thought that nobody would understand'), '{n} was very afraid, but when {f} needed help, {he} went all the same.', 'One Small Step/The Bravest {hero}/{n} Is Brave')

arc('proud_race', 'a', 'pride,patience,losing and winning,perseverance', '''
{n} could {skill}, and {he} told everyone about it. "[Nobody is better than I am|I am the best]," {he} said [ten times a day|to anyone who would listen].
No {hero} was as proud as {n}. "[Look at me|Have you seen what I can do]?" {he} would say. "I can {skill}!" The others [rolled their eyes|were tired of hearing it].

One day, {fintro} said quietly, "[Let us have a race|Shall we see who reaches the old mill first]?" Everyone [laughed|was surprised], because {f} was [small and slow|old and careful].
At last {fintro} had heard enough. "I will race you [to the river and back|around the hill]," {f} said. {n} laughed so much that {he} [fell over|had to hold {his} sides].

They set off at sunrise. {n} was far ahead in no time, so {he} stopped to [have a nap|show off for the crowd|eat some {food}].
"Ready, steady, go!" {n} shot off like an arrow. Halfway, {he} looked back. {f} was [only a dot|nowhere in sight]. "[I have plenty of time|How boring]," said {n}, and {he} [lay down in the shade|stopped to eat {food}].

But {f} just kept going, [step by step|slow and steady]. {fHe} did not stop [to rest|to look around], not even once.
{n} [ate too much and grew sleepy|closed {his} eyes for just a moment]. Meanwhile, {f} [came up the path|passed by without a sound].

When {n} looked up, {f} was [almost at the end|just about to win]! {He} ran as fast as {he} could, but it was [too late|no use].
A loud cheer woke {him}. {f} had [crossed the line|won]! {n} stood there [with hanging ears|and wished the ground would swallow {him}].

{n} [went red|hung {his} head]. Then {he} walked up to {f}. "You won," {he} said. "[I was silly|I boasted too much]. Will you teach me how to be [steady|patient]?"
Nobody laughed at {n}. "You are very good," {f} said kindly. "[You just forgot to try|But being good is no reason to stop]."

From then on, {n} [boasted less and listened more|kept {his} mouth shut and did {his} best]. [And {he} had many more friends than before.|Now and then they raced again, and sometimes one won and sometimes the other.]
''', ('ashamed', '{he} had boasted and then lost the race'), '{n} boasted of being the best and lost a race against slow {f}. After that, {he} boasted less.', 'The Race/Slow and Steady/Proud {n}')

arc('small_big', 'h', 'being different,kindness,bravery,teamwork', '''
{n} was the smallest {hero} {inset}. "[You are too small to help|Out of the way, little one]," everybody said, and {n} [went away sadly|sighed].
Because {n} was so small, nobody [took {him} seriously|let {him} join in]. {He} [sat on the fence and watched|wished every night to be big].

One day, [a child's ring fell down a deep crack|the well got blocked|a baby bird was stuck in a drainpipe]. The big ones [pushed and pulled|tried and tried], but [their hands were too large|none of them fitted in].
Then trouble came. {fintro}, who was big and strong, got {fhis} foot [caught in a tangle of roots|stuck between two rocks]. The others pulled, but [it only got worse|it was no use].

"Let me try," said a little voice. [Some of them laughed.|They all turned around.] But {f} said, "[Why not|Let the little one through]."
"I can do it," said {n}. "You?" they asked. {n} [did not wait for an answer|was already on the way].

{n} [squeezed into the gap|crawled in where no one else could go]. It was [dark and tight|dirty and cold], but {he} [went on, inch by inch|did not turn back].
Carefully, with {his} small, quick fingers, {n} [loosened one knot after another|reached into the narrow place] while everyone [held their breath|stood very still].

"Got it!" {he} [called|cried]. A [great|loud] cheer went up. They [lifted {him} onto their shoulders|carried {him} around the square].
And then it was done! {f} [laughed with relief|wiped {fhis} face]. "We would have stood here [until winter|forever]," {f} said.

"I am sorry that I called you too small," said [the biggest of them|one after another]. {n} [grinned|smiled]. "[I am just the right size|Small is a size, too]," {he} said.
From that day, whenever something was [narrow, tiny or tricky|difficult], people said, "[Call {n}|Ask {n}]!" And {n} walked [a little taller|with {his} head high].
''', ('sad', 'everybody said that {he} was too small'), 'Everybody said that {n} was too small, until a day came when only somebody small could help.', 'Just the Right Size/Small {n}/Too Small?')

arc('practise', 'h', 'perseverance,patience,dreams,making mistakes', '''
{n} wanted to learn to [dance|sing|juggle|swim|paint|whistle]. {He} had seen it once [at the fair|at the summer feast], and since then {he} could think of nothing else.
"One day, I will [dance on a stage|sing for the whole town|juggle five apples|swim across the lake]," said {n}. [Nobody believed it.|{His} brothers laughed.]

The first try was [a disaster|awful]. {n} [fell flat on {his} nose|made such a noise that the crows flew away]. "[Give it up|Try something else]," said the neighbours.
It went wrong again and again. After [ten|twenty] tries, {n} was [sore all over|close to tears]. "[I will never learn it|It is no use]," {he} said.

{fintro} had watched from the fence. "Do you know how often I failed when I was young?" asked {f}. "[A thousand times|More often than there are leaves on that tree]. [Then I stopped counting|And then once, it worked]."
"May I tell you a secret?" asked {fintro}. "[Nobody starts out good|Practise a little every day]. [Only those who stop never learn it|Slow is fine, as long as you do not stop]."

So {n} practised every [morning before breakfast|evening behind the barn]. On Monday it was [bad|terrible], on Tuesday [a bit less bad|hardly better], and [by the next week|after a month], there was [a tiny moment when it worked|something to see].
{n} [wiped {his} nose|got up] and tried once more. Day by day, it went [a tiny bit better|a little more smoothly]. {f} came to watch and always [nodded|clapped].

Then came the day of the [feast|fair]. {n} stepped forward with [cold hands|a dry mouth]. {He} looked for {f} in the crowd, and {f} [winked|gave a nod].
When summer came, {n} stood before [the whole village|all {his} friends]. {He} made [one small mistake|a mistake right at the start], but {he} [smiled and went on|did not stop].

And it worked! People [clapped and stamped|threw their hats into the air]. {n} [bowed so low that {he} nearly fell over|could not stop grinning].
When it was over, there was a hush, and then [a storm of applause|a great cheer]. "[You did it|I knew it]," said {f}.

"How did you learn that?" asked a small child. {n} [knelt down|smiled]. "[I was bad at it for a very long time|I fell down a thousand times]," {he} said, "[and then a little less|and got up a thousand and one]."
''', ('close to tears', '{he} had tried so often and still failed'), '{n} kept practising though {he} failed many times, and in the end {he} did it.', 'A Thousand Tries/{n} Practises/One More Time')

arc('lie', 'h', 'honesty,trust,forgiveness', '''
{n} liked to [tell tall tales|make things up]. "[There is a dragon in the well|The bridge is on fire]!" {he} would shout, and then {he} laughed when everyone came running.
There was nobody who told fibs as often as {n}. One day {he} [had seen a giant|had found a river of gold], and the next day [a flying cow|a talking turnip].

At first, people [laughed|believed {him}]. Then they grew [tired of it|angry]. "[We will not listen to you anymore|That is enough]," said {fintro}.
"One day, nobody will believe you," warned {fintro}. {n} only [shrugged|laughed].

Then one evening, {n} saw [smoke rise from the barn|the river climb over its banks]. {He} ran as fast as {he} could. "[Help|Come quickly]!" {he} cried. Nobody [looked up|moved]. "[Another of your stories|Very funny]," they said.
But one night, [a real fire broke out in the mill|the dam really did crack]. {n} knocked on every door, and every door [stayed closed|was shut in {his} face].

{n} [began to cry|was desperate]. "[This time it is true|Please, I am not lying]!" {f} looked at {him} for a long moment. {fHe} saw the [tears|soot on {his} face]. "I will come," {f} said.
At the last house, {n} [could only whisper|fell on {his} knees]. "I have lied so often," {he} said. "But not now. I promise." {f} [put on {fhis} boots|reached for {fhis} coat].

When {f} saw that it was true, {fhe} [rang the great bell|called the others], and together they [saved what they could|passed buckets until morning].
They ran together. {f} [saw it and rang the bell|shouted for the others], and at the last moment, [the worst was prevented|everyone was brought to safety].

"I am sorry," said {n} the next day, in front of everyone. "[I know now what a lie costs|I will not do it again]." And {he} kept {his} word.
From then on, {n} told {his} tall tales only [by the fire|at story time], and {he} always began with the words: "[This one is made up|What I tell you now is not true]."
''', ('desperate', 'nobody believed {him} when {he} told the truth'), '{n} told so many lies that nobody believed {him} when there was real danger. Only {f} came, and {n} learned {his} lesson.',
    'Tall Tales/Nobody Believes {n}/The True Story')

arc('greedy', 'h', 'greed,sharing,gratitude', '''
{n} had a [big bowl of cherries|whole sack of nuts|basket full of cakes], and {he} did not want to share it with anyone.
In the autumn, {n} gathered more [apples|nuts|pears] than anybody else. {His} store was full to the roof. "All mine," {he} said [with a grin|happily].

{fintro} came by. "[May I have one|I have had no luck this year]," {f} said. "No," said {n}. "[Get your own|I need them all]."
When {fintro} asked for [a handful|just one], {n} [shut the door|hid everything behind {his} back].

Then {n} ate and ate, until {he} [could not move|had a terrible stomach ache]. {He} lay on the floor and [groaned|could not even call for help].
But the store was damp, and [half of it went bad|mould grew over everything]. Then [the roof leaked|mice came in the night]. Soon there was [almost nothing left|only a sad little heap].

Who came to look? It was {f}, with [a cup of mint tea|a warm blanket]. "[I heard you groaning|You did not look well]," {fhe} said.
That winter, {n} sat in the cold with [an empty bowl|an empty stomach]. There was a knock. {f} stood there with [a pot of soup|half a loaf of bread]. "It is not much," {fhe} said, "but it is enough for two."

{n} [went red|could not look up]. "I gave you nothing," {he} said, "and you come and help me?" "[That is what neighbours are for|You were in need]," said {f}.
"Why are you so kind to me?" {n} asked in a small voice. {f} [thought about it|shrugged]. "[Because food tastes better in company|Somebody has to start]," {fhe} said.

{n} never forgot it. The next time {he} had [a full basket|something good], {he} [went from door to door|called everyone together] and shared it.
From then on, {n} shared all {he} had, and {he} noticed something strange: [the more {he} gave, the more {he} got|shared cake really does taste sweeter].
''', ('ashamed', '{he} had shared nothing, and {f} was kind to {him} all the same'), '{n} would not share and came to grief. {f} helped {him} all the same, and {n} learned to share.', 'Enough for Two/Greedy {n}/All Mine')

arc('lost_home', 'h', 'hope,trust,family,kindness', '''
One day, {n} [followed a blue butterfly|chased a rolling hat|followed the sound of music] a little too far. When {he} looked up, {he} did not know where {he} was.
{n} only wanted to see [what was behind the hill|where the stream began]. But when {he} turned around, [the path was gone|fog covered everything].

"[Mother|Is anyone there]?" {he} called. Only [the wind|an echo] answered. {n} [began to cry|felt very small].
{He} walked left, and {he} walked right, and {he} came back to [the same crooked tree|the same grey rock]. It was getting [cold|dark].

Then {fintro} appeared. "[Who is crying here|What is the matter]?" asked {f}. "I am lost," said {n} [with a sob|and sniffed]. "[What does your home look like|Tell me about your home]," {f} said.
An [odd|unknown] voice said, "[You are not from here|Do you need help]?" It was {fintro}. {n} was a little [afraid|shy], but {f} had kind eyes.

"There is [a chimney that always smokes|a crooked gate|a big chestnut tree]," said {n}, "and it smells of [pancakes|hay|soap]." {f} [sniffed the air|climbed up high and looked around]. "[I think I know it|This way]!"
{n} could remember only [the sound of the mill|a red roof|the smell of fresh bread]. "That is a good start," said {f}. "[We will follow our noses|Let us listen for it]."

They crossed [a stream|a field of stones], and {f} carried {n} when {he} was tired. [The moon came up and showed them the path.|They sang to make the way shorter.]
It was a long way. {f} shared [a piece of bread|some berries] with {n} and told {him} about [the stars|faraway lands], so that {he} forgot to be afraid.

And there was the [light in the window|gate]! {His} mother [ran out with open arms|had tears in her eyes]. "[Where have you been|We looked everywhere]!" she cried, and she hugged {him} so hard that {he} could hardly breathe.
"Home!" shouted {n}. The door flew open, and [everyone ran out|{his} whole family came running].

{f} was invited to [supper|stay the night], and {n} [would not let go of {fhis} hand|sat next to {fhim} the whole evening].
"Next time," said {n} as {he} was put to bed, "I will [look back now and then|leave a trail of pebbles]." And soon {he} was [fast asleep|dreaming].
''', ('crying', '{he} was lost and could not find the way home'), '{n} went too far and got lost. {f} helped {him} to find the way home again.', 'The Way Home/{n} Gets Lost/Follow Your Nose')

arc('stranger', 'h', 'kindness,gratitude,hope', '''
It was a [bitter|cold] winter evening when {n} heard a knock. Outside stood {fintro}, [covered with snow|shaking with cold]. "[May I warm myself|Can you spare a crust of bread]?" {f} asked.
{n} was poor and had only [one egg|half a loaf|a thin soup] left for supper. Just as {he} sat down, {fintro} knocked at the door.

"Come in," said {n}. "[It is not much, but half of it is yours|Sit down by the fire]." They ate together, and {f} told [of faraway places|a funny tale].
{n} did not think twice. {He} gave {f} [the best chair|the bigger half] and {his} only [blanket|pillow], and slept on the floor {himself}.

In the morning, {f} was [gone|already up]. On the table lay [a small wooden whistle|three seeds|a plain grey stone]. "[Thank you|For the day when you need it]," said a note.
When {n} woke up, {f} was putting on {fhis} boots. "I have no money," {f} said, "but [take this|keep this]." It was [a little bell|a whistle made of wood|a bag with three seeds].

The year went by, and {n} [forgot about it|kept it in a drawer]. Then came a hard time: [the harvest failed|{he} fell ill|a flood took the bridge away].
{n} put it on the shelf and went about {his} work. But the next autumn, [a storm broke the roof|hunger came to the land], and {he} did not know what to do.

{He} remembered the gift and [took it out|held it in {his} hand]. [Outside|The very next morning], there was a sound of many feet. {f} had come, with [all {fhis} friends|a whole crowd of helpers]!
With little hope, {he} took the gift in {his} hand. Before long, there was a knock at the door, [just like that evening|three times]. "[I heard that you need help|Now it is my turn]," said {f}.

They [mended and carried and cooked|worked for three days], and when they were done, [all was well again|there was food for the whole winter].
"Why do you do all this for me?" asked {n}. "[You gave me half of all you had|You opened your door]," said {f}. "[I never forgot it|This is only the other half]."

And since then, there has always been [a second plate|an extra chair] on the table of {n}, [for whoever may knock|just in case].
''', ('worried', 'hard times had come and {he} did not know what to do'), '{n} shared {his} last food with {f}, a stranger. Later, when {n} was in need, {f} came back to help.', 'The Other Half/A Knock at the Door/The Second Plate')

arc('moving', 'h', 'moving,friendship,growing up,sadness', '''
{n} had to move to a new home. [All {his} things were packed in boxes|The old rooms were empty and echoed], and {he} did not want to go.
"We are moving," said {his} mother. {n} [thought of {his} tree, {his} hill and {his} friends|hid in the cupboard and would not come out].

The new place was [too big and smelled of paint|noisy and strange]. At night, {n} lay awake and listened to [unknown sounds|the strange clock]. "I want to go home," {he} whispered.
At the new place, everything was wrong. The [windows were on the wrong side|stairs creaked in the wrong spot], and nobody knew {his} name.

The next day, {n} sat on the step. {fintro} [looked over the hedge|came along on a scooter|stopped in front of {him}]. "[You live here now|Are you the new one]?" {f} asked. {n} only nodded.
On the third day, a [paper plane|ball] landed at {his} feet. Behind the fence stood {fintro}. "[Sorry|Can you throw it back]?" {f} called.

"Do you know where [the biggest tree is|you can see the trains|the ducks live]?" asked {f}. {n} shook {his} head. "[Then come on|I will show you]!"
{n} threw it back. It came over again. Soon, they were [playing|laughing], and {n} had forgotten to be sad [for a whole hour|until supper].

They explored [the stream behind the houses|every street and every alley], and {n} told {f} about {his} old home. "[It sounds lovely|You can tell me more tomorrow]," said {f}.
Each day, {f} showed {him} something new. And {n} showed {f} something too: [how to build a dam|a game from the old street|how to fold a paper frog].

One evening, {n} said, "I am going home," and {he} meant [the new house|the place with the creaking stairs]. {He} [stopped and smiled|noticed it only later].
A few weeks later, {n} wrote a letter to {his} old friends. "[It is nice here|You must come and visit]," {he} wrote. "[I have a friend here|I have so much to show you]."
''', ('sad', '{he} had to leave {his} old home'), '{n} was sad about moving to a new home until {he} met {f}, and slowly it became home.', 'The New House/{n} Moves/A New Home')

arc('jealous', 'h', 'jealousy,family,love', '''
{n} had a new baby [brother|sister], and since then [nobody had time for {him}|everything was about the baby]. The baby cried, and everyone ran. {n} cried, and [nobody heard|they said, "Hush."].
Since the baby had come, {n} felt [invisible|like an old shoe]. "[Look how sweet|What tiny fingers]!" everyone said. Nobody looked at {n}.

So {n} packed {his} bag with [a sock, an apple and a book|three biscuits] and moved out, [under the table|into the garden shed].
"I am moving out," {n} announced. {He} built a [cave of blankets|den behind the sofa] and hung up a sign: "[No babies|Only for me]."

{fintro} came to visit. "[May I come in|It is nice here]," {f} said and [sat down beside {him}|crawled in]. "When you were a baby, you cried [louder than anyone|all night], and I carried you [up and down|through the whole house]."
After a while, {fintro} sat down outside the den. "[Do you know who sang you to sleep when you were tiny|Love is not a cake]," {f} said. "[We all did|It does not get smaller when more people share it]."

{n} [thought about that|said nothing for a while]. Just then, the baby began to [cry|wail]. Everyone tried, but [nothing helped|it only cried louder].
Inside the house, the baby would not stop crying. [Mother was tired|Father was at his wits' end]. {n} [peeked out of the den|listened].

{n} went over and [pulled a funny face|hummed {his} own song]. The baby [stopped|hiccuped], looked at {him} and [laughed|smiled for the very first time].
{n} put one finger into the tiny hand. The hand [closed around it|held on tight], and it was quiet. "[It likes you best|How did you do that]?" whispered {his} mother.

{n} felt [warm all over|ten feet tall]. "[I am the big one, after all|Someone has to show the baby how things work]," {he} said.
That evening, {he} changed the sign. Now it said: "[Only for us two|Babies welcome]."
''', ('jealous', 'everyone had time only for the new baby'), '{n} was jealous of the new baby and moved out, but then the baby smiled at {him} first of all.', 'The New Baby/{n} Moves Out/Only for Us Two')

arc('bad_mood', 'h', 'anger,kindness,happiness,funny', '''
{n} woke up in a bad mood. The [porridge was too hot|socks were itchy], the [sun was too bright|birds were too loud], and everything was [silly|wrong].
It was one of those days. {n} got up with the wrong foot, [stubbed a toe|spilled the milk], and [growled at the cat|frowned at the mirror].

"Good morning!" said {fintro}. "[What is good about it|No, it is not]," {n} [snapped|grumbled], and slammed the door. Then {he} felt even worse.
On the street, {he} met {fintro}. "You look like [a thundercloud|a pickled plum]," {f} said. "[I do not|Leave me alone]!" said {n}.

{f} did not go away. "[My grandmother had a cure for that|I know a trick]," {f} said. "[Stamp your foot ten times and roar|Tell me three bad things, and then one good one]." 
But {f} was not [angry|hurt]. "[Do you want to be cross together|Shall I be grumpy with you]?" {fhe} asked. {f} [folded {fhis} arms|made a terrible face] and stamped along beside {n}.

{n} [tried it|stamped and roared]. It sounded so [funny|odd] that a [cow|passing goose] [stared|answered]. {n} [bit {his} lip|tried hard not to laugh].
They grumbled about [the clouds, the stones and the colour green|everything they saw]. "And look at that [stupid flower|silly duck]," said {f}. "[So yellow|It is far too happy]." The corner of {his} mouth [twitched|began to move].

Then it burst out. {n} laughed, and {f} laughed, and they laughed until [they had to sit down|their stomachs hurt]. The bad mood [flew off like a crow|was gone].
{n} giggled. {He} tried to [stop|look cross], but it was too late. [Soon, both of them were rolling in the grass.|It was impossible to be angry any longer.]

"I am sorry that I [snapped at you|was rude]," said {n}. "[It was not my morning|I do not know why I was so cross]." "[It happens to the best of us|Tomorrow it may be my turn]," said {f}.
In the evening, {n} thought, "What a [lovely|strange] day." And the [porridge|milk] the next morning was [just right|fine].
''', ('cross', '{he} had woken up in a bad mood'), '{n} was in a bad mood and snapped at everyone, until {f} made {him} laugh.', 'A Bad Mood/Grumpy {n}/The Wrong Foot')

arc('dream', 'h', 'dreams,hope,perseverance,courage', '''
{n} had a dream: {he} wanted to see the sea. {inSet}, nobody had ever seen it. "[It is too far|Stay where you belong]," they said.
Every night, {n} looked up and dreamed of [flying|touching the stars|standing on the highest mountain]. The others [shook their heads|smiled at {him}].

But {n} could not forget it. {He} saved [every coin|a little food each day] and drew [maps|plans] on [the walls|old paper bags]. And one morning, {he} set off.
One day, {he} met {fintro}, who had [travelled far|a map full of strange names]. "[A dream needs feet|If you want to go, go]," said {f}. The next morning, {n} [packed a bundle|tied up {his} boots].

The way was [long and stony|full of thorns]. It rained for [three days|a week], and {his} [shoes fell apart|food ran out]. "[Maybe they were right|Should I turn back]?" thought {n}.
On the first day {he} [sang|whistled], on the second day {he} was silent, and on the third day {he} [sat down and could go no further|wanted to turn back].

Then {fintro2} came along and shared [a fire|some soup] with {him}. "[You have come more than half the way|The last hill is always the steepest]," said {f}. "[I will walk a piece with you|Sleep, and then see]."
"Why do you do this to yourself?" asked {fintro2}. "[Because otherwise I would always wonder|It calls me]," said {n}. {f} [smiled and pointed ahead|nodded and gave {him} a walking stick].

And so {n} got up and went on, [one foot before the other|up and up]. Then suddenly, [the land fell away before {him}|the mist tore open].
{n} climbed the last [hill|slope], with {his} eyes on the ground. Then {he} looked up.

There it was. It was [bigger|more beautiful] than {he} had ever dreamed. {n} [could not say a word|laughed and cried at once]. [A fresh wind blew in {his} face|The whole world lay at {his} feet].

When {n} came home, everyone wanted to hear about it. {He} told them [all|everything], and the next spring, [three others|two children] [packed their bundles|began to draw maps].
{n} stayed for a long time. And {he} knew: [the dream had not been too big, the world had only seemed too small|it had been worth every step].
''', ('discouraged', 'the way was so long and hard'), '{n} had a dream that everyone called too big. {He} set off all the same and, with help from {f}, {he} reached it.', 'A Dream Needs Feet/The Last Hill/{n} Sets Out')

arc('sick_friend', 'h', 'kindness,friendship,love', '''
{fintro} was ill and had to stay in bed. {n} missed {fhim}. "[Nothing is fun without {f}|How can I cheer {fhim} up]?" {he} thought.
{n} and {fintro} always met [at the gate|under the big oak]. But one morning {f} did not come. {f} was ill, and {n} was [worried|very sad].

{n} wanted to bring soup, but {he} [tripped and spilled it|burned it black]. Then {he} wanted to bring flowers, but [the goat ate them|the wind blew the petals away].
First {n} tried to [bake a cake, but it came out as hard as stone|pick apples, but the branch broke]. Then {he} tried to [sing under the window, but it began to rain|write a poem, but nothing would rhyme].

At last, {n} stood at the bed of {f} with [empty hands|mud on {his} nose]. "I wanted to bring you something," {he} said, "but [everything went wrong|I have nothing left]."
So {n} went there with nothing. {He} sat down by the bed and [told {f} everything that had gone wrong|sighed from the bottom of {his} heart].

{f} listened to [the story of the soup and the goat|it all]. First {fhe} smiled, then {fhe} giggled, and then {fhe} laughed until [the bed shook|{fhe} had tears in {fhis} eyes].
"The [goat|cake]! Tell that part again," said {f}. {fHis} cheeks turned [pink|red] from laughing.

"[That is the best present of all|I feel better already]," said {f}. And really, [that evening {fhe} ate a whole bowl of porridge|the next day {fhe} could sit up].
{n} came every day and told {fhim} [a new story|all the news], and every day {f} was [a little better|stronger].

Within a week, {f} was well again. The first thing they did was [visit the goat|bake a cake together]. [This one was soft.|It went wrong again, and they did not mind at all.]
When {f} was well, {fhe} said, "[You brought me the best medicine|You came. That was the present]." {n} [blushed|beamed].
''', ('worried', '{his} friend {f} was ill'), 'When {f} was ill, every present that {n} tried to bring went wrong. But the story of it made {f} laugh, and that was the best gift.', 'The Best Medicine/Everything Goes Wrong/A Visit to {f}')

arc('forgot_party', 'h', 'misunderstanding,friendship,happiness,love', '''
It was the birthday of {n}, but nobody [said a word|seemed to remember]. {He} walked past {fintro}. "[Good morning|Sorry, I am in a hurry]," said {f}, and that was all.
{n} woke up early, because it was {his} birthday. But there was [no cake|no song], and everyone [was busy|had gone out].

"Perhaps they forgot," thought {n}. {He} went to [the baker, but the door was shut|the market, but people turned away when {he} came]. Wherever {he} went, [people began to whisper|doors were closed].
{n} asked {fintro}, "Do you know what day it is?" "[Thursday|Laundry day]," said {f} and [hurried off|looked at the ground].

{n} sat down [by the stream|under a tree] all alone. {He} [threw little stones into the water|sang a birthday song to {himself}, very quietly]. A tear ran down {his} nose.
So {he} [picked a daisy for {himself}|drew a cake in the dust] and felt [very sorry for {himself}|sad].

When the sun went down, {he} walked home. It was [strangely dark|quite still]. {He} opened the door, and then...
Towards evening, {f} came running. "[Come quickly|You must help me]!" {fhe} called. {n} followed {fhim} to the old barn and pushed open the door.

"Surprise!" they all shouted. There were [lanterns, a huge cake and all {his} friends|garlands, music and a mountain of pancakes]. {n} [stood there with {his} mouth open|forgot to close {his} mouth].
A hundred candles shone. "Happy birthday!" everyone cried. [The baker had baked, and the neighbours had hung up lights.|Nobody had forgotten anything.]

"We worked on it [all week|in secret all day]," said {f}. "[It was so hard not to tell you|I nearly gave it away three times]." {n} [laughed and cried at the same time|hugged everyone, one after another].
They [danced|sang] until midnight. "I thought that you had forgotten me," said {n}. "[How could we|Never]," said {f}.
''', ('sad', '{he} thought that everyone had forgotten {his} birthday'), '{n} thought that nobody remembered {his} birthday, but {f} and the others had planned a surprise.', 'The Forgotten Birthday/Surprise!/The Secret Party')

arc('lazy', 'h', 'laziness,kindness,making mistakes', '''
All summer long, {n} lay in the [grass|sun] and [hummed|watched the clouds]. "You should [gather wood for the winter|mend your roof]," said {fintro}. "[Tomorrow|There is plenty of time]," said {n}.
"I will do it tomorrow," was the favourite saying of {n}. {His} roof had a hole, {his} garden was full of weeds, and {fintro} [shook {fhis} head over it|warned {him} more than once].

Tomorrow came, and {n} said "tomorrow" again. [The leaves turned yellow|The swallows flew away]. The nights grew [cold|long].
The days passed, one after the other. {n} [slept late|took long naps], and there was always [a good reason|an excuse].

Then the first snow fell. It fell [right through the hole in the roof|on the empty wood shed]. {n} [shivered|sat in the corner with chattering teeth].
One night, a storm blew [the rest of the roof off|all the doors open]. There was no wood, [no food|no warm blanket], and there was no more tomorrow.

{He} [walked through the snow|dragged {himself}] to {f} and knocked. "I did nothing all summer," said {n} [quietly|with hanging head]. "[You were right|I am so cold]."
{n} was ashamed to ask for help. But then {f} stood at the door. "[I thought as much|Come with me]," {fhe} said, "[my stove is warm|there is soup]."

{f} [put a bowl of soup in front of {him}|gave {him} a blanket]. "You can stay," {fhe} said, "but [tomorrow we will mend your roof|in the morning, we work]." "Not tomorrow," said {n}. "[Today|Let us start right now]!"
All winter, {n} helped wherever {he} could. {He} [chopped wood|shovelled snow], [carried water|baked bread], and to {his} surprise, [it felt good|{he} liked it].

In spring, {n} was the first [in the garden|to be up]. [And when {he} lay down in the grass in the evening, it was twice as nice.|And the roof? It had not a single hole.]
''', ('cold and sorry', '{he} had put off all {his} work'), '{n} put off all {his} work until winter came. {f} took {him} in, and {n} learned to do things in time.', 'Tomorrow/Lazy {n}/The Hole in the Roof')

arc('patience', 'h', 'patience,hope,gratitude', '''
{n} planted a seed and [watched the spot|sat down next to it]. "[Grow|Hurry up]!" {he} said. Nothing happened.
{fintro} gave {n} a small brown seed. "[It will be something wonderful|Water it and wait]," said {f}. {n} put it in the earth that very hour.

The next morning, {he} ran out. There was [only earth|nothing to see]. On the third day, {he} [dug it up to look|shouted at it]. On the fourth day, {he} [kicked the watering can|wanted to throw the pot away].
{n} waited [one day|for two whole days]. {He} [sang to it|pulled at the soil], and {he} asked every hour, "[Is it ready now|When is it coming]?"

"[It does not work|It is a bad seed]!" {n} said to {f}. {f} [laughed|sat down with {him}]. "[A seed has to do a lot where nobody can see it|First it makes roots]," {f} said. "[Let it sleep|You cannot pull it out of the earth]."
"Why is it so slow?" {n} complained. "[Good things like to take their time|It is busy down there in the dark]," said {f}. "[Let us do something else in the meantime|Come, we will count the swallows]."

So {n} watered it every day and [went to play|learned to wait]. {He} watched [the snails|the clouds], and {he} noticed [a lot that {he} had never seen before|that waiting can be nice].
The days went by. {n} [drew pictures of what it might become|told it stories in the evening], and now and then {he} even forgot it.

And then, one morning after the rain, there was [a tiny green tip|something green]! {n} [held {his} breath|lay down on {his} stomach to look]. {He} did not touch it.
One morning, {n} nearly stepped on it. [A small green hook|Two tiny leaves] had come out of the earth. "{f}!" {he} shouted. "Come and look!"

By summer, it was [taller than {n}|as high as the fence], with [a great golden flower|flowers like small suns|sweet red berries]. Bees [came from far away|hummed around it].
It grew and grew. In August, [a sunflower as big as a plate looked down at {him}|{he} picked the first ripe strawberry from it].

{n} [put some of the new seeds in {his} pocket|gave {f} a handful of new seeds]. "[Next year we will wait together|Now I know how it is done]," {he} said. "[I am good at it now|First the roots]."
''', ('impatient', 'the seed did not grow at once'), '{n} planted a seed and could not wait. {f} taught {him} patience, and in the end it grew into something wonderful.', 'The Slow Seed/{n} Waits/First the Roots')

arc('different', 'a', 'being different,friendship,pride', '''
{n} was not like the others. The others could {skill}, but {n} could not. {He} [had one white ear|was the wrong colour|was far too slow], and they [laughed at {him}|left {him} out].
Every {hero} {inset} could {skill}. Only {n} was different: {he} liked to [sing|count things|draw maps in the sand] instead. "[What a strange {hero}|You are odd]," the others said.

{n} tried to be like them. {He} [dyed {his} coat with berries|practised until {he} ached], but it [washed off in the rain|did not help]. {He} went away and sat alone [on a stone|under a bush].
"[I wish I were like everyone else|Why am I so different]?" {n} asked {fintro}. "[Wait and see|There is a reason for everything]," said {f}.

Then came a [foggy|moonless] night, and the others got lost. [They called, but nobody could see anyone.|They ran in circles.] {n} heard it from far away.
One day, the others were in trouble. They had [lost their way in the marsh|eaten all the {food} and found no more], and none of them knew what to do.

{n} [sang as loudly as {he} could|climbed on a rock and sang]. Out in the dark, {f} heard it. "[That is {n}|Follow that voice]!" {f} cried, and one by one they found the way.
But {n} had [counted every stone and every tree|drawn all the paths in the sand] on {his} lonely walks. "I know the way," {he} said. "[Follow me|Come along]." {f} was the first to [trust {him}|go with {him}].

When they were safe, nobody said a word. Then [the biggest of them|the one who had laughed the loudest] stepped forward. "We laughed at you," came the words, "and [you saved us|you helped us all the same]. We are sorry."
"If you were like us," said {f}, "[we would still be out there|we would all be lost now]." The others [nodded|looked at the ground].

{n} [smiled|was not angry]. From then on, {he} belonged. [And when {he} sang, they all sang along, badly but loudly.|And nobody wanted {him} to be any different.]
''', ('sad', 'the others laughed at {him} for being different'), '{n} was different from the others, and they laughed at {him}. But one day, it was just this that saved them.', 'Different/The Odd One/The Song in the Dark')

arc('forgive', 'h', 'forgiveness,anger,friendship', '''
{n} and {fintro} had not spoken for [a year|three weeks], and nobody remembered why. It had begun with [a broken cup|a borrowed rake|a stolen pear].
One day, {fintro} said something [mean|unkind] to {n}. It was only one sentence, but it [hurt|stuck like a thorn], and {n} walked away [without a word|with tears in {his} eyes].

When {f} came down the street, {n} [crossed to the other side|looked at the sky]. When {n} was at the well, {f} [waited behind the corner|turned around]. It was [tiring|lonely] for both.
{n} [built a high fence|closed the shutters]. "[I will never speak to {f} again|I do not need anyone]," {he} said. But the evenings were [long|quiet].

Then the [cat|goat] of {f} got [stuck in a tree|caught in the fence] on {his} side. {n} [heard it cry|saw {f} searching everywhere]. {He} stood there for a while. Then {he} [fetched the ladder|cut the wire].
One day, {n} found [an old photograph|a friendship band] in a drawer. There they were, {n} and {f}, [laughing with missing teeth|arm in arm and covered with mud]. {He} looked at it for a long time.

With a beating heart, {n} went to the door of {f}. It opened before {he} could knock. "[I was just coming to you|I have been standing behind this door for an hour]," said {f}.
{n} [took a deep breath|put on {his} coat] and went over. "[I miss you|I do not want to be angry any longer]," {he} said. There was a long silence.

"I am sorry," said {f}. "[I was wrong|I did not mean it]." "[I am sorry, too|So am I]," said {n}, and it was as if [a stone fell from {his} heart|someone had opened a window].
{f} had tears in {fhis} eyes. "[I have wanted to say sorry every day|I only did not know how]," {fhe} said. And {n} [held out {his} hand|hugged {fhim}].

Together, they took down the fence and made [a bench|a table] out of it. [There they sit in the evenings, and if they quarrel, then only about who brings the cake.|It is still there, and there is room for two.]
They had [a lot to tell each other|to make up for a whole year], and they talked [until the stars came out|all night].
''', ('lonely', '{he} had quarrelled with {f} and missed {fhim}'), '{n} and {f} had fallen out and missed each other, until {n} took the first step.', 'The First Step/The Fence/Sorry')

# ---- about a job -----------------------------------------------------------------------------------------------

arc('job_problem', 'j', 'perseverance,hope,patience', '''
Every day {n} {jdid}, and {he} was good at it. [People came from far away|Everyone liked {him}], and {he} was [content|happy].
{n} worked {atjob}. {He} {jdid}, and {he} loved {his} work. {His} {jtool} was [worn from use|always at hand].

But one day, something went wrong: {jwrong}. {n} [scratched {his} head|did not know what to do].
Then came a [bad week|dark day]. {Jwrong}, and [nobody knew why|people began to worry].

{He} tried [everything {he} knew|this and that]. {He} [started again from the beginning|worked until midnight], but nothing helped. "[I am no good|Maybe I should give it up]," {he} sighed.
{n} read [old books|every page of {his} notes], asked [the wise old neighbours|everyone {he} met], and slept badly. Nothing worked.

{fintro} [looked in at the door|had been watching]. "[May I ask something silly|Have you tried to look at it in a new way]?" {f} said. "[Sometimes a small question helps|I do not understand much about it, but I have eyes]."
"Sit down for a moment," said {fintro}. "[You are too tired to see|Drink a cup of tea]. [Tell me about it from the start|What would you tell a beginner]?"

While they were talking, {n} had an idea. {He} jumped up, and this time, {he} {jright}. [It worked|And that was it]!
That question made {n} think. All at once, {he} knew what to do. {He} {jright}, and [everything was well again|slowly things got better].

The whole town was [glad|relieved]. "[How did you do it|You are a master]," they said. "[I had help|{f} asked the right question]," said {n}.
{n} laughed with relief. "[So simple|Why did I not see it before]?" {he} said. "[Because you were standing too close|That is how it is with riddles]," said {f}.

From then on, {f} was welcome {atjob} at any hour, [and there was always a chair for {fhim}|and often they drank tea together].
And {n} took up the {jtool} again, [as if nothing had happened|whistling a tune].
''', ('worried', '{jwrong}'), '{n} was a {hero}. One day {jwrong}, but thanks to a question from {f}, {he} {jright}.', 'The Right Question/A Bad Week for {n}/The Clever {hero}')

arc('job_apprentice', 'j', 'growing up,patience,trust,making mistakes', '''
{n} was the best {hero} {inset}. {He} {jdid}. One day, {fintro} stood at the door. "[Will you teach me|I want to learn it, too]," said {f}.
One morning, {fintro} came to {n}, the {hero}. "I would like to be [like you|your apprentice]," {f} said. {n} looked {fhim} up and down. "[It is hard work|We start early]," {he} said.

On the first day, {f} [dropped the {jtool}|mixed everything up]. On the second day, {fhe} [came late|broke a window]. {n} [took a deep breath|counted to ten].
{f} was [eager but clumsy|full of ideas]. {fHe} [knocked things over|got in the way], and by evening, {jplace} looked [as if a storm had passed through|upside down].

"I will never learn it," said {f} [in tears|and wanted to go home]. {n} [sat down beside {fhim}|thought of {his} own first day]. "Shall I tell you about my first day?" {he} asked. "[I nearly burned the roof down|My teacher hid under the table]."
"You should send me away," {f} said [sadly|quietly]. But {n} shook {his} head. "[Nobody is born a {hero}|Mistakes are the tuition]," {he} said. "[Again|Once more, and slowly]."

So {f} went on. {n} showed {fhim} how to hold the {jtool}, and week by week, [{fhis} hands grew sure|there were fewer broken things].
They worked side by side. [In summer|Month after month], {f} learned to [look, wait and listen|see what needed doing before anyone said it].

Then {n} fell ill, just when {jwrong}. "[What shall we do|Who can help now]?" people asked. All eyes [turned to {f}|were on {f}].
One day, {n} was away, and trouble came: {jwrong}. {f} was all alone. {fHis} heart [pounded|was in {fhis} boots].

{f} thought, "What would {n} do?" Then {fhe} {jright}, just like a [real|true] {hero}.
{fHe} took the {jtool}, [closed {fhis} eyes for a moment|breathed in and out], and {jright}.

When {n} came back and saw it, {he} [said nothing for a while|had to wipe {his} eyes]. Then {he} gave {f} {his} own {jtool}. "[You are not an apprentice anymore|Now you are a {hero}]," {he} said.
"Well," said {n}, "[I could not have done it better|now I can sleep late]." And {f} [glowed with pride|was the proudest apprentice in the land].
''', ('proud', '{f} had learned to do the work alone'), '{f} became the apprentice of {n}, the {hero}. After many mistakes, {f} saved the day alone.', 'The Apprentice/The First Day {atjob}/A New {hero}')

arc('job_rest', 'j', 'happiness,gratitude,family,funny', '''
{n} was a {hero} who never rested. {He} {jdid}, Monday to Sunday, and even at night {he} [dreamed of work|talked about it in {his} sleep].
For twenty years {n} had not taken a single day off. {He} {jdid}, and when people said, "[Take a rest|Sit down]," {he} said, "[No time|Who else would do it]?"

One morning, the {jtool} was gone. {n} [looked everywhere|turned the whole place upside down]. Without it, {he} could not work. "[A disaster|What now]!" {he} cried.
Then one day, {he} could not find the {jtool}. Instead, there was a note: "[Gone for a walk. Back tomorrow|Today is a holiday]."

{He} ran to {fintro}. "[Have you seen my {jtool}|Someone has taken my {jtool}]!" "[Perhaps it needed a rest|How strange]," said {f} and [looked at the ceiling|smiled a little]. "[Since you cannot work, come and fish with me|Now that you have time, eat with us]."
"What am I to do all day?" {n} asked {fintro}. "[Nothing|Breathe]," said {f}. "[I will show you how|It is not so hard]."

So {n} sat [by the water|under a tree]. At first, {his} fingers [twitched|would not keep still]. Then {he} heard [the birds|the wind in the leaves]. "[Were they always there|Do they sing every day]?" {he} asked.
{n} did not know how. {He} [sat down, stood up and sat down again|counted the clouds to be useful]. But after an hour, {his} shoulders [dropped|grew soft], and {he} even [hummed|laughed].

They ate [plum cake|fresh bread with honey], [threw stones in the water|told old jokes], and the day was [long and golden|like a whole holiday].
In the evening, {his} family came along, and they [sat outside until dark|played cards and laughed a lot]. "I had forgotten how [nice you all are|good that is]," said {n}.

The next morning, the {jtool} was [back in its place|on the table], with a [ribbon|flower] on it. {n} [looked at {f} and said nothing|had {his} own thoughts about that].
And from then on, once a week, the {jtool} [went for a walk|had a day off]. [{n} never asked who took it.|{n} even packed it a sandwich.]
''', ('upset', '{his} {jtool} had disappeared'), '{n}, a {hero}, never rested until one day {his} {jtool} disappeared. {f} showed {him} how good a day off can be.', 'A Day Off/The Missing {jtool}/Gone for a Walk')

arc('job_doubt', 'j', 'being different,dreams,courage,pride', '''
{n} wanted to be a {hero}, but everyone laughed. "[You?|Someone like you?]" they said. "A {hero} has to be [big and strong|quite different]."
Ever since {he} was little, {n} had wanted to become a {hero}. {He} [played it with {his} dolls|knew all the words by heart]. But when {he} asked for work, the [master|boss] said, "[Come back when you are older|We do not need anyone like you]."

Still, {n} came every day and [watched through the window|swept the floor]. {He} learned where the {jtool} was kept and how [everything was done|it was used].
{n} did not go away. "[Then I will wait|Just let me watch]," {he} said. {He} [carried water|cleaned the windows], and {he} kept {his} eyes and ears open.

One day, it was urgent: {jwrong}. [The old {hero} was away|Everyone ran about like hens], and {fintro} [cried for help|was close to despair].
Then came the day when {jwrong}. {fintro}, who was in charge, [did not know what to do|had tried everything].

"I know something," said {n}. Nobody [listened|turned around]. So {n} said it louder: "[I can do it|Let me try]!" {f} looked at {him}. "[We have nothing to lose|Go ahead, then]," {fhe} said.
{n} stepped forward. "[May I|Give me the {jtool}]?" {he} said. It became very quiet. {f} [hesitated, then nodded|gave it to {him}].

{n} [remembered all that {he} had seen|had steady hands]. {He} {jright}, and everyone [watched in silence|stared].
{His} hands [shook a little|knew what to do]. Then {he} {jright}, [as if {he} had done it all {his} life|without a single mistake].

"Well," said {f} at last, "[I think we have found our new {hero}|we have been fools]." The others [clapped|took off their hats].
On the next day, a new sign hung on the door {ofjob}: "{n}, {hero}." [{n} looked at it for a very long time.|And below, quite small, somebody had written: "The best."]
''', ('disappointed', 'nobody believed that {he} could be a {hero}'), 'Nobody believed that {n} could become a {hero}, until {jwrong} and {he} {jright}.', 'The New {hero}/{n} Wants to Try/A Sign on the Door')

# ---- about weather, sky and seasons ----------------------------------------------------------------------------

arc('nature_fear', 'n', 'fear,hope,trust', '''
That evening, {nsee}. {n} [pulled {his} knees up to {his} chin|pressed {his} nose against the window]. {He} was afraid that {nfear}.
{n} could not stop thinking about {t}. {Nsee}, and {he} was sure that {nfear}.

"Are you not asleep yet?" asked {fintro}. "[I am watching|I cannot sleep]," said {n}. "What if {nfear}?"
{He} told {fintro} about it. "I am afraid that {nfear}," {he} said [in a small voice|and looked down].

{f} did not laugh. {fHe} [sat down beside {him}|took {him} by the hand]. "[When I was small, I thought so, too|Many have thought so before you]," {f} said. "[Then my grandfather took me outside|Come, let us go and look]."
"[Do you want to know a secret|Shall I tell you something]?" {f} asked. "[{T} is much older than we are|{T} has come and gone a thousand times], and [it has always been all right|the world is still here]."

So they [put on their coats|wrapped themselves in a blanket] and went out. At first, {n} [held on tight|shut {his} eyes]. Then {he} [opened one eye|looked].
They stood at the open door together. {f} [breathed in deeply|told {him} to listen]. "[What do you hear|Tell me what you see]," {f} said.

It was [beautiful|quite different from here]. {n} noticed [how fresh the air smelled|how many small sounds there were], and {he} [forgot to be afraid|let go of the hand].
{n} listened and looked for a long time. {Nsee}, and it was [not against {him}|just the way it was]. "[It is not bad|It is almost like a song]," {he} said in surprise.

The next morning, [all was well|the world was still there]. {n} [ran out first|told everyone about it].
And when {he} lay in bed again, {he} whispered, "[Good night|Sleep well]," and {he} meant {t}. [Then {he} fell asleep.|It seemed to {him} that it answered.]
''', ('afraid', '{he} thought that {nfear}'), '{n} was afraid of what {t} might bring. {f} went outside with {him}, and {he} saw that there was nothing to fear.', 'Good Night/Look and Listen/{n} and {t}')

arc('nature_catch', 'n', 'dreams,sharing,patience,love', '''
{n} loved {t} more than anything. When {nsee}, {he} [forgot everything else|ran to the window]. "I wish I could keep it forever," {he} said.
"I want to catch {t}," said {n} one day. {He} took [a jar and a net|a sack and a ladder] and set off. [People smiled at {him}.|The neighbours shook their heads.]

{He} tried with [a jar|a bucket], but it was empty every time. {He} tried with [a net|a box], but there was nothing inside. {n} was [close to tears|very disappointed].
{He} climbed [the highest hill|onto the roof] and stretched out {his} arms. {Nsee}, but however far {he} reached, {he} could not [hold it|touch it].

{fintro} [saw {him} there|came up the path]. "What are you doing?" asked {f}. "[I want to take {t} home|I am trying to keep {t}]," said {n}, "but [it will not stay|it does not work]."
"May I help?" asked {fintro}. {n} told {fhim} everything. {f} [thought about it|sat down in the grass]. "[You cannot lock it up|Some things cannot be kept in a jar]," {f} said.

"But you can [paint it|remember it|make a song about it]," {f} said. "[That is another way of keeping|Then you have it whenever you like]."
"[Let us just look|Sit down with me]," said {f}. "[And then we tell each other what we saw|Look so well that you can see it with closed eyes]."

So they [sat side by side|lay on their backs] and looked. {Nsee}. They did not [say a word|move] for a long time.
{n} looked as {he} had never looked before. {He} saw [a hundred colours|every little thing], and {his} heart grew [wide and still|warm].

When {he} closed {his} eyes at home, it was all there. {n} smiled. "I have caught it after all," {he} said [and fell asleep|softly].
The next day, {n} [painted a picture of it for {f}|sang about it in the kitchen]. It hangs [over the bed|by the door] to this day.
''', ('disappointed', '{he} could not catch {t}'), '{n} wanted to catch {t} and keep it. {f} showed {him} that one can keep it by looking well and remembering.', 'Catching {t}/How to Keep {t}/{n} and the Jar')

arc('nature_wait', 'n', 'patience,hope,happiness', '''
{n} was waiting for {t}. Every morning, {he} [ran to the window|asked, "Is it here yet?"]. "[Not yet|Soon]," said {his} mother.
Everyone talked about {t}, but {n} had never really [looked at it|noticed it]. "[When will it come|What is so special about it]?" {he} asked [again and again|everyone].

{He} prepared everything. {He} [put {his} boots by the door|set out two chairs], and {he} told {fintro} about it. "I will wait with you," said {f}.
{n} [counted the days on {his} fingers|made a mark on the wall each day]. {fintro} came and asked, "What are you waiting for?" "For {t}," said {n}. "Do you want to wait, too?"

They waited on Monday and on Tuesday. On Wednesday, {n} was [cross|tired of it]. "[It will never come|It has forgotten us]," {he} said.
They [told riddles|played cards] to pass the time. [Nothing happened|Day after day, it was the same], and {n} [sighed deeply|began to lose hope].

"[Things come when they come|It will not come faster if you stamp your feet]," said {f}. "[Let us bake something meanwhile|Tell me what you will do first]." And they forgot the waiting a little.
"Do you know what the best part is?" asked {f}. "[The moment just before|When you have stopped looking]." {n} [did not quite believe it|frowned].

Then, [in the middle of supper|early one morning], {f} [put down {fhis} spoon|held up a finger]. "Listen," {fhe} said. {n} ran out. {Nsee}!
And then, when nobody was thinking of it, it happened. {Nsee}. "It is here!" {n} [shouted|cried], so loudly that [the whole street woke up|the hens flew up].

They [danced|ran around] in the yard with [bare feet|open arms]. "It was worth waiting for," said {n}, [out of breath|with shining eyes].
{n} stood quite still and [looked and looked|let it touch {his} face]. "[You were right|Now I understand]," {he} said to {f}.

That night, {he} [was too happy to sleep|slept with a smile on {his} face].
''', ('impatient', '{he} had to wait so long for {t}'), '{n} waited and waited for {t}, together with {f}. And when nobody was thinking of it anymore, it came.', 'Waiting for {t}/Not Yet/At Last')
