"""The life of an answer: where it stood, what was written, and what each stage made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch
from pipeline.cleaning.issues import issues_of
from pipeline.cleaning.link import link
from pipeline.cleaning.missing import missing_kinds
from pipeline.cleaning.stages import RAW_STAGES, STAGES, parameters_of
from pipeline.questionnaire.code_frame import CodeFrame
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.responses import Responses, join_issues
from pipeline.settings import Settings

HIDDEN = "(identifier)"
"""Stands for a value that names somebody; a trace is read over shoulders and pasted into mails."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage made of an answer.

    Attributes:
        stage: its name; "returned" is what came back.
        value: the answer after it as text, None where there is none.
        codes: issues that it told about this answer.
    """

    stage: str
    value: str | None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerTrace:
    """The life of one answer.

    Attributes:
        response_id: of its response.
        question: its name.
        position: of the row of a repeat, None in the main table.
        source_file: where it came from.
        source_place: `sheet!cell`, `row 17`, or the XML path.
        steps: "returned", then each stage that changed the answer or told something about it.
        missing: why there is no usable answer, None where there is.
        set_aside: its response does not count.
    """

    response_id: str
    question: str
    position: int | None
    source_file: str
    source_place: str
    steps: tuple[Step, ...]
    missing: str | None
    set_aside: bool

    @property
    def value(self) -> str | None:
        """The answer now."""
        return self.steps[-1].value


def trace(
    responses: Responses,
    questionnaire: Questionnaire,
    settings: Settings,
    corrections: pd.DataFrame | None,
    decisions: pd.DataFrame | None = None,
    *,
    frame: CodeFrame | None = None,
    response_id: str,
    question: str | None = None,
    told: pd.DataFrame | None = None,
) -> tuple[AnswerTrace, ...]:
    """Follow the answers of one response through all stages.

    The stages are run again over all that is given, for duplicates and corrections need the others
    too.

    Args:
        responses: as the readers hand them over; all, or those of one part.
        questionnaire: the form.
        settings: of the study.
        corrections: the log.
        decisions: of reviewers and coders.
        frame: by which open answers are coded.
        response_id: whose answers; several copies of a response are all followed.
        question: one question; None: every question that was answered or told about.
        told: issues of this response by the last stage, which compares the names in all responses;
            with them it need not see all, and is not run again.

    Returns:
        The answers in the order of tables, rows and the form; empty where the response is not
        there, or the question is not in the form.
    """
    given = parameters_of(settings, questionnaire.form_id, corrections, decisions, frame)
    batch = link(responses, questionnaire, settings.response_key)
    states = [("returned", batch)]
    for stage in (*RAW_STAGES, *(STAGES if told is None else STAGES[:-1])):
        batch = stage.work(batch, given)
        states.append((stage.name, batch))
    found = issues_of(batch, responses.places)
    about = found[found["response_id"] == response_id]
    if told is not None:
        states.append((STAGES[-1].name, batch))
        about = join_issues([about, told])
    life = _Life(tuple(states), about, responses.places)
    return tuple(
        life.follow(at)
        for at in _places(batch, response_id)
        if at.item.name == question or (question is None and life.is_worth_it(at))
    )


@dataclass(frozen=True, slots=True)
class _Place:
    table: str
    row: int
    item: Item


def _places(batch: Batch, response_id: str) -> Iterator[_Place]:
    ours = (batch.main["response_id"] == response_id).to_numpy(dtype=bool, na_value=False)
    for table in batch.frames:
        for row in np.flatnonzero(batch.spread(ours, table)).tolist():
            for item in batch.items(table):
                yield _Place(table, row, item)


@dataclass(frozen=True, eq=False)
class _Life:
    states: tuple[tuple[str, Batch], ...]
    told: pd.DataFrame
    places: pd.DataFrame | None

    @property
    def batch(self) -> Batch:
        return self.states[-1][1]

    @cached_property
    def kinds(self) -> dict[str, pd.DataFrame]:
        return {table: missing_kinds(self.batch, table) for table in self.batch.frames}

    def is_worth_it(self, at: _Place) -> bool:
        """Whether there was an answer, there is one now, or something was told."""
        held = (self.states[number][1].frames[at.table] for number in (0, -1))
        return any(pd.notna(frame[at.item.name].iloc[at.row]) for frame in held) or bool(
            (self.told["question"] == at.item.name).any()
        )

    def follow(self, at: _Place) -> AnswerTrace:
        """The life of one answer."""
        batch, name = self.batch, at.item.name
        main_row = int(batch.rows_of_main(at.table, np.array([at.row]))[0])
        keys = batch.main.iloc[main_row]
        frame = batch.frames[at.table]
        position = None if at.table == MAIN else _whole(frame["position"].iloc[at.row])
        here = _at_position(self.told["position"], position)
        about = self.told[(self.told["question"] == name) & here]
        kind = self.kinds[at.table][name].iloc[at.row]
        return AnswerTrace(
            response_id=str(keys["response_id"]),
            question=name,
            position=position,
            source_file=str(keys["source_file"]),
            source_place=_source_place(keys, at.item, position, self.places),
            steps=tuple(_steps(at, self.states, about)),
            missing=None if pd.isna(kind) else str(kind),
            set_aside=bool(batch.aside[main_row]),
        )


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _at_position(positions: pd.Series, position: int | None) -> pd.Series:
    return positions.isna() if position is None else positions.eq(position).fillna(value=False)


def _steps(
    at: _Place, states: tuple[tuple[str, Batch], ...], about: pd.DataFrame
) -> Iterator[Step]:
    """What came back, then each stage with an effect."""
    before: str | None = None
    for number, (stage, batch) in enumerate(states):
        value = _shown(batch.frames[at.table][at.item.name].iloc[at.row])
        codes = tuple(about.loc[about["stage"] == stage, "code"])
        if number == 0 or value != before or codes:
            hide = value is not None and at.item.question.identifies
            yield Step(stage, HIDDEN if hide else value, codes)
        before = value


def _shown(value: Any) -> str | None:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        midnight = value.tz is None and value == value.normalize()
        return value.date().isoformat() if midnight else value.isoformat()
    return str(value)


def _source_place(
    keys: "pd.Series[Any]", item: Item, position: int | None, places: pd.DataFrame | None
) -> str:
    if places is not None and len(places):
        here = places[
            (places["response_id"] == keys["response_id"])
            & (places["question"] == item.name)
            & _at_position(places["position"], position)
        ]
        if len(here):
            return str(here["place"].iloc[0])
    row = _whole(keys["source_row"])
    return "/".join((*item.path, item.question.name)) if row is None else f"row {row}"
