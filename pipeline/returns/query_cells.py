"""What stands in a returned workbook of queries, row by row, found by its keys and headings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.forms.query_layout import (
    ANSWER_HEADING,
    BY,
    COMMENT_HEADING,
    DATE,
    DECISION_HEADING,
    FURNITURE,
    KEY_HEADING,
)
from pipeline.queries import QueryKey, QueryMark, parse_choice_key
from pipeline.questionnaire.types import Storage
from pipeline.returns.workbook_cells import as_text
from pipeline.returns.workbook_fields import address
from pipeline.returns.workbook_file import ReturnedWorkbook, Rows

_HEADING_ROWS = 200


@dataclass(frozen=True)
class ReturnedQuery:
    """A query with what was written beside it.

    Attributes:
        answer: the answer cell's value; "" where it is empty.
        choices: choice name -> the value of its cell, for several choices.
        place: `sheet!cell` of the answer.
    """

    key: QueryKey
    answer: Any
    decision: str
    comment: str
    place: str
    choices: dict[str, Any] = field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer or a decision."""
        return any(value != "" for value in (self.answer, self.decision, *self.choices.values()))


@dataclass(frozen=True)
class ReturnedQueries:
    """A returned workbook of queries.

    Attributes:
        by: who answered, as written; empty where nobody is named.
        date: the same for the day.
        queries: in the order of the sheet, those without an answer too.
        strays: `sheet!cell` of what was written beside a key that is gone or altered.
    """

    mark: QueryMark
    by: str
    date: str
    queries: tuple[ReturnedQuery, ...]
    strays: tuple[str, ...]

    @property
    def answered(self) -> int:
        """How many queries are answered."""
        return sum(query.is_answered for query in self.queries)


@dataclass(frozen=True, slots=True)
class _Headings:
    row: int
    keys: int
    answers: int
    decisions: int
    comments: int


def read_query_sheets(book: ReturnedWorkbook) -> ReturnedQueries | None:
    """Everything that a workbook of queries holds; None where it is none.

    Sheets may be renamed, rows sorted or columns moved: what a cell answers stands beside it.
    """
    for name, rows in book.sheets():
        mark = _mark_of(rows)
        headings = _headings_of(rows)
        if mark is not None:
            return _read(mark, name, rows, headings) if headings else _nothing(mark)
    return None


def _nothing(mark: QueryMark) -> ReturnedQueries:
    return ReturnedQueries(mark, "", "", (), ())


def _mark_of(rows: Rows) -> QueryMark | None:
    values = (value for row in rows[:_HEADING_ROWS] for value in row)
    return next((mark for value in values if (mark := QueryMark.parse(value))), None)


def _headings_of(rows: Rows) -> _Headings | None:
    wanted = (KEY_HEADING, ANSWER_HEADING, DECISION_HEADING, COMMENT_HEADING)
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        if all(role in row for role in wanted):
            return _Headings(number, *(row.index(role) for role in wanted))
    return None


def _read(mark: QueryMark, name: str, rows: Rows, at: _Headings) -> ReturnedQueries:
    said = {BY: "", DATE: ""}
    queries: dict[str, list[ReturnedQuery]] = {}
    strays: list[str] = []
    for number, row in enumerate(rows):
        if number == at.row:
            continue
        key, place = row[at.keys], f"{name}!{address(number, at.answers)}"
        if key in said:
            said[key] = _text(row[at.answers])
        elif found := QueryKey.parse(key):
            decision, comment = _text(row[at.decisions]), _text(row[at.comments])
            one = ReturnedQuery(found, _blank(row[at.answers]), decision, comment, place)
            queries.setdefault(found.digest, []).append(one)
        elif key != FURNITURE and not _is_choice_of(queries, key, row[at.answers]):
            strays += [place] if _is_written(row, at) and number > at.row else []
    every = tuple(query for same in queries.values() for query in same)
    return ReturnedQueries(mark, said[BY], said[DATE], every, tuple(strays))


def _is_choice_of(queries: dict[str, list[ReturnedQuery]], key: object, value: Any) -> bool:
    """Put a choice's cell to its query; False where the key is no choice's of a query above."""
    found = parse_choice_key(key)
    if found is None or found[0] not in queries:
        return False
    queries[found[0]][-1].choices[found[1]] = _blank(value)
    return True


def _is_written(row: Sequence[Any], at: _Headings) -> bool:
    return any(_text(row[column]) for column in (at.answers, at.decisions))


def _blank(value: Any) -> Any:
    return "" if isinstance(value, str) and not value.strip() else value


def _text(value: Any) -> str:
    return (as_text(value, Storage.DATE) or "").strip()


def query_rows(found: ReturnedQueries) -> Iterator[ReturnedQuery]:
    """The queries beside which anything was written."""
    return (query for query in found.queries if query.is_answered or query.comment)
