"""Broken questionnaires, one a kind of mistake: `survey check` names file, line, cause and repair.

The whole output is asserted. Every questionnaire is SYNTHETIC.
"""

# ruff: noqa: E501 - a message is one line

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app

HEAD = """\
form_id: visit
version: "1"
title: {en: Visit, ja: 訪問}
default_language: en
languages: {en: English (en), ja: 日本語 (ja)}
choices:
  yes_no:
    - {name: "yes", label: {en: It is, ja: はい}}
    - {name: "no", label: {en: It is not, ja: いいえ}}
survey:
  - {name: has_cases, type: select_one yes_no, label: {en: Any cases?, ja: ありますか}}
"""
"""Eleven lines without a mistake; what a test adds begins in line 12."""

MISTAKES: dict[str, tuple[str, str]] = {
    "an unknown question": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "${has_casse} = 'yes'"}
""",
        """\
[EXPR-010] instruments/visit.yaml:12, question cases, relevant, column 1
  Unknown name 'has_casse'. Did you mean 'has_cases'?
""",
    ),
    "a wrong type": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}}
  - {name: why, type: text, label: {en: How many?, ja: いくつ}, relevant: "${cases} > 'many'"}
""",
        """\
[EXPR-013] instruments/visit.yaml:13, question why, relevant, column 12
  '>' works on numbers, and this text is none. Write a number.
""",
    ),
    "too few arguments": (
        """\
  - {name: cases, type: calculate, calculation: "if(${has_cases} = 'yes', 1)"}
""",
        """\
[EXPR-012] instruments/visit.yaml:12, question cases, calculation, column 1
  if() has 2 arguments here. Give it 3 (boolean, any, any).
""",
    ),
    "a question that skips itself": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "${cases} > 3"}
""",
        """\
[EXPR-014] instruments/visit.yaml:12, question cases, relevant, column 1
  The relevant of 'cases' refers to itself. Use other questions only.
""",
    ),
    "a circle through a skip and two calculations": (
        """\
  - {name: total, type: calculate, calculation: "${twice} + 1"}
  - {name: twice, type: calculate, calculation: "2 * ${cases}"}
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "${total} > 3"}
""",
        """\
[LOAD-024] instruments/visit.yaml:12, question total
  These wait for each other: total -> twice -> cases -> total. Take one of them out of the other's relevant, calculation or required.
""",
    ),
    "a question asked later": (
        """\
  - {name: why, type: text, label: {en: How many?, ja: いくつ}, relevant: "${cases} > 3"}
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}}
""",
        """\
[EXPR-015] instruments/visit.yaml:12, question why, relevant, column 1 (warning)
  'cases' is asked after this question. A relevant should use questions asked before it: move one of the two.
""",
    ),
    "a question of a repeat, from outside": (
        """\
  - repeat: ties
    label: {en: Ties, ja: 関係}
    questions:
      - {name: often, type: integer, label: {en: How many?, ja: いくつ}}
  - {name: why, type: text, label: {en: How many?, ja: いくつ}, relevant: "${often} > 3"}
""",
        """\
[EXPR-016] instruments/visit.yaml:16, question why, relevant, column 1
  'often' has an answer for each instance of 'ties'. Take them together with sum(), count() or join(), or pick one with indexed-repeat(${often}, ${ties}, number).
""",
    ),
    "a name that stands twice": (
        """\
  - {name: has_cases, type: text, label: {en: How many?, ja: いくつ}}
""",
        """\
[LOAD-012] instruments/visit.yaml:12, question has_cases, name
  'has_cases' stands here a second time. Give each a name of its own.
""",
    ),
    "a choice list that is not there": (
        """\
  - {name: sure, type: select_one yes_or_no, label: {en: How many?, ja: いくつ}}
""",
        """\
[LOAD-011] instruments/visit.yaml:12, question sure, type
  There is no choice list 'yes_or_no'. Did you mean 'yes_no'?
""",
    ),
    "a choice that is not in its list": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "${has_cases} = 'perhaps'"}
""",
        """\
[EXPR-018] instruments/visit.yaml:12, question cases, relevant, column 16
  'perhaps' is no choice of 'has_cases'. Take one of no, yes.
""",
    ),
    "a text without its translation": (
        """\
  - {name: cases, type: integer, label: {en: How many?}}
""",
        """\
[LOAD-015] instruments/visit.yaml:12, question cases, label (warning)
  There are no words in ja. Add the translation.
""",
    ),
    "a bracket that is not closed": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "selected(${has_cases}, 'yes'"}
""",
        """\
[EXPR-003] instruments/visit.yaml:12, question cases, relevant, column 29
  The expression ends too early. Close it with ')'.
