"""One table from data in parts, equal to the one from all rows at once but for rounding.

Every look at the parts gives sums that are added up: what there is, what the weights are where
known counts adjust them, the totals by sampling unit, and the squares about what these came to.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from pipeline.estimation.batteries import with_base
from pipeline.estimation.columns import Columns
from pipeline.estimation.design import Margin
from pipeline.estimation.frame import Block, Confidence, DegreesOf, block, table
from pipeline.estimation.intervals import Interval
from pipeline.estimation.margins import margin_cells
from pipeline.estimation.parted.adjustment import Adjustment, Table, by_combination, linear
from pipeline.estimation.parted.ask import Ask, Job, Part, Result, Run
from pipeline.estimation.parted.estimate import Total, estimated, middle_of
from pipeline.estimation.parted.outline import Outline, outline_of
from pipeline.estimation.parted.quantities import Named, quantities
from pipeline.estimation.parted.sample import Answers, Parted, refuse_wrong_numbers
from pipeline.estimation.parted.spread import Spread, spreads
from pipeline.estimation.parted.sums import Summed, Weighed, crossed, summed, weighed
from pipeline.estimation.tabulate import Statistic

_JOBS = 16
"""Into so many jobs the parts are dealt at most, for each comes back with sums of its own."""
Found = TypeVar("Found")


def here(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterable[Result]:
    """Do the work in this process, one job after the other."""
    return map(work, jobs)


def tabulate_parts(
    parts: Sequence[Part],
    ask: Ask,
    *,
    interval: str = "wald",
    level: float = 0.95,
    run: Run = here,
) -> pd.DataFrame:
    """Estimate one statistic of one or several variables, in each domain, from data in parts.

    Args:
        parts: the data, at least one part; their rows one after the other are the whole.
        ask: what is estimated; not what `needs_all_rows`.
        interval: wald, logit, beta, wilson or clopper_pearson.
        level: confidence level.
        run: who does the work.

    Returns:
        As `pipeline.estimation.tabulate.tabulate`.

    Raises:
        SurveyError: EST-010 to EST-022.
    """
    confidence = Confidence.of(interval, level, DegreesOf.DESIGN)
    look = _Look(_dealt(parts), run)
    ask, outline = _outlined(ask, look)
    parted = Parted.of(ask, outline)
    parted = replace(parted, adjustment=_adjustment(parted, outline, look))
    for column in _asked_numbers(ask):
        refuse_wrong_numbers(outline, [column])
    total = Total(parted, reduce(Summed.joined, look.at(summed, parted)))
    named = _without_rows(parted, parts[0])
    middles = [middle_of(total, *both) for both in zip(named, total.summed.of, strict=True)]
    squares = [Spread.none(len(one.quantity.domain)) for one in named]
    if not total.states_no_error and any(map(_has_squares(parted), named)):
        squares = reduce(_added, look.at(spreads, parted, middles))
    return table(list(_blocks(total, named, squares, confidence)))


@dataclass(frozen=True)
class _Look:
    """A look at all parts: a work for each deal of them."""

    deals: Sequence[Sequence[Part]]
    run: Run

    def at(self, work: Callable[[Any], Found], *more: object) -> Iterable[Found]:
        """What the work gives for each deal; its job is a tuple that ends with the parts."""
        return self.run(work, [(*more, some) for some in self.deals])


def _dealt(parts: Sequence[Part]) -> list[Sequence[Part]]:
    each = -(-len(parts) // _JOBS)
    return [parts[first : first + each] for first in range(0, len(parts), each)]


def _outlined(ask: Ask, look: _Look) -> tuple[Ask, Outline]:
    """The outline; where totals are asked, variables that hold other than numbers are counted."""
    outline = reduce(Outline.joined, look.at(outline_of, ask))
    counted = frozenset(name for name in ask.rows if outline.wrong.get(name))
    if ask.statistic is not Statistic.TOTAL or not counted:
        return ask, outline
    ask = replace(ask, counted=counted)
    return ask, reduce(Outline.joined, look.at(outline_of, ask))


def _adjustment(parted: Parted, outline: Outline, look: _Look) -> Adjustment | None:
    ask, design = parted.ask, parted.design
    if not ask.margins and not ask.totals:
        return None
    refuse_wrong_numbers(outline, ask.totals)
    found = reduce(Weighed.joined, look.at(weighed, parted))
    known = Table(_combinations(parted, outline), found.weights, found.rows)
    if not ask.totals:
        return by_combination(design, known)
    cells, target = {}, []
    for one in design.calibrate:
        if isinstance(one, Margin):
            columns = Columns(known.frame)
            cells[one.column], counts = margin_cells(columns, one, known.weights, known.rows)
            target.append(counts)
        else:
            target.append(np.array([one.total]))
    each = list(look.at(crossed, parted, cells))
    totals, slope = (np.sum([one[n] for one in each], axis=0) for n in range(2))
    return linear(design, cells, np.concatenate(target), totals, slope)


def _combinations(parted: Parted, outline: Outline) -> pd.DataFrame:
    """The combinations of the margins' categories, in the order of their numbers."""
    columns = [margin.column for margin in parted.ask.margins]
    if not columns:
        return pd.DataFrame(index=range(1))
    read = parted.labels.of_texts(outline.margins, columns)
    order = np.argsort(parted.margins.numbered(read, len(outline.margins)))
    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(one.codes[order], categories=pd.Index(one.labels))
            for name, one in zip(columns, read, strict=True)
        }
    )


def _asked_numbers(ask: Ask) -> Iterator[str]:
    """The columns that have to be numbers, in the order in which they are asked for."""
    if ask.statistic is Statistic.SHARE:
        return
    for name in ask.rows:
        if name not in ask.counted:
            yield name
        if ask.denominator is not None:
            yield ask.denominator


def _without_rows(parted: Parted, part: Part) -> list[Named]:
    """The quantities' shapes and labels."""
    empty = part.read(parted.ask.columns).iloc[:0]
    return list(quantities(Answers(parted, empty)))


def _has_squares(parted: Parted) -> Callable[[Named], bool]:
    return lambda one: parted.rows_are_units or one.quantity.numerator.amounts is not None


def _added(one: Sequence[Spread], other: Sequence[Spread]) -> list[Spread]:
    return [a.joined(b) for a, b in zip(one, other, strict=True)]


def _blocks(
    total: Total, named: Sequence[Named], squares: Sequence[Spread], confidence: Confidence
) -> Iterator[Block]:
    wald = replace(confidence, interval=Interval.WALD)
    answered = None
    for one, sums, spread in zip(named, total.summed.of, squares, strict=True):
        if one.of_answered:
            answered = np.asarray(sums.rows.sum(axis=0), dtype=np.int64)
            continue
        is_share = total.parted.ask.statistic is Statistic.SHARE
        how = confidence if is_share else wald
        found = estimated(total, one, sums, spread)
        made = block(total, one.variable, (one.category, one.domain), found, how)
        has_own = one.variable in total.parted.ask.with_column
        yield with_base(made, answered) if has_own and answered is not None else made
