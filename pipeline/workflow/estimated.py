"""Estimates from any table of data, at once or part by part."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.errors import Place, Problem, SurveyError
from pipeline.parts.engines import Engines

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.estimation.design import Design
    from pipeline.workflow.row_groups import RowGroup

First = TypeVar("First")
Second = TypeVar("Second")
_LARGE = 500_000
"""So many rows are worth more than one process, each of which takes a second to start."""


def tabulate(
    data: Path,
    design: Path,
    *,
    rows: Sequence[str],
    by: Sequence[str] = (),
    statistic: str = "share",
    denominator: str | None = None,
    interval: str = "wald",
    level: float = 0.95,
    engines: Engines | None = None,
) -> str:
    """Estimate from a CSV or Parquet file, or a folder of these; gives back CSV at full precision.

    Parquet of more than one row group is summed up one after the other, where that can be
    (`needs_all_rows`), so that memory does not grow with the rows.

    Args:
        data: a CSV file (UTF-8), a Parquet file, or a folder of Parquet files of one table.
        design: YAML.
        rows: the variables.
        by: columns whose combinations are the domains.
        statistic: mean, total, share, median or ratio.
        denominator: the variable below, for a ratio.
        interval: wald, logit, beta, wilson or clopper_pearson.
        level: confidence level.
        engines: who sums up; by default this process, or for half a million rows and more as many
            as there are processors.

    Raises:
        SurveyError: WORK-003 and WORK-014, the data cannot be read; EST-..., design and data do
            not fit; PARTS-..., an engine that cannot be had; all that is wrong with the files at
            once.
    """
    from pipeline.estimation.parted.ask import needs_all_rows
    from pipeline.estimation.reading import read_design
    from pipeline.estimation.tabulate import tabulate as work
    from pipeline.workflow.row_groups import parts_of
    from pipeline.workflow.table_file import read_table

    named = (*rows, *by, *([denominator] if denominator else []))

    def read() -> "Sequence[RowGroup] | pd.DataFrame":
        wanted = _wanted(design, named)
        parts = parts_of(data)
        summable = wanted is not None and needs_all_rows(read_design(design), statistic) is None
        return parts if summable and len(parts) > 1 else read_table(data, wanted)

    drawn, found = _both(lambda: read_design(design), read)
    try:
        if isinstance(found, Sequence):
            options = (rows, by, statistic, denominator, interval)
            table = _in_parts(found, drawn, options, level, engines)
        else:
            table = work(
                found,
                drawn,
                list(rows),
                by=list(by),
                statistic=statistic,
                denominator=denominator,
                interval=interval,
                level=level,
            )
    except SurveyError as error:
        raise SurveyError(_in_file(one, data) for one in error.problems) from error
    return table.to_csv(index=False)


def _in_parts(
    parts: "Sequence[RowGroup]",
    design: "Design",
    options: tuple[Sequence[str], Sequence[str], str, str | None, str],
    level: float,
    engines: Engines | None,
) -> "pd.DataFrame":
    from pipeline.estimation.parted.ask import Ask
    from pipeline.estimation.parted.tabulate import tabulate_parts

    ask, interval = Ask.of(parts[0].columns(), design, *options), options[-1]
    if engines is None and sum(part.rows for part in parts) < _LARGE:
        return tabulate_parts(parts, ask, interval=interval, level=level)
    with (engines or Engines()).begun() as engine:
        return tabulate_parts(parts, ask, interval=interval, level=level, run=engine.run)


def _wanted(design: Path, named: Sequence[str]) -> tuple[str, ...] | None:
    """The columns that estimates need; None where the design cannot tell."""
    from pipeline.estimation.reading import read_design

    try:
        return (*read_design(design).columns, *named)
    except SurveyError:
        return None


def _both(one: Callable[[], First], other: Callable[[], Second]) -> tuple[First, Second]:
    """What both give, or the problems of both."""
    try:
        first = one()
    except SurveyError as error:
        try:
            other()
        except SurveyError as further:
            raise SurveyError((*error.problems, *further.problems)) from error
        raise
    return first, other()


def _in_file(problem: Problem, data: Path) -> Problem:
    """A problem of the data names their file; one of an argument stays as it is."""
    if problem.code in {"EST-021", "EST-022"} or problem.place.file:
        return problem
    return replace(problem, place=replace(problem.place, file=data.as_posix()))


def save_estimates(file: Path, text: str) -> None:
    """Write what `tabulate` gave.

    Raises:
        SurveyError: WORK-002, the file cannot be written.
    """
    from pipeline.store import write_text

    try:
        write_text(file, text)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        message, repair = f"The file cannot be written ({reason}).", "Name another one."
        place = Place(file=file.as_posix())
        raise SurveyError([Problem("WORK-002", message, repair, place)]) from error
