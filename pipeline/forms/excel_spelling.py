"""A questionnaire's expressions, spelled for the cells of its Excel form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pipeline.errors import SurveyError
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse, references
from pipeline.expression.tree import Expression
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_slots import Slot, Slots
from pipeline.forms.excel_values import EFFECTIVE, FORMULA_LENGTH, VALUE
from pipeline.questionnaire.check_expressions import kind_of

try:
    from pipeline.expression.to_excel import to_excel
except ImportError:

    def to_excel(*_: object) -> str | None:  # noqa: D103 - until that module is there
        return None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Expression | None:
    try:
        return parse(text)
    except SurveyError:
        return None


@dataclass(frozen=True)
class Speller:
    """Spells a questionnaire's expressions for the cells of its form."""

    drawing: Drawing
    unknown: set[str] = field(default_factory=set)

    @property
    def slots(self) -> Slots:
        """Every answer with its row."""
        return self.drawing.slots

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Question -> what its answer is."""
        return {item.name: kind_of(item.question) for item in self.drawing.questionnaire.items}

    def spell(self, text: str, slot: Slot) -> str | None:
        """An expression as Excel says it from a slot; None where it cannot be said."""
        expression = _parsed(text)
        return None if expression is None else self.spell_tree(expression, slot)

    def spell_tree(self, expression: Expression, slot: Slot) -> str | None:
        """The same for an expression that has been read."""
        names = references(expression)
        if names & self.unknown:
            return None
        cells = {name: self._cell(name, slot) for name in names if name in self.slots.by_question}
        spelled = to_excel(expression, cells, self.kinds, f"${VALUE}${slot.row}")
        return spelled if spelled and len(spelled) < FORMULA_LENGTH // 2 else None

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

    def _inside(self, table: str, outer: str) -> bool:
        return self.drawing.layout.tables[table].parent == outer


def _effective(row: int) -> str:
    return f"${EFFECTIVE}${row}"
