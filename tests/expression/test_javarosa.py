"""The reference interpreter means what JavaRosa, the engine of ODK Collect, means."""

import math
import random
from datetime import UTC, date, datetime

import pytest

from pipeline.errors import SurveyError
from pipeline.expression.answers import Answers, Instance
from pipeline.expression.evaluate import evaluate
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse
from pipeline.expression.tree import Call, walk
from tests.expression.conforming import DIFFERENT, EVERYWHERE, IN_ROSTER
from tests.expression.javarosa import BEYOND, ERROR, Form

RESPONSES = 60
KINDS = {
    "n": Kind.INTEGER,
    "n2": Kind.INTEGER,
    "m": Kind.DECIMAL,
    "s": Kind.TEXT,
    "t": Kind.TEXT,
    "so": Kind.SELECT_ONE,
    "sm": Kind.SELECT_MULTIPLE,
    "d": Kind.DATE,
    "d2": Kind.DATE,
    "dt": Kind.DATETIME,
    "tm": Kind.TIME,
    "x": Kind.INTEGER,
    "y": Kind.TEXT,
}
GRID = {
    "n": ["", "0", "-5", "7", "2000000000"],
    "n2": ["", "0", "7", "3"],
    "m": ["", "2.5", "-2.5", "0.1", "-0.3", "7"],
    "s": ["", "yes", "YES", "10", "1.5", "東京", "３", "2011-08-01", "-", "a b"],
    "t": ["", "yes", "b", "10", "true", "1", "9"],
    "so": ["", "a", "10"],
    "sm": ["", "a", "a b", "ab 10", "b a"],
    "d": ["", "2011-08-01", "2012-02-29", "1969-12-30"],
    "d2": ["", "2011-08-01", "2011-09-30"],
    "dt": ["", "2011-08-01T10:30:00.000Z", "1969-12-31T22:00:00.500Z"],
    "tm": ["", "10:30:00.000Z", "00:00:00.000Z"],
}
LISTS = {
    "l": [
        {"name": "a", "label": "Label A", "k": "1"},
        {"name": "b", "label": "Label B", "k": "2"},
        {"name": "10", "label": "Ten", "k": "10"},
        {"name": "ab", "label": "AB", "k": "3"},
    ]
}
TYPES = {
    Kind.SELECT_ONE: "select_one l",
    Kind.SELECT_MULTIPLE: "select_multiple l",
    Kind.DATETIME: "dateTime",
}


def markdown() -> str:
    rows = ["| survey |", "| | type | name | label | calculation |"]
    rows += [f"| | {TYPES.get(KINDS[name], KINDS[name])} | {name} | {name} | |" for name in GRID]
    rows += ["| | begin_repeat | r | r | |", "| | integer | x | x | |", "| | text | y | y | |"]
    rows += [f"| | calculate | q{i} | | {text} |" for i, text in enumerate(IN_ROSTER)]
    rows += ["| | end_repeat | r | | |"]
    rows += [f"| | calculate | c{i} | | {text} |" for i, text in enumerate(EVERYWHERE)]
    rows += ["| choices |", "| | list_name | name | label | k |"]
    rows += [f"| | l | {row['name']} | {row['label']} | {row['k']} |" for row in LISTS["l"]]
    return "\n".join(rows) + "\n"


def xml(answers: dict[str, str], roster: list[dict[str, str]]) -> str:
    def tags(values: dict[str, str]) -> str:
        return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())

    own = "".join(f"<q{i}/>" for i in range(len(IN_ROSTER)))
    rows = "".join(f"<r>{tags(row)}{own}</r>" for row in roster)
    calculated = "".join(f"<c{i}/>" for i in range(len(EVERYWHERE)))
    return f'<data id="data">{tags(answers)}{rows}{calculated}</data>'


def typed(answers: dict[str, str]) -> dict[str, object]:
    readers = {
        Kind.INTEGER: int,
        Kind.DECIMAL: float,
        Kind.DATE: date.fromisoformat,
        Kind.DATETIME: lambda text: datetime.fromisoformat(text[:-1]),
        Kind.TIME: lambda text: text[:-5],
    }
    return {
        name: readers.get(KINDS[name], str)(value) if value else None
        for name, value in answers.items()
    }


def drawn(rng: random.Random, *, blank: bool) -> tuple[dict[str, str], list[dict[str, str]]]:
    if blank:
        return dict.fromkeys(GRID, ""), []
    member = {"x": ["", "0", "3", "12", "-4"], "y": ["", "u", "v w"]}
    roster = [{k: rng.choice(v) for k, v in member.items()} for _ in range(rng.randrange(4))]
    return {name: rng.choice(values) for name, values in GRID.items()}, roster


def ours(text: str, response: Instance, at: tuple[tuple[str, int], ...]) -> object:
    now = datetime.now(UTC).replace(tzinfo=None)
    place = Answers(response, now.date(), KINDS, at=at, now=now, lists=LISTS, list_of={"so": "l"})
    try:
        return evaluate(parse(text), place)
    except SurveyError:
        return ERROR


def same(left: object, right: object) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        both_nan = math.isnan(left) and math.isnan(right)
        return both_nan or left == right or math.isclose(left, right, rel_tol=1e-12)
    return type(left) is type(right) and left == right


@pytest.fixture(scope="module")
def differences(java) -> dict[str, list[tuple[object, object]]]:
    """Expression -> JavaRosa's value and ours, wherever they are not the same."""
    form, rng, found = Form(markdown()), random.Random(20111), {}  # noqa: S311 - a seeded draw
    for number in range(RESPONSES):
        answers, roster = drawn(rng, blank=number == 0)
        form.fill(xml(answers, roster))
        members = [Instance(typed(row)) for row in roster]
        response = Instance(typed(answers), {"r": members})
        jobs = [(text, f"/data/c{i}", ()) for i, text in enumerate(EVERYWHERE)]
        jobs += [
            (text, f"/data/r/q{i}", (("r", row),))
            for i, text in enumerate(IN_ROSTER)
            for row in range(len(roster))
        ]
        for text, path, at in jobs:
            theirs = form.value(path, tuple(row for _, row in at))
            mine = ours(text, response, at)
            if not same(theirs, mine) and theirs != BEYOND:
                found.setdefault(text, []).append((theirs, mine))
    return found


def test_every_operator_and_function_agrees_with_javarosa(differences):
    """No difference over the grid, blanks included, but those with a reason in the table."""
    unexplained = {text: pairs[:3] for text, pairs in differences.items() if text not in DIFFERENT}
    assert unexplained == {}


def test_every_explained_difference_is_still_there(differences):
    """A reason that is no longer needed is taken out of the table."""
    assert set(DIFFERENT) - set(differences) == set()


def test_every_function_that_can_be_made_again_is_tried():
    """A new row in the table of functions needs an expression here."""
    tried = {
        node.name
        for text in [*EVERYWHERE, *IN_ROSTER]
        for node in walk(parse(text))
        if isinstance(node, Call)
    }
    untried = {name for name, row in FUNCTIONS.items() if row.remade} - tried
    assert untried == {
        "pulldata",
        "jr:itext",
    }  # Collect's own, not JavaRosa's; labels by instance()
