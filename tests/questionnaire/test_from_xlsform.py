"""Importing an XLSForm: every spelling, every column; what cannot be carried is named."""

# ruff: noqa: E501 - a row of a table is one line

import shutil

import pytest
from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from pipeline.errors import SurveyError
from pipeline.questionnaire.check import check
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire, Repeat
from pipeline.questionnaire.to_yaml import to_yaml
from pipeline.questionnaire.types import QUESTION_TYPES
from pipeline.questionnaire.xlsform_languages import language_codes
from pipeline.questionnaire.xlsform_types import read_control, read_type
from tests.questionnaire.xlsforms import FORMS


def found(path):
    """Every problem of an import as code, place and severity."""
    try:
        _, problems = read_xlsform(path)
    except SurveyError as error:
        problems = error.problems
    return [(problem.code, problem.place.cell, str(problem.severity)) for problem in problems]


def test_a_form_is_read_whole(xlsform):
    """Columns by any spelling become the fields of the model; further columns are kept."""
    path = xlsform(
        """
        | survey | | | | | | | | |
        |  | type | name | label::English (en) | label::日本語 (ja) | relevance | required | media::image | bind::odk:x | module |
        |  | begin group | home | Home | 家 | | | | | A |
        |  | select one from yes_no | has_home | Home? | 家は？ | | yes | house.png | y | |
        |  | begin_repeat | rooms | Room | 部屋 | ${has_home} = 'yes' | | | | |
        |  | string | use | Use | 用途 | | no | | | |
        |  | end_repeat | | | | | | | | |
        |  | end group | | | | | | | | |
        | choices | | | | | |
        |  | list name | value | label::English (en) | label::日本語 (ja) | region |
        |  | yes_no | yes | Yes | はい | east |
        |  | yes_no | no | No | いいえ | |
        | settings | | | | |
        |  | form_title | form_id | version | default_language | style |
        |  | Visit | visit | 2011.08 | 日本語 (ja) | pages |
        """
    )

    questionnaire, problems = read_xlsform(path)

    assert problems == []
    assert questionnaire == Questionnaire(
        form_id="visit",
        version="2011.08",
        title={"default": "Visit"},
        default_language="ja",
        languages={"en": "English (en)", "ja": "日本語 (ja)"},
        imported_from="form.md",
        choices={
            "yes_no": (
                Choice(name="yes", label={"en": "Yes", "ja": "はい"}, columns={"region": "east"}),
                Choice(name="no", label={"en": "No", "ja": "いいえ"}),
            )
        },
        survey=(
            Group(
                group="home",
                label={"en": "Home", "ja": "家"},
                columns={"module": "A"},
                questions=(
                    Question(
                        name="has_home",
                        type="select_one yes_no",
                        label={"en": "Home?", "ja": "家は？"},
                        required=True,
                        media={"image": {"default": "house.png"}},
                        columns={"bind::odk:x": "y"},
                    ),
                    Repeat(
                        repeat="rooms",
                        label={"en": "Room", "ja": "部屋"},
                        relevant="${has_home} = 'yes'",
                        questions=(
                            Question(
                                name="use",
                                type="text",
                                label={"en": "Use", "ja": "用途"},
                                required=False,
                            ),
                        ),
                    ),
                ),
            ),
        ),
        settings={"style": "pages"},
    )


@pytest.mark.parametrize("spelling", sorted(QUESTION_TYPE_DICT))
def test_every_type_that_pyxform_knows_is_known(spelling):
    """A type of pyxform's dictionary becomes one of ours; selects need their list."""
    selects = {"select", "rank"} & {spelling.split()[0].removeprefix("q ")}
    needs_list = selects or "select" in spelling
    read = read_type(f"{spelling} colours" if needs_list else spelling)

    assert read is not None
    assert read.type.split()[0] in QUESTION_TYPES


@pytest.mark.parametrize("spelling", sorted(aliases.select))
def test_every_spelling_of_a_select_is_known(spelling):
    """With its list, and with each spelling of `or_other`."""
    expected = {
        "select one": "select_one",
        "select all that apply": "select_multiple",
        "select one external": "select_one_external",
        "rank": "rank",
    }[aliases.select[spelling]]
    ending = ".csv" if "file" in spelling else ""
    expected += "_from_file" if ending else ""

    read = read_type(f"{spelling} colours{ending}")
    assert (read.type, read.or_other) == (f"{expected} colours{ending}", False)
    for other in ("or_other", "or other", "or specify other"):
        assert read_type(f"{spelling} colours{ending} {other}").or_other


@pytest.mark.parametrize("edge", ["begin", "end"])
@pytest.mark.parametrize("between", [" ", "_"])
@pytest.mark.parametrize("spelling", sorted(aliases.control))
def test_every_spelling_of_begin_and_end_is_known(edge, between, spelling):
    assert read_control(f"{edge}{between}{spelling}") == (edge, aliases.control[spelling], None)


