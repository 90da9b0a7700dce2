"""A sum is not shown where its second contributor could work out the first."""

import pandas as pd
import pytest

from pipeline.privacy.dominance import dominated


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
