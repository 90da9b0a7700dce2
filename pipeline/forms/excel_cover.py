"""The first sheet: what the form is, how to fill it in, what is asked, how to send it back."""

from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_empty import Empty
from pipeline.forms.excel_layout import TABLE_FIRST_ROW, Kind, Line
from pipeline.forms.excel_offer import RULES_SHEET
from pipeline.forms.excel_paper import Drawing, put_live, set_page, start_sheet
from pipeline.forms.excel_rule_rows import name_of
from pipeline.forms.excel_rules import OPEN_PROBLEMS, STATUS_TEXT, rule_range
from pipeline.forms.excel_states import colour_status
from pipeline.forms.excel_style import (
    dress,
    merge,
    place,
    put,
    put_link,
    section_style,
    text_height,
)
from pipeline.forms.excel_values import LABEL, LINK, MESSAGE, NUMBER, ORDINAL
from pipeline.forms.excel_words import readable
from pipeline.questionnaire.model import Group, Repeat

_WIDTHS = {"A": 3.0, "B": 7.0, "C": 58.0, "D": 22.0, "E": 12.0, "F": 3.0}
_STEPS = ("how_answer", "how_tab", "how_list", "how_tick", "how_date", "how_required", "how_return")
_INNER_WIDTH = 94
_TITLE_ROW = 3
TO_DO_ROWS = 25


def add_cover(drawing: Drawing, empty: Empty) -> Worksheet:
    """Write the cover of a form."""
    sheet = start_sheet(drawing, drawing.layout.cover)
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    row = _add_title(sheet, drawing)
    row = _add_status(sheet, drawing, row, empty)
    row = _add_purpose(sheet, drawing, row + 1)
    row = _add_steps(sheet, drawing, row + 1)
    row = _add_contents(sheet, drawing, row + 1)
    row = _add_to_do(sheet, drawing, row + 1, empty)
    set_page(sheet, drawing, one_page=True)
    sheet.print_area = f"A2:F{row}"
    return sheet


def _add_title(sheet: Worksheet, drawing: Drawing) -> int:
    title = readable(drawing.questionnaire.title, drawing.language)
    put(sheet, _TITLE_ROW, 2, title, "title")
    merge(sheet, f"B{_TITLE_ROW}:E{_TITLE_ROW}")
    height = text_height(drawing.look, [(title, 88, 20)], least=40)
    sheet.row_dimensions[_TITLE_ROW].height = height
    mark = drawing.mark
    name = drawing.questionnaire.languages.get(drawing.language, drawing.language)
    facts = {"form": mark.form_id, "version": mark.version, "language": name, "serial": mark.serial}
    told = (
        drawing.say("labelled", name=drawing.say(key), said=said)
        for key, said in facts.items()
        if said or key != "serial"
    )
    put(sheet, _TITLE_ROW + 1, 2, "    ".join(told), "small")
    merge(sheet, f"B{_TITLE_ROW + 1}:E{_TITLE_ROW + 1}")
    return _TITLE_ROW + 2


def _add_status(sheet: Worksheet, drawing: Drawing, row: int, empty: Empty) -> int:
    formula = f"={RULES_SHEET}!{STATUS_TEXT}"
    put_live(drawing, sheet, (row, 2), formula, style="status", empty=empty.status)
    for column in range(3, 6):
        dress(sheet.cell(row, column), "status")
    merge(sheet, f"B{row}:E{row}")
    sheet.row_dimensions[row].height = 28
    colour_status(sheet, f"B{row}:E{row}")
    return row + 1


def _add_purpose(sheet: Worksheet, drawing: Drawing, row: int) -> int:
    """Say what the survey is for and what taking part means: the words before the consent."""
    texts = _words_before_consent(drawing)
    if not texts:
        return row - 1
    _add_heading(sheet, drawing.say("purpose"), row)
    for text in texts:
        row += 1
        put(sheet, row, 2, text, "step")
        merge(sheet, f"B{row}:E{row}")
        height = text_height(drawing.look, [(text, _INNER_WIDTH, 11)], least=22)
        sheet.row_dimensions[row].height = height
    return row + 1


def _words_before_consent(drawing: Drawing) -> list[str]:
    consent = drawing.questionnaire.by_name.get(drawing.consent)
    texts: list[str] = []
    for item in drawing.questionnaire.items if consent else ():
        if item is consent:
            break
        is_note = item.question.type_name == "note" and not item.question.relevant
        if consent and is_note and item.path == consent.path:
            texts.append(readable(item.question.label, drawing.language, drawing.numbers))
    return texts


