"""A run that is killed leaves nothing half, and the next one ends as if nothing had been.

docs/faults.md records the long run: `python -m tests.security.kills --runs 300`.
"""

import os

import pytest

from tests.security.kills import run

RUNS = {"receive": 4, "process": 3, "analyze": 3}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("command", RUNS)
def test_killed_at_a_random_moment(tmp_path, command):
    tally = run(command, RUNS[command], 2011, tmp_path, files=15)
    assert tally.runs == RUNS[command]
    assert tally.wrong == {}
    assert tally.cut_off > 0, "every run had ended before it was killed: the test shows nothing"
