"""A planted error breaks one rule at one place, and nothing besides."""

from collections import Counter

import pytest

from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.numbers import Read, read_decimal, read_integer
from pipeline.questionnaire.model import Choice, Question, Questionnaire, Repeat
from pipeline.synthetic.chance import chance
from pipeline.synthetic.draw import draw
from pipeline.synthetic.examine import Finding, examine
from pipeline.synthetic.form import Form
from pipeline.synthetic.planted import ERROR_KINDS, plant
from pipeline.synthetic.profile import read_profile
from pipeline.synthetic.rows import source_rows
from pipeline.synthetic.spots import changed, spots
from tests.synthetic.conftest import FORMS

SPELLINGS = {kind for kind, error in ERROR_KINDS.items() if error.is_spelling}


@pytest.mark.parametrize("form_id", FORMS)
@pytest.mark.parametrize("kind", sorted(set(ERROR_KINDS) - SPELLINGS))
def test_each_error_is_the_only_one(study, questionnaires, form_id, kind):
    """Whether answers to skipped questions count or not, one rule is broken: the one named."""
    profile = read_profile(study, form_id)
    form = Form(questionnaires[form_id])
    rows = source_rows(study, profile.source)
    for number, answers in enumerate(draw(form.questionnaire, 12, 5, profile=profile, rows=rows)):
        planted = plant(form, answers, kind, chance(number))
        if planted is None:
            continue
        code = planted.code.replace("ambiguous", "not_a")
        meant = Finding(planted.spot.item.name, planted.spot.place, code)
        assert examine(form, planted.answers) == [meant]
        assert examine(form, planted.answers, blank_unasked=True) == [meant]


def test_every_kind_fits_somewhere_in_the_four_forms(study, questionnaires):
    fitting = Counter()
    for form_id in FORMS:
        form = Form(questionnaires[form_id])
        for answers in draw(form.questionnaire, 4, 5, profile=read_profile(study, form_id)):
            for kind in ERROR_KINDS:
                fitting[kind] += plant(form, answers, kind, chance(1)) is not None
    assert {kind for kind, times in fitting.items() if times} == set(ERROR_KINDS)


def test_every_code_is_one_that_the_cleaning_knows():
    codes = {error.code for error in ERROR_KINDS.values()} - {""}
    assert codes <= set(ISSUE_CODES)


def test_a_spelling_means_what_stood_there(questionnaires):
    """A date of the Republic's calendar and full-width digits are no errors."""
    form = Form(questionnaires["acceptance_interview"])
    (answers,) = draw(form.questionnaire, 1, 8)
    spelt = plant(form, answers, "republic_era_date", chance(1))
    assert spelt is not None
    assert (spelt.code, spelt.meant) == ("", answers)
    year, month, day = (int(part) for part in answers["interview_date"].split("-"))
    assert spelt.answers["interview_date"] == f"民國{year - 1911}年{month}月{day}日"


def test_no_error_is_planted_where_more_would_break():
    """A required question on which another depends: blanking it would be two errors, so none."""
    form = Form(
        Questionnaire(
            form_id="f",
            title={"en": "F"},
            choices={"yn": (Choice(name="yes"), Choice(name="no"))},
            survey=(
                Question(name="a", type="select_one yn", required=True),
                Question(name="b", type="text", relevant="${a} = 'yes'", required=True),
            ),
        )
    )
    answers = {"a": "yes", "b": "SYNTHETIC"}
    for seed in range(20):
        planted = plant(form, answers, "required_left_blank", chance(seed))
        assert planted is not None
        assert planted.answers == {"a": "yes"}
        no_choice = plant(form, answers, "no_such_choice", chance(seed))
        assert no_choice is None


def test_a_spot_in_a_repeat_is_changed_there_alone():
    form = Form(
        Questionnaire(
            form_id="f",
            title={"en": "F"},
            survey=(Repeat(repeat="r", questions=(Question(name="n", type="integer"),)),),
        )
    )
    answers = {"r": [{"n": "1"}, {"n": "2"}]}
    (first, second) = spots(form, answers)
    assert (first.place, second.place) == ((("r", 0),), (("r", 1),))
    assert changed(answers, second.place, "n", "9") == {"r": [{"n": "1"}, {"n": "9"}]}
    assert changed(answers, first.place, "n", None) == {"r": [{}, {"n": "2"}]}
    assert answers == {"r": [{"n": "1"}, {"n": "2"}]}


@pytest.mark.parametrize(
    ("kind", "given", "written"),
    [
        ("integer", "12345", "12,345"),
        ("integer", "999", None),
        ("decimal", "1234.5", "1,234.5"),
        ("decimal", "1234", "1,234.0"),
        ("decimal", "29.3", None),
    ],
)
def test_a_comma_for_thousands_keeps_the_number(kind, given, written):
    """It is planted in thousands alone, and a decimal keeps its fraction: else it is another."""
    asked = Question(name="n", type=kind, required=True)
    form = Form(Questionnaire(form_id="f", title={"en": "F"}, survey=(asked,)))
    planted = plant(form, {"n": given}, "comma_for_thousands", chance(1))
    assert (None if planted is None else planted.answers) == (written and {"n": written})
    if written:
        read = read_integer if kind == "integer" else read_decimal
        assert read(written) == Read(read(given).value, "grouped_number")


def test_an_answer_with_a_default_is_not_planted_blank():
    """In an Excel form the default would stand in the cell all the same."""
    asked = Question(name="q", type="text", required=True, default="none")
    form = Form(Questionnaire(form_id="f", title={"en": "F"}, survey=(asked,)))
    assert plant(form, {"q": "SYNTHETIC"}, "required_left_blank", chance(1)) is None
