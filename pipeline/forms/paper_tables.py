"""A repeat on paper: a row for each question and choice, a column for each thing asked about."""

from collections.abc import Iterator

from pipeline.forms.excel_layout import Table, is_asked
from pipeline.forms.excel_style import GREY, LINK, section_colour, section_tint
from pipeline.forms.excel_words import readable, unit_of
from pipeline.forms.paper_answers import box, choice_label, how_to_choose
from pipeline.forms.paper_document import CELL_MARGIN, STAR, WIDTH, cell, paragraph, row, run, table
from pipeline.forms.paper_skips import Skips
from pipeline.forms.paper_words import said
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Group, Node, Question

_MOST_ENTRIES = 4
_QUESTION_WIDTH = 4200
_ANSWER_HEIGHT = 620
_TOGETHER = 10
_CENTRED = '<w:jc w:val="center"/>'


def repeat_table(layout: Table, skips: Skips) -> Iterator[str]:
    """The table of one repeat; a repeat inside it follows as a table of its own."""
    entries = min(layout.rows, _MOST_ENTRIES)
    width = (WIDTH - _QUESTION_WIDTH) // entries
    yield paragraph("PaperHint", run(said("entries", skips.language, number=entries)))
    drawing = _Rows(layout, skips, entries, width)
    rows = [drawing.heading(), *drawing.belongs(), *drawing.below(layout.node.questions)]
    yield table([_QUESTION_WIDTH, *[width] * entries], rows, lines=True, indent=CELL_MARGIN)
    yield paragraph("PaperGap", run(""))


def _tick(node: Question) -> str:
    return paragraph("PaperRow", box(node), extra=_CENTRED)


class _Rows:
    """Draws the rows of one table."""

    def __init__(self, layout: Table, skips: Skips, entries: int, width: int) -> None:
        self.layout, self.skips, self.entries, self.width = layout, skips, entries, width
        self.tint = section_tint(layout.section)
        self.colour = section_colour(layout.section)

    def heading(self) -> str:
        names = [said("entry", self.skips.language, number=at + 1) for at in range(self.entries)]
        cells = [
            cell(
                self.width,
                paragraph("PaperRow", run(name, colour="FFFFFF", bold=True), extra=_CENTRED),
                fill=self.colour,
            )
            for name in names
        ]
        first = cell(_QUESTION_WIDTH, paragraph("PaperRow", run("")), fill=self.colour)
        return row([first, *cells], heading=True)

    def belongs(self) -> Iterator[str]:
        if self.layout.parent:
            outer = self.skips.questionnaire.repeats[self.layout.parent].node
            name = readable(outer.label, self.skips.language) or self.layout.parent
            asked = said("belongs", self.skips.language, table=name)
            yield self._answers(paragraph("PaperRow", run(asked, bold=True)), _ANSWER_HEIGHT)

    def below(self, nodes: tuple[Node, ...]) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, Group):
                yield from self._group(node)
                yield from self.below(node.questions)
            elif isinstance(node, Question):
                yield from self._question(node)

    def _group(self, node: Group) -> Iterator[str]:
        said_ = self._small(self.skips.only_if(node.relevant, "section_only_if"), LINK)
        said_ += self._small(readable(node.hint, self.skips.language, self.skips.numbers), GREY)
        if label := readable(node.label, self.skips.language):
            yield self._whole(
                paragraph("PaperRow", run(label, colour=self.colour, bold=True)) + said_
            )
        elif said_:
            yield self._whole(said_)

    def _question(self, node: Question) -> Iterator[str]:
        language, skips = self.skips.language, self.skips
        label = readable(node.label, language, skips.numbers)
        above = self._small(skips.only_if(node.relevant), LINK)
        if not is_asked(node):
            if node in self.layout.notes and label:
                remark = "" if node.type_name == "note" else phrase("not_here", language)
                yield self._whole(
                    above + paragraph("PaperRow", run(label)) + self._small(remark, GREY)
                )
            return
        number = run(f"{skips.numbers[node.name]}  ", colour=self.colour, bold=True)
        asked = above + paragraph(
            "PaperRow", number, run(label or node.name, bold=True), STAR if node.required else ""
        )
        asked += self._small(readable(node.hint, language, skips.numbers), GREY)
        if guidance := readable(node.guidance_hint, language, skips.numbers):
            asked += self._small(said("interviewer", language, text=guidance), "7A4B9A")
        listed = node.row.list_kind == "list"
        if choices := skips.questionnaire.choices_of(node) if listed else ():
            asked += self._small(how_to_choose(node, skips), GREY)
            yield self._whole(asked, together=True)
            for at, choice in enumerate(choices, start=1):
                more = at < len(choices) and len(choices) <= _TOGETHER
                words = paragraph("PaperRow", run(choice_label(choice, node, language)))
                yield self._answers(words, 0, _tick(node), together=more)
        else:
            asked += self._small(unit_of(node.unit, language), GREY)
            yield self._answers(asked, _ANSWER_HEIGHT)

    def _small(self, text: str, colour: str) -> str:
        return paragraph("PaperRow", run(text, colour=colour, size=8.5)) if text else ""

    def _whole(self, content: str, *, together: bool = False) -> str:
        width = _QUESTION_WIDTH + self.width * self.entries
        whole = cell(width, content, fill=self.tint, across=self.entries + 1)
        return row([whole], together=together)

    def _answers(self, asked: str, height: int, answer: str = "", *, together: bool = False) -> str:
        blank = answer or paragraph("PaperRow", run(""))
        first = cell(_QUESTION_WIDTH, asked)
        return row(
            [first, *[cell(self.width, blank)] * self.entries], height=height, together=together
        )
