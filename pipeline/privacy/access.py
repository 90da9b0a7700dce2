"""Who is behind a response: asked with the private key, and never without a line in the log."""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.privacy.identifier_file import NAME, read_identifiers
from pipeline.privacy.keys import IDENTITY, read_identity
from pipeline.privacy.problems import refusal
from pipeline.register import FOLDER, append_line, moment, who
from pipeline.study import Study

LOG = "access.csv"
COLUMNS = ("at", "by", "response_id", "form_id", "answers", "reason")
"""Of raw/_register/access.csv: when, which account, whose response, how many answers, and why."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def identify(
    study: Study,
    forms: Iterable[str],
    response_id: str,
    *,
    key: Path | None = None,
    reason: str = "",
    now: dt.datetime,
) -> tuple[str, ...]:
    """Open the identifiers of one response; the log has its line before anything is shown.

    Args:
        study: the study folder.
        forms: form_ids to look in.
        response_id: whose.
        key: file of the private key; by default the one among the study's keys.
        reason: why somebody has to know, for the log.
        now: with its time zone.

    Returns:
        A line an answer, `question: value`, without characters that steer a terminal.

    Raises:
        SurveyError: KEYS-002 no private key, KEYS-005 another one, KEYS-006 nobody is identified
            by this response, REG-001 the log cannot be written to, and so nothing is shown.
    """
    path = key or study.keys / IDENTITY
    identity = read_identity(path, shown=study.shown(path))
    lines = list[str]()
    for form in forms:
        file = study.processed / form / NAME
        if not file.is_file():
            continue
        shown = study.shown(file)
        found = read_identifiers(file, identity, shown=shown, response_id=response_id)
        if len(found):
            cells = (moment(now), who(), response_id, form, str(len(found)), reason)
            log = study.raw / FOLDER / LOG
            append_line(log, COLUMNS, cells, shown=study.shown(log))
            lines.extend(_told(found))
    if not lines:
        raise nobody_identified()
    return tuple(lines)


def nobody_identified() -> SurveyError:
    """There is nobody whom a response of this key identifies, or consent was withdrawn."""
    return refusal(
        "KEYS-006",
        "No identifier is kept of a response of this key.",
        "Take the response_id from an issue, a query or processed/; clean first if need be.",
        file="processed/",
    )


def _told(found: pd.DataFrame) -> Iterable[str]:
    for row in found.astype("object").to_dict("records"):
        parts = [row[name] for name in ("parent_position", "position") if pd.notna(row[name])]
        place = f" ({'.'.join(map(str, parts))})" if parts else ""
        shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(row["value"]))
        yield f"{row['question']}{place}: {shown}"
