"""What may be delivered, and what is refused before a file is made."""

import pandas as pd
import pytest

from pipeline.delivery.deliver import deliver
from pipeline.delivery.plan import plan_delivery
from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Choice, MissingKind, Question, Questionnaire


def form(*questions: Question, **lists: tuple[Choice, ...]) -> Questionnaire:
    return Questionnaire(form_id="f", title="F (SYNTHETIC)", choices=lists, survey=questions)


def plan(questionnaire, columns, kinds=None, **options):
    main, missing = tables(columns, kinds or {})
    return plan_delivery(questionnaire, main, {}, missing, {}, "default", **options)


def tables(columns, kinds):
    rows = len(next(iter(columns.values())))
    keys = {key: ["k"] * rows for key in ("response_id", "form_version", "mode", "language")}
    return pd.DataFrame({**keys, **columns}), pd.DataFrame(kinds, index=range(rows))


def codes(problems):
    return sorted({problem.code for problem in problems})


YES_NO = (
    Choice(name="yes", label="Yes"),
    Choice(name="no", label="No"),
    Choice(name="dk", label="Cannot say", missing=MissingKind.DONT_KNOW),
)


@pytest.mark.parametrize("column", ["who", "who/a"])
def test_with_an_identifier_among_the_answers_nothing_is_written(tmp_path, column):
    questionnaire = form(Question(name="who", type="text", sensitivity="identifier"))
    main, missing = tables({column: ["SYNTHETIC"]}, {})
    with pytest.raises(SurveyError) as caught:
        deliver(questionnaire, main, {}, missing, {}, "default", tmp_path / "out")
    assert codes(caught.value.problems) == ["DATA-020"]
    assert not (tmp_path / "out").exists()
    assert "SYNTHETIC" not in str(caught.value)


def test_texts_places_files_and_devices_stay_out_and_each_is_named():
    types = {"a": "text", "b": "geopoint", "c": "image", "d": "deviceid", "e": "calculate"}
    questionnaire = form(*(Question(name=name, type=kind) for name, kind in types.items()))
    planned = plan(questionnaire, {name: ["SYNTHETIC"] for name in types})
    assert [v.name for v in planned.tables[0].variables] == [
        "response_id",
        "form_version",
        "mode",
        "language",
    ]
    assert [(p.code, p.place.question) for p in planned.problems] == [
        ("DATA-011", name) for name in types
    ]


def test_texts_are_delivered_where_they_are_asked_for_but_never_devices():
    questionnaire = form(Question(name="a", type="text"), Question(name="d", type="deviceid"))
    planned = plan(questionnaire, {"a": ["x"], "d": ["x"]}, open_texts=True)
    assert [v.name for v in planned.tables[0].variables][4:] == ["a"]


def test_columns_of_no_question_stay_out():
    questionnaire = form(Question(name="n", type="integer"))
    planned = plan(questionnaire, {"n": [1], "public_name": ["SYNTHETIC"], "_uuid": ["u"]})
    assert codes(planned.problems) == ["DATA-010"]
    assert "public_name" not in planned.tables[0].frame


def test_kinds_of_missing_and_answers_off_the_list_keep_codes_of_their_own():
    questionnaire = form(Question(name="q", type="select_one yn"), yn=YES_NO)
    planned = plan(
        questionnaire,
        {"q": ["yes", "no", "dk", None, None, None, "SYNTHETIC"]},
        {"q": [None, None, "dont_know", "refused", "not_asked", None, None]},
    )
    variable = planned.tables[0].variables[-1]
    column = planned.tables[0].frame["q"]
    read = [variable.missing.get(code, variable.names.get(code)) for code in column]
    assert read == ["yes", "no", "dont_know", "refused", "not_asked", None, "not_a_choice"]
    assert codes(planned.problems) == ["DATA-014"]


def test_each_choice_of_several_is_a_variable_and_a_rank_keeps_its_order():
    lists = {"l": (Choice(name="a", label="A"), Choice(name="b", label="B"))}
    questions = Question(name="m", type="select_multiple l"), Question(name="r", type="rank l")
    planned = plan(
        form(*questions, **lists),
        {"m": ["a b", "b", None], "r": ["b a", "a b", None]},
        {"m": [None, None, "refused"], "r": [None, None, "refused"]},
    )
    table = planned.tables[0]
    assert table.frame[["m_a", "m_b", "r_a", "r_b"]].to_numpy().tolist() == [
        [1, 1, 2, 1],
        [0, 1, 1, 2],
        [-94, -94, -94, -94],
    ]
    assert [(one.name, one.variables) for one in table.sets] == [("m", ("m_a", "m_b"))]


def test_codes_of_missing_answers_give_way_to_answers():
    questionnaire = form(Question(name="n", type="integer"))
    planned = plan(questionnaire, {"n": [-95, 3, None]}, {"n": [None, None, "refused"]})
    assert planned.tables[0].frame["n"].tolist() == [-95, 3, -994]
    assert codes(planned.problems) == ["DATA-006"]


def test_what_a_format_cannot_hold_is_refused_all_at_once():
    questionnaire = form(Question(name="n", type="integer"), Question(name="t", type="text"))
    with pytest.raises(SurveyError) as caught:
        plan(questionnaire, {"n": [2**53 + 1], "t": ["x" * 2046]}, open_texts=True)
    assert codes(caught.value.problems) == ["DATA-007", "DATA-013"]


def test_every_trap_of_the_formats_is_reported():
    questionnaire = form(
        Question(name="wordy", type="select_one l", label="x" * 90),
        Question(name="when", type="dateTime"),
        Question(name="na", type="text"),
        Question(name="nobody", type="integer"),
        l=(Choice(name="a", label="難" * 41), Choice(name="b")),
    )
    moment = pd.Series(pd.to_datetime(["2011-09-02T08:00:00Z"]))
    columns = {"wordy": ["a"], "when": moment, "na": ["NA"], "nobody": [None]}
    planned = plan(questionnaire, columns, open_texts=True)
    assert [(p.code, p.place.question, p.place.rule) for p in planned.problems] == [
        ("DATA-012", "wordy", None),
        ("DATA-009", "when", None),
        ("DATA-008", "nobody", None),
        ("DATA-005", "wordy", "label"),
        ("DATA-005", "wordy", "choices"),
        ("DATA-015", "na", None),
    ]
    assert planned.tables[0].frame["nobody"].dtype == "float64"


def test_a_language_that_the_form_does_not_have_is_refused():
    main, missing = tables({"n": [1]}, {})
    with pytest.raises(SurveyError) as caught:
        plan_delivery(form(Question(name="n", type="integer")), main, {}, missing, {}, "fr")
    assert codes(caught.value.problems) == ["DATA-023"]


def test_weights_and_wave_go_with_the_answers_where_somebody_has_one():
    """Without them no estimate could be repeated; a question of that name stays a question."""
    questionnaire = form(Question(name="n", type="integer"), Question(name="wave", type="integer"))
    given = {"n": [1, 2], "wave": [1, 2], "weight_base": [1.0, 1.5], "weight": [None, None]}
    planned = plan(questionnaire, given)
    assert [v.name for v in planned.tables[0].variables][4:] == ["weight_base", "n", "wave"]
    assert planned.tables[0].frame["weight_base"].tolist() == [1.0, 1.5]
    assert planned.problems == ()
