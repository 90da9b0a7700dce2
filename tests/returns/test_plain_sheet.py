"""A plain sheet reads as calamine reads it, cell by cell; any other is left to calamine."""

import io
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.returns.plain_sheet import lookups, read_plain
from pipeline.returns.sheet_cells import NotPlainError, blocks
from pipeline.returns.sheets import Sheet, _of_plain, _parsed, _workbook
from tests.returns.test_fuzz import mutated
from tests.returns.test_guard import SHEET, SHEET_HEAD, with_parts

TEXTS = [
    "yes", "", " blank ", "0", "民國一百年", "a &amp; b", "&lt;tag&gt;", "&#30333;&#x4e2d;", "x_y",
    "&quot;", "&nbsp;", "& b", "line\nbreak", "line\r\nbreak", "\u00a0", "𠀀", "1_x005F_",
]  # fmt: skip
NUMBERS = [
    "34", "0", "-5", "34.0", "0.5", "-0.5", "0.10000000000000001", "1E3", "1e-7", "007", "-0",
    "0.0001", "0.00001", "123456789012345", "1234567890123456", "999999999999999.9", "1.50",
    "12345.678901234", "1e999", "", ".5", "5.", "x", "1_000", "nan", "inf", "+5", " 5", "0x10", "-",
    "1.2.3", "３",
]  # fmt: skip
KEPT = b' xml:space="preserve"'
SHARED = b"".join(
    b"<si><t%b>%b</t></si>" % (space, text)
    for text, space in (
        (b"yes", b""), (b"no", KEPT), (b"", b""), (b"", KEPT), (b"a &amp; b", b""),
        (b" both ", KEPT),
    )
)  # fmt: skip
STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="2"/></cellXfs></styleSheet>'
)
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(sheet: str | bytes, shared: bytes = SHARED) -> bytes:
    """A workbook of one sheet with shared texts and three styles, the second a date."""
    with zipfile.ZipFile(io.BytesIO(with_parts({}))) as archive:
        types = archive.read("[Content_Types].xml").decode()
        links = archive.read("xl/_rels/workbook.xml.rels").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    about = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    link = (
        '<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    return with_parts(
        {
            SHEET: sheet,
            "xl/sharedStrings.xml": b"<sst %b>%b</sst>" % (NAMESPACE.encode(), shared),
            "xl/styles.xml": STYLES,
            "[Content_Types].xml": types.replace("</Types>", about),
            "xl/_rels/workbook.xml.rels": links.replace("</Relationships>", link),
        }
    )


def sheet(*rows: str) -> str:
    """A sheet's XML of these rows."""
    return f"{SHEET_HEAD}<sheetData>{''.join(rows)}</sheetData></worksheet>"


