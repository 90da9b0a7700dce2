"""Two versions of a questionnaire: what changed, and which old answers still count."""

import pytest

from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire, Repeat
from pipeline.questionnaire.versions import diff


def form(*survey, choices=("yes", "no"), changes=(), languages=("en",)):
    """A questionnaire in which every list is `answers`."""
    return Questionnaire(
        form_id="visit",
        title={"en": "Visit"},
        languages={code: code for code in languages},
        choices={
            "answers": tuple(
                one
                if isinstance(one, Choice)
                else Choice(name=one, label={"en": one.replace("_", " ").capitalize()})
                for one in choices
            )
        },
        survey=survey,
        changes=changes,
    )


def question(name="q", type_="select_one answers", **more):
    return Question(name=name, type=type_, label=more.pop("label", {"en": name}), **more)


def said(before, after):
    return [str(difference) for difference in diff(before, after)]


def test_nothing_changed():
    assert said(form(question(required=True)), form(question(required=True))) == []


def test_a_question_more():
    assert said(form(question()), form(question(), question("more", "integer"))) == [
        "more: It is asked for the first time; older returns have no answer to it."
    ]


def test_a_question_less():
    assert said(form(question(), question("gone", "text")), form(question())) == [
        "gone: It is no longer asked. [old answers cannot be read]"
    ]


def test_a_declared_new_name_keeps_the_answers():
    before = form(question("cases", "integer"))
    after = form(
        question("cases_per_year", "integer"),
        changes=({"version": "2", "rename": {"cases": "cases_per_year"}},),
    )

    assert said(before, after) == [
        "cases_per_year: It was named 'cases', and its old answers are read under the new name.",
        "cases_per_year: Its wording changed in en. [old answers are not comparable]",
    ]


def test_an_undeclared_new_name_is_suggested():
    before = form(question("cases", "integer", label={"en": "Cases a year"}))
    after = form(question("cases_per_year", "integer", label={"en": "Cases a year"}))

    assert said(before, after) == [
        (
            "cases_per_year: It is asked for the first time; older returns have no answer to it. "
            "If it is 'cases' under a new name, say so under changes: "
            "rename: {cases: cases_per_year}."
        ),
        "cases: It is no longer asked. [old answers cannot be read]",
    ]


def test_names_that_changed_twice_are_followed():
    before = form(question("a", "integer", label={"en": "A"}))
    after = form(
        question("c", "integer", label={"en": "A"}),
        changes=(
            {"version": "2", "rename": {"a": "b"}},
            {"version": "3", "rename": {"b": "c"}},
        ),
    )

    assert said(before, after) == [
        "c: It was named 'a', and its old answers are read under the new name."
    ]


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        ("integer", "decimal", ""),
        ("decimal", "integer", " [old answers cannot be read]"),
        ("integer", "text", " [old answers are not comparable]"),
        ("text", "integer", " [old answers cannot be read]"),
        ("text", "barcode", ""),
    ],
)
def test_another_type(old, new, mark):
    """A wider type reads old answers; text reads all but compares none; a narrower one cannot."""
    assert said(form(question(type_=old)), form(question(type_=new))) == [
        f"q: Its type was {old} and is {new}.{mark}"
    ]


def test_one_choice_or_several():
    one, several = question(), question(type_="select_multiple answers")

    assert said(form(one), form(several)) == [
        "q: Its type was select_one and is select_multiple. [old answers are not comparable]"
    ]
    assert said(form(several), form(one)) == [
        "q: Its type was select_multiple and is select_one. [old answers cannot be read]"
    ]


@pytest.mark.parametrize(
    ("more_before", "more_after", "words"),
    [
        (
            {"relevant": "${a} = 1"},
            {"relevant": "${a} = 2"},
            "It was asked if ${a} = 1 and is asked if ${a} = 2. [old answers are not comparable]",
        ),
        (
            {},
            {"relevant": "${a} = 2"},
            "It was asked of everybody and is asked if ${a} = 2. [old answers are not comparable]",
        ),
        (
            {},
            {"constraint": ". > 1"},
            "The check on its answer was none and is . > 1. Old answers may break it.",
        ),
        ({}, {"required": True}, "An answer was not required and is required."),
        (
            {"calculation": "1"},
            {"calculation": "2"},
            "The calculation was 1 and is 2. [old answers are not comparable]",
        ),
        (
            {"unit": {"en": "days"}},
            {"unit": {"en": "weeks"}},
            "Its unit changed in en. [old answers are not comparable]",
        ),
        ({"hint": {"en": "a"}}, {"hint": {"en": "b"}}, "Its hint changed in en."),
        ({}, {"appearance": "minimal"}, "It is shown otherwise: appearance."),
        (
            {"sensitivity": "open"},
            {"sensitivity": "identifier"},
            "Its sensitivity was open and is identifier.",
        ),
    ],
)
def test_another_rule_or_word(more_before, more_after, words):
    before = form(question("a", "integer"), question(**more_before))
    after = form(question("a", "integer"), question(**more_after))

    assert said(before, after) == [f"q: {words}"]


