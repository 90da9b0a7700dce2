"""What Excel 2010 refuses, looked for in the parts of an .xlsx file.

Excel cannot be run here, so every limit that a form could run into is checked on the file itself.
Source: Microsoft, "Excel specifications and limits"; [MS-OI29500] 2.1.613 and 2.1.730 for the
texts of validations and the names of sheets; [MS-XLSB] 2.2.2 for the size of a parsed formula.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

FORMULA, LITERAL, NESTED, ARGUMENTS, PARSED_BYTES = 8192, 255, 64, 255, 16_384
RULE, RULE_TITLE, RULE_ERROR, RULE_PROMPT = 255, 32, 224, 255
CELL_TEXT, LINK, HEADER = 32_767, 255, 255
SHEET_NAME, DEFINED_NAME, LAST_COLUMN, LAST_ROW = 31, 255, 16_384, 1_048_576
ROW_POINTS, COLUMN_WIDTH, STYLES, FONTS = 409.0, 255.0, 64_000, 512

EXCEL_2010 = frozenset(
    """
    ABS AND CHAR CHOOSE COUNT COUNTA COUNTIF DATE DATEVALUE DAY EXACT FALSE FIND HYPERLINK IF
    IFERROR INDEX INT ISERROR ISNUMBER ISTEXT LEFT LEN LOWER MATCH MAX MID MIN MOD MONTH N NOT
    NOW OR POWER REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SIGN SQRT SUBSTITUTE SUM SUMPRODUCT T
    TEXT TIME TIMEVALUE TODAY TRIM TRUE TRUNC UPPER VALUE WEEKDAY YEAR EXP LN LOG10 SIN COS TAN
    ASIN ACOS ATAN ATAN2 PI HOUR MINUTE SECOND
    """.split()  # noqa: SIM905 - a list of words reads better than a list of texts
)
"""Functions that forms use; each is in Excel 2010, and in LibreOffice under the same meaning."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_QUOTED_SHEET = re.compile(r"'(?:[^']|'')+'!")
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?![0-9A-Za-z_(])")
_TOKEN = re.compile(
    r"(?P<ref>\$?[A-Z]{1,3}\$?[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_.]*)"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?)|(?P<other>\S)"
)
_NAME = re.compile(r"[A-Za-z_\\][A-Za-z0-9_.\\]*")
_CELL_LIKE = re.compile(r"(?i)[a-z]{1,3}[0-9]+|r[0-9]*c?[0-9]*|c[0-9]*")
_ODD_SHEET_MARKS = frozenset("[]:*?/\\")


