"""The sheet of questions: a line each, its answer cell always in the same column."""

import re
from collections.abc import Mapping

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_checks import Checks, check_of, choice_check
from pipeline.forms.excel_empty import Empty
from pipeline.forms.excel_keys import ANSWER, KEY, TYPE, shown_labels
from pipeline.forms.excel_layout import FIRST_LINE, TABLE_FIRST_ROW, Kind, Line, kind_of_line
from pipeline.forms.excel_offer import RULES_SHEET
from pipeline.forms.excel_paper import Drawing, put_live, question_text, set_page, start_sheet
from pipeline.forms.excel_rules import STATUS_TEXT, rule_cell
from pipeline.forms.excel_slots import ANSWER_COLUMN, NOT_ASKED
from pipeline.forms.excel_states import colour_remarks, colour_states, grey_out
from pipeline.forms.excel_style import (
    GREY,
    INK,
    WHITE,
    dress,
    merge,
    place,
    put,
    put_link,
    rich,
    section_style,
    section_tint,
    span,
    text_height,
)
from pipeline.forms.excel_values import MESSAGE, STATE
from pipeline.forms.excel_words import hint_of, readable, unit_of
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Group, Question, Questionnaire, Repeat

KEYS, TYPES, NUMBER, TEXT, ANSWERS, UNIT, REMARK, STATES = range(1, 9)
WIDTHS = {"A": 4.0, "B": 4.0, "C": 5.0, "D": 44.0, "E": 30.0, "F": 13.0, "G": 34.0}
_SCALE = 80
_TEXT_WIDTH = WIDTHS["D"]
_BAND_WIDTH = sum(WIDTHS[letter] for letter in "DEF")
_NUMERIC = {"integer", "decimal", "range"}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def add_questions(drawing: Drawing, empty: Empty) -> Worksheet:
    """Write the question sheet of a form."""
    sheet = start_sheet(drawing, drawing.layout.questions)
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    for letter in "ABH":
        sheet.column_dimensions[letter].hidden = True
    _add_headings(sheet, drawing)
    checks = Checks(sheet, drawing.language)
    for line in drawing.layout.lines:
        _add_line(sheet, drawing, line, checks)
    _add_states(sheet, drawing, empty)
    _set_pages(sheet, drawing)
    return sheet


def _add_states(sheet: Worksheet, drawing: Drawing, empty: Empty) -> None:
    """Show beside each answer what the sheet of rules says of it, and colour it so."""
    seen = set[int]()
    for line in drawing.layout.lines:
        row, slot = line.row, drawing.slots.lines.get(line.row)
        if slot is None:
            continue
        is_narrowed = line.choice is not None and slot in drawing.offers
        state = None if is_narrowed else empty.states.get(slot)
        put_live(
            drawing,
            sheet,
            (row, STATES),
            f"={_state_of(drawing, line, slot)}",
            style="key",
            empty=state,
        )
        if slot not in seen and line.kind in (Kind.ANSWER, Kind.CHOICES):
            said, message = f"={rule_cell(MESSAGE, slot)}", empty.messages.get(slot)
            put_live(drawing, sheet, (row, REMARK), said, style="remark", empty=message)
        seen.add(slot)
    last = drawing.layout.lines[-1].row if drawing.layout.lines else FIRST_LINE
    colour_states(sheet, f"E{FIRST_LINE}:E{last}", f"$H{FIRST_LINE}")
    grey_out(sheet, f"C{FIRST_LINE}:D{last} F{FIRST_LINE}:G{last}", f"$H{FIRST_LINE}")
    colour_remarks(sheet, f"G{FIRST_LINE}:G{last}", f"$H{FIRST_LINE}")
    status = f"={RULES_SHEET}!{STATUS_TEXT}"
    put_live(drawing, sheet, (3, ANSWERS), status, style="small", empty=empty.status)


def _state_of(drawing: Drawing, line: Line, slot: int) -> str:
    """The state of a line; a choice that a filter leaves out is not asked for unless ticked."""
    state = rule_cell(STATE, slot)
    offer = drawing.offers.get(slot)
    if offer is None or line.choice is None:
        return state
    left_out = f'AND({offer.cell(line.choice.name)}="",{ANSWER_COLUMN}{line.row}="")'
    return f"IF({left_out},{NOT_ASKED},{state})"


