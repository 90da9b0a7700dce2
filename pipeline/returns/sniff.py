"""What a returned file is, by its content: the name is not believed."""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import cast

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.audit_log import is_audit_log
from pipeline.returns.child import ChildError, in_child
from pipeline.returns.child_side import begin
from pipeline.returns.foreign import foreign_reason
from pipeline.returns.guard import CAPS, OLE, ZIP, guard_workbook, read_regular
from pipeline.returns.headings import is_platform, match_headings
from pipeline.returns.query_cells import ReturnedQueries
from pipeline.returns.query_workbook import answers_said, sniff_query_workbook
from pipeline.returns.recoding import Mark, mark_of
from pipeline.returns.sheets import Sheet, csv_headings, read_csv, read_xlsx, xlsx_headings
from pipeline.returns.submission_xml import local_name, parse_xml, submission_parser
from pipeline.returns.versions import is_known_version
from pipeline.returns.workbook import sniff_workbook
from pipeline.settings import Caps

LEAST_SHARE = 0.5
"""Share of a table's headings that must be the form's own before it is taken for the form's."""

_FORM_COLUMNS = ("_xform_id_string", "form_id")
_QUESTION_COLUMNS = frozenset({"questions", "question", "variable", "question.name", "column"})
_CORRECTION_COLUMNS = frozenset({"change_type", "new_value"})
_TRUTH_COLUMNS = frozenset({"file", "response_key", "planted", "code", "reported_by"})
_KEY_COLUMNS = frozenset({"response_id", "uuid", "_uuid", "x_uuid", "X_uuid", "KEY"})


_TRUTH = (
    "It says which errors survey simulate planted in the files beside it; nobody sent it. "
    "Nothing is to be done: keep it to compare what is found."
)


class Kind(StrEnum):
    """What a file is."""

    WORKBOOK = "workbook"
    SUBMISSION = "submission"
    TABLE = "table"
    CORRECTIONS = "corrections"
    RECODING = "recoding"
    AUDIT = "audit"
    TRUTH = "truth"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file was found to be.

    Attributes:
        form: form_id, empty for audit and correction logs, recoding workbooks and what is not
            recognised.
        version: of the form that it was filled in on; empty where it names none.
        reason: why it is not recognised, or how a table was matched; a sentence or two.
    """

    kind: Kind
    form: str = ""
    version: str = ""
    reason: str = ""


def content_kind(start: bytes) -> Kind:
    """The reader that a file's first bytes ask for; a workbook may still prove to be a table."""
    if start.startswith((ZIP, OLE)):
        return Kind.WORKBOOK
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return Kind.SUBMISSION if text.startswith(b"<") else Kind.TABLE


def sniff(
    path: Path,
    questionnaires: Mapping[str, Questionnaire],
    *,
    form: str | None = None,
    response_key: str = "_uuid",
    caps: Caps = CAPS,
) -> Sniffed:
    """Say what a returned file is, and of which form.

    Args:
        path: the file.
        questionnaires: every form of the study, by form_id.
        form: the form of tables that do not say it themselves.
        response_key: the column of tables that is a response's key.
        caps: what the file may hold at most.
    """
    try:
        content = read_regular(path, limit=caps.file_bytes, shown=path.name)
        if reason := foreign_reason(content):
            return _unrecognised(reason)
        kind = content_kind(content[:200])
        if kind is Kind.WORKBOOK:
            return _sniff_workbook(path, questionnaires, form, response_key, caps)
        if kind is Kind.SUBMISSION:
            return _sniff_xml(content, questionnaires)
        headings = csv_headings(content, shown=path.name)
        if beside := _sniff_beside(headings):
            return beside
        if any(heading in _FORM_COLUMNS for heading in headings):
            form = _named_form([read_csv(content, shown=path.name)], questionnaires) or form
        return _sniff_tables([headings], questionnaires, form, response_key)
    except SurveyError as error:
        return _unrecognised(" ".join(_sentence(p.message, p.repair) for p in error.problems))


