"""Fill in an exported Excel form as a person would: labels from the lists, ticks, dates as text.

Only the answer cells of the workbook change, and formulas lose the values of the empty form;
everything else stays byte for byte what was exported.
"""

import copy
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from pipeline.errors import Place, Problem, SurveyError
from pipeline.forms.excel_file import without_values
from pipeline.forms.excel_keys import ANSWER, KEY, LISTS, PARENT, TYPE, FormMark, key_of
from pipeline.forms.office_file import member
from pipeline.forms.phrases import phrase
from pipeline.spreadsheet_text import in_cell
from pipeline.store import write_bytes

Answers = Mapping[str, "str | Sequence[str] | Sequence[Answers]"]
"""Question -> text or codes; repeat -> one mapping an instance."""

Rows = list[list[Any]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CELL, _VALUE = (f"{{{_MAIN}}}{tag}" for tag in ("c", "v"))
_INLINE, _TEXT = f"{{{_MAIN}}}is", f"{{{_MAIN}}}t"
_NUMERIC = {"integer", "decimal", "range"}
_HEADINGS = 2
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def fill_workbook(template: Path, answers: Answers, target: Path) -> None:
    """Write answers into a copy of an exported form.

    Args:
        template: an Excel form as `write_excel_form` writes it; read once for many copies.
        answers: question -> the answer as `Responses` holds it (choice names, ISO dates), a list
            of choice names for several choices; repeat -> a list of such mappings, each of which
            may hold the repeats inside it. An answer that is in no list is written as it stands.
        target: the .xlsx to write.

    Raises:
        SurveyError: FILL-001 the form has no cell for an answer, FILL-002 a table is full.
    """
    status = template.stat()
    _template(template, status.st_mtime_ns, status.st_size).fill(answers, target)


@lru_cache(maxsize=16)
def _template(path: Path, _modified: int, _size: int) -> "_Template":
    return _read_template(path)


@dataclass
class _Sheet:
    """One answer sheet: where each key's cell stands.

    Attributes:
        cells: (row key, cell key) -> address; row key "" on the question sheet.
        types: question -> XLSForm type.
        rows: row keys of a table from above.
        parents: row key -> address of the cell that names the row of the parent.
    """

    part: str
    table: str
    tree: etree._Element
    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)


@dataclass
class _Template:
    """An exported form, taken apart once."""

    language: str
    members: dict[str, bytes]
    sheets: dict[str, _Sheet]
    labels: dict[str, dict[str, str]]

    def fill(self, answers: Answers, target: Path) -> None:
        writing = _Writing(self, {name: {} for name in self.sheets}, {})
        writing.add("", "", answers, parent="")
        parts = {
            self.sheets[name].part: _with_values(self.sheets[name].tree, values)
            for name, values in writing.values.items()
            if values
        }
        made = BytesIO()
        with zipfile.ZipFile(made, "w", compresslevel=1) as archive:
            for name, data in self.members.items():
                archive.writestr(member(name), parts.get(name, data))
        write_bytes(target, made.getvalue())


@dataclass
class _Writing:
    """The values of one copy: table -> address -> (text, is a number)."""

    template: _Template
    values: dict[str, dict[str, tuple[str, bool]]]
    used: dict[str, int]

    def add(self, table: str, row: str, answers: Answers, *, parent: str) -> None:
        sheet = self.template.sheets[table]
        if parent and row in sheet.parents:
            self.values[table][sheet.parents[row]] = (parent, True)
        for name, answer in answers.items():
            if name in self.template.sheets and not isinstance(answer, str):
                self._add_instances(name, answer, parent=row)
            elif name in sheet.types:
                self._add_answer(sheet, row, name, answer)
            else:
                raise _problem("FILL-001", "The form has no cell for this answer.", name)

    def _add_instances(self, table: str, instances: Sequence[object], *, parent: str) -> None:
        sheet = self.template.sheets[table]
        for instance in instances:
            at = self.used.get(table, 0)
            if at >= len(sheet.rows):
                raise _problem("FILL-002", "The table has no more rows.", table)
            self.used[table] = at + 1
            assert isinstance(instance, Mapping)  # noqa: S101 - `Answers` says so
            self.add(table, sheet.rows[at], instance, parent=parent)

    def _add_answer(self, sheet: _Sheet, row: str, name: str, answer: object) -> None:
        kind, _, list_name = sheet.types[name].partition(" ")
        values = self.values[sheet.table]
        if (row, name) not in sheet.cells:
            codes = answer.split() if isinstance(answer, str) else list(answer)  # type: ignore[call-overload]
            for number, code in enumerate(codes, start=1):
                address = sheet.cells.get((row, key_of(name, code)))
                if address is None:
                    raise _problem("FILL-001", "The form has no cell for this choice.", name)
                ranked = kind == "rank"
                tick = phrase("tick", self.template.language)
                values[address] = (str(number), True) if ranked else (tick, False)
            return
        text = answer if isinstance(answer, str) else " ".join(map(str, answer))  # type: ignore[call-overload]
        if kind == "select_one":
            text = self.template.labels.get(list_name, {}).get(text, text)
        elif kind == "acknowledge" and text == "OK":
            text = phrase("tick", self.template.language)
        is_number = kind in _NUMERIC and _NUMBER.fullmatch(text) is not None
        values[sheet.cells[row, name]] = (text, is_number)


