"""Reads and writes in PyTorch what chapter 16 does in C++: a network's file,
the network that its metadata describe, and the digits to learn from.

Needs nothing but PyTorch; Debian's python3-torch will do.
"""

import collections
import itertools
import json
import pathlib
import struct

import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]


def counts_batches(name):
    """Whether a tensor is PyTorch's count of batches, in a batch
    normalization. No answer depends on it."""
    return name.endswith(".num_batches_tracked")


def read_network(path):
    """A .safetensors file -> (tensors by name, metadata)."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", {})
    numbers = bytearray(content[8 + length:])
    return {
        name: torch.frombuffer(
            numbers, dtype=torch.float32, offset=entry["data_offsets"][0],
            count=torch.Size(entry["shape"]).numel()).reshape(entry["shape"])
        for name, entry in header.items() if not counts_batches(name)
    }, metadata


def write_network(path, tensors, metadata):
    """Writes such a file, with the tensors in the order of their names."""
    header, numbers = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items()):
        if counts_batches(name):
            continue
        content = tensor.detach().numpy().astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(tensor.shape),
            "data_offsets": [len(numbers), len(numbers) + len(content)]}
        numbers += content
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(
        struct.pack("<Q", len(text)) + text + numbers)


def batch_norm(shape, momentum=0.1, epsilon=1e-5):
    kind = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
    return kind(shape[0], epsilon, momentum)


# Each kind of layer: its name in a state_dict, and a function that makes it
# from its input's shape, without the batch, and the numbers in the text.
KINDS = {
    "conv": ("conv", lambda shape, C_out, K, stride=1, pad=0:
             nn.Conv2d(shape[0], C_out, K, stride, pad)),
    "relu": ("relu", lambda shape: nn.ReLU()),
    "maxpool": ("maxpool", lambda shape, window, stride=None, pad=0:
                nn.MaxPool2d(window, stride, pad)),
    "avgpool": ("avgpool", lambda shape, window, stride=None, pad=0:
                nn.AvgPool2d(window, stride, pad)),
    "flatten": ("flatten", lambda shape: nn.Flatten()),
    "dense": ("fc", lambda shape, F_out: nn.Linear(shape[0], F_out)),
    "dropout": ("dropout", lambda shape, p: nn.Dropout(p)),
    "batchnorm": ("bn", batch_norm),
    "layernorm": ("ln", lambda shape, epsilon=1e-5:
                  nn.LayerNorm(shape, epsilon)),
    "groupnorm": ("gn", lambda shape, groups, epsilon=1e-5:
                  nn.GroupNorm(groups, shape[0], epsilon)),
}


def number(word):
    """"8" -> 8, "0.5" -> 0.5, "pad" -> None"""
    for kind in int, float:
        try:
            return kind(word)
        except ValueError:
            pass
    return None


def entries_of(text):
    """"a 1, b(c, d)" -> "a 1", "b(c, d)": split at commas outside brackets."""
    entries, open_brackets = [""], 0
    for letter in text:
        open_brackets += (letter == "(") - (letter == ")")
        if letter == "," and open_brackets == 0:
            entries.append("")
        else:
            entries[-1] += letter
    return [entry.strip() for entry in entries]


def in_brackets(text):
    """"(a, b(c)) rest" -> "a, b(c)", "rest" """
    open_brackets = 0
    for at, letter in enumerate(text):
        open_brackets += (letter == "(") - (letter == ")")
        if open_brackets == 0:
            return text[1:at], text[at + 1:].strip()


class Residual(nn.Sequential):
    """Chapter 14's block: the layers of its branch, and "skip", a Sequential
    of those of its skip."""

    def __init__(self, text, shape):
        super().__init__()
        branch, rest = in_brackets(text)
        add_layers(self, branch, shape)
        if rest.startswith("skip"):
            skip, _ = in_brackets(rest.removeprefix("skip").strip())
            self.add_module("skip", add_layers(nn.Sequential(), skip, shape))

    def forward(self, input):
        branch = skip = input
        for name, layer in self.named_children():
            if name == "skip":
                skip = layer(input)
            else:
                branch = layer(branch)
        return branch + skip


def make_layer(entry, shape):
    """An entry of the text -> its kind's name in a state_dict, the layer."""
    if entry.startswith("residual"):
        return "residual", Residual(
            entry.removeprefix("residual").strip(), shape)
    kind, *words = entry.split()
    numbers = [number(word) for word in itertools.takewhile(
        lambda word: number(word) is not None, words)]
    rest = words[len(numbers):]
    options = dict(zip(rest[::2], map(number, rest[1::2])))
    name, make = KINDS[kind]
    return name, make(shape, *numbers, **options)


def add_layers(network, text, shape):
    """Adds the layers that a text describes; shape: that of their input,
    without the batch."""
    blank, count = torch.zeros(1, *shape), collections.Counter()
    for entry in entries_of(text):
        name, layer = make_layer(entry, blank.shape[1:])
        blank = layer.eval()(blank)
        count[name] += 1
        network.add_module(f"{name}{count[name]}", layer)
    return network


def build_network(text, image="1x28x28"):
    """"conv 8 5 pad 2, relu, ..." -> layers conv1, relu1, ... in a row,
    ready to answer; train() makes them ready to learn."""
    shape = map(int, image.split("x"))
    return add_layers(nn.Sequential(), text, tuple(shape)).eval()


def read_idx(path):
    """A file of unsigned bytes in the format of MNIST -> a tensor."""
    content = bytearray(pathlib.Path(path).read_bytes())
    shape = struct.unpack_from(f">{content[3]}I", content, 4)
    return torch.frombuffer(
        content, dtype=torch.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def shuffled(count, seed=28):
    """The order into which the book shuffles its digits: the generator
    (xoshiro256**) and the shuffle of common/tensor/random.hpp, with the seed
    of the split."""
    mask = 2**64 - 1
    state = []
    for step in range(1, 5):
        word = (seed + step * 0x9e3779b97f4a7c15) & mask
        word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9 & mask
        word = (word ^ word >> 27) * 0x94d049bb133111eb & mask
        state.append(word ^ word >> 31)

    def rotated(word, by):
        return (word << by | word >> 64 - by) & mask

    def bits():
        result = rotated(state[1] * 5 & mask, 7) * 9 & mask
        shifted = state[1] << 17 & mask
        for to, other in (2, 0), (3, 1), (1, 2), (0, 3):
            state[to] ^= state[other]
        state[2] ^= shifted
        state[3] = rotated(state[3], 45)
        return result

    def below(limit):
        drawn = bits()
        while drawn < 2**64 % limit:
            drawn = bits()
        return drawn % limit

    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def digits(data="embedded", training=True):
    """Images (N, 1, 28, 28), from 0 to 1, and labels, for training or held
    out. `data` is "embedded", a set under data/, or a folder's path."""
    if data == "embedded":
        images, labels = (read_idx(ROOT / "common/data" / f"digits-{file}")
                          for file in ("images-idx3-ubyte",
                                       "labels-idx1-ubyte"))
        order = shuffled(len(labels))
        some = order[:8000] if training else order[8000:]
        images, labels = images[some], labels[some]
    else:
        folder = pathlib.Path(data) if "/" in data else ROOT / "data" / data
        part = "train" if training else "t10k"
        images = read_idx(folder / f"{part}-images-idx3-ubyte")
        labels = read_idx(folder / f"{part}-labels-idx1-ubyte")
    return images[:, None] / 255, labels.long()
