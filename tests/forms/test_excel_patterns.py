"""Patterns of `regex()` that a form can test mean in Excel what they mean to ODK."""

import openpyxl
import pytest

from pipeline.expression.excel_parts import Gives, Piece, Unsayable
from pipeline.expression.excel_patterns import matches
from pipeline.expression.patterns import compile_java
from tests.libreoffice import save_anew

MAIL = "^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+[.][A-Za-z]+$"
PATTERNS = {
    "^(WS-01|GD-0[1-5]|SM-01|DL-0[1-3])$": [
        *("WS-01", "GD-00", "GD-01", "GD-05", "GD-06", "DL-03", "DL-033", "ws-01", "WS-01|GD-01"),
    ],
    MAIL: [
        *("a@b.c", "a.b+c@d-e.f.org", "a@b", "@b.c", "a@.c", "a@b.", "a@b.c1", "a@@b.c", "a@b@c.d"),
        *("a b@c.d", "a@b..c", "a@b.c.d", "x", "a.b", "A_1@Z9.Tw", "a@-.x", "a@b.c "),
    ],
    "^[A-Z]{2}[0-9]{2}$": ["AB01", "AB1", "ab01", "AB012", "A101"],
    "^[0-9]+-[0-9]+$": ["1-2", "12-", "-12", "1-2-3", "03-8221234"],
    "a*-b*": ["-", "a-", "-b", "aa-bb", "ab", "a-b-b"],
}
UNSAYABLE = ["(a|b)c+", "((a|b)|c)", "[ab]+[bc]+", "a+aa+", "(a|[^b])"]


@pytest.mark.parametrize("pattern", UNSAYABLE)
def test_what_excel_cannot_test_is_refused(pattern):
    with pytest.raises(Unsayable):
        matches(Piece("$A$1", Gives.TEXT), pattern)


def test_a_text_has_the_form_of_a_pattern_in_excel_as_in_odk(soffice, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    expected = []
    for pattern, texts in PATTERNS.items():
        for text in texts:
            row = len(expected) + 1
            sheet.cell(row, 1, text).data_type = "s"
            sheet.cell(row, 2, f"={matches(Piece(f'$A${row}', Gives.TEXT), pattern).formula}")
            expected.append((pattern, text, bool(compile_java(pattern).fullmatch(text))))
    book.save(tmp_path / "patterns.xlsx")
    (saved,) = save_anew(soffice, [tmp_path / "patterns.xlsx"], tmp_path / "saved")
    shown = openpyxl.load_workbook(saved, data_only=True).worksheets[0]
    found = [
        (pattern, text, bool(shown.cell(row, 2).value))
        for row, (pattern, text, _) in enumerate(expected, start=1)
    ]
    assert found == expected
    assert {one[2] for one in expected} == {True, False}
