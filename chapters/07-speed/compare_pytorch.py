"""Compares 07-speed with PyTorch and onnxruntime, all on the CPU.

Needs the release build, PyTorch (1.13 or newer), Linux or macOS, and a
computer with nothing else to do. Two of the columns need onnx and onnxruntime
as well. Each framework is tried with the settings below. The best of each,
PyTorch as it comes, and the book's program then take turns, because the speed
of a computer drifts; a ratio compares two turns of the same round.
"""

import argparse
import datetime
import importlib
import importlib.util
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parents[1] / "build/release/chapters/07-speed/07-speed"
ROWS = ["train-A", "train-B", "infer-A", "infer-B", "latency-A", "latency-B"]
# Chapter 15's ten-minute network and its program, measured only on request.
COLOUR_ROW, COLOUR_PROGRAM = "train-W", "15-colour"

# The settings to try. The first is PyTorch as it comes; "frozen" and
# "onnxruntime" are for inference only.
SETTINGS = [
    "PyTorch",
    "PyTorch channels-last",  # a pixel's channels lie side by side
    "PyTorch tuned",  # TUNED below, and ReLU overwrites its input
    "PyTorch tuned channels-last",
    "PyTorch tuned channels-last one-thread",
    "PyTorch tuned compiled",  # torch.compile
    "PyTorch tuned channels-last compiled",
    "PyTorch tuned channels-last traced",  # torch.jit.trace
    "PyTorch tuned channels-last frozen",  # traced, then optimized
    "onnxruntime",
    "onnxruntime tuned",
    "onnxruntime one-thread",
]
TUNED = {
    # Keep freed memory, because the system clears each page that it hands
    # out. (Older glibc ignores a second value above 32 MiB, which is more
    # than any of our tensors has.)
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TOP_PAD_": str(64 << 20),
    # Let a thread without work spin, so that it need not be woken.
    "OMP_WAIT_POLICY": "active",
    "GOMP_SPINCOUNT": "infinity",
}
# Limits PyTorch and its libraries to AVX2. onnxruntime has no such switch.
ONLY_AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "DNNL_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
}


class Failure(Exception):
    """What went wrong and what was expected, to be shown to the user."""


def say(text):
    """Prints progress, which is not a result, to standard error."""
    print(text, file=sys.stderr, flush=True)


# ---- The runners ---------------------------------------------------------


class Book:
    """The book's program, started anew for each turn."""

    def __init__(self, job, isa, program):
        self.setting, self.isa, self.shares = "book", None, []
        program = program.resolve()
        what = ["--bench", job["mode"], "--network", job["network"]]
        if job["network"] == "W":
            program = program.parents[1] / COLOUR_PROGRAM / COLOUR_PROGRAM
            what = ["--minutes", "10", "--bench"]
        self.command = [
            str(program), *what, "--threads", str(job["threads"]), "--isa",
            isa, "--seconds"]

    def measure(self, seconds):
        """Returns the images per second, measured for so many seconds."""
        command = [*self.command, str(seconds)]
        done = subprocess.run(
            command, env=environment_of(self.setting, "auto"), check=False,
            text=True, capture_output=True)
        try:
            result = json.loads(done.stdout)
            self.isa = result["isa"]
            if "share_of_peak" in result:
                self.shares.append(result["share_of_peak"])
            return result["images_per_second"]
        except (ValueError, KeyError):
            said = (done.stderr or done.stdout).strip().split("\n")[-1]
            raise Failure(f"{' '.join(command)} said '{said}', expected a "
                          "line of JSON with a speed") from None


