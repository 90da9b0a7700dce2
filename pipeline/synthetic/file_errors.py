"""Errors in whole files: sent twice, of an unknown version, no form at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipeline.store import write_bytes
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.examine import examine
from pipeline.synthetic.form import Form
from pipeline.synthetic.planted import other_answers
from pipeline.synthetic.returned import Returned, Way, Writer
from pipeline.synthetic.sentences import MARK
from pipeline.synthetic.spots import changed, spots
from pipeline.synthetic.truth import TruthRow

OLD_VERSION = "1911.01.1"
"""A version that no form ever had."""


@dataclass(frozen=True)
class Written:
    """A file as it was written first.

    Attributes:
        path: the file.
        key: `response_id` of its response.
    """

    writer: Writer
    form: Form
    one: Returned
    path: Path
    key: str
    random: Random

    def row(self, path: Path, kind: str, code: str, *, by_receipt: bool = False) -> TruthRow:
        """What must be reported about a file: by its receipt, or as an issue of its response."""
        key = "" if by_receipt else self.key
        reported_by = "receipt" if by_receipt else "issues"
        return TruthRow(path.name, key, "", "", kind, code, reported_by)


def _beside(written: Written, mark: str) -> Path:
    return written.path.with_stem(f"{written.path.stem}{mark}")


def _same_file_twice(written: Written, kind: str) -> TruthRow:
    path = _beside(written, "_copy")
    write_bytes(path, written.path.read_bytes(), mode=0o600)
    return written.row(path, kind, "already_received", by_receipt=True)


def _same_submission_again(written: Written, kind: str) -> TruthRow:
    """Other bytes, the same content: sent again by another version of the app."""
    path = _beside(written, "_again")
    write_bytes(path, written.path.read_bytes() + b"\n", mode=0o600)
    return written.row(path, kind, "duplicate_instance")


def _other_answers(written: Written, kind: str) -> TruthRow:
    answers = _harmlessly_changed(written.form, written.one.answers, written.random)
    path, _ = written.writer.write(replace(written.one, answers=answers), mark="_other")
    return written.row(path, kind, "duplicate_differs")


def _harmlessly_changed(form: Form, answers: Answers, random: Random) -> Answers:
    """The response with one choice exchanged, so that it still breaks no rule."""
    places = [spot for spot in spots(form, answers) if isinstance(spot.given, str)]
    for spot in random.sample(places, len(places)):
        for answer in other_answers(spot, form, random):
            other = changed(answers, spot.place, spot.item.name, answer)
            if not examine(form, other):
                return other
    return answers


def _same_serial_twice(written: Written, kind: str) -> TruthRow:
    return written.row(written.path, kind, "duplicate_serial")


def _unknown_version(written: Written, kind: str) -> TruthRow:
    return written.row(written.path, kind, "unrecognised", by_receipt=True)


def _no_form(written: Written, kind: str) -> TruthRow:
    path = _beside(written, "_notes").with_suffix(".txt")
    write_bytes(path, f"{MARK} notes that belong to no form.\n".encode(), mode=0o600)
    return written.row(path, kind, "unrecognised", by_receipt=True)


@dataclass(frozen=True)
class FileError:
    """One kind of error in whole files.

    Attributes:
        ways: kinds of files in which it can happen.
        after: makes it once the first file is written; gives back what must be reported.
        before: how the response itself is written differently.
        files: how many responses it takes.
    """

    ways: frozenset[Way]
    after: Callable[[Written, str], TruthRow]
    before: Callable[[Returned], Returned] = lambda one: one
    files: int = 1


_SENT = frozenset({Way.EXCEL, Way.ODK})

FILE_ERRORS: Mapping[str, FileError] = {
    "same_file_twice": FileError(_SENT, _same_file_twice),
    "same_submission_again": FileError(frozenset({Way.ODK}), _same_submission_again),
    "same_submission_other_answers": FileError(frozenset({Way.ODK}), _other_answers),
    "same_serial_twice": FileError(
        frozenset({Way.EXCEL}),
        _same_serial_twice,
        before=lambda one: replace(one, serial=f"{MARK}-1"),
        files=2,
    ),
    "unknown_version": FileError(
        _SENT, _unknown_version, before=lambda one: replace(one, version=OLD_VERSION)
    ),
    "no_form": FileError(_SENT, _no_form),
}
"""Kinds of errors in whole files, by name."""
