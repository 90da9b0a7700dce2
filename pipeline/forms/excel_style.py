"""How an Excel form looks: fonts by name, section colours, cell styles, heights of wrapped text."""

import math
import unicodedata
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, cast

from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import (
    Alignment,
    Border,
    Color,
    Font,
    NamedStyle,
    PatternFill,
    Protection,
    Side,
)
from openpyxl.styles.named_styles import NamedStyleList
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.phrases import spoken
from pipeline.spreadsheet_text import in_cell, is_like_formula

INK = "1F2A37"
GREY = "6B7280"
RED = "C0262D"
LINE = "C9CED6"
ANSWER_FILL = "FFF9DB"
WHITE = "FFFFFF"
LINK = "1D4E89"

SECTION_COLOURS = ("1D4E89", "1B6B5A", "7A4B9A", "A34F1E", "2F6F8F", "7A6118", "8A2F4F", "4A5A22")
SECTION_TINTS = ("E6EEF7", "E3F1ED", "F0E9F5", "F8EBE2", "E5F0F5", "F5F0DE", "F5E5EA", "ECF0E0")

_WIDE_CHARACTER = 2.05
_WIDE = frozenset("WF")
_WRAP_LOSS = 0.93
_TALLEST = 409
"""Points that Excel allows a row."""


@dataclass(frozen=True, slots=True)
class Look:
    """What differs by language.

    Attributes:
        font: a font that Windows has carried since Vista.
        leading: height of a line as a multiple of the font's size.
    """

    font: str
    leading: float


_LOOKS = {
    "en": Look("Calibri", 1.30),
    "zh-Hant": Look("Microsoft JhengHei", 1.42),
    "ja": Look("Meiryo UI", 1.42),
}


def look_of(language: str) -> Look:
    """The look of a form in a language."""
    return _LOOKS[spoken(language)]


def section_colour(section: int) -> str:
    """RGB of a section's band."""
    return SECTION_COLOURS[section % len(SECTION_COLOURS)]


def section_tint(section: int) -> str:
    """RGB of a light background that goes with the band."""
    return SECTION_TINTS[section % len(SECTION_TINTS)]


