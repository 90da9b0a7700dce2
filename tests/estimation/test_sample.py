"""Data that do not fit their design are refused before anything is estimated."""

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.estimation.design import Design, Kind, LonelyStratum
from pipeline.estimation.estimates import means
from pipeline.estimation.reading import design_from
from pipeline.estimation.sample import Sample

DATA = pd.DataFrame(
    {
        "county": ["a", "a", "a", "b", "b", "b"],
        "village": [1, 1, 2, 3, 3, 4],
        "again": [1, 1, 2, 1, 1, 2],
        "weight": [2.0, 2.0, 2.0, 3.0, 3.0, 3.0],
        "gap": [1.0, None, 1.0, 1.0, None, 1.0],
        "negative": [-1.0, 1, 1, 1, 1, 1],
        "nought": [0.0] * 6,
        "few": [2] * 6,
        "varying": [10, 11, 10, 20, 20, 20],
        "lone": ["x", "x", "x", "x", "x", "y"],
        "one": ["all"] * 6,
        "word": ["w"] * 6,
        "age": [30, 41, 52, 63, 34, 45],
    }
)


def codes(mapping: dict[str, object], data: pd.DataFrame = DATA) -> list[tuple[str, str | None]]:
    with pytest.raises(SurveyError) as error:
        Sample.draw(data, design_from(mapping))
    return [(one.code, one.place.rule) for one in error.value.problems]


STRATA = {"kind": "stratified", "strata": "county"}


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (
            {"kind": "stratified", "strata": "region", "weights": "wt"},
            [("EST-010", "region"), ("EST-010", "wt")],
        ),
        ({**STRATA, "weights": "gap"}, [("EST-011", "gap")]),
        ({**STRATA, "weights": "negative"}, [("EST-012", "negative")]),
        ({**STRATA, "weights": "nought"}, [("EST-012", "nought")]),
        ({**STRATA, "weights": "word"}, [("EST-020", "word")]),
        ({**STRATA, "fpc": "few"}, [("EST-013", "fpc")]),
        ({**STRATA, "fpc": "varying"}, [("EST-013", "fpc")]),
        (
            {"kind": "cluster", "strata": "county", "clusters": "again"},
            [("EST-014", "clusters")],
        ),
        ({"kind": "stratified", "strata": "lone"}, [("EST-015", "lonely_stratum")]),
        ({"kind": "cluster", "clusters": "one"}, [("EST-018", "kind")]),
        ({"kind": "srs", "post_strata": {"county": {"a": 5}}}, [("EST-016", "county")]),
        (
            {"kind": "srs", "post_strata": {"county": {"a": 5, "b": 5, "c": 5}}},
            [("EST-016", "county")],
        ),
        (
            {"kind": "srs", "rake": {"county": {"a": 5, "b": 5}, "lone": {"x": 1, "y": 1}}},
            [("EST-016", "rake")],
        ),
        (
            {"kind": "srs", "rake": {"county": {"a": 9, "b": 1}, "lone": {"x": 1, "y": 9}}},
            [("EST-017", "rake")],
        ),
        (
            {"kind": "srs", "calibrate": {"county": {"a": 9, "b": 1}, "lone": {"x": 9, "y": 9}}},
            [("EST-016", "calibrate")],
        ),
        ({"kind": "srs", "calibrate": {"word": 9}}, [("EST-020", "word")]),
    ],
)
def test_what_does_not_fit_is_refused(mapping, expected):
    """Columns, weights, counts, nesting, lonely strata and margins, by code and place."""
    assert codes(mapping) == expected


def test_data_without_rows_are_refused():
    """Nothing can be estimated from nothing."""
    assert codes({"kind": "srs"}, DATA.head(0)) == [("EST-018", None)]


def test_a_problem_counts_and_never_shows_an_answer():
    """How many rows are concerned is enough to find them."""
    with pytest.raises(SurveyError) as error:
        Sample.draw(DATA, design_from({**STRATA, "weights": "gap"}))
    assert str(error.value) == (
        "[EST-011] gap\n  2 of the 6 rows have nothing in gap. "
        "Complete the column, or leave the rows out."
    )


def test_a_stratified_sample_may_be_one_of_clusters():
    """Strata and clusters say the same, whichever of them gives the kind its name."""
    parts = {"strata": "county", "clusters": ("village",)}
    stratified, cluster = (Design(kind, **parts) for kind in (Kind.STRATIFIED, Kind.CLUSTER))
    found, expected = (means(Sample.draw(DATA, one), "age") for one in (stratified, cluster))
    pd.testing.assert_frame_equal(found, expected)


def test_clusters_may_be_numbered_anew_in_each_stratum():
    """With `nest: true` the same codes in two strata are different clusters."""
    nested = {"kind": "cluster", "strata": "county", "clusters": "again", "nest": True}
    plain = {"kind": "cluster", "strata": "county", "clusters": "village"}
    found, expected = (means(Sample.draw(DATA, design_from(one)), "age") for one in (nested, plain))
    pd.testing.assert_frame_equal(found, expected)


def test_later_stages_are_always_numbered_within_the_stage_above():
    """As in R: household 1 of village 1 is not household 1 of village 2."""
    data = DATA.assign(household=[1, 2, 1, 1, 2, 1], villages=8, households=5)
    design = Design(
        Kind.CLUSTER,
        clusters=("village", "household"),
        fpc=("villages", "households"),
        lonely_stratum=LonelyStratum.REMOVE,
    )
    assert Sample.draw(data, design).units.count == 6


@pytest.mark.parametrize(
    ("fpc", "weights"), [((12,), [2.0] * 6), (("county_size",), [4.0, 4, 4, 6, 6, 6])]
)
def test_weights_follow_from_population_counts(fpc, weights):
    """Without a column of weights each row stands for population / sample."""
    data = DATA.assign(county_size=[12, 12, 12, 18, 18, 18])
    kind = {"kind": Kind.SRS} if fpc == (12,) else {"kind": Kind.STRATIFIED, "strata": "county"}
    sample = Sample.draw(data, Design(**kind, fpc=fpc))
    assert sample.weights.tolist() == pytest.approx(weights)


def test_rows_of_weight_0_count_for_nothing():
    """They leave estimate, standard error and base as they would be in a domain without them."""
    data = DATA.assign(w=[1.0, 1, 1, 1, 1, 0], used=["yes"] * 5 + ["no"])
    zero = means(Sample.draw(data, Design(Kind.SRS, weights="w")), "age")
    domain = means(Sample.draw(data, Design(Kind.SRS)), "age", "used", degrees_of="domain").iloc[1]
    names = ["estimate", "se", "base", "low", "high"]
    assert zero.iloc[0][names].to_list() == pytest.approx(domain[names].to_list())