def by_plain(content: bytes) -> Sheet | None:
    """The sheet as the plain reader has it.

    Raises:
        NotPlainError: it leaves the sheet to calamine.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name) for name in ("xl/sharedStrings.xml", "xl/styles.xml", SHEET)]
    return _of_plain("s", read_plain(parts[2], lookups(*parts[:2]), cells=10_000_000))


def by_calamine(content: bytes) -> Sheet | None:
    """The sheet as calamine has it."""
    with _workbook(content, "") as book:
        return _parsed(book, book.sheet_names[0], "")


def texts_of(read: Sheet | None) -> list[tuple[object, ...]]:
    """Row number and texts of every row, headings first; blanks at the right are left off."""
    if read is None:
        return []
    lines = [(1, *(heading or None for heading in read.headings))]
    cells = read.cells.astype(object).where(read.cells.notna(), None)
    lines += [
        (int(row), *line)
        for row, line in zip(read.rows, cells.itertuples(index=False), strict=True)
    ]
    width = max((at for line in lines for at, v in enumerate(line, 1) if v is not None), default=0)
    return [line[:width] for line in lines if any(v is not None for v in line[1:])]


def agree(content: bytes) -> bool:
    """Whether the sheet is plain; it is an error if the two then differ."""
    try:
        plain = by_plain(content)
    except NotPlainError:
        return False
    assert texts_of(plain) == texts_of(by_calamine(content))
    return True


@st.composite
def sheets(draw) -> str:
    """Sheets as Excel, LibreOffice, openpyxl and xlsxwriter write them, with oddities."""
    made, number = [], 0
    for _ in range(draw(st.integers(0, 4))):
        number += draw(st.integers(1, 3))
        column, cells = 0, []
        for _ in range(draw(st.integers(0, 4))):
            column += draw(st.sampled_from([1, 1, 1, 2, 25]))
            place = chr(64 + column) if column <= 26 else f"A{chr(64 + column - 26)}"
            if column > 52:
                break
            cells.append(draw(one_cell(f"{place}{number}")))
        made.append(f'<row r="{number}" spans="1:4">{"".join(cells)}</row>')
    return sheet(*made)


@st.composite
def one_cell(draw, place: str) -> str:
    style = draw(st.sampled_from(["", "", ' s="0"', ' s="2"', ' s="1"', ' s="9"']))
    kind = draw(st.sampled_from(["n", "n", "none", "s", "str", "inlineStr", "blank"]))
    text, number = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(NUMBERS))
    head = f'<c r="{place}"{style}'
    match kind:
        case "n":
            return f'{head} t="n"><v>{number}</v></c>'
        case "none":
            return f"{head}><v>{number}</v></c>"
        case "s":
            return f'{head} t="s"><v>{draw(st.sampled_from([0, 1, 2, 3, 4, 5, 99]))}</v></c>'
        case "str":
            return f'{head} t="str"><v>{text}</v></c>'
        case "inlineStr":
            space = draw(st.sampled_from(["", ' xml:space="preserve"']))
            return f'{head} t="inlineStr"><is><t{space}>{text}</t></is></c>'
        case _:
            return draw(st.sampled_from([f"{head}/>", f"{head}></c>", f"{head}><v/></c>"]))


COMMON = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@COMMON
@given(made=sheets())
def test_any_sheet_reads_as_calamine_reads_it(made):
    agree(workbook(made))


WHOLE = sheet(
    '<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="s"><v>0</v></c></row>',
    '<row r="2"><c r="A2" t="str"><v>AB01</v></c><c r="B2" s="2"><v>34</v></c></row>',
    '<row r="3"><c r="A3" t="inlineStr"><is><t>a</t></is></c><c r="B3"><v>3.5</v></c></row>',
)


@COMMON
@given(made=mutated(WHOLE.encode()))
def test_a_damaged_sheet_is_read_as_calamine_reads_it_or_left_to_it(made):
    """Pieces lost, doubled or overwritten: what calamine refuses, the plain reader leaves to it."""
    content = workbook(made)
    try:
        by_calamine(content)
    except SurveyError:
        with pytest.raises(NotPlainError):
            by_plain(content)
    else:
        agree(content)


PLAIN = {
    "numbers": '<row r="1"><c r="A1"><v>34</v></c><c r="B1" t="n"><v>1E3</v></c></row>',
    "texts": '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="s"><v>1</v></c></row>',
    "own texts": '<row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; b</t></is></c></row>',
    "gaps": '<row r="1"><c r="B1"><v>1</v></c></row><row r="7"/><row r="9"><c r="D9"/></row>',
    "blanks": '<row r="2"><c r="A2" s="1"/><c r="B2" s="1"><v/></c><c r="C2"></c></row>',
    "nothing": "",
}
NOT_PLAIN = {
    "a formula": '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
    "a date": '<row r="1"><c r="A1" s="1"><v>40787</v></c></row>',
    "a truth value": '<row r="1"><c r="A1" t="b"><v>1</v></c></row>',
    "an error": '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>',
    "several fonts": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    "a cell without a name": '<row r="1"><c><v>1</v></c></row>',
    "a prefix": '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
    "a cell twice": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "rows out of order": '<row r="2"><c r="A2"/></row><row r="1"><c r="A1"/></row>',
    "a cell outside rows": '<row r="1"></row><c r="A2"><v>1</v></c>',
    "a row in a row": '<row r="1"><row r="2"><c r="A2"/></row></row>',
    "a comment": '<row r="1"><!-- x --><c r="A1"><v>1</v></c></row>',
    "words between cells": '<row r="1">x<c r="A1"><v>1</v></c></row>',
    "space between cells": '<row r="1">\n<c r="A1"><v>1</v></c></row>',
    "an escaped character": '<row r="1"><c r="A1" t="str"><v>_x0000_</v></c></row>',
    "a text that is not there": '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
    "no number": '<row r="1"><c r="A1"><v>x</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("rows", PLAIN.values(), ids=PLAIN)
def test_numbers_and_texts_are_plain(rows):
    assert agree(workbook(sheet(rows)))


@pytest.mark.parametrize("rows", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_whatever_else_there_is_makes_a_sheet_that_is_not_plain(rows):
    with pytest.raises(NotPlainError):
        by_plain(workbook(sheet(rows)))


@pytest.mark.parametrize(
    "shared",
    [
        b"<si><r><t>a</t></r></si>",
        "<si><t>東</t><rPh sb='0' eb='1'><t>a</t></rPh></si>".encode(),
        b"<si><t> blanks that XML takes off </t></si>",
    ],
    ids=["several fonts", "a reading above it", "blanks"],
)
def test_shared_texts_that_are_more_than_text_are_left_to_calamine(shared):
    with pytest.raises(NotPlainError):
        by_plain(workbook(sheet(PLAIN["numbers"]), shared))


def test_cells_of_many_blocks_keep_their_places():
    """Rows of another width, and columns that only one block has, after a million bytes."""
    rows = [
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>'
        + (
            f'<c r="C{n}" t="str"><v>late</v></c>'
            if n > 29_990
            else f'<c r="B{n}" t="s"><v>1</v></c>'
        )
        + "</row>"
        for n in range(1, 30_001)
    ]
    made = sheet(*rows)
    assert len(list(blocks(made.encode()))) > 1
    assert agree(workbook(made))


def test_texts_are_pandas_own():
    read = by_plain(workbook(WHOLE))
    assert read is not None
    assert read.headings == ("code", "yes")
    expected = pd.DataFrame({0: ["AB01", "a"], 1: ["34", "3.5"]}, dtype=read.cells[0].dtype)
    pd.testing.assert_frame_equal(read.cells, expected)
    assert list(read.rows) == [2, 3]
