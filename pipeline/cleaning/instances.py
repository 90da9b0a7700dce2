"""Stage instances: repeats that came with another number of rows than the form counts.

A tablet opens as many as `repeat_count` says; in a workbook a person may leave out or add some.
"""

import numpy as np
import numpy.typing as npt

from pipeline.cleaning.batch import MAIN, Batch, Bools, Finding, rows_where
from pipeline.cleaning.engine import Clock, Engine, cached_parse
from pipeline.errors import SurveyError
from pipeline.expression.to_pandas import work_out
from pipeline.questionnaire.model import RepeatItem
from pipeline.questionnaire.types import Filled
from pipeline.responses import Mode

STAGE = "instances"


def instances(batch: Batch, clock: Clock) -> Batch:
    """Tell every response in which a repeat has too few rows or too many.

    Not told of exported tables, whose repeats may be on another sheet, nor where the number cannot
    be worked out. Rows are too few only where each would have been asked something.
    """
    engine = Engine(batch, clock)
    findings = list[Finding]()
    for name, item in batch.questionnaire.repeats.items():
        if not item.node.repeat_count:
            continue
        above = item.parent or MAIN
        asked = _asked(engine, item, above)
        wanted = _counted(engine, item, above)
        came = np.bincount(batch.parent[name], minlength=len(batch.frames[above]))
        wrong = {"too_many_instances": came > wanted}
        if _always_asks(batch, item):
            wrong["too_few_instances"] = came < wanted
        findings += [
            Finding(code, above, rows_where(asked & flags), name, "repeat_count", stage=STAGE)
            for code, flags in wrong.items()
        ]
    return batch.adding(findings=findings, noted=list(engine.notes(STAGE)))


def _asked(engine: Engine, item: RepeatItem, above: str) -> Bools:
    """Rows of the table above whose response was filled in by hand, where the repeat applies."""
    batch = engine.batch
    is_table = (batch.main["mode"] == Mode.TABLE).to_numpy(dtype=bool)
    asked = batch.standing(above) & ~batch.spread(is_table, above)
    for rule in item.relevants:
        outcome = engine.truth(rule, above, item.node.repeat, "relevant")
        if outcome is None:
            return asked & False
        asked &= outcome.holds
        if outcome.unknown is not None:
            asked &= ~outcome.unknown
    return asked


def _always_asks(batch: Batch, item: RepeatItem) -> bool:
    """Whether every row of a repeat is asked some question by an Excel form."""
    return any(
        one.relevants == item.relevants
        and one.question.row.filled is Filled.PERSON
        and one.question.row.in_excel
        and one.question.calculation is None
        for one in batch.items(item.node.repeat)
    )


def _counted(engine: Engine, item: RepeatItem, above: str) -> npt.NDArray[np.float64]:
    """How many the form counts, in whole rows; NaN where that cannot be said."""
    table = engine.tables[above]
    try:
        column = work_out(cached_parse(item.node.repeat_count or ""), table, item.node.repeat)
    except SurveyError as error:
        engine.unchecked[item.node.repeat, "repeat_count"] = error.problems[0].message
        return np.full(len(table), np.nan)
    numbers = np.broadcast_to(column.numbers(), len(table))
    return np.where(np.isfinite(numbers), np.maximum(np.trunc(numbers), 0.0), np.nan)
