"""An attack on random tables recovers nothing; the attacker's linear program is its own."""

import pytest

from pipeline.privacy.disclosure import protect, small_cells
from tests.privacy.attacker import attacked, drawn, intervals

T = 10
ALWAYS = 80
FULL = 1000


def leaks(seed: int) -> set:
    published = drawn(seed, T)
    return attacked(published, protect(published.tables, T).hidden, T)


def test_an_attack_on_random_tables_recovers_nothing():
    """Alone, linked, nested, of three variables: no small count is inside the rule."""
    assert {seed: found for seed in range(ALWAYS) if (found := leaks(seed))} == {}


@pytest.mark.slow
def test_an_attack_on_a_thousand_random_tables_recovers_nothing():
    assert {seed: found for seed in range(ALWAYS, FULL) if (found := leaks(seed))} == {}


def test_the_same_attack_recovers_counts_where_only_the_small_ones_are_hidden():
    """So the attack is one that can succeed."""
    sets = [drawn(seed, T) for seed in range(40)]
    broken = [one for one in sets if attacked(one, small_cells(one.tables, T), T)]
    assert len(broken) > 0.9 * len(sets)


def test_the_attack_names_a_lonely_small_count_exactly():
    published = drawn(0, T)
    alone = published.small(T)[:1]
    ((low, high),) = intervals(published, frozenset(alone), alone, T - 1).values()
    assert (round(low), round(high)) == (published.count(alone[0]), published.count(alone[0]))


def test_what_is_hidden_at_a_low_threshold_is_hidden_at_a_high_one():
    """Readers of the restricted edition see the public one too; the difference tells nothing."""
    for seed in range(24):
        published = drawn(seed, T)
        restricted = protect(published.tables, 5)
        public = protect(published.tables, T, hidden=restricted.hidden)
        assert restricted.hidden <= public.hidden
        assert attacked(published, restricted.hidden, 5) == set()
        assert attacked(published, public.hidden, T) == set()
