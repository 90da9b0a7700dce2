"""Loading: what a YAML file means, and all that can be wrong in it, each with line and repair."""

import time

import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.load import load, load_problems
from pipeline.questionnaire.model import (
    Choice,
    Group,
    MissingKind,
    Question,
    Questionnaire,
    Repeat,
    Sensitivity,
)
from pipeline.questionnaire.or_other import fold_or_other, write_out_or_other
from tests.conftest import PROJECT

HEAD = """\
form_id: visit
version: "1"
title: Visit
"""


def problems_of(path):
    """Every problem as code, line, question, rule."""
    _, problems = load_problems(path, shown="instruments/visit.yaml")
    return [
        (found.code, found.place.line, found.place.question, found.place.rule) for found in problems
    ]


def test_a_questionnaire_is_read_whole(written):
    """Every part of the YAML arrives in the model under its own name."""
    path = written(
        visit="""\
        form_id: visit
        version: "2011.08.1"
        title: {en: Visit, ja: 訪問}
        default_language: en
        languages: {en: English (en), ja: 日本語 (ja)}
        choices:
          yes_no:
            - {name: "yes", label: {en: "Yes", ja: はい}}
            - {name: unsure, label: {en: Unsure, ja: 不明}, missing: dont_know}
        survey:
          - group: home
            label: {en: Home, ja: 家}
            questions:
              - name: has_home
                type: select_one yes_no
                label: {en: A home?, ja: 家はありますか}
                required: true
              - repeat: rooms
                label: {en: Room, ja: 部屋}
                relevant: ${has_home} = 'yes'
                questions:
                  - name: room_use
                    type: text
                    label: {en: Use, ja: 用途}
                    sensitivity: open
        changes:
          - {version: "2011.08.1", rename: {house: has_home}}
        """
    )

    expected = Questionnaire(
        form_id="visit",
        version="2011.08.1",
        title={"en": "Visit", "ja": "訪問"},
        default_language="en",
        languages={"en": "English (en)", "ja": "日本語 (ja)"},
        choices={
            "yes_no": (
                Choice(name="yes", label={"en": "Yes", "ja": "はい"}),
                Choice(
                    name="unsure",
                    label={"en": "Unsure", "ja": "不明"},
                    missing=MissingKind.DONT_KNOW,
                ),
            )
        },
        survey=(
            Group(
                group="home",
                label={"en": "Home", "ja": "家"},
                questions=(
                    Question(
                        name="has_home",
                        type="select_one yes_no",
                        label={"en": "A home?", "ja": "家はありますか"},
                        required=True,
                    ),
                    Repeat(
                        repeat="rooms",
                        label={"en": "Room", "ja": "部屋"},
                        relevant="${has_home} = 'yes'",
                        questions=(
                            Question(
                                name="room_use",
                                type="text",
                                label={"en": "Use", "ja": "用途"},
                                sensitivity=Sensitivity.OPEN,
                            ),
                        ),
                    ),
                ),
            ),
        ),
        changes=({"version": "2011.08.1", "rename": {"house": "has_home"}},),
    )
    assert load(path) == expected
    assert [item.name for item in load(path).items] == ["has_home", "room_use"]


def test_only_true_false_null_and_numbers_are_not_text(written):
    """`yes`, `on` and a day are words, as YAML 1.2 has it; a quoted number is a word too."""
    path = written(
        visit=HEAD
        + """\
choices:
  l:
    - {name: no, label: on}
    - {name: "1", label: 2011-08-01}
survey:
  - {name: a, type: select_one l, label: A, required: true, default: no}
"""
    )

    questionnaire = load(path)

    assert [choice.name for choice in questionnaire.choices["l"]] == ["no", "1"]
    assert questionnaire.choices["l"][1].label == {"default": "2011-08-01"}
    assert questionnaire.survey[0].required is True
    assert questionnaire.survey[0].default == "no"


