"""Measure our work beside a peer's in the same run, and print the ratios; nothing is asserted."""

import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from tests.bench import rows_cleaning, rows_estimation, rows_reading, rows_running
from tests.bench.harness import Row, line, measured


def rows(folder: Path, *, small: bool) -> Iterator[Row]:
    """Every row, made when it is its turn, so that one row's data are gone before the next."""
    yield from rows_reading.rows(folder, small=small)
    yield from rows_cleaning.rows(small=small)
    yield from rows_estimation.rows(small=small)
    yield from rows_running.rows(folder, small=small)


def main(*, small: bool) -> None:
    """Print a line a row, and how many are at their bar."""
    warnings.simplefilter("ignore")
    print("work | ours | peer | ratio | bar | holds or short")  # noqa: T201 - a command
    held = number = 0
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), small=small):
            found = measured(row, 3 if small else 5)
            held += found.holds
            number += 1
            print(line(row, found), flush=True)  # noqa: T201 - a command
    print(f"{held} of {number} rows at their bar")  # noqa: T201 - a command


if __name__ == "__main__":
    main(small="--small" in sys.argv)
