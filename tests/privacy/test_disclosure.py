"""What is hidden in tables that leave together, and what the audit says of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipeline.privacy.count_table import CountTable, Relation, cell, cross_table, difference
from pipeline.privacy.disclosure import Suppression, audit, protect, small_cells

T = 10


def names(letter: str, number: int) -> list[str]:
    return [f"{letter}{n}" for n in range(number)]


def table(counts, rows="r", columns="c", name="t"):
    counts = np.asarray(counts)
    down, across = counts.shape
    return cross_table(name, counts, (rows, names(rows, down)), (columns, names(columns, across)))


def test_hiding_small_counts_alone_is_found_out_by_both():
    """Facts of one table: with its margins shown, each lonely small count is exact."""
    one = table([[20, 3, 30], [15, 25, 35], [40, 12, 50], [10, 60, 70]])
    alone = Suppression(small_cells([one], T))
    exposed = audit([one], alone, T)
    assert [(e.cell, e.low, e.high, e.tables) for e in exposed] == [
        (cell(("r", "r0"), ("c", "c1")), 3, 3, ("t",))
    ]


def test_a_small_count_that_is_shown_is_exposed():
    one = table([[4, 30], [30, 30]])
    assert [e.cell for e in audit([one], Suppression(frozenset()), T)] == [
        cell(("r", "r0"), ("c", "c0"))
    ]


def test_a_table_that_is_safe_alone_leaks_through_a_margin_it_shares():
    """The hidden margin of one table is shown in another; only both together tell the count."""
    first = table([[3, 40], [20, 50]], "a", "b", "first")
    second = table([[33, 10], [40, 30]], "a", "d", "second")
    small = cell(("a", "a0"), ("b", "b0"))
    margin = {cell(("a", "a0")), cell(("a", "a1"))}
    alone = Suppression(
        frozenset({small, *margin, cell(("a", "a1"), ("b", "b0")), cell(("b", "b0"))})
    )
    assert small not in {one.cell for one in audit([first], alone, T)}
    assert {one.tables for one in audit([first, second], alone, T)} == {("first",)}
    both = protect([first, second], T)
    assert audit([first, second], both, T) == []


def test_two_tables_whose_difference_is_small_do_not_both_show_their_counts():
    """Taking 47 from 50 leaves 3: nobody prints them, anybody finds them."""
    whole, part = cell(("of", "all")), cell(("of", "known"))
    less = difference("sex unknown", (whole, 50), (part, 47))
    (rest,) = less.unprinted
    assert [(e.cell, e.low, e.high) for e in audit([less], Suppression(frozenset()), T)] == [
        (rest, 3, 3)
    ]
    assert protect([less], T).further & {whole, part}


def test_nothing_is_hidden_where_nothing_is_small():
    assert protect([table([[10, 0], [12, 300]])], T).hidden == frozenset()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4),
    st.integers(1, 12),
)
def test_what_protect_hides_passes_the_audit(counts, threshold):
    tables = [table(counts)]
    suppression = protect(tables, threshold)
    assert small_cells(tables, threshold) == suppression.small
    assert audit(tables, suppression, threshold) == []


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=3),
    st.sets(st.integers(0, 11)),
)
def test_the_audit_names_every_hidden_count_that_may_be_small_and_is_told(counts, extra):
    """In a table of two variables whole and broken counts have the same bounds."""
    one = table(counts)
    cells = sorted(one.counts)
    hidden = small_cells([one], T) | {cells[n] for n in extra if n < len(cells)}
    told = {cell for cell in hidden if not is_safe(*bounds(one, hidden, cell))}
    assert {found.cell for found in audit([one], Suppression(hidden), T)} == told


def is_safe(low, high):
    return (low <= 1 and high >= T - 1) or low >= T or high < 1


def bounds(one, hidden, wanted):
    """The least and greatest value, by a linear program of the test's own."""
    cells = sorted(one.counts)
    sums = np.zeros((len(one.relations), len(cells)))
    for row, line in enumerate(one.relations):
        sums[row, cells.index(line.total)] -= 1
        for part in line.parts:
            sums[row, cells.index(part)] += 1
    known = [(0, 1e6) if cell in hidden else (one.counts[cell],) * 2 for cell in cells]
    aim = np.array([float(cell == wanted) for cell in cells])
    ends = [linprog(k * aim, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=known) for k in (1, -1)]
    return round(ends[0].fun), round(-ends[1].fun)


