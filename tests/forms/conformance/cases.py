"""Answer sets as a person types them: labels from the lists, ticks, dates in the ways of Taiwan."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from random import Random
from typing import Any

from python_calamine import CalamineWorkbook

from pipeline.forms.excel import write_excel_form
from pipeline.forms.excel_layout import is_asked
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.try_answers import try_answers
from pipeline.questionnaire.types import Filled
from pipeline.study import open_study
from pipeline.synthetic.draw import draw, without_calculated
from pipeline.synthetic.filled_workbook import _read_template, _Template, _Writing
from pipeline.synthetic.profile import read_profile
from pipeline.synthetic.rows import source_rows
from tests.conformance.drawn import Drawing
from tests.conformance.forms import OURS, Tried
from tests.conformance.run import drawing_of
from tests.conftest import PROJECT
from tests.forms.disturbed import disturbed

LANGUAGES = ("en", "zh-Hant", "ja")

Answers = dict[str, Any]

_SPELLINGS: tuple[Callable[[int, int, int], str], ...] = (
    lambda year, month, day: f"{year}-{month:02}-{day:02}",
    lambda year, month, day: f"{year}/{month}/{day}",
    lambda year, month, day: f"{year}年{month}月{day}日",
    lambda year, month, day: f"民國{year - 1911}年{month}月{day}日",
    lambda year, month, day: f"{year - 1911}/{month}/{day}",
)
_FIRST_SHORT_YEAR = 2011
"""Before 2011 a Republic year alone has two digits and could be any century's: never taken."""


@dataclass(frozen=True)
class Case:
    """One set of one form in one language; set *n* is the same in every run.

    Attributes:
        form: the form, of `tests.conformance.forms`.
        seed: number of the set.
    """

    form: Tried
    language: str
    seed: int

    @property
    def name(self) -> str:
        """Form, language and set."""
        return f"{self.form.name}-{self.language}-{self.seed}"

    @cached_property
    def drawing(self) -> Drawing:
        return _drawing(self.form)

    @property
    def questionnaire(self) -> Questionnaire:
        return self.form.questionnaire

    @cached_property
    def answers(self) -> Answers:
        """What is answered, as `survey try` takes it.

        Of five sets three are of respondents that the profiles describe, one of them as it should
        be and two disturbed; two are drawn from the form's own rules, one of them with the
        questions blank that are not asked, as a person would leave them.
        """
        kind = self.seed // (len(OURS) * len(LANGUAGES)) % 5
        if kind in (0, 3, 4):
            valid = _respondent(self.form, self.seed, self.language)
            return disturbed(self.questionnaire, valid, self.chance) if kind else valid
        drawn = _in_excel(self.questionnaire, self.drawing.draw(self.seed))
        return self._obedient(drawn) if kind == 1 else drawn

    @property
    def chance(self) -> Random:
        """The set's own chance."""
        return Random(self.name)  # noqa: S311 - a seeded draw

    def _obedient(self, answers: Answers) -> Answers:
        """Without the answers to questions that are not asked."""
        drawing = self.drawing
        tried = try_answers(self.questionnaire, answers, today=drawing.today, now=drawing.now)
        return _in_excel(self.questionnaire, _asked_of(answers, frozenset(tried.asked), ""))

    @cached_property
    def written(self) -> Answers:
        """The same as a person writes it; blanks are left out."""
        return _spelled(self.questionnaire, self.answers, self.chance)

    @property
    def places(self) -> list[str]:
        """What is answered: a question, in a repeat `repeat[2]/question`."""
        return list(_places(self.answers, ""))

    def typed(self, form: Path) -> list[tuple[str, str, str]]:
        """Sheet, address and text of everything to be typed, as a drop-down would give it."""
        template, names = _template(form)
        writing = _Writing(template, {name: {} for name in template.sheets}, {})
        writing.add("", "", self.written, parent="")
        return [
            (names[int(re.sub(r"\D", "", template.sheets[table].part)) - 1], address, text)
            for table, cells in writing.values.items()
            for address, (text, _) in cells.items()
        ]


def cases(numbers: range) -> list[Case]:
    """Sets by number: the four forms in turn, and with each round the next language."""
    return [
        Case(OURS[at % len(OURS)], LANGUAGES[(at // len(OURS)) % len(LANGUAGES)], at)
        for at in numbers
    ]


def exported(case: Case, folder: Path) -> Path:
    """The form of a case, written once into a folder."""
    path = folder / f"{case.form.name}.{case.language}.xlsx"
    if not path.exists():
        write_excel_form(case.questionnaire, case.language, path)
    return path


@lru_cache(maxsize=8)
def _drawing(form: Tried) -> Drawing:
    return drawing_of(form)


def _respondent(form: Tried, seed: int, language: str) -> Answers:
    """A respondent who does not exist (SYNTHETIC), like those of the form's profile."""
    study = open_study(PROJECT)
    profile = read_profile(study, form.questionnaire.form_id)
    rows = source_rows(study, profile.source)
    (drawn,) = draw(form.questionnaire, 1, seed, profile=profile, rows=rows, languages=[language])
    return _in_excel(form.questionnaire, without_calculated(form.questionnaire, drawn))


@lru_cache(maxsize=16)
def _template(form: Path) -> tuple[_Template, list[str]]:
    return _read_template(form), CalamineWorkbook.from_path(form).sheet_names


def _in_excel(form: Questionnaire, answers: Answers) -> Answers:
    """What an Excel form can hold: its own questions, and no row of a table without any answer."""
    kept: Answers = {}
    for name, answer in answers.items():
        if name in form.repeats:
            rows = [_in_excel(form, row) for row in answer]
            kept[name] = [row for row in rows if any(one is not None for one in row.values())]
        elif is_asked(form.by_name[name].question):
            time = form.by_name[name].question.type_name == "time"
            kept[name] = answer[:5] if answer and time else answer
    return kept


def _asked_of(answers: Answers, asked: frozenset[str], around: str) -> Answers:
    kept: Answers = {}
    for name, answer in answers.items():
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):
            rows = enumerate(answer, start=1)
            kept[name] = [_asked_of(row, asked, f"{around}{name}[{at}]/") for at, row in rows]
        elif f"{around}{name}" in asked:
            kept[name] = answer
    return kept


def _spelled(form: Questionnaire, answers: Answers, random: Random) -> Answers:
    kept: Answers = {}
    for name, answer in answers.items():
        if name in form.repeats:
            kept[name] = [_spelled(form, row, random) for row in answer]
        elif answer is None or answer == []:
            continue
        elif form.by_name[name].question.type_name == "date":
            kept[name] = _day(answer, random)
        else:
            kept[name] = answer if isinstance(answer, list) else str(answer)
    return kept


def _day(iso: str, random: Random) -> str:
    year, month, day = map(int, iso.split("-"))
    known = _SPELLINGS if year >= _FIRST_SHORT_YEAR else _SPELLINGS[:-1]
    return random.choice(known)(year, month, day)


def _places(answers: Answers, around: str) -> Iterator[str]:
    for name, answer in answers.items():
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):
            for number, row in enumerate(answer, start=1):
                yield from _places(row, f"{around}{name}[{number}]/")
        elif answer is not None and answer != []:
            yield f"{around}{name}"


def people(form: Questionnaire) -> frozenset[str]:
    """The questions that an Excel form asks."""
    return frozenset(
        item.name
        for item in form.items
        if item.question.row.filled is Filled.PERSON and is_asked(item.question)
    )
