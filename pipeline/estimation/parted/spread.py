"""The last look at the parts: squared distances from what all parts together came to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Floats
from pipeline.estimation.parted.ask import Part
from pipeline.estimation.parted.quantities import quantities
from pipeline.estimation.parted.sample import Answers, Parted
from pipeline.estimation.quantity import Quantity, apart_from

_CELLS_AT_ONCE = 4_000_000  # of rows x columns: 32 MB


@dataclass(frozen=True, slots=True, eq=False)
class Middle:
    """What distances of a quantity's rows are taken from.

    Attributes:
        mean: (k,) of the numerators among the rows of the base.
        estimate: (k,) estimates.
        sums: (k,) totals of the denominators, 1 for totals.
        taken: (q, k) coefficients of the auxiliary columns of the numerators, or None.
        taken_below: (q, d) of the denominators, or None.
        centre: (strata, k) what linearised values are taken from, where rows are units.
        scale: (strata,) by what they are multiplied then.
    """

    mean: Floats
    estimate: Floats
    sums: Floats
    taken: Floats | None
    taken_below: Floats | None
    centre: Floats | None
    scale: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Sums of squares of a quantity's k columns.

    Attributes:
        squares: (k,) weighted, of answers about their mean; 0 where all count 1.
        deviations: (k,) of linearised rows about their stratum's, 0 where rows are no units.
    """

    squares: Floats
    deviations: Floats

    @classmethod
    def none(cls, width: int) -> "Spread":
        """Of no rows."""
        return cls(np.zeros(width), np.zeros(width))

    def joined(self, other: "Spread") -> "Spread":
        """Of both."""
        return Spread(self.squares + other.squares, self.deviations + other.deviations)


def spreads(job: tuple[Parted, Sequence[Middle], Sequence[Part]]) -> list[Spread]:
    """For each quantity the sums of squares of some parts."""
    parted, middles, parts = job
    found: list[Spread] = []
    for part in parts:
        answers = Answers(parted, part.read(parted.ask.columns))
        own = [
            _spread(answers, one.quantity, middle)
            for one, middle in zip(quantities(answers), middles, strict=True)
        ]
        found = [a.joined(b) for a, b in zip(found, own, strict=True)] if found else own
    return found


def _spread(answers: Answers, quantity: Quantity, middle: Middle) -> Spread:
    return Spread(_squares(answers, quantity, middle), _deviations(answers, quantity, middle))


def _squares(answers: Answers, quantity: Quantity, middle: Middle) -> Floats:
    cells = quantity.numerator
    if cells.amounts is None:
        return np.zeros(cells.width)
    apart = apart_from(quantity, middle.mean, middle.estimate)
    return Cells(cells.codes, cells.width, apart**2).sums(answers.weights)


def _deviations(answers: Answers, quantity: Quantity, middle: Middle) -> Floats:
    width = quantity.numerator.width
    if middle.centre is None or middle.scale is None:
        return np.zeros(width)
    step = max(1, _CELLS_AT_ONCE // max(answers.size, 1))
    parts = [
        _deviations_of(answers, quantity, middle, slice(first, min(first + step, width)))
        for first in range(0, width, step)
    ]
    return np.concatenate([np.zeros(0), *parts])


def _deviations_of(answers: Answers, quantity: Quantity, middle: Middle, columns: slice) -> Floats:
    assert middle.centre is not None  # noqa: S101 - asked before
    assert middle.scale is not None  # noqa: S101 - asked before
    part = quantity.part(columns)
    rows = np.arange(answers.size)
    linear = part.numerator.by_group(answers.weights, rows, answers.size)
    if middle.taken is not None:
        linear = linear - _explained(answers, middle.taken[:, columns])
    if part.denominator is not None:
        below = part.denominator.by_group(answers.weights, rows, answers.size)
        if middle.taken_below is not None:
            domains = quantity.domain[columns]
            needed = slice(int(domains[0]), int(domains[-1]) + 1)
            below = below - _explained(answers, middle.taken_below[:, needed])
        with np.errstate(divide="ignore", invalid="ignore"):
            linear -= below[:, part.domain] * middle.estimate[columns]
            linear /= middle.sums[columns]
    linear -= middle.centre[answers.group][:, columns]
    linear *= middle.scale[answers.group][:, None]
    return np.asarray(np.einsum("ij,ij->j", linear, linear))


def _explained(answers: Answers, coefficients: Floats) -> Floats:
    """(n, k) what known counts explain of each row."""
    found = np.zeros((answers.size, coefficients.shape[1]))
    first = 0
    for term in answers.terms:
        own = np.vstack([coefficients[first : first + term.cells.width], 0.0 * found[:1]])
        scale = term.after if term.cells.amounts is None else term.after * term.cells.amounts
        found += scale[:, None] * own[term.cells.codes]
        first += term.cells.width
    return found
