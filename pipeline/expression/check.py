"""What is wrong with an expression before anyone answers: names, arguments, order, repeats."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from pipeline.errors import Place, Problem, Severity
from pipeline.expression import check_types
from pipeline.expression.functions import FUNCTIONS, Function, Type
from pipeline.expression.kinds import Kind
from pipeline.expression.problems import problem
from pipeline.expression.tree import (
    Call,
    Current,
    Expression,
    Filtered,
    Node,
    Path,
    Reference,
    Text,
    named_steps,
    walk,
)

# Rules in which the question's own answer would decide whether or what it is.
_NOT_ITSELF = frozenset({"relevant", "calculation", "required", "repeat_count", "default"})
_IN_ORDER = frozenset({"relevant", "constraint", "choice_filter", "repeat_count"})


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


def check(expression: Expression, scope: Scope) -> list[Problem]:
    """Find all that is wrong, in the order of the text.

    Returns:
        Errors: unknown names, functions, lists; wrong arguments or types; self reference; an
        answer of a repeat where one value is needed. Warnings: questions that come later, unknown
        choices, and what ODK's engines take differently.
    """
    found = [
        *_names(expression, scope),
        *_calls(expression, scope),
        *_own(expression, scope),
        *_repeats(expression, scope),
        *_paths(expression, scope),
        *check_types.types(expression, scope.kinds(), _own_kind(scope), scope.place()),
        *_choices(expression, scope),
    ]
    return sorted(found, key=lambda one: one.place.column or 0)


def _own_kind(scope: Scope) -> Kind:
    return scope.here.kind if scope.here else Kind.OTHER


def nearest(name: str, known: Mapping[str, object]) -> str:
    """The repair for a name that is unknown: the one most like it."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else ""


def _names(expression: Expression, scope: Scope) -> Iterator[Problem]:
    for node in walk(expression):
        if not isinstance(node, Reference):
            continue
        symbol = scope.symbols.get(node.name)
        if symbol is None:
            repair = nearest(node.name, scope.symbols) or "Add the question, or correct the name."
            message = f"Unknown name '{node.name}'."
            yield problem("EXPR-010", message, repair, at=node, place=scope.place())
        elif _comes_later(symbol, scope):
            message = f"'{node.name}' is asked after this question."
            repair = f"A {scope.rule} should use questions asked before it: move one of the two."
            place, warning = scope.place(), Severity.WARNING
            yield problem("EXPR-015", message, repair, at=node, place=place, severity=warning)


def _comes_later(symbol: Symbol, scope: Scope) -> bool:
    if scope.here is None or scope.rule not in _IN_ORDER:
        return False
    return symbol.position > scope.here.position


def _calls(expression: Expression, scope: Scope) -> Iterator[Problem]:
    for node in walk(expression):
        if not isinstance(node, Call):
            continue
        function = FUNCTIONS.get(node.name)
        if function is None:
            repair = nearest(node.name, FUNCTIONS) or "See the list of functions in docs."
            message = f"There is no function {node.name}()."
            yield problem("EXPR-011", message, repair, at=node, place=scope.place())
        elif not function.accepts(len(node.arguments)):
            message = f"{node.name}() has {len(node.arguments)} arguments here."
            repair = f"Give it {_wanted(function)}."
            yield problem("EXPR-012", message, repair, at=node, place=scope.place())
        elif function.differs and not check_types.is_anchored(node):
            yield problem(
                "EXPR-021",
                f"ODK's engines work out {node.name}() differently.",
                function.differs,
                at=node,
                place=scope.place(),
                severity=Severity.WARNING,
            )


def _wanted(function: Function) -> str:
    least, most = len(function.takes) - function.optional, len(function.takes)
    count = str(least) if least == most else f"{least} to {most}"
    if function.more:
        count = f"{least} or more"
    return f"{count} ({', '.join(function.takes)})" if most else "none"


def _own(expression: Expression, scope: Scope) -> Iterator[Problem]:
    if scope.here is None:
        return
    for node in walk(expression):
        if isinstance(node, Reference) and node.name == scope.here.name:
            repair = "Write '.' for the answer being given."
            if scope.rule != "constraint":
                repair = "Use other questions only."
            message = f"The {scope.rule} of '{node.name}' refers to itself."
            yield problem("EXPR-014", message, repair, at=node, place=scope.place())
    if scope.rule in _NOT_ITSELF:
        for node in _outside_filters(expression):
            if isinstance(node, Current):
                message = f"'.' is the question itself, which a {scope.rule} cannot look at."
                repair = "Write the ${name} of the question that decides."
                yield problem("EXPR-014", message, repair, at=node, place=scope.place())


def _outside_filters(expression: Expression) -> Iterator[Expression]:
    filtered = {
        id(inside)
        for node in walk(expression)
        for predicate in _predicates(node)
        for inside in walk(predicate)
    }
    return (node for node in walk(expression) if id(node) not in filtered)


def _predicates(node: Expression) -> tuple[Expression, ...]:
    if isinstance(node, Filtered):
        return node.predicates
    steps = node.steps if isinstance(node, Path) else ()
    return tuple(predicate for step in steps for predicate in step.predicates)


