"""The colours that show the state of an answer; formats look at hidden cells of their own sheet."""

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_rules import OPEN_PROBLEMS
from pipeline.forms.excel_slots import ANSWERED, MISSING, NOT_ASKED, WRONG, WRONGLY_ANSWERED

GREYED, PALE_GREY, PALE_RED, AMBER, _PLAIN = "626A76", "E8EAED", "F9D0CF", "FFE08A", "FFFFFF"
DARK_RED, _GREEN, _DARK_GREEN, DARK_AMBER = "9B1C1C", "DDF3E4", "1B5E37", "7A4B00"


def colour_states(sheet: Worksheet, cells: str, state: str) -> None:
    """Colour answer cells by the state cell that belongs to the first of them."""
    wrong = f"OR({state}={WRONG},{state}={WRONGLY_ANSWERED})"
    _add(sheet, cells, wrong, PALE_RED, DARK_RED)
    _add(sheet, cells, f"{state}={NOT_ASKED}", PALE_GREY, GREYED)
    _add(sheet, cells, f"{state}={MISSING}", AMBER, None)
    _add(sheet, cells, f"{state}={ANSWERED}", _PLAIN, None)


def grey_out(sheet: Worksheet, cells: str, state: str) -> None:
    """Let the words of a question that is not asked step back."""
    _add(sheet, cells, f"{state}={NOT_ASKED}", PALE_GREY, GREYED)


def colour_remarks(sheet: Worksheet, cells: str, state: str) -> None:
    """Let a remark about something missing or wrong stand out."""
    _add(sheet, cells, f"OR({state}={WRONG},{state}={WRONGLY_ANSWERED})", None, DARK_RED)
    _add(sheet, cells, f"{state}={MISSING}", None, DARK_AMBER)


def colour_status(sheet: Worksheet, cells: str) -> None:
    """Colour the status line: green once nothing is missing or wrong."""
    _add(sheet, cells, f"{OPEN_PROBLEMS}=0", _GREEN, _DARK_GREEN)
    _add(sheet, cells, f"{OPEN_PROBLEMS}>0", AMBER, DARK_AMBER)


def _add(sheet: Worksheet, cells: str, formula: str, fill: str | None, font: str | None) -> None:
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[formula],
        fill=PatternFill("solid", start_color=fill, end_color=fill) if fill else None,
        font=Font(color=font) if font else None,
        stopIfTrue=True,
    )
    sheet.conditional_formatting.add(cells, rule)
