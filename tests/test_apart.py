"""What runs apart has the moment's folder and environment, and none of the runner's machines."""

import os
import sys
import threading

import pytest

from tests import apart
from tests.expression import javarosa

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no fork server")


def surroundings() -> dict[str, object]:
    return {
        "folder": os.getcwd(),  # noqa: PTH109 - compared as text
        "said": os.environ.get("SYNTHETIC"),
        "leads": os.getpgid(0) == os.getpid(),
        "java": "jpype" in sys.modules,
        "threads": threading.active_count(),
        "pandera": "pandera" in sys.modules,
    }


def test_the_surroundings_of_a_piece_of_work(tmp_path, monkeypatch, java):
    javarosa.start()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYNTHETIC", "here")
    assert apart.result_of(surroundings) == {
        "folder": str(tmp_path),
        "said": "here",
        "leads": True,
        "java": False,
        "threads": 1,
        "pandera": True,
    }


def test_how_a_process_ended():
    process = apart.start(sys.exit, 3)
    process.join()
    assert process.exitcode == 3
