"""A workbook as bytes that depend on its content alone, so that equal tables are equal files."""

import datetime as dt
import io
import re
import zipfile

from openpyxl.workbook import Workbook

_MOMENT = (2011, 8, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as .xlsx, without the times that openpyxl and zip would write into it."""
    made, steady = io.BytesIO(), io.BytesIO()
    book.save(made)
    stamp = dt.datetime(*_MOMENT, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _TIMES.sub(rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return steady.getvalue()
