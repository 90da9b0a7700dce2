"""Take returned files into raw/: copied once, under their hash, and never touched again."""

import contextlib
import datetime as dt
import hashlib
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.guard import CAPS, Caps
from pipeline.returns.manifest import (
    CORRECTIONS,
    UNRECOGNISED,
    ManifestRow,
    append_rows,
    cannot_write,
    is_own_file,
    locked,
    read_manifest,
)
from pipeline.returns.reasons import write_reasons
from pipeline.returns.sniff import Kind, Sniffed, sniff
from pipeline.store import remove_leftovers
from pipeline.study import Study

_BATCH = 500
_HASH_DIGITS = 16
_NAME_LENGTH = 60
_PIECE = 1 << 20
_RESERVED = {CORRECTIONS, UNRECOGNISED}


class Outcome(StrEnum):
    """What became of a file that was given to be received."""

    RECEIVED = "received"
    ALREADY_RECEIVED = "already_received"
    UNRECOGNISED = "unrecognised"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file.

    Attributes:
        file: the path under which it was given.
        outcome: refused means that nothing was copied: it is no regular file, or too large.
        form: form_id, `corrections`, or empty.
        version: the form's version that it was filled in on, if it says so.
        stored: where it lies now, below the study folder; None if it was refused.
        reason: why it is unrecognised or refused, how a table was matched, when it came before.
    """

    file: str
    outcome: Outcome
    form: str = ""
    version: str = ""
    stored: str | None = None
    reason: str = ""

    def __str__(self) -> str:
        form = f" {self.form} {self.version}".rstrip()
        stored = f" -> {self.stored}" if self.stored else ""
        reason = f"\n  {self.reason}" if self.reason else ""
        return f"{self.outcome.replace('_', ' ')}: {self.file}{form}{stored}{reason}"


def receive(
    study: Study,
    paths: Sequence[Path],
    questionnaires: Mapping[str, Questionnaire],
    *,
    form: str | None = None,
    now: dt.datetime,
    caps: Caps = CAPS,
) -> tuple[Receipt, ...]:
    """Copy returned files into raw/ and list them in its manifest.

    A run that is killed leaves raw/ as it was or with whole files that are not listed yet;
    receiving the same files again completes it.

    Args:
        study: the study folder.
        paths: files, or folders of files.
        questionnaires: every form of the study, by form_id.
        form: the form of tables that do not say it themselves.
        now: the moment of receipt, with its time zone.
        caps: what a file may hold at most.

    Returns:
        One receipt a file, in the order in which they were given, folders in order of name.

    Raises:
        SurveyError: RAW-001 the manifest is damaged, RAW-005 raw/ cannot be written to, RAW-006
            `form` is no questionnaire of the study.
    """
    if form is not None and form not in questionnaires:
        raise SurveyError([_no_such_form(form, questionnaires)])
    with locked(study):
        remove_leftovers(study.raw)
        moment = now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        desk = _Desk(study, questionnaires, form, moment, caps, read_manifest(study))
        try:
            receipts = [desk.take(path, origin) for path, origin in _walk(study, paths)]
            desk.write_down()
        except OSError as error:
            with contextlib.suppress(OSError):
                desk.write_down()
            raise cannot_write(error) from error
    return tuple(receipts)


@dataclass
class _Copy:
    """A file as it was copied beside its place: nobody else writes to it any more."""

    path: Path
    sha256: str
    size: int


@dataclass
class _Desk:
    """Where files are taken in, one after the other."""

    study: Study
    questionnaires: Mapping[str, Questionnaire]
    form: str | None
    moment: str
    caps: Caps
    listed: tuple[ManifestRow, ...]
    fresh: list[ManifestRow] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_hash: dict[str, ManifestRow] = {}
        for row in self.listed:
            self._remember(row)

    def take(self, path: Path, origin: str) -> Receipt:
        """Receive one file, or say why not."""
        copied = _copy_in(path, self.study.raw, self.caps)
        if isinstance(copied, str):
            return Receipt(origin, Outcome.REFUSED, reason=copied)
        try:
            return self._judge(copied, origin)
        finally:
            copied.path.unlink(missing_ok=True)

    def write_down(self) -> None:
        """List in the manifest what was copied so far."""
        append_rows(self.study, self.fresh)
        write_reasons(self.study, self.reasons)
        self.fresh, self.reasons = [], {}

    def _judge(self, copied: _Copy, origin: str) -> Receipt:
        before = self.by_hash.get(copied.sha256)
        if before is not None and before.form != UNRECOGNISED:
            return self._again(before, copied, origin)
        key = self.study.settings.response_key
        found = sniff(
            copied.path, self.questionnaires, form=self.form, response_key=key, caps=self.caps
        )
        if before is not None and found.kind is Kind.UNRECOGNISED:
            self.reasons[before.file] = found.reason
            self._put(copied, self.study.raw / before.file)
            return _receipt(origin, before, found)
        return self._store(copied, origin, found)

    def _again(self, before: ManifestRow, copied: _Copy, origin: str) -> Receipt:
        restored = self._put(copied, self.study.raw / before.file)
        return Receipt(
            file=origin,
            outcome=Outcome.RECEIVED if restored else Outcome.ALREADY_RECEIVED,
            form=before.form,
            version=before.version,
            stored=before.source_file,
            reason="It was missing from raw/ and is back in its place."
            if restored
            else f"The same bytes were received at {before.received_at} as {before.origin}.",
        )

    def _store(self, copied: _Copy, origin: str, found: Sniffed) -> Receipt:
        form = found.form or _folder_of(found.kind)
        file = f"{folder_name(form)}/{_stored_name(copied.sha256, origin)}"
        row = ManifestRow(
            file=file,
            sha256=copied.sha256,
            bytes=copied.size,
            form=form,
            version=found.version,
            received_at=self.moment,
            origin=_harmless(origin),
        )
        self._put(copied, self.study.raw / file)
        self.fresh.append(row)
        self._remember(row)
        if found.kind is Kind.UNRECOGNISED:
            self.reasons[file] = found.reason
        if len(self.fresh) >= _BATCH:
            self.write_down()
        return _receipt(origin, row, found)

    def _put(self, copied: _Copy, target: Path) -> bool:
        """Give the copy its final name unless a file of that name is there already."""
        if target.exists():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        copied.path.replace(target)
        return True

    def _remember(self, row: ManifestRow) -> None:
        known = self.by_hash.get(row.sha256)
        if known is None or known.form == UNRECOGNISED:
            self.by_hash[row.sha256] = row


def folder_name(form: str) -> str:
    """The folder of a form below raw/: its form_id, with safe characters only."""
    safe = _safe(form) or "form"
    same = form in _RESERVED or (safe == form and not safe.startswith("_"))
    return safe if same else f"{safe}-{hashlib.sha256(form.encode()).hexdigest()[:8]}"


def _walk(study: Study, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each file that was given, folders opened in order of name, with the path to show for it."""
    for path in paths:
        if path.is_symlink() or not path.is_dir():
            yield path, path.name
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            here = Path(folder)
            links = [name for name in folders if (here / name).is_symlink()]
            for name in sorted([*names, *links]):
                if not is_own_file(study, here / name):
                    shown = (here / name).relative_to(path).as_posix()
                    yield here / name, f"{path.resolve().name}/{shown}"


