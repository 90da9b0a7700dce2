"""Files that nobody knows: whatever a person put among those that leave.

Nothing says whom their numbers count. So a table of them is held to the plainest rule: no small
whole number among its counts, no rows that are alike in nothing.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from lxml import etree

from pipeline.privacy.delivered_audit import DATA, Sensitive, read_data
from pipeline.privacy.k_anonymity import too_rare
from pipeline.privacy.page_file import tables_of
from pipeline.privacy.published_audit import Leak, Spot
from pipeline.privacy.reading import number, sheets_of

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_BYTES = 1 << 30
_MOST_MEMBERS = 20_000
_ROWS_OF_DATA = 2
Lines = list[list[str]]


@dataclass(frozen=True, order=True)
class NotAudited:
    """A file of a kind that cannot be read, or of which nothing is known."""

    file: Path


def audit_stray(
    path: Path, sensitive: Sensitive, threshold: int, k: int
) -> Iterator[Leak | NotAudited]:
    """What an unknown file shows that it should not, as far as that can be seen.

    Args:
        path: the file.
        sensitive: what all questionnaires say of their questions, by the names of variables.
        threshold: the least count that is shown.
        k: how many rows must be alike.
    """
    try:
        tables = list(_tables(path))
    except (ValueError, OSError):
        tables = []
    if not tables:
        yield NotAudited(path)
        return
    for lines in tables:
        yield from _table(path, lines, sensitive, threshold, k)


def unpacked(path: Path, into: Path) -> bool:
    """Unpack an archive; False where it cannot be, or is larger than anything that is made here."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if len(members) > _MOST_MEMBERS or size > _MOST_BYTES:
                return False
            archive.extractall(into)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return False
    return True


def _tables(path: Path) -> Iterator[Lines]:
    """The tables of a file, headings first, as texts."""
    if path.suffix in {".tsv", ".txt"} or path.suffix in DATA:
        yield _frame(path)
    elif path.suffix in {".xlsx", ".xlsm"}:
        for sheet in sheets_of(path):
            yield [["" if one is None else str(one) for one in line] for line in sheet]
    elif path.suffix in {".html", ".htm"}:
        yield from tables_of(path)
    elif path.suffix == ".docx":
        yield from _word_tables(path)


def _frame(path: Path) -> Lines:
    if path.suffix in {".tsv", ".txt"}:
        frame = pd.read_csv(path, dtype=str, sep="\t")
        if frame.shape[1] == 1 and path.suffix == ".txt":
            raise ValueError("a text")
    else:
        frame = read_data(path)
    return [list(map(str, frame)), *frame.fillna("").astype("str").to_numpy().tolist()]


def _word_tables(path: Path) -> Iterator[Lines]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(path) as archive:
            document = etree.fromstring(archive.read("word/document.xml"), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise ValueError("not a Word document") from error
    for table in document.iter(f"{_WORD}tbl"):
        yield [
            ["".join(map(str, cell.itertext())) for cell in line.iter(f"{_WORD}tc")]
            for line in table.iter(f"{_WORD}tr")
        ]


def _table(
    path: Path, lines: Lines, sensitive: Sensitive, threshold: int, k: int
) -> Iterator[Leak]:
    headings = next(iter(lines), [])
    named = [n for n, one in enumerate(headings) if one in sensitive.identifiers]
    if named:
        yield Leak("person", tuple(Spot(path, 1, n + 1) for n in named), "")
    quasi = [n for n, one in enumerate(headings) if one in sensitive.quasi]
    if quasi and len(lines) > _ROWS_OF_DATA:
        rows = [[*line, *[""] * len(headings)] for line in lines[1:]]
        keys = pd.DataFrame({str(n): [line[n] for line in rows] for n in quasi})
        if too_rare(keys, k).any():
            yield Leak("rare", tuple(Spot(path, 1, n + 1) for n in quasi), "")
        return
    if spots := list(_small(path, lines, threshold)):
        yield Leak("unknown", tuple(spots), "")


def _small(path: Path, lines: Lines, threshold: int) -> Iterator[Spot]:
    """Cells with a whole number from 1 to threshold - 1, in columns that may be counts."""
    width = max(map(len, lines), default=0)
    for column in range(width):
        cells = [(row, line[column]) for row, line in enumerate(lines, 1) if column < len(line)]
        values = [(row, value) for row, text in cells if (value := number(text)) is not None]
        if not values or _may_be_a_number_of_its_line(value for _, value in values):
            continue
        for row, value in values:
            if value == int(value) and 1 <= value < threshold:
                yield Spot(path, row, column + 1)


def _may_be_a_number_of_its_line(values: Iterable[float]) -> bool:
    """1, 2, 3, ..., as lines are numbered, is no column of counts."""
    found = list(values)
    return len(found) > 1 and found == list(map(float, range(1, len(found) + 1)))