def test_a_mean_that_would_tell_a_hidden_count_is_hidden_with_it():
    """Of 40 who gave 1, 2 or 3, all but 4 gave 3: base, mean and one shown count say so."""
    base, points = cell(("q", "answered")), [cell(("q", str(n))) for n in (1, 2, 3)]
    mean = cell(("q", "mean"))
    relations = (
        Relation(base, tuple(points)),
        Relation(mean, tuple(points), weights=(1, 2, 3)),
    )
    counts = dict(zip(points, (4, 0, 36), strict=True)) | {base: 40, mean: 112}
    one = CountTable("q", counts, relations, figures=frozenset({mean}))
    shown = Suppression(frozenset({points[0], points[2]}))
    assert [(e.cell, e.low, e.high) for e in audit([one], shown, T)] == [(points[0], 4, 4)]
    found = protect([one], T)
    assert points[0] in found.small
    assert mean in found.further
    assert audit([one], found, T) == []


def test_points_of_which_only_the_mean_is_printed_must_not_be_known_exactly():
    """11 gave 5 and one gave 4: nothing else makes 59 of 12."""
    base, points = cell(("q", "answered")), [cell(("q", str(n))) for n in (1, 2, 3, 4, 5)]
    mean, weights = cell(("q", "mean")), (1, 2, 3, 4, 5)
    relations = (
        Relation(base, tuple(points)),
        Relation(mean, tuple(points), weights=weights),
    )

    def scale(*numbers):
        counts = dict(zip(points, numbers, strict=True)) | {base: sum(numbers)}
        counts[mean] = sum(n * weight for n, weight in zip(numbers, weights, strict=True))
        unprinted = frozenset(points)
        return CountTable(
            "q", counts, relations, unprinted, implied=unprinted, figures=frozenset({mean})
        )

    assert {e.cell for e in audit([scale(0, 0, 0, 1, 11)], Suppression(frozenset()), T)} == {
        points[3]
    }
    assert protect([scale(0, 0, 0, 1, 11)], T).further == {mean}
    assert protect([scale(2, 3, 4, 2, 3)], T).further == frozenset()


def test_what_everybody_knows_is_not_hidden():
    everybody = cell()
    for one in (table([[3, 40], [20, 50]]), table([[3, 4], [11, 2]])):
        assert everybody not in protect([one], T, fixed=[everybody]).hidden


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        type(table([[1]]))("t", {(): 3, cell(("a", "1")): 2}, (Relation((), (cell(("a", "1")),)),))
    with pytest.raises(ValueError, match="another count elsewhere"):
        protect([table([[1, 2]]), table([[1, 3]])], T)


def test_linked_tables_of_many_small_counts_are_protected_and_audited():
    """40 tables of 40 variables here; 500 of them are measured by the benchmark."""
    random = np.random.default_rng(5)
    people = random.integers(0, 4, (40, 100))
    pairs = [(a, b) for a in range(40) for b in range(a + 1, 40)]
    tables = []
    for one in random.permutation(len(pairs))[:40]:
        left, right = pairs[one]
        counts = np.zeros((4, 4), dtype=int)
        np.add.at(counts, (people[left] ** 2 // 3, people[right]), 1)
        tables.append(table(counts, f"v{left}x", f"v{right}", f"t{left}_{right}"))
    suppression = protect(tables, T)
    assert len(suppression.small) > 300
    assert audit(tables, suppression, T) == []
