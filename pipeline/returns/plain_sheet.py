"""The table of a plain sheet as text, without a Python object for each cell.

A sheet is plain where it holds numbers and texts alone, as every export does: no formula, no date,
no truth value, no text in several fonts. It reads as calamine reads it; any other is left to that.
"""

import re
import sys
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from pipeline.returns.sheet_cells import (
    NUMBER,
    SHARED,
    Block,
    Bytes,
    Flags,
    NotPlainError,
    Places,
    blocks,
    has_escapes,
    number_at,
    span_of_rows,
)
from pipeline.returns.submission_xml import submission_parser

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_NO_DATES = frozenset([*range(14), *range(37, 41), 48, 49])
"""Number formats that every spreadsheet program knows and that show no date (18.8.30)."""
_SHARED_DIGITS = 7
_EXACT_DIGITS = 15
"""So many decimal digits come back from a binary number as they went in."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", re.ASCII)
_ITEM = re.compile(
    rb'<si><t(?: xml:space="preserve">([^<]*)|>(?![ \t\n])([^<]*)(?<![ \t\n]))</t></si>'
)
_ENTITY = re.compile(r"&([^;&]*);?")
_CHARACTER = re.compile(r"#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}))", re.ASCII)
_NO_CHARACTERS = frozenset([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class PlainTable:
    """The cells of a sheet that hold anything, by columns.

    Attributes:
        rows: number of each row that holds a cell, from 1.
        columns: for each column from A on the texts of these rows; missing where there is none.
    """

    rows: npt.NDArray[np.int64]
    columns: tuple[pa.ChunkedArray, ...]


@dataclass(frozen=True, slots=True)
class Lookups:
    """What the cells of a workbook's sheets point to.

    Attributes:
        texts: the shared texts; missing where empty.
        dates: styles that may show a number as a date.
    """

    texts: pa.Array
    dates: npt.NDArray[np.int64]


def lookups(texts: bytes | None, styles: bytes | None) -> Lookups:
    """Read `xl/sharedStrings.xml` and `xl/styles.xml`, where there are such parts.

    Raises:
        NotPlainError: a text in several fonts, or with a reading above it.
    """
    return Lookups(_shared_texts(texts or b""), np.array(_date_styles(styles), np.int64))


def read_plain(text: bytes, found: Lookups, *, cells: int) -> PlainTable:
    """Read a sheet's XML.

    Args:
        text: the sheet's part.
        found: what its cells point to.
        cells: rows times columns that it may span.

    Raises:
        NotPlainError: the sheet holds more than numbers and texts, or spans more.
    """
    _check_around(text)
    table = _Table(found, cells)
    for block in blocks(text):
        table.add(block)
    return table.whole()


def _check_around(text: bytes) -> None:
    """Require that what stands around the rows is well-formed, and the sheet's own vocabulary."""
    start, stop = span_of_rows(text)
    try:
        root = etree.fromstring(text[:start] + text[stop:], submission_parser())
    except etree.XMLSyntaxError as error:
        raise NotPlainError from error
    if root.tag != f"{_MAIN}worksheet" or root.find(f"{_MAIN}sheetData") is None:
        raise NotPlainError


def _shared_texts(content: bytes) -> pa.Array:
    items = _ITEM.findall(content)
    if len(items) != content.count(b"<si") or has_escapes(content):
        raise NotPlainError
    texts = [_decoded(kept or bare) or None for kept, bare in items]
    return pa.array(texts, pa.large_string())


def _date_styles(content: bytes | None) -> list[int]:
    if content is None:
        return []
    try:
        root = etree.fromstring(content, submission_parser())
    except etree.XMLSyntaxError as error:
        raise NotPlainError from error
    formats = root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
    return [n for n, xf in enumerate(formats) if not _is_plain(xf.get("numFmtId", "0"))]


def _is_plain(number_format: str) -> bool:
    return number_format.isdecimal() and int(number_format) in _NO_DATES


