"""Tables of questions that are rated on one scale."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.analysis.answers import Groups, Mask, groups_of
from pipeline.analysis.counting import ANSWERED, Counting
from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import sentences
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.estimation.design import Design
from pipeline.privacy.count_table import Cell


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

    The mean is withheld where a hidden count could be worked out from it.
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
    counting = Counting(dataset, questions[0])
    cells = dict[str, list[Cell | None]]()
    lines = [
        line
        for question in questions
        for line in _lines(dataset, question, bands, by, (counting, cells))
    ]
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
        forms=(dataset.form_id,),
        questions=tuple(questions),
        weighting=dataset.say("unweighted"),
        method=sentences(dataset, "method_likert", design),
        adds_down=False,
        adds_across=points,
        cells={name: tuple(line) for name, line in cells.items()},
        counted=counting.counted(),
    )
    return protect(table, dataset.protection)


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
    dataset: Dataset,
    question: str,
    bands: tuple[_Band, ...],
    by: str | None,
    collected: tuple[Counting, dict[str, list[Cell | None]]],
) -> list[dict[str, object]]:
    answers, groups = dataset.answers(question), groups_of(dataset, question, by)
    scale = dataset.choice_labels(question)
    scores, lines = _scores(scale), []
    for place, label in enumerate(groups.labels.values()):
        rows = groups.rows(place)
        line = _LineOf(dataset, question, rows, _pairs(groups, by, place))
        _collect(*collected, line, bands)
        made = answers[rows].value_counts().reindex(list(scale), fill_value=0)
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


def _pairs(groups: Groups, by: str | None, place: int) -> tuple[tuple[str, str], ...]:
    return () if by is None else ((by, list(groups.labels)[place]),)


@dataclass(frozen=True)
class _LineOf:
    """Whose answers a line shows."""

    dataset: Dataset
    question: str
    rows: Mask
    pairs: tuple[tuple[str, str], ...]


def _collect(
    counting: Counting,
    cells: dict[str, list[Cell | None]],
    line: _LineOf,
    bands: tuple[_Band, ...],
) -> None:
    """Say whom a line counts: each point, the points of a band, all, and the sum of the points."""
    dataset, question, rows, pairs = line.dataset, line.question, line.rows, line.pairs
    answers, scale = dataset.answers(question), dataset.choice_labels(question)
    made = {point: answers.eq(point).fillna(value=False).to_numpy(bool) & rows for point in scale}
    everyone = np.any(list(made.values()), axis=0)
    points = dict(zip(made, counting.choices(question, made, *pairs), strict=True))
    base = counting.base(everyone, (question, ANSWERED), *pairs)
    for band in bands:
        parts = [points[point] for point in band.points]
        joined = parts[0]
        if len(parts) > 1:
            either = np.any([made[point] for point in band.points], axis=0)
            joined = counting.add(either, (question, "|".join(band.points)), *pairs)
            counting.adds(joined, parts)
        cells.setdefault(f"count_{band.name}", []).append(joined)
    cells.setdefault("base", []).append(base)
    scores = _scores(scale)
    mean = None
    if np.all(scores == np.rint(scores)):
        by_score = {int(score): made[point] for point, score in zip(scale, scores, strict=True)}
        names = {int(score): points[point] for point, score in zip(scale, scores, strict=True)}
        mean = counting.mean(base, by_score, question, *pairs, names=names)
    cells.setdefault("mean", []).append(mean)


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
