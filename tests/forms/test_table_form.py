"""Paper forms keyed in, a row each: typed with LibreOffice, received, processed.

Nobody in these answers exists (SYNTHETIC).
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipeline.forms.excel import write_table_form
from pipeline.forms.excel_layout import TABLE_FIRST_ROW
from pipeline.questionnaire.model import Choice, Question, Questionnaire, Repeat
from pipeline.responses import REPEAT_KEYS, REPEAT_SOURCES
from pipeline.returns.workbook import read_workbook
from pipeline.synthetic.filled_workbook import _read_template, _Writing
from tests.conformance.forms import OURS
from tests.conftest import PROJECT, missing
from tests.forms.conformance.cases import Answers, Case
from tests.forms.conformance.office import Job, fill_in, has_bridge
from tests.forms.conformance.run import _texts
from tests.forms.conformance.verdicts import said_by_try
from tests.forms.excel_limits import broken_limits

pytestmark = pytest.mark.xdist_group("libreoffice")

SEEDS = (0, 37, 60)
"""Two who answered as they should, and a disturbed one between them."""


@pytest.mark.parametrize(
    ("form", "language"),
    list(zip(OURS, ("ja", "zh-Hant", "en", "ja"), strict=True)),
    ids=lambda value: getattr(value, "name", value),
)
def test_a_table_keeps_to_excels_limits_and_under_500_kb(tmp_path, form, language):
    write_table_form(form.questionnaire, language, tmp_path / "table.xlsx")
    content = (tmp_path / "table.xlsx").read_bytes()
    assert list(broken_limits(content)) == []
    assert len(content) < 500_000


def keyed_in(form: Path, respondents: dict[str, Answers]) -> list[tuple[str, str, str]]:
    """Sheet, address and text of everything that is typed: a serial, then the row's answers."""
    template = _read_template(form)
    writing = _Writing(template, {name: {} for name in template.sheets}, {})
    sheets = template.sheets
    for number, (serial, answers) in enumerate(respondents.items(), start=1):
        writing.values[""][f"C{TABLE_FIRST_ROW + number - 1}"] = (serial, False)  # noqa: PD011 - no frame
        for name, answer in answers.items():
            if name in sheets:
                writing._add_instances(name, answer, parent=serial)
            else:
                writing._add_answer(sheets[""], str(number), name, answer)
    names = CalamineWorkbook.from_path(form).sheet_names
    at = {name: int("".join(filter(str.isdigit, sheets[name].part))) - 1 for name in sheets}
    return [
        (names[at[table]], address, text)
        for table, cells in writing.values.items()  # noqa: PD011 - no frame
        for address, (text, _) in cells.items()
    ]


@pytest.fixture(scope="module")
def typed(soffice, tmp_path_factory) -> tuple[Questionnaire, dict[str, Case], dict[str, Path]]:
    """The table of the activity record in Chinese with three rows; saved as .xlsx and .ods."""
    if not has_bridge():
        missing("LibreOffice's bridge to Python (python3-uno)")
    folder = tmp_path_factory.mktemp("table")
    form = next(form for form in OURS if form.name == "activity_record")
    cases = {f"00{n}-{n}": Case(form, "zh-Hant", seed) for n, seed in enumerate(SEEDS, start=1)}
    path = folder / "activity_record.table.zh-Hant.xlsx"
    write_table_form(form.questionnaire, "zh-Hant", path)
    written = {serial: case.written for serial, case in cases.items()}
    saved = {kind: folder / f"keyed.{kind}" for kind in ("xlsx", "ods")}
    (refused,) = fill_in(soffice, [Job(path, keyed_in(path, written), saved)], folder)
    assert refused == []
    return form.questionnaire, cases, saved


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_each_row_reads_back_as_a_response(typed, kind):
    """Every answer of every row, every instance with the respondent whose serial it names."""
    form, cases, saved = typed
    read = read_workbook(
        saved[kind],
        form,
        response_id="file",
        source_file="raw/activity_record/keyed.xlsx",
        received_at="2011-09-02T08:15:00Z",
    )
    assert read.main["serial"].tolist() == list(cases)
    assert read.main["response_id"].is_unique
    assert read.main["source_row"].tolist() == [8, 9, 10]
    assert read.issues.empty
    names = [item.name for item in form.answered() if item.name in read.main.columns]
    for (_, row), case in zip(read.main.iterrows(), cases.values(), strict=True):
        assert row[names].dropna().to_dict() == _texts(case.written, form)
        for repeat in form.repeats:
            rows = read.repeats[repeat].query("response_id == @row.response_id")
            given = rows.drop(columns=[*REPEAT_KEYS, *REPEAT_SOURCES])
            assert rows["position"].tolist() == list(range(1, len(rows) + 1))
            assert [one.dropna().to_dict() for _, one in given.iterrows()] == [
                _texts(one, form) for one in case.written.get(repeat, [])
            ]


