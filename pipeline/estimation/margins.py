"""The rows of a sample in the categories that the population has been counted in."""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Columns, Floats
from pipeline.estimation.design import Margin
from pipeline.estimation.problems import problem


def margin_cells(
    data: Columns, margin: Margin, weights: Floats, rows: Floats | None = None
) -> tuple[Cells, Floats]:
    """Each row's category among those of a margin that the population has, and their counts.

    Args:
        data: the sample.
        margin: of the population.
        weights: (n,) weights.
        rows: (n,) how many rows with a weight above 0 each row stands for; one by default.

    Raises:
        SurveyError: EST-016, the categories of the sample and of the population differ.
    """
    column = data.categories(margin.column)
    known = [(name, count) for name, count in margin.counts if count > 0]
    place = {name: i for i, (name, _) in enumerate(known)}
    moved = np.array([place.get(label, -1) for label in column.labels] + [-1], dtype=np.int64)
    cells = Cells(moved[column.codes], len(known))
    counts: Floats = np.array([count for _, count in known], dtype=np.float64)
    _refuse(_unmatched(cells, margin.column, [name for name, _ in known], weights, rows))
    return cells, counts


def _unmatched(
    cells: Cells, column: str, names: Sequence[str], weights: Floats, rows: Floats | None
) -> Iterator[Problem]:
    ones = np.ones(len(weights)) if rows is None else rows
    if outside := int(ones[~cells.used & (weights > 0)].sum()):
        message = f"{outside} rows have a category of {column} that has no population count."
        yield problem("EST-016", message, "Give every category its count.", column)
    present = cells.sums(weights) > 0
    if absent := [name for name, there in zip(names, present, strict=True) if not there]:
        message = f"No row of the sample is in {', '.join(absent)} of {column}."
        yield problem("EST-016", message, "Join categories that the sample lacks.", column)


def _refuse(problems: Iterator[Problem]) -> None:
    if found := tuple(problems):
        raise SurveyError(found)
