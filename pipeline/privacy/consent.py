"""Consent withdrawn, and how long answers may be kept.

A withdrawn response is taken out before anything is computed from it. What stays says only that it
was: a line of the register, an issue, and the ledger's counts, where its answers are set aside.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pipeline.errors import Place, Problem, Severity
from pipeline.privacy.problems import refusal
from pipeline.questionnaire.model import Questionnaire
from pipeline.register import FOLDER, append_line, moment, read_lines, who
from pipeline.responses import (
    Action,
    Issue,
    IssueSeverity,
    Responses,
    issues_frame,
    join_issues,
)
from pipeline.study import Study

WITHDRAWALS = "withdrawals.csv"
COLUMNS = ("at", "by", "response_id", "reason")
"""Of raw/_register/withdrawals.csv: when it was noted, by which account, whose, and why."""

WITHDRAWN = "consent_withdrawn"
_FATES = ("answers_in", "kept", "changed", "blanked", "set_aside")


def withdraw(
    study: Study, forms: Iterable[str], response_id: str, *, reason: str = "", now: dt.datetime
) -> bool:
    """Note that consent to a response was withdrawn; the next cleaning takes it out.

    Args:
        study: the study folder.
        forms: form_ids in whose cleaned tables the response may stand.
        response_id: whose.
        reason: in words that name nobody.
        now: with its time zone.

    Returns:
        False where it was withdrawn before; nothing is written then.

    Raises:
        SurveyError: CONS-001 there is no such response, REG-001 or REG-002 the register.
    """
    if response_id in withdrawn(study):
        return False
    if not any(_is_known(study, form, response_id) for form in forms):
        raise refusal(
            "CONS-001",
            "There is no response of this key in processed/.",
            "Take the response_id from an issue or a query; run survey process first if need be.",
            file="processed/",
        )
    path = study.raw / FOLDER / WITHDRAWALS
    cells = (moment(now), who(), response_id, reason)
    append_line(path, COLUMNS, cells, shown=study.shown(path))
    return True


def withdrawn(study: Study) -> frozenset[str]:
    """response_ids to which consent was withdrawn.

    Raises:
        SurveyError: REG-002, the register is not as it was written.
    """
    path = study.raw / FOLDER / WITHDRAWALS
    lines = read_lines(path, COLUMNS, shown=study.shown(path))
    return frozenset(cells[COLUMNS.index("response_id")] for cells in lines)


def without_withdrawn(
    responses: Responses, questionnaire: Questionnaire, gone: frozenset[str]
) -> tuple[Responses, pd.DataFrame]:
    """Take withdrawn responses out.

    Args:
        responses: as the readers hand them over.
        questionnaire: the form.
        gone: response_ids.

    Returns:
        The responses without them, with an issue for each; and their answers as rows of the
        ledger, all set aside: source_file, question, answers_in, kept, changed, blanked,
        set_aside.
    """
    main = responses.main
    out = main["response_id"].isin(gone)
    if not out.any():
        return responses, _ledger([])
    frames: list[tuple[str | None, pd.DataFrame]] = [(None, main), *responses.repeats.items()]
    counted = [
        _count(frame[frame["response_id"].isin(gone)], questionnaire, repeat)
        for repeat, frame in frames
    ]
    told = [_told(*row) for row in zip(*_ids(main[out]), strict=True)]
    kept = ~responses.issues["response_id"].isin(gone)
    places = responses.places
    return replace(
        responses,
        main=_left(main, gone),
        repeats={name: _left(frame, gone) for name, frame in responses.repeats.items()},
        issues=join_issues([responses.issues[kept], issues_frame(told)]),
        places=None if places is None else _left(places, gone),
    ), _ledger(counted)


def retention(study: Study, today: dt.date) -> Problem | None:
    """A warning when the day has come until which answers may be kept; else None."""
    until = study.settings.retain_until
    if until is None or today <= until:
        return None
    return Problem(
        "CONS-002",
        f"The answers were to be kept until {until.isoformat()}; that day has passed.",
        "Delete raw/, processed/, keys/, and of outputs/ data, queries, recoding and restricted, "
        "with every copy; or, with a lawful reason, set another day.",
        Place(file="instruments/study.yaml", rule="retain_until"),
        Severity.WARNING,
    )


def _is_known(study: Study, form: str, response_id: str) -> bool:
    """Whether a response of this key came back; no more than its own rows are in memory."""
    folder, ours = study.processed / form, [("response_id", "==", response_id)]
    files = [folder / f"{name}.parquet" for name in ("responses", "issues")]
    return any(
        len(pd.read_parquet(path, columns=["response_id"], filters=ours))
        for path in files
        if path.is_file()
    )


def _left(frame: pd.DataFrame, gone: frozenset[str]) -> pd.DataFrame:
    return frame[~frame["response_id"].isin(gone)].reset_index(drop=True)


def _count(frame: pd.DataFrame, questionnaire: Questionnaire, repeat: str | None) -> pd.DataFrame:
    """How many answers of each question stood in each file."""
    names = [item.name for item in questionnaire.answered(repeat) if item.name in frame]
    counts = frame[names].notna().groupby(frame["source_file"], sort=False).sum()
    long = counts.reset_index().melt("source_file", var_name="question", value_name="answers_in")
    return long[long["answers_in"] > 0]


def _ledger(parts: list[pd.DataFrame]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    rows = rows.reindex(columns=["source_file", "question", *_FATES]).fillna(0)
    rows["set_aside"] = rows["answers_in"]
    return rows.astype({"source_file": "str", "question": "str", **dict.fromkeys(_FATES, "int64")})


def _ids(rows: pd.DataFrame) -> tuple["pd.Series", "pd.Series"]:
    return rows["response_id"], rows["source_file"]


def _told(response_id: str, source_file: str) -> Issue:
    return Issue(
        response_id=response_id,
        question=None,
        code=WITHDRAWN,
        rule=WITHDRAWN,
        severity=IssueSeverity.INFO,
        action=Action.SET_ASIDE,
        stage="privacy",
        source_file=source_file,
        message="Consent was withdrawn; nothing is made of this response.",
    )
