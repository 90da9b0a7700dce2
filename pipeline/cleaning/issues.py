"""Findings as the issues frame: built column by column, however many rows they concern."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.cleaning.batch import MAIN, Batch, Finding, Ints
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.rowed import Rowed, along
from pipeline.responses import Mode, issues_frame, join_issues, typed_issues

Text: TypeAlias = pa.LargeStringArray
STAGE_ORDER = (
    "versions",
    "text",
    "double_entry",
    "duplicates",
    "corrections",
    "recoding",
    "back_checks",
    "coding",
    "calculate",
    "skips",
    "instances",
    "required",
    "constraints",
    "choices",
    "calculations",
    "names",
)
"""The stages as issues are ordered by them; a test holds it against `stages.STAGES`."""


def issues_of(batch: Batch, places: pd.DataFrame | None) -> pd.DataFrame:
    """All issues of a batch: those about files and columns, then one for each row of a finding.

    Args:
        batch: after the last stage.
        places: where answers stood in workbooks: response_id, question, position, place.

    Returns:
        `ISSUE_COLUMNS`: first what was noted about files, columns and logs, then the findings as
        in `found_in`.
    """
    return join_issues([*map(typed_issues, batch.noted), found_in(batch, places).frame])


def found_in(batch: Batch, places: pd.DataFrame | None) -> Rowed:
    """One issue for each row of a finding.

    Returns:
        `ISSUE_COLUMNS`, response by response, in the order of the stages within a response. So
        what was found in a part of the responses is a part of what was found in all.
    """
    if not batch.findings:
        return Rowed(issues_frame(), np.zeros(0, np.int64))
    order = _place_in_form(batch)
    findings = sorted(batch.findings, key=lambda found: order[id(found)])
    return along(*_frame(batch, findings, places))


def _place_in_form(batch: Batch) -> dict[int, tuple[int, int, int, str, str, str, str]]:
    """Where each finding stands: by stage, table and question, never by what else was found."""
    stages = {name: number for number, name in enumerate(STAGE_ORDER)}
    tables = {name: number for number, name in enumerate(batch.frames)}
    items = batch.questionnaire.by_name
    return {
        id(found): (
            stages.get(found.stage, len(stages)),
            tables[found.table],
            items[found.question].position if found.question in items else -1,
            found.code,
            found.rule,
            found.action.value,
            found.message or "",
        )
        for found in batch.findings
    }


def _frame(
    batch: Batch, findings: Sequence[Finding], places: pd.DataFrame | None
) -> tuple[pd.DataFrame, Ints]:
    lengths = [len(found.rows) for found in findings]
    main_rows = np.concatenate([batch.rows_of_main(f.table, f.rows) for f in findings])
    columns: dict[str, Any] = {
        "response_id": _text(batch.main["response_id"], main_rows),
        "question": _same([found.question for found in findings], lengths),
        "position": _positions(batch, findings),
        "code": _same([found.code for found in findings], lengths),
        "rule": _same([found.rule for found in findings], lengths),
        "severity": _same([_severity(found) for found in findings], lengths),
        "action": _same([found.action.value for found in findings], lengths),
        "stage": _same([found.stage for found in findings], lengths),
        "source_file": _text(batch.main["source_file"], main_rows),
        "message": _same([_message(found) for found in findings], lengths),
    }
    frame = pd.DataFrame({name: _series(column) for name, column in columns.items()})
    frame["source_place"] = _series(_places(batch, findings, main_rows, frame, places))
    return typed_issues(frame), main_rows


def _severity(found: Finding) -> str:
    return (found.severity or ISSUE_CODES[found.code].severity).value


def _message(found: Finding) -> str:
    return found.message or f"{ISSUE_CODES[found.code].en}."


def _series(column: Any) -> pd.Series:
    return pd.Series(pd.array(column, dtype="str") if isinstance(column, pa.Array) else column)


def _same(values: Sequence[str | None], lengths: Sequence[int]) -> Text:
    """Each value as often as its finding has rows."""
    pool = pa.array(values, pa.large_string())
    return pool.take(pa.array(np.repeat(np.arange(len(values)), lengths)))


def _text(column: pd.Series, rows: Ints) -> Text:
    found = pa.array(column, type=pa.large_string(), from_pandas=True).take(pa.array(rows))
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _positions(batch: Batch, findings: Sequence[Finding]) -> Any:
    parts = [
        pd.array([pd.NA] * len(found.rows), dtype="Int64")
        if found.table == MAIN
        else batch.frames[found.table]["position"].array.take(found.rows)
        for found in findings
    ]
    return pd.concat([pd.Series(part, dtype="Int64") for part in parts], ignore_index=True)


def _places(
    batch: Batch,
    findings: Sequence[Finding],
    main_rows: Ints,
    frame: pd.DataFrame,
    places: pd.DataFrame | None,
) -> Any:
    """`row 17` of a table, the XML path of a submission, `sheet!cell` of a workbook."""
    mode = batch.main["mode"].to_numpy()[main_rows]
    numbers = batch.main["source_row"].astype("str").to_numpy()[main_rows]
    rows = np.array([f"row {number}" for number in numbers], dtype=object)
    lengths = [len(found.rows) for found in findings]
    paths = np.repeat(np.array([_path(batch, f) for f in findings], dtype=object), lengths)
    found = np.where(mode == Mode.TABLE, rows, np.where(mode == Mode.ODK, paths, ""))
    if places is None or not len(places) or not (mode == Mode.EXCEL).any():
        return found.astype(str)
    keys = ["response_id", "question", "position"]
    known = places.drop_duplicates(keys)
    cells = frame[keys].merge(known, on=keys, how="left")["place"].to_numpy(dtype=object)
    is_cell = (mode == Mode.EXCEL) & ~pd.isna(cells)
    return np.where(is_cell, cells, found).astype(str)


def _path(batch: Batch, found: Finding) -> str:
    item = batch.questionnaire.by_name.get(found.question or "")
    return "" if item is None else "/".join((*item.path, item.question.name))
