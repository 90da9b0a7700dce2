"""Rules in places where they can do something: constraints, triggers, changes of versions."""

import re
from collections.abc import Iterator, Mapping

from pipeline.errors import Severity
from pipeline.questionnaire.check_expressions import is_worked_out
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.given_answers import typed
from pipeline.questionnaire.model import Change, Question, Questionnaire
from pipeline.questionnaire.places import Finding, found, kind_of, name_of, nodes
from pipeline.questionnaire.problems import did_you_mean
from pipeline.questionnaire.types import QUESTION_TYPES, Storage

_MOST_SHOWN = 12
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def check_rules(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Rules where no answer is, constraints without a message, triggers and changes to nowhere."""
    if not questionnaire.survey:
        yield found("LOAD-014", "The survey asks nothing.", "Add questions.", ("survey",))
    for location, node in nodes(questionnaire):
        if isinstance(node, Question):
            yield from _question(node, location, questionnaire)
        elif not node.questions:
            yield found(
                "LOAD-014",
                f"There is nothing in this {kind_of(node)}.",
                "Add questions, or take it out.",
                location,
                question=name_of(node),
                rule="questions",
                severity=Severity.WARNING,
            )
    for at, change in enumerate(questionnaire.changes):
        yield from _change(change, ("changes", at), questionnaire)


def _question(
    question: Question, location: Location, questionnaire: Questionnaire
) -> Iterator[Finding]:
    for rule in ("required", "constraint"):
        if getattr(question, rule) and _holds_nothing(question):
            yield found(
                "LOAD-019",
                f"A {question.type_name} has no answer, so {rule} does nothing.",
                "Take it out, or put it on the question that is meant.",
                (*location, rule),
                question=question.name,
                rule=rule,
                severity=Severity.WARNING,
            )
    if question.constraint and not question.constraint_message and not _holds_nothing(question):
        yield found(
            "LOAD-020",
            "The constraint has no constraint_message: nobody learns what is wrong.",
            "Say in plain words what may be answered.",
            (*location, "constraint"),
            question=question.name,
            rule="constraint",
            severity=Severity.WARNING,
        )
    if question.type_name == "calculate" and not (question.calculation or question.default):
        message, repair = "The calculate has no calculation.", "Write it, or take the row out."
        yield found("LOAD-023", message, repair, location, question=question.name)
    yield from _trigger(question, location, questionnaire)
    yield from _default(question, location, questionnaire)


def _holds_nothing(question: Question) -> bool:
    row = QUESTION_TYPES.get(question.type_name)
    return row is not None and row.storage is Storage.NONE


def _trigger(
    question: Question, location: Location, questionnaire: Questionnaire
) -> Iterator[Finding]:
    if question.trigger is None:
        return
    known = {item.question.name for item in questionnaire.items}
    names = _REFERENCE.findall(question.trigger)
    for name in names or [question.trigger]:
        if name not in known:
            yield found(
                "LOAD-021",
                f"No question '{name}' can be the trigger.",
                did_you_mean(name, known, "Name a question as ${name}."),
                (*location, "trigger"),
                question=question.name,
                rule="trigger",
            )


def _change(change: Change, location: Location, questionnaire: Questionnaire) -> Iterator[Finding]:
    asked = {item.question.name: item.question for item in questionnaire.items}
    later = [other for other in questionnaire.changes if other is not change]
    known = {*asked, *(name for other in later for name in (*other.rename, *other.dropped))}
    for old, new in change.rename.items():
        if new not in known:
            message = f"'{old}' became '{new}', which the form does not ask."
            repair = did_you_mean(new, asked, "Name a question of this version.")
            yield found("LOAD-022", message, repair, (*location, "rename", old), question=new)
    for name in change.dropped:
        if name in asked:
            message = f"'{name}' is dropped, yet the form asks it."
            repair = "Take it out of 'dropped', or out of the survey."
            yield found("LOAD-022", message, repair, (*location, "dropped"), question=name)
    for name, renamed in change.choices.items():
        place = (*location, "choices", name)
        if name not in known:
            repair = did_you_mean(name, asked, "Name a question of this version.")
            message = f"There is no question '{name}'."
            yield found("LOAD-022", message, repair, place, question=name)
        elif name in asked:
            offered = {choice.name for choice in questionnaire.choices_of(asked[name])}
            offered |= {old for other in later for old in other.choices.get(name, ())}
            yield from _renamed_choices(renamed, offered, place, name)


def _renamed_choices(
    renamed: Mapping[str, str], offered: set[str], place: Location, question: str
) -> Iterator[Finding]:
    for old, new in renamed.items():
        if new not in offered:
            message = f"'{old}' became '{new}', which is no choice of '{question}'."
            repair = did_you_mean(new, offered, "Name a choice of this version.")
            yield found("LOAD-022", message, repair, (*place, old), question=question)


def _default(
    question: Question, location: Location, questionnaire: Questionnaire
) -> Iterator[Finding]:
    """A default that is no answer to its question: the form would not open with it."""
    if not question.default or question.calculation or question.type_name not in QUESTION_TYPES:
        return
    if repair := _not_an_answer(question, questionnaire):
        message = f"The default is no answer to a question of type {question.type_name}."
        place = (*location, "default")
        yield found("LOAD-026", message, repair, place, question=question.name, rule="default")


def _not_an_answer(question: Question, questionnaire: Questionnaire) -> str | None:
    """How to write the default instead; None where it can be an answer."""
    default = question.default or ""
    if is_worked_out(question):
        return None
    try:
        typed(question, default)
    except ValueError:
        return "Write one that can be given as an answer, or an expression."
    names = [choice.name for choice in questionnaire.choices_of(question)]
    several = question.storage is Storage.SELECT_MULTIPLE
    wanted = default.split() if several else [default]
    if names and question.list_name and not set(wanted) <= set(names):
        return did_you_mean(default, names, f"Take one of {', '.join(names[:_MOST_SHOWN])}.")
    return None
