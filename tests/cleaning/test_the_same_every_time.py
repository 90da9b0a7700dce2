"""processed/ is the same, byte for byte, however and wherever it was made.

Through the command line, on returns of every kind. What is compared: every file below processed/
by its bytes; an encrypted one (`.age`) by its plain content, since encrypting draws a new key each
time. `received_at` is the moment in the manifest of raw/: it goes with the returns and is the same
whenever they are cleaned; where the same files are received in another order, at another time, it
is set to one moment before they are compared. Of two files with the same bytes the first that came
gives raw/ its name, so each file is sent once.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store import sha256_file
from pipeline.study import open_study
from pipeline.synthetic.returned import ways_of
from pipeline.synthetic.simulate import Respondents, simulate
from pipeline.workflow.questionnaires import load_questionnaires
from tests.conftest import PROJECT

FORM = "organisation_profile"
OTHERS = ("acceptance_interview", "refugee_roundtable", "activity_record")
LOG = "uuid,question,old_value,new_value,change_type,reason,form\n"


@pytest.fixture(scope="module")
def sent(tmp_path_factory) -> Path:
    """Two dozen SYNTHETIC responses as workbooks, submissions and a table, and a correction log."""
    folder = tmp_path_factory.mktemp("sent")
    study = open_study(PROJECT)
    form = load_questionnaires(study, [FORM])[FORM]
    respondents = Respondents(12, seed=3, ways=ways_of("excel,odk,table"), languages=("zh-Hant",))
    simulate(study, form, respondents, folder)
    log = f"{LOG}nobody,staff_total,1,2,change_response,SYNTHETIC,{FORM}\n"
    (folder / FORM / "SYNTHETIC-log.csv").write_text(log)
    for copy in (folder / FORM).glob("*_copy.*"):
        copy.unlink()
    return folder / FORM


def survey(study: Path, *arguments: object, **environment: str) -> str:
    """What `survey --study STUDY ARGUMENTS` says, as a process of its own."""
    words = ["--study", study, *arguments]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, words)],
        capture_output=True,
        cwd=PROJECT,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode()


def received(folder: Path, files: list[Path]) -> Path:
    """A study of one form that received these files in this order, all at one moment."""
    shutil.copytree(PROJECT / "instruments", folder / "instruments")
    for name in OTHERS:
        (folder / f"instruments/{name}.yaml").unlink()
    said = survey(folder, "receive", *files)
    assert said.count("received: ") == len(files)
    (manifest,) = (folder / "raw").glob("MANIFEST*.csv")
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    manifest.write_text(re.sub(moment, "2011-11-01T09:00:00Z", manifest.read_text()))
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory, sent) -> Path:
    return received(tmp_path_factory.mktemp("same") / "study", sorted(sent.iterdir()))


def made(study: Path) -> dict[str, str]:
    """Every file below processed/ -> its hash; encrypted ones without it."""
    return {
        path.relative_to(study).as_posix(): "" if path.suffix == ".age" else sha256_file(path)
        for path in sorted((study / "processed").rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(study) -> dict[str, str]:
    survey(study, "process")
    found = made(study)
    assert f"processed/{FORM}/issues.parquet" in found
    return found


def test_running_twice_changes_nothing(study, first):
    survey(study, "process")
    assert made(study) == first


def test_deleting_processed_brings_the_same_back_in_another_zone_and_locale(study, first):
    """A day ahead and half an hour off, in ASCII, with another order of Python's sets."""
    shutil.rmtree(study / "processed")
    survey(study, "process", TZ="Pacific/Chatham", LC_ALL="C", PYTHONHASHSEED="1")
    assert made(study) == first


def test_receiving_the_files_in_another_order_gives_the_same(study, first, sent, tmp_path):
    other = received(tmp_path / "other", sorted(sent.iterdir(), reverse=True))
    survey(other, "process")
    assert made(other) == first
