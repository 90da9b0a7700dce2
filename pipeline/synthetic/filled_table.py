"""Write many respondents' answers as the table that KoboToolbox would export."""

import csv
import io
import uuid
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from pipeline.forms.excel_file import workbook_bytes
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.store import write_bytes
from pipeline.synthetic.answers import Answers, instances, text_answer

_NAMESPACE = uuid.UUID("2c0f3f3c-6a54-5a53-9b0e-0c6a5c1b2011")
_SUBMITTED = "2011-09-01T00:00:00"

_MAIN_COLUMNS = ("_id", "_uuid", "_submission_time", "_status", "__version__", "_index")
_REPEAT_COLUMNS = (
    "_index",
    "_parent_table_name",
    "_parent_index",
    "_submission__id",
    "_submission__uuid",
)

Row = list[str]


def fill_table(
    questionnaire: Questionnaire,
    answers: Sequence[Answers],
    target: Path,
    *,
    keys: Sequence[str] | None = None,
) -> None:
    """Write an export with XML values as headings, groups included.

    Args:
        questionnaire: the form.
        answers: of each respondent.
        target: a .csv (KoboToolbox leaves repeats out of it) or an .xlsx with a sheet a repeat.
        keys: the `_uuid` of each; by default made from the form and the row, always the same.

    Raises:
        ValueError: the answers hold repeats and the target is a .csv, which would lose them.
    """
    made = keys or [_key(questionnaire, number) for number in range(len(answers))]
    export = _Export(questionnaire)
    for key, one in zip(made, answers, strict=True):
        export.add(key, one)
    if target.suffix == ".xlsx":
        write_bytes(target, workbook_bytes(_workbook(export)), mode=0o600)
        return
    if any(export.rows[name] for name in questionnaire.repeats):
        raise ValueError("A CSV cannot hold repeats; write an .xlsx.")
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([export.headings(None), *export.rows[None]])
    write_bytes(target, text.getvalue().encode("utf-8-sig"), mode=0o600)


class _Export:
    """The rows of the main table (None) and of each repeat."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.rows: dict[str | None, list[Row]] = {None: []}
        self.rows |= {name: [] for name in questionnaire.repeats}

    def headings(self, repeat: str | None) -> Row:
        """The headings of a table."""
        found = Row()
        for item in self.questionnaire.answered(repeat):
            path = "/".join((*item.path, item.question.name))
            found += [path, *(f"{path}/{name}" for name in self._choices(item))]
        return [*found, *(_MAIN_COLUMNS if repeat is None else _REPEAT_COLUMNS)]

    def add(self, key: str, answers: Answers) -> None:
        """Add one response with its repeats."""
        number = str(len(self.rows[None]) + 1)
        platform = [number, key, _SUBMITTED, "submitted_via_web", self.questionnaire.version]
        self.rows[None].append([*self._cells(answers, None), *platform, number])
        self._add_repeats(answers, None, number, [number, key])

    def _add_repeats(self, answers: Answers, parent: str | None, index: str, response: Row) -> None:
        for name, item in self.questionnaire.repeats.items():
            if item.parent != parent:
                continue
            for instance in instances(answers, name):
                own = str(len(self.rows[name]) + 1)
                link = [own, parent or self.questionnaire.form_id, index, *response]
                self.rows[name].append([*self._cells(instance, name), *link])
                self._add_repeats(instance, name, own, response)

    def _cells(self, answers: Answers, repeat: str | None) -> Row:
        found = Row()
        for item in self.questionnaire.answered(repeat):
            text = text_answer(answers, item.name)
            chosen = text.split()
            ticks = [
                ("1" if name in chosen else "0") if text else "" for name in self._choices(item)
            ]
            found += [text, *ticks]
        return found

    def _choices(self, item: Item) -> list[str]:
        if item.question.storage is not Storage.SELECT_MULTIPLE:
            return []
        return [choice.name for choice in self.questionnaire.choices_of(item.question)]


def _key(questionnaire: Questionnaire, number: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{questionnaire.form_id}/{number}"))


def _workbook(export: _Export) -> Workbook:
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    for repeat, rows in export.rows.items():
        sheet = workbook.create_sheet((repeat or export.questionnaire.form_id)[:31])
        for at, row in enumerate([export.headings(repeat), *rows], start=1):
            for column, text in enumerate(row, start=1):
                if text:
                    cell = sheet.cell(at, column, text)
                    cell.data_type = "s"
    return workbook
