"""Paths that lead nowhere: steps, plain names, and columns of choice lists."""

from collections.abc import Iterator

from pipeline.errors import Problem, Severity
from pipeline.expression.paths import is_bare, is_list
from pipeline.expression.problems import problem
from pipeline.expression.scope import Scope, nearest, outside_filters, predicates_of
from pipeline.expression.tree import Call, Expression, Path, Reference, Text, named_steps, walk

_YES_OR_RULE = frozenset({"required", "read_only"})
_ALWAYS = frozenset({"root", "item", "itextId", "label", "name"})


def paths(expression: Expression, scope: Scope) -> Iterator[Problem]:
    """Problems EXPR-010, 017 and 023 of every path."""
    in_filter = {id(n) for n in walk(expression)} - {id(n) for n in outside_filters(expression)}
    for node in walk(expression):
        if not isinstance(node, Path):
            continue
        if is_list(node):
            yield from _list(node, scope)
        elif any(step.name == "*" or step.name.startswith("@") for step in node.steps):
            message = "'*' and '@' stand for no question."
            yield problem("EXPR-023", message, "Write ${name}.", at=node, place=scope.place())
        elif not is_bare(node):
            yield from _steps(node, scope)
        elif id(node) not in in_filter:
            yield from _bare(node, scope)


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
    repair = f"Write '{name}' for a text."
    severity = Severity.WARNING
    if scope.rule in _YES_OR_RULE:
        repair, severity = "Write yes, no or an expression.", Severity.ERROR
    if name in scope.symbols:
        repair = f"Write ${{{name}}}."
    yield problem("EXPR-023", message, repair, at=node, place=scope.place(), severity=severity)


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
    inside = [n for p in predicates_of(node) for n in walk(p) if isinstance(n, Path) and is_bare(n)]
    for step in [*(path.steps[0] for path in inside), node.steps[-1]]:
        if step.name not in columns | _ALWAYS:
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
