"""Take returned files into raw/: copied once, under their hash, and never touched again."""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.intake import (
    RESERVED,
    Copy,
    copy_in,
    flush,
    folder_name,
    harmless,
    stored_name,
)
from pipeline.returns.manifest import (
    AUDITS,
    CORRECTIONS,
    RECODING,
    UNRECOGNISED,
    ManifestRow,
    append_rows,
    cannot_write,
    is_own_file,
    locked,
    read_manifest,
)
from pipeline.returns.reasons import write_reasons
from pipeline.returns.sniff import Kind, Sniffed, pack, sniff_apart
from pipeline.settings import Caps
from pipeline.store import remove_leftovers, sha256_file
from pipeline.study import Study

_BATCH = 500


class Outcome(StrEnum):
    """What became of a file that was given to be received."""

    RECEIVED = "received"
    ALREADY_RECEIVED = "already_received"
    UNRECOGNISED = "unrecognised"
    REFUSED = "refused"
    PASSED_OVER = "passed_over"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file.

    Attributes:
        file: the path under which it was given.
        outcome: refused means that nothing was copied: it is no regular file, or too large;
            passed over, that it is nothing that came back.
        form: form_id, `corrections`, `recoding`, or empty.
        version: the form's version that it was filled in on, if it says so.
        stored: where it lies now, below the study folder; None if it was not copied.
        reason: why it is unrecognised, refused or passed over, how a table was matched, when it
            came before.
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
    caps: Caps | None = None,
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
        caps: what a file may hold at most; by default the study's.

    Returns:
        One receipt a file, in the order in which they were given, folders in order of name.

    Raises:
        SurveyError: RAW-001 the manifest is damaged, RAW-005 raw/ cannot be written to, RAW-006
            `form` is no questionnaire of the study, RAW-007 a form is called like a folder of raw/.
    """
    if form is not None and form not in questionnaires:
        raise SurveyError([_no_such_form(form, questionnaires)])
    if taken := sorted(RESERVED & questionnaires.keys()):
        raise SurveyError([_reserved(name) for name in taken])
    with locked(study):
        remove_leftovers(study.raw)
        moment = now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        limits = caps or study.settings.caps
        desk = _Desk(study, questionnaires, form, moment, limits, read_manifest(study))
        try:
            receipts = [desk.take(path, origin) for path, origin in _walk(study, paths)]
            desk.write_down()
        except OSError as error:
            with contextlib.suppress(OSError):
                desk.write_down()
            raise cannot_write(error) from error
    return tuple(receipts)


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
        self.packed = pack(self.questionnaires)
        self.by_hash: dict[str, ManifestRow] = {}
        self.names: set[str] = set()
        for row in self.listed:
            self._remember(row)

    def take(self, path: Path, origin: str) -> Receipt:
        """Receive one file, or say why not."""
        origin = harmless(origin)
        copied = copy_in(path, self.study.raw, self.caps)
        if isinstance(copied, str):
            return Receipt(origin, Outcome.REFUSED, reason=copied)
        try:
            return self._judge(copied, origin)
        finally:
            copied.path.unlink(missing_ok=True)

    def write_down(self) -> None:
        """List in the manifest what was copied so far, once the disk has it.

        Until it is listed a file counts as not received.
        """
        flush(self.study.raw / row.file for row in self.fresh)
        append_rows(self.study, self.fresh)
        write_reasons(self.study, self.reasons)
        self.fresh, self.reasons = [], {}

    def _judge(self, copied: Copy, origin: str) -> Receipt:
        before = self.by_hash.get(copied.sha256)
        if before is not None and before.form != UNRECOGNISED:
            return self._again(before, copied, origin)
        key = self.study.settings.response_key
        found = sniff_apart(
            copied.path, self.packed, form=self.form, response_key=key, caps=self.caps
        )
        if found.kind is Kind.TRUTH:
            return Receipt(origin, Outcome.PASSED_OVER, reason=found.reason)
        if before is not None and found.kind is Kind.UNRECOGNISED:
            self.reasons[before.file] = found.reason
            self._put(copied, self.study.raw / before.file)
            return _receipt(origin, before, found)
        return self._store(copied, origin, found)

    def _again(self, before: ManifestRow, copied: Copy, origin: str) -> Receipt:
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

    def _store(self, copied: Copy, origin: str, found: Sniffed) -> Receipt:
        form = found.form or _folder_of(found.kind)
        file = f"{folder_name(form)}/{stored_name(copied.sha256, origin)}"
        row = ManifestRow(
            file=file,
            sha256=copied.sha256,
            bytes=copied.size,
            form=form,
            version=found.version,
            received_at=self.moment,
            origin=origin,
        )
        self._put(copied, self.study.raw / file)
        self.fresh.append(row)
        self._remember(row)
        if found.kind is Kind.UNRECOGNISED:
            self.reasons[file] = found.reason
        if len(self.fresh) >= _BATCH:
            self.write_down()
        return _receipt(origin, row, found)

    def _put(self, copied: Copy, target: Path) -> bool:
        """Give the copy its final name unless the same file is there already."""
        file = target.relative_to(self.study.raw).as_posix()
        if target.exists() and (file in self.names or sha256_file(target) == copied.sha256):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        copied.path.replace(target)
        return True

    def _remember(self, row: ManifestRow) -> None:
        self.names.add(row.file)
        known = self.by_hash.get(row.sha256)
        if known is None or known.form == UNRECOGNISED:
            self.by_hash[row.sha256] = row


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
    folders = {
        Kind.AUDIT: AUDITS,
        Kind.CORRECTIONS: CORRECTIONS,
        Kind.RECODING: RECODING,
    }
    return folders.get(kind, UNRECOGNISED)


def _no_such_form(form: str, questionnaires: Mapping[str, Questionnaire]) -> Problem:
    return Problem(
        "RAW-006",
        "There is no questionnaire of this form_id.",
        f"Choose one of: {', '.join(sorted(questionnaires)) or '(none yet)'}.",
        Place(file="instruments/", rule=f"--form {form}"),
    )


def _reserved(form: str) -> Problem:
    return Problem(
        "RAW-007",
        f"raw/{form}/ is not free for a form.",
        "Give the questionnaire another form_id.",
        Place(file="instruments/", question=form, rule="form_id"),
    )
