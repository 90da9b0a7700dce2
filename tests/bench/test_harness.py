"""What the benchmark says of a row; how fast anything is, is never asserted."""

import subprocess
import sys

import pytest

from tests.bench.harness import Measured, Row, line, measured
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


@pytest.mark.slow
def test_the_small_benchmark_ends_with_how_many_rows_are_at_their_bar():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--small"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[-1].endswith(f"of {len(lines) - 2} rows at their bar")
