"""Files that are either wholly there or not at all, and the hashes that name them."""

import errno
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

_CHUNK = 1 << 20

NO_ROOM = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
    }
)
"""What the system says where a file cannot be written, whoever writes it: no room, or no right."""


def sha256_bytes(data: bytes) -> str:
    """SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's content, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def fingerprint(paths: Iterable[Path], *, under: Path) -> str:
    """One hash over several files: their names below a folder and their contents, in name order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(under).as_posix().encode() + b"\0")
        digest.update(sha256_file(path).encode() + b"\n")
    return digest.hexdigest()


def write_through(
    target: Path, write: Callable[[Path], object], *, mode: int = 0o644, flush: bool = True
) -> None:
    """Let `write` fill a temporary file beside the target, then put it in the target's place.

    A process that dies in between leaves the target as it was. The temporary file keeps the
    target's ending, since libraries choose a format by it.

    Args:
        target: the final path; its folder is made if missing.
        write: called with the temporary path.
        mode: permission bits of the finished file; 0o600 for files that hold answers.
        flush: wait until the disk has it; False for what only this run will read, and for files
            that are flushed together before they are remembered.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        dir=target.parent, prefix=".writing-", suffix="".join(target.suffixes)
    )
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        if flush:
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(target: Path, data: bytes, *, mode: int = 0o644, flush: bool = True) -> None:
    """Write bytes to a file, wholly or not at all."""
    write_through(target, lambda path: path.write_bytes(data), mode=mode, flush=flush)


def write_text(target: Path, text: str, *, mode: int = 0o644, flush: bool = True) -> None:
    """Write text as UTF-8 with line feeds, wholly or not at all."""
    write_bytes(target, text.encode("utf-8"), mode=mode, flush=flush)


def flush_files(paths: Iterable[Path]) -> None:
    """Wait until the disk has what was written to these files without waiting."""
    for path in paths:
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def remove_leftovers(folder: Path) -> tuple[Path, ...]:
    """Remove temporary files that a killed process left; gives back what was removed."""
    found = tuple(sorted(folder.rglob(".writing-*"))) if folder.is_dir() else ()
    for path in found:
        path.unlink(missing_ok=True)
    return found


@contextmanager
def alone_in(
    folder: Path, waiting: Callable[[], AbstractContextManager[object]] = nullcontext
) -> Iterator[None]:
    """Let one process at a time work in a folder; a killed one leaves no lock behind.

    Args:
        folder: it is there already.
        waiting: entered while another process is at work there.

    Raises:
        OSError: the folder cannot be opened.
    """
    windows = sys.platform == "win32"
    lock = folder / ".lock" if windows else folder
    handle = os.open(lock, os.O_RDWR | os.O_CREAT if windows else os.O_RDONLY)
    try:
        if not _take(handle, wait=False):
            with waiting():
                _take(handle, wait=True)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int, *, wait: bool) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            if wait:
                raise
            return False
        return True
else:
    import fcntl

    _NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}
    """Said by disks across a network that know no locks: there one person works at a time."""

    def _take(handle: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        return True
