"""Twenty conversations with fixed seeds, written as they came: the section of README.md between its two markers.

    python3 transcripts.py [--model ember.gguf] [--readme README.md]
"""
import argparse
from pathlib import Path

from export import read_model
from sample import converse

HERE = Path(__file__).parent
MARKS = ("<!-- transcripts -->", "<!-- end of transcripts -->")
TEXT_ABOUT_MIRA = ("Read this: Mira lives in a small house near the river. She has a grey cat called Pepper. Every "
                   "morning she walks to the bakery and buys two rolls.")
CASES = [  # (system, turns)
    (None, ["Tell me a story about a lighthouse."]),
    (None, ["Hello!", "How are you today?", "What is your name?"]),
    (None, ["Who are you?", "What can you do?", "Can you tell me the news?"]),
    (None, ["Tell me a story about a brave mouse.", "What is the name of the mouse?", "What happened next?"]),
    (None, ["Write a short story about two friends and a storm."]),
    (None, ["I am bored. What should I do?", "I don't like that."]),
    (None, ["Do you like music?", "My favourite band is the Beatles."]),
    (None, ["I had a terrible day at work.", "My boss shouted at me."]),
    (None, [TEXT_ABOUT_MIRA + " What is the name of the cat?", "Where does Mira live?", "What does she buy?"]),
    (None, ["The red box is on the table. The blue box is under the bed. Where is the blue box?"]),
    (None, ["Let's play a role-play. You are a dragon who guards a bridge, and I am a traveller.",
            "Good evening, dragon. May I cross the bridge?", "I have only an apple to give you."]),
    ("You are a pirate captain. Stay in character.", ["Ahoy, captain! Where are we sailing?", "Is there any treasure?"]),
    (None, ["Pretend you are a shopkeeper in a magic shop. I walk in.", "What does that bottle do?"]),
    (None, ["What is 7 + 5?", "What is 12 - 4?", "What is 6 times 7?"]),
    (None, ["How do you spell \"friend\"?", "Spell the word house backwards."]),
    (None, ["Make a list of three fruits.", "Now put it in alphabetical order."]),
    (None, ["Write a Python function that adds two numbers."]),
    (None, ["What is the capital of France?", "Why is the sky blue?"]),
    (None, ["Can you help me book a flight to Rome?"]),
    (None, ["Good night!", "Thank you for everything."]),
]


def as_markdown(number, seed, messages):
    lines = [f"**{number}** (seed {seed})", ""]
    for m in messages:
        quoted = m["content"].replace("\n", "\n> ")
        lines += [f"> **{m['role']}:** {quoted}", ">"]
    return "\n".join(lines[:-1]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=HERE / "ember.gguf")
    parser.add_argument("--readme", type=Path)
    args = parser.parse_args()
    model, tokenizer = read_model(args.model)[:2]
    parts = []
    for number, (system, turns) in enumerate(CASES, 1):
        parts.append(as_markdown(number, number, converse(model, tokenizer, turns, system, seed=number)))
        print(parts[-1], flush=True)
    if args.readme:
        before, rest = args.readme.read_text(encoding="utf-8").split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        args.readme.write_text(before + MARKS[0] + "\n\n" + "\n".join(parts) + "\n" + MARKS[1] + after, encoding="utf-8")


if __name__ == "__main__":
    main()
