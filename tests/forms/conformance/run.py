"""Answer sets typed into forms by way of LibreOffice, and everything that came of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import KEYS, REPEAT_KEYS, REPEAT_SOURCES
from pipeline.returns.workbook import read_workbook
from pipeline.synthetic.answers import instances, text_answer
from tests.conformance.forms import OURS
from tests.forms.conformance.cases import Answers, Case, exported
from tests.forms.conformance.office import Job, fill_in
from tests.forms.conformance.verdicts import differences, said_by_try


@dataclass
class Outcome:
    """What one set gave.

    Attributes:
        cells: how many answers were typed.
        refused: cells that a person could not have typed into.
        rules: broken rules, as `survey try` says, by kind.
        different: place, the workbook's, `survey try`'s.
        unread: kinds of file out of which something else was read than was typed.
    """

    case: Case
    cells: int
    refused: list[tuple[str, str]]
    saved: dict[str, Path]
    rules: Counter[str] = field(default_factory=Counter)
    different: list[tuple[str, str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def type_in(
    soffice: str, cases: Sequence[Case], folder: Path, *, also: Sequence[str] = ()
) -> list[Outcome]:
    """Type every set into its form, save it as .xlsx, and look at what came of it.

    Args:
        soffice: LibreOffice.
        cases: the sets.
        folder: an empty folder to work in.
        also: further kinds of file, each saved of every so manieth round of forms.
    """
    jobs = []
    for case in cases:
        form = exported(case, folder)
        kinds = ["xlsx", *also[case.seed // len(OURS) % max(len(also), 1) :][:1]]
        saved = {kind: folder / f"{case.name}.{kind}" for kind in kinds}
        jobs.append(Job(form, case.typed(form), saved))
    refused = fill_in(soffice, jobs, folder)
    return [
        _looked_at(Outcome(case, len(job.typed), cells, job.saved))
        for case, job, cells in zip(cases, jobs, refused, strict=True)
    ]


def _looked_at(outcome: Outcome) -> Outcome:
    case = outcome.case
    outcome.different = differences(case, outcome.saved["xlsx"])
    outcome.rules = Counter(said_by_try(case).broken.values())
    outcome.unread = [
        kind for kind, path in outcome.saved.items() if read_back(path, case) != as_typed(case)
    ]
    return outcome


Read = tuple[dict[str, str], dict[str, list[dict[str, str]]], int]
"""Answers; answers in each repeat; number of things noticed about them."""


def read_back(path: Path, case: Case) -> Read:
    """What the pipeline reads out of a saved workbook."""
    read = read_workbook(
        path,
        case.questionnaire,
        response_id="r1",
        source_file=f"raw/{case.form.name}/{path.name}",
        received_at="2011-09-02T08:15:00Z",
    )
    (main,) = _given_in(read.main, KEYS)
    repeats = {
        name: _given_in(read.repeats[name], (*REPEAT_KEYS, *REPEAT_SOURCES))
        for name in case.questionnaire.repeats
    }
    return main, repeats, len(read.issues)


def as_typed(case: Case) -> Read:
    """The same as it was typed: every answer, every blank, every row, and nothing noticed."""
    form, written = case.questionnaire, case.written
    repeats = {
        name: [_texts(row, form) for row in instances(written, name)] for name in form.repeats
    }
    return _texts(written, form), repeats, 0


def _given_in(frame, keys) -> list[dict[str, str]]:
    answers = frame.drop(columns=list(keys))
    return [answers.iloc[at].dropna().to_dict() for at in range(len(frame))]


def _texts(answers: Answers, form: Questionnaire) -> dict[str, str]:
    names = [name for name in answers if name not in form.repeats]
    return {name: text for name in names if (text := text_answer(answers, name))}
