"""A questionnaire as data: frozen, complete, in XLSForm's own words.

The YAML in `instruments/` and any imported XLSForm become this one model; forms, readers, cleaning
and tables read nothing else. Expressions stay text here; `pipeline.expression` gives them meaning.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import Field

from pipeline.questionnaire.items import Item, RepeatItem, walk
from pipeline.questionnaire.parts import (
    ANY_LANGUAGE,
    Choice,
    Frozen,
    Group,
    MissingKind,
    Node,
    Question,
    Repeat,
    Sensitivity,
    Text,
    columns_of,
    words,
)

__all__ = [
    "ANY_LANGUAGE",
    "Change",
    "Choice",
    "Group",
    "Item",
    "MissingKind",
    "Node",
    "Question",
    "Questionnaire",
    "Repeat",
    "RepeatItem",
    "Sensitivity",
    "Text",
    "words",
]


class Change(Frozen):
    """What became of the answers of older versions.

    Attributes:
        version: the first version in which the change holds.
        rename: old question name -> new question name.
        choices: question -> {old choice name -> new choice name}.
        dropped: questions that are no longer asked.
    """

    version: str
    rename: dict[str, str] = Field(default_factory=dict)
    choices: dict[str, dict[str, str]] = Field(default_factory=dict)
    dropped: tuple[str, ...] = ()


class Questionnaire(Frozen):
    """The whole questionnaire.

    Attributes:
        languages: language code -> name as XLSForm writes it, `{en: English (en)}`; the order is
            the order in which forms show them. Empty when no text names a language.
        imported_from: the XLSForm it was read from. Such a form may be in the field already, so it
            is taken as it is: what `check` finds in it are warnings.
        choices: list name -> choices in order.
        survey: questions, groups and repeats in order.
        changes: what became of older versions' questions and choices, newest last.
        settings: further XLSForm settings (`instance_name`, `style`, `public_key`, ...).
        sheets: further sheets of an XLSForm (`entities`, `external_choices`, `osm`), row by row.
        files: rows of the files that lie beside an XLSForm and that it chooses from.
    """

    form_id: str
    version: str = ""
    title: Text
    default_language: str = ANY_LANGUAGE
    languages: dict[str, str] = Field(default_factory=dict)
    imported_from: str | None = None
    choices: dict[str, tuple[Choice, ...]] = Field(default_factory=dict)
    survey: tuple[Node, ...]
    changes: tuple[Change, ...] = ()
    settings: dict[str, str] = Field(default_factory=dict)
    sheets: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)
    files: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every question in the form's order, with its place."""
        return tuple(place for place in self._places if isinstance(place, Item))

    @cached_property
    def repeats(self) -> dict[str, RepeatItem]:
        """Every repeat by name, outer before inner."""
        return {place.name: place for place in self._places if isinstance(place, RepeatItem)}

    @cached_property
    def by_name(self) -> dict[str, Item]:
        """Every question by `Item.name`, which no two share."""
        return {item.name: item for item in self.items}

    def answered(self, repeat: str | None = None) -> tuple[Item, ...]:
        """Questions that have a column in the main table, or in a repeat's table."""
        return tuple(
            item for item in self.items if item.repeat == repeat and item.question.has_answer
        )

    def choices_of(self, question: Question) -> tuple[Choice, ...]:
        """The choices of a question; empty where it has none or their file is not at hand."""
        name = question.list_name or ""
        return self.choices.get(name) or self._choices_elsewhere.get(
            (name, *columns_of(question)), ()
        )

    @property
    def language_codes(self) -> tuple[str, ...]:
        """Codes of the languages, or the one key of texts without a language."""
        return tuple(self.languages) or (ANY_LANGUAGE,)

    @property
    def first_language(self) -> str:
        """The language shown first: the default one, where there are texts in it."""
        codes = self.language_codes
        return self.default_language if self.default_language in codes else codes[0]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was worked out from the old ones is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("items", "repeats", "by_name", "_places", "_choices_elsewhere"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def _choices_elsewhere(self) -> dict[tuple[str, str, str], tuple[Choice, ...]]:
        """Choices out of files and further sheets, by list and the columns of name and label."""
        found: dict[tuple[str, str, str], tuple[Choice, ...]] = {}
        for item in self.items:
            list_name, (name, label) = item.question.list_name or "", columns_of(item.question)
            rows = self.files.get(list_name) or tuple(
                row
                for sheet in ("external_choices", "osm")
                for row in self.sheets.get(sheet, ())
                if list_name in (row.get("list_name"), row.get("list name"))
            )
            found[list_name, name, label] = tuple(
                Choice(name=row[name], label={ANY_LANGUAGE: row.get(label, row[name])}, columns=row)
                for row in rows
                if name in row
            )
        return found

    @cached_property
    def _places(self) -> tuple[Item | RepeatItem, ...]:
        return walk(self.survey)