class Worker:
    """A process that holds one setting ready, asleep between its turns."""

    def __init__(self, setting, job, isa):
        self.setting = setting
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "compare_worker.py"),
             json.dumps({"setting": setting, **job})],
            env=environment_of(setting, isa), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        first = self.answer()
        self.isa, self.left_out = first.get("isa"), first.get("left out")

    def answer(self):
        """Returns the process's next answer, once the process is asleep."""
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            return {"left out": f"its process ended with status {status}"}
        result = json.loads(line)
        if "left out" not in result:
            os.waitpid(self.process.pid, os.WUNTRACED)
        return result

    def measure(self, seconds):
        """Returns the images per second, measured for so many seconds."""
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        os.kill(self.process.pid, signal.SIGCONT)
        answer = self.answer()
        if "left out" in answer:
            raise Failure(f"{self.setting}: {answer['left out']}, expected "
                          "a speed")
        return answer["images_per_second"]

    def close(self):
        """Ends the process, asleep or not."""
        self.process.kill()
        self.process.communicate()


def environment_of(setting, isa):
    """Our variables without those that tune a program, plus the setting's."""
    tuning = ("MALLOC_", "GLIBC_", "OMP_", "GOMP_", "KMP_")
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(tuning)}
    # Without this, torch.compile leaves helper processes running.
    environment["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
    environment.update(TUNED if "tuned" in setting else {})
    environment.update(ONLY_AVX2 if isa == "avx2" else {})
    return environment


# ---- The comparison ------------------------------------------------------


class Comparison:
    """Compares rows; keeps what it measured, and what it left out and why."""

    def __init__(self, options):
        self.options = options
        self.left_out = {}
        self.measurements = []
        if version_of("onnxruntime") is None:
            self.left_out["onnxruntime"] = (
                "not installed, expected pip install onnx onnxruntime")

    def start(self, row, job, workers):
        """Adds the workers of a row, ready to be timed."""
        for setting in SETTINGS:
            words = setting.split()
            inference_only = "frozen" in words or "onnxruntime" in words
            if (words[0] in self.left_out
                    or inference_only and job["mode"] == "train"
                    or "one-thread" in words and job["threads"] == 1):
                continue
            say(f"{row}: preparing {setting}")
            worker = Worker(setting, job, self.options.isa)
            workers.append(worker)
            if worker.left_out:
                workers.pop().close()
                if setting == "PyTorch":
                    raise Failure(f"PyTorch: {worker.left_out}")
                self.left_out.setdefault(setting,
                                         f"{worker.left_out} ({row})")

    def take_turns(self, row, runners, rounds, seconds):
        """Returns the speeds of each, measured A B C, A B C and so on."""
        speeds = [[] for _ in runners]
        for turn in range(rounds):
            say(f"{row}: round {turn + 1} of {rounds}, {len(runners)} turns "
                f"of {seconds:g} s")
            for runner, speeds_so_far in zip(runners, speeds):
                speeds_so_far.append(runner.measure(seconds))
                self.measurements.append({
                    "row": row, "setting": runner.setting, "seconds": seconds,
                    "images_per_second": speeds_so_far[-1]})
        return speeds

    def compare(self, row):
        """Returns the runners and the speeds of each.

        The runners: the book, PyTorch as it comes, the best of each framework.
        """
        options, workers = self.options, []
        mode, network = row.split("-")
        job = {"mode": mode, "network": network, "threads": options.threads,
               "batch": 500 if row == COLOUR_ROW else 64}
        if mode == "latency":
            job.update(threads=1, batch=1)
        try:
            self.start(row, job, workers)
            found = self.take_turns(row, workers, 3, options.search_seconds)
            speed = dict(zip(workers, map(statistics.median, found)))
            runners = [Book(job, options.isa, options.program), workers[0]]
            for name in ("PyTorch", "onnxruntime"):
                own = [it for it in workers if it.setting.startswith(name)]
                runners += [max(own, key=speed.get)] if own else []
            return runners, self.take_turns(
                row, runners, options.rounds, options.seconds)
        finally:
            for worker in workers:
                worker.close()


# ---- The tables ----------------------------------------------------------


def processor():
    """The CPU's name, or its kind where the system tells no name."""
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    names = [line.split(": ")[1] for line in text.split("\n")
             if line.startswith("model name")]
    return names[0] if names else platform.machine()


def version_of(module):
    """A package's version, or None where it is not installed."""
    if importlib.util.find_spec(module) is None:
        return None
    return importlib.import_module(module).__version__


def lines_of(row, runners, speeds):
    """Returns a line of the table, and one for each best setting."""
    line, below = f"{row:9}{statistics.median(speeds[0]):9.0f}", []
    for runner, theirs, width in zip(runners[1:], speeds[1:], (10, 11, 14)):
        ratios = [ours / other for ours, other in zip(speeds[0], theirs)]
        line += (f"{statistics.median(theirs):{width}.0f}"
                 f"{statistics.median(ratios):7.2f}")
        below.append(f"{row:9}  {min(ratios):5.2f} to {max(ratios):5.2f}  "
                     f"{runner.setting}")
    if runners[0].shares:
        share = 100 * statistics.median(runners[0].shares)
        below.append(f"{row:9}  book: {share:.0f} % of the cores' peak")
    missing = "" if len(runners) == 4 else f"{'-':>14}{'-':>7}"
    return line + missing, below[1:]


def print_tables(options, comparison, runners, lines, below):
    """Prints what was measured with what, the speeds, and what is missing."""
    onnxruntime = version_of("onnxruntime")
    print(f"{processor()}, {os.cpu_count()} processors, "
          f"{datetime.date.today().isoformat()}\n"
          f"book: {runners[0].isa}; PyTorch {version_of('torch')}: "
          f"{runners[1].isa}; onnxruntime {onnxruntime or 'left out'}\n")
    print(f"{'row':9}{'book':>9}{'PyTorch':>10}{'x':>7}{'its best':>11}"
          f"{'x':>7}{'onnxruntime':>14}{'x':>7}")
    print(*lines, sep="\n")
    print(f"\nImages per second with {options.threads} threads (latency: 1), "
          f"the median of {options.rounds} rounds of\n{options.seconds:g} s. "
          "x: how many times as fast the book's program is, the median of\n"
          "the rounds; their lowest and highest, and the best settings:\n")
    print(*below, sep="\n")
    if options.isa == "avx2" and onnxruntime:
        print("\nonnxruntime cannot be kept to AVX2: it used what there is.")
    for what, why in comparison.left_out.items():
        print(f"\n{f'left out: {what}: {why}':.76}")


def compare_all(options):
    """Measures the chosen rows and prints the tables."""
    if not options.program.is_file():
        raise Failure(f"no {options.program}, expected the release build")
    if version_of("torch") is None:
        raise Failure(f"no PyTorch for {sys.executable}, expected "
                      "pip install torch onnx onnxruntime")
    comparison, lines, below = Comparison(options), [], []
    try:
        for row in options.only or ROWS:
            runners, speeds = comparison.compare(row)
            line, more = lines_of(row, runners, speeds)
            lines.append(line)
            below += more
    finally:  # also when it ends early
        if options.json:
            json.dump(comparison.measurements, options.json, indent=1)
        if lines:
            print_tables(options, comparison, runners, lines, below)


def main():
    """Reads the options and compares."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--only", action="append", choices=[*ROWS, COLOUR_ROW],
        metavar="NAME", help=f"one of {', '.join(ROWS)} or {COLOUR_ROW}, "
        "chapter 15's network of ten minutes; may be repeated")
    add("--isa", default="auto", choices=["auto", "avx2"],
        help="avx2: keep all to AVX2 (but onnxruntime, which has no switch)")
    add("--threads", type=int, default=2, help="default 2; latency has 1")
    add("--rounds", type=int, default=5, help="default 5")
    add("--seconds", type=float, default=1, help="of a turn, default 1")
    add("--quick", action="store_true", help="short turns, for a rough idea")
    add("--program", type=pathlib.Path, default=PROGRAM, help="07-speed")
    add("--json", type=argparse.FileType("w"), help="a file for all turns")
    options = parser.parse_args()
    if min(options.threads, options.rounds, options.seconds) <= 0:
        parser.error("expected numbers above 0")
    options.search_seconds = 0.3
    if options.quick:
        options.rounds, options.seconds = 3, 0.2
        options.search_seconds = 0.1
    compare_all(options)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, Failure) as error:
        print(f"compare_pytorch.py: {error}", file=sys.stderr)
        sys.exit(2)
