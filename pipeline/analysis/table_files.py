"""A table as files to take along: CSV for programs, XLSX with everything a reader must know."""

import csv
import datetime as dt
import io
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.analysis.cells import about, mark_text
from pipeline.analysis.phrases import phrase
from pipeline.analysis.provenance import Provenance
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.table_list import write_questions
from pipeline.analysis.workbook_file import workbook_bytes
from pipeline.analysis.wrapping import width_of
from pipeline.privacy.published import ENDING, Sidecar
from pipeline.spreadsheet_text import in_cell, is_like_formula, neutralised
from pipeline.store import write_bytes, write_text

_LINE = Border(bottom=Side(style="thin", color="9AA5B1"))
_WIDEST = 60


def save_table(
    table: Table,
    stem: Path,
    language: str,
    *,
    synthetic: bool,
    provenance: Provenance | None = None,
) -> tuple[Path, Path]:
    """Write a protected table as CSV and XLSX.

    The disk may not have them yet: the report waits for all files of a page together.

    Args:
        table: after `suppression.protect`.
        stem: the files' path without ending.
        language: of the marks and headings.
        synthetic: say in the workbook that nobody was asked.
        provenance: what the table rests on, for the workbook.

    Raises:
        ValueError: the table is not protected.
    """
    if not table.is_protected:
        raise ValueError(f"table {table.name} is not protected")
    files = stem.with_name(f"{stem.name}.csv"), stem.with_name(f"{stem.name}.xlsx")
    write_bytes(files[0], csv_bytes(table, language), flush=False)
    book = workbook(table, language, synthetic=synthetic, provenance=provenance)
    write_bytes(files[1], workbook_bytes(book), flush=False)
    write_questions(table, stem)
    if table.sidecar is not None:
        write_text(stem.with_name(f"{stem.name}{ENDING}"), _sidecar(table).to_json(), flush=False)
    return files


def values_of(table: Table) -> dict[str, list[str]]:
    """The protected table's numbers as text, column by column, the same in every language."""
    return {
        column.name: [_csv_value(value) for value in _values(table, column, "en")]
        for column in table.columns
        if column.kind is not Kind.TEXT
    }


def _sidecar(table: Table) -> Sidecar:
    """What the table's numbers count, with the columns in the places of the file."""
    assert table.sidecar is not None  # noqa: S101 - save_table has asked
    places = {column.name: place for place, column in enumerate(table.columns)}
    numbers = [
        replace(one, place=places[one.name])
        for one in table.sidecar.columns
        if one.name in places and any(one.cells)
    ]
    return replace(table.sidecar, columns=tuple(sorted(numbers, key=lambda one: one.place)))


def heading(column: Column) -> str:
    """A column's heading on one line, its group before it."""
    return f"{column.group}: {column.label}" if column.group else column.label


def csv_bytes(table: Table, language: str) -> bytes:
    """The table as CSV: headings, then values in full precision; UTF-8 with a mark for Excel.

    Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutralised(heading(column)) for column in table.columns])
    columns = [_values(table, column, language) for column in table.columns]
    for values in zip(*columns, strict=True):
        writer.writerow([_csv_value(value) for value in values])
    return text.getvalue().encode("utf-8-sig")


def workbook(
    table: Table, language: str, *, synthetic: bool, provenance: Provenance | None = None
) -> Workbook:
    """The table as a workbook: title and wording above it, base, missing and method below it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has a worksheet
    sheet.title = "table"
    above = [phrase("synthetic", language)] if synthetic else []
    above.append(table.title)
    if table.wording:
        asked = phrase("wording", language)
        above.append(phrase("labelled", language, name=asked, said=table.wording))
    for row, text in enumerate(above, 1):
        _write(sheet, (row, 1), text, font=Font(bold=row == 1))
    top = len(above) + 2
    for place, column in enumerate(table.columns, 1):
        _write_column(sheet, table, column, (top, place), language)
    below = about(table, language) + _made(provenance, language)
    for row, (name, text) in enumerate(below, top + len(table.frame) + 2):
        _write(sheet, (row, 1), phrase("labelled", language, name=name, said=text))
    sheet.freeze_panes = f"B{top + 1}"
    return book


def _made(provenance: Provenance | None, language: str) -> tuple[tuple[str, str], ...]:
    if provenance is None or not provenance.lines:
        return ()
    commands = "; ".join(provenance.commands)
    return (*provenance.lines, (phrase("trace", language), f"{commands}. {provenance.note}"))


def _write_column(
    sheet: Worksheet, table: Table, column: Column, at: tuple[int, int], language: str
) -> None:
    top, place = at
    is_text = column.kind is Kind.TEXT
    wrap = Alignment(wrap_text=True, vertical="top")
    _write(sheet, at, heading(column), font=Font(bold=True), border=_LINE, alignment=wrap)
    style = {
        "number_format": _format(column),
        "alignment": wrap if is_text else Alignment(vertical="top", horizontal="right"),
    }
    values = _values(table, column, language)
    for row, value in enumerate(values, top + 1):
        _write(sheet, (row, place), value, **style)
    widest = max((width_of(str(value)) for value in values), default=0) if is_text else 8
    width = min(max(widest, min(width_of(heading(column)), 16)) + 2, _WIDEST)
    sheet.column_dimensions[get_column_letter(place)].width = width


def _write(sheet: Worksheet, at: tuple[int, int], value: Any, **style: Any) -> None:
    cell: Any = sheet.cell(*at)
    cell.value = None if isinstance(value, float) and not math.isfinite(value) else value
    if isinstance(value, str):
        cell.value, cell.data_type = in_cell(value), "s"
    for name, part in style.items():
        setattr(cell, name, part)
    if isinstance(value, str):
        cell.quotePrefix = is_like_formula(value)


def _values(table: Table, column: Column, language: str) -> list[Any]:
    """What stands in a column, one a row."""
    assert table.marks is not None  # noqa: S101 - save_table has asked
    marked = zip(table.marks[column.name], table.frame[column.name], strict=True)
    return [
        mark_text(mark, table, language) if mark else _value(value, column)
        for mark, value in marked
    ]


def _value(value: Any, column: Column) -> Any:
    if pd.isna(value):
        return None
    if column.kind is Kind.COUNT:
        return int(value)
    if column.kind in {Kind.SHARE, Kind.NUMBER}:
        return float(value)
    if column.kind is Kind.DATE and isinstance(value, dt.date):
        return pd.Timestamp(value).date()
    return str(value)


def _format(column: Column) -> str:
    decimals = "." + "0" * column.decimals if column.decimals else ""
    return {
        Kind.SHARE: f"0{decimals}%",
        Kind.NUMBER: f"#,##0{decimals}",
        Kind.COUNT: "#,##0",
        Kind.DATE: "yyyy-mm-dd",
    }.get(column.kind, "@")


def _csv_value(value: Any) -> str:
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    return "" if value is None else neutralised(value) if isinstance(value, str) else str(value)
