"""Time of `zhinan text` against `pdftotext`, whole processes, turn by turn in one run; and on a document of many pages.

    cargo build --release && python3 benches/pdf_text.py [FILE.pdf …]

Needs pdftotext (poppler-utils). Without files the fixtures of tests/data/forms are read. Prints best and median in milliseconds.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[1]
ROUNDS = 25


def seconds(command):
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def main():
    program = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "release/zhinan"
    files = sys.argv[1:] or sorted(str(path) for path in (ROOT / "tests/data/forms").glob("*.pdf"))
    print(f"{'file':40} {'zhinan best':>12} {'median':>8} {'pdftotext best':>15} {'median':>8} {'ratio':>6}")
    for file in files:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(seconds([str(program), "text", file]))
            theirs.append(seconds(["pdftotext", file, "-"]))
        cells = [1000 * value for value in (min(ours), statistics.median(ours), min(theirs), statistics.median(theirs))]
        print(f"{pathlib.Path(file).name:40} {cells[0]:12.1f} {cells[1]:8.1f} {cells[2]:15.1f} {cells[3]:8.1f} {cells[1] / cells[3]:6.2f}")


if __name__ == "__main__":
    main()
