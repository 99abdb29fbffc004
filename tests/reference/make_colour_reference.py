"""A network for colour by PyTorch, for tests/15-colour_test.cpp.

`eigen`: the eigenpairs of a symmetric matrix. `white`: the whitening filters
of some pictures and their shifts. `net`: the network W(2, 3, 4) in double, its
scores and all gradients, and its parameters after three steps as in Keller
Jordan's airbench94_muon.py, but in double: Muon for the filters, each scaled
to unit length before its step, and Nesterov's steps for all else.
"""

import torch
from torch import nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


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


def orthogonalized(G, steps=5, eps=1e-7):
    a, b, c = 3.4445, -4.7750, 2.0315
    X = G / (G.norm() + eps)
    if G.size(0) > G.size(1):
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        B = b * A + c * A @ A
        X = a * X + B @ X
    return X.T if G.size(0) > G.size(1) else X


print("# By make_colour_reference.py, PyTorch",
      torch.__version__.split("+")[0])

matrix = fill((7, 7), 3)
matrix = (matrix + matrix.T) / 2
values, vectors = torch.linalg.eigh(matrix)
values, vectors = values.flip(0), vectors.T.flip(0)
for v in vectors:
    if v[v.abs().argmax()] < 0:
        v.neg_()
write("eigen.matrix", matrix)
write("eigen.values", values)
write("eigen.vectors", vectors)

# Without equals, between which a pool would have to choose.
images = torch.tensor([(i * (i + 7) * 31 + 17 * i) % 10007 / 10007
                       for i in range(5 * 3 * 32 * 32)])
images = images.reshape(5, 3, 32, 32)
images = ((images + images.flip(3).roll(1, 3)) / 2).float().double()
patches = images.unfold(2, 2, 1).unfold(3, 2, 1)
patches = patches.permute(0, 2, 3, 1, 4, 5).reshape(-1, 12)
mean = patches.mean(0)
covariance = (patches - mean).T @ (patches - mean) / len(patches)
values, vectors = torch.linalg.eigh(covariance)
values, vectors = values.flip(0), vectors.T.flip(0)
for v in vectors:
    if v[v.abs().argmax()] < 0:
        v.neg_()
epsilon = 5e-4 * values.mean()
filters = vectors / (values + epsilon).sqrt()[:, None]
write("white.variances", values)
write("white.filters", filters.reshape(12, 3, 2, 2))
write("white.shifts", -filters @ mean)


def group(C_in, C_out):
    return [nn.Conv2d(C_in, C_out, 3, padding=1), nn.MaxPool2d(2),
            nn.BatchNorm2d(C_out, momentum=0.4), nn.ReLU(),
            nn.Conv2d(C_out, C_out, 3, padding=1),
            nn.BatchNorm2d(C_out, momentum=0.4), nn.ReLU()]


net = nn.Sequential(nn.Conv2d(3, 24, 2), nn.ReLU(),
                    *group(24, 2), *group(2, 3), *group(3, 4),
                    nn.MaxPool2d(3), nn.Flatten(), nn.Linear(4, 10))
for k, parameter in enumerate(net.parameters()):
    parameter.data = fill(parameter.shape, k + 1) / 2
scales = [m.weight for m in net if isinstance(m, nn.BatchNorm2d)]
for scale in scales:
    scale.data = torch.ones_like(scale)
fixed = [net[0].weight, *scales]
filters = [p for p in net.parameters() if p.dim() == 4 and p is not fixed[0]]
head = [net[-1].weight]
biases = [p for p in net.parameters()
          if all(p is not q for q in fixed + filters + head)]
labels = torch.tensor([3, 0, 7, 7, 9])
velocities = [torch.zeros_like(p) for p in filters]
sgd = torch.optim.SGD([dict(params=biases, lr=0.1 * 0.5),
                       dict(params=head, lr=0.1 * 2, weight_decay=0.01)],
                      momentum=0.85, nesterov=True)
for step in range(3):
    net.zero_grad()
    logits = net(images)
    F.cross_entropy(logits, labels, label_smoothing=0.2).backward()
    if step == 0:
        write("net.logits", logits.detach())
        for k, parameter in enumerate(net.parameters()):
            write(f"net.grad{k}", parameter.grad)
    for p, v in zip(filters, velocities):
        v.mul_(0.6).add_(p.grad)
        g = p.grad.add(v, alpha=0.6)
        p.data.mul_(len(p) ** 0.5 / p.data.norm())
        p.data.add_(orthogonalized(g.reshape(len(g), -1)).view(g.shape),
                    alpha=-0.1)
    sgd.step()
for k, tensor in enumerate(
        tensor for key, tensor in net.state_dict().items()
        if not key.endswith("num_batches_tracked")):
    write(f"net.after{k}", tensor)
