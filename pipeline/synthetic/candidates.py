"""One answer that might be given: spread as the profile says, not yet held against the form."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from random import Random

from pipeline.questionnaire.model import Question
from pipeline.questionnaire.types import Storage
from pipeline.synthetic.amounts import number_answer
from pipeline.synthetic.asked import Asked, Respondent, lean, weighted
from pipeline.synthetic.chance import chance
from pipeline.synthetic.form import cached_parse
from pipeline.synthetic.moments import date_answer, moment_answer, time_answer
from pipeline.synthetic.patterns import from_pattern, patterns_of
from pipeline.synthetic.profile import Scale, Spec
from pipeline.synthetic.rows import Row, fill, fits
from pipeline.synthetic.sentences import marked, sentence

Candidate = str | list[str]


def candidate(asked: Asked, who: Respondent) -> Candidate | None:
    """An answer, or None where none can be thought of."""
    spec, question = asked.spec, asked.question
    if spec.value is not None:
        return _as_answer(question, spec.value)
    if spec.column is not None and who.row.get(spec.column):
        return _as_answer(question, who.row[spec.column])
    if question.storage is Storage.SELECT_MULTIPLE:
        return _several(asked, who)
    if question.storage is Storage.SELECT_ONE:
        return _one(asked, who)
    return _WRITERS.get(question.storage, _text)(asked, who)


def _as_answer(question: Question, text: str) -> Candidate:
    return text.split() if question.storage is Storage.SELECT_MULTIPLE else text


def _missing(asked: Asked, who: Respondent) -> str | None:
    """A choice that stands for a missing answer, at its kind's rate."""
    for choice in asked.choices:
        rate = asked.spec.missing.get(choice.missing, 0.0) if choice.missing else 0.0
        if who.random.random() < rate:
            return choice.name
    return None


def _one(asked: Asked, who: Respondent) -> str | None:
    if asked.question.type_name == "acknowledge":
        return "OK"
    if missing := _missing(asked, who):
        return missing
    names = [choice.name for choice in asked.choices if choice.missing is None]
    names = names or [choice.name for choice in asked.choices]
    if not names:
        return None
    spec = asked.spec
    if spec.scale is not None:
        return _on_scale(spec.scale, names, lean(spec, who.traits), who.random)
    weights = {name: spec.weights.get(name, 0.0) for name in names} if spec.weights else {}
    return weighted(weights, who.random) if any(weights.values()) else who.random.choice(names)


def _on_scale(scale: Scale, names: Sequence[str], added: float, random: Random) -> str:
    numbers = sorted((name for name in names if name.isdecimal()), key=int)
    order = [name for name in scale.order or numbers or names if name in names]
    place = round(random.gauss(scale.mean + added, scale.sd))
    return order[min(max(place, 1), len(order)) - 1]


def _several(asked: Asked, who: Respondent) -> list[str]:
    """Choices one by one, each at its own rate; a choice that stands alone is drawn first."""
    spec, random = asked.spec, who.random
    if asked.question.type_name == "rank":
        return random.sample([c.name for c in asked.choices], len(asked.choices))
    if missing := _missing(asked, who):
        return [missing]
    open_choices = [choice for choice in asked.choices if choice.missing is None]
    for choice in open_choices:
        if choice.exclusive and random.random() < spec.each.get(choice.name, 0.0):
            return [choice.name]
    added = lean(spec, who.traits)
    rates = {c.name: _rate(spec, c.name, added) for c in open_choices if not c.exclusive}
    chosen = [name for name, rate in rates.items() if random.random() < rate]
    if chosen or not any(rates.values()):
        return chosen or [choice.name for choice in open_choices][:1]
    return [weighted(rates, random)]


def _rate(spec: Spec, name: str, added: float) -> float:
    rate = spec.each.get(name, spec.each.get("*", 0.0) if spec.each else 0.3)
    if not 0 < rate < 1 or not added:
        return rate
    return 1 / (1 + math.exp(-math.log(rate / (1 - rate)) - added))


def _text(asked: Asked, who: Respondent) -> str:
    spec, random = asked.spec, who.random
    patterns = patterns_of(cached_parse(asked.question.constraint or "''"))
    if spec.weights:
        return weighted(spec.weights, random)
    if spec.other_row and who.others:
        return marked(fill(random.choice(spec.other_row), _other_row(spec, who), asked.given))
    if spec.texts:
        found = spec.texts.get(who.language) or next(iter(spec.texts.values()))
        text = fill(random.choice(found), who.row, asked.given)
        return text if patterns else marked(text)
    if patterns:
        return from_pattern(random.choice(patterns), random)
    return sentence(who.language, random)


def _other_row(spec: Spec, who: Respondent) -> Row:
    """Another respondent's row: some are named by many, and rather those that are alike."""
    others = [row for row in who.others if not fits(who.row, row)]
    weights = []
    for row in others:
        alike = sum(row.get(column) == who.row.get(column) for column in spec.like)
        weights.append(_fame(tuple(row.values())) * 3.0**alike)
    return who.random.choices(others, weights)[0]


@lru_cache(maxsize=10_000)
def _fame(row: tuple[str, ...]) -> float:
    return chance(*row).lognormvariate(0.0, 1.2)


def _place(asked: Asked, who: Respondent) -> str:
    latitude, longitude = who.random.uniform(-1, 1), who.random.uniform(-1, 1)
    point = f"{latitude:.4f} {longitude:.4f} 0 5"
    return "; ".join([point] * {"geotrace": 2, "geoshape": 4}.get(asked.question.type_name, 1))


def _file(asked: Asked, who: Respondent) -> str:
    return f"SYNTHETIC-{asked.question.name}-{who.random.randrange(10**6):06}.dat"


_WRITERS: Mapping[Storage, Callable[[Asked, Respondent], str]] = {
    Storage.INTEGER: number_answer,
    Storage.DECIMAL: number_answer,
    Storage.DATE: date_answer,
    Storage.TIME: time_answer,
    Storage.DATETIME: moment_answer,
    Storage.GEO: _place,
    Storage.FILE: _file,
}
