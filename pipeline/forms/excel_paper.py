"""What every answer sheet has: hidden keys, protection, page, footer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from openpyxl.cell.rich_text import CellRichText
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_keys import FormMark
from pipeline.forms.excel_layout import Layout
from pipeline.forms.excel_offer import Offer
from pipeline.forms.excel_slots import FIRST_SLOT, Slots
from pipeline.forms.excel_style import GREY, INK, RED, Look, dress, look_of, put_formula, rich
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Question, Questionnaire

_A4 = 9
_MARGIN_INCHES = 0.45


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the parts of a form share while it is written.

    Attributes:
        book: the workbook.
        lists: choice list -> defined name of its labels.
        numbers: question -> its number as shown.
        slots: every answer with its row on the sheet of rules.
        consent: the question that asks for consent; the words before it stand on the cover.
        offers: row of a slot -> the choices that it offers after a filter.
        defaults: question -> what stands in its answer cell from the start.
        prefilled: question -> the answer of those that this copy alone holds, a choice by its name.
        unsaid: rows of slots of which Excel cannot say whether they are asked or needed.
        counted: repeats of which the form counts the rows.
        shown: sheet -> cell -> what its formula gives in an empty form.
    """

    book: Workbook
    questionnaire: Questionnaire
    language: str
    layout: Layout
    mark: FormMark
    lists: dict[str, str]
    numbers: dict[str, str]
    slots: Slots
    consent: str = "consent"
    offers: dict[int, Offer] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    prefilled: Mapping[str, str] = field(default_factory=dict)
    unsaid: set[int] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    shown: dict[str, dict[str, str | int]] = field(default_factory=dict)

    @property
    def look(self) -> Look:
        """Font and leading of the language."""
        return look_of(self.language)

    def lists_for(self, slot: int) -> Mapping[str, str]:
        """Choice list -> defined name of the labels that a slot shows."""
        offer = self.offers.get(slot)
        item = self.slots.rows[slot - FIRST_SLOT].item
        if offer is None or item is None or item.question.list_name not in self.lists:
            return self.lists
        return {**self.lists, item.question.list_name: offer.name}

    def say(self, key: str, **parts: object) -> str:
        """A fixed text in the form's language."""
        return phrase(key, self.language, **parts)


def put_live(
    drawing: Drawing,
    sheet: Worksheet,
    place: tuple[int, int],
    formula: str,
    *,
    style: str,
    empty: str | int | None,
) -> None:
    """Write a formula at (row, column), and what it gives in an empty form where that is known."""
    put_formula(sheet, *place, formula, style)
    if empty is not None:
        drawing.shown.setdefault(sheet.title, {})[sheet.cell(*place).coordinate] = empty


def start_sheet(drawing: Drawing, title: str, *, table: str = "") -> Worksheet:
    """Make a protected sheet whose hidden first cell says which form it belongs to."""
    sheet = cast("Worksheet", drawing.book.create_sheet(title))
    sheet["A1"] = replace(drawing.mark, table=table).text()
    dress(sheet["A1"], "key")
    sheet.row_dimensions[1].hidden = True
    sheet.sheet_view.showGridLines = False
    protect(sheet)
    return sheet


def protect(sheet: Worksheet) -> None:
    """Lock all but the answer cells; widths and heights may be changed, no password is needed."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = False
    protection.formatRows = False


def set_page(
    sheet: Worksheet,
    drawing: Drawing,
    *,
    landscape: bool = False,
    scale: int | None = None,
    one_page: bool = False,
) -> None:
    """Set A4, margins and a footer with form, version and page.

    Without a `scale` (percent) the sheet is made as wide as the page; Excel passes over manual page
    breaks in a sheet that is fitted to pages, so a sheet with breaks needs a scale.
    """
    setup = sheet.page_setup
    setup.paperSize = _A4
    setup.orientation = "landscape" if landscape else "portrait"
    if scale is None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        setup.fitToWidth = 1
        setup.fitToHeight = int(one_page)
    else:
        setup.scale = scale
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN_INCHES
    margins.bottom, margins.footer = 0.7, 0.35
    sheet.print_options.horizontalCentered = True
    mark = drawing.mark
    form = f"{mark.form_id}  {mark.version}  {mark.serial}".rstrip().replace("&", "&&")
    page = drawing.say("page", page="&P", pages="&N")
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=form, size=8), right=_HeaderFooterPart(text=page, size=8)
    )


def question_text(
    drawing: Drawing, question: Question, label: str, hint: str, *, size: float = 10.5
) -> CellRichText:
    """Label, a red star where an answer is required, and the hint below in grey."""
    star = f" {drawing.say('star')}" if question.required else ""
    return rich(
        drawing.look,
        (label, INK, size, False),
        (star, RED, size, True),
        (f"\n{hint}" if hint else "", GREY, size - 1.5, False),
    )
