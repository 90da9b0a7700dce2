"""Rules that wait for each other: ODK refuses a form whose skips and calculations run in a circle.

Source: JavaRosa's TriggerableDag, "Cycle detected in form's relevant and calculation logic".
"""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse, references
from pipeline.questionnaire.document import Location  # noqa: TC001 - as everywhere in this room
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.questionnaire.places import Finding, found, name_of, nodes


def check_circles(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Each circle once, at the first of its questions in the form's order.

    A question waits for what its `relevant`, `calculation`, `required` and `read_only` name, and
    for what the `relevant` of each group around it names. What names itself is EXPR-014.
    """
    locations = {name_of(node): location for location, node in nodes(questionnaire)}
    order = {name: at for at, name in enumerate(locations)}
    waits = _waits(questionnaire)
    while circle := _circle(waits):
        first = min(circle, key=lambda name: order[name])
        at = circle.index(first)
        round_trip = [*circle[at:], *circle[:at], first]
        yield found(
            "LOAD-024",
            f"These wait for each other: {' -> '.join(round_trip)}.",
            "Take one of them out of the other's relevant, calculation or required.",
            locations[first],
            question=first,
        )
        waits[first].discard(round_trip[1])


def _circle(waits: dict[str, set[str]]) -> list[str] | None:
    """Names, each waiting for the next, the last for the first."""
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        names: list[str] = error.args[1]
        return names[:0:-1]
    return None


def _waits(questionnaire: Questionnaire) -> dict[str, set[str]]:
    by_location: dict[Location, set[str]] = {}
    waits: dict[str, set[str]] = {}
    for location, node in nodes(questionnaire):
        above = by_location.get(location[:-2], set())
        by_location[location] = above | _named(node.relevant)
        if isinstance(node, Question):
            own = {name for text in _own(node) for name in _named(text)}
            waits[node.name] = above | (own - {node.name})
    return {name: {other for other in others if other in waits} for name, others in waits.items()}


def _own(question: Question) -> Iterator[str | None]:
    """The rules that follow other answers; a calculation with a trigger waits for that alone."""
    yield question.relevant
    yield question.calculation if not question.trigger else None
    for rule in (question.required, question.read_only):
        yield rule if isinstance(rule, str) else None


def _named(text: str | None) -> set[str]:
    if not text:
        return set()
    try:
        return set(references(parse(text)))
    except SurveyError:
        return set()
