"""No small count can be told from all the tables together; judged by our own linear program."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, kron

from pipeline.privacy.count_table import Relation, cell, cross_table, difference
from pipeline.privacy.disclosure import Suppression, audit, protect, small_cells

T = 10


def names(letter: str, number: int) -> list[str]:
    return [f"{letter}{n}" for n in range(number)]


def table(counts, rows="r", columns="c", name="t"):
    counts = np.asarray(counts)
    down, across = counts.shape
    return cross_table(name, counts, (rows, names(rows, down)), (columns, names(columns, across)))


def attacked(tables, hidden, threshold):
    """Small counts inside the rule, by a linear program that shares no code with the product.

    Each small count has two blocks of its own, one for its least value and one for its greatest;
    the blocks have nothing to do with each other, so one call solves them all.
    """
    counts = {one: n for t in tables for one, n in t.counts.items()}
    cells = sorted(counts)
    at = {one: n for n, one in enumerate(cells)}
    lines = [r for t in tables for r in t.relations]
    sums = np.zeros((len(lines), len(cells)))
    for row, line in enumerate(lines):
        sums[row, at[line.total]] -= 1
        for part in line.parts:
            sums[row, at[part]] += 1
    small = [one for one in cells if 1 <= counts[one] < threshold]
    if not small:
        return set()
    blocks = 2 * len(small)
    known = [(0, None) if one in hidden else (counts[one], counts[one]) for one in cells]
    bounds = [limits for _ in range(blocks) for limits in known]
    aim = np.zeros(blocks * len(cells))
    for number, one in enumerate(small):
        least, most = ((2 * number + k) * len(cells) + at[one] for k in (0, 1))
        aim[least], aim[most] = 1, -1
        if one in hidden:
            bounds[most] = (0, threshold - 1)
    every = kron(eye_array(blocks), csr_array(sums), format="csr")
    solved = linprog(aim, A_eq=every, b_eq=np.zeros(every.shape[0]), bounds=bounds)
    assert solved.status == 0
    value = solved.x.reshape(blocks, len(cells))
    return {
        one
        for number, one in enumerate(small)
        if value[2 * number, at[one]] > 1 + 1e-6
        or value[2 * number + 1, at[one]] < threshold - 1 - 1e-6
    }


def planted(seed: int):
    """One table, or two that share a margin; a small count is planted in each."""
    random = np.random.default_rng(seed)
    sizes = random.integers(2, 5, 3)
    people = random.integers(4, 60, sizes)
    one, other = random.permutation(sizes[1])[:2]
    people[0, one, :] = 0
    people[0, one, random.integers(sizes[2])] = random.integers(1, T)
    people[:, other, 0] = 0
    people[random.integers(sizes[0]), other, 0] = random.integers(1, T)
    first = table(people.sum(axis=2), "u", "v", "first")
    second = table(people.sum(axis=0), "v", "w", "second")
    return [first] if seed % 2 else [first, second]


@pytest.mark.parametrize("part", range(10))
def test_an_attack_on_a_thousand_random_tables_recovers_nothing(part):
    """No protected count is inside the rule, for tables alone and linked by a margin."""
    tried, seed = 0, 1000 * part
    while tried < 100:
        tables = planted(seed)
        assert all(small_cells([one], T) for one in tables), f"nothing planted in {seed}"
        assert attacked(tables, protect(tables, T).hidden, T) == set(), seed
        tried += len(tables)
        seed += 1


def test_the_same_attack_recovers_counts_where_only_the_small_ones_are_hidden():
    """So the attack is one that can succeed."""
    sets = [planted(seed) for seed in range(50)]
    broken = [tables for tables in sets if attacked(tables, small_cells(tables, T), T)]
    assert len(broken) == len(sets)


def test_hiding_small_counts_alone_is_found_out_by_both():
    """Facts of one table: with its margins shown, each lonely small count is exact."""
    one = table([[20, 3, 30], [15, 25, 35], [40, 12, 50], [10, 60, 70]])
    alone = Suppression(small_cells([one], T))
    exposed = audit([one], alone, T)
    assert [(e.cell, e.low, e.high, e.tables) for e in exposed] == [
        (cell(("r", "r0"), ("c", "c1")), 3, 3, ("t",))
    ]
    assert attacked([one], alone.hidden, T) == {exposed[0].cell}


def test_a_small_count_that_is_shown_is_exposed():
    one = table([[4, 30], [30, 30]])
    assert [e.cell for e in audit([one], Suppression(frozenset()), T)] == [
        cell(("r", "r0"), ("c", "c0"))
    ]


def test_a_table_that_is_safe_alone_leaks_through_a_margin_it_shares():
    """The hidden margin of one table is shown in another; only both together tell the count."""
    first = table([[3, 40], [20, 50]], "a", "b", "first")
    second = table([[33, 10], [40, 30]], "a", "d", "second")
    hidden = protect([first], T).hidden | {cell(("a", "a0"))}
    alone = Suppression(hidden)
    assert audit([first], alone, T) == []
    second_shows = Suppression(hidden - {cell(("a", "a0")), cell(("a", "a1"))})
    assert attacked([first, second], protect([first, second], T).hidden, T) == set()
    assert {e.cell for e in audit([first, second], second_shows, T)} == attacked(
        [first, second], second_shows.hidden, T
    )


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
def test_what_protect_hides_passes_the_audit_and_the_attack(counts, threshold):
    tables = [table(counts)]
    suppression = protect(tables, threshold)
    assert small_cells(tables, threshold) == suppression.small
    assert audit(tables, suppression, threshold) == []
    assert attacked(tables, suppression.hidden, threshold) == set()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=3),
    st.sets(st.integers(0, 11)),
)
def test_the_audit_names_what_the_attack_finds(counts, extra):
    """In a table of two variables whole and broken counts have the same bounds."""
    one = table(counts)
    cells = sorted(one.counts)
    hidden = small_cells([one], T) | {cells[n] for n in extra if n < len(cells)}
    assert {e.cell for e in audit([one], Suppression(hidden), T)} == attacked([one], hidden, T)


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        type(table([[1]]))("t", {(): 3, cell(("a", "1")): 2}, (Relation((), (cell(("a", "1")),)),))
    with pytest.raises(ValueError, match="another count elsewhere"):
        protect([table([[1, 2]]), table([[1, 3]])], T)


def test_hundreds_of_linked_tables_are_protected_and_audited_in_a_minute():
    """40 tables of 40 variables here; 500 of them are measured in the documentation."""
    random = np.random.default_rng(5)
    people = random.integers(0, 4, (40, 900))
    pairs = [(a, b) for a in range(40) for b in range(a + 1, 40)]
    tables = []
    for one in random.permutation(len(pairs))[:40]:
        left, right = pairs[one]
        counts = np.zeros((4, 4), dtype=int)
        np.add.at(counts, (people[left] ** 2 // 3, people[right]), 1)
        tables.append(table(counts, f"v{left}x", f"v{right}", f"t{left}_{right}"))
    began = time.monotonic()
    suppression = protect(tables, T)
    assert audit(tables, suppression, T) == []
    assert time.monotonic() - began < 60
