"""raw/ as one encrypted archive, for carrying and for backup; verified when it is opened.

Inside age lies a tar: first a list of SHA-256 hashes, then the files. age tells by itself when an
archive was altered or cut off; the hashes tell that what was unpacked is what was sealed. Nothing
is written in the clear on the way, for the archive's place may be a stick that is carried about.
"""

import io
import os
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyrage

from pipeline.errors import SurveyError
from pipeline.privacy.keys import age_recipients, read_identity
from pipeline.privacy.problems import refusal
from pipeline.store import sha256_file, write_through
from pipeline.study import Study

HASHES = "SHA256SUMS"
_HEX = 64


def seal(study: Study, target: Path) -> int:
    """Write raw/, registers included, as one archive that only the study's recipients can open.

    Args:
        study: the study folder.
        target: the archive, readable by its owner alone.

    Returns:
        The number of files in it.

    Raises:
        SurveyError: SEAL-001 something stands at the target, SEAL-002 raw/ is empty or holds what
            is no regular file, SEAL-004 it cannot be written, KEYS-001 no recipients.
    """
    shown = target.as_posix()
    if target.exists() or target.is_symlink():
        message, repair = "There is something of this name already.", "Choose another name."
        raise refusal("SEAL-001", message, repair, file=shown)
    recipients = age_recipients(study)
    files = _files(study.raw)

    def write(path: Path) -> None:
        with path.open("wb") as sealed:
            _through_pipe(
                lambda plain: _pack(plain, study.raw, files),
                lambda plain: pyrage.encrypt_io(plain, sealed, recipients),
            )

    try:
        write_through(target, write, mode=0o600)
    except (OSError, pyrage.EncryptError) as error:
        raise _cannot_write(shown) from error
    return len(files)


def unseal(study: Study, archive: Path, *, key: Path) -> int:
    """Open an archive into raw/, which has to be empty; nothing stays if anything is wrong.

    Args:
        study: the study folder.
        archive: as `seal` wrote it.
        key: file of the private key.

    Returns:
        The number of files.

    Raises:
        SurveyError: SEAL-001 raw/ holds files, SEAL-003 the archive was altered or is none,
            SEAL-004 raw/ cannot be written, KEYS-002 or KEYS-005 the key.
    """
    if study.raw.is_dir() and any(path.is_file() for path in study.raw.rglob("*")):
        message, repair = "raw/ is not empty.", "Open the archive in an empty study: survey init."
        raise refusal("SEAL-001", message, repair, file="raw/")
    identity = read_identity(key, shown=key.as_posix())
    folder = Path(tempfile.mkdtemp(dir=study.root, prefix=".unsealing-"))
    try:
        with archive.open("rb") as sealed:
            _through_pipe(
                lambda plain: pyrage.decrypt_io(sealed, plain, [identity]),
                lambda plain: _unpack(plain, folder),
            )
        count = _check(folder)
        shutil.rmtree(study.raw, ignore_errors=True)
        folder.replace(study.raw)
    except (tarfile.TarError, EOFError, ValueError, pyrage.DecryptError) as error:
        raise _altered(archive) from error
    except OSError as error:  # age's own errors have no number
        raise (_cannot_write("raw/") if error.errno else _altered(archive)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return count


def _files(raw: Path) -> list[Path]:
    paths = sorted(path for path in raw.rglob("*") if not path.is_dir() or path.is_symlink())
    paths = [path for path in paths if not path.name.startswith(".writing-")]
    strange = [path for path in paths if path.is_symlink() or not path.is_file()]
    if strange or not paths:
        what = "This is no regular file." if strange else "There is nothing in raw/ to seal."
        place = strange[0].relative_to(raw).as_posix() if strange else ""
        raise refusal("SEAL-002", what, "See survey verify.", file=f"raw/{place}")
    return paths


def _through_pipe(write: Callable[[BinaryIO], object], read: Callable[[BinaryIO], object]) -> None:
    """Let one write what the other reads, both at once; the writer's error comes first."""
    out, into = os.pipe()
    errors = list[BaseException]()

    def run() -> None:
        try:
            with os.fdopen(into, "wb") as stream:
                write(stream)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the right thread
            errors.append(error)

    writer = threading.Thread(target=run)
    writer.start()
    try:
        with os.fdopen(out, "rb") as stream:
            read(stream)
            stream.read()
    finally:
        writer.join()
        if errors and not isinstance(errors[0], BrokenPipeError):
            raise errors[0]


def _pack(plain: BinaryIO, raw: Path, files: list[Path]) -> None:
    names = [path.relative_to(raw).as_posix() for path in files]
    listed = "".join(
        f"{sha256_file(path)}  {name}\n" for path, name in zip(files, names, strict=True)
    )
    with tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        content = listed.encode()
        tar.addfile(_member(HASHES, len(content)), io.BytesIO(content))
        for path, name in zip(files, names, strict=True):
            with path.open("rb") as stream:
                tar.addfile(_member(f"raw/{name}", path.stat().st_size), stream)


def _member(name: str, size: int) -> tarfile.TarInfo:
    """A member that says nothing of the machine it comes from."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _unpack(plain: BinaryIO, folder: Path) -> None:
    with tarfile.open(fileobj=plain, mode="r|") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            inside = member.name == HASHES or (len(parts) > 1 and parts[0] == "raw")
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or not inside or ".." in parts:
                raise ValueError(HASHES)
            target = folder.joinpath(*(parts if member.name == HASHES else parts[1:]))
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                target.chmod(0o600)
                shutil.copyfileobj(content, stream)


def _check(folder: Path) -> int:
    """Hold what was unpacked against the list, which is taken away.

    Raises:
        ValueError: a file is altered, missing or not on the list.
    """
    lines = (folder / HASHES).read_text(encoding="utf-8").splitlines()
    (folder / HASHES).unlink()
    listed = {line[_HEX + 2 :]: line[:_HEX] for line in lines}
    there = [path for path in folder.rglob("*") if path.is_file()]
    found = {path.relative_to(folder).as_posix(): sha256_file(path) for path in there}
    if found != listed:
        raise ValueError(HASHES)
    return len(found)


def _altered(archive: Path) -> SurveyError:
    return refusal(
        "SEAL-003",
        "This is no archive of ours, it was altered or cut off, or the key is another one.",
        "Take another copy of it, or name the private key that belongs to it with --key FILE.",
        file=archive.as_posix(),
    )


def _cannot_write(shown: str) -> SurveyError:
    return refusal(
        "SEAL-004",
        "It cannot be written or read.",
        "Make room, mend the permissions, and run the same command again.",
        file=shown,
    )
