"""Answers out of the cells of one answer sheet: texts, labels, ticks and ranks."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.forms.excel_keys import TICKS, code_of
from pipeline.questionnaire.types import Storage
from pipeline.responses import Issue, IssueSeverity
from pipeline.returns.workbook_fields import Fields, Headings, Several
from pipeline.returns.workbook_file import AnswerSheet, ReturnedWorkbook

_EXACT_INTEGERS = 2**53
Record = dict[str, str]
"""Question -> answer; a question without an answer has no entry."""


@dataclass
class Answers:
    """What one workbook holds.

    Attributes:
        main: answers outside repeats.
        repeats: repeat -> its instances in order: (position, parent_position, answers).
        places: (question, position, `sheet!cell`) of each answer.
        issues: what is odd.
        names: questions that stand in the workbook, by repeat (None outside repeats).
        row: row of the response in a sheet that has one for each, from 1; None elsewhere.
    """

    response_id: str
    source_file: str
    main: Record = field(default_factory=dict)
    repeats: dict[str, list[tuple[int, int | None, Record]]] = field(default_factory=dict)
    places: list[tuple[str, int | None, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    names: dict[str | None, frozenset[str]] = field(default_factory=dict)
    row: int | None = None

    def note(
        self,
        code: str,
        message: str,
        *,
        place: str = "",
        question: str | None = None,
        position: int | None = None,
        severity: IssueSeverity = IssueSeverity.ERROR,
    ) -> None:
        """Keep one issue; the message never holds the answer."""
        self.issues.append(
            Issue(
                response_id=self.response_id,
                question=question,
                code=code,
                rule=code,
                position=position,
                severity=severity,
                stage="returns",
                source_file=self.source_file,
                source_place=place,
                message=message,
            )
        )


def as_text(value: Any, storage: Storage) -> str | None:
    """A cell's value as text: 34 not 34.0, dates and times in ISO; blank is None."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _EXACT_INTEGERS
        return str(int(value)) if whole else repr(value)
    if storage is Storage.DATE and isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@dataclass
class Source:
    """An answer sheet on its way into the answers."""

    book: ReturnedWorkbook
    sheet: AnswerSheet
    headings: Headings
    answers: Answers

    def place(self, cell: str) -> str:
        """A cell as issues name it, `sheet!E12`."""
        return f"{self.sheet.name}!{cell}"


def read_vector(
    at: Source,
    fields: Fields,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
    position: int | None,
) -> Record:
    """The answers of one vector of values; `cell_of` names the cell at a place."""
    record: Record = {}
    places, name = at.answers.places, at.sheet.name
    for single in fields.singles:
        value = values[single.at]
        if value == "":
            continue
        text = as_text(value, single.storage)
        if text is None:
            continue
        if single.codes is not None:
            text = code_of(text, single.codes) or text
        elif single.is_tick and text.strip() in TICKS:
            text = "OK"
        record[single.name] = text
        places.append((single.name, position, f"{name}!{cell_of(single.at)}"))
    for several in fields.several:
        read = _ranked if several.is_rank else _ticked
        codes, first = read(at, several, values, cell_of, position)
        if codes:
            record[several.name] = " ".join(codes)
            places.append((several.name, position, f"{name}!{cell_of(first)}"))
    return record


def _ticked(
    at: Source,
    several: Several,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
    position: int | None,
) -> tuple[list[str], int]:
    codes, first = list[str](), -1
    for cell, choice in several.cells:
        if values[cell] == "":
            continue
        text = as_text(values[cell], Storage.TEXT)
        if text is None:
            continue
        if text.strip() in TICKS:
            first = cell if not codes else first
            codes.append(choice)
        else:
            at.answers.note(
                "unclear_tick",
                "This cell holds neither a tick nor nothing; it was read as not ticked.",
                place=at.place(cell_of(cell)),
                question=several.name,
                position=position,
            )
    return codes, first


def _ranked(
    at: Source,
    several: Several,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
    position: int | None,
) -> tuple[list[str], int]:
    ranks: list[tuple[int, int, str]] = []
    unclear: list[int] = []
    for cell, choice in several.cells:
        text = as_text(values[cell], Storage.INTEGER)
        if text is None:
            continue
        if text.strip().isascii() and text.strip().isdecimal():
            ranks.append((int(text), cell, choice))
        else:
            unclear.append(cell)
    numbers = [rank for rank, _, _ in ranks]
    if sorted(numbers) != list(range(1, len(numbers) + 1)) and not unclear:
        unclear = [cell for rank, cell, _ in ranks if numbers.count(rank) > 1] or [ranks[0][1]]
    for cell in unclear:
        at.answers.note(
            "unclear_rank",
            "The numbers do not put the choices in one order from 1 on.",
            place=at.place(cell_of(cell)),
            question=several.name,
            position=position,
        )
    ordered = sorted(ranks)
    return [choice for _, _, choice in ordered], ordered[0][1] if ordered else -1
