"""Published tables as somebody finds them: the numbers in their files, and the sidecars."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.privacy.published import ENDING, Sidecar

Grid = tuple[tuple[float | None, ...], ...]
"""The lines of a table; None where there is no number."""
Texts = tuple[str, ...]


@dataclass(frozen=True)
class PublishedTable:
    """A table that lies in outputs/.

    Attributes:
        file: the CSV.
        sidecar: what lies beside it.
        headings: of its columns.
        grids: its numbers as each of its files gives them: the CSV, the workbook.
        lines: the texts of the CSV below the headings.
        around: all words of the workbook but its table, those below it first, which begin with
            base and missing answers; None without a workbook.
        above: those of them that stand above it: its title, and the question as it was asked.
    """

    file: Path
    sidecar: Sidecar
    headings: tuple[str, ...]
    grids: tuple[Grid, ...]
    lines: tuple[tuple[str, ...], ...] = ()
    around: tuple[str, ...] | None = None
    above: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """The notebook on whose page it stands."""
        return self.file.stem.removesuffix(f".{self.sidecar.table}")


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
    around: Texts | None = None
    above: Texts = ()
    if (workbook := file.with_suffix(".xlsx")).is_file():
        grid, around, above = _workbook(workbook, headings, len(lines))
        grids.append(grid)
    texts = tuple(tuple(one.removeprefix("'") for one in line) for line in lines)
    return PublishedTable(file, sidecar, tuple(headings), tuple(grids), texts, around, above)


def sheets_of(file: Path) -> list[list[list[Any]]]:
    """The values of each sheet of a workbook, line by line.

    Raises:
        ValueError: it is none.
    """
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        return [[list(line) for line in one.iter_rows(values_only=True)] for one in book.worksheets]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError) as error:
        raise ValueError("not a workbook") from error


def _workbook(file: Path, headings: Sequence[str], rows: int) -> tuple[Grid, Texts, Texts]:
    """The lines below the headings, the words around them, and those above alone.

    Headings that stand in no row make it unreadable.
    """
    wanted = [heading.removeprefix("'") for heading in headings]
    lines, *further = sheets_of(file) or [[]]
    for at, line in enumerate(lines):
        found = ["" if one is None else str(one).removeprefix("'") for one in line[: len(wanted)]]
        if found == wanted:
            end = at + 1 + rows
            beside = [line[len(wanted) :] for line in lines[at:end]]
            rest = [
                *lines[end:],
                *lines[:at],
                *beside,
                *(one for sheet in further for one in sheet),
            ]
            grid = _grid(lines[at + 1 : end], len(headings))
            return grid, _words(rest), _words(lines[:at])
    raise ValueError("the workbook has other headings than the table")


def _words(lines: Iterable[Iterable[Any]]) -> Texts:
    return tuple(str(one) for line in lines for one in line if one is not None)


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
