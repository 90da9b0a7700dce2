"""Every part of a questionnaire with its location, so that what is found in it can be shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.errors import Place, Problem, Severity
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import Group, Node, Question, Questionnaire, Repeat


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a questionnaire, and where in its tree it lies.

    Attributes:
        location: as in the YAML, `("survey", 2, "questions", 0, "relevant")`.
        problem: its place has question, rule and column; file and line are not known here.
    """

    location: Location
    problem: Problem


def nodes(questionnaire: Questionnaire) -> Iterator[tuple[Location, Node]]:
    """Every question, group and repeat in the form's order, with its location."""
    yield from _below(questionnaire.survey, ("survey",))


def _below(siblings: tuple[Node, ...], location: Location) -> Iterator[tuple[Location, Node]]:
    for at, node in enumerate(siblings):
        here = (*location, at)
        yield here, node
        if isinstance(node, Group | Repeat):
            yield from _below(node.questions, (*here, "questions"))


def name_of(node: Node) -> str:
    """The name of a question, group or repeat."""
    if isinstance(node, Question):
        return node.name
    return node.group if isinstance(node, Group) else node.repeat


def kind_of(node: Node) -> str:
    """What the node is, in a word."""
    return type(node).__name__.lower()


def found(
    code: str,
    message: str,
    repair: str,
    location: Location,
    *,
    question: str | None = None,
    rule: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """A finding with its place."""
    place = Place(question=question, rule=rule)
    return Finding(location, Problem(code, message, repair, place, severity))
