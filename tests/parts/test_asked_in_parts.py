"""What somebody asks of a form that is cleaned in parts is answered as of one cleaned at once."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.parts.engines import Engines
from pipeline.returns.receive import receive
from pipeline.study import Study
from pipeline.workflow.returned import process, write_names
from pipeline.workflow.traced import trace
from tests.cleaning.test_any_survey import NOW, laid_out, returns, write
from tests.parts.studies import HereAlone, in_parts


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """The engine of the tests, for commands that choose none."""
    monkeypatch.setattr(Engines, "begun", HereAlone.begun)


def one_a_stage(study: Study, form: str) -> list[str]:
    """For each stage that told something of a response, the first response of which it did."""
    issues = pd.read_parquet(study.processed / form / "issues.parquet")
    return sorted(set(issues.dropna(subset="response_id").groupby("stage")["response_id"].first()))


def assert_followed_alike(one: Study, other: Study, form: str, responses: list[str]) -> None:
    assert responses
    for response in responses:
        assert trace(other, [form, response]) == trace(one, [form, response])


def test_a_trace_of_excel_forms_and_names(taiwan):
    """Its part alone is cleaned again. Of matched names: tests/recoding/test_names.py, in parts."""
    form = "organisation_profile"
    parted, _ = in_parts(taiwan, 10, HereAlone())
    assert_followed_alike(taiwan, parted, form, one_a_stage(taiwan, form))


def test_a_trace_of_a_real_export_with_its_corrections(tal_afar):
    parted, _ = in_parts(tal_afar, 50, HereAlone())
    (form,) = [
        path.name for path in tal_afar.processed.iterdir() if (path / "ledger.parquet").exists()
    ]
    assert_followed_alike(tal_afar, parted, form, one_a_stage(tal_afar, form))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(returns(), st.integers(1, 3))
def test_a_trace_of_any_response_to_any_form(drawn, size):
    """Copies in several files, kept or set aside: each that came back is found, and nobody else."""
    form, rows, sent, log, blank = drawn
    with TemporaryDirectory() as place:
        root = Path(place)
        study = laid_out(root / "study", form, blank=blank)
        write(root / "sent", form, rows, sent, log)
        receive(study, [root / "sent"], {"any": form}, form="any", now=NOW)
        process(study)
        parted, _ = in_parts(study, size, HereAlone())
        kept = pd.read_parquet(study.processed / "any" / "responses.parquet")["response_id"]
        for response in [*kept.head(3), "nobody"]:
            assert said(parted, response) == said(study, response)


def said(study: Study, response: str) -> object:
    """The lines, or the codes of what was refused."""
    try:
        return trace(study, ["any", response])
    except SurveyError as error:
        return [problem.code for problem in error.problems]


def test_the_names_to_be_matched(taiwan):
    """To the byte."""
    parted, _ = in_parts(taiwan, 10, HereAlone())
    made, expected = (write_names(one, ["organisation_profile"]) for one in (parted, taiwan))
    assert [path.name for path in made] == [path.name for path in expected] != []
    for path, other in zip(made, expected, strict=True):
        assert path.read_bytes() == other.read_bytes()
    assert list(parted.processed.rglob(".parts*")) == []
