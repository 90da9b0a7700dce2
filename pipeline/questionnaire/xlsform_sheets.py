"""The sheets of an XLSForm as pyxform reads them: any file type, any spelling of a heading."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pyxform import aliases, constants
from pyxform.errors import PyXFormError
from pyxform.parsing.sheet_headers import dealias_and_group_headers
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.survey import Survey
from pyxform.validators.pyxform.sheet_misspellings import find_sheet_misspellings
from pyxform.xls2json_backends import DefinitionData, get_xlsform

from pipeline.errors import Place, Problem, Severity, SurveyError

Tokens = tuple[str, ...]
"""A heading in parts, aliases resolved: `relevance` is ("bind", "relevant")."""

FURTHER_SHEETS = ("external_choices", "entities", "osm")
"""Sheets that are carried as they are."""

_MAGIC = ((b"PK\x03\x04", ".xlsx"), (b"\xd0\xcf\x11\xe0", ".xls"))
_PYXFORM_ERRORS = (PyXFormError, AttributeError, KeyError, TypeError, ValueError, IndexError)


@dataclass(frozen=True)
class SheetRow:
    """One row: its number as the sheet shows it, and its cells by their heading's tokens."""

    number: int
    cells: Mapping[Tokens, str]

    def get(self, *tokens: str) -> str | None:
        """The cell under a heading, if it is filled."""
        return self.cells.get(tokens)


@dataclass(frozen=True)
class Sheets:
    """An XLSForm's sheets.

    Attributes:
        survey, choices, settings: rows that hold something.
        headings: tokens of every heading of survey and choices, in order.
        further: other sheets of XLSForm, cells by heading as written.
        file_name: the file's name; without its ending it is the form_id of a form that has none.
        problems: sheets that are not part of an XLSForm.
    """

    survey: tuple[SheetRow, ...]
    choices: tuple[SheetRow, ...]
    settings: tuple[SheetRow, ...]
    headings: tuple[Tokens, ...]
    further: Mapping[str, tuple[dict[str, str], ...]]
    file_name: str
    problems: tuple[Problem, ...]


def read_sheets(path: Path) -> Sheets:
    """Read an XLSForm's sheets from XLSX, XLS, CSV or Markdown.

    Raises:
        SurveyError: IMPORT-001, in pyxform's words, when the file or a heading cannot be read.
    """
    try:
        return _sheets(_definition(path), path)
    except OSError as error:
        raise _unreadable(path, "there is no such file, or it is locked") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "its text is not in UTF-8") from error
    except _PYXFORM_ERRORS as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, reason: str) -> SurveyError:
    return SurveyError(
        [
            Problem(
                "IMPORT-001",
                f"The form cannot be read: {reason.rstrip('.')}.",
                "Open it in a spreadsheet, mend that, and save it as XLSX.",
                Place(file=path.as_posix()),
            )
        ]
    )


def _definition(path: Path) -> DefinitionData:
    """What pyxform reads; the content decides what the file is, since some `.xlsx` are `.xls`."""
    data = path.read_bytes()
    by_content = next((ending for magic, ending in _MAGIC if data.startswith(magic)), None)
    by_name = path.suffix.lower()
    known = by_name if by_name in {".csv", ".md"} else None
    if by_content is None and known is None:
        raise PyXFormError("it is no workbook, and its name ends in neither .csv nor .md")
    if known:
        data = data.removeprefix(codecs.BOM_UTF8)  # Excel's "CSV UTF-8" begins with it
    definition = _read(data, by_content or known)
    if not definition.survey:
        misspelt = find_sheet_misspellings(key="survey", keys=definition.sheet_names or [])
        raise PyXFormError(f"it has no sheet 'survey'. {misspelt or ''}".strip())
    return definition


def _read(data: bytes, ending: str | None) -> DefinitionData:
    """The definition; whatever pyxform's readers make of a damaged file, it is damaged."""
    try:
        return get_xlsform(BytesIO(data), file_type=ending)
    except (TypeError, PyXFormError) as error:
        # pyxform takes the headings of any other CSV for sheets, or the file for none of its kinds.
        if isinstance(error, PyXFormError) and "'definition'" not in str(error):
            raise
        raise PyXFormError("it is a table without the sheets of an XLSForm") from error
    except (OSError, UnicodeDecodeError, MemoryError, *_PYXFORM_ERRORS):
        raise
    except Exception as error:
        raise PyXFormError("it is damaged") from error