def _decoded(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise NotPlainError from error
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    """What `&lt;` or `&#60;` stands for."""
    name = entity[1] if entity[0].endswith(";") else ""
    if name in _ENTITIES:
        return _ENTITIES[name]
    numbered = _CHARACTER.fullmatch(name)
    code = int(numbered[1] or numbered[2], 10 if numbered[1] else 16) if numbered else 0
    if ord(" ") < code <= sys.maxunicode and code not in _NO_CHARACTERS:
        return chr(code)
    raise NotPlainError


@dataclass
class _Table:
    """What was read so far, a list of pieces for each column."""

    found: Lookups
    cells: int
    rows: list[Places] = field(default_factory=list)
    pieces: list[list[pa.Array]] = field(default_factory=list)
    width: int = 0

    def add(self, block: Block) -> None:
        """Take in the cells of a block."""
        self.width = max(self.width, int(block.columns.max()))
        if int(block.rows[-1]) * self.width > self.cells:
            raise NotPlainError
        texts, which = _texts(block, self.found)
        begins = np.concatenate([[True], np.diff(block.rows) > 0])
        line, width = np.cumsum(begins) - 1, int(block.columns.max())
        grid = np.full((width, int(line[-1]) + 1), -1, np.int64)
        grid[block.columns - 1, line] = which
        self.rows.append(block.rows[begins])
        self.pieces.append([self._piece(texts, places) for places in grid])

    def _piece(self, texts: pa.Array, places: Places) -> pa.Array:
        """The texts at places; beyond the block's own stand the shared ones."""
        shared = places >= len(texts)
        if not shared.any():
            return texts.take(pa.array(places, mask=places < 0))
        own = pa.array(places, mask=(places < 0) | shared)
        of_all = pa.array(places - len(texts), mask=~shared)
        return pc.coalesce(self.found.texts.take(of_all), texts.take(own))

    def whole(self) -> PlainTable:
        """Everything that was read."""
        width = max(map(len, self.pieces), default=0)
        columns = [
            pa.chunked_array(
                [
                    pieces[n] if n < len(pieces) else pa.nulls(len(rows), pa.large_string())
                    for rows, pieces in zip(self.rows, self.pieces, strict=True)
                ],
                pa.large_string(),
            )
            for n in range(width)
        ]
        while columns and columns[-1].null_count == len(columns[-1]):
            columns.pop()
        rows = np.concatenate(self.rows) if self.rows else np.zeros(0, np.int64)
        return PlainTable(rows, tuple(columns))


def _texts(block: Block, found: Lookups) -> tuple[pa.Array, Places]:
    """All texts of a block, and which of them each cell holds; -1 where it holds none.

    The texts are not copied out of the XML: what lies between two values is a text as well, which
    no cell points to.
    """
    raw, count = block.raw, len(block.rows)
    filled = block.ends > block.starts
    shared, number = filled & (block.holds == SHARED), filled & (block.holds == NUMBER)
    if number.any() and np.isin(block.styles[number], found.dates).any():
        raise NotPlainError
    which = np.where(filled, np.arange(count) * 2, -1)
    odd = number.copy()
    odd[number] = ~_is_shortest(raw, block.starts[number], block.ends[number])
    marks = np.flatnonzero(raw == ord("&"))
    odd[np.searchsorted(block.starts, marks, side="right") - 1] = True
    odd &= filled
    anew = [
        _reread(raw[block.starts[n] : block.ends[n]].tobytes(), is_number=bool(number[n]))
        for n in np.flatnonzero(odd)
    ]
    which[odd] = 2 * count - 1 + np.arange(len(anew))
    texts = _between(raw, block)
    if anew:
        texts = pa.concat_arrays([texts, pa.array(anew, pa.large_string())])
    if shared.any():
        which[shared] = len(texts) + _numbers_of_shared(block, shared, found)
    return texts, which


def _between(raw: Bytes, block: Block) -> pa.Array:
    """Values and what lies between them, in turn."""
    _decoded_check(raw)
    offsets = np.stack([block.starts, block.ends], axis=1).reshape(-1)
    parts = [None, pa.py_buffer(offsets), pa.py_buffer(raw)]
    return pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, parts)


def _decoded_check(raw: Bytes) -> None:
    try:
        raw.tobytes().decode()
    except UnicodeDecodeError as error:
        raise NotPlainError from error


def _numbers_of_shared(block: Block, shared: Flags, found: Lookups) -> Places:
    numbers, ends = number_at(block.raw, block.starts[shared], _SHARED_DIGITS)
    if (ends != block.ends[shared]).any() or (numbers >= len(found.texts)).any():
        raise NotPlainError
    return numbers


def _is_shortest(raw: Bytes, starts: Places, ends: Places) -> Flags:
    """Whether numbers are written as we would write them: 34, -5, 0.25; not 34.0, 1E3 or 007."""
    starts = starts + (raw[starts] == ord("-"))
    length = ends - starts
    digits, points = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    for n in range(min(int(length.max(initial=0)), _EXACT_DIGITS + 1)):
        within = n < length
        byte = raw[starts + n]
        digits += within & (byte >= ord("0")) & (byte <= ord("9"))
        points += within & (byte == ord("."))
    first, second, last = raw[starts], raw[starts + 1], raw[ends - 1]
    fits = (length > 0) & (length - points <= _EXACT_DIGITS) & (digits + points == length)
    zero = first == ord("0")
    whole = (points == 0) & (~zero | ((length == 1) & (raw[starts - 1] != ord("-"))))
    small = zero & (raw[starts + 2] == ord("0")) & (raw[starts + 3] == ord("0"))
    broken = (points == 1) & (first != ord(".")) & (last != ord(".")) & (last != ord("0"))
    broken &= (~zero | (second == ord("."))) & ~small
    shortest: Flags = fits & (whole | broken)
    return shortest


def _reread(content: bytes, *, is_number: bool) -> str:
    text = _decoded(content)
    if not is_number:
        return text
    if not _NUMBER.fullmatch(text):
        raise NotPlainError
    return number_text(float(text))


def number_text(value: float) -> str:
    """A number as a person would have typed it: 34 and not 34.0."""
    whole = value.is_integer() and abs(value) < 10**_EXACT_DIGITS
    return str(int(value)) if whole else str(value)
