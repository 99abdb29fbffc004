"""Compares the speed of 07-speed with that of PyTorch, both on the CPU.

Needs PyTorch, the release build and a computer with nothing else to do. Its
speed drifts all the same, so the programs take turns: ours, PyTorch as it
comes, PyTorch with the settings that suit it best, and again. A ratio
compares two runs of the same round.
"""

import argparse
import datetime
import itertools
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/chapters/07-speed/07-speed"
ROWS = ["train-A", "train-B", "infer-A", "infer-B", "latency-A", "latency-B"]

# What may make PyTorch faster: options of our worker, environment variables.
SETTINGS = {
    # Store a pixel's channels side by side; let ReLU overwrite its input.
    "channels-last": (["--channels-last"], {}),
    "in-place ReLU": (["--inplace"], {}),
    # Keep freed memory: the system would clear each page that it gives
    # again. (Older glibc ignores a second value above 32 MiB, which is more
    # than any of our tensors has.)
    "malloc": ([], {"MALLOC_TRIM_THRESHOLD_": str(1 << 30),
                    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
                    "MALLOC_TOP_PAD_": str(64 << 20)}),
    # Let a thread without work spin, so that nobody has to wake it.
    "active waiting": ([], {"OMP_WAIT_POLICY": "active",
                            "GOMP_SPINCOUNT": "infinity"}),
}
START = 1  # about the seconds that PyTorch takes to start and to warm up
COMBINATIONS = [  # 16, from () = the defaults to all four
    names for count in range(len(SETTINGS) + 1)
    for names in itertools.combinations(SETTINGS, count)]


def make_network(nn, network, inplace):
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
    """Steps, 3 times or more; returns the number and the seconds it took."""
    begin = time.perf_counter()
    for count in itertools.count(1):
        step()
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds and count >= 3:
            return count, elapsed


def work(options):
    """The worker: measures PyTorch once, in a process of its own."""
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    batch = 1 if options.mode == "latency" else 64
    images = torch.rand(batch, 1, 28, 28)
    labels = torch.randint(10, (batch,))
    model = make_network(torch.nn, options.network, options.inplace)
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    loss = torch.nn.CrossEntropyLoss()
    sgd = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def train():
        # None instead of zeros: cheaper, and the default since PyTorch 2.0.
        sgd.zero_grad(set_to_none=True)
        loss(model(images), labels).backward()
        sgd.step()

    training = options.mode == "train"
    model.train(training)
    step = train if training else lambda: model(images)
    with torch.inference_mode(not training):
        repeat(step, 0.3)  # warm up
        count, elapsed = repeat(step, options.seconds)
    print(json.dumps({
        "images_per_second": count * batch / elapsed,
        "network": options.network, "mode": options.mode,
        "threads": options.threads, "batch": batch,
        "isa": f"torch {torch.__version__}", "seconds": elapsed}))


class Failure(Exception):
    """What went wrong and what was expected, for the one who started us."""


class Runner:
    """Runs the programs one by one and tells how much time is left."""

    def __init__(self, options):
        self.options = options
        self.measurements = []
        turns = options.rounds * (2 if options.no_search else 3)
        searches = 0 if options.no_search else len(COMBINATIONS)
        self.seconds_left = len(options.rows) * (
            turns * (options.seconds + START)
            + searches * (options.search_seconds + START))
        # What tunes a program from outside is not passed on.
        tuning = ("MALLOC_", "GLIBC_", "OMP_", "GOMP_", "KMP_")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(tuning)}

    def run(self, row, what, names, seconds):
        """The images per second of a fresh process; names=None: ours."""
        print(f"{row}: {what}; about {self.seconds_left:.0f} s left",
              file=sys.stderr)
        self.seconds_left -= seconds + START
        mode, network = row.split("-")
        threads = 1 if mode == "latency" else self.options.threads
        command = [str(self.options.program.resolve()), "--bench", mode]
        if names is not None:
            command = [sys.executable, __file__, "--worker", "--mode", mode]
        command += ["--network", network, "--threads", str(threads),
                    "--seconds", str(seconds)]
        environment = dict(self.environment)
        for name in names or ():
            command += SETTINGS[name][0]
            environment.update(SETTINGS[name][1])
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True)
        try:
            result = json.loads(done.stdout)
            speed = result["images_per_second"]
            if done.returncode != 0 or not speed > 0:
                raise ValueError
        except (ValueError, TypeError, KeyError):
            said = (done.stderr or done.stdout).strip().split("\n")[-1]
            raise Failure(
                f"{' '.join(command)} ended with status {done.returncode} "
                f"and '{said}', expected one line of JSON with a speed")
        self.measurements.append(
            {"row": row, "what": what, "settings": names, **result})
        return speed

    def compare(self, row):
        """The row's line of the table, and the best settings."""
        options = self.options
        turns = {"ours": None, "PyTorch": ()}
        if not options.no_search:
            speed = {names: self.run(
                row, "search, " + (" + ".join(names) or "defaults"), names,
                options.search_seconds) for names in COMBINATIONS}
            turns["best"] = max(speed, key=speed.get)
        speeds = {who: [] for who in turns}
        for i in range(options.rounds):
            for who, names in turns.items():
                what = f"round {i + 1} of {options.rounds}, {who}"
                speeds[who].append(self.run(row, what, names, options.seconds))
        ours = speeds.pop("ours")
        line = [row, f"{statistics.median(ours):.0f}"]
        for theirs in speeds.values():
            ratios = [a / b for a, b in zip(ours, theirs)]
            line += [f"{statistics.median(theirs):.0f}",
                     f"{statistics.median(ratios):.2f} "
                     f"({min(ratios):.2f}-{max(ratios):.2f})"]
        return line, turns.get("best")


