"""Read columns of answers as numbers, as categories and as domains."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.problems import problem

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Categories:
    """A column as codes.

    Attributes:
        codes: (n,) the place of each row's category in `labels`; -1 where it is missing.
        labels: the categories, in the column's own order if it has one, else sorted.
    """

    codes: Codes
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A frame whose columns of categories are read once, however often they are asked for."""

    frame: pd.DataFrame
    _read: dict[str, Categories] = field(default_factory=dict)

    def categories(self, column: str) -> Categories:
        """As `categories`."""
        if column not in self._read:
            self._read[column] = categories(self.frame, column)
        return self._read[column]

    def blank(self, column: str) -> Mask:
        """As `blank`."""
        series = series_of(self.frame, column)
        if pd.api.types.is_numeric_dtype(series):
            return series.isna().to_numpy(dtype=bool)
        return np.asarray(self.categories(column).codes < 0)


def text_of(value: Any) -> str:
    """How a category is written: whole numbers without a point, so that 1 and 1.0 are one."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def categories(data: pd.DataFrame, column: str) -> Categories:
    """A column as categories; empty text is missing.

    Raises:
        SurveyError: EST-010, the column does not exist.
    """
    series = series_of(data, column)
    if series.dtype == np.bool_:
        return Categories(series.to_numpy().astype(np.int64), ("False", "True"))
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, values = series.cat.codes.to_numpy(), list(series.cat.categories)
    else:
        codes, values = _factorised(series)
    return _merged(codes.astype(np.int64), [text_of(value) for value in values])


def _factorised(series: "pd.Series[Any]") -> tuple[npt.NDArray[np.intp], list[Any]]:
    try:
        codes, values = pd.factorize(series, sort=True)
    except TypeError:
        codes, values = pd.factorize(series.astype("str"), sort=True)
    return codes, list(values)


def _merged(codes: Codes, labels: list[str]) -> Categories:
    """Two values that are written alike are one category, and empty text is none."""
    kept = tuple(dict.fromkeys(label for label in labels if label.strip()))
    if len(kept) == len(labels):
        return Categories(codes, kept)
    place = {label: i for i, label in enumerate(kept)}
    moved = np.array([place.get(label, -1) for label in labels] + [-1], dtype=np.int64)
    return Categories(moved[codes], kept)


def numbers(data: pd.DataFrame, column: str) -> Floats:
    """A column as numbers, NaN where it is missing; yes/no columns (bool) as 1 and 0.

    Raises:
        SurveyError: EST-010, no such column; EST-020, some answers are not (finite) numbers.
    """
    values = read_numbers(data, column)
    if wrong := int(np.isinf(values).sum()):
        raise SurveyError([not_numbers(column, wrong, len(values))])
    return values


def not_numbers(column: str, wrong: int, size: int) -> Problem:
    """EST-020: so many of a column's answers are not numbers."""
    message = f"{wrong} of the {size} answers to {column} are not numbers."
    repair = "Choose a numeric column, or tabulate shares of this one."
    return problem("EST-020", message, repair, column)


def read_numbers(data: pd.DataFrame, column: str) -> Floats:
    """As `numbers`, with infinity for an answer that is no number.

    Raises:
        SurveyError: EST-010, no such column.
    """
    series = series_of(data, column)
    if series.dtype == object or isinstance(series.dtype, pd.StringDtype | pd.CategoricalDtype):
        values = _parsed(series.astype(object))
    elif pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_complex_dtype(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        values = np.full(len(series), np.inf)
    return values


def _parsed(series: "pd.Series[Any]") -> Floats:
    blank = (series.isna() | series.astype("str").str.strip().eq("")).to_numpy(dtype=bool)
    parsed = pd.to_numeric(series.where(~blank), errors="coerce")
    values = parsed.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(values) & ~blank, np.inf, values)


def blank(data: pd.DataFrame, column: str) -> Mask:
    """(n,) whether a column has no answer.

    Raises:
        SurveyError: EST-010, the column does not exist.
    """
    return Columns(data).blank(column)


def domains(data: pd.DataFrame, by: Sequence[str]) -> Categories:
    """The combinations of several columns that occur, written `stype=E, sch.wide=Yes`.

    A row without an answer to one of them is in no domain. Without columns every row is in the
    one domain, whose label is empty.
    """
    if not by:
        return Categories(np.zeros(len(data), dtype=np.int64), ("",))
    codes = np.zeros(len(data), dtype=np.int64)
    labels = [""]
    for column in by:
        part = categories(data, column)
        joined = np.where((codes < 0) | (part.codes < 0), -1, codes * len(part.labels) + part.codes)
        found, inverse = np.unique(joined, return_inverse=True)
        occurring = found[found >= 0]
        labels = [
            f"{labels[c // len(part.labels)]}, {column}={part.labels[c % len(part.labels)]}"
            for c in occurring
        ]
        codes = inverse.astype(np.int64) - int(len(found) > len(occurring))
    return Categories(codes, tuple(label.removeprefix(", ") for label in labels))


def series_of(data: pd.DataFrame, column: str) -> "pd.Series[Any]":
    """The one column of this name.

    Raises:
        SurveyError: EST-010, there is none, or more than one.
    """
    found = np.flatnonzero(data.columns == column)
    if len(found) != 1:
        raise SurveyError([no_column(column, is_there=bool(len(found)))])
    return data.iloc[:, int(found[0])]


def no_column(column: str, *, is_there: bool = False) -> Problem:
    """EST-010: there is no such column, or more than one."""
    many = "more than one column" if is_there else "no column"
    message = f"The data have {many} named '{column}'."
    return problem("EST-010", message, "Check its spelling.", column)


def compacted(codes: Codes) -> tuple[Codes, Codes]:
    """The codes that occur, ascending, and each row's place among them."""
    width = int(codes.max()) + 1
    if width > 4 * len(codes):
        found, place = np.unique(codes, return_inverse=True)
        return found, place.astype(np.int64)
    occurs = np.bincount(codes, minlength=width) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[codes]


def as_names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """One name, several or none, as a tuple."""
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)
