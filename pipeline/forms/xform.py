"""A questionnaire as an XForm, converted by pyxform as ODK's servers do."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from pipeline.errors import Place, Problem, Severity, SurveyError
from pipeline.forms.xlsform import Row, xlsform_sheets
from pipeline.questionnaire.model import Questionnaire
from pipeline.store import write_text

CODES = {"FORM-001": "pyxform refuses the form", "FORM-002": "pyxform warns"}

_IN_ROW = re.compile(
    r"\[row : (?P<row>\d+)\] "
    r"(On the '(?P<sheet>\w+)' sheet, the '(?P<rule>[^']+)' value is invalid\. )?"
    r"(?P<words>.+)",
    re.DOTALL,
)
_REFUSALS = (PyXFormError, TypeError, ValueError, LookupError, AttributeError)


def write_xform(questionnaire: Questionnaire, path: Path) -> tuple[Problem, ...]:
    """Write the XForm; gives back pyxform's warnings.

    Raises:
        SurveyError: FORM-001, in pyxform's own words, which name sheet and row of the XLSForm.
    """
    xform, warnings = xform_text(questionnaire)
    write_text(path, xform)
    return warnings


def xform_text(questionnaire: Questionnaire) -> tuple[str, tuple[Problem, ...]]:
    """The XForm as text, and pyxform's warnings; raises as `write_xform`."""
    place = Place(file=f"{questionnaire.form_id}.xlsform.xlsx")
    try:
        result = convert(_for_pyxform(questionnaire), form_name="data")
    except _REFUSALS as error:
        raise SurveyError([_refusal(error, questionnaire, place)]) from error
    warnings = tuple(
        Problem("FORM-002", warning, "Mend it if it matters.", place, Severity.WARNING)
        for warning in result.warnings
    )
    return result.xform, warnings


def _refusal(error: Exception, questionnaire: Questionnaire, place: Place) -> Problem:
    """Words of pyxform, and the question that lies in the row which they name.

    Some forms make it raise a bare KeyError; what that names is all there is.
    """
    said = _IN_ROW.fullmatch(str(error))
    if said is None:
        return Problem("FORM-001", str(error), "Mend the questionnaire.", place)
    rows = xlsform_sheets(questionnaire).as_mapping().get(said["sheet"] or "survey", [])
    at = int(said["row"]) - 2  # the first row holds the headings
    row = rows[at] if 0 <= at < len(rows) else {}
    place = replace(place, question=row.get("name") or row.get("list_name"), rule=said["rule"])
    return Problem("FORM-001", said["words"], "Mend the questionnaire.", place)


def _for_pyxform(questionnaire: Questionnaire) -> dict[str, Any]:
    sheets = xlsform_sheets(questionnaire).as_mapping()
    headers = {f"{name}_header": [_headings(rows)] for name, rows in sheets.items()}
    return {**sheets, **headers, "sheet_names": list(sheets)}


def _headings(rows: list[Row]) -> dict[str, None]:
    return dict.fromkeys(heading for row in rows for heading in row)
