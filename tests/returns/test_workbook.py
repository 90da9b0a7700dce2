"""A returned Excel form reads back by its keys, whatever happened to it on the way."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import SurveyError
from pipeline.forms.excel import write_excel_form
from pipeline.forms.excel_keys import FormMark
from pipeline.questionnaire.definition import definition_hash
from pipeline.questionnaire.model import Question, Questionnaire, Repeat
from pipeline.responses import KEYS, REPEAT_KEYS, REPEAT_SOURCES, Responses
from pipeline.returns.source import SourceFile
from pipeline.returns.workbook import read_workbook, read_workbooks, sniff_workbook
from pipeline.store import sha256_file
from pipeline.synthetic.filled_workbook import Answers, fill_workbook
from tests.questionnaires import every_type_questionnaire

RECEIVED = "2011-09-02T08:15:00Z"

ANSWERS: Answers = {
    "code": "AB01",
    "staff": "34",
    "budget": "12.5",
    "trust": "7",
    "remark": "=1+1\n第二行",
    "tag": "007",
    "has_cases": "yes",
    "region": "east",
    "county": "hualien",
    "services": ["legal", "other"],
    "services_other": "NA",
    "access": "dont_know",
    "priorities": ["other", "legal"],
    "agreed": "OK",
    "visited_on": "2011-08-15",
    "visited_at": "14:30",
    "left_at": "2011-08-15 14:30",
    "spot": "23.9872 121.6015",
    "ties": [
        {
            "tie_name": "SYNTHETIC A",
            "tie_often": "3",
            "tie_close": "no",
            "tie_services": ["housing", "none"],
            "tie_since": "2009-01-31",
            "projects": [{"project_name": "P1", "project_size": "1.5"}, {"project_name": "P2"}],
        },
        {"tie_name": "SYNTHETIC B", "projects": [{"project_name": "P3"}]},
    ],
}
MAIN = {
    name: " ".join(answer) if isinstance(answer, list) else answer
    for name, answer in ANSWERS.items()
    if name != "ties"
}
TIES = [
    (1, 1, {"tie_name": "SYNTHETIC A", "tie_often": "3", "tie_close": "no",
            "tie_services": "housing none", "tie_since": "2009-01-31"}),
    (2, 1, {"tie_name": "SYNTHETIC B"}),
]  # fmt: skip
PROJECTS = [
    (1, 1, {"project_name": "P1", "project_size": "1.5"}),
    (2, 1, {"project_name": "P2"}),
    (1, 2, {"project_name": "P3"}),
]


def read(path: Path, questionnaire: Questionnaire | None = None) -> Responses:
    return read_workbook(
        path,
        questionnaire or every_type_questionnaire(),
        response_id="r1",
        source_file="raw/every_type/f.xlsx",
        received_at=RECEIVED,
    )


def given(responses: Responses) -> dict[str, str]:
    """The answers of the one response, without keys and blanks."""
    row = responses.main.drop(columns=list(KEYS)).iloc[0]
    return row.dropna().to_dict()


def instances(responses: Responses, repeat: str) -> list[tuple[int, int, dict[str, str]]]:
    frame = responses.repeats[repeat]
    answers = frame.drop(columns=[*REPEAT_KEYS, *REPEAT_SOURCES])
    return [
        (position, parent, answers.iloc[at].dropna().to_dict())
        for at, (position, parent) in enumerate(
            zip(frame["position"], frame["parent_position"], strict=True)
        )
    ]


def assert_all_answers(responses: Responses) -> None:
    assert given(responses) == MAIN
    assert instances(responses, "ties") == TIES
    assert instances(responses, "projects") == PROJECTS


def problems_of(path: Path, questionnaire: Questionnaire | None = None) -> list[str]:
    with pytest.raises(SurveyError) as caught:
        read(path, questionnaire)
    return [problem.code for problem in caught.value.problems]


def issues_of(responses: Responses) -> list[tuple[str, str | None, str]]:
    frame = responses.issues
    return [
        (row.code, row.question if isinstance(row.question, str) else None, row.source_place)
        for row in frame.itertuples()
    ]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "every_type.en.xlsx"
    write_excel_form(every_type_questionnaire(), "en", path)
    return path


@pytest.fixture
def filled(form: Path, tmp_path: Path) -> Path:
    target = tmp_path / "filled.xlsx"
    fill_workbook(form, ANSWERS, target)
    return target


@pytest.fixture
def altered(filled: Path):
    """Open the filled form, let a test alter its question sheet, save it."""

    def alter(change, sheet: str = "Questions") -> Path:
        book = openpyxl.load_workbook(filled, rich_text=True)
        change(book[sheet])
        book.save(filled)
        return filled

    return alter


def cell_of(responses: Responses, question: str) -> str:
    places = responses.places
    assert places is not None
    return places.loc[places["question"] == question, "place"].iloc[0].partition("!")[2]


def test_a_filled_form_reads_back_as_it_was_filled(filled):
    """Choice names come back for labels, 34 stays 34, 007 stays 007, a formula text stays text."""
    responses = read(filled)
    assert_all_answers(responses)
    assert responses.main.loc[0, list(KEYS)].dropna().to_dict() == {
        "response_id": "r1",
        "form_id": "every_type",
        "form_version": "2011.08.1",
        "mode": "excel",
        "language": "en",
        "source_file": "raw/every_type/f.xlsx",
        "received_at": RECEIVED,
    }
    assert responses.issues.empty


def test_an_empty_form_is_one_response_without_answers(form):
    responses = read(form)
    assert given(responses) == {}
    assert {name: len(frame) for name, frame in responses.repeats.items()} == {
        "ties": 0,
        "projects": 0,
    }
    assert responses.issues.empty


def test_the_mark_tells_form_version_language_and_definition(form):
    questionnaire = every_type_questionnaire()
    assert sniff_workbook(form) == FormMark(
        "every_type", "2011.08.1", "en", definition_hash(questionnaire)
    )


def test_a_numbered_copy_brings_its_number_back(tmp_path):
    path = tmp_path / "copy.xlsx"
    write_excel_form(every_type_questionnaire(), "ja", path, serial="0012-7")
    assert read(path).main.loc[0, "serial"] == "0012-7"


def test_every_answer_knows_its_cell(filled):
    places = read(filled).places
    book = openpyxl.load_workbook(filled)
    shown = {}
    for row in places.astype({"position": "object"}).itertuples():
        sheet, _, cell = row.place.partition("!")
        position = None if row.position is pd.NA else row.position
        shown[row.question, position] = book[sheet][cell].value
    assert shown["has_cases", None] == "Yes"
    assert shown["tie_name", 2] == "SYNTHETIC B"
    answers = len(MAIN) + sum(len(answers) for *_, answers in TIES + PROJECTS)
    assert len(places) == answers


def rename(sheet: Worksheet) -> None:
    sheet.title = "Something else"


def reorder(sheet: Worksheet) -> None:
    book = sheet.parent
    book.move_sheet(sheet, offset=3)
    book.move_sheet("_lists", offset=-5)


def hide_rows_and_widen(sheet: Worksheet) -> None:
    for row in range(8, 15):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["E"].width = 80


def insert_rows(sheet: Worksheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(20, 2)
    sheet.insert_rows(1, 3)


def insert_columns(sheet: Worksheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_cols(4, 2)
    sheet.insert_cols(1, 1)


def swap_columns(sheet: Worksheet) -> None:
    """The answer column E goes to the far right, as by cut and insert."""
    for row in range(1, sheet.max_row + 1):
        cell = sheet.cell(row, 5)
        if type(cell).__name__ != "MergedCell":
            target = sheet.cell(row, 12, cell.value)
            target.data_type, cell.value = cell.data_type, None


def drop_helpers(sheet: Worksheet) -> None:
    del sheet.parent["_lists"]


TABLE = "Organisations you work with"


@pytest.mark.parametrize(
    ("change", "sheet"),
    [
        (rename, "Questions"),
        (rename, TABLE),
        (reorder, "Questions"),
        (reorder, TABLE),
        (hide_rows_and_widen, "Questions"),
        (hide_rows_and_widen, TABLE),
        (insert_rows, "Questions"),
        (insert_rows, TABLE),
        (insert_columns, "Questions"),
        (insert_columns, TABLE),
        (swap_columns, "Questions"),
        (drop_helpers, "Questions"),
    ],
)
def test_moving_things_about_changes_no_answer(altered, change, sheet):
    """Keys stand beside answers and move with them; that answers were hidden is told."""
    responses = read(altered(change, sheet))
    assert_all_answers(responses)
    hidden = change is hide_rows_and_widen and sheet == "Questions"
    assert set(responses.issues["code"]) == ({"hidden_answer"} if hidden else set())


def test_a_label_that_is_not_in_the_list_comes_back_as_it_is(altered, filled):
    place = cell_of(read(filled), "has_cases")

    def change(sheet):
        sheet[place] = "Perhaps"

    assert given(read(altered(change)))["has_cases"] == "Perhaps"


@pytest.mark.parametrize("typed", ["yes", "YES", " Yes ", "Yes"])
def test_a_label_or_a_name_is_known_however_it_was_typed(altered, filled, typed):
    """Drop-downs take other capitals, so reading takes them too."""
    place = cell_of(read(filled), "has_cases")

    def change(sheet):
        sheet[place] = typed

    assert given(read(altered(change)))["has_cases"] == "yes"


def test_dates_and_numbers_that_excel_made_of_the_answers_come_back_as_text(altered, filled):
    places = {name: cell_of(read(filled), name) for name in MAIN}

    def change(sheet):
        values = {
            "visited_on": dt.date(2011, 8, 15),
            "visited_at": dt.time(14, 30),
            "left_at": dt.datetime(2011, 8, 15, 14, 30),  # noqa: DTZ001 - cells have no zone
            "tag": 7,
            "budget": 0.1,
            "remark": True,
        }
        for name, value in values.items():
            sheet[places[name]] = value

    found = given(read(altered(change)))
    assert {name: found[name] for name in ("visited_on", "visited_at", "left_at")} == {
        "visited_on": "2011-08-15",
        "visited_at": "14:30:00",
        "left_at": "2011-08-15T14:30:00",
    }
    assert (found["tag"], found["budget"], found["remark"]) == ("7", "0.1", "TRUE")


def test_anything_but_a_tick_in_a_tick_cell_is_reported_and_not_counted(altered, filled):
    place = cell_of(read(filled), "services")

    def change(sheet):
        sheet[place] = "perhaps later"

    responses = read(altered(change))
    assert given(responses)["services"] == "other"
    assert issues_of(responses) == [("unclear_tick", "services", f"Questions!{place}")]


def test_two_choices_with_one_rank_are_reported(altered, filled):
    place = cell_of(read(filled), "priorities")

    def change(sheet):
        sheet[place] = 2

    responses = read(altered(change))
    assert {(code, question) for code, question, _ in issues_of(responses)} == {
        ("unclear_rank", "priorities")
    }


def test_a_formula_in_an_answer_cell_is_reported(altered, filled):
    """openpyxl saves no value with a formula: nothing can be read, and that is said."""
    place = cell_of(read(filled), "staff")

    def change(sheet):
        sheet[place] = "=30+4"

    responses = read(altered(change))
    assert "staff" not in given(responses)
    assert issues_of(responses) == [("formula_answer", None, f"Questions!{place}")]


def test_merged_answer_cells_are_reported(altered, filled):
    place = cell_of(read(filled), "staff")

    def change(sheet):
        row = int(place[1:])
        sheet.merge_cells(f"E{row}:E{row + 1}")

    responses = read(altered(change))
    assert issues_of(responses) == [("merged_answer", None, f"Questions!{place}")]


def test_an_answer_where_no_question_is_does_not_go_unseen(altered):
    def change(sheet):
        sheet.cell(sheet.max_row + 3, 5, "a note to you")

    responses = read(altered(change))
    assert_all_answers(responses)
    assert [code for code, _, _ in issues_of(responses)] == ["answer_without_key"]


def test_a_line_that_was_deleted_is_named(altered, filled):
    row = int(cell_of(read(filled), "tag")[1:])

    def change(sheet):
        sheet.delete_rows(row)

    responses = read(altered(change))
    assert given(responses) == {name: text for name, text in MAIN.items() if name != "tag"}
    assert ("key_missing", "tag", "") in issues_of(responses)


def test_a_row_of_an_inner_table_without_its_outer_row_is_reported(altered):
    def change(sheet):
        sheet["C8"] = None

    responses = read(altered(change, "Their projects"))
    assert issues_of(responses) == [("no_parent_row", None, "Their projects!C8")]
    assert responses.repeats["projects"]["parent_position"].isna().tolist() == [True, False, False]


def roster(repeat_count: str | None) -> Questionnaire:
    """A form that asks the age of each member of a household."""
    ages = Repeat(
        repeat="roster",
        repeat_count=repeat_count,
        questions=(Question(name="age", type="integer", label="Age"),),
    )
    size = Question(name="size", type="integer", label="How many")
    return Questionnaire(form_id="roster", version="1", title="Roster", survey=(size, ages))


@pytest.mark.parametrize(
    ("repeat_count", "expected"), [("${size}", ["30", None, "4"]), (None, ["30", "4"])]
)
def test_rows_keep_their_number_where_the_form_counts_them(tmp_path, repeat_count, expected):
    """A later question finds the third member by number, though nobody told the second's age."""
    questionnaire = roster(repeat_count)
    path = tmp_path / "roster.xlsx"
    write_excel_form(questionnaire, "default", path)
    fill_workbook(path, {"size": "3", "roster": [{"age": "30"}, {}, {"age": "4"}]}, path)
    found = read(path, questionnaire).repeats["roster"]
    assert found["position"].tolist() == list(range(1, len(expected) + 1))
    assert found["age"].astype(object).where(found["age"].notna(), None).tolist() == expected


