"""The live Excel form, worked out by LibreOffice: it says what the reference interpreter says."""

import datetime as dt
import random
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from pipeline.cleaning.moments import Habits, read_date
from pipeline.forms.excel import write_excel_form
from pipeline.forms.excel_layout import is_asked, lay_out
from pipeline.forms.excel_offer import RULES_SHEET
from pipeline.forms.excel_slots import (
    ANSWERED,
    MISSING,
    NOT_ASKED,
    WRONG,
    WRONGLY_ANSWERED,
    slots_of,
)
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.synthetic.draw import draw
from pipeline.synthetic.examine import examine
from pipeline.synthetic.filled_workbook import Answers, fill_workbook
from pipeline.synthetic.form import Form
from tests.conftest import PROJECT
from tests.forms.disturbed import disturbed
from tests.libreoffice import save_anew
from tests.questionnaires import every_type_questionnaire

LANGUAGES = ("en", "zh-Hant", "ja")
FORMS = (
    "every_type",
    "organisation_profile",
    "acceptance_interview",
    "refugee_roundtable",
    "activity_record",
)
SETS_A_FORM = 9
STATES = {"required": MISSING, "not_asked": WRONGLY_ANSWERED}


def questionnaire_of(name: str) -> Questionnaire:
    if name == "every_type":
        return every_type_questionnaire()
    return load(PROJECT / "instruments" / f"{name}.yaml")


def states_in(path: Path, questionnaire: Questionnaire, language: str) -> dict:
    """(question, row of the table) -> state, where something is missing or wrong."""
    slots = slots_of(questionnaire, lay_out(questionnaire, language))
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(RULES_SHEET)
    values = rows.to_python(skip_empty_area=False)
    found = {
        (slot.item.name, slot.instance): int(values[slot.row - 1][9] or 0)
        for slot in slots.rows
        if slot.item
    }
    open_states = (MISSING, WRONG, WRONGLY_ANSWERED)
    return {place: state for place, state in found.items() if state in open_states}