def _add_to_do(sheet: Worksheet, drawing: Drawing, row: int, empty: Empty) -> int:
    """List what is missing or wrong, with a link to each, in the order of the questions."""
    _add_heading(sheet, drawing.say("to_do"), row)
    row += 1
    _add_note(sheet, drawing, row, empty)
    ordinals = rule_range(drawing.slots, ORDINAL)
    label, link = (rule_range(drawing.slots, part) for part in (LABEL, LINK))
    for number in range(1, TO_DO_ROWS + 1):
        at = row + number
        found = f"MATCH({number},{ordinals},0)"
        shown = _open_at(drawing, empty, number)
        for column, part in ((2, NUMBER), (4, MESSAGE)):
            formula = f'=IFERROR(INDEX({rule_range(drawing.slots, part)},{found}),"")'
            put_live(drawing, sheet, (at, column), formula, style="to_do", empty=shown[part])
        go = f'=IFERROR(HYPERLINK(INDEX({link},{found}),INDEX({label},{found})),"")'
        put_live(drawing, sheet, (at, 3), go, style="to_do_link", empty=shown[LABEL])
        dress(sheet.cell(at, 5), "to_do")
        merge(sheet, f"D{at}:E{at}")
        sheet.row_dimensions[at].height = 24
    return row + TO_DO_ROWS


def _add_note(sheet: Worksheet, drawing: Drawing, row: int, empty: Empty) -> None:
    """Say above the list that it is empty, or that it goes on."""
    none, more = drawing.say("to_do_none"), drawing.say("to_do_more")
    left = OPEN_PROBLEMS
    text = f'=IF({left}=0,"{none}",IF({left}>{TO_DO_ROWS},"{more}",""))'
    still = len(empty.open_slots)
    shown_last = more if still > TO_DO_ROWS else "" if still else none
    known = shown_last if empty.status is not None else None
    put_live(drawing, sheet, (row, 3), text, style="small", empty=known)


def _open_at(drawing: Drawing, empty: Empty, number: int) -> dict[str, str | None]:
    """What a line of the list shows in an empty form."""
    if empty.status is None or number > len(empty.open_slots):
        blank = None if empty.status is None else ""
        return dict.fromkeys((NUMBER, LABEL, MESSAGE), blank)
    slot = empty.open_slots[number - 1]
    name = name_of(slot.question, drawing) if slot.question else ""
    return {NUMBER: slot.number, LABEL: name, MESSAGE: empty.messages[slot.row]}


def _add_steps(sheet: Worksheet, drawing: Drawing, row: int) -> int:
    _add_heading(sheet, drawing.say("how_to"), row)
    marks = {"how_tick": drawing.say("tick"), "how_required": drawing.say("star")}
    steps = ("how_serial", *_STEPS) if drawing.layout.respondents else _STEPS
    for number, key in enumerate(steps, start=1):
        text = drawing.say(key, mark=marks.get(key, ""))
        put(sheet, row + number, 2, str(number), section_style("number", 0))
        put(sheet, row + number, 3, text, "step")
        merge(sheet, f"C{row + number}:E{row + number}")
        height = text_height(drawing.look, [(text, 84, 11)], least=22)
        sheet.row_dimensions[row + number].height = height
    row += len(steps) + 1
    name = f"{drawing.mark.form_id}_{drawing.mark.serial or drawing.say('your_code')}.xlsx"
    file = drawing.say("labelled", name=drawing.say("file_name"), said=name)
    put(sheet, row, 3, file, "strong")
    merge(sheet, f"C{row}:E{row}")
    sheet.row_dimensions[row].height = 22
    return row + 1


def _add_heading(sheet: Worksheet, text: str, row: int) -> None:
    for column in range(2, 6):
        dress(sheet.cell(row, column), section_style("band", 0))
    put(sheet, row, 2, text, section_style("band", 0))
    merge(sheet, f"B{row}:E{row}")
    sheet.row_dimensions[row].height = 26


def _add_contents(sheet: Worksheet, drawing: Drawing, row: int) -> int:
    if drawing.layout.respondents:
        return _add_tables(sheet, drawing, row)
    _add_heading(sheet, drawing.say("contents"), row)
    sections = drawing.layout.sections
    for order, line in enumerate(sections, start=1):
        at = row + order
        put(sheet, at, 2, str(order), section_style("number", line.section))
        node = line.node
        label = node.label if isinstance(node, Group | Repeat) else None
        put(sheet, at, 3, readable(label, drawing.language), "question")
        put(sheet, at, 4, _range_of_numbers(drawing, line), "unit")
        target = place(drawing.layout.questions, f"D{line.row}")
        put_link(sheet, at, 5, f"→ {drawing.say('go')}", target=target, style="link")
        sheet.row_dimensions[at].height = 22
    return row + len(sections) + 1


def _add_tables(sheet: Worksheet, drawing: Drawing, row: int) -> int:
    """List the sheets of a form that is all tables."""
    _add_heading(sheet, drawing.say("contents"), row)
    tables = drawing.layout.tables.values()
    for at, table in enumerate(tables, start=row + 1):
        put(sheet, at, 2, table.number, section_style("number", table.section))
        put(sheet, at, 3, table.sheet, "question")
        put(sheet, at, 4, "", "unit")
        target = place(table.sheet, f"C{TABLE_FIRST_ROW}")
        put_link(sheet, at, 5, f"→ {drawing.say('go')}", target=target, style="link")
        sheet.row_dimensions[at].height = 22
    return row + len(tables) + 1


def _range_of_numbers(drawing: Drawing, section: Line) -> str:
    asked = [
        line.number
        for line in drawing.layout.lines
        if line.section == section.section and line.number and line.kind is not Kind.SECTION
    ]
    if not asked:
        return ""
    return asked[0] if len(asked) == 1 else f"{asked[0]} – {asked[-1]}"
