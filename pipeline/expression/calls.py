"""Functions over whole frames: fast ways for the common ones, the plain meaning for the rest."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.expression import lookup, meaning, nodesets
from pipeline.expression.columns import (
    Booleans,
    Bools,
    Column,
    Floats,
    Ints,
    Moments,
    Numbers,
    Texts,
    arrow,
    choose,
    constant,
    filled,
    together,
)
from pipeline.expression.functions import FUNCTIONS, Function, Type
from pipeline.expression.indexed import at_instances
from pipeline.expression.nodesets import Nodes
from pipeline.expression.patterns import UnreadablePatternError
from pipeline.expression.problems import refuse
from pipeline.expression.table import multiple_choice
from pipeline.expression.tree import Call, Current, Expression, Filtered, Path, Reference
from pipeline.expression.values import BLANK, Value
from pipeline.expression.walker import Walker, is_bare, is_list, target


def call(expression: Call, walker: Walker) -> Column:
    """A function's value for each row.

    Raises:
        SurveyError: EXPR-011, 012, 019 or 022.
    """
    function = FUNCTIONS.get(expression.name)
    if function is None:
        raise refuse("EXPR-011", f"There is no function {expression.name}().", "", expression)
    if not function.accepts(len(expression.arguments)):
        raise refuse(
            "EXPR-012", f"{expression.name}() takes other arguments.", "Count them.", expression
        )
    if function.name in _SPECIAL:
        return _SPECIAL[function.name](expression, walker)
    if function.plain is None:
        message = f"{expression.name}() cannot be worked out again."
        raise refuse("EXPR-022", message, "Keep what came.", expression)
    try:
        return _plain(expression, function, walker)
    except UnreadablePatternError:
        message = "The pattern cannot be read."
        raise refuse("EXPR-019", message, "Write a simpler one.", expression) from None


def _plain(expression: Call, function: Function, walker: Walker) -> Column:
    arguments = expression.arguments
    spread = function.spreads >= 0 and len(arguments) == function.spreads + 1
    if spread and isinstance(arguments[-1], Path) and is_list(arguments[-1]):
        first = [walker.value(argument) for argument in arguments[:-1]]
        return _fold(function, first, lookup.groups(arguments[-1], walker))
    if spread and _may_spread(arguments[-1]):
        nodes = walker.nodes(arguments[-1])
        if nodes is not None:
            first = [walker.value(argument) for argument in arguments[:-1]]
            return _over_nodes(function, first, nodes)
        if not _item_or_list(arguments[-1], walker):
            return lift(function, [walker.value(argument) for argument in arguments[:-1]])
    found = [walker.value(argument) for argument in arguments]
    if not arguments and function.takes:
        found = [walker.value(Current())]
    if function.name in _FAST:
        return _FAST[function.name](*found)
    return lift(function, found)


def _may_spread(expression: Expression) -> bool:
    if isinstance(expression, Path) and is_list(expression):
        return False
    return isinstance(expression, Reference | Path | Filtered)


def _item_or_list(expression: Expression, walker: Walker) -> bool:
    return walker.item is not None and isinstance(expression, Path) and is_bare(expression)


def _over_nodes(function: Function, first: list[Column], nodes: Nodes) -> Column:
    numbers = nodes.column().numbers() if function.name in {"min", "max"} else None
    if function.name == "sum":
        return Numbers(nodes.total())
    if function.name == "min" and numbers is not None:
        return Numbers(_gathered(nodes, numbers, nodesets.smallest))
    if function.name == "max" and numbers is not None:
        return Numbers(_gathered(nodes, numbers, nodesets.largest))
    return _fold(function, first, nodes.groups())


def _gathered(
    nodes: Nodes, numbers: Floats, work: Callable[[Floats, Ints, Floats], None]
) -> Floats:
    if nodes.rows is None:
        return nodes.gather(numbers, work)
    return np.where(nodes.count() > 0, numbers[nodes.rows], np.nan)


def _fold(function: Function, first: list[Column], groups: list[list[Value]]) -> Column:
    """The plain meaning, row by row: rare functions over a repeat, such as join()."""
    assert function.plain is not None  # noqa: S101 - the caller has looked
    leading = [column.factor() for column in first]
    length = together(len(groups), *(len(codes) for codes, _ in leading))
    done: list[Value] = []
    for row in range(length):
        before = [pool[codes[row if len(codes) > 1 else 0]] for codes, pool in leading]
        done.append(function.plain(*before, *groups[row if len(groups) > 1 else 0]))
    return from_values(done, function.gives)


def lift(function: Function, columns: Sequence[Column]) -> Column:
    """The plain meaning, once for each distinct combination of values."""
    assert function.plain is not None  # noqa: S101 - the caller has looked
    factored = [column.factor() for column in columns]
    code, sizes = np.zeros(1, dtype=np.int64), 1
    for codes, pool in factored:
        if sizes * len(pool) > 2**62:
            _, code = np.unique(code, return_inverse=True)
            sizes = int(code.max(initial=0)) + 1
        code, sizes = code * len(pool) + codes, sizes * len(pool)
    _, places, inverse = np.unique(code, return_index=True, return_inverse=True)
    done = [
        function.plain(*(pool[codes[at if len(codes) > 1 else 0]] for codes, pool in factored))
        for at in places.tolist()
    ]
    return _repeat(from_values(done, function.gives), inverse)


def _repeat(column: Column, codes: Ints) -> Column:
    if isinstance(column, Texts):
        return Texts(coded=(column.codes[codes], column.pool)) if len(codes) else column
    return column.take(codes)


def from_values(found: Sequence[Value], gives: Type) -> Column:
    """Plain values as a column of the type that the function gives."""
    if gives is Type.BOOLEAN:
        return Booleans(np.array(found, dtype=bool))
    if gives is Type.NUMBER:
        blank = np.array([value == BLANK for value in found], dtype=bool)
        amounts = np.array([np.nan if value == BLANK else value for value in found], dtype=float)
        return Numbers(amounts, blank if blank.any() else False)
    if gives is Type.MOMENT:
        at = [value if isinstance(value, datetime) else None for value in found]
        return Moments(np.array(at, dtype="datetime64[us]"))
    return Texts.many([str(value) for value in found])


# --- fast ways


def _selected(answer: Column, choice: Column) -> Column:
    texts, wanted = answer.texts(), choice.texts().constant()
    if wanted is None:
        return lift(FUNCTIONS["selected"], [answer, choice])
    name = wanted.strip()
    if name == BLANK or texts.constant() is not None:
        return Booleans(texts.map(lambda text: meaning.selected(text, name), bool))
    if texts.source is not None and texts.source.dtype == "str":
        return Booleans(_among(texts, name))
    return Booleans(texts.flags(lambda text: meaning.selected(text, name)))


def _among(texts: Texts, name: str) -> Bools:
    assert texts.source is not None  # noqa: S101 - the caller has looked
    whole = arrow(texts.source)
    flags = filled(pc.equal(whole, name))
    rows = np.flatnonzero(filled(pc.match_substring(whole, name)) & ~flags)
    if len(rows):
        some = whole.take(rows)
        nothing, space = (pa.scalar(text, type=whole.type) for text in ("", " "))
        padded = pc.binary_join_element_wise(nothing, some, nothing, space)
        flags[rows] = np.asarray(pc.match_substring(padded, f" {name} "))
    return flags


def _string_length(value: Column) -> Column:
    texts = value.texts()
    if texts.source is not None and texts.source.dtype == "str":
        whole = arrow(texts.source)
        if pc.all(pc.string_is_ascii(whole)).as_py():
            return Numbers(np.asarray(pc.fill_null(pc.utf8_length(whole), 0), dtype=np.float64))
    return Numbers(texts.map(meaning.string_length, np.float64))


def _round(value: Column, places: Column | None = None) -> Column:
    if places is not None:
        return lift(FUNCTIONS["round"], [value, places])
    amounts = value.numbers()
    down = np.floor(amounts)
    with np.errstate(invalid="ignore"):
        rounded = np.where(amounts - down >= 0.5, down + 1, down)  # noqa: PLR2004 - a half
    return Numbers(np.where(np.isfinite(amounts), rounded, amounts) + 0.0)


def _concat(*found: Column) -> Column:
    parts = [column.texts() for column in found]
    whole = reduce(np.add, [part.pool[part.codes] for part in parts])
    return Texts.many(whole)


def _numbers(*found: Column) -> list[Floats]:
    return [column.numbers() for column in found]


_FAST: dict[str, Callable[..., Column]] = {
    "selected": _selected,
    "is-selected": _selected,
    "not": lambda value: Booleans(~value.truths()),
    "boolean": lambda value: Booleans(value.truths()),
    "number": lambda value: Numbers(value.numbers()),
    "int": lambda value: Numbers(np.trunc(value.numbers())),
    "string": lambda value: value.texts(),
    "round": _round,
    "string-length": _string_length,
    "coalesce": lambda first, second: choose(~first.null(), first, second),
    "concat": _concat,
    "min": lambda *found: Numbers(reduce(np.fmin, _numbers(*found))),
    "max": lambda *found: Numbers(reduce(np.fmax, _numbers(*found))),
}


# --- functions that look around them


def _select(expression: Call, walker: Walker) -> Column:
    answer, choice = expression.arguments
    wanted = walker.value(choice)
    if isinstance(answer, Reference | Current) and isinstance(wanted, Texts):
        flags = _beside(answer, wanted.constant(), walker)
        if flags is not None:
            return Booleans(flags)
    return _selected(walker.value(answer), wanted)


def _beside(answer: Expression, choice: str | None, walker: Walker) -> Bools | None:
    nodes = walker.nodes(answer)
    if choice is None or nodes is None or nodes.rows is None:
        return None
    flags = multiple_choice(nodes.table, nodes.name, choice.strip())
    if flags is None:
        return None
    return flags if nodes.table is walker.table else flags[nodes.rows]


def _if(expression: Call, walker: Walker) -> Column:
    condition, yes, no = expression.arguments
    flags = walker.value(condition).truths()
    before, walker.torn = walker.torn, {}
    taken = walker.value(yes)
    torn_yes, walker.torn = walker.torn, {}
    other = walker.value(no)
    torn_no, walker.torn = walker.torn, before
    for torn, there in ((torn_yes, flags), (torn_no, ~flags)):
        for name, rows in torn.items():
            walker.tear(name, rows & there)
    return choose(flags, taken, other)


def _once(expression: Call, walker: Walker) -> Column:
    kept = walker.value(Current())
    return choose(kept.texts().null(), walker.value(expression.arguments[0]), kept)


def _count(expression: Call, walker: Walker) -> Column:
    (argument,) = expression.arguments
    if isinstance(argument, Path) and is_list(argument):
        return Numbers(lookup.count(argument, walker))
    nodes = walker.nodes(argument)
    return Numbers(np.zeros(1) if nodes is None else nodes.count())


def _count_non_empty(expression: Call, walker: Walker) -> Column:
    nodes = walker.nodes(expression.arguments[0])
    return Numbers(np.zeros(1) if nodes is None else nodes.answered())


def _position(expression: Call, walker: Walker) -> Column:
    if not expression.arguments:
        return Numbers(np.ones(1) if walker.number is None else walker.number())
    nodes = walker.nodes(expression.arguments[0])
    if nodes is None:
        return Numbers(np.zeros(1))
    first = nodes.first()
    number = nodes.table.number() if nodes.is_instances else np.ones(len(nodes.table))
    return Numbers(np.where(first < 0, 0.0, np.append(number, 0.0)[first]))


def _indexed_repeat(expression: Call, walker: Walker) -> Column:
    wanted, *rest = expression.arguments
    numbers = {
        target(repeat): _instance_number(walker.value(index))
        for repeat, index in zip(rest[::2], rest[1::2], strict=True)
    }
    return at_instances(walker, target(wanted), numbers)


def _instance_number(column: Column) -> Floats:
    amounts = column.numbers()
    whole = np.trunc(np.where(np.isfinite(amounts), amounts, 1.0))
    return np.maximum(whole, 1.0)


def _choice_name(expression: Call, walker: Walker) -> Column:
    chosen, question = (walker.value(argument).texts() for argument in expression.arguments)
    name = (question.constant() or "").strip().removeprefix("${").removesuffix("}").strip()
    name = name.rpartition("/")[2]
    items = lookup.plain_rows(walker.table.list_of.get(name, name), walker)
    labels = {item.get("name", BLANK): item.get("label", BLANK) for item in reversed(items)}
    return Texts(coded=(chosen.codes, chosen.map_pool(lambda text: labels.get(text, BLANK))))


def _pulldata(expression: Call, walker: Walker) -> Column:
    name, column, key, wanted = (walker.value(a).texts() for a in expression.arguments)
    items = lookup.rows(name.constant() or "", walker, expression)
    of, by = column.constant() or "", key.constant() or ""
    entries = {item.get(by, ""): item.get(of, BLANK) for item in reversed(items) if by in item}
    return Texts(coded=(wanted.codes, wanted.map_pool(lambda text: entries.get(text, BLANK))))


def _today(_: Call, walker: Walker) -> Column:
    moments = walker.table.moments()
    assert isinstance(moments, Moments)  # noqa: S101 - made so
    return Moments(moments.at.astype("datetime64[D]").astype("datetime64[us]"))


_SPECIAL: dict[str, Callable[[Call, Walker], Column]] = {
    "selected": _select,
    "is-selected": _select,
    "if": _if,
    "once": _once,
    "count": _count,
    "count-non-empty": _count_non_empty,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "jr:choice-name": _choice_name,
    "jr:itext": lambda expression, walker: walker.value(expression.arguments[0]),
    "pulldata": _pulldata,
    "today": _today,
    "now": lambda _, walker: walker.table.moments(),
    "true": lambda *_: constant(True),  # noqa: FBT003 - the value itself
    "false": lambda *_: constant(False),  # noqa: FBT003 - the value itself
}
