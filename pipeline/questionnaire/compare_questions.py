"""One question in two versions: what is different, and what that does to answers."""

from collections.abc import Iterator, Mapping

from pipeline.questionnaire.difference import Difference, Effect, Kind
from pipeline.questionnaire.model import Item, Question
from pipeline.questionnaire.types import Storage

_NUMBERS = (Storage.INTEGER, Storage.DECIMAL)
_TEXTS = (("label", "wording"), ("constraint_message", "message"), ("hint", "hint"))
_SHOWN = (
    "guidance_hint",
    "required_message",
    "appearance",
    "parameters",
    "media",
    "read_only",
    "default",
    "trigger",
)
_NONE, _OTHERS, _LOST = Effect.NONE, Effect.NOT_COMPARABLE, Effect.UNREADABLE


def compare_questions(before: Item, after: Item) -> Iterator[Difference]:
    """Every difference of a question that both versions ask, but those of its choices."""
    old, new = before.question, after.question
    yield from _place(before, after)
    yield from _type(old, new, after.name)
    yield from _texts(old, new, after.name)
    yield from _rules(before, after)
    if shown := [field for field in _SHOWN if getattr(old, field) != getattr(new, field)]:
        named = ", ".join(field.replace("_", " ") for field in shown)
        yield Difference(Kind.SHOWN, (after.name,), f"It is shown otherwise: {named}.")
    if old.sensitivity != new.sensitivity:
        said = (
            f"Its sensitivity was {old.sensitivity or 'none'} and is {new.sensitivity or 'none'}."
        )
        yield Difference(Kind.PRIVACY, (after.name,), said)


def _place(before: Item, after: Item) -> Iterator[Difference]:
    if before.repeat != after.repeat:
        words = f"It moved from {_where(before.repeat)} to {_where(after.repeat)}."
        yield Difference(Kind.MOVED, (after.name,), words, _LOST)
    elif before.path != after.path:
        words = f"It moved from {_section(before)} to {_section(after)}."
        yield Difference(Kind.MOVED, (after.name,), words)


def _where(repeat: str | None) -> str:
    return f"the repeat '{repeat}'" if repeat else "outside any repeat"


def _section(item: Item) -> str:
    return f"'{'/'.join(item.path)}'" if item.path else "the top"


def _type(old: Question, new: Question, name: str) -> Iterator[Difference]:
    if old.type_name == new.type_name:
        return
    words = f"Its type was {old.type_name} and is {new.type_name}."
    yield Difference(Kind.TYPE, (name,), words, _effect_of_type(old.storage, new.storage))


def _effect_of_type(old: Storage, new: Storage) -> Effect:
    if old is new or (old, new) == _NUMBERS:
        return _NONE
    readable = new is Storage.TEXT or (old, new) == (Storage.SELECT_ONE, Storage.SELECT_MULTIPLE)
    return _OTHERS if readable else _LOST


def _texts(old: Question, new: Question, name: str) -> Iterator[Difference]:
    for field, word in _TEXTS:
        if languages := _changed(getattr(old, field), getattr(new, field)):
            words = f"Its {word} changed in {', '.join(languages)}."
            effect = _OTHERS if field == "label" else _NONE
            yield Difference(Kind.WORDING, (name,), words, effect)
    if languages := _changed(old.unit, new.unit):
        words = f"Its unit changed in {', '.join(languages)}."
        yield Difference(Kind.UNIT, (name,), words, _OTHERS)


def _changed(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> list[str]:
    """Languages in which both have words, and other ones; all of them where only one has words."""
    if not old or not new:
        return list(old or new or ())
    return [code for code in new if code in old and old[code].split() != new[code].split()]


def _rules(before: Item, after: Item) -> Iterator[Difference]:
    old, new, name = before.question, after.question, after.name
    was, now = _together(before.relevants), _together(after.relevants)
    if was != now:
        words = f"It was asked {_if(was)} and is asked {_if(now)}."
        yield Difference(Kind.SKIP, (name,), words, _OTHERS)
    for field, kind, effect, word in (
        ("constraint", Kind.CONSTRAINT, _NONE, "check on its answer"),
        ("calculation", Kind.CALCULATION, _OTHERS, "calculation"),
        ("choice_filter", Kind.CHOICE_FILTER, _OTHERS, "filter of its choices"),
    ):
        was, now = _plain(getattr(old, field)), _plain(getattr(new, field))
        if was != now:
            words = f"The {word} was {was or 'none'} and is {now or 'none'}."
            if field == "constraint" and now:
                words += " Old answers may break it."
            yield Difference(kind, (name,), words, effect)
    if (old.required or False) != (new.required or False):
        words = f"An answer was {_required(old)} and is {_required(new)}."
        yield Difference(Kind.REQUIRED, (name,), words)


def _plain(expression: str | None) -> str:
    return " ".join((expression or "").split())


def _together(relevants: tuple[str, ...]) -> str:
    parts = [_plain(one) for one in relevants]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _if(relevant: str) -> str:
    return f"if {relevant}" if relevant else "of everybody"


def _required(question: Question) -> str:
    if isinstance(question.required, str):
        return f"required if {_plain(question.required)}"
    return "required" if question.required else "not required"
