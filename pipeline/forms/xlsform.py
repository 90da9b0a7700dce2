"""A questionnaire as an XLSForm: the sheets that KoboToolbox, ODK Central and pyxform read."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_file import workbook_bytes
from pipeline.questionnaire.model import (
    ANY_LANGUAGE,
    Choice,
    Group,
    Node,
    Question,
    Questionnaire,
    Repeat,
    words,
)
from pipeline.questionnaire.or_other import fold_or_other
from pipeline.store import write_bytes

Row = dict[str, str]

_SURVEY_ORDER = (
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "default",
    "read_only",
    "trigger",
    "repeat_count",
    "appearance",
    "parameters",
)
_WIDTHS = {"type": 28, "name": 26, "relevant": 36, "constraint": 36, "list_name": 24}
_TEXT_WIDTH = 44
_OTHER_WIDTH = 16
_HEADING = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="2F5D7C")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Sheets:
    """The sheets, each a list of rows; a cell that a row lacks is empty.

    Attributes:
        further: `entities`, `external_choices`, `osm`: as they came with an imported form.
    """

    survey: list[Row]
    choices: list[Row]
    settings: list[Row]
    further: dict[str, list[Row]]

    def as_mapping(self) -> dict[str, list[Row]]:
        """Sheets by name, in XLSForm's order; an empty one is left out."""
        named = {"survey": self.survey, "choices": self.choices, "settings": self.settings}
        return {name: rows for name, rows in (named | self.further).items() if rows}


def xlsform_sheets(questionnaire: Questionnaire) -> Sheets:
    """Write the questionnaire down in XLSForm's rows.

    A number's unit has no column in XLSForm and is shown in the hint. What only the cleaning
    needs (`missing`, `exclusive`, `sensitivity`) stays in the YAML.
    """
    questionnaire = fold_or_other(questionnaire)
    return Sheets(
        survey=list(_survey_rows(questionnaire.survey, questionnaire.languages)),
        choices=[
            {"list_name": list_name, **_choice_row(choice, questionnaire.languages)}
            for list_name, choices in questionnaire.choices.items()
            for choice in choices
        ],
        settings=[_settings_row(questionnaire)],
        further={name: list(rows) for name, rows in questionnaire.sheets.items()},
    )


def write_xlsform(questionnaire: Questionnaire, path: Path) -> None:
    """Write the XLSForm as a workbook; the same questionnaire gives the same bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in xlsform_sheets(questionnaire).as_mapping().items():
        _fill(book.create_sheet(name), rows)
    write_bytes(path, workbook_bytes(book))


def _survey_rows(nodes: tuple[Node, ...], languages: Mapping[str, str]) -> Iterator[Row]:
    for node in nodes:
        if isinstance(node, Question):
            yield _question_row(node, languages)
            continue
        kind = "group" if isinstance(node, Group) else "repeat"
        yield {"type": f"begin_{kind}", **_container_row(node, languages)}
        yield from _survey_rows(node.questions, languages)
        yield {"type": f"end_{kind}"}


def _container_row(node: Group | Repeat, languages: Mapping[str, str]) -> Row:
    return _filled(
        {
            "name": node.group if isinstance(node, Group) else node.repeat,
            **_in_languages("label", node.label, languages),
            **_in_languages("hint", node.hint, languages),
            "relevant": node.relevant,
            "repeat_count": node.repeat_count if isinstance(node, Repeat) else None,
            "appearance": node.appearance,
            **_media(node.media, languages),
            **node.columns,
        }
    )


def _question_row(question: Question, languages: Mapping[str, str]) -> Row:
    return _filled(
        {
            "type": f"{question.type} or_other" if question.or_other else question.type,
            "name": question.name,
            **_in_languages("label", question.label, languages),
            **_in_languages("hint", _hint_with_unit(question, languages), languages),
            **_in_languages("guidance_hint", question.guidance_hint, languages),
            "required": _yes_or_expression(value=question.required),
            **_in_languages("required_message", question.required_message, languages),
            "relevant": question.relevant,
            "constraint": question.constraint,
            **_in_languages("constraint_message", question.constraint_message, languages),
            "calculation": question.calculation,
            "choice_filter": question.choice_filter,
            "default": question.default,
            "read_only": _yes_or_expression(value=question.read_only),
            "trigger": question.trigger,
            "appearance": question.appearance,
            "parameters": " ".join(f"{key}={value}" for key, value in question.parameters.items()),
            **_media(question.media, languages),
            **question.columns,
        }
    )


def _choice_row(choice: Choice, languages: Mapping[str, str]) -> Row:
    return _filled(
        {
            "name": choice.name,
            **_in_languages("label", choice.label, languages),
            **_media(choice.media, languages),
            **choice.columns,
        }
    )


def _settings_row(questionnaire: Questionnaire) -> Row:
    default = questionnaire.default_language
    return _filled(
        {
            "form_title": words(questionnaire.title, default),
            "form_id": questionnaire.form_id,
            "version": questionnaire.version,
            "default_language": questionnaire.languages.get(
                default, None if default == ANY_LANGUAGE else default
            ),
            **questionnaire.settings,
        }
    )


def _hint_with_unit(question: Question, languages: Mapping[str, str]) -> dict[str, str] | None:
    if question.unit is None:
        return question.hint
    hint, unit = question.hint or {}, question.unit
    return {
        code: f"{words(hint, code)} ({words(unit, code)})".strip()
        for code in (languages or {ANY_LANGUAGE: ""})
    }


def _in_languages(
    column: str, text: Mapping[str, str] | None, languages: Mapping[str, str]
) -> dict[str, str]:
    return {
        column if code == ANY_LANGUAGE else f"{column}::{languages.get(code, code)}": value
        for code, value in (text or {}).items()
    }


def _media(media: Mapping[str, Mapping[str, str]], languages: Mapping[str, str]) -> dict[str, str]:
    return {
        heading: file
        for kind, files in media.items()
        for heading, file in _in_languages(f"media::{kind}", files, languages).items()
    }


def _yes_or_expression(*, value: bool | str | None) -> str | None:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _filled(row: Mapping[str, str | None]) -> Row:
    return {heading: value for heading, value in row.items() if value}


def _fill(sheet: Worksheet, rows: list[Row]) -> None:
    headings = sorted(dict.fromkeys(heading for row in rows for heading in row), key=_order)
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    sheet.freeze_panes = "C2"
    for number, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, number)
        cell.font, cell.fill = _HEADING
        width = _TEXT_WIDTH if "label" in heading or "hint" in heading else _OTHER_WIDTH
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(heading, width)
    cells: Iterator[Any] = (cell for line in sheet.iter_rows(min_row=2) for cell in line)
    wrapped = None
    for cell in cells:
        if wrapped is None:
            cell.alignment = _WRAPPED
            wrapped = cell._style  # noqa: SLF001 - to look it up anew takes longer than the rest
        cell._style = copy(wrapped)  # noqa: SLF001 - as openpyxl itself copies a style
        # Text such as `=1+1` is text; a form's expressions never start a formula here.
        if cell.value is not None:
            cell.data_type = "s"


def _order(heading: str) -> int:
    base = heading.split("::", maxsplit=1)[0]
    return _SURVEY_ORDER.index(base) if base in _SURVEY_ORDER else len(_SURVEY_ORDER)
