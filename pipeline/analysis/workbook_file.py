"""A workbook as bytes that depend on its content alone, so that equal tables are equal files."""

import datetime as dt
import io
import re
import zipfile

from openpyxl.workbook import Workbook

MOMENT = (2011, 8, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as .xlsx, without the times that openpyxl and zip would write into it."""
    made = io.BytesIO()
    book.save(made)
    return steady_zip(made.getvalue())


def steady_zip(data: bytes) -> bytes:
    """An Office file without the times at which it and its members were written."""
    steady = io.BytesIO()
    stamp = dt.datetime(*MOMENT, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _TIMES.sub(rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return steady.getvalue()
