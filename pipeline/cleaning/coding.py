"""Stage coding: codes of open answers, from two coders who do not know of each other.

An answer has its final codes when both coders gave it the same, or when a supervisor has said
which hold; until then it has none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch
from pipeline.cleaning.decisions import (
    Decided,
    Key,
    Settled,
    contradictions,
    key_of,
    of_form,
    seen_in,
    settle,
    unfit,
)
from pipeline.questionnaire.code_frame import CodeFrame, column_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.recoding import ROW_COLUMNS, Task, Work, typed

STAGE = "coding"
CODING_COLUMNS: Mapping[str, str] = {
    "question": "str",
    "response_id": "str",
    "position": "Int64",
    "first": "str",
    "second": "str",
    "settled": "str",
    "final": "str",
}
"""Codes of one answer, joined by one space: by each coder, by the supervisor, and as they hold."""
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Coding:
    """What coders and supervisor have decided about one form."""

    frame: CodeFrame
    first: Settled
    second: Settled
    settled: Settled

    def holding(self) -> dict[Key, str]:
        """The final codes by what they are about."""
        agreed = {
            key: one.value
            for key, one in self.first.holding.items()
            if (other := self.second.holding.get(key)) and other.value == one.value
        }
        return agreed | {key: one.value for key, one in self.settled.holding.items()}


def coding_of(frame: CodeFrame, decisions: pd.DataFrame | None, form_id: str) -> Coding:
    """Bring together what has come back about one form; codes that the frame lacks do not count."""
    ours = of_form(decisions, form_id)
    known = {
        question: {code.name for code in coded.codes} for question, coded in frame.questions.items()
    }
    most = {question: coded.most for question, coded in frame.questions.items()}

    def fits(one: Decided) -> bool:
        names = one.value.split(" ")
        return set(names) <= known.get(one.key[0], set()) and len(names) <= most[one.key[0]]

    first, second = (settle(ours, Work.CODES, form_id, coder) for coder in frame.coders)
    settled = settle(ours, Work.SETTLE, form_id)
    return Coding(frame, *(one.only(fits) for one in (first, second, settled)))


def coding(batch: Batch, frame: CodeFrame | None, decisions: pd.DataFrame | None) -> Batch:
    """Fill in the final codes, and tell decisions that are about no answer there is.

    Args:
        batch: of the questionnaire with the questions that the frame adds.
        frame: the code frame, or None.
        decisions: `recoding.DECISION_COLUMNS`.
    """
    if frame is None:
        return batch
    found = coding_of(frame, decisions, batch.questionnaire.form_id)
    final = found.holding()
    used = set[Key]()
    for question in frame.questions:
        item = batch.questionnaire.by_name[question]
        table = item.repeat or MAIN
        rows = batch.frames[table]
        units = list(_units(rows, question, batch.standing(table)))
        used |= {key for _, key in units}
        codes: list[str | None] = [None] * len(rows)
        for row, key in units:
            codes[row] = final.get(key)
        column = column_of(question)
        batch = batch.with_columns(table, _columns(batch, table, column, codes))
    left = [
        one
        for settled in (found.first, found.second, found.settled)
        for key, one in (*settled.holding.items(), *settled.refused())
        if key not in used or key not in settled.holding
    ]
    told = [contradictions(one) for one in (found.first, found.second, found.settled)]
    return batch.adding(noted=[part.assign(stage=STAGE) for part in (*told, unfit(left))])


def _columns(batch: Batch, table: str, column: str, codes: list[str | None]) -> dict[str, Any]:
    item = batch.questionnaire.by_name[column]
    names = [code.name for code in batch.questionnaire.choices_of(item.question)]
    if item.question.storage is Storage.SELECT_ONE:
        return {column: pd.Categorical(codes, categories=pd.Index(names, dtype="str"))}
    sets = [None if one is None else set(one.split(" ")) for one in codes]
    in_order = [None if one is None else " ".join(n for n in names if n in one) for one in sets]
    blank = np.array([one is None for one in sets], dtype=bool)
    ticks = {
        f"{column}/{name}": pd.arrays.BooleanArray(
            np.array([one is not None and name in one for one in sets], dtype=bool), blank.copy()
        )
        for name in names
    }
    there = batch.frames[table].columns
    return {
        column: pd.array(in_order, dtype="str"),
        **{n: t for n, t in ticks.items() if n in there},
    }


def _units(rows: pd.DataFrame, question: str, standing: Any) -> Iterator[tuple[int, Key]]:
    """Rows that hold an answer, with what a decision about it is found by."""
    given = np.flatnonzero(rows[question].notna().to_numpy() & standing)
    texts = rows[question].array[given]
    ids = rows["response_id"].array[given]
    places = rows["position"].fillna(0).array[given] if "position" in rows else [0] * len(given)
    for row, text, response, position in zip(given.tolist(), texts, ids, places, strict=True):
        yield row, key_of(question, str(text), str(response), int(position))


def coded_units(tables: Tables, form: Questionnaire, found: Coding) -> pd.DataFrame:
    """Every coded answer with what each coder said.

    Args:
        tables: cleaned answers by repeat, "" the main table.
        form: the questionnaire.
        found: what came back.

    Returns:
        `CODING_COLUMNS`, one row an answer that somebody has coded, questions in the frame's order.
    """
    final = found.holding()
    rows = []
    for key, _ in _texts(tables, form, found.frame):
        said = [_value(one, key) for one in (found.first, found.second, found.settled)]
        if any(said):
            place = {"question": key[0], "response_id": key[1], "position": key[2] or None}
            names = ("first", "second", "settled", "final")
            rows.append(place | dict(zip(names, (*said, final.get(key)), strict=True)))
    return typed(pd.DataFrame(rows), CODING_COLUMNS)


def _texts(tables: Tables, form: Questionnaire, frame: CodeFrame) -> list[tuple[Key, str]]:
    """Every answer to be coded, questions in the frame's order."""
    found = []
    for question in frame.questions:
        table = tables[form.by_name[question].repeat or MAIN]
        units = _units(table, question, np.ones(len(table), bool))
        found += [(key, str(table[question].iloc[row])) for row, key in units]
    return found


