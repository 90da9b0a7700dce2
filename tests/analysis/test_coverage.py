"""The smallest set of partners that covers the needs."""

import itertools

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.coverage import always_needed, smallest_cover


def offers(**rows):
    needs = sorted({need for row in rows.values() for need in row} | {"unmet"})
    return pd.DataFrame(
        {need: [need in row for row in rows.values()] for need in needs}, index=list(rows)
    )


def test_two_that_cover_all_are_taken_where_the_greedy_choice_takes_three():
    table = offers(big="bcde", left="abc", right="def", spare="a")
    assert smallest_cover(table) == (["left", "right"], ["unmet"])


def test_the_better_of_two_equal_sets_is_taken():
    table = offers(one="ab", two="ab")
    assert smallest_cover(table, pd.Series({"one": 0.2, "two": 0.9})) == (["two"], ["unmet"])


def test_a_higher_score_never_buys_a_larger_set():
    table = offers(all="ab", half="a", other="b")
    scores = pd.Series({"all": 0.0, "half": 1.0, "other": 1.0})
    assert smallest_cover(table, scores) == (["all"], ["unmet"])


def test_nobody_covers_nothing():
    assert smallest_cover(pd.DataFrame({"a": pd.Series(dtype=bool)})) == ([], ["a"])


@given(st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=6))
def test_no_smaller_set_covers_as_much(rows):
    table = pd.DataFrame([[need in row for need in range(5)] for row in rows])
    chosen, unmet = smallest_cover(table)
    needs = set(range(5)) - set(unmet)
    assert needs == set().union(*rows)
    assert set().union(*(rows[one] for one in chosen)) >= needs
    smaller = itertools.combinations(rows, len(chosen) - 1) if chosen else []
    assert not any(set().union(*some) >= needs for some in smaller)


@given(st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=6))
def test_always_needed_are_those_in_every_smallest_set(rows):
    """Held against all sets of that size, tried one by one."""
    table = pd.DataFrame([[need in row for need in range(5)] for row in rows])
    chosen, _ = smallest_cover(table)
    needs = set().union(*rows)
    smallest = [
        set(some)
        for some in itertools.combinations(range(len(rows)), len(chosen))
        if set().union(*(rows[one] for one in some)) >= needs
    ]
    assert always_needed(table, chosen) == (set.intersection(*smallest) if chosen else frozenset())


def test_of_two_that_offer_the_same_neither_is_needed_always():
    table = offers(one="ab", two="ab", other="c")
    chosen, _ = smallest_cover(table)
    assert always_needed(table, chosen) == {"other"}
