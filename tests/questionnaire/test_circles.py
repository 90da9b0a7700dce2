"""Rules that wait for each other: our verdict on a form is ODK Validate's."""

import subprocess

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2xform import convert

from pipeline.questionnaire.check import check
from pipeline.questionnaire.from_xlsform import read_xlsform

HEAD = """
| survey | | | | | | | | | |
| | type | name | label | relevant | calculation | required | constraint | read_only | trigger |
"""
FORMS = {
    "two skips": (
        """
        | | text | a | A | ${b} = 'x' |
        | | text | b | B | ${a} = 'x' |
        """,
        "a -> b -> a",
    ),
    "two calculations": (
        """
        | | calculate | a | | | ${b} + 1 |
        | | calculate | b | | | ${a} + 1 |
        """,
        "a -> b -> a",
    ),
    "three of them": (
        """
        | | calculate | a | | | ${b} + 1 |
        | | text | b | B | ${c} = 'x' | |
        | | text | c | C | ${a} = 2 | |
        """,
        "a -> b -> c -> a",
    ),
    "a group that waits for its own question": (
        """
        | | begin group | g | G | ${a} = 'x' |
        | | text | a | A | |
        | | end group | | | |
        """,
        "a -> a",
    ),
    "a group that waits for what its question gives": (
        """
        | | calculate | b | | | ${a} |
        | | begin group | g | G | ${b} = 'x' | |
        | | text | a | A | | |
        | | end group | | | | |
        """,
        "b -> a -> b",
    ),
    "a repeat that waits for its own sum": (
        """
        | | begin repeat | r | R | ${t} > 3 | |
        | | integer | n | N | | |
        | | end repeat | | | | |
        | | calculate | t | | | sum(${n}) |
        """,
        "n -> t -> n",
    ),
    "two that require each other": (
        """
        | | text | a | A | | | ${b} = 'x' |
        | | text | b | B | | | ${a} = 'x' |
        """,
        "a -> b -> a",
    ),
    "a skip and a requirement": (
        """
        | | text | a | A | ${b} = 'x' | | |
        | | text | b | B | | | ${a} = 'x' |
        """,
        "a -> b -> a",
    ),
    "two that lock each other": (
        """
        | | text | a | A | | | | | ${b} = 'x' |
        | | text | b | B | | | | | ${a} = 'x' |
        """,
        "a -> b -> a",
    ),
    "constraints look and do not wait": (
        """
        | | text | a | A | | | | . != ${b} |
        | | text | b | B | | | | . != ${a} |
        """,
        None,
    ),
    "a triggered calculation waits for its trigger alone": (
        """
        | | text | a | A | | ${b} | | | | ${b} |
        | | text | b | B | ${a} = 'x' | | | | | |
        """,
        None,
    ),
    "counting one's own repeat": (
        """
        | | begin repeat | r | R | | |
        | | calculate | n | | | count(${r}) |
        | | text | a | A | ${n} > 1 | |
        | | end repeat | | | | |
        """,
        None,
    ),
}


def circles(path) -> list[str]:
    questionnaire, _ = read_xlsform(path)
    return [
        problem.message.removeprefix("These wait for each other: ").removesuffix(".")
        for problem in check(questionnaire)
        if problem.code == "LOAD-024"
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_circle_is_named_from_question_to_question(xlsform, form):
    rows, circle = FORMS[form]

    assert circles(xlsform(HEAD + rows.replace("        |", "|"))) == ([circle] if circle else [])


def test_every_circle_is_named(xlsform):
    rows = (
        FORMS["two skips"][0]
        + """
        | | calculate | c | | | ${d} + 1 |
        | | calculate | d | | | ${c} + 1 |
        """
    )

    assert circles(xlsform(HEAD + rows.replace("        |", "|"))) == [
        "a -> b -> a",
        "c -> d -> c",
    ]


def test_odk_refuses_what_we_call_a_circle_and_nothing_else(java, xlsform, tmp_path):
    """One run of ODK Validate over the XForms of all the forms above."""
    xforms = {}
    for number, (name, (rows, _)) in enumerate(FORMS.items()):
        path = tmp_path / f"{number}.xml"
        path.write_text(
            convert(xlsform(HEAD + rows.replace("        |", "|"))).xform, encoding="utf-8"
        )
        xforms[str(path)] = name

    said = subprocess.run(
        [java, "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, *xforms],
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    verdicts = dict(part.split("\n", 1) for part in said.split("Validating: ")[1:])
    refused = {xforms[path] for path, words in verdicts.items() if "is valid!" not in words}
    assert len(verdicts) == len(FORMS)
    assert refused == {name for name, (_, circle) in FORMS.items() if circle}
