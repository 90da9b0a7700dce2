"""The choices of a question in two versions: added, dropped, renamed, reworded."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.questionnaire.difference import Difference, Effect, Kind
from pipeline.questionnaire.model import Choice

_SHOWN = 5


def compare_choices(
    before: Sequence[Choice],
    after: Sequence[Choice],
    questions: tuple[str, ...],
    renamed: Mapping[str, str],
) -> Iterator[Difference]:
    """Every difference of two lists of choices that the same questions use.

    Args:
        before: the choices in the older version.
        after: those in the newer.
        questions: the questions that offer them.
        renamed: old choice name -> new one, as the newer version's `changes` say.
    """
    old = {renamed.get(choice.name, choice.name): choice for choice in before}
    new = {choice.name: choice for choice in after}
    for name, choice in old.items():
        if choice.name != name and name in new:
            words = f"The choice '{choice.name}' is now '{name}'."
            yield Difference(Kind.CHOICE_RENAMED, questions, words)
    if dropped := [choice.name for name, choice in old.items() if name not in new]:
        words = f"{_choices(dropped)} no longer offered."
        words += _perhaps_renamed(old, new, questions)
        yield Difference(Kind.CHOICE_DROPPED, questions, words, Effect.UNREADABLE)
    if added := [name for name in new if name not in old]:
        words = f"{_choices(added)} offered for the first time."
        yield Difference(Kind.CHOICE_ADDED, questions, words, Effect.NOT_COMPARABLE)
    both = [name for name in new if name in old]
    if reworded := [name for name in both if _reworded(old[name], new[name])]:
        words = f"The wording changed of {_names(reworded)}."
        yield Difference(Kind.CHOICE_WORDING, questions, words, Effect.NOT_COMPARABLE)
    for name in both:
        if (meaning := _meaning(new[name])) != (was := _meaning(old[name])):
            words = f"The choice '{name}' was {was} and is {meaning}."
            yield Difference(Kind.CHOICE_MEANING, questions, words, Effect.NOT_COMPARABLE)
    if [name for name in old if name in new] != both:
        yield Difference(Kind.CHOICE_ORDER, questions, "The choices stand in another order.")


def _perhaps_renamed(
    old: Mapping[str, Choice], new: Mapping[str, Choice], questions: tuple[str, ...]
) -> str:
    """How to declare it, where a choice with the same words is new."""
    twins = {
        choice.name: name
        for was, choice in old.items()
        for name, other in new.items()
        if was not in new and name not in old and choice.label and choice.label == other.label
    }
    if not twins:
        return ""
    pairs = ", ".join(f"{was}: {now}" for was, now in twins.items())
    each = ", ".join(f"{question}: {{{pairs}}}" for question in questions)
    return f" If it only has a new name, say so under changes: choices: {{{each}}}."


def _reworded(old: Choice, new: Choice) -> bool:
    was, now = old.label or {}, new.label or {}
    return any(was[code].split() != now[code].split() for code in now if code in was)


def _meaning(choice: Choice) -> str:
    kind = f"'{choice.missing}'" if choice.missing else "an answer"
    return f"{kind} that stands alone" if choice.exclusive else kind


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _choices(names: Sequence[str]) -> str:
    return (
        f"The choice {_names(names)} is" if len(names) == 1 else f"The choices {_names(names)} are"
    )