def _copy_in(path: Path, raw: Path, caps: Caps) -> _Copy | str:
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
                sha256, size = hashlib.sha256(), 0
                while piece := stream.read(_PIECE):
                    sha256.update(piece)
                    size += target.write(piece)
                target.flush()
                os.fsync(target.fileno())
        except BaseException:
            copied.unlink(missing_ok=True)
            raise
    return _Copy(copied, sha256.hexdigest(), size)


def _receipt(origin: str, row: ManifestRow, found: Sniffed) -> Receipt:
    recognised = found.kind is not Kind.UNRECOGNISED
    return Receipt(
        file=origin,
        outcome=Outcome.RECEIVED if recognised else Outcome.UNRECOGNISED,
        form=row.form if recognised else "",
        version=row.version,
        stored=row.source_file,
        reason=found.reason,
    )


def _folder_of(kind: Kind) -> str:
    return CORRECTIONS if kind is Kind.CORRECTIONS else UNRECOGNISED


def _stored_name(sha256: str, origin: str) -> str:
    """`HASH16-firstname.ext`; the first name is not prefixed again when it comes out of raw/."""
    prefix = f"{sha256[:_HASH_DIGITS]}-"
    name = Path(origin).name.removeprefix(prefix)
    stem, suffix = _safe(Path(name).stem), _safe(Path(name).suffix)
    return f"{prefix}{stem[:_NAME_LENGTH] or 'file'}{suffix[:10]}"


def _safe(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    return re.sub(r"[^\w.-]+", "_", composed).lstrip("-")


def _harmless(origin: str) -> str:
    """A path that can stand in a cell: one line, and never taken for a formula."""
    line = re.sub(r"[\x00-\x1f\x7f]", "_", origin.encode("utf-8", "replace").decode("utf-8"))
    return f"./{line}" if line.startswith(("=", "+", "-", "@")) else line


def _no_such_form(form: str, questionnaires: Mapping[str, Questionnaire]) -> Problem:
    return Problem(
        "RAW-006",
        "There is no questionnaire of this form_id.",
        f"Choose one of: {', '.join(sorted(questionnaires)) or '(none yet)'}.",
        Place(file="instruments/", rule=f"--form {form}"),
    )
