"""Tests that other programs read our networks, and that we read theirs.

    check.py WORK BUILD

WORK is a folder for files; BUILD is the build folder with our programs. The
packages are those of requirements.txt, and PyTorch. On 100 digits, logits
agree within 1e-5 of the largest: they differ because floats are summed in
another order.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys

import numpy
import onnx
import onnxruntime
import safetensors
import safetensors.numpy
import safetensors.torch
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "chapters/16-saving"))
import network_files  # noqa: E402

WORK, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:])
CONTINUE = ROOT / "chapters/16-saving/continue_in_pytorch.py"
OURS = BUILD / "chapters/16-saving/16-saving"
# With Python 3.11, Debian 12's PyTorch 1.13 has no other way to redirect
# nothing than to say what to do with the output of a process 9, which is not
# there.
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "-r", "9:1",
            "-t", "9:1", "--standalone", "--nproc_per_node", "2"]
passed, worst = 0, {}


def expect(holds, what):
    global passed
    if not holds:
        sys.exit(f"check.py: does not hold: {what}")
    passed += 1


def compare(who, ours, theirs, what):
    """Compares our logits with those of another program."""
    ours, theirs = numpy.asarray(ours), numpy.asarray(theirs)
    expect(ours.shape == theirs.shape, f"{what}: {who} has the same shape")
    difference = float(abs(ours - theirs).max() / max(1, abs(ours).max()))
    worst[who] = max(worst.get(who, 0), difference)
    expect(difference <= 1e-5, f"{what}: {who} differs by {difference:g}")


def run(*words):
    words = [str(word) for word in words]
    process = subprocess.Popen(
        words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True)
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:  # end it with all that it has started
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    expect(process.returncode == 0,
           f"{' '.join(words)}: status {process.returncode}\n{err}")
    return out


def tensors_of(path):
    return safetensors.numpy.load_file(path)


def check_safetensors(path):
    """The package must read the same as our own reader in Python, whose
    tensors and metadata are returned."""
    tensors, metadata = network_files.read_network(path)
    package = tensors_of(path)
    expect(package.keys() == tensors.keys(), f"{path}: the names")
    for name, tensor in tensors.items():
        expect(package[name].tobytes() == tensor.numpy().tobytes(),
               f"{path}: {name} to the bit")
    with safetensors.safe_open(path, "np") as file:
        expect(file.metadata() == metadata, f"{path}: the metadata")
    expect(metadata["note"] == "\"quotes\", \\ and \u00e9", f"{path}: a note")
    return tensors, metadata


def check_onnx(path, digits, logits, kinds):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    kinds.update(node.op_type for node in model.graph.node)
    kinds.update("sum of a block" for node in model.graph.node
                 if node.op_type == "Add" and
                 node.name.rpartition(".")[2].startswith("residual"))
    expect(model.ir_version == 8 and model.opset_import[0].version == 13,
           f"{path}: IR 8, opset 13")
    names = [[value.name for value in values] for values in
             (model.graph.input, model.graph.output)]
    expect(names == [["image"], ["logits"]], f"{path}: image in, logits out")
    inferred = onnx.shape_inference.infer_shapes(
        model, strict_mode=True, data_prop=True)
    shape = inferred.graph.output[0].type.tensor_type.shape.dim
    expect([shape[0].dim_param, shape[1].dim_value] == ["N", 10],
           f"{path}: logits (N, 10)")
    session = onnxruntime.InferenceSession(
        str(path), providers=["CPUExecutionProvider"])
    for some in (digits, digits[:1]):  # a batch of any size
        compare("onnxruntime", logits[:len(some)],
                session.run(["logits"], {"image": some})[0], path)


def check_layers():
    """Networks of random layers, from us to the others and back."""
    run(BUILD / "tests/interop/interop", "write", WORK)
    digits = tensors_of(WORK / "digits.safetensors")["digits"]
    same, _ = network_files.digits(training=False)
    expect(numpy.array_equal(digits, same[:100].numpy()),
           "continue_in_pytorch.py holds out the digits that we hold out")
    kinds, networks = set(), {}
    for path in sorted(WORK.glob("[0-9]*.onnx")):
        name = path.with_suffix("")
        logits = tensors_of(f"{name}.logits.safetensors")["logits"]
        check_onnx(path, digits, logits, kinds)
        tensors, metadata = check_safetensors(f"{name}.safetensors")
        network = network_files.build_network(
            metadata["network"], metadata["image"])
        network.load_state_dict(tensors)
        with torch.no_grad():
            compare("PyTorch", logits, network(torch.tensor(digits)), path)
        # Back: PyTorch's own random start, in a file without metadata.
        torch.manual_seed(len(networks))
        networks[name] = network_files.build_network(metadata["network"])
        with torch.no_grad():  # so that running statistics move
            networks[name].train()(torch.tensor(digits))
            networks[name].eval()
        safetensors.torch.save_file(
            networks[name].state_dict(), f"{name}.theirs.safetensors")
    expect(kinds == {"Conv", "Relu", "MaxPool", "AveragePool", "Flatten",
                     "Gemm", "Identity", "BatchNormalization", "Reshape",
                     "InstanceNormalization", "Mul", "Add",
                     "sum of a block"},
           f"every kind of layer, not only {kinds}")
    run(BUILD / "tests/interop/interop", "read", WORK)
    for name, network in networks.items():
        with torch.no_grad():
            compare("PyTorch, back", network(torch.tensor(digits)),
                    tensors_of(f"{name}.read.safetensors")["logits"], name)
    return len(networks)


def measure(path, *words):
    return json.loads(run(OURS, "measure", path, "--data", "embedded",
                          "--json", *words))


def check_later_layers():
    """Normalization and dropout, as a person trains and continues them."""
    first, second = WORK / "later.safetensors", WORK / "later2.safetensors"
    layers = ("conv 4 5 stride 2, batchnorm, relu, "
              "residual(conv 6 3 stride 2 pad 1, batchnorm) "
              "skip(conv 6 1 stride 2), relu, "
              "residual(conv 6 3 pad 1, batchnorm), dropout 0.1, flatten, "
              "dense 30, layernorm, relu, dense 10")
    run(OURS, "train", "--network", layers, "--data", "embedded",
        "--epochs", "2", "--augment", "shift", "--decay", "0.0005",
        "--smoothing", "0.05", "--save", first)
    begin = measure(first)
    run(sys.executable, CONTINUE, first, "--epochs", "2", "--save", second)
    after = measure(second)
    expect(after["accuracy"] > begin["accuracy"] > 0.8,
           f"learns on in PyTorch: {begin}, {after}")
    for name, tensor in tensors_of(first).items():
        expect(abs(tensor - tensors_of(second)[name]).max() > 0,
               f"{name} has changed, too")
    network = network_files.build_network(layers)
    network.load_state_dict(network_files.read_network(second)[0])
    images, labels = network_files.digits(training=False)
    with torch.no_grad():
        right = int((network(images).argmax(1) == labels).sum())
    expect(abs(after["right"] - right) <= 1, f"{after}, PyTorch: {right}")
    logits = []
    for name, words in ("whole", []), ("folded", ["--fold"]):
        exported = WORK / f"{name}.onnx"
        run(OURS, "export", second, "--onnx", exported, "--overwrite",
            *words)
        model = onnx.load(exported)
        onnx.checker.check_model(model, full_check=True)
        norms = [node for node in model.graph.node
                 if node.op_type == "BatchNormalization"]
        expect(len(norms) == (3 if name == "whole" else 0),
               f"{name}: {norms}")
        logits.append(onnxruntime.InferenceSession(
            str(exported), providers=["CPUExecutionProvider"]).run(
                None, {"image": images.numpy()})[0])
    compare("onnxruntime, folded", *logits, second)


def check_commands():
    """What a person types: train, go on in PyTorch, measure, export."""
    first = WORK / "first.safetensors"
    layers = ("conv 4 5 stride 2, relu, avgpool 2, flatten, dense 30, relu, "
              "dense 10")
    run(OURS, "train", "--network", layers, "--data", "embedded",
        "--epochs", "1", "--save", first)
    begin = measure(first)
    expect(begin["accuracy"] > 0.8, f"learned something: {begin}")
    alone, shared = WORK / "alone.safetensors", WORK / "shared.safetensors"
    more = [CONTINUE, first, "--epochs", "2", "--save"]
    run(sys.executable, *more, alone)
    run(*TORCHRUN, *more, shared)
    for name, tensor in tensors_of(alone).items():
        difference = abs(tensor - tensors_of(shared)[name]).max()
        expect(difference < 1e-3,
               f"two processes learn what one does: {name}, {difference}")
    for path in alone, shared:
        after = measure(path)
        expect(after["accuracy"] > begin["accuracy"] + 0.01,
               f"{path}: better than {begin['accuracy']}: {after}")
        expect(after["note"] == "", f"{path}: still the embedded digits")
    # The accuracy according to PyTorch, and ours without the metadata.
    network = network_files.build_network(layers)
    network.load_state_dict(network_files.read_network(shared)[0])
    images, labels = network_files.digits(training=False)
    with torch.no_grad():
        right = int((network(images).argmax(1) == labels).sum())
    bare = WORK / "bare.safetensors"
    safetensors.torch.save_file(network.state_dict(), bare)
    ours = measure(bare, "--network", layers)
    expect(abs(ours["right"] - right) <= 1, f"{ours}, PyTorch: {right}")
    exported = WORK / "exported.onnx"
    run(OURS, "export", bare, "--onnx", exported, "--overwrite", "--network",
        layers)
    onnx.checker.check_model(onnx.load(exported), full_check=True)
    session = onnxruntime.InferenceSession(
        str(exported), providers=["CPUExecutionProvider"])
    answers = session.run(None, {"image": images.numpy()})[0].argmax(1)
    expect(abs(int((answers == labels.numpy()).sum()) - right) <= 1,
           "what was exported is as good")


def check_readme():
    """The README's lines of Python, exactly as they are there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = readme.split("```python\n")[1].split("```")[0]
    weights = "chapters/16-saving/weights/digits.safetensors"
    run(OURS, "export", ROOT / weights, "--onnx", WORK / "digits.onnx",
        "--overwrite")
    process = subprocess.run(
        [sys.executable, "-c", lines.replace('"chapters', f'"{ROOT}/chapters')],
        cwd=WORK, text=True, capture_output=True, timeout=120)
    expect(process.returncode == 0, f"README: {process.stderr}")
    printed = process.stdout.splitlines()
    expect("conv1.weight (8, 1, 5, 5)" in printed, f"README: {printed}")
    expect(printed[-1] == "1", f"README: a stroke is a 1: {printed}")


WORK.mkdir(parents=True, exist_ok=True)
for old in WORK.glob("*.*"):
    old.unlink()
torch.set_num_threads(1)
count = check_layers()
check_commands()
check_later_layers()
check_readme()
print(f"{count} networks; largest differences: " + ", ".join(
    f"{who} {difference:.1e}" for who, difference in worst.items()))
print(f"{passed} passed, 0 failed")
