"""A questionnaire's expressions, spelled for the cells of its Excel form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pipeline.errors import SurveyError
from pipeline.expression.infer import kind_of as kind_of_expression
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse, references
from pipeline.expression.to_excel import condition, to_excel
from pipeline.expression.tree import Current, Expression, Filtered, Path, walk
from pipeline.forms.excel_layout import Table
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_slots import Slot, Slots
from pipeline.forms.excel_values import EFFECTIVE, FORMULA_LENGTH, STARTED, VALUE
from pipeline.questionnaire.check_expressions import kind_of
from pipeline.questionnaire.model import Questionnaire

_OUTSIDE = Slot(row=1, item=None, cells={}, number="")
"""Where the rules of no single answer stand."""
_ROOM = 500
"""Characters that the cell may need around the spelled expression."""


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Expression | None:
    try:
        return parse(text)
    except SurveyError:
        return None


@dataclass(frozen=True, slots=True)
class _Named:
    """What is known of an expression.

    Attributes:
        expression: kept, so that no other gets its id.
        names: the questions and repeats that it refers to.
        looks_around: whether what it says may depend on the row that it stands in.
    """

    expression: Expression
    names: frozenset[str]
    looks_around: bool


@dataclass(frozen=True)
class Speller:
    """Spells expressions as a slot sees them; None is what Excel cannot say.

    Attributes:
        unknown: questions whose answers the form does not hold.
    """

    drawing: Drawing
    unknown: set[str] = field(default_factory=set)
    _known: dict[int, "_Named"] = field(default_factory=dict)
    _spelled: dict[tuple[object, ...], str | None] = field(default_factory=dict)

    @property
    def slots(self) -> Slots:
        """Every answer with its row."""
        return self.drawing.slots

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Question -> what its answer is; of a calculation, what the calculation gives."""
        return _kinds(self.drawing.questionnaire)

    def condition(self, text: str, slot: Slot) -> str | None:
        """A `relevant`, `constraint` or `required`: a formula that is TRUE or FALSE."""
        expression = _parsed(text)
        return None if expression is None else self.tree_condition(expression, slot)

    def tree_condition(self, expression: Expression, slot: Slot) -> str | None:
        """The same for an expression that has been read."""
        if self._is_out_of_reach(expression, slot):
            return None
        cells, kinds, current = self._seen_from(slot, expression)
        own = (current, kinds["."]) if self._named(expression).looks_around else ()
        key = (id(expression), tuple(cells.items()), own)  # questions of a group share the group's
        if key not in self._spelled:
            self._spelled[key] = _short(condition(expression, cells, kinds, current))
        return self._spelled[key]

    def value(self, text: str, slot: Slot) -> str | None:
        """A `calculation`: a formula that gives its value, "" where it is blank."""
        expression = _parsed(text)
        if expression is None or self._is_out_of_reach(expression, slot):
            return None
        cells, kinds, current = self._seen_from(slot, expression)
        return _short(to_excel(expression, cells, kinds, current))

    def _named(self, expression: Expression) -> "_Named":
        """What an expression names; the same tree is asked for row after row."""
        found = self._known.get(id(expression))
        if found is None:
            around = any(isinstance(n, Current | Path | Filtered) for n in walk(expression))
            found = self._known[id(expression)] = _Named(expression, references(expression), around)
        return found

    def _is_out_of_reach(self, expression: Expression, slot: Slot) -> bool:
        """Whether it names what the form does not hold, or rows that are not those meant.

        A row of a table sees itself and the row that it belongs to; which rows of a table inside
        belong to it, and in a table of respondents which rows of another, Excel cannot say.
        """
        names = self._named(expression).names
        return bool(names & self.unknown) or any(
            self._is_beyond(table, slot.table) for name in names for table in self._table_of(name)
        )

    def _table_of(self, name: str) -> tuple[str, ...]:
        slots = self.slots.by_question.get(name)
        table = slots[0].table if slots else name
        return (table,) if table in self.drawing.layout.tables else ()

    def _is_beyond(self, table: str, own: str | None) -> bool:
        if own is None or table == own:
            return False
        tables = self.drawing.layout.tables
        if table == tables[own].parent:
            return False
        return self.drawing.layout.respondents is not None or bool(
            {own, table} & {*self._around(table), *self._around(own)}
        )

    def _around(self, table: str) -> tuple[str, ...]:
        """The tables around a table, from the inside."""
        parent = self.drawing.layout.tables[table].parent
        return () if parent is None else (parent, *self._around(parent))

    def counted(self, table: Table) -> str | None:
        """How many instances the form counts; None where a person decides, or Excel cannot say.

        A table inside a table counts anew in each row of the other: that is left to cleaning.
        """
        count = table.node.repeat_count
        return self.value(count, _OUTSIDE) if count and table.parent is None else None

    def _seen_from(
        self, slot: Slot, expression: Expression
    ) -> tuple[Mapping[str, str], Mapping[str, Kind], str]:
        cells = {}
        for name in self._named(expression).names:
            if name in self.slots.by_question:
                cells[name] = self._cell(name, slot)
            elif table := self.drawing.layout.tables.get(name):
                cells[name] = self._started(table)
        if slot.instance is not None and self.drawing.layout.respondents is None:
            cells[".."] = str(slot.instance + 1)
        own = self.kinds.get(slot.item.name, Kind.OTHER) if slot.item else Kind.OTHER
        return cells, {**self.kinds, ".": own}, f"${VALUE}${slot.row}"

    def _cell(self, name: str, slot: Slot) -> str:
        """The cell of a value, seen from a slot; from outside its table the range of them."""
        slots = self.slots.by_question[name]
        table = slots[0].table
        if table is None:
            return _effective(slots[0].row)
        if table == slot.table and slot.instance is not None:
            return _effective(slots[slot.instance].row)
        span = f"{_effective(slots[0].row)}:{_effective(slots[-1].row)}"
        if slot.table and slot.instance is not None and self._inside(slot.table, table):
            parent = self.slots.parents[slot.table][slot.instance]
            return f"INDEX({span},N({VALUE}{parent.row}))"
        return span

    def _started(self, table: Table) -> str:
        first = self.slots.started[table.name]
        return f"${STARTED}${first}:${STARTED}${first + table.rows - 1}"

    def _inside(self, table: str, outer: str) -> bool:
        return self.drawing.layout.tables[table].parent == outer


def _kinds(questionnaire: Questionnaire) -> dict[str, Kind]:
    kinds = {item.name: kind_of(item.question) for item in questionnaire.items}
    for item in questionnaire.items:
        text = item.question.calculation
        expression = _parsed(text) if text and item.question.type_name == "calculate" else None
        if expression is not None:
            kinds[item.name] = kind_of_expression(expression, kinds)
    return kinds


def _short(formula: str | None) -> str | None:
    return formula if formula and len(formula) < FORMULA_LENGTH - _ROOM else None


def _effective(row: int) -> str:
    return f"${EFFECTIVE}${row}"
