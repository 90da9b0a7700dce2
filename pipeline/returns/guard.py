"""Checks that a file may be handed to a parser: kind, size, and what it unpacks to.

Parsers of workbooks trust what they are given: one far cell aborts the whole process, a bomb fills
the memory. So every member is unpacked here first, never beyond what it declares, and the cells
are looked at where they stand, not where the sheet says that they end.
"""

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from pipeline.returns.problems import refused
from pipeline.returns.sheet_cells import NotPlainError, blocks, span_of_rows
from pipeline.settings import Caps

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an old Excel file, and of a workbook under a password."""

ZIP = b"PK\x03\x04"
"""First bytes of a workbook, and of any other zip archive."""


CAPS = Caps()
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)
_UTF8 = 0x800
"""The flag of a zip member whose name is in UTF-8."""


def read_regular(path: Path | str, *, limit: int, shown: str) -> bytes:
    """Read a regular file of limited size; a link, pipe or device is never opened for reading.

    Raises:
        SurveyError: GUARD-001 not a regular file, GUARD-002 larger than `limit` bytes.
    """
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        raise refused(
            "GUARD-001",
            f"This cannot be opened as a file ({error.strerror or 'unknown reason'}).",
            "Give the file itself, not a link to it, and check that it may be read.",
            file=shown,
        ) from error
    try:
        content = _bytes_of(handle, limit)
    finally:
        os.close(handle)
    if content is None:
        raise refused(
            "GUARD-001",
            "This is no regular file but a pipe, a device or a folder.",
            "Give the file itself.",
            file=shown,
        )
    if len(content) > limit:
        raise refused(
            "GUARD-002",
            f"The file is larger than {limit >> 20} MB.",
            "Send it in parts, or check that it is the right file.",
            file=shown,
        )
    return content


def read_start(path: Path | str, size: int) -> bytes:
    """The first bytes of a file; of a link, pipe or device none, or an OSError."""
    handle = os.open(path, _FLAGS)
    try:
        return os.read(handle, size)
    finally:
        os.close(handle)


def _bytes_of(handle: int, limit: int) -> bytes | None:
    """At most one byte more than the limit; None where it is no regular file."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        return None
    content = os.read(handle, min(status.st_size, limit) + 1)
    if len(content) == status.st_size:
        return content
    while len(content) <= limit and (more := os.read(handle, limit + 1 - len(content))):
        content += more
    return content


def guard_workbook(path: Path, caps: Caps = CAPS, *, shown: str | None = None) -> bytes:
    """Check a workbook before any parser sees it, and give back its bytes.

    Args:
        path: a file that should be an .xlsx workbook.
        caps: what it may hold at most.
        shown: its name in problems; by default the file's name.

    Raises:
        SurveyError: GUARD-001 to GUARD-008, the first reason against it.
    """
    name = shown or path.name
    content = read_regular(path, limit=caps.file_bytes, shown=name)
    for part, text in checked_parts(content, caps, shown=name):
        if is_sheet(part):
            guard_span(part, text, caps, shown=name)
    return content


def checked_parts(content: bytes, caps: Caps, *, shown: str) -> Iterator[tuple[str, bytes]]:
    """The XML parts of a workbook, the sheets last; how far the cells reach is not looked at.

    Raises:
        SurveyError: GUARD-003 to GUARD-006, GUARD-008.
    """
    for part, text in _parts(content, caps, shown):
        guard_xml(text, shown=shown, cell=part)
        yield part, text


def is_sheet(part: str) -> bool:
    """Whether a part of a workbook holds cells."""
    return "worksheets/" in part.lower()


def guard_form(path: Path, caps: Caps = CAPS) -> None:
    """Check an XLSForm before pyxform sees it: somebody may have sent it, too.

    Raises:
        SurveyError: GUARD-001, GUARD-002, GUARD-004 to GUARD-008; nothing of a file that is no
            workbook, of which the reader of forms says more.
    """
    if not path.exists():
        return
    if _start_of(path).startswith(ZIP):
        guard_workbook(path.resolve(), caps, shown=path.as_posix())
    else:
        read_regular(path.resolve(), limit=caps.file_bytes, shown=path.as_posix())


