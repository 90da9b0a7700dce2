"""Stage corrections: the log is data, and each of its rows is applied or told why not.

The old value is a guard, compared as the question's type: `45` is `45.0`. A blank old value guards
nothing. Of several corrections of one answer each has to follow from the one before; where two
would have it differently, none of them is applied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pipeline.cleaning.answer_cells import Cell, Cells
from pipeline.cleaning.batch import Batch
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.correction_targets import ID_MARK, Refused, Target, Targets
from pipeline.cleaning.moments import Habits
from pipeline.responses import Action, Issue, issues_frame

STAGE = "corrections"
CHANGE, BLANK, REMOVE, NOTHING = (
    "change_response",
    "blank_response",
    "remove_survey",
    "no_action",
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of a log that asks for something.

    Attributes:
        number: its place in the log.
        old: the old value as text, None where it guards nothing.
        new: the new value as text, None to blank.
    """

    number: int
    response_id: str
    question: str
    position: int | None
    change_type: str
    old: str | None
    new: str | None
    source_file: str
    source_place: str


def corrections(batch: Batch, log: pd.DataFrame | None, habits: Habits) -> Batch:
    """Apply a correction log.

    Args:
        batch: typed answers, each response once.
        log: response_id, question, position, old_value, new_value, change_type, reason, by, date,
            form_id, source_file, source_place; in the order in which it is applied.
        habits: how the study writes dates.

    Returns:
        The batch with its answers changed; every row of the log but `no_action` is one issue.
    """
    if log is None or not len(log):
        return batch
    targets, cells = Targets(batch), Cells(batch, habits)
    told: dict[int, tuple[str, Action]] = {}
    waiting: dict[tuple[object, ...], list[tuple[Correction, Cell]]] = {}
    asked_for = _of_this_form(_rows(log), log, batch)
    removed = set[int]()
    for one in asked_for:
        target = targets.find(one.response_id, one.question, one.position, one.change_type)
        if isinstance(target, Refused):
            told[one.number] = (target.code, Action.NONE)
        elif one.change_type == REMOVE:
            told[one.number] = _removal(target, removed)
        else:
            cell = cells.at(target)
            waiting.setdefault(cell.key, []).append((one, cell))
    for group in waiting.values():
        told |= _apply(group, cells)
    aside = batch.aside.copy()
    aside[sorted(removed)] = True
    done = replace(cells.written(), aside=aside)
    return done.adding(noted=[_issues(asked_for, told)])


def _rows(log: pd.DataFrame) -> list[Correction]:
    """The rows that ask for something, texts stripped."""
    texts = log.astype("object").where(log.notna(), None)
    found = list[Correction]()
    for number, row in enumerate(texts.to_dict("records")):
        kind = kind_of(row["change_type"])
        if kind == NOTHING:
            continue
        found.append(
            Correction(
                number=number,
                response_id=_text(row["response_id"]) or "",
                question=_text(row["question"]) or "",
                position=None if row["position"] is None else int(row["position"]),
                change_type=kind,
                old=_text(row["old_value"]),
                new=None if kind == BLANK else _text(row["new_value"]),
                source_file=_text(row.get("source_file")) or "",
                source_place=_text(row.get("source_place")) or "",
            )
        )
    return found


def kind_of(change_type: Any) -> str:
    """A change type as it is known, however it was written: `Remove survey`, `remove_survey`."""
    return "" if pd.isna(change_type) else "_".join(str(change_type).strip().lower().split())


def _text(value: Any) -> str | None:
    return (str(value).strip() or None) if value is not None else None


def _of_this_form(rows: Sequence[Correction], log: pd.DataFrame, batch: Batch) -> list[Correction]:
    """Rows that name this form, or that name none and are about one of its responses."""
    forms: Mapping[int, Any] = {}
    if "form_id" in log:
        forms = {number: form for number, form in enumerate(log["form_id"]) if pd.notna(form)}
    ours = frozenset(batch.main["response_id"].dropna())
    form_id = batch.questionnaire.form_id
    return [
        one
        for one in rows
        if (
            forms[one.number] == form_id
            if one.number in forms
            else one.response_id.removeprefix(ID_MARK) in ours
        )
    ]


def _removal(target: Target, removed: set[int]) -> tuple[str, Action]:
    if target.row in removed:
        return "correction_repeated", Action.NONE
    removed.add(target.row)
    return "removed_by_correction", Action.SET_ASIDE


def _apply(group: Sequence[tuple[Correction, Cell]], cells: Cells) -> dict[int, tuple[str, Action]]:
    """Apply the corrections of one answer, each following from the one before."""
    cell = group[0][1]
    first = now = cells.value(cell)
    told: dict[int, tuple[str, Action]] = {}
    applied = list[int]()
    for one, _ in group:
        new = cells.read(cell, one.new)
        if (
            one.change_type not in {CHANGE, BLANK}
            or new.code
            or (new.value is None) != (one.change_type == BLANK)
        ):
            told[one.number] = ("correction_unreadable", Action.NONE)
        elif cells.same(cell, new.value, now):
            told[one.number] = ("correction_repeated", Action.NONE)
        elif (one.old is None and not applied) or cells.fits(
            cell, one.old, now, as_written=not applied
        ):
            action = Action.BLANKED if new.value is None else Action.CHANGED
            told[one.number] = ("correction_applied", action)
            applied.append(one.number)
            now = new.value
        elif applied and (one.old is None or cells.fits(cell, one.old, first)):
            doubted = dict.fromkeys([*applied, one.number], ("correction_contradicts", Action.NONE))
            rest = [other for other, _ in group if other.number not in told | doubted]
            return (
                told
                | doubted
                | dict.fromkeys(
                    [other.number for other in rest], ("correction_contradicts", Action.NONE)
                )
            )
        else:
            told[one.number] = ("correction_unfit", Action.NONE)
    if applied:
        cells.put(cell, now)
    return told


def _issues(
    asked_for: Sequence[Correction], told: Mapping[int, tuple[str, Action]]
) -> pd.DataFrame:
    """One issue for each row of the log."""
    return issues_frame(
        Issue(
            response_id=one.response_id or None,
            question=one.question or None,
            code=told[one.number][0],
            rule=one.change_type,
            position=one.position,
            severity=ISSUE_CODES[told[one.number][0]].severity,
            action=told[one.number][1],
            stage=STAGE,
            source_file=one.source_file,
            source_place=one.source_place,
            message=f"{ISSUE_CODES[told[one.number][0]].en}.",
        )
        for one in asked_for
    )
