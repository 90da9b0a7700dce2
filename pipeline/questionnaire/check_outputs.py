"""What labels, hints and messages show of other answers: `${name}` inside a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.errors import Place, Problem, SurveyError
from pipeline.expression.check import check
from pipeline.expression.parse import parse
from pipeline.questionnaire.check_expressions import FormScope
from pipeline.questionnaire.check_texts import texts
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.places import Finding

_SHOWN = re.compile(r"\$\{[^}]*\}")
_OF_A_CHOICE = frozenset({"EXPR-010"})
"""A choice list may serve questions inside of a repeat and outside: only unknown names are sure."""


def check_outputs(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Texts that show an answer which the form has not, or has more than one of."""
    form = FormScope(questionnaire)
    for text in texts(questionnaire):
        owner = text.location[:-1]
        for words in dict.fromkeys(text.words.values()):
            for shown in _SHOWN.finditer(words):
                for problem in _shown(shown[0], form, owner, text.rule):
                    column = shown.start() + 1
                    place = Place(question=text.question, rule=text.rule, column=column)
                    yield Finding(text.location, replace(problem, place=place))


def _shown(shown: str, form: FormScope, owner: Location, rule: str) -> Iterable[Problem]:
    try:
        expression = parse(shown)
    except SurveyError as error:
        return error.problems
    scope = form.scope(owner, rule, expression)
    return [
        problem
        for problem in check(expression, scope)
        if scope.here is not None or problem.code in _OF_A_CHOICE
    ]
