# ruff: noqa: DTZ001, PD011 - wall clock moments; `values` is the responses' own word
"""Random expressions and random responses: what Hypothesis draws for the engines to agree on."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from pipeline.expression.answers import Answers, Instance
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.kinds import Kind
from pipeline.expression.table import Table, link
from pipeline.expression.tree import (
    Binary,
    Call,
    Current,
    Expression,
    Filtered,
    Negate,
    Number,
    Path,
    Reference,
    Step,
    Text,
)

TODAY = date(2011, 9, 15)
KINDS = {
    "": {
        "n": Kind.INTEGER,
        "m": Kind.DECIMAL,
        "s": Kind.TEXT,
        "so": Kind.SELECT_ONE,
        "sm": Kind.SELECT_MULTIPLE,
        "d": Kind.DATE,
        "dt": Kind.DATETIME,
        "tm": Kind.TIME,
        "b": Kind.BOOLEAN,
    },
    "roster": {"age": Kind.INTEGER, "sex": Kind.SELECT_ONE},
    "visit": {"cost": Kind.DECIMAL, "why": Kind.TEXT},
}
ALL_KINDS = {name: kind for level in KINDS.values() for name, kind in level.items()}
LISTS = {
    "letters": [
        {"name": "a", "label": "Ay", "k": "1"},
        {"name": "b", "label": "Bee", "k": "2"},
        {"name": "b2", "label": "Bee", "k": "2"},
        {"name": "10", "label": "", "k": ""},
    ]
}
TEXTS = ["", "a", "b", "a b", "10", "3", "-1.5", "yes", "YES", "true", "2011-08-01", "東京 𠮷", "e"]
ANSWERS = {
    Kind.INTEGER: st.sampled_from([0, 1, 2, 3, -5, 18, 10**9]),
    Kind.DECIMAL: st.sampled_from([0.0, 2.5, -2.5, 0.1, -0.3, 1e-13, 12345678.9]),
    Kind.TEXT: st.sampled_from(TEXTS[1:]),
    Kind.SELECT_ONE: st.sampled_from(["a", "b", "10"]),
    Kind.SELECT_MULTIPLE: st.sampled_from(["a", "a b", "b a", "ab", "10 a"]),
    Kind.DATE: st.sampled_from([date(2011, 8, 1), date(2012, 2, 29), date(1969, 12, 31)]),
    Kind.DATETIME: st.sampled_from(
        [datetime(2011, 8, 1, 10, 30), datetime(1969, 12, 31, 22, 0, 1)]
    ),
    Kind.TIME: st.sampled_from(["10:30:00", "00:00:00", "23:59:59"]),
    Kind.BOOLEAN: st.booleans(),
}


def answers_of(level: str) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {name: st.none() | ANSWERS[kind] for name, kind in KINDS[level].items()}
    )


visits = st.lists(answers_of("visit").map(Instance), max_size=2)
rosters = st.lists(
    st.builds(lambda v, inner: Instance(v, {"visit": inner}), answers_of("roster"), visits),
    max_size=3,
)
responses = st.lists(
    st.builds(lambda v, inner: Instance(v, {"roster": inner}), answers_of(""), rosters),
    min_size=1,
    max_size=4,
)


@dataclass(frozen=True)
class Study:
    """The same responses as frames, and as the places that the reference stands at, row by row."""

    tables: dict[str, Table]
    places: dict[str, list[Answers]]


def study(found: list[Instance], *, categories: bool, beside: bool) -> Study:
    """Both views of the responses.

    Args:
        categories: select_one as category instead of str.
        beside: a column of truths for each choice beside select_multiple.
    """
    rosters = [(up, row) for up, one in enumerate(found) for row in one.repeats["roster"]]
    visits = [(up, row) for up, (_, one) in enumerate(rosters) for row in one.repeats["visit"]]
    frames = {
        "": frame("", found, categories=categories),
        "roster": frame("roster", [row for _, row in rosters], categories=categories),
        "visit": frame("visit", [row for _, row in visits], categories=categories),
    }
    if beside:
        for choice in ("a", "b", "10"):
            frames[""][f"sm/{choice}"] = [
                choice in str(one.values["sm"] or "").split() for one in found
            ]
    main = Table(
        frames[""],
        ALL_KINDS,
        TODAY,
        children={},
        lists={name: pd.DataFrame(rows, dtype="str") for name, rows in LISTS.items()},
        list_of={"so": "letters"},
    )
    below = {
        "roster": (frames["roster"], "", np.array([up for up, _ in rosters], dtype=np.int64)),
        "visit": (frames["visit"], "roster", np.array([up for up, _ in visits], dtype=np.int64)),
    }
    return Study(link(main, below, ALL_KINDS), places(found))


def frame(level: str, rows: list[Instance], *, categories: bool) -> pd.DataFrame:
    columns = {}
    for name, kind in KINDS[level].items():
        values = [row.values[name] for row in rows]
        columns[name] = pd.Series(values, dtype=dtype_of(kind, categories=categories))
    return pd.DataFrame(columns)


def dtype_of(kind: Kind, *, categories: bool) -> object:
    if kind is Kind.SELECT_ONE and categories:
        return pd.CategoricalDtype(["10", "a", "b", "unused"])
    dtypes = {
        Kind.INTEGER: "Int64",
        Kind.DECIMAL: "float64",
        Kind.BOOLEAN: "boolean",
        Kind.DATE: "datetime64[s]",
        Kind.DATETIME: "datetime64[us]",
    }
    return dtypes.get(kind, "str")


def places(found: list[Instance]) -> dict[str, list[Answers]]:
    standing: dict[str, list[Answers]] = {"": [], "roster": [], "visit": []}
    for one in found:
        base = Answers(one, TODAY, ALL_KINDS, lists=LISTS, list_of={"so": "letters"})
        standing[""].append(base)
        for i, member in enumerate(one.repeats["roster"]):
            standing["roster"].append(at(base, ("roster", i)))
            for j in range(len(member.repeats["visit"])):
                standing["visit"].append(at(base, ("roster", i), ("visit", j)))
    return standing


def at(base: Answers, *place: tuple[str, int]) -> Answers:
    return Answers(base.response, TODAY, ALL_KINDS, place, lists=LISTS, list_of={"so": "letters"})


NAMES = [*ALL_KINDS, "nothing"]
references = st.sampled_from([name for name in NAMES for _ in range(2 if name in KINDS[""] else 1)])
literals = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 0.5, 15187.0, 1e12]).map(Number),
    st.sampled_from(TEXTS).map(Text),
)
leaves = st.one_of(
    references.map(Reference),
    literals,
    st.just(Current()),
    st.sampled_from(["age", "sex", "cost", "visit", "n"]).map(
        lambda name: Path(None, (Step(name),))
    ),
    st.sampled_from(["today", "now", "true", "false", "pi", "position"]).map(Call),
)
repeats = st.sampled_from(["roster", "visit"])
many = st.one_of(
    repeats.map(Reference),
    st.sampled_from(["age", "sex", "cost", "why"]).map(Reference),
    st.sampled_from(["age", "cost"]).map(lambda name: Path(None, (Step(".."), Step(name)))),
)
OPERATORS = ["or", "and", "=", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"]
ONE = ["not", "boolean", "number", "int", "round", "string", "string-length", "count-selected"]
ONE += ["normalize-space", "abs", "date", "date-time", "decimal-date-time", "decimal-time", "once"]
ONE += ["sqrt", "exp", "boolean-from-string", "min", "max", "concat"]
TWO = ["selected", "selected-at", "coalesce", "round", "pow", "min", "max", "concat", "join"]
TWO += ["contains", "starts-with", "ends-with", "substring-before", "substring-after", "substr"]
THREE = ["if", "substr", "translate", "min", "max", "concat", "join", "checklist"]
PLAIN = [row for row in FUNCTIONS.values() if row.plain is not None]
PATTERNS = ["[a-z]+", r"\d+", r"^[\w-\.]+$", "", ".{3}"]
FORMATS = ["%Y-%m-%d", "%e/%n/%y %b %a", "%H:%M:%S.%3", "%%"]
NODE_TAKERS = ["sum", "count", "min", "max", "concat", "count-non-empty", "position", "join"]


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Expression:
    """An expression at most so many levels deep."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(leaves)
    return draw(st.sampled_from(SHAPES))(draw, depth - 1)


