"""Writes signal.txt, with which tests/10-initialization_test.cpp compares.

Run as `python3 tests/reference/make_signal.py`; needs Python alone. Every run
writes the same bytes. The sizes come from loops over lists, the gradients
from differences, and the cosines from an integral over angles, not from the
formula of the page. README.md tells the format.
"""

import math
import pathlib
import random

PATH = pathlib.Path(__file__).resolve().parent / "signal.txt"
lines = [
    "# Sizes of signals and cosines after ReLU.",
    "# Python alone, by make_signal.py.",
]


def add(name, extents, numbers):
    lines.append("")
    lines.append(name + " " + " ".join(str(extent) for extent in extents))
    text = ["%.17g" % number for number in numbers]
    for begin in range(0, len(text), 8):
        lines.append(" ".join(text[begin : begin + 8]))


def root_mean_square(rows):
    numbers = [number for row in rows for number in row]
    return math.sqrt(sum(x * x for x in numbers) / len(numbers))


BENDS = {"relu": lambda z: max(z, 0.0), "tanh": math.tanh}


def forward(weights, row, bend):
    """What each layer puts out for one input."""
    outputs = [row]
    for weight in weights:
        row = [
            bend(sum(w * x for w, x in zip(line, row))) for line in weight
        ]
        outputs.append(row)
    return outputs


def height(weights, row, bend, gradient):
    """A number whose gradient after the last layer is `gradient`."""
    return sum(g * y for g, y in zip(gradient, forward(weights, row, bend)[-1]))


def slopes(weights, row, bend, gradient):
    """How height() changes with each number of its input, by differences."""
    h, found = 1e-5, []
    for i in range(len(row)):
        up, down = list(row), list(row)
        up[i] += h
        down[i] -= h
        found.append(
            (
                height(weights, up, bend, gradient)
                - height(weights, down, bend, gradient)
            )
            / (2 * h)
        )
    return found


def sizes(case, bend, dice):
    inputs, width, depth, count = 5, 4, 3, 3
    weights = [
        [
            [dice.randint(-16, 16) / 16 for _ in range(inputs if l == 0 else width)]
            for _ in range(width)
        ]
        for l in range(depth)
    ]
    rows = [[dice.randint(1, 16) / 16 for _ in range(inputs)] for _ in range(count)]
    gradients = [[dice.randint(-16, 16) / 16 for _ in range(width)] for _ in range(count)]
    outputs = [forward(weights, row, BENDS[bend]) for row in rows]
    for l, weight in enumerate(weights):
        add(f"{case}.weight{l}", (len(weight), len(weight[0])), sum(weight, []))
    add(f"{case}.input", (count, inputs), sum(rows, []))
    add(f"{case}.gradient", (count, width), sum(gradients, []))
    add(
        f"{case}.forward",
        (depth + 1,),
        [root_mean_square([it[l] for it in outputs]) for l in range(depth + 1)],
    )
    add(
        f"{case}.backward",
        (depth + 1,),
        [0.0]
        + [
            root_mean_square(
                [
                    slopes(weights[l:], it[l], BENDS[bend], gradient)
                    for it, gradient in zip(outputs, gradients)
                ]
            )
            for l in range(1, depth + 1)
        ],
    )


def cosine(rho):
    """Of relu(u) and relu(v), where u and v are normal and correlated by
    rho: u = r cos(phi), v = r cos(phi - theta); the mean over r cancels."""
    theta, steps = math.acos(rho), 200000
    total = 0.0
    for k in range(steps):
        phi = 2 * math.pi * (k + 0.5) / steps
        total += max(math.cos(phi), 0) * max(math.cos(phi - theta), 0)
    return total * 2 * math.pi / steps / (math.pi / 2)


dice = random.Random(10)
sizes("relu", "relu", dice)
sizes("tanh", "tanh", dice)
before = [-1.0, -0.5, 0.0, 0.25, 0.384, 0.5, 0.9, 0.99, 1.0]
add("cosine.before", (len(before),), before)
add("cosine.after", (len(before),), [cosine(rho) for rho in before])
PATH.write_text("\n".join(lines) + "\n")
