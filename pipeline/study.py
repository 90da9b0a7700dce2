"""The study folder, and the settings of the study in `instruments/study.yaml`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.error import MarkedYAMLError

from pipeline.errors import Place, Problem, SurveyError
from pipeline.settings import Settings
from pipeline.yaml_limits import load_yaml

CODES = {
    "STUDY-001": "not a study folder",
    "STUDY-002": "study.yaml cannot be read",
    "STUDY-003": "study.yaml has a wrong setting",
}


@dataclass(frozen=True)
class Study:
    """A study folder and where each thing lies in it."""

    root: Path

    @property
    def instruments(self) -> Path:
        """Questionnaires and settings."""
        return self.root / "instruments"

    @property
    def raw(self) -> Path:
        """What came back; never changed."""
        return self.root / "raw"

    @property
    def processed(self) -> Path:
        """What the cleaning made."""
        return self.root / "processed"

    @property
    def notebooks(self) -> Path:
        """The analysis as text notebooks."""
        return self.root / "notebooks"

    @property
    def outputs(self) -> Path:
        """What goes out."""
        return self.root / "outputs"

    @property
    def keys(self) -> Path:
        """The keys, outside of everything that is made, received or tracked."""
        return self.root / Path(self.settings.keys).expanduser()

    def shown(self, path: Path) -> str:
        """A path as the user knows it: below the study folder where it lies there."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def questionnaire_files(self) -> tuple[Path, ...]:
        """The questionnaires: every YAML directly in instruments/ but study.yaml."""
        files = sorted(self.instruments.glob("*.yaml"))
        return tuple(path for path in files if path.name != "study.yaml")

    @cached_property
    def settings(self) -> Settings:
        """The settings, checked.

        Raises:
            SurveyError: every problem of study.yaml, with its line.
        """
        return read_settings(self.instruments / "study.yaml", shown="instruments/study.yaml")


def open_study(root: Path) -> Study:
    """Open a study folder.

    Raises:
        SurveyError: STUDY-001, the folder holds no instruments/study.yaml.
    """
    study = Study(root.resolve())
    if not (study.instruments / "study.yaml").is_file():
        raise SurveyError(
            [
                Problem(
                    "STUDY-001",
                    "There is no instruments/study.yaml here.",
                    "Go to the study folder, name it with --study DIR, or make one: survey init.",
                    Place(file=root.as_posix()),
                )
            ]
        )
    return study


def read_settings(path: Path, *, shown: str) -> Settings:
    """Read study.yaml.

    Args:
        path: the file.
        shown: its name in problems.

    Raises:
        SurveyError: STUDY-002 no YAML, STUDY-003 every wrong setting with its line.
    """
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        raise SurveyError([_unreadable(error, shown)]) from error
    content = {} if content is None else content
    if not isinstance(content, dict):
        raise SurveyError([_no_settings(shown)])
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise SurveyError(_wrong_settings(error, content, shown)) from error


def _unreadable(error: Exception, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(
        "STUDY-002",
        f"This is not YAML: {getattr(error, 'problem', None) or 'the text is not UTF-8'}.",
        "Mend the line; compare it with a study.yaml made by survey init.",
        Place(file=shown, line=mark.line + 1 if mark else None),
    )


def _no_settings(shown: str) -> Problem:
    return Problem(
        "STUDY-003",
        "The file holds a list or a single value, and no settings.",
        "Write a line 'setting: value' for each; compare it with a study.yaml made by survey init.",
        Place(file=shown),
    )


def _wrong_settings(error: ValidationError, content: Any, shown: str) -> list[Problem]:
    return [
        Problem(
            "STUDY-003",
            f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}.",
            "Correct the setting or take it out.",
            Place(file=shown, line=line_of(content, wrong["loc"])),
        )
        for wrong in error.errors(include_url=False, include_input=False)
    ]


def line_of(content: Any, location: tuple[int | str, ...]) -> int | None:
    """The line, from 1, of a place in what ruamel.yaml loaded; the nearest known one above it."""
    line: int | None = None
    for part in location:
        marks = getattr(content, "lc", None)
        try:
            if marks is not None:
                line = (marks.key(part) if isinstance(content, dict) else marks.item(part))[0] + 1
            content = content[part]
        except (KeyError, IndexError, TypeError):
            break
    return line
