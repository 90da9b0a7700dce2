"""All received files of a form as one `Responses`, whatever kinds of files they are."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, Responses, concat_responses, issues_frame, join_issues
from pipeline.returns.child import ChildError, Job, in_children
from pipeline.returns.child_side import begin
from pipeline.returns.guard import read_start
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.noticed import Group, Noticed, told_together
from pipeline.returns.problems import not_there, unreadable
from pipeline.returns.sniff import Kind, content_kind
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import submissions_in_pieces
from pipeline.returns.submission_xml import submission_bytes
from pipeline.returns.table import read_table
from pipeline.returns.workbook import sniff_workbook, workbooks_in_pieces
from pipeline.settings import Caps
from pipeline.study import Study

_SUBMISSION_NAME = ".xml"
_KIND_BYTES = 200
_ROWS = 3
"""Where in a job the rows of the manifest stand."""


def read_form(
    study: Study,
    questionnaire: Questionnaire,
    manifest_rows: Iterable[ManifestRow],
    *,
    caps: Caps | None = None,
) -> Responses:
    """Read every received file of a form, in a process of its own.

    Args:
        study: the study folder.
        questionnaire: the form.
        manifest_rows: rows of the manifest; those of other forms are passed over.
        caps: what a file may hold at most; by default the study's.

    Returns:
        Workbooks first, then submissions, then tables, each in the order of their sha256, so that
        the order of receipt does not matter. A file that cannot be read, or ends the process that
        reads it, is an issue `unreadable_file` and stops nothing.
    """
    limits = caps or study.settings.caps
    rows = of_form(manifest_rows, questionnaire)
    found, broken = read_in_children(study, questionnaire, [(rows,)], read_here, caps=limits)
    read: Responses = found[0]
    return replace(read, issues=join_issues([broken, read.issues]))


def of_form(
    manifest_rows: Iterable[ManifestRow], questionnaire: Questionnaire
) -> tuple[ManifestRow, ...]:
    """The rows of the manifest that are a form's, in the order in which they are read."""
    ours = (row for row in manifest_rows if row.form == questionnaire.form_id)
    return tuple(sorted(ours, key=lambda row: (row.sha256, row.file)))


def read_in_children(
    study: Study,
    questionnaire: Questionnaire,
    shares: Iterable[tuple[Any, ...]],
    work: Callable[..., Any],
    *,
    caps: Caps,
) -> tuple[list[Any], pd.DataFrame]:
    """Read each share of the files in a process of its own, again without each file that ends it.

    Args:
        study: the study folder.
        questionnaire: the form.
        shares: of each the rows of the manifest, and what else the work is to be told.
        work: a function of study, questionnaire and caps, and of what stands in a share.
        caps: what a file may hold at most, and reading may take.

    Returns:
        What the function gives for each share, and an issue for each file that was left out.
    """
    broken = dict[str, Issue]()

    def without(job: Job, error: ChildError) -> Job:
        if not error.file or error.file in broken:
            raise SurveyError(error.problems) from None
        broken[error.file] = unreadable(error.file, SurveyError(error.problems))
        left = tuple(row for row in job[_ROWS] if row.source_file != error.file)
        return (*job[:_ROWS], left, *job[_ROWS + 1 :])

    jobs = [(study, questionnaire, caps, *share) for share in shares]
    found = in_children(work, jobs, caps=caps, again=without)
    return found, issues_frame(broken[file] for file in sorted(broken))


def read_here(
    study: Study, questionnaire: Questionnaire, caps: Caps, manifest_rows: Iterable[ManifestRow]
) -> Responses:
    """`read_form` in this process, whatever a file may do to it."""
    noticed, rows = Noticed(), tuple(manifest_rows)
    pieces = in_pieces(study, questionnaire, rows, caps, size=len(rows) + 1, noticed=noticed)
    read = concat_responses([piece for _, piece in pieces])
    return replace(read, issues=told_together([noticed]))