def _sheets(definition: DefinitionData, path: Path) -> Sheets:
    _leave_one_form_id(definition)
    settings, _ = _rows(
        definition.settings,
        definition.settings_header,
        sheet_name=constants.SETTINGS,
        header_aliases=aliases.settings_header,
        header_columns=set(Survey.get_slot_names()),
    )
    first = settings[0] if settings else SheetRow(2, {})
    grouped = {"default_language": first.get("default_language") or "default"}
    survey, survey_headings = _rows(
        definition.survey,
        definition.survey_header,
        sheet_name=constants.SURVEY,
        header_aliases=aliases.survey_header,
        header_columns=set(MultipleChoiceQuestion.get_slot_names()),
        headers_required={constants.TYPE},
        strip_whitespace=aliases.yes_no.get(first.get("clean_text_values") or "yes", True),
        **grouped,
    )
    choices, choices_headings = _rows(
        definition.choices,
        definition.choices_header,
        sheet_name=constants.CHOICES,
        header_aliases=aliases.list_header,
        header_columns=set(Option.get_slot_names()),
        headers_required={constants.NAME},
        **grouped,
    )
    return Sheets(
        survey=survey,
        choices=choices,
        settings=settings,
        headings=(*survey_headings, *choices_headings),
        further={name: rows for name in FURTHER_SHEETS if (rows := _as_they_are(definition, name))},
        file_name=path.name,
        problems=tuple(_other_sheets(definition, path)),
    )


def _leave_one_form_id(definition: DefinitionData) -> None:
    """Where settings have both spellings, form_id counts, as in pyxform.xls2json."""
    for row in (*(definition.settings_header or ())[:1], *(definition.settings or ())):
        if "form_id" in row:
            row.pop(constants.ID_STRING, None)


def _rows(
    data: Sequence[dict[str, Any]] | None, header: Any, **options: Any
) -> tuple[tuple[SheetRow, ...], tuple[Tokens, ...]]:
    if not data:
        return (), ()
    grouped = dealias_and_group_headers(sheet_data=data, sheet_header=header or [], **options)
    rows = [
        SheetRow(number, dict(_flat(row)))
        for number, row in enumerate(grouped.data, start=2)
        if row
    ]
    return tuple(rows), grouped.headers


def _flat(nested: Mapping[str, Any], above: Tokens = ()) -> list[tuple[Tokens, str]]:
    flat: list[tuple[Tokens, str]] = []
    for key, value in nested.items():
        tokens = (*above, str(key))
        if isinstance(value, Mapping):
            flat += _flat(value, tokens)
        elif value is not None and str(value):
            flat.append((tokens, str(value)))
    return flat


def _as_they_are(definition: DefinitionData, name: str) -> tuple[dict[str, str], ...]:
    rows = getattr(definition, name) or []
    kept = ({str(key): str(cell) for key, cell in row.items() if cell} for row in rows)
    return tuple(row for row in kept if row)


def _other_sheets(definition: DefinitionData, path: Path) -> list[Problem]:
    names = definition.sheet_names or []
    if len(names) == 1:  # pyxform takes the only sheet for the survey, whatever its name
        return []
    others = [name for name in names if name.lower() not in constants.SUPPORTED_SHEET_NAMES]
    missing = [
        name for name in ("choices", "settings", "entities") if not getattr(definition, name)
    ]
    problems = []
    for other in others:
        if other.startswith("_"):  # XLSForm's own way of setting a sheet aside
            continue
        meant = [name for name in missing if find_sheet_misspellings(key=name, keys=[other])]
        repair = f"Did you mean to name it '{meant[0]}'?" if meant else "Nothing, if that is meant."
        problems.append(
            Problem(
                "IMPORT-002",
                f"The sheet '{other}' is not part of an XLSForm and is left out.",
                repair,
                Place(file=path.as_posix(), cell=f"{other}!A1"),
                Severity.WARNING,
            )
        )
    return problems
