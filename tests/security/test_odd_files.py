"""Files as they come in the mail, hostile or merely odd, on the whole road from receipt to tables.

All of them come at once, and each sound return among them is read as if nothing lay beside it. The
rows of the table "hostile and merely messy files", on which the readers were built, come first.
"""

import gzip
import io
import os
import socket
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.returns.receive import Receipt
from pipeline.study import Study, open_study
from pipeline.workflow.returned import process, receive, verify
from tests.returns.conftest import written
from tests.returns.test_guard import SHEET, SHEET_HEAD, plain_workbook, with_cells, with_parts

FORM = """\
form_id: household
version: "2"
title: SYNTHETIC household
choices:
  water: [{name: well, label: Well}, {name: tap, label: Tap}]
survey:
  - {name: age, type: integer, label: Age}
  - {name: seen_on, type: date, label: Seen on}
  - {name: remark, type: text, label: Remark}
  - {name: water, type: select_multiple water, label: Water}
"""


def row(key: str, *, age: str = "5", seen_on: str = "", remark: str = "hello") -> str:
    return f"_uuid,age,seen_on,remark,water\n{key},{age},{seen_on},{remark},well\n"


def sheet(*rows: tuple[object, ...], change: Mapping[str, str] | None = None) -> bytes:
    """A table of `_uuid`, age and remark with some of its XML replaced."""
    book = openpyxl.Workbook()
    for cells in (("_uuid", "age", "remark"), *rows):
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    if not change:
        return stream.getvalue()
    made = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for before, after in change.items():
                text = text.replace(before, after)
            new.writestr(name, text)
    return made.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def submission(inside: str, key: str) -> str:
    meta = f"<meta><instanceID>uuid:{key}</instanceID></meta>"
    return f'<data id="household" version="2">{inside}{meta}</data>'


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"a\n1\n"))
    return made.getvalue()


def strict() -> bytes:
    """As Excel saves a "Strict Open XML Spreadsheet"."""
    plain = "http://schemas.openxmlformats.org"
    return sheet(
        ("strict", 37, "s"),
        change={
            f"{plain}/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
            f"{plain}/officeDocument/2006/relationships": (
                "http://purl.oclc.org/ooxml/officeDocument/relationships"
            ),
        },
    )


EMPTY_ROWS = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(3, 1_048_577))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACOS = {
    "__MACOSX/._form.xlsx": b"\0\x05\x16\x07" + bytes(50),
    ".DS_Store": b"\0\0\0\1Bud1" + bytes(9),
}

