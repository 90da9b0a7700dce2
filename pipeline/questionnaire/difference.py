"""What one difference between two versions of a questionnaire is, and what it does to answers."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What becomes of answers that were given to the older version.

    none: they read and compare as before. not_comparable: they read, but other people were asked,
    or something else was asked. unreadable: they have no place in the newer version.
    """

    NONE = "none"
    NOT_COMPARABLE = "not_comparable"
    UNREADABLE = "unreadable"


class Kind(StrEnum):
    """What is different."""

    ADDED = "question added"
    DROPPED = "question dropped"
    RENAMED = "question renamed"
    MOVED = "question moved"
    TYPE = "type changed"
    WORDING = "wording changed"
    UNIT = "unit changed"
    SKIP = "skip changed"
    CONSTRAINT = "check changed"
    REQUIRED = "required changed"
    CALCULATION = "calculation changed"
    CHOICE_FILTER = "choice filter changed"
    SHOWN = "shown otherwise"
    PRIVACY = "sensitivity changed"
    CHOICE_ADDED = "choice added"
    CHOICE_DROPPED = "choice dropped"
    CHOICE_RENAMED = "choice renamed"
    CHOICE_WORDING = "choice reworded"
    CHOICE_MEANING = "choice means otherwise"
    CHOICE_ORDER = "choices in another order"
    REPEAT_ADDED = "repeat added"
    REPEAT_DROPPED = "repeat dropped"
    REPEAT = "repeat changed"
    LANGUAGE_ADDED = "language added"
    LANGUAGE_DROPPED = "language dropped"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        kind: what is different.
        questions: the questions concerned, by their name in the newer version, in its order; for a
            dropped one, in the older.
        words: a sentence for a survey manager.
        effect: what it does to answers given before.
    """

    kind: Kind
    questions: tuple[str, ...]
    words: str
    effect: Effect = Effect.NONE

    def __str__(self) -> str:
        marks = {
            Effect.NONE: "",
            Effect.NOT_COMPARABLE: " [old answers are not comparable]",
            Effect.UNREADABLE: " [old answers cannot be read]",
        }
        return f"{', '.join(self.questions) or 'form'}: {self.words}{marks[self.effect]}"
