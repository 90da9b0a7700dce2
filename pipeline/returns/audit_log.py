"""ODK's audit logs: `audit.csv` beside a submission, which says when each question was open.

A log names no response. It belongs to the one submission that came out of the same folder, as
ODK Collect, Briefcase and Central lay them down.

Source: ODK's documentation of the audit log, https://docs.getodk.org/form-audit-log/
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.responses import Issue, IssueSeverity, Responses, issues_frame
from pipeline.returns.guard import read_regular
from pipeline.returns.manifest import AUDITS, ManifestRow
from pipeline.returns.problems import unreadable
from pipeline.returns.sheets import read_csv
from pipeline.settings import Caps
from pipeline.study import Study

AUDIT_COLUMNS = frozenset(["event", "node", "start", "end"])
_MINUTE = 60_000


def is_audit_log(headings: Iterable[str]) -> bool:
    """Whether a table is an audit log, by the columns that each of them has."""
    return {heading.strip() for heading in headings} >= AUDIT_COLUMNS


def active_minutes(
    study: Study, responses: Responses, manifest_rows: Sequence[ManifestRow], caps: Caps
) -> tuple["pd.Series[float] | None", pd.DataFrame]:
    """How long each form was worked on: the sum of the times in which a question was open.

    Args:
        study: the study folder.
        responses: of one form.
        manifest_rows: all rows of the manifest.
        caps: what a file may hold at most.

    Returns:
        Minutes by response_id, None where no log belongs to a response; and an issue for each log
        that cannot be read, or whose folder held several submissions of the form.
    """
    ids = responses.main.drop_duplicates("source_file").set_index("source_file")["response_id"]
    found, issues = dict[str, float](), list[Issue]()
    for log in (row for row in manifest_rows if row.form == AUDITS):
        beside = _beside(log, [r for r in manifest_rows if r.form == responses.form_id])
        if len(beside) > 1:
            issues.append(_ambiguous(log))
        if len(beside) != 1 or beside[0].source_file not in ids.index:
            continue
        try:
            found[str(ids[beside[0].source_file])] = _minutes(study, log, caps)
        except SurveyError as error:
            issues.append(unreadable(log.source_file, error))
    minutes = pd.Series(found, dtype="float64") if found else None
    return minutes, issues_frame(issues)


def _beside(log: ManifestRow, rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """The submissions out of the log's folder; files given one by one have no other than theirs."""
    folder = PurePosixPath(log.origin).parent
    there = [row for row in rows if PurePosixPath(row.origin).parent == folder]
    together = [row for row in there if row.received_at == log.received_at]
    return together if together or folder == PurePosixPath() else there


def _minutes(study: Study, log: ManifestRow, caps: Caps) -> float:
    content = read_regular(study.raw / log.file, limit=caps.file_bytes, shown=log.source_file)
    sheet = read_csv(content, shown=log.source_file)
    columns = {name: sheet.cells[number] for number, name in enumerate(sheet.headings)}
    start, end = (pd.to_numeric(columns[name], errors="coerce") for name in ("start", "end"))
    return float((end - start).clip(lower=0).sum()) / _MINUTE


def _ambiguous(log: ManifestRow) -> Issue:
    return Issue(
        None,
        None,
        "audit_unmatched",
        "audit.csv",
        severity=IssueSeverity.WARNING,
        stage="returns",
        source_file=log.source_file,
        message="Several submissions came out of the log's folder, so it is not known whose it is.",
    )