def _repeats(expression: Expression, scope: Scope) -> Iterator[Problem]:
    """Answers of a repeat, named from outside it, where one value is needed."""
    allowed = {id(many) for node in walk(expression) for many in _many(node)}
    outside = set(scope.repeats(scope.here.name)) if scope.here else set()
    if scope.here is not None and scope.is_repeat(scope.here.name):
        outside.add(scope.here.name)
    for node in _outside_filters(expression):
        if not isinstance(node, Reference) or id(node) in allowed or node.name not in scope.symbols:
            continue
        if missing := [repeat for repeat in scope.repeats(node.name) if repeat not in outside]:
            message = f"'{node.name}' has an answer for each instance of '{missing[0]}'."
            repair = "Take them together with sum(), count() or join(), or pick one with "
            repair += f"indexed-repeat(${{{node.name}}}, ${{{missing[0]}}}, number)."
            yield problem("EXPR-016", message, repair, at=node, place=scope.place())


def _many(node: Expression) -> Iterator[Node]:
    """The references directly in a node that may stand for many answers."""
    match node:
        case Call(name, arguments):
            function = FUNCTIONS.get(name)
            for position, argument in enumerate(arguments):
                if function is not None and _may_be_many(function, position, len(arguments)):
                    yield argument
                    if isinstance(argument, Filtered):
                        yield argument.base
        case Filtered(base) | Path(Filtered(base)):
            yield base
        case Path(start) if start is not None:
            yield start
        case _:
            return


def _may_be_many(function: Function, position: int, count: int) -> bool:
    if function.name == "indexed-repeat":
        return position == 0 or position % 2 == 1
    spread = function.spreads == position == count - 1
    return spread or function.type_of(position) is Type.NODES


def _paths(expression: Expression, scope: Scope) -> Iterator[Problem]:
    in_filter = {id(n) for n in walk(expression)} - {id(n) for n in _outside_filters(expression)}
    for node in walk(expression):
        if not isinstance(node, Path):
            continue
        if isinstance(node.start, Call) and node.start.name == "instance":
            yield from _list(node, scope)
        elif any(step.name == "*" or step.name.startswith("@") for step in node.steps):
            message = "'*' and '@' stand for no question."
            yield problem("EXPR-023", message, "Write ${name}.", at=node, place=scope.place())
        elif not _is_bare(node):
            yield from _steps(node, scope)
        elif id(node) not in in_filter:
            yield from _bare(node, scope)


def _is_bare(node: Path) -> bool:
    return node.start is None and not node.absolute and node.steps[0].name not in {".", ".."}


def _bare(node: Path, scope: Scope) -> Iterator[Problem]:
    """A plain name: a column of the list in a choice_filter, a mistake anywhere else."""
    name = node.steps[0].name
    list_name = scope.here.list_name if scope.here else None
    if scope.rule == "choice_filter":
        columns = scope.lists.get(list_name or "")
        if columns is not None and name not in columns:
            message = f"The choice list '{list_name}' has no column '{name}'."
            repair = nearest(name, dict.fromkeys(columns)) or "Add the column to choices."
            yield problem("EXPR-017", message, repair, at=node, place=scope.place())
        return
    message = f"'{name}' is a plain name, which is always blank here."
    repair = f"Write ${{{name}}}." if name in scope.symbols else f"Write '{name}' for a text."
    place, warning = scope.place(), Severity.WARNING
    yield problem("EXPR-023", message, repair, at=node, place=place, severity=warning)


def _list(node: Path, scope: Scope) -> Iterator[Problem]:
    match node.start:
        case Call("instance", (Text(name),)):
            columns = scope.lists.get(name)
        case _:
            message = "instance() needs the name of a list in quotation marks."
            yield problem("EXPR-017", message, "Write the name.", at=node, place=scope.place())
            return
    if columns is None:
        repair = nearest(name, scope.lists) or "Add the list to choices."
        message = f"There is no choice list '{name}'."
        yield problem("EXPR-017", message, repair, at=node, place=scope.place())
        return
    inside = [n for p in _predicates(node) for n in walk(p) if isinstance(n, Path) and _is_bare(n)]
    for step in [*(path.steps[0] for path in inside), node.steps[-1]]:
        if step.name not in columns | {"root", "item", "itextId", "label", "name"}:
            repair = nearest(step.name, dict.fromkeys(columns)) or "Add the column to choices."
            message = f"The choice list '{name}' has no column '{step.name}'."
            yield problem("EXPR-017", message, repair, at=step, place=scope.place())


def _steps(node: Path, scope: Scope) -> Iterator[Problem]:
    named = named_steps(node)
    if named and named[-1].name not in scope.symbols and not isinstance(node.start, Reference):
        name = named[-1].name
        message = f"The path leads to '{name}', which is no question of this form."
        repair = nearest(name, scope.symbols) or "Write ${name} instead of a path."
        yield problem("EXPR-010", message, repair, at=node, place=scope.place())


def _choices(expression: Expression, scope: Scope) -> Iterator[Problem]:
    for node, question, name in check_types.compared(expression):
        symbol = scope.here if question is None else scope.symbols.get(question)
        if symbol is None or symbol.choices is None or name.value in symbol.choices | {""}:
            continue
        message = f"'{name.value}' is no choice of '{symbol.name}'."
        repair = nearest(name.value, dict.fromkeys(symbol.choices)) or "Correct the choice's name."
        place, warning = scope.place(), Severity.WARNING
        yield problem("EXPR-018", message, repair, at=name or node, place=place, severity=warning)
