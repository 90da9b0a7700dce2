"""A returned workbook, checked and opened: its answer sheets with their marks."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import unescape
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from openpyxl.utils.cell import range_boundaries
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.forms.excel_keys import LISTS, MARK, FormMark
from pipeline.returns.guard import (
    CAPS,
    OLE,
    ZIP,
    guard_open_document,
    guard_workbook,
    password_protected,
    read_regular,
)
from pipeline.returns.problems import refused
from pipeline.settings import Caps

Rows = list[list[Any]]
"""Rows of a sheet from A1; an empty cell is ""."""

_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_OLD_FORMAT_BYTES = 16 << 20
_CELLS = 8_000_000
"""No form spans more; calamine takes 32 bytes for each place that a sheet's cells span."""
_XLS_BEGIN = b"\x09\x08\x10\x00\x00\x06"
_XLS_FILEPASS = b"\x2f\x00"
_LISTS_SHEET = "_lists"
_HELPERS = {_LISTS_SHEET, "_rules"}
"""Sheets without answers, passed over unless they were renamed."""
_MARK_ROWS = 200
"""A mark stands in the first row; so many rows may have been put in above it."""


@dataclass(frozen=True)
class AnswerSheet:
    """One sheet that carries a mark.

    Attributes:
        name: the sheet's present name.
        rows: its cells.
        mark: what it says about itself.
    """

    name: str
    rows: Rows
    mark: FormMark


@dataclass(frozen=True)
class ReturnedWorkbook:
    """An opened workbook.

    Attributes:
        shown: its name in problems.
        content: its bytes.
        book: calamine's view of it.
    """

    shown: str
    content: bytes
    book: CalamineWorkbook

    @cached_property
    def answer_sheets(self) -> tuple[AnswerSheet, ...]:
        """Every sheet with a mark, in the workbook's order."""
        sheets = []
        for name in self.book.sheet_names:
            if name in _HELPERS:
                continue
            rows = self._rows(name)
            if mark := _mark_of(rows):
                sheets.append(AnswerSheet(name, rows, mark))
        return tuple(sheets)

    def sheets(self) -> Iterator[tuple[str, Rows]]:
        """Every sheet's name and cells, helper sheets left out."""
        for name in self.book.sheet_names:
            if name not in _HELPERS:
                yield name, self._rows(name)

    def first_mark(self) -> FormMark | None:
        """The mark of the first sheet that has one; no further sheet is read."""
        for name in self.book.sheet_names:
            if name not in _HELPERS and (mark := _mark_of(self._rows(name))):
                return mark
        return None

    def lists(self) -> dict[str, dict[str, str]]:
        """Choice list -> choice name -> label, as the workbook itself holds them."""
        names = sorted(self.book.sheet_names, key=lambda name: name != _LISTS_SHEET)
        for name in names:
            rows = self._rows(name)
            if rows and rows[0] and rows[0][0] == LISTS:
                return _lists_of(rows)
        return {}

    def _rows(self, name: str) -> Rows:
        try:
            return self.book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OverflowError) as error:
            raise _unreadable(self.shown) from error

    def cells_of_formulas(self, name: str, columns: frozenset[str]) -> frozenset[str]:
        """Addresses of cells in these columns of a sheet that hold a formula (.xlsx only)."""
        cells = self._xml(name)[0]
        if b"<f" not in cells:
            return frozenset()
        letters = "|".join(sorted(columns)).encode()
        found = re.findall(rb'<c r="((?:' + letters + rb')\d+)"[^>]*>\s*<f[ />]', cells)
        return frozenset(address.decode() for address in found)

    @cached_property
    def foreign_parts(self) -> tuple[str, ...]:
        """Codes of what no form of ours holds: macros, and links to other files (.xlsx only)."""
        return foreign_parts(self.content)

    def hidden_rows(self, name: str) -> frozenset[int]:
        """Numbers of the rows of a sheet that are hidden (.xlsx only)."""
        found = re.findall(
            rb'<row [^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"', self._xml(name)[0]
        )
        return frozenset(map(int, found))

    def merged_ranges(self, name: str) -> tuple[tuple[int, int, int, int], ...]:
        """Merged ranges of a sheet: (first column, first row, last column, last row), from 1."""
        found = re.findall(rb'<mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"', self._xml(name)[1])
        return tuple(range_boundaries(ref.decode()) for ref in found)  # type: ignore[misc]

    def _xml(self, name: str) -> tuple[bytes, bytes]:
        """A sheet's XML up to the end of its cells, and after; empty for older formats.

        calamine reads XML that breaks off as if it ended there, so the end is looked for here.
        """
        if name not in self._parts:
            return b"", b""
        if name not in self._split:
            with self._archive.open(self._parts[name]) as stream:
                cells, _, rest = stream.read().partition(b"</sheetData>")
            if not rest.rstrip().endswith(b"</worksheet>"):
                raise _unreadable(self.shown)
            self._split[name] = cells, rest
        return self._split[name]

    @cached_property
    def _split(self) -> dict[str, tuple[bytes, bytes]]:
        return {}

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(BytesIO(self.content))

    @cached_property
    def _parts(self) -> dict[str, str]:
        """Sheet name -> the part that holds it."""
        return dict(sheet_parts(self._archive)) if self.content.startswith(ZIP) else {}


