"""Stage recoding: "other" answers become the choice that a reviewer said they are.

The text goes with it: what was written stays in the raw texts, and since "other" no longer stands
beside it, the question that asks which applies no more.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Batch, Bools, Fate, Fated, Finding, Ints, rows_where
from pipeline.cleaning.choice_columns import is_ticked
from pipeline.cleaning.decisions import (
    STAGE,
    Decided,
    Key,
    contradictions,
    key_of,
    of_form,
    settle,
    unfit,
)
from pipeline.cleaning.other_texts import Specified, specified
from pipeline.questionnaire.added import Added
from pipeline.questionnaire.model import Choice, Questionnaire
from pipeline.questionnaire.or_other import OTHER
from pipeline.questionnaire.types import Storage
from pipeline.recoding import Decision, Work
from pipeline.responses import Action

CODE = "recoded"


def added_choices(form: Questionnaire, decisions: pd.DataFrame | None) -> Added:
    """The choices that reviewers have made of texts beside "other".

    Args:
        form: the questionnaire as it went out.
        decisions: `recoding.DECISION_COLUMNS`.
    """
    lists = {pair.text.name: pair.question.question.list_name or "" for pair in specified(form)}
    found: dict[str, dict[str, Choice]] = {}
    settled = settle(of_form(decisions, form.form_id), Work.OTHER, form.form_id)
    for key in sorted(settled.holding):
        one = settled.holding[key]
        if one.decision is Decision.NEW and key[0] in lists:
            label = {code: text for code, text in one.labels.items() if text} or one.value
            choice = Choice.model_validate({"name": one.value, "label": label})
            found.setdefault(lists[key[0]], {}).setdefault(one.value, choice)
    return Added(choices={name: tuple(choices.values()) for name, choices in found.items()})


def recoding(batch: Batch, decisions: pd.DataFrame | None) -> Batch:
    """Recode every "other" about whose text there is a decision.

    A decision holds where the text stands that it names and "other" is still chosen beside it; one
    that is about no such answer is told, and so are decisions that contradict one another.

    Args:
        batch: typed and corrected answers, of the questionnaire with the added choices.
        decisions: `recoding.DECISION_COLUMNS`.
    """
    form_id = batch.questionnaire.form_id
    settled = settle(of_form(decisions, form_id), Work.OTHER, form_id)
    if not settled.holding and not settled.open:
        return batch
    used = set[Key]()
    for pair in specified(batch.questionnaire):
        batch = _recode(batch, pair, settled.holding, used)
    left = [one for key, one in settled.holding.items() if key not in used]
    return batch.adding(noted=[contradictions(settled), unfit(left)])


def _recode(batch: Batch, pair: Specified, holding: Mapping[Key, Decided], used: set[Key]) -> Batch:
    frame = batch.frames[pair.table]
    question, text = pair.question.name, pair.text.name
    there = _beside_other(frame, question, text) & batch.standing(pair.table)
    texts = frame[text].astype("str")
    by_value = dict[str, list[Ints]]()
    findings = list[Finding]()
    for written, rows in rows_by_text(texts, there):
        one = holding.get(key_of(text, written))
        if one is None or not _is_possible(one, pair, batch):
            continue
        used.add(one.key)
        if one.decision is Decision.KEEP:
            continue
        by_value.setdefault(one.value, []).append(rows)
        told = (CODE, pair.table, rows)
        findings += [
            Finding(*told, question, one.rule, Action.CHANGED, stage=STAGE),
            Finding(*told, text, one.rule, Action.BLANKED, stage=STAGE),
        ]
    if not by_value:
        return batch
    changed = {value: np.sort(np.concatenate(parts)) for value, parts in by_value.items()}
    rows = np.concatenate(list(changed.values()))
    columns = {**_answers(frame, pair, changed), text: texts.mask(_flags(rows, len(frame))).array}
    fated = [Fated(question, rows, Fate.CHANGED, CODE), Fated(text, rows, Fate.BLANKED, CODE)]
    return batch.with_columns(pair.table, columns).adding(findings=findings, fated=fated)


def rows_by_text(texts: pd.Series, there: Bools) -> list[tuple[str, Ints]]:
    """The rows of each distinct text, texts in order."""
    at = rows_where(there)
    codes, found = pd.factorize(texts.iloc[at], sort=True)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(found)))
    return (
        list(zip(map(str, found), np.split(at[order], ends[:-1]), strict=True)) if len(at) else []
    )


def _is_possible(one: Decided, pair: Specified, batch: Batch) -> bool:
    """Whether the decision can be an answer to the question."""
    if one.decision is Decision.KEEP:
        return True
    names = {choice.name for choice in batch.questionnaire.choices_of(pair.question.question)}
    chosen = one.value.split(" ")
    several = pair.question.question.storage is Storage.SELECT_MULTIPLE
    return set(chosen) <= names and (several or len(chosen) == 1)


def _beside_other(frame: pd.DataFrame, question: str, text: str) -> Bools:
    flags: Bools = is_ticked(frame[question], OTHER) & frame[text].notna().to_numpy()
    return flags


def _flags(rows: Ints, length: int) -> Bools:
    flags = np.zeros(length, bool)
    flags[rows] = True
    return flags


def _answers(
    frame: pd.DataFrame, pair: Specified, changed: Mapping[str, Ints]
) -> dict[str, object]:
    """The question's column, and its `question/choice` columns, with the choices put in."""
    column = frame[pair.question.name]
    if pair.question.question.storage is Storage.SELECT_ONE:
        texts = column.astype("object")
        for value, rows in changed.items():
            texts.iloc[rows] = value
        known = list(column.cat.categories)
        fresh = [name for name in sorted(changed) if name not in known]
        return {pair.question.name: pd.Categorical(texts, categories=pd.Index([*known, *fresh]))}
    texts = column.astype("object")
    for value, rows in changed.items():
        for row in rows.tolist():
            texts.iloc[row] = _replaced(str(texts.iloc[row]), value)
    answers = texts.astype("str").array
    return {pair.question.name: answers, **_ticks(frame, pair.question.name, changed)}


def _replaced(chosen: str, value: str) -> str:
    """Choice names with the new ones in the place of "other", each once."""
    names = " ".join(value if name == OTHER else name for name in chosen.split(" "))
    return " ".join(dict.fromkeys(names.split(" ")))


def _ticks(frame: pd.DataFrame, question: str, changed: Mapping[str, Ints]) -> dict[str, object]:
    columns: dict[str, object] = {}
    for value, rows in changed.items():
        for choice, ticked in ((OTHER, False), *((name, True) for name in value.split(" "))):
            name = f"{question}/{choice}"
            if name in frame:
                array = columns.get(name, frame[name].array.copy())
                array[rows] = ticked  # type: ignore[index]
                columns[name] = array
    return columns
