"""What a questionnaire is made of: texts, choices, questions, groups and repeats."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

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


_TRUE = frozenset({"yes", "Yes", "YES", "true", "True", "TRUE", "true()"})
_FALSE = frozenset({"no", "No", "NO", "false", "False", "FALSE", "false()"})


def _as_truth(value: Any) -> Any:
    """`yes`, `TRUE` and their like are truths wherever XLSForm asks for a rule, as in pyxform."""
    if isinstance(value, str) and value.strip() in _TRUE | _FALSE:
        return value.strip() in _TRUE
    return value


def _as_rule(value: Any) -> Any:
    truth = _as_truth(value)
    return {True: "true()", False: "false()"}[truth] if isinstance(truth, bool) else value


def _as_parameter(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Rule = Annotated[str, BeforeValidator(_as_rule)]
"""An expression that an answer is held against; a bare yes or no is one too."""

YesOrRule = Annotated[bool | str, BeforeValidator(_as_truth)]
"""Yes, no, or an expression."""

Parameter = Annotated[str, BeforeValidator(_as_parameter)]
"""What stands behind `key=` in XLSForm's parameters; a number may be written as one."""


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


_OF_THE_USER = frozenset({"email", "phonenumber", "subscriberid", "simserial", "username"})
"""Types that a device fills in with what names or calls its user."""


class Frozen(BaseModel):
    """Refuses bad and unknown values when it is made, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Frozen):
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


class Question(Frozen):
    """One row of the survey sheet that is neither a group nor a repeat.

    Attributes:
        type: XLSForm's type with its list, `integer`, `select_one yes_no`.
        required: true, false, an expression, or None where the form does not say.
        read_only: as `required`.
        or_other: the form adds the choice "other" and the text question `NAME_other`. Loading and
            importing write both out (`pipeline.questionnaire.or_other`): readers need not look.
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
    required: YesOrRule | None = None
    required_message: Text | None = None
    relevant: Rule | None = None
    constraint: Rule | None = None
    constraint_message: Text | None = None
    calculation: Rule | None = None
    choice_filter: str | None = None
    or_other: bool = False
    default: str | None = None
    read_only: YesOrRule | None = None
    trigger: str | None = None
    appearance: str | None = None
    parameters: dict[str, Parameter] = Field(default_factory=dict)
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
    def identifies(self) -> bool:
        """Whether the answer names somebody: marked so, or said by the device of its user."""
        return self.sensitivity is Sensitivity.IDENTIFIER or self.type_name in _OF_THE_USER

    @property
    def has_answer(self) -> bool:
        """Whether a column of the responses belongs to it."""
        return self.storage is not Storage.NONE


class Group(Frozen):
    """Questions that belong together and may be skipped together."""

    group: str
    label: Text | None = None
    hint: Text | None = None
    relevant: Rule | None = None
    appearance: str | None = None
    media: dict[str, Text] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    questions: "tuple[Node, ...]"


class Repeat(Frozen):
    """Questions asked again for each of several things; its answers are a table of their own."""

    repeat: str
    label: Text | None = None
    hint: Text | None = None
    relevant: Rule | None = None
    repeat_count: str | None = None
    appearance: str | None = None
    media: dict[str, Text] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    questions: "tuple[Node, ...]"


def _node_kind(value: Any) -> str:
    if isinstance(value, Frozen):
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


def columns_of(question: Question) -> tuple[str, str]:
    """The columns of a file in which a select finds the names and the labels of its choices."""
    is_map = (question.list_name or "").endswith(".geojson")
    name, label = ("id", "title") if is_map else ("name", "label")
    return question.parameters.get("value", name), question.parameters.get("label", label)
