"""From the sender's path to a safe name in raw/: copied while it is hashed, flushed in numbers."""

import hashlib
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.returns.manifest import AUDITS, CORRECTIONS, RECODING, UNRECOGNISED
from pipeline.settings import Caps

_HASH_DIGITS = 16
_NAME_LENGTH = 60
_PIECE = 1 << 20
_FLUSHERS = 8
RESERVED = frozenset({AUDITS, CORRECTIONS, RECODING, UNRECOGNISED})
"""Folders of raw/ that no form may have."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was copied beside its place: nobody else writes to it any more.

    Attributes:
        path: where the copy lies until it gets its final name.
        sha256: of its bytes.
        size: in bytes.
    """

    path: Path
    sha256: str
    size: int


def copy_in(path: Path, raw: Path, caps: Caps) -> Copy | str:
    """Copy a regular file beside its place, hashing it on the way; or the reason why not."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        source = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return "There is no such file."
    except OSError as error:
        why = "it is a link" if path.is_symlink() else error.strerror or "unknown reason"
        return f"It cannot be opened as a file ({why}). Give the file itself."
    with os.fdopen(source, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            return "It is no regular file but a pipe, a device or a folder. Give the file itself."
        if status.st_size > caps.file_bytes:
            return f"It is larger than {caps.file_bytes >> 20} MB. Send it in parts."
        handle, name = tempfile.mkstemp(dir=raw, prefix=".writing-", suffix=path.suffix[:10])
        copied = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                return _copy(stream, target, copied)
        except BaseException:
            copied.unlink(missing_ok=True)
            raise


def _copy(stream: BinaryIO, target: BinaryIO, path: Path) -> Copy | str:
    sha256, size = hashlib.sha256(), 0
    while True:
        try:
            piece = stream.read(_PIECE)
        except OSError as error:
            path.unlink(missing_ok=True)
            return f"It cannot be read ({error.strerror or 'unknown reason'}). Copy it anew."
        if not piece:
            return Copy(path, sha256.hexdigest(), size)
        sha256.update(piece)
        size += target.write(piece)


def flush(paths: Iterable[Path]) -> None:
    """Wait until the disk has these files; several at once, since the disk writes them together."""
    with ThreadPoolExecutor(_FLUSHERS) as threads:
        for _ in threads.map(_flush, paths):
            pass


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def folder_name(form: str) -> str:
    """The folder of a form below raw/: its form_id, with safe characters only."""
    safe = _safe(form)[:_NAME_LENGTH] or "form"
    same = form in RESERVED or (safe == form and not safe.startswith("_"))
    return safe if same else f"{safe}-{hashlib.sha256(form.encode()).hexdigest()[:8]}"


def stored_name(sha256: str, origin: str) -> str:
    """`HASH16-firstname.ext`; the first name is not prefixed again when it comes out of raw/."""
    prefix = f"{sha256[:_HASH_DIGITS]}-"
    name = Path(origin).name.removeprefix(prefix)
    stem, suffix = _safe(Path(name).stem), _safe(Path(name).suffix)
    return f"{prefix}{stem[:_NAME_LENGTH] or 'file'}{suffix[:10]}"


def _safe(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    return re.sub(r"[^\w.-]+", "_", composed).lstrip("-")


def harmless(origin: str) -> str:
    """A path that can stand in a cell: one line, and never taken for a formula."""
    line = re.sub(r"[\x00-\x1f\x7f]", "_", origin.encode("utf-8", "replace").decode("utf-8"))
    return f"./{line}" if line.startswith(("=", "+", "-", "@")) else line
