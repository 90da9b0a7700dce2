"""What an expression can see: the questions and lists of the form, and where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from pipeline.errors import Place
from pipeline.expression.kinds import Kind
from pipeline.expression.tree import Expression, Filtered, Path, walk


@dataclass(frozen=True)
class Symbol:
    """A question or repeat that expressions can name.

    Attributes:
        name: as in `${name}`.
        kind: of its answer; `other` for a repeat.
        repeat: the innermost repeat that it lies in, None at the top.
        position: its place in the form's order.
        list_name: the choice list of a select question.
        choices: the names in that list, where they are known.
    """

    name: str
    kind: Kind
    repeat: str | None
    position: int
    list_name: str | None = None
    choices: frozenset[str] | None = None


@dataclass(frozen=True)
class Scope:
    """What an expression can see.

    Attributes:
        symbols: every question and repeat of the form by name.
        here: the question that the expression belongs to.
        lists: choice list -> its columns.
        rule: XLSForm's word for the cell: `relevant`, `constraint`, ...
    """

    symbols: Mapping[str, Symbol]
    here: Symbol | None = None
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rule: str = "relevant"

    def kinds(self) -> dict[str, Kind]:
        """Kind of each question."""
        return {name: symbol.kind for name, symbol in self.symbols.items()}

    def place(self) -> Place:
        """Question and rule."""
        return Place(question=self.here.name if self.here else None, rule=self.rule)

    def repeats(self, name: str | None) -> list[str]:
        """The repeats that a question or repeat lies in, innermost first."""
        found: list[str] = []
        symbol = self.symbols.get(name or "")
        while symbol is not None and symbol.repeat is not None and symbol.repeat not in found:
            found.append(symbol.repeat)
            symbol = self.symbols.get(symbol.repeat)
        return found

    def is_repeat(self, name: str) -> bool:
        """Whether the name is a repeat's."""
        return any(symbol.repeat == name for symbol in self.symbols.values())


def nearest(name: str, known: Mapping[str, object]) -> str:
    """The repair for a name that is unknown: the one most like it."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else ""


def outside_filters(expression: Expression) -> Iterator[Expression]:
    """The nodes that stand in no brackets behind a repeat or list."""
    filtered = {
        id(inside)
        for node in walk(expression)
        for predicate in predicates_of(node)
        for inside in walk(predicate)
    }
    return (node for node in walk(expression) if id(node) not in filtered)


def predicates_of(node: Expression) -> tuple[Expression, ...]:
    """The conditions in brackets directly behind a node."""
    if isinstance(node, Filtered):
        return node.predicates
    steps = node.steps if isinstance(node, Path) else ()
    return tuple(predicate for step in steps for predicate in step.predicates)
