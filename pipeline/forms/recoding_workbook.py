"""The workbooks that go out to be recoded: one row a text, drop-downs for what can be decided."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms import recoding_keys as key
from pipeline.forms.excel_file import workbook_bytes
from pipeline.forms.excel_lists import defined_name
from pipeline.forms.excel_style import add_styles, look_of, put, text_height
from pipeline.forms.phrases_recoding import in_all
from pipeline.forms.recoding_columns import Column, columns_of
from pipeline.questionnaire.model import Choice
from pipeline.recoding import ACCEPT, ROW_COLUMNS, Decision, Task, Work, rows_schema
from pipeline.store import write_bytes

_PRIVATE = 0o600
_SIZE = 10.5
_HOW = ("how_{work}", "how_blank", "how_return", "how_private")


def write_recoding(task: Task, path: Path) -> None:
    """Write a task as a workbook that only its owner can read; equal tasks give equal bytes.

    Raises:
        pandera.errors.SchemaError: the rows are not as `recoding.ROW_COLUMNS` says.
    """
    rows_schema().validate(task.rows)
    book = Workbook()
    add_styles(book, task.languages[0], 1)
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one sheet
    first.title = key.REVIEW
    lists = _add_lists(book, task)
    known = task.rows["decision"].notna()
    writer = _Writer(task, lists)
    writer.write(first, task.rows[~known])
    if known.any():
        writer.write(book.create_sheet(key.DECIDED, 1), task.rows[known])
    _how_to(book.create_sheet(key.HOW_TO), task)
    write_bytes(path, workbook_bytes(book), mode=_PRIVATE)


@dataclass(frozen=True, eq=False)
class _Writer:
    task: Task
    lists: dict[str, str]

    def write(self, sheet: Worksheet, rows: pd.DataFrame) -> None:
        columns = columns_of(self.task)
        for number, column in enumerate(columns, start=1):
            put(sheet, 1, number, self.task.mark if number == 1 else column.key, "key")
            put(sheet, 2, number, column.heading, "heading")
            letter = get_column_letter(number)
            sheet.column_dimensions[letter].width = column.width
            sheet.column_dimensions[letter].hidden = column.is_hidden
        sheet.row_dimensions[1].hidden = True
        look = look_of(self.task.languages[0])
        heads = [[(column.heading, column.width, _SIZE)] for column in columns]
        heights = [text_height(look, head, least=30) for head in heads]
        sheet.row_dimensions[2].height = max(heights)
        shown = next(n for n, column in enumerate(columns, start=1) if not column.is_hidden)
        sheet.freeze_panes = f"{get_column_letter(shown + 2)}{key.FIRST_ROW}"
        records = rows.astype("object").where(rows.notna(), None).to_dict("records")
        for at, record in enumerate(records, start=key.FIRST_ROW):
            self._row(sheet, at, columns, record)
        _printed(sheet)
        self._drop_downs(sheet, columns, [str(record["question"]) for record in records])

    def _row(
        self, sheet: Worksheet, at: int, columns: tuple[Column, ...], record: dict[Any, Any]
    ) -> None:
        cells = self._cells(record)
        look = look_of(self.task.languages[0])
        parts = []
        for number, column in enumerate(columns, start=1):
            value = cells.get(column.key)
            put(sheet, at, number, "" if value is None else value, column.style)
            if not column.is_hidden:
                parts.append((str(value or ""), column.width, _SIZE))
        heights = [text_height(look, [part], least=20) for part in parts]
        sheet.row_dimensions[at].height = min(max(heights), 300)

    def _cells(self, record: dict[Any, Any]) -> dict[str, str | float]:
        """What stands in each column, by its key."""
        question = str(record["question"])
        choices = {choice.name: choice for choice in self.task.offers.get(question, ())}
        labels = self.task.labels.get(question, {})
        wording = dict.fromkeys(
            labels.get(code) or labels.get("default", "") for code in self.task.languages
        )
        plain = {name: record[name] for name in ROW_COLUMNS if record[name] is not None}
        suggestion = record["suggestion"]
        found: dict[str, Any] = {
            **plain,
            "shown_question": "\n".join(filter(None, wording)) or question,
            "shown_text": record["text"],
            "count": record["count"] or None,
            "codes_1": self._codes(record["codes_1"], choices),
            "codes_2": self._codes(record["codes_2"], choices),
            "shown_suggestion": suggestion
            and _entry(choices.get(suggestion), suggestion, self.task),
            **self._decided(record, choices),
        }
        return {name: value for name, value in found.items() if value is not None}

    def _codes(self, given: str | None, choices: dict[str, Choice]) -> str | None:
        """What a coder said, a line a code."""
        names = (given or "").split()
        return "\n".join(_entry(choices.get(name), name, self.task) for name in names) or None

    def _decided(self, record: dict[Any, Any], choices: dict[str, Choice]) -> dict[str, Any]:
        """What was decided before, as a person would have entered it."""
        task, decision, value = self.task, record["decision"], record["value"]
        found: dict[str, Any] = {key.DECISION: None, key.VALUE: None}
        if task.work in {Work.CODES, Work.SETTLE}:
            given = enumerate((value or "").split(" "), start=1)
            return found | {
                f"{key.CODE}{number}": _entry(choices.get(name), name, task)
                for number, name in given
                if name
            }
        if decision is None:
            return found
        found[key.DECISION] = decision_entry(Decision(decision), task)
        if decision == Decision.NEW:
            labels = json.loads(record["labels"] or "{}")
            found[key.NEW_NAME] = value
            return found | {f"{key.LABEL}{code}": text for code, text in labels.items()}
        if value is not None:
            found[key.VALUE] = _entry(choices.get(value), value, task)
        return found

    def _drop_downs(
        self, sheet: Worksheet, columns: tuple[Column, ...], questions: list[str]
    ) -> None:
        for number, column in enumerate(columns, start=1):
            letter = get_column_letter(number)
            if column.key == key.DECISION and questions:
                cells = f"{letter}{key.FIRST_ROW}:{letter}{key.FIRST_ROW + len(questions) - 1}"
                _offer(sheet, "decisions", cells)
            elif column.key == key.VALUE or column.key.startswith(key.CODE):
                for question, name in self.lists.items():
                    rows = [
                        at for at, one in enumerate(questions, key.FIRST_ROW) if one == question
                    ]
                    cells = " ".join(
                        f"{letter}{first}:{letter}{last}" for first, last in _runs(rows)
                    )
                    if cells:
                        _offer(sheet, name, cells)


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Rows below one another as first and last."""
    first = last = -1
    for row in rows:
        if row != last + 1:
            if first > 0:
                yield first, last
            first = row
        last = row
    if first > 0:
        yield first, last


