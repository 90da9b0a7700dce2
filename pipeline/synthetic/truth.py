"""The truth file: every error that was planted, so that finding can be held against planting."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pipeline.store import write_text


@dataclass(frozen=True, order=True, slots=True)
class TruthRow:
    """One planted error.

    Attributes:
        file: name of the returned file that holds it.
        response_key: `response_id` of the response once it is read; "" where none is read.
        question: its name; "" where the whole response or file is meant.
        position: number of the repeat instance from 1; "" outside repeats.
        planted: kind of error.
        code: what must be reported about it; "" where it must be read without an issue.
        reported_by: `issues` of the cleaning, `receipt` of `survey receive`, or "" for nothing.
    """

    file: str
    response_key: str
    question: str
    position: str
    planted: str
    code: str
    reported_by: str


COLUMNS = tuple(field.name for field in fields(TruthRow))


def write_truth(rows: Iterable[TruthRow], path: Path) -> None:
    """Write the rows as CSV, in order."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in sorted(rows))
    write_text(path, text.getvalue())


def read_truth(path: Path) -> list[TruthRow]:
    """Read a truth file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [TruthRow(**row) for row in csv.DictReader(stream)]
