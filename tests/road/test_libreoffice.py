"""Every exported form, filled in with LibreOffice and saved, reads back to the same answers.

Four questionnaires in three languages; the answers are drawn, and of people who do not exist
(SYNTHETIC). They are typed through LibreOffice's own commands into protected sheets.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import KEYS, REPEAT_KEYS
from pipeline.returns.workbook import read_workbook
from pipeline.study import open_study
from pipeline.synthetic.answers import Answers, instances, text_answer
from pipeline.synthetic.draw import draw, without_calculated
from pipeline.synthetic.filled_workbook import _read_template, _Writing
from pipeline.synthetic.profile import read_profile
from pipeline.synthetic.rows import source_rows
from pipeline.workflow.questionnaires import load_questionnaires
from tests.conftest import missing
from tests.libreoffice import FILTERS
from tests.road.command import survey

pytestmark = pytest.mark.xdist_group("libreoffice")

FORMS = ("organisation_profile", "acceptance_interview", "refugee_roundtable", "activity_record")
LANGUAGES = ("en", "zh-Hant", "ja")
KINDS = ("xlsx", "xls", "ods")
DEBIANS_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("type_answers.py")


@dataclass(frozen=True)
class Filled:
    """One form, filled in and saved.

    Attributes:
        saved: kind of file -> path.
        refused: cells that a person could not have typed into.
    """

    questionnaire: Questionnaire
    answers: Answers
    cells: int
    saved: dict[str, Path]
    refused: list[list[str]]


@pytest.fixture(scope="module")
def bridge() -> Path:
    """A Python that can talk to LibreOffice: Debian's, with the package python3-uno."""
    has_uno = [DEBIANS_PYTHON, "-c", "import uno"]
    if not DEBIANS_PYTHON.exists() or subprocess.run(has_uno, check=False).returncode:
        missing("LibreOffice's bridge to Python (python3-uno)")
    return DEBIANS_PYTHON


def run(command) -> str:
    """What a command prints; whatever it started ends with it."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        said, complaint = process.communicate(timeout=240)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, complaint
    return said


@pytest.fixture(scope="module")
def filled(bridge, soffice, copied, tmp_path_factory) -> dict[tuple[str, str], Filled]:
    """All twelve forms, in one start of LibreOffice."""
    survey(copied, "export")
    folder = tmp_path_factory.mktemp("libreoffice")
    study = open_study(copied)
    work = {}
    for form_id, questionnaire in load_questionnaires(study).items():
        profile = read_profile(study, form_id)
        drawn = draw(
            questionnaire,
            len(LANGUAGES),
            2011,
            profile=profile,
            rows=source_rows(study, profile.source),
            languages=LANGUAGES,
        )
        for language, answers in zip(LANGUAGES, drawn, strict=True):
            exported = study.outputs / "forms" / form_id / f"{form_id}.{language}.xlsx"
            # LibreOffice puts lock files beside what it opens.
            form = Path(shutil.copy(exported, folder))
            given = without_calculated(questionnaire, answers)
            typed = typed_cells(form, given)
            saved = {kind: folder / f"{form_id}-{language}.{kind}" for kind in KINDS}
            work[form_id, language] = (form, typed, given, questionnaire, saved)
    plan = [
        {
            "form": str(form),
            "typed": typed,
            "saved": {FILTERS[kind].partition(":")[2]: str(saved[kind]) for kind in KINDS},
        }
        for form, typed, _, _, saved in work.values()
    ]
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    said = run([bridge, SCRIPT, soffice, folder / "profile", folder / "plan.json"])
    refused = json.loads(said)
    return {
        key: Filled(questionnaire, answers, len(typed), saved, refused[str(form)])
        for key, (form, typed, answers, questionnaire, saved) in work.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form_id", FORMS)
def test_every_answer_can_be_typed_into_the_protected_form(filled, form_id, language):
    """Each answer has an unlocked cell in sight, on a sheet that is protected."""
    form = filled[form_id, language]
    assert form.cells >= len(form.answers) > 10
    assert form.refused == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form_id", FORMS)
def test_what_was_typed_reads_back_the_same(filled, form_id, language, kind):
    """Every answer, every blank, every row of every repeat; nothing is noticed about them."""
    form = filled[form_id, language]
    read = read_workbook(
        form.saved[kind],
        form.questionnaire,
        response_id="r1",
        source_file=f"raw/{form_id}/filled.{kind}",
        received_at="2011-09-02T08:15:00Z",
    )
    (main,) = given_in(read.main, KEYS)
    assert main == texts(form.answers, form.questionnaire)
    for repeat in form.questionnaire.repeats:
        rows = [texts(row, form.questionnaire) for row in instances(form.answers, repeat)]
        assert given_in(read.repeats[repeat], REPEAT_KEYS) == rows
    assert read.issues.empty


def typed_cells(form: Path, answers: Answers) -> list[tuple[str, str, str]]:
    """Sheet, address and text of everything that has to be typed, as a drop-down would give it."""
    writing = _Writing(template := _read_template(form), {name: {} for name in template.sheets}, {})
    writing.add("", "", answers, parent="")
    names = CalamineWorkbook.from_path(form).sheet_names
    return [
        (names[int(re.sub(r"\D", "", template.sheets[table].part)) - 1], address, text)
        for table, cells in writing.values.items()
        for address, (text, _) in cells.items()
    ]


def given_in(frame, keys) -> list[dict[str, str]]:
    answers = frame.drop(columns=list(keys))
    return [answers.iloc[at].dropna().to_dict() for at in range(len(frame))]


def texts(answers: Answers, questionnaire: Questionnaire) -> dict[str, str]:
    names = [name for name in answers if name not in questionnaire.repeats]
    return {name: text for name in names if (text := text_answer(answers, name))}
