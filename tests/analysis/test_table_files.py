"""Tables as files: full precision, marks for what is hidden, and no live formula."""

import csv
import io

import openpyxl
import pandas as pd
import pytest

from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.table_files import csv_bytes, save_table


def a_table(**further: object) -> Table:
    frame = pd.DataFrame({"answer": ["=1+1", "難民", "few"], "count": [40, 20, 3]})
    frame["share"] = frame["count"] / 63
    columns = (
        Column("answer", "Answer"),
        Column("count", "n", Kind.COUNT, group="All"),
        Column("share", "Share", Kind.SHARE, rests_on="count", group="All"),
    )
    return Table("t", "Title", frame, columns, base=63, **further)


def cells(table: Table) -> list[list[str]]:
    text = csv_bytes(table, "en").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_headings_full_precision_and_marks_and_opens_in_excel():
    table = protect(a_table(), 10)
    assert csv_bytes(table, "en").startswith(b"\xef\xbb\xbf")
    assert cells(table) == [
        ["Answer", "All: n", "All: Share"],
        ["'=1+1", "40", repr(40 / 63)],
        ["難民", "[c]", "[c]"],
        ["few", "[c]", "[c]"],
    ]


def test_xlsx_states_title_wording_base_missing_and_method_and_holds_no_formula(tmp_path):
    table = a_table(wording="What?", missing={"Refused": 12}, method="As counted.")
    _, file = save_table(protect(table, 10), tmp_path / "t", "en", synthetic=True)
    sheet = openpyxl.load_workbook(file).active
    grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
    column = [row[0] for row in grid]
    assert column[0].startswith("SYNTHETIC")
    assert column[1:3] == ["Title", "Question asked: What?"]
    assert grid[4] == ["Answer", "All: n", "All: Share"]
    assert grid[5] == ["=1+1", 40, pytest.approx(40 / 63)]
    assert sheet["A6"].data_type == "s"
    assert grid[7] == ["few", "[c]", "[c]"]
    assert "Base: 63 who gave an answer" in column
    assert "Without an answer: Refused: 12" in column
    assert "Method: As counted." in column


def test_equal_tables_are_equal_files(tmp_path):
    files = [save_table(protect(a_table(), 10), tmp_path / n, "ja", synthetic=False) for n in "ab"]
    for first, second in zip(*files, strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_a_table_that_is_not_protected_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="not protected"):
        save_table(a_table(), tmp_path / "t", "en", synthetic=False)
    assert list(tmp_path.iterdir()) == []
