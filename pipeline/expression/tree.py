"""The tree of an expression: frozen nodes that know where in the text they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

OPERATORS = ("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod")


@dataclass(frozen=True)
class Node:
    """Any node; `span` is its first and past-the-last character, and is no part of its meaning."""

    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Number(Node):
    """A number as written; a minus before it is a `Negate`."""

    value: float

    def __post_init__(self) -> None:
        if not isfinite(self.value) or self.value < 0:
            raise ValueError("a number literal is finite and has no sign")


@dataclass(frozen=True)
class Text(Node):
    """A quoted text; XPath has no escape, so it cannot hold both quotation marks."""

    value: str

    def __post_init__(self) -> None:
        if "'" in self.value and '"' in self.value:
            raise ValueError("a text literal cannot hold both quotation marks")


@dataclass(frozen=True)
class Reference(Node):
    """`${name}`: the answer to a question, or all instances of a repeat.

    `last_saved` is `${last-saved#name}`: the answer in the response saved before this one.
    """

    name: str
    last_saved: bool = False


@dataclass(frozen=True)
class Current(Node):
    """`.`: the question that the expression belongs to (inside `[ ]`, the item looked at)."""


@dataclass(frozen=True)
class Step(Node):
    """One step of a path: a name, `.`, `..`, `*` or `@name`, and the conditions behind it."""

    name: str
    predicates: "tuple[Expression, ...]" = ()


@dataclass(frozen=True)
class Path(Node):
    """A path: `../name`, `/form/group/name`, `name` (a column), `instance('x')/root/item/label`.

    Attributes:
        start: what the steps go out from; None is the place where the expression stands.
        steps: at least one.
        absolute: written with a leading `/`.
    """

    start: "Expression | None"
    steps: tuple[Step, ...]
    absolute: bool = False


@dataclass(frozen=True)
class Filtered(Node):
    """Conditions in brackets behind something that is no path step: `${roster}[${age} > 5]`."""

    base: "Expression"
    predicates: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Negate(Node):
    """`-operand`."""

    operand: "Expression"


@dataclass(frozen=True)
class Binary(Node):
    """`left operator right`."""

    operator: str
    left: "Expression"
    right: "Expression"

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise ValueError(f"no such operator: {self.operator}")


@dataclass(frozen=True)
class Call(Node):
    """`name(arguments)`."""

    name: str
    arguments: "tuple[Expression, ...]" = ()


Expression = Number | Text | Reference | Current | Path | Filtered | Negate | Binary | Call


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside, in the order written."""
    match expression:
        case Path(start, steps):
            inside = tuple(p for step in steps for p in step.predicates)
            return inside if start is None else (start, *inside)
        case Filtered(base, predicates):
            return (base, *predicates)
        case Negate(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all inside it, outermost first; needs no recursion."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def operands(expression: Binary) -> list[Expression]:
    """What an `a or b or c` joins: `[a, b, c]`, however long the chain."""
    found: list[Expression] = []
    node: Expression = expression
    while isinstance(node, Binary) and node.operator == expression.operator:
        found.append(node.right)
        node = node.left
    found.append(node)
    return found[::-1]


def depth(expression: Expression) -> int:
    """How many levels deep the tree is; a chain of one operator counts as one level."""
    deepest, waiting = 0, [(expression, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        inside = operands(node) if isinstance(node, Binary) else children(node)
        waiting.extend((child, level + 1) for child in inside)
    return deepest


def named_steps(path: Path) -> list[Step]:
    """The steps of a path that name a question or repeat; `${roster}[2]/age` begins with roster."""
    named = [step for step in path.steps if step.name not in {".", ".."}]
    match path.start:
        case Reference(name):
            return [Step(name, span=path.start.span), *named]
        case Filtered(Reference(name), predicates):
            return [Step(name, predicates, span=path.start.span), *named]
        case _:
            return named