@pytest.mark.parametrize("word", ["", "intger", "select_one", "begin", "Integer", "select_one a b"])
def test_what_is_no_type_is_no_type(word):
    assert read_type(word) is None


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["English (en)", "日本語 (ja)"], ["en", "ja"]),
        (["english", "french"], ["en", "fr"]),
        (["en", "ar"], ["en", "ar"]),
        (["繁體中文 (zh)", "简体中文 (zh)"], ["zh-Hant", "zh-Hans"]),
        (["English (en)", "English"], ["en", "English"]),
        (["Deutsch", "German (de)"], ["de", "German_de"]),
        (["Tok Pisin", "a/b"], ["Tok_Pisin", "a_b"]),
        (["default"], []),
    ],
)
def test_a_language_has_a_short_code(names, codes):
    """From its brackets, its name, or made of the name; never the same twice."""
    assert list(language_codes(names).values()) == codes


def test_a_text_without_language_is_for_all(xlsform):
    """It stands beside texts in languages, as pyxform has it."""
    questionnaire, _ = read_xlsform(
        xlsform(
            """
            | survey | | | | |
            |  | type | name | label::English (en) | hint |
            |  | text | a | A | For all |
            """
        )
    )

    assert questionnaire.items[0].question.label == {"en": "A"}
    assert questionnaire.items[0].question.hint == {"default": "For all"}


def test_names_that_stand_twice_are_told_apart(xlsform):
    """The columns of both carry the group's name; nothing is overwritten."""
    questionnaire, _ = read_xlsform(xlsform(FORMS["duplicate names"]))

    assert list(questionnaire.by_name) == ["g/a", "h/a"]
    assert questionnaire.by_name["h/a"].path == ("h",)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_imported_reads_back_from_its_yaml(xlsform, tmp_path, form):
    """Nothing that an XLSForm says is lost on the way through our YAML, and it loads."""
    questionnaire, _ = read_xlsform(xlsform(FORMS[form]))
    path = tmp_path / "form.yaml"
    path.write_text(to_yaml(questionnaire), encoding="utf-8")

    assert load(path) == questionnaire


def test_a_form_is_known_by_its_content_not_by_its_ending(shared_dir, tmp_path):
    """One of ODK's samples is an old XLS named `.xlsx`; a copy with its true ending is the same."""
    misnamed = shared_dir / "xlsforms/odk/001_ifrc-distribution-site-assessment-v1.xlsx"
    renamed = tmp_path / "001_ifrc-distribution-site-assessment-v1.xls"
    shutil.copyfile(misnamed, renamed)

    questionnaire, problems = read_xlsform(misnamed)

    assert problems == []
    assert len(questionnaire.items) == 95
    same = read_xlsform(renamed)[0].model_copy(update={"imported_from": misnamed.name})
    assert same == questionnaire


def test_a_csv_is_an_xlsform_too(tmp_path):
    path = tmp_path / "form.csv"
    path.write_text(
        'survey,,,\n,type,name,label\n,text,a,"A, b"\nsettings,,,\n,form_id,,\n,abc,,\n',
        encoding="utf-8",
    )

    questionnaire, _ = read_xlsform(path)

    assert questionnaire.form_id == "abc"
    assert questionnaire.survey == (Question(name="a", type="text", label={"default": "A, b"}),)


def test_a_form_may_be_given_another_id(xlsform):
    path = xlsform("| survey | | |\n| | type | name |\n| | text | a |\n", name="my_form.md")

    assert read_xlsform(path)[0].form_id == "my_form"
    assert read_xlsform(path, form_id="visit")[0].form_id == "visit"


