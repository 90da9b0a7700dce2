"""Findings as a Word document of one page, whose links lead to the tables beside it."""

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from pipeline.analysis.findings import Finding
from pipeline.analysis.phrases import phrase
from pipeline.analysis.workbook_file import MOMENT, steady_zip

_FONTS = {"zh-Hant": "Microsoft JhengHei", "ja": "Yu Gothic"}
_LANGUAGES = {"zh-Hant": "zh-TW", "ja": "ja-JP"}
_LATIN = "Calibri"


def findings_document(
    title: str,
    parts: Sequence[tuple[str, Sequence[Finding]]],
    language: str,
    *,
    study: str,
    synthetic: bool,
) -> bytes:
    """The document, the same bytes for the same findings.

    Args:
        title: of the page.
        parts: (heading, findings) in their order.
        language: of the page.
        study: the study's title.
        synthetic: say that nobody was asked.
    """
    document = docx.Document()
    _set_page(document, language)
    document.add_paragraph(study).runs[0].font.color.rgb = RGBColor(0x55, 0x63, 0x6F)
    document.add_heading(title, level=1)
    if synthetic:
        document.add_paragraph(phrase("synthetic", language)).runs[0].bold = True
    for heading, findings in parts:
        document.add_heading(heading, level=2)
        for finding in findings:
            line = document.add_paragraph(style="List Bullet")
            line.add_run(f"{finding.text} ")
            _link(line, finding.title, finding.address)
            base = phrase("labelled", language, name=phrase("base", language), said=finding.base)
            line.add_run(phrase("aside", language, said="", more=base)).font.size = Pt(8.5)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = dt.datetime(*MOMENT)  # noqa: DTZ001 - a fixed moment
    properties.language = language
    made = io.BytesIO()
    document.save(made)
    return steady_zip(made.getvalue())


def _set_page(document: Document, language: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.6)
    for name, size in (("Normal", 9.5), ("List Bullet", 9.5), ("Heading 1", 15), ("Heading 2", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = _LATIN, Pt(size)
        style.paragraph_format.space_after = Pt(2)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        fonts.set(qn("w:eastAsia"), _FONTS.get(language, _LATIN))
        said = OxmlElement("w:lang")
        said.set(qn("w:val"), _LANGUAGES.get(language, language))
        said.set(qn("w:eastAsia"), _LANGUAGES.get(language, "zh-TW"))
        properties.append(said)


def _link(line: Paragraph, text: str, address: str) -> None:
    """A link to the table; the address is relative, so the folder can be moved."""
    place = line.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), place)
    run = line.add_run(text)
    run.font.underline, run.font.size = True, Pt(8.5)
    run.font.color.rgb = RGBColor(0x2F, 0x5D, 0x7C)
    link.append(run._element)  # noqa: SLF001 - the library makes no links
    line._element.append(link)  # noqa: SLF001 - as above
