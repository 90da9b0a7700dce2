"""The whole round: a problem becomes a query, its answer a correction, which is checked again."""

import shutil

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from pipeline.forms.query_layout import Column
from pipeline.queries import QueryKey
from pipeline.study import Study
from pipeline.workflow.asked import corrections_of
from pipeline.workflow.questionnaires import load_questionnaires
from pipeline.workflow.returned import process, receive
from tests.conftest import missing
from tests.forms.conformance.office import Job, fill_in, has_bridge
from tests.queries.rounds import (
    Said,
    answer,
    cells,
    kept,
    new_study,
    queries,
    send_back,
    told,
    workbook,
    write_table,
)

pytestmark = pytest.mark.xdist_group("queries")
WRONG = (
    {"cases": "900"},
    {"cases": "SYNTHETIC many", "services": ""},
    {"has": "no", "cases": "7", "services": ""},
    {},
)
ASKED = {
    ("r1", "cases"): "constraint",
    ("r2", "cases"): "not_a_number",
    ("r2", "services"): "required",
    ("r3", "has"): "not_asked",
    ("r3", "cases"): "not_asked",
}
CONFIRM, BLANK, NO_ANSWER = "原答案正確", "改為空白", "確實沒有答案"
LEAVE_OUT = "本題不適用，請刪除"


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The study with its queries, not to be changed."""
    return new_study(tmp_path_factory.mktemp("queries") / "study", *WRONG)


@pytest.fixture
def study(asked, tmp_path):
    shutil.copytree(asked.root, tmp_path / "study")
    return type(asked)(tmp_path / "study")


def test_every_problem_is_asked_once_and_nothing_else(asked):
    """A skipped question is asked about together with the answer that skipped it."""
    assert queries(asked) == ASKED
    assert [path.name for path in (asked.outputs / "queries").iterdir()] == ["AB01.xlsx"]
    assert workbook(asked, "AB01").stat().st_mode & 0o777 == 0o600


ANSWERS = {
    ("r1", "cases"): Said(90, comment="SYNTHETIC slip of the pen"),
    ("r2", "cases"): Said("１２"),
    ("r2", "services"): Said(ticks={"legal": "✓", "work": "✓"}),
    ("r3", "cases"): Said(decision=LEAVE_OUT),
    ("r3", "has"): Said(decision=CONFIRM),
}


def is_closed_with_the_answers(study):
    assert kept(study, "cases") == {"r1": 90, "r2": 12, "r3": None, "r4": 12}
    assert kept(study, "services") == {"r1": "legal", "r2": "legal work", "r3": None, "r4": "legal"}
    assert queries(study) == {}
    assert not workbook(study, "AB01").exists()


def test_answers_become_corrections_with_who_when_and_why(study, tmp_path):
    back = answer(
        workbook(study, "AB01"), tmp_path / "b.xlsx", ANSWERS, by="SYNTHETIC A", date="2011-09-05"
    )
    assert send_back(study, back) == "received"
    is_closed_with_the_answers(study)
    log = corrections_of(study, load_questionnaires(study))
    row = log[(log["response_id"] == "r1")].iloc[0]
    assert (row["old_value"], row["new_value"], row["change_type"]) == (
        "900",
        "90",
        "change_response",
    )
    assert (row["by"], row["date"]) == ("SYNTHETIC A", "2011-09-05")
    assert row["reason"] == "constraint: SYNTHETIC slip of the pen"
    assert row["source_file"].startswith("raw/corrections/")
    assert {code for _, _, code, _ in told(study)} == {"correction_applied"}


def test_answers_typed_into_libreoffice_read_back_the_same(study, tmp_path, soffice):
    """Every answer has an unlocked cell in sight; whatever the file is saved as."""
    if not has_bridge():
        missing("LibreOffice's bridge to Python (python3-uno)")
    form = tmp_path / "AB01.xlsx"
    shutil.copy(workbook(study, "AB01"), form)
    typed = [
        (sheet, f"{get_column_letter(column)}{row}", str(value))
        for sheet, row, column, value in cells(form, ANSWERS, by="SYNTHETIC A")
    ]
    saved = {kind: tmp_path / f"back.{kind}" for kind in ("xlsx", "xls", "ods")}
    assert fill_in(soffice, [Job(form, typed, saved)], tmp_path) == [[]]
    for kind, back in saved.items():
        other = Study(tmp_path / kind)
        shutil.copytree(study.root, other.root)
        assert send_back(other, back) == "received"
        is_closed_with_the_answers(other)


def test_what_is_confirmed_is_not_asked_again_and_what_is_left_empty_is(study, tmp_path):
    said = {("r1", "cases"): Said(decision=CONFIRM), ("r2", "services"): Said(decision=NO_ANSWER)}
    send_back(study, answer(workbook(study, "AB01"), tmp_path / "b.xlsx", said))
    assert kept(study, "cases")["r1"] == 900
    left = dict(ASKED)
    del left["r1", "cases"], left["r2", "services"]
    assert queries(study) == left
    assert told(study) == []


def test_a_confirmation_holds_for_the_value_that_was_confirmed(study, tmp_path):
    """Changed afterwards to another value that breaks the rule, the answer is asked about again."""
    said = {("r1", "cases"): Said(decision=CONFIRM)}
    send_back(study, answer(workbook(study, "AB01"), tmp_path / "b.xlsx", said))
    log = tmp_path / "SYNTHETIC-log.csv"
    log.write_text(
        "uuid,question,old_value,new_value,change_type\nr1,cases,900,800,change_response\n",
        encoding="utf-8",
    )
    send_back(study, log)
    assert queries(study)["r1", "cases"] == "constraint"


@pytest.mark.parametrize("wrong", [700, "SYNTHETIC still many"])
def test_what_is_answered_wrongly_is_asked_anew(study, tmp_path, wrong):
    """An answer that breaks the rule stands and is asked about; one that cannot be read does not.

    The next answer follows from what stands then, whichever file comes first in raw/.
    """
    first = answer(workbook(study, "AB01"), tmp_path / "1.xlsx", {("r1", "cases"): Said(wrong)})
    send_back(study, first)
    assert queries(study)["r1", "cases"] == "constraint"
    assert kept(study, "cases")["r1"] == (wrong if wrong == 700 else 900)
    second = answer(workbook(study, "AB01"), tmp_path / "2.xlsx", {("r1", "cases"): Said(70)})
    send_back(study, second)
    assert kept(study, "cases")["r1"] == 70
    assert ("r1", "cases") not in queries(study)


def test_an_answer_for_a_value_that_changed_meanwhile_is_not_applied(study, tmp_path):
    """Asked about what could not be read, corrected in the log meanwhile: the answer is void."""
    said = {("r2", "cases"): Said(50)}
    late = answer(workbook(study, "AB01"), tmp_path / "late.xlsx", said)
    log = tmp_path / "SYNTHETIC-log.csv"
    log.write_text(
        "uuid,question,old_value,new_value,change_type\n"
        "r2,cases,SYNTHETIC many,33,change_response\n",
        encoding="utf-8",
    )
    send_back(study, log)
    send_back(study, late)
    assert {code for _, _, code, _ in told(study)} == {"correction_contradicts"}
    assert kept(study, "cases")["r2"] is None
    assert queries(study)["r2", "cases"] == "not_a_number"


def test_a_query_that_was_settled_meanwhile_leaves_a_late_answer_without_effect(study, tmp_path):
    first = answer(workbook(study, "AB01"), tmp_path / "1.xlsx", {("r1", "cases"): Said(700)})
    late = answer(workbook(study, "AB01"), tmp_path / "late.xlsx", {("r1", "cases"): Said(700.0)})
    openpyxl.load_workbook(late).save(late)
    send_back(study, first)
    send_back(study, late)
    assert sorted(code for _, _, code, _ in told(study)) in (
        ["correction_applied"],
        ["correction_applied", "correction_repeated"],
    )
    assert kept(study, "cases")["r1"] == 700


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (Said(5, decision=CONFIRM), "answer_and_decision"),
        (Said(decision="SYNTHETIC maybe"), "unknown_decision"),
    ],
)
def test_what_contradicts_itself_is_told_and_asked_again(study, tmp_path, said, rule):
    back = answer(workbook(study, "AB01"), tmp_path / "b.xlsx", {("r1", "cases"): said})
    send_back(study, back)
    assert told(study) == [("r1", "cases", "correction_unreadable", rule)]
    assert queries(study)["r1", "cases"] == "constraint"


def test_unclear_ticks_are_told_and_asked_again(study, tmp_path):
    said = {("r2", "services"): Said(ticks={"legal": "?"})}
    send_back(study, answer(workbook(study, "AB01"), tmp_path / "b.xlsx", said))
    assert told(study) == [("r2", "services", "correction_unreadable", "unclear_ticks")]
    assert queries(study)["r2", "services"] == "required"


def test_a_comment_alone_is_kept_and_closes_nothing(study, tmp_path):
    said = {("r1", "cases"): Said(comment="SYNTHETIC I must look this up")}
    send_back(study, answer(workbook(study, "AB01"), tmp_path / "b.xlsx", said))
    log = corrections_of(study, load_questionnaires(study))
    assert log["reason"].tolist() == ["constraint: SYNTHETIC I must look this up"]
    assert queries(study) == ASKED


def test_an_answer_beside_an_altered_key_is_told_and_the_others_count(study, tmp_path):
    """One key altered by hand: its answer is no correction of anything, and nothing is guessed."""
    back = answer(workbook(study, "AB01"), tmp_path / "b.xlsx", ANSWERS)
    book = openpyxl.load_workbook(back)
    sheet = book.worksheets[0]
    for row in range(1, sheet.max_row + 1):
        key = QueryKey.parse(sheet.cell(row, Column.KEY).value)
        if key is not None and (key.response_id, key.question) == ("r1", "cases"):
            cell = sheet.cell(row, Column.KEY)
            cell.value = cell.value.replace('"r1"', '"r4"')
    book.save(back)
    (receipt,) = receive(study, [back], None)
    assert "1 answers stand beside keys that were altered" in receipt.reason
    process(study)
    unclaimed = pd.read_parquet(study.processed / "corrections" / "issues.parquet")
    assert unclaimed["code"].tolist() == ["correction_unclaimed"]
    assert unclaimed["source_place"].str.fullmatch(r"詢問事項!G\d+").all()
    assert queries(study) == {("r1", "cases"): "constraint"}
    assert kept(study, "cases")["r4"] == 12


def test_a_workbook_whose_keys_are_gone_is_set_aside_with_the_reason(study, tmp_path):
    back = answer(workbook(study, "AB01"), tmp_path / "b.xlsx", ANSWERS)
    book = openpyxl.load_workbook(back)
    for row in range(3, book.worksheets[0].max_row + 1):
        book.worksheets[0].cell(row, Column.KEY).value = None
    book.save(back)
    (receipt,) = receive(study, [back], None)
    assert receipt.outcome == "unrecognised"
    assert "hidden keys were altered" in receipt.reason


def test_rows_put_in_moved_columns_and_renamed_sheets_do_not_matter(study, tmp_path):
    back = answer(workbook(study, "AB01"), tmp_path / "b.xlsx", ANSWERS)
    book = openpyxl.load_workbook(back)
    sheet = book.worksheets[0]
    sheet.title = "SYNTHETIC"
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_cols(2, 3)
    sheet.insert_rows(5, 4)
    book.save(back)
    send_back(study, back)
    is_closed_with_the_answers(study)


def test_a_filled_in_workbook_is_not_written_over_before_it_is_received(study, tmp_path):
    """Filled in where it lies: processing leaves it and says so; received, it gives way."""
    path = workbook(study, "AB01")
    answer(path, path, {("r1", "cases"): Said(90)})
    before = path.read_bytes()
    assert "outputs/queries/AB01.xlsx was written into" in process(study)[-1]
    assert path.read_bytes() == before
    assert send_back(study, path) == "received"
    assert ("r1", "cases") not in queries(study)
    assert path.read_bytes() != before


def test_a_file_of_somebody_else_is_not_removed(study):
    """In the folder of queries only workbooks of queries come and go."""
    own = study.outputs / "queries" / "SYNTHETIC notes.xlsx"
    openpyxl.Workbook().save(own)
    process(study)
    assert own.exists()


def test_the_same_queries_give_the_same_bytes(study):
    path = workbook(study, "AB01")
    before = path.read_bytes()
    path.unlink()
    process(study)
    assert path.read_bytes() == before


def test_a_name_is_never_printed_and_its_answer_counts_once(tmp_path):
    """What names somebody is asked about by response and question; the last round counts."""
    long = "SYNTHETIC name that is too long"
    study = new_study(tmp_path / "study", {"org_name": long}, {})
    assert queries(study) == {("r1", "org_name"): "constraint"}
    path = workbook(study, "AB01")
    for number, new in enumerate((f"{long} still", "SYNTHETIC short"), start=1):
        book = openpyxl.load_workbook(path)
        texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not any("SYNTHETIC name" in text for text in texts)
        said = {("r1", "org_name"): Said(new)}
        send_back(study, answer(path, tmp_path / f"{number}.xlsx", said))
    assert queries(study) == {}
    assert [code for _, _, code, _ in told(study)] == ["correction_applied"]
    frame = pd.read_parquet(study.processed / "visit" / "queries.parquet")
    assert frame.empty


def test_who_filled_the_form_in_alone_is_asked_alone(tmp_path):
    """One workbook a response; what has no known interviewer goes to the supervisor, by form."""
    study = new_study(
        tmp_path / "study",
        {"cases": "900", "how": "self_completed"},
        {"cases": "901", "how": "self_completed"},
        {"cases": "902", "code": "../../x"},
        {"cases": "903", "code": "CD02"},
    )
    names = sorted(path.name for path in (study.outputs / "queries").iterdir())
    assert names == ["CD02.xlsx", "r1.xlsx", "r2.xlsx", "visit.xlsx"]


def test_a_return_that_is_a_copy_can_be_left_out_with_a_comment(tmp_path):
    study = new_study(tmp_path / "study", {}, {"cases": "900", "ended": "08:00"})
    table = write_table(tmp_path / "SYNTHETIC-again.csv", [{"cases": "13"}])
    receive(study, [table], "visit")
    process(study)
    assert queries(study)["r1", None] == "duplicate_differs"
    for comment, left in (("", 2), ("SYNTHETIC a trial", 1)):
        said = {("r1", None): Said(decision="這份問卷不予計入", comment=comment)}
        send_back(study, answer(workbook(study, "AB01"), tmp_path / f"{left}.xlsx", said))
        assert len(kept(study, "cases")) == left
    assert told(study)[-1] == ("r1", None, "removed_by_correction", "remove_survey")
