"""Stata: the .dta through pyreadstat, kinds of missing answers as extended missing values."""

import re
from functools import partial
from pathlib import Path

import pandas as pd
import pyreadstat

from pipeline.delivery.limits import STATA_LABEL, shorten
from pipeline.delivery.variables import KINDS, Form, Table, Variable
from pipeline.store import write_through

LETTERS = {kind: chr(ord("a") + number) for number, kind in enumerate(KINDS)}
"""Kind -> letter: `.a` not asked, `.b` not answered, `.c` don't know, `.d` refused, ..."""

_ORIGIN = pd.Timestamp("1960-01-01")
_UNITS = {Form.DATE: pd.Timedelta(days=1), Form.DATETIME: pd.Timedelta(milliseconds=1)}
_FORMATS = {Form.DATE: "%td", Form.DATETIME: "%tc"}
_MADE = re.compile(rb"<timestamp>\x11.{17}</timestamp>", re.DOTALL)
_NO_MOMENT = b"<timestamp>\x1101 Jan 1970 00:00</timestamp>"
_STATA_14 = 15  # pyreadstat's number of the format of Stata 14 to 18 (118)


def write_dta(table: Table, path: Path) -> None:
    """Write a table in the format of Stata 14 and later.

    The same table gives the same bytes: the moment of writing in the header is a constant.
    """
    write_through(path, partial(_write, table), mode=0o600)


def _write(table: Table, path: Path) -> None:
    variables = table.variables
    used = {v.name: _used(table, v) for v in variables}
    labels = {v.name: found for v in variables if (found := _labels(v, used[v.name]))}
    pyreadstat.write_dta(
        pd.DataFrame({v.name: _column(table.frame[v.name], v) for v in variables}),
        path,
        version=_STATA_14,
        file_label=shorten(table.label, STATA_LABEL),
        column_labels={v.name: shorten(v.label, STATA_LABEL) for v in variables},
        variable_value_labels=labels,  # type: ignore[arg-type]  # letters are labelled too
        missing_user_values={
            name: [LETTERS[kind] for kind in kinds] for name, kinds in used.items() if kinds
        },
        variable_format={v.name: _FORMATS[v.form] for v in variables if v.form in _FORMATS},
    )
    path.write_bytes(_MADE.sub(lambda _: _NO_MOMENT, path.read_bytes(), count=1))


def _used(table: Table, variable: Variable) -> list[str]:
    present = set(table.frame[variable.name].unique()) if variable.missing else set()
    return [kind for code, kind in variable.missing.items() if code in present]


def _labels(variable: Variable, used: list[str]) -> dict[int | str, str]:
    labels: dict[int | str, str] = {}
    labels.update((int(code), said) for code, said in variable.values.items())  # noqa: PD011 - no frame
    for code, kind in variable.missing.items():
        if kind in used:
            labels[LETTERS[kind]] = variable.missing_labels[code]
    return labels


def _column(column: "pd.Series", variable: Variable) -> "pd.Series":
    """A column as pyreadstat takes it: letters among numbers; days and milliseconds since 1960."""
    if variable.form in _UNITS:
        return (column - _ORIGIN) / _UNITS[variable.form]
    if not variable.missing or not column.isin(list(variable.missing)).any():
        return column
    letters = {code: LETTERS[kind] for code, kind in variable.missing.items()}
    is_letter = column.isin(list(letters))
    numbers = column[~is_letter].dropna().unique().tolist()
    mixed = column.astype("object").where(~is_letter, column.map(letters))
    # By the first hundred values alone pyreadstat tells whether a mixed column holds texts only,
    # and then fails over a number further down; of categories it looks at these, numbers first.
    categories = pd.Index([*numbers, *dict.fromkeys(letters.values())], dtype="object")
    return mixed.astype(pd.CategoricalDtype(categories))
