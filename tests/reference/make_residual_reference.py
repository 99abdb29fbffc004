"""Residual blocks by PyTorch, for tests/14-residual_test.cpp.

Two cases, in double: `same`, whose skip is the input, and `other`, whose skip
is a convolution of 1 x 1 and a batch normalization, as in torchvision's
BasicBlock. For each: where it starts, the output and all gradients of the
first step, and the parameters after ten steps of SGD with momentum.
"""

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


class Block(nn.Module):
    """conv, bn, relu, conv, bn; plus the input, or the skip of it."""

    def __init__(self, C_in, C_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride, 1)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.skip = None
        if stride != 1 or C_in != C_out:
            self.skip = nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride),
                                      nn.BatchNorm2d(C_out))

    def forward(self, x):
        branch = self.bn1(self.conv1(x)).relu()
        branch = self.bn2(self.conv2(branch))
        return branch + (x if self.skip is None else self.skip(x))


def number(i, k):
    """A number from -1 to 1 that C++ computes alike."""
    return ((i * 37 + k * 11) % 101 - 50) / 50


def fill(shape, k):
    count = torch.Size(shape).numel()
    return torch.tensor([number(i, k) for i in range(count)]).reshape(shape)


def write(name, tensor):
    print(name, *tensor.shape)
    for at in range(0, tensor.numel(), 4):
        print(" ".join(f"{x:.17g}" for x in tensor.flatten()[at:at + 4]))


print("# By make_residual_reference.py, PyTorch",
      torch.__version__.split("+")[0])
for name, sizes in ("same", (2, 2, 1)), ("other", (2, 3, 2)):
    block = Block(*sizes)
    for k, parameter in enumerate(block.parameters()):
        parameter.data = fill(parameter.shape, k + 1) / 2
    x = fill((3, 2, 5, 4), 0).requires_grad_()
    sgd = torch.optim.SGD(block.parameters(), 0.05, momentum=0.9)
    for step in range(10):
        sgd.zero_grad()
        x.grad = None
        output = block(x)
        weights = fill(output.shape, 20 + step)
        (output * weights).sum().backward()
        if step == 0:
            write(f"{name}.output", output.detach())
            write(f"{name}.grad_input", x.grad)
            for k, parameter in enumerate(block.parameters()):
                write(f"{name}.grad{k}", parameter.grad)
        sgd.step()
    for k, tensor in enumerate(
            tensor for key, tensor in block.state_dict().items()
            if not key.endswith("num_batches_tracked")):
        write(f"{name}.after{k}", tensor)
