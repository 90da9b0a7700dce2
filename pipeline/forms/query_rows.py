"""The rows of a workbook of queries: what was asked, what was answered, why it is asked again."""

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_checks import Check, Checks, check_of, choice_check
from pipeline.forms.excel_layout import is_several
from pipeline.forms.excel_questions import answer_style
from pipeline.forms.excel_style import (
    GREY,
    INK,
    Look,
    look_of,
    merge,
    put,
    put_formula,
    rich,
    section_style,
    span,
    text_height,
)
from pipeline.forms.excel_words import hint_of, readable, unit_of
from pipeline.forms.phrases import phrase
from pipeline.forms.phrases_queries import query_phrase
from pipeline.forms.query_decisions import decision_labels
from pipeline.forms.query_layout import WIDTHS, Column
from pipeline.forms.query_reasons import Speaker
from pipeline.queries import Interview, Query, choice_key
from pipeline.questionnaire.model import Question

_DONE_FILL, _DONE_INK = "DDF3E4", "1B6B3A"
_SIZE, _SMALL = 10.5, 9.0
_MOMENTS = {
    "date": ("only_date", "ISNUMBER(DATEVALUE({state}))"),
    "time": ("only_time", "ISNUMBER(TIMEVALUE({state}))"),
    "dateTime": ("only_datetime", "ISNUMBER(DATEVALUE({state}))"),
}


