"""Published tables as somebody finds them: the numbers in their files, and the sidecars."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.privacy.published import ENDING, Sidecar

Grid = tuple[tuple[float | None, ...], ...]
"""The lines of a table; None where there is no number."""


@dataclass(frozen=True)
class PublishedTable:
    """A table that lies in outputs/.

    Attributes:
        file: the CSV.
        sidecar: what lies beside it.
        headings: of its columns.
        grids: its numbers as each of its files gives them: the CSV, the workbook.
    """

    file: Path
    sidecar: Sidecar
    headings: tuple[str, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Unreadable:
    """A file that cannot be held against anything: without a sidecar, or of another shape."""

    file: Path
    why: str


def read_published(folder: Path) -> Iterator[PublishedTable | Unreadable]:
    """Every table in the folder and below, with its sidecar.

    Args:
        folder: outputs/report/LANG/tables, or one above it.
    """
    for file in sorted(folder.rglob("tables/*.csv")):
        beside = file.with_name(f"{file.stem}{ENDING}")
        if not beside.is_file():
            yield Unreadable(file, "There is no sidecar beside the table.")
            continue
        try:
            yield _read(file, Sidecar.read(beside))
        except (ValueError, OSError, csv.Error):
            yield Unreadable(file, "The table or its sidecar cannot be read.")


def _read(file: Path, sidecar: Sidecar) -> PublishedTable:
    text = file.read_text(encoding="utf-8-sig")
    headings, *lines = list(csv.reader(io.StringIO(text))) or [[]]
    rows = max((len(column.cells) for column in sidecar.columns), default=0)
    if sidecar.columns and (
        len(lines) != rows or any(one.place >= len(headings) for one in sidecar.columns)
    ):
        raise ValueError("the table has another shape than its sidecar")
    grids = [_grid(lines, len(headings))]
    if (workbook := file.with_suffix(".xlsx")).is_file():
        grids.append(_workbook(workbook, headings, len(lines)))
    return PublishedTable(file, sidecar, tuple(headings), tuple(grids))


def _workbook(file: Path, headings: Sequence[str], rows: int) -> Grid:
    """The lines below the headings; headings that stand in no row make it unreadable."""
    try:
        sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError) as error:
        raise ValueError("not a workbook") from error
    wanted = [heading.removeprefix("'") for heading in headings]
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    for at, line in enumerate(lines):
        found = ["" if one is None else str(one).removeprefix("'") for one in line[: len(wanted)]]
        if found == wanted:
            return _grid(lines[at + 1 : at + 1 + rows], len(headings))
    raise ValueError("the workbook has other headings than the table")


def _grid(lines: Sequence[Sequence[Any]], width: int) -> Grid:
    return tuple(
        tuple(number(line[column]) if column < len(line) else None for column in range(width))
        for line in lines
    )


def number(value: Any) -> float | None:
    """A number as a spreadsheet or a person writes it; None for anything else."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).strip().lstrip("'").replace(",", "")
    percent = text.endswith("%")
    try:
        found = float(text.removesuffix("%"))
    except ValueError:
        return None
    return found / 100 if percent else found