def operator(draw, depth):
    return Binary(draw(st.sampled_from(OPERATORS)), draw(trees(depth)), draw(trees(depth)))


def negation(draw, depth):
    return Negate(draw(trees(depth)))


def function(draw, depth):
    names = draw(st.sampled_from([ONE, TWO, TWO, THREE]))
    count = 1 if names is ONE else 2 if names is TWO else 3
    arguments = tuple(draw(trees(depth)) for _ in range(count))
    return Call(draw(st.sampled_from(names)), arguments)


def any_function(draw, depth):
    """Any row of the table that has a plain meaning, with as many arguments as it takes."""
    row = draw(st.sampled_from(PLAIN))
    count = draw(st.sampled_from([n for n in range(5) if row.accepts(n)]))
    return Call(row.name, tuple(draw(trees(depth)) for _ in range(count)))


def nodes(draw, depth):
    base = draw(many)
    conditions = tuple(draw(trees(depth)) for _ in range(draw(st.integers(0, 2))))
    if base == Reference("roster") and conditions and draw(st.booleans()):
        return Path(Filtered(base, conditions), (Step(draw(st.sampled_from(["age", "sex"]))),))
    return Filtered(base, conditions) if conditions else base


def over_nodes(draw, depth):
    name = draw(st.sampled_from(NODE_TAKERS))
    if name == "join":
        return Call("join", (draw(trees(depth)), nodes(draw, depth)))
    return Call(name, (nodes(draw, depth),))


def pattern(draw, depth):
    return Call("regex", (draw(trees(depth)), Text(draw(st.sampled_from(PATTERNS)))))


def formatted(draw, depth):
    return Call("format-date", (draw(trees(depth)), Text(draw(st.sampled_from(FORMATS)))))


def indexed(draw, depth):
    if draw(st.booleans()):
        name = Reference(draw(st.sampled_from(["age", "sex"])))
        return Call("indexed-repeat", (name, Reference("roster"), draw(trees(depth))))
    name, first, second = (
        draw(st.sampled_from(["cost", "why"])),
        draw(trees(depth)),
        draw(trees(depth)),
    )
    both = (Reference("roster"), first, Reference("visit"), second)
    return Call("indexed-repeat", (Reference(name), *both))


def looked_up(draw, depth):
    condition = draw(trees(depth))
    if draw(st.booleans()):
        column = Path(None, (Step(draw(st.sampled_from(["name", "label", "k"]))),))
        condition = Binary("=", column, condition)
    item = Step("item", (condition,))
    last = Step(draw(st.sampled_from(["name", "label", "k"])))
    return Path(Call("instance", (Text("letters"),)), (Step("root"), item, last))


def choice_name(draw, depth):
    return Call("jr:choice-name", (draw(trees(depth)), Text("${so}")))


SHAPES = [operator] * 6 + [function] * 3 + [any_function] * 3 + [over_nodes] * 3
SHAPES += [negation, pattern, formatted, indexed, looked_up, choice_name]
expressions = trees()
