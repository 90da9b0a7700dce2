"""What a design makes of its columns: the stages of sampling, and what forbids them."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.columns import Codes, Columns, Floats, compacted, numbers
from pipeline.estimation.design import Design, Kind, LonelyStratum
from pipeline.estimation.problems import problem
from pipeline.estimation.stages import Stage, staged


def refuse(problems: Iterable[Problem]) -> None:
    """Raise what was found, if anything was.

    Raises:
        SurveyError: all of it.
    """
    if found := tuple(problems):
        raise SurveyError(found)


def missing_values(data: Columns, design: Design) -> Iterator[Problem]:
    """EST-018, no rows; EST-010 and EST-011, columns of the design with nothing in them."""
    size = len(data.frame)
    if not size:
        yield no_rows()
        return
    for column in design.columns:
        try:
            missing = int(data.blank(column).sum())
        except SurveyError as error:
            yield from error.problems
            continue
        if missing:
            yield missing_in(column, missing, size)


def no_rows() -> Problem:
    """EST-018: there is nothing to estimate from."""
    return problem("EST-018", "The data have no rows.", "Check which file was read.")


def missing_in(column: str, missing: int, size: int) -> Problem:
    """EST-011: some rows have nothing in a column of the design."""
    message = f"{missing} of the {size} rows have nothing in {column}."
    return problem("EST-011", message, "Complete the column, or leave the rows out.", column)


def drawn_stages(
    data: Columns, design: Design, rows: Codes | None = None
) -> tuple[tuple[Stage, ...], Codes]:
    """Every stage of the design, and the finest sampling unit of each row.

    Args:
        data: n rows with the design's columns.
        design: how the sample was drawn.
        rows: (n,) how many rows of the sample each row stands for; one by default.

    Raises:
        SurveyError: EST-013 and EST-014.
    """
    parent = np.zeros(len(data.frame), dtype=np.int64)
    levels: list[Codes | None] = [None]
    if design.strata:
        parent = compacted(data.categories(design.strata).codes)[1]
    if design.clusters:
        refuse(_straddling(data.categories(design.clusters[0]).codes, parent, design))
        levels = [data.categories(column).codes for column in counted_clusters(design)]
    counts = _population_counts(data, design, len(levels), rows)
    return staged(parent, levels, counts, rows)


def counted_clusters(design: Design) -> tuple[str, ...]:
    """The columns of clusters that tell of the variance.

    Without population counts a first stage taken as drawn with replacement says it all.
    """
    return design.clusters if design.fpc else design.clusters[:1]


def _straddling(clusters: Codes, strata: Codes, design: Design) -> Iterator[Problem]:
    if design.nest or not design.strata:
        return
    pairs, _ = compacted(clusters * (int(strata.max()) + 1) + strata)
    if straddling := len(pairs) - len(compacted(clusters)[0]):
        message = f"{straddling} codes of {design.clusters[0]} stand in more than one stratum."
        repair = "Correct them, or say 'nest: true' if clusters are numbered anew in each stratum."
        yield problem("EST-014", message, repair, "clusters")


def _population_counts(
    data: Columns, design: Design, stages: int, rows: Codes | None
) -> Sequence[Floats | None]:
    size = len(data.frame)
    if design.kind is Kind.CENSUS:
        return [np.full(size, float(size if rows is None else rows.sum()))]
    if not design.fpc:
        return [None] * stages
    return [
        numbers(data.frame, count) if isinstance(count, str) else np.full(size, float(count))
        for count in design.fpc
    ]


def lonely(stages: tuple[Stage, ...], design: Design) -> Iterator[Problem]:
    """EST-018, a single sampling unit; EST-015, strata or clusters with one."""
    if design.kind in (Kind.PURPOSIVE, Kind.CENSUS):
        return
    first = stages[0]
    if int(first.size.sum()) == 1 and bool(first.varies[0]):
        message = "The whole sample is one sampling unit, which tells nothing of its variation."
        yield problem("EST-018", message, "Describe it as purposive.", "kind")
        return
    if design.lonely_stratum is not LonelyStratum.FAIL:
        return
    for number, stage in enumerate(stages, start=1):
        if alone := int(stage.lonely.sum()):
            of = f"of the {len(stage.size)} {'strata' if number == 1 else 'clusters'}"
            message = f"{alone} {of} at stage {number} have only one sampling unit."
            repair = "Join it to another, or choose lonely_stratum: adjust, average or remove."
            yield problem("EST-015", message, repair, "lonely_stratum")


def wrong_weights(below: int, above: int, size: int, design: Design) -> Iterator[Problem]:
    """EST-012: weights that no sample can have.

    Args:
        below: how many weights are below 0, or none.
        above: how many are above 0.
        size: number of rows.
        design: how the sample was drawn.
    """
    if below:
        message = f"{below} of the {size} weights are below 0."
        yield problem("EST-012", message, "Correct them; 0 leaves a row out.", design.weights)
    elif not above:
        yield problem("EST-012", "All weights are 0.", "Correct them.", design.weights)