""",
    ),
    "an operator of another language": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "${has_cases} == 'yes'"}
""",
        """\
[EXPR-003] instruments/visit.yaml:12, question cases, relevant, column 14
  '==' is no operator in this language. Write '='.
""",
    ),
    "an unknown function": (
        """\
  - {name: cases, type: calculate, calculation: "count_selected(${has_cases})"}
""",
        """\
[EXPR-011] instruments/visit.yaml:12, question cases, calculation, column 1
  There is no function count_selected(). Did you mean 'count-selected'?
""",
    ),
    "an unknown question type": (
        """\
  - {name: cases, type: interger, label: {en: How many?, ja: いくつ}}
""",
        """\
[LOAD-010] instruments/visit.yaml:12, question cases, type
  There is no question type 'interger'. Did you mean 'integer'?
""",
    ),
    "a key that is no word of XLSForm": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevent: "${has_cases} = 'yes'"}
""",
        """\
[LOAD-004] instruments/visit.yaml:12, question cases, relevent
  Unknown key 'relevent'. Did you mean 'relevant'?
""",
    ),
    "a pattern that cannot be read": (
        """\
  - name: phone
    type: text
    label: {en: How many?, ja: いくつ}
    constraint: regex(., '^[0-9$')
    constraint_message: {en: Digits only., ja: 数字のみ}
""",
        """\
[EXPR-019] instruments/visit.yaml:15, question phone, constraint, column 10
  The pattern cannot be read. Check its brackets, and leave out what only Java knows.
""",
    ),
    "a label that shows an unknown answer": (
        """\
  - {name: cases, type: integer, label: {en: "How many of ${kind}?", ja: いくつ}}
""",
        """\
[EXPR-010] instruments/visit.yaml:12, question cases, label, column 13
  Unknown name 'kind'. Add the question, or correct the name.
""",
    ),
    "a default that is no answer": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, default: many}
""",
        """\
[LOAD-026] instruments/visit.yaml:12, question cases, default
  The default is no answer to a question of type integer. Write one that can be given as an answer, or an expression.
""",
    ),
    "neither yes nor no": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, required: T}
""",
        """\
[EXPR-023] instruments/visit.yaml:12, question cases, required, column 1
  'T' is a plain name, which is always blank here. Write yes, no or an expression.
""",
    ),
    "a reference with spaces": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}, relevant: "${ has_cases } = 'yes'"}
""",
        """\
[EXPR-003] instruments/visit.yaml:12, question cases, relevant, column 1
  A reference to a question is not written in full here. Write ${name}, with the question's name and no spaces.
""",
    ),
    "YAML that does not close": (
        """\
  - {name: cases, type: integer, label: {en: How many?, ja: いくつ}
  - {name: why, type: text}
""",
        """\
[LOAD-002] instruments/visit.yaml:13, column 3
  This is not YAML: did not find expected ',' or '}'. Mend the line; put text that holds ': ' or ' #' in quotes.
""",
    ),
}


def checked(folder: Path, survey: str) -> tuple[int, str]:
    """Exit code and what is said of a questionnaire."""
    instruments = folder / "instruments"
    instruments.mkdir()
    (instruments / "study.yaml").write_text("title: SYNTHETIC\n", encoding="utf-8")
    (instruments / "visit.yaml").write_text(HEAD + survey, encoding="utf-8")
    result = CliRunner().invoke(app, ["--study", str(folder), "check"])
    return result.exit_code, result.stderr


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_with_its_file_line_cause_and_repair(tmp_path, mistake):
    """And with nothing else; what the field can work with is a warning, and passes."""
    survey, said = MISTAKES[mistake]
    is_warning = "(warning)" in said
    assert checked(tmp_path, survey) == (0 if is_warning else 1, said)


def test_what_only_pyxform_refuses_is_shown_too(tmp_path):
    """Nothing that `survey check` passes is refused when the forms are made."""
    survey = "  - {name: n, type: range, label: {en: N, ja: N}, parameters: {start: 0, stp: 2}}\n"
    code, said = checked(tmp_path, survey)
    assert code == 1
    assert said.startswith("[FORM-001] instruments/visit.yaml, question n, parameters\n")
    assert said.endswith("parameter key(s): 'stp'. Mend the questionnaire.\n")


def test_without_a_mistake_nothing_is_said(tmp_path):
    assert checked(tmp_path, "") == (0, "")


def apart(survey: str, number: int) -> str:
    """The same mistake with names of its own."""
    names = set(re.findall(r"(?:name|repeat): (\w+)", survey)) - {"has_cases"}
    return re.sub(rf"\b({'|'.join(names or ['-'])})\b", rf"\1_{number}", survey)


def test_all_mistakes_are_shown_at_once(tmp_path):
    """In the order of the lines: nobody mends one only to meet the next."""
    told = [name for name in MISTAKES if name != "YAML that does not close"]
    survey = "".join(apart(MISTAKES[name][0], number) for number, name in enumerate(told))

    code, said = checked(tmp_path, survey)

    heads = [line for line in said.splitlines() if line.startswith("[")]
    wanted = [MISTAKES[name][1].split()[0] for name in told]
    assert code == 1
    assert Counter(wanted) <= Counter(line.split()[0] for line in heads)
    lines = [int(re.search(r"visit.yaml:(\d+)", line)[1]) for line in heads]
    assert lines == sorted(lines)
