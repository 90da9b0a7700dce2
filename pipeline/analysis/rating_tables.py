"""Tables of questions that are rated on one scale."""

from collections.abc import Sequence

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
    design: Design | None = None,
) -> Table:
    """Questions on one rating scale, one a row: shares of its points, base and mean.

    The mean is withheld where a point is: from both together the hidden count could be worked out.
    With small samples choose: shares, of which some are hidden, or the mean alone.

    Args:
        dataset: of the form.
        questions: select_one questions that share a choice list; its choices, but those that stand
            for missing kinds, are the points, low first.
        title: in the dataset's language.
        name: of the table.
        by: a select_one; then there is a row for each question and group.
        points: show the shares; without them only base and mean stand in the table.
        design: a purposive one says so in the table; shares are unweighted.

    Raises:
        ValueError: the questions do not share a scale.
    """
    scale = dataset.choice_labels(questions[0])
    if any(dataset.choice_labels(question) != scale for question in questions):
        raise ValueError(f"table {name}: the questions are rated on different scales")
    lines = [line for question in questions for line in _lines(dataset, question, scale, by)]
    shown = scale if points else {}
    columns = [
        Column("question", dataset.say("question")),
        *([Column("group", dataset.say("group"))] if by else []),
        *(
            Column(f"share_{point}", label, Kind.SHARE, f"count_{point}", base="base")
            for point, label in shown.items()
        ),
        *(Column(f"count_{point}", "", Kind.COUNT, shown=False) for point in shown),
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


def _lines(
    dataset: Dataset, question: str, points: dict[str, str], by: str | None
) -> list[dict[str, object]]:
    answers = dataset.answers(question)
    groups = groups_of(dataset, question, by)
    scores = _scores(points)
    lines = []
    for place, label in enumerate(groups.labels.values()):
        counts = answers[groups.rows(place)].value_counts().reindex(list(points), fill_value=0)
        base = int(counts.sum())
        made = counts.to_numpy(np.float64)
        lines.append(
            {
                "question": dataset.label(question),
                "group": label,
                **{f"count_{point}": int(counts[point]) for point in points},
                **{
                    f"share_{point}": share
                    for point, share in zip(points, made / (base or np.nan), strict=True)
                },
                "base": base,
                "mean": float(made @ scores) / base if base else np.nan,
            }
        )
    return lines


def _scores(points: dict[str, str]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The points' own numbers where they are numbers, else 1, 2, ..."""
    if all(point.lstrip("-").isdecimal() for point in points):
        return np.array([float(point) for point in points])
    return np.arange(1.0, len(points) + 1)


def _missing(dataset: Dataset, questions: Sequence[str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for question in questions:
        for kind, count in dataset.missing_counts(question).items():
            total[dataset.say(kind.value)] = total.get(dataset.say(kind.value), 0) + count
    return total
