"""A workbook as a file whose bytes depend on its content alone."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

from openpyxl.workbook import Workbook

from pipeline.store import write_bytes

_MOMENT = (2011, 8, 1, 0, 0, 0)
"""Date of every member and of the document: no clock, so that equal forms are equal files."""
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as .xlsx, without the times that openpyxl and zip would write into it."""
    book.properties.creator = book.properties.creator or ""
    made = io.BytesIO()
    book.save(made)
    steady = io.BytesIO()
    stamp = dt.datetime(*_MOMENT, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp, data)
            target.writestr(member(name), data)
    return steady.getvalue()


def member(name: str) -> zipfile.ZipInfo:
    """The directory entry of a zip member, always of the same date, rights and compression."""
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def save_workbook(book: Workbook, path: Path) -> None:
    """Write the workbook wholly or not at all."""
    write_bytes(path, workbook_bytes(book))
