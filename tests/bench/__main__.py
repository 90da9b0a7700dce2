"""Measure our work beside a peer's in the same run, and print the ratios; nothing is asserted.

`python -m tests.bench [--small] [--once] [WORDS ...]`: all rows, or those that hold such words.
"""

import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import rows_cleaning, rows_estimation, rows_reading, rows_running
from tests.bench.harness import Row, line, measured
from tests.bench.machine import machine

SMALL_REPEATS, REPEATS = 3, 5
SHORT = "What is short, and why: docs/benchmarks.md"


def rows(folder: Path, *, small: bool) -> Iterator[Row]:
    """Every row, made when it is its turn, so that one row's data are gone before the next."""
    yield from rows_reading.rows(folder, small=small)
    yield from rows_cleaning.rows(small=small)
    yield from rows_estimation.rows(small=small)
    yield from rows_running.rows(folder, small=small)


def main(arguments: Sequence[str]) -> None:
    """Print the machine, a line a row, the machine again, and how many are at their bar."""
    warnings.simplefilter("ignore")
    small = "--small" in arguments
    repeats = 1 if "--once" in arguments else SMALL_REPEATS if small else REPEATS
    words = [word for word in arguments if not word.startswith("--")]
    say(machine())
    say("work | ours | peer | ratio | bar | holds or short")
    held = number = 0
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), small=small):
            if words and not any(word in row.work for word in words):
                continue
            found = measured(row, repeats)
            held += found.holds
            number += 1
            say(line(row, found))
    say(machine())
    if held < number:
        say(SHORT)
    say(f"{held} of {number} rows at their bar")


def say(text: str) -> None:
    """A line of what the command says."""
    print(text, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main(sys.argv[1:])
