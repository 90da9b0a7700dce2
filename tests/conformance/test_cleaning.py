"""The cleaning says of a returned response what the questionnaire says of its answers.

Answer sets are drawn, sent back as ODK submissions and cleaned all at once; each broken rule that
`survey try` names is one issue, at the same question and instance, and there is no other. The same
sets without what ODK works out, as an Excel form brings them, give the same again: there every
calculation is worked out in cleaning.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipeline.cleaning.process import Cleaned, process
from pipeline.errors import SurveyError
from pipeline.expression.values import text
from pipeline.questionnaire.given_answers import read_given
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.settle import Settled
from pipeline.questionnaire.try_answers import Tried, plain, try_answers
from pipeline.questionnaire.try_engines import Around
from pipeline.questionnaire.try_reference import Reference
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Mode, Responses
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import read_submissions
from pipeline.settings import Settings
from pipeline.store import sha256_file
from pipeline.synthetic.filled_submission import fill_submission
from tests.conformance import forms
from tests.conformance.drawn import Drawing

SETS = 8
NOON = dt.datetime(2011, 9, 2, 12)  # noqa: DTZ001 - the wall clock, as a tablet's
RECEIVED = "2011-09-02T04:00:00Z"
RULES = {"required": "required", "constraint": "constraint", "choice": "not_a_choice"}


def settled(drawing: Drawing, answers: dict[str, Any]) -> Settled:
    around = Around(drawing.form, drawing.today, drawing.now, drawing.form.default_language)
    found = Settled(around, Reference(around), read_given(drawing.form, answers))
    found.settle()
    return found


def kept(drawing: Drawing, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as ODK sends them: of questions that are asked, with what it worked out."""
    found = settled(drawing, answers)

    def level(repeat: str | None, key: tuple, given: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for item in drawing.form.items:
            if item.repeat == repeat and item.question.has_answer and found.is_asked(item, key):
                sent[item.name] = written(item, key, given)
        for name, inner in drawing.form.repeats.items():
            if inner.parent == repeat:
                held = given.get(name, [])
                keys = [one for one in found.rows[name] if one[:-1] == key]
                sent[name] = [
                    level(name, one, held[at] if at < len(held) else {})
                    for at, one in enumerate(keys)
                ]
        return sent

    def written(item: Item, key: tuple, given: dict[str, Any]) -> Any:
        if item.question.row.filled is Filled.PERSON and not item.question.calculation:
            answer = given.get(item.name)
            return answer if isinstance(answer, list) else "" if answer is None else str(answer)
        return as_sent(found.answer(item, key), item)

    return level(None, (), answers)


def as_sent(value: object, item: Item) -> str:
    """What the form works out, as ODK writes it."""
    if isinstance(value, dt.date):
        whole = item.question.storage is Storage.DATETIME
        return f"{value.isoformat()}+08:00" if whole else value.isoformat()[:10]
    shown = plain(value)
    return "" if shown is None else text(shown) if isinstance(shown, bool | float) else str(shown)


def sets_of(form: forms.Tried) -> Iterator[tuple[dict[str, Any], Tried]]:
    """Answer sets as they are sent, and what the questionnaire says of them."""
    drawing = Drawing(form.questionnaire, NOON.date(), NOON)
    for seed in range(SETS):
        answers = drawing.draw(seed)
        try:
            sent = kept(drawing, answers)
            yield sent, try_answers(drawing.form, answers, today=drawing.today, now=drawing.now)
        except SurveyError:
            continue  # a form that stops at these answers sends nothing


@pytest.fixture(scope="module", params=forms.FORMS, ids=lambda form: form.name)
def returned(request, tmp_path_factory, shared_dir) -> tuple[forms.Tried, Responses, list[Tried]]:
    form: forms.Tried = request.param
    folder = tmp_path_factory.mktemp("sent")
    sources, tried = [], []
    for number, (sent, said) in enumerate(sets_of(form)):
        path = folder / f"SYNTHETIC-{number}.xml"
        fill_submission(form.questionnaire, sent, instance_id=f"{number:03}", target=path)
        sources.append(SourceFile(path, path.name, sha256_file(path), RECEIVED))
        tried.append(said)
    return form, read_submissions(sources, form.questionnaire), tried


def broken(done: Cleaned) -> list[tuple[str, str, int | None, str]]:
    """Every issue about an answer: response, question, instance, code."""
    found = done.issues[done.issues["question"].notna() & done.issues["response_id"].notna()]
    shown = found[["response_id", "question", "position", "code"]].astype(object)
    return sorted(shown.where(shown.notna(), None).itertuples(index=False, name=None), key=str)


def expected(tried: list[Tried]) -> list[tuple[str, str, int | None, str]]:
    said = []
    for number, one in enumerate(tried):
        for violation in one.violations:
            *above, name = violation.question.split("]/")
            position = int(above[-1].rpartition("[")[2]) if above else None
            said.append((f"{number:03}", name, position, RULES[violation.rule]))
    return sorted(said, key=str)


def test_a_submission_breaks_in_cleaning_what_it_breaks_on_the_form(returned):
    form, responses, tried = returned
    assert broken(process(responses, form.questionnaire, Settings())) == expected(tried)


def test_without_the_forms_own_calculations_the_same_is_broken(returned):
    form, responses, tried = returned
    items = [item for item in form.questionnaire.items if item.question.calculation]

    def without(frame, repeat):
        names = [item.name for item in items if item.repeat == repeat and item.name in frame]
        return frame.assign(**dict.fromkeys(names)).astype(dict.fromkeys(names, "str"))

    bare = replace(
        responses,
        main=without(responses.main, None).assign(mode=Mode.EXCEL.value),
        repeats={name: without(frame, name) for name, frame in responses.repeats.items()},
    )
    assert broken(process(bare, form.questionnaire, Settings())) == expected(tried)