def _start_of(path: Path) -> bytes:
    if not path.is_file():  # a pipe would block
        return b""
    try:
        with path.open("rb") as stream:
            return stream.read(len(ZIP))
    except OSError:
        return b""


def guard_open_document(content: bytes, caps: Caps = CAPS, *, shown: str) -> None:
    """Check an .ods before any parser sees it; how far its cells reach only a parser can tell.

    Raises:
        SurveyError: GUARD-003 to GUARD-008.
    """
    for part, text in _parts(content, caps, shown, needed="content.xml"):
        if part == "META-INF/manifest.xml" and b"encryption-data" in text:
            raise password_protected(shown)
        if not _is_encrypted_part(text):
            guard_xml(text, shown=shown, cell=part)


def _is_encrypted_part(text: bytes) -> bool:
    return bool(text) and not text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _parts(
    content: bytes, caps: Caps, shown: str, *, needed: str = "[Content_Types].xml"
) -> Iterator[tuple[str, bytes]]:
    """The XML parts of a workbook, each unpacked to exactly the size that it declares."""
    members = _directory(content, caps, shown, needed)
    total = 0
    for member in members:
        total += member.file_size
        if total > caps.unpacked_bytes or _is_bomb(member, caps):
            raise refused(
                "GUARD-005",
                "Unpacked, this workbook is far larger than a filled-in form can be.",
                "Do not open it; ask the sender to save the form again and send it anew.",
                file=shown,
            )
    for member in sorted(members, key=lambda member: is_sheet(member.filename)):
        if member.filename.lower().endswith((".xml", ".rels")):
            yield member.filename, _unpacked(content, member, shown)


def _is_bomb(member: zipfile.ZipInfo, caps: Caps) -> bool:
    large = member.file_size > 1 << 20
    return large and member.file_size > caps.ratio * max(member.compress_size, 1)


def _directory(content: bytes, caps: Caps, shown: str, needed: str) -> list[zipfile.ZipInfo]:
    if content.startswith(OLE):
        raise _ole(content, shown)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise _no_workbook(shown) from error
    if any(member.flag_bits & 1 for member in members):
        raise password_protected(shown)
    if len(members) > caps.members or _strange(members):
        raise refused(
            "GUARD-006",
            "The workbook holds parts that no spreadsheet program writes.",
            "Open it in a spreadsheet program, save it as a new .xlsx file and send that.",
            file=shown,
        )
    if needed not in {member.filename for member in members}:
        raise _no_workbook(shown)
    return members


def _strange(members: list[zipfile.ZipInfo]) -> bool:
    """Whether names repeat or lead outside, packings are unusual, or parts lie over each other."""
    names = [member.filename.lower() for member in members]
    outside = any(
        name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or "\0" in name
        for name in names
    )
    packings = {member.compress_type for member in members}
    by_offset = sorted(members, key=lambda member: member.header_offset)
    overlap = any(
        first.header_offset + first.compress_size > second.header_offset
        for first, second in pairwise(by_offset)
    )
    known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return len(set(names)) != len(names) or outside or overlap or not packings <= known


