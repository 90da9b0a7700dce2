"""What every table of a question says around its numbers, and the threshold applied to them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analysis.answers import Groups, is_weighted, states_error
from pipeline.analysis.counting import ANSWERED, Counting
from pipeline.analysis.data import Dataset
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Table
from pipeline.estimation.design import Design, Kind
from pipeline.questionnaire.model import MissingKind

LEVEL = 95
"""Confidence level of intervals, in percent."""


def framed(
    dataset: Dataset,
    question: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    method: str,
    design: Design | None = None,
    groups: Groups | None = None,
    by: str | None = None,
    counting: Counting | None = None,
    **further: Any,
) -> Table:
    """The protected table of one question.

    Args:
        dataset: of the form.
        question: whose answers the frame is made of.
        frame: as in `Table`.
        columns: as in `Table`.
        method: key of the phrase that says how the numbers came about.
        design: how the respondents were sampled.
        groups: the rows that count; all by default.
        by: the grouping question.
        counting: whom the cells count, as far as that has been said.
        **further: attributes of `Table`; `name`, `title`, `base` and `notes` have defaults.
    """
    rows = None if groups is None else pd.Series(groups.any_row)
    missing = dataset.missing_counts(question, rows)
    asked = dataset.label(question)
    in_repeat = dataset.item(question).repeat is not None
    notes = (dataset.say("entries_note"),) if in_repeat else ()
    answered = dataset.answers(question).notna().to_numpy(bool)
    base = int(answered.sum() if groups is None else (answered & groups.any_row).sum())
    counted = counting or Counting(dataset, question)
    counts_who = _base_cells(dataset, question, counted, groups, by)
    attributes: dict[str, Any] = {
        "name": table_name(dataset, question),
        "title": asked,
        "base": base,
        **counts_who,
        "counted": counted.counted(),
        "forms": (dataset.form_id,),
        "questions": (question,),
        **{key: value for key, value in further.items() if value is not None},
    }
    table = Table(
        frame=frame,
        columns=tuple(columns),
        wording=asked,
        missing={dataset.say(kind.value): count for kind, count in missing.items()},
        weighting=dataset.say("weighted" if is_weighted(design) else "unweighted"),
        method=sentences(dataset, method, design),
        **{**attributes, "notes": (*notes, *attributes.get("notes", ()))},
    )
    return protect(table, dataset.protection)


def _base_cells(
    dataset: Dataset, question: str, counting: Counting, groups: Groups | None, by: str | None
) -> dict[str, Any]:
    """Whom base and missing answers count, and how they add up."""
    answered = dataset.answers(question).notna().to_numpy(bool)
    if groups is None or by is None:
        among: tuple[tuple[str, str], ...] = ()
        rows, total = np.ones(len(answered), dtype=bool), counting.everybody
    else:
        among, rows = ((by, ANSWERED),), groups.any_row
        total = counting.base(rows, *among)
    base = counting.base(answered & rows, (question, ANSWERED), *among)
    not_asked, other = counting.missing(question, base, total, rows)
    label = dataset.say(MissingKind.NOT_ASKED.value)
    return {"base_cell": base, "missing_cells": {label: not_asked}, "other_missing": other}


def table_name(dataset: Dataset, question: str, by: str | None = None) -> str:
    """A table's name: form, question and grouping question, in letters that a file may have."""
    parts = [dataset.form_id, question, *([f"by_{by}"] if by else [])]
    return "_".join(parts).replace("/", "-")


def sentences(dataset: Dataset, method: str, design: Design | None) -> str:
    """How the numbers came about, and what the design allows to say."""
    if design is None:
        about = dataset.say("no_design")
    elif design.kind is Kind.PURPOSIVE:
        about = dataset.say("purposive")
    elif states_error(design):
        about = dataset.say("interval", level=LEVEL)
    else:
        about = ""
    return joined(dataset.language, dataset.say(method), about)


def joined(language: str, *said: str) -> str:
    """Sentences one after another; Chinese and Japanese ones stand without a space."""
    joint = "" if language.split("-", maxsplit=1)[0] in {"zh", "ja"} else " "
    return joint.join(filter(None, said))
