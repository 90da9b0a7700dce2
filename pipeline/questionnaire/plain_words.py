"""Labels as a person reads them: no markup, and no reference to another question's answer."""

import re
from collections.abc import Callable, Mapping

from pipeline.questionnaire.model import Choice, Node, Question, Questionnaire

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ELLIPSIS = "…"


def plain_words(said: str, in_place: Callable[[str], str] = lambda _: ELLIPSIS) -> str:
    """Words without XLSForm's markup (HTML tags, `**strong**`, `# heading`).

    Args:
        said: the words as the questionnaire holds them.
        in_place: name of a question -> what stands where its answer would be shown.
    """
    shown = _REFERENCE.sub(lambda match: in_place(match[1]), _TAG.sub("", said))
    shown = _HEADING.sub("", _STRONG.sub(r"\2", shown))
    return _UNPRINTABLE.sub("", shown).replace("\r\n", "\n").replace("\r", "\n").strip()


def in_plain_words(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with plain labels: for tables and data files, which no answer fills in."""
    choices = {
        name: tuple(_choice(one) for one in found) for name, found in questionnaire.choices.items()
    }
    survey = tuple(_node(node) for node in questionnaire.survey)
    return questionnaire.model_copy(update={"choices": choices, "survey": survey})


def _node(node: Node) -> Node:
    plain = {"label": _plain(node.label)}
    if isinstance(node, Question):
        return node.model_copy(update=plain)
    questions = tuple(_node(inside) for inside in node.questions)
    return node.model_copy(update={**plain, "questions": questions})


def _choice(choice: Choice) -> Choice:
    return choice.model_copy(update={"label": _plain(choice.label)})


def _plain(label: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if label is None else {code: plain_words(said) for code, said in label.items()}
