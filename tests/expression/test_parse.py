"""Text to tree and back: what is written is what is meant; mistakes are named with a column."""

import pytest
from hypothesis import given, settings
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform

from pipeline.errors import SurveyError
from pipeline.expression.parse import MAX_DEPTH, parse, references
from pipeline.expression.to_xpath import to_xpath
from pipeline.expression.tree import (
    Binary,
    Call,
    Current,
    Filtered,
    Negate,
    Number,
    Path,
    Reference,
    Step,
    Text,
    operands,
)
from tests.expression.drawn import expressions

AND = Binary("and", Reference("a"), Reference("b"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("${age} >= 18", Binary(">=", Reference("age"), Number(18))),
        (".>17", Binary(">", Current(), Number(17))),
        ("${a}and${b} or 1", Binary("or", AND, Number(1))),
        ("1 - 2 - 3", Binary("-", Binary("-", Number(1), Number(2)), Number(3))),
        ("1 + 2 * -3", Binary("+", Number(1), Binary("*", Number(2), Negate(Number(3))))),
        ("6 div 2 mod 2", Binary("mod", Binary("div", Number(6), Number(2)), Number(2))),
        ("-5 mod 2", Binary("mod", Negate(Number(5)), Number(2))),
        ("if (1, 'a', \"b\")", Call("if", (Number(1), Text("a"), Text("b")))),
        ("today()", Call("today")),
        ("position(..)", Call("position", (Path(None, (Step(".."),)),))),
        ("../name", Path(None, (Step(".."), Step("name")))),
        ("/form/name", Path(None, (Step("form"), Step("name")), absolute=True)),
        ("region=${r}", Binary("=", Path(None, (Step("region"),)), Reference("r"))),
        ("${r}[. > 1]", Filtered(Reference("r"), (Binary(">", Current(), Number(1)),))),
        (
            "instance('l')/root/item[name = ${q}]/label",
            Path(
                Call("instance", (Text("l"),)),
                (
                    Step("root"),
                    Step("item", (Binary("=", Path(None, (Step("name"),)), Reference("q")),)),
                    Step("label"),
                ),
            ),
        ),
        ("${project_role-a.b}", Reference("project_role-a.b")),
        ("${last-saved#age}", Reference("age", last_saved=True)),
        ("selected(${q}, ‘yes’)", Call("selected", (Reference("q"), Text("yes")))),
        ("div div div", Binary("div", Path(None, (Step("div"),)), Path(None, (Step("div"),)))),
        (".5", Number(0.5)),
        ("${名前} = '台東'", Binary("=", Reference("名前"), Text("台東"))),
    ],
)
def test_each_form_of_writing_has_one_tree(text, tree):
    """Precedence, brackets, spaces and curly quotation marks are read as ODK reads them."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "EXPR-001", 1),
        ("  ", "EXPR-001", 1),
        ("1 +", "EXPR-003", 4),
        ("(1", "EXPR-003", 3),
        ("1)", "EXPR-003", 2),
        ("'yes", "EXPR-003", 1),
        ("${age", "EXPR-003", 1),
        ("${age} ${sex}", "EXPR-003", 8),
        ("${age} & 1", "EXPR-002", 8),
        ("${age}\u00a0= 1", "EXPR-002", 7),
        ("if(1,,2)", "EXPR-003", 6),
        ("=", "EXPR-003", 1),
        ("Keine Anmerkungen", "EXPR-003", 7),
        ("-" * (MAX_DEPTH + 1) + "1", "EXPR-004", 1),
    ],
)
def test_a_mistake_is_named_with_its_column(text, code, column):
    """One problem, never a traceback of the parser's own."""
    with pytest.raises(SurveyError) as raised:
        parse(text)
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.column) == (code, column)
    assert problem.repair


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_what_is_printed_is_read_back(expression):
    """parse(to_xpath(tree)) == tree, for every tree."""
    assert parse(to_xpath(expression)) == expression


def test_a_node_knows_its_place():
    """Spans are positions in the text as written, and are no part of equality."""
    found = parse("1 + ${age}")
    assert isinstance(found, Binary)
    assert found.right.span == (4, 10)
    assert found == parse("1+${age}")


def test_a_long_chain_needs_no_depth():
    """Three hundred choices joined by `or` are one level, as real forms write them."""
    text = " or ".join(f"${{q}} = '{number}'" for number in range(300))
    found = parse(text)
    assert isinstance(found, Binary)
    assert len(operands(found)) == 300
    assert to_xpath(found) == text


def test_references_are_the_names_written():
    """`${name}` wherever it stands, filters included."""
    found = parse("sum(${cost}[../age > ${limit}]) + ${rate} * ${rate}")
    assert references(found) == {"cost", "limit", "rate"}


COLUMNS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required")
ALIASES = {"relevance": "relevant", "calculate": "calculation"}
NO_WORKBOOK = "001_ifrc-distribution-site-assessment-v1.xlsx"  # holds a theme and no sheets
NOT_EXPRESSIONS = {"yes", "no", "true", "false", "T", "F"}


def wild(shared_dir):
    """Every expression of every real form, with the form that has it."""
    files = [*sorted(shared_dir.glob("xlsforms/*/*.xlsx")), shared_dir / "real-survey/form.xlsx"]
    for file in files:
        try:
            rows = get_xlsform(str(file)).survey
        except PyXFormError:
            assert file.name == NO_WORKBOOK
            continue
        for row in rows:
            for header, text in row.items():
                name = header.lower().removeprefix("bind::").strip()
                name = ALIASES.get(name, name)
                is_expression = name in COLUMNS and str(text).strip()
                if is_expression and str(text) not in NOT_EXPRESSIONS:
                    yield file.name, name, str(text)


def test_every_expression_of_real_forms_is_read_and_printed(shared_dir):
    """All but the malformed, which are listed here; there are none."""
    malformed, seen = {}, 0
    for file, name, text in wild(shared_dir):
        seen += 1
        try:
            found = parse(text)
        except SurveyError as error:
            malformed[(file, name, text)] = error.problems[0].code
        else:
            assert parse(to_xpath(found)) == found
    assert malformed == {}
    assert seen > 2000
