"""Trains on in PyTorch what ./tutorial train has saved, and saves it again.

    python3 continue_in_pytorch.py FILE --save FILE2
    torchrun --standalone --nproc_per_node 2 continue_in_pytorch.py ...

Under torchrun the processes, here or on many machines, share each batch.
(Debian 12's torchrun also needs -r 9:1 -t 9:1, or it fails in Python 3.11.)
"""

import argparse
import os

import torch
from torch import distributed
from torch.nn.functional import cross_entropy

import network_files

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("file", help="a network in a .safetensors file")
parser.add_argument("--save", required=True, help="where the new one goes")
parser.add_argument("--data", default="embedded",
                    help="embedded, a set under data/, or a folder")
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--learning-rate", type=float, default=0.005)
options = parser.parse_args()

try:
    tensors, metadata = network_files.read_network(options.file)
    network = network_files.build_network(
        metadata["network"], metadata["image"])
    network.load_state_dict(tensors)
    images, labels = network_files.digits(options.data)
except Exception as error:  # a stranger's file may cause any exception
    parser.exit(1, f"expected a network of ours and its digits: {error!r}\n")

rank, processes, shared = 0, int(os.environ.get("WORLD_SIZE", 1)), network
if processes > 1:
    distributed.init_process_group("gloo")
    rank = distributed.get_rank()
    # From here on backward() averages the gradients of all processes.
    shared = torch.nn.parallel.DistributedDataParallel(network)

sgd = torch.optim.SGD(
    network.parameters(), options.learning_rate, momentum=0.9)
generator = torch.Generator().manual_seed(1)  # the same in each process
torch.manual_seed(1 + rank)  # for dropout, different in each
shared.train()
for epoch in range(options.epochs):
    for batch in torch.randperm(len(labels), generator=generator).split(32):
        if len(batch) < 2 * processes:
            continue  # batch norm needs two pictures in each process
        mine = batch[rank::processes]
        sgd.zero_grad()
        loss = cross_entropy(shared(images[mine]), labels[mine])
        loss.backward()
        sgd.step()

if rank == 0:
    learned_from = metadata.get("data", options.data).split(" + ")
    metadata["data"] = " + ".join(dict.fromkeys([*learned_from, options.data]))
    if len(learned_from) > 1 or options.data not in learned_from:
        metadata.pop("pictures", None)  # the checksum of one set alone
    metadata["continued"] = (
        f"{options.epochs} epochs by PyTorch {torch.__version__}, rate "
        f"{options.learning_rate}, momentum 0.9, batch 32, seed 1")
    network_files.write_network(options.save, network.state_dict(), metadata)