def test_blocks_come_first_and_bring_their_choices(written):
    """What `include` names is asked before the form's own questions, block by block."""
    path = written(
        visit=HEAD
        + """\
include: [blocks/opening.yaml, blocks/consent.yaml]
choices:
  own: [{name: a, label: A}]
survey:
  - {name: last, type: select_one own, label: Last}
""",
        blocks__opening="""\
        choices:
          yes_no: [{name: "yes", label: "Yes"}]
        survey:
          - {name: first, type: date, label: First}
        """,
        blocks__consent="""\
        survey:
          - {name: consent, type: select_one yes_no, label: Consent}
        """,
    )

    questionnaire = load(path)

    assert [item.name for item in questionnaire.items] == ["first", "consent", "last"]
    assert list(questionnaire.choices) == ["yes_no", "own"]


def test_a_problem_in_a_block_names_the_block(written):
    """File and line are those of the file where the mistake stands."""
    path = written(
        visit=HEAD
        + "include: [blocks/opening.yaml]\nsurvey:\n  - {name: b, type: tex, label: B}\n",
        blocks__opening="survey:\n  - {name: a, type: date, label: A}\n  - {name: c, type: dat}\n",
    )

    _, problems = load_problems(path, shown="instruments/visit.yaml")

    assert [(p.code, p.place.file, p.place.line) for p in problems if p.code == "LOAD-010"] == [
        ("LOAD-010", "instruments/blocks/opening.yaml", 3),
        ("LOAD-010", "instruments/visit.yaml", 6),
    ]


def test_or_other_is_written_out(written):
    """The choice and the question that pyxform would add are there for every reader."""
    path = written(
        visit=HEAD
        + """\
choices:
  colour: [{name: red, label: Red}]
survey:
  - {name: colour, type: select_one colour, label: Colour, or_other: true}
"""
    )

    questionnaire = load(path)

    assert [choice.name for choice in questionnaire.choices["colour"]] == ["red", "other"]
    assert [(item.name, item.question.type) for item in questionnaire.items] == [
        ("colour", "select_one colour"),
        ("colour_other", "text"),
    ]
    assert questionnaire.items[1].question.relevant == "selected(../colour, 'other')"


