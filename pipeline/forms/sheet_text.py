"""The rows of a sheet as text, the very bytes that openpyxl makes of them cell by cell."""
# ruff: noqa: SLF001 - what openpyxl's cells keep for themselves is what a writer writes

from collections.abc import Iterable
from typing import Any

from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter

NO_ROWS = b"<sheetData></sheetData>"
"""A sheet without rows, as openpyxl writes it."""

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_KEPT = ' xml:space="preserve"'


def is_plain(cell: Any) -> bool:
    """Whether it is a number, text, truth or formula without a comment, as cells of forms are."""
    kind = cell.data_type
    return cell._comment is None and (
        kind in {"n", "s", "b"} or (kind == "f" and isinstance(cell._value, str))
    )


def rows_text(sheet: Any, rows: Iterable[tuple[int, list[Any]]]) -> bytes:
    """The element `sheetData` of plain cells.

    Args:
        sheet: openpyxl's worksheet.
        rows: number of a row and its cells, as openpyxl's writer orders them.
    """
    writer = _Writer(sheet)
    body = "".join(writer.row(number, cells) for number, cells in rows)
    return f"<sheetData>{body}</sheetData>".encode("ascii", "xmlcharrefreplace")


class _Writer:
    """What the cells of one sheet have in common is made once."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._dimensions = sheet.row_dimensions
        self._styles = sheet.parent._cell_styles
        self._numbers: dict[tuple[int, ...], str] = {}
        self._letters: dict[int, str] = {}
        self._fonts: dict[int, tuple[Any, str]] = {}

    def row(self, number: int, cells: list[Any]) -> str:
        """One row."""
        known = {"r": str(number), **dict(self._dimensions.get(number, {}))}
        head = "".join(f' {name}="{value}"' for name, value in known.items())
        body = "".join(
            [self._cell(cell) for cell in cells if cell._value is not None or cell.has_style]
        )
        return f"<row{head}>{body}</row>"

    def _cell(self, cell: Any) -> str:
        value, kind, column = cell._value, cell.data_type, cell.column
        if cell._hyperlink:
            self._sheet._hyperlinks.append(cell._hyperlink)
        letter = self._letters.get(column)
        if letter is None:
            letter = self._letters[column] = get_column_letter(column)
        head = f'<c r="{letter}{cell.row}"{self._style(cell)}'
        if kind == "f":
            return f"{head}><f>{value[1:].translate(_TEXT)}</f><v></v></c>"
        if kind == "s":
            return f'{head} t="inlineStr">{self._text(value)}</c>'
        shown = "" if value is None or value == "" else f"<v>{safe_string(value)}</v>"
        return f'{head} t="{kind}">{shown}</c>'

    def _style(self, cell: Any) -> str:
        style = cell._style
        if style is None or not any(style):
            return ""
        key = tuple(style)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = f' s="{self._styles.add(style)}"'
        return number

    def _text(self, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, CellRichText):
            return f"<is>{''.join(self._run(run) for run in value)}</is>"
        kept = "" if value == value.strip() else _KEPT
        return f"<is><t{kept}>{value.translate(_TEXT)}</t></is>"

    def _run(self, run: Any) -> str:
        block = isinstance(run, TextBlock)
        text = run.text if block else run
        kept = _KEPT if text.strip() and text != text.strip() else ""
        font = self._font(run.font) if block else ""
        return f"<r>{font}<t{kept}>{text.translate(_TEXT)}</t></r>"

    def _font(self, font: Any) -> str:
        """A font as text; forms have a few, each one object."""
        made = self._fonts.get(id(font))
        if made is None:
            tree = font.to_tree(tagname="rPr")
            made = self._fonts[id(font)] = font, etree.tostring(tree, encoding="unicode")
        return made[1]