def processor():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    names = [line.split(": ")[1] for line in text.split("\n")
             if line.startswith("model name")]
    return names[0] if names else platform.machine()


def print_table(lines, markdown):
    lines.insert(0, ["row", "ours", "PyTorch", "ours/PyTorch", "best",
                     "ours/best"][:len(lines[0])])
    widths = [max(map(len, column)) for column in zip(*lines)]
    if markdown:
        lines.insert(1, [":--"] + ["--:"] * (len(widths) - 1))
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line, widths)]
        cells[0] = line[0].ljust(widths[0])
        print(f"| {' | '.join(cells)} |" if markdown else "  ".join(cells))


def compare_all(options):
    import torch

    if not options.program.is_file():
        raise Failure(f"no {options.program}, expected the release build")
    report = {"machine": processor(), "processors": os.cpu_count(),
              "torch": torch.__version__,
              "date": datetime.date.today().isoformat()}
    print("{machine}, {processors} processors, PyTorch {torch}, {date}\n"
          .format(**report), flush=True)
    runner = Runner(options)
    lines, best = [], []
    try:
        for row in options.rows:
            line, names = runner.compare(row)
            lines.append(line)
            best.append(f"- {row}: {' + '.join(names or ['the defaults'])}")
    finally:  # also when it ends early
        if options.json:
            report["measurements"] = runner.measurements
            json.dump(report, options.json, indent=1)
    print_table(lines, options.markdown)
    print(f"\nImages per second with {options.threads} threads (latency: 1), "
          f"the median of {options.rounds} rounds\nof {options.seconds:g} s; "
          "ratios: the median of the rounds (lowest-highest).")
    if not options.no_search:
        print("\nbest: PyTorch with the settings that won the search:\n")
        print("\n".join(best))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--program", type=pathlib.Path, default=PROGRAM, help="07-speed")
    add("--rows", default=",".join(ROWS), help="default %(default)s")
    add("--threads", type=int, default=2, help="default 2; latency has 1")
    add("--rounds", type=int, default=5, help="default 5")
    add("--seconds", type=float, default=3, help="of a run, default 3")
    add("--search-seconds", type=float, default=1, help="default 1")
    add("--no-search", action="store_true", help="no column 'best'")
    add("--json", type=argparse.FileType("w"), help="a file for all runs")
    add("--markdown", action="store_true", help="print a markdown table")
    add("--worker", action="store_true", help="measure PyTorch once, as JSON")
    add("--mode", choices=["train", "infer", "latency"], default="train")
    add("--network", choices=["A", "B"], default="A")
    add("--channels-last", action="store_true")
    add("--inplace", action="store_true")
    options = parser.parse_args()
    options.rows = options.rows.split(",")
    if not set(options.rows) <= set(ROWS):
        parser.error(f"--rows: expected some of {','.join(ROWS)}")
    if not (options.threads > 0 and options.rounds > 0
            and options.seconds > 0 and options.search_seconds > 0):
        parser.error("expected numbers above 0")
    work(options) if options.worker else compare_all(options)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (ImportError, OSError, Failure) as error:
        hint = ", expected PyTorch" if isinstance(error, ImportError) else ""
        print(f"compare_pytorch.py: {error}{hint}", file=sys.stderr)
        sys.exit(2)
