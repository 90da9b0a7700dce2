"""Returned workbooks of queries as corrections: who says what instead, when and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.forms.excel_keys import TICKS, code_of, codes_by_label, shown_labels
from pipeline.forms.query_decisions import decisions_by_label
from pipeline.forms.query_workbook import spoken_in
from pipeline.queries import BLANK, Decision, QueryKey
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.responses import typed_corrections
from pipeline.returns.guard import CAPS
from pipeline.returns.manifest import CORRECTIONS, ManifestRow
from pipeline.returns.query_cells import (
    ReturnedQueries,
    ReturnedQuery,
    query_rows,
    read_query_sheets,
)
from pipeline.returns.workbook_cells import as_text
from pipeline.returns.workbook_file import open_workbook
from pipeline.settings import Caps
from pipeline.study import Study

_CSV = (".csv", ".tsv", ".txt")
_CHANGE, _BLANK, _REMOVE, _NOTHING = (
    "change_response",
    "blank_response",
    "remove_survey",
    "no_action",
)
_BOTH, _UNCLEAR, _UNKNOWN, _NO_REASON = (
    "answer_and_decision",
    "unclear_ticks",
    "unknown_decision",
    "remove_without_comment",
)
"""What cannot be applied: it stands in the log as a change of a kind that there is not."""


def sniff_query_workbook(path: Path, *, caps: Caps = CAPS) -> ReturnedQueries | None:
    """What a workbook of queries holds; None where it is none.

    Raises:
        SurveyError: GUARD-0xx or READ-005, the file is dangerous or cannot be opened.
    """
    return read_query_sheets(open_workbook(path, shown=path.name, caps=caps))


def is_unanswered(path: Path) -> bool:
    """Whether a file is a workbook of queries into which nobody wrote."""
    found = sniff_query_workbook(path)
    return found is not None and not found.strays and not any(True for _ in query_rows(found))


def read_query_answers(
    study: Study,
    questionnaires: Mapping[str, Questionnaire],
    manifest_rows: Iterable[ManifestRow],
    *,
    caps: Caps = CAPS,
) -> pd.DataFrame:
    """Every answer to a query that was received, as a correction log.

    Args:
        study: the study folder.
        questionnaires: by form_id.
        manifest_rows: rows of the manifest; those that are no corrections are passed over.
        caps: what a file may hold at most.

    Returns:
        `CORRECTION_COLUMNS`: earlier rounds of asking before later ones, then in the order of
        the files' names, so that the order of receipt does not matter. An answer replaces what was
        given, a decision blanks it, removes the response, or is a `no_action` that closes the
        query. What was written beside an altered key is a row that names no response.

    Raises:
        SurveyError: GUARD-0xx or READ-005, a file is not as it was when it was received.
    """
    reading = _Reading(questionnaires)
    for row in sorted(manifest_rows):
        if row.form == CORRECTIONS and not row.file.lower().endswith(_CSV):
            found = read_query_sheets(
                open_workbook(study.raw / row.file, shown=row.source_file, caps=caps)
            )
            if found is not None:
                reading.add(found, row.source_file, row.received_at[:10])
    return reading.frame()


@dataclass
class _Reading:
    questionnaires: Mapping[str, Questionnaire]
    rows: list[tuple[int, str | None, dict[str, Any]]] = field(default_factory=list)

    def add(self, found: ReturnedQueries, source_file: str, received: str) -> None:
        """Add the answers of one workbook."""
        who = {
            "by": found.by or found.mark.code,
            "date": found.date or received,
            "source_file": source_file,
        }
        for query in query_rows(found):
            key = query.key
            change, new = self._change(query, found.mark.language)
            codes = " ".join(key.codes)
            row = {
                **who,
                "response_id": key.response_id,
                "question": key.question,
                "position": key.position,
                "old_value": key.old_value,
                "new_value": new,
                "change_type": change,
                "reason": f"{codes}: {query.comment}" if query.comment else codes,
                "form_id": key.form_id,
                "codes": codes if query.is_answered else "",
                "source_place": query.place,
            }
            self.rows.append((key.round, _unguarded(key), row))
        for place in found.strays:
            lost = {**who, "change_type": _CHANGE, "source_place": place}
            self.rows.append((0, None, lost))

    def frame(self) -> pd.DataFrame:
        """The corrections in their order."""
        ordered = sorted(self.rows, key=lambda row: row[0])
        last = {target: number for number, target, _ in ordered if target is not None}
        rows = [
            row if target is None or number == last[target] else _superseded(row)
            for number, target, row in ordered
        ]
        return typed_corrections(pd.DataFrame(rows))

    def _change(self, query: ReturnedQuery, language: str) -> tuple[str, str | None]:
        """What kind of correction an answered query is, and the new value as text."""
        decision = decisions_by_label().get(query.decision)
        has_answer = query.answer != "" or any(v != "" for v in query.choices.values())
        if query.decision and (decision is None or has_answer):
            return (_UNKNOWN if decision is None else _BOTH), None
        if decision is Decision.LEAVE_OUT and query.key.question is None:
            return (_REMOVE if query.comment else _NO_REASON), None
        if decision is Decision.LEAVE_OUT:
            return _BLANK, None
        if decision is Decision.SECOND:
            return _second(query.key)
        if decision is Decision.CONFIRM or not has_answer:
            return _NOTHING, None
        return self._answer(query, language)

    def _answer(self, query: ReturnedQuery, language: str) -> tuple[str, str | None]:
        form = self.questionnaires.get(query.key.form_id)
        item = form.by_name.get(query.key.question or "") if form else None
        if form is None or item is None:
            return _CHANGE, None if query.answer == "" else str(query.answer)
        question = item.question
        if query.choices:
            chosen = (_ranked if question.type_name == "rank" else _ticked)(query.choices)
            return (_UNCLEAR, None) if chosen is None else (_CHANGE, " ".join(chosen))
        text = as_text(query.answer, question.storage)
        return _CHANGE, text and _code(text, question, form, language)


def _second(key: QueryKey) -> tuple[str, str | None]:
    """What choosing the second keying changes."""
    if key.other is None:
        return _UNKNOWN, None
    return (_BLANK, None) if key.other == BLANK else (_CHANGE, key.other)


def _unguarded(key: QueryKey) -> str | None:
    """The answer, where nothing but the round says what it followed from."""
    if key.old_value is not None or key.question is None:
        return None
    return f"{key.form_id}/{key.response_id}/{key.question}/{key.position}"


def _superseded(row: Mapping[str, Any]) -> dict[str, Any]:
    """An answer to an earlier round where a later one was answered too: without effect."""
    return {**row, "change_type": _NOTHING, "codes": ""}


def _code(text: str, question: Question, form: Questionnaire, language: str) -> str:
    """The choice name that a label stands for; any other text stays what it is."""
    if question.type_name in {"acknowledge", "trigger"}:
        return "OK" if text.strip() in TICKS else text
    choices = form.choices_of(question)
    if not choices:
        return text
    labels = shown_labels(choices, spoken_in(form, language))
    return code_of(text, codes_by_label(labels)) or text


def _ticked(choices: Mapping[str, Any]) -> list[str] | None:
    """The choices that are ticked; None where a cell holds neither a tick nor nothing."""
    given = {name: str(value).strip() for name, value in choices.items() if value != ""}
    marks = {name: mark.removesuffix(".0") for name, mark in given.items()}
    return list(marks) if all(mark in TICKS for mark in marks.values()) else None


def _ranked(choices: Mapping[str, Any]) -> list[str] | None:
    """The choices in the order of their numbers; None where these are not 1, 2, 3 and so on."""
    given = {name: str(value).strip() for name, value in choices.items() if value != ""}
    marks = {name: mark.removesuffix(".0") for name, mark in given.items()}
    if sorted(marks.values(), key=_as_rank) != [str(n) for n in range(1, len(marks) + 1)]:
        return None
    return sorted(marks, key=lambda name: _as_rank(marks[name]))


def _as_rank(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def answers_said(found: ReturnedQueries) -> str:
    """What to tell whoever receives a workbook of queries."""
    asked = len(found.queries)
    said = f"Answers to queries for {found.mark.code}: {found.answered} of {asked}."
    lost = len(found.strays)
    return f"{said} {lost} answers stand beside keys that were altered." if lost else said