@dataclass
class RowWriter:
    """Writes the rows of one form's queries.

    Attributes:
        section: number of the form in the workbook; gives the colour.
        lists: choice list -> defined name of its labels.
        row: the next free row.
        shown: what formulas give before anything is answered, for viewers that work nothing out.
    """

    sheet: Worksheet
    speaker: Speaker
    checks: Checks
    section: int
    lists: Mapping[str, str]
    row: int
    shown: dict[str, str | int]
    asked: int = 0

    @property
    def look(self) -> Look:
        """Font and leading of the language."""
        return look_of(self.speaker.language)

    def add_interview(self, interview: Interview) -> None:
        """A band that says which return the rows below are about."""
        form = self.speaker.questionnaire
        parts = [
            query_phrase(
                "interview",
                self.speaker.language,
                form=readable(form.title, self.speaker.language) or form.form_id,
                serial=interview.serial,
            )
        ]
        parts += [part for part in (self._place(interview), interview.day) if part]
        style = section_style("subband", self.section)
        for column in range(Column.NUMBER, Column.COMMENT + 1):
            self.sheet.cell(self.row, column).style = style
        put(self.sheet, self.row, Column.NUMBER, "   ·   ".join(parts), style)
        merge(self.sheet, span(self.row, Column.NUMBER, self.row, Column.COMMENT))
        self.sheet.row_dimensions[self.row].height = 22
        self.row += 1

    def add_query(self, query: Query) -> None:
        """A row, and a further one for each choice where several can be chosen."""
        first, self.asked = self.row, self.asked + 1
        item = self.speaker.item(query)
        question = item.question if item else None
        self._words(query, question)
        put(self.sheet, first, Column.KEY, query.key.text(), "key")
        self._decision(query)
        self.sheet.cell(first, Column.COMMENT).style = "answer"
        several = question is not None and is_several(question)
        if question is not None and several:
            self._choices(query, question)
        elif question is not None:
            self._answer(question)
        else:
            self.sheet.cell(first, Column.ANSWER).style = "unit"
        self.row += 1
        self._state(first, has_answer=question is not None)

    def _place(self, interview: Interview) -> str:
        """The place's label, looked up in whichever list holds it."""
        for choices in self.speaker.questionnaire.choices.values():
            for choice in choices:
                if choice.name == interview.place:
                    return readable(choice.label, self.speaker.language) or choice.name
        return interview.place or ""

    def _words(self, query: Query, question: Question | None) -> None:
        number = section_style("number", self.section)
        put(self.sheet, self.row, Column.NUMBER, str(self.asked), number)
        label, hint = self._label(query, question)
        given, why = self.speaker.given(query), self.speaker.why(query)
        shown = rich(
            self.look,
            (label, INK, _SIZE, False),
            (f"\n{hint}" if hint else "", GREY, _SMALL, False),
        )
        put(self.sheet, self.row, Column.QUESTION, shown, "question")
        put(self.sheet, self.row, Column.GIVEN, given, "question")
        put(self.sheet, self.row, Column.WHY, why, "question")
        unit = unit_of(question.unit, self.speaker.language) if question else ""
        put(self.sheet, self.row, Column.UNIT, unit, "unit")
        heights = (
            [(label, WIDTHS["D"], _SIZE), *([(hint, WIDTHS["D"], _SMALL)] if hint else [])],
            [(given, WIDTHS["E"], _SIZE)],
            [(why, WIDTHS["F"], _SIZE)],
        )
        height = max(text_height(self.look, parts, least=30) for parts in heights)
        self.sheet.row_dimensions[self.row].height = height

    def _label(self, query: Query, question: Question | None) -> tuple[str, str]:
        language = self.speaker.language
        if question is None:
            return query_phrase("whole", language), ""
        number = self.speaker.numbers.get(query.key.question or "", "")
        label = f"{number}  {self.speaker.label(question)}".strip()
        if query.key.position is not None:
            label = f"{label} ({query_phrase('row', language, position=query.key.position)})"
        return label, hint_of(question, language, self.speaker.numbers)

    def _answer(self, question: Question) -> None:
        cell = self.sheet.cell(self.row, Column.ANSWER)
        cell.style = answer_style(question)
        self.checks.add(
            answer_check(question, self.speaker.language, self.lists),
            cell.coordinate,
            cell.coordinate,
        )

    def _choices(self, query: Query, question: Question) -> None:
        language, form = self.speaker.language, self.speaker.questionnaire
        self.sheet.cell(self.row, Column.ANSWER).style = "unit"
        check = choice_check(question, form, language)
        for choice in form.choices_of(question):
            self.row += 1
            label = readable(choice.label, language) or choice.name
            key = choice_key(query.key, choice.name)
            put(self.sheet, self.row, Column.KEY, key, "key")
            self.sheet.cell(self.row, Column.NUMBER).style = section_style("number", self.section)
            put(self.sheet, self.row, Column.QUESTION, label, "choice")
            for column in (Column.GIVEN, Column.WHY, Column.UNIT, Column.DECISION, Column.COMMENT):
                self.sheet.cell(self.row, column).style = "unit"
            cell = self.sheet.cell(self.row, Column.ANSWER)
            cell.style = "answer_number" if question.type_name == "rank" else "tick"
            self.checks.add(check, cell.coordinate)
            height = text_height(self.look, [(label, WIDTHS["D"] - 4, _SIZE)], least=18)
            self.sheet.row_dimensions[self.row].height = height

    def _decision(self, query: Query) -> None:
        language = self.speaker.language
        cell = self.sheet.cell(self.row, Column.DECISION)
        cell.style = "answer"
        self.checks.add(decision_check(query, language), cell.coordinate)

    def _state(self, first: int, *, has_answer: bool) -> None:
        """1 where the query has been answered, for the colour of its number and the count."""
        answer, decision = (get_column_letter(c) for c in (Column.ANSWER, Column.DECISION))
        last = self.row - 1
        start = first + 1 if last > first else first
        counted = f"COUNTA({answer}{start}:{answer}{last})+" if has_answer else ""
        formula = f"=IF({counted}COUNTA({decision}{first})>0,1,0)"
        put_formula(self.sheet, first, Column.STATE, formula, "key")
        self.shown[f"{get_column_letter(Column.STATE)}{first}"] = 0


def answer_check(question: Question, language: str, lists: Mapping[str, str]) -> Check | None:
    """The check of an answer cell, which stands alone here: without the form's helper cells."""
    if question.type_name in _MOMENTS:
        words, formula = _MOMENTS[question.type_name]
        return Check("custom", formula, message=phrase(words, language), warns=True)
    check = check_of(question, language, lists)
    return None if check is None or check.kind == "custom" else check


def decision_check(query: Query, language: str) -> Check:
    """The list of decisions."""
    offered = decision_labels(query.about, language, is_hidden=query.is_hidden)
    labels = ",".join(offered.values())
    return Check("list", f'"{labels}"', message=query_phrase("choose_decision", language))


def colour_done(sheet: Worksheet, first: int, last: int) -> None:
    """Turn the number of an answered query green."""
    number, state = (get_column_letter(c) for c in (Column.NUMBER, Column.STATE))
    fill = PatternFill("solid", start_color=_DONE_FILL, end_color=_DONE_FILL)
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[f"${state}{first}=1"], fill=fill, font=Font(color=_DONE_INK, bold=True)
    )
    sheet.conditional_formatting.add(f"{number}{first}:{number}{last}", rule)