def broken_limits(workbook: bytes) -> Iterator[str]:
    """Every limit that a workbook breaks: part, place and limit; nothing where it keeps to all."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/sheet"):
                yield from _at(part, _sheet(etree.fromstring(archive.read(part))))
            elif part == "xl/workbook.xml":
                yield from _at(part, _workbook(etree.fromstring(archive.read(part))))
            elif part == "xl/styles.xml":
                yield from _at(part, _styles(etree.fromstring(archive.read(part))))
            elif part == "xl/sharedStrings.xml":
                strings = etree.fromstring(archive.read(part)).iter(f"{_MAIN}si")
                yield from _at(part, _too_long("text", map(_content, strings), CELL_TEXT))
            elif part.endswith(("vbaProject.bin", "externalLink1.xml", "connections.xml")):
                yield f"{part}: macros or links to elsewhere"


def _at(part: str, found: Iterator[str]) -> Iterator[str]:
    return (f"{part}: {one}" for one in found)


def _workbook(book: Any) -> Iterator[str]:
    names = [sheet.get("name") for sheet in book.iter(f"{_MAIN}sheet")]
    for name in names:
        if not 1 <= _units(name) <= SHEET_NAME or set(name) & _ODD_SHEET_MARKS:
            yield f"name of a sheet: {name}"
        if name.startswith("'") or name.endswith("'") or name.casefold() == "history":
            yield f"name of a sheet: {name}"
    yield from _alike("sheet", names)
    defined = list(book.iter(f"{_MAIN}definedName"))
    own = [one.get("name") for one in defined if one.get("localSheetId") is None]
    yield from _alike("defined name", own)
    for one in defined:
        name = one.get("name")
        built_in = name.startswith("_xlnm.")
        plain = _NAME.fullmatch(name) and not _CELL_LIKE.fullmatch(name)
        if not built_in and (len(name) > DEFINED_NAME or not plain):
            yield f"defined name {name}"
        yield from (f"{name}: {fault}" for fault in formula_faults(one.text or ""))


def _sheet(sheet: Any) -> Iterator[str]:
    yield from _cells(sheet)
    yield from _measures(sheet)
    yield from _validations(sheet)
    yield from _formats(sheet)


def _cells(sheet: Any) -> Iterator[str]:
    for cell in sheet.iter(f"{_MAIN}c"):
        formula = cell.find(f"{_MAIN}f")
        if formula is not None:
            if formula.get("t") in ("array", "dataTable"):
                yield f"{cell.get('r')}: array formula"
            yield from (f"{cell.get('r')}: {one}" for one in formula_faults(formula.text or ""))
        elif _units(_content(cell)) > CELL_TEXT:
            yield f"{cell.get('r')}: text longer than {CELL_TEXT}"


def _measures(sheet: Any) -> Iterator[str]:
    for row in sheet.iter(f"{_MAIN}row"):
        if float(row.get("ht", 0)) > ROW_POINTS or int(row.get("r")) > LAST_ROW:
            yield f"row {row.get('r')}: higher than {ROW_POINTS}"
    for column in sheet.iter(f"{_MAIN}col"):
        if float(column.get("width", 0)) > COLUMN_WIDTH or int(column.get("max")) > LAST_COLUMN:
            yield f"column {column.get('min')}: wider than {COLUMN_WIDTH}"
    for link in sheet.iter(f"{_MAIN}hyperlink"):
        yield from _too_long("link", [link.get("location", ""), link.get("display", "")], LINK)
    for footer in sheet.iter(f"{_MAIN}oddHeader", f"{_MAIN}oddFooter"):
        yield from _too_long("header or footer", [footer.text or ""], HEADER)


def _validations(sheet: Any) -> Iterator[str]:
    for check in sheet.iter(f"{_MAIN}dataValidation"):
        place = f"validation of {check.get('sqref')[:20]}"
        titles = [check.get(name, "") for name in ("errorTitle", "promptTitle")]
        found = [
            *_too_long("title", titles, RULE_TITLE),
            *_too_long("error", [check.get("error", "")], RULE_ERROR),
            *_too_long("prompt", [check.get("prompt", "")], RULE_PROMPT),
        ]
        for name in ("formula1", "formula2"):
            formula = check.findtext(f"{_MAIN}{name}") or ""
            found += [*_too_long(name, [formula], RULE), *formula_faults(formula)]
            found += ["names another sheet"] * ("!" in _TEXT.sub("", formula))
        yield from (f"{place}: {one}" for one in found)


def _formats(sheet: Any) -> Iterator[str]:
    for formula in sheet.iter(f"{_MAIN}cfRule"):
        for text in formula.iter(f"{_MAIN}formula"):
            found = list(formula_faults(text.text or ""))
            found += ["names another sheet"] * ("!" in _TEXT.sub("", text.text or ""))
            yield from (f"conditional format: {one}" for one in found)


def _styles(styles: Any) -> Iterator[str]:
    for tag, most in (("cellXfs", STYLES), ("fonts", FONTS)):
        if len(styles.find(f"{_MAIN}{tag}")) > most:
            yield f"more than {most} of {tag}"


def formula_faults(formula: str) -> Iterator[str]:
    """What Excel 2010 would not take of one formula, as the file spells it, without `=`."""
    yield from _too_long("formula", [formula], FORMULA)
    texts = [text[1:-1].replace('""', '"') for text in _TEXT.findall(formula)]
    yield from _too_long("text in a formula", texts, LITERAL)
    code = _QUOTED_SHEET.sub("", _TEXT.sub('""', formula))
    unknown = sorted(set(_CALL.findall(code)) - EXCEL_2010)
    if unknown:
        yield f"functions that Excel 2010 does not have: {', '.join(unknown)}"
    if re.search(r"_xl|[{}@]|\d#", code):
        yield "spelling of a later Excel"
    deepest, most = _shape(code)
    if deepest > NESTED:
        yield f"nested {deepest} deep"
    if most > ARGUMENTS:
        yield f"{most} arguments"
    if any(_column(letters) > LAST_COLUMN for letters, _ in _CELL.findall(code)):
        yield "a cell beyond the last column"
    if len(formula) > PARSED_BYTES // 4 and _parsed_bytes(code, texts) > PARSED_BYTES:
        yield f"more than {PARSED_BYTES} bytes once parsed"


def _shape(code: str) -> tuple[int, int]:
    """How deep calls and brackets nest, and the most arguments of one of them."""
    open_, deepest, most = [1], 0, 1
    for mark in re.findall(r"[(),]", code):
        if mark == "(":
            open_.append(1)
            deepest = max(deepest, len(open_) - 1)
        elif mark == ")":
            most = max(most, open_.pop())
        else:
            open_[-1] += 1
    return deepest, most


def _parsed_bytes(code: str, texts: list[str]) -> int:
    """An upper estimate of a parsed formula's size: tokens of references, texts, calls, jumps."""
    sizes = {"ref": 11, "name": 12, "number": 9, "other": 1}
    tokens = sum(sizes[str(token.lastgroup)] for token in _TOKEN.finditer(code))
    return tokens + sum(3 + 2 * _units(text) for text in texts)


def _too_long(what: str, texts: Any, most: int) -> Iterator[str]:
    return (f"{what} longer than {most}" for text in texts if _units(text) > most)


def _alike(what: str, names: list[str]) -> Iterator[str]:
    folded = [name.casefold() for name in names]
    return (f"{what} twice: {name}" for name in sorted(set(folded)) if folded.count(name) > 1)


def _units(text: str) -> int:
    """Length as Excel counts it: a character outside the basic plane is two."""
    return len(text.encode("utf-16-le")) // 2


def _content(element: Any) -> str:
    return "".join(element.itertext())


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
