"""The audit repeated on published tables by one who has nothing but them.

Every number that a file shows is taken at its word: counts, shares with their bases, means with
theirs. What follows for the hidden counts is worked out over all tables together, those of other
languages and editions included.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.privacy.attack import Witness
from pipeline.privacy.disclosure import exposed
from pipeline.privacy.linked import link_cells
from pipeline.privacy.published import Line, name_of, named
from pipeline.privacy.reading import PublishedTable

_CLOSE = 1e-6


@dataclass(frozen=True, order=True)
class Spot:
    """A cell of a file: row and column from 1, the headings being row 1."""

    file: Path
    row: int
    column: int


@dataclass(frozen=True)
class Leak:
    """A count that the tables tell.

    Attributes:
        kind: shown (a small count stands there), told (it follows from others), contradiction
            (files give one cell different numbers, or no counts fit all that is shown); further
            kinds are those of `repeated`, `strays` and `successive`.
        spots: where the cell stands, or would stand.
        table: name of the first table that holds it.
    """

    kind: str
    spots: tuple[Spot, ...]
    table: str


@dataclass
class Told:
    """What a reader has worked out, and where each cell stands."""

    counts: dict[str, float] = field(default_factory=dict)
    spots: dict[str, list[Spot]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, str] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)

    def learn(self, name: str, count: float) -> bool:
        """Take a number in; says whether it is new."""
        whole = float(round(count))
        before = self.counts.setdefault(name, whole)
        if before != whole:
            self.torn.add(name)
        return before == whole


def audit_published(tables: Iterable[PublishedTable], threshold: int) -> list[Leak]:
    """Every small count that these tables show or tell.

    Args:
        tables: all that one reader may have.
        threshold: the least count that is shown to this reader.

    Returns:
        Sorted by place.
    """
    found = list(tables)
    known = counts_told(found)
    figures = {name for table in found for name in table.sidecar.figures}
    counted = {name for name in known.spots if name not in figures}
    leaks = [
        Leak("contradiction", tuple(sorted(known.spots[name])), known.tables.get(name, ""))
        for name in sorted(known.torn)
    ]
    leaks += [
        Leak("shown", tuple(sorted(known.spots[name])), known.tables[name])
        for name in sorted(counted)
        if 1 <= known.counts.get(name, 0) < threshold
    ]
    leaks += _told(found, known, frozenset(figures), threshold)
    return sorted(leaks, key=lambda leak: (leak.spots, leak.kind))


def counts_told(tables: Iterable[PublishedTable]) -> Told:
    """The counts that tables show, and those that follow from shares and means with their bases."""
    found, known = list(tables), Told()
    for table in found:
        _take_counts(table, known)
    while sum(_derive(table, known) for table in found):
        pass
    return known


def _take_counts(table: PublishedTable, known: Told) -> None:
    for column in table.sidecar.columns:
        for row, name in enumerate(column.cells):
            if name is None or column.kind == "mean":
                continue
            known.spots[name].append(Spot(table.file, row + 2, column.place + 1))
            known.tables.setdefault(name, table.sidecar.table)
            for value in _values(table, row, column.place) if column.kind == "count" else ():
                known.learn(name, value)
    for name, count in (table.sidecar.known or {}).items():
        known.learn(name, float(count))


def _values(table: PublishedTable, row: int, place: int) -> Iterator[float]:
    for grid in table.grids:
        if row < len(grid) and (value := grid[row][place]) is not None:
            yield value


def _derive(table: PublishedTable, known: Told) -> bool:
    """Counts from shares and means with their bases, and bases from counts with their shares."""
    is_new = False
    for column in table.sidecar.columns:
        if column.kind == "count":
            continue
        for row, (name, base) in enumerate(zip(column.cells, column.bases, strict=True)):
            if name is None or base is None:
                continue
            for value in _values(table, row, column.place):
                if base in known.counts and name not in known.counts:
                    is_new |= known.learn(name, value * known.counts[base])
                elif name in known.counts and base not in known.counts and value > 0:
                    is_new |= known.learn(base, known.counts[name] / value)
    return is_new


def _told(
    tables: list[PublishedTable], known: Told, figures: frozenset[str], threshold: int
) -> Iterator[Leak]:
    """What the sums say of counts that are hidden."""
    relations = {line for table in tables for line in table.sidecar.relations}
    names = {name for line in relations for name in (line.total, *line.parts)}
    names |= known.spots.keys() | known.counts.keys()
    implied = {name for table in tables for name in table.sidecar.implied} - _printed(tables)
    linked = link_cells(
        {named(name): known.counts.get(name) for name in names},
        [line.relation() for line in sorted(relations, key=repr)],
        figures=frozenset(map(named, figures)),
        implied=frozenset(map(named, implied)),
        tables_of={},
    )
    hidden = linked.mask(named(name) for name in names - known.counts.keys())
    for one in exposed(linked, hidden, threshold, Witness.of(linked.counts)):
        name = name_of(one.cell)
        if name in known.counts:
            continue
        spots = tuple(sorted(known.spots.get(name, ()))) or _near(name, relations, known)
        kind = "told" if one.is_proven else "contradiction"
        yield Leak(kind, spots, known.tables.get(name, ""))


def _printed(tables: Iterable[PublishedTable]) -> set[str]:
    """Cells that a table has a place for; a codebook leaves out what it does not show."""
    return {
        name
        for table in tables
        for column in table.sidecar.columns
        for name in column.cells
        if name is not None and name not in table.sidecar.implied
    }


def _near(name: str, relations: Iterable[Line], known: Told) -> tuple[Spot, ...]:
    """Where the cells stand from which a count follows that no table shows."""
    found = set[Spot]()
    for line in relations:
        if name in {line.total, *line.parts}:
            found.update(*(known.spots.get(one, ()) for one in (line.total, *line.parts)))
    return tuple(sorted(found))
