"""Where an answer is written on paper: boxes to tick, lines, patterns for numbers and dates."""

from collections.abc import Iterator

from pipeline.forms.excel_layout import is_several
from pipeline.forms.excel_style import GREY, LINK, text_width
from pipeline.forms.excel_words import readable, type_hint, unit_of
from pipeline.forms.paper_document import TAKE_ALONG, WIDTH, cell, keep, paragraph, row, run, table
from pipeline.forms.paper_skips import Skips
from pipeline.forms.paper_words import blanks, said
from pipeline.questionnaire.model import Choice, Question
from pipeline.questionnaire.types import Storage

_BOX = "□"
_LINES = 4
_MOST_CIRCLES = 21
_COLUMN_WIDTHS = ((17.0, 4), (25.0, 3), (40.0, 2))
"""Widest choice, in widths of a Latin letter -> columns in which the choices stand."""
_FEW = 3
_TOGETHER = 10
"""Shorter lists do not break over pages."""


def answer_space(question: Question, skips: Skips) -> Iterator[str]:
    """The paragraphs and tables in which the answer to a question is written."""
    if question.row.list_kind == "list" and (choices := skips.questionnaire.choices_of(question)):
        if how := how_to_choose(question, skips):
            yield paragraph("PaperHint", run(how))
        yield from _choices(question, choices, skips)
    elif numbers := circles(question):
        yield paragraph("PaperHint", run(said("circle_one", skips.language)))
        yield paragraph("PaperBlank", run("      ".join(numbers), size=12))
    elif question.storage is Storage.TEXT or question.row.list_kind:
        if hint := type_hint(question, skips.language):
            yield paragraph("PaperHint", run(hint))
        lines = _LINES if "multiline" in (question.appearance or "") else 1
        for at in range(lines):
            yield paragraph("PaperLine", run("\t"), extra=keep(following=at + 1 < lines))
    else:
        yield paragraph("PaperBlank", run(pattern(question, skips.language)))


def how_to_choose(question: Question, skips: Skips) -> str:
    """`Tick one.`, `Tick all that apply.`, and by which answer the list is narrowed.

    What the question's own hint says already is not said again.
    """
    several = "rank_all" if question.type_name == "rank" else "tick_all"
    how = said(several if is_several(question) else "tick_one", skips.language)
    if readable(question.hint, skips.language) == how:
        how = ""
    return f"{how} {skips.fitting(question.choice_filter)}".strip()


def pattern(question: Question, language: str) -> str:
    """A short blank with its unit, or a date's or time's parts."""
    match question.type_name:
        case "date" | "time":
            return blanks(question.type_name, language)
        case "dateTime":
            return f"{blanks('date', language)}     {blanks('time', language)}"
        case "geopoint":
            return blanks("place", language)
        case "acknowledge" | "trigger":
            return f"{_BOX}  {said('confirmed', language)}"
        case "integer":
            return f"{'_' * 14}  {unit_of(question.unit, language) or said('whole', language)}"
        case _:
            return f"{'_' * 18}  {unit_of(question.unit, language)}".rstrip()


def circles(question: Question) -> list[str]:
    """The numbers of a `range`, where they are few enough to be circled."""
    if question.type_name != "range":
        return []
    try:
        start, end, step = (
            float(question.parameters.get(key, other))
            for key, other in (("start", "1"), ("end", "10"), ("step", "1"))
        )
    except ValueError:
        return []
    many = int((end - start) / step + 1e-9) + 1 if step > 0 else 0
    if not 1 < many <= _MOST_CIRCLES:
        return []
    return [f"{start + step * at:g}" for at in range(many)]


def box(question: Question) -> str:
    """What stands before a choice: a box to tick, or a line for its rank."""
    return run("____" if question.type_name == "rank" else _BOX, box=True)


def choice_label(choice: Choice, question: Question, language: str) -> str:
    """A choice's words, with a remark where no other goes with it."""
    label = readable(choice.label, language) or choice.name
    alone = choice.exclusive and is_several(question)
    return f"{label} {said('alone', language)}" if alone else label


def _choices(question: Question, choices: tuple[Choice, ...], skips: Skips) -> Iterator[str]:
    jumps = skips.jumps(question)
    labels = [choice_label(choice, question, skips.language) for choice in choices]
    told = [jumps.get(choice.name, "") for choice in choices]
    shown = [
        (
            box(question),
            run(f"\t{label}"),
            run(f"   {jump}", colour=LINK, bold=True) if jump else "",
        )
        for label, jump in zip(labels, told, strict=True)
    ]
    columns = _columns(labels) if not jumps else 1
    if columns == 1:
        last = len(shown) - 1
        for at, runs in enumerate(shown):
            together = at < last and (last < _TOGETHER or at in {0, last - 1})
            yield paragraph("PaperChoice", *runs, extra=keep(following=together))
        return
    width = (WIDTH - TAKE_ALONG) // columns
    cells = [cell(width, paragraph("PaperCell", *runs)) for runs in shown]
    cells += [cell(width, paragraph("PaperCell"))] * (-len(cells) % columns)
    rows = [
        row(cells[at : at + columns], together=at + columns < len(cells))
        for at in range(0, len(cells), columns)
    ]
    yield table([width] * columns, rows, lines=False, indent=TAKE_ALONG)
    yield paragraph("PaperGap", run("", colour=GREY))


def _columns(labels: list[str]) -> int:
    if len(labels) <= _FEW:
        return 1
    widest = max(text_width(label) for label in labels)
    return next((columns for most, columns in _COLUMN_WIDTHS if widest <= most), 1)
