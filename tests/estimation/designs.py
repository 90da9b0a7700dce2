"""The designs of the reference numbers, as R's script states them."""

from functools import cache

import pandas as pd

from pipeline.estimation.design import Design
from pipeline.estimation.reading import design_from
from pipeline.estimation.sample import Sample
from tests.conftest import SHARED, missing

REFERENCE = SHARED / "reference"

_STRAT = {"kind": "stratified", "strata": "stype", "weights": "pw"}
_CLUS1 = {"kind": "cluster", "clusters": "dnum", "weights": "pw", "fpc": "fpc"}
_STYPE = {"stype": {"E": 4421, "H": 755, "M": 1018}}
_WIDE = {"sch.wide": {"No": 1072, "Yes": 5122}}
_IMP = {"comp.imp": {"No": 1712, "Yes": 4482}}

DESIGNS: dict[str, tuple[str, dict[str, object]]] = {
    "srs_fpc": ("apisrs", {"kind": "srs", "fpc": "fpc"}),
    "srs_nofpc": ("apisrs", {"kind": "srs", "weights": "pw"}),
    "strat_fpc": ("apistrat", {**_STRAT, "fpc": "fpc"}),
    "strat_nofpc": ("apistrat", _STRAT),
    "clus1_fpc": ("apiclus1", _CLUS1),
    "clus1_nofpc": ("apiclus1", {"kind": "cluster", "clusters": "dnum", "weights": "pw"}),
    "clus2_fpc": (
        "apiclus2",
        {"kind": "cluster", "clusters": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]},
    ),
    "clus2_wr": ("apiclus2", {"kind": "cluster", "clusters": "dnum", "weights": "pw"}),
    "strat_jkn": ("apistrat", {**_STRAT, "fpc": "fpc", "variance": "jackknife"}),
    "clus1_jk1": ("apiclus1", {**_CLUS1, "variance": "jackknife"}),
    "clus1_rake": ("apiclus1", {**_CLUS1, "rake": {**_STYPE, **_WIDE}}),
    "clus1_post": ("apiclus1", {**_CLUS1, "post_strata": _STYPE}),
    "strat_rake": ("apistrat", {**_STRAT, "fpc": "fpc", "rake": {**_WIDE, **_IMP}}),
    "srs_post": ("apisrs", {"kind": "srs", "weights": "pw", "post_strata": _STYPE}),
    "clus1_calraking": (
        "apiclus1",
        {**_CLUS1, "calibrate": {**_STYPE, **_WIDE}, "distance": "raking"},
    ),
    "clus1_greg": ("apiclus1", {**_CLUS1, "calibrate": {**_STYPE, "api99": 3914069}}),
    **{
        f"strat_lonely_{rule}": (
            "apistrat_lonely",
            {**_STRAT, "fpc": "fpc", "lonely_stratum": rule},
        )
        for rule in ("remove", "adjust", "average", "certainty")
    },
}


@cache
def api(name: str) -> pd.DataFrame:
    """One of the Californian school samples; without them the test is skipped, or fails in CI."""
    if not REFERENCE.is_dir():
        missing("the folder ../shared")
    return pd.read_csv(REFERENCE / f"{name}.csv", low_memory=False)


@cache
def design(name: str) -> Design:
    return design_from(DESIGNS[name][1])


@cache
def sample(name: str) -> Sample:
    """The sample of a reference design; with a column for the rare event api00 > 850."""
    data = api(DESIGNS[name][0])
    return Sample.draw(data.assign(**{"api00>850": data["api00"] > 850}), design(name))
