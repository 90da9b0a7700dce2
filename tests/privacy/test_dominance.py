"""A sum is not shown where its second contributor could work out the first."""

import pandas as pd
import pytest

from pipeline.privacy.dominance import dominated, hidden_sums


def test_a_sum_is_dominated_when_the_rest_is_under_p_percent_of_the_largest():
    frame = pd.DataFrame(
        {
            "city": ["one"] * 3 + ["even"] * 3 + ["lone"] + ["none"],
            "cases": [100, 50, 9, 100, 50, 10, 7, 0],
        }
    )
    found = dominated(frame, ["city"], "cases", percent=10)
    assert found.to_dict() == {"even": False, "lone": True, "none": False, "one": True}


def test_negative_contributions_are_refused():
    with pytest.raises(ValueError, match="negative"):
        dominated(pd.DataFrame({"city": ["a"], "cases": [-1]}), ["city"], "cases")


def test_a_dominated_group_takes_another_with_it_for_the_total_would_tell_it():
    groups = [[100.0, 50, 9], [30.0, 30, 30], [5.0, 5, 5]]
    assert hidden_sums(groups) == [True, False, True]


def test_groups_are_hidden_until_what_they_make_up_together_is_not_dominated():
    groups = [[100.0, 2, 1], [30.0, 30, 30], [3.0, 3]]
    assert hidden_sums(groups) == [True, True, True]


def test_nothing_is_hidden_where_no_group_is_dominated():
    assert hidden_sums([[30.0, 30, 30], []]) == [False, False]
