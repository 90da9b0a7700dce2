"""Writing a questionnaire as YAML: what is written reads back as the same questionnaire."""

import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.questionnaire.document import read_document
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load, load_problems
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire, Repeat
from pipeline.questionnaire.to_yaml import WIDTH, to_yaml
from tests.conftest import PROJECT
from tests.questionnaires import every_type_questionnaire

OUR_OWN = [
    path for path in sorted((PROJECT / "instruments").glob("*.yaml")) if path.name != "study.yaml"
]


def read_back(questionnaire: Questionnaire, folder) -> Questionnaire | None:
    path = folder / "written.yaml"
    path.write_text(to_yaml(questionnaire), encoding="utf-8", newline="")
    return load_problems(path)[0]


def test_what_is_written_is_what_a_person_would_write():
    """Texts on one line where they fit, nodes as blocks, only what is set, words unquoted."""
    questionnaire = Questionnaire(
        form_id="visit",
        version="2011.10",
        title={"en": "Visit", "ja": "訪問"},
        default_language="en",
        languages={"en": "English (en)", "ja": "日本語 (ja)"},
        choices={
            "yes_no": (
                Choice(name="yes", label={"en": "Yes", "ja": "はい"}),
                Choice(name="no", label={"en": "No", "ja": "いいえ"}),
            )
        },
        survey=(
            Group(
                group="home",
                label={"en": "Home", "ja": "家"},
                relevant="${a} = 'x'",
                questions=(
                    Question(
                        name="rooms",
                        type="integer",
                        label={"en": "Rooms", "ja": "部屋数"},
                        hint={"en": "Count\nonce.", "ja": "一度だけ"},
                        required=True,
                        constraint=". > 0",
                    ),
                    Question(name="note", type="note", label={"default": "Thanks: bye"}),
                ),
            ),
            Repeat(repeat="pets", questions=(Question(name="pet", type="text"),)),
        ),
    )

    assert to_yaml(questionnaire) == (
        """\
form_id: visit
version: "2011.10"
title: {en: Visit, ja: 訪問}
default_language: en
languages: {en: English (en), ja: 日本語 (ja)}

choices:
  yes_no:
    - {name: "yes", label: {en: "Yes", ja: はい}}
    - {name: "no", label: {en: "No", ja: いいえ}}

survey:
  - group: home
    label: {en: Home, ja: 家}
    relevant: ${a} = 'x'
    questions:
      - name: rooms
        type: integer
        label: {en: Rooms, ja: 部屋数}
        hint:
          en: |-
            Count
            once.
          ja: 一度だけ
        required: true
        constraint: . > 0
      - name: note
        type: note
        label: "Thanks: bye"
  - repeat: pets
    questions:
      - name: pet
        type: text
"""
    )


@pytest.mark.parametrize("path", OUR_OWN, ids=lambda path: path.stem)
def test_our_own_questionnaires_read_back_the_same(path, tmp_path):
    questionnaire = load(path)

    assert read_back(questionnaire, tmp_path) == questionnaire


def test_every_question_type_reads_back_the_same(tmp_path):
    questionnaire = every_type_questionnaire()

    assert read_back(questionnaire, tmp_path) == questionnaire


def test_every_imported_form_reads_back_the_same_and_loads(shared_dir, tmp_path):
    """Each real form, imported, is a YAML that `load` takes and that gives the same form."""
    forms = [*shared_dir.glob("xlsforms/*/*.xlsx"), shared_dir / "real-survey" / "form.xlsx"]
    assert len(forms) == 14
    for form in forms:
        questionnaire, _ = read_xlsform(form)
        path = tmp_path / "form.yaml"
        path.write_text(to_yaml(questionnaire), encoding="utf-8", newline="")
        assert load(path) == questionnaire, form.name


AWKWARD = [
    "",
    " ",
    "yes",
    "No",
    "null",
    "~",
    "1",
    "1.0",
    "1e5",
    "0x1F",
    "2011-08-01",
    "12:30",
    ". >= 0",
    "-",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "'a'",
    '"a"',
    "{a}",
    "[a]",
    "a, b",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "|",
    ">",
    "?",
    ":",
    "a:",
    "---",
    "...",
    "a\nb",
    "a\n",
    "\na",
    "a\n\n",
    " a\nb",
    "a\n b",
    "a \nb",
    "a\tb",
    "a\r\nb",
    "\u2028",
    "\ufeff",
    "\x7f",
    "\x85",
    "\x07",
    "\\",
    "難民",
    "難民：庇護",
    "😀",
    "<<",
    "=",
    "true",
    "on",
]

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(AWKWARD)


@given(st.lists(ANY_TEXT, min_size=3, max_size=3), st.sampled_from(AWKWARD))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None
)
@example(["yes", "no", "a: b"], "1")
@example(["a\n  b\n", "\ta", "a\n\n\nb"], "null")
def test_any_text_reads_back_the_same(tmp_path, texts, key):
    """In a block, inside braces, as a key: no text changes, whatever YAML would make of it."""
    first, second, third = texts
    questionnaire = Questionnaire(
        form_id=first,
        title={"default": second},
        languages={key: third},
        choices={key: (Choice(name=first, label={key: second}, columns={key: third}),)},
        survey=(Question(name=first, type="text", label={"en": second}, relevant=third),),
        settings={key: first},
        sheets={"entities": ({key: second},)},
    )

    assert read_back(questionnaire, tmp_path) == questionnaire


@given(st.sampled_from(AWKWARD) | st.text(string.printable, max_size=12))
@settings(deadline=None)
def test_other_readers_of_yaml_see_the_same_text(text):
    """ruamel.yaml, which knows YAML 1.2 alone, agrees with our own reader."""
    written = to_yaml(
        Questionnaire(
            form_id="a",
            title={"en": text, "ja": "x"},
            survey=(Question(name="a", type="note", label={"default": text}),),
        )
    )

    theirs = YAML(typ="safe", pure=True).load(written)

    assert theirs == read_document(written, shown="a.yaml").content
    assert theirs["survey"][0]["label"] == text


def test_lines_are_kept_short():
    """Mappings are broken over lines where they would be too long."""
    long = "word " * 30
    written = to_yaml(
        Questionnaire(
            form_id="a",
            title={"en": long.strip(), "ja": "短い"},
            survey=(Question(name="a", type="note", label={"en": "a" * 60, "ja": "b" * 60}),),
        )
    )

    mappings = [line for line in written.splitlines() if "{" in line]
    assert all(len(line) <= WIDTH for line in mappings)
    assert f"  en: {long.strip()}\n  ja: 短い\n" in written
