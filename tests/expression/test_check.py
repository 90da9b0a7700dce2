"""Mistakes in an expression are found before anyone answers: each with its column and repair."""

import pytest

from pipeline.errors import Severity
from pipeline.expression.check import Scope, Symbol, check
from pipeline.expression.functions_page import PAGE, functions_page
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse
from pipeline.expression.problems import CODES

SYMBOLS = {
    symbol.name: symbol
    for symbol in (
        Symbol("has_cases", Kind.SELECT_ONE, None, 1, "yes_no", frozenset({"yes", "no"})),
        Symbol("cases", Kind.INTEGER, None, 2),
        Symbol("since", Kind.DATE, None, 3),
        Symbol("opens", Kind.TIME, None, 4),
        Symbol("languages", Kind.SELECT_MULTIPLE, None, 5),
        Symbol("note", Kind.TEXT, None, 6),
        Symbol("ties", Kind.OTHER, None, 7),
        Symbol("strength", Kind.INTEGER, "ties", 8),
        Symbol("last", Kind.INTEGER, "ties", 9),
        Symbol("here", Kind.INTEGER, None, 10, "yes_no"),
        Symbol("later", Kind.TEXT, None, 11),
    )
}
LISTS = {"yes_no": frozenset({"name", "label", "region"})}


def found(text, rule="relevant", here="here"):
    """Code, column and severity of each problem."""
    scope = Scope(SYMBOLS, SYMBOLS[here], LISTS, rule)
    return [(one.code, one.place.column, one.severity) for one in check(parse(text), scope)]


ERRORS = [
    ("${has_casse} = 'yes'", "EXPR-010", 1),
    ("../has_casse = 'yes'", "EXPR-010", 1),
    ("selcted(${languages}, 'zh')", "EXPR-011", 1),
    ("selected(${languages})", "EXPR-012", 1),
    ("today(1) > 0", "EXPR-012", 1),
    ("selected(${cases}, '1')", "EXPR-013", 10),
    ("selected(${languages}, 1)", "EXPR-013", 24),
    ("${since} > '2011-08-01'", "EXPR-013", 12),
    ("${cases} = 'many'", "EXPR-013", 12),
    ("${cases} + 'many' > 1", "EXPR-013", 12),
    ("pow('many', 2) > 1", "EXPR-013", 5),
    ("${opens} < ${opens}", "EXPR-013", 1),
    ("${here} = 1", "EXPR-014", 1),
    (". > 0", "EXPR-014", 1),
    ("${strength} > 3", "EXPR-016", 1),
    ("instance('yesno')/root/item/label = ''", "EXPR-017", 1),
    ("instance('yes_no')/root/item[name = 'yes']/labell = ''", "EXPR-017", 44),
    ("instance('yes_no')/root/item[regio = 'x']/label = ''", "EXPR-017", 30),
    ("${has_cases} = 'yess'", "EXPR-018", 16),
    ("regex(${note}, '^[$')", "EXPR-019", 16),
    ("date('2011-13-01') < today()", "EXPR-019", 6),
    ("format-date(${since}, '%A') = 'x'", "EXPR-019", 23),
    ("/form/* = 1", "EXPR-023", 1),
]
WARNINGS = [
    ("${later} = ''", "EXPR-015", 1),
    ("regex(${note}, '[0-9]')", "EXPR-021", 1),
    ("round(${cases} div 2) > 1", "EXPR-021", 1),
    ("decimal-time(${opens}) < 0.5", "EXPR-021", 1),
    ("count(${ties}[${strength} > 3]) > 1", "EXPR-021", 15),
    ("min(${strength}) > 1", "EXPR-021", 1),
    ("${cases}", "EXPR-021", 1),
    ("not(${has_cases})", "EXPR-021", 5),
    ("${cases} > 1 and ${note}", "EXPR-021", 18),
    ("${since} > now()", "EXPR-021", 1),
    ("concat(${cases} + 1, 'x') = ''", "EXPR-021", 8),
    ("date(${cases}) > today()", "EXPR-021", 6),
    ("--${cases} > 1", "EXPR-021", 1),
    ("max(${cases}, 1) > 1", "EXPR-021", 1),
    ("${ties}[2]/strength > 1", "EXPR-021", 9),
    ("${last-saved#cases} > 1", "EXPR-022", 1),
    ("cases > 1", "EXPR-023", 1),
]
RIGHT = [
    "${has_cases} = 'yes' and ${cases} > 3",
    "selected(${languages}, 'zh') or not(selected(${has_cases}, 'no'))",
    "${since} > date('2011-08-01') and ${since} <= today()",
    "${cases} != '' and ${opens} != ''",
    "count(${ties}) > 1",
    "count(${ties}[strength > 3]) > 1",
    "min(coalesce(${cases}, 0), 3) > 1",
    "max(coalesce(${cases}, 0), 3) > 1",
    "round(${cases}) > 1",
    "not(${cases} > 1) and (${cases} = 1) = (${note} != '')",
    "concat(${note}, ${cases}, coalesce(${cases}, 0) + 1) != ''",
    "indexed-repeat(${strength}, ${ties}, 1) > 3",
    "${ties}[position() = 2]/strength > 1",
    "instance('yes_no')/root/item[region = ${note}]/label = 'x'",
    "regex(${note}, '^[0-9]{10}$')",
]


