"""`survey tabulate` of Parquet: however its rows are stored and whoever sums up, one table."""

import io
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError
from pipeline.estimation.tabulate import tabulate
from pipeline.workflow.row_groups import parts_of
from tests.estimation.designs import api, design
from tests.estimation.parted.rows import CLOSE

DESIGN = """
kind: cluster
clusters: dnum
weights: pw
fpc: fpc
rake: {stype: {E: 4421, H: 755, M: 1018}, sch.wide: {"No": 1072, "Yes": 5122}}
"""
ENGINES = [
    (),
    ("--engine", "local", "--workers", "2"),
    ("--engine", "dask", "--workers", "1"),
]


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A file of 50 rows a row group, a folder of two files, and a design."""
    monkeypatch.chdir(tmp_path)
    data = api("apiclus1")
    data.to_parquet("data.parquet", row_group_size=50)
    (tmp_path / "folder").mkdir()
    data[:100].to_parquet("folder/a.parquet", row_group_size=30)
    data[100:].to_parquet("folder/b.parquet")
    (tmp_path / "design.yaml").write_text(DESIGN, encoding="utf-8")
    return tmp_path


def table(*words: str) -> pd.DataFrame:
    done = CliRunner().invoke(app, ["tabulate", *words, "--design", "design.yaml"])
    assert done.exit_code == 0, done.output
    return pd.read_csv(io.StringIO(done.output))


@pytest.mark.parametrize("engine", ENGINES, ids=["here", "local", "dask"])
@pytest.mark.parametrize("data", ["data.parquet", "folder"])
def test_rows_in_groups_come_to_the_table_of_all_rows(data, engine, stored):
    assert len(parts_of(stored / data)) > 1
    expected = tabulate(api("apiclus1"), design("clus1_rake"), ["api00", "enroll"], "stype", "mean")
    found = table(data, "--rows", "api00", "--rows", "enroll", "--by", "stype",
                  "--statistic", "mean", *engine)  # fmt: skip
    pd.testing.assert_frame_equal(found.astype(expected.dtypes), expected, **CLOSE)


def test_what_needs_all_rows_takes_them(stored):
    """A median, of a folder too."""
    expected = tabulate(api("apiclus1"), design("clus1_rake"), "api00", None, "median")
    for data in ("data.parquet", "folder"):
        found = table(data, "--rows", "api00", "--statistic", "median")
        pd.testing.assert_frame_equal(found.astype(expected.dtypes), expected, **CLOSE)


def test_a_file_that_changes_between_two_looks_is_refused(stored):
    """Its sums would be of two tables."""
    parts = parts_of(stored / "data.parquet")
    api("apiclus1")[::-1].to_parquet("data.parquet", row_group_size=50)
    with pytest.raises(SurveyError) as raised:
        parts[0].read(["stype"])
    (problem,) = raised.value.problems
    assert (problem.code, problem.message) == (
        "WORK-003",
        "The file was changed while it was read.",
    )


@pytest.mark.parametrize(
    ("spoil", "words", "said"),
    [
        (
            lambda at: api("apisrs")[["stype"]].to_parquet(at / "folder/c.parquet"),
            (),
            ["[WORK-003] folder/c.parquet", "other columns than the first of its folder"],
        ),
        (
            lambda at: (at / "folder/c.parquet").write_bytes(b"PAR1 no"),
            (),
            ["[WORK-003] folder/c.parquet", "cannot be read as CSV or Parquet"],
        ),
        (
            lambda at: shutil.rmtree(at / "folder"),
            (),
            ["[WORK-003] folder", "cannot be read as CSV or Parquet"],
        ),
        (lambda at: None, ("--engine", "spark"), ["[PARTS-004] --engine", "local, dask"]),
        (lambda at: None, ("--by", "weather"), ["[EST-010] folder", "no column named 'weather'"]),
    ],
    ids=["other columns", "no Parquet", "nothing there", "no engine", "no column"],
)
def test_what_cannot_be_is_refused(spoil, words, said, stored):
    spoil(stored)
    done = CliRunner().invoke(
        app, ["tabulate", "folder", "--design", "design.yaml", "--rows", "stype", *words]
    )
    assert done.exit_code == 1
    shown = " ".join(done.output.split())
    assert [one for one in said if one not in shown] == [], shown
