"""Tables of questions that are rated on one scale."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.analysis.answers import groups_of
from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import sentences
from pipeline.analysis.suppression import protect, withhold
from pipeline.analysis.table import Column, Kind, Table
from pipeline.estimation.design import Design


def likert_table(
    dataset: Dataset,
    questions: Sequence[str],
    title: str,
    *,
    name: str,
    by: str | None = None,
    points: bool = True,
    joined: bool = False,
    design: Design | None = None,
) -> Table:
    """Questions on one rating scale, one a row: shares of its points, base and mean.

    The mean is withheld where a point is: from both together the hidden count could be worked out.
    With small samples choose: shares, of which some are hidden; joined shares; or the mean alone.

    Args:
        dataset: of the form.
        questions: select_one questions that share a choice list; its choices, but those that stand
            for missing kinds, are the points, low first.
        title: in the dataset's language.
        name: of the table.
        by: a select_one; then there is a row for each question and group.
        points: show the shares; without them only base and mean stand in the table.
        joined: count the points below the middle together, and those above it, so that fewer
            counts of a small sample are hidden.
        design: a purposive one says so in the table; shares are unweighted.

    Raises:
        ValueError: the questions do not share a scale.
    """
    scale = dataset.choice_labels(questions[0])
    if any(dataset.choice_labels(question) != scale for question in questions):
        raise ValueError(f"table {name}: the questions are rated on different scales")
    bands = _bands(scale, joined=joined) if points else ()
    lines = [line for question in questions for line in _lines(dataset, question, bands, by)]
    columns = [
        Column("question", dataset.say("question")),
        *([Column("group", dataset.say("group"))] if by else []),
        *(
            Column(f"share_{band.name}", band.label, Kind.SHARE, f"count_{band.name}", base="base")
            for band in bands
        ),
        *(Column(f"count_{band.name}", "", Kind.COUNT, shown=False) for band in bands),
        Column("base", dataset.say("answered"), Kind.COUNT, total=points),
        Column("mean", dataset.say("mean"), Kind.NUMBER, "base", base="base", decimals=2),
    ]
    table = Table(
        name=name,
        title=title,
        frame=pd.DataFrame(lines, columns=[column.name for column in columns]),
        columns=tuple(columns),
        missing=_missing(dataset, questions),
        weighting=dataset.say("unweighted"),
        method=sentences(dataset, "method_likert", design),
        adds_down=False,
        adds_across=points,
    )
    safe = protect(table, dataset.settings.disclosure.public)
    marks = pd.DataFrame({} if safe.marks is None else safe.marks, dtype="str")
    hidden = (marks.filter(like="share_") != "").any(axis="columns")
    return withhold(safe, "mean", hidden)


@dataclass(frozen=True)
class _Band:
    """Points of a scale that are counted together."""

    name: str
    label: str
    points: tuple[str, ...]


def _bands(scale: dict[str, str], *, joined: bool) -> tuple[_Band, ...]:
    if not joined:
        return tuple(_Band(point, label, (point,)) for point, label in scale.items())
    points, half = tuple(scale), len(scale) // 2
    parts = {"low": points[:half], "middle": points[half:-half], "high": points[-half:]}
    return tuple(
        _Band(name, " / ".join(scale[point] for point in part), part)
        for name, part in parts.items()
        if part
    )


def _lines(
    dataset: Dataset, question: str, bands: tuple[_Band, ...], by: str | None
) -> list[dict[str, object]]:
    answers, groups = dataset.answers(question), groups_of(dataset, question, by)
    scale = dataset.choice_labels(question)
    scores, lines = _scores(scale), []
    for place, label in enumerate(groups.labels.values()):
        made = answers[groups.rows(place)].value_counts().reindex(list(scale), fill_value=0)
        base = int(made.sum())
        counts = {band.name: int(made[list(band.points)].sum()) for band in bands}
        lines.append(
            {
                "question": dataset.label(question),
                "group": label,
                **{f"count_{name}": count for name, count in counts.items()},
                **{f"share_{name}": count / (base or np.nan) for name, count in counts.items()},
                "base": base,
                "mean": float(made.to_numpy(np.float64) @ scores) / base if base else np.nan,
            }
        )
    return lines


def _scores(points: dict[str, str]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The points' own numbers where they are numbers, else 1, 2, ..."""
    if all(point.lstrip("-").isdecimal() for point in points):
        return np.array([float(point) for point in points])
    return np.arange(1.0, len(points) + 1)


def _missing(dataset: Dataset, questions: Sequence[str]) -> dict[str, int]:
    total = Counter[str]()
    for question in questions:
        kinds = dataset.missing_counts(question)
        total.update({dataset.say(kind.value): count for kind, count in kinds.items()})
        answers = dataset.answers(question).dropna()
        strange = int((~answers.isin(list(dataset.choice_labels(question)))).sum())
        total.update({dataset.say("other_value"): strange} if strange else {})
    return dict(total)
