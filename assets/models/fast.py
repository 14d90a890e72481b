"""The training step on a processor with bf16 dot products: model.py's arithmetic through the passes of fast.c.

`python3 fast.py` checks loss and gradients against model.py and prints tokens per second.
"""
import ctypes
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from model import Config, Model, init_weights, rope_tables

SLICES = 64  # partial sums of norm gradients; fixed, so that results do not depend on the number of threads


def build():
    source = Path(__file__).with_name("fast.c")
    library = Path(tempfile.gettempdir()) / f"ember-fast-{os.getuid()}-{int(source.stat().st_mtime)}.so"
    if not library.exists():
        subprocess.run(["cc", "-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC", str(source),
                        "-o", str(library), "-lm"], check=True)
    lib = ctypes.CDLL(str(library))
    lib.cross_entropy.restype = ctypes.c_double
    return lib


LIB = None


def call(name, *args):
    """Tensors go as pointers (they must be contiguous), floats as C floats."""
    global LIB
    LIB = LIB or build()
    converted = []
    for a in args:
        if isinstance(a, torch.Tensor):
            assert a.is_contiguous(), name
            a = ctypes.c_void_p(a.data_ptr())
        elif isinstance(a, float):
            a = ctypes.c_float(a)
        converted.append(a)
    return getattr(LIB, name)(*converted)


class AddNorm(torch.autograd.Function):
    """(x, y, w) -> x + y, rms_norm(x + y) * w; y is the output of the previous block, or None for the first."""

    @staticmethod
    def forward(ctx, x, y, w, eps):
        rows, d = x.shape
        out = x if y is None else torch.empty_like(x)
        h, scale = torch.empty(rows, d, dtype=torch.bfloat16), torch.empty(rows)
        call("add_norm", x, y, w, out, h, scale, rows, d, eps)
        ctx.save_for_backward(out, w, scale)
        ctx.has_y = y is not None
        return (x.view_as(x) if y is None else out), h

    @staticmethod
    def backward(ctx, dx_out, dh):
        x, w, scale = ctx.saved_tensors
        rows, d = x.shape
        dx, dw = torch.empty_like(x), torch.empty(SLICES, d)
        dy = torch.empty(rows, d, dtype=torch.bfloat16) if ctx.has_y else None
        call("add_norm_backward", dx_out.contiguous(), dh.contiguous(), x, w, scale, dx, dy, dw, SLICES, rows, d)
        return dx, dy, dw.sum(0), None


class Attention(torch.autograd.Function):
    """qkv (B*T, width) -> mixed heads (B*T, d_model)"""

    @staticmethod
    def forward(ctx, qkv, starts, config, cos, sin, guide, guide_weight):
        c, (B, T) = config, starts.shape
        heads, kv, hd = c.n_heads, c.n_kv_heads, c.head_dim
        q = torch.empty(B, heads, T, hd, dtype=torch.bfloat16)
        k, v = torch.empty(B, kv, T, hd, dtype=torch.bfloat16), torch.empty(B, kv, T, hd, dtype=torch.bfloat16)
        call("split_rope", qkv, q, k, v, cos, sin, B, T, heads, kv, hd, 1)
        q, k, v = q.view(B * kv, -1, hd), k.view(B * kv, T, hd), v.view(B * kv, T, hd)
        p = torch.bmm(q, k.transpose(1, 2))
        call("softmax_rows", p, starts, B, heads, T, hd ** -0.5)
        mixed = torch.bmm(p, v)
        out = torch.empty(B * T, heads * hd, dtype=torch.bfloat16)
        call("swap_heads", mixed, out, B, T, heads, hd, 1)
        ctx.save_for_backward(q, k, v, p, starts, cos, sin)
        ctx.config, ctx.guide, ctx.guide_weight = c, guide, guide_weight
        return out

    @staticmethod
    def backward(ctx, d_out):
        q, k, v, p, starts, cos, sin = ctx.saved_tensors
        c, (B, T) = ctx.config, starts.shape
        heads, kv, hd = c.n_heads, c.n_kv_heads, c.head_dim
        d_mixed = torch.empty_like(q)
        call("swap_heads", d_out.contiguous(), d_mixed, B, T, heads, hd, -1)
        dv = torch.bmm(p.transpose(1, 2), d_mixed)
        ds = torch.bmm(d_mixed, v.transpose(1, 2))
        call("softmax_rows_backward", p, ds, starts, ctx.guide, B, heads, T, hd ** -0.5, ctx.guide_weight)
        dq, dk = torch.bmm(ds, k), torch.bmm(ds.transpose(1, 2), q)
        d_qkv = torch.empty(B * T, c.d_qkv, dtype=torch.bfloat16)
        call("split_rope", d_qkv, dq, dk.contiguous(), dv.contiguous(), cos, sin, B, T, heads, kv, hd, -1)
        return d_qkv, None, None, None, None, None, None


class DRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, gate_up, stats, pressure):
        rows, n = gate_up.shape[0], gate_up.shape[1] // 2
        a = torch.empty(rows, n, dtype=torch.bfloat16)
        call("drelu", gate_up, a, stats, rows, n)
        ctx.save_for_backward(gate_up)
        ctx.pressure = pressure
        return a

    @staticmethod
    def backward(ctx, da):
        gate_up, = ctx.saved_tensors
        rows, n = da.shape
        out = torch.empty_like(gate_up)
        call("drelu_backward", gate_up, da.contiguous(), out, rows, n, *ctx.pressure)
        return out, None, None


class FastModel:
    """bf16 copies of the f32 weights, their gradients summed in f32 over the micro-batches of a step."""

    def __init__(self, config, weights):
        self.config, self.masters = config, weights
        self.cos, self.sin = rope_tables(config)
        self.leaves, self.grads = {}, {n: torch.zeros_like(w) for n, w in weights.items()}
        self.refresh()

    def refresh(self):
        """After an optimizer step: new bf16 copies, empty gradients."""
        for name, w in self.masters.items():
            leaf = w.clone() if w.dim() == 1 else w.bfloat16()
            self.leaves[name] = leaf.requires_grad_()
            self.grads[name].zero_()

    def forward(self, embedded, starts, pressure, guides=None, guide_weight=0.0):
        """-> residual stream and normed output (rows, d_model), stats (n_layers, 4) of fast.c's drelu"""
        c, leaf = self.config, self.leaves
        stats = torch.zeros(c.n_layers, 4, dtype=torch.float64)
        x, y = embedded, None
        for i in range(c.n_layers):
            x, h = AddNorm.apply(x, y, leaf[f"{i}.attn_norm"], c.norm_eps)
            mixed = Attention.apply(torch.mm(h, leaf[f"{i}.qkv"].t()), starts, c, self.cos, self.sin,
                                    guides.get(i) if guides else None, guide_weight)
            y = torch.mm(mixed, leaf[f"{i}.attn_out"].t())
            x, h = AddNorm.apply(x, y, leaf[f"{i}.ffn_norm"], c.norm_eps)
            a = DRelu.apply(torch.mm(h, leaf[f"{i}.gate_up"].t()), stats[i], pressure)
            y = torch.mm(a, leaf[f"{i}.down_t"])
        x, h = AddNorm.apply(x, y, leaf["norm"], c.norm_eps)
        return x, h, stats

    @torch.no_grad()
    def loss(self, tokens, starts, targets, weights):
        """The weighted loss sum alone, and stats."""
        embedded = self.leaves["embed"][tokens.view(-1).long()].float()
        _, h, stats = self.forward(embedded, starts, (0.0, 0.0, 0.0))
        logits = torch.mm(h, self.leaves["embed"].t())
        return call("cross_entropy", logits, targets, weights, logits.shape[0], self.config.n_vocab), stats

    def accumulate(self, tokens, starts, targets, weights, pressure=(0.0, 0.0, 0.0), guides=None, guide_weight=0.0):
        """One micro-batch: tokens, starts, targets, weights (B, T). Adds gradients of sum(weights * loss).

        pressure: the gradients put on every active product, open gate and open up, per token.
        guides: layer -> (n_heads, B, T), see guides.py. Returns the weighted loss sum and stats.
        """
        c, leaf = self.config, self.leaves
        embedded = leaf["embed"].detach()[tokens.view(-1).long()].float().requires_grad_()
        x, h, stats = self.forward(embedded, starts, pressure, guides, guide_weight)
        with torch.no_grad():
            logits = torch.mm(h, leaf["embed"].t())
            loss = call("cross_entropy", logits, targets, weights, logits.shape[0], c.n_vocab)
            dh = torch.mm(logits, leaf["embed"])
            d_embed = torch.mm(logits.t(), h.detach())
        torch.autograd.backward([x, h], [torch.zeros_like(x), dh])
        with torch.no_grad():
            self.grads["embed"] += d_embed
            self.grads["embed"].index_add_(0, tokens.view(-1).long(), embedded.grad)
            for name, w in leaf.items():
                if name != "embed":
                    self.grads[name] += w.grad
                    w.grad = None
        return loss, stats


