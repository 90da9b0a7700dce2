"""What travels when the field is asked: a query, its hidden key, and what may be decided about it.

A query is about one answer of one response, or about a response as a whole. It leaves in a workbook
and comes back in it; the key is all that the way back relies on.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

QUERY_MARK = "#survey-query"
"""Begins the hidden first cell of a workbook of queries."""
BLANK = "NA"
"""The old value of an answer that was missing: the correction log's own word for it."""
KEYED_CODE = "keyed_differently"
"""The issue about an answer that was keyed in two ways."""
_KEY = "#q "
_DIGITS = 12


class Decision(StrEnum):
    """What may be decided about a query instead of giving another answer.

    confirm: the answer, or the response, is right as it is. leave_out: the answer is to be
    blank, or the response is not to be counted. second: of two keyings the second is right.
    """

    CONFIRM = "confirm"
    LEAVE_OUT = "leave_out"
    SECOND = "second"


class About(StrEnum):
    """What a query is about, which decides how it can be answered.

    answer: an answer that may be wrong. lacking: no answer where there must be one. unreadable:
    something was written that is no answer. unasked: an answer to a question that does not apply.
    keyed: an answer that was keyed in two ways. response: the whole response.
    """

    ANSWER = "answer"
    LACKING = "lacking"
    UNREADABLE = "unreadable"
    UNASKED = "unasked"
    KEYED = "keyed"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class QueryMark:
    """What a workbook of queries says about itself.

    Attributes:
        code: whom it is for: an interviewer's code, or the serial of a response.
        language: language code of the words shown.
        layout: number of the layout; a change of the key's grammar counts it up.
    """

    code: str
    language: str
    layout: int = 1

    def text(self) -> str:
        """The mark as one cell's text."""
        return f"{QUERY_MARK} {_json(asdict(self))}"

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Read a cell; None when it holds no mark or a damaged one."""
        if not isinstance(text, str) or not text.startswith(QUERY_MARK):
            return None
        try:
            return cls(**json.loads(text[len(QUERY_MARK) :]))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class QueryKey:
    """Which answer a query is about, and what it was when it was asked about.

    Attributes:
        question: None for the whole response.
        position: of the row of a repeat; None in the main table.
        codes: the issues that are asked about, in the order of their codes.
        old_value: the answer as text, `BLANK` where there was none; None for what names somebody,
            which is not written down here, and for a whole response.
        round: 1 for the first time that this is asked, and so on.
        other: what the second keying says, `BLANK` where nothing; None where there is none, or
            for what names somebody.
    """

    form_id: str
    response_id: str
    question: str | None
    position: int | None
    codes: tuple[str, ...]
    old_value: str | None
    round: int = 1
    other: str | None = None

    @property
    def digest(self) -> str:
        """Digits that tell an altered key."""
        return hashlib.sha256(_json(asdict(self)).encode()).hexdigest()[:_DIGITS]

    def text(self) -> str:
        """The key as one cell's text."""
        return f"{_KEY}{self.digest} {_json(asdict(self))}"

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Read a cell; None when it holds no key, or one that is not as it was written."""
        if not isinstance(text, str) or not text.startswith(_KEY):
            return None
        digest, _, content = text[len(_KEY) :].partition(" ")
        try:
            found = json.loads(content)
            key = cls(**{**found, "codes": tuple(found["codes"])})
        except (ValueError, TypeError, KeyError):
            return None
        return key if key.digest == digest else None


def choice_key(key: QueryKey, choice: str) -> str:
    """The hidden key of the cell that ticks, or ranks, one choice of a query's question."""
    return f"{_KEY}{key.digest}/{choice}"


def parse_choice_key(text: object) -> tuple[str, str] | None:
    """The digest of the query and the choice; None when the cell holds no such key."""
    if not isinstance(text, str) or not text.startswith(_KEY):
        return None
    digest, slash, choice = text[len(_KEY) :].partition("/")
    is_one = slash and len(digest) == _DIGITS and digest.isalnum() and choice
    return (digest, choice) if is_one else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is asked about.

    Attributes:
        code: the issue's.
        rule: the issue's; of two keyings, who keyed the first.
        other: the question that the rule is about, where it is not the one asked; of two keyings,
            who keyed the second.
    """

    code: str
    rule: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to ask the field.

    Attributes:
        given: the answer as it is kept or, where it could not be read, as it was written; None
            where there is none or it is not shown.
        is_hidden: there may be an answer, but it names somebody and is not shown.
    """

    key: QueryKey
    about: About
    reasons: tuple[Reason, ...]
    given: str | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """What a person needs to know in order to find a response among the own papers.

    Attributes:
        serial: its number, or the first digits of its key.
        place: choice name of the question that is the place, or None.
        day: ISO date, or None.
    """

    form_id: str
    response_id: str
    serial: str
    place: str | None
    day: str | None


@dataclass(frozen=True)
class QueryBook:
    """What one person, or one respondent, is asked.

    Attributes:
        name: of the file, without its ending.
        code: whom it is for, as shown.
        language: language code; each form shows its own nearest.
        queries: in the order of forms, responses and questions.
        interviews: response_id -> the interview; of every query.
    """

    name: str
    code: str
    language: str
    queries: tuple[Query, ...]
    interviews: Mapping[tuple[str, str], Interview]


def is_query_sheet(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a sheet's first rows hold the mark of a workbook of queries."""
    return any(
        isinstance(value, str) and value.startswith(QUERY_MARK)
        for row in rows[:20]
        for value in row[:20]
    )


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