@pytest.mark.parametrize(("text", "code", "column"), ERRORS)
def test_a_mistake_is_an_error_with_its_column(text, code, column):
    """What would stop the form, or be silently false or blank."""
    assert found(text) == [(code, column, Severity.ERROR)]


@pytest.mark.parametrize(("text", "code", "column"), WARNINGS)
def test_a_doubt_is_a_warning_with_its_column(text, code, column):
    """What runs, but not everywhere alike or perhaps not as meant."""
    assert found(text) == [(code, column, Severity.WARNING)]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_has_no_problem(text):
    """No false alarm over ordinary skips."""
    assert found(text) == []


def test_all_mistakes_are_found_at_once():
    """In the order of the text."""
    text = "${has_casse} = 'yes' and selcted(${languages}, 'zh') and ${strength} > 3"
    assert [(code, column) for code, column, _ in found(text)] == [
        ("EXPR-010", 1),
        ("EXPR-011", 26),
        ("EXPR-016", 58),
    ]


def test_a_constraint_looks_at_the_answer_given():
    """`.` is right there, and the question's own name is not."""
    assert found(". > 0", rule="constraint") == []
    assert found("${here} > 0", rule="constraint") == [("EXPR-014", 1, Severity.ERROR)]


def test_a_choice_filter_names_columns():
    """Plain names are columns of the question's own list."""
    assert found("region = ${note}", rule="choice_filter") == []
    assert found("regoin = ${note}", rule="choice_filter") == [("EXPR-017", 1, Severity.ERROR)]


def test_inside_a_repeat_its_questions_are_single():
    """A neighbour in the same instance is one value; the repeat itself is read in two ways."""
    assert found("${strength} > 3", here="last") == []
    assert found("count(${ties}) > 3", here="last") == [("EXPR-021", 7, Severity.WARNING)]


def test_a_problem_reads_as_the_field_needs_it():
    """Code, place, what is wrong and what to do, with the nearest name."""
    (problem,) = check(parse("${has_casse} = 'yes'"), Scope(SYMBOLS, SYMBOLS["here"], LISTS))
    assert str(problem) == (
        "[EXPR-010] question here, relevant, column 1\n"
        "  Unknown name 'has_casse'. Did you mean 'has_cases'?"
    )


def test_every_problem_has_a_code_with_a_title():
    """Whatever is reported can be looked up."""
    reported = {code for _, code, _ in [*ERRORS, *WARNINGS]}
    assert reported < set(CODES)


def test_the_page_of_functions_is_in_step():
    """What messages point to; `python -m pipeline.expression.functions_page` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == functions_page()
