"""Choices that narrow: what a `choice_filter` leaves of a list, worked out on the sheet of rules.

Each filtered question has three columns there: the names of the choices that are offered ("" for
the others), how many are offered so far, and their labels without gaps, which the drop-down shows.
"""

from collections.abc import Mapping
from dataclasses import replace

from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.expression.parse import parse, references
from pipeline.expression.tree import (
    Binary,
    Call,
    Expression,
    Negate,
    Path,
    Text,
)
from pipeline.forms.excel_lists import defined_name
from pipeline.forms.excel_offer import RULES_SHEET, Offer
from pipeline.forms.excel_slots import FIRST_SLOT, Slot
from pipeline.forms.excel_spelling import Speller
from pipeline.questionnaire.model import Choice, Question

_FIRST_COLUMN = 28


def add_offers(sheet: Worksheet, speller: Speller) -> dict[int, Offer]:
    """Write the offers of all filtered questions.

    Returns:
        Row of a slot -> its offer. A filter that Excel cannot say leaves the whole list.
    """
    offers: dict[int, Offer] = {}
    column = _FIRST_COLUMN
    for slots in speller.slots.by_question.values():
        question = slots[0].question
        if question is None or not question.choice_filter or question.row.list_kind != "list":
            continue
        alone = _differs_by_row(speller, slots[0], question)
        for group in [[slot] for slot in slots] if alone else [list(slots)]:
            if offer := _add_offer(sheet, speller, group[0], question, column):
                offers |= {slot.row: offer for slot in group}
                column += 3
    return offers


def _differs_by_row(speller: Speller, slot: Slot, question: Question) -> bool:
    names = references(parse(question.choice_filter or ""))
    slots = speller.slots.by_question
    return slot.table is not None and any(slots[name][0].table for name in names if name in slots)


def _add_offer(
    sheet: Worksheet, speller: Speller, slot: Slot, question: Question, column: int
) -> Offer | None:
    drawing = speller.drawing
    choices = drawing.questionnaire.choices_of(question)
    conditions = [_condition(speller, slot, question, choice) for choice in choices]
    if not choices or any(condition is None for condition in conditions):
        return None
    code, count, shown = (get_column_letter(column + at) for at in range(3))
    first, last = FIRST_SLOT, FIRST_SLOT + len(choices) - 1
    sheet[f"{count}{first - 1}"] = 0
    list_name = drawing.lists.get(question.list_name or "")
    for row, (choice, condition) in enumerate(zip(choices, conditions, strict=True), start=first):
        sheet[f"{code}{row}"] = f'=IF({condition},"{choice.name}","")'
        sheet[f"{count}{row}"] = f'={count}{row - 1}+({code}{row}<>"")'
        if list_name:
            at = f"MATCH({row - first + 1},{count}${first}:{count}${last},0)"
            sheet[f"{shown}{row}"] = f'=IFERROR(INDEX({list_name},{at}),"")'
    name = defined_name("offer_", f"{question.name}_{slot.row}", ())
    top = f"{RULES_SHEET}!${shown}${first}"
    drawing.book.defined_names[name] = DefinedName(
        name, attr_text=f"{top}:INDEX({top}:${shown}${last},MAX(1,{RULES_SHEET}!${count}${last}))"
    )
    rows = {choice.name: row for row, choice in enumerate(choices, start=first)}
    return Offer(name, f"${code}${first}:${code}${last}", rows)


def _condition(speller: Speller, slot: Slot, question: Question, choice: Choice) -> str | None:
    """A filter for one choice, whose columns are known."""
    columns = {"name": choice.name, **choice.columns}
    expression = _with_columns(parse(question.choice_filter or ""), columns)
    return speller.tree_condition(expression, slot)


def _with_columns(expression: Expression, columns: Mapping[str, str]) -> Expression:
    """The tree with each column of the choices sheet replaced by this choice's text."""

    def inside(node: Expression) -> Expression:
        return _with_columns(node, columns)

    match expression:
        case Path(None, (step,), False) if not step.predicates and step.name not in {".", ".."}:
            return Text(columns.get(step.name, ""))
        case Negate(operand):
            return replace(expression, operand=inside(operand))
        case Binary(_, left, right):
            return replace(expression, left=inside(left), right=inside(right))
        case Call(_, arguments):
            return replace(expression, arguments=tuple(map(inside, arguments)))
        case _:
            return expression
