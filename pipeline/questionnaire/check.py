"""Whether a questionnaire makes sense as a whole, however it came here."""

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.questionnaire.check_circles import check_circles
from pipeline.questionnaire.check_expressions import check_expressions
from pipeline.questionnaire.check_names import (
    check_choices,
    check_form_id,
    check_names,
    check_reserved,
    check_types,
)
from pipeline.questionnaire.check_outputs import check_outputs
from pipeline.questionnaire.check_rules import check_rules
from pipeline.questionnaire.check_texts import check_texts
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.places import Finding


def check(questionnaire: Questionnaire) -> list[Problem]:
    """Every problem across questions: names, types, lists, languages, rules and expressions.

    Returns:
        LOAD- and EXPR-problems whose places have question, rule and column, but no file.
    """
    return [finding.problem for finding in findings(questionnaire)]


def findings(questionnaire: Questionnaire) -> list[Finding]:
    """As `check`, each with its location in the questionnaire's tree."""
    return list(_findings(questionnaire))


def _findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    yield from check_form_id(questionnaire)
    yield from check_names(questionnaire)
    yield from check_reserved(questionnaire)
    yield from check_types(questionnaire)
    yield from check_choices(questionnaire)
    yield from check_texts(questionnaire)
    yield from check_rules(questionnaire)
    yield from check_expressions(questionnaire)
    yield from check_outputs(questionnaire)
    yield from check_circles(questionnaire)
