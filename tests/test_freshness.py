"""A step runs when, and only when, what it reads or what it made is not as it was."""

import os

import pytest

from pipeline.freshness import Ledger, Step


@pytest.fixture
def bench(tmp_path):
    source, made = tmp_path / "source.txt", tmp_path / "made.txt"
    source.write_text("one")
    runs = []

    def work():
        runs.append(source.read_text())
        made.write_text(source.read_text().upper())
        return [made]

    def go(settings=""):
        ledger = Ledger(tmp_path / "state.json", tmp_path)
        step = Step("upper", (source,), work, settings)
        if not ledger.is_fresh(step):
            ledger.run(step)
        return list(runs)

    return go, source, made


def test_nothing_changed_runs_nothing(bench):
    go, _, _ = bench
    assert go() == ["one"]
    assert go() == ["one"]


def test_changed_content_runs_again(bench):
    go, source, _ = bench
    go()
    source.write_text("two")
    assert go() == ["one", "two"]


def test_a_new_time_with_the_same_content_does_not(bench):
    go, source, _ = bench
    go()
    os.utime(source, (1, 1))
    assert go() == ["one"]
    assert go() == ["one"]


def test_a_deleted_or_altered_result_is_made_again(bench):
    go, _, made = bench
    go()
    made.unlink()
    assert go() == ["one", "one"]
    made.write_text("tampered with")
    assert go() == ["one", "one", "one"]
    assert made.read_text() == "ONE"


def test_other_settings_run_again(bench):
    go, _, _ = bench
    go()
    assert go("en") == ["one", "one"]


def test_a_failed_step_runs_again(tmp_path):
    """A step that failed after an earlier success is not taken for done."""
    source = tmp_path / "source.txt"
    source.write_text("one")
    state = tmp_path / "state.json"

    def succeed():
        return []

    def fail():
        raise RuntimeError

    Ledger(state, tmp_path).run(Step("work", (source,), succeed))
    with pytest.raises(RuntimeError):
        Ledger(state, tmp_path).run(Step("work", (source,), fail))
    assert not Ledger(state, tmp_path).is_fresh(Step("work", (source,), succeed))


def test_an_unreadable_memory_counts_as_empty(bench, tmp_path):
    go, _, _ = bench
    go()
    (tmp_path / "state.json").write_text("{ half")
    assert go() == ["one", "one"]
