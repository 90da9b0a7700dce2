"""Which files of outputs/ are a part of what is made there, and which somebody put there."""

import json
from pathlib import Path

from pipeline.study import Study

INSIDE = ("forms", "queries", "recoding")
"""Below outputs/: for interviewers and coders; they hold what each of them needs, answers too."""
NOTES = (".made.json", ".run.json", ".before.json", "disclosure.json", "README.md")
"""In outputs/: what the pipeline keeps for itself."""
_PAGE_FILES = {".html", ".ipynb", ".docx"}
_TABLE_FILES = (".csv", ".xlsx", ".cells.json", ".questions.json")
_DATA_FILES = (
    ".csv",
    ".parquet",
    ".sav",
    ".dta",
    ".sps",
    ".ddi.xml",
    ".codebook.html",
    ".report.txt",
    ".json",
)


def leaves(study: Study, path: Path) -> bool:
    """Whether a file may leave: not where work goes on."""
    outputs = study.outputs
    return not (path.is_relative_to(outputs) and path.relative_to(outputs).parts[0] in INSIDE)


def is_known(path: Path, root: Path) -> bool:
    """Whether a file has been read as part of a report or a delivery, or stays inside."""
    parts, above = path.relative_to(root).parts, path.parent
    if parts in {(name,) for name in NOTES}:
        return True
    if above.name == "tables":
        stem = next((path.name.removesuffix(e) for e in _TABLE_FILES if path.name.endswith(e)), "")
        return bool(stem) and (above / f"{stem}.csv").is_file()
    if above.name == "figures" and path.suffix == ".svg":
        page, _, name = path.stem.partition(".")
        return bool(name) and (above.parent / f"{page}.html").is_file()
    if (above / "tables").is_dir() and path.suffix in _PAGE_FILES:
        return True
    is_data = above.parent.name == "data" and path.name.startswith(f"{above.name}.")
    return is_data and path.name.endswith(_DATA_FILES)


def as_made(study: Study) -> frozenset[tuple[str, int, int]]:
    """Name, size and time of what the pipeline made last: pictures, which cannot be read."""
    try:
        steps = json.loads((study.outputs / ".made.json").read_text(encoding="utf-8"))
        return frozenset(
            (name, int(size), int(time))
            for step in steps.values()
            for name, (size, time) in step["outputs"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return frozenset()


def stamp(study: Study, path: Path) -> tuple[str, int, int]:
    """The same of a file that lies there."""
    stat = path.stat()
    return study.shown(path), stat.st_size, stat.st_mtime_ns
