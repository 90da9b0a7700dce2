"""What has to be asked in the field: open problems of cleaned responses, each with its answer."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.cleaning.double_entry import Difference
from pipeline.cleaning.process import Cleaned
from pipeline.cleaning.query_answers import GivenAnswers
from pipeline.cleaning.query_log import AnsweredQueries, Target, answered_queries
from pipeline.errors import SurveyError
from pipeline.expression.parse import parse, references
from pipeline.queries import BLANK, KEYED_CODE, About
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Action
from pipeline.settings import Roles, Settings
from pipeline.store import write_through

FILE = "queries.parquet"
QUERY_COLUMNS = (
    "form_id",
    "response_id",
    "question",
    "position",
    "about",
    "codes",
    "reasons",
    "given",
    "old_value",
    "other",
    "round",
    "is_hidden",
    "interviewer",
    "is_own",
    "language",
    "serial",
    "place",
    "day",
)
"""One row a query: codes joined by one space, reasons as JSON [[code, rule, other], ...]; position
and round Int64, is_hidden and is_own (the respondent filled the form in) bool, else text."""

TIMING = frozenset({"end_before_start", "short_interview", "long_interview"})
ABOUT: Mapping[str, About] = {
    "required": About.LACKING,
    "key_missing": About.LACKING,
    "not_asked": About.UNASKED,
    "not_a_number": About.UNREADABLE,
    "not_a_date": About.UNREADABLE,
    "not_a_time": About.UNREADABLE,
    "not_a_tick": About.UNREADABLE,
    "ambiguous_date": About.UNREADABLE,
    "constraint": About.ANSWER,
    "not_a_choice": About.ANSWER,
    "parent_choice_disagree": About.ANSWER,
    "unclear_tick": About.ANSWER,
    "unclear_rank": About.ANSWER,
    "answered_twice": About.ANSWER,
    "outlier": About.ANSWER,
    "straight_line": About.ANSWER,
    "outside_fieldwork": About.ANSWER,
    "end_before_start": About.ANSWER,
    "short_interview": About.ANSWER,
    "long_interview": About.ANSWER,
    KEYED_CODE: About.KEYED,
    "duplicate_serial": About.RESPONSE,
    "duplicate_differs": About.RESPONSE,
    "soft_duplicate": About.RESPONSE,
    "serial_wrong": About.RESPONSE,
    "serial_not_issued": About.RESPONSE,
}
"""Issues that the field is asked about; beside them whatever has the action `queried`."""

_BEFORE_CORRECTIONS = frozenset({"returns", "versions", "text", "double_entry"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class _Asked:
    """One reason to ask about one target."""

    target: Target
    about: About
    code: str
    rule: str = ""
    other: str = ""


class _Told(NamedTuple):
    """What an issue says."""

    response_id: str
    question: str | None
    position: int | None
    code: str
    rule: str | None
    stage: str | None


def open_queries(
    cleaned: Cleaned,
    questionnaire: Questionnaire,
    settings: Settings,
    log: pd.DataFrame | None = None,
    keyed: Sequence[Difference] = (),
) -> pd.DataFrame:
    """Everything that the field has to be asked about the responses to one form.

    Args:
        cleaned: the responses with their issues; what was set aside is not asked about.
        questionnaire: the form.
        settings: of the study; its roles say whom to ask.
        log: the corrections, `corrections_log.CORRECTION_COLUMNS`. A row `no_action` closes what
            it is about as long as the value is the one that was confirmed.
        keyed: answers that were keyed in two ways; the issues tell of each.

    Returns:
        `QUERY_COLUMNS`, by response in their order, within it by question and row. No answer to a
        question that names somebody is in it.
    """
    desk = _Desk(
        GivenAnswers(cleaned, questionnaire),
        settings.roles.get(questionnaire.form_id, Roles()),
        answered_queries(log, questionnaire.form_id),
        {one.target: one for one in keyed if not one.rows},
    )
    rows = [desk.row(target, reasons) for target, reasons in desk.open().items()]
    frame = pd.DataFrame(rows, columns=list(QUERY_COLUMNS), dtype=object)
    kinds = dict.fromkeys(QUERY_COLUMNS, "str")
    kinds |= {"position": "Int64", "round": "Int64", "is_hidden": "bool", "is_own": "bool"}
    return frame.astype(kinds)


def write_open_queries(queries: pd.DataFrame, folder: Path) -> Path:
    """Write what `open_queries` gave into `processed/FORM`, readable by its owner alone."""
    path = folder / FILE
    write_through(path, partial(queries.to_parquet, index=False), mode=0o600)
    return path


@dataclass(frozen=True, eq=False)
class _Desk:
    answers: GivenAnswers
    roles: Roles
    log: AnsweredQueries
    keyed: Mapping[Target, Difference]

    def open(self) -> dict[Target, list[_Asked]]:
        """The reasons that are not closed, by what they are about, in order."""
        found: dict[Target, list[_Asked]] = {}
        for asked in self._all():
            held = found.setdefault(asked.target, [])
            if asked not in held:
                held.append(asked)
        return dict(sorted(found.items(), key=lambda entry: self._order(entry[0])))

    def row(self, target: Target, reasons: list[_Asked]) -> tuple[Any, ...]:
        """A row of the frame."""
        response, question, position = target
        about = max((one.about for one in reasons), key=list(About).index)
        given, old = self._given(target), None
        if question is not None and not self.answers.is_hidden(question):
            old = given or BLANK
        return (
            self.answers.form.form_id,
            response,
            question,
            position,
            about.value,
            " ".join(sorted({one.code for one in reasons})),
            json.dumps([[one.code, one.rule, one.other] for one in reasons], ensure_ascii=False),
            given,
            old,
            self._other(target) if about is About.KEYED else None,
            self.log.rows.get(target, 0) + 1,
            self.answers.is_hidden(question),
            *self._who(response),
        )

    def _who(self, response: str) -> tuple[Any, ...]:
        """Whom to ask, and what helps to find the response: the columns from `interviewer` on."""
        about, roles = self.answers.about, self.roles
        serial = about(response, "serial") or about(response, roles.serial)
        return (
            self._interviewer(response),
            about(response, roles.mode) in roles.self_completed,
            about(response, "language"),
            serial or response[:_SHORT_ID],
            about(response, roles.place),
            about(response, roles.date),
        )

    def _all(self) -> Iterator[_Asked]:
        issues = self.answers.cleaned.issues
        wanted = issues["code"].isin(list(ABOUT)) | (issues["action"] == Action.QUERIED)
        there = issues["response_id"].isin(list(self.answers.order))
        shown = issues.loc[wanted & there, list(_Told._fields)].astype("object")
        for row in shown.where(shown.notna(), None).itertuples(index=False, name=None):
            told = _Told(*row)
            for asked in self._of_issue(told):
                is_over = told.stage in _BEFORE_CORRECTIONS and asked.target in self._corrected
                if not is_over and self._is_open(asked):
                    yield asked
                    yield from self._gates(asked)

    def _of_issue(self, told: _Told) -> Iterator[_Asked]:
        about = ABOUT.get(told.code, About.ANSWER)
        by_device = told.question is not None and not self.answers.is_by_person(told.question)
        if by_device and about is not About.RESPONSE:
            return
        names = (self.roles.start, self.roles.end) if told.code in TIMING else (told.question,)
        found = False
        for name in names if about is not About.RESPONSE else ():
            at = self.answers.place(told.response_id, name, told.position)
            if at is not None and self.answers.can_ask(name):
                found = True
                yield self._asked((told.response_id, name, at or None), about, told)
        if not found:
            target = (told.response_id, None, None)
            yield _Asked(target, About.RESPONSE, told.code, told.rule or "", told.question or "")

    def _asked(self, target: Target, about: About, told: _Told) -> _Asked:
        if (keyed := self.keyed.get(target)) and told.code == KEYED_CODE:
            by = keyed.first_by or "", keyed.second_by or ""
            return _Asked(target, about, told.code, *by)
        return _Asked(target, about, told.code, told.rule or "")

    def _other(self, target: Target) -> str | None:
        """What the second keying says; None where it names somebody."""
        keyed = self.keyed.get(target)
        if keyed is None or self.answers.is_hidden(target[1]):
            return None
        return keyed.second or BLANK

    def _gates(self, unasked: _Asked) -> Iterator[_Asked]:
        """The earlier answers by which a question did not apply."""
        response, question, position = unasked.target
        if unasked.about is not About.UNASKED or question is None:
            return
        for name in sorted(_references(self.answers.form.by_name[question].relevants[-1:])):
            at = self.answers.place(response, name, position)
            if at is not None and self.answers.can_ask(name) and name != question:
                target = (response, name, at or None)
                gate = _Asked(target, About.ANSWER, unasked.code, unasked.rule, question)
                if self._is_open(gate):
                    yield gate

    def _is_open(self, asked: _Asked) -> bool:
        question = asked.target[1]
        hidden = question is None or self.answers.is_hidden(question)
        value = self._given(asked.target)
        return not self.log.is_closed(asked.target, asked.code, value, is_hidden=hidden)

    def _given(self, target: Target) -> str | None:
        if target[1] is None or self.answers.is_hidden(target[1]):
            return None
        return self.answers.text(target)

    def _order(self, target: Target) -> tuple[int, int, int]:
        response, question, position = target
        item = self.answers.item(question)
        return self.answers.order[response], item.position if item else -1, position or 0

    def _interviewer(self, response: str) -> str | None:
        """The interviewer's code; None where it is not known, or is itself in doubt."""
        code = self.answers.about(response, self.roles.interviewer)
        in_doubt = code is None or not _CODE.fullmatch(code) or response in self._doubted
        return None if in_doubt else code

    @cached_property
    def _corrected(self) -> frozenset[Target]:
        """Answers that a correction has changed since the stages before it looked at them."""
        issues = self.answers.cleaned.issues
        applied = issues.loc[issues["code"] == "correction_applied"].astype("object")
        columns = ["response_id", "question", "position"]
        rows = applied.loc[:, columns].where(applied[columns].notna(), None)
        return frozenset(rows.itertuples(index=False, name=None))

    @cached_property
    def _doubted(self) -> frozenset[str]:
        issues = self.answers.cleaned.issues
        is_its = (issues["question"] == self.roles.interviewer) & (issues["severity"] != "info")
        return frozenset(issues.loc[is_its, "response_id"].dropna())


def _references(expressions: Iterable[str]) -> frozenset[str]:
    found = frozenset[str]()
    for text in expressions:
        try:
            found |= references(parse(text))
        except SurveyError:
            continue
    return found
