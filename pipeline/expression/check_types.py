"""Values of kinds that do not go together: what would silently be false or blank on the tablet."""

import re
from collections.abc import Iterator, Mapping

from pipeline.errors import Place, Problem
from pipeline.expression.functions import FUNCTIONS, Type
from pipeline.expression.infer import kind_of
from pipeline.expression.kinds import NUMERIC, TEMPORAL, Kind
from pipeline.expression.meaning import DATE_MARKS
from pipeline.expression.patterns import UnreadablePatternError, compile_java
from pipeline.expression.problems import problem
from pipeline.expression.tree import Binary, Call, Current, Expression, Reference, Text, walk
from pipeline.expression.values import number, parse_moment

_MARK = re.compile("%(.?)")
_ORDER = frozenset({"<", "<=", ">", ">="})
_EQUALITY = frozenset({"=", "!="})
_ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})
_DATES = frozenset({"date", "date-time", "decimal-date-time"})


def types(
    expression: Expression, kinds: Mapping[str, Kind], current: Kind, place: Place
) -> Iterator[Problem]:
    """Operators and functions whose operands can never give what was meant."""
    for node in walk(expression):
        if isinstance(node, Binary):
            yield from _operator(node, kinds, current, place)
        elif isinstance(node, Call):
            yield from _arguments(node, kinds, current, place)
            yield from _literals(node, place)


def _is_word(expression: Expression) -> bool:
    """A literal text that is neither blank nor a number nor the NaN that a number may be."""
    if not isinstance(expression, Text) or expression.value in {"", "NaN"}:
        return False
    return number(expression.value) != number(expression.value)


def _operator(
    node: Binary, kinds: Mapping[str, Kind], current: Kind, place: Place
) -> Iterator[Problem]:
    sides = {kind_of(side, kinds, current) for side in (node.left, node.right)}
    is_blank_test = Text("") in {node.left, node.right}
    if Kind.TIME in sides and node.operator not in {"and", "or"} and not is_blank_test:
        message = "Times are compared and counted as days, so all times are alike."
        repair = "Write decimal-time() around each time."
        yield problem("EXPR-013", message, repair, at=node, place=place)
        return
    for side, other in ((node.left, node.right), (node.right, node.left)):
        kind = kind_of(other, kinds, current)
        if not _is_word(side):
            continue
        if node.operator in _ARITHMETIC or node.operator in _ORDER:
            message = f"'{node.operator}' works on numbers, and this text is none."
            repair = "Write a number."
            if kind in TEMPORAL:
                repair = "Write date('YYYY-MM-DD') for a date, or use decimal-time() for a time."
            yield problem("EXPR-013", message, repair, at=side, place=place)
        elif node.operator in _EQUALITY and kind in NUMERIC:
            message = "A number is compared with a text that is no number."
            yield problem("EXPR-013", message, "Write a number.", at=side, place=place)


def _arguments(
    node: Call, kinds: Mapping[str, Kind], current: Kind, place: Place
) -> Iterator[Problem]:
    function = FUNCTIONS.get(node.name)
    if function is None or not function.accepts(len(node.arguments)):
        return
    for position, argument in enumerate(node.arguments):
        kind = kind_of(argument, kinds, current)
        wanted = function.type_of(position)
        if wanted is Type.CHOICES and kind in NUMERIC | TEMPORAL | {Kind.BOOLEAN}:
            message = f"{node.name}() looks at choices, and this is of kind {kind}."
            yield problem("EXPR-013", message, "Compare it with =.", at=argument, place=place)
        elif wanted is Type.NUMBER and _is_word(argument):
            message = f"{node.name}() needs a number here, and this text is none."
            yield problem("EXPR-013", message, "Write a number.", at=argument, place=place)
    if node.name in {"selected", "is-selected"}:
        yield from _chosen(node.arguments[1], kinds, current, place)


def _chosen(
    choice: Expression, kinds: Mapping[str, Kind], current: Kind, place: Place
) -> Iterator[Problem]:
    if kind_of(choice, kinds, current) in NUMERIC:
        message = "ODK Collect stops at a choice that is a number."
        repair = "Put the choice's name in quotation marks."
        yield problem("EXPR-013", message, repair, at=choice, place=place)


def _literals(node: Call, place: Place) -> Iterator[Problem]:
    match node:
        case Call("regex", (_, Text(pattern) as written)):
            try:
                compile_java(pattern)
            except UnreadablePatternError:
                message = "The pattern cannot be read."
                repair = "Check its brackets, and leave out what only Java knows."
                yield problem("EXPR-019", message, repair, at=written, place=place)
        case Call(name, (Text(value) as written, *_)) if name in _DATES and value:
            if parse_moment(value) is None:
                message = "This is no date."
                yield problem("EXPR-019", message, "Write 'YYYY-MM-DD'.", at=written, place=place)
        case Call("format-date" | "format-date-time", (_, Text(pattern) as written)):
            unknown = [
                mark for mark in _MARK.findall(pattern) if mark not in DATE_MARKS or not mark
            ]
            if unknown:
                message = f"ODK Collect stops at the mark %{unknown[0]} in a date's form."
                repair = "Use %Y %y %m %n %b %d %e %H %h %M %S %3 %a."
                yield problem("EXPR-019", message, repair, at=written, place=place)
        case _:
            return


def is_anchored(node: Call) -> bool:
    """A pattern between ^ and $, which every engine reads in the same way."""
    match node:
        case Call("regex", (_, Text(pattern))):
            return pattern.startswith("^") and pattern.endswith("$")
        case _:
            return False


def compared(expression: Expression) -> Iterator[tuple[Expression, str | None, Text]]:
    """Each choice name that a question is compared with: node, question (None is `.`), name."""
    for node in walk(expression):
        match node:
            case Call("selected" | "is-selected", (question, Text() as name)):
                pass
            case Binary("=" | "!=", question, Text() as name):
                pass
            case Binary("=" | "!=", Text() as name, question):
                pass
            case _:
                continue
        if isinstance(question, Reference):
            yield node, question.name, name
        elif isinstance(question, Current):
            yield node, None, name
