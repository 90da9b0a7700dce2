"""Values laid out in columns with at most one column a row: the form every estimate starts from.

A share lays each row in the column of its category with the value 1, a domain mean in the column
of its domain with its answer. Totals by sampling unit then take one pass over the rows however
many columns there are.
"""

from dataclasses import dataclass, field

import numpy as np

from pipeline.estimation.columns import Codes, Floats, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One value a row, each in one of `width` columns.

    Attributes:
        codes: (n,) the column of each row; -1 for none.
        width: number of columns.
        amounts: (n,) the values, finite where a row has a column; None for 1.
        is_full: whether there is one column and every row is in it.
    """

    codes: Codes
    width: int
    amounts: Floats | None = None
    is_full: bool = field(init=False)

    def __post_init__(self) -> None:
        full = self.width == 1 and len(self.codes) > 0 and int(self.codes.min()) == 0
        object.__setattr__(self, "is_full", full)

    @classmethod
    def of(cls, codes: Codes, width: int, values: Floats) -> "Cells":
        """Cells from codes; a row whose value is missing (NaN) has no column."""
        known = ~np.isnan(values)
        if known.all():
            return cls(codes, width, values)
        return cls(np.where(known, codes, -1), width, np.where(known, values, 0.0))

    @property
    def is_whole(self) -> bool:
        """Whether every row counts as 1 in the one column."""
        return self.is_full and self.amounts is None

    @property
    def used(self) -> Mask:
        """(n,) whether a row has a column."""
        return np.asarray(self.codes >= 0)

    def sums(self, weights: Floats) -> Floats:
        """(width,) weighted totals."""
        return self._add(self.codes + 1, self.width + 1, weights)[1:]

    def counts(self, weights: Floats) -> Codes:
        """(width,) number of rows with a weight other than 0; calibrated ones may be below."""
        codes = self.codes if weights.all() else self.codes[weights != 0]
        return np.asarray(np.bincount(codes + 1, minlength=self.width + 1)[1:], dtype=np.int64)

    def by_group(self, weights: Floats, groups: Codes, count: int) -> Floats:
        """(count, width) weighted totals in each group of rows."""
        if self.is_full:
            return self._add(groups, count, weights)[:, None]
        place = groups * (self.width + 1)
        place += self.codes
        place += 1
        sums = self._add(place, count * (self.width + 1), weights)
        return sums.reshape(count, self.width + 1)[:, 1:]

    def only(self, first: int, stop: int) -> "Cells":
        """The columns from `first` to before `stop`."""
        if (first, stop) == (0, self.width):
            return self
        inside = (self.codes >= first) & (self.codes < stop)
        return Cells(np.where(inside, self.codes - first, -1), stop - first, self.amounts)

    def _add(self, place: Codes, size: int, weights: Floats) -> Floats:
        weighted = weights if self.amounts is None else weights * self.amounts
        return np.asarray(np.bincount(place, weights=weighted, minlength=size))
