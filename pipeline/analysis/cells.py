"""How a cell of a table is written: the same words on the page and in files."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.analysis.phrases import phrase
from pipeline.analysis.table import SMALL_BASE, Column, Kind, Mark, Table

SMALL = "†"
"""Stands after an estimate with a small base."""

BLANK = "–"
"""Stands where there is nothing to say."""


def mark_text(mark: str, table: Table, language: str) -> str:
    """What stands in place of a number that is not shown."""
    return phrase("withheld", language) if mark and table.marks is not None else ""


def shown_text(table: Table, row: int, column: Column, language: str) -> str:
    """What stands in a cell of a protected table: its value, or why there is none."""
    if table.marks is not None and (mark := table.marks[column.name].iloc[row]):
        return mark_text(mark, table, language)
    return cell_text(table.frame[column.name].iloc[row], column)


def count_text(count: int | None, table: Table, language: str) -> str:
    """A count outside the body of the table, by the same threshold."""
    if count is None:
        return phrase("withheld", language)
    if 1 <= count < (table.threshold or 1):
        return phrase("below", language, n=table.threshold)
    return f"{count:,}"


def cell_text(value: Any, column: Column) -> str:
    """A value as it is shown on the page."""
    if pd.isna(value):
        return "" if column.kind is Kind.TEXT else BLANK
    if column.kind is Kind.SHARE:
        return f"{float(value) * 100:.{column.decimals}f}%"
    if column.kind is Kind.COUNT:
        return f"{int(value):,}"
    if column.kind is Kind.NUMBER:
        return f"{float(value):,.{column.decimals}f}"
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    return str(value)


def notes_of(table: Table, language: str) -> tuple[str, ...]:
    """The table's notes, and those that its hidden or small-based cells call for."""
    notes = list(table.notes)
    marks = set() if table.marks is None else {str(mark) for mark in table.marks.to_numpy().flat}
    threshold = table.threshold or 1
    if 1 <= (table.base or 0) < threshold:
        notes.append(phrase("below_note", language, n=threshold, m=threshold - 1))
    if table.joined:
        notes.append(phrase("joined_note", language, n=threshold))
    is_missing_hidden = table.joined_withheld or None in table.missing.values()
    if Mark.WITHHELD in marks or table.base_withheld or is_missing_hidden:
        notes.append(phrase("withheld_note", language))
    if table.small is not None and table.small.to_numpy().any():
        notes.append(phrase("small_base", language, n=SMALL_BASE))
    return tuple(dict.fromkeys(notes))


def _base(table: Table, language: str) -> str:
    if table.base or table.base_withheld:
        return phrase(table.base_key, language, n=count_text(table.base, table, language))
    if table.base == 0:
        return phrase("base_none", language)
    if not table.of_answers:
        return phrase("base_full_count", language)
    counted = any(column.kind is Kind.COUNT for column in table.columns)
    return phrase("base_in_rows" if counted else "base_in_cells", language, n=table.threshold)


def _joined(table: Table, language: str) -> Iterator[tuple[str, str]]:
    """Those missing for reasons that few have, together."""
    if table.joined or table.joined_withheld:
        key = "missing_others" if table.missing else "missing_together"
        said = phrase("withheld", language) if table.joined_withheld else f"{table.joined:,}"
        yield phrase(key, language), said


def about(table: Table, language: str) -> tuple[tuple[str, str], ...]:
    """What a reader must know about the table: (heading, words), in the order shown."""

    def say(key: str, **values: object) -> str:
        return phrase(key, language, **values)

    kinds = {kind: count_text(count, table, language) for kind, count in table.missing.items()}
    told = (*kinds.items(), *_joined(table, language))
    missing = say("list_semicolon").join(
        say("labelled", name=kind, said=said) for kind, said in told
    )
    absent = say("does_not_apply")
    rows = (
        (say("base"), _base(table, language)),
        (say("missing"), missing or (say("none") if table.of_answers else absent)),
        (say("unit"), table.unit or say("unit_responses")),
        (say("weighting"), table.weighting or say("unweighted")),
        (say("method"), table.method),
        (say("notes"), "\n".join(notes_of(table, language))),
    )
    return tuple((heading, text) for heading, text in rows if text)