def open_workbook(path: Path, *, shown: str, caps: Caps = CAPS) -> ReturnedWorkbook:
    """Check a file and open it.

    Args:
        path: an .xlsx, or an .xls or .ods as LibreOffice and old Excels save it.
        shown: its name in problems.
        caps: what it may hold at most.

    Raises:
        SurveyError: GUARD-0xx the file is dangerous; READ-005 it cannot be opened.
    """
    content = _checked(path, shown, caps)
    try:
        return ReturnedWorkbook(shown, content, CalamineWorkbook.from_filelike(BytesIO(content)))
    except (CalamineError, ValueError, OverflowError) as error:
        locked = "password" in str(error).lower()
        raise (password_protected(shown) if locked else _unreadable(shown)) from error


def foreign_parts(content: bytes) -> tuple[str, ...]:
    """Which of `macros` and `external_link` a checked .xlsx holds; nothing of either is run."""
    if not content.startswith(ZIP):
        return ()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name.lower() for name in archive.namelist()]
    linked = ("xl/externallinks/", "xl/embeddings/", "xl/activex/", "xl/connections.xml")
    found = {
        "macros": any(name.endswith("vbaproject.bin") for name in names),
        "external_link": any(name.startswith(linked) for name in names),
    }
    return tuple(code for code, there in found.items() if there)


def _checked(path: Path, shown: str, caps: Caps) -> bytes:
    content = read_regular(path, limit=caps.file_bytes, shown=shown)
    encrypted = "EncryptedPackage".encode("utf-16-le") in content
    if len(content) <= _OLD_FORMAT_BYTES:
        if content.startswith(ZIP) and _OPEN_DOCUMENT in content[:200]:
            guard_open_document(content, caps, shown=shown)
            return content
        if content.startswith(OLE) and not encrypted:
            if _is_locked_xls(content):
                raise password_protected(shown)
            return content
    return guard_workbook(path, replace(caps, cells=min(caps.cells, _CELLS)), shown=shown)


def _is_locked_xls(content: bytes) -> bool:
    """Whether the first stream of an .xls begins with FILEPASS. Source: MS-XLS 2.4.117."""
    start = content.find(_XLS_BEGIN)
    return start >= 0 and content[start + 20 : start + 22] == _XLS_FILEPASS


def _unreadable(shown: str) -> Exception:
    return refused(
        "READ-005",
        "This file cannot be opened as a workbook; it was damaged or is no spreadsheet.",
        "Open it in Excel or LibreOffice, save it as .xlsx and send it again.",
        file=shown,
    )


def _mark_of(rows: Rows) -> FormMark | None:
    for row in rows[:_MARK_ROWS]:
        for value in row:
            if isinstance(value, str) and value.startswith(MARK):
                return FormMark.parse(value)
    return None


def _lists_of(rows: Rows) -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    for column in range(0, len(rows[1]) if len(rows) > 1 else 0, 2):
        pairs = {
            str(row[column + 1]): str(row[column])
            for row in rows[2:]
            if len(row) > column + 1 and row[column + 1] != ""
        }
        if name := rows[1][column]:
            lists[str(name)] = pairs
    return lists


_SHEET = re.compile(rb"<sheet\s[^>]*>")
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet of an .xlsx, and the part that holds it."""
    members = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= members:
        return
    targets = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = dict(_ATTRIBUTE.findall(relation))
        targets[found.get(b"Id")] = found.get(b"Target", b"").decode(errors="replace")
    for sheet in _SHEET.findall(archive.read("xl/workbook.xml")):
        found = dict(_ATTRIBUTE.findall(sheet))
        part = str(PurePosixPath("xl") / targets.get(found.get(b"r:id"), ""))
        part = part.removeprefix("xl//xl/").lstrip("/")
        if part in members:
            yield unescape(found.get(b"name", b"").decode(errors="replace")), part
