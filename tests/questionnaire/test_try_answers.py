"""Trying a questionnaire: what it asks, refuses and calculates, by both engines alike."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire, Repeat
from pipeline.questionnaire.try_answers import ENGINES, Tried, read_json, try_answers
from tests.conftest import PROJECT

TODAY = dt.date(2011, 9, 1)
NOW = dt.datetime(2011, 9, 1, 9, 30)  # noqa: DTZ001 - the wall clock of the place


def form(*survey, **choices: tuple[Choice, ...]) -> Questionnaire:
    return Questionnaire(form_id="f", title="f", survey=survey, choices=choices)


@pytest.fixture(params=sorted(ENGINES))
def tried(request):
    def work(questionnaire: Questionnaire, answers: dict[str, object], **more) -> Tried:
        engine = ENGINES[request.param]
        return try_answers(questionnaire, answers, today=TODAY, now=NOW, engine=engine, **more)

    return work


def broken(result: Tried) -> list[tuple[str, str]]:
    return [(one.question, one.rule) for one in result.violations]


def test_an_answer_to_a_question_that_is_not_asked_does_not_count(tried):
    """Nor does it count for the skips and sums behind it."""
    survey = form(
        Question(name="a", type="text"),
        Question(name="b", type="integer", relevant="${a} = 'yes'"),
        Question(name="c", type="text", relevant="${b} > 3", required=True),
        Question(name="d", type="calculate", calculation="coalesce(${b}, 0) + 1"),
    )
    assert tried(survey, {"a": "yes", "b": 5}).as_json() == {
        "asked": ["a", "b", "c"],
        "violations": [
            {"question": "c", "rule": "required", "message": "An answer is needed here."}
        ],
        "calculated": {"d": 6},
    }
    assert tried(survey, {"a": "no", "b": 5}).as_json() == {
        "asked": ["a"],
        "violations": [],
        "calculated": {"d": 1},
    }


def test_a_rule_may_wait_for_an_answer_further_down(tried):
    """What depends on what is settled in whatever order the form stands."""
    survey = form(
        Question(name="total", type="calculate", calculation="${twice} + 1"),
        Question(name="twice", type="calculate", calculation="${n} * 2"),
        Question(name="late", type="text", relevant="${n} = 4"),
        Question(name="n", type="integer"),
    )
    assert tried(survey, {"n": 4}) == Tried(("late", "n"), (), {"total": 9, "twice": 8})


def test_instances_are_asked_each_and_nested_ones_are_named_in_full(tried):
    inner = Repeat(repeat="inner", questions=(Question(name="y", type="integer"),))
    survey = form(
        Repeat(
            repeat="r",
            questions=(
                Question(name="x", type="integer", constraint=". < 10"),
                Question(name="z", type="text", relevant="${x} > 2"),
                inner,
            ),
        ),
        Question(name="sum", type="calculate", calculation="sum(${x})"),
        Question(name="n", type="calculate", calculation="count(${r})"),
    )
    result = tried(survey, {"r": [{"x": 1}, {"x": 12, "inner": [{"y": 1}, {"y": None}]}]})
    assert result.asked == ("r[1]/x", "r[2]/x", "r[2]/z", "r[2]/inner[1]/y", "r[2]/inner[2]/y")
    assert broken(result) == [("r[2]/x", "constraint")]
    assert result.calculated == {"sum": 13, "n": 2}
    assert tried(survey, {}).calculated == {"sum": 0, "n": 0}


def test_a_counted_repeat_has_as_many_instances_as_are_counted(tried):
    """Instances given beyond that do not count; those that are not given are blank."""
    member = Question(name="age", type="integer", required=True)
    survey = form(
        Question(name="size", type="integer"),
        Repeat(repeat="roster", repeat_count="${size}", questions=(member,)),
        Question(name="ages", type="calculate", calculation="sum(${age})"),
    )
    result = tried(survey, {"size": 2, "roster": [{"age": 30}]})
    assert (result.asked, broken(result)) == (
        ("size", "roster[1]/age", "roster[2]/age"),
        [("roster[2]/age", "required")],
    )
    assert tried(survey, {"size": 1, "roster": [{"age": 3}, {"age": 5}]}).calculated == {"ages": 3}
    assert tried(survey, {"roster": [{"age": 3}]}).asked == ("size",)


def test_a_choice_must_be_offered(tried):
    """By its list, and by its filter as it is here."""
    counties = (
        Choice(name="hualien", columns={"region": "east"}),
        Choice(name="taipei", columns={"region": "north"}),
    )
    survey = form(
        Question(name="region", type="text"),
        Question(name="one", type="select_one county", choice_filter="region = ${region}"),
        Question(name="many", type="select_multiple county"),
        county=counties,
    )
    fine = tried(survey, {"region": "east", "one": "hualien", "many": ["taipei", "hualien"]})
    assert broken(fine) == []
    wrong = tried(survey, {"region": "north", "one": "hualien", "many": ["taipei", "x"]})
    assert broken(wrong) == [("one", "choice"), ("many", "choice")]


def test_a_calculation_is_kept_as_the_tablet_keeps_it(tried):
    """A truth, number or day stays one for the rules behind it."""
    survey = form(
        Question(name="n", type="integer"),
        Question(name="few", type="calculate", calculation="${n} < 5"),
        Question(name="flag", type="calculate", calculation="if(${few}, 'T', 'F')"),
        Question(name="day", type="calculate", calculation="today()"),
        Question(name="next", type="calculate", calculation="${day} + 1"),
        Question(name="blank", type="calculate", calculation="${n} + ''"),
    )
    assert tried(survey, {"n": 7}).calculated == {
        "few": False,
        "flag": "F",
        "day": "2011-09-01",
        "next": 15219,
        "blank": None,
    }


def test_a_default_counts_unless_the_answer_is_blank_on_purpose(tried):
    survey = form(
        Question(name="a", type="text", default="x"),
        Question(name="b", type="calculate", calculation="concat(${a}, '!')"),
    )
    assert tried(survey, {}).calculated == {"b": "x!"}
    assert tried(survey, {"a": None}).calculated == {"b": "!"}


def test_what_is_skipped_with_its_group_or_repeat_is_not_asked(tried):
    inside = (Question(name="x", type="integer", required=True),)
    survey = form(
        Question(name="go", type="text"),
        Group(group="g", relevant="${go} = 'yes'", questions=inside),
        Repeat(
            repeat="r", relevant="${go} = 'yes'", questions=(Question(name="y", type="integer"),)
        ),
        Question(name="n", type="calculate", calculation="count(${r})"),
    )
    result = tried(survey, {"go": "no", "x": 3, "r": [{"y": 1}]})
    assert result == Tried(("go",), (), {"n": 0})


def test_messages_are_the_forms_own_in_the_language_asked_for(tried):
    question = Question(
        name="n",
        type="integer",
        constraint=". > 0",
        constraint_message={"en": "Above nought.", "ja": "1以上。"},
    )
    (violation,) = tried(form(question), {"n": 0}, language="ja").violations
    assert violation.message == "1以上。"
    (violation,) = tried(form(question), {"n": 0}, language="en").violations
    assert violation.message == "Above nought."


def test_what_is_no_answer_is_told_all_at_once_and_never_shown():
    survey = form(
        Question(name="age", type="integer"),
        Question(name="day", type="date"),
        Repeat(repeat="r", questions=(Question(name="x", type="text"),)),
    )
    answers = {"age": "SECRET", "day": "31.8.2011", "agee": 1, "r": {"x": "SECRET"}}
    with pytest.raises(SurveyError) as caught:
        try_answers(survey, answers, today=TODAY, now=NOW)
    assert str(caught.value) == (
        "[TRY-003] question age\n"
        "  This is no answer to a question of type integer. Write a whole number, 12.\n"
        "[TRY-003] question day\n"
        '  This is no answer to a question of type date. Write the day as "2011-08-31".\n'
        "[TRY-001] question agee\n"
        "  The form asks no 'agee' here. Did you mean 'age'?\n"
        "[TRY-002] question r\n"
        "  The answers to a repeat are a list of maps, one for each instance. "
        'Write [{"name": ...}, ...].'
    )


def test_rules_that_never_settle_are_told_and_not_waited_for(tried):
    survey = form(
        Question(name="a", type="calculate", calculation="if(${b} = 1, 0, 1)"),
        Question(name="b", type="calculate", calculation="${a}"),
    )
    with pytest.raises(SurveyError, match="TRY-004"):
        tried(survey, {})


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_the_command_prints_json(tmp_path: Path, engine: str):
    """FORM is a name in instruments/, or a path."""
    answers = tmp_path / "answers.json"
    answers.write_text("{}", encoding="utf-8")
    study = ["--study", str(PROJECT), "try"]
    path = str(PROJECT / "instruments" / "refugee_roundtable.yaml")
    shown = []
    for named in ("refugee_roundtable", path):
        command = [*study, named, str(answers), "--engine", engine, "--language", "en"]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        shown.append(json.loads(result.stdout))
    assert shown[0] == shown[1]
    assert list(shown[0]) == ["asked", "violations", "calculated"]
    assert {one["rule"] for one in shown[0]["violations"]} == {"required"}


def test_the_command_says_what_is_wrong_with_its_arguments(tmp_path: Path):
    answers = tmp_path / "answers.json"
    answers.write_text("[", encoding="utf-8")
    study = ["--study", str(PROJECT), "try"]
    result = CliRunner().invoke(app, [*study, "refugee_roundtable", str(answers)])
    assert (result.exit_code, result.stderr) == (
        1,
        (
            f"[TRY-006] {answers}\n"
            '  This is no map of answers in JSON. Write {"question": "answer", ...}.\n'
        ),
    )
    result = CliRunner().invoke(app, [*study, "refugee_roundtable", str(answers), "--engine", "x"])
    assert (result.exit_code, result.stderr) == (
        1,
        "[WORK-004] --engine\n  There is no such engine. Choose one of: reference, pandas.\n",
    )


def test_two_versions_are_told_apart_by_the_command(shared_dir):
    folder = shared_dir / "xlsforms" / "msna"
    command = ["diff-forms", str(folder / "msna_v8.xlsx"), str(folder / "msna_v9.xlsx")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    same = CliRunner().invoke(app, [command[0], command[1], command[1]])
    assert (same.exit_code, same.stdout) == (0, "nothing has changed\n")


def test_a_question_answered_twice_is_refused(tmp_path):
    """JSON itself would take the last of the two in silence."""
    path = tmp_path / "answers.json"
    path.write_text('{"a": 1, "a": 2}', encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        read_json(path)
    assert str(caught.value.problems[0]) == (
        f"[TRY-006] {path.as_posix()}\n  A key stands twice in a map. Keep one of the two."
    )
