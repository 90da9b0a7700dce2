"""Writing Office files: zip members of a fixed date, and openpyxl's sheets without its detours."""
# ruff: noqa: SLF001 - what openpyxl and its cells keep for themselves is what a writer writes

import io
import zipfile
from collections.abc import Callable
from typing import IO, Any

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from pipeline.forms.sheet_text import NO_ROWS, is_plain, rows_text

MOMENT = (2011, 8, 1, 0, 0, 0)
"""Date of every member and of the document: no clock, so that equal forms are equal files."""


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
        content = made.getvalue()
        if writer.rows_text:
            content = content.replace(NO_ROWS, writer.rows_text, 1)
        self._archive.writestr(ws.path[1:], content)  # type: ignore[attr-defined]
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """openpyxl's writer of a sheet, its rows as text and not as elements: the same bytes."""

    rows_text = b""

    def write_rows(self) -> None:
        """Make the rows' text; a sheet with a cell that no form of ours has is left to openpyxl."""
        sheet: Any = self.ws
        if not sheet._cells or not all(is_plain(cell) for cell in sheet._cells.values()):
            super().write_rows()
            return
        writer: Any = self
        with writer.xf.send(True).element("sheetData"):  # noqa: FBT003 - openpyxl asks for its file so
            self.rows_text = rows_text(sheet, writer.rows())
        writer.xf.send(None)
