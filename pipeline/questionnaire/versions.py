"""What changed between two versions of a questionnaire, in the words of a survey manager."""

from collections.abc import Iterator

from pipeline.questionnaire.compare_choices import compare_choices
from pipeline.questionnaire.compare_questions import compare_questions
from pipeline.questionnaire.difference import Difference, Effect, Kind
from pipeline.questionnaire.model import Item, Question, Questionnaire

__all__ = ["Difference", "Effect", "Kind", "diff"]


def diff(before: Questionnaire, after: Questionnaire) -> tuple[Difference, ...]:
    """Find every difference that matters to those who ask or read the answers.

    A question counts as renamed where `after.changes` say so. Where they do not, and a question of
    the same type and words is gone and another is new, the difference says how to declare it.

    Returns:
        Languages first, then questions in the order of `after`, those dropped at the end.
    """
    return (
        *_languages(before, after),
        *_repeats(before, after),
        *_questions(before, after),
    )


def _languages(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    for code, name in after.languages.items():
        if code not in before.languages:
            yield Difference(Kind.LANGUAGE_ADDED, (), f"It can now be asked in {name}.")
    for code, name in before.languages.items():
        if code not in after.languages:
            yield Difference(Kind.LANGUAGE_DROPPED, (), f"It is no longer asked in {name}.")


def _repeats(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    for name, repeat in after.repeats.items():
        old = before.repeats.get(name)
        if old is None:
            yield Difference(Kind.REPEAT_ADDED, (name,), "These questions repeat from now on.")
        elif old.node.repeat_count != repeat.node.repeat_count:
            was, now = old.node.repeat_count or "free", repeat.node.repeat_count or "free"
            words = f"Its number of instances was {was} and is {now}."
            yield Difference(Kind.REPEAT, (name,), words, Effect.NOT_COMPARABLE)
    for name in before.repeats:
        if name not in after.repeats:
            words, effect = "This repeat is no longer there.", Effect.UNREADABLE
            yield Difference(Kind.REPEAT_DROPPED, (name,), words, effect)


def _questions(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    named = old_names(before, after)
    gone = [item for item in before.items if item.name not in named.values()]
    lists_seen: set[tuple[str | None, str | None]] = set()
    for item in after.items:
        old_name = named.get(item.name)
        if old_name is None:
            yield _added(item, gone)
            continue
        old = before.by_name[old_name]
        if old_name != item.name:
            words = f"It was named '{old_name}', and its old answers are read under the new name."
            yield Difference(Kind.RENAMED, (item.name,), words)
        yield from compare_questions(old, item)
        lists = (old.question.list_name, item.question.list_name)
        if all(lists) and lists not in lists_seen:
            lists_seen.add(lists)
            yield from _choices(before, after, lists, named)
    yield from map(_dropped, gone)


def old_names(before: Questionnaire, after: Questionnaire) -> dict[str, str]:
    """New name -> old name, of the questions that both versions ask; renamed as `changes` say."""
    renamed = {new: old for change in after.changes for old, new in change.rename.items()}
    names: dict[str, str] = {}
    for item in after.items:
        old = item.name
        while old not in before.by_name and old in renamed:
            old = renamed.pop(old)
        if old in before.by_name:
            names[item.name] = old
    return names


def _choices(
    before: Questionnaire,
    after: Questionnaire,
    lists: tuple[str | None, str | None],
    old_names: dict[str, str],
) -> Iterator[Difference]:
    users = [
        item
        for item in after.items
        if (old := old_names.get(item.name))
        and (before.by_name[old].question.list_name, item.question.list_name) == lists
    ]
    renamed: dict[str, str] = {}
    for change in after.changes:
        for question in users:
            renamed |= change.choices.get(question.name, {})
    yield from compare_choices(
        before.choices_of(before.by_name[old_names[users[0].name]].question),
        after.choices_of(users[0].question),
        tuple(item.name for item in users),
        renamed,
    )


def _added(item: Item, gone: list[Item]) -> Difference:
    if not item.question.has_answer:
        return Difference(Kind.ADDED, (item.name,), f"This {item.question.type_name} is new.")
    words = "It is asked for the first time; older returns have no answer to it."
    if twin := next((old for old in gone if _is_twin(old.question, item.question)), None):
        words += (
            f" If it is '{twin.name}' under a new name, say so under changes: "
            f"rename: {{{twin.name}: {item.name}}}."
        )
    return Difference(Kind.ADDED, (item.name,), words)


def _is_twin(old: Question, new: Question) -> bool:
    return old.type_name == new.type_name and bool(old.label) and old.label == new.label


def _dropped(item: Item) -> Difference:
    if not item.question.has_answer:
        return Difference(Kind.DROPPED, (item.name,), f"This {item.question.type_name} is gone.")
    return Difference(Kind.DROPPED, (item.name,), "It is no longer asked.", Effect.UNREADABLE)
