"""The answers of a respondent who does not exist, as the writers of filled-in files take them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Answers: TypeAlias = Mapping[str, "str | Sequence[str] | Sequence[Answers]"]
"""Question -> its answer as text, or the choice names of a select_multiple or rank;
repeat -> one `Answers` an instance. What is left out is blank."""


def text_answer(answers: Answers, question: str) -> str:
    """A question's answer as ODK writes it: choice names joined by one space, blank as ""."""
    given = answers.get(question, "")
    return given if isinstance(given, str) else " ".join(str(name) for name in given)


def instances(answers: Answers, repeat: str) -> list[Answers]:
    """The instances of a repeat, in order."""
    given = answers.get(repeat, [])
    return [] if isinstance(given, str) else [one for one in given if not isinstance(one, str)]
