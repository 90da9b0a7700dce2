"""Tables of select questions: how many made each choice, and shares of those who answered."""

import numpy as np
import pandas as pd

from pipeline.analysis.answers import (
    MULTIPLE,
    Mask,
    choices_made,
    groups_of,
    is_weighted,
    states_error,
)
from pipeline.analysis.counting import ANSWERED, NO_GROUP, Counting
from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import LEVEL, framed, table_name
from pipeline.analysis.table import Column, Kind, Table
from pipeline.estimation.batteries import multiple_response
from pipeline.estimation.design import Design
from pipeline.estimation.sample import Sample
from pipeline.privacy.count_table import Cell


def choice_table(
    dataset: Dataset,
    question: str,
    *,
    design: Design | None = None,
    name: str | None = None,
    title: str | None = None,
) -> Table:
    """A row a choice: count and share, with limits where the design allows them.

    Args and errors as for `tables.question_table`.
    """
    labels, chosen, answered = choices_made(dataset, question)
    counting = Counting(dataset, question)
    base = int(answered.sum())
    counts = chosen.to_numpy(bool).sum(axis=0)
    is_multiple = _is_multiple(dataset, question)
    frame = pd.DataFrame({"answer": list(labels.values()), "count": counts})
    columns = [
        Column("answer", dataset.say("answer")),
        Column("count", dataset.say("n"), Kind.COUNT),
        Column("share", dataset.say("share"), Kind.SHARE, rests_on="count"),
    ]
    estimates = _shares(dataset, question, chosen, answered, design)
    frame["share"] = estimates["estimate"]
    if states_error(design) and base:
        frame = frame.assign(low=estimates["low"], high=estimates["high"])
        columns += [
            Column(end, dataset.say(end), Kind.SHARE, rests_on="count", decimals=1)
            for end in ("low", "high")
        ]
    total = {"answer": dataset.say("answered"), "count": base, "share": 1.0 if base else np.nan}
    return framed(
        dataset,
        question,
        pd.concat([frame, pd.DataFrame([total])], ignore_index=True),
        columns,
        method="method_multiple" if is_multiple else "method_one",
        design=design,
        counting=counting,
        cells={"count": _cells(counting, question, chosen, answered)},
        adds_down=not is_multiple,
        total_row=True,
        name=name,
        title=title,
    )


def choice_table_by(
    dataset: Dataset,
    question: str,
    by: str,
    *,
    design: Design | None = None,
    name: str | None = None,
    title: str | None = None,
) -> Table:
    """A row a choice; for each group, and for all, count and share of those who answered.

    Args and errors as for `tables.question_table`.
    """
    labels, chosen, answered = choices_made(dataset, question)
    groups = groups_of(dataset, question, by)
    counting, cells = Counting(dataset, question), dict[str, tuple[Cell | None, ...]]()
    is_multiple = _is_multiple(dataset, question)
    parts: dict[str, list[object]] = {"answer": [*labels.values(), dataset.say("answered")]}
    columns = [Column("answer", dataset.say("answer"))]
    rows_of = {group: groups.rows(place) for place, group in enumerate(groups.labels)}
    rows_of[""] = groups.any_row
    for group, rows in rows_of.items():
        made = chosen.to_numpy(bool)[answered & rows].sum(axis=0)
        base = int((answered & rows).sum())
        estimates = _shares(dataset, question, chosen, answered & rows, design)
        parts |= {
            f"count_{group}": [*made, base],
            f"share_{group}": [*estimates["estimate"], 1.0 if base else np.nan],
            f"base_{group}": [base] * (len(labels) + 1),
        }
        is_everyone = not group and not (answered & ~rows).any()
        pairs = () if is_everyone else ((by, group or ANSWERED),)
        cells[f"count_{group}"] = _cells(counting, question, chosen, answered & rows, *pairs)
        columns += _pair(dataset, group, groups.labels.get(group, dataset.say("total")))
    _add_without_group(counting, question, (chosen, answered), (by, groups.any_row))
    return framed(
        dataset,
        question,
        pd.DataFrame(parts),
        columns,
        method="method_multiple" if is_multiple else "method_one",
        design=design,
        groups=groups,
        by=by,
        counting=counting,
        cells=cells,
        adds_down=not is_multiple,
        adds_across=True,
        total_row=True,
        name=name or table_name(dataset, question, by),
        title=title,
    )


def _cells(
    counting: Counting, question: str, chosen: pd.DataFrame, rows: Mask, *pairs: tuple[str, str]
) -> tuple[Cell, ...]:
    """Whom each row of a column counts: those who made the choice, and at last all who answered."""
    masks = {str(name): chosen[name].to_numpy(bool) & rows for name in chosen}
    parts = counting.choices(question, masks, *pairs)
    return *parts, counting.base(rows, (question, ANSWERED), *pairs)


def _add_without_group(
    counting: Counting, question: str, made: tuple[pd.DataFrame, Mask], by: tuple[str, Mask]
) -> None:
    """The table of all who answered, and this one, differ by those who are in no group."""
    (chosen, answered), (name, in_group) = made, by
    if not (answered & ~in_group).any():
        return
    every = _cells(counting, question, chosen, answered)
    grouped = _cells(counting, question, chosen, answered & in_group, (name, ANSWERED))
    rest = _cells(counting, question, chosen, answered & ~in_group, (name, NO_GROUP))
    for total, *parts in zip(every, grouped, rest, strict=True):
        counting.adds(total, parts)


def _is_multiple(dataset: Dataset, question: str) -> bool:
    return dataset.item(question).question.type_name in MULTIPLE


def _pair(dataset: Dataset, group: str, label: str) -> list[Column]:
    count, share = f"count_{group}", f"share_{group}"
    return [
        Column(count, dataset.say("n"), Kind.COUNT, group=label, total=not group),
        Column(share, dataset.say("share"), Kind.SHARE, count, base=f"base_{group}", group=label),
    ]


def _shares(
    dataset: Dataset, question: str, chosen: pd.DataFrame, rows: Mask, design: Design | None
) -> pd.DataFrame:
    """Shares among these rows, one a choice in the order of `chosen`: estimate, low, high."""
    base = int(rows.sum())
    if design is None or not is_weighted(design) or not base:
        made = chosen.to_numpy(bool)[rows].sum(axis=0)
        return pd.DataFrame({"estimate": made / base if base else np.full(len(made), np.nan)})
    frame = dataset.frame_of(question)
    known = frame[[name for name in design.columns if name in frame]]
    flags = chosen.astype("boolean").where(pd.Series(rows, index=chosen.index))
    names = {str(choice): f"{question}/{choice}" for choice in chosen}
    data = pd.concat([known, flags.rename(columns=names)], axis="columns")
    sample = Sample.draw(data, design)
    found = multiple_response(sample, question, choices=names, level=LEVEL / 100)
    return found.set_index("category").reindex(list(names)).reset_index()
