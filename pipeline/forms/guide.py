"""The guide beside a form: two pages, in its language, with pictures of that very form."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl.workbook import Workbook

from pipeline.forms.excel import numbers_of
from pipeline.forms.excel_keys import FormMark
from pipeline.forms.excel_layout import lay_out
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_slots import ANSWERED, BLANK, MISSING, NOT_ASKED, WRONG, slots_of
from pipeline.forms.excel_states import AMBER, PALE_GREY, PALE_RED
from pipeline.forms.excel_style import ANSWER_FILL, WHITE, section_colour
from pipeline.forms.excel_words import readable
from pipeline.forms.guide_examples import Examples, examples_of
from pipeline.forms.guide_pictures import cover_picture, questions_picture
from pipeline.forms.paper_document import (
    cell,
    document_bytes,
    paragraph,
    picture,
    row,
    run,
    shade,
    table,
)
from pipeline.forms.phrases_guide import guided
from pipeline.questionnaire.model import Questionnaire
from pipeline.store import write_bytes

_LEGEND = (
    (BLANK, "is_blank", ANSWER_FILL),
    (MISSING, "is_missing", AMBER),
    (ANSWERED, "is_answered", WHITE),
    (NOT_ASKED, "is_skipped", PALE_GREY),
    (WRONG, "is_wrong", PALE_RED),
)
_SWATCH, _BESIDE = 700, 8800
"""Widths in twentieths of a point."""
_SHEETS = 3


def write_guide(questionnaire: Questionnaire, language: str, path: Path) -> None:
    """Write the guide of a form in one of the questionnaire's languages."""
    write_bytes(path, guide_bytes(questionnaire, language))


def guide_bytes(questionnaire: Questionnaire, language: str) -> bytes:
    """The guide as .docx; equal questionnaires give equal bytes."""
    layout = lay_out(questionnaire, language)
    numbers = numbers_of(layout)
    mark = FormMark(questionnaire.form_id, questionnaire.version, language, "")
    slots = slots_of(questionnaire, layout)
    drawing = Drawing(Workbook(), questionnaire, language, layout, mark, {}, numbers, slots)
    guide = _Guide(drawing, examples_of(drawing))
    title = guided("title", language, title=guide.title)
    form = f"{questionnaire.form_id}  ·  {questionnaire.version}".rstrip(" ·")
    pictures = [questions_picture(guide.examples, guide.headings())]
    pictures.append(cover_picture(guide.examples, guide.title, drawing.say("to_do")))
    return document_bytes(
        guide.body(title), language=language, title=title, form=form, pictures=pictures
    )


@dataclass(frozen=True)
class _Guide:
    drawing: Drawing
    examples: Examples

    @property
    def title(self) -> str:
        form = self.drawing.questionnaire
        return readable(form.title, self.drawing.language) or form.form_id

    def say(self, key: str, **parts: object) -> str:
        return guided(key, self.drawing.language, **parts)

    def headings(self) -> tuple[str, str, str, str]:
        number, question, answer, remark = (
            self.drawing.say(f"heading_{name}")
            for name in ("number", "question", "answer", "remark")
        )
        return number, question, answer, remark

    def body(self, title: str) -> Iterator[str]:
        form, language = self.drawing.mark.form_id, self.drawing.language
        cover, go = self.drawing.layout.cover, self.drawing.say("go")
        yield paragraph("GuideTitle", run(title))
        yield paragraph("PaperNote", run(self.say("intro")))
        yield self._heading("open")
        file = f"{form}.{language}.xlsx"
        yield paragraph("PaperNote", run(self.say("open_text", file=file, cover=cover, go=go)))
        yield self._heading("fill")
        yield paragraph("PaperNote", run(self.say("fill_text")))
        if self.examples.lines:
            yield picture(0)
            yield paragraph("PaperForm", run(self.say("example")))
        yield self._legend()
        for text in self._ways():
            yield paragraph("PaperNote", run(text))
        yield self._heading("check", on="<w:pageBreakBefore/>")
        yield paragraph("PaperNote", run(self.say("check_text")))
        if self.examples.lines:
            yield picture(1)
        yield self._heading("return")
        name = f"{form}_{self.drawing.say('your_code')}.xlsx"
        yield paragraph("PaperNote", run(self.say("return_text", name=name)))
        yield paragraph("PaperNote", run(self.say("queries")))

    def _heading(self, key: str, on: str = "") -> str:
        extra = on + shade(section_colour(0))
        return paragraph("Heading1", run(self.say(key)), extra=extra)

    def _legend(self) -> str:
        rows = [
            row(
                [
                    cell(_SWATCH, paragraph("PaperRow", run(" ")), fill=fill),
                    cell(_BESIDE, paragraph("PaperRow", run(self.say(key)))),
                ]
            )
            for _, key, fill in _LEGEND
        ]
        return table([_SWATCH, _BESIDE], rows, lines=True, indent=108)

    def _ways(self) -> Iterator[str]:
        items = self.drawing.questionnaire.items
        if any(item.question.type_name == "date" for item in items):
            yield self.say("dates")
        yield self.say("lists", mark=self.drawing.say("tick"))
        yield self.say("numbers")
        sheets = [table.sheet for table in self.drawing.layout.tables.values()]
        if sheets:
            yield self.say("tables", sheets=self.say("and").join(sheets[:_SHEETS]))
        yield self.say("pasted")
