"""Writing Office files: zip members of a fixed date, and openpyxl's sheets without its detours."""
# ruff: noqa: SLF001 - what openpyxl and its cells keep for themselves is what a writer writes

import io
import zipfile
from collections.abc import Callable
from typing import IO, Any, cast

from lxml.etree import Element, SubElement
from openpyxl.cell import _writer as cell_writer
from openpyxl.cell.rich_text import CellRichText
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

MOMENT = (2011, 8, 1, 0, 0, 0)
"""Date of every member and of the document: no clock, so that equal forms are equal files."""

_attributes: Callable[..., tuple[Any, dict[str, str]]] = vars(cell_writer)["_set_attributes"]
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def member(name: str) -> zipfile.ZipInfo:
    """The directory entry of a zip member, always of the same date, rights and compression."""
    info = zipfile.ZipInfo(name, MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


class SteadyArchive(zipfile.ZipFile):
    """A zip archive to write, whose bytes depend on its members' names and contents alone."""

    def __init__(
        self, made: IO[bytes], change: Callable[[str, bytes], bytes] | None = None
    ) -> None:
        """Write to `made`; `change` gets every member's name and content before it is packed."""
        self._change = change
        super().__init__(made, "w")

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Add a member, whatever the caller says of its date and packing."""
        name = getattr(zinfo_or_arcname, "filename", zinfo_or_arcname)
        content = data.encode() if isinstance(data, str) else data
        super().writestr(member(name), self._change(name, content) if self._change else content)


class BookWriter(ExcelWriter):
    """openpyxl's writer, without a temporary file for each sheet."""

    def write_worksheet(self, ws: Any) -> None:
        """Write a sheet into the archive."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        made = io.BytesIO()
        writer: Any = _SheetWriter(ws, made)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], made.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """openpyxl's writer of a sheet, a row at a time and not an element: the same bytes."""

    def write_row(self, xf: Any, row: Any, row_idx: int) -> None:
        """Write the cells of a row; what no form of ours holds is left to openpyxl."""
        if any(cell._comment or not _is_plain(cell) for cell in row):
            super().write_row(xf, row, row_idx)
            return
        sheet: Any = self.ws
        made: Any = Element(
            "row", {"r": str(row_idx), **dict(sheet.row_dimensions.get(row_idx, {}))}
        )
        made.text = ""
        for cell in row:
            if cell._value is not None or cell.has_style:
                _put_cell(made, cell)
        xf.write(made)


def _is_plain(cell: Any) -> bool:
    value = cell._value
    return cell.data_type in {"n", "s", "b"} or (cell.data_type == "f" and isinstance(value, str))


def _put_cell(row: Any, cell: Any) -> None:
    value, attributes = _attributes(cell, cell.has_style)
    made = SubElement(row, "c", attributes)
    if value is None or value == "":
        made.text = ""
    elif cell.data_type == "f":
        SubElement(made, "f").text = value[1:]
        SubElement(made, "v").text = ""
    elif isinstance(value, CellRichText):
        made.append(cast("Any", value.to_tree()))
    elif cell.data_type == "s":
        spaced = {_SPACE: "preserve"} if value != value.strip() else {}
        SubElement(SubElement(made, "is"), "t", spaced).text = value
    else:
        SubElement(made, "v").text = safe_string(value)
