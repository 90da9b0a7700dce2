"""Where JavaRosa would have refused an answer before the form stops, question after question."""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.errors import SurveyError
from pipeline.questionnaire.given_answers import Key, read_given
from pipeline.questionnaire.model import Group, Item, Node, Question, Questionnaire
from pipeline.questionnaire.settle import Settled
from pipeline.questionnaire.try_answers import _Report, shown, try_answers
from pipeline.questionnaire.try_engines import Around
from pipeline.questionnaire.try_reference import Reference
from tests.conformance.drawn import Answers, Drawing

Step = tuple[Key, str, Any]
"""An answer to a question, or a new instance of a repeat: where, its name, the answer (None)."""


def refused_before(drawing: Drawing, answers: Answers) -> tuple[str, str] | None:
    """The first answer that is refused on the way to where the form stops: its place, the rule.

    None where the form stops although nothing is refused.
    """
    form = drawing.form
    steps = list(_steps(form, form.survey, answers, ()))
    goes, stops = 0, len(steps)
    while stops - goes > 1:
        middle = (goes + stops) // 2
        if _goes_on(drawing, _first(form, steps[:middle])):
            goes = middle
        else:
            stops = middle
    tried = try_answers(form, _first(form, steps[:goes]), today=drawing.today, now=drawing.now)
    for one in tried.violations:
        if one.rule != "required":
            return one.question, one.rule
    key, name, answer = steps[goes]
    item = form.by_name.get(name)
    rule = None if item is None else _rule(drawing, _first(form, steps[:goes]), item, key, answer)
    return None if item is None or rule is None else (shown(item, key), rule)


def _steps(
    form: Questionnaire, nodes: Sequence[Node], answers: Answers, key: Key
) -> Iterator[Step]:
    for node in nodes:
        if isinstance(node, Question):
            if answers.get(node.name) is not None:
                yield key, node.name, answers[node.name]
        elif isinstance(node, Group):
            yield from _steps(form, node.questions, answers, key)
        else:
            for number, inside in enumerate(answers.get(node.repeat, [])):
                yield key, node.repeat, None
                yield from _steps(form, node.questions, inside, (*key, (node.repeat, number)))


def _first(form: Questionnaire, steps: list[Step]) -> Answers:
    found = _level(form, None)
    for key, name, answer in steps:
        level = found
        for repeat, number in key:
            level = level[repeat][number]
        if name in form.repeats:
            level[name].append(_level(form, name))
        else:
            level[name] = answer
    return found


def _level(form: Questionnaire, repeat: str | None) -> Answers:
    blank: Answers = {item.name: None for item in form.items if item.repeat == repeat}
    return blank | {name: [] for name, item in form.repeats.items() if item.parent == repeat}


def _goes_on(drawing: Drawing, answers: Answers) -> bool:
    try:
        try_answers(drawing.form, answers, today=drawing.today, now=drawing.now)
    except SurveyError:
        return False
    return True


def _rule(drawing: Drawing, before: Answers, item: Item, key: Key, answer: Any) -> str | None:
    """The rule that one more answer breaks, before anything is worked out from it."""
    form = drawing.form
    around = Around(form, drawing.today, drawing.now, form.default_language)
    engine = Reference(around)
    settled = Settled(around, engine, read_given(form, before))
    settled.settle()
    rows: list[Key] = settled.rows[item.repeat] if item.repeat else [()]
    if key not in rows:
        return None
    alone = read_given(form, _first(form, [*_instances(key), (key, item.name, answer)]))
    settled.answers[item.name, key] = alone.answers[item.name, key]
    engine.put(item.name, rows, [settled.answers.get((item.name, row)) for row in rows])
    if not _Report(settled, form.default_language)._is_offered(item, key):
        return "choice"
    kept = settled.holds(item.question.constraint or True, item, key)
    return None if kept else "constraint"


def _instances(key: Key) -> list[Step]:
    return [
        (key[:level], repeat, None)
        for level, (repeat, number) in enumerate(key)
        for _ in range(number + 1)
    ]
