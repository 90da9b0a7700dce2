"""`tabulate` gives what the single functions give, and refuses what does not go together."""

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.estimation.batteries import multiple_response
from pipeline.estimation.estimates import means, ratios, shares, totals
from pipeline.estimation.quantiles import medians
from pipeline.estimation.sample import Sample
from pipeline.estimation.tabulate import tabulate
from tests.estimation.designs import api, design, sample


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            {"rows": "sch.wide", "interval": "beta", "level": 0.9},
            lambda s: shares(s, "sch.wide", interval="beta", level=0.9),
        ),
        ({"rows": ["sch.wide", "awards"]}, lambda s: shares(s, ["sch.wide", "awards"])),
        (
            {"rows": "api00", "by": "stype", "statistic": "mean"},
            lambda s: means(s, "api00", "stype"),
        ),
        (
            {"rows": "stype", "by": ["awards", "both"], "statistic": "total"},
            lambda s: totals(s, "stype", ["awards", "both"]),
        ),
        (
            {"rows": "api00", "statistic": "median", "interval": "logit"},
            lambda s: medians(s, "api00", interval="logit"),
        ),
        (
            {"rows": "api.stu", "statistic": "ratio", "denominator": "enroll"},
            lambda s: ratios(s, "api.stu", "enroll"),
        ),
    ],
)
def test_each_statistic_is_its_function(shared_dir, arguments, expected):
    """With the same domains, interval and level."""
    found = tabulate(api("apiclus1"), design("clus1_fpc"), **arguments)
    pd.testing.assert_frame_equal(found, expected(sample("clus1_fpc")))


def test_a_select_multiple_is_known_by_its_columns(shared_dir):
    """`rows/choice` columns of 1 and 0."""
    data = api("apisrs").assign(**{"aims/school": 1, "aims/growth": [1, 0] * 100})
    made = design("srs_fpc")
    expected = multiple_response(Sample.draw(data, made), "aims", "stype")
    pd.testing.assert_frame_equal(tabulate(data, made, "aims", "stype"), expected)


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ({"statistic": "mode"}, ["EST-021"]),
        ({"statistic": "ratio"}, ["EST-022"]),
        ({"denominator": "enroll"}, ["EST-022"]),
        ({"statistic": "mean", "interval": "logit"}, ["EST-022"]),
        ({"interval": "exact"}, ["EST-021"]),
        (
            {"statistic": "mode", "denominator": "x", "interval": "?"},
            ["EST-021", "EST-022", "EST-021"],
        ),
    ],
)
def test_what_does_not_go_together_is_refused(shared_dir, arguments, codes):
    """All of it at once, before anything is estimated."""
    with pytest.raises(SurveyError) as error:
        tabulate(api("apisrs"), design("srs_fpc"), "api00", **arguments)
    assert [one.code for one in error.value.problems] == codes