def _value(settled: Settled, key: Key) -> str | None:
    one = settled.holding.get(key)
    return None if one is None else one.value


def coding_tasks(
    tables: Tables, form: Questionnaire, found: Coding, languages: tuple[str, ...]
) -> tuple[Task, ...]:
    """A workbook for each coder, and one for the supervisor where they disagree.

    Args:
        tables: cleaned answers by repeat, "" the main table.
        form: the questionnaire.
        found: what came back.
        languages: of the workbooks.
    """
    frame = found.frame
    units = _texts(tables, form, frame)

    def task(work: Work, rows: list[dict[str, object]], coder: str = "") -> Task:
        rows.sort(key=lambda row: row["decision"] is not None)
        return Task(
            work=work,
            form_id=form.form_id,
            version=form.version,
            languages=languages,
            labels={name: form.by_name[name].question.label or {} for name in frame.questions},
            offers={name: coded.codes for name, coded in frame.questions.items()},
            rows=typed(pd.DataFrame(rows), ROW_COLUMNS),
            coder=coder,
            coders=frame.coders,
            most={name: coded.most for name, coded in frame.questions.items()},
        )

    if not units:
        return ()
    tasks = [
        task(Work.CODES, [_row(key, text, settled) for key, text in units], coder)
        for coder, settled in zip(frame.coders, (found.first, found.second), strict=True)
    ]
    differing = [
        _row(key, text, found.settled) | {"codes_1": one, "codes_2": other}
        for key, text in units
        for one, other in [(_value(found.first, key), _value(found.second, key))]
        if one and other and one != other
    ]
    return (*tasks, *([task(Work.SETTLE, differing)] if differing else []))


def _row(key: Key, text: str, settled: Settled) -> dict[str, object]:
    one = settled.holding.get(key)
    open_ones = settled.open.get(key, ())
    return {
        "question": key[0],
        "response_id": key[1],
        "position": key[2] or None,
        "text": text,
        "count": 1,
        "decision": None if one is None else one.decision.value,
        "value": None if one is None else one.value,
        "comment": None if one is None else one.comment or None,
        "by": None if one is None else one.by or None,
        "settles": seen_in(open_ones if one is None else (one,)),
    }