def sniff_apart(
    path: Path, packed: bytes, *, form: str | None, response_key: str, caps: Caps
) -> Sniffed:
    """`sniff` in a process of its own; a file that ends it is not recognised, with the reason.

    Args:
        path: the file.
        packed: the questionnaires, as `pack` made them, once for many files.
        form: as for `sniff`.
        response_key: as for `sniff`.
        caps: what the file may hold, and what reading it may take.
    """
    try:
        return cast(
            "Sniffed",
            in_child(_sniff_here, path, packed, form, response_key, caps, caps=caps),
        )
    except ChildError as error:
        return _unrecognised(" ".join(_sentence(p.message, p.repair) for p in error.problems))


def pack(questionnaires: Mapping[str, Questionnaire]) -> bytes:
    """Questionnaires on their way to `sniff_apart`."""
    return pickle.dumps(dict(questionnaires))


@lru_cache(maxsize=1)
def _unpack(packed: bytes) -> dict[str, Questionnaire]:
    return cast("dict[str, Questionnaire]", pickle.loads(packed))  # noqa: S301 - our own, see `pack`


def _sniff_here(
    path: Path, packed: bytes, form: str | None, response_key: str, caps: Caps
) -> Sniffed:
    begin(path.name)
    return sniff(path, _unpack(packed), form=form, response_key=response_key, caps=caps)


def _sniff_workbook(
    path: Path,
    questionnaires: Mapping[str, Questionnaire],
    form: str | None,
    response_key: str,
    caps: Caps,
) -> Sniffed:
    if mark := sniff_workbook(path, caps=caps):
        return _of_form(Kind.WORKBOOK, mark.form_id, mark.version, questionnaires)
    if asked := sniff_query_workbook(path, caps=caps):
        return _sniff_queries(asked)
    content = guard_workbook(path, caps)
    sheets = xlsx_headings(content)
    first = [headings[0] for headings in sheets.values() if headings]
    if marks := [found for cell in first if (found := mark_of(cell))]:
        return _sniff_recoding(marks[0], questionnaires)
    if {"survey", "choices"} <= sheets.keys() and "type" in sheets["survey"]:
        return _unrecognised("This is an XLSForm, not a return. Use: survey import-form.")
    if any(heading in _FORM_COLUMNS for headings in sheets.values() for heading in headings):
        form = _named_form(read_xlsx(content, shown=path.name, caps=caps), questionnaires) or form
    return _sniff_tables(list(sheets.values()), questionnaires, form, response_key)


def _sniff_recoding(mark: Mark, questionnaires: Mapping[str, Questionnaire]) -> Sniffed:
    if mark.form_id not in questionnaires:
        return _of_form(Kind.RECODING, mark.form_id, "", questionnaires)
    about = f"Decisions about {mark.form_id} ({mark.work}{' ' * bool(mark.coder)}{mark.coder})."
    return Sniffed(Kind.RECODING, version=mark.version, reason=about)


def _sniff_queries(asked: ReturnedQueries) -> Sniffed:
    if not asked.queries:
        return _unrecognised(
            "This is a workbook of queries, but its hidden keys were altered or are gone. "
            "Copy the answers into a new one from outputs/queries/ and receive that."
        )
    return Sniffed(Kind.CORRECTIONS, reason=answers_said(asked))


def _sniff_beside(headings: Sequence[str]) -> Sniffed | None:
    """What lies beside returns and is none: an audit log, a truth file."""
    if is_audit_log(headings):
        return Sniffed(Kind.AUDIT, reason="An audit log, for the submission of its folder.")
    if set(headings) >= _TRUTH_COLUMNS:
        return Sniffed(Kind.TRUTH, reason=_TRUTH)
    return None


def _named_form(sheets: Iterable[Sheet], questionnaires: Mapping[str, Questionnaire]) -> str | None:
    """The one form that the rows of a table name, if it is one of ours."""
    named = set[str]()
    for sheet in sheets:
        for number, heading in enumerate(sheet.headings):
            if heading in _FORM_COLUMNS:
                named |= set(sheet.cells[number].dropna().unique())
    return named.pop() if len(named) == 1 and named <= questionnaires.keys() else None