def test_spaces_and_an_unsaid_no_are_no_change():
    before = form(question(relevant="1  =\n1", label={"en": "A  q"}))
    after = form(question(relevant="1 = 1", label={"en": "A q"}, required=False))

    assert said(before, after) == []


def test_the_skip_of_a_group_is_the_skip_of_its_questions():
    before = form(Group(group="g", questions=(question(),)))
    after = form(Group(group="g", relevant="1 = 2", questions=(question(relevant="2 = 2"),)))

    assert said(before, after) == [
        (
            "q: It was asked of everybody and is asked if (1 = 2) and (2 = 2). "
            "[old answers are not comparable]"
        )
    ]


def test_another_group_keeps_the_answers_another_repeat_does_not():
    before = form(Group(group="g", questions=(question(), question("p", "text"))))
    after = form(question(), Repeat(repeat="r", questions=(question("p", "text"),)))

    assert said(before, after) == [
        "r: These questions repeat from now on.",
        "q: It moved from 'g' to the top.",
        "p: It moved from outside any repeat to the repeat 'r'. [old answers cannot be read]",
    ]


def test_choices_of_all_their_questions_are_told_once():
    """Added, dropped and reworded choices, with every question that offers them."""
    before = form(question("a"), question("b"), choices=("yes", "no", "maybe"))
    after = form(
        question("a"),
        question("b"),
        choices=("yes", Choice(name="no", label={"en": "Not at all"}), "dont_know"),
    )

    assert said(before, after) == [
        "a, b: The choice 'maybe' is no longer offered. [old answers cannot be read]",
        (
            "a, b: The choice 'dont_know' is offered for the first "
            "time. [old answers are not comparable]"
        ),
        "a, b: The wording changed of 'no'. [old answers are not comparable]",
    ]


def test_a_choice_under_a_new_name():
    """Declared, its answers are kept; undeclared, the difference says how to declare it."""
    before = form(question(), choices=(Choice(name="under30", label={"en": "Under 30"}),))
    after_choices = (Choice(name="under_30", label={"en": "Under 30"}),)
    changes = ({"version": "2", "choices": {"q": {"under30": "under_30"}}},)

    assert said(before, form(question(), choices=after_choices, changes=changes)) == [
        "q: The choice 'under30' is now 'under_30'."
    ]
    assert said(before, form(question(), choices=after_choices))[0] == (
        "q: The choice 'under30' is no longer offered. If it only has a new name, say so under "
        "changes: choices: {q: {under30: under_30}}. [old answers cannot be read]"
    )


def test_a_choice_that_means_otherwise_and_another_order():
    before = form(question(), choices=("yes", "no", "dont_know"))
    unsure = Choice(name="dont_know", label={"en": "Dont know"}, missing="dont_know")
    after = form(question(), choices=("no", "yes", unsure))

    assert said(before, after) == [
        (
            "q: The choice 'dont_know' was an answer and is 'dont_know'. "
            "[old answers are not comparable]"
        ),
        "q: The choices stand in another order.",
    ]


def test_languages():
    assert said(
        form(question(), languages=("en", "fr")), form(question(), languages=("en", "ja"))
    ) == [
        "form: It can now be asked in ja.",
        "form: It is no longer asked in fr.",
    ]


def test_the_four_versions_of_a_real_questionnaire(shared_dir):
    """What changed between the msna versions, and nothing else."""
    forms = [
        read_xlsform(shared_dir / f"xlsforms/msna/msna_v{number}.xlsx")[0]
        for number in (8, 9, 10, 11)
    ]

    assert said(forms[0], forms[1]) == [
        "hlp_risk_eviction: Its hint changed in fr.",
        (
            "wash_drinking_water_source: The choice 'well_spring' is no longer offered. "
            "If it only has a new name, say so under changes: choices: "
            "{wash_drinking_water_source: {well_spring: protected_spring}}. "
            "[old answers cannot be read]"
        ),
        (
            "wash_drinking_water_source: The choice 'protected_spring' is offered for the first "
            "time. [old answers are not comparable]"
        ),
        (
            "wash_drinking_water_time_sl: The choice 'under30min' is no longer offered. "
            "If it only has a new name, say so under changes: choices: "
            "{wash_drinking_water_time_sl: {under30min: under_30_min}}. "
            "[old answers cannot be read]"
        ),
        (
            "wash_drinking_water_time_sl: The choice 'under_30_min' is offered for the first "
            "time. [old answers are not comparable]"
        ),
    ]
    new = [difference.questions[0] for difference in diff(forms[1], forms[2])]
    assert new == [
        "note_wgss",
        "direct_proxy",
        "caregiver_available",
        "proxy_resp_gender",
        "proxy_resp_age",
        "wgq_vision",
        "wgq_hearing",
        "wgq_mobility",
        "wgq_cognition",
        "wgq_self_care",
        "wgq_communication",
    ]
    last = diff(forms[2], forms[3])
    assert str(last[0]) == "cm_income_source: Its message changed in en, fr."
    assert [difference.kind for difference in last[1:]] == ["question added"] * 21
