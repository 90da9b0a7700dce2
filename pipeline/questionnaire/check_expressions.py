"""Skips, constraints, calculations and filters: each read, and checked against the whole form."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.places import Finding, name_of, nodes

RULES = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "read_only",
    "choice_filter",
    "repeat_count",
)
"""The fields of questions, groups and repeats that hold an expression."""


def check_expressions(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Every problem of every expression."""
    for location, node in nodes(questionnaire):
        for rule in RULES:
            text = getattr(node, rule, None)
            if isinstance(text, str):
                try:
                    parse(text)
                except SurveyError as error:
                    for problem in error.problems:
                        place = replace(problem.place, question=name_of(node), rule=rule)
                        yield Finding((*location, rule), replace(problem, place=place))
