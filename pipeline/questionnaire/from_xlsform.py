"""A questionnaire out of any XLSForm; what cannot be carried is named row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import Place, Problem, Severity, SurveyError
from pipeline.questionnaire.model import ANY_LANGUAGE, Choice, Node, Questionnaire
from pipeline.questionnaire.or_other import write_out_or_other
from pipeline.questionnaire.xlsform_cells import Cells, heading, language_names
from pipeline.questionnaire.xlsform_files import read_files
from pipeline.questionnaire.xlsform_languages import language_codes
from pipeline.questionnaire.xlsform_nodes import NodeReader
from pipeline.questionnaire.xlsform_sheets import SheetRow, Sheets, read_sheets

_LIST_NAME = "list name"


def read_xlsform(path: Path, *, form_id: str | None = None) -> tuple[Questionnaire, list[Problem]]:
    """Read an XLSForm.

    Args:
        path: XLSX, XLS, CSV or Markdown.
        form_id: the form_id to give it instead of its own.

    Returns:
        The questionnaire, and warnings: rows, cells and sheets that are left out, with their
        place. Whether the questionnaire makes sense is another question: `check.check`.

    Raises:
        SurveyError: IMPORT-0xx, everything that keeps the form from being read.
    """
    sheets = read_sheets(path)
    reports = _Reports(path.as_posix(), list(sheets.problems))
    names = language_names((*sheets.survey, *sheets.choices), sheets.headings)
    codes = language_codes(names)
    cells = Cells(codes)
    choices = _choices(sheets.choices, cells, reports)
    settings = _settings(sheets, reports)
    survey = NodeReader(cells, reports.survey, choices, settings).read(sheets.survey)
    if reports.has_errors:
        raise SurveyError(reports.problems)
    questionnaire = write_out_or_other(_questionnaire(sheets, survey, choices, settings, codes))
    files, not_at_hand = read_files(questionnaire, path.parent)
    update = {"form_id": form_id or questionnaire.form_id, "files": files}
    return questionnaire.model_copy(update=update), reports.problems + not_at_hand


@dataclass
class _Reports:
    """Gathers problems with their place in the workbook."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def survey(self, code: str, message: str, repair: str, row: SheetRow, **place: str) -> None:
        self.add(code, message, repair, "survey", row, **place)

    def add(
        self,
        code: str,
        message: str,
        repair: str,
        sheet: str,
        row: SheetRow,
        *,
        heading: str | None = None,
        warning: object = None,
    ) -> None:
        place = Place(
            file=self.file,
            cell=f"{sheet}!A{row.number}",
            question=row.get("name"),
            rule=heading,
        )
        severity = Severity.WARNING if warning else Severity.ERROR
        self.problems.append(Problem(code, message, repair, place, severity))

    @property
    def has_errors(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def _choices(
    rows: Sequence[SheetRow], cells: Cells, reports: _Reports
) -> dict[str, tuple[Choice, ...]]:
    lists: dict[str, list[Choice]] = {}
    for row in rows:
        list_name, name = row.get(_LIST_NAME), row.get("name")
        if list_name is None:
            message = "The choice belongs to no list and is left out."
            repair = "Write its list's name, or delete the row."
            reports.add(
                "IMPORT-003", message, repair, "choices", row, heading="list_name", warning=True
            )
        elif name is None:
            message, repair = "The choice has no name.", "Give it the code that is to be stored."
            reports.add("IMPORT-006", message, repair, "choices", row, heading="name")
        else:
            fields = cells.fields(row, ("label", "media"), (_LIST_NAME, "name"))
            lists.setdefault(list_name, []).append(Choice(name=name, **fields))
    return {list_name: tuple(choices) for list_name, choices in lists.items()}


def _settings(sheets: Sheets, reports: _Reports) -> dict[str, str]:
    for row in sheets.settings[1:]:
        message = "Only the first row of settings counts; this one is left out."
        reports.add("IMPORT-003", message, "Delete it.", "settings", row, warning=True)
    first = sheets.settings[0].cells if sheets.settings else {}
    return {heading(tokens): value for tokens, value in first.items()}


def _questionnaire(
    sheets: Sheets,
    survey: tuple[Node, ...],
    choices: dict[str, tuple[Choice, ...]],
    settings: dict[str, str],
    codes: Mapping[str, str],
) -> Questionnaire:
    own_id = (
        settings.pop("id_string", None)
        or settings.pop("form_id", None)
        or Path(sheets.file_name).stem
    )
    default = settings.pop("default_language", ANY_LANGUAGE)
    return Questionnaire(
        form_id=own_id,
        version=settings.pop("version", ""),
        title={ANY_LANGUAGE: settings.pop("title", None) or own_id},
        default_language=codes.get(default, default),
        languages={code: name for name, code in codes.items()},
        imported_from=sheets.file_name,
        choices=choices,
        survey=survey,
        settings=settings,
        sheets=dict(sheets.further),
    )
