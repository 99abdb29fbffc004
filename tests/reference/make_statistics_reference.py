"""Writes statistics.txt, which tests/12-remedies_test.cpp compares with.

Run as `python3 tests/reference/make_statistics_reference.py`; needs SciPy.
README.md tells the format.
"""

import pathlib

import scipy
from scipy import integrate, stats

FOLDER = pathlib.Path(__file__).resolve().parent
FREEDOMS = [1, 2, 3, 4, 5, 9, 10, 29, 30, 100]
TS = [0, 0.1, 0.5, 1, 2, 2.5, 10]
SHARES = [0.5, 0.9, 0.95, 0.99]
PAIRS = [(0, 0), (0, 1), (1, 0), (12, 5), (5, 12), (3, 3), (20, 4),
         (0, 10), (150, 180), (400, 600), (900, 1200), (5000, 5100)]
SETTINGS = [1, 2, 3, 5, 10, 100, 1000]
DIGITS = [1, 10, 100, 1000, 2000]
RUNS = [[97.9, 98.1, 98.0, 98.3, 97.7], [1, 2], [3, 3, 3, 3.5]]
ZS = [-4, -1.96, -1, 0, 0.5, 1, 2, 5]


def tensor(name, rows):
    flat = [number for row in rows for number in row]
    lines = [f"{name} {len(rows)} {len(rows[0])}",
             " ".join(f"{number:.17g}" for number in flat), ""]
    return lines


def best_of(m):
    density = lambda z: z * m * stats.norm.pdf(z) * stats.norm.cdf(z)**(m - 1)
    return integrate.quad(density, -12, 12, limit=500, epsabs=1e-12)[0]


def half_width(runs):
    low, high = stats.t.interval(0.95, len(runs) - 1, sum(runs) / len(runs),
                                 stats.sem(runs))
    return (high - low) / 2


lines = ["# Student's distribution, McNemar's test and others.",
         f"# SciPy {scipy.__version__}, by make_statistics_reference.py.", ""]
lines += tensor("student.share", [[t, n, 1 - 2 * stats.t.sf(t, n)]
                                  for n in FREEDOMS for t in TS])
lines += tensor("student.t", [[share, n, stats.t.ppf((1 + share) / 2, n)]
                              for n in FREEDOMS for share in SHARES])
lines += tensor("mcnemar.p", [
    [a, b, stats.binomtest(a, a + b, 0.5).pvalue if a + b else 1]
    for a, b in PAIRS])
lines += tensor("best.luck", [[m, best_of(m)] for m in SETTINGS])
lines += tensor("mistakes.most", [
    [n, stats.binomtest(0, n).proportion_ci(0.9, "exact").high]
    for n in DIGITS])
lines += tensor("normal.below", [[z, stats.norm.cdf(z)] for z in ZS])
for i, runs in enumerate(RUNS):
    lines += tensor(f"runs{i}.runs", [runs])
    lines += tensor(f"runs{i}.half", [[half_width(runs)]])
(FOLDER / "statistics.txt").write_text("\n".join(lines).rstrip() + "\n")
