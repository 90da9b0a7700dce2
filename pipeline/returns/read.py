"""All received files of a form as one `Responses`, whatever kinds of files they are."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, Responses, concat_responses, issues_frame, join_issues
from pipeline.returns.child import ChildError, begin, in_child
from pipeline.returns.guard import read_start
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.problems import not_there, unreadable
from pipeline.returns.sniff import Kind, content_kind
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import submissions_in_pieces
from pipeline.returns.submission_xml import submission_bytes
from pipeline.returns.table import read_table
from pipeline.returns.workbook import sniff_workbook, workbooks_in_pieces
from pipeline.study import Caps, Study

_SUBMISSION_NAME = ".xml"
_KIND_BYTES = 200


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
    found, broken = read_in_child(study, questionnaire, manifest_rows, (read_here,), caps=limits)
    read: Responses = found
    return replace(read, issues=join_issues([broken, read.issues]))


def read_in_child(
    study: Study,
    questionnaire: Questionnaire,
    manifest_rows: Iterable[ManifestRow],
    work: tuple[Any, ...],
    *,
    caps: Caps,
) -> tuple[Any, pd.DataFrame]:
    """Read in a process of its own, again without each file that ends it.

    Args:
        study: the study folder.
        questionnaire: the form.
        manifest_rows: rows of the manifest; those of other forms are passed over.
        work: a function of study, questionnaire, rows and caps, and its further arguments.
        caps: what a file may hold at most, and reading may take.

    Returns:
        What the function gives, and an issue for each file that was left out.
    """
    broken = dict[str, Issue]()
    rows = tuple(row for row in manifest_rows if row.form == questionnaire.form_id)
    function, *further = work
    while True:
        left = tuple(row for row in rows if row.source_file not in broken)
        try:
            read = in_child(function, study, questionnaire, left, caps, *further, caps=caps)
        except ChildError as error:
            if not error.file or error.file in broken:
                raise SurveyError(error.problems) from None
            broken[error.file] = unreadable(error.file, SurveyError(error.problems))
        else:
            return read, issues_frame(broken[file] for file in sorted(broken))


def read_here(
    study: Study, questionnaire: Questionnaire, manifest_rows: Iterable[ManifestRow], caps: Caps
) -> Responses:
    """`read_form` in this process, whatever a file may do to it."""
    unread = list[Issue]()
    rows = tuple(manifest_rows)
    pieces = in_pieces(study, questionnaire, rows, caps, size=len(rows) + 1, unread=unread)
    read = concat_responses(list(pieces))
    return replace(read, issues=join_issues([issues_frame(unread), read.issues]))


def in_pieces(
    study: Study,
    questionnaire: Questionnaire,
    manifest_rows: Iterable[ManifestRow],
    caps: Caps,
    *,
    size: int,
    unread: list[Issue],
) -> Iterator[Responses]:
    """Read every received file of a form, piece by piece.

    Args:
        study: the study folder.
        questionnaire: the form.
        manifest_rows: rows of the manifest; those of other forms are passed over.
        caps: what a file may hold at most.
        size: how many workbooks or submissions make a piece; a table is one by itself.
        unread: gets an issue for each file that cannot be read.

    Returns:
        Pieces in the order of `read_form`; a workbook that is called .xml, which only reading it
        shows, comes after the submissions.
    """
    rows = sorted(
        (row for row in manifest_rows if row.form == questionnaire.form_id),
        key=lambda row: (row.sha256, row.file),
    )
    by_kind: dict[Kind, list[SourceFile]] = {kind: [] for kind in Kind}
    raw = f"{study.raw}{os.sep}"
    versions = dict[str, str]()

    def sort(source: SourceFile) -> None:
        begin(source.source_file)
        try:
            by_kind[_reader_of(source, versions[source.source_file])].append(source)
        except SurveyError as error:
            unread.append(unreadable(source.source_file, error))

    for row in rows:
        source = SourceFile(raw + row.file, row.source_file, row.sha256, row.received_at)
        versions[source.source_file] = row.version
        if row.file.endswith(_SUBMISSION_NAME):
            by_kind[Kind.SUBMISSION].append(source)
        else:
            sort(source)
    if workbooks := by_kind[Kind.WORKBOOK]:
        yield from workbooks_in_pieces(workbooks, questionnaire, caps=caps, size=size)
        by_kind[Kind.WORKBOOK] = []
    others = list[SourceFile]()
    yield from submissions_in_pieces(
        by_kind[Kind.SUBMISSION],
        questionnaire,
        caps=caps,
        size=size,
        content_of=partial(_content_of, others=others),
    )
    for source in others:
        sort(source)
    if workbooks := by_kind[Kind.WORKBOOK]:
        yield from workbooks_in_pieces(workbooks, questionnaire, caps=caps, size=size)
    for source in by_kind[Kind.TABLE]:
        begin(source.source_file)
        try:
            key = study.settings.response_key
            yield read_table(source, questionnaire, response_key=key, caps=caps)
        except SurveyError as error:
            unread.append(unreadable(source.source_file, error))


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
