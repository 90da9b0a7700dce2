"""Rules that wait for each other: ODK refuses a form whose skips and calculations run in a circle.

Source: JavaRosa's TriggerableDag, "Cycle detected in form's relevant and calculation logic".
"""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse, references
from pipeline.questionnaire.document import Location  # noqa: TC001 - as everywhere in this room
from pipeline.questionnaire.model import Node, Question, Questionnaire
from pipeline.questionnaire.places import Finding, found, name_of, nodes


def check_circles(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Each circle once, at the first of its questions in the form's order.

    An answer waits for what its own `relevant` and `calculation` name, and for what the `relevant`
    of each group around it names. What waits for itself directly is EXPR-014.
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
            "Take one of them out of the other's relevant or calculation.",
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
        skip = _named(node.relevant) | above
        by_location[location] = skip
        if isinstance(node, Question):
            name = name_of(node)
            waits[name] = (skip | _named(_worked_out(node))) - {name}
    return {name: {other for other in others if other in waits} for name, others in waits.items()}


def _worked_out(node: Node) -> str | None:
    """The calculation that follows other answers; one with a trigger waits for that alone."""
    return node.calculation if isinstance(node, Question) and not node.trigger else None


def _named(text: str | None) -> set[str]:
    if not text:
        return set()
    try:
        return set(references(parse(text)))
    except SurveyError:
        return set()
