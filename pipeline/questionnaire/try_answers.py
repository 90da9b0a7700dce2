"""Trying a questionnaire: what it asks, refuses and works out for the answers of one response.

ODK's meaning: an answer to a question that is not asked does not count anywhere; what depends on
what is settled like a spreadsheet, in whatever order the form stands.
"""

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import Place, Problem, SurveyError
from pipeline.expression.values import from_answer
from pipeline.expression.words import language_of
from pipeline.questionnaire.given_answers import Key, read_given
from pipeline.questionnaire.model import Group, Item, Node, Question, Questionnaire, words
from pipeline.questionnaire.settle import Settled
from pipeline.questionnaire.try_engines import Around, Engine
from pipeline.questionnaire.types import Filled, Storage

EngineName = Literal["reference", "pandas"]
ENGINES: Mapping[str, EngineName] = {"reference": "reference", "pandas": "pandas"}
Rule = Literal["required", "constraint", "choice"]
_MESSAGES: Mapping[Rule, Mapping[str, str]] = {
    "required": {
        "en": "An answer is needed here.",
        "zh-Hant": "此題必須回答。",
        "ja": "この質問には回答が必要です。",
    },
    "constraint": {
        "en": "This answer is not allowed here.",
        "zh-Hant": "此處不接受這個答案。",
        "ja": "この回答は認められません。",
    },
    "choice": {
        "en": "This choice is not offered here.",
        "zh-Hant": "此處沒有這個選項。",
        "ja": "この選択肢はここにはありません。",
    },
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an answer, or the lack of one, breaks.

    Attributes:
        question: `name`, in a repeat `repeat[2]/name`.
        rule: required, constraint or choice.
        message: the form's own message, in the language asked for, else a general one.
    """

    question: str
    rule: Rule
    message: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a questionnaire makes of a response; everything in the order of the form.

    Attributes:
        asked: the questions that are asked; those without an answer (notes) are none.
        violations: rules broken by them.
        calculated: what the calculations give where they apply: text, number, truth, a moment as
            ISO text, None for blank.
    """

    asked: tuple[str, ...]
    violations: tuple[Violation, ...]
    calculated: Mapping[str, str | float | bool | None]

    def as_json(self) -> dict[str, object]:
        """The same in plain lists and maps."""
        return {
            "asked": list(self.asked),
            "violations": [
                {"question": one.question, "rule": one.rule, "message": one.message}
                for one in self.violations
            ],
            "calculated": dict(self.calculated),
        }


def try_answers(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    *,
    today: dt.date,
    now: dt.datetime,
    language: str | None = None,
    engine: EngineName = "reference",
) -> Tried:
    """Try a questionnaire on the answers of one response.

    Args:
        questionnaire: the form.
        answers: question -> answer, a select_multiple as a list of choice names; repeat -> list of
            such maps. A question that is left out keeps its default, None leaves it blank. What the
            form calculates itself is not taken from here.
        today: what `today()` gives.
        now: what `now()` gives.
        language: of messages and labels; the form's default where none is given.
        engine: the reference interpreter, or the one that cleans whole frames.

    Raises:
        SurveyError: TRY-001 to TRY-003, an answer that cannot be one; TRY-004 and TRY-005, rules
            that never settle or ask for too many instances; EXPR-0xx, a rule that cannot be
            followed.
    """
    given = read_given(questionnaire, answers)
    if given.problems:
        raise SurveyError(given.problems)
    spoken = language or questionnaire.default_language
    around = Around(questionnaire, today, now, spoken)
    settled = Settled(around, _engine(engine, around), given)
    settled.settle()
    report = _Report(settled, spoken)
    places = list(report.places(questionnaire.survey, (), ()))
    return Tried(
        tuple(
            shown(item, key)
            for item, key in places
            if item.question.row.filled is Filled.PERSON and settled.is_asked(item, key)
        ),
        tuple(report.violations(places)),
        {
            shown(item, key): plain(settled.outcome(item, key))
            for item, key in places
            if item.question.calculation and settled.is_asked(item, key)
        },
    )


def read_json(path: Path) -> dict[str, object]:
    """Read the answers of one response.

    Raises:
        SurveyError: TRY-006, the file is not at hand, holds no map in JSON, or a key twice.
    """
    message, repair = "This is no map of answers in JSON.", 'Write {"question": "answer", ...}.'
    try:
        answers = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_each_once)
    except _TwiceError:
        answers, message, repair = None, "A key stands twice in a map.", "Keep one of the two."
    except (OSError, ValueError, RecursionError):
        answers = None
    if isinstance(answers, dict):
        return answers
    raise SurveyError([Problem("TRY-006", message, repair, Place(file=path.as_posix()))])


class _TwiceError(Exception):
    """JSON itself would take the last of two answers in silence."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError
    return found


def shown(item: Item, key: Key) -> str:
    """`name`, in a repeat `repeat[2]/name`."""
    around = (f"{repeat}[{number + 1}]" for repeat, number in key)
    return "/".join((*around, item.name))


def plain(value: object) -> str | float | bool | None:
    """A value as JSON can say it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="milliseconds")
    return str(value) if value not in {None, ""} else None


def _engine(name: EngineName, around: Around) -> Engine:
    if name == "reference":
        from pipeline.questionnaire.try_reference import Reference  # noqa: PLC0415 - one is needed

        return Reference(around)
    from pipeline.questionnaire.try_frames import Frames  # noqa: PLC0415 - one is needed

    return Frames(around)


@dataclass
class _Report:
    """Reads what is settled, in the order in which a person meets the questions."""

    settled: Settled
    language: str

    def places(
        self, nodes: Sequence[Node], path: tuple[str, ...], key: Key
    ) -> Iterator[tuple[Item, Key]]:
        """Every question that has an answer, in every instance."""
        for node in nodes:
            if isinstance(node, Question):
                if node.has_answer:
                    yield self.settled.items[path, node.name], key
            elif isinstance(node, Group):
                yield from self.places(node.questions, (*path, node.group), key)
            else:
                for inside in self.settled.rows[node.repeat]:
                    if inside[:-1] == key:
                        yield from self.places(node.questions, (*path, node.repeat), inside)

    def violations(self, places: Sequence[tuple[Item, Key]]) -> Iterator[Violation]:
        """The rules broken by asked questions that a person answers."""
        for item, key in places:
            question = item.question
            if question.row.filled is not Filled.PERSON or not self.settled.is_asked(item, key):
                continue
            if self.settled.answer(item, key) is None:
                if self.settled.holds(question.required or False, item, key):
                    yield self._violation("required", item, key, question.required_message)
                continue
            if not self._is_offered(item, key):
                yield self._violation("choice", item, key, None)
            if not self.settled.holds(question.constraint or True, item, key):
                yield self._violation("constraint", item, key, question.constraint_message)

    def _violation(
        self, rule: Rule, item: Item, key: Key, message: Mapping[str, str] | None
    ) -> Violation:
        general = _MESSAGES[rule].get(language_of(self.language)) or _MESSAGES[rule]["en"]
        return Violation(shown(item, key), rule, words(message, self.language, general))

    def _is_offered(self, item: Item, key: Key) -> bool:
        question = item.question
        choices = {one.name: one for one in self.settled.around.form.choices_of(question)}
        if not choices or not question.list_name:
            return True  # what it chooses from is not at hand
        answer = str(from_answer(self.settled.answer(item, key), None))
        several = question.storage is Storage.SELECT_MULTIPLE
        chosen = answer.split() if several else [answer]
        if not all(name in choices for name in chosen):
            return False
        return all(self.settled.lets_through(item, key, choices[name]) for name in chosen)
