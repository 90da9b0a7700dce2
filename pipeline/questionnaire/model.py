"""A questionnaire as data: frozen, complete, in XLSForm's own words.

The YAML in `instruments/` and any imported XLSForm become this one model; forms, readers, cleaning
and tables read nothing else. Expressions stay text here; `pipeline.expression` gives them meaning.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)

from pipeline.questionnaire.types import QUESTION_TYPES, QuestionType, Storage

ANY_LANGUAGE = "default"
"""The language key of a text that was given without a language, as in a one-language XLSForm."""


def _as_text(value: Any) -> Any:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


Text = Annotated[
    dict[str, str],
    Field(min_length=1),
    BeforeValidator(_as_text),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
            ]
        }
    ),
]
"""Words by language code, `{en: ..., zh-Hant: ...}`; a bare string is for every language."""


def words(text: Mapping[str, str] | None, language: str, fallback: str = "") -> str:
    """Give the words in a language, else the text without language, else the first there is."""
    if not text:
        return fallback
    return text.get(language) or text.get(ANY_LANGUAGE) or next(iter(text.values())) or fallback


class MissingKind(StrEnum):
    """Why there is no usable answer; kept apart to the end."""

    NOT_ASKED = "not_asked"
    NOT_ANSWERED = "not_answered"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    SET_MISSING = "set_missing"


class Sensitivity(StrEnum):
    """What an answer can do to a person: name, narrow down, hurt, or say anything (free text)."""

    IDENTIFIER = "identifier"
    QUASI = "quasi"
    SENSITIVE = "sensitive"
    OPEN = "open"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Frozen):
    """One choice of a list.

    Attributes:
        name: the code that is stored.
        missing: the kind of missing answer that this choice stands for.
        exclusive: in a select_multiple no other choice goes with it ("none of these").
        media: `image`, `audio`, ... -> file by language.
        columns: further columns of the choices sheet, which choice filters use.
    """

    name: str
    label: Text | None = None
    missing: MissingKind | None = None
    exclusive: bool = False
    media: dict[str, Text] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)


class Question(_Frozen):
    """One row of the survey sheet that is neither a group nor a repeat.

    Attributes:
        type: XLSForm's type with its list, `integer`, `select_one yes_no`.
        required: true, false, an expression, or None where the form does not say.
        read_only: as `required`.
        or_other: the form adds the choice "other" and the text question `NAME_other`; loading and
            importing write both out (`pipeline.questionnaire.or_other`), so no reader meets it.
        parameters: `{randomize: "true"}`; XLSForm's parameters column.
        unit: what a number counts, shown beside the answer.
        sensitivity: what the answer can do to a person; None where it can do nothing.
        columns: further columns of the survey sheet (`bind::...`), by their heading.
    """

    name: str
    type: str
    label: Text | None = None
    hint: Text | None = None
    guidance_hint: Text | None = None
    required: bool | str | None = None
    required_message: Text | None = None
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Text | None = None
    calculation: str | None = None
    choice_filter: str | None = None
    or_other: bool = False
    default: str | None = None
    read_only: bool | str | None = None
    trigger: str | None = None
    appearance: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)
    media: dict[str, Text] = Field(default_factory=dict)
    unit: Text | None = None
    sensitivity: Sensitivity | None = None
    columns: dict[str, str] = Field(default_factory=dict)

    @property
    def type_name(self) -> str:
        """The type without its list: `select_one`."""
        return self.type.split(maxsplit=1)[0]

    @property
    def row(self) -> QuestionType:
        """The type's row in `QUESTION_TYPES`."""
        return QUESTION_TYPES[self.type_name]

    @property
    def storage(self) -> Storage:
        """What the parsed answer is."""
        return self.row.storage

    @property
    def list_name(self) -> str | None:
        """The choice list (or file) that the type names, if any."""
        parts = self.type.split()
        return parts[1] if len(parts) > 1 else None

    @property
    def has_answer(self) -> bool:
        """Whether a column of the responses belongs to it."""
        return self.storage is not Storage.NONE


class Group(_Frozen):
    """Questions that belong together and may be skipped together."""

    group: str
    label: Text | None = None
    hint: Text | None = None
    relevant: str | None = None
    appearance: str | None = None
    media: dict[str, Text] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    questions: "tuple[Node, ...]"


class Repeat(_Frozen):
    """Questions asked again for each of several things; its answers are a table of their own."""

    repeat: str
    label: Text | None = None
    hint: Text | None = None
    relevant: str | None = None
    repeat_count: str | None = None
    appearance: str | None = None
    media: dict[str, Text] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    questions: "tuple[Node, ...]"


def _node_kind(value: Any) -> str:
    if isinstance(value, _Frozen):
        return type(value).__name__.lower()
    keys = value if isinstance(value, Mapping) else ()
    kinds = {"group": "group", "repeat": "repeat", "repeat_count": "repeat", "questions": "group"}
    return next((kind for key, kind in kinds.items() if key in keys), "question")


Node = Annotated[
    Annotated[Question, Tag("question")]
    | Annotated[Group, Tag("group")]
    | Annotated[Repeat, Tag("repeat")],
    Discriminator(_node_kind),
]


class Change(_Frozen):
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


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the place where it stands.

    Attributes:
        question: the question.
        path: names of the groups and repeats around it, outermost first.
        repeat: the innermost repeat around it, or None.
        relevants: the `relevant` of each group and repeat around it and its own, outermost first;
            it is asked where all of them hold.
        position: order in the form, from 0.
        name: the question's name; where an imported form has that name more than once, the names
            of the groups and repeats around it before it, `group/name`. Unique in the form: it
            names the column of the answers.
    """

    question: Question
    path: tuple[str, ...]
    repeat: str | None
    relevants: tuple[str, ...]
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class RepeatItem:
    """A repeat with the place where it stands; attributes as in `Item`."""

    node: Repeat
    path: tuple[str, ...]
    parent: str | None
    relevants: tuple[str, ...]
    position: int

    @property
    def name(self) -> str:
        """The repeat's name."""
        return self.node.repeat


class Questionnaire(_Frozen):
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
        """The choices of a question; empty where it has none or they lie in a file."""
        return self.choices.get(question.list_name or "", ())

    @property
    def language_codes(self) -> tuple[str, ...]:
        """Codes of the languages, or the one key of texts without a language."""
        return tuple(self.languages) or (ANY_LANGUAGE,)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was worked out from the old ones is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("items", "repeats", "by_name", "_places"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def _places(self) -> tuple[Item | RepeatItem, ...]:
        places = tuple(_walk(self.survey, (), None, (), iter(range(1_000_000_000))))
        times = Counter(place.name for place in places if isinstance(place, Item))
        return tuple(
            replace(place, name="/".join((*place.path, place.name)))
            if isinstance(place, Item) and times[place.name] > 1
            else place
            for place in places
        )


def _walk(
    nodes: tuple[Node, ...],
    path: tuple[str, ...],
    repeat: str | None,
    relevants: tuple[str, ...],
    numbers: Iterator[int],
) -> Iterator[Item | RepeatItem]:
    for node in nodes:
        inside = relevants + ((node.relevant,) if node.relevant else ())
        if isinstance(node, Question):
            yield Item(node, path, repeat, inside, next(numbers), node.name)
        elif isinstance(node, Group):
            yield from _walk(node.questions, (*path, node.group), repeat, inside, numbers)
        else:
            yield RepeatItem(node, path, repeat, inside, next(numbers))
            yield from _walk(node.questions, (*path, node.repeat), node.repeat, inside, numbers)
