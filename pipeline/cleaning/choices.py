"""Stage choices: answers that are not among the choices offered."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Batch, Bools, Finding, Ints, rows_where
from pipeline.cleaning.choice_columns import coded
from pipeline.cleaning.constraints import held_against_rules
from pipeline.cleaning.engine import Clock, Engine, frame_of, with_tables
from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.expression.to_pandas import truth
from pipeline.expression.tree import Binary, Call, Expression, Negate, Path, Reference
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Storage

STAGE = "choices"
_COLUMN = "choice filter "


def choices(batch: Batch, clock: Clock) -> Batch:
    """Tell every answer that names a choice which the form does not offer there; it stays.

    Choices that lie in a file are known only where the file came with the form.
    """
    engine = Engine(batch, clock)
    findings = [
        Finding("not_a_choice", table, rows, item.name, item.question.type, stage=STAGE)
        for table in batch.frames
        for item in batch.items(table)
        if item.question.row.list_kind
        for rows in [_strange(engine, table, item)]
    ]
    return batch.adding(findings=findings, noted=list(engine.notes(STAGE)))


def _strange(engine: Engine, table: str, item: Item) -> Ints:
    answers = engine.batch.frames[table][item.name]
    names = [choice.name for choice in engine.batch.questionnaire.choices_of(item.question)]
    if not names and item.question.row.list_kind != "list":
        return np.zeros(0, np.int64)
    pool, codes = _pooled(answers, item)
    known = [all(one in names for one in chosen) for chosen in pool]
    filters = item.question.choice_filter
    if all(known) and not filters:
        return np.zeros(0, np.int64)
    wrong = ~np.array([*known, True])[codes]
    if filters and names:
        wrong |= _filtered_out(engine, table, item, _chosen(pool, codes, names))
    return rows_where(wrong & held_against_rules(engine.batch, table, item))


def _pooled(answers: pd.Series, item: Item) -> tuple[list[list[str]], Ints]:
    """The distinct answers as lists of choice names, and for each row which it has (last: none)."""
    if isinstance(answers.dtype, pd.CategoricalDtype):
        pool = [[str(name)] for name in answers.cat.categories]
        codes = answers.cat.codes.to_numpy().astype(np.int64)
        return pool, np.where(codes < 0, len(pool), codes)
    texts, codes = coded(answers)
    whole = item.question.storage is not Storage.SELECT_MULTIPLE
    return [[one] if whole else one.split(" ") for one in texts], codes


def _chosen(pool: list[list[str]], codes: Ints, names: list[str]) -> list[Ints]:
    """The place in the list of each row's first choice, of its second, and so on; -1: none."""
    place = {name: number for number, name in enumerate(names)}
    found = list[Ints]()
    for nth in range(max((len(chosen) for chosen in pool), default=0)):
        at = [place.get(chosen[nth], -1) if nth < len(chosen) else -1 for chosen in pool]
        found.append(np.array([*at, -1], dtype=np.int64)[codes])
    return found


def _filtered_out(engine: Engine, table: str, item: Item, chosen: list[Ints]) -> Bools:
    """Rows that hold a choice which the filter does not let through.

    The filter is worked out once for the first chosen, once for the second, and so on: the columns
    of the choice chosen stand beside the row's answers.
    """
    form = engine.batch.questionnaire
    offered = frame_of(form.choices_of(item.question), form.default_language)
    wrong = np.zeros(len(engine.batch.frames[table]), bool)
    for rows in chosen:
        try:
            expression = _on_columns(parse(item.question.choice_filter or ""))
            beside = with_tables(engine, table, _beside(offered, rows))
            passed = truth(expression, beside, item.name)
        except SurveyError as error:
            engine.unchecked[item.name, "choice_filter"] = error.problems[0].message
            return wrong
        refused = (rows >= 0) & ~passed
        unknown = engine.unknown(expression, table, item.name)
        wrong |= refused if unknown is None else refused & ~unknown
    return wrong


def _beside(offered: pd.DataFrame, rows: Ints) -> Mapping[str, pd.Categorical]:
    columns: dict[str, pd.Categorical] = {}
    for name in offered.columns:
        codes, values = pd.factorize(offered[name])
        found: Ints = np.append(codes, -1)[rows]
        columns[f"{_COLUMN}{name}"] = pd.Categorical.from_codes(found, categories=pd.Index(values))
    return columns


def _on_columns(expression: Expression) -> Expression:
    """The filter with the choices' columns read from the row: a plain name becomes a reference."""
    match expression:
        case Path(None, (step,), False) if step.name not in {".", ".."} and not step.predicates:
            return Reference(f"{_COLUMN}{step.name}")
        case Binary(_, left, right):
            return replace(expression, left=_on_columns(left), right=_on_columns(right))
        case Call(_, arguments):
            inside = tuple(_on_columns(one) for one in arguments)
            return replace(expression, arguments=inside)
        case Negate(operand):
            return replace(expression, operand=_on_columns(operand))
        case _:
            return expression