def _unpacked(content: bytes, member: zipfile.ZipInfo, shown: str) -> bytes:
    """A member's bytes; whoever declares less than there is, is not believed by any parser."""
    head = content[member.header_offset : member.header_offset + 30]
    if len(head) < 30 or not head.startswith(ZIP):  # noqa: PLR2004 - a local header's size
        raise _no_workbook(shown)
    name_size, extra_size = struct.unpack("<HH", head[26:30])
    start = member.header_offset + 30 + name_size + extra_size
    name = content[member.header_offset + 30 : start - extra_size]
    if name.decode("utf-8" if member.flag_bits & _UTF8 else "cp437", "replace") != (
        member.orig_filename
    ):
        raise _no_workbook(shown)  # who believes which name reads another part
    packed = content[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        text, ended = packed, True
    else:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            text = inflate.decompress(packed, member.file_size + 1)
        except zlib.error as error:
            raise _no_workbook(shown) from error
        ended = inflate.eof and not inflate.unconsumed_tail
    if not ended or len(text) != member.file_size or zlib.crc32(text) != member.CRC:
        raise _no_workbook(shown)
    return text


_USUAL_STARTS = (
    b"<?xml version='1.0' encoding='UTF-8'?>",
    b"<?xml version='1.0' encoding='UTF-8' ?>",
    b'<?xml version="1.0" encoding="UTF-8"?>',
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    b"<?xml version='1.0' ?>",
    b'<?xml version="1.0"?>',
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{1,3}[0-9]{5}|[A-Za-z]{4,9}[0-9])""")
_ROW = re.compile(rb"""row\s[^>]*?\br\s*=\s*["']([0-9]{1,9})""")
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,9})""")
_MOST_COLUMNS = 16_384


def guard_span(part: str, text: bytes, caps: Caps, *, shown: str) -> None:
    """Refuse a sheet whose cells reach so far that a parser would need all memory for it.

    Raises:
        SurveyError: GUARD-007.
    """
    if (span := _span(text, caps)) > caps.cells:
        raise refused(
            "GUARD-007",
            f"The sheet's cells span {span:,} places, more than the {caps.cells:,} allowed.",
            "Delete what stands far below or to the right of the form, save and send it again.",
            file=shown,
            cell=part,
        )


def _span(text: bytes, caps: Caps) -> int:
    """Rows times columns that the cells span, by the cells themselves; an upper bound if small."""
    rows = max(map(int, _ROW.findall(text)), default=0)
    if rows * _MOST_COLUMNS <= caps.cells and not _FAR.search(text):
        return rows * _MOST_COLUMNS
    try:
        (last, furthest), around = _plain_span(text)
    except NotPlainError:
        last, furthest, around = 0, 0, text
    for cell in _CELL.finditer(around):
        last, furthest = max(last, int(cell[2])), max(furthest, _column_number(cell[1].upper()))
    return max(rows, last) * furthest


def _plain_span(text: bytes) -> tuple[tuple[int, int], bytes]:
    """The last row and column of a plain sheet's cells, and the XML around its rows."""
    row = column = 0
    for block in blocks(text):
        row, column = int(block.rows[-1]), max(column, int(block.columns.max()))
    start, stop = span_of_rows(text)
    return (row, column), text[:start] + text[stop:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def guard_xml(text: bytes, *, shown: str, cell: str = "") -> None:
    """Refuse XML in anything but UTF-8, and any document type declaration.

    Entities would empty or multiply an answer, and another encoding would hide them from us.

    Raises:
        SurveyError: GUARD-006 another encoding, GUARD-008 a document type declaration.
    """
    if text.startswith(_USUAL_STARTS) and b"<!" not in text and b"\0" not in text:
        return
    start = text[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARED.match(start)
    unusual = declared is not None and declared[1].lower() not in {b"utf-8", b"us-ascii"}
    if b"\0" in text or unusual or not start.startswith(b"<"):
        raise refused(
            "GUARD-006",
            "This is not XML in UTF-8, as every form of ours is written.",
            "Open the file in the program that made it, save it anew and send that.",
            file=shown,
            cell=cell,
        )
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refused(
            "GUARD-008",
            "The file holds a document type declaration, which no form of ours has.",
            "Do not open it; ask the sender how it was made.",
            file=shown,
            cell=cell,
        )


def _ole(content: bytes, shown: str) -> Exception:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return password_protected(shown)
    return refused(
        "GUARD-003",
        "This is an old Excel file (.xls).",
        "Open it, save it as an Excel workbook (.xlsx) and send that.",
        file=shown,
    )


def password_protected(shown: str) -> Exception:
    """The refusal of a file that opens with a password only."""
    return refused(
        "GUARD-004",
        "The workbook is protected by a password for opening.",
        "Open it with the password, save it without one and send it again.",
        file=shown,
    )


def _no_workbook(shown: str) -> Exception:
    return refused(
        "GUARD-003",
        "This is no workbook, or it was damaged on its way.",
        "Ask the sender to send it again.",
        file=shown,
    )
