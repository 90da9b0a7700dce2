"""Reads recoding workbooks that came back: what a person decided, and what cannot be read."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.forms import recoding_keys as key
from pipeline.questionnaire.model import Questionnaire
from pipeline.recoding import ACCEPT, DECISION_COLUMNS, MARK, Decision, Work, no_decisions, typed
from pipeline.responses import Issue, IssueSeverity, issues_frame, join_issues
from pipeline.returns.guard import CAPS, read_regular
from pipeline.returns.manifest import RECODING, ManifestRow
from pipeline.returns.problems import unreadable
from pipeline.returns.sheets import Sheet, read_xlsx
from pipeline.settings import Caps
from pipeline.study import Study

STAGE = "recoding"
_PARTS = 5
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SPLIT = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """What the first cell of a recoding workbook says."""

    work: Work
    form_id: str
    version: str
    coder: str


def mark_of(cell: str) -> Mark | None:
    """The mark in a workbook's first cell, None where it is no recoding workbook."""
    parts = cell.split(" ")
    works = {work.value for work in Work}
    if len(parts) != _PARTS or parts[0] != MARK or parts[1] not in works:
        return None
    plain = ["" if part == "-" else part for part in parts[2:]]
    return Mark(Work(parts[1]), *plain)


def read_recoding(
    study: Study, questionnaire: Questionnaire, rows: Sequence[ManifestRow], caps: Caps = CAPS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every recoding workbook about one form.

    Args:
        study: the study folder.
        questionnaire: the form.
        rows: of the manifest.
        caps: what a file may hold at most.

    Returns:
        `recoding.DECISION_COLUMNS`, and an issue for each row that cannot be read, in the order of
        the files' hashes; both empty where nothing has come back.
    """
    parts, issues = [no_decisions()], [issues_frame()]
    for row in sorted(rows, key=lambda row: row.file):
        if row.form != RECODING:
            continue
        try:
            path, shown = study.raw / row.file, row.source_file
            content = read_regular(path, limit=caps.file_bytes, shown=shown)
            sheets = read_xlsx(content, shown=shown, caps=caps)
        except SurveyError as error:
            issues.append(issues_frame([unreadable(row.source_file, error)]))
            continue
        mark = next(filter(None, map(_sheet_mark, sheets)), None)
        if mark is None or mark.form_id != questionnaire.form_id:
            continue
        reader = _Reader(questionnaire, mark, row.source_file)
        for sheet in sheets:
            if _sheet_mark(sheet) is not None:
                decided, told = reader.read(sheet)
                parts.append(decided)
                issues.append(told)
    found = pd.concat(parts, ignore_index=True)
    return typed(found, DECISION_COLUMNS), join_issues(issues)


def _sheet_mark(sheet: Sheet) -> Mark | None:
    return mark_of(sheet.headings[0]) if sheet.headings else None


@dataclass(frozen=True, eq=False)
class _Reader:
    form: Questionnaire
    mark: Mark
    source_file: str

    def read(self, sheet: Sheet) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The decisions of a sheet, and an issue for each row that is none."""
        names = [key.QUESTION, *sheet.headings[1:]]
        table = sheet.cells.set_axis(range(len(names)), axis="columns").astype("object")
        table = table.where(table.notna(), None)
        decided, told = list[dict[str, object]](), list[Issue]()
        for number, cells in zip(sheet.rows, table.itertuples(index=False), strict=True):
            if number < key.FIRST_ROW:
                continue
            row = {
                name: str(value).strip() for name, value in zip(names, cells, strict=True) if value
            }
            place = f"{sheet.name}!row {number}"
            if self._is_left_open(row):
                continue
            if (found := self._decision(row)) is None:
                told.append(self._unreadable(row, place))
            else:
                keys = {"source_file": self.source_file, "source_place": place}
                decided.append({**self._about(row), **found, **keys})
        return typed(pd.DataFrame(decided), DECISION_COLUMNS), issues_frame(told)

    def _is_left_open(self, row: Mapping[str, str]) -> bool:
        """Whether nothing was decided; a comment alone decides nothing."""
        filled = {name for name, value in row.items() if value}
        answers = {key.DECISION, key.VALUE, key.NEW_NAME}
        return not (
            filled & answers or any(name.startswith((key.CODE, key.LABEL)) for name in filled)
        )

    def _about(self, row: Mapping[str, str]) -> dict[str, object]:
        position = row.get(key.POSITION)
        return {
            "work": self.mark.work.value,
            "form_id": self.mark.form_id,
            "coder": self.mark.coder or None,
            "question": row.get(key.QUESTION),
            "response_id": row.get(key.RESPONSE),
            "position": int(position) if position and position.isdecimal() else None,
            "text": row.get(key.TEXT),
            "comment": row.get(key.COMMENT),
            "by": row.get(key.BY),
            "settles": row.get(key.SETTLES),
        }

    def _decision(self, row: Mapping[str, str]) -> dict[str, object] | None:
        """decision, value and labels of a row; None where they cannot be read."""
        item = self.form.by_name.get(row.get(key.QUESTION, ""))
        if item is None or not row.get(key.TEXT):
            return None
        if self.mark.work in {Work.CODES, Work.SETTLE}:
            return _codes(row)
        word = key.code_of(row.get(key.DECISION, ""))
        if not word and row.get(key.VALUE):
            word = Decision.CHOICE.value
        if not word and row.get(key.NEW_NAME):
            word = Decision.NEW.value
        if word == Decision.KEEP:
            return {"decision": word, "value": None, "labels": None}
        if word == Decision.NEW and self.mark.work is Work.OTHER:
            return self._new(row)
        if word not in {ACCEPT, Decision.CHOICE}:
            return None
        value = row.get(key.SUGGESTION if word == ACCEPT else key.VALUE)
        return self._choice(value) if value else None

    def _choice(self, value: str) -> dict[str, object] | None:
        if self.mark.work is Work.NAMES:
            return {"decision": Decision.CHOICE.value, "value": value, "labels": None}
        names = list(dict.fromkeys(filter(None, _SPLIT.split(key.code_of(value)))))
        if not names or not all(map(_NAME_OR_NUMBER.fullmatch, names)):
            return None
        return {"decision": Decision.CHOICE.value, "value": " ".join(names), "labels": None}

    def _new(self, row: Mapping[str, str]) -> dict[str, object] | None:
        name = row.get(key.NEW_NAME, "")
        labels = {
            column.removeprefix(key.LABEL): text
            for column, text in row.items()
            if column.startswith(key.LABEL) and text
        }
        if not _NAME.fullmatch(name) or not labels:
            return None
        known = json.dumps(labels, ensure_ascii=False, sort_keys=True)
        return {"decision": Decision.NEW.value, "value": name, "labels": known}

    def _unreadable(self, row: Mapping[str, str], place: str) -> Issue:
        return Issue(
            response_id=row.get(key.RESPONSE),
            question=row.get(key.QUESTION),
            code="recoding_unreadable",
            rule=self.mark.work.value,
            severity=IssueSeverity.WARNING,
            stage=STAGE,
            source_file=self.source_file,
            source_place=place,
            message=_REASONS[self.mark.work],
        )


_NAME_OR_NUMBER = re.compile(r"[A-Za-z0-9_.-]+")
_REASONS = {
    Work.OTHER: "Choose a decision; name the choice, or the new choice with its labels.",
    Work.NAMES: "Choose a decision; name the organisation of the list.",
    Work.CODES: "Choose codes of the code frame.",
    Work.SETTLE: "Choose codes of the code frame.",
}


def _codes(row: Mapping[str, str]) -> dict[str, object] | None:
    given: Iterator[str] = (
        key.code_of(text) for column, text in row.items() if column.startswith(key.CODE) and text
    )
    names = sorted(dict.fromkeys(given))
    if not names or not all(map(_NAME_OR_NUMBER.fullmatch, names)):
        return None
    return {"decision": Decision.CHOICE.value, "value": " ".join(names), "labels": None}
