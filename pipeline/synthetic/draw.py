"""Respondents who do not exist, whose answers satisfy the form's own rules.

Each question is asked as ODK would ask it: only where its skips hold, from the choices that its
filter leaves, again where its constraint refuses the answer. What comes out is held against all the
rules once more; the reference interpreter decides.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from pipeline.errors import Place as Where
from pipeline.errors import SurveyError
from pipeline.expression.answers import Instance, Place
from pipeline.expression.values import number
from pipeline.questionnaire.model import Group, Item, Node, Question, Questionnaire, Repeat
from pipeline.questionnaire.types import Filled, Storage
from pipeline.settings import Period
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.asked import Asked, Respondent, resolve, weighted
from pipeline.synthetic.candidates import candidate
from pipeline.synthetic.chance import chance
from pipeline.synthetic.examine import examine
from pipeline.synthetic.form import (
    Form,
    as_answer,
    calculated,
    holds,
    is_required,
    is_worked_out,
    typed,
)
from pipeline.synthetic.moments import Visit, clock_answer, visit_of
from pipeline.synthetic.problems import problem
from pipeline.synthetic.profile import Profile, Spec
from pipeline.synthetic.rows import Row, give_out

_TRIES_A_QUESTION = 200
_TRIES_A_RESPONDENT = 30
_INSTANCES = {0: 0.1, 1: 0.3, 2: 0.3, 3: 0.2, 4: 0.1}
_PERIOD = Period(start=dt.date(2011, 1, 1), end=dt.date(2011, 12, 31))

Given = dict[str, Any]


class _NoAnswerError(Exception):
    """A required question that nothing could be answered to; the respondent is drawn again."""


def draw(
    questionnaire: Questionnaire,
    n: int,
    seed: int,
    *,
    profile: Profile | None = None,
    rows: Sequence[Row] = (),
    languages: Sequence[str] = (),
) -> list[Answers]:
    """Draw respondents.

    Args:
        questionnaire: the form.
        n: how many.
        seed: the same seed, form and profile draw the same respondents; a respondent depends on
            its number and the rows, not on how many others there are.
        profile: what respondents are like; without one, what the form's rules allow.
        rows: rows of a frame or plan to give out, as `rows.source_rows` reads them.
        languages: language of each respondent's open answers, in turn.

    Returns:
        n responses without a broken rule: asked questions, and calculations as the form makes
        them; questions left blank are left out.

    Raises:
        SurveyError: SYN-002, nothing was found that satisfies a question's rules.
    """
    known = profile or Profile()
    spoken = languages or (questionnaire.first_language,)
    shuffler = chance(seed, questionnaire.form_id, "rows")
    given_rows = give_out(rows, n, known.source.order, shuffler)
    period = known.period or _PERIOD
    form = Form(questionnaire, today=period.start, date_role=known.roles.date)
    specs = {item.name: known.spec(item.name) for item in questionnaire.items}
    drawn = []
    for at, row in enumerate(given_rows):
        random = chance(seed, questionnaire.form_id, at)
        numbered = {"serial": f"{at + 1:03}", **row}
        traits = _traits(known, random)
        language = spoken[at % len(spoken)]
        who = Respondent(random, language, traits, numbered, rows, period)
        drawn.append(_respondent(form, known, specs, who))
    return drawn


def _traits(profile: Profile, random: Random) -> dict[str, float]:
    """Standard normal standings, correlated as the profile says."""
    found: dict[str, float] = {}
    for name, correlations in profile.traits.items():
        shared = sum(weight * found[other] for other, weight in correlations.items())
        own = max(0.0, 1.0 - sum(weight**2 for weight in correlations.values()))
        found[name] = shared + own**0.5 * random.gauss()
    return found


def _respondent(
    form: Form, profile: Profile, specs: Mapping[str, Spec], who: Respondent
) -> Answers:
    stuck = ""
    for _ in range(_TRIES_A_RESPONDENT):
        session = _Session(form, profile, specs, who, form.blank_instance(None))
        try:
            session.ask_all(form.questionnaire.survey, (), session.response, (), session.answers)
        except _NoAnswerError as error:
            stuck = str(error)
            continue
        broken = examine(form, session.answers)
        if not broken:
            return session.answers
        stuck = broken[0].question
    where = Where(question=stuck)
    raise SurveyError([problem("SYN-002", "No answer was found that its rules allow.", where)])


@dataclass
class _Session:
    """One respondent being asked.

    Attributes:
        specs: how each question is answered, as the profile says.
        response: what is answered so far, typed, for expressions.
        answers: the same as it is handed on.
    """

    form: Form
    profile: Profile
    specs: Mapping[str, Spec]
    who: Respondent
    response: Instance
    answers: Given = field(default_factory=dict)

    @cached_property
    def visit(self) -> Visit | None:
        """When the device says that the interview was, if it says so; known from the beginning."""
        return visit_of(self.who) if self.form.on_clock else None

    @property
    def today(self) -> dt.date:
        """The day of the interview, as far as it is known."""
        return self.form.day_of(self.answers, self.visit.start.date() if self.visit else None)

    def ask_all(
        self,
        nodes: Sequence[Node],
        path: tuple[str, ...],
        at: Instance,
        place: Place,
        into: Given,
    ) -> None:
        """Ask what stands in a form, group or instance; `into` is the level's answers."""
        for node in nodes:
            if isinstance(node, Question):
                if node.has_answer:
                    self.ask(self.form.items[path, node.name], at, place, into)
                continue
            name = node.group if isinstance(node, Group) else node.repeat
            if not holds(node.relevant, self.form.standing(self.response, place, name, self.today)):
                continue
            if isinstance(node, Group):
                self.ask_all(node.questions, (*path, name), at, place, into)
            else:
                self.ask_instances(node, (*path, name), at, place, into)

    def ask_instances(
        self, node: Repeat, path: tuple[str, ...], at: Instance, place: Place, into: Given
    ) -> None:
        rows: list[Instance] = at.repeats[node.repeat]  # type: ignore[assignment]
        made: list[Given] = []
        for position in range(self.instances(node, place)):
            rows.append(self.form.blank_instance(node.repeat))
            made.append({})
            into[node.repeat] = made
            there = (*place, (node.repeat, position))
            self.ask_all(node.questions, path, rows[-1], there, made[-1])

    def instances(self, node: Repeat, place: Place) -> int:
        """How many instances: as the form counts them, else as the profile spreads them."""
        if node.repeat_count:
            standing = self.form.standing(self.response, place, node.repeat, self.today)
            count = calculated(node.repeat_count, standing)
            return 0 if count is None else int(number(count) or 0)
        weights = self.profile.repeats.get(node.repeat, _INSTANCES)
        return int(weighted({str(k): w for k, w in weights.items()}, self.who.random))

    def ask(self, item: Item, at: Instance, place: Place, into: Given) -> None:
        """Ask one question, if it applies, and put its answer in."""
        question = item.question
        standing = self.form.standing(self.response, place, item.name, self.today)
        if not holds(question.relevant, standing):
            return
        answer: str | list[str] | None
        if question.row.filled is Filled.PERSON:
            answer = self.answered(item, at, place, into)
        else:
            answer = self.filled(item, place, into)
        if answer:
            self.put(item, at, into, answer)

    def put(self, item: Item, at: Instance, into: Given, answer: str | list[str]) -> None:
        into[item.name] = answer
        at.values[item.name] = typed(item.question, answer)  # type: ignore[index]

    def filled(self, item: Item, place: Place, into: Given) -> str:
        """What the form or the device fills in."""
        question = item.question
        if rule := question.calculation:
            if not is_worked_out(rule):
                return str(UUID(int=self.who.random.getrandbits(128), version=4))
            standing = self.form.standing(self.response, place, item.name, self.today)
            return as_answer(calculated(rule, standing))
        asked = Asked(question, self.spec(item, into), (), {**self.answers, **into})
        if question.storage in {Storage.DATE, Storage.DATETIME}:
            return clock_answer(asked, self.who, self.visit, self.today)
        if question.type_name in {"hidden", "calculate"}:
            return question.default or ""
        return f"SYNTHETIC-{question.name}" if question.storage is Storage.TEXT else ""

    def spec(self, item: Item, into: Given) -> Spec:
        found = resolve(self.specs[item.name], {**self.answers, **into}, self.who.row)
        return found.model_copy(update={"missing": {**self.profile.missing, **found.missing}})

    def answered(
        self, item: Item, at: Instance, place: Place, into: Given
    ) -> str | list[str] | None:
        """What a person answers: the first candidate that the rules let pass, or nothing."""
        question, random = item.question, self.who.random
        standing = self.form.standing(self.response, place, item.name, self.today)
        spec = self.spec(item, into)
        required = is_required(question, standing)
        blank = self.profile.blank if spec.blank is None else spec.blank
        if not required and random.random() < blank:
            return None
        choices = self.form.choices(item, standing)
        asked = Asked(question, spec, choices, {**self.answers, **into})
        for attempt in range(_TRIES_A_QUESTION):
            answer = candidate(replace(asked, try_number=attempt), self.who)
            if answer and self.fits(item, at, place, answer, spec):
                return answer
        if required:
            raise _NoAnswerError(item.name)
        return None

    def fits(
        self, item: Item, at: Instance, place: Place, answer: str | list[str], spec: Spec
    ) -> bool:
        """Whether the form takes the answer."""
        values: dict[str, object] = at.values  # type: ignore[assignment]
        try:
            values[item.name] = typed(item.question, answer)
        except ValueError:
            return False
        standing = self.form.standing(self.response, place, item.name, self.today)
        fitting = holds(item.question.constraint, standing)
        if fitting and spec.unique and place:
            fitting = not self.is_repeated(item, place, values[item.name])
        values[item.name] = None
        return fitting

    def is_repeated(self, item: Item, place: Place, value: object) -> bool:
        """Whether another instance of the same repeat holds this answer already."""
        *outer, (repeat, position) = place
        parent: Instance = self.response
        for name, index in outer:
            parent = parent.repeats[name][index]
        rows = parent.repeats[repeat]
        return any(row.values[item.name] == value for row in rows[:position])


def without_calculated(questionnaire: Questionnaire, answers: Answers) -> Answers:
    """The answers that a person gave: what an Excel form has cells for."""
    kept: Given = {}
    for name, answer in answers.items():
        if name in questionnaire.repeats:
            kept[name] = [
                without_calculated(questionnaire, inside)
                for inside in answer
                if isinstance(inside, Mapping)
            ]
        elif name in questionnaire.by_name:
            row = questionnaire.by_name[name].question.row
            if row.filled is Filled.PERSON and row.in_excel:
                kept[name] = answer
    return kept
