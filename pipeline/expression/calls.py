"""Functions over whole frames: those that look around, and how all others get their arguments."""

from collections.abc import Callable

import numpy as np

from pipeline.expression import lookup, nodesets
from pipeline.expression.columns import (
    Booleans,
    Bools,
    Column,
    Floats,
    Ints,
    Moments,
    Numbers,
    Texts,
    choose,
    constant,
)
from pipeline.expression.fast import FAST
from pipeline.expression.fast_texts import selected
from pipeline.expression.functions import FUNCTIONS, Function
from pipeline.expression.indexed import at_instances
from pipeline.expression.lift import fold, lift
from pipeline.expression.nodesets import Nodes
from pipeline.expression.paths import is_bare, is_list, may_spread, question_named, target
from pipeline.expression.patterns import UnreadablePatternError
from pipeline.expression.refusals import no_function, not_remade, unreadable, wrong_count
from pipeline.expression.table import multiple_choice
from pipeline.expression.tree import Call, Current, Expression, Path, Reference
from pipeline.expression.values import BLANK
from pipeline.expression.walker import Walker


def call(expression: Call, walker: Walker) -> Column:
    """A function's value for each row.

    Raises:
        SurveyError: EXPR-011, 012, 019 or 022.
    """
    function = FUNCTIONS.get(expression.name)
    if function is None:
        raise no_function(expression.name, expression)
    if not function.accepts(len(expression.arguments)):
        raise wrong_count(expression.name, expression)
    if function.name in _SPECIAL:
        return _SPECIAL[function.name](expression, walker)
    if function.plain is None:
        raise not_remade(expression.name, expression)
    try:
        return _plain(expression, function, walker)
    except UnreadablePatternError:
        raise unreadable(expression) from None


def _plain(expression: Call, function: Function, walker: Walker) -> Column:
    arguments = expression.arguments or ((Current(),) if function.takes else ())
    spread = function.spreads >= 0 and len(arguments) == function.spreads + 1
    if spread and may_spread(arguments[-1]):
        first = [walker.value(argument) for argument in arguments[:-1]]
        if (found := _spread(function, first, arguments[-1], walker)) is not None:
            return found
    columns = [walker.value(argument) for argument in arguments]
    return FAST[function.name](*columns) if function.name in FAST else lift(function, columns)


def _spread(
    function: Function, first: list[Column], last: Expression, walker: Walker
) -> Column | None:
    """The last argument stands for all that it points to; None where it is one value."""
    if isinstance(last, Path) and is_list(last):
        return fold(function, first, lookup.groups(last, walker))
    nodes = walker.nodes(last)
    if nodes is not None:
        return _over_nodes(function, first, nodes)
    is_column = walker.item is not None and isinstance(last, Path) and is_bare(last)
    return None if is_column else lift(function, first)


def _over_nodes(function: Function, first: list[Column], nodes: Nodes) -> Column:
    numbers = nodes.column().numbers() if function.name in {"min", "max"} else None
    if function.name == "sum":
        return Numbers(nodes.total())
    if function.name == "min" and numbers is not None:
        return Numbers(_gathered(nodes, numbers, nodesets.smallest))
    if function.name == "max" and numbers is not None:
        return Numbers(_gathered(nodes, numbers, nodesets.largest))
    return fold(function, first, nodes.groups())


def _gathered(
    nodes: Nodes, numbers: Floats, work: Callable[[Floats, Ints, Floats], None]
) -> Floats:
    if nodes.rows is None:
        return nodes.gather(numbers, work)
    return np.where(nodes.count() > 0, numbers[nodes.rows], np.nan)


def _select(expression: Call, walker: Walker) -> Column:
    answer, choice = expression.arguments
    wanted = walker.value(choice)
    if isinstance(answer, Reference | Current) and isinstance(wanted, Texts):
        flags = _beside(answer, wanted.constant(), walker)
        if flags is not None:
            return Booleans(flags)
    return selected(walker.value(answer), wanted)


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
    with walker.looking_at(flags):
        taken = walker.value(yes)
    with walker.looking_at(flags, opposite=True):
        other = walker.value(no)
    return choose(flags, taken, other)


def _once(expression: Call, walker: Walker) -> Column:
    kept = walker.value(Current())
    unset = kept.texts().null()
    with walker.looking_at(unset):
        return choose(unset, walker.value(expression.arguments[0]), kept)


def _coalesce(expression: Call, walker: Walker) -> Column:
    first = walker.value(expression.arguments[0])
    missing = first.null()
    with walker.looking_at(missing):
        return choose(missing, walker.value(expression.arguments[1]), first)


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
    name = question_named(question.constant() or "")
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
    "coalesce": _coalesce,
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
