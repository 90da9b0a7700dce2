"""What a response breaks of its form's own rules, worked out with the reference interpreter."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.expression.answers import Answers as Standing
from pipeline.expression.answers import Instance, Place
from pipeline.expression.values import equal, from_answer
from pipeline.questionnaire.model import Group, Item, Node, Question, Repeat
from pipeline.questionnaire.types import Filled, Storage
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.form import Form, calculated, holds, is_required, is_worked_out, typed

_WRONG_TYPE = {
    Storage.INTEGER: "not_a_number",
    Storage.DECIMAL: "not_a_number",
    Storage.DATE: "not_a_date",
    Storage.DATETIME: "not_a_date",
    Storage.TIME: "not_a_time",
}


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """A broken rule.

    Attributes:
        question: its name.
        place: ((repeat, number from 0), ...), outermost first.
        code: as `pipeline.cleaning.codes` names it.
    """

    question: str
    place: Place
    code: str

    @property
    def position(self) -> int | None:
        """Number of the innermost repeat instance, from 1."""
        return self.place[-1][1] + 1 if self.place else None


def examine(form: Form, answers: Answers, *, blank_unasked: bool = False) -> list[Finding]:
    """Every rule that a response breaks, on the day on which it was given.

    Args:
        form: the form.
        answers: the response.
        blank_unasked: an answer to a question that does not apply counts as blank for every other
            rule, as in ODK and where study.yaml blanks such answers; else it counts as it came.
    """
    return sorted(_examined(form, answers, blank_unasked=blank_unasked).findings)


def not_asked(form: Form, answers: Answers) -> frozenset[str]:
    """Questions, groups and repeats outside repeats that do not apply and hold no answer."""
    examination = _examined(form, answers, blank_unasked=True)
    filled = {
        name
        for item in form.questionnaire.answered()
        if item.name in answers
        for name in (*item.path, item.name)
    }
    return frozenset(examination.skipped - filled)


def _examined(form: Form, answers: Answers, *, blank_unasked: bool) -> "_Examination":
    response = form.blank_instance(None)
    examination = _Examination(form, response, form.day_of(answers), blank_unasked=blank_unasked)
    examination.enter(answers, None, response, ())
    examination.visit(form.questionnaire.survey, (), response, (), asked=True)
    return examination


@dataclass
class _Examination:
    form: Form
    response: Instance
    today: dt.date
    blank_unasked: bool
    findings: list[Finding] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)

    def enter(self, answers: Answers, repeat: str | None, into: Instance, place: Place) -> None:
        """Put the typed answers in; what has the wrong type is a finding and counts as blank."""
        values: dict[str, object] = into.values  # type: ignore[assignment]
        for item in self.form.questionnaire.answered(repeat):
            if (answer := answers.get(item.name)) is None:
                continue
            try:
                values[item.name] = typed(item.question, answer)  # type: ignore[arg-type]
            except ValueError:
                self.findings.append(Finding(item.name, place, _WRONG_TYPE[item.question.storage]))
        for name in self.form.children.get(repeat, []):
            rows: list[Instance] = into.repeats[name]  # type: ignore[assignment]
            for number, inside in enumerate(answers.get(name, ())):
                rows.append(self.form.blank_instance(name))
                assert isinstance(inside, Mapping)  # noqa: S101 - `Answers` says so
                self.enter(inside, name, rows[-1], (*place, (name, number)))

    def visit(
        self,
        nodes: Sequence[Node],
        path: tuple[str, ...],
        at: Instance,
        place: Place,
        *,
        asked: bool,
    ) -> None:
        """Hold every node against its rules; a skipped group or repeat skips all inside."""
        for node in nodes:
            if isinstance(node, Question):
                if node.has_answer:
                    self.question(self.form.items[path, node.name], at, place, asked=asked)
                continue
            name = node.group if isinstance(node, Group) else node.repeat
            here = asked and holds(node.relevant, self.standing(place, name))
            if not here and not place:
                self.skipped.add(name)
            if isinstance(node, Group):
                self.visit(node.questions, (*path, name), at, place, asked=here)
            else:
                self.repeat(node, (*path, name), at, place, asked=here)

    def repeat(
        self, node: Repeat, path: tuple[str, ...], at: Instance, place: Place, *, asked: bool
    ) -> None:
        for number, inside in enumerate(at.repeats[node.repeat]):
            there = (*place, (node.repeat, number))
            self.visit(node.questions, path, inside, there, asked=asked)

    def question(self, item: Item, at: Instance, place: Place, *, asked: bool) -> None:
        question = item.question
        standing = self.standing(place, item.name)
        value = at.values.get(item.name)
        if not (asked and holds(question.relevant, standing)):
            if not place:
                self.skipped.add(item.name)
            if value is not None and question.row.filled is Filled.PERSON:
                self.note(item, place, "not_asked")
            if self.blank_unasked:
                at.values[item.name] = None  # type: ignore[index]
        elif value is None:
            wrong = Finding(item.name, place, _WRONG_TYPE.get(question.storage, ""))
            if is_required(question, standing) and wrong not in self.findings:
                self.note(item, place, "required")
        else:
            self.answered(item, standing, value, place)

    def answered(self, item: Item, standing: Standing, value: object, place: Place) -> None:
        question = item.question
        if (rule := question.calculation) and not question.trigger:
            given = from_answer(value, self.form.kinds[item.name])
            again = calculated(rule, standing) if is_worked_out(rule) else None
            if again is not None and not equal(again, given):
                self.note(item, place, "calculation_differs")
        elif question.row.list_kind == "list" and not self.is_offered(item, standing, value):
            self.note(item, place, "not_a_choice")
        if not holds(question.constraint, standing):
            self.note(item, place, "constraint")

    def is_offered(self, item: Item, standing: Standing, value: object) -> bool:
        names = {choice.name for choice in self.form.choices(item, standing)}
        chosen = str(value).split() if item.question.type_name != "select_one" else [str(value)]
        return names.issuperset(chosen)

    def standing(self, place: Place, current: str) -> Standing:
        return self.form.standing(self.response, place, current, self.today)

    def note(self, item: Item, place: Place, code: str) -> None:
        self.findings.append(Finding(item.name, place, code))
