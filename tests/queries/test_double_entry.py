"""Two keyings of one paper: compared, decided by the supervisor, and put right."""

import openpyxl
import pandas as pd
import pytest

from pipeline.forms.excel import write_excel_form
from pipeline.study import open_study
from pipeline.workflow.people import make_own_keys
from pipeline.workflow.questionnaires import load_questionnaires
from pipeline.workflow.returned import process, receive
from tests.queries.rounds import FORM, STUDY, Said, answer, kept, queries, send_back, workbook

SETTINGS = STUDY.replace("ended}", "ended, keyed_by: keyed_by}") + "double_entry: [visit]\n"
TWICE = FORM.replace(
    "survey:\n", "survey:\n  - {name: keyed_by, type: text, label: {en: Keyed by}}\n"
)
SAME = {"code": "AB01", "day": "2011-08-15", "org_name": "SYNTHETIC one", "has": "yes"}
KEYINGS = (
    {"keyed_by": "KA", "cases": "12", "services": ("legal", "work"), "born": ("1960", "1970")},
    {"keyed_by": "KB", "cases": "21", "services": ("legal",), "born": ("1960", "1971")},
)
ASKED = {"cases", "services", "born"}


def key_years(sheet, years):
    """Into the table of staff, a row each."""
    columns = [cell.column for row in sheet.iter_rows() for cell in row if cell.value == "born"]
    rows = [row[0].row for row in sheet.iter_rows(max_col=1) if str(row[0].value).isdecimal()]
    for row, year in zip(rows, years if columns else (), strict=False):
        sheet.cell(row, columns[0]).value = int(year)


def keyed(form, path, serial, answers):
    """A form with these answers, keyed in."""
    write_excel_form(form, "en", path, serial=serial)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        keys = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1)}
        for name, value in {**SAME, **answers}.items():
            if name == "born":
                key_years(sheet, value)
            elif name == "services" and "services/legal" in keys:
                for choice in value:
                    sheet.cell(keys[f"services/{choice}"], 5).value = "✓"
            elif name in keys and isinstance(value, str):
                shown = {"yes": "Yes"}.get(value, value)
                sheet.cell(keys[name], 5).value = int(shown) if shown.isdecimal() else shown
    book.save(path)
    return path


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study" / "instruments"
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "visit.yaml").write_text(TWICE, encoding="utf-8")
    make_own_keys(open_study(tmp_path / "study"))
    made = open_study(tmp_path / "study")
    form = load_questionnaires(made)["visit"]
    files = [
        keyed(form, tmp_path / f"SYNTHETIC-{serial}-{number}.xlsx", serial, answers)
        for serial in ("7", "8")
        for number, answers in enumerate(KEYINGS if serial == "7" else KEYINGS[:1] * 2)
    ]
    book = openpyxl.load_workbook(files[-1])
    book.properties.title = "another keying"
    book.save(files[-1])
    receive(made, files, None)
    process(made)
    return made


def by_question(study):
    return {question: codes for (_, question), codes in queries(study).items()}


def test_one_keying_is_kept_and_every_difference_is_asked(study):
    """A paper that was keyed twice alike is not asked about; who keyed is not compared."""
    assert len(kept(study, "cases")) == 2
    assert by_question(study) == dict.fromkeys(ASKED, "keyed_differently")
    assert [path.name for path in (study.outputs / "queries").iterdir()] == [
        "double_entry.visit.xlsx"
    ]
    issues = pd.read_parquet(study.processed / "visit" / "issues.parquet")
    assert (issues["code"] == "second_keying").sum() == 2
    assert "duplicate_serial" not in set(issues["code"])
    ledger = pd.read_parquet(study.processed / "visit" / "ledger.parquet")
    parts = ledger[["kept", "changed", "blanked", "set_aside"]].sum(axis=1)
    assert (ledger["answers_in"] == parts).all()


def test_what_the_supervisor_decides_becomes_a_correction(study, tmp_path):
    """The first is right, the second is right, or neither is: each closes the difference."""
    path = workbook(study, "double_entry.visit")
    response = next(iter(queries(study)))[0]
    values = {
        "cases": kept(study, "cases")[response],
        "services": kept(study, "services")[response],
    }
    other = {12: 21, 21: 12}[values["cases"]]
    said = {
        (response, "cases"): Said(decision="第二次正確"),
        (response, "services"): Said(decision="第一次正確"),
        (response, "born"): Said(1999),
    }
    assert send_back(study, answer(path, tmp_path / "b.xlsx", said)) == "received"
    assert kept(study, "cases")[response] == other
    assert kept(study, "services")[response] == values["services"]
    staff = pd.read_parquet(study.processed / "visit" / "staff.parquet")
    ours = staff[staff["response_id"] == response].sort_values("position")
    assert ours["born"].tolist() == [1960, 1999]
    assert queries(study) == {}
    assert not path.exists()


def test_agreement_is_counted_by_person_and_question_without_an_answer(study):
    found = pd.read_parquet(study.processed / "visit" / "double_entry.parquet")
    assert set(found["first_by"]) | set(found["second_by"]) == {"KA", "KB"}
    differing = found[found["compared"] > found["agreed"]]
    assert set(differing["question"]) == ASKED
    born = differing[differing["question"] == "born"].iloc[0]
    assert (born["compared"], born["agreed"]) == (2, 1)
    assert found.loc[found["question"] == "began", "compared"].tolist() == [0, 0]


def test_rows_of_two_keyed_tables_are_keyings_too(tmp_path):
    """Known by the question that has the role of the serial; a third row is no keying."""
    folder = tmp_path / "study" / "instruments"
    folder.mkdir(parents=True)
    settings = SETTINGS.replace("keyed_by: keyed_by", "keyed_by: keyed_by, serial: paper")
    form = TWICE.replace("survey:\n", "survey:\n  - {name: paper, type: text, label: {en: No.}}\n")
    (folder / "study.yaml").write_text(settings, encoding="utf-8")
    (folder / "visit.yaml").write_text(form, encoding="utf-8")
    make_own_keys(open_study(tmp_path / "study"))
    study = open_study(tmp_path / "study")
    for name, cases in (("KA", "12"), ("KB", "21")):
        headings = "_uuid,paper,keyed_by,org_name,has,cases,services"
        rows = f"{headings}\n{name}1,7,{name},x,yes,{cases},legal\n"
        (tmp_path / f"SYNTHETIC-{name}.csv").write_text(rows, encoding="utf-8")
    receive(study, sorted(tmp_path.glob("SYNTHETIC*.csv")), "visit")
    process(study)
    assert by_question(study) == {"cases": "keyed_differently"}
    assert len(kept(study, "cases")) == 1
