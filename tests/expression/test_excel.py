# ruff: noqa: DTZ001, DTZ011, FBT003 - cells hold wall clock times and truths
"""Excel formulas mean what the reference means, as LibreOffice works them out."""

import math
import random
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from pipeline.expression.answers import Answers, Instance
from pipeline.expression.evaluate import evaluate
from pipeline.expression.excel_functions import SAYINGS
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.parse import parse
from pipeline.expression.to_excel import condition, to_excel, why_not
from pipeline.expression.tree import OPERATORS, Binary, Call, Negate, walk
from pipeline.expression.values import truth
from tests.expression.conforming import EVERYWHERE, EXCEL_DIFFERENT, EXCEL_UNSAYABLE
from tests.expression.test_javarosa import GRID, KINDS, LISTS, drawn, typed
from tests.libreoffice import save_anew

RESPONSES = 60
INSTANCES = 3
NEVER_ALONE = {"position"}  # the number of an instance stands in a cell of its row; see below
WORD = {"s": ["", "09" + "1" * 8, "1e3", "1/2", "$5", "50%", "１２", "x" * 300, "A" * 40, 'a"b']}


def responses():
    rng = random.Random(7)  # noqa: S311 - a seeded draw
    for number in range(RESPONSES):
        answers, roster = drawn(rng, blank=number == 0)
        if number % 4 == 1:
            answers["s"] = WORD["s"][number // 4 % len(WORD["s"])]
        yield answers, roster


def addresses(row):
    """Cell of each question in this row; the roster lies beside, one cell an instance."""
    letters = {name: get_column_letter(place) for place, name in enumerate(GRID, 1)}
    cells = {name: f"${letter}${row}" for name, letter in letters.items()}
    start = len(GRID) + 1
    for place, name in enumerate(("x", "y", "r")):
        first = get_column_letter(start + place * INSTANCES)
        last = get_column_letter(start + place * INSTANCES + INSTANCES - 1)
        cells[name] = f"${first}${row}:${last}${row}"
    return cells


def as_cell(value, row):
    """Blank is an empty cell in some rows, and a formula's empty text in others."""
    if value is None:
        return None if row % 2 else '=""'
    if isinstance(value, str) and value[2:3] == ":":
        return time.fromisoformat(value)
    return value


@pytest.fixture(scope="module")
def worked_out(soffice, tmp_path_factory):
    """For each response: what it is, and each expression's value and truth in LibreOffice."""
    return work_out_grid(soffice, tmp_path_factory.mktemp("excel"))


def work_out_grid(soffice, folder):
    book = openpyxl.Workbook()
    sheet = book.active
    said, places = [], []
    for row, (answers, roster) in enumerate(responses(), 1):
        cells, values = addresses(row), typed(answers)
        for place, name in enumerate(GRID, 1):
            sheet.cell(row, place, as_cell(values[name], row))
        members = [typed(member) for member in roster]
        for place, member in enumerate(members):
            start = len(GRID) + 1 + place
            sheet.cell(row, start, as_cell(member["x"], row))
            sheet.cell(row, start + INSTANCES, as_cell(member["y"], row))
            sheet.cell(row, start + 2 * INSTANCES, True)
        said = [text for text in EVERYWHERE if to_excel(parse(text), cells, KINDS, None)]
        start = len(GRID) + 3 * INSTANCES + 1
        for place, text in enumerate(said):
            for shift, spell in enumerate((to_excel, condition)):
                formula = spell(parse(text), cells, KINDS, None)
                cell = sheet.cell(row, start + 2 * place + shift)
                cell.value = None if formula is None else f"={formula}"
        instance = Instance(values, {"r": [Instance(member) for member in members]})
        places.append(Answers(instance, date.today(), KINDS, lists=LISTS, list_of={"so": "l"}))
    book.save(folder / "grid.xlsx")
    (folder / "out").mkdir()
    (anew,) = save_anew(soffice, [folder / "grid.xlsx"], folder / "out")
    rows = openpyxl.load_workbook(anew, data_only=True).active
    found = []
    for row, place in enumerate(places, 1):
        start = len(GRID) + 3 * INSTANCES + 1
        pairs = {
            text: tuple(rows.cell(row, start + 2 * n + shift).value for shift in (0, 1))
            for n, text in enumerate(said)
        }
        found.append((place, pairs))
    return found


def expected(value):
    """The reference's value as a cell holds it."""
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, float) and math.isinf(value):
        return math.copysign(1e307, value)
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30)).total_seconds() / 86400
    return value


