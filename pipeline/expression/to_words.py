"""Expressions as sentences for paper forms, codebooks and messages: English, Chinese, Japanese."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.expression.to_xpath import PRECEDENCE, to_xpath
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
    named_steps,
    operands,
)
from pipeline.expression.words import WORDS, language_of

_CLAUSES = frozenset({"=", "!=", "<", "<=", ">", ">=", "and", "or"})
_OPPOSITE = {"and": "or", "or": "and"}
_SAYS = frozenset({"regex", "contains", "starts-with"})
_THOUSANDS = 10_000


def to_words(
    expression: Expression,
    language: str,
    label_of: Callable[[str], str],
    choice_label_of: Callable[[str, str], str],
) -> str:
    """Say an expression as a clause (a condition) or a phrase (a value), without a full stop.

    Args:
        expression: what to say.
        language: en, zh-Hant or ja; `zh` is zh-Hant, every other code gets English.
        label_of: a question's label by its name.
        choice_label_of: a choice's label by question and choice name; the question is "." for the
            one that the expression belongs to. It gives the name back where there is no label.
    """
    return _Speaker(WORDS[language_of(language)], label_of, choice_label_of).say(expression)


@dataclass(frozen=True)
class _Speaker:
    words: dict[str, str]
    label_of: Callable[[str], str]
    choice_label_of: Callable[[str, str], str]

    def put(self, key: str, *parts: str) -> str:
        return self.words[key].format(*parts)

    def say(self, expression: Expression) -> str:
        return self.clause(expression) if _is_clause(expression) else self.phrase(expression)

    # --- clauses

    def clause(  # noqa: PLR0911 - one line a form
        self, expression: Expression, *, so: bool = True
    ) -> str:
        """What is so, or with `so=False` what is not."""
        match expression:
            case Call("not", (inner,)):
                return self.clause(inner, so=not so)
            case Call("boolean", (inner,)):
                return self.clause(inner, so=so)
            case Binary("and" | "or"):
                return self._joined(expression, so=so)
            case Binary(operator, left, right) if operator in _CLAUSES:
                return self._comparison(operator, left, right, so=so)
            case Call("selected" | "is-selected", (question, choice)):
                return self._put(
                    "selected", self.phrase(question), self._choice(question, choice), so=so
                )
            case Call(name, (one, other)) if name in _SAYS:
                return self._put(name, self.phrase(one), self.phrase(other), so=so)
            case Call("true" | "false" as name):
                return self._put("true", so=so is (name == "true"))
            case _:
                return self._put("holds", self.phrase(expression), so=so)

    def _put(self, key: str, *parts: str, so: bool) -> str:
        return self.put(key if so else f"not {key}", *parts)

    def _comparison(self, operator: str, left: Expression, right: Expression, *, so: bool) -> str:
        if operator == "!=":
            operator, so = "=", not so
        if isinstance(left, Text) and operator == "=":
            left, right = right, left
        if right == Text("") and operator == "=":
            return self._put("blank", self.phrase(left), so=so)
        is_day = operator != "=" and (_is_day(left) or _is_day(right))
        key = f"day {operator}" if is_day else operator
        return self._put(key, self.phrase(left), self._choice(left, right), so=so)

    def _choice(self, question: Expression, choice: Expression) -> str:
        if not isinstance(choice, Text):
            return self.phrase(choice)
        if isinstance(question, Reference):
            return self.put("choice", self.choice_label_of(question.name, choice.value))
        if isinstance(question, Current):
            return self.put("choice", self.choice_label_of(".", choice.value))
        return self.phrase(choice)

    def _joined(self, expression: Binary, *, so: bool) -> str:
        operator = expression.operator if so else _OPPOSITE[expression.operator]
        parts = operands(expression)
        if together := self._together(parts, operator, so=so):
            return together
        said = [self._part(part, operator, so=so) for part in parts]
        return self.words[operator].join(said)

    def _part(self, part: Expression, operator: str, *, so: bool) -> str:
        inner = part
        negated = not so
        while isinstance(inner, Call) and inner.name == "not":
            inner, negated = inner.arguments[0], not negated
        said = self.clause(part, so=so)
        if isinstance(inner, Binary) and inner.operator in _OPPOSITE:
            own = _OPPOSITE[inner.operator] if negated else inner.operator
            simple = self._together(operands(inner), own, so=not negated)
            return said if own == operator or simple else self.put("inside", said)
        return said

    def _together(self, parts: list[Expression], operator: str, *, so: bool) -> str:
        choices = self._same_question(parts, operator, so=so)
        return choices or self._range(parts, operator, so=so)

    def _same_question(self, parts: list[Expression], operator: str, *, so: bool) -> str:
        """Several choices of one question: `is one of`, `includes none of`."""
        found = [_compared(part, so=so) for part in parts]
        first = found[0]
        if first is None or any(one is None or one[:3] != first[:3] for one in found):
            return ""
        question, verb, positive, _ = first
        if (operator == "or") is not positive:
            return ""
        choices = [self._choice(question, one[3]) for one in found if one is not None]
        keys = {
            ("=", True): "one of",
            ("=", False): "not one of",
            ("selected", True): "any of",
            ("selected", False): "none of",
        }
        listed = self.words["list"].join(choices)
        return self.put(keys[verb, positive], self.phrase(question), listed)

    def _range(self, parts: list[Expression], operator: str, *, so: bool) -> str:
        match parts:
            case [Binary(">=", one, low), Binary("<=", other, high)] if one == other:
                if so and operator == "and":
                    return self.put("between", *map(self.phrase, (one, low, high)))
        return ""

    # --- phrases

    def phrase(self, expression: Expression) -> str:  # noqa: C901, PLR0911 - one line a form
        """A value."""
        match expression:
            case Number(value):
                whole = value.is_integer() and value >= _THOUSANDS
                return f"{int(value):,}" if whole else to_xpath(expression)
            case Text(value):
                return self.put("choice", value) if value else self.words["nothing"]
            case Current():
                return self.words["here"]
            case Reference(name):
                return self.put("question", self.label_of(name))
            case Negate(operand):
                return self.put("negative", self._operand(operand, "mod"))
            case Binary(operator, left, right) if operator not in _CLAUSES:
                sides = self._operand(left, operator), self._operand(right, operator)
                return self.put(operator, *sides)
            case Call():
                return self._call(expression)
            case Filtered(base, (predicate,)):
                return self.put("filtered", self.phrase(base), self.say(predicate))
            case Path() if steps := named_steps(expression):
                return self.put("question", self.label_of(steps[-1].name))
            case Binary():
                return self.put("inside", self.clause(expression))
            case _:
                return to_xpath(expression)

    def _operand(self, expression: Expression, operator: str) -> str:
        said = self.phrase(expression)
        is_looser = isinstance(expression, Binary) and (
            PRECEDENCE[expression.operator] < PRECEDENCE[operator] or operator in {"-", "div"}
        )
        return self.put("inside", said) if is_looser else said

    def _call(self, expression: Call) -> str:  # noqa: PLR0911 - one line a form
        match expression:
            case Call("today" | "now" | "position" as name):
                return self.words[name]
            case Call("date" | "date-time" | "number" | "string" | "once", (inner,)):
                return inner.value if isinstance(inner, Text) else self.phrase(inner)
            case Call("if", (condition, yes, no)):
                said = self.clause(condition), self.phrase(yes), self.phrase(no)
                return self.put("inside", self.put("if", *said))
            case Call("min" | "max" as name, arguments):
                return self.put(name, self.words["list"].join(map(self.phrase, arguments)))
            case Call("string-length" | "normalize-space" as name, ()):
                return self._call(Call(name, (Current(),)))
            case Call(name, arguments) if name in self.words and not _is_clause(expression):
                return self.put(name, *map(self.phrase, arguments))
            case Call(name, arguments):
                if _is_clause(expression):
                    return self.put("inside", self.clause(expression))
                return self.put("call", name, ", ".join(map(self.phrase, arguments)))


def _is_day(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.name in {"today", "now", "date"}


def _is_clause(expression: Expression) -> bool:
    match expression:
        case Binary(operator):
            return operator in _CLAUSES
        case Call("not" | "boolean", (_,)) | Call("selected" | "is-selected", (_, _)):
            return True
        case Call(name, arguments):
            return (name in _SAYS and len(arguments) == 2) or name in {"true", "false"}  # noqa: PLR2004 - both sides
        case _:
            return False


def _compared(
    expression: Expression, *, so: bool
) -> tuple[Expression, str, bool, Expression] | None:
    """Question, verb, whether it is so, and choice: of one comparison with a choice."""
    match expression:
        case Call("not", (inner,)):
            return _compared(inner, so=not so)
        case Call("selected" | "is-selected", (question, Text() as choice)):
            return question, "selected", so, choice
        case Binary("=", question, Text() as choice) if choice.value:
            return question, "=", so, choice
        case Binary("!=", question, Text() as choice) if choice.value:
            return question, "=", not so, choice
        case _:
            return None