class PlainModel:
    """The same interface over model.py with autograd, for a GPU (or a processor without bf16)."""

    def __init__(self, config, weights):
        self.config, self.masters = config, weights
        self.device = next(iter(weights.values())).device
        self.grads = {n: torch.zeros_like(w) for n, w in weights.items()}
        self.refresh()

    def refresh(self):
        self.leaves = {n: w.detach().requires_grad_() for n, w in self.masters.items()}
        for g in self.grads.values():
            g.zero_()

    def run(self, tokens, starts, targets, weights, pressure):
        c = self.config
        tokens, starts, targets, weights = (t.to(self.device) for t in (tokens, starts, targets, weights))
        model = Model(c, self.leaves)
        stats, penalty = torch.zeros(c.n_layers, 4, dtype=torch.float64), 0

        def ffn(layer, _residual, h):
            nonlocal penalty
            gate, up = (torch.relu(x) for x in torch.nn.functional.linear(h, self.leaves[f"{layer}.gate_up"]).chunk(2, -1))
            a = gate * up
            penalty = penalty + pressure[0] * a.sum() + pressure[1] * gate.sum() + pressure[2] * up.sum()
            stats[layer] = torch.stack([x.detach().sum(dtype=torch.float32) for x in (a > 0, gate > 0, a, gate)])
            return a

        model.ffn = ffn
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = model.logits(tokens.long(), starts=starts)
        losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten().long(),
                                                   reduction="none")
        return (losses * weights.flatten()).sum(), penalty, stats

    @torch.no_grad()
    def loss(self, *batch):
        loss, _, stats = self.run(*batch, (0.0, 0.0, 0.0))
        return float(loss), stats

    def accumulate(self, tokens, starts, targets, weights, pressure=(0.0, 0.0, 0.0)):
        loss, penalty, stats = self.run(tokens, starts, targets, weights, pressure)
        (loss + penalty).backward()
        for name, leaf in self.leaves.items():
            self.grads[name] += leaf.grad
            leaf.grad = None
        return float(loss), stats


def compare_with_reference():
    torch.manual_seed(1)
    c = Config(n_layers=2)
    weights = init_weights(c, 1)
    B, T = 2, 96
    tokens = torch.randint(0, c.n_vocab, (B, T), dtype=torch.int32)
    targets = torch.randint(0, c.n_vocab, (B, T), dtype=torch.int32)
    starts = torch.where(torch.arange(T) >= 40, 40, 0).int().repeat(B, 1).contiguous()
    token_weights = torch.rand(B, T)
    fast = FastModel(c, weights)
    loss, stats = fast.accumulate(tokens, starts, targets, token_weights)
    leaves = {n: w.clone().requires_grad_() for n, w in weights.items()}
    logits = Model(c, leaves).logits(tokens.long(), starts=starts)
    losses = torch.nn.functional.cross_entropy(logits.view(-1, c.n_vocab), targets.view(-1).long(), reduction="none")
    expected = (losses * token_weights.view(-1)).sum()
    expected.backward()
    print(f"loss {loss:.3f}, reference {expected.item():.3f}, active {stats[:, 0] / (B * T * c.d_ff)}")
    for name, w in leaves.items():
        error = (w.grad - fast.grads[name]).norm() / w.grad.norm()
        assert error < 0.1, f"{name}: relative gradient error {error:.4f}"  # bf16 rounds 200 tokens' worth
    print("gradients agree")


def measure(B, T, c=Config(), rounds=4):
    fast = FastModel(c, init_weights(c, 1))
    tokens = torch.from_numpy(np.random.default_rng(1).integers(0, c.n_vocab, (B, T), dtype=np.int32))
    starts = torch.zeros(B, T, dtype=torch.int32)
    fast.accumulate(tokens, starts, tokens, torch.ones(B, T))
    started = time.time()
    for _ in range(rounds):
        fast.accumulate(tokens, starts, tokens, torch.ones(B, T))
    print(f"{B} x {T}: {B * T * rounds / (time.time() - started):.0f} tokens/s")


if __name__ == "__main__":
    compare_with_reference()
    for shape in ((16, 256), (8, 512), (4, 1024)):
        measure(*shape)
