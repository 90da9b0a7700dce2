"""Whoever does the work: the results are those of the jobs, in their order, whatever dies."""

import pytest

from pipeline.errors import SurveyError
from pipeline.parts.engines import EngineName, Engines
from tests.parts.works import Job, doubled, refusing
from tests.road.command import survey

ENGINES = [pytest.param(Engines(name, workers=2), id=name.value) for name in EngineName]


@pytest.mark.parametrize("engines", ENGINES)
def test_a_worker_that_is_killed_loses_nothing(engines, tmp_path):
    """Its job is done again, and so is whatever died with it."""
    jobs = [Job(number, tmp_path, deaths=int(number == 2)) for number in range(6)]
    with engines.begun() as engine:
        assert engine.run(doubled, jobs) == [0, 2, 4, 6, 8, 10]
        assert engine.run(doubled, jobs[:1]) == [0]
    assert [path.name for path in tmp_path.iterdir()] == ["2-0"]


@pytest.mark.parametrize("engines", ENGINES)
def test_a_job_that_kills_every_worker_is_named(engines, tmp_path):
    with engines.begun() as engine, pytest.raises(SurveyError) as raised:
        engine.run(doubled, [Job(1, tmp_path), Job(2, tmp_path, deaths=99)])
    (problem,) = raised.value.problems
    assert (problem.code, problem.message) == (
        "PARTS-001",
        "Workers died at the same part again and again. It is part 2.",
    )


@pytest.mark.parametrize("engines", ENGINES)
def test_what_a_worker_refuses_is_told_whole(engines, tmp_path):
    with engines.begun() as engine, pytest.raises(SurveyError) as raised:
        engine.run(refusing, [Job(7, tmp_path)])
    assert str(raised.value) == "[X-001] a\n  Refused 7. Leave it."


def test_a_scheduler_that_runs_elsewhere_is_used(tmp_path):
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        engines = Engines(EngineName.DASK, scheduler=cluster.scheduler_address)
        with engines.begun() as engine:
            assert engine.run(doubled, [Job(1, tmp_path)]) == [2]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "spark"), "[PARTS-004] --engine\n  A setting for the parts makes no sense."),
        (
            ("--scheduler", "tcp://127.0.0.1:1"),
            "[PARTS-004] --scheduler\n  A setting for the parts makes no sense. Only dask has one.",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(options, said, taiwan):
    assert said in survey(taiwan.root, "process", *options, code=1)
