"""GGUF version 3: writing and reading, with the block formats the bundled model uses (F32, F16, Q8_0).

Dimensions are numpy's here; the file stores them reversed (its first dimension is the row length).
"""
import struct

import numpy as np

MAGIC, VERSION, ALIGNMENT = b"GGUF", 3, 32
F32, F16, Q8_0 = 0, 1, 8
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", UINT32: "I", INT32: "i", FLOAT32: "f", BOOL: "?", 10: "Q", 11: "q", 12: "d"}
BLOCK = 32
Q8_BLOCK = np.dtype([("scale", "<f2"), ("q", "i1", BLOCK)])


def quantize_q8_0(x):
    """(rows, n) f32 -> (rows, n / 32) blocks"""
    x = x.reshape(x.shape[0], -1, BLOCK)
    blocks = np.empty(x.shape[:2], Q8_BLOCK)
    scale = np.abs(x).max(-1) / 127
    blocks["scale"] = scale
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    blocks["q"] = np.clip(np.rint(x * inverse[..., None]), -127, 127)
    return blocks


def encode_tensor(x, dtype):
    if dtype == Q8_0:
        return quantize_q8_0(x).tobytes()
    return np.ascontiguousarray(x, "<f4" if dtype == F32 else "<f2").tobytes()


def decode_tensor(data, dtype, shape):
    """-> f32"""
    if dtype == Q8_0:
        blocks = np.frombuffer(data, Q8_BLOCK)
        return (blocks["scale"].astype(np.float32)[:, None] * blocks["q"]).reshape(shape)
    if dtype in (F32, F16):
        return np.frombuffer(data, "<f4" if dtype == F32 else "<f2").astype(np.float32).reshape(shape)
    raise ValueError(f"tensor type {dtype} is not one this program reads (F32 0, F16 1, Q8_0 8)")


def tensor_bytes(dtype, count):
    return count // BLOCK * Q8_BLOCK.itemsize if dtype == Q8_0 else count * (4 if dtype == F32 else 2)


class Writer:
    """Collects keys and tensors in order; write() lays the file out."""

    def __init__(self):
        self.keys, self.tensors = [], []

    def key(self, name, value):
        self.keys.append(pack_string(name) + pack_value(value))

    def tensor(self, name, x, dtype):
        self.tensors.append((name, x.shape, dtype, encode_tensor(np.asarray(x, np.float32), dtype)))

    def write(self, path):
        head = bytearray(MAGIC + struct.pack("<IQQ", VERSION, len(self.tensors), len(self.keys)))
        head += b"".join(self.keys)
        offset = 0
        for name, shape, dtype, data in self.tensors:
            head += pack_string(name) + struct.pack("<I", len(shape))
            head += struct.pack(f"<{len(shape)}Q", *reversed(shape)) + struct.pack("<IQ", dtype, offset)
            offset += padded(len(data))
        with open(path, "wb") as f:
            f.write(head.ljust(padded(len(head)), b"\0"))
            for _, _, _, data in self.tensors:
                f.write(data.ljust(padded(len(data)), b"\0"))


def padded(n):
    return (n + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT


def pack_string(s):
    raw = s.encode()
    return struct.pack("<Q", len(raw)) + raw


def kind_of(value):
    return {bool: BOOL, int: UINT32, float: FLOAT32, str: STRING, list: ARRAY}[type(value)]


def pack_value(value, with_kind=True):
    kind = kind_of(value)
    if kind == STRING:
        body = pack_string(value)
    elif kind == ARRAY:
        item = INT32 if isinstance(value[0], int) else STRING
        packed = [struct.pack("<i", v) if item == INT32 else pack_string(v) for v in value]
        body = struct.pack("<IQ", item, len(value)) + b"".join(packed)
    else:
        body = struct.pack("<" + SCALARS[kind], value)
    return (struct.pack("<I", kind) if with_kind else b"") + body


class Reader:
    """keys: name -> value; tensors: name -> f32 array, dequantized on demand by tensor()."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        self.at = 0
        if self.data[:4] != MAGIC:
            raise ValueError(f"{path}: not a GGUF file")
        self.at = 4
        version, n_tensors, n_keys = self.take("IQQ")
        if version != VERSION:
            raise ValueError(f"{path}: GGUF version {version}, this program reads {VERSION}")
        self.keys = {self.string(): self.value(self.take("I")[0]) for _ in range(n_keys)}
        self.infos = {}
        for _ in range(n_tensors):
            name = self.string()
            shape = tuple(reversed(self.take(f"{self.take('I')[0]}Q")))
            self.infos[name] = (shape, *self.take("IQ"))
        self.base = padded(self.at)

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def string(self):
        n, = self.take("Q")
        self.at += n
        return self.data[self.at - n:self.at].decode()

    def value(self, kind):
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            item, n = self.take("IQ")
            return [self.value(item) for _ in range(n)]
        return self.take(SCALARS[kind])[0]

    def tensor(self, name):
        shape, dtype, offset = self.infos[name]
        start = self.base + offset
        return decode_tensor(self.data[start:start + tensor_bytes(dtype, int(np.prod(shape)))], dtype, shape)
