"""Where the cells of a sheet's XML stand and what they hold, found for a whole block at once.

The cells of a large export are as regular as the program that wrote them. Their places are worked
out in numpy, some hundred operations on a block of some thousand cells, where a parser needs as
many for each. Nothing is guessed: every tag must be a known one where it is expected; otherwise the
sheet is not plain, and whoever asked takes a parser. Source: ECMA-376 part 1, 18.3.1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

NUMBER, SHARED, TEXT, INLINE = range(4)
"""What the value of a cell is: a number, the number of a shared text, a text, a text of its own."""

BLANKS = b" \t\n\r"
"""What XML takes off both ends of a text that does not ask to keep it."""
_BLOCK_BYTES = 2 << 20
_BEGIN, _END, _ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
_PAD = bytes(64)
"""After a block, so that looking ahead never leaves it."""
_LETTERS, _DIGITS = 3, 7
"""Of a cell's name, at most: XFD1048576."""
_STYLE_DIGITS = 5
_ESCAPED = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_ROW = re.compile(rb'<row(?: [A-Za-z0-9:]+="[^"<>]*")*/?>')
_KEPT_SPACE = b' xml:space="preserve">'


class NotPlainError(Exception):
    """The sheet holds something that only a parser understands."""


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of some whole rows, in the order of rows and columns.

    Attributes:
        raw: the XML that they stand in, and some bytes more.
        rows: number of each cell's row, from 1.
        columns: number of each cell's column, from 1.
        styles: each cell's style; -1 where it names none.
        holds: `NUMBER`, `SHARED`, `TEXT` or `INLINE` for each cell.
        starts: where in `raw` each value begins.
        ends: where it ends; a cell without a value ends where it begins.
    """

    raw: Bytes
    rows: Places
    columns: Places
    styles: Places
    holds: npt.NDArray[np.int8]
    starts: Places
    ends: Places


def span_of_rows(text: bytes) -> tuple[int, int]:
    """Where the rows of a sheet begin and end in its XML.

    Raises:
        NotPlainError: there is no such part, or more than one.
    """
    first, last = text.find(_BEGIN), text.rfind(_END)
    if first < 0 or last < first or b"<sheetData" in text[last:]:
        raise NotPlainError
    return first + len(_BEGIN), last


def blocks(text: bytes) -> Iterator[Block]:
    """The cells of a sheet's XML, one block of rows after the other.

    Raises:
        NotPlainError: at any block.
    """
    start, stop = span_of_rows(text)
    last = 0
    while start < stop:
        end = stop
        if stop - start > _BLOCK_BYTES:
            end = text.rfind(_ROW_END, start, start + _BLOCK_BYTES) + len(_ROW_END)
        if end <= start:
            raise NotPlainError
        block = _block(text[start:end])
        if len(block.rows):
            _require(bool(block.rows[0] > last))
            last = int(block.rows[-1])
            yield block
        start = end


def number_at(raw: Bytes, places: Places, digits: int) -> tuple[Places, Places]:
    """The whole numbers of at most so many digits that begin at places, and where they end."""
    value, at = np.zeros(len(places), np.int64), places
    for _ in range(digits):
        byte = raw[at].astype(np.int64) - ord("0")
        is_digit = (byte >= 0) & (byte <= 9)  # noqa: PLR2004 - a digit
        if not is_digit.any():
            break
        value = np.where(is_digit, value * 10 + byte, value)
        at = at + is_digit
    return value, at


def has_escapes(text: bytes) -> bool:
    """Whether there are characters that XML or spreadsheet programs write in a roundabout way."""
    return b"\r" in text or (b"_x" in text and _ESCAPED.search(text) is not None)


def _require(holds: object) -> None:
    if not holds:
        raise NotPlainError


def _block(text: bytes) -> Block:
    _require(text.startswith(b"<") and not has_escapes(text))
    raw = np.frombuffer(text + _PAD, np.uint8)
    tags = np.flatnonzero(raw == ord("<"))
    kinds = raw[tags + 1].astype(np.int64) << 8 | raw[tags + 2]
    # Five tags more, at the end of the text, so that looking for those after a cell never fails.
    tags = np.concatenate([tags, np.full(6, len(text))])
    kinds = np.concatenate([kinds, np.zeros(6, np.int64)])
    cells = np.flatnonzero(kinds == _kind("c "))
    rows, columns, at = _names(raw, tags[cells] + len("<c "))
    styles, holds, at = _attributes(raw, at)
    starts, ends, used = _values(_Tags(raw, tags, kinds, cells), holds, at)
    _check_rows(_Tags(raw, tags, kinds, cells), int(used.sum()))
    order = rows << 20 | columns
    _require((np.diff(order) > 0).all())
    return Block(raw, rows, columns, styles, holds, starts, ends)


def _kind(letters: str) -> int:
    """The first two letters of a tag as a number."""
    return ord(letters[0]) << 8 | ord(letters[1])


def _names(raw: Bytes, at: Places) -> tuple[Places, Places, Places]:
    """Rows and columns of cells whose attributes begin at places, and where `r="B7"` ends."""
    _require(_reads(raw, at, b'r="').all())
    at = at + len('r="')
    columns = np.zeros(len(at), np.int64)
    for _ in range(_LETTERS):
        byte = raw[at].astype(np.int64) - (ord("A") - 1)
        is_letter = (byte >= 1) & (byte <= 26)  # noqa: PLR2004 - a letter
        columns = np.where(is_letter, columns * 26 + byte, columns)
        at = at + is_letter
    rows, at = number_at(raw, at, _DIGITS)
    _require(((columns > 0) & (rows > 0) & (raw[at] == ord('"'))).all())
    return rows, columns, at + 1


def _reads(raw: Bytes, at: Places, words: bytes) -> Flags:
    """Whether these bytes stand at each place."""
    found = np.ones(len(at), np.bool_)
    for n, byte in enumerate(words):
        found &= raw[at + n] == byte
    return found


def _attributes(raw: Bytes, at: Places) -> tuple[Places, npt.NDArray[np.int8], Places]:
    """Style and type of cells, and where their attributes end."""
    styles = np.full(len(at), -1, np.int64)
    holds = np.full(len(at), NUMBER, np.int8)
    at = at.copy()
    for _ in range(2):
        more = np.flatnonzero(raw[at] == ord(" "))
        if not len(more):
            break
        styled, typed = _reads(raw, at[more], b' s="'), _reads(raw, at[more], b' t="')
        _require((styled | typed).all())
        with_style, with_type = more[styled], more[typed]
        if len(with_style):
            begins = at[with_style] + len(' s="')
            styles[with_style], ends = number_at(raw, begins, _STYLE_DIGITS)
            _require((ends > begins).all())
            at[with_style] = ends
        if len(with_type):
            holds[with_type], at[with_type] = _types(raw, at[with_type] + len(' t="'))
        _require((raw[at[more]] == ord('"')).all())
        at[more] += 1
    return styles, holds, at


def _types(raw: Bytes, at: Places) -> tuple[npt.NDArray[np.int8], Places]:
    """What cells hold by the words at places, and where the words end."""
    holds, length = np.zeros(len(at), np.int8), np.zeros(len(at), np.int64)
    first, second = raw[at], raw[at + 1]
    ends = second == ord('"')
    for kind, found, size in (
        (NUMBER, (first == ord("n")) & ends, 1),
        (SHARED, (first == ord("s")) & ends, 1),
        (TEXT, (first == ord("s")) & (second == ord("t")), 3),
        (INLINE, first == ord("i"), 9),
    ):
        holds[found], length[found] = kind, size
    for kind, words in ((TEXT, b"str"), (INLINE, b"inlineStr")):
        _require(_reads(raw, at[holds == kind], words).all())
    _require((length > 0).all())
    return holds, at + length


@dataclass(frozen=True, slots=True)
class _Tags:
    """The tags of a block.

    Attributes:
        raw: its XML.
        tags: where each tag begins, and the block's end a few times.
        kinds: the first two letters of each as a number.
        cells: which of them begin a cell.
    """

    raw: Bytes
    tags: Places
    kinds: Places
    cells: Places


def _values(of: _Tags, holds: npt.NDArray[np.int8], at: Places) -> tuple[Places, Places, Places]:
    """Where values begin and end, and how many tags each cell has; `at` is where its first ends.

    A cell is `<c/>`, `<c></c>`, `<c><v/></c>`, `<c><v>..</v></c>` or `<c><is><t>..</t></is></c>`.
    """
    raw, tags, kinds, cells = of.raw, of.tags, of.kinds, of.cells
    closed, body = raw[at] == ord("/"), at + 1
    _require((raw[np.where(closed, body, at)] == ord(">")).all())
    inner, begun = kinds[cells + 1], (tags[cells + 1] == body) & ~closed
    empty = begun & (inner == _kind("/c"))
    blank = begun & (inner == _kind("v/"))
    plain = begun & (inner == _kind("v>"))
    own = begun & (inner == _kind("is"))
    _require((closed | empty | blank | plain | own).all())
    _require((~own == (holds != INLINE))[plain | own].all())
    used = np.select([closed, empty, blank, plain], [1, 2, 3, 4], 6).astype(np.int64)
    starts, ends = body.copy(), body.copy()
    _require((_reads(raw, body[blank], b"<v/>") & (tags[cells + 2] == body + 4)[blank]).all())
    starts[plain] += len("<v>")
    ends[plain] = tags[cells + 2][plain]
    _require(_reads(raw, ends[plain], b"</v></c>").all())
    if own.any():
        starts[own], ends[own] = _own_texts(raw, tags, cells[own], body[own])
    last = tags[cells + used - 1]
    beyond = np.where(closed, at + len("/>"), last + len("</c>"))
    _require(_reads(raw, last[~closed], b"</c>").all())
    _require((tags[cells + used] == beyond).all())
    return starts, ends, used


def _own_texts(raw: Bytes, tags: Places, cells: Places, body: Places) -> tuple[Places, Places]:
    """Where the texts of `<is><t>` begin and end."""
    _require(_reads(raw, body, b"<is><t").all())
    starts = body + len("<is><t>")
    spaced = raw[starts - 1] == ord(" ")
    _require((spaced | (raw[starts - 1] == ord(">"))).all())
    _require(_reads(raw, starts[spaced] - 1, _KEPT_SPACE).all())
    starts[spaced] += len(_KEPT_SPACE) - 1
    ends = tags[cells + 3]
    trimmed = ~spaced & (ends > starts)
    edges = np.concatenate([raw[starts[trimmed]], raw[ends[trimmed] - 1]])
    _require(not np.isin(edges, np.frombuffer(BLANKS, np.uint8)).any())
    _require(((tags[cells + 2] == body + len("<is>")) & (ends >= starts)).all())
    _require(_reads(raw, ends, b"</t></is></c>").all())
    return starts, ends


def _check_rows(of: _Tags, used: int) -> None:
    """Require that all other tags begin and end rows, and that every cell is inside one."""
    raw, tags, kinds, cells = of.raw, of.tags, of.kinds, of.cells
    begins, ends = np.flatnonzero(kinds == _kind("ro")), np.flatnonzero(kinds == _kind("/r"))
    _require(used + len(begins) + len(ends) == len(tags) - 6)
    after = tags[begins + 1]
    whole = zip(tags[begins].tolist(), after.tolist(), strict=True)
    _require(all(_ROW.fullmatch(raw[begin:end].tobytes()) for begin, end in whole))
    _require((_reads(raw, tags[ends], _ROW_END) & (tags[ends + 1] == tags[ends] + 6)).all())
    opened = begins[raw[after - 2] != ord("/")]
    _require(len(opened) == len(ends))
    inside = np.zeros(len(tags), np.int64)
    inside[opened] = 1
    inside[ends] = -1
    depth = np.cumsum(inside)
    _require(((depth == 0) | (depth == 1)).all() and (depth[cells] == 1).all())
    _require((depth[begins[raw[after - 2] == ord("/")]] == 0).all())
