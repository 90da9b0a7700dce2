"""Whom to ask what: queries of all forms put together by interviewer, respondent or form."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.queries import KEYED_CODE, About, Interview, Query, QueryBook, QueryKey, Reason
from pipeline.questionnaire.model import Questionnaire

_OWN, _INTERVIEWER, _FORM, _KEYED = "own", "interviewer", "form", "keyed"


def query_books(
    frames: Sequence[pd.DataFrame], questionnaires: Mapping[str, Questionnaire]
) -> tuple[QueryBook, ...]:
    """Put queries into workbooks.

    An interviewer gets one workbook for all forms; a respondent who filled the form in alone gets
    one for each response; what has no known interviewer goes to the supervisor, one a form, and
    so do the differences of double entry, in workbooks of their own.

    Args:
        frames: `queries.QUERY_COLUMNS`, one frame a form, in the order of the forms.
        questionnaires: by form_id; they give the languages.

    Returns:
        In the order of their names, which differ in more than capitals.
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in (row for frame in frames for row in _rows(frame)):
        groups.setdefault(_addressee(row), []).append(row)
    taken = set[str]()
    return tuple(
        _book(_free(name, taken), rows, questionnaires)
        for (_, name), rows in sorted(groups.items(), key=lambda group: group[0][::-1])
    )


def _addressee(row: Mapping[str, Any]) -> tuple[str, str]:
    if KEYED_CODE in row["codes"].split():
        return _KEYED, f"double_entry.{row['form_id']}"
    if row["is_own"]:
        safe = "".join(
            c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in row["serial"]
        )
        return _OWN, safe if safe.strip("_") else row["response_id"]
    if row["interviewer"] is not None:
        return _INTERVIEWER, row["interviewer"]
    return _FORM, row["form_id"]


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number where another has it; file systems may not tell capitals."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free.casefold())
    return free


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    plain = frame.astype("object").where(frame.notna(), None)
    yield from plain.to_dict("records")  # type: ignore[misc]


def _book(
    name: str, rows: list[dict[str, Any]], questionnaires: Mapping[str, Questionnaire]
) -> QueryBook:
    interviews = {
        (row["form_id"], row["response_id"]): Interview(
            row["form_id"], row["response_id"], row["serial"], row["place"], row["day"]
        )
        for row in rows
    }
    queries = tuple(map(_query, rows))
    return QueryBook(name, name, _language(rows, questionnaires), queries, interviews)


def _language(
    rows: Sequence[Mapping[str, Any]], questionnaires: Mapping[str, Questionnaire]
) -> str:
    """The language in which most of the queries' responses were given, or the form's own."""
    form = questionnaires[rows[0]["form_id"]]
    spoken = Counter(row["language"] or form.default_language for row in rows)
    order = list(form.language_codes)
    known = [code for code in spoken if code in order] or [form.default_language]
    return max(known, key=lambda code: (spoken[code], -order.index(code) if code in order else 0))


def _query(row: Mapping[str, Any]) -> Query:
    key = QueryKey(
        form_id=row["form_id"],
        response_id=row["response_id"],
        question=row["question"],
        position=None if row["position"] is None else int(row["position"]),
        codes=tuple(row["codes"].split()),
        old_value=row["old_value"],
        round=int(row["round"]),
        other=row["other"],
    )
    reasons = tuple(Reason(*told) for told in json.loads(row["reasons"]))
    return Query(key, About(row["about"]), reasons, row["given"], bool(row["is_hidden"]))
