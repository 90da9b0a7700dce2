"""The paper form: a Word document to print, ask from and write into."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.forms.excel_layout import Kind, Line, is_asked, lay_out
from pipeline.forms.excel_style import section_colour, section_tint
from pipeline.forms.excel_words import readable
from pipeline.forms.paper_answers import answer_space
from pipeline.forms.paper_document import (
    CELL_MARGIN,
    STAR,
    WIDTH,
    cell,
    document_bytes,
    paragraph,
    row,
    run,
    shade,
    table,
)
from pipeline.forms.paper_skips import Skips
from pipeline.forms.paper_tables import repeat_table
from pipeline.forms.paper_words import said
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Group, Question, Questionnaire, Repeat
from pipeline.store import write_bytes

_HOW = ("how_tick", "how_skip", "how_only", "how_required")
_NAME_WIDTH = 60


def write_paper_form(questionnaire: Questionnaire, language: str, path: Path) -> None:
    """Write the paper form in one of the questionnaire's languages.

    Questions have the numbers that they have in the Excel form of the same language.
    """
    write_bytes(path, paper_bytes(questionnaire, language))


def paper_bytes(questionnaire: Questionnaire, language: str) -> bytes:
    """The paper form as .docx; equal questionnaires give equal bytes."""
    layout = lay_out(questionnaire, language)
    page = _Page(questionnaire, language, Skips(questionnaire, language, layout))
    title = readable(questionnaire.title, language) or questionnaire.form_id
    version = f"{said('version', language)} {questionnaire.version}".strip()
    form = f"{questionnaire.form_id}  ·  {version}  ·  {language}"
    return document_bytes(page.body(title), language=language, title=title, form=form)


@dataclass(frozen=True)
class _Page:
    questionnaire: Questionnaire
    language: str
    skips: Skips

    def say(self, key: str, **parts: object) -> str:
        return said(key, self.language, **parts)

    def body(self, title: str) -> Iterator[str]:
        yield from self._opening(title)
        for line in self.skips.layout.lines:
            yield from self._line(line)
        yield paragraph("PaperEnd", run(self.say("end")))

    def _opening(self, title: str) -> Iterator[str]:
        form = self.questionnaire
        version = f"{self.say('version')} {form.version}"
        told = f"{self.say('form')} {form.form_id}{self.say('comma')}{version}"
        yield paragraph("PaperTitle", run(title))
        serial = f"        {self.say('serial')} \t"
        yield paragraph("PaperForm", run(told), run(serial))
        how = paragraph("PaperHow", run(self.say("how_to"), bold=True))
        how += "".join(paragraph("PaperHow", run(f"•  {self.say(key)}")) for key in _HOW)
        box = row([cell(WIDTH, how, fill="F3F4F6")])
        yield table([WIDTH], [box], lines=True, indent=CELL_MARGIN)

    def _line(self, line: Line) -> Iterator[str]:
        node, label = line.node, readable(line.node.label, self.language)
        if isinstance(node, Question):
            if line.kind is Kind.NOTE:
                yield from self._note(node, label)
            elif line.kind is not Kind.CHOICE:
                yield from self._question(line, node, label)
        elif line.kind is Kind.TABLE and isinstance(node, Repeat):
            yield from self._table(line, node, label)
        elif isinstance(node, Group):
            yield from self._part(line, node, label)
        else:
            yield self._band(line, label)

    def _band(self, line: Line, label: str) -> str:
        fill = shade(section_colour(line.section))
        return paragraph("Heading1", run(f" {label}"), extra=fill)

    def _part(self, line: Line, node: Group, label: str) -> Iterator[str]:
        if line.kind is Kind.SECTION:
            yield self._band(line, label)
        else:
            fill = shade(section_tint(line.section))
            text = run(f" {label}", colour=section_colour(line.section))
            yield paragraph("PaperPart", text, extra=fill)
        if condition := self.skips.only_if(node.relevant, "section_only_if"):
            yield paragraph("PaperSkip", run(condition), extra='<w:ind w:left="0"/>')
        if hint := readable(node.hint, self.language, self.skips.numbers):
            yield paragraph("PaperHint", run(hint), extra='<w:ind w:left="0"/>')

    def _note(self, node: Question, label: str) -> Iterator[str]:
        if condition := self.skips.only_if(node.relevant):
            yield paragraph("PaperSkip", run(condition), extra='<w:ind w:left="0"/>')
        text = readable(node.label, self.language, self.skips.numbers) or label
        yield paragraph("PaperNote", run(text), extra="<w:keepNext/>" + shade("F3F4F6"))

    def _question(self, line: Line, node: Question, label: str) -> Iterator[str]:
        if condition := self.skips.only_if(node.relevant):
            yield paragraph("PaperSkip", run(condition))
        number = run(f"{line.number}\t", colour=section_colour(line.section))
        text = run(readable(node.label, self.language, self.skips.numbers) or label or node.name)
        yield paragraph("PaperQuestion", number, text, STAR if node.required else "")
        yield from self._hints(node)
        if is_asked(node):
            yield from answer_space(node, self.skips)
        else:
            yield paragraph("PaperBlank", run(phrase("not_here", self.language)))

    def _hints(self, node: Question) -> Iterator[str]:
        if hint := readable(node.hint, self.language, self.skips.numbers):
            yield paragraph("PaperHint", run(hint))
        if guidance := readable(node.guidance_hint, self.language, self.skips.numbers):
            text = self.say("interviewer", text=guidance)
            yield paragraph("PaperInterviewer", run(text))

    def _table(self, line: Line, node: Repeat, label: str) -> Iterator[str]:
        if condition := self.skips.only_if(node.relevant):
            yield paragraph("PaperSkip", run(condition))
        number = run(f"{line.number}\t", colour=section_colour(line.section))
        yield paragraph("PaperQuestion", number, run(label or node.repeat))
        if hint := readable(node.hint, self.language, self.skips.numbers):
            yield paragraph("PaperHint", run(hint))
        count = node.repeat_count or ""
        if count and not count.isdecimal():
            told = self.say("times", count=self.skips.in_words(count))
            yield paragraph("PaperHint", run(told))
        yield from repeat_table(self.skips.layout.tables[node.repeat], self.skips)
