"""Measures one setting for compare_pytorch.py, in a process of its own.

Its argument says as JSON what to measure. It writes lines of JSON: first
that it is ready, or why it cannot be, then a speed for each number of
seconds that it reads.
"""

import inspect
import io
import itertools
import json
import os
import re
import signal
import sys
import time


class Failure(Exception):
    """Why a setting has to be left out."""


def make_colour_network(nn, widths, inplace):
    """Makes chapter 15's network.

    Its first layer and its norms' scales do not learn. Ours has biases before
    the norms. They have no effect, so PyTorch's has none.
    """
    first = nn.Conv2d(3, 24, 2)
    layers = [first.requires_grad_(False), nn.ReLU(inplace)]
    c_in = 24
    for width in widths:
        norms = [nn.BatchNorm2d(width, momentum=0.6) for _ in range(2)]
        for norm in norms:
            norm.weight.requires_grad_(False)
        layers += [
            nn.Conv2d(c_in, width, 3, 1, 1, bias=False), nn.MaxPool2d(2),
            norms[0], nn.ReLU(inplace),
            nn.Conv2d(width, width, 3, 1, 1, bias=False), norms[1],
            nn.ReLU(inplace)]
        c_in = width
    return nn.Sequential(*layers, nn.MaxPool2d(3), nn.Flatten(),
                         nn.Linear(c_in, 10))


def make_network(nn, network, inplace):
    """Makes network A, which is chapter 06's, B, or chapter 15's W."""
    if network == "W":
        return make_colour_network(nn, (32, 128, 128), inplace)

    def conv(c_in, c_out, kernel, padding):
        return nn.Conv2d(c_in, c_out, kernel, 1, padding), nn.ReLU(inplace)

    if network == "A":
        return nn.Sequential(
            *conv(1, 8, 5, 2), nn.MaxPool2d(2),
            *conv(8, 16, 5, 0), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 10))
    return nn.Sequential(
        *conv(1, 32, 3, 1), *conv(32, 32, 3, 1), nn.MaxPool2d(2),
        *conv(32, 64, 3, 1), *conv(64, 64, 3, 1), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(inplace),
        nn.Linear(128, 10))


def repeat(step, seconds):
    """Returns the steps per second, over at least 3 steps."""
    begin = time.perf_counter()
    for count in itertools.count(1):
        step()
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds and count >= 3:
            return count / elapsed


def check(found, expected, most=1e-3):
    """Refuses numbers that are not those of PyTorch as it comes."""
    for ours, theirs in zip(found, expected):
        error = ((ours - theirs).abs().max() / theirs.abs().max()).item()
        if not error < most:
            raise Failure(f"wrong numbers, by {error:.1g} of the largest")


def prepare_forward(torch, model, images, words):
    """Returns the network as a function, made faster as `words` ask for."""
    if "compiled" in words:
        if not hasattr(torch, "compile"):
            raise Failure(f"PyTorch {torch.__version__} has no torch.compile")
        return torch.compile(model)
    if "traced" in words or "frozen" in words:
        model = torch.jit.trace(model, images)
    if "frozen" in words:
        model = torch.jit.optimize_for_inference(model)
    return model


def gradients_of(model):
    """Returns the gradients of the parameters that learn."""
    return [parameter.grad for parameter in model.parameters()
            if parameter.requires_grad]


def plain_results(torch, job, model, images):
    """Returns what PyTorch as it comes finds: all gradients, or outputs."""
    plain = make_network(torch.nn, job["network"], False)
    plain.load_state_dict(model.state_dict())
    if job["mode"] != "train":
        with torch.no_grad():
            return [plain(images)]
    labels = torch.arange(len(images)) % 10
    torch.nn.CrossEntropyLoss()(plain(images), labels).backward()
    return gradients_of(plain)


def prepare_training(torch, model, images, words, expected, most):
    """Returns a step of training as a function without arguments."""
    labels = torch.arange(len(images)) % 10
    loss = torch.nn.CrossEntropyLoss()
    forward = prepare_forward(torch, model, images, words)
    learning = [it for it in model.parameters() if it.requires_grad]
    sgd = torch.optim.SGD(learning, lr=0.01, momentum=0.9)

    def step():
        # None instead of zeros: cheaper, and the default since PyTorch 2.0.
        sgd.zero_grad(set_to_none=True)
        loss(forward(images), labels).backward()
        sgd.step()

    step()
    check(gradients_of(model), expected, most)
    return step


def prepare_onnxruntime(torch, model, images, threads):
    """Exports the network; returns its forward pass in onnxruntime."""
    import onnxruntime

    old_exporter = (  # the new one would ask for one more package
        {"dynamo": False}
        if "dynamo" in inspect.signature(torch.onnx.export).parameters else {})
    exported = io.BytesIO()
    torch.onnx.export(model, (images,), exported, input_names=["images"],
                      output_names=["logits"], **old_exporter)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        exported.getvalue(), options, providers=["CPUExecutionProvider"])
    # The places of the images and of the logits are bound once.
    array = images.numpy()
    logits = onnxruntime.OrtValue.ortvalue_from_shape_and_type(
        [len(array), 10], array.dtype.type)
    binding = session.io_binding()
    binding.bind_cpu_input("images", array)
    binding.bind_ortvalue_output("logits", logits)

    def step():
        session.run_with_iobinding(binding)
        return torch.from_numpy(logits.numpy())

    return step


def prepare_inference(torch, model, images, words):
    """Returns the forward pass as a function without arguments."""
    forward = prepare_forward(torch, model, images, words)

    def step():
        with torch.inference_mode():
            return forward(images)

    return step


def prepare(job):
    """Returns the step of the setting, after checking its numbers."""
    import torch

    words, training = job["setting"].split(), job["mode"] == "train"
    threads = 1 if "one-thread" in words else job["threads"]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    shape = (3, 32, 32) if job["network"] == "W" else (1, 28, 28)
    images = torch.rand(job["batch"], *shape)
    model = make_network(torch.nn, job["network"], "tuned" in words)
    model.train(training)
    expected = plain_results(torch, job, model, images)
    if "channels-last" in words:
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    if training:
        # With sums in another order, another number of a window may be the
        # largest; with W and 500 pictures, gradients differ by a twentieth.
        most = 0.2 if job["network"] == "W" else 1e-3
        return prepare_training(torch, model, images, words, expected, most)
    if "onnxruntime" in words:
        step = prepare_onnxruntime(torch, model, images, threads)
    else:
        step = prepare_inference(torch, model, images, words)
    check([step()], expected)
    return step


def instruction_set():
    """Returns the instruction set that PyTorch says it uses."""
    import torch
    return re.search("CPU capability usage: (.*)", torch.__config__.show())[1]


def main():
    """Prepares a setting, then measures each time that it is told to.

    Between its turns it is stopped, or its spinning threads would slow the
    others down.
    """
    job = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w", 1)
    os.dup2(2, 1)  # a framework's own output is not an answer
    try:
        step = prepare(job)
        repeat(step, 0.3)
        answer = {"isa": instruction_set()}
    except Exception as error:  # noqa: BLE001, the caller tells all
        said = str(error).strip().split("\n")[0] or type(error).__name__
        print(json.dumps({"left out": said}), file=answers)
        return
    while True:
        print(json.dumps(answer), file=answers)
        os.kill(os.getpid(), signal.SIGSTOP)
        seconds = float(sys.stdin.readline())
        repeat(step, min(0.2, seconds / 2))  # to warm the caches
        answer = {"images_per_second": job["batch"] * repeat(step, seconds)}


if __name__ == "__main__":
    main()
