"""Skips, constraints, calculations and filters: each read, and checked against the whole form."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from pipeline.errors import SurveyError
from pipeline.expression.check import Scope, Symbol, check
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse, references
from pipeline.expression.tree import Call, Expression, Path, Text, walk
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import Group, Node, Question, Questionnaire, Repeat
from pipeline.questionnaire.places import Finding, found, name_of, nodes
from pipeline.questionnaire.types import QUESTION_TYPES, Storage

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

_KINDS: Mapping[Storage, Kind] = {
    Storage.INTEGER: Kind.INTEGER,
    Storage.DECIMAL: Kind.DECIMAL,
    Storage.TEXT: Kind.TEXT,
    Storage.DATE: Kind.DATE,
    Storage.DATETIME: Kind.DATETIME,
    Storage.TIME: Kind.TIME,
    Storage.SELECT_ONE: Kind.SELECT_ONE,
    Storage.SELECT_MULTIPLE: Kind.SELECT_MULTIPLE,
}
_ALWAYS_THERE = ("instanceID", "instanceName")


def check_expressions(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Every problem of every expression, EXPR-0xx, with question, rule and column."""
    form = FormScope(questionnaire)
    for location, node, rule, text in expressions(questionnaire):
        try:
            expression = parse(text)
        except SurveyError as error:
            problems = list(error.problems)
        else:
            problems = check(expression, form.scope(location, rule, expression))
            yield from form.ambiguous(expression, (*location, rule), node)
        for problem in problems:
            place = replace(problem.place, question=name_of(node), rule=rule)
            yield Finding((*location, rule), replace(problem, place=place))


def expressions(questionnaire: Questionnaire) -> Iterator[tuple[Location, Node, str, str]]:
    """Every expression: location of its node, the node, the rule and the text."""
    for location, node in nodes(questionnaire):
        for rule in RULES:
            if isinstance(text := getattr(node, rule, None), str):
                yield location, node, rule, text
        if isinstance(node, Question) and is_worked_out(node):
            yield location, node, "default", node.default or ""


def is_worked_out(question: Question) -> bool:
    """Whether the default is an expression; what counts as one, pyxform says."""
    from pyxform.utils import default_is_dynamic  # noqa: PLC0415 - few forms have defaults

    default = question.default
    return bool(default) and bool(default_is_dynamic(default, question.type_name))


def kind_of(question: Question) -> Kind:
    """The kind of a question's answer, as expressions see it."""
    row = QUESTION_TYPES.get(question.type_name)
    return _KINDS.get(row.storage, Kind.OTHER) if row else Kind.OTHER


@dataclass(frozen=True)
class FormScope:
    """What expressions can see in a questionnaire, worked out once."""

    questionnaire: Questionnaire

    def scope(self, location: Location, rule: str, expression: Expression) -> Scope:
        """What an expression at this location sees."""
        outside = self._outside_lists & _instances(expression)
        lists = self._lists
        if outside:  # nothing is known about their columns: whatever is named counts
            named = frozenset(
                step.name for n in walk(expression) if isinstance(n, Path) for step in n.steps
            )
            lists = lists | dict.fromkeys(outside, named)
        return Scope(self._symbols, self._here.get(location), lists, rule)

    def ambiguous(
        self, expression: Expression, location: Location, node: Node
    ) -> Iterator[Finding]:
        """References to a name that stands more than once."""
        for name in sorted(references(expression)):
            if self._times[name] > 1:
                yield found(
                    "LOAD-012",
                    f"'{name}' stands {self._times[name]} times in the form: which is meant?",
                    "Give the one that is meant a name of its own.",
                    location,
                    question=name_of(node),
                    rule=str(location[-1]),
                )

    @cached_property
    def _times(self) -> Counter[str]:
        return Counter(name_of(node) for _, node in nodes(self.questionnaire))

    @cached_property
    def _here(self) -> dict[Location, Symbol]:
        here: dict[Location, Symbol] = {}
        for position, (location, node) in enumerate(nodes(self.questionnaire)):
            repeat = self._repeat_around(location)
            here[location] = self._symbol(node, repeat, position)
        return here

    def _repeat_around(self, location: Location) -> str | None:
        above = self._repeats
        for length in range(len(location) - 2, 0, -1):
            if repeat := above.get(location[:length]):
                return repeat
        return None

    @cached_property
    def _repeats(self) -> dict[Location, str]:
        return {
            location: node.repeat
            for location, node in nodes(self.questionnaire)
            if isinstance(node, Repeat)
        }

    def _symbol(self, node: Node, repeat: str | None, position: int) -> Symbol:
        if isinstance(node, Group | Repeat):
            return Symbol(name_of(node), Kind.OTHER, repeat, position)
        choices = self.questionnaire.choices_of(node)
        searched = "search(" in (node.appearance or "")
        names = frozenset(choice.name for choice in choices)
        return Symbol(
            node.name,
            kind_of(node),
            repeat,
            position,
            node.list_name,
            names if choices and not searched else None,
        )

    @cached_property
    def _symbols(self) -> dict[str, Symbol]:
        symbols = {name: Symbol(name, Kind.TEXT, None, -1) for name in _ALWAYS_THERE}
        groups: dict[str, Symbol] = {}
        for location, node in nodes(self.questionnaire):
            into = groups if isinstance(node, Group) else symbols
            into.setdefault(name_of(node), self._here[location])
        return groups | symbols

    @cached_property
    def _lists(self) -> dict[str, frozenset[str]]:
        form = self.questionnaire
        files = {
            PurePosixPath(name).stem: frozenset().union(*rows) for name, rows in form.files.items()
        }
        return files | {
            name: frozenset(("name", "label")).union(*(choice.columns for choice in choices))
            for name, choices in form.choices.items()
        }

    @cached_property
    def _outside_lists(self) -> frozenset[str]:
        """Names of instances whose rows lie outside the form: files, entity lists."""
        names = {row["dataset"] for row in self._sheet("entities") if "dataset" in row}
        names |= {row["list_name"] for row in self._sheet("entities") if "list_name" in row}
        for item in self.questionnaire.items:
            question = item.question
            if question.type_name in {"xml-external", "csv-external"}:
                names.add(question.name)
            elif question.list_name:
                names.add(PurePosixPath(question.list_name).stem)
        return frozenset(names - set(self._lists))

    def _sheet(self, name: str) -> tuple[dict[str, str], ...]:
        return self.questionnaire.sheets.get(name, ())


def _instances(expression: Expression) -> frozenset[str]:
    names = set()
    for node in walk(expression):
        match node:
            case Call("instance", (Text(name),)):
                names.add(name)
            case _:
                continue
    return frozenset(names)
