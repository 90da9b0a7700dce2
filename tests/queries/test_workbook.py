"""The workbook itself: within Excel 2010's limits, in three languages, the same every time."""

import re
import string

import pytest

from pipeline.cleaning.queries import ABOUT
from pipeline.forms.excel_file import workbook_bytes
from pipeline.forms.phrases_queries import LANGUAGES, PHRASES
from pipeline.forms.query_decisions import CHOICES, decision_labels, decisions_by_label
from pipeline.forms.query_layout import Column
from pipeline.forms.query_workbook import query_workbook
from pipeline.queries import (
    KEYED_CODE,
    About,
    Interview,
    Query,
    QueryBook,
    QueryKey,
    QueryMark,
    Reason,
    choice_key,
    parse_choice_key,
)
from tests.questionnaires import every_type_questionnaire

FORM = every_type_questionnaire()
KEY = QueryKey("every_type", "r1", "staff", None, ("constraint",), "900", 2, "21")


def book(language: str) -> QueryBook:
    """Every question that Excel can ask, asked about in every way."""
    queries = [Query(key_of(None), About.RESPONSE, (Reason("soft_duplicate"),))]
    for item in FORM.items:
        if item.question.has_answer and item.question.row.in_excel:
            for about in set(About) - {About.RESPONSE}:
                code = KEYED_CODE if about is About.KEYED else "constraint"
                position = 1 if item.repeat else None
                queries.append(Query(key_of(item.name, position), about, (Reason(code),), "1"))
    interview = Interview("every_type", "r1", "EV-0001-A", "hualien", "2011-08-15")
    return QueryBook("AB01", "AB01", language, tuple(queries), {("every_type", "r1"): interview})


def key_of(question, position=None) -> QueryKey:
    return QueryKey("every_type", "r1", question, position, ("constraint",), "1", 1, "2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_keeps_to_excel_2010_s_limits(language):
    made = query_workbook(book(language), {"every_type": FORM})
    checks = [one for sheet in made for one in sheet.data_validations.dataValidation]
    assert {one.type for one in checks} == {"list", "whole", "decimal", "custom"}
    for check in checks:
        assert len(check.formula1 or "") <= 255
        assert len(check.error or "") <= 224
        assert len(check.errorTitle or "") <= 32
        assert "!" not in (check.formula1 or "")
    for sheet in made:
        assert 1 <= len(sheet.title) <= 31
        for row in sheet.iter_rows():
            for cell in row:
                limit = 8192 if cell.data_type == "f" else 32767
                assert len(str(cell.value or "")) <= limit
    for name in made.defined_names:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,254}", name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_answer_cells_can_be_written_in(language):
    sheet = query_workbook(book(language), {"every_type": FORM}).worksheets[0]
    unlocked = {
        cell.column for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }
    assert sheet.protection.sheet
    assert unlocked == {Column.ANSWER, Column.DECISION, Column.COMMENT}


def test_the_same_queries_give_the_same_bytes():
    made = [workbook_bytes(query_workbook(book("ja"), {"every_type": FORM})) for _ in range(2)]
    assert made[0] == made[1]


def test_every_phrase_stands_in_three_languages_with_the_same_parts():
    def parts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, texts in PHRASES.items():
        assert all(texts[language] for language in LANGUAGES), key
        assert len({frozenset(parts(texts[language])) for language in LANGUAGES}) == 1, key


def test_every_issue_that_is_asked_about_says_why():
    assert {f"why_{code}" for code in ABOUT} - {"why_not_a_tick"} <= set(PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_s_label_means_one_thing_and_fits_a_list(language):
    """A drop-down written out is cut at commas."""
    by_label = decisions_by_label()
    for about in About:
        labels = decision_labels(about, language)
        assert tuple(labels) == CHOICES[about]
        assert all("," not in label and by_label[label] is one for one, label in labels.items())


def test_a_key_reads_back_and_an_altered_one_does_not():
    assert QueryKey.parse(KEY.text()) == KEY
    for altered in (KEY.text().replace("900", "901"), KEY.text()[:-1], "#q x {}", "", None, 7):
        assert QueryKey.parse(altered) is None
    assert parse_choice_key(choice_key(KEY, "a/b")) == (KEY.digest, "a/b")
    assert parse_choice_key(KEY.text()) is None
    assert QueryMark.parse(QueryMark("AB01", "ja").text()) == QueryMark("AB01", "ja")
    assert QueryMark.parse("#survey-query {") is None