READ: dict[str, tuple[str | bytes, dict[str, object]]] = {
    "dimension.xlsx": (
        sheet(("dimension", 34, "x"), change={'ref="A1:C2"': 'ref="A1"'}),
        {"age": 34, "remark": "x"},
    ),
    "formatted.xlsx": (
        sheet(("formatted", 35, "y"), change={"</sheetData>": f"{EMPTY_ROWS}</sheetData>"}),
        {"age": 35, "remark": "y"},
    ),
    "formula.csv": (row("formula", remark="=1+1"), {"remark": "=1+1"}),
    "float.xlsx": (sheet(("float", 34.0, "34.0")), {"age": 34, "remark": "34.0"}),
    "full_width.csv": (row("full_width", age="３４"), {"age": 34}),
    "underscore.csv": (row("underscore", age="1_000"), {"age": None}),
    "infinite.csv": (row("infinite", age="inf"), {"age": None}),
    "minguo.csv": (row("minguo", seen_on="民國100年3月5日"), {"seen_on": "2011-03-05"}),
    "minguo_short.csv": (row("minguo_short", seen_on="100/3/5"), {"seen_on": "2011-03-05"}),
    "ambiguous.csv": (row("ambiguous", seen_on="02/03/2011"), {"seen_on": None}),
    "bond.csv": (row("bond", remark="007"), {"remark": "007"}),
    "named_na.csv": (row("named_na", remark="NA"), {"remark": "NA"}),
    "nul.xlsx": (sheet(("nul", 1, "a_x0000_b")), {"remark": "ab"}),
    "escaped.xlsx": (sheet(("escaped", 1, "_x005F_x0041_")), {"remark": "_x0041_"}),
    "hidden.xlsx": (
        sheet(("hidden", 36, "z"), change={'<row r="2"': '<row r="2" hidden="1"'}),
        {"age": 36},
    ),
    "very_hidden.xlsx": (
        sheet(("very_hidden", 38, "v"), change={'state="visible"': 'state="veryHidden"'}),
        {"age": 38},
    ),
    "strict.xlsx": (strict(), {"age": 37}),
    "no_ending": (row("no_ending"), {"age": 5}),
    "semicolon.csv": (row("semicolon").replace(",", ";"), {"remark": "hello"}),
    "tab.tsv": (row("tab").replace(",", "\t"), {"remark": "hello"}),
    "signature.csv": ("\ufeff" + row("signature"), {"remark": "hello"}),
    "old_mac.csv": (row("old_mac").replace("\n", "\r"), {"remark": "hello"}),
    "new\nline.csv": (row("new_line"), {"age": 5}),
    "\u202evsc.exe.csv": (row("turned"), {"age": 5}),
    "😀.csv": (row("smile"), {"age": 5}),
    "x" * 251 + ".csv": (row("long_name"), {"age": 5}),
    "style.xml": (
        '<?xml version="1.0"?><?xml-stylesheet href="http://example.org/y.xsl"?>'
        + submission("<age>6</age>", "style"),
        {"age": 6},
    ),
    "include.xml": (
        submission(
            '<age>7</age><remark xmlns:xi="http://www.w3.org/2001/XInclude">'
            '<xi:include href="/etc/passwd" parse="text"/></remark>',
            "include",
        ),
        {"age": 7, "remark": None},
    ),
    "control.csv": (row("control", remark="a\x07b\x1bc"), {"remark": "abc"}),
}
"""What is read: its bytes, and answers of its one response."""