def in_pieces(
    study: Study,
    questionnaire: Questionnaire,
    manifest_rows: Iterable[ManifestRow],
    caps: Caps,
    *,
    size: int,
    noticed: Noticed,
) -> Iterator[tuple[Group, Responses]]:
    """Read every received file of a form, piece by piece.

    Args:
        study: the study folder.
        questionnaire: the form.
        manifest_rows: rows of the manifest; those of other forms are passed over.
        caps: what a file may hold at most.
        size: how many workbooks or submissions make a piece; a table is one by itself.
        noticed: gets the issues.

    Returns:
        Pieces in the order of `read_form`, without issues; a workbook that is called .xml, which
        only reading it shows, comes after the submissions.
    """
    files = _Sorted({kind: [] for kind in Kind}, {})
    raw = f"{study.raw}{os.sep}"
    for row in of_form(manifest_rows, questionnaire):
        source = SourceFile(raw + row.file, row.source_file, row.sha256, row.received_at)
        files.versions[source.source_file] = row.version
        if row.file.endswith(_SUBMISSION_NAME):
            files.of[Kind.SUBMISSION].append(source)
        else:
            files.sort(source, noticed.unsorted)

    def workbooks(group: Group) -> Iterator[tuple[Group, Responses]]:
        if books := files.taken(Kind.WORKBOOK):
            for piece in workbooks_in_pieces(books, questionnaire, caps=caps, size=size):
                yield group, noticed.without_issues(group, piece)

    yield from workbooks(Group.WORKBOOKS)
    others = list[SourceFile]()
    pieces = submissions_in_pieces(
        files.taken(Kind.SUBMISSION),
        questionnaire,
        caps=caps,
        size=size,
        notes=noticed.submissions,
        content_of=partial(_content_of, others=others),
    )
    yield from ((Group.SUBMISSIONS, piece) for piece in pieces)
    for source in others:
        files.sort(source, noticed.unsorted_late)
    yield from workbooks(Group.LATE_WORKBOOKS)
    key = study.settings.response_key
    for source in files.taken(Kind.TABLE):
        begin(source.source_file)
        try:
            piece = read_table(source, questionnaire, response_key=key, caps=caps)
        except SurveyError as error:
            noticed.unread_tables.append(unreadable(source.source_file, error))
        else:
            yield Group.TABLES, noticed.without_issues(Group.TABLES, piece)


@dataclass(frozen=True)
class _Sorted:
    """Files by who reads them, and the versions that the manifest says they are of."""

    of: dict[Kind, list[SourceFile]]
    versions: dict[str, str]

    def sort(self, source: SourceFile, unsorted: list[Issue]) -> None:
        """Put a file where it belongs, by what is in it."""
        begin(source.source_file)
        try:
            self.of[_reader_of(source, self.versions[source.source_file])].append(source)
        except SurveyError as error:
            unsorted.append(unreadable(source.source_file, error))

    def taken(self, kind: Kind) -> list[SourceFile]:
        """The files of a kind, which are not there any more then."""
        found, self.of[kind] = self.of[kind], []
        return found


def _content_of(source: SourceFile, caps: Caps, *, others: list[SourceFile]) -> bytes | None:
    """A file that is called a submission; None where it is something else and one of the others.

    It is opened once: to ask each of 20,000 files first what it is takes a tenth of the time.
    """
    try:
        content = submission_bytes(source, caps)
        kind = content_kind(content[:_KIND_BYTES])
    except SurveyError:
        kind = _kind_of(source)
        if kind is Kind.SUBMISSION:
            raise
    if kind is not Kind.SUBMISSION:
        others.append(source)
        return None
    return content


def _reader_of(source: SourceFile, version: str) -> Kind:
    """The reader for a file; a workbook that names a version is a form, any other may be a table.

    Raises:
        SurveyError: GUARD-001, the file cannot be opened.
    """
    kind = _kind_of(source)
    if kind is Kind.WORKBOOK and not version and sniff_workbook(Path(source.path)) is None:
        return Kind.TABLE
    return kind


def _kind_of(source: SourceFile) -> Kind:
    try:
        return content_kind(read_start(source.path, _KIND_BYTES))
    except OSError as error:
        raise not_there(source.source_file) from error
