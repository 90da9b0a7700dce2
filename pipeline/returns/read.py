"""All received files of a form as one `Responses`, whatever kinds of files they are."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, Responses, concat_responses, issues_frame, join_issues
from pipeline.returns.child import ChildError, begin, in_child
from pipeline.returns.guard import read_start
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.problems import not_there, unreadable
from pipeline.returns.sniff import Kind, content_kind
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import read_submissions
from pipeline.returns.table import read_table
from pipeline.returns.workbook import read_workbooks, sniff_workbook
from pipeline.study import Caps, Study


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
    read: Responses | None = None
    broken = dict[str, Issue]()
    rows = tuple(row for row in manifest_rows if row.form == questionnaire.form_id)
    limits = caps or study.settings.caps
    while read is None:
        left = tuple(row for row in rows if row.source_file not in broken)
        try:
            read = in_child(read_here, study, questionnaire, left, limits, caps=limits)
        except ChildError as error:
            if not error.file or error.file in broken:
                raise SurveyError(error.problems) from None
            broken[error.file] = unreadable(error.file, SurveyError(error.problems))
    found = [broken[file] for file in sorted(broken)]
    return replace(read, issues=join_issues([issues_frame(found), read.issues]))


def read_here(
    study: Study, questionnaire: Questionnaire, manifest_rows: Iterable[ManifestRow], caps: Caps
) -> Responses:
    """`read_form` in this process, whatever a file may do to it."""
    rows = sorted(
        (row for row in manifest_rows if row.form == questionnaire.form_id),
        key=lambda row: (row.sha256, row.file),
    )
    by_kind: dict[Kind, list[SourceFile]] = {kind: [] for kind in Kind}
    unread, raw = list[Issue](), study.raw
    for row in rows:
        source = SourceFile(raw / row.file, row.source_file, row.sha256, row.received_at)
        begin(row.source_file)
        try:
            by_kind[_reader_of(source, row.version)].append(source)
        except SurveyError as error:
            unread.append(unreadable(source.source_file, error))
    submissions = read_submissions(by_kind[Kind.SUBMISSION], questionnaire, caps=caps)
    parts = [submissions]
    if workbooks := by_kind[Kind.WORKBOOK]:
        parts.insert(0, read_workbooks(workbooks, questionnaire, caps=caps))
    for source in by_kind[Kind.TABLE]:
        begin(source.source_file)
        try:
            key = study.settings.response_key
            parts.append(read_table(source, questionnaire, response_key=key, caps=caps))
        except SurveyError as error:
            unread.append(unreadable(source.source_file, error))
    read = concat_responses(parts)
    return replace(read, issues=join_issues([issues_frame(unread), read.issues]))


def _reader_of(source: SourceFile, version: str) -> Kind:
    """The reader for a file; a workbook that names a version is a form, any other may be a table.

    Raises:
        SurveyError: GUARD-001, the file cannot be opened.
    """
    try:
        kind = content_kind(read_start(source.path, 200))
    except OSError as error:
        raise not_there(source.source_file) from error
    if kind is Kind.WORKBOOK and not version and sniff_workbook(source.path) is None:
        return Kind.TABLE
    return kind
