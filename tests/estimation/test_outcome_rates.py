"""Outcome rates are AAPOR's, by its own formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.estimation.outcome_rates import Disposition, eligible_share, outcome_rates

COUNTS = {
    Disposition.COMPLETE: 50,
    Disposition.PARTIAL: 10,
    Disposition.REFUSAL: 15,
    Disposition.NON_CONTACT: 20,
    Disposition.OTHER: 5,
    Disposition.UNKNOWN: 40,
    Disposition.NOT_ELIGIBLE: 25,
}


def test_each_rate_is_its_formula():
    """Worked by hand: I 50, P 10, R 15, NC 20, O 5, U 40, not eligible 25; e = 100 / 125."""
    assert eligible_share(COUNTS) == pytest.approx(0.8)
    rates = {name: rate.value for name, rate in outcome_rates(COUNTS).items()}
    assert rates == pytest.approx(
        {
            "RR1": 50 / 140,
            "RR2": 60 / 140,
            "RR3": 50 / 132,
            "RR4": 60 / 132,
            "RR5": 50 / 100,
            "RR6": 60 / 100,
            "COOP1": 50 / 80,
            "COOP2": 60 / 80,
            "REF1": 15 / 140,
            "REF2": 15 / 132,
            "REF3": 15 / 100,
            "CON1": 80 / 140,
            "CON2": 80 / 132,
            "CON3": 80 / 100,
        }
    )


def test_nobody_drawn_has_no_rate():
    assert {rate.value for rate in outcome_rates({}).values()} == {None}


@given(st.fixed_dictionaries({kind: st.integers(0, 50) for kind in Disposition}))
def test_rates_are_shares_in_their_order(counts):
    """From 0 to 1; the more of the unknown count as eligible, the lower the rate."""
    rates = {name: rate.value for name, rate in outcome_rates(counts).items()}
    known = [value for value in rates.values() if value is not None]
    assert all(0 <= value <= 1 for value in known)
    for low, middle, high in (
        ("RR1", "RR3", "RR5"),
        ("RR2", "RR4", "RR6"),
        ("CON1", "CON2", "CON3"),
    ):
        if rates[high] is not None:
            assert rates[low] <= rates[middle] + 1e-12
            assert rates[middle] <= rates[high] + 1e-12
