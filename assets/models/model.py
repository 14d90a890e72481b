"""Ember: a llama-shaped transformer with dReLU feed-forward layers, in plain PyTorch.

This is the reference: evaluation, sampling and predictor training use it, and fast.py (the processor's fused
training path) is checked against it. Names and layouts are those of the GGUF file: every projection is
(out, in), Q and K rows are in interleaved-pair order for RoPE, and `down_t` row i belongs to neuron i.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F


@dataclass(frozen=True)
class Config:
    n_vocab: int = 4096
    n_context: int = 1024
    d_model: int = 256
    n_layers: int = 8
    n_heads: int = 4
    n_kv_heads: int = 2
    d_ff: int = 1152
    rope_base: float = 10000.0
    norm_eps: float = 1e-5

    @property
    def head_dim(self):
        return self.d_model // self.n_heads

    @property
    def d_qkv(self):
        return (self.n_heads + 2 * self.n_kv_heads) * self.head_dim

    def as_dict(self):
        return asdict(self)


def weight_shapes(c):
    """name -> shape. `qkv` stacks the rows of Q, K and V; `gate_up` those of gate and up."""
    shapes = {"embed": (c.n_vocab, c.d_model), "norm": (c.d_model,)}
    for i in range(c.n_layers):
        shapes[f"{i}.attn_norm"] = (c.d_model,)
        shapes[f"{i}.qkv"] = (c.d_qkv, c.d_model)
        shapes[f"{i}.attn_out"] = (c.d_model, c.d_model)
        shapes[f"{i}.ffn_norm"] = (c.d_model,)
        shapes[f"{i}.gate_up"] = (2 * c.d_ff, c.d_model)
        shapes[f"{i}.down_t"] = (c.d_ff, c.d_model)
    return shapes


def init_weights(c, seed):
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in weight_shapes(c).items():
        if len(shape) == 1:
            weights[name] = torch.ones(shape)
            continue
        std = 0.02 if name == "embed" else c.d_model ** -0.5
        if name.endswith(("attn_out", "down_t")):
            std *= 0.5 * (2 * c.n_layers) ** -0.5
        weights[name] = torch.randn(shape, generator=generator) * std
    return weights


def rope_tables(c, device=None):
    """cos, sin: (n_context, head_dim / 2)"""
    inverse = c.rope_base ** (-torch.arange(0, c.head_dim, 2, dtype=torch.float64) / c.head_dim)
    angle = torch.arange(c.n_context, dtype=torch.float64)[:, None] * inverse
    return angle.cos().float().to(device), angle.sin().float().to(device)


def rotate(x, cos, sin):
    """x: (..., T, head_dim), pairs (2i, 2i+1)"""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


def rms_norm(x, weight, eps):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight


class Cache:
    """Keys and values of the positions so far, one pair per layer."""

    def __init__(self, n_layers):
        self.layers = [None] * n_layers

    def append(self, layer, k, v):
        if self.layers[layer] is not None:
            k, v = torch.cat((self.layers[layer][0], k), 2), torch.cat((self.layers[layer][1], v), 2)
        self.layers[layer] = (k, v)
        return k, v

    def past(self, layer):
        return 0 if self.layers[layer] is None else self.layers[layer][0].shape[2]


class Model:
    """The forward pass over a dict of weights.

    `ffn` may be replaced to observe or to thin the neurons: it gets (layer, residual, normed input) and
    returns the activations (B, T, d_ff).
    """

    def __init__(self, config, weights):
        self.config, self.weights = config, weights
        self.cos, self.sin = rope_tables(config, weights["embed"].device)
        self.ffn = self.activations

    def activations(self, layer, _residual, h):
        gate, up = F.linear(h, self.weights[f"{layer}.gate_up"]).chunk(2, -1)
        return torch.relu(gate) * torch.relu(up)

    def attention(self, layer, h, cache, starts):
        c, w = self.config, self.weights
        B, T, _ = h.shape
        q, k, v = F.linear(h, w[f"{layer}.qkv"]).split(
            [c.n_heads * c.head_dim, c.n_kv_heads * c.head_dim, c.n_kv_heads * c.head_dim], -1)
        past = cache.past(layer) if cache else 0
        cos, sin = self.cos[past:past + T], self.sin[past:past + T]
        q = rotate(q.view(B, T, c.n_heads, c.head_dim).transpose(1, 2), cos, sin)
        k = rotate(k.view(B, T, c.n_kv_heads, c.head_dim).transpose(1, 2), cos, sin)
        v = v.view(B, T, c.n_kv_heads, c.head_dim).transpose(1, 2)
        if cache:
            k, v = cache.append(layer, k, v)
        group = c.n_heads // c.n_kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = q @ k.transpose(-1, -2) * c.head_dim ** -0.5
        column = torch.arange(k.shape[2], device=h.device)
        hidden = column[None, :] > (torch.arange(T, device=h.device) + past)[:, None]
        if starts is not None:  # a token sees its own document only
            hidden = hidden[None, None] | (column[None, None, None, :] < starts[:, None, :, None])
        out = scores.masked_fill(hidden, float("-inf")).softmax(-1) @ v
        return F.linear(out.transpose(1, 2).reshape(B, T, -1), w[f"{layer}.attn_out"])

    def hidden(self, tokens, cache=None, starts=None):
        """tokens (B, T) -> the normed residual stream before the head (B, T, d_model)"""
        c, w = self.config, self.weights
        x = w["embed"][tokens]
        for i in range(c.n_layers):
            x = x + self.attention(i, rms_norm(x, w[f"{i}.attn_norm"], c.norm_eps), cache, starts)
            a = self.ffn(i, x, rms_norm(x, w[f"{i}.ffn_norm"], c.norm_eps))
            x = x + a @ w[f"{i}.down_t"]
        return rms_norm(x, w["norm"], c.norm_eps)

    def logits(self, tokens, cache=None, starts=None):
        return F.linear(self.hidden(tokens, cache, starts), self.weights["embed"])
