"""Measure the import time of skcollapse against scikit-learn's own estimators.

    python docs/benchmarks/import_time.py [--repeats 15]

Each import runs in a fresh interpreter; the two alternate and the ratio is taken pair by pair.
"""

import argparse
import subprocess
import sys

import numpy as np

COMMAND = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def seconds(module):
    command = [sys.executable, "-c", COMMAND.format(module)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=15)
    args = parser.parse_args()
    pairs = [(seconds("skcollapse"), seconds("sklearn.ensemble")) for _ in range(args.repeats + 1)]
    ours, theirs = np.array(pairs[1:]).T
    ratio = np.sort(ours / theirs)
    print(
        f"skcollapse {np.median(ours):.3f} s, sklearn.ensemble {np.median(theirs):.3f} s, ratio "
        f"median {np.median(ratio):.3f} (min {ratio[0]:.3f}, max {ratio[-1]:.3f})"
    )


if __name__ == "__main__":
    main()