BROKEN = {
    "not YAML": (
        HEAD + "survey: [\n",
        [("LOAD-002", 5, None, None)],
    ),
    "no questionnaire": ("- a\n- b\n", [("LOAD-005", None, None, None)]),
    "a key twice": (
        HEAD + "survey:\n  - name: a\n    type: text\n    label: A\n    type: note\n",
        [("LOAD-003", 8, None, None)],
    ),
    "an unknown key": (
        HEAD + "survey:\n  - {name: a, type: text, label: A, requird: true}\n",
        [("LOAD-004", 5, "a", "requird")],
    ),
    "no name": (
        HEAD + "survey:\n  - {type: text, label: A}\n",
        [("LOAD-005", 5, None, "name")],
    ),
    "a number for text": (
        (
            "form_id: visit\ntitle: Visit\nversion: 2011.10\n"
            "survey: [{name: a, type: note, label: A}]\n"
        ),
        [("LOAD-006", 3, None, "version")],
    ),
    "required is no yes or no": (
        HEAD + "survey:\n  - name: a\n    type: text\n    label: A\n    required: [1]\n",
        [("LOAD-006", 8, "a", "required")],
    ),
    "a wrong kind of missing": (
        HEAD + "choices:\n  l:\n    - {name: a, label: A, missing: never}\n"
        "survey:\n  - {name: a, type: select_one l, label: A}\n",
        [("LOAD-006", 6, "l", "missing")],
    ),
    "a kind of missing that no choice has": (
        HEAD + "choices:\n  l:\n    - {name: a, label: A, missing: not_asked}\n"
        "survey:\n  - {name: a, type: select_one l, label: A}\n",
        [("LOAD-018", 6, "l", None)],
    ),
    "a block that is not there": (
        HEAD + "include: [opening.yaml]\nsurvey: [{name: a, type: note, label: A}]\n",
        [("LOAD-007", 4, None, None)],
    ),
    "an unknown type": (
        HEAD + "survey:\n  - {name: a, label: A,\n     type: intger}\n",
        [("LOAD-010", 6, "a", "type")],
    ),
    "a type without its list": (
        HEAD + "survey:\n  - {name: a, label: A, type: select_one}\n",
        [("LOAD-010", 5, "a", "type")],
    ),
    "an unknown list": (
        HEAD + "survey:\n  - {name: a, label: A, type: select_one nowhere}\n",
        [("LOAD-011", 5, "a", "type")],
    ),
    "an empty list": (
        HEAD + "choices:\n  l: []\nsurvey:\n  - {name: a, label: A, type: text}\n",
        [("LOAD-014", 5, "l", None)],
    ),
    "nothing after the key": (
        HEAD + "survey:\n  - {name: a, label: A, type: }\n",
        [("LOAD-014", 5, "a", "type")],
    ),
    "a name twice": (
        HEAD
        + "survey:\n  - {name: a, label: A, type: text}\n  - {name: a, label: A, type: text}\n",
        [("LOAD-012", 6, "a", "name")],
    ),
    "a choice twice": (
        HEAD + "choices:\n  l:\n    - {name: a, label: A}\n    - {name: a, label: B}\n"
        "survey:\n  - {name: a, type: select_one l, label: A}\n",
        [("LOAD-012", 7, "l", None)],
    ),
    "a name that is no XML name": (
        HEAD + "survey:\n  - {name: 1st place, label: A, type: text}\n",
        [("LOAD-013", 5, "1st place", "name")],
    ),
    "a name that a column of every response has": (
        HEAD + "survey:\n  - {name: mode, type: text, label: A}\n"
        "  - repeat: issues\n    label: B\n    questions:\n"
        "      - {name: mode, type: text, label: C}\n"
        "      - {name: position, type: text, label: D}\n",
        [
            ("LOAD-025", 5, "mode", "name"),
            ("LOAD-025", 6, "issues", "name"),
            ("LOAD-012", 9, "mode", "name"),
            ("LOAD-025", 10, "position", "name"),
        ],
    ),
    "a form_id that leads out of its folder": (
        "form_id: ../visit\ntitle: Visit\nsurvey:\n  - {name: a, label: A, type: text}\n",
        [("LOAD-013", 1, None, None)],
    ),
    "a choice of several with a space": (
        HEAD + "choices:\n  l:\n    - {name: a b, label: A}\n"
        "survey:\n  - {name: a, type: select_multiple l, label: A}\n",
        [("LOAD-018", 6, "l", None)],
    ),
    "a missing translation": (
        HEAD + "languages: {en: English (en), ja: 日本語 (ja)}\ndefault_language: en\n"
        "survey:\n  - {name: a, type: note, label: {en: A}}\n"
        "  - {name: b, type: note, label: {en: B, ja: B}}\n",
        [("LOAD-015", 7, "a", "label")],
    ),
    "an unknown language": (
        HEAD + "languages: {en: English (en)}\ndefault_language: en\n"
        "survey:\n  - {name: a, type: note, label: {en: A, jp: A}}\n",
        [("LOAD-016", 7, "a", "label")],
    ),
    "no label": (HEAD + "survey:\n  - {name: a, type: text}\n", [("LOAD-017", 5, "a", "label")]),
    "a constraint on a note": (
        HEAD + "survey:\n  - {name: a, type: note, label: A, constraint: 1 = 1}\n",
        [("LOAD-019", 5, "a", "constraint")],
    ),
    "a constraint without message": (
        HEAD + "survey:\n  - {name: a, type: integer, label: A, constraint: . > 0}\n",
        [("LOAD-020", 5, "a", "constraint")],
    ),
    "a trigger that is not asked": (
        HEAD + "survey:\n  - {name: a, type: text, label: A, trigger: '${b}'}\n",
        [("LOAD-021", 5, "a", "trigger")],
    ),
    "a change to a question that is not asked": (
        HEAD + "survey:\n  - {name: a, type: text, label: A}\n"
        'changes:\n  - {version: "1", rename: {b: c}}\n',
        [("LOAD-022", 7, "c", None)],
    ),
    "a calculate without calculation": (
        HEAD + "survey:\n  - {name: a, type: calculate}\n",
        [("LOAD-023", 5, "a", None)],
    ),
    "skips in a circle": (
        HEAD + "survey:\n"
        "  - {name: a, type: text, label: A, relevant: \"${b} = 'x'\"}\n"
        "  - {name: b, type: text, label: B, relevant: \"${c} = 'x'\"}\n"
        '  - {name: c, type: calculate, calculation: "${a}"}\n',
        [
            ("EXPR-015", 5, "a", "relevant"),
            ("LOAD-024", 5, "a", None),
            ("EXPR-015", 6, "b", "relevant"),
        ],
    ),
    "an expression that cannot be read": (
        HEAD + "survey:\n  - name: a\n    type: text\n    label: A\n    relevant: 1 = \n",
        [("EXPR-003", 8, "a", "relevant")],
    ),
    "an unknown name in an expression": (
        HEAD + "survey:\n  - {name: has_cases, type: integer, label: A}\n"
        "  - {name: b, type: text, label: B, relevant: '${has_casse} = 1'}\n",
        [("EXPR-010", 6, "b", "relevant")],
    ),
    "an unknown column in a choice filter": (
        HEAD + "choices:\n  l:\n    - {name: a, label: A, columns: {region: east}}\n"
        "survey:\n  - {name: a, type: select_one l, label: A, choice_filter: regoin = 'east'}\n",
        [("EXPR-017", 8, "a", "choice_filter")],
    ),
    "a name that stands for two questions": (
        HEAD + "survey:\n"
        "  - {group: g, questions: [{name: a, type: text, label: A}]}\n"
        "  - {group: h, questions: [{name: a, type: text, label: A}]}\n"
        "  - {name: b, type: text, label: B, relevant: \"${a} = 'x'\"}\n",
        [("LOAD-012", 6, "a", "name"), ("LOAD-012", 7, "b", "relevant")],
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_found_where_it_stands(written, mistake):
    """Each kind of mistake: its code, line, question and rule, and nothing else is reported."""
    text, expected = BROKEN[mistake]

    assert problems_of(written(visit=text)) == expected


def test_every_problem_says_how_to_repair_it(written):
    """A repair is there for each of the mistakes above."""
    for text, _ in BROKEN.values():
        _, problems = load_problems(written(visit=text))
        assert all(problem.repair and problem.message for problem in problems)


def test_the_nearest_word_is_suggested(written):
    """A misspelt key, type, list and question each gets the word that was meant."""
    path = written(
        visit=HEAD
        + """\
choices:
  yes_no: [{name: "yes", label: "Yes"}]
survey:
  - {name: a, type: intger, label: A, relevnt: 1 = 1}
  - {name: has_cases, type: select_one yes_on, label: B}
  - {name: c, type: text, label: C, relevant: "${has_casse} = 'yes'"}
"""
    )

    _, problems = load_problems(path)

    assert [problem.repair for problem in problems] == [
        "Did you mean 'relevant'?",
        "Did you mean 'integer'?",
        "Did you mean 'yes_no'?",
        "Did you mean 'has_cases'?",
    ]


def test_all_problems_are_found_at_once(written):
    """A wrong value does not keep the rest from being looked at."""
    path = written(
        visit=HEAD
        + """\
choices:
  l: [{name: 1, label: A}]
survey:
  - {type: text, label: A}
  - {name: b, type: tezt, label: {default: B}, requird: true}
  - {name: c, type: select_one l, label: C, relevant: "${b"}
"""
    )

    assert [problem[:3] for problem in problems_of(path)] == [
        ("LOAD-006", 5, "l"),
        ("LOAD-005", 7, None),
        ("LOAD-004", 8, "b"),
        ("LOAD-010", 8, "b"),
        ("EXPR-003", 9, "c"),
    ]


def test_loading_raises_with_every_problem(written):
    """`load` raises once, with all errors and warnings; warnings alone do not stop it."""
    broken = written(visit=HEAD + "survey:\n  - {name: a, type: tex}\n  - {name: b, type: text}\n")
    with pytest.raises(SurveyError) as raised:
        load(broken, shown="instruments/visit.yaml")
    assert [problem.code for problem in raised.value.problems] == ["LOAD-010", "LOAD-017"]
    assert "instruments/visit.yaml:5, question a, type" in str(raised.value)

    only_warned = written(visit=HEAD + "survey:\n  - {name: b, type: text}\n")
    assert load(only_warned).items[0].name == "b"


def test_a_missing_or_unreadable_file_is_a_problem(tmp_path):
    """Neither ends in a traceback."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Zürich".encode("latin-1"))
    for path in (tmp_path / "nowhere.yaml", latin, tmp_path):
        questionnaire, problems = load_problems(path)
        assert questionnaire is None
        assert [problem.code for problem in problems] == ["LOAD-001"]


@pytest.mark.parametrize(
    "text",
    ["a: &a [*a]", "&a {b: *a}", "? [1, 2]\n: 3", "[" * 200_000, "a: !!python/object:os.x {}"],
    ids=["alias in a list", "alias in a mapping", "odd key", "deep", "tag"],
)
def test_hostile_yaml_is_a_problem(tmp_path, text):
    """Aliases that hold themselves, odd keys, deep nesting and tags end in problems."""
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")

    questionnaire, problems = load_problems(path)

    assert questionnaire is None
    assert problems


def test_what_check_finds_in_an_imported_form_are_warnings(written):
    """A form that is in the field already is taken as it is."""
    path = written(
        visit=HEAD
        + "imported_from: form.xlsx\nsurvey:\n"
        + "  - {name: b, type: text, label: B, relevant: \"${nowhere} = 'x'\"}\n"
    )

    _, problems = load_problems(path)

    assert [(problem.code, problem.severity) for problem in problems] == [("EXPR-010", "warning")]
    assert load(path).survey[0].relevant == "${nowhere} = 'x'"


INSTRUMENTS = [
    path for path in sorted((PROJECT / "instruments").glob("*.yaml")) if path.name != "study.yaml"
]


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.stem)
def test_our_own_questionnaires_load_without_a_problem(path):
    """Every text in every language, every name and list known, every expression sound; and fast.

    EXPR-021 stays out: sum() over a repeat cannot be said otherwise, and what it adds is required.
    """
    begun = time.perf_counter()
    questionnaire, problems = load_problems(path)

    assert [str(problem) for problem in problems if problem.code != "EXPR-021"] == []
    assert questionnaire.form_id == path.stem
    assert time.perf_counter() - begun < 2  # 0.1 s on a quiet machine


def test_or_other_is_not_written_out_twice(written):
    """A YAML that has both already, as an import has, is left as it is; folding undoes it."""
    path = written(
        visit=HEAD
        + """\
choices:
  colour: [{name: red, label: Red}]
survey:
  - group: g
    questions:
      - {name: colour, type: select_one colour, label: Colour, or_other: true}
"""
    )
    questionnaire = load(path)

    assert write_out_or_other(questionnaire) == questionnaire
    folded = fold_or_other(questionnaire)
    assert [choice.name for choice in folded.choices["colour"]] == ["red"]
    assert [item.name for item in folded.items] == ["colour"]
    assert write_out_or_other(folded) == questionnaire