def _sniff_xml(content: bytes, questionnaires: Mapping[str, Questionnaire]) -> Sniffed:
    root = parse_xml(content, submission_parser(), shown="")
    if local_name(root) == "html":
        return _unrecognised("This is a blank form, not a filled-in one. Send the submission.")
    form_id = root.get("id") or ""
    if not form_id:
        return _unrecognised("This XML names no form, so it is no ODK submission.")
    return _of_form(Kind.SUBMISSION, form_id, root.get("version") or "", questionnaires)


def _of_form(
    kind: Kind, form_id: str, version: str, questionnaires: Mapping[str, Questionnaire]
) -> Sniffed:
    questionnaire = questionnaires.get(form_id)
    if questionnaire is None:
        return _unrecognised(
            "It belongs to a form that has no questionnaire in instruments/. "
            "Add the questionnaire, then receive the file again."
        )
    if not is_known_version(questionnaire, version):
        return _unrecognised(
            f"It was filled in on a version of {form_id} that is not known. "
            "Name that version under changes: in the questionnaire, then receive the file again."
        )
    return Sniffed(kind, form_id, version)


def _sniff_tables(
    tables: Sequence[Sequence[str]],
    questionnaires: Mapping[str, Questionnaire],
    form: str | None,
    response_key: str,
) -> Sniffed:
    if any(is_correction_log(headings, response_key) for headings in tables):
        return Sniffed(Kind.CORRECTIONS)
    if form is not None:
        return _given_form(tables, questionnaires, form)
    fitting = {
        form_id: fit
        for form_id, questionnaire in questionnaires.items()
        if (fit := max((_fit(headings, questionnaire) for headings in tables), default=(0, 0)))
        and fit[0] >= max(1, LEAST_SHARE * fit[1])
    }
    if len(fitting) == 1:
        [(form_id, (known, all_))] = fitting.items()
        matched = f"Matched by its columns: {known} of {all_} are questions of {form_id}."
        return Sniffed(Kind.TABLE, form_id, reason=matched)
    if fitting:
        names = ", ".join(sorted(fitting))
        return _unrecognised(f"Its columns fit several forms: {names}. Name one with --form.")
    return _unrecognised(
        "Its headings are not the question names of any form. "
        "Export it with question names (XML values) as headings, or name its form with --form."
    )


def is_correction_log(headings: Iterable[str], response_key: str = "_uuid") -> bool:
    """Whether a table is a correction log, by the humanitarian cleaning log's own columns."""
    there = {heading.strip() for heading in headings}
    keyed = bool(there & (_KEY_COLUMNS | {response_key}))
    return keyed and there >= _CORRECTION_COLUMNS and bool(there & _QUESTION_COLUMNS)


def _given_form(
    tables: Sequence[Sequence[str]], questionnaires: Mapping[str, Questionnaire], form: str
) -> Sniffed:
    questionnaire = questionnaires.get(form)
    if questionnaire is None:
        return _of_form(Kind.TABLE, form, "", questionnaires)
    known, all_ = max((_fit(headings, questionnaire) for headings in tables), default=(0, 0))
    if not known:
        return _unrecognised(
            f"No heading of it is the name of a question of {form}. "
            "Export it with question names (XML values) as headings."
        )
    return Sniffed(
        Kind.TABLE, form, reason=f"Its form was given: {known} of {all_} columns are its questions."
    )


def _fit(headings: Sequence[str], questionnaire: Questionnaire) -> tuple[int, int]:
    """How many headings are the form's, in the table or repeat that fits best, and of how many."""
    asked = [heading for heading in headings if heading and not is_platform(heading)]
    matched = [
        match_headings(questionnaire, asked, repeat) for repeat in (None, *questionnaire.repeats)
    ]
    known = max(len(columns.questions) + len(columns.choices) for columns in matched)
    return known, len(asked)


def _unrecognised(reason: str) -> Sniffed:
    return Sniffed(Kind.UNRECOGNISED, reason=reason)


def _sentence(message: str, repair: str) -> str:
    return f"{message} {repair}".strip()
