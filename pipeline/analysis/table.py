"""A table of the report: its numbers, what they rest on, and what a reader must know about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from pipeline.analysis.counting import Counted
from pipeline.privacy.count_table import Cell
from pipeline.privacy.published import Sidecar

SMALL_BASE = 30
"""An estimate that rests on fewer answers is marked."""


class Kind(StrEnum):
    """What a column holds, which decides how it is shown and protected.

    text: words. count: an unweighted number of respondents, to which the threshold applies.
    share: from 0 to 1, shown as a percentage. number: any other number (a mean, a score, a sum).
    date: a day.
    """

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"
    DATE = "date"


class Mark(StrEnum):
    """Why a cell shows no number: it is small, or others stay hidden by it; which, nobody says."""

    SHOWN = ""
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: of the frame's column.
        label: heading in the page's language.
        kind: what it holds.
        rests_on: the column of unweighted counts that each cell rests on; a cell is shown only
            where that count is. A count rests on itself.
        base: the column of unweighted bases (denominators) of the cells, for the mark on small
            bases; without it the table's base. A number that rests on nothing is never marked.
        group: a heading above this and its neighbours of the same group.
        decimals: shown (of the percentage, for a share); files hold full precision.
        total: holds the sum of the other counts of the row.
        shown: False for counts that others rest on and that are not shown themselves.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    rests_on: str | None = None
    base: str | None = None
    group: str = ""
    decimals: int = 0
    total: bool = False
    shown: bool = True


@dataclass(frozen=True)
class Table:
    """A table of the report.

    Attributes:
        name: of its files and anchor: small letters, digits and `_`; unique on the page.
        title: in the page's language, as everything that follows.
        frame: one row a line; numbers are numbers, shares 0-1; index 0..n-1.
        columns: in the order shown; each names a column of `frame`.
        base: unweighted number of those who gave an answer; None where no single base holds.
        wording: the question as it was asked.
        missing: kind in words -> how many have no usable answer; None where that is withheld.
        unit: of the numbers.
        weighting: how the numbers are weighted.
        method: how they came about.
        notes: whatever else a reader must know.
        adds_down: the counts of each column add up, to the last row where `total_row`, else to
            the base. False where several answers were possible.
        adds_across: the counts of each row add up to the column marked `total`.
        total_row: the last row is the total (or base) of its columns.
        marks: why a cell is not shown, same rows, a column for each of `columns`; None before
            `suppression.protect` has been asked.
        small: which shares and numbers rest on a small base, in the shape of `marks`.
        threshold: least unweighted count that was applied.
        cells: column of counts -> whom the count of each row counts; column of means -> the sum
            behind each. Without it cells are not held against those of other tables.
        base_cell: whom the base counts.
        missing_cells: kind in words -> whom its number counts.
        other_missing: all whose answer is missing for another kind than those of `missing_cells`.
        joined: of a protected table: how many are missing for kinds that are not told apart.
        joined_withheld: how many that are is not shown.
        counted: what else is known of these cells.
        base_withheld: there is a base, and it is not shown.
        sidecar: of a protected table, for its file; places are those of the columns before.
        forms: the forms whose data the numbers are made of; all that the page opened by default.
        questions: the questions behind them, which `survey trace` follows.
        base_key: the phrase that says what the base counts.
        of_answers: False where the numbers count files, issues or events, which have no base.
    """

    name: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    base: int | None = None
    wording: str = ""
    missing: Mapping[str, int | None] = field(default_factory=dict)
    unit: str = ""
    weighting: str = ""
    method: str = ""
    notes: tuple[str, ...] = ()
    adds_down: bool = True
    adds_across: bool = False
    total_row: bool = False
    marks: pd.DataFrame | None = None
    small: pd.DataFrame | None = None
    threshold: int | None = None
    cells: Mapping[str, tuple[Cell | None, ...]] = field(default_factory=dict)
    base_cell: Cell | None = None
    missing_cells: Mapping[str, Cell] = field(default_factory=dict)
    other_missing: Cell | None = None
    joined: int = 0
    joined_withheld: bool = False
    counted: Counted | None = None
    base_withheld: bool = False
    sidecar: Sidecar | None = None
    forms: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    of_answers: bool = True
    base_key: str = "base_answers"

    def __post_init__(self) -> None:
        absent = [one.name for one in self.columns if one.name not in self.frame]
        if absent:
            raise ValueError(f"table {self.name}: columns without data: {absent}")

    def column(self, name: str) -> Column:
        """The column of this name.

        Raises:
            KeyError: there is none.
        """
        for one in self.columns:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def shows_nothing(self) -> bool:
        """Whether the table has numbers, and every one of them is hidden."""
        if self.marks is None:
            return False
        names = [one.name for one in self.columns if one.kind is not Kind.TEXT]
        hidden = self.marks[names].to_numpy() != Mark.SHOWN.value
        known = hidden | self.frame[names].notna().to_numpy()
        return bool(hidden.any() and (hidden == known).all())

    @property
    def is_protected(self) -> bool:
        """Whether small counts have been taken out, so that it may be shown."""
        return self.marks is not None
