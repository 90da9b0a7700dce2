"""Answer sets tried with two engines, and what was found."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import SurveyError
from pipeline.questionnaire.try_answers import ENGINES, try_answers
from pipeline.questionnaire.types import Filled
from tests.conformance.collect import Form
from tests.conformance.compare import differences, dropping, verdicts
from tests.conformance.drawn import Drawing
from tests.conformance.explained import JAVAROSA, reason
from tests.conformance.forms import FORMS, Tried

FRAMES = 20
"""Sets of each form on which the engine of whole frames is held against the reference."""


@dataclass
class Outcome:
    """What trying a form's answer sets gave.

    Attributes:
        verdicts: how many were compared, see `compare.verdicts`.
        stopped: sets at which JavaRosa gives the form up, and so do we.
        never_asked: questions that no set reached.
        rules: broken rules, by kind.
        different: seed, question, verdict, JavaRosa's, ours.
        frames: sets tried with both of our engines; and those of them that differ.
    """

    name: str
    questions: int = 0
    engine: str = JAVAROSA
    sets: int = 0
    verdicts: int = 0
    stopped: int = 0
    asked: int = 0
    never_asked: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    different: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    frames: int = 0
    frames_different: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def unexplained(self) -> list[tuple[int, str, str, str, str]]:
        """Differences that are no row of the table."""
        return [one for one in self.different if self.why(one) is None]

    def why(self, different: tuple[int, str, str, str, str]) -> str | None:
        """The reason of a difference."""
        return reason(self.name, different[1], different[2], self.engine)


def drawing_of(form: Tried) -> Drawing:
    # JavaRosa's clock cannot be set: ours is set to it.
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return Drawing(form.questionnaire, now.date(), now)


def with_javarosa(form: Tried, seeds: Sequence[int], *, frames: int = FRAMES) -> Outcome:
    """Fill in a form with JavaRosa and try it, for each seed."""
    began = time.perf_counter()
    drawing, judge = drawing_of(form), Form(form.questionnaire, form.xform)
    people = {
        item.name for item in form.questionnaire.items if item.question.row.filled is Filled.PERSON
    }
    outcome, reached = Outcome(form.name, len(people)), set[str]()
    for seed in seeds:
        answers = drawing.draw(seed)
        theirs = judge.fill(answers)
        outcome.sets += 1
        if outcome.frames < frames:
            outcome.frames += 1
            outcome.frames_different += [seed] * (not engines_agree(drawing, answers))
        try:
            ours, broken = dropping(form.questionnaire, answers, drawing)
        except SurveyError:
            _stopped(outcome, seed, theirs.stopped, ours=True)
            continue
        if theirs.stopped:
            _stopped(outcome, seed, theirs.stopped, ours=False)
            continue
        outcome.verdicts += verdicts(ours, form.questionnaire)
        outcome.asked += len(ours.asked)
        outcome.rules.update(broken.values())
        reached |= {place.rpartition("]/")[2] for place in ours.asked}
        found = differences(form.questionnaire, ours, broken, theirs)
        outcome.different += [(seed, *one) for one in found]
    outcome.never_asked = len(people - reached)
    outcome.seconds = time.perf_counter() - began
    return outcome


def form_at(place: int, sets: int) -> Outcome:
    """The same for a form by its place, in a process of its own."""
    return with_javarosa(FORMS[place], range(sets))


def _stopped(outcome: Outcome, seed: int, theirs: bool, *, ours: bool) -> None:  # noqa: FBT001 - named at the call
    outcome.stopped += 1
    outcome.verdicts += 1
    if theirs != ours:
        outcome.different.append((seed, "(form)", "stops", str(theirs), str(ours)))


def engines_agree(drawing: Drawing, answers: dict[str, Any]) -> bool:
    """Whether the engine of whole frames gives the reference's whole result."""
    found: list[object] = []
    for engine in ENGINES.values():
        try:
            found.append(
                try_answers(
                    drawing.form, answers, today=drawing.today, now=drawing.now, engine=engine
                )
            )
        except SurveyError as error:
            found.append(sorted({problem.code for problem in error.problems}))
    return found[0] == found[1]
