"""Writes optimizers.txt, which tests/11-optimizers_test.cpp compares with.

Run as `python3 tests/reference/make_optimizer_reference.py`; needs PyTorch.
Ten steps of each of PyTorch's optimizers in float32 on two parameters, a
filter (3, 2, 2, 2) and a bias (3), whose gradients are given by a formula
that leaps over the sizes from 1e-5 to 1. README.md tells the format.
"""

import pathlib

import torch

FOLDER = pathlib.Path(__file__).resolve().parent
STEPS = 10
torch.set_num_threads(1)


def start(count):
    i = torch.arange(count)
    return ((i * 37 + 11) % 101 - 50).double().div(50).float()


def gradient(count, step):
    i = torch.arange(count)
    number = ((i * 53 + step * 29 + 7) % 97 - 48).double() / 48
    scale = torch.tensor([1, 1e-2, 1e-3, 1e-5], dtype=torch.float64)
    return (number * scale[i % 4]).float()


def run(make):
    weight = start(24).reshape(3, 2, 2, 2).clone().requires_grad_()
    bias = start(3).clone().requires_grad_()
    optimizer = make([weight, bias])
    for step in range(STEPS):
        weight.grad = gradient(24, step).reshape(3, 2, 2, 2)
        bias.grad = gradient(3, step + 1)
        optimizer.step()
    return weight.detach(), bias.detach()


def polar(matrix, rounds):
    """(11.13) on the singular values alone, in double precision."""
    U, S, V = torch.linalg.svd(matrix.double(), full_matrices=False)
    S = S / S.pow(2).sum().sqrt()
    for _ in range(rounds):
        S = 3.4445 * S - 4.7750 * S**3 + 2.0315 * S**5
    return U @ torch.diag(S) @ V


def main():
    lines = [
        "# Ten steps of optimizers.",
        f"# PyTorch {torch.__version__}, by make_optimizer_reference.py.",
    ]

    def add(name, tensor):
        tensor = torch.as_tensor(tensor)
        extents = " ".join(str(extent) for extent in tensor.shape)
        lines.extend(["", f"{name} {extents}"])
        numbers = ["%.9g" % x for x in tensor.flatten().tolist()]
        for begin in range(0, len(numbers), 8):
            lines.append(" ".join(numbers[begin : begin + 8]))

    optim = torch.optim
    for name, make in {
        "nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "rmsprop": lambda p: optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8),
        "adam": lambda p: optim.Adam(p, lr=0.01),
        "adam_l2": lambda p: optim.Adam(p, lr=0.01, weight_decay=0.1),
        "adamw": lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1),
    }.items():
        weight, bias = run(make)
        add(f"{name}.weight", weight)
        add(f"{name}.bias", bias)

    for name, (rows, columns) in {"wide": (3, 8), "tall": (8, 3)}.items():
        matrix = start(24).reshape(rows, columns)
        add(f"{name}.orthogonalized", polar(matrix, 5))
    (FOLDER / "optimizers.txt").write_text("\n".join(lines) + "\n")


main()
