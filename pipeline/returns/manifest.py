"""The list of what lies in raw/, and the proof that it is as it was received."""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.store import alone_in, sha256_file, write_text
from pipeline.study import Study

MANIFEST = "MANIFEST.csv"
SYNTHETIC_MANIFEST = "MANIFEST.SYNTHETIC.csv"
"""Lists the files with SYNTHETIC in their names, which alone are kept in git; so that the names of
real returns are never one `git add` from publication."""

_SYNTHETIC = "SYNTHETIC"
COLUMNS = ("file", "sha256", "bytes", "form", "version", "received_at", "from")

CORRECTIONS = "corrections"
"""Folder of correction logs, and their `form` in the manifest."""

AUDITS = "audits"
"""Folder of ODK's audit logs, and their `form` in the manifest."""

RECODING = "recoding"
"""Folder of recoding workbooks that came back, and their `form` in the manifest."""

UNRECOGNISED = "unrecognised"
"""Folder of files that belong to no questionnaire yet, and their `form` in the manifest."""

REASONS = "REASONS.csv"
"""The table beside the unrecognised files that says why they are."""

REGISTER = "_register"
"""Folder of append-only registers, which are not received files."""

_OURS = {
    MANIFEST,
    SYNTHETIC_MANIFEST,
    "README.md",
    ".gitkeep",
    ".lock",
    f"{UNRECOGNISED}/{REASONS}",
}


@dataclass(frozen=True, slots=True, order=True)
class ManifestRow:
    """One received file.

    Attributes:
        file: where it lies below raw/, `FORM/HASH16-firstname.ext`.
        sha256: of its bytes, 64 hexadecimal digits.
        bytes: its size.
        form: form_id, `corrections`, `recoding` or `unrecognised`.
        version: the form's version that it was filled in on; empty where the file has none or
            several.
        received_at: UTC, `2011-09-02T08:15:00Z`.
        origin: the path under which it was given, the column `from`.
    """

    file: str
    sha256: str
    bytes: int
    form: str
    version: str
    received_at: str
    origin: str

    def __reduce__(self) -> tuple[type["ManifestRow"], tuple[str | int, ...]]:
        """Go to another process in half the time that a frozen dataclass takes."""
        values = (self.file, self.sha256, self.bytes, self.form, self.version)
        return ManifestRow, (*values, self.received_at, self.origin)

    @property
    def source_file(self) -> str:
        """Its name in issues and in the ledger: the path below the study folder."""
        return f"raw/{self.file}"


def read_manifest(study: Study) -> tuple[ManifestRow, ...]:
    """Every received file, in the order of their paths; empty before the first is received.

    Raises:
        SurveyError: RAW-001, with the line.
    """
    rows = [row for name in (MANIFEST, SYNTHETIC_MANIFEST) for row in _listed(study.raw / name)]
    return tuple(sorted(rows))


def _listed(path: Path) -> list[ManifestRow]:
    if not path.exists():
        return []
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise SurveyError([_unreadable(path.name, 1)]) from error
    if not lines or tuple(lines[0]) != COLUMNS:
        raise SurveyError([_unreadable(path.name, 1)])
    rows = [_row(cells) for cells in lines[1:]]
    if wrong := [number for number, row in enumerate(rows, start=2) if row is None]:
        raise SurveyError(_unreadable(path.name, number) for number in wrong)
    return [row for row in rows if row is not None]


def append_rows(study: Study, rows: Iterable[ManifestRow]) -> tuple[ManifestRow, ...]:
    """Add rows and write the manifest whole, sorted by path, so that order of receipt is no matter.

    Args:
        study: the study folder; call it inside `locked`.
        rows: new rows; a path that is already listed is left as it was.

    Returns:
        Every row that is listed now.
    """
    listed = {row.file: row for row in read_manifest(study)}
    fresh = {row.file: row for row in rows if row.file not in listed}
    if not fresh:
        return tuple(listed.values())
    everything = tuple(sorted((listed | fresh).values()))
    parts: dict[str, list[ManifestRow]] = {MANIFEST: [], SYNTHETIC_MANIFEST: []}
    for row in everything:
        parts[SYNTHETIC_MANIFEST if _SYNTHETIC in row.file else MANIFEST].append(row)
    for name, part in parts.items():
        if part:
            _write(study.raw / name, part)
    return everything


