"""Every form at hand: our own questionnaires, the shared XLSForms, the real survey."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.forms.xform import xform_text
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Questionnaire
from tests.conftest import PROJECT, SHARED


@dataclass(frozen=True)
class Tried:
    """A form, read and exported once.

    Attributes:
        name: as tables show it.
        path: a YAML of ours or an XLSForm.
    """

    name: str
    path: Path

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return load(self.path) if self.is_ours else read_xlsform(self.path)[0]

    @cached_property
    def xform(self) -> str:
        return xform_text(self.questionnaire)[0]

    @property
    def is_ours(self) -> bool:
        return self.path.suffix == ".yaml"


def _found() -> list[Tried]:
    ours = sorted(path for path in (PROJECT / "instruments").glob("*.yaml") if _is_form(path))
    shared = sorted(SHARED.glob("xlsforms/*/*.xlsx"))
    forms = [Tried(path.stem, path) for path in ours]
    forms += [Tried(f"{path.parent.name}/{path.stem}", path) for path in shared]
    return forms + [
        Tried("real-survey/form", path) for path in SHARED.glob("real-survey/form.xlsx")
    ]


def _is_form(path: Path) -> bool:
    return path.stem != "study"


FORMS = _found()
OURS = [form for form in FORMS if form.is_ours]