def shown(value):
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30)).total_seconds() / 86400
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return "" if value is None else value


def alike(left, right):
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return type(left) is type(right) and left == right


def differences(worked_out):
    different = {}
    for place, pairs in worked_out:
        for text, (value, _) in pairs.items():
            want = expected(evaluate(parse(text), place))
            if not alike(want, shown(value)):
                different.setdefault(text, []).append((want, value))
    return different


def test_every_formula_gives_the_reference_value(worked_out):
    """Blanks, zero, negatives, fractions, wide digits, long texts and sets of choices alike."""
    different = differences(worked_out)
    unexplained = {t: pairs[:4] for t, pairs in different.items() if t not in EXCEL_DIFFERENT}
    assert unexplained == {}
    assert set(EXCEL_DIFFERENT) - set(different) == set()


def test_every_condition_gives_the_reference_truth(worked_out):
    """A skip or check is TRUE or FALSE, and never an error."""
    different = {}
    for place, pairs in worked_out:
        for text, (_, flag) in pairs.items():
            if flag is not None and flag != truth(evaluate(parse(text), place)):
                different.setdefault(text, []).append(flag)
    assert {t: flags[:4] for t, flags in different.items() if t not in EXCEL_DIFFERENT} == {}


def test_what_excel_cannot_say_has_a_reason():
    """Every expression of the grid is said, or listed here, and then says why not."""
    cells = addresses(1)
    unsaid = {
        text: why_not(parse(text), cells, KINDS, None)
        for text in EVERYWHERE
        if to_excel(parse(text), cells, KINDS, None) is None
    }
    assert unsaid == EXCEL_UNSAYABLE


def test_the_table_of_functions_knows_what_excel_can_say():
    """A function marked as not sayable is in no formula; every other one is in some."""
    unsayable = {name for name, row in FUNCTIONS.items() if row.no_excel}
    assert unsayable & set(SAYINGS) == set()
    assert set(FUNCTIONS) - unsayable == set(SAYINGS) | {"regex", "position"}


def test_every_function_that_excel_can_say_is_in_the_workbook():
    """A new row in the table of functions needs an expression in the grid that Excel can say."""
    cells = addresses(1)
    said = [parse(text) for text in EVERYWHERE if to_excel(parse(text), cells, KINDS, None)]
    nodes = [node for expression in said for node in walk(expression)]
    called = {node.name for node in nodes if isinstance(node, Call)}
    sayable = {name for name, row in FUNCTIONS.items() if not row.no_excel}
    assert sayable - called == NEVER_ALONE


def test_every_operator_is_in_the_workbook():
    cells = addresses(1)
    said = [parse(text) for text in EVERYWHERE if to_excel(parse(text), cells, KINDS, None)]
    nodes = [node for expression in said for node in walk(expression)]
    assert {node.operator for node in nodes if isinstance(node, Binary)} == set(OPERATORS)
    assert any(isinstance(node, Negate) for node in nodes)


def test_every_value_of_the_grid_is_in_the_workbook():
    """Blanks, zero, negatives, fractions, wide digits, long texts, sets of choices."""
    drawn_ = [answers for answers, _ in responses()]
    assert {
        (name, value)
        for name, values in GRID.items()
        for value in [*values, *WORD.get(name, [])]
        if value not in {answers[name] for answers in drawn_}
    } == set()


def test_the_number_of_an_instance_stands_in_its_row():
    """`position(..)` is the cell that the form gives it; without one it cannot be said."""
    here = parse("position(..)")
    assert to_excel(here, {"..": "$B$7"}, KINDS, None) == 'IF($B$7="","",$B$7)'
    assert to_excel(here, {}, KINDS, None) is None
