"""What is missing or wrong in a response: as the workbook shows it, and as `survey try` says it."""

from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineWorkbook

from pipeline.forms import excel_values as at
from pipeline.forms.excel_cover import TO_DO_ROWS
from pipeline.forms.excel_layout import lay_out
from pipeline.forms.excel_offer import RULES_SHEET
from pipeline.forms.excel_slots import (
    MISSING,
    WRONG,
    WRONGLY_ANSWERED,
    Slot,
    slots_of,
)
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.try_answers import try_answers
from tests.forms.conformance.cases import Case, people

_RULES = {MISSING: "required", WRONGLY_ANSWERED: "not_asked", WRONG: "constraint"}


@dataclass
class Verdict:
    """What is said of one response.

    Attributes:
        status: the line on the cover.
        broken: question, in a repeat `repeat[2]/question` -> the rule that is broken: required,
            constraint, choice, not_asked (answered all the same).
        messages: question -> what the questionnaire itself says of it.
        listed: how many lines the cover's list of problems has.
        wrong_cells: formulas that gave an error.
    """

    status: str
    broken: dict[str, str]
    messages: dict[str, str] = field(default_factory=dict)
    listed: int = 0
    wrong_cells: int = 0


def shown_by(path: Path, case: Case) -> Verdict:
    """What a saved workbook shows."""
    layout = lay_out(case.questionnaire, case.language)
    slots = slots_of(case.questionnaire, layout)
    book = CalamineWorkbook.from_path(path)
    rules = book.get_sheet_by_name(RULES_SHEET).to_python(skip_empty_area=False)
    cover = book.get_sheet_by_name(layout.cover).to_python(skip_empty_area=False)
    heading = phrase("to_do", case.language)
    start = next(row for row, cells in enumerate(cover) if heading in cells) + 2
    verdict = Verdict(status=_status_on(cover), broken={})
    verdict.listed = sum(1 for cells in cover[start : start + TO_DO_ROWS] if cells[2])
    verdict.wrong_cells = sum(_is_error(cell) for row in rules for cell in row)
    for slot in slots.rows:
        if slot.item is None:
            continue
        row = rules[slot.row - 1]
        state = int(row[_column(at.STATE)] or 0)
        if state in _RULES:
            place = _place(slot)
            unfit = state == WRONG and row[_column(at.FITS)] is False
            verdict.broken[place] = "choice" if unfit else _RULES[state]
            verdict.messages[place] = str(row[_column(at.MESSAGE)])
    return verdict


def said_by_try(case: Case) -> Verdict:
    """What `survey try` says, with the answers to questions that are not asked."""
    form, language = case.questionnaire, case.language
    drawing = case.drawing
    tried = try_answers(form, case.answers, today=drawing.today, now=drawing.now, language=language)
    in_excel = people(form)
    asked = {one for one in tried.asked if one.rpartition("/")[2] in in_excel}
    given = set(case.places)
    broken = dict.fromkeys(sorted(given - asked), "not_asked")
    own = {}
    for one in reversed(tried.violations):
        if one.question in asked:
            broken[one.question] = one.rule
            own[one.question] = one.message
    missing = sum(1 for rule in broken.values() if rule == "required")
    left = len(broken)
    status = phrase(
        "status",
        language,
        answered=len(given & asked),
        asked=len(asked),
        missing=missing,
        problems=left - missing,
        ready=phrase("not_ready" if left else "ready", language),
    )
    return Verdict(status, broken, own, listed=min(left, TO_DO_ROWS))


def differences(case: Case, saved: Path) -> list[tuple[str, str, str]]:
    """(place, the workbook's, `survey try`'s), wherever they are not the same."""
    ours, theirs = shown_by(saved, case), said_by_try(case)
    found = [
        (place, ours.broken.get(place, "-"), theirs.broken.get(place, "-"))
        for place in sorted(ours.broken.keys() | theirs.broken.keys())
        if ours.broken.get(place) != theirs.broken.get(place)
    ]
    found += [
        (place, "message", "another")
        for place in sorted(ours.messages.keys() & _with_message(case, theirs))
        if ours.messages[place] != theirs.messages[place]
    ]
    if ours.status != theirs.status:
        found.append(("(status)", ours.status, theirs.status))
    if ours.listed != theirs.listed:
        found.append(("(list)", str(ours.listed), str(theirs.listed)))
    if ours.wrong_cells:
        found.append(("(errors)", str(ours.wrong_cells), "0"))
    return found


def _with_message(case: Case, verdict: Verdict) -> set[str]:
    """Places of which the questionnaire says in its own words what is wrong."""
    texts = {
        "constraint": lambda question: question.constraint_message,
        "required": lambda question: question.required_message,
    }
    found = set()
    for place, rule in verdict.broken.items():
        question = case.questionnaire.by_name[place.rpartition("/")[2]].question
        if rule in texts and texts[rule](question):
            found.add(place)
    return found


def _place(slot: Slot) -> str:
    assert slot.item is not None
    around = f"{slot.table}[{(slot.instance or 0) + 1}]/" if slot.table else ""
    return f"{around}{slot.item.name}"


def _status_on(cover: list[list[object]]) -> str:
    for row in cover[:8]:
        for cell in row:
            if isinstance(cell, str) and ("  -  " in cell or "  －  " in cell):
                return cell
    return ""


def _is_error(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith("#") and cell.endswith(("!", "?", "/A"))


def _column(letter: str) -> int:
    return ord(letter) - ord("A")
