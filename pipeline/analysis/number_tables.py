"""Tables of numbers, dates and open answers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.analysis.answers import Groups, Mask, groups_of, is_weighted, states_error
from pipeline.analysis.counting import ANSWERED, Counting
from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import LEVEL, framed, table_name
from pipeline.analysis.table import Column, Kind, Table
from pipeline.estimation.design import Design
from pipeline.estimation.estimates import means
from pipeline.estimation.quantiles import quantiles
from pipeline.estimation.sample import Sample
from pipeline.privacy.dominance import hidden_sums
from pipeline.questionnaire.model import words
from pipeline.questionnaire.types import Storage

_QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
_MOST_MONTHS = 36
"""A longer span is counted by years."""


def number_table(
    dataset: Dataset,
    question: str,
    *,
    by: str | None = None,
    design: Design | None = None,
    name: str | None = None,
    title: str | None = None,
) -> Table:
    """A row a group, and one for all: count, mean, quartiles, smallest and largest.

    The smallest and the largest answer are shown only where enough respondents gave them.
    Args and errors as for `tables.question_table`.
    """
    values = dataset.answers(question).astype("Float64")
    groups = groups_of(dataset, question, by)
    rows_of = {label: groups.rows(place) for place, label in enumerate(groups.labels.values())}
    if by is not None:
        rows_of[dataset.say("total")] = groups.any_row
    threshold = dataset.protection.threshold
    counting = Counting(dataset, question)
    known = values.notna().to_numpy(bool)
    cells = [
        counting.base(known & rows, (question, ANSWERED), *_group(groups, by, label))
        for label, rows in rows_of.items()
    ]
    lines = [
        {"group": label, **_statistics(dataset, question, values.where(rows), threshold, design)}
        for label, rows in rows_of.items()
    ]
    frame = pd.DataFrame(lines)
    decimals = 1 if dataset.item(question).question.storage is Storage.INTEGER else 2
    extremes = [end for end in ("minimum", "maximum") if frame[end].notna().any()]
    limits = ["low", "high"] if states_error(design) else []
    shown = ["mean", *limits, *_QUARTILES, *extremes]
    columns = [
        Column("group", dataset.say("group")),
        Column("count", dataset.say("n"), Kind.COUNT),
        *(
            Column(one, dataset.say(one), Kind.NUMBER, "count", base="count", decimals=decimals)
            for one in shown
        ),
    ]
    told = _dominated(dataset, question, rows_of, design)
    for one in ("mean", *limits):
        frame[one] = frame[one].mask(np.array(told))
    all_ends = frame[["minimum", "maximum"]].notna().to_numpy().all()
    return framed(
        dataset,
        question,
        frame,
        columns,
        method="method_number" if not is_weighted(design) else "method_number_weighted",
        design=design,
        groups=groups,
        by=by,
        counting=counting,
        cells={"count": tuple(cells)},
        adds_down=by is not None,
        total_row=by is not None,
        unit=words(dataset.item(question).question.unit, dataset.language),
        notes=() if all_ends else (dataset.say("extremes_note", n=threshold),),
        name=name or table_name(dataset, question, by),
        title=title,
    )


def _dominated(
    dataset: Dataset, question: str, rows_of: Mapping[str, Mask], design: Design | None
) -> list[bool]:
    """Rows whose mean times base would tell the largest contributor's answer, or help to.

    The last row of several is the total; what is in it and in no group is told by the table of all.
    """
    values = dataset.answers(question).astype("Float64").to_numpy(np.float64, na_value=np.nan)
    if dataset.protection.threshold == 1 or (values < 0).any():
        return [False] * len(rows_of)
    if design is not None and design.weights in dataset.frame_of(question):
        values *= dataset.frame_of(question)[design.weights].to_numpy(np.float64, na_value=np.nan)
    known = ~np.isnan(values)
    *groups, total = ([*values[known & rows]] for rows in rows_of.values())
    alone = [*values[known & ~list(rows_of.values())[-1]]]
    is_told = 0 < len(alone) < dataset.protection.threshold
    return [*hidden_sums(groups), is_told or any(hidden_sums([total, alone]))]


def _group(groups: Groups, by: str | None, label: str) -> tuple[tuple[str, str], ...]:
    """The pair of grouping question and group that holds for a row of the table."""
    if by is None:
        return ()
    names = {text: name for name, text in groups.labels.items()}
    return ((by, names.get(label, ANSWERED)),)


def date_table(
    dataset: Dataset, question: str, *, name: str | None = None, title: str | None = None
) -> Table:
    """A row a month from the first to the last (a year where they are many): count and share."""
    days = dataset.answers(question).dropna()
    if dataset.item(question).question.storage is Storage.DATETIME and len(days):
        days = days.dt.tz_convert(dataset.settings.timezone).dt.tz_localize(None)
    counts = _by_month(pd.DatetimeIndex(days))
    base = len(days)
    counting = Counting(dataset, question)
    answered = counting.base(dataset.answers(question).notna().to_numpy(bool), (question, ANSWERED))
    frame = counts.rename_axis("month").rename("count").reset_index()
    frame["share"] = frame["count"] / base if base else np.nan
    total = {"month": dataset.say("answered"), "count": base, "share": 1.0 if base else np.nan}
    columns = [
        Column("month", dataset.say("month")),
        Column("count", dataset.say("n"), Kind.COUNT),
        Column("share", dataset.say("share"), Kind.SHARE, rests_on="count"),
    ]
    return framed(
        dataset,
        question,
        pd.concat([frame, pd.DataFrame([total])], ignore_index=True),
        columns,
        method="method_date",
        counting=counting,
        cells={"count": (*(None for _ in counts), answered)},
        total_row=True,
        name=name,
        title=title,
    )


def answered_table(
    dataset: Dataset, question: str, *, name: str | None = None, title: str | None = None
) -> Table:
    """How many gave an answer, whatever it is."""
    answered = int(dataset.answers(question).notna().sum())
    columns = [
        Column("answer", dataset.say("answer")),
        Column("count", dataset.say("n"), Kind.COUNT),
    ]
    return framed(
        dataset,
        question,
        pd.DataFrame({"answer": [dataset.say("answered")], "count": [answered]}),
        columns,
        method="method_text",
        total_row=True,
        name=name,
        title=title,
    )


def _by_month(days: pd.DatetimeIndex) -> "pd.Series[int]":
    """How many days lie in each month from the first to the last, or year where they are many."""
    if not len(days):
        return pd.Series({}, dtype="int64")
    first, last = days.min(), days.max()
    span = (last.year - first.year) * 12 + last.month - first.month
    unit = "M" if span < _MOST_MONTHS else "Y"
    every = pd.period_range(first, last, freq=unit)
    places = every.get_indexer(days.to_period(unit))
    counts = np.bincount(places, minlength=len(every)).tolist()
    return pd.Series(dict(zip(map(str, every), counts, strict=True)), dtype="int64")


def _statistics(
    dataset: Dataset,
    question: str,
    values: "pd.Series[float]",
    threshold: int,
    design: Design | None,
) -> dict[str, float]:
    known = values.dropna().to_numpy(np.float64)
    if not known.size:
        return dict.fromkeys(("mean", *_QUARTILES, "minimum", "maximum"), np.nan) | {"count": 0}
    found: dict[str, float] = {"count": known.size}
    if design is not None and is_weighted(design):
        found |= _by_design(dataset, question, values, design)
    else:
        found |= {"mean": known.mean()}
        found |= {name: float(np.quantile(known, part)) for name, part in _QUARTILES.items()}
    for name, end in (("minimum", known.min()), ("maximum", known.max())):
        found[name] = end if (known == end).sum() >= threshold else np.nan
    return found


def _by_design(
    dataset: Dataset, question: str, values: "pd.Series[float]", design: Design
) -> dict[str, float]:
    frame = dataset.frame_of(question)
    known = frame[[name for name in design.columns if name in frame]]
    sample = Sample.draw(known.assign(**{question: values}), design)
    mean = means(sample, question, level=LEVEL / 100).iloc[0]
    parts = quantiles(sample, question, tuple(_QUARTILES.values()))["estimate"]
    return {
        "mean": mean["estimate"],
        "low": mean["low"],
        "high": mean["high"],
        **dict(zip(_QUARTILES, parts, strict=True)),
    }
