"""Cleaned in parts of any size, a form gives the very files that it gives cleaned at once."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.parts.engines import EngineName, Engines
from pipeline.returns.receive import receive
from pipeline.workflow.returned import process
from tests.cleaning.test_any_survey import NOW, laid_out, returns, write
from tests.parts.studies import HereAlone, assert_the_same, in_parts


def test_excel_forms_submissions_names_and_queries(taiwan):
    """Of the SYNTHETIC first set, planted errors and all, every file; ten responses at a time."""
    parted, _ = in_parts(taiwan, 10, HereAlone())
    assert_the_same(taiwan, parted)


@pytest.mark.parametrize("size", [50, 631])
def test_a_real_export_with_its_corrections(tal_afar, size):
    """632 interviews with duplicates, corrections, outliers and soft duplicates; 631: two parts."""
    parted, _ = in_parts(tal_afar, size, HereAlone())
    assert_the_same(tal_afar, parted)


@pytest.mark.parametrize("engine", list(EngineName))
def test_by_processes_and_by_dask(tal_afar, engine):
    """Real workers, two of them."""
    parted, lines = in_parts(tal_afar, 200, Engines(engine, workers=2))
    assert_the_same(tal_afar, parted)
    assert lines == process(tal_afar)


def test_what_the_parts_leave_behind(tal_afar):
    """The folder of sealed parts is gone when the run has ended."""
    parted, _ = in_parts(tal_afar, 300, HereAlone())
    assert list(parted.processed.rglob(".parts*")) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(returns(), st.integers(1, 3))
def test_any_form_any_answers_any_errors(drawn, size):
    """Copies under one key in several files, older names, strays, logs that contradict."""
    form, rows, sent, log, blank = drawn
    with TemporaryDirectory() as place:
        root = Path(place)
        study = laid_out(root / "study", form, blank=blank)
        write(root / "sent", form, rows, sent, log)
        receive(study, [root / "sent"], {"any": form}, form="any", now=NOW)
        process(study)
        parted, _ = in_parts(study, size, HereAlone())
        assert_the_same(study, parted)
