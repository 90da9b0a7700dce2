"""Stage skips: where each question was asked, and answers to questions that do not apply.

The form is walked in its order, so that a blanked answer is blank for every skip behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import (
    ALWAYS,
    MAIN,
    Asked,
    Batch,
    Bools,
    Fate,
    Fated,
    Finding,
    Ints,
    rows_where,
)
from pipeline.cleaning.calculate import with_values, worked_out_values
from pipeline.cleaning.engine import Clock, Engine, Outcome
from pipeline.questionnaire.model import Group, Item, Node, Question
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Action, IssueSeverity
from pipeline.settings import Blank

STAGE = "skips"


def skips(batch: Batch, clock: Clock, blank: Blank) -> Batch:
    """Find out where each question was asked, and tell answers where it was not.

    Args:
        batch: typed answers.
        clock: for `today()`.
        blank: whether such answers are blanked; else they stay as they came.
    """
    walk = _Walk(Engine(batch, clock), blanks=blank.not_asked)
    walk.visit(batch.questionnaire.survey, (), MAIN, ALWAYS)
    done = replace(batch, asked=walk.asked)
    for table, columns in walk.columns.items():
        done = done.with_columns(table, columns)
    return done.adding(
        findings=walk.findings, fated=walk.fated, noted=list(walk.engine.notes(STAGE))
    )


@dataclass
class _Walk:
    engine: Engine
    blanks: bool
    asked: dict[str, Asked] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    fated: list[Fated] = field(default_factory=list)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        items = self.engine.batch.questionnaire.items
        self.items = {(item.path, item.question.name): item for item in items}

    def visit(
        self, nodes: Sequence[Node], path: tuple[str, ...], table: str, around: Asked
    ) -> None:
        """Every node; what is skipped skips all inside."""
        for node in nodes:
            if isinstance(node, Question):
                if node.has_answer:
                    self.question(self.items[path, node.name], table, around)
                continue
            name = node.group if isinstance(node, Group) else node.repeat
            here = self.inside(node.relevant, table, name, around)
            if not isinstance(node, Group):
                here = spread(here, self.engine.batch.parent[name])
            inner = table if isinstance(node, Group) else name
            self.visit(node.questions, (*path, name), inner, here)

    def inside(self, relevant: str | None, table: str, name: str, around: Asked) -> Asked:
        """Where a node is asked that has this relevant and stands where `around` says."""
        outcome = self.engine.truth(relevant, table, name, "relevant") if relevant else None
        return around if outcome is None else narrowed(around, outcome)

    def question(self, item: Item, table: str, around: Asked) -> None:
        """Where a question was asked; answers elsewhere are told, and blanked if the study says."""
        asked = self.inside(item.question.relevant, table, item.name, around)
        self.asked[item.name] = asked
        worked_out = self.worked_out(item, table, asked)
        if asked.maybe is None:
            return
        batch = self.engine.batch
        answers = batch.frames[table][item.name]
        unasked = ~asked.maybe & answers.notna().to_numpy() & batch.standing(table)
        rows = rows_where(unasked & ~worked_out)
        by_person = item.question.row.filled is Filled.PERSON
        if len(rows) == 0 or not (by_person or self.blanks):
            return
        self.findings.append(
            Finding(
                "not_asked",
                table,
                rows,
                item.name,
                " and ".join(f"({rule})" for rule in item.relevants),
                Action.BLANKED if self.blanks else Action.NONE,
                None if by_person else IssueSeverity.INFO,
                stage=STAGE,
            )
        )
        if self.blanks:
            self.fated.append(Fated(item.name, rows, Fate.BLANKED, "not_asked"))
            columns = blanked(batch.frames[table], item, rows)
            self.columns.setdefault(table, {}).update(columns)
            self.engine.put(table, columns)

    def worked_out(self, item: Item, table: str, asked: Asked) -> Bools:
        """Rows that hold what the stage `calculate` worked out: again, now that skips are known."""
        batch = self.engine.batch
        rows = batch.worked_out.get(item.name)
        if rows is None:
            return np.zeros(len(batch.frames[table]), bool)
        column = batch.frames[table][item.name]
        values = worked_out_values(self.engine, item)
        columns = {} if values is None else {item.name: with_values(column, rows, values)}
        if asked.maybe is not None and (skipped := rows_where(rows & ~asked.maybe)).size:
            held = batch.frames[table].assign(**columns)
            columns = blanked(held, item, skipped)
        if columns:
            self.columns.setdefault(table, {}).update(columns)
            self.engine.put(table, columns)
        return rows


def narrowed(around: Asked, outcome: Outcome) -> Asked:
    """Where both hold."""
    if around.maybe is None and outcome.unknown is None:
        return Asked(outcome.holds)
    length = len(outcome.holds)
    none = np.zeros(length, bool)
    unknown = none if outcome.unknown is None else outcome.unknown
    maybe = (outcome.holds | unknown) & ~around.not_asked(length)
    if around.surely is None and outcome.unknown is None:
        return Asked(maybe)
    return Asked(maybe, outcome.holds & ~unknown & around.is_asked(length))


def spread(asked: Asked, parent: Ints) -> Asked:
    """The same, for the rows of a repeat."""
    return Asked(_at(asked.maybe, parent), _at(asked.surely, parent))


def _at(flags: Bools | None, rows: Ints) -> Bools | None:
    return None if flags is None else flags[rows]


def blanked(frame: pd.DataFrame, item: Item, rows: Ints) -> dict[str, Any]:
    """The columns of a question without the answers in these rows."""
    names = [item.name]
    if item.question.storage is Storage.SELECT_MULTIPLE:
        names += [str(name) for name in frame.columns if str(name).startswith(f"{item.name}/")]
    columns: dict[str, Any] = {}
    for name in names:
        array = frame[name].array.copy()
        array[rows] = None
        columns[name] = array
    return columns