def _add_headings(sheet: Worksheet, drawing: Drawing) -> None:
    for column, role in ((KEYS, KEY), (TYPES, TYPE), (ANSWERS, ANSWER)):
        put(sheet, 2, column, role, "key")
    sheet.row_dimensions[2].hidden = True
    title = readable(drawing.questionnaire.title, drawing.language)
    put(sheet, 3, NUMBER, title, "sheet_title")
    to_cover = place(drawing.layout.cover, "A1")
    put_link(sheet, 3, REMARK, drawing.say("to_cover"), target=to_cover, style="small_link")
    sheet.row_dimensions[3].height = 30
    headings = ("number", "question", "answer", "unit", "remark")
    for column, name in enumerate(headings, start=NUMBER):
        put(sheet, 4, column, drawing.say(f"heading_{name}"), "heading")
    sheet.row_dimensions[4].height = 20
    sheet.freeze_panes = f"A{FIRST_LINE}"


def _add_line(sheet: Worksheet, drawing: Drawing, line: Line, checks: Checks) -> None:
    if line.kind in (Kind.SECTION, Kind.SUBSECTION):
        _add_band(sheet, drawing, line)
    elif line.kind is Kind.TABLE:
        _add_table_line(sheet, drawing, line)
    elif isinstance(line.node, Question):
        if line.kind is Kind.CHOICE:
            _add_choice(sheet, drawing, line, checks)
        elif line.kind is Kind.NOTE:
            _add_note(sheet, drawing, line, readable(line.node.label, drawing.language))
        else:
            _add_question(sheet, drawing, line, checks)


def _add_band(sheet: Worksheet, drawing: Drawing, line: Line) -> None:
    node = line.node
    assert isinstance(node, Group | Repeat)  # noqa: S101 - what `lay_out` makes bands of
    section = line.kind is Kind.SECTION
    name = node.group if isinstance(node, Group) else node.repeat
    label = readable(node.label, drawing.language) or name
    hint = readable(node.hint, drawing.language)
    style = section_style("band" if section else "subband", line.section)
    for column in range(NUMBER, REMARK + 1):
        dress(sheet.cell(line.row, column), style)
    size = 12.5 if section else 10.5
    colour = WHITE if section else section_tint(0)
    first = NUMBER if section else TEXT
    if hint:
        shown = rich(
            drawing.look,
            (label, WHITE if section else INK, size, True),
            (f"\n{hint}", colour if section else GREY, 9.5, False),
        )
        put(sheet, line.row, first, shown, style)
    else:
        put(sheet, line.row, first, label, style)
    merge(sheet, span(line.row, first, line.row, UNIT))
    parts = [(label, _BAND_WIDTH, size), *([(hint, _BAND_WIDTH, 9.5)] if hint else [])]
    least = 26 if section else 20
    sheet.row_dimensions[line.row].height = text_height(drawing.look, parts, least=least)


def _add_table_line(sheet: Worksheet, drawing: Drawing, line: Line) -> None:
    node = line.node
    assert isinstance(node, Repeat)  # noqa: S101 - what `lay_out` makes table lines of
    table = drawing.layout.tables[node.repeat]
    label = readable(node.label, drawing.language) or node.repeat
    hint = readable(node.hint, drawing.language)
    where = drawing.say("fill_table", sheet=table.sheet)
    below = "\n".join(part for part in (hint, where) if part)
    put(sheet, line.row, NUMBER, line.number, section_style("number", line.section))
    shown = rich(drawing.look, (label, INK, 10.5, False), (f"\n{below}", GREY, 9, False))
    put(sheet, line.row, TEXT, shown, "question")
    target = place(table.sheet, f"C{TABLE_FIRST_ROW}")
    put_link(sheet, line.row, UNIT, f"→ {drawing.say('go')}", target=target, style="link")
    dress(sheet.cell(line.row, ANSWERS), "question")
    dress(sheet.cell(line.row, REMARK), "remark")
    _set_height(sheet, drawing, line, label, below)


def _add_note(sheet: Worksheet, drawing: Drawing, line: Line, text: str) -> None:
    put(sheet, line.row, TEXT, text, "note")
    merge(sheet, span(line.row, TEXT, line.row, UNIT))
    height = text_height(drawing.look, [(text, _BAND_WIDTH - 3, 10.5)], least=20)
    sheet.row_dimensions[line.row].height = height


