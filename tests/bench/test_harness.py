"""What the benchmark says of a row; how fast anything is, is never asserted."""

import datetime as dt
import subprocess
import sys

import numpy as np
import pandas as pd

from pipeline.expression.parse import parse
from pipeline.expression.to_pandas import Table, to_pandas
from tests.bench.__main__ import SHORT
from tests.bench.harness import Measured, Row, line, measured
from tests.bench.rows_expression import KINDS, by_hand, drawn
from tests.conftest import PROJECT


def test_a_row_that_must_be_faster_is_held_to_the_peers_time_over_ours():
    row = Row("read", bar=10, faster=True, against="peer")
    assert line(row, Measured(1.0, 12.0, 12.0, 0.0, 0.0, holds=True)) == (
        "read | 1.000 s | peer 12.000 s | 12.00 | ≥ 10 | holds"
    )


def test_a_row_whose_peer_is_not_there_says_so_and_is_at_no_bar():
    row = Row("rake", lambda: None, None, "svy is not installed", bar=3, faster=True)
    found = measured(row, 1)
    assert not found.holds
    assert line(row, found).endswith("| svy is not installed | – | ≥ 3 | not measured")


def test_a_row_without_a_peer_is_held_to_seconds():
    row = Row("suppress", lambda: None, bar=60)
    found = measured(row, 1)
    assert found.holds
    assert line(row, found).endswith("| – | – | ≤ 60 s | holds")


def test_the_peak_is_what_the_work_itself_needs():
    row = Row("fill", lambda: bytearray(64 * 2**20), lambda: bytearray(2**20), "little", bar=100)
    found = measured(row, 1)
    assert 50 < found.ours_peak < 90
    assert found.peer_peak < 20


def test_the_peak_does_not_start_from_what_was_used_before():
    """Memory that was taken and given back hides nothing, and is not counted again."""
    taken = bytearray(256 * 2**20)
    del taken
    row = Row("fill", lambda: bytearray(64 * 2**20), lambda: None, "nothing", bar=100)
    assert 50 < measured(row, 1).ours_peak < 90


def test_what_is_written_by_hand_gives_what_the_expression_gives():
    """Otherwise the ratio of their times would say nothing."""
    frame = drawn(2_000)
    table = Table(frame, KINDS, dt.date(2011, 9, 1))
    for text, hand in by_hand(frame).items():
        ours = to_pandas(parse(text), table)
        other = pd.Series(np.asarray(hand()), index=frame.index)
        pd.testing.assert_series_equal(
            ours, other.astype(ours.dtype), check_names=False, obj=text, rtol=1e-12
        )


def test_every_row_runs_and_the_last_line_says_how_many_are_at_their_bar():
    """All of the benchmark, small and once: machine, headings, rows, machine, and that line.

    Where a row is short, a line says where its reason stands.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--small", "--once"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    first, headings, *rows, again, last = (one for one in lines if one != SHORT)
    assert (SHORT in lines) == any(row.endswith("short") for row in rows)
    assert headings == "work | ours | peer | ratio | bar | holds or short"
    assert all(len(row.split(" | ")) == 6 for row in rows)
    assert last.endswith(f"of {len(rows)} rows at their bar")
    for said in (first, again):
        assert "processors" in said
        assert "Python 3." in said
