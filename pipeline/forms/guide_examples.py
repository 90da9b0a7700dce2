"""What a guide shows of its form: a few of its own questions, one in each state, and the cover.

The states are not asserted: the reference interpreter gives them for the answers that are shown.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.errors import SurveyError
from pipeline.forms.excel_empty import needed_text
from pipeline.forms.excel_keys import shown_labels
from pipeline.forms.excel_layout import Kind, Line, is_asked
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_reasons import why_not_asked
from pipeline.forms.excel_slots import ANSWERED, BLANK, MISSING, NOT_ASKED, WRONG
from pipeline.forms.excel_words import hint_of, readable
from pipeline.questionnaire.model import Item, Question
from pipeline.questionnaire.try_answers import Tried, try_answers

_TODAY = dt.date(2011, 9, 1)
_DAY, _DAY_WRITTEN = "2011-08-15", "100/8/15"
_WRONG_ANSWERS = ("x", "-1", "99999999")
_LISTED = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the question sheet, as it looks with an answer.

    Attributes:
        state: of `excel_slots`.
        remark: what stands beside it.
    """

    number: str
    label: str
    hint: str
    required: bool
    answer: str
    remark: str
    state: int


@dataclass(frozen=True, slots=True)
class Examples:
    """What the guide draws.

    Attributes:
        lines: lines of the question sheet, one in each state that the form can show.
        status: the status line that belongs to them.
        listed: number, label and message of what is missing or wrong, as the cover lists it.
    """

    lines: tuple[Shown, ...]
    status: str
    listed: tuple[tuple[str, str, str], ...]


@dataclass
class _Choosing:
    drawing: Drawing
    answers: dict[str, object] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, Line] = field(default_factory=dict)
    known: dict[tuple[tuple[str, object], ...], Tried] = field(default_factory=dict)

    def tried(self, answers: dict[str, object]) -> Tried:
        """What the form makes of the answers; the last try is mostly the next one's first."""
        key = tuple(sorted(answers.items()))
        if key not in self.known:
            self.known[key] = self._try(answers)
        return self.known[key]

    def _try(self, answers: dict[str, object]) -> Tried:
        form = self.drawing.questionnaire
        blank: dict[str, object] = {
            item.name: None for item in form.answered() if is_asked(item.question)
        }
        now = dt.datetime.combine(_TODAY, dt.time())
        language = self.drawing.language
        return try_answers(form, blank | answers, today=_TODAY, now=now, language=language)

    def lines(self) -> Iterator[tuple[Line, Item]]:
        by_name = self.drawing.questionnaire.by_name
        for line in self.drawing.layout.lines:
            if line.kind is Kind.ANSWER and isinstance(line.node, Question):
                item = by_name[line.node.name]
                if line.node.name not in self.chosen:
                    yield line, item

    def choose(self, line: Line, item: Item, answer: str | None, written: str = "") -> None:
        self.chosen[item.name] = line
        if answer is not None:
            self.answers[item.name] = answer
            self.written[item.name] = written or answer


def examples_of(drawing: Drawing) -> Examples:
    """Choose a form's examples; a state that its questions cannot show is left out."""
    choosing = _Choosing(drawing)
    try:
        for pick in (_pick_answered, _pick_day, _pick_wrong, _pick_skipped, _pick_missing):
            pick(choosing)
        tried = choosing.tried(choosing.answers)
    except SurveyError:
        return Examples((), "", ())
    asked = set(tried.asked) & {question.name for _, question in _questions(drawing)}
    broken = {one.question: one.rule for one in tried.violations if one.question in asked}
    shown = [_shown(choosing, line, asked, broken) for line in _in_order(choosing)]
    missing = sum(1 for rule in broken.values() if rule == "required")
    status = drawing.say(
        "status",
        answered=len(choosing.answers.keys() & asked),
        asked=len(asked),
        missing=missing,
        problems=len(broken) - missing,
        ready=drawing.say("not_ready" if broken else "ready"),
    )
    return Examples(tuple(shown), status, tuple(_listed(drawing, broken)))


def _questions(drawing: Drawing) -> Iterator[tuple[Line, Question]]:
    for line in drawing.layout.lines:
        if line.kind in (Kind.ANSWER, Kind.CHOICES) and isinstance(line.node, Question):
            yield line, line.node


def _in_order(choosing: _Choosing) -> list[Line]:
    return sorted(choosing.chosen.values(), key=lambda line: line.row)


def _pick_answered(choosing: _Choosing) -> None:
    for line, item in choosing.lines():
        choices = choosing.drawing.questionnaire.choices_of(item.question)
        if choices and not item.relevants and not item.question.choice_filter:
            label = shown_labels(choices, choosing.drawing.language)[choices[0].name]
            return choosing.choose(line, item, choices[0].name, label)
    return None


def _pick_day(choosing: _Choosing) -> None:
    for line, item in choosing.lines():
        if item.question.type_name == "date" and not item.relevants:
            return choosing.choose(line, item, _DAY, _DAY_WRITTEN)
    return None


def _pick_wrong(choosing: _Choosing) -> None:
    for line, item in choosing.lines():
        if item.question.constraint and not item.relevants:
            for wrong in _WRONG_ANSWERS:
                try:
                    tried = choosing.tried(choosing.answers | {item.name: wrong})
                except SurveyError:
                    continue
                if (item.name, "constraint") in {(v.question, v.rule) for v in tried.violations}:
                    return choosing.choose(line, item, wrong)
    return None


def _pick_skipped(choosing: _Choosing) -> None:
    asked = set(choosing.tried(choosing.answers).asked)
    plainly = choosing.drawing.say("not_asked")
    for line, item in choosing.lines():
        if item.name not in asked and why_not_asked(item, choosing.drawing) != plainly:
            return choosing.choose(line, item, None)
    return None


def _pick_missing(choosing: _Choosing) -> None:
    asked = set(choosing.tried(choosing.answers).asked)
    for line, item in choosing.lines():
        if item.question.required is True and item.name in asked:
            return choosing.choose(line, item, None)
    return None


def _shown(choosing: _Choosing, line: Line, asked: set[str], broken: Mapping[str, str]) -> Shown:
    drawing, question = choosing.drawing, line.node
    assert isinstance(question, Question)  # noqa: S101 - only lines of questions are chosen
    name, rule = question.name, broken.get(question.name)
    answer = choosing.written.get(name, "")
    state, remark = (ANSWERED, "") if answer else (BLANK, "")
    if name not in asked:
        state, remark = NOT_ASKED, why_not_asked(drawing.questionnaire.by_name[name], drawing)
    elif rule:
        state = MISSING if rule == "required" else WRONG
        remark = _message(drawing, question, rule)
    elif answer == _DAY_WRITTEN:
        remark = f"= {_DAY}"
    label = readable(question.label, drawing.language, drawing.numbers) or name
    hint = hint_of(question, drawing.language, drawing.numbers)
    return Shown(line.number, label, hint, bool(question.required), answer, remark, state)


def _message(drawing: Drawing, question: Question, rule: str) -> str:
    if rule == "required":
        return needed_text(question, drawing)
    own = readable(question.constraint_message, drawing.language, drawing.numbers)
    return own or drawing.say("constraint_broken")


def _listed(drawing: Drawing, broken: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    found = [(line, question) for line, question in _questions(drawing) if question.name in broken]
    for line, question in found[:_LISTED]:
        label = readable(question.label, drawing.language, drawing.numbers) or question.name
        yield line.number, label, _message(drawing, question, broken[question.name])
