"""An exported table as text: CSV or XLSX, every cell as it came, an empty one missing."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.returns.guard import CAPS, checked_parts, guard_span, is_sheet
from pipeline.returns.plain_sheet import (
    Lookups,
    PlainTable,
    lookups,
    number_text,
    read_plain,
)
from pipeline.returns.problems import refused
from pipeline.returns.sheet_cells import NotPlainError, Places
from pipeline.returns.source import TEXT
from pipeline.returns.workbook_file import sheet_parts
from pipeline.settings import Caps

_HEADING_BYTES = 4 << 20
_DELIMITERS = ",;\t"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_BOM = b"\xef\xbb\xbf"
_LOOKUPS = ("xl/sharedStrings.xml", "xl/styles.xml")
"""Parts that the cells of every sheet point to."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a file.

    Attributes:
        name: of the sheet; empty for a CSV.
        headings: of the columns, blanks around them taken off.
        cells: one row a row of the table without empty rows, columns 0..n-1, text; missing is NA.
        rows: number of each row in the table, from 2; Int64.
        formulas: how many cells hold a formula. One that was never calculated has no value, and
            its cell reads as empty.
    """

    name: str
    headings: tuple[str, ...]
    cells: pd.DataFrame
    rows: pd.Series
    formulas: int = 0


def csv_headings(content: bytes, *, shown: str) -> tuple[str, ...]:
    """The headings of a CSV, whatever separates them.

    Raises:
        SurveyError: TABLE-001 not UTF-8, TABLE-003 no heading.
    """
    return _heading(content, shown)[0]


def read_csv(content: bytes, *, shown: str) -> Sheet:
    """Read a CSV in UTF-8, separated by comma, semicolon or tabulator.

    Raises:
        SurveyError: TABLE-001 not UTF-8, TABLE-002 rows that are longer or shorter than the
            heading (all of them named by their number), TABLE-003 no heading.
    """
    headings, delimiter, body = _heading(content, shown)
    cells = _csv_cells(body, delimiter, len(headings), shown)
    return _sheet("", headings, cells)


def xlsx_headings(content: bytes) -> dict[str, tuple[str, ...]]:
    """Sheet name -> the headings in its first row; the bytes have passed `guard_workbook`."""
    found = dict[str, tuple[str, ...]]()
    with _workbook(content, "") as workbook:
        for name in workbook.sheet_names:
            first = next(iter(_rows(workbook, name, "")), [])
            found[name] = tuple((_cell_text(value) or "").strip() for value in first)
    return found


def read_xlsx(content: bytes, *, shown: str, caps: Caps = CAPS) -> tuple[Sheet, ...]:
    """Check a workbook as `guard_workbook` does, and read every sheet that holds anything.

    Raises:
        SurveyError: GUARD-003 to GUARD-008; the workbook is damaged or dangerous.
    """
    tables = _plain_tables(content, shown, caps)
    sheets = list[Sheet]()
    with _workbook(content, shown) as workbook, zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = dict(sheet_parts(archive))
        for name in workbook.sheet_names:
            part = parts.get(name)
            if part in tables:
                sheet = _of_plain(name, tables[part])
            elif sheet := _parsed(workbook, name, shown):
                sheet = replace(sheet, formulas=_formulas(archive, part))
            sheets += [] if sheet is None else [sheet]
    return tuple(sheets)


def _plain_tables(content: bytes, shown: str, caps: Caps) -> dict[str | None, PlainTable]:
    """The sheets of numbers and texts by their parts; what is left passed all of `guard`."""
    others, tables = dict[str, bytes](), dict[str | None, PlainTable]()
    found: Lookups | None = None
    for part, text in checked_parts(content, caps, shown=shown):
        if not is_sheet(part):
            others |= {part: text} if part in _LOOKUPS else {}
            continue
        try:
            found = found or lookups(*(others.get(name) for name in _LOOKUPS))
            tables[part] = read_plain(text, found, cells=caps.cells)
        except NotPlainError:
            guard_span(part, text, caps, shown=shown)
    return tables


def _of_plain(name: str, table: PlainTable) -> Sheet | None:
    if not table.columns:
        return None
    is_headed = int(table.rows[0] == 1)
    headings = (column[0].as_py() if is_headed else None for column in table.columns)
    columns = {
        n: pd.Series(pd.array(column[is_headed:], dtype=TEXT), copy=False)
        for n, column in enumerate(table.columns)
    }
    named = tuple((heading or "").strip() for heading in headings)
    return _sheet(name, named, pd.DataFrame(columns), table.rows[is_headed:])


def _parsed(workbook: CalamineWorkbook, name: str, shown: str) -> Sheet | None:
    rows = _rows(workbook, name, shown)
    if not rows:
        return None
    headings = tuple((_cell_text(value) or "").strip() for value in rows[0])
    width = len(headings)
    columns = list(zip(*rows[1:], strict=True)) or [()] * width
    cells = pd.DataFrame({n: _column_text(columns[n]) for n in range(width)})
    return _sheet(name, headings, cells)


def _formulas(archive: zipfile.ZipFile, part: str | None) -> int:
    """How many cells of a sheet hold a formula; of all sheets where its part is not known."""
    parts = [name for name in archive.namelist() if is_sheet(name)]
    return sum(len(_FORMULA.findall(archive.read(name))) for name in parts if part in {None, name})


def _heading(content: bytes, shown: str) -> tuple[tuple[str, ...], str, bytes]:
    """Headings, delimiter and the bytes below the heading."""
    body = content.removeprefix(_BOM)
    text = _decoded_head(body, shown)
    best, delimiter, size = list[str](), ",", 0
    for candidate in _DELIMITERS:
        cells, consumed = _first_record(text, candidate)
        if len(cells) > len(best):
            best, delimiter, size = cells, candidate, consumed
    headings = tuple(cell.strip() for cell in best)
    if not any(headings):
        raise refused(
            "TABLE-003",
            "The first row of the table holds no headings.",
            "Export the table again with question names as headings.",
            file=shown,
            line=1,
        )
    return headings, delimiter, body[size:]


def _decoded_head(body: bytes, shown: str) -> str:
    head = body[:_HEADING_BYTES]
    if b"\0" in head:
        raise _not_utf8(shown, None)
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4 and len(body) > len(head):
            return head[: error.start].decode("utf-8")
        raise _not_utf8(shown, head.count(b"\n", 0, error.start) + 1) from error


def _first_record(text: str, delimiter: str) -> tuple[list[str], int]:
    """The cells of the first record, and how many bytes it takes."""
    consumed = list[str]()

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            consumed.append(line)
            yield line

    try:
        cells = next(csv.reader(lines(), delimiter=delimiter), [])
    except csv.Error:
        return [], 0
    return cells, len("".join(consumed).encode("utf-8"))


def _csv_cells(body: bytes, delimiter: str, width: int, shown: str) -> pd.DataFrame:
    names = [str(number) for number in range(width)]
    if not body:
        return pd.DataFrame({number: pd.Series([], dtype=TEXT) for number in range(width)})
    uneven = list[int]()

    def note(row: arrow_csv.InvalidRow) -> str:
        if row.text.strip():
            uneven.append(row.number + 1)
        return "skip"

    try:
        table = arrow_csv.read_csv(
            io.BytesIO(body),
            read_options=arrow_csv.ReadOptions(
                use_threads=False,  # otherwise a row that does not fit has no number
                column_names=names,
                block_size=len(body) + 1,  # a row may not lie across two blocks
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _not_utf8(shown, None) from error
    if uneven:
        raise _uneven(uneven, shown)
    return pd.DataFrame({n: pd.Series(pd.array(table.column(n), dtype=TEXT)) for n in range(width)})


def _sheet(
    name: str, headings: tuple[str, ...], cells: pd.DataFrame, numbers: Places | None = None
) -> Sheet:
    """A sheet without its empty rows; without `numbers` its rows follow the headings."""
    rows = pd.Series(np.arange(2, len(cells) + 2) if numbers is None else numbers, dtype="Int64")
    filled = cells.notna().any(axis=1)
    return Sheet(
        name,
        headings,
        cells[filled].reset_index(drop=True),
        rows[filled].reset_index(drop=True),
    )


_CALAMINE_ERRORS = (CalamineError, OSError, ValueError, OverflowError)


def _workbook(content: bytes, shown: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except _CALAMINE_ERRORS as error:
        raise _damaged(shown) from error


def _rows(workbook: CalamineWorkbook, name: str, shown: str) -> Sequence[Sequence[object]]:
    """Rows of a sheet from its first cell A1 on, all of one length."""
    try:
        return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except _CALAMINE_ERRORS as error:
        raise _damaged(shown) from error


def _damaged(shown: str) -> Exception:
    return refused(
        "GUARD-003",
        "This is no workbook, or it was damaged on its way.",
        "Ask the sender to send it again.",
        file=shown,
    )


def _column_text(values: Sequence[object]) -> pd.Series:
    if set(map(type, values)) <= {str}:
        array = pa.array([value or None for value in values], pa.large_string())
    else:
        array = pa.array([_cell_text(value) for value in values], pa.large_string())
    return pd.Series(pd.array(array, dtype=TEXT))


def _cell_text(value: object) -> str | None:
    """A cell as a person would have typed it: 34 and not 34.0, dates as ISO 8601."""
    match value:
        case None:
            return None
        case str():
            return value or None
        case float():
            return number_text(value)
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _not_utf8(shown: str, line: int | None) -> Exception:
    return refused(
        "TABLE-001",
        "The table is not written in UTF-8.",
        'Export it again as UTF-8; in Excel: save as "CSV UTF-8".',
        file=shown,
        line=line,
    )


def _uneven(rows: Sequence[int], shown: str) -> Exception:
    some = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")  # noqa: PLR2004
    return refused(
        "TABLE-002",
        f"{len(rows)} rows have more or fewer cells than the heading: {some}.",
        "Export the table again; do not edit it as text.",
        file=shown,
        line=rows[0],
    )
