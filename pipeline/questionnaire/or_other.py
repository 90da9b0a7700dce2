"""XLSForm's `or_other`, written out: the choice "other" and the question that asks which.

pyxform adds both while it converts, out of sight. Written out, they are seen by every form, reader
and check; `fold_or_other` takes them away again for the XLSForm.
Source: pyxform.xls2json.workbook_to_json (specify_other_question).
"""

from collections.abc import Iterator

from pipeline.questionnaire.model import (
    ANY_LANGUAGE,
    Choice,
    Group,
    Node,
    Question,
    Questionnaire,
    Repeat,
    Sensitivity,
)

OTHER = "other"
_CHOICE_LABEL = "Other"
_QUESTION_LABEL = "Specify other."


def write_out_or_other(questionnaire: Questionnaire) -> Questionnaire:
    """The same questionnaire with what `or_other` adds; itself where nothing is to be added."""
    lists = _lists(questionnaire)
    if not lists:
        return questionnaire
    choices = {
        name: with_other(choices) if name in lists else choices
        for name, choices in questionnaire.choices.items()
    }
    survey = tuple(_written_out(questionnaire.survey))
    return questionnaire.model_copy(update={"choices": choices, "survey": survey})


def fold_or_other(questionnaire: Questionnaire) -> Questionnaire:
    """The same questionnaire without what pyxform adds by itself where `or_other` stands."""
    lists = _lists(questionnaire)
    if not lists:
        return questionnaire
    choices = {
        name: choices[:-1] if name in lists and _is_generated(choices) else choices
        for name, choices in questionnaire.choices.items()
    }
    survey = tuple(_folded(questionnaire.survey))
    return questionnaire.model_copy(update={"choices": choices, "survey": survey})


def _lists(questionnaire: Questionnaire) -> frozenset[str | None]:
    asked = (item.question for item in questionnaire.items)
    return frozenset(question.list_name for question in asked if question.or_other)


def with_other(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices and "other", in whatever languages they are in."""
    if any(choice.name == OTHER for choice in choices):
        return choices
    translated = (choice.label for choice in choices if set(choice.label or ()) - {ANY_LANGUAGE})
    codes = dict.fromkeys(code for label in translated for code in label or ())
    label = dict.fromkeys(codes or (ANY_LANGUAGE,), _CHOICE_LABEL)
    return (*choices, Choice(name=OTHER, label=label))


def _is_generated(choices: tuple[Choice, ...]) -> bool:
    return len(choices) > 1 and with_other(choices[:-1]) == choices


def _written_out(nodes: tuple[Node, ...]) -> Iterator[Node]:
    names = {node.name for node in nodes if isinstance(node, Question)}
    for node in nodes:
        if isinstance(node, Group | Repeat):
            yield node.model_copy(update={"questions": tuple(_written_out(node.questions))})
            continue
        yield node
        if node.or_other and (specify := _specify(node)).name not in names:
            yield specify


def _folded(nodes: tuple[Node, ...]) -> Iterator[Node]:
    generated = [_specify(node) for node in nodes if isinstance(node, Question) and node.or_other]
    for node in nodes:
        if isinstance(node, Group | Repeat):
            yield node.model_copy(update={"questions": tuple(_folded(node.questions))})
        elif node not in generated:
            yield node


def _specify(question: Question) -> Question:
    return Question(
        name=f"{question.name}_other",
        type="text",
        label={ANY_LANGUAGE: _QUESTION_LABEL},
        relevant=f"selected(../{question.name}, '{OTHER}')",
        sensitivity=Sensitivity.OPEN,
    )
