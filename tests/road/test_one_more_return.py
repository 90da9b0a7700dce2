"""One more return to one form: what does not rest on it stays, and nothing that does goes stale."""

import os
import shutil

import pytest

from tests.conftest import PROJECT
from tests.road.command import survey
from tests.road.conftest import Run

LATE = "organisation_profile"
OF_THIS_RUN = (".made.json", ".run.json", ".before.json", "report/index.html")
"""What tells of the runs themselves: when, and what moved since the one before."""


def run(study) -> Run:
    return analyzed(study, {**os.environ, "REPORT_LANGUAGE": "en"})


def analyzed(study, environment) -> Run:
    said = survey(study, "analyze", environment=environment)
    files = {
        path.relative_to(study).as_posix(): path
        for top in ("processed", "outputs")
        for path in sorted((study / top).rglob("*"))
        if path.is_file() and not path.as_posix().endswith(OF_THIS_RUN)
    }
    return Run(
        0.0,
        tuple(said.splitlines()),
        {name: path.stat().st_mtime_ns for name, path in files.items()},
        {name: path.read_bytes().hex() for name, path in files.items()},
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The repository's study with two pages of one form each, and one of all forms."""
    root = tmp_path_factory.mktemp("late")
    for part in ("instruments", "raw", "notebooks"):
        shutil.copytree(PROJECT / part, root / part)
    for name in ("0_summary.py", "2_refugee_acceptance.py", "5_methods.py"):
        (root / "notebooks" / name).unlink()
    return root


@pytest.fixture(scope="module")
def before(study):
    return run(study)


@pytest.fixture(scope="module")
def after(study, before):
    """The same with one more response, drawn and received (SYNTHETIC)."""
    survey(study, "simulate", LATE, "-n", "1", "--seed", "77", "--to", study / "late")
    survey(study, "receive", *sorted((study / "late").rglob("*.xlsx")))
    return run(study)


def test_only_what_rests_on_the_form_is_made_anew(before, after):
    assert after.lines == (
        "verify raw",
        f"process {LATE}",
        "process corrections",
        "queries",
        "numbers before",
        "counts 1_fieldwork",
        "counts 3_potential_partners",
        "disclosure",
        "notebook 1_fieldwork",
        "notebook 3_potential_partners",
        "report index",
    )
    kept = {name for name in before.stamps if "/4_activities." in name and "outputs" in name}
    assert kept
    assert {name: after.stamps[name] for name in kept} == {n: before.stamps[n] for n in kept}


def test_what_then_lies_there_is_what_a_run_from_nothing_makes(study, after):
    """Every file of processed/ and outputs/, byte for byte, but for the notes of the runs."""
    for made in ("processed", "outputs"):
        shutil.rmtree(study / made)
    anew = run(study)
    assert anew.hashes.keys() == after.hashes.keys()
    sealed = {name for name in anew.hashes if "identifiers." in name}
    assert [
        name
        for name, content in anew.hashes.items()
        if name not in sealed and content != after.hashes[name]
    ] == []


def test_a_page_that_declares_its_forms_is_made_anew_when_more_is_hidden_in_its_tables(study):
    """The number from which counts are shown is a setting, and every page rests on those."""
    path = study / "instruments/study.yaml"
    text = path.read_text(encoding="utf-8")
    assert "public: 10" in text
    path.write_text(text.replace("public: 10", "public: 12"), encoding="utf-8")
    lines = run(study).lines
    assert {line for line in lines if line.startswith("notebook ")} == {
        "notebook 1_fieldwork",
        "notebook 3_potential_partners",
        "notebook 4_activities",
    }