def text_width(text: str) -> float:
    """Width of a text in units of a column's width; a Chinese or Japanese character takes two."""
    return sum(_WIDE_CHARACTER if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def text_lines(text: str, width: float) -> int:
    """Number of lines that a text takes when it wraps in a column of this width."""
    usable = max(width * _WRAP_LOSS - 1, 1)
    return sum(max(1, math.ceil(text_width(part) / usable)) for part in text.split("\n"))


def text_height(look: Look, parts: Iterable[tuple[str, float, float]], *, least: float) -> float:
    """Height in points of texts below each other: (text, column width, font size) each."""
    needed = sum(
        text_lines(text, width * 11 / size) * size * look.leading for text, width, size in parts
    )
    return min(max(least, round(needed + 6, 1)), _TALLEST)


@lru_cache(maxsize=256)
def _inline_font(font: str, colour: str, size: float, bold: bool) -> InlineFont:  # noqa: FBT001 - cached
    return InlineFont(rFont=font, sz=size, color=Color(rgb=f"FF{colour}"), b=bold)


def rich(look: Look, *runs: tuple[str, str, float, bool]) -> CellRichText:
    """Text in one cell of several kinds: (text, colour, size, bold) each."""
    return CellRichText(
        *(
            TextBlock(_inline_font(look.font, colour, size, bold), text)
            for text, colour, size, bold in runs
            if text
        )
    )


def dress(cell: Any, style: str) -> None:
    """Give a cell one of the styles of `add_styles`; openpyxl copies the style for each cell.

    Cells share it, so that nothing but another style may be set afterwards.
    """
    cell._style = cell.parent.parent._named_styles.array(style)  # noqa: SLF001


def put(
    sheet: Worksheet, row: int, column: int, value: str | CellRichText | float, style: str
) -> Cell:
    """Write a constant: a text that begins with `=` or looks like an error stays a text.

    It stays one also where somebody edits the cell.
    """
    cell = cast("Cell", sheet.cell(row, column))
    cell.value = in_cell(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    dress(cell, style)
    if isinstance(value, str) and is_like_formula(value):
        own = cast("Any", cell)
        own._style = copy(own._style)  # noqa: SLF001 - the style is shared with other cells
        own.quotePrefix = True
    return cell


def span(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """A range by numbers: rows and columns from 1."""
    first, last = get_column_letter(first_column), get_column_letter(last_column)
    return f"{first}{first_row}:{last}{last_row}"


def merge(sheet: Worksheet, cells: str) -> None:
    """Merge cells that are styled already; openpyxl's own way styles each anew, which is slow."""
    first, _, last = cells.partition(":")
    if first != last:
        sheet.merged_cells.add(cells)


def put_formula(sheet: Worksheet, row: int, column: int, formula: str, style: str) -> None:
    """Write a formula."""
    cell = sheet.cell(row, column, formula)
    dress(cell, style)


def put_link(
    sheet: Worksheet, row: int, column: int, text: str, *, target: str, style: str
) -> None:
    """Write a link to a place in the workbook, `'Sheet'!A1`."""
    cell = cast("Cell", sheet.cell(row, column))
    cell.hyperlink = f"#{target}"
    put(sheet, row, column, text, style)


def place(sheet: str, cell: str) -> str:
    """A cell of a sheet as a formula or link names it: `'Sheet'!A1`."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


_THIN = Side(style="thin", color=LINE)
_HAIR = Side(style="hair", color=LINE)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_UNDER = Border(bottom=_HAIR)
_TOP = Alignment(vertical="center", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


class _Styles(NamedStyleList):
    """Styles found by name: openpyxl looks through all of them for each cell that gets one."""

    _found: tuple[str, ...] = ()

    @property
    def names(self) -> Any:
        """The names, in the order of the styles."""
        if len(self._found) != len(self):
            self._found = tuple(style.name for style in self)
        return self._found

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        return {}

    def array(self, name: str) -> Any:
        """What a cell keeps of a style; one object for all cells."""
        found = self._arrays.get(name)
        if found is None:
            found = self._arrays[name] = copy(self[name].as_tuple())
        return found

    def __getitem__(self, key: Any) -> Any:
        """A style by its name or its number."""
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)


def add_styles(book: Workbook, language: str, sections: int) -> None:
    """Register the form's cell styles; after this a cell is styled by a style's name.

    Styles: `question`, `note`, `choice`, `unit`, `remark`, `answer` (text), `answer_number`,
    `tick`, `heading`, `title`, `small`, `link`, `step`, `key`, `row_number`, and for each section
    `band_N`, `subband_N`, `number_N`, `column_N`.
    """
    font = look_of(language).font
    book._named_styles = _Styles(book._named_styles)  # type: ignore[attr-defined]  # noqa: SLF001

    def style(
        name: str,
        *,
        size: float = 10.5,
        colour: str = INK,
        bold: bool = False,
        fill: str | None = None,
        align: Alignment = _TOP,
        border: Border | None = None,
        number_format: str = "General",
        locked: bool = True,
        underline: Literal["single"] | None = None,
    ) -> None:
        book.add_named_style(
            NamedStyle(
                name=name,
                font=Font(name=font, size=size, color=colour, bold=bold, underline=underline),
                fill=_fill(fill) if fill else None,
                alignment=align,
                border=border,
                number_format=number_format,
                protection=Protection(locked=locked, hidden=False),
            )
        )

    indented = Alignment(vertical="center", wrap_text=True, indent=2)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    style("question", border=_UNDER)
    style("note", colour=INK, fill="F3F4F6", align=left)
    style("choice", border=_UNDER, align=indented)
    style("unit", colour=GREY, size=9.5, border=_UNDER)
    style("remark", colour=GREY, size=9, border=_UNDER)
    style("answer", fill=ANSWER_FILL, border=_BOX, number_format="@", locked=False, align=left)
    style("answer_number", fill=ANSWER_FILL, border=_BOX, locked=False, align=left)
    style("tick", fill=ANSWER_FILL, border=_BOX, number_format="@", locked=False, align=_CENTRE)
    style("heading", size=9.5, colour=WHITE, bold=True, fill="374151", align=_CENTRE)
    style("title", size=20, bold=True)
    style("sheet_title", size=13, bold=True, align=Alignment(vertical="center"))
    style("small", size=9.5, colour=GREY)
    style("strong", bold=True)
    style("step", size=11)
    style("link", colour=LINK, underline="single")
    style("small_link", size=9.5, colour=LINK, underline="single")
    style("status", size=12, bold=True, border=_BOX, align=left)
    style("to_do", size=9.5)
    style("to_do_link", size=10, colour=LINK, underline="single")
    style("key", size=8, colour=GREY)
    style("row_number", colour=GREY, size=9.5, align=_CENTRE, border=_BOX)
    for section in range(min(sections, len(SECTION_COLOURS)) or 1):
        colour, tint = section_colour(section), section_tint(section)
        style(f"band_{section}", size=12.5, colour=WHITE, bold=True, fill=colour)
        style(f"subband_{section}", size=10.5, colour=colour, bold=True, fill=tint)
        style(f"number_{section}", colour=colour, bold=True, align=_CENTRE, border=_UNDER)
        style(f"column_{section}", fill=tint, border=_BOX, align=_CENTRE, size=9.5)


def section_style(kind: str, section: int) -> str:
    """Name of a section's style; colours come round again after the last."""
    return f"{kind}_{section % len(SECTION_COLOURS)}"
