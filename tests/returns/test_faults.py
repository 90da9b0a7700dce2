"""Killed, out of room, two at once: raw/ stays whole and a second run completes it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.returns.manifest import read_manifest, verify
from pipeline.returns.receive import receive
from pipeline.store import sha256_file
from pipeline.study import open_study
from tests.conftest import PROJECT
from tests.returns.conftest import NOW, written

FILES = 120
ROOM = 200_000
RUN = """
import datetime as dt, sys
from pathlib import Path
from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.returns.receive import receive
from pipeline.study import open_study
import pipeline.returns.receive as module
module._BATCH = 10
form = Questionnaire(form_id="f", title="T", survey=(Question(name="age", type="integer"),))
now = dt.datetime(2011, 9, 2, tzinfo=dt.UTC)
{before}
print("ready", flush=True)
try:
    receive(open_study(Path(sys.argv[1])), [Path(sys.argv[2])], {{"f": form}}, now=now)
except SurveyError as error:
    sys.exit(error.problems[0].code)
"""


@pytest.fixture
def stick(tmp_path) -> Path:
    """A folder of many submissions."""
    written(
        tmp_path / "stick",
        {f"{n}.xml": f'<data id="f"><age>{n}</age>{"<x/>" * 500}</data>' for n in range(FILES)},
    )
    return tmp_path / "stick"


def new_study(folder: Path) -> Path:
    (folder / "instruments").mkdir(parents=True)
    (folder / "instruments" / "study.yaml").write_text("title: SYNTHETIC\n")
    return folder


def start(study: Path, stick: Path, before: str = "") -> subprocess.Popen[str]:
    code = RUN.format(before=before)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(study), str(stick)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def picture(folder: Path) -> dict[str, bytes]:
    """Every file below raw/ with its bytes."""
    raw = folder / "raw"
    files = (path for path in raw.rglob("*") if path.is_file())
    return {path.relative_to(raw).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def undisturbed(tmp_path, stick) -> dict[str, bytes]:
    """raw/ after a run that nothing disturbed."""
    study = new_study(tmp_path / "undisturbed")
    assert start(study, stick).wait() == 0
    return picture(study)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_run_leaves_raw_whole(tmp_path, stick, undisturbed):
    """No half file under a final name, every listed file there; a second run ends the same."""
    moments = random.Random(2011)  # noqa: S311 - moments, not secrets
    unfinished = 0
    for attempt in range(5):
        folder = new_study(tmp_path / f"killed-{attempt}")
        process = start(folder, stick)
        time.sleep(moments.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        study = open_study(folder)
        names = [row.file for row in read_manifest(study)]
        unfinished += len(names) < FILES
        assert {problem.code for problem in verify(study)} <= {"RAW-004"}
        for path in study.raw.rglob("*-*.xml"):
            if not path.name.startswith(".writing-"):
                assert path.name.startswith(sha256_file(path)[:16])
        assert start(folder, stick).wait() == 0
        assert picture(folder) == undisturbed
    assert unfinished > 0, "every run ended before it was killed: the test shows nothing"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_no_room_left(tmp_path, stick, undisturbed):
    """The disk is full in the middle of a file: a sentence, nothing half, and later the rest."""
    (stick / "50.xml").write_bytes(b'<data id="f"><age>' + b"9" * ROOM + b"</age></data>")
    folder = new_study(tmp_path / "full")
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM // 2}, {ROOM // 2}))"
    )
    process = start(folder, stick, limit)
    _, errors = process.communicate()
    assert (process.returncode, errors.strip()) == (1, "RAW-005")
    study = open_study(folder)
    assert verify(study) == []
    assert 0 < len(read_manifest(study)) < FILES
    assert not list(study.raw.rglob(".writing-*"))
    assert start(folder, stick).wait() == 0
    assert len(picture(folder)) == len(undisturbed)
    assert verify(study) == []


def test_two_runs_at_once(tmp_path, stick, undisturbed):
    """They take turns: each file is listed once and lies there once."""
    folder = new_study(tmp_path / "twice")
    processes = [start(folder, stick) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert picture(folder) == undisturbed


def test_raw_that_cannot_be_written(study, household, tmp_path):
    """Something else stands in the place of raw/: said with what to do."""
    study.raw.write_text("in the way")
    paths = written(tmp_path / "in", {"x.csv": "age\n1\n"})
    with pytest.raises(SurveyError) as raised:
        receive(study, paths, {"household": household}, now=NOW)
    [problem] = raised.value.problems
    assert problem.code == "RAW-005"
    assert "run the same command again" in problem.repair
    assert study.raw.read_text() == "in the way"