def _write(path: Path, rows: Iterable[ManifestRow]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (row.file, row.sha256, row.bytes, row.form, row.version, row.received_at, row.origin)
        for row in rows
    )
    write_text(path, text.getvalue(), mode=0o600)


def verify(study: Study) -> list[Problem]:
    """Hold every file of raw/ against the hash under which it was received.

    Returns:
        RAW-002 altered, RAW-003 missing, RAW-004 unlisted, in the order of the paths.

    Raises:
        SurveyError: RAW-001, the manifest itself cannot be read.
    """
    listed = {row.file: row for row in read_manifest(study)}
    there = {path.relative_to(study.raw).as_posix(): path for path in _files(study)}
    problems = list[Problem]()
    for file in sorted(listed.keys() | there.keys()):
        row, path = listed.get(file), there.get(file)
        if path is None:
            problems.append(_missing(file))
        elif row is None:
            problems.append(_unlisted(file))
        elif path.is_symlink() or not path.is_file() or sha256_file(path) != row.sha256:
            problems.append(_altered(file))
    return problems


@contextmanager
def locked(study: Study) -> Iterator[None]:
    """Let one process at a time write into raw/; a killed one leaves no lock behind.

    Raises:
        SurveyError: RAW-005, raw/ cannot be made or written.
    """
    try:
        study.raw.mkdir(parents=True, exist_ok=True)
        turn = ExitStack()
        turn.enter_context(alone_in(study.raw))
    except OSError as error:
        raise cannot_write(error) from error
    with turn:
        yield


def cannot_write(error: OSError) -> SurveyError:
    """The disk is full, or the folder may not be written to."""
    return SurveyError(
        [
            Problem(
                "RAW-005",
                f"raw/ cannot be written to ({error.strerror or 'unknown reason'}).",
                "Make room or mend the permissions and run the same command again; "
                "what was already received stays as it is.",
                Place(file="raw/"),
            )
        ]
    )


def is_own_file(study: Study, path: Path) -> bool:
    """Whether a path is part of raw/ itself, not a received file: manifest, register, half file."""
    if path.name.startswith(".writing-"):
        return True
    try:
        inside = path.absolute().relative_to(study.raw.absolute())
    except ValueError:
        return False
    return inside.as_posix() in _OURS or inside.parts[:1] == (REGISTER,)


def _files(study: Study) -> Iterator[Path]:
    """Everything below raw/ that must be listed, links included."""
    for folder, folders, names in os.walk(study.raw):
        here = Path(folder)
        linked = [name for name in folders if (here / name).is_symlink()]
        paths = (here / name for name in (*names, *linked))
        yield from (path for path in paths if not is_own_file(study, path))


def _row(cells: list[str]) -> ManifestRow | None:
    if len(cells) != len(COLUMNS) or not cells[2].isascii() or not cells[2].isdigit():
        return None
    file, sha256, size, form, version, received_at, origin = cells
    return ManifestRow(file, sha256, int(size), form, version, received_at, origin)


def _unreadable(name: str, line: int) -> Problem:
    return Problem(
        "RAW-001",
        "This is not a line of the manifest as it was written.",
        "Bring the file back from a backup; nobody but `survey receive` writes it.",
        Place(file=f"raw/{name}", line=line),
    )


def _altered(file: str) -> Problem:
    return Problem(
        "RAW-002",
        "The file is not the one that was received: its content has another hash.",
        "Bring it back from a backup, or delete it and receive the original again.",
        Place(file=f"raw/{file}"),
    )


def _missing(file: str) -> Problem:
    return Problem(
        "RAW-003",
        "The manifest lists this file, but it is not there.",
        "Bring it back from a backup, or receive the original again.",
        Place(file=f"raw/{file}"),
    )


def _unlisted(file: str) -> Problem:
    return Problem(
        "RAW-004",
        "The manifest does not list this file: it was put there by hand, or a run was cut off.",
        f"Receive it: survey receive raw/{file}; or take it out of raw/.",
        Place(file=f"raw/{file}"),
    )
