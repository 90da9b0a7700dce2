"""Studies that the tests of this room process in parts."""

import shutil
from pathlib import Path  # noqa: TC003 - pytest reads it

import pytest

from pipeline.study import Study, open_study
from pipeline.workflow.returned import process
from tests.conftest import PROJECT, SHARED, missing
from tests.road.command import survey


@pytest.fixture(scope="session")
def taiwan(tmp_path_factory) -> Study:
    """The repository's own study with its SYNTHETIC first set, processed at once."""
    folder = tmp_path_factory.mktemp("taiwan") / "study"
    shutil.copytree(PROJECT / "instruments", folder / "instruments")
    for path in (PROJECT / "raw").rglob("*SYNTHETIC*"):
        target = folder / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    study = open_study(folder)
    process(study)
    return study


@pytest.fixture(scope="session")
def tal_afar(tmp_path_factory) -> Study:
    """The real survey with its correction log, processed at once."""
    source: Path = SHARED / "real-survey"
    if not source.is_dir():
        missing("the folder ../shared")
    folder = tmp_path_factory.mktemp("tal_afar") / "study"
    survey(folder, "init", folder)
    (folder / "instruments/study.yaml").write_text("timezone: Asia/Baghdad\n", encoding="utf-8")
    survey(folder, "import-form", source / "form.xlsx")
    survey(folder, "receive", source / "kobo_export.csv", source / "cleaning_log.csv")
    study = open_study(folder)
    process(study)
    return study
