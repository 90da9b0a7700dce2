"""What labels, hints and messages show of other answers: `${name}` inside a text."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.expression.check import Scope, check
from pipeline.expression.parse import parse
from pipeline.questionnaire.check_expressions import FormScope
from pipeline.questionnaire.check_texts import texts
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.places import Finding

_SHOWN = re.compile(r"\$\{\s*(?:last-saved#)?[^\W\d][\w.\-]*\s*\}")
_OF_A_CHOICE = frozenset({"EXPR-010"})
"""A choice list may serve questions inside of a repeat and outside: only unknown names are sure."""


def check_outputs(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Texts that show an answer which the form has not, or has more than one of."""
    form = FormScope(questionnaire)
    for text in texts(questionnaire):
        owner = text.location[:-1]
        for words in dict.fromkeys(text.words.values()):
            for shown in _SHOWN.finditer(words):
                scope = form.scope(owner, text.rule, parse(shown[0]))
                yield from _shown(shown, scope, text.location, text.question)


def _shown(
    shown: re.Match[str], scope: Scope, location: Location, question: str | None
) -> Iterator[Finding]:
    for problem in check(parse(shown[0]), scope):
        if scope.here is None and problem.code not in _OF_A_CHOICE:
            continue
        column = shown.start() + 1
        place = replace(problem.place, question=question, rule=scope.rule, column=column)
        yield Finding(location, replace(problem, place=place))