def _offer(sheet: Worksheet, name: str, cells: str) -> None:
    # Several codes with a space between are allowed, so what is no entry of the list only warns.
    rule = DataValidation(type="list", formula1=f"={name}", allow_blank=True, errorStyle="warning")
    rule.sqref = cells
    sheet.add_data_validation(rule)


def decision_entry(decision: Decision | str, task: Task) -> str:
    """A decision as the drop-down shows it: the word that is read, then what it means."""
    plain = decision in {ACCEPT, Decision.NEW}
    phrase = str(decision) if plain else f"{decision}_{task.work}"
    return f"{decision}{key.SEPARATOR}{in_all(phrase, task.languages, between=' / ')}"


def _entry(choice: Choice | None, name: str, task: Task) -> str:
    """A choice as the drop-down shows it: its name, then its labels."""
    label = (choice.label if choice else None) or {}
    said = dict.fromkeys(label.get(code) or label.get("default", "") for code in task.languages)
    words = " / ".join(text.replace("\n", " ") for text in said if text)
    return f"{name}{key.SEPARATOR}{words}" if words else name


def _add_lists(book: Workbook, task: Task) -> dict[str, str]:
    """Write the hidden sheet of lists; question -> defined name of what it offers."""
    sheet = book.create_sheet(key.LISTS)
    sheet.sheet_state = "veryHidden"
    decisions = [ACCEPT, Decision.CHOICE, *([Decision.NEW] if task.work is Work.OTHER else [])]
    columns = {}
    if task.work in {Work.OTHER, Work.NAMES}:
        columns["decisions"] = [decision_entry(one, task) for one in (*decisions, Decision.KEEP)]
    names: dict[str, str] = {}
    shared: dict[tuple[str, ...], str] = {}
    for question, choices in task.offers.items():
        entries = tuple(_entry(choice, choice.name, task) for choice in choices)
        if entries and entries not in shared:
            shared[entries] = defined_name("list_", question, columns)
            columns[shared[entries]] = list(entries)
        if entries:
            names[question] = shared[entries]
    for at, (name, listed) in enumerate(columns.items(), start=1):
        for row, entry in enumerate(listed, start=1):
            sheet.cell(row, at, entry).data_type = "s"
        letter = get_column_letter(at)
        area = f"{key.LISTS}!${letter}$1:${letter}${len(listed)}"
        book.defined_names[name] = DefinedName(name, attr_text=area)
    return names


def _printed(sheet: Worksheet) -> None:
    """As wide as a page, and as long as it gets."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _how_to(sheet: Worksheet, task: Task) -> None:
    _printed(sheet)
    sheet.column_dimensions["A"].width = 110
    title = in_all(f"title_{task.work}", task.languages, between="  ", coder=task.coder)
    put(sheet, 1, 1, title, "sheet_title")
    sheet.row_dimensions[1].height = 24
    row = 3
    for language in task.languages:
        for phrase in _HOW:
            text = in_all(phrase.format(work=task.work), (language,))
            put(sheet, row, 1, text, "question")
            sheet.row_dimensions[row].height = text_height(
                look_of(language), [(text, 110, _SIZE)], least=20
            )
            row += 1
        row += 1