UNRECOGNISED: dict[str, tuple[str | bytes, str]] = {
    "bomb.xlsx": (with_parts({SHEET: b" " * (200 << 20)}), "far larger than a filled-in form"),
    "far.xlsx": (with_cells('<c r="XFD1048576"><v>1</v></c>'), "cells span"),
    "entity.xml": (
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + submission("&e;", "e"),
        "document type declaration",
    ),
    "shared_entity.xlsx": (
        with_parts({"xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'}),
        "document type declaration",
    ),
    "deep.xml": (
        f'<data id="household">{"<a>" * 100_000}{"</a>" * 100_000}</data>',
        "no well-formed XML",
    ),
    "deep.xlsx": (
        with_parts({SHEET: f"{SHEET_HEAD}{'<row>' * 9_000}{'</row>' * 9_000}</worksheet>"}),
        "headings",
    ),
    "twice.xlsx": (with_parts({}, again=(SHEET,)), "no spreadsheet program writes"),
    "outside.xlsx": (with_parts({"../../x.xml": "<a/>"}), "no spreadsheet program writes"),
    "cut.xlsx": (plain_workbook()[:3_000], "damaged on its way"),
    "password.xlsx": (OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "returns.zip": (zipped({"a.csv": row("packed")}), "Unpack it"),
    "nested.zip": (zipped({"a.zip": zipped({"a.csv": row("packed")})}), "Unpack it"),
    "packed.csv.gz": (gzip.compress(row("packed").encode()), "Unpack it"),
    "packed.tar": (tarred(), "Unpack it"),
    "packed.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(50), "Unpack it"),
    "packed.rar": (b"Rar!\x1a\x07\0" + bytes(50), "Unpack it"),
    "letter.xlsx": (
        zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
        "text doc",
    ),
    "letter.ods": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        "text document",
    ),
    "old_letter.xls": (OLE + bytes(500) + "WordDocument".encode("utf-16-le"), "old Word"),
    "old_macro.xls": (OLE + bytes(500) + "_VBA_PROJECT".encode("utf-16-le"), "cannot be opened"),
    "binary.xlsb": (
        zipped({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b"\x83\x01\0"}),
        "binary workbook",
    ),
    "web.xls": ("<html><body><table><tr><td>age</td></tr></table></body></html>", "web page"),
    "web_typed.xls": ("<!DOCTYPE html><html><body>age</body></html>", "web page"),
    "xml_2003.xls": (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "saved as XML",
    ),
    "scan.pdf": (b"%PDF-1.4\n%\xe2\xe3\n", "This is a PDF"),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(99), "This is a picture"),
    "program.csv": (b"MZ\x90\0" + bytes(99), "Do not start it"),
    "data.json": ('[{"_uuid": "k", "age": 5}]', "This is JSON"),
    "data.sav": (b"$FL2@(#) SPSS" + bytes(99), "SPSS file"),
    "data.db": (b"SQLite format 3\0" + bytes(99), "database"),
    "~$form.xlsx": (b"\x05admin" + b" " * 49 + b"\x05\0" + b"a\0" * 54, "Close the workbook"),
    **{name: (content, "Apple computer") for name, content in MACOS.items()},
    "utf16.csv": (row("utf16").encode("utf-16"), "Unicode text"),
    "utf16_bare.csv": (row("utf16").encode("utf-16-le"), "Unicode text"),
    "utf16.xml": (submission("", "u").encode("utf-16"), "Unicode text"),
    "utf7.xml": (
        '<?xml version="1.0" encoding="UTF-7"?>' + submission("", "u"),
        "not XML in UTF-8",
    ),
    "big5.csv": (row("big5", remark="難民").encode("big5"), "not written in UTF-8"),
    "cp950.csv": (row("cp950", remark="碁銹").encode("cp950"), "not written in UTF-8"),
    "shift_jis.csv": (row("sjis", remark="日本語").encode("shift_jis"), "not written in UTF-8"),
    "gb.csv": (row("gb", remark="难民").encode("gb18030"), "not written in UTF-8"),
    "nuls.csv": (row("nuls", remark="he\0llo"), "not written in UTF-8"),
    "zeros.csv": (bytes(5_000), "nothing but zeros"),
    "blank.csv": ("\n\n  \n", "no headings"),
    "nothing.csv": ("", "The file is empty"),
    "mail.eml": ("From: a@example.org\nTo: b@example.org\n\nHello\n", "not the question names"),
}
"""What is kept in raw/unrecognised/, and words of the reason."""

SET_ASIDE: dict[str, tuple[str | bytes, str]] = {
    "unclosed.csv": (
        row("unclosed", remark='"hello').replace("well", "well\nk,6"),
        "rows have more",
    ),
    "long.csv": (row("long", remark="x" * 2_000_000), "characters"),
}
"""What is received by its headings, and cannot be read: the file is an issue with its reason."""


@dataclass(frozen=True, eq=False)
class Road:
    study: Study
    receipts: dict[str, Receipt]
    main: pd.DataFrame
    issues: pd.DataFrame


@pytest.fixture(scope="module")
def road(tmp_path_factory) -> Road:
    """Everything received at once, and processed."""
    folder = tmp_path_factory.mktemp("odd")
    root, stick = folder / "study", folder / "stick"
    written(root / "instruments", {"study.yaml": "title: SYNTHETIC\n", "household.yaml": FORM})
    files = {name: content for name, (content, _) in (READ | UNRECOGNISED | SET_ASIDE).items()}
    written(stick, files)
    for hazard in ("loop", "dangling"):
        (stick / hazard).symlink_to(stick if hazard == "loop" else "nowhere")
    if os.name == "posix":
        os.mkfifo(stick / "pipe.csv")
        with socket.socket(socket.AF_UNIX) as made:
            here = Path.cwd()
            os.chdir(stick)  # a socket's path may be a hundred characters long, no more
            made.bind("socket.csv")
            os.chdir(here)
        with (stick / "sparse.csv").open("wb") as sparse:
            sparse.truncate(300 << 20)
    study = open_study(root)
    receipts = receive(study, [stick], None)
    process(study)
    main, issues = (
        pd.read_parquet(study.processed / "household" / f"{table}.parquet")
        for table in ("responses", "issues")
    )
    by_name = {receipt.file.removeprefix("stick/"): receipt for receipt in receipts}
    return Road(study, by_name, main, issues)


def shown(name: str) -> str:
    """As a receipt names the file."""
    return name.replace("\n", "_")


def test_every_file_ends_somewhere(road):
    """None is lost and none is there twice; raw/ is as it was received."""
    given = {shown(name) for name in (*READ, *UNRECOGNISED, *SET_ASIDE)}
    hazards = {"loop", "dangling", "pipe.csv", "socket.csv", "sparse.csv"}
    assert road.receipts.keys() - hazards == given
    assert verify(road.study) == len(given)


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_as_it_was_meant(road, name):
    receipt = road.receipts[shown(name)]
    assert receipt.outcome == "received", receipt.reason
    [(_, answers)] = road.main[road.main["source_file"] == receipt.stored].iterrows()
    found = {question: answers[question] for question in READ[name][1]}
    plain = {
        question: None if pd.isna(value) else str(value.date()) if question == "seen_on" else value
        for question, value in found.items()
    }
    assert plain == READ[name][1]


@pytest.mark.parametrize("name", UNRECOGNISED)
def test_what_cannot_is_kept_with_a_reason(road, name):
    receipt = road.receipts[shown(name)]
    assert receipt.outcome == "unrecognised"
    assert UNRECOGNISED[name][1] in receipt.reason
    assert receipt.stored is not None
    assert receipt.stored.startswith("raw/unrecognised/")


@pytest.mark.parametrize("name", SET_ASIDE)
def test_what_only_looks_like_a_table_is_set_aside(road, name):
    receipt = road.receipts[shown(name)]
    assert receipt.outcome == "received"
    issues = road.issues[road.issues["source_file"] == receipt.stored]
    assert list(issues["code"]) == ["unreadable_file"]
    assert SET_ASIDE[name][1] in issues["message"].iloc[0]
    assert "hello" not in issues["message"].iloc[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("loop", "it is a link"),
        ("dangling", "it is a link"),
        ("pipe.csv", "pipe"),
        ("socket.csv", "cannot be opened as a file"),
        ("sparse.csv", "larger than 256 MB"),
    ],
)
def test_what_is_no_file_is_refused(road, name, reason):
    receipt = road.receipts[name]
    assert (receipt.outcome, receipt.stored) == ("refused", None)
    assert reason in receipt.reason


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("underscore.csv", "age"),
        ("infinite.csv", "age"),
        ("ambiguous.csv", "seen_on"),
    ],
)
def test_what_is_not_understood_is_an_issue_and_no_guess(road, name, question):
    stored = road.receipts[name].stored
    issues = road.issues[road.issues["source_file"] == stored]
    assert question in set(issues["question"])


