"""Stage calculations: values that the form worked out, worked out again and compared."""

import numpy as np

from pipeline.cleaning.batch import MAIN, Batch, Bools, Finding, rows_where
from pipeline.cleaning.constraints import held_against_rules
from pipeline.cleaning.engine import Clock, Engine, cached_parse
from pipeline.errors import SurveyError
from pipeline.expression.columns import Column
from pipeline.expression.equality import equal
from pipeline.expression.functions import is_remade
from pipeline.expression.to_pandas import work_out
from pipeline.expression.tree import Call, Expression, walk
from pipeline.questionnaire.model import Item

STAGE = "calculations"
_CLOSE = 1e-9
_MOMENT_OF_FILLING = frozenset(["now", "once"])


def calculations(batch: Batch, clock: Clock) -> Batch:
    """Tell every returned value of a calculation that differs from what the answers give.

    The value stays as it came. Not compared: what another answer triggers, what never gives the
    same again (`uuid()`), and what depends on a moment that is not known (`now()`, `once()`, and
    `today()` where the form does not record the day).
    """
    engine = Engine(batch, clock)
    findings = [
        Finding(
            "calculation_differs",
            table,
            rows_where(_differing(engine, table, item, item.question.calculation)),
            item.name,
            item.question.calculation,
            stage=STAGE,
        )
        for table in batch.frames
        for item in batch.items(table)
        if item.question.calculation and not item.question.trigger
    ]
    return batch.adding(findings=findings, noted=list(engine.notes(STAGE)))


def _differing(engine: Engine, table: str, item: Item, rule: str) -> Bools:
    batch = engine.batch
    tried = held_against_rules(batch, table, item)
    if item.name in batch.worked_out:
        tried &= ~batch.worked_out[item.name]
    if not tried.any():
        return tried
    try:
        expression = cached_parse(rule)
        if not is_comparable(expression, batch):
            return tried & False
        again = work_out(expression, engine.tables[table], item.name)
    except SurveyError as error:
        engine.unchecked[item.name, "calculation"] = error.problems[0].message
        return tried & False
    came = engine.tables[table].column(item.name)
    tried &= ~np.broadcast_to(equal(came, again), len(tried))
    tried &= ~_close(came, again)
    unknown = engine.unknown(expression, table, item.name)
    return tried if unknown is None else tried & ~unknown


def _close(came: Column, again: Column) -> Bools:
    """Numbers that differ only in how many places were written down."""
    left, right = came.numbers(), again.numbers()
    return np.asarray(np.isclose(left, right, rtol=_CLOSE, atol=0.0))


def is_comparable(expression: Expression, batch: Batch) -> bool:
    """Whether the answers alone give the value again, as far as the form recorded the day."""
    calls = {node.name for node in walk(expression) if isinstance(node, Call)}
    if calls & _MOMENT_OF_FILLING or not is_remade(expression):
        return False
    days = (item.question.type_name == "today" for item in batch.items(MAIN))
    return "today" not in calls or any(days)
