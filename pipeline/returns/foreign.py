"""What a file is that no reader of ours takes, by its first bytes: named, with what to do about it.

People send what they have: a photograph, a PDF, a folder packed into one file. A reason that names
it saves a telephone call; that "the table is not in UTF-8" helps nobody who sent a picture.
"""

import io
import struct
import zipfile
import zlib

from pipeline.returns.guard import OLE, ZIP

_UNPACK = "Unpack it and receive the files inside."
_OURS = "Send the filled-in form itself: the .xlsx file, the submission, or the exported table."
_AS_XLSX = "Open it in Excel or LibreOffice, save it as an Excel workbook (.xlsx) and send that."
_NOTHING = "Nothing is missing because of it; leave it out."

_TAR = b"ustar"

_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "This is a PDF.", _OURS),
    (b"\x89PNG", "This is a picture (PNG).", _OURS),
    (b"\xff\xd8\xff", "This is a picture (JPEG).", _OURS),
    (b"GIF8", "This is a picture (GIF).", _OURS),
    (b"II*\0", "This is a picture (TIFF).", _OURS),
    (b"MM\0*", "This is a picture (TIFF).", _OURS),
    (b"7z\xbc\xaf\x27\x1c", "This is a packed archive (7z).", _UNPACK),
    (b"Rar!", "This is a packed archive (RAR).", _UNPACK),
    (_TAR, "This is a packed archive (tar).", _UNPACK),
    (b"\x1f\x8b", "This is a packed file (gzip).", _UNPACK),
    (b"BZh", "This is a packed file (bzip2).", _UNPACK),
    (b"\xfd7zXZ", "This is a packed file (xz).", _UNPACK),
    (b"PK\x05\x06", "This is a packed archive (zip) with nothing in it.", _OURS),
    (b"PAR1", "This is a Parquet file, which is made of returns and is none.", _OURS),
    (b"$FL2", "This is an SPSS file, which is made of returns and is none.", _OURS),
    (b"$FL3", "This is an SPSS file, which is made of returns and is none.", _OURS),
    (b"<stata_dta>", "This is a Stata file, which is made of returns and is none.", _OURS),
    (b"SQLite format 3\0", "This is a database (SQLite).", _OURS),
    (b"age-encryption.org/", "This is encrypted with age.", "Open it first: survey unseal."),
    (b"{\\rtf", "This is a text document (RTF).", _OURS),
    (b"\x7fELF", "This is a program.", "Do not start it; ask the sender what it is."),
    (b"MZ", "This is a program.", "Do not start it; ask the sender what it is."),
    (b"\0\5\x16\7", "This is a shadow file of an Apple computer, no return.", _NOTHING),
    (b"\0\0\0\1Bud1", "This is a shadow file of an Apple computer, no return.", _NOTHING),
    (b"\x09\x08\x10\0\0\6", "This is an old Excel file without its envelope.", _AS_XLSX),
)
_LOCK_SIZES = {162, 165}
"""Bytes of the `~$form.xlsx` that Excel lays beside an open workbook."""

_MIMETYPE = "mimetype"
_TEXT_DOCUMENT = b"application/vnd.oasis.opendocument.text"
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    struct.error,
)
_TAR_MAGIC = slice(257, 262)
_MOST_MEMBERS = 5_000


def foreign_reason(content: bytes) -> str:
    """What the file is and what to do, where it is of a kind that no reader takes; else empty."""
    if content[_TAR_MAGIC] == b"ustar":
        content = _TAR
    for start, what, repair in _STARTS:
        if content.startswith(start) and (len(start) > 3 or _is_binary(content)):  # noqa: PLR2004
            return f"{what} {repair}"
    if not content:
        return "The file is empty. Ask the sender to send it again."
    if len(content) in _LOCK_SIZES and 0 < content[0] < 55 and _is_binary(content):  # noqa: PLR2004
        return (
            "This is the small file that Excel lays beside a workbook while it is open. "
            "Close the workbook and send the workbook itself."
        )
    if content.startswith(ZIP):
        return _of_archive(content)
    if content.startswith(OLE):
        return _of_old_office(content)
    return _of_text(content)


def _is_binary(content: bytes) -> bool:
    return b"\0" in content[:1000] or any(byte > 0x7F for byte in content[:20])  # noqa: PLR2004


def _of_archive(content: bytes) -> str:
    """Of a zip, by the names in it; empty where it may be a workbook, or is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist()[:_MOST_MEMBERS])
            with archive.open(_MIMETYPE) if _MIMETYPE in names else io.BytesIO() as stream:
                is_text = stream.read(99) == _TEXT_DOCUMENT
    except _ZIP_ERRORS:
        return ""
    if is_text or any(name.startswith("word/") for name in names):
        return f"This is a text document. {_OURS}"
    if any(name.startswith("ppt/") for name in names):
        return f"This is a presentation. {_OURS}"
    if "xl/workbook.bin" in names:
        return f"This is a binary workbook (.xlsb). {_AS_XLSX}"
    if not names & {"[Content_Types].xml", "content.xml", "META-INF/manifest.xml"}:
        return f"This is a packed archive (zip), no workbook. {_UNPACK}"
    return ""


def _of_old_office(content: bytes) -> str:
    """Of an OLE file, by the streams that it names; empty where it may be a workbook."""
    named = {name: name.encode("utf-16-le") in content for name in ("WordDocument", "PowerPoint")}
    if named["WordDocument"]:
        return f"This is a text document of an old Word. {_OURS}"
    if named["PowerPoint"]:
        return f"This is a presentation of an old PowerPoint. {_OURS}"
    return ""


def _of_text(content: bytes) -> str:
    head = content[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content.strip(b"\0"):
        return "The file holds nothing but zeros: it was damaged on its way. Send it again."
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or _has_every_second_nul(content):
        return (
            "The text is saved in UTF-16, which Excel calls Unicode text. "
            'Save it as "CSV UTF-8" and send that.'
        )
    if head.startswith((b"{", b"[{")):
        return (
            "This is JSON, no table. Export the data as CSV or XLSX with XML values as headings, "
            "or send the submissions themselves."
        )
    lowered = head.lower()
    if lowered.startswith((b"<!doctype html", b"<html")) and b"<model" not in lowered:
        return f"This is a web page, whatever its name says. {_AS_XLSX}"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or (
        b"opendocument" in head and b"<office:document" in head
    ):
        return f"This is a workbook saved as XML. {_AS_XLSX}"
    return ""


def _has_every_second_nul(content: bytes) -> bool:
    head = content[:200]
    pairs = len(head) // 2
    nuls = max(head[::2].count(0), head[1::2].count(0))
    return pairs > 2 and nuls > 0.8 * pairs  # noqa: PLR2004 - fewer letters say nothing
