"""Verdicts on one answer set, held side by side: JavaRosa's and ours.

JavaRosa does not keep an answer that breaks its constraint (or a choice that is not offered), so
later skips and sums see a blank. So ours are taken the same way: the first such answer in the
form's order is dropped, and the rest tried again, until none is left.
"""

import copy
import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pipeline.errors import SurveyError
from pipeline.expression.functions import is_remade
from pipeline.expression.parse import parse, references
from pipeline.expression.tree import Expression
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.try_answers import Tried, try_answers
from tests.conformance.collect import Filled
from tests.conformance.drawn import Drawing
from tests.conformance.stopping import refused_before

_STEP = re.compile(r"([^/\[\]]+)\[(\d+)\]/")


def dropping(
    form: Questionnaire, answers: dict[str, Any], drawing: Drawing
) -> tuple[Tried, dict[str, str]]:
    """Ours, with every answer dropped that is not kept; and the rule that each question breaks."""
    kept, broken = copy.deepcopy(answers), dict[str, str]()
    while True:
        try:
            tried = try_answers(form, kept, today=drawing.today, now=drawing.now)
        except SurveyError:
            if (before := refused_before(drawing, kept)) is None:
                raise
            broken[before[0]] = before[1]
            drop(kept, before[0])
            continue
        refused = next((one for one in tried.violations if one.rule != "required"), None)
        if refused is None:
            required = {one.question: one.rule for one in tried.violations}
            return tried, required | broken
        broken[refused.question] = refused.rule
        drop(kept, refused.question)


def drop(answers: dict[str, Any], place: str) -> None:
    level, end = answers, 0
    for step in _STEP.finditer(place):
        level, end = level[step[1]][int(step[2]) - 1], step.end()
    level[place[end:]] = None


def differences(
    form: Questionnaire, ours: Tried, broken: Mapping[str, str], theirs: Filled
) -> Iterator[tuple[str, str, str, str]]:
    """(question, verdict, JavaRosa's, ours), wherever they are not the same.

    Calculations that never give the same again (`uuid()`, `random()`) are not compared.
    """
    chance = by_chance(form)
    mine, yours = set(ours.asked), set(theirs.asked)
    for place in sorted(mine ^ yours):
        yield place, "asked", str(place in yours), str(place in mine)
    for place in sorted(broken.keys() | theirs.broken.keys()):
        if broken.get(place) != theirs.broken.get(place) and place in mine & yours:
            yield place, "rule", str(theirs.broken.get(place)), str(broken.get(place))
    for place in sorted(ours.calculated.keys() | theirs.calculated.keys()):
        if place.rpartition("]/")[2] in chance:
            continue
        left, right = theirs.calculated.get(place), ours.calculated.get(place, "(none)")
        if not _same(left, right):
            yield place, "calculated", str(left), str(right)


@lru_cache
def _rules(text: str) -> Expression:
    return parse(text)


def by_chance(form: Questionnaire) -> set[str]:
    """Calculations that never give the same again, and those that rest on them."""
    rules = {i.name: _rules(i.question.calculation) for i in form.items if i.question.calculation}
    found = {name for name, rule in rules.items() if not is_remade(rule)}
    while more := {n for n, rule in rules.items() if references(rule) & found} - found:
        found |= more
    return found


def _same(text: str | None, value: object) -> bool:
    if text is None:
        return False
    if value is None:
        return text == ""
    if isinstance(value, bool):
        return text == ("1" if value else "0")
    if isinstance(value, int | float):
        try:
            return math.isclose(float(text), value, rel_tol=1e-12)
        except ValueError:
            return False
    moment = text.removesuffix("Z").removesuffix("T00:00:00.000")
    return value in {text, moment}


def verdicts(ours: Tried, form: Questionnaire) -> int:
    """How many verdicts of one answer set are compared.

    One a question and instance (asked or not), one for each asked (which rule it breaks, if any),
    one for each calculation.
    """
    places = sum(item.question.has_answer for item in form.items if item.repeat is None)
    inside = sum("]/" in place for place in ours.asked)
    return places + inside + len(ours.asked) + len(ours.calculated)
