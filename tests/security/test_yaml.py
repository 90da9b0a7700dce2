"""A YAML that would fill the memory or end the loader is refused, everywhere."""

import time

import pytest

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.questionnaire.load import load
from pipeline.study import read_settings
from pipeline.yaml_limits import limited, yaml_fault

LAUGHS = "x0: &x0 {a: b}\n" + "".join(
    f"x{n + 1}: &x{n + 1} {{a: *x{n}, b: *x{n}, c: *x{n}, d: *x{n}}}\n" for n in range(14)
)
BOMBS = {
    "brackets": "title: " + "[" * 100_000 + "]" * 100_000,
    "braces": "title: " + "{a: " * 3_000 + "1" + "}" * 3_000,
    "block": "".join(" " * n + "a:\n" for n in range(500)),
    "laughs": f"{LAUGHS}title: *x14\n",
    "merged": LAUGHS.replace("a: *", "<<: *") + "title: *x14\n",
    "of itself": "title: &a [*a]\n",
    "of itself, deeper": "title: &a {b: [c, {d: *a}]}\n",
    "null byte": "title: a\0b\n",
    "digits": "title: " + "9" * 100_000,
    "object": "title: !!python/object/apply:os.system ['true']\n",
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("read", ["questionnaire", "settings"])
def test_refused_at_once_and_with_a_reason(tmp_path, name, read):
    path = tmp_path / "form.yaml"
    path.write_text(BOMBS[name] + "\n")
    began = time.monotonic()
    with pytest.raises(SurveyError) as error:
        load(path) if read == "questionnaire" else read_settings(path, shown="study.yaml")
    assert time.monotonic() - began < 5
    assert all(problem.repair for problem in error.value.problems)


def test_aliases_as_people_use_them_are_no_bomb():
    """A list of choices named once and used in ten questions."""
    text = "choices: &c [a, b, c]\n" + "".join(f"q{n}: {{list: *c}}\n" for n in range(1_000))
    assert yaml_fault(text) is None
    assert limited(text) is text


def test_a_day_that_no_calendar_has_is_named_by_its_line(tmp_path):
    """A slip of the pen, not an attack: found by the fuzzing run."""
    path = tmp_path / "study.yaml"
    path.write_text("title: SYNTHETIC\nretain_until: 2011-09-31\n")
    with pytest.raises(SurveyError) as error:
        read_settings(path, shown="study.yaml")
    [problem] = error.value.problems
    assert (problem.code, problem.place.line) == ("STUDY-002", 2)
    assert "a day that no calendar has" in problem.message


def test_a_number_that_no_engine_holds_is_a_problem():
    with pytest.raises(SurveyError) as error:
        parse("9" * 400)
    assert [problem.code for problem in error.value.problems] == ["EXPR-003"]
