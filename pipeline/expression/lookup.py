"""Choice lists over whole frames: `instance('list')/root/item[condition]/column`."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from pipeline.expression.columns import Bools, Column, Floats, Ints, Texts, together
from pipeline.expression.paths import is_bare, list_column, list_name
from pipeline.expression.refusals import no_list
from pipeline.expression.tree import Binary, Call, Current, Expression, Path, walk
from pipeline.expression.values import BLANK, Value
from pipeline.expression.walker import Walker, passes

Item = dict[str, str]


def rows(name: str, walker: Walker, at: Expression) -> list[Item]:
    """The choices of a list, as texts.

    Raises:
        SurveyError: EXPR-017, there is no such list.
    """
    if name not in walker.table.lists:
        raise no_list(name, at)
    return plain_rows(name, walker)


def plain_rows(name: str, walker: Walker) -> list[Item]:
    """The choices of a list, none if there is no such list."""
    frame = walker.table.lists.get(name)
    if frame is None:
        return []
    whole = frame.astype("str").where(frame.notna(), BLANK)
    return [{str(k): str(v) for k, v in row.items()} for row in whole.to_dict("records")]


def texts(path: Path, walker: Walker) -> Column:
    """The column of the one choice that meets the conditions; blank where none does."""
    items, column = rows(list_name(path), walker, path), list_column(path)
    predicates = [p for step in path.steps for p in step.predicates]
    pool = np.array([_entry(item, column) for item in items] + [BLANK], dtype=object)
    if len(predicates) == 1 and (wanted := _key(predicates[0], walker)) is not None:
        found, many = _by_key(items, *wanted)
    else:
        found, many = _by_item(items, predicates, walker)
    walker.tear("item", many if many.any() else None)
    return Texts(coded=(np.where(found < 0, len(items), found), pool))


def count(path: Path, walker: Walker) -> Floats:
    """How many choices meet the conditions."""
    items = rows(list_name(path), walker, path)
    predicates = [p for step in path.steps for p in step.predicates]
    flags = [np.asarray(flag, dtype=np.float64) for flag in _flags(items, predicates, walker)]
    return sum(flags, start=np.zeros(1))


def groups(path: Path, walker: Walker) -> list[list[Value]]:
    """The column of all choices that meet the conditions, for each row (or once for every row)."""
    items, column = rows(list_name(path), walker, path), list_column(path)
    predicates = [p for step in path.steps for p in step.predicates]
    flags = list(_flags(items, predicates, walker))
    length = together(1, *(len(kept) for kept in flags))
    found: list[list[Value]] = [[] for _ in range(length)]
    for item, kept in zip(items, flags, strict=True):
        for row in np.flatnonzero(np.broadcast_to(kept, length)).tolist():
            found[row].append(_entry(item, column))
    return found


def _entry(item: Item, column: str) -> str:
    return item.get("label" if column == "itextId" and column not in item else column, BLANK)


def _key(predicate: Expression, walker: Walker) -> tuple[str, Texts] | None:
    """`column = value`, where the value is a text that is the same for every item."""
    match predicate:
        case Binary("=", Path() as left, right) if is_bare(left):
            column, value = left.steps[0].name, right
        case Binary("=", left, Path() as right) if is_bare(right):
            column, value = right.steps[0].name, left
        case _:
            return None
    if any(_of_item(node) for node in walk(value)):
        return None
    found = walker.value(value)
    return (column, found) if isinstance(found, Texts) else None


def _of_item(node: Expression) -> bool:
    """Whether the node means something else for each item."""
    if isinstance(node, Path):
        return is_bare(node)
    if isinstance(node, Call):
        return node.name in {"position", "once"} or not node.arguments
    return isinstance(node, Current)


def _by_key(items: list[Item], column: str, wanted: Texts) -> tuple[Ints, Bools]:
    place: dict[str, int] = {}
    repeated = set()
    for number, item in enumerate(items):
        key = item.get(column, BLANK)
        if key in place:
            repeated.add(key)
        place.setdefault(key, number)
    found = wanted.map(lambda text: place.get(text, -1), np.int64)
    return found, wanted.map(lambda text: text in repeated, bool)


def _by_item(items: list[Item], predicates: list[Expression], walker: Walker) -> tuple[Ints, Bools]:
    found = np.full(1, -1, dtype=np.int64)
    many = np.zeros(1, dtype=bool)
    for number, flags in enumerate(_flags(items, predicates, walker)):
        many = many | (flags & (found >= 0))
        found = np.where(flags & (found < 0), number, found)
    return found, many


def _flags(items: list[Item], predicates: list[Expression], walker: Walker) -> Iterator[Bools]:
    """For each item, the rows for which it meets every condition."""
    counted = [np.zeros(1) for _ in predicates]
    for item in items:
        seen = {name: Texts.one(text) for name, text in item.items()}
        flags: Bools = np.ones(1, dtype=bool)
        for level, predicate in enumerate(predicates):
            counted[level] = counted[level] + flags
            number = partial(_same, counted[level])
            there = replace(walker, item=seen, number=number)
            flags = flags & passes(there.value(predicate), number)
        yield flags


def _same(number: Floats) -> Floats:
    return number
