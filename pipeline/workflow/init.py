"""An empty study folder."""

from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.study import Study

_TEMPLATES = Path(__file__).parents[1] / "templates"

_NOTEBOOKS = ("0_summary.py", "1_fieldwork.py", "every_question.py", "methods.py")
"""A report of any study: they need no change for any questionnaire."""


def init_study(folder: Path) -> tuple[Path, ...]:
    """Make an empty study folder with its own keys; what is there already stays as it is.

    Raises:
        SurveyError: WORK-002, the folder holds a study already, or cannot be made.
    """
    from pipeline.store import write_bytes
    from pipeline.workflow.people import make_own_keys

    root = folder.resolve()
    study = Study(root)
    if (study.instruments / "study.yaml").exists():
        raise SurveyError(
            [
                Problem(
                    "WORK-002",
                    "There is a study here already.",
                    "Choose another folder, or go on with this one: survey --study DIR check.",
                    Place(file=folder.as_posix()),
                )
            ]
        )
    files = {
        study.instruments / "study.yaml": "study.yaml",
        **{study.notebooks / name: name for name in _NOTEBOOKS},
        root / ".gitignore": "gitignore",
    }
    keys = (root / "keys" / "identity.txt", root / "keys" / "pseudonym.txt")
    try:
        for target, template in files.items():
            write_bytes(target, (_TEMPLATES / template).read_bytes())
        make_own_keys(study)
        for kept in (study.raw, study.processed, study.outputs):
            kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SurveyError(
            [
                Problem(
                    "WORK-002",
                    f"The folder cannot be made ({error.strerror or 'unknown reason'}).",
                    "Name a folder that may be written to, and that is no file.",
                    Place(file=folder.as_posix()),
                )
            ]
        ) from error
    return (*files, *keys)