def _problem(code: str, message: str, question: str) -> SurveyError:
    repair = "Fill in a form of the same questionnaire, with as many rows as it has room for."
    return SurveyError([Problem(code, message, repair, Place(question=question))])


def _read_template(path: Path) -> _Template:
    content = path.read_bytes()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {name: without_values(archive.read(name)) for name in archive.namelist()}
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets: dict[str, _Sheet] = {}
    labels: dict[str, dict[str, str]] = {}
    language = ""
    for number, name in enumerate(book.sheet_names, start=1):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        mark = FormMark.parse(rows[0][0]) if rows else None
        if mark and len(rows) > 1 and rows[1][0] == KEY:
            part = f"xl/worksheets/sheet{number}.xml"
            sheet = _Sheet(part, mark.table, etree.fromstring(members[part]))
            _find_cells(sheet, rows)
            sheets[mark.table] = sheet
            language = mark.language
        elif rows and rows[0][0] == LISTS:
            labels = _labels(rows)
    return _Template(language, members, sheets, labels)


def _find_cells(sheet: _Sheet, rows: Rows) -> None:
    heading = rows[1]
    if ANSWER in heading:
        letter, types = get_column_letter(heading.index(ANSWER) + 1), heading.index(TYPE)
        for number, row in enumerate(rows[2:], start=3):
            if key := str(row[0]):
                sheet.cells["", key] = f"{letter}{number}"
                sheet.types[key.partition("/")[0]] = str(row[types])
        return
    columns = [
        (get_column_letter(at + 1), str(key), str(rows[2][at]))
        for at, key in enumerate(heading)
        if at and key and not str(key).startswith("#")
    ]
    sheet.types = {key.partition("/")[0]: kind for _, key, kind in columns}
    for number, row in enumerate(rows, start=1):
        key = str(row[0])
        if not key.isdecimal():
            continue
        sheet.rows.append(key)
        sheet.cells |= {(key, name): f"{letter}{number}" for letter, name, _ in columns}
        if PARENT in heading:
            letter = get_column_letter(heading.index(PARENT) + 1)
            sheet.parents[key] = f"{letter}{number}"


def _labels(rows: Rows) -> dict[str, dict[str, str]]:
    if len(rows) < _HEADINGS:
        return {}  # a form without a list of choices
    return {
        str(name): {str(row[at + 1]): str(row[at]) for row in rows[2:] if row[at + 1] != ""}
        for at, name in enumerate(rows[1])
        if name != ""
    }


def _with_values(tree: etree._Element, values: Mapping[str, tuple[str, bool]]) -> bytes:
    filled = copy.deepcopy(tree)
    for cell in _cells(filled):
        if (value := values.get(cell.get("r", ""))) is not None:
            _set(cell, *value)
    return etree.tostring(filled, xml_declaration=True, encoding="UTF-8", standalone=True)


def _cells(tree: etree._Element) -> Iterator[etree._Element]:
    return tree.iter(_CELL)


def _set(cell: etree._Element, text: str, is_number: bool) -> None:  # noqa: FBT001 - a pair's half
    for child in list(cell):
        cell.remove(child)
    if "t" in cell.attrib:
        del cell.attrib["t"]
    if is_number:
        etree.SubElement(cell, _VALUE).text = text
        return
    cell.set("t", "inlineStr")
    shown = etree.SubElement(etree.SubElement(cell, _INLINE), _TEXT)
    shown.set(_SPACE, "preserve")
    shown.text = in_cell(text)