def _add_question(sheet: Worksheet, drawing: Drawing, line: Line, checks: Checks) -> None:
    question = line.node
    assert isinstance(question, Question)  # noqa: S101 - bands and tables are written elsewhere
    label = readable(question.label, drawing.language, drawing.numbers) or question.name
    hint = hint_of(question, drawing.language, drawing.numbers)
    if line.kind is Kind.ELSEWHERE:
        hint = phrase("not_here", drawing.language)
    put(sheet, line.row, NUMBER, line.number, section_style("number", line.section))
    put(sheet, line.row, TEXT, question_text(drawing, question, label, hint), "question")
    put(sheet, line.row, UNIT, unit_of(question.unit, drawing.language), "unit")
    dress(sheet.cell(line.row, REMARK), "remark")
    dress(sheet.cell(line.row, ANSWERS), "question")
    if line.kind is Kind.ANSWER:
        _add_keys(sheet, line, question)
        cell = sheet.cell(line.row, ANSWERS)
        dress(cell, answer_style(question))
        checks.add(
            check_of(question, drawing.language, drawing.lists_for(drawing.slots.lines[line.row])),
            cell.coordinate,
            f"$H{line.row}",
        )
        _prefill(sheet, drawing, line, question)
    _set_height(sheet, drawing, line, label, hint)


def answer_style(question: Question) -> str:
    """The cell style of an answer: numbers stay numbers, everything else stays the text typed."""
    if question.type_name == "acknowledge":
        return "tick"
    return "answer_number" if question.type_name in _NUMERIC else "answer"


def _prefill(sheet: Worksheet, drawing: Drawing, line: Line, question: Question) -> None:
    value = drawing.defaults.get(question.name)
    if value is None:
        return
    constant: str | float = value
    if question.type_name in _NUMERIC:
        constant = float(value) if "." in value else int(value)
    put(sheet, line.row, ANSWERS, constant, answer_style(question))


def defaults_of(
    questionnaire: Questionnaire, language: str, prefilled: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Question -> what stands in its answer cell from the start.

    What the copy is prefilled with; else the default where it is a constant, no expression.
    """
    given = prefilled or {}
    found = {}
    for item in questionnaire.items:
        question, own = item.question, item.question.default or ""
        is_constant = "(" not in own and "${" not in own
        default = given.get(question.name) or (own if is_constant else "")
        if not default or item.repeat:
            continue
        if kind_of_line(question) is not Kind.ANSWER:
            continue
        if question.type_name in _NUMERIC and not _NUMBER.fullmatch(default):
            continue
        labels = shown_labels(questionnaire.choices_of(question), language)
        found[question.name] = labels.get(default, default)
    return found


def _add_choice(sheet: Worksheet, drawing: Drawing, line: Line, checks: Checks) -> None:
    question, choice = line.node, line.choice
    assert isinstance(question, Question)  # noqa: S101 - only questions have choices
    assert choice is not None  # noqa: S101 - `lay_out` gives every choice line its choice
    label = readable(choice.label, drawing.language) or choice.name
    _add_keys(sheet, line, question)
    dress(sheet.cell(line.row, NUMBER), section_style("number", line.section))
    put(sheet, line.row, TEXT, label, "choice")
    cell = sheet.cell(line.row, ANSWERS)
    dress(cell, "answer_number" if question.type_name == "rank" else "tick")
    checks.add(choice_check(question, drawing.questionnaire, drawing.language), cell.coordinate)
    dress(sheet.cell(line.row, UNIT), "unit")
    dress(sheet.cell(line.row, REMARK), "remark")
    height = text_height(drawing.look, [(label, _TEXT_WIDTH - 4, 10.5)], least=18)
    sheet.row_dimensions[line.row].height = height


def _add_keys(sheet: Worksheet, line: Line, question: Question) -> None:
    put(sheet, line.row, KEYS, line.key, "key")
    put(sheet, line.row, TYPES, question.type, "key")


def _set_height(sheet: Worksheet, drawing: Drawing, line: Line, label: str, hint: str) -> None:
    parts = [(f"{label} *", _TEXT_WIDTH, 10.5), *([(hint, _TEXT_WIDTH, 9.0)] if hint else [])]
    long_text = (
        isinstance(line.node, Question)
        and line.kind is Kind.ANSWER
        and "multiline" in (line.node.appearance or "")
    )
    least = 54 if long_text else 24
    sheet.row_dimensions[line.row].height = text_height(drawing.look, parts, least=least)


def _set_pages(sheet: Worksheet, drawing: Drawing) -> None:
    set_page(sheet, drawing, scale=_SCALE)
    sheet.print_title_rows = "3:4"
    lines = drawing.layout.lines
    if lines:
        sheet.print_area = f"C3:F{lines[-1].row}"
    for section in drawing.layout.sections[1:]:
        sheet.row_breaks.append(Break(id=section.row - 1))
