"""Numbers: log-normal as the profile says, or near those that the form's own rules name."""

import math
from random import Random

from pipeline.questionnaire.model import Question
from pipeline.questionnaire.types import Storage
from pipeline.synthetic.asked import Asked, Respondent, lean, weighted
from pipeline.synthetic.form import cached_parse
from pipeline.synthetic.patterns import numbers_of
from pipeline.synthetic.profile import Amount

_TRIES_BY_PROFILE = 20


def amount(spec: Amount, added: float, random: Random) -> float:
    """A log-normal number within its limits."""
    found = math.exp(math.log(spec.median) + added + spec.sigma * random.gauss())
    least = -math.inf if spec.least is None else spec.least
    return max(least, min(found, math.inf if spec.most is None else spec.most))


def number_answer(asked: Asked, who: Respondent) -> str:
    """A number as text; where the profile's keep breaking the constraint, one near its limits."""
    question, spec = asked.question, asked.spec
    if spec.weights:
        return weighted(spec.weights, who.random)
    if spec.amount is not None and asked.try_number < _TRIES_BY_PROFILE:
        found = amount(spec.amount, lean(spec, who.traits), who.random)
    else:
        found = _near(asked, who.random)
    if question.type_name == "range":
        found = _on_range(question, who.random)
    if question.storage is Storage.INTEGER or found == int(found):
        return str(round(found))
    return f"{found:.1f}"


def _near(asked: Asked, random: Random) -> float:
    """A number between those that the constraint names, or near an earlier answer."""
    rule = asked.question.constraint
    named = numbers_of(cached_parse(rule)) if rule else []
    named += [float(str(v)) for v in asked.given.values() if str(v).isdecimal()]
    if asked.try_number % 2 and named:
        return random.choice(named) + random.choice((-1, 0, 1))
    low, high = (min(named), max(named)) if len(named) > 1 else (0.0, 100.0)
    return low + (high - low) * random.random() ** 3


def _on_range(question: Question, random: Random) -> float:
    start, end, step = (
        float(question.parameters.get(name, default))
        for name, default in (("start", "0"), ("end", "10"), ("step", "1"))
    )
    return start + step * random.randint(0, int((end - start) / step))
