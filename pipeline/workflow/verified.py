"""Whether everything is as it was received and as it was made."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Place, Problem, Severity, SurveyError
from pipeline.store import alone_in, sha256_file
from pipeline.study import Study
from pipeline.workflow.at_work import MADE, memory_of
from pipeline.workflow.returned import verify

_FILLED_IN = ("queries", "recoding", "translations")
"""Folders of outputs/ with workbooks that are meant to be written into."""

_MOST_NAMED = 20
_PASSED_OVER = frozenset({MADE, "README.md", ".gitkeep", ".gitignore", ".lock"})


def verify_all(study: Study) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Hold raw/ against its manifest, and processed/ and outputs/ against the note of their making.

    Returns:
        A line on each; and warnings about files that nobody is to worry about: people's own, and
        workbooks that somebody wrote into.

    Raises:
        SurveyError: RAW-002 to RAW-004, a file of raw/ is altered, missing or unlisted; WORK-009
            or WORK-010, a file that was made is altered or missing; with the warnings.
    """
    with alone_in(study.root):
        problems = list[Problem]()
        try:
            received = verify(study)
        except SurveyError as error:
            received, problems = 0, list(error.problems)
        known = memory_of(study).made()
        problems += _problems_of_made(study, known)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise SurveyError(problems)
    lines = [f"{received} files as they were received"]
    if known:
        lines.append(f"{len(known) - _odd(problems)} files as they were made")
    return tuple(lines), tuple(problems)


def _odd(problems: list[Problem]) -> int:
    return sum(problem.code == "WORK-012" for problem in problems)


def _problems_of_made(study: Study, known: dict[str, frozenset[str]]) -> Iterator[Problem]:
    """Every file of processed/ and outputs/ that is altered, missing, or nobody's, in order."""
    there = {study.shown(path): path for path in _files(study)}
    if there and not known:
        yield _no_note()
        return
    foreign = list[str]()
    for name in sorted(known.keys() | there.keys()):
        path = there.get(name)
        if name not in known:
            foreign.append(name)
        elif path is None:
            if not (study.root / name).is_file():
                yield _missing(name)
        elif path.is_symlink() or not path.is_file() or sha256_file(path) not in known[name]:
            yield _written_into(name) if _is_filled_in(study, path) else _altered(name)
    if foreign:
        yield _not_ours(foreign)


def _files(study: Study) -> Iterator[Path]:
    """What lies in processed/ and outputs/, links included and not followed."""
    for top in (study.processed, study.outputs):
        for folder, folders, names in os.walk(top):
            here = Path(folder)
            linked = [name for name in folders if (here / name).is_symlink()]
            for name in (*names, *linked):
                if name not in _PASSED_OVER and not name.startswith(".writing-"):
                    yield here / name


def _is_filled_in(study: Study, path: Path) -> bool:
    inside = path.relative_to(study.root)
    return inside.parts[1] in _FILLED_IN and path.is_file() and not path.is_symlink()


def _altered(name: str) -> Problem:
    return Problem(
        "WORK-009",
        "The file is not the one that was made: its content has another hash.",
        "Keep what somebody wrote into it under another name, delete it, and run the command that "
        "makes it: survey analyze, export or deliver.",
        Place(file=name),
    )


def _missing(name: str) -> Problem:
    return Problem(
        "WORK-010",
        "The file was made and is not there any more.",
        "Run the command that makes it again: survey analyze, export or deliver.",
        Place(file=name),
    )


def _not_ours(names: list[str]) -> Problem:
    some = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    return Problem(
        "WORK-011",
        f"No command made these {len(names)} files; nothing vouches for them: {some}.",
        "Take out what could be mistaken for a result; your own notes may stay.",
        Place(file=names[0]),
        Severity.WARNING,
    )


def _written_into(name: str) -> Problem:
    return Problem(
        "WORK-012",
        "Somebody wrote into this workbook since it was made.",
        f"Receive it when it is filled in: survey receive {name}.",
        Place(file=name),
        Severity.WARNING,
    )


def _no_note() -> Problem:
    return Problem(
        "WORK-011",
        "There is no note of what was made, so nothing vouches for these files.",
        "Run survey analyze, which makes them again and notes their hashes.",
        Place(file=f"outputs/{MADE}"),
        Severity.WARNING,
    )
