"""Rows of a repeat's sheet, linked to the responses (or rows of an outer repeat) they belong to.

KoboToolbox links by `_parent_index` to the parent's `_index`; ODK Central by `PARENT_KEY` to `KEY`,
which also tells the response by itself where the parent's table is not in the file.
"""

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.headings import match_headings
from pipeline.returns.sheets import Sheet

_LINKS = (("_parent_index", "_index"), ("PARENT_KEY", "KEY"))
_SHEET_NAME_LENGTH = 31


def is_repeat_sheet(sheet: Sheet) -> bool:
    """Whether its rows say which parent they belong to."""
    return any(parent in sheet.headings for parent, _ in _LINKS)


def repeat_of(sheet: Sheet, questionnaire: Questionnaire) -> str | None:
    """The repeat whose rows a sheet holds: by the sheet's name, else by most of its headings."""
    named = [name for name in questionnaire.repeats if name[:_SHEET_NAME_LENGTH] == sheet.name]
    if named:
        return named[0]
    hits = {
        name: len(match_headings(questionnaire, sheet.headings, name).questions)
        for name in questionnaire.repeats
    }
    best = max(hits.values(), default=0)
    fitting = [name for name, count in hits.items() if count == best]
    return fitting[0] if best and len(fitting) == 1 else None


def column(sheet: Sheet, heading: str) -> pd.Series | None:
    """The first column under a heading, if there is one."""
    return sheet.cells[sheet.headings.index(heading)] if heading in sheet.headings else None


def own_keys(
    sheet: Sheet, response_id: pd.Series, number: pd.Series, source_row: pd.Series
) -> pd.DataFrame:
    """What rows of an inner repeat look their parent up in.

    Args:
        sheet: the parents' sheet.
        response_id: of each of its rows.
        number: of each row within its response, from 1.
        source_row: row of the response in the main table's sheet.

    Returns:
        Columns key, response_id, number, source_row; one row for each way in which a parent can
        be named.
    """
    own = {"response_id": response_id, "number": number, "source_row": source_row}
    parts = [
        pd.DataFrame({"key": key, **own})
        for _, heading in _LINKS
        if (key := column(sheet, heading)) is not None
    ]
    nothing = pd.DataFrame({name: [] for name in ("key", *own)})
    return pd.concat(parts).dropna(subset="key").drop_duplicates("key") if parts else nothing


def link_rows(sheet: Sheet, parents: pd.DataFrame | None, *, nested: bool) -> pd.DataFrame:
    """Say of each row of a repeat's sheet where it belongs.

    Args:
        sheet: the repeat's sheet.
        parents: `own_keys` of the parent's sheet; None where it is not in the file.
        nested: whether the parent is itself a repeat.

    Returns:
        One row a row of the sheet: response_id, position (within the parent), parent_position
        (row number of the parent within the response, 1 for the main table), source_row (of the
        response, missing where the main table is not in the file); a response_id is missing where
        the parent is not to be found.
    """
    heading = next(parent for parent, _ in _LINKS if parent in sheet.headings)
    key = sheet.cells[sheet.headings.index(heading)]
    if parents is None:
        response_id, number = _without_parents(sheet, heading, key, nested=nested)
        source_row = pd.Series(pd.NA, index=key.index)
    else:
        by_key = parents.set_index("key")
        response_id = key.map(by_key["response_id"])
        number = key.map(by_key["number"])
        source_row = key.map(by_key["source_row"])
    position = key.groupby(key).cumcount() + 1
    return pd.DataFrame(
        {
            "response_id": response_id.astype("str"),
            "position": position.astype("Int64"),
            "parent_position": number.astype("Int64"),
            "source_row": source_row.astype("Int64"),
        }
    )


def _without_parents(
    sheet: Sheet, heading: str, key: pd.Series, *, nested: bool
) -> tuple[pd.Series, pd.Series]:
    if heading == "PARENT_KEY":
        return _from_central_key(key, nested=nested)
    uuid = column(sheet, "_submission__uuid")
    known = key.mask(key.notna()) if uuid is None or nested else uuid
    return known, pd.Series(1, index=key.index)


def _from_central_key(key: pd.Series, *, nested: bool) -> tuple[pd.Series, pd.Series]:
    """`uuid:abc/outer[2]` is row 2 of the response abc; deeper keys do not say the row."""
    pattern = r"^(?:uuid:)?([^/]+)/[^/\[]+\[([0-9]{1,9})\]$" if nested else r"^(?:uuid:)?([^/]+)()$"
    parts = key.str.extract(pattern)
    number = parts[1].mask(parts[0].notna() & (parts[1] == ""), "1")
    return parts[0], pd.to_numeric(number)
