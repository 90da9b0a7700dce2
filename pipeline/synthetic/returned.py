"""Answers put into the files in which they come back: exported forms, submissions, tables."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.errors import Place, SurveyError
from pipeline.forms.excel import write_excel_form
from pipeline.questionnaire.model import Questionnaire
from pipeline.store import sha256_file
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.draw import without_calculated
from pipeline.synthetic.examine import not_asked
from pipeline.synthetic.filled_submission import fill_submission
from pipeline.synthetic.filled_table import fill_table
from pipeline.synthetic.filled_workbook import fill_workbook
from pipeline.synthetic.form import Form
from pipeline.synthetic.problems import problem

_NAMESPACE = uuid.UUID("9e0f6f1c-2011-5c1e-8a6b-53594e544845")
_ID_DIGITS = 16  # of a workbook's hash, which are its response's id: pipeline.returns.workbook


class Way(StrEnum):
    """The kind of file in which a response comes back."""

    EXCEL = "excel"
    ODK = "odk"
    TABLE = "table"


def ways_of(text: str) -> tuple[Way, ...]:
    """Kinds of files out of `excel`, or `excel,odk` for both in turn.

    Raises:
        SurveyError: SYN-004, there is no such kind.
    """
    named = [part.strip() for part in text.split(",")]
    if unknown := [name for name in named if name not in set(Way)]:
        raise SurveyError(
            problem("SYN-004", f"There is no kind '{name}'.", Place(rule="--as"))
            for name in unknown
        )
    return tuple(Way(name) for name in named)


@dataclass(frozen=True)
class Returned:
    """One response that comes back.

    Attributes:
        number: of the respondent, from 1.
        way: kind of file.
        language: of the form and of open answers.
        answers: the response as it was filled in.
        instance_id: key of a submission or of a table's row.
        serial: number of the copy of the Excel form; empty for an unnumbered one.
        version: of the form, where it is not the present one.
    """

    number: int
    way: Way
    language: str
    answers: Answers
    instance_id: str
    serial: str = ""
    version: str = ""


def instance_id(form_id: str, seed: int, number: int) -> str:
    """A key that is always the same for a form, a seed and a respondent."""
    return str(uuid.uuid5(_NAMESPACE, f"{form_id}/{seed}/{number}"))


@dataclass
class Writer:
    """Writes responses to one form; each blank form is exported once and then filled in.

    Attributes:
        questionnaire: the form.
        blank_forms: a folder for the exported forms.
        folder: where the filled-in files go.
        date_role: the question that holds the day of the interview, as study.yaml names it.
    """

    questionnaire: Questionnaire
    blank_forms: Path
    folder: Path
    date_role: str | None = None
    templates: dict[tuple[str, str, str], Path] = field(default_factory=dict)

    def write(self, returned: Returned, *, mark: str = "") -> tuple[Path, str]:
        """Write one response as a workbook or submission.

        Returns:
            The file, and the `response_id` under which it will be read.
        """
        ending = "xlsx" if returned.way is Way.EXCEL else "xml"
        path = self.folder / f"{self.stem}-{returned.number:03}{mark}.{ending}"
        if returned.way is Way.EXCEL:
            answers = without_calculated(self.questionnaire, returned.answers)
            fill_workbook(self._blank_form(returned), answers, path)
            return path, sha256_file(path)[:_ID_DIGITS]
        fill_submission(
            self._edition(returned.version),
            returned.answers,
            instance_id=returned.instance_id,
            target=path,
            not_asked=not_asked(
                Form(self.questionnaire, date_role=self.date_role), returned.answers
            ),
        )
        return path, returned.instance_id

    def write_table(self, responses: Sequence[Returned]) -> Path:
        """Write all responses as one exported table: a CSV, or a workbook where repeats are."""
        ending = "xlsx" if self.questionnaire.repeats else "csv"
        path = self.folder / f"{self.stem}.{ending}"
        keys = [returned.instance_id for returned in responses]
        answers = [returned.answers for returned in responses]
        fill_table(self.questionnaire, answers, path, keys=keys)
        return path

    @property
    def stem(self) -> str:
        """How every file's name begins."""
        return f"SYNTHETIC-{self.questionnaire.form_id}"

    def _edition(self, version: str) -> Questionnaire:
        changed = {"version": version} if version else {}
        return self.questionnaire.model_copy(update=changed)

    def _blank_form(self, returned: Returned) -> Path:
        key = (returned.language, returned.version, returned.serial)
        if key not in self.templates:
            path = self.blank_forms / f"{len(self.templates)}.xlsx"
            edition = self._edition(returned.version)
            write_excel_form(edition, returned.language, path, serial=returned.serial)
            self.templates[key] = path
        return self.templates[key]
