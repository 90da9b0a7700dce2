"""XLSForm's `or_other`, written out: the choice "other" and the question that asks which.

pyxform adds both while it converts, out of sight. Written out, they are seen by every form, reader
and check, and the XForm is the same.
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
    """The same questionnaire without `or_other`; itself where it has none."""
    lists = {item.question.list_name for item in questionnaire.items if item.question.or_other}
    if not lists:
        return questionnaire
    choices = {
        name: _with_other(choices) if name in lists else choices
        for name, choices in questionnaire.choices.items()
    }
    survey = tuple(_written_out(questionnaire.survey))
    return questionnaire.model_copy(update={"choices": choices, "survey": survey})


def _with_other(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    if any(choice.name == OTHER for choice in choices):
        return choices
    codes = dict.fromkeys(code for choice in choices for code in choice.label or {})
    languages = [code for code in codes if code != ANY_LANGUAGE] or [ANY_LANGUAGE]
    label = dict.fromkeys(languages, _CHOICE_LABEL)
    return (*choices, Choice(name=OTHER, label=label))


def _written_out(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Group | Repeat):
            yield node.model_copy(update={"questions": tuple(_written_out(node.questions))})
        elif node.or_other:
            yield node.model_copy(update={"or_other": False})
            yield _specify(node)
        else:
            yield node


def _specify(question: Question) -> Question:
    return Question(
        name=f"{question.name}_other",
        type="text",
        label={ANY_LANGUAGE: _QUESTION_LABEL},
        relevant=f"selected(../{question.name}, '{OTHER}')",
        sensitivity=Sensitivity.OPEN,
    )
