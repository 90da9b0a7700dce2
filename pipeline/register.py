"""Append-only registers in raw/_register: what was done, when and by whom; no line ever changes."""

import contextlib
import csv
import datetime as dt
import getpass
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError

CODES = {
    "REG-001": "A register cannot be written to",
    "REG-002": "A register is not as it was written",
}

FOLDER = "_register"
"""Below raw/; what lies there was not received, and is no part of the manifest."""


def append_line(path: Path, columns: Sequence[str], cells: Sequence[str], *, shown: str) -> None:
    """Add one line to a register and wait until the disk has it; what stands there stays.

    A line that a killed process left half is cut off first: it was never acknowledged.

    Args:
        path: the register, a CSV; made with its heading, readable by its owner alone.
        columns: its heading.
        cells: the line, one cell a column.
        shown: its name in problems.

    Raises:
        SurveyError: REG-001 it cannot be written to, REG-002 its heading is another.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise _cannot_write(error, shown) from error
    with os.fdopen(handle, "r+b", buffering=0) as stream:
        _wait_for(stream.fileno())
        there = stream.read() or b""
        kept = there[: there.rfind(b"\n") + 1]
        heading = _line(columns)
        if kept and not kept.startswith(heading):
            raise SurveyError([_damaged(shown, 1)])
        try:
            stream.seek(len(kept))
            stream.truncate()
            new = (b"" if kept else heading) + _line(cells)
            if stream.write(new) != len(new):
                raise OSError(28, "No space left on device")  # noqa: TRY301 - one way out
            os.fsync(stream.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                stream.truncate(len(kept))
            raise _cannot_write(error, shown) from error


def read_lines(path: Path, columns: Sequence[str], *, shown: str) -> tuple[tuple[str, ...], ...]:
    """Every whole line of a register, in the order in which they were written.

    Raises:
        SurveyError: REG-002, with each line that is not as it was written.
    """
    if not path.is_file():
        return ()
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SurveyError([_damaged(shown, 1)]) from error
    whole = text[: text.rfind("\n") + 1]
    lines = [tuple(cells) for cells in csv.reader(io.StringIO(whole, newline=""))]
    if lines and lines[0] != tuple(columns):
        raise SurveyError([_damaged(shown, 1)])
    if wrong := [n for n, cells in enumerate(lines, start=1) if len(cells) != len(columns)]:
        raise SurveyError([_damaged(shown, number) for number in wrong])
    return tuple(lines[1:])


def moment(now: dt.datetime) -> str:
    """A moment as registers write it: UTC, `2011-09-02T08:15:00Z`."""
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def who() -> str:
    """The account under which somebody works on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _line(cells: Sequence[str]) -> bytes:
    """One line; a line break inside a cell becomes a blank, so that a line is a record."""
    text = io.StringIO(newline="")
    flat = (" ".join(cell.split()) for cell in cells)
    csv.writer(text, lineterminator="\n").writerow(flat)
    return text.getvalue().encode("utf-8", "replace")


if sys.platform == "win32":

    def _wait_for(handle: int) -> None:
        """Where two commands at once are not to be expected."""
else:
    import fcntl

    def _wait_for(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _cannot_write(error: OSError, shown: str) -> SurveyError:
    return SurveyError(
        [
            Problem(
                "REG-001",
                f"The register cannot be written to ({error.strerror or 'unknown reason'}).",
                "Make room or mend the permissions and run the same command again.",
                Place(file=shown),
            )
        ]
    )


def _damaged(shown: str, line: int) -> Problem:
    return Problem(
        "REG-002",
        "This line of the register is not as it was written.",
        "Bring the file back from a backup; nobody edits it by hand.",
        Place(file=shown, line=line),
    )
