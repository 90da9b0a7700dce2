"""What is hidden in all tables of a report together, decided for what hangs together at a time.

Tables hang together through the cells that they share; what two forms' tables say of their
respondents has nothing to do with each other. So each group of tables is protected by itself, by
its own counts and the settings alone, and a group in which nothing changed need not be thought
about again.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from pipeline.analysis.environment import PUBLIC, RESTRICTED
from pipeline.analysis.protection import Registered
from pipeline.analysis.provenance import code_hash
from pipeline.privacy.attack import Witness
from pipeline.privacy.count_table import Cell, CountTable, Relation
from pipeline.privacy.disclosure import Suppression, protect
from pipeline.privacy.linked import link
from pipeline.privacy.published import name_of, named
from pipeline.settings import Disclosure

Decided = dict[str, Any]
"""What is hidden, as `outputs/disclosure.json` holds it: names of cells, and how many they are."""


@dataclass(frozen=True)
class Group:
    """Tables that share cells, none of which a table of another group holds.

    Attributes:
        tables: in the order in which they were told.
        decided: what is hidden in them.
    """

    tables: tuple[Registered, ...]
    decided: Decided


def make_plan(tables: Iterable[Registered], settings: Disclosure) -> Decided:
    """Protect all tables together, for both editions.

    What readers of the restricted edition do not see, nobody sees; so the difference between the
    editions tells nothing.

    Raises:
        ValueError: one cell has different counts in two tables.
    """
    return joined(decide(tables, settings, {}), settings)


def decide(
    tables: Iterable[Registered], settings: Disclosure, known: MutableMapping[str, Decided]
) -> tuple[Group, ...]:
    """What is hidden, for each group of tables by itself.

    Args:
        tables: all that leave together.
        settings: the thresholds.
        known: hash over a group's tables, the settings and the code -> what was decided for it
            before. What is no longer of use is taken out, and what is found is added.

    Raises:
        ValueError: one cell has different counts in two tables.
    """
    groups = {_key(group, settings): group for group in hanging_together(tables)}
    for key in known.keys() - groups.keys():
        del known[key]
    for key, group in groups.items():
        if key not in known:
            known[key] = _decided(group, settings)
    return tuple(Group(group, known[key]) for key, group in groups.items())


def joined(groups: Iterable[Group], settings: Disclosure) -> Decided:
    """What was decided for every group, as one plan."""
    every = [group.decided for group in groups]
    thresholds = {RESTRICTED: settings.restricted, PUBLIC: settings.public}
    return {
        "same": {name: other for one in every for name, other in one["same"].items()},
        "cells": sorted(name for one in every for name in one["cells"]),
        "unprinted": sorted(name for one in every for name in one["unprinted"]),
        "hidden": {
            edition: sorted(name for one in every for name in one["hidden"][edition])
            for edition in thresholds
        },
        "counts": {
            edition: {
                "threshold": threshold,
                **{
                    kind: sum(one["counts"][edition][kind] for one in every)
                    for kind in ("cells", "small", "further")
                },
            }
            for edition, threshold in thresholds.items()
        },
    }


def digest_of(groups: Iterable[Group]) -> str:
    """A hash over what is hidden in these groups; how many cells that are is left out."""
    said = [
        {key: told for key, told in group.decided.items() if key != "counts"} for group in groups
    ]
    return _hash(json.dumps(said, sort_keys=True))


def hanging_together(tables: Iterable[Registered]) -> tuple[tuple[Registered, ...], ...]:
    """The tables in groups: two that share a cell are in one, and so are those of the same rows."""
    registered = list(tables)
    leader = list(range(len(registered)))

    def first(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    holder = dict[str, int]()
    for number, table in enumerate(registered):
        for name in _shared_names(table):
            one, other = first(holder.setdefault(name, number)), first(number)
            leader[max(one, other)] = min(one, other)
    groups = dict[int, list[Registered]]()
    for number, table in enumerate(registered):
        groups.setdefault(first(number), []).append(table)
    return tuple(map(tuple, groups.values()))


def _shared_names(table: Registered) -> Iterator[str]:
    """By what a table may hang together with another: its cells, and the rows that they count."""
    yield from (f"cell {name_of(one)}" for one in table.table.counts)
    yield from (f"rows {rows}" for rows in table.rows.values())
    bases = {name for found in table.bases.values() for name in found if name}
    yield from (f"cell {name}" for name in (*table.rows, *table.under, *bases))
    yield f"table {table.table.name}"


def _key(tables: Sequence[Registered], settings: Disclosure) -> str:
    told = (code_hash(), repr((settings.restricted, settings.public)))
    return _hash("\n".join((*told, *(one.to_json() for one in tables))))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _decided(registered: Sequence[Registered], settings: Disclosure) -> Decided:
    same = same_names(registered)
    linked = [canonical(one.table, same) for one in registered]
    under = {named(same.get(name, name)) for one in registered for name in one.under}
    read: dict[str, Any] = {"same": same, "cells": _names(linked), "hidden": {}, "counts": {}}
    every = {one for table in linked for one in table.counts}
    printed = {one for table in linked for one in table.counts.keys() - table.unprinted}
    read["unprinted"] = sorted(map(name_of, every - printed))
    bases = bases_of(registered, same)
    hidden, witness = frozenset(under), Witness.of(link(linked).counts)
    thresholds = {RESTRICTED: settings.restricted, PUBLIC: settings.public}
    for edition, threshold in sorted(thresholds.items(), key=lambda item: item[1]):
        fixed = {
            named(same.get(one.everybody, one.everybody)) for one in registered if one.everybody
        }
        counts = {one: count for table in linked for one, count in table.counts.items()}
        fixed = {one for one in fixed if counts[one] >= threshold}
        found = hide(linked, threshold, hidden=hidden, fixed=fixed, bases=bases, witness=witness)
        hidden = (found.hidden | hidden) - fixed
        read["hidden"][edition] = sorted(name_of(one) for one in hidden & printed)
        read["counts"][edition] = {
            "threshold": threshold,
            "cells": len(printed),
            "small": len(found.small & printed),
            "further": len((hidden & printed) - found.small),
        }
    return read


def hide(
    tables: Sequence[CountTable],
    threshold: int,
    *,
    hidden: AbstractSet[Cell],
    fixed: AbstractSet[Cell],
    bases: Mapping[Cell, frozenset[Cell]],
    witness: Witness | None = None,
) -> Suppression:
    """Choose what to hide, as `protect` does, together with what a hidden base takes with it.

    A page hides all that rests on a hidden base. Sums that rest on numbers which no page shows
    would be held for safe here, and not by one who has the pages alone.

    Args:
        tables: as for `protect`.
        threshold: likewise.
        hidden: likewise.
        fixed: likewise.
        bases: cell -> all bases on which it rests where it is shown.
        witness: likewise.
    """
    given = frozenset(hidden)
    while True:
        found = protect(tables, threshold, hidden=given, fixed=fixed, witness=witness)
        every = (found.hidden | given) - fixed
        taken = {one for one, resting in bases.items() if resting <= every} - every - fixed
        if not taken:
            return found
        given = every | taken  # all of it: a witness holds only where as much is hidden


def bases_of(tables: Iterable[Registered], same: Mapping[str, str]) -> dict[Cell, frozenset[Cell]]:
    """Cell -> the bases on which it rests where any of the tables shows it."""
    found = defaultdict[Cell, set[Cell]](set)
    for table in tables:
        for name, bases in table.bases.items():
            found[named(same.get(name, name))] |= {named(same.get(one, one)) for one in bases}
    return {one: frozenset(bases) for one, bases in found.items()}


def same_names(tables: Iterable[Registered]) -> dict[str, str]:
    """Cells that count the very same rows -> the first of their names."""
    first: dict[str, str] = {}
    pairs = sorted((rows, name) for one in tables for name, rows in one.rows.items())
    for rows, name in pairs:
        first.setdefault(rows, name)
    return {name: first[rows] for rows, name in pairs if first[rows] != name}


def canonical(table: CountTable, same: Mapping[str, str]) -> CountTable:
    """The table with one name for each set of rows."""

    def settled(one: Any) -> Any:
        name = name_of(one)
        return named(same.get(name, name))

    relations = (
        Relation(settled(one.total), tuple(map(settled, one.parts)), one.weights)
        for one in table.relations
    )
    printed = {settled(one) for one in table.counts.keys() - table.unprinted}
    unprinted = frozenset(map(settled, table.unprinted)) - printed
    return CountTable(
        table.name,
        {settled(one): count for one, count in table.counts.items()},
        tuple(one for one in relations if (one.total,) != one.parts),
        unprinted,
        frozenset(map(settled, table.implied)) & unprinted,
        frozenset(map(settled, table.figures)),
    )


def _names(tables: Iterable[CountTable]) -> list[str]:
    return sorted({name_of(one) for table in tables for one in table.counts})
