"""Values that ODK Collect and ODK Web Forms take for something else: truths, moments, texts, days.

Tried against both engines: what is warned at here, and what is not, is what they differ on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import Place, Problem, Severity
from pipeline.expression.functions import FUNCTIONS, Type
from pipeline.expression.infer import kind_of
from pipeline.expression.kinds import NUMERIC, Kind
from pipeline.expression.paths import is_bare, is_list
from pipeline.expression.problems import problem
from pipeline.expression.tree import (
    Binary,
    Call,
    Current,
    Expression,
    Filtered,
    Negate,
    Number,
    Path,
    Reference,
    Text,
    walk,
)

_DECIDES = frozenset({"relevant", "constraint", "required", "read_only"})
"""Rules whose whole value is taken as a truth."""

_ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})
_MOMENTS = frozenset({Kind.DATETIME, Kind.TIME})
_OF_DAYS = frozenset({"date", "date-time", "format-date", "format-date-time", "decimal-date-time"})
_AS_TEXT = frozenset({"string", "concat", "join"})
_COUNTS = frozenset({"count", "count-selected", "count-non-empty", "string-length", "position"})
_NEVER_BLANK = _COUNTS | {"today", "now", "pi"}
_AS_GIVEN = frozenset({"int", "round", "abs", "number", "min", "max"})
"""Functions whose value is there where their arguments are."""


@dataclass(frozen=True)
class Readings:
    """Looks at one expression.

    Attributes:
        kinds: kind of each question.
        current: kind of `.`.
        rule: XLSForm's word for the cell.
        place: of the expression.
    """

    kinds: Mapping[str, Kind]
    current: Kind
    rule: str
    place: Place

    def differences(self, expression: Expression) -> Iterator[Problem]:
        """Warnings EXPR-021."""
        if self.rule in _DECIDES:
            yield from self._truth(expression)
        for node in walk(expression):
            if isinstance(node, Binary):
                yield from self._operator(node)
            elif isinstance(node, Call):
                yield from self._call(node)
            elif isinstance(node, Negate) and isinstance(node.operand, Negate):
                message = "ODK Web Forms cannot read two minus signs in a row."
                yield self._warning(message, "Take both out.", node)

    def _warning(self, message: str, repair: str, at: Expression) -> Problem:
        return problem(
            "EXPR-021", message, repair, at=at, place=self.place, severity=Severity.WARNING
        )

    def _kind(self, expression: Expression) -> Kind:
        return kind_of(expression, self.kinds, self.current)

    def _truth(self, expression: Expression) -> Iterator[Problem]:
        """An answer alone, where a truth is needed."""
        if not _is_answer(expression):
            return
        name = "." if isinstance(expression, Current) else "it"
        if isinstance(expression, Reference):
            name = f"${{{expression.name}}}"
        repair = f"Write {name} != ''."
        if self._kind(expression) in NUMERIC:
            repair = f"Write {name} != '' and {name} != 0."
        message = "A blank answer is false in ODK Collect and true in ODK Web Forms."
        yield self._warning(message, repair, expression)

    def _operator(self, node: Binary) -> Iterator[Problem]:
        sides = (node.left, node.right)
        kinds = [self._kind(side) for side in sides]
        if node.operator in {"and", "or"}:
            for side in sides:
                yield from self._truth(side)
        elif Text("") in sides:
            return
        elif Kind.BOOLEAN in kinds and node.operator in {"=", "!="}:
            for side in sides:
                yield from self._truth(side)
        elif Kind.DATETIME in kinds and Kind.TIME not in kinds:
            message = "Of a moment, ODK Collect takes the day alone, ODK Web Forms the time too."
            repair = "Write decimal-date-time() around both, or for days date(format-date(..., "
            repair += "'%Y-%m-%d'))."
            yield self._warning(message, repair, node)

    def _call(self, node: Call) -> Iterator[Problem]:
        function = FUNCTIONS.get(node.name)
        if function is None or not function.accepts(len(node.arguments)):
            return
        for position, argument in enumerate(node.arguments):
            wanted = function.type_of(position)
            if wanted is Type.BOOLEAN or node.name == "boolean":
                yield from self._truth(argument)
            elif node.name in _AS_TEXT or (wanted is Type.TEXT and node.name not in _OF_DAYS):
                yield from self._text(argument)
        if node.name in _OF_DAYS and self._kind(node.arguments[0]) in NUMERIC:
            message = f"ODK Collect alone takes a number for a day in {node.name}()."
            repair = "Give it a date; to count days, subtract two dates and compare the number."
            yield self._warning(message, repair, node.arguments[0])
        if node.name == "date" and self._kind(node.arguments[0]) is Kind.DATETIME:
            message = (
                "date() takes a moment's day in ODK Collect, and keeps its time in ODK Web Forms."
            )
            repair = "Write date(format-date(..., '%Y-%m-%d'))."
            yield self._warning(message, repair, node)
        if node.name.startswith("format-date") and self._kind(node.arguments[0]) is Kind.TIME:
            message = "ODK Web Forms gives a blank for a time alone."
            repair = "Ask for date and time instead."
            yield self._warning(message, repair, node)
        match node:
            case Call("format-date" | "format-date-time", (_, Text(pattern) as written)):
                if "%%" in pattern:
                    repair = "Put the % beside it with concat()."
                    message = "ODK Collect makes % of %%, ODK Web Forms leaves both."
                    yield self._warning(message, repair, written)
            case _:
                return

    def _text(self, argument: Expression) -> Iterator[Problem]:
        """What is put into a text though it is none."""
        kind = self._kind(argument)
        if kind in _MOMENTS:
            message = "As a text, ODK Collect gives the day alone, ODK Web Forms the time too."
            repair = "Write format-date-time() around it, with the form that is wanted."
            if kind is Kind.TIME:
                repair = "Ask for date and time, and write format-date-time() around it."
            yield self._warning(message, repair, argument)
        elif kind is Kind.DECIMAL and _is_answer(argument):
            message = "As a text, 7 is '7' in ODK Collect and '7.0' in ODK Web Forms."
            yield self._warning(message, "Write if(x != '', number(x), '').", argument)
        elif self._may_be_nan(argument):
            message = "A blank makes the text 'NaN' in ODK Collect, and none in ODK Web Forms."
            repair = "Write if(x != '', ..., '') around it, or coalesce() around the answers."
            yield self._warning(message, repair, argument)

    def _may_be_nan(self, argument: Expression) -> bool:
        match argument:
            case Negate():
                is_reckoned = True
            case Binary(operator):
                is_reckoned = operator in _ARITHMETIC
            case Call(name):
                is_reckoned = name in _AS_GIVEN
            case _:
                is_reckoned = False
        return is_reckoned and not never_blank(argument)


def never_blank(expression: Expression) -> bool:
    """Whether its value is there whatever is left unanswered, as far as the text tells."""
    match expression:
        case Number() | Text():
            return expression != Text("")
        case Negate(operand):
            return never_blank(operand)
        case Binary():
            return _operator_never_blank(expression)
        case Call():
            return _call_never_blank(expression)
        case _:
            return False


def _operator_never_blank(node: Binary) -> bool:
    if node.operator in {"div", "mod"}:
        return never_blank(node.left) and isinstance(node.right, Number) and node.right.value != 0
    is_sum = node.operator in _ARITHMETIC
    return not is_sum or (never_blank(node.left) and never_blank(node.right))


def _call_never_blank(node: Call) -> bool:
    if node.name in _NEVER_BLANK:
        return True
    decides = {"coalesce": node.arguments[1:], "if": node.arguments[1:]}
    decides |= dict.fromkeys(_AS_GIVEN, node.arguments)
    arguments = decides.get(node.name, ())
    return bool(arguments) and all(map(never_blank, arguments))


def _is_answer(expression: Expression) -> bool:
    """A question as it is answered, with nothing done to it."""
    if isinstance(expression, Path):
        return not is_list(expression) and not is_bare(expression)
    return isinstance(expression, Reference | Current | Filtered)