def test_a_formula_that_was_never_calculated_is_told(tmp_path):
    """Its answer is missing, and the issue says what to do."""
    root = tmp_path / "study"
    written(root / "instruments", {"study.yaml": "title: SYNTHETIC\n", "household.yaml": FORM})
    content = sheet(("formula", 1, "x"), change={"<v>1</v>": "<f>1+1</f>"})
    paths = written(tmp_path / "in", {"formula.xlsx": content})
    study = open_study(root)
    receive(study, paths, None)
    process(study)
    issues = pd.read_parquet(study.processed / "household/issues.parquet")
    told = issues[issues["code"] == "formula_cells"]
    assert "Where none was calculated the answer is missing" in told["message"].iloc[0]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder into which any account may go; pytest's own are closed."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can be somebody else")
def test_a_file_that_may_not_be_read_is_refused_and_the_next_is_received(open_folder):
    tmp_path = open_folder
    root, stick = tmp_path / "study", tmp_path / "stick"
    written(root / "instruments", {"study.yaml": "title: SYNTHETIC\n", "household.yaml": FORM})
    (root / "raw").mkdir()
    paths = written(stick, {"a.csv": row("a"), "b.csv": row("b")})
    for path in (tmp_path, root, root / "raw", stick, paths[1]):
        path.chmod(0o777)
    paths[0].chmod(0)
    receive(open_study(root), [], None)  # the process that parses files is started as root
    os.seteuid(65_534)
    try:
        receipts = receive(open_study(root), paths, None)
    finally:
        os.seteuid(0)
    assert [receipt.outcome for receipt in receipts] == ["refused", "received"]
    assert "Permission denied" in receipts[0].reason
