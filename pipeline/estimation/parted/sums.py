"""The looks at the parts at which everything is added up over rows, by sampling unit."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import reduce

import numpy as np

from pipeline.estimation.calibration import gram
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Floats, compacted
from pipeline.estimation.parted.adjustment import auxiliary
from pipeline.estimation.parted.ask import Part
from pipeline.estimation.parted.quantities import quantities
from pipeline.estimation.parted.sample import Answers, Parted
from pipeline.estimation.quantity import Quantity
from pipeline.estimation.residuals import crosses


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """A quantity's sums over rows: k columns in d domains, by g groups of rows.

    Attributes:
        above: (g, k) weighted totals of the numerators.
        below: (g, d) of the denominators, without columns for totals, which have none.
        rows: (g, d) numbers of rows of the base with a weight other than 0.
        used: (g, d) numbers of rows of the base.
        asked: (g, d) as `rows`, of those who were asked.
        population: (g, d) weighted totals of the base.
        everyone: (d,) number of rows asked, whatever their weight.
        explained_above: (q, k) weighted sums by auxiliary column.
        explained_below: (q, d) of the denominators.
    """

    above: Floats
    below: Floats
    rows: Floats
    used: Floats
    asked: Floats
    population: Floats
    everyone: Floats
    explained_above: Floats
    explained_below: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """Everything that rows come to, in the groups that they are of.

    Attributes:
        at: (g,) which of the sample's groups these are, ascending.
        weights: (g,) sums of the final weights.
        rows: (g,) numbers of rows with a weight other than 0.
        spread: (g, q) totals of what auxiliary coefficients are multiplied with.
        of: for each quantity its sums.
    """

    at: Codes
    weights: Floats
    rows: Floats
    spread: Floats
    of: tuple[Sums, ...]

    def joined(self, other: "Summed") -> "Summed":
        """Both, in the groups of either."""
        at = np.union1d(self.at, other.at)
        places = np.searchsorted(at, self.at), np.searchsorted(at, other.at)

        def both(one: Floats, its: Floats) -> Floats:
            found = np.zeros((len(at), *one.shape[1:]))
            found[places[0]] = one
            found[places[1]] += its
            return found

        def sums(one: Sums, its: Sums) -> Sums:
            return Sums(
                **{
                    name: both(getattr(one, name), getattr(its, name))
                    if name in _BY_GROUP
                    else getattr(one, name) + getattr(its, name)
                    for name in _SUMS
                }
            )

        return Summed(
            at,
            both(self.weights, other.weights),
            both(self.rows, other.rows),
            both(self.spread, other.spread),
            tuple(sums(one, its) for one, its in zip(self.of, other.of, strict=True)),
        )


_SUMS = tuple(one.name for one in fields(Sums))
_BY_GROUP = {"above", "below", "rows", "used", "asked", "population"}


def summed(job: tuple[Parted, Sequence[Part]]) -> Summed:
    """The sums of some parts, one after the other."""
    parted, parts = job
    read = (Answers(parted, part.read(parted.ask.columns)) for part in parts)
    return reduce(Summed.joined, map(_summed, read))


def _summed(answers: Answers) -> Summed:
    at, group = compacted(answers.group)
    weights, terms = answers.weights, answers.terms
    present = (weights != 0).astype(np.float64)
    spread = [term.cells.by_group(term.after, group, len(at)) for term in terms]

    def sums(quantity: Quantity) -> Sums:
        below, base = quantity.denominator, quantity.base
        asked = quantity.asked or base

        def by_group(cells: Cells, what: Floats) -> Floats:
            return cells.by_group(what, group, len(at))

        return Sums(
            above=by_group(quantity.numerator, weights),
            below=np.zeros((len(at), 0)) if below is None else by_group(below, weights),
            rows=by_group(base, present),
            used=by_group(base, np.ones(answers.size)),
            asked=by_group(asked, present),
            population=by_group(base, weights),
            everyone=asked.sums(np.ones(answers.size)),
            explained_above=crosses(terms, quantity.numerator) if terms else _NOTHING,
            explained_below=crosses(terms, below) if terms and below else _NOTHING,
        )

    return Summed(
        at,
        np.bincount(group, weights=weights, minlength=len(at)).astype(np.float64),
        np.bincount(group, weights=present, minlength=len(at)).astype(np.float64),
        np.hstack([*spread, np.zeros((len(at), 0))]),
        tuple(sums(one.quantity) for one in quantities(answers)),
    )


_NOTHING = np.zeros((0, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The given weights of rows by combination of the margins' categories.

    Attributes:
        weights: (c,) their sums.
        rows: (c,) numbers of rows with a weight other than 0.
    """

    weights: Floats
    rows: Floats

    def joined(self, other: "Weighed") -> "Weighed":
        """Of both."""
        return Weighed(self.weights + other.weights, self.rows + other.rows)


def weighed(job: tuple[Parted, Sequence[Part]]) -> Weighed:
    """The given weights of some parts."""
    parted, parts = job
    count = parted.margins.count
    weights, rows = np.zeros(count), np.zeros(count)
    for part in parts:
        answers = Answers(parted, part.read(parted.ask.columns))
        at, given = answers.seen.combination, answers.given
        weights += np.bincount(at, weights=given, minlength=count)
        rows += np.bincount(at, weights=(given != 0).astype(np.float64), minlength=count)
    return Weighed(weights, rows)


def crossed(job: tuple[Parted, dict[str, Cells], Sequence[Part]]) -> tuple[Floats, Floats]:
    """(q,) weighted sums of the calibration's columns in some parts, and (q, q) cross products."""
    parted, cells, parts = job
    totals: Floats | float = 0.0
    slope: Floats | float = 0.0
    for part in parts:
        answers = Answers(parted, part.read(parted.ask.columns))
        columns = auxiliary(parted.design.calibrate, cells, answers.seen)
        totals = totals + np.concatenate([one.sums(answers.given) for one in columns])
        slope = slope + gram(columns, answers.given)
    return np.asarray(totals), np.asarray(slope)
