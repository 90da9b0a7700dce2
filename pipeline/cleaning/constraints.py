"""Stage constraints: answers that break the question's own constraint."""

from pipeline.cleaning.batch import ALWAYS, Batch, Bools, Finding, rows_where
from pipeline.cleaning.engine import Clock, Engine
from pipeline.questionnaire.model import Item

STAGE = "constraints"


def constraints(batch: Batch, clock: Clock) -> Batch:
    """Tell every answer that breaks its constraint; the answer stays."""
    engine = Engine(batch, clock)
    findings = [
        Finding(
            "constraint",
            table,
            rows_where(_breaking(engine, table, item, item.question.constraint)),
            item.name,
            item.question.constraint,
            stage=STAGE,
        )
        for table in batch.frames
        for item in batch.items(table)
        if item.question.constraint
    ]
    return batch.adding(findings=findings, noted=list(engine.notes(STAGE)))


def _breaking(engine: Engine, table: str, item: Item, rule: str) -> Bools:
    batch = engine.batch
    tried = held_against_rules(batch, table, item)
    outcome = engine.truth(rule, table, item.name, "constraint") if tried.any() else None
    if outcome is None:
        return tried & False
    tried &= ~outcome.holds
    return tried if outcome.unknown is None else tried & ~outcome.unknown


def held_against_rules(batch: Batch, table: str, item: Item) -> Bools:
    """Rows whose answer is held against rules: given, asked for, and not set aside."""
    given = batch.frames[table][item.name].notna().to_numpy()
    asked = batch.asked.get(item.name, ALWAYS)
    if asked.maybe is not None:
        given = given & asked.is_asked(len(given))
    return given & batch.standing(table) if batch.aside.any() else given.copy()
