"""Writes norms.txt, which tests/13-norms_test.cpp compares with.

Run as `python3 tests/reference/make_norm_reference.py`; needs PyTorch.
Layers in double precision, and ten training steps in float32 of chapter
06's network with layers of chapter 13 in it. README.md tells the format.
"""

import pathlib
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent
torch.manual_seed(1)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

lines = [
    "# Normalization: layers, and ten steps of networks that have them.",
    f"# PyTorch {torch.__version__}, by make_norm_reference.py.",
]


def add(name, tensor, digits=17):
    tensor = torch.as_tensor(tensor)
    extents = " ".join(str(extent) for extent in tensor.shape)
    lines.extend(["", f"{name} {extents}"])
    numbers = ["%.*g" % (digits, x) for x in tensor.flatten().tolist()]
    for begin in range(0, len(numbers), 8):
        lines.append(" ".join(numbers[begin : begin + 8]))


def sixteenths(*shape):
    return torch.randint(-32, 33, shape).double() / 16


LAYERS = {  # the input's shape, and the layer
    "bn_maps": ((3, 2, 2, 3), nn.BatchNorm2d(2)),
    "bn_flat": ((4, 3), nn.BatchNorm1d(3)),
    "bn_one_image": ((1, 2, 2, 2), nn.BatchNorm2d(2)),
    "bn_remembers": ((2, 2, 2, 1), nn.BatchNorm2d(2, momentum=0.25)),
    "bn_answers": ((2, 2, 2, 2), nn.BatchNorm2d(2).eval()),
    "gn_maps": ((2, 4, 2, 3), nn.GroupNorm(2, 4)),
    "gn_flat": ((3, 6), nn.GroupNorm(3, 6)),
    "gn_one_group": ((2, 3, 2, 2), nn.GroupNorm(1, 3)),
    "ln_maps": ((2, 3, 2, 2), nn.LayerNorm((3, 2, 2))),
    "ln_flat": ((3, 5), nn.LayerNorm(5)),
}


def layers():
    for name, (shape, layer) in LAYERS.items():
        layer = layer.double()
        for parameter in layer.parameters():
            parameter.data = sixteenths(*parameter.shape)
        for kind, buffer in layer.named_buffers():
            if buffer.dim() > 0:
                buffer.copy_(sixteenths(*buffer.shape).abs() + 0.5)
                add(f"{name}.{kind}", buffer)
        input = sixteenths(*shape).requires_grad_()
        output = layer(input)
        grad_output = sixteenths(*output.shape)
        grads = torch.autograd.grad(
            output, [input, layer.weight, layer.bias], grad_output
        )
        add(f"{name}.weight", layer.weight)
        add(f"{name}.bias", layer.bias)
        add(f"{name}.input", input)
        add(f"{name}.output", output)
        add(f"{name}.grad_output", grad_output)
        for kind, grad in zip(("input", "weight", "bias"), grads):
            add(f"{name}.grad_{kind}", grad)
        for kind, buffer in layer.named_buffers():
            if buffer.dim() > 0:
                add(f"{name}.{kind}_after", buffer)


def formula(shape, divisor):
    """Numbers around 0, rounded to float32 once; the test has the same."""
    i = torch.arange(torch.Size(shape).numel())
    numbers = ((i * 37 + 11) % 101 - 50).double() / divisor
    return numbers.float().reshape(shape)


def network(first, second):
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 8, 5, padding=2),
            **first,
            relu1=nn.ReLU(),
            maxpool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(8, 16, 5),
            **second,
            relu2=nn.ReLU(),
            maxpool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            fc1=nn.Linear(400, 10),
        )
    )


NETWORKS = {
    "with_bn": network(
        {"bn1": nn.BatchNorm2d(8)}, {"bn2": nn.BatchNorm2d(16)}
    ),
    "with_gn_ln": network(
        {"gn1": nn.GroupNorm(4, 8)}, {"ln1": nn.LayerNorm((16, 10, 10))}
    ),
}


def training():
    i = torch.arange(4 * 28 * 28)
    images = ((i * i * i * 7 + i * i * 31 + i * 17 + 5) % 257).float() / 256
    images = images.reshape(4, 1, 28, 28)
    labels = torch.tensor([3, 1, 4, 1])
    for case, it in NETWORKS.items():
        for name, parameter in it.named_parameters():
            divisor = 200 if name.endswith("weight") else 1000
            parameter.data = formula(parameter.shape, divisor)
            if name[:2] in ("bn", "gn", "ln") and name.endswith("weight"):
                parameter.data += 1
        optimizer = torch.optim.SGD(it.parameters(), lr=0.005, momentum=0.9)
        losses = []
        for step in range(10):
            logits = it(images)
            loss = F.cross_entropy(logits, labels)
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            if step == 0:
                add(f"{case}.first_logits", logits, 9)
                for name, parameter in it.named_parameters():
                    norm = parameter.grad.double().norm().reshape(1)
                    add(f"{case}.{name}.first_gradient_norm", norm, 9)
            optimizer.step()
        add(f"{case}.losses", losses, 9)
        for name, tensor in it.state_dict().items():
            if tensor.dim() == 0:
                continue
            numbers = tensor.detach().flatten()
            add(f"{case}.{name}.first_20", numbers[:20], 9)
            add(f"{case}.{name}.sum", numbers.double().sum().reshape(1), 9)
            add(f"{case}.{name}.norm", numbers.double().norm().reshape(1), 9)
        it.eval()
        add(f"{case}.answers", it(images), 9)


layers()
training()
(FOLDER / "norms.txt").write_text("\n".join(lines) + "\n")
