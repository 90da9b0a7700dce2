"""Damaged files for every reader, for a short while; the long run is recorded in docs/faults.md."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests import apart
from tests.security import fuzz as fuzzing
from tests.security.fuzz import SHARES, Bench, Found, fuzz
from tests.security.fuzz_seeds import make_seeds

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")

INPUTS = {"submission": 400, "yaml": 300, "table": 100, "workbook": 150, "xlsform": 100}


@pytest.mark.parametrize("reader", SHARES)
def test_no_damage_ends_a_reader_or_is_passed_over(tmp_path, reader):
    """No crash, no hang, no memory over the cap, no silent answer; some are read, some refused."""
    found = apart.result_of(fuzz, reader, INPUTS[reader], 1949, tmp_path)
    assert found.findings == {}
    assert found.ends.total() == INPUTS[reader]
    assert found.ends["read"] > 0 < found.ends["refused"]
    assert found.slowest < fuzzing.SECONDS


def test_a_number_gives_an_input_back(tmp_path):
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    one, other = (
        Bench(make_seeds(tmp_path / folder), tmp_path / folder, 7) for folder in ("one", "other")
    )
    for reader in SHARES:
        assert [one.input(reader, n) for n in range(9)] == [
            other.input(reader, n) for n in range(9)
        ]


def planted(folder: Path) -> Found:
    """A crash, a hang, a defect, a lost answer and too much memory, each at a number of its own."""
    count = iter(range(10_000))

    def reader(*_: object) -> None:
        number = next(count)
        if number == 3:
            os.kill(os.getpid(), signal.SIGUSR1)
        if number == 4:
            raise KeyError("SYNTHETIC")
        if number == 5:
            raise fuzzing.SilentError("an answer was lost")
        if number == 6:
            raise MemoryError
        if number == 7:
            while time.process_time() > 0:
                pass

    # Each process counts for itself from the number at which it begins.
    def started(numbers: range) -> range:
        nonlocal count
        count = iter(range(numbers.start, 10_000))
        return numbers

    serve = fuzzing._serve
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            fuzzing,
            "_serve",
            lambda bench, name, numbers, *more: serve(bench, name, started(numbers), *more),
        )
        patch.setattr(fuzzing, "SECONDS", 1)
        patch.setattr(fuzzing, "_READERS", {"yaml": reader})
        return fuzz("yaml", 12, 2011, folder)


def test_what_must_not_be_is_found(tmp_path):
    """Otherwise a clean run would show nothing."""
    found = apart.result_of(planted, tmp_path)
    defects = {said: numbers for said, numbers in found.findings.items() if "KeyError" in said}
    assert list(defects.values()) == [[4]]
    assert {said: at for said, at in found.findings.items() if said not in defects} == {
        "ended by SIGUSR1": [3],
        "an answer was lost": [5],
        "over the cap of memory": [6],
        "over 1 s": [7],
    }
    assert found.ends == {"refused": 7}
