"""A study folder and a small form; every answer in these tests is SYNTHETIC."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline.questionnaire.model import (
    Change,
    Choice,
    Group,
    Question,
    Questionnaire,
    Repeat,
)
from pipeline.responses import REPEAT_SOURCES, Responses
from pipeline.returns.source import SourceFile
from pipeline.study import Study, open_study

NOW = dt.datetime(2011, 9, 2, 16, 15, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def study(tmp_path) -> Study:
    """An empty study."""
    folder = tmp_path / "study"
    (folder / "instruments").mkdir(parents=True)
    (folder / "instruments" / "study.yaml").write_text("title: SYNTHETIC\n")
    return open_study(folder)


@pytest.fixture
def household() -> Questionnaire:
    """Two questions at the top, three in a group, a repeat in a repeat."""
    return Questionnaire(
        form_id="household",
        version="2",
        title="Household (SYNTHETIC)",
        choices={"water": tuple(Choice(name=name) for name in ("well", "tap", "other"))},
        changes=(Change(version="1"),),
        survey=(
            Question(name="start", type="start"),
            Question(name="welcome", type="note", label="Welcome"),
            Group(
                group="home",
                questions=(
                    Question(name="age", type="integer"),
                    Question(name="remark", type="text"),
                    Question(name="water", type="select_multiple water"),
                ),
            ),
            Repeat(
                repeat="members",
                questions=(
                    Question(name="nickname", type="text"),
                    Repeat(repeat="jobs", questions=(Question(name="job", type="text"),)),
                ),
            ),
        ),
    )


@pytest.fixture
def source(tmp_path) -> Callable[..., SourceFile]:
    """Write a file and give it as a reader gets it."""

    def make(content: str | bytes, name: str = "file.csv") -> SourceFile:
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        return SourceFile(path, f"raw/household/{name}", digest, "2011-09-02T08:15:00Z")

    return make


def answers_of(responses: Responses, *questions: str) -> list[tuple[str | None, ...]]:
    """Some columns of the main table as plain rows; a missing answer is None."""
    frame = responses.main[list(questions)]
    return [tuple(None if pd.isna(v) else v for v in row) for row in frame.itertuples(index=False)]


def rows_of(frame: pd.DataFrame) -> list[Mapping[str, object]]:
    """A repeat as plain rows, without the columns that say where each came from."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.drop(columns=list(REPEAT_SOURCES)).to_dict("records")
    ]


def sources_of(frame: pd.DataFrame) -> list[tuple[str, int | None]]:
    """Where the rows of a repeat came from: the file's name, and their response's row there."""
    files = frame["source_file"].str.rpartition("/")[2]
    rows = frame["source_row"].astype(object).where(frame["source_row"].notna(), None)
    return list(zip(files, rows, strict=True))


def issue_codes(responses: Responses) -> list[tuple[str, str]]:
    """Code and place of every issue, in order."""
    return list(zip(responses.issues["code"], responses.issues["source_place"], strict=True))


def written(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files into a folder; gives back their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return paths
