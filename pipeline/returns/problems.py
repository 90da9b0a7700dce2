"""The problems of this room: a code each, with its title; and the codes of its issues."""

from pipeline.errors import Place, Problem, SurveyError
from pipeline.responses import Action, Issue, IssueSeverity

CODES: dict[str, str] = {
    "GUARD-001": "Not a regular file",
    "GUARD-002": "Too large",
    "GUARD-003": "Not a readable workbook",
    "GUARD-004": "Protected by a password",
    "GUARD-005": "Unpacks to more than it should",
    "GUARD-006": "Strange parts inside the workbook",
    "GUARD-007": "Cells too far out",
    "GUARD-008": "A document type declaration",
    "GUARD-009": "Ends the program that reads it",
    "GUARD-010": "Takes too long to read",
    "GUARD-011": "Takes too much memory to read",
    "GUARD-012": "Cannot be read, by a defect of ours",
    "ODK-001": "No RSA private key",
    "ODK-002": "No manifest of an encrypted submission",
    "ODK-003": "Encrypted for another key",
    "ODK-004": "Altered or incomplete",
    "RAW-001": "MANIFEST.csv cannot be read",
    "RAW-002": "Altered after it was received",
    "RAW-003": "Missing from raw/",
    "RAW-004": "Not listed in MANIFEST.csv",
    "RAW-005": "Cannot write into raw/",
    "RAW-006": "No such questionnaire",
    "RAW-007": "A form called like a folder of raw/",
    "REG-001": "The register of assignments cannot be read",
    "REG-002": "A column of assignments that means nothing",
    "REG-003": "Not in the sampling frame",
    "REG-004": "Not a due date",
    "REG-005": "No such language of the form",
    "REG-006": "The assignments cannot be read",
    "TABLE-001": "Not UTF-8",
    "TABLE-002": "Rows of different length",
    "TABLE-003": "No heading",
    "TABLE-004": "No table for this questionnaire",
    "TABLE-005": "Too many columns, or an answer too long",
    "XML-001": "Not well-formed XML",
    "XML-002": "Not a submission",
    "XML-003": "Encrypted by ODK",
}

ISSUE_CODES: dict[str, str] = {
    "unreadable_file": "A received file could not be read",
    "absent_column": "A question has no column in the table",
    "unknown_column": "A column belongs to no question",
    "repeated_column": "Two columns belong to one question",
    "unknown_sheet": "A sheet belongs to neither the form nor one of its repeats",
    "unknown_version": "Filled in on a version of the form that is not known",
    "other_form": "Filled in on another form",
    "formula_cells": "A table holds formulas, which may never have been calculated",
    "macros": "The workbook holds macros",
    "external_link": "The workbook holds links to other files, or objects of other programs",
    "no_key": "A row without the response's key",
    "no_parent": "A row of a repeat whose response is not in the file",
    "unknown_node": "An answer to something the form does not ask",
    "answered_twice": "A question outside repeats was answered more than once",
    "not_text": "An answer that holds further elements instead of text",
    "edited": "Replaces an earlier submission",
}


def refused(
    code: str, message: str, repair: str, *, file: str, line: int | None = None, cell: str = ""
) -> SurveyError:
    """One reason why a file is not read, ready to be raised."""
    place = Place(file=file, line=line, cell=cell or None)
    return SurveyError([Problem(code, message, repair, place)])


_IN_THE_CHILD = {
    "GUARD-009": (
        "The program that reads such files broke off at this one; a sound form never does that.",
        "Open it in a spreadsheet program, delete what stands far from the form, save it anew.",
    ),
    "GUARD-010": (
        "Reading the file took longer than is allowed; it was given up.",
        "Send it in parts, or check that it is the right file; the limit is caps in study.yaml.",
    ),
    "GUARD-011": (
        "Reading the file took more memory than is allowed; it was given up.",
        "Send it in parts, or check that it is the right file; the limit is caps in study.yaml.",
    ),
    "GUARD-012": (
        "The file is so unusual that our reader failed on it.",
        "Save it anew in a spreadsheet program; and report this line, which holds no answer.",
    ),
}


def problem(code: str, *, file: str, more: str = "") -> Problem:
    """Why the child process gave up a file."""
    message, repair = _IN_THE_CHILD[code]
    return Problem(code, f"{message} ({more})" if more else message, repair, Place(file=file))


def unreadable(source_file: str, error: SurveyError) -> Issue:
    """A received file that could not be read, as an issue: it stops nothing."""
    first = error.problems[0]
    place = first.place
    where = place.cell or (f"line {place.line}" if place.line is not None else "")
    return Issue(
        response_id=None,
        question=None,
        code="unreadable_file",
        rule=first.code,
        severity=IssueSeverity.ERROR,
        action=Action.SET_ASIDE,
        stage="returns",
        source_file=source_file,
        source_place=where,
        message=f"{first.message} {first.repair}",
    )


def not_there(source_file: str) -> SurveyError:
    """A file of the manifest that cannot be opened."""
    return refused(
        "GUARD-001",
        "This cannot be opened as a file.",
        "See survey verify; bring the file back from a backup or receive it again.",
        file=source_file,
    )