def expected_states(questionnaire: Questionnaire, answers: Answers) -> dict:
    """The same by the reference interpreter."""
    asked = {item.name for item in questionnaire.items if is_asked(item.question)}
    return {
        (finding.question, finding.place[-1][1] if finding.place else None): STATES.get(
            finding.code, WRONG
        )
        for finding in examine(Form(questionnaire), answers, blank_unasked=True)
        if finding.question in asked
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_the_form_finds_missing_wrong_and_needless_answers_as_the_reference_does(
    soffice, tmp_path, name
):
    """Random answers, typed into the form in each language, are judged alike in every cell."""
    questionnaire = questionnaire_of(name)
    chance = random.Random(name)  # noqa: S311 - a seeded draw, no secret
    for language in LANGUAGES:
        write_excel_form(questionnaire, language, tmp_path / f"{language}.xlsx")
    sets = [
        disturbed(questionnaire, answers, chance)
        for answers in draw(questionnaire, SETS_A_FORM, seed=20110801)
    ]
    filled = [tmp_path / f"set-{number}.xlsx" for number in range(SETS_A_FORM)]
    for number, (answers, path) in enumerate(zip(sets, filled, strict=True)):
        fill_workbook(tmp_path / f"{LANGUAGES[number % 3]}.xlsx", answers, path)
    saved = save_anew(soffice, filled, tmp_path / "saved")
    for number, (answers, path) in enumerate(zip(sets, saved, strict=True)):
        assert states_in(path, questionnaire, LANGUAGES[number % 3]) == expected_states(
            questionnaire, answers
        ), f"set {number}"


@pytest.mark.slow
def test_the_cover_counts_and_lists_what_is_missing_or_wrong(soffice, tmp_path):
    """Status line, and each open question by number, label and message, in the form's language."""
    write_excel_form(every_type_questionnaire(), "ja", tmp_path / "form.xlsx")
    answers = {
        "staff": "34",
        "trust": "17",
        "has_cases": "no",
        "services": ["legal"],
        "region": "east",
        "county": "taipei",
        "visited_on": "100/8/15",
    }
    fill_workbook(tmp_path / "form.xlsx", answers, tmp_path / "filled.xlsx")
    (saved,) = save_anew(soffice, [tmp_path / "filled.xlsx"], tmp_path / "saved")
    cover = openpyxl.load_workbook(saved, data_only=True)["表紙"]
    shown = [[cell for cell in row if cell] for row in cover.iter_rows(values_only=True)]
    shown = [row for row in shown if row]
    assert ["回答 6 / 16 問  －  未記入 1 問  －  要確認 3 か所  －  未完成です"] in shown
    start = shown.index(["未記入・要確認の質問"]) + 1
    assert shown[start:] == [
        ["1", "聞き手のコード", "回答してください。"],
        ["4", "窓口を信頼していますか。", "0 から 10 までの数字を記入してください。"],
        ["9", "どの県・市ですか。", "一覧から選んでください。"],
        [
            "10",
            "どのような支援ですか。",
            "この質問は不要です。回答を消すか、前の回答を確認してください。",
        ],
    ]


@pytest.mark.slow
def test_words_meant_for_some_step_back_for_the_others(soffice, tmp_path):
    """A note with a skip has the state of a question that is not asked; a reason names numbers."""
    note = Question(name="thanks", type="note", label="Stop here.", relevant="${ok} = 'no'")
    why = Question(name="why", type="text", label="Why?", relevant="${ok} = 'no'")
    questionnaire = Questionnaire(
        form_id="skips",
        title="Skips (SYNTHETIC)",
        choices={"yes_no": every_type_questionnaire().choices["yes_no"]},
        survey=(Question(name="ok", type="select_one yes_no", label="Is it?"), note, why),
    )
    write_excel_form(questionnaire, "en", tmp_path / "form.xlsx")
    fill_workbook(tmp_path / "form.xlsx", {"ok": "yes"}, tmp_path / "filled.xlsx")
    (saved,) = save_anew(soffice, [tmp_path / "filled.xlsx"], tmp_path / "saved")
    sheet = openpyxl.load_workbook(saved, data_only=True)["Questions"]
    lines = {str(row[3].value): (row[6].value, row[7].value) for row in sheet.iter_rows(min_row=5)}
    assert lines == {
        "Is it?": (None, ANSWERED),
        "Stop here.": (None, NOT_ASKED),
        "Why?": ("Does not apply: only if “question 1” is “No”.", NOT_ASKED),
    }


DATES = (
    "2011-08-15", "2011/8/15", "2011年8月15日", "100/8/15", "100-08-15", "100.8.15",
    "民國100年8月15日", "民國 99 年 1 月 2 日", "中華民國98年12月31日", "99/8/15", "11/8/15",
    "02/03/2011", "2011-02-30", "2011-13-01", "2012-02-29", "2011-02-29", "2011-8", "yesterday",
    "2011-08-15x", "0100-03-05", "2011-00-10", "-2011-08-15", "2011－08－15", " 2011-08-15 ",
)  # fmt: skip


@pytest.mark.slow
def test_a_date_is_understood_as_cleaning_reads_it_or_not_at_all(soffice, tmp_path):
    """Western and Republic years; what the form takes for a day is the day that cleaning reads."""
    questionnaire = every_type_questionnaire()
    write_excel_form(questionnaire, "zh-Hant", tmp_path / "form.xlsx")
    rows = [{"tie_name": "SYNTHETIC", "tie_since": text} for text in DATES]
    fill_workbook(tmp_path / "form.xlsx", {"ties": rows}, tmp_path / "filled.xlsx")
    (saved,) = save_anew(soffice, [tmp_path / "filled.xlsx"], tmp_path / "saved")
    slots = slots_of(questionnaire, lay_out(questionnaire, "zh-Hant")).by_question["tie_since"]
    sheet = openpyxl.load_workbook(saved, data_only=True)[RULES_SHEET]
    understood = {}
    for text, slot in zip(DATES, slots, strict=False):
        serial = sheet[f"D{slot.row}"].value
        understood[text] = (
            dt.date(1899, 12, 30) + dt.timedelta(days=int(serial)) if serial else None
        )
    expected = {text: read_date(text, Habits()).value for text in DATES}
    not_taken = {"02/03/2011"} & {text for text, day in expected.items() if day}
    assert understood == expected | dict.fromkeys(not_taken)
    assert understood["100/8/15"] == dt.date(2011, 8, 15)
    assert understood["民國 99 年 1 月 2 日"] == dt.date(2010, 1, 2)


@pytest.mark.parametrize("name", FORMS[1:])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_stays_under_500_kb(tmp_path, name, language):
    write_excel_form(questionnaire_of(name), language, tmp_path / "form.xlsx")
    assert (tmp_path / "form.xlsx").stat().st_size < 500_000
