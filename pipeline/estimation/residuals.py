"""What known population counts explain of a value, taken out of its variance.

Source: Deville & Särndal (1992), Calibration Estimators in Survey Sampling; Särndal, Swensson &
Wretman (1992), ch. 6 and 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Floats
from pipeline.estimation.stages import Units


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """Columns of an auxiliary matrix in which each row has one value.

    Attributes:
        cells: which column a row has its value in, and the value.
        before: (n,) what a linearised value is multiplied with when it is summed up by column.
        after: (n,) what a column's coefficient is multiplied with when it is taken out again.
    """

    cells: Cells
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How the part of a value that the known counts explain is taken out of its variance.

    Attributes:
        terms: the auxiliary columns.
        gain: (q, q) from sums by auxiliary column to coefficients.
        spread: (units, q) totals by sampling unit of what the coefficients are multiplied with.
    """

    terms: tuple[Term, ...]
    gain: Floats
    spread: Floats

    def residual_totals(self, per_unit: Floats, cells: Cells) -> Floats:
        """Totals by sampling unit of the residuals of weighted values.

        Args:
            per_unit: (units, k) totals of the weighted values.
            cells: the values.
        """
        return self.taken_out(per_unit, crosses(self.terms, cells))

    def taken_out(self, per_unit: Floats, sums: Floats) -> Floats:
        """The same from (q, k) sums by auxiliary column."""
        return np.asarray(per_unit - self.spread @ (self.gain @ sums))


def crosses(terms: Sequence[Term], cells: Cells) -> Floats:
    """(q, k) weighted sums of values by the auxiliary columns of all terms."""
    return np.concatenate([cross(term, cells) for term in terms])


def cross(term: Term, cells: Cells) -> Floats:
    """Weighted sums of values by auxiliary column and by column of values."""
    weights = term.before if term.cells.amounts is None else term.before * term.cells.amounts
    inside = np.where(term.cells.used, weights, 0.0)
    return cells.by_group(inside, np.maximum(term.cells.codes, 0), term.cells.width)


def spread_of(terms: Sequence[Term], units: Units) -> Floats:
    """(units, q) totals by sampling unit of what coefficients are multiplied with."""
    return np.hstack([t.cells.by_group(t.after, units.of_row, units.count) for t in terms])
