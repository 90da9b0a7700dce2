"""Reads correction logs, in the humanitarian cleaning log's own columns, as one frame."""

import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.errors import Place, Problem, SurveyError
from pipeline.queries import is_query_sheet
from pipeline.responses import CORRECTION_COLUMNS, typed_corrections
from pipeline.study import Study

__all__ = ["ALIASES", "CORRECTION_COLUMNS", "read_corrections", "read_log"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "response_id": ("response_id", "_uuid", "uuid", "x_uuid", "X_uuid", "KEY", "survey_uuid"),
    "question": ("question", "questions", "question.name", "question_name", "variable", "column"),
    "position": ("position", "index", "_index", "loop_index"),
    "old_value": ("old_value", "old.value", "value_old"),
    "new_value": ("new_value", "new.value", "value_new"),
    "change_type": ("change_type", "change.type", "changed"),
    "reason": ("reason", "issue", "explanation", "comment"),
    "by": ("by", "enumerator", "enumerator_num", "analyst", "checked_by"),
    "date": ("date", "reported_date", "date_changed", "today"),
    "form_id": ("form_id", "form"),
    "codes": ("codes", "issue_codes"),
}
_NEEDED = ("response_id", "change_type")
_FIRST_ROW = 2


def read_corrections(study: Study) -> pd.DataFrame:
    """Every correction log under raw/corrections/, in the order of the files' names.

    Workbooks of queries lie there too; they are read by `returns.query_workbook`.

    The names begin with the files' hashes, so the order in which they were received does not
    matter; within a log rows keep their order. In a study of one form every row is about it.

    Returns:
        `CORRECTION_COLUMNS`: position Int64, everything else str; empty where there is no log.

    Raises:
        SurveyError: CLEAN-002 and CLEAN-003, for every log that cannot be used.
    """
    folder = study.raw / "corrections"
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    forms = study.questionnaire_files()
    only = forms[0].stem if len(forms) == 1 else None
    parts, problems = list[pd.DataFrame](), list[Problem]()
    for path in files:
        if path.suffix.lower() in {".csv", ".xlsx"} and not path.name.startswith("."):
            try:
                if not _is_query_workbook(path):
                    parts.append(read_log(path, shown=study.shown(path)))
            except SurveyError as error:
                problems.extend(error.problems)
    if problems:
        raise SurveyError(problems)
    log = pd.concat(parts, ignore_index=True) if parts else typed_corrections(pd.DataFrame())
    return log if only is None else log.assign(form_id=log["form_id"].fillna(only))


def read_log(path: Path, *, shown: str) -> pd.DataFrame:
    """One correction log.

    Args:
        path: a CSV in UTF-8, or a workbook whose first sheet is the log.
        shown: its name in issues.

    Returns:
        `CORRECTION_COLUMNS`.

    Raises:
        SurveyError: CLEAN-002 or CLEAN-003.
    """
    content = path.read_bytes()
    table = _workbook(content, shown) if content.startswith(b"PK") else _csv(content, shown)
    found = {name: next((a for a in also if a in table), None) for name, also in ALIASES.items()}
    if lacking := [name for name in _NEEDED if found[name] is None]:
        raise _refused(
            "CLEAN-003",
            f"This correction log has no column {' and no column '.join(lacking)}.",
            "Name its columns as in a humanitarian cleaning log: uuid, question, change_type, ...",
            shown,
        )
    columns = {name: table[heading] for name, heading in found.items() if heading is not None}
    rows = pd.Series(range(_FIRST_ROW, len(table) + _FIRST_ROW), index=table.index)
    frame = pd.DataFrame(
        {**columns, "source_file": shown, "source_place": "row " + rows.astype("str")}
    )
    answered = table.apply(lambda column: column.notna()).any(axis="columns")
    return typed_corrections(frame[answered].reset_index(drop=True))


def _is_query_workbook(path: Path) -> bool:
    content = path.read_bytes()
    if not content.startswith(b"PK"):
        return False
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return any(
            is_query_sheet(book.get_sheet_by_name(name).to_python(nrows=20))
            for name in book.sheet_names
        )
    except CalamineError:
        return False


def _csv(content: bytes, shown: str) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.BytesIO(content), dtype="str", keep_default_na=False, encoding="utf-8-sig"
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise _unreadable(shown) from error
    return table.mask(table == "")


def _workbook(content: bytes, shown: str) -> pd.DataFrame:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise _unreadable(shown) from error
    if not rows:
        raise _unreadable(shown)
    heading = [str(name).strip() for name in rows[0]]
    table = pd.DataFrame([[_cell(one) for one in row] for row in rows[1:]], dtype="str")
    return table.set_axis(heading, axis="columns") if len(table) else pd.DataFrame(columns=heading)


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _unreadable(shown: str) -> SurveyError:
    return _refused(
        "CLEAN-002",
        "This correction log is neither a CSV in UTF-8 nor a workbook.",
        "Save it as CSV (UTF-8) or XLSX and receive it again.",
        shown,
    )


def _refused(code: str, message: str, repair: str, shown: str) -> SurveyError:
    return SurveyError([Problem(code, message, repair, Place(file=shown))])
