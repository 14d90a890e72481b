"""Replies from a model, one token at a time, with a fixed seed.

    python3 sample.py FILE "Tell me a story about a lighthouse."        one turn per argument
"""
import argparse

import torch

from model import Cache

TEMPERATURE, TOP_P, MAX_TOKENS = 0.6, 0.9, 320


def render(messages):
    """The ChatML prompt up to the assistant's turn."""
    turns = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
    return turns + "<|im_start|>assistant\n"


def pick(logits, generator, temperature, top_p):
    if temperature == 0:
        return int(logits.argmax())
    p, order = (logits / temperature).softmax(-1).sort(descending=True)
    p[p.cumsum(-1) - p > top_p] = 0
    return int(order[torch.multinomial(p, 1, generator=generator)])


@torch.no_grad()
def reply(model, tokenizer, messages, seed=1, temperature=TEMPERATURE, top_p=TOP_P, max_tokens=MAX_TOKENS):
    generator = torch.Generator().manual_seed(seed)
    cache = Cache(model.config.n_layers)
    prompt = [tokenizer.eot] + tokenizer.encode_markup(render(messages))
    logits = model.logits(torch.tensor([prompt]), cache)[0, -1]
    out = []
    while len(out) < max_tokens and len(prompt) + len(out) < model.config.n_context:
        token = pick(logits.float(), generator, temperature, top_p)
        if token in (tokenizer.im_end, tokenizer.eot):
            break
        out.append(token)
        logits = model.logits(torch.tensor([[token]]), cache)[0, -1]
    return tokenizer.decode(out)


def converse(model, tokenizer, turns, system=None, **options):
    """-> messages: the user's turns, each with the model's reply"""
    messages = [{"role": "system", "content": system}] if system else []
    for turn in turns:
        messages.append({"role": "user", "content": turn})
        messages.append({"role": "assistant", "content": reply(model, tokenizer, messages, **options)})
    return messages


def main():
    from export import read_model
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("turns", nargs="+")
    parser.add_argument("--system")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--temperature", type=float, default=TEMPERATURE)
    args = parser.parse_args()
    model, tokenizer = read_model(args.model)[:2]
    for m in converse(model, tokenizer, args.turns, args.system, seed=args.seed, temperature=args.temperature):
        print(f"{m['role']}: {m['content']}")


if __name__ == "__main__":
    main()
