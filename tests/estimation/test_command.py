"""`survey tabulate`: several variables at once, and files that would be read amiss are refused."""

import io

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.estimation.reading import read_design
from pipeline.estimation.tabulate import tabulate
from tests.estimation.designs import REFERENCE, api

DESIGN = """
kind: cluster
clusters: [dnum, snum]
fpc: [fpc1, fpc2]
rake: {stype: {E: 4421, H: 755, M: 1018}, sch.wide: {"No": 1072, "Yes": 5122}}
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command where the files lie; gives back exit code and what was said."""
    monkeypatch.chdir(tmp_path)

    def work(data: bytes | str, design: str, *words: str) -> tuple[int, str]:
        raw = data.encode() if isinstance(data, str) else data
        (tmp_path / "data.csv").write_bytes(raw)
        (tmp_path / "design.yaml").write_text(design, encoding="utf-8")
        done = CliRunner().invoke(app, ["tabulate", "data.csv", "--design", "design.yaml", *words])
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.exit_code, " ".join(done.output.split())

    return work


def test_what_is_printed_and_saved_are_the_numbers_of_the_function(tmp_path, shared_dir):
    """At full precision, for several variables and domains."""
    (tmp_path / "DESIGN.yaml").write_text(DESIGN, encoding="utf-8")
    data, drawn = REFERENCE / "apiclus2.csv", tmp_path / "DESIGN.yaml"
    words = ["tabulate", str(data), "--design", str(drawn), "--rows", "comp.imp", "--rows"]
    words += ["awards", "--by", "sch.wide", "--interval", "beta", "--level", "0.9"]
    expected = tabulate(
        api("apiclus2"),
        read_design(drawn),
        ["comp.imp", "awards"],
        "sch.wide",
        "share",
        None,
        "beta",
        0.9,
    )
    printed = CliRunner().invoke(app, words)
    assert printed.exit_code == 0, printed.output
    pd.testing.assert_frame_equal(
        pd.read_csv(io.StringIO(printed.output), dtype=expected.dtypes.to_dict()),
        expected,
        check_exact=True,
    )
    saved = tmp_path / "shares.csv"
    assert CliRunner().invoke(app, [*words, "--save", str(saved)]).exit_code == 0
    assert saved.read_text(encoding="utf-8") == printed.output


@pytest.mark.parametrize(
    ("data", "drawn", "words", "said"),
    [
        ("a,a\n1,2\n", "kind: srs", "--rows a", ["[WORK-014] data.csv:1", "'a'"]),
        ("a,b\n1,2,3\n4,5\n6\n", "kind: srs", "--rows a", ["data.csv, row 2", "data.csv, row 4"]),
        (b"a,b\n\xe9,2\n", "kind: srs", "--rows a", ["[WORK-003] data.csv"]),
        ("", "kind: srs", "--rows a", ["[WORK-003] data.csv"]),
        ("a\n", "kind: srs", "--rows a", ["[EST-018] data.csv"]),
        ("a,a\n1,2\n", "kind: srss", "--rows a", ["[WORK-014]", "[EST-003] design.yaml:1"]),
        ("a,w\n1,-1\n2,1\n", "kind: srs\nweights: w", "--rows a", ["[EST-012] data.csv, w"]),
        ("a,s\n1,\n2,x\n", "kind: stratified\nstrata: s", "--rows a", ["[EST-011] data.csv, s"]),
        ("a\n1\n2\n3\n", "kind: srs\nfpc: 2", "--rows a", ["[EST-013] data.csv, fpc"]),
        ("a\nx\ny\n", "kind: srs", "--rows a --statistic mean", ["[EST-020] data.csv, a"]),
        ("a\nx\ny\n", "kind: srs", "--rows b", ["[EST-010] data.csv, b"]),
        ("a\nx\ny\n", "kind: srs", "--rows a --level 2", ["[EST-021] level"]),
    ],
)
def test_misuse_ends_in_a_problem_with_its_place_and_no_answer(run, data, drawn, words, said):
    """Code 1, every file's problems at once, never a traceback, nothing moved in silence."""
    code, output = run(data, drawn, *words.split())
    assert code == 1
    assert [part for part in said if part not in output] == []


def test_commas_and_lines_within_quotes_are_one_answer(run):
    """A comma or a new line in an answer is no new field, and no new row."""
    code, output = run('a,b\n"x, y",1\n"x\ny",2\n', "kind: purposive", "--rows", "b")
    assert (code, output.count("b,1,,0.5"), output.count("b,2,,0.5")) == (0, 1, 1)
