"""The categories of all parts together, and the numbers of their combinations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.estimation.columns import Categories, Codes, categories, compacted


@dataclass(frozen=True, eq=False)
class Tuples:
    """The combinations of several columns' codes that occur, numbered in ascending order.

    Attributes:
        widths: how many codes each column has.
        found: for each column the numbers that occur of the combination of those before it,
            times the column's width, plus its code; ascending.
    """

    widths: tuple[int, ...]
    found: tuple[Codes, ...]

    @classmethod
    def of(cls, columns: Sequence[Categories]) -> "Tuples":
        """Of rows that hold every combination that occurs; -1 is in none."""
        widths, found = [], []
        number = None
        for column in columns:
            width = len(column.labels)
            known = column.codes >= 0
            joined = column.codes
            if number is not None:
                joined = np.where(known & (number >= 0), number * width + column.codes, -1)
            occurring = np.unique(joined[joined >= 0])
            widths.append(width)
            found.append(occurring)
            number = _placed(joined, occurring)
        return cls(tuple(widths), tuple(found))

    @property
    def count(self) -> int:
        """How many combinations there are."""
        return len(self.found[-1]) if self.found else 1

    def numbered(self, columns: Sequence[Categories], size: int) -> Codes:
        """(size,) the number of each row's combination, -1 where one of its codes is missing."""
        number = np.zeros(size, dtype=np.int64)
        for column, width, occurring in zip(columns, self.widths, self.found, strict=True):
            missing = (number < 0) | (column.codes < 0)
            number = _placed(np.where(missing, -1, number * width + column.codes), occurring)
        return number


def _placed(codes: Codes, occurring: Codes) -> Codes:
    place = np.searchsorted(occurring, codes)
    if not len(occurring):
        return np.full(len(codes), -1, dtype=np.int64)
    right = occurring[np.minimum(place, len(occurring) - 1)] == codes
    return np.where(right, place, -1).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Labels:
    """The categories of every labelled column in all parts.

    Attributes:
        of: column -> its categories, in the order of the whole column.
    """

    of: Mapping[str, tuple[str, ...]]

    def read(self, frame: pd.DataFrame, column: str) -> Categories:
        """A part's column, in the codes of all parts."""
        return self.placed(categories(frame, column), column)

    def placed(self, own: Categories, column: str) -> Categories:
        """A part's categories, in the codes of all parts."""
        labels = self.of[column]
        place = {label: number for number, label in enumerate(labels)}
        moved = np.array([*(place[label] for label in own.labels), -1], dtype=np.int64)
        return Categories(moved[own.codes], labels)

    def of_texts(self, texts: pd.DataFrame, columns: Sequence[str]) -> list[Categories]:
        """Columns of categories as texts, in the codes of all parts."""
        return [
            Categories(
                pd.Index(self.of[column]).get_indexer(pd.Index(texts[column])).astype(np.int64),
                self.of[column],
            )
            for column in columns
        ]


def domain_labels(tuples: Tuples, by: Sequence[str], labels: Labels) -> tuple[str, ...]:
    """How each domain is written: `stype=E, sch.wide=Yes`."""
    names = [""]
    for column, width, occurring in zip(by, tuples.widths, tuples.found, strict=True):
        names = [
            f"{names[one // width]}, {column}={labels.of[column][one % width]}"
            for one in occurring.tolist()
        ]
    return tuple(name.removeprefix(", ") for name in names)


def distinct(frame: pd.DataFrame, rows: str | None = None) -> pd.DataFrame:
    """The rows that differ, in the order in which they last stand there.

    Args:
        frame: any number of columns.
        rows: the column that says how many rows each stands for, which is added up.
    """
    named = [name for name in frame.columns if name != rows]
    if not named:
        number = len(frame) if rows is None else int(frame[rows].sum())
        return pd.DataFrame({} if rows is None else {rows: [number]}, index=range(1))
    kept = frame.drop_duplicates(named, keep="last")
    if rows is None:
        return kept.reset_index(drop=True)
    codes = frame.groupby(named, dropna=False, sort=False, observed=True).ngroup().to_numpy()
    _, place = compacted(codes.astype(np.int64))
    sums = np.bincount(place, weights=frame[rows].to_numpy(dtype=np.float64)).astype(np.int64)
    return kept.assign(**{rows: sums[place[kept.index.to_numpy()]]}).reset_index(drop=True)
