"""Respondents who do not exist answer as the form asks, and as their profile says."""

from collections import Counter
from statistics import mean

import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Choice, Question, Questionnaire, Repeat
from pipeline.questionnaire.types import Filled
from pipeline.study import open_study
from pipeline.synthetic.draw import draw, without_calculated
from pipeline.synthetic.examine import Finding, examine
from pipeline.synthetic.form import Form
from pipeline.synthetic.profile import Profile, read_profile
from pipeline.synthetic.profile_check import check_profile
from pipeline.synthetic.rows import source_rows
from tests.questionnaires import every_type_questionnaire
from tests.synthetic.conftest import FORMS


def drawn(study, questionnaire, n, seed, languages=("en", "zh-Hant", "ja")):
    profile = read_profile(study, questionnaire.form_id)
    rows = source_rows(study, profile.source)
    return draw(questionnaire, n, seed, profile=profile, rows=rows, languages=languages)


@pytest.mark.parametrize("form_id", FORMS)
def test_two_hundred_draws_break_no_rule(study, questionnaires, form_id):
    """Every drawn response satisfies skips, required, constraints, choices and calculations."""
    form = Form(questionnaires[form_id])
    answers = drawn(study, form.questionnaire, 200, seed=7)
    assert [examine(form, one, blank_unasked=True) for one in answers] == [[]] * 200
    assert [examine(form, one) for one in answers] == [[]] * 200


@pytest.mark.parametrize("form_id", FORMS)
def test_a_form_without_a_profile_is_drawn_from_its_own_rules(questionnaires, form_id):
    form = Form(questionnaires[form_id])
    answers = draw(form.questionnaire, 30, 3)
    assert [examine(form, one) for one in answers] == [[]] * 30


def test_every_question_type_can_be_drawn():
    """Each type that a person, the form or the device fills in gets an answer by its rules."""
    questionnaire = every_type_questionnaire()
    answers = draw(questionnaire, 20, 5)
    assert [examine(Form(questionnaire), one) for one in answers] == [[]] * 20
    given = {name for one in answers for name in one}
    always = {
        item.name
        for item in questionnaire.answered()
        if item.question.row.filled is Filled.PERSON
        and item.question.row.list_kind in {"", "list"}
        and not item.relevants
    }
    assert always <= given


def test_the_device_tells_of_one_visit():
    """Start, end and today are of one day, the end after the start; today() is that day too."""
    visit = Questionnaire(
        form_id="f",
        title={"en": "F"},
        survey=(
            Question(name="end", type="end"),
            Question(name="start", type="start"),
            Question(name="arrived", type="date", required=True, constraint=". = today()"),
            Question(name="today", type="today"),
        ),
    )
    answers = draw(visit, 40, 5)
    assert [examine(Form(visit), one) for one in answers] == [[]] * 40
    assert all(one["arrived"] == one["today"] == one["start"][:10] for one in answers)
    assert all(one["start"] < one["end"] < f"{one['today']}T24" for one in answers)
    assert len({one["today"] for one in answers}) > 20


def test_the_same_seed_draws_the_same_respondents(study, questionnaires):
    form = questionnaires["organisation_profile"]
    assert drawn(study, form, 12, seed=1) == drawn(study, form, 12, seed=1)
    assert drawn(study, form, 12, seed=1) != drawn(study, form, 12, seed=2)


def test_a_respondent_does_not_depend_on_how_many_follow(study, questionnaires):
    form = questionnaires["acceptance_interview"]
    assert drawn(study, form, 9, seed=1)[:4] == drawn(study, form, 4, seed=1)


def test_every_open_text_says_that_it_is_synthetic(study, questionnaires):
    """Words that nobody wrote can never be taken for somebody's; patterned codes excepted."""
    for form_id in FORMS:
        form = questionnaires[form_id]
        for one in drawn(study, form, 40, seed=4):
            for level in (one, *(row for name in form.repeats for row in one.get(name, ()))):
                for name, answer in level.items():
                    item = form.by_name.get(name)
                    if item and item.question.type == "text" and not item.question.constraint:
                        assert answer.startswith("SYNTHETIC"), name


def test_identity_kind_and_county_are_those_of_one_row_of_the_frame(study, questionnaires):
    form = questionnaires["organisation_profile"]
    rows = source_rows(study, read_profile(study, form.form_id).source)
    known = {(row["frame_id"], row["kind"], row["county"]) for row in rows}
    answers = [one for one in drawn(study, form, 60, seed=2) if "frame_id" in one]
    given = [(one["frame_id"], one["org_kind"], one["county"]) for one in answers]
    assert set(given) <= known
    assert len(set(given)) == len(given) > 45


