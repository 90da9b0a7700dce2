"""The 479 published estimates of the Tal Afar survey come out of the published interviews.

Proportions and means with Wald's interval and n - 1 degrees of freedom, unweighted.
"""

import pandas as pd
import pytest

from pipeline.estimation.batteries import every_variable
from pipeline.estimation.design import Design, Kind
from pipeline.estimation.sample import Sample


@pytest.fixture(scope="module")
def published(shared_dir) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "real-survey/expected_tables.csv", dtype={"choice": "str"})


@pytest.fixture(scope="module")
def found(shared_dir, published) -> pd.DataFrame:
    clean = pd.read_csv(shared_dir / "real-survey/expected_clean.csv", low_memory=False)
    coded = published.loc[published["choice"].notna(), "main_variable"].unique()
    return every_variable(
        Sample.draw(clean, Design(Kind.SRS)),
        published["main_variable"].unique(),
        categorical=coded,
    )


@pytest.fixture(scope="module")
def compared(published, found) -> pd.DataFrame:
    """Both side by side; the published choices lack what stands before a point ("0.75": "75")."""
    offered = found["note"].str.extract(r"offered to (\d+)", expand=False).astype(float)
    chosen = found["estimate"] * offered.fillna(found["base"])
    chosen = chosen.where(found["category"].notna(), found["base"])
    ours = found.assign(
        choice=found["category"].str.split(".").str[-1], n_unweighted=chosen.round().astype(int)
    )
    theirs = published.rename(columns={"main_variable": "variable"})
    keys = ["variable", "choice", "n_unweighted"]
    return theirs.merge(ours, on=keys, how="outer", indicator=True)


def test_every_published_estimate_is_found_once(compared):
    """479 estimates over 132 questions with their unweighted counts, and none besides."""
    assert len(compared) == 479
    assert compared["variable"].nunique() == 132
    assert set(compared["_merge"]) == {"both"}


def test_bases_are_exact(compared):
    """The number of households that answered; one choice was offered to fewer, and says so."""
    assert compared["base"].tolist() == compared["response_count"].tolist()
    fewer = compared[compared["note"].fillna("").str.startswith("offered")]
    assert fewer["choice"].tolist() == ["own_business"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("mean.pct", "estimate"), ("mean.pct_low", "low"), ("mean.pct_upp", "high")],
)
def test_estimates_and_limits_agree(compared, theirs, ours):
    """To 1e-9 of the estimate; where one household answered alone there are no limits."""
    known = compared[theirs].notna()
    scale = compared["estimate"].abs().clip(lower=1.0)
    apart = (compared[theirs] - compared[ours]).abs() / scale
    assert apart[known].max() < 1e-9
    assert set(compared.loc[~known, "response_count"]) <= {1}
    assert compared.loc[~known, ours].isna().all()
