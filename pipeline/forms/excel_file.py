"""A workbook as a file whose bytes depend on its content alone."""

import datetime as dt
import io
import re
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.workbook import Workbook

from pipeline.forms.office_file import MOMENT, BookWriter, SteadyArchive
from pipeline.store import write_bytes

_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)>(<f>[^<]*</f>)(?:<v ?/>|<v></v>)</c>'
)
_WORKED_OUT = re.compile(rb'(?: t="str")?>(<f>[^<]*</f>)<v>[^<]*</v></c>')
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


Shown = Mapping[str, Mapping[str, str | int]]
"""Sheet -> cell -> the value that its formula gave last."""


def workbook_bytes(book: Workbook, shown: Shown | None = None) -> bytes:
    """The workbook as .xlsx, without the times that openpyxl and zip would write into it.

    Args:
        book: the workbook; openpyxl writes its formulas without values.
        shown: values for formulas, for programs that show a file without working it out.
    """
    book.properties.creator = book.properties.creator or ""
    made = io.BytesIO()
    stamp = dt.datetime(*MOMENT, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    values = {
        f"xl/worksheets/sheet{number}.xml": (shown or {}).get(sheet.title, {})
        for number, sheet in enumerate(book.worksheets, start=1)
    }

    def steady(name: str, data: bytes) -> bytes:
        if name == "docProps/core.xml":
            data = _MODIFIED.sub(rb"\g<1>" + stamp, data)
        return with_values(data, values.get(name) or {})

    with SteadyArchive(made, steady) as archive:
        BookWriter(book, archive).write_data()
    return made.getvalue()


def with_values(sheet: bytes, values: Mapping[str, str | int]) -> bytes:
    """A sheet's XML with the last values of its formulas."""

    def put(cell: re.Match[bytes]) -> bytes:
        value = values.get(cell[1].decode())
        if value is None:
            return cell[0]
        kind = b' t="str"' if isinstance(value, str) else b""
        text = escape(str(value)).encode()
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (cell[1], cell[2], kind, cell[3], text)

    return _FORMULA.sub(put, sheet) if values else sheet


def without_values(sheet: bytes) -> bytes:
    """A sheet's XML without the last values of its formulas, which no longer hold."""
    return _WORKED_OUT.sub(rb">\1<v></v></c>", sheet)


def save_workbook(
    book: Workbook, path: Path, shown: Shown | None = None, *, mode: int = 0o644
) -> None:
    """Write the workbook wholly or not at all; `shown` as in `workbook_bytes`."""
    write_bytes(path, workbook_bytes(book, shown), mode=mode)