def test_ties_name_other_organisations_of_the_frame(study, questionnaires):
    """So that a network exists: several are named by more than one, none names itself."""
    answers = drawn(study, questionnaires["organisation_profile"], 60, seed=2)
    own = {one["org_name_zh"] for one in answers if "org_name_zh" in one}
    ties = [
        (one["org_name_zh"], tie["tie_org_name"]) for one in answers for tie in one.get("ties", ())
    ]
    assert all(giver != named for giver, named in ties)
    named = Counter(named for _, named in ties if named in own)
    assert sum(named.values()) > 30
    assert max(named.values()) >= 3


def test_activities_follow_the_plan(study, questionnaires):
    """Kind, city, area and month of each activity are those of its row of the plan."""
    form = questionnaires["activity_record"]
    rows = source_rows(study, read_profile(study, form.form_id).source)
    answers = drawn(study, form, len(rows), seed=2)
    for row, one in zip(rows, answers, strict=True):
        assert (one["plan_id"], one["session_number"]) == (row["plan_id"], row["session_number"])
        assert one["activity_kind"] == row["activity_kind"]
        assert (one["activity_area"], one["activity_city"]) == (row["area"], row["city"])
        month = one["interview_date"][:7]
        assert row["planned_month"] <= month <= row["planned_until"]


def test_roundtable_sheets_carry_the_day_of_their_roundtable(study, questionnaires):
    sheets = drawn(study, questionnaires["refugee_roundtable"], 30, seed=2)
    held = {
        one["session_number"]: one["interview_date"]
        for one in drawn(study, questionnaires["activity_record"], 23, seed=2)
        if one["plan_id"] == "RT-01"
    }
    assert {one["interview_date"] for one in sheets} == set(held.values())
    for one in sheets:
        if "roundtable_number" in one:
            assert one["interview_date"] == held[one["roundtable_number"]]


def test_ratings_differ_by_domain_and_law_from_practice(study, questionnaires):
    """The tables look like a survey's: what the profile says apart comes out apart."""
    answers = drawn(study, questionnaires["acceptance_interview"], 200, seed=1)

    def average(name, levels):
        given = [int(level[name]) for level in levels if level.get(name, "x").isdecimal()]
        return mean(given)

    populations = [row for one in answers for row in one.get("populations", ())]
    assert average("rating_schooling", answers) > average("rating_status", answers) + 0.8
    law, practice = (average(f"pop_{kind}_health", populations) for kind in ("law", "practice"))
    assert law > practice + 0.3


def test_traits_tie_answers_of_one_respondent_together(study, questionnaires):
    """Willingness in one area goes with willingness in another."""
    answers = drawn(study, questionnaires["organisation_profile"], 300, seed=1)
    pairs = [
        (int(one["willing_training"]), int(one["willing_emergency"]))
        for one in answers
        if one.get("willing_training", "x").isdecimal()
        and one.get("willing_emergency", "x").isdecimal()
    ]
    first, second = zip(*pairs, strict=True)
    middle = mean(first), mean(second)
    together = mean((a - middle[0]) * (b - middle[1]) for a, b in pairs)
    assert together > 0.25


def test_populations_are_exactly_those_that_were_named(study, questionnaires):
    for one in drawn(study, questionnaires["acceptance_interview"], 60, seed=3):
        if rows := one.get("populations"):
            assert sorted(r["population"] for r in rows) == sorted(one["populations_known"])


def test_rules_that_contradict_each_other_are_reported_with_their_question():
    form = Questionnaire(
        form_id="f",
        title={"en": "F"},
        survey=(Question(name="n", type="integer", required=True, constraint=". > 5 and . < 5"),),
    )
    with pytest.raises(SurveyError) as raised:
        draw(form, 1, 1)
    assert [(p.code, p.place.question) for p in raised.value.problems] == [("SYN-002", "n")]


def test_a_wrong_profile_is_reported_with_its_line(study, tmp_path):
    (tmp_path / "instruments" / "synthetic").mkdir(parents=True)
    (tmp_path / "instruments" / "study.yaml").write_text("title: T\n", encoding="utf-8")
    (tmp_path / "instruments" / "synthetic" / "f.yaml").write_text(
        "blank: 0.1\nquestions:\n  a: {wieghts: {x: 1}}\n", encoding="utf-8"
    )
    with pytest.raises(SurveyError) as raised:
        read_profile(open_study(tmp_path), "f")
    (problem,) = raised.value.problems
    place = problem.place
    assert (problem.code, place.file, place.line) == ("SYN-001", "instruments/synthetic/f.yaml", 3)


