"""Writes the values that tests/reference_test.cpp compares our code with.

Run as `python3 tests/reference/make_reference.py`; needs PyTorch. Every run
writes the same bytes. Inputs are multiples of 1/16, so that they are short
in decimal and the same number in every type. README.md tells the format.
"""

import pathlib

import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).resolve().parent
torch.manual_seed(1)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


class File:
    """One text file of named tensors."""

    def __init__(self, name, title):
        self.path = FOLDER / name
        self.lines = [
            f"# {title}",
            f"# PyTorch {torch.__version__}, by make_reference.py.",
        ]

    def add(self, name, tensor, digits=17):
        tensor = torch.as_tensor(tensor)
        extents = " ".join(str(extent) for extent in tensor.shape)
        self.lines += ["", f"{name} {extents}"]
        numbers = ["%.*g" % (digits, x) for x in tensor.flatten().tolist()]
        for begin in range(0, len(numbers), 8):
            self.lines.append(" ".join(numbers[begin : begin + 8]))

    def add_all(self, case, **tensors):
        for name, tensor in tensors.items():
            self.add(f"{case}.{name}", tensor)

    def write(self):
        self.path.write_text("\n".join(self.lines) + "\n")


def sixteenths(*shape):
    """Multiples of 1/16 from -2 to 2."""
    return torch.randint(-32, 33, shape).double() / 16


