"""Texts that a spreadsheet would take for a formula, made harmless so that they can be given back.

A text that begins like a formula gets an apostrophe before it, and so does one that begins with an
apostrophe: taking one leading apostrophe away gives every text back. In a workbook the apostrophe
is a mark of the cell, as Excel itself keeps it, and the text stays as it is.
Source: OWASP, "CSV Injection".
"""

import re

MARK = "'"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NEUTRALISED = (MARK, "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralised(text: str) -> str:
    """The text as it may stand in a CSV."""
    return f"{MARK}{text}" if is_like_formula(text) else text


def restored(text: str) -> str:
    """Undo `neutralised`."""
    return text.removeprefix(MARK)


def in_cell(text: str) -> str:
    """The text as a cell of an .xlsx holds it, where `_x0041_` would stand for A.

    Source: ECMA-376, part 1, 22.9.2.19 (ST_Xstring).
    """
    return _ESCAPE.sub("_x005F_", text)


def is_like_formula(text: str) -> bool:
    """Whether a spreadsheet might work the text out, or take its apostrophe for a mark."""
    return text.startswith(NEUTRALISED)