LEFT_OUT = {
    "a disabled row": (
        """
        | survey | | | | |
        |  | type | name | label | disabled |
        |  | text | a | A | yes |
        |  | text | b | B | |
        """,
        [("IMPORT-003", "survey!A2", "warning")],
    ),
    "a comment": (
        """
        | survey | | | | |
        |  | type | name | label | module |
        |  | text | b | B | |
        |  | | | | here come the rooms |
        """,
        [("IMPORT-003", "survey!A3", "warning")],
    ),
    "cells of an end row": (
        """
        | survey | | | | |
        |  | type | name | label | relevant |
        |  | begin group | g | G | |
        |  | text | b | B | |
        |  | end group | g | | true() |
        """,
        [("IMPORT-004", "survey!A4", "warning")],
    ),
    "a choice without list": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | text | b | B |
        | choices | | | |
        |  | list_name | name | label |
        |  | | a | A |
        """,
        [("IMPORT-003", "choices!A2", "warning")],
    ),
    "further rows of settings": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | text | b | B |
        | settings | |
        |  | form_id |
        |  | a |
        |  | b |
        """,
        [("IMPORT-003", "settings!A3", "warning")],
    ),
    "other sheets": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | text | b | B |
        | readme | |
        |  | hello |
        | _aside | |
        |  | hello |
        """,
        [("IMPORT-002", "readme!A1", "warning")],
    ),
    "no type": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | | b | B |
        """,
        [("IMPORT-006", "survey!A2", "error")],
    ),
    "no name": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | text | | B |
        """,
        [("IMPORT-006", "survey!A2", "error")],
    ),
    "unknown types, all of them": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | intger | a | A |
        |  | text | b | B |
        |  | select_onee l | c | C |
        """,
        [("LOAD-010", "survey!A2", "error"), ("LOAD-010", "survey!A4", "error")],
    ),
    "a group that never ends": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | begin group | g | G |
        |  | text | b | B |
        """,
        [("IMPORT-005", "survey!A2", "error")],
    ),
    "an end too many": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | text | b | B |
        |  | end group | | |
        """,
        [("IMPORT-005", "survey!A3", "error")],
    ),
    "a repeat ended as a group": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | begin repeat | g | G |
        |  | text | b | B |
        |  | end group | | |
        """,
        [("IMPORT-005", "survey!A4", "error")],
    ),
    "parameters that cannot be read": (
        """
        | survey | | | | |
        |  | type | name | label | parameters |
        |  | range | b | B | start= = 3 |
        """,
        [("IMPORT-006", "survey!A2", "error")],
    ),
    "a choice without name": (
        """
        | survey | | | |
        |  | type | name | label |
        |  | text | b | B |
        | choices | | | |
        |  | list_name | name | label |
        |  | l | | A |
        """,
        [("IMPORT-006", "choices!A2", "error")],
    ),
    "no sheet survey": (
        """
        | servey | | | |
        |  | type | name | label |
        |  | text | b | B |
        | choices | | |
        |  | list_name | name |
        """,
        [("IMPORT-001", None, "error")],
    ),
    "no column type": (
        """
        | survey | | |
        |  | name | label |
        |  | b | B |
        """,
        [("IMPORT-001", None, "error")],
    ),
    "two spellings of one column": (
        """
        | survey | | | | |
        |  | type | name | relevant | relevance |
        |  | text | b | 1=1 | 1=1 |
        """,
        [("IMPORT-001", None, "error")],
    ),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_cannot_be_carried_is_named_with_its_row(xlsform, what):
    """Each row, cell or sheet that is left out is a warning; what makes no form is an error."""
    table, expected = LEFT_OUT[what]

    assert found(xlsform(table)) == expected


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0 no xls", b"\xff\xfe\x00"]
)
@pytest.mark.parametrize("name", ["form.xlsx", "form.xls", "form.csv", "form.md", "form"])
def test_what_is_no_form_is_refused_in_words(tmp_path, content, name):
    """No file ends in a traceback."""
    path = tmp_path / name
    path.write_bytes(content)

    assert [code for code, *_ in found(path)] == ["IMPORT-001"]


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    assert found(tmp_path / "nowhere.xlsx") == [("IMPORT-001", None, "error")]
    assert found(tmp_path) == [("IMPORT-001", None, "error")]


def test_a_csv_out_of_excel_is_read(tmp_path):
    """Excel's "CSV UTF-8" begins with a byte order mark, at which pyxform itself stops."""
    path = tmp_path / "form.csv"
    path.write_text("survey,,,\n,type,name,label\n,text,a,甲\n", encoding="utf-8-sig")

    questionnaire, problems = read_xlsform(path)

    assert problems == []
    assert questionnaire.survey == (Question(name="a", type="text", label={"default": "甲"}),)


def test_a_csv_of_another_encoding_is_refused_in_words(tmp_path):
    path = tmp_path / "form.csv"
    path.write_bytes("survey,,,\n,type,name,label\n,text,a,é\n".encode("latin-1"))

    assert found(path) == [("IMPORT-001", None, "error")]


def test_a_list_of_an_unknown_kind_is_named(xlsform):
    """No reader, no rows: the file is named, and `check` refuses the type."""
    path = xlsform("""
        | survey |
        | | type | name | label |
        | | select_one_from_file towns.pdf | town | Which? |
    """)

    questionnaire, problems = read_xlsform(path)

    assert [problem.code for problem in problems] == ["IMPORT-007"]
    assert [problem.code for problem in check(questionnaire)] == ["LOAD-011"]


def test_yes_and_no_are_rules(xlsform):
    """In whatever spelling pyxform takes; the engines and the XForm then see the same."""
    path = xlsform("""
        | survey |
        | | type | name | label | relevant | required | readonly |
        | | text | a | A | yes | TRUE | No |
        | | text | b | B | false | ${a} = 'x' | |
    """)

    first, second = read_xlsform(path)[0].survey

    assert (first.relevant, first.required, first.read_only) == ("true()", True, False)
    assert (second.relevant, second.required) == ("false()", "${a} = 'x'")