def test_a_form_whose_keys_were_destroyed_is_refused(altered):
    def change(sheet):
        sheet.delete_cols(1)

    assert problems_of(altered(change)) == ["READ-002"]


def test_a_form_whose_headings_were_destroyed_is_refused(altered):
    def change(sheet):
        sheet["A2"] = None

    assert problems_of(altered(change)) == ["READ-002"]


def test_a_line_copied_with_another_answer_is_refused(altered, filled):
    row = int(cell_of(read(filled), "tag")[1:])

    def change(sheet):
        last = sheet.max_row + 1
        for column in (1, 2):
            sheet.cell(last, column).value = sheet.cell(row, column).value
        sheet.cell(last, 5, "another")

    assert problems_of(altered(change)) == ["READ-003"]


def test_another_form_is_refused(filled):
    other = every_type_questionnaire().model_copy(update={"form_id": "other_form"})
    assert problems_of(filled, other) == ["READ-004"]


def test_a_workbook_of_another_kind_has_no_mark(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "hello"
    book.save(tmp_path / "any.xlsx")
    assert sniff_workbook(tmp_path / "any.xlsx") is None
    assert problems_of(tmp_path / "any.xlsx") == ["READ-001"]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 and no more"], ids=len)
def test_a_file_that_is_no_workbook_is_refused_with_a_reason(tmp_path, content):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    assert problems_of(path) == ["GUARD-003"]


def test_a_form_of_another_version_keeps_its_own_questions_and_labels(tmp_path):
    """What became of them is the affair of the questionnaire's changes, later."""
    older = every_type_questionnaire()
    path = tmp_path / "older.xlsx"
    write_excel_form(older, "en", path)
    fill_workbook(path, {"tag": "007", "has_cases": "yes"}, tmp_path / "filled.xlsx")
    group = older.survey[0]
    questions = tuple(
        question.model_copy(update={"name": "label_tag"}) if question.name == "tag" else question
        for question in group.questions
    )
    relabelled = tuple(
        choice.model_copy(update={"label": {"en": f"{choice.name} indeed"}})
        for choice in older.choices["yes_no"]
    )
    newer = older.model_copy(
        update={
            "version": "2011.09.1",
            "survey": (group.model_copy(update={"questions": questions}), *older.survey[1:]),
            "choices": {**older.choices, "yes_no": relabelled},
        }
    )
    newer = Questionnaire.model_validate(newer.model_dump())
    responses = read(tmp_path / "filled.xlsx", newer)
    assert given(responses) == {"tag": "007", "has_cases": "yes"}
    assert issues_of(responses) == [("unknown_version", None, "")]


def source(path: Path) -> SourceFile:
    return SourceFile(path, f"raw/every_type/{path.name}", sha256_file(path), RECEIVED)


def test_many_files_are_one_frame_and_a_bad_one_stops_nothing(form, filled, tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"hello")
    responses = read_workbooks(
        [source(filled), source(broken), source(form)], every_type_questionnaire()
    )
    assert responses.main["response_id"].tolist() == [
        sha256_file(filled)[:16],
        sha256_file(form)[:16],
    ]
    assert responses.main["tag"].isna().tolist() == [False, True]
    assert len(responses.repeats["projects"]) == len(PROJECTS)
    assert [(row.code, row.rule, row.source_file) for row in responses.issues.itertuples()] == [
        ("unreadable_file", "GUARD-003", "raw/every_type/broken.xlsx")
    ]


def test_no_file_is_an_empty_frame_with_every_column():
    responses = read_workbooks([], every_type_questionnaire())
    names = [item.name for item in every_type_questionnaire().answered()]
    assert list(responses.main) == [*KEYS, *names]
    assert responses.main.empty


def test_a_mark_survives_its_own_spelling():
    mark = replace(FormMark("f", "1", "zh-Hant", "abc"), table="ties", serial="7")
    assert FormMark.parse(mark.text()) == mark
    assert FormMark.parse("#survey-form {broken") is None
