"""Stage required: blanks where an answer must be."""

import numpy as np

from pipeline.cleaning.batch import ALWAYS, Batch, Bools, Finding, rows_where
from pipeline.cleaning.engine import Clock, Engine
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Filled
from pipeline.responses import Mode

STAGE = "required"


def required(batch: Batch, clock: Clock) -> Batch:
    """Tell every blank where the question was asked and must be answered.

    Not told again: a text that could not be read, an answer that a correction took away, a question
    without a column in the returned file, and one that an Excel form cannot ask.
    """
    engine = Engine(batch, clock)
    findings = [
        Finding(
            "required", table, rows_where(_lacking(engine, table, item)), item.name, stage=STAGE
        )
        for table in batch.frames
        for item in batch.items(table)
        if item.question.required and item.question.row.filled is Filled.PERSON
    ]
    return batch.adding(findings=findings, noted=list(engine.notes(STAGE)))


def _lacking(engine: Engine, table: str, item: Item) -> Bools:
    batch, rule = engine.batch, item.question.required
    lacking = batch.frames[table][item.name].isna().to_numpy().copy()
    if not lacking.any():
        return lacking
    lacking &= batch.asked.get(item.name, ALWAYS).is_asked(len(lacking)) & batch.standing(table)
    lacking[batch.set_missing(item.name)] = False
    if (absent := batch.absent_in(item.name, table)) is not None:
        lacking &= ~absent
    if not item.question.row.in_excel:
        excel = (batch.main["mode"] == Mode.EXCEL).to_numpy(dtype=bool)
        lacking &= ~batch.spread(excel, table)
    if isinstance(rule, str) and lacking.any():
        outcome = engine.truth(rule, table, item.name, "required")
        lacking &= np.False_ if outcome is None else outcome.holds
        if outcome is not None and outcome.unknown is not None:
            lacking &= ~outcome.unknown
    return lacking