@pytest.mark.parametrize("form_id", FORMS)
def test_the_profiles_speak_of_their_forms(study, questionnaires, form_id):
    assert check_profile(read_profile(study, form_id), questionnaires[form_id]) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"repeats": {"tise": {1: 1}}}, "There is no repeat 'tise'."),
        (
            {"questions": {"consnt": {"value": "yes"}}},
            "No question has this name or fits this pattern.",
        ),
        ({"questions": {"consent": {"weights": {"y": 1}}}}, "consent has no choice 'y'."),
        ({"questions": {"dd_*": {"traits": {"size": 1}}}}, "There is no trait 'size'."),
        (
            {"questions": {"consent": {"by": {"conty": {"a": {"shift": 1}}}}}},
            "There is no question 'conty' to depend on.",
        ),
    ],
)
def test_a_name_that_fits_nothing_is_told(questionnaires, content, message):
    profile = Profile.model_validate(content)
    found = check_profile(profile, questionnaires["organisation_profile"])
    assert [problem.message for problem in found] == [message]


def test_only_what_a_person_fills_in_goes_into_a_workbook(questionnaires):
    (one,) = draw(questionnaires["activity_record"], 1, 1)
    assert "participants_total" in one
    kept = without_calculated(questionnaires["activity_record"], one)
    assert kept == {name: value for name, value in one.items() if name != "participants_total"}


YES_NO = {"yes_no": (Choice(name="yes"), Choice(name="no"))}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"a": "yes", "n": "3"}, []),
        ({"n": "3"}, [("a", "required"), ("n", "not_asked")]),
        ({"a": "yes"}, [("n", "required")]),
        ({"a": "no", "n": "3"}, [("n", "not_asked")]),
        ({"a": "yes", "n": "12"}, [("n", "constraint")]),
        ({"a": "yes", "n": "three"}, [("n", "not_a_number")]),
        ({"a": "maybe"}, [("a", "not_a_choice")]),
        ({"a": "no", "r": [{"d": "2011-13-01"}]}, [("d", "not_a_date")]),
        ({"a": "no", "r": [{"d": "2011-10-01"}]}, []),
    ],
)
def test_examine_names_every_broken_rule(answers, expected):
    """Each kind of broken rule, and nothing else, is found where it is."""
    form = Form(
        Questionnaire(
            form_id="f",
            title={"en": "F"},
            choices=YES_NO,
            survey=(
                Question(name="a", type="select_one yes_no", required=True),
                Question(
                    name="n",
                    type="integer",
                    required=True,
                    relevant="${a} = 'yes'",
                    constraint=". < 10",
                ),
                Repeat(repeat="r", questions=(Question(name="d", type="date", required=True),)),
            ),
        )
    )
    assert [(f.question, f.code) for f in examine(form, answers)] == expected


def test_what_does_not_apply_counts_as_blank_only_where_it_is_blanked():
    """A skip that hangs on an answer to a skipped question is where the two meanings part."""
    form = Form(
        Questionnaire(
            form_id="f",
            title={"en": "F"},
            choices=YES_NO,
            survey=(
                Question(name="a", type="select_one yes_no"),
                Question(name="b", type="select_one yes_no", relevant="${a} = 'yes'"),
                Question(name="c", type="text", relevant="${b} = 'yes'", required=True),
            ),
        )
    )
    answers = {"a": "no", "b": "yes"}
    skipped = Finding("b", (), "not_asked")
    assert examine(form, answers) == [skipped, Finding("c", (), "required")]
    assert examine(form, answers, blank_unasked=True) == [skipped]


def test_a_profile_pattern_adds_to_the_plain_name():
    """Shifts add up, a new way of answering replaces the old, `by` looks at earlier answers."""
    profile = Profile.model_validate(
        {
            "questions": {
                "rating_*": {"scale": {"mean": 2}, "shift": 0.5, "traits": {"t": 1}},
                "rating_a": {"shift": 0.25},
                "rating_b": {"value": "5"},
            }
        }
    )
    a, b = profile.spec("rating_a"), profile.spec("rating_b")
    assert (a.scale.mean, a.shift, a.traits) == (2, 0.75, {"t": 1})
    assert (b.scale, b.value) == (None, "5")
