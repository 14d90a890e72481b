"""A checkpoint, its predictors and its tokenizer -> one GGUF file; and the way back for evaluation and sampling.

    python3 export.py --checkpoint last.pt --predictors predictors.pt --tokenizer tokenizer.json --out ember.gguf
"""
import argparse
from pathlib import Path

import numpy as np
import torch

import gguf
from model import Config, Model
from tokenizer import PRE_NAME, SPECIALS, Tokenizer

NAME = "Ember 10M"
DESCRIPTION = ("A very small chat model with dReLU feed-forward layers, bundled with hearth so that it answers at once. "
               "Trained from scratch on public-domain books, openly licensed dialogues and synthetic exercises.")
TEMPLATE = ("{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
            "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")
NORMAL, CONTROL = 1, 3


def write_keys(w, c, tokenizer, threshold):
    w.key("general.architecture", "llama")
    w.key("general.name", NAME)
    w.key("general.author", "hearth")
    w.key("general.description", DESCRIPTION)
    w.key("general.license", "cc-by-4.0")
    w.key("general.size_label", "10M")
    w.key("general.file_type", 7)  # mostly Q8_0
    w.key("general.quantization_version", 2)
    w.key("llama.vocab_size", c.n_vocab)
    w.key("llama.context_length", c.n_context)
    w.key("llama.embedding_length", c.d_model)
    w.key("llama.block_count", c.n_layers)
    w.key("llama.feed_forward_length", c.d_ff)
    w.key("llama.attention.head_count", c.n_heads)
    w.key("llama.attention.head_count_kv", c.n_kv_heads)
    w.key("llama.attention.layer_norm_rms_epsilon", c.norm_eps)
    w.key("llama.rope.dimension_count", c.head_dim)
    w.key("llama.rope.freq_base", c.rope_base)
    w.key("hearth.ffn_activation", "drelu")
    if threshold is not None:
        w.key("powerinfer.sparse_threshold", float(threshold))
    w.key("tokenizer.ggml.model", "gpt2")
    w.key("tokenizer.ggml.pre", PRE_NAME)
    w.key("tokenizer.ggml.tokens", tokenizer.tokens)
    w.key("tokenizer.ggml.token_type", [CONTROL if t in SPECIALS else NORMAL for t in tokenizer.tokens])
    w.key("tokenizer.ggml.merges", [" ".join(m) for m in tokenizer.merges])
    w.key("tokenizer.ggml.bos_token_id", tokenizer.eot)
    w.key("tokenizer.ggml.eos_token_id", tokenizer.im_end)
    w.key("tokenizer.ggml.eot_token_id", tokenizer.eot)
    w.key("tokenizer.ggml.padding_token_id", tokenizer.eot)
    w.key("tokenizer.ggml.add_bos_token", True)
    w.key("tokenizer.ggml.add_eos_token", False)
    w.key("tokenizer.chat_template", TEMPLATE)


def write_model(path, config, weights, tokenizer, predictors=None, threshold=None, dtype=gguf.Q8_0):
    c, w = config, gguf.Writer()
    write_keys(w, c, tokenizer, threshold)
    matrix = lambda name, x: w.tensor(name, x.float().numpy(), dtype)
    vector = lambda name, x: w.tensor(name, x.float().numpy(), gguf.F32)
    matrix("token_embd.weight", weights["embed"])
    vector("output_norm.weight", weights["norm"])
    for i in range(c.n_layers):
        q, k, v = weights[f"{i}.qkv"].split([c.n_heads * c.head_dim, *[c.n_kv_heads * c.head_dim] * 2])
        gate, up = weights[f"{i}.gate_up"].chunk(2)
        vector(f"blk.{i}.attn_norm.weight", weights[f"{i}.attn_norm"])
        matrix(f"blk.{i}.attn_q.weight", q)
        matrix(f"blk.{i}.attn_k.weight", k)
        matrix(f"blk.{i}.attn_v.weight", v)
        matrix(f"blk.{i}.attn_output.weight", weights[f"{i}.attn_out"])
        vector(f"blk.{i}.ffn_norm.weight", weights[f"{i}.ffn_norm"])
        matrix(f"blk.{i}.ffn_gate.weight", gate)
        matrix(f"blk.{i}.ffn_up.weight", up)
        matrix(f"blk.{i}.ffn_down_t.weight", weights[f"{i}.down_t"])
        if predictors:
            w.tensor(f"blk.{i}.fc1.weight", predictors[i][0].float().numpy(), gguf.F16)
            w.tensor(f"blk.{i}.fc2.weight", predictors[i][1].float().numpy(), gguf.F16)
    w.write(path)


def read_model(path):
    """-> Model, Tokenizer, predictors [(fc1, fc2)] or None, threshold"""
    r = gguf.Reader(path)
    k = r.keys
    config = Config(n_vocab=k["llama.vocab_size"], n_context=k["llama.context_length"],
                    d_model=k["llama.embedding_length"], n_layers=k["llama.block_count"],
                    n_heads=k["llama.attention.head_count"], n_kv_heads=k["llama.attention.head_count_kv"],
                    d_ff=k["llama.feed_forward_length"], rope_base=k["llama.rope.freq_base"],
                    norm_eps=k["llama.attention.layer_norm_rms_epsilon"])
    get = lambda name: torch.from_numpy(r.tensor(name + ".weight").copy())
    weights = {"embed": get("token_embd"), "norm": get("output_norm")}
    for i in range(config.n_layers):
        blk = lambda *names: torch.cat([get(f"blk.{i}.{n}") for n in names])
        weights[f"{i}.attn_norm"], weights[f"{i}.ffn_norm"] = blk("attn_norm"), blk("ffn_norm")
        weights[f"{i}.qkv"], weights[f"{i}.attn_out"] = blk("attn_q", "attn_k", "attn_v"), blk("attn_output")
        weights[f"{i}.gate_up"], weights[f"{i}.down_t"] = blk("ffn_gate", "ffn_up"), blk("ffn_down_t")
    predictors = None
    if "blk.0.fc1.weight" in r.infos:
        predictors = [(get(f"blk.{i}.fc1"), get(f"blk.{i}.fc2")) for i in range(config.n_layers)]
    tokenizer = Tokenizer(k["tokenizer.ggml.tokens"], [m.split(" ") for m in k["tokenizer.ggml.merges"]])
    return Model(config, weights), tokenizer, predictors, k.get("powerinfer.sparse_threshold", 0.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--predictors", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    checkpoint, tokenizer = torch.load(args.checkpoint), Tokenizer.load(args.tokenizer)
    config, weights = Config(**checkpoint["config"]), checkpoint["weights"]
    trained = torch.load(args.predictors) if args.predictors else {"predictors": None, "threshold": None}
    write_model(args.out, config, weights, tokenizer, trained["predictors"], trained["threshold"])

    back = read_model(args.out)[0].weights
    errors = [float((back[n] - w).norm() / w.norm()) for n, w in weights.items()]
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB, relative error of the weights "
          f"{np.mean(errors):.5f} mean, {max(errors):.5f} worst")


if __name__ == "__main__":
    main()
