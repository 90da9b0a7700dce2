"""No parser sees a workbook that could harm it; each refusal says why."""

import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import SurveyError
from pipeline.returns.guard import guard_workbook, read_regular
from pipeline.settings import Caps

SHEET = "xl/worksheets/sheet1.xml"
SHEET_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def plain_workbook() -> bytes:
    """A harmless workbook."""
    made = openpyxl.Workbook()
    for row in range(30):
        made.active.append([row, f"text {row}", "三"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def with_parts(changes: Mapping[str, bytes | str], *, again: tuple[str, ...] = ()) -> bytes:
    """The harmless workbook with parts replaced or added, some of them twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain_workbook())) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts |= {name: p.encode() if isinstance(p, str) else p for name, p in changes.items()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
        for name in again:
            new.fp.flush()
            new.NameToInfo.pop(name)
            new.writestr(name, b"<worksheet/>")
    return stream.getvalue()


def with_cells(*cells: str) -> bytes:
    """The harmless workbook with one sheet of these XML cells."""
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    return with_parts({SHEET: f"{SHEET_HEAD}<sheetData>{rows}</sheetData></worksheet>"})


def cell(place: str, quote: str = '"') -> str:
    return f"<c r={quote}{place}{quote} t={quote}n{quote}><v>1</v></c>"


def lying(part: str, declared: int) -> bytes:
    """A workbook that declares less for a part than it unpacks to, with a fitting checksum."""
    content = bytearray(with_parts({part: b"A" * 100_000}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo(part)
    checksum = zlib.crc32(b"A" * declared)
    central = content.rindex(part.encode()) - 46
    struct.pack_into("<I", content, info.header_offset + 14, checksum)
    struct.pack_into("<I", content, info.header_offset + 22, declared)
    struct.pack_into("<I", content, central + 16, checksum)
    struct.pack_into("<I", content, central + 24, declared)
    return bytes(content)


def encrypted_zip() -> bytes:
    content = bytearray(plain_workbook())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = archive.namelist()[0]
    struct.pack_into("<H", content, content.rindex(name.encode()) - 46 + 8, 1)
    return bytes(content)


def with_changed_byte() -> bytes:
    """One byte of the sheet's packed text is another, as on a bad USB stick."""
    content = bytearray(plain_workbook())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo(SHEET).header_offset + 30 + len(SHEET) + 100
    content[place] ^= 255
    return bytes(content)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED: dict[str, tuple[bytes, str]] = {
    "a bomb of 200 MB": (with_parts({SHEET: b" " * (200 << 20)}), "GUARD-005"),
    "a part that unpacks to more than it declares": (lying("docProps/x.xml", 10), "GUARD-003"),
    "a far cell": (with_cells(cell("A1"), cell("XFD1048576")), "GUARD-007"),
    "a far cell in small letters": (with_cells(cell("A1"), cell("xfd1048576")), "GUARD-007"),
    "a far cell in other quotes": (with_cells(cell("XFD1048576", "'")), "GUARD-007"),
    "a far cell in spaced XML": (
        with_cells('<c s="1"\n r = "XFD1048576"><v>1</v></c>'),
        "GUARD-007",
    ),
    "a column beyond the last": (with_cells(cell("A9999"), cell("ZZZZZ1")), "GUARD-007"),
    "a far row": (
        with_parts({SHEET: f'{SHEET_HEAD}<sheetData><row r="1048576">{cell("XFD1")}</row>'}),
        "GUARD-007",
    ),
    "a part twice": (with_parts({}, again=(SHEET,)), "GUARD-006"),
    "a part outside": (with_parts({"../../etc/passwd": b"x"}), "GUARD-006"),
    "an absolute part": (with_parts({"/etc/passwd": b"x"}), "GUARD-006"),
    "names that differ by case": (with_parts({"XL/workbook.xml": b"<x/>"}), "GUARD-006"),
    "3,000 parts": (with_parts({f"xl/p{n}.bin": b"" for n in range(3000)}), "GUARD-006"),
    "a document type": (
        with_parts({SHEET: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'}),
        "GUARD-008",
    ),
    "a part in UTF-16": (with_parts({SHEET: SHEET_HEAD.encode("utf-16")}), "GUARD-006"),
    "a part in EBCDIC": (with_parts({SHEET: SHEET_HEAD.encode("cp037")}), "GUARD-006"),
    "a password": (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "GUARD-004"),
    "an encrypted part": (encrypted_zip(), "GUARD-004"),
    "an old Excel file": (OLE + b"\0" * 500, "GUARD-003"),
    "another archive": (b"PK\x03\x04" + b"\0" * 100, "GUARD-003"),
    "cut off": (plain_workbook()[:-200], "GUARD-003"),
    "a changed byte": (with_changed_byte(), "GUARD-003"),
    "text": (b"hello", "GUARD-003"),
    "nothing": (b"", "GUARD-003"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_harm_a_parser_is_refused(tmp_path, case):
    """Each kind of hostile or broken workbook has its own reason, found in seconds."""
    content, code = REFUSED[case]
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    start = time.monotonic()
    with pytest.raises(SurveyError) as raised:
        guard_workbook(path)
    assert [problem.code for problem in raised.value.problems] == [code]
    assert raised.value.problems[0].place.file == "form.xlsx"
    assert time.monotonic() - start < 10


ALLOWED: dict[str, bytes] = {
    "a plain workbook": plain_workbook(),
    "1,048,576 formatted empty rows": with_parts(
        {
            SHEET: SHEET_HEAD
            + "<sheetData>"
            + "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(1, 1_048_577))
            + "</sheetData></worksheet>"
        }
    ),
    "a wide row": with_cells(cell("A1"), cell("XFD1")),
    "a long column": with_cells(cell("A1"), cell("B1048576")),
    "a validation over whole columns": with_parts(
        {
            SHEET: SHEET_HEAD + "<sheetData/><dataValidations><dataValidation "
            'sqref="A1:XFD1048576 C1048576"/></dataValidations></worksheet>'
        }
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_what_is_merely_odd_is_let_through(tmp_path, case):
    """Spreadsheet programs write such files by themselves."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(ALLOWED[case])
    assert guard_workbook(path) == ALLOWED[case]


def test_caps_are_settings(tmp_path):
    """A study may allow less or more."""
    path, content = tmp_path / "form.xlsx", plain_workbook()
    path.write_bytes(content)
    for caps, code in [
        (Caps(file_bytes=1000), "GUARD-002"),
        (Caps(members=3), "GUARD-006"),
        (Caps(unpacked_bytes=1000), "GUARD-005"),
        (Caps(cells=50), "GUARD-007"),
    ]:
        with pytest.raises(SurveyError) as raised:
            guard_workbook(path, caps)
        assert raised.value.problems[0].code == code
    assert guard_workbook(path, Caps(cells=90)) == content


def not_regular(kind: str, folder: Path) -> Path:
    path = folder / "file"
    (folder / "real").write_bytes(b"x")
    match kind:
        case "a link":
            path.symlink_to(folder / "real")
        case "a pipe":
            os.mkfifo(path)
        case "a folder":
            path.mkdir()
        case "a device":
            return Path("/dev/zero")
        case "a loop":
            path.symlink_to(path)
    return path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize(
    "kind", ["a link", "a pipe", "a folder", "a device", "a loop", "not there"]
)
def test_only_regular_files_are_read(tmp_path, kind):
    """Nothing blocks, and no link is followed."""
    with pytest.raises(SurveyError) as raised:
        read_regular(not_regular(kind, tmp_path), limit=10, shown="file")
    assert [problem.code for problem in raised.value.problems] == ["GUARD-001"]


def test_a_file_is_read_up_to_its_limit(tmp_path):
    """Ten bytes pass a limit of ten; eleven do not."""
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    assert read_regular(path, limit=10, shown="file") == b"0123456789"
    with pytest.raises(SurveyError):
        read_regular(path, limit=9, shown="file")
