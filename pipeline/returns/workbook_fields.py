"""Which cells of an answer sheet belong to which question, found by the keys that stand in it.

A sheet is read as vectors of values: the question sheet is one vector down its answer column, a
table one vector a row. Fields say where in such a vector each question stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter

from pipeline.forms.excel_keys import (
    ANSWER,
    CODE_SEPARATOR,
    KEY,
    PARENT,
    SERIAL,
    TYPE,
    codes_by_label,
    shown_labels,
)
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.questionnaire.types import QUESTION_TYPES, Storage
from pipeline.returns.workbook_file import Rows

_HEADING_ROWS = 400


@dataclass(frozen=True, slots=True)
class Single:
    """A question with one answer cell.

    Attributes:
        at: its place.
        codes: what a person may write -> choice name; None where any answer is as it came.
        is_tick: a tick in it is the answer `OK`.
    """

    name: str
    storage: Storage
    at: int
    codes: Mapping[str, str] | None
    is_tick: bool


@dataclass(frozen=True, slots=True)
class Several:
    """A question with a cell for each choice: (place, choice name)."""

    name: str
    is_rank: bool
    cells: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Fields:
    """Where the questions stand in a vector of values.

    Attributes:
        unknown: places of keys that name no question.
        twice: question or cell key -> its places, where a key stands more than once.
    """

    singles: tuple[Single, ...]
    several: tuple[Several, ...]
    unknown: tuple[int, ...] = ()
    twice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Every place that belongs to a question."""
        cells = [at for each in self.several for at, _ in each.cells]
        return (*(single.at for single in self.singles), *cells)

    @cached_property
    def keyed(self) -> frozenset[int]:
        """Every place whose key names a question, repeated keys too."""
        return frozenset(self.places).union(*self.twice.values())

    @cached_property
    def names(self) -> frozenset[str]:
        """The questions that stand in the sheet."""
        fields: Iterable[Single | Several] = (*self.singles, *self.several)
        return frozenset(each.name for each in fields)


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the hidden headings of a sheet stand, from 0.

    Attributes:
        row: the row of `#key`.
        keys: the column of `#key`.
        answers: the column of `#answer`; None in a table.
        types: the column (question sheet) or row (table) of `#type`.
        parents: the column of `#parent`; None where rows have no parent row.
        serials: the column of `#serial`; None where no row has a respondent of its own.
    """

    row: int
    keys: int
    answers: int | None
    types: int | None
    parents: int | None
    serials: int | None = None


def find_headings(rows: Rows) -> Headings | None:
    """The headings of a sheet, wherever they were moved to; None where they are gone."""
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        if KEY in row:
            keys = row.index(KEY)
            answers = row.index(ANSWER) if ANSWER in row else None
            parents = row.index(PARENT) if PARENT in row else None
            serials = row.index(SERIAL) if SERIAL in row else None
            types = row.index(TYPE) if TYPE in row else None
            if answers is None:
                types = next(
                    (at for at, other in enumerate(rows) if other[keys : keys + 1] == [TYPE]), None
                )
            return Headings(number, keys, answers, types, parents, serials)
    return None


@dataclass
class FieldFinder:
    """Finds the fields of sheets; forms that are laid out alike are looked at once.

    Attributes:
        questionnaire: gives questions and, for its own definition, the labels of choices.
        language: language of the labels.
        lists: choice list -> name -> label, from the workbook, where its definition is another.
    """

    questionnaire: Questionnaire
    language: str
    lists: Mapping[str, Mapping[str, str]] | None = None
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _found: dict[tuple[Any, ...], Fields] = field(default_factory=dict)

    def fields(self, keys: Sequence[Any], types: Sequence[Any], repeat: str | None) -> Fields:
        """The fields of a vector, by the keys (and types) that stand beside its values."""
        signature = (repeat, *keys)
        found = self._found.get(signature)
        if found is None:
            found = self._find(keys, types, repeat)
            self._found[signature] = found
        return found

    def _find(self, keys: Sequence[Any], types: Sequence[Any], repeat: str | None) -> Fields:
        known = {item.name: item.question for item in self.questionnaire.answered(repeat)}
        singles: dict[str, Single] = {}
        several: dict[str, list[tuple[int, str]]] = {}
        questions: dict[str, Question] = {}
        places: dict[str, list[int]] = {}
        unknown = []
        for at, key in enumerate(keys):
            if not isinstance(key, str) or not key or key.startswith("#"):
                continue
            name, _, choice = key.partition(CODE_SEPARATOR)
            question = known.get(name) or self._older(name, types, at)
            if question is None:
                unknown.append(at)
                continue
            places.setdefault(key, []).append(at)
            if len(places[key]) > 1:
                continue
            questions[name] = question
            if choice:
                several.setdefault(name, []).append((at, choice))
            else:
                singles[name] = Single(
                    name,
                    question.storage,
                    at,
                    self._codes_of(question),
                    is_tick=question.type_name == "acknowledge",
                )
        return Fields(
            singles=tuple(singles.values()),
            several=tuple(
                Several(name, questions[name].type_name == "rank", tuple(cells))
                for name, cells in several.items()
            ),
            unknown=tuple(unknown),
            twice={key: tuple(ats) for key, ats in places.items() if len(ats) > 1},
        )

    def _older(self, name: str, types: Sequence[Any], at: int) -> Question | None:
        """A question of another version, known by the type that stands in the form."""
        if self.lists is None or at >= len(types) or not isinstance(types[at], str):
            return None
        question = Question(name=name, type=types[at]) if types[at] else None
        return question if question and question.type_name in QUESTION_TYPES else None

    def _codes_of(self, question: Question) -> Mapping[str, str] | None:
        name = question.list_name
        if question.row.list_kind != "list" or not name:
            return None
        if name not in self._codes:
            own = shown_labels(self.questionnaire.choices.get(name, ()), self.language)
            labels = self.lists.get(name, own) if self.lists is not None else own
            self._codes[name] = codes_by_label(dict(labels))
        return self._codes[name]


def address(row: int, column: int) -> str:
    """The name of a cell, both from 0: (11, 4) is `E12`."""
    return f"{get_column_letter(column + 1)}{row + 1}"
