"""Returned Excel forms as `Responses`, by the keys inside them and never by position.

Sheets may be renamed or reordered, rows hidden or put in, columns moved or widened: what a cell
answers is written beside it (`pipeline.forms.excel_keys`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.forms.excel_keys import TABLE_LAYOUT, FormMark
from pipeline.forms.excel_layout import is_asked
from pipeline.questionnaire.definition import definition_hash
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, IssueSeverity, Mode, Responses, issues_frame
from pipeline.returns.child_side import begin
from pipeline.returns.guard import CAPS
from pipeline.returns.problems import refused
from pipeline.returns.source import TEXT, SourceFile, key_frame, text_series
from pipeline.returns.versions import is_known_version
from pipeline.returns.workbook_answers import read_answers
from pipeline.returns.workbook_cells import Answers
from pipeline.returns.workbook_fields import FieldFinder, Headings, find_headings
from pipeline.returns.workbook_file import AnswerSheet, ReturnedWorkbook, open_workbook
from pipeline.returns.workbook_problems import EMPTY_FORM_REPAIR
from pipeline.returns.workbook_rows import read_rows
from pipeline.settings import Caps

_ID_DIGITS = 16


def sniff_workbook(path: Path, *, caps: Caps = CAPS) -> FormMark | None:
    """Which form a workbook is; None where it is none of our Excel forms.

    Raises:
        SurveyError: GUARD-0xx or READ-005, the file is dangerous or cannot be opened.
    """
    return open_workbook(path, shown=path.name, caps=caps).first_mark()


def read_workbook(
    path: Path,
    questionnaire: Questionnaire,
    *,
    response_id: str,
    source_file: str,
    received_at: str,
    caps: Caps = CAPS,
) -> Responses:
    """Read one returned Excel form.

    Args:
        path: the file.
        questionnaire: the form that it is.
        response_id: the key of the response.
        source_file: the file's name in issues and keys.
        received_at: UTC, `2011-09-02T08:15:00Z`.
        caps: what the file may hold at most.

    Returns:
        One row in `main`. Answers are text as they came; a label that is in its list is the
        choice's name, any other stays what it is. A form of another version keeps the questions
        that it holds under its own names.

    Raises:
        SurveyError: GUARD-0xx or READ-0xx, the file is set aside whole.
    """
    reading = _Reading(questionnaire)
    reading.add(path, response_id, source_file, received_at, caps)
    return reading.responses()


def read_workbooks(
    files: Sequence[SourceFile], questionnaire: Questionnaire, *, caps: Caps = CAPS
) -> Responses:
    """Read many returned Excel forms into one frame, in the order given.

    A response's id is the first 16 digits of its file's hash. A file that cannot be read is one
    issue, `unreadable_file`, and stops nothing.
    """
    (read,) = workbooks_in_pieces(files, questionnaire, caps=caps, size=len(files) + 1)
    return read


def workbooks_in_pieces(
    files: Sequence[SourceFile], questionnaire: Questionnaire, *, caps: Caps = CAPS, size: int
) -> Iterator[Responses]:
    """Read returned Excel forms, so many at a time.

    Returns:
        As `read_workbooks`, piece by piece; the last has the issues of them all.
    """
    reading = _Reading(questionnaire)
    for file in files:
        begin(file.source_file)
        try:
            reading.add(
                Path(file.path), file.sha256[:_ID_DIGITS], file.source_file, file.received_at, caps
            )
        except SurveyError as error:
            reading.set_aside(file, error)
        if len(reading.read) >= size:
            yield reading.piece()
    yield reading.responses()


@dataclass
class _Reading:
    """The workbooks read so far."""

    questionnaire: Questionnaire
    marks: list[FormMark] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    read: list[Answers] = field(default_factory=list)
    unread: list[Issue] = field(default_factory=list)
    told: list[Issue] = field(default_factory=list)
    finders: dict[tuple[str, str], FieldFinder] = field(default_factory=dict)

    @cached_property
    def definition(self) -> str:
        """Hash of the present definition."""
        return definition_hash(self.questionnaire)

    @cached_property
    def asked(self) -> dict[str | None, tuple[str, ...]]:
        """Repeat (None outside) -> the questions that an Excel form asks."""
        return {
            repeat: tuple(
                item.name for item in self.questionnaire.answered(repeat) if is_asked(item.question)
            )
            for repeat in (None, *self.questionnaire.repeats)
        }

    def add(
        self, path: Path, response_id: str, source_file: str, received_at: str, caps: Caps
    ) -> None:
        """Read one more workbook."""
        book = open_workbook(path, shown=source_file, caps=caps)
        sheets = book.answer_sheets
        mark = _mark_of(sheets, self.questionnaire.form_id, source_file)
        headed = _headed(sheets, source_file)
        finder = self._finder(book, mark)
        if mark.layout == TABLE_LAYOUT:
            rows = read_rows(book, headed, finder, response_id=response_id)
            found = [(row.answers, replace(mark, serial=row.serial)) for row in rows]
        else:
            found = [(read_answers(book, headed, finder, response_id=response_id), mark)]
        for answers, own in found:
            if answers is found[0][0]:
                self._check_keys(answers, mark)
            self.marks.append(own)
            self.received.append(received_at)
            self.read.append(answers)

    def set_aside(self, file: SourceFile, error: SurveyError) -> None:
        """Note that a file could not be read, with the reasons."""
        for problem in error.problems:
            self.unread.append(
                Issue(
                    response_id=None,
                    question=None,
                    code="unreadable_file",
                    rule=problem.code,
                    stage="returns",
                    source_file=file.source_file,
                    source_place=problem.place.cell or "",
                    message=f"{problem.message} {problem.repair}",
                )
            )

    def piece(self) -> Responses:
        """What was read since the last piece, without issues; the next piece begins."""
        found = self._frames()
        self.told += (issue for answers in self.read for issue in answers.issues)
        self.marks, self.received, self.read = [], [], []
        return found

    def responses(self) -> Responses:
        """The last piece, with the issues of all."""
        found = self.piece()
        return replace(found, issues=issues_frame([*self.told, *self.unread]))

    def _frames(self) -> Responses:
        return Responses(
            form_id=self.questionnaire.form_id,
            main=self._main(),
            repeats={name: self._repeat(name) for name in self.questionnaire.repeats},
            places=self._places(),
        )

    def _finder(self, book: ReturnedWorkbook, mark: FormMark) -> FieldFinder:
        key = (mark.definition, mark.language)
        if key not in self.finders:
            lists = None if mark.definition == self.definition else book.lists()
            self.finders[key] = FieldFinder(self.questionnaire, mark.language, lists)
        return self.finders[key]

    def _check_keys(self, answers: Answers, mark: FormMark) -> None:
        if not is_known_version(self.questionnaire, mark.version):
            answers.note(
                "unknown_version",
                "This form is of a version that is not known.",
                severity=IssueSeverity.WARNING,
            )
        if not any(answers.names.values()):
            raise _destroyed(answers.source_file)
        if mark.definition != self.definition:
            return
        for repeat, names in self.asked.items():
            there = answers.names.get(repeat, frozenset())
            for name in names:
                if name not in there:
                    answers.note(
                        "key_missing",
                        "The line or column of this question is no longer in the form.",
                        question=name,
                    )

    def _main(self) -> pd.DataFrame:
        records = [answers.main for answers in self.read]
        keys = key_frame(
            response_id=text_series([answers.response_id for answers in self.read]),
            form_id=self.questionnaire.form_id,
            form_version=text_series([mark.version or None for mark in self.marks]),
            mode=Mode.EXCEL,
            source_file=text_series([answers.source_file for answers in self.read]),
            source_row=pd.Series(pd.array([answers.row for answers in self.read], dtype="Int64")),
            received_at=text_series(self.received),
        ).assign(
            language=text_series([mark.language for mark in self.marks]),
            serial=text_series([mark.serial or None for mark in self.marks]),
        )
        columns = {
            name: text_series([record.get(name) for record in records])
            for name in self._columns(None, records)
        }
        return keys.assign(**columns)

    def _columns(self, repeat: str | None, records: Sequence[dict[str, str]]) -> dict[str, None]:
        names = dict.fromkeys(item.name for item in self.questionnaire.answered(repeat))
        if len(self.finders) > 1 or any(finder.lists for finder in self.finders.values()):
            names |= dict.fromkeys(name for record in records for name in record)
        return names

    def _repeat(self, name: str) -> pd.DataFrame:
        rows = [
            (answers.response_id, position, parent, answers, record)
            for answers in self.read
            for position, parent, record in answers.repeats[name]
        ]
        records = [row[4] for row in rows]
        return pd.DataFrame(
            {
                "response_id": text_series([row[0] for row in rows]),
                "position": pd.array([row[1] for row in rows], dtype="Int64"),
                "parent_position": pd.array([row[2] for row in rows], dtype="Int64"),
                "source_file": text_series([row[3].source_file for row in rows]),
                "source_row": pd.array([row[3].row for row in rows], dtype="Int64"),
                **{
                    question: text_series([record.get(question) for record in records])
                    for question in self._columns(name, records)
                },
            }
        )

    def _places(self) -> pd.DataFrame:
        ids = [answers.response_id for answers in self.read for _ in answers.places]
        places = [place for answers in self.read for place in answers.places]
        return pd.DataFrame(
            {
                "response_id": pd.array(ids, dtype=TEXT),
                "question": pd.array([place[0] for place in places], dtype=TEXT),
                "position": pd.array([place[1] for place in places], dtype="Int64"),
                "place": pd.array([place[2] for place in places], dtype=TEXT),
            }
        )


def _mark_of(sheets: Sequence[AnswerSheet], form_id: str, shown: str) -> FormMark:
    if not sheets:
        raise refused(
            "READ-001",
            "This workbook is not one of our Excel forms: its hidden mark is not there.",
            "Send the form itself; answers copied elsewhere go back into a new copy of the form.",
            file=shown,
        )
    mark = sheets[0].mark
    if mark.form_id != form_id or any(sheet.mark.form_id != form_id for sheet in sheets):
        raise refused(
            "READ-004",
            "This workbook is another form, or sheets of two forms were put together.",
            "Send each form as a file of its own.",
            file=shown,
        )
    return mark


def _headed(sheets: Sequence[AnswerSheet], shown: str) -> list[tuple[AnswerSheet, Headings]]:
    headed = [(sheet, find_headings(sheet.rows)) for sheet in sheets]
    found = [(sheet, headings) for sheet, headings in headed if headings is not None]
    if not any(
        not sheet.mark.table and (at.answers is not None or at.serials is not None)
        for sheet, at in found
    ):
        raise _destroyed(shown)
    tables = [sheet.mark.table for sheet, _ in found]
    if len(set(tables)) != len(tables):
        raise refused(
            "READ-003",
            "A sheet of this form stands in it twice.",
            "Delete the sheet that does not count, save and send the form again.",
            file=shown,
        )
    return found


def _destroyed(shown: str) -> SurveyError:
    return refused(
        "READ-002",
        "The hidden keys that say which question each cell answers are no longer in this form.",
        EMPTY_FORM_REPAIR,
        file=shown,
    )