def distinct(*shape):
    """Multiples of 1/16 around 0, no two of them equal."""
    count = torch.Size(shape).numel()
    return (torch.randperm(count).double() - count // 2).reshape(shape) / 16


def gradients(output, *inputs):
    """A random grad_output and the gradients that follow from it."""
    grad_output = sixteenths(*output.shape)
    return [grad_output, *torch.autograd.grad(output, inputs, grad_output)]


def convolutions():
    file = File("convolution.txt", "Convolution. geometry: stride padding")
    cases = {  # N, C_in, C_out, H, W, K, stride, padding
        "plain": (1, 1, 1, 4, 4, 3, 1, 0),
        "one_by_one": (2, 3, 2, 3, 5, 1, 1, 0),
        "one_pixel": (1, 2, 3, 1, 1, 1, 1, 0),
        "one_place": (2, 2, 2, 3, 3, 3, 1, 0),
        "odd_sizes": (2, 2, 3, 7, 5, 3, 1, 1),
        "leftover": (1, 2, 2, 6, 8, 3, 2, 0),
        "stride_2_padding_2": (2, 1, 2, 7, 6, 5, 2, 2),
        "padding_2": (1, 3, 2, 4, 3, 3, 1, 2),
        "even_kernel": (1, 2, 2, 5, 6, 2, 1, 1),
        "stride_3": (1, 1, 2, 9, 7, 2, 3, 1),
        "border_only": (1, 1, 1, 1, 2, 1, 1, 1),
    }
    for name, (N, C_in, C_out, H, W, K, stride, padding) in cases.items():
        input = sixteenths(N, C_in, H, W).requires_grad_()
        weight = sixteenths(C_out, C_in, K, K).requires_grad_()
        bias = sixteenths(C_out).requires_grad_()
        output = F.conv2d(input, weight, bias, stride, padding)
        grad_output, grad_input, grad_weight, grad_bias = gradients(
            output, input, weight, bias
        )
        file.add_all(
            name,
            geometry=[stride, padding],
            input=input,
            weight=weight,
            bias=bias,
            output=output,
            grad_output=grad_output,
            grad_input=grad_input,
            grad_weight=grad_weight,
            grad_bias=grad_bias,
        )
    file.write()


def add_pooling(file, name, input, geometry, pool):
    input = input.requires_grad_()
    output = pool(input, *geometry)
    grad_output, grad_input = gradients(output, input)
    file.add_all(
        name,
        geometry=list(geometry),
        input=input,
        output=output,
        grad_output=grad_output,
        grad_input=grad_input,
    )


POOLINGS = {  # N, C, H, W; window, stride, padding
    "plain": ((2, 2, 4, 4), (2, 2, 0)),
    "one_by_one": ((1, 2, 3, 2), (1, 1, 0)),
    "leftover": ((1, 2, 5, 7), (2, 2, 0)),
    "overlapping": ((2, 1, 6, 5), (3, 1, 0)),
    "overlapping_stride_2": ((1, 2, 7, 7), (3, 2, 0)),
    "padding": ((1, 2, 5, 4), (3, 2, 1)),
    "padding_2": ((2, 1, 6, 7), (4, 3, 2)),
    "gaps": ((1, 1, 7, 8), (2, 3, 0)),
    "whole_image": ((2, 1, 3, 3), (3, 3, 0)),
}


def max_pools():
    file = File("max_pool.txt", "Max-pooling. geometry: window stride padding")
    for name, (shape, geometry) in POOLINGS.items():
        add_pooling(file, name, distinct(*shape), geometry, F.max_pool2d)
    ties = {
        "ties": (torch.randint(0, 2, (2, 2, 6, 6)).double(), (2, 2, 0)),
        "ties_overlapping": (
            torch.randint(-1, 2, (1, 2, 7, 6)).double(),
            (3, 2, 1),
        ),
        "all_equal": (torch.full((1, 1, 5, 5), -1.5).double(), (3, 1, 1)),
    }
    for name, (input, geometry) in ties.items():
        add_pooling(file, name, input, geometry, F.max_pool2d)
    file.write()


def average_pools():
    file = File(
        "average_pool.txt", "Average pooling. geometry: window stride padding"
    )
    for name, (shape, geometry) in POOLINGS.items():
        add_pooling(
            file,
            name,
            sixteenths(*shape),
            geometry,
            lambda *all: F.avg_pool2d(*all, count_include_pad=True),
        )
    file.write()


def dense_layers():
    file = File("dense.txt", "Dense layers.")
    cases = {  # N, F_in, F_out
        "plain": (3, 4, 5),
        "one": (1, 1, 1),
        "wide": (2, 9, 3),
        "one_image": (1, 3, 7),
    }
    for name, (N, F_in, F_out) in cases.items():
        input = sixteenths(N, F_in).requires_grad_()
        weight = sixteenths(F_out, F_in).requires_grad_()
        bias = sixteenths(F_out).requires_grad_()
        output = F.linear(input, weight, bias)
        grad_output, grad_input, grad_weight, grad_bias = gradients(
            output, input, weight, bias
        )
        file.add_all(
            name,
            input=input,
            weight=weight,
            bias=bias,
            output=output,
            grad_output=grad_output,
            grad_input=grad_input,
            grad_weight=grad_weight,
            grad_bias=grad_bias,
        )
    file.write()


def relus():
    file = File("relu.txt", "ReLU, exact zeros among the inputs.")
    input = torch.tensor(
        [0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 0.5, -0.5],
        dtype=torch.double,
    )
    inputs = {"zeros": input, "images": sixteenths(2, 2, 3, 4) / 2}
    for name, input in inputs.items():
        input = input.requires_grad_()
        output = F.relu(input)
        grad_output, grad_input = gradients(output, input)
        file.add_all(
            name,
            input=input,
            output=output,
            grad_output=grad_output,
            grad_input=grad_input,
        )
    file.write()


def softmaxes():
    file = File("softmax.txt", "Softmax and mean cross-entropy.")
    big = 1000.0
    cases = {
        "plain": (sixteenths(4, 10), [3, 0, 9, 5]),
        "one_row": (sixteenths(1, 3), [1]),
        "one_class": (sixteenths(2, 1), [0, 0]),
        "equal": (torch.full((2, 10), 0.25).double(), [7, 2]),
        "thousand": (
            torch.tensor(
                [
                    [big, -big, 0.0],
                    [big, -big, 0.0],
                    [big, big, -big],
                    [-big, -big, -big],
                    [big, big - 1, big - 2],
                ],
                dtype=torch.double,
            ),
            [0, 1, 1, 2, 2],
        ),
    }
    for name, (logits, labels) in cases.items():
        logits = logits.requires_grad_()
        loss = F.cross_entropy(logits, torch.tensor(labels))
        (grad_logits,) = torch.autograd.grad(loss, logits)
        file.add_all(
            name,
            logits=logits,
            labels=labels,
            probabilities=F.softmax(logits, dim=1),
            loss=loss.reshape(1),
            grad_logits=grad_logits,
        )
    file.write()


def formula(count, divisor):
    """Numbers around 0, rounded to float32 once; the test has the same."""
    i = torch.arange(count)
    return (((i * 37 + 11) % 101 - 50).double() / divisor).float()


def training():
    """Ten steps of chapter 06's network on one batch, in float32."""
    file = File("training.txt", "Ten training steps of chapter 06's network.")
    i = torch.arange(4 * 28 * 28)
    # A cubic: a quadratic mirrors itself, and mirrored windows tie.
    images = ((i * i * i * 7 + i * i * 31 + i * 17 + 5) % 257).float() / 256
    images = images.reshape(4, 1, 28, 28)
    labels = torch.tensor([3, 1, 4, 1])
    divisors = {
        "conv1.weight": ((8, 1, 5, 5), 150),
        "conv1.bias": ((8,), 1000),
        "conv2.weight": ((16, 8, 5, 5), 400),
        "conv2.bias": ((16,), 1000),
        "fc1.weight": ((10, 400), 500),
        "fc1.bias": ((10,), 1000),
    }
    parameters = {
        name: formula(torch.Size(shape).numel(), divisor)
        .reshape(shape)
        .requires_grad_()
        for name, (shape, divisor) in divisors.items()
    }
    conv1, bias1, conv2, bias2, dense, bias3 = parameters.values()
    optimizer = torch.optim.SGD(parameters.values(), lr=0.05, momentum=0.9)
    losses = []
    for step in range(10):
        signal = F.max_pool2d(F.relu(F.conv2d(images, conv1, bias1, 1, 2)), 2)
        signal = F.max_pool2d(F.relu(F.conv2d(signal, conv2, bias2)), 2)
        logits = F.linear(signal.flatten(1), dense, bias3)
        loss = F.cross_entropy(logits, labels)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            file.add("first_logits", logits, 9)
            for name, parameter in parameters.items():
                norm = parameter.grad.double().norm().reshape(1)
                file.add(f"{name}.first_gradient_norm", norm, 9)
        optimizer.step()
    file.add("losses", losses, 9)
    for name, parameter in parameters.items():
        numbers = parameter.detach().flatten()
        file.add(f"{name}.first_20", numbers[:20], 9)
        file.add(f"{name}.sum", numbers.double().sum().reshape(1), 9)
        file.add(f"{name}.norm", numbers.double().norm().reshape(1), 9)
    file.write()


convolutions()
max_pools()
average_pools()
dense_layers()
relus()
softmaxes()
training()
