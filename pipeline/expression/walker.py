"""Where an expression stands while it is worked out over frames, and what its names point to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial

import numpy as np

from pipeline.expression.columns import Bools, Column, Floats, Texts
from pipeline.expression.nodes import lies_below
from pipeline.expression.nodesets import Nodes, find
from pipeline.expression.paths import is_bare, is_outer, levels_up, steps_of
from pipeline.expression.refusals import more_than_one, outer, unknown_before, unlooked, unrepeated
from pipeline.expression.table import Table
from pipeline.expression.tree import (
    Current,
    Expression,
    Filtered,
    Path,
    Reference,
    Step,
)


@dataclass
class Walker:
    """The frame one stands in, the question `.`, and in a filter the item and its position."""

    table: Table
    current: str | None
    evaluate: "Callable[[Expression, Walker], Column]"
    item: Mapping[str, Column] | None = None
    number: Callable[[], Floats] | None = None
    torn: dict[str, Bools] = field(default_factory=dict)

    def value(self, expression: Expression) -> Column:
        """The column of an expression, seen from here."""
        return self.evaluate(expression, self)

    def refuse_torn(self) -> None:
        """Refuse if a row had more than one value where one is needed.

        Raises:
            SurveyError: EXPR-020.
        """
        for name, rows in self.torn.items():
            if np.broadcast_to(rows, len(self.table)).any():
                raise more_than_one(name)

    def tear(self, name: str, rows: Bools | None) -> None:
        """Note the rows that have more than one value; they may yet lie in a branch not taken."""
        if rows is not None:
            self.torn[name] = self.torn.get(name, np.False_) | rows

    @contextmanager
    def looking_at(self, rows: Bools, *, opposite: bool = False) -> Iterator[None]:
        """Of what is worked out meanwhile, only these rows are read; others may be torn.

        Args:
            rows: the flags of these rows.
            opposite: it is the rows whose flags are not set.
        """
        before, self.torn = self.torn, {}
        yield
        within, self.torn = self.torn, before
        for name, torn in within.items():
            self.tear(name, torn & (~rows if opposite else rows))

    def pointed(self, expression: Expression) -> Column:
        """The value of a question, a path or `.`; blank where the form has none of that name."""
        if isinstance(expression, Path) and is_bare(expression) and self.item is not None:
            return self.item.get(expression.steps[0].name, Texts.one(""))
        nodes = self.nodes(expression)
        if nodes is None:
            return Texts.one("")
        column, torn = nodes.unpack()
        self.tear(nodes.name, torn)
        return column

    def nodes(self, expression: Expression) -> Nodes | None:
        """The nodes an expression points to; None where the form has none of that name.

        Raises:
            SurveyError: EXPR-022 or EXPR-023.
        """
        match expression:
            case Reference(_, True):
                raise unknown_before(expression)
            case Reference(name):
                return find(self.table, name)
            case Current():
                known = self.current is not None and self.item is None
                return find_current(self.table, self.current) if known and self.current else None
            case Filtered(Reference(name, False), predicates):
                return self.filter(self._find(name, name), predicates)
            case Filtered(base, predicates):
                return self.filter(self.nodes(base), predicates)
            case Path():
                return self._path(expression)
            case _:
                raise unlooked(expression)

    def filter(self, nodes: Nodes | None, predicates: tuple[Expression, ...]) -> Nodes | None:
        """Only the nodes for which the conditions are true."""
        for predicate in predicates:
            if nodes is None:
                return None
            number = cache(partial(_positions, nodes))
            there = replace(
                self, table=nodes.table, current=nodes.name, number=number, item=None, torn={}
            )
            passed = passes(there.value(predicate), number)
            for name, torn in there.torn.items():
                rows = nodes.where(np.broadcast_to(torn, len(nodes.table)))
                self.tear(name, rows.count() > 0)
            nodes = nodes.where(np.broadcast_to(passed, len(nodes.table)))
        return nodes

    def _path(self, expression: Path) -> Nodes | None:
        named = steps_of(expression)
        if not named:
            return self._upwards(expression)
        if is_bare(expression):
            return self.filter(self._children(named), named[-1].predicates)
        if is_outer(expression) and self.number is not None and self.item is None:
            raise outer(expression)
        held = next((step.name for step in named if step.predicates), "")
        nodes = self._find(named[-1].name, held)
        for step in named[:-1]:
            nodes = self._through(nodes, step)
        return self.filter(nodes, named[-1].predicates)

    def _find(self, name: str, held: str) -> Nodes | None:
        """The nodes of a name; conditions behind a repeat are held against all its instances."""
        here, rows = self.table, np.arange(len(self.table))
        while here.parent is not None:
            rows = here.rows_up()[rows]
            if here.name == held:
                found = find(here.parent, name)
                return None if found is None else found.seen_from(rows)
            here = here.parent
        return find(self.table, name)

    def _children(self, named: list[Step]) -> Nodes | None:
        """A plain name in brackets behind a repeat: what lies right in the instance looked at."""
        here, name = self.table, named[-1].name
        is_instance = self.current == here.name and here.name not in here.frame.columns
        if self.number is None or here.parent is None or not is_instance:
            return None
        if not lies_below(named, here.above, [(here.name, 0)]):
            return None
        nodes = find(here, name)
        above = nodes.table if nodes is not None and nodes.name != here.name else None
        while above is not None and above is not here:
            above = above.parent
        return None if above is None else nodes

    def _through(self, nodes: Nodes | None, step: Step) -> Nodes | None:
        """The nodes in those instances of a repeat for which the step's conditions are true."""
        if nodes is None or not step.predicates:
            return nodes
        above, rows = nodes.table, np.arange(len(nodes.table))
        while above.name != step.name:
            if above.parent is None:
                raise unrepeated(step.name, step)
            rows, above = above.rows_up()[rows], above.parent
        everywhere = Nodes(above, above.name, np.zeros(len(above), np.int64), 1, None)
        kept = self.filter(everywhere, step.predicates)
        assert kept is not None  # noqa: S101 - it was not None before
        return nodes if kept.kept is None else nodes.where(kept.kept[rows])

    def _upwards(self, expression: Path) -> Nodes:
        """`..`: the repeat instance that many levels up; a group is none, and has position 1."""
        above = self.table.above.get(self.current or "")
        here, rows = self.table, np.arange(len(self.table))
        if above is not None:
            target = above[: len(above) - levels_up(expression) + 1][-1:]
            while here.parent is not None and (here.name,) != target:
                rows, here = here.rows_up()[rows], here.parent
        return Nodes(here, here.name, np.empty(0, np.int64), 0, None, rows=rows)


def find_current(table: Table, name: str) -> Nodes | None:
    """The node `.` itself; standing at a repeat's instance it is that instance."""
    if name == table.name and name not in table.frame.columns:
        return Nodes(table, name, np.empty(0, np.int64), 0, None, rows=np.arange(len(table)))
    return find(table, name)


def _positions(nodes: Nodes) -> Floats:
    """The position of each node among its siblings that are left."""
    if not nodes.is_instances or nodes.rows is not None:
        return np.ones(len(nodes.table))
    kept = np.ones(len(nodes.table), bool) if nodes.kept is None else nodes.kept
    owner = nodes.table.rows_up()
    order = np.argsort(owner, kind="stable")
    running = np.cumsum(kept[order])
    starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    before = np.repeat((running - kept[order])[starts], np.diff([*starts, len(order)]))
    found = np.empty(len(order))
    found[order] = running - before
    return found


def passes(column: Column, number: Callable[[], Floats]) -> Bools:
    """Whether a condition in brackets holds: a number is a position, all else a truth."""
    is_number = column.is_number
    if is_number is False:
        return column.truths()
    with np.errstate(invalid="ignore"):
        here = np.trunc(column.numbers()) == number()
    return here if is_number is True else np.where(is_number, here, column.truths())