def test_the_cover_counts_the_problems_of_all_rows(typed):
    """Missing answers and broken rules are those of `survey try`, row after row."""
    _, cases, saved = typed
    cover = CalamineWorkbook.from_path(saved["xlsx"]).get_sheet_by_index(0).to_python()
    broken = [len(said_by_try(case).broken) for case in cases.values()]
    listed = [row[1] for row in cover if re.fullmatch(r"[0-9.]+ \([0-9]+\)", str(row[1]))]
    assert len(listed) == sum(broken) > 0
    assert {number.partition(" ")[2] for number in listed if "." not in number} == {"(2)"}


def test_a_keyed_table_goes_through_receive_and_process(typed, tmp_path):
    """Like any other return: three responses in processed/, each with its serial."""
    _, cases, saved = typed
    shutil.copytree(PROJECT / "instruments", tmp_path / "study" / "instruments")
    for command in (["receive", str(saved["xlsx"])], ["process"]):
        study = ["--study", str(tmp_path / "study")]
        run = [sys.executable, "-m", "pipeline", *study, *command]
        subprocess.run(run, check=True, cwd=PROJECT, capture_output=True)
    cleaned = pd.read_parquet(tmp_path / "study/processed/activity_record/responses.parquet")
    assert sorted(cleaned["serial"]) == sorted(cases)


def small_form() -> Questionnaire:
    """A question that sums up a repeat, which a table cannot follow."""
    yes_no = (Choice(name="yes", label="Yes"), Choice(name="no", label="No"))
    many = Question(name="many", type="integer", label="How many?", required=True)
    kinds = Repeat(repeat="kinds", label="Kinds", questions=(many,))
    total = Question(name="total", type="calculate", calculation="sum(${many})")
    why = Question(name="why", type="text", label="Why so many?", relevant="${total} > 10")
    ok = Question(name="ok", type="select_one yes_no", label="All right?", required=True)
    return Questionnaire(
        form_id="kinds",
        title="Kinds (SYNTHETIC)",
        choices={"yes_no": yes_no},
        survey=(ok, kinds, total, why),
    )


def read_small(path: Path):
    return read_workbook(
        path,
        small_form(),
        response_id="file",
        source_file="raw/kinds/keyed.xlsx",
        received_at="2011-09-02T08:15:00Z",
    )


def test_a_row_without_serial_and_rows_of_nobody_are_kept_and_said(tmp_path):
    """Nothing that was written is lost: a serial that no row has becomes a response of its own."""
    import openpyxl  # noqa: PLC0415 - here alone a workbook is written by hand

    write_table_form(small_form(), "en", tmp_path / "table.xlsx")
    book = openpyxl.load_workbook(tmp_path / "table.xlsx")
    main, kinds = book["Responses"], book["Kinds"]
    main["C8"], main["D8"], main["D9"] = "A-1", "Yes", "No"
    kinds["C8"], kinds["D8"], kinds["C9"], kinds["D9"] = "A-1", 3, "B-7", 4
    book.save(tmp_path / "keyed.xlsx")
    read = read_small(tmp_path / "keyed.xlsx")
    assert read.main[["response_id", "ok"]].fillna("").to_numpy().tolist() == [
        ["file-1", "yes"],
        ["file-2", "no"],
        ["file-kinds-9", ""],
    ]
    assert read.main["serial"].fillna("").tolist() == ["A-1", "", "B-7"]
    assert read.repeats["kinds"][["response_id", "many"]].to_numpy().tolist() == [
        ["file-1", "3"],
        ["file-kinds-9", "4"],
    ]
    assert read.issues[["response_id", "code", "source_place"]].to_numpy().tolist() == [
        ["file-2", "no_key", "Responses!C9"],
        ["file-kinds-9", "no_parent_row", "Kinds!C9"],
    ]


def test_what_looks_at_another_table_is_left_to_cleaning(tmp_path):
    """In a table of respondents, no formula sums up the rows of all of them as if they were one."""
    import openpyxl  # noqa: PLC0415 - see above

    write_table_form(small_form(), "en", tmp_path / "table.xlsx")
    rules = openpyxl.load_workbook(tmp_path / "table.xlsx")["_rules"]
    names = {cell.value for cell in rules["A"]}
    assert {"ok", "many", "why", "total"} <= names
    sums = [cell.value for row in rules.iter_rows() for cell in row if "SUM(" in str(cell.value)]
    assert sums == []
