"""Forms filled in with ODK Web Forms' engine, under Node."""

import json
import os
import re
import subprocess
from collections.abc import Sequence
from typing import Any

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.try_answers import try_answers
from tests.conformance.collect import Filled
from tests.conformance.compare import differences, drop, verdicts
from tests.conformance.drawn import Drawing
from tests.conformance.explained import WEB_FORMS
from tests.conformance.forms import Tried
from tests.conformance.run import Outcome, drawing_of
from tests.conftest import PROJECT

FOLDER = PROJECT / "tests" / "webforms"
ENGINE = FOLDER / "node_modules" / "@getodk" / "xforms-engine"
_STEP = re.compile(r"/([^/\[]+)(?:\[(\d+)\])?")


def sets_of(form: Tried, seeds: range) -> list[dict[str, Any]]:
    """The answer sets, without choices that are not offered: Web Forms does not take them."""
    drawing = drawing_of(form)
    return [_offered_only(drawing, drawing.draw(seed)) for seed in seeds]


def with_web_forms(node: str, forms: Sequence[Tried], seeds: range) -> list[Outcome]:
    """Fill in forms with Web Forms and try them, for each seed."""
    jobs = [(form, sets_of(form, seeds)) for form in forms]
    outcomes = []
    for (form, sets), results in zip(jobs, fill(node, jobs), strict=True):
        drawing, outcome = drawing_of(form), Outcome(form.name, engine=WEB_FORMS)
        for seed, (answers, theirs) in enumerate(zip(sets, results, strict=True), seeds.start):
            ours = try_answers(form.questionnaire, answers, today=drawing.today, now=drawing.now)
            broken = {one.question: one.rule for one in ours.violations}
            found = differences(form.questionnaire, ours, broken, theirs)
            outcome.sets += 1
            outcome.verdicts += verdicts(ours, form.questionnaire)
            outcome.asked += len(ours.asked)
            outcome.rules.update(broken.values())
            outcome.different += [(seed, *one) for one in found]
        outcomes.append(outcome)
    return outcomes


def _offered_only(drawing: Drawing, answers: dict[str, Any]) -> dict[str, Any]:
    while True:
        tried = try_answers(drawing.form, answers, today=drawing.today, now=drawing.now)
        refused = next((one for one in tried.violations if one.rule == "choice"), None)
        if refused is None:
            return answers
        drop(answers, refused.question)


def fill(node: str, jobs: list[tuple[Tried, list[dict[str, Any]]]]) -> list[list[Filled]]:
    """What Web Forms asked, refused and worked out, for each set of each form."""
    text = json.dumps(
        [
            {"xform": form.xform, "repeats": list(form.questionnaire.repeats), "sets": sets}
            for form, sets in jobs
        ]
    )
    done = subprocess.run(
        [node, "try.mjs"],
        cwd=FOLDER,
        env={**os.environ, "TZ": "UTC"},
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [
        [_filled(form.questionnaire, one) for one in results]
        for (form, _), results in zip(jobs, json.loads(done.stdout), strict=True)
    ]


def _filled(form: Questionnaire, found: dict[str, Any]) -> Filled:
    calculations = {item.name for item in form.items if item.question.calculation}
    calculated = {_shown(form, at): value for at, value in found["calculated"].items()}
    return Filled(
        asked=tuple(_shown(form, at) for at in found["asked"]),
        broken={_shown(form, at): rule for at, rule in found["broken"].items()},
        calculated={
            at: value for at, value in calculated.items() if at.rpartition("]/")[2] in calculations
        },
    )


def _shown(form: Questionnaire, reference: str) -> str:
    """`/data/ties[2]/tie_name` as we name it: without groups."""
    steps = _STEP.findall(reference)[1:]
    around = [f"{name}[{number}]" for name, number in steps[:-1] if name in form.repeats]
    return "/".join((*around, steps[-1][0]))
