"""The parts of a Word document that a paper form is drawn with, and a file of steady bytes."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

import docx
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.pkgwriter import _ContentTypesItem
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from pipeline.forms.excel_style import GREY, INK, LINE, RED, look_of
from pipeline.forms.office_file import SteadyArchive
from pipeline.forms.phrases import phrase

WIDTH = 9640
"""Width of the text on A4 with 2 cm margins, in twentieths of a point."""
_PICTURE_CM = 16.6
"""Width of a picture, a little less than that of the text."""
TAKE_ALONG = 560
"""Indent of what stands below a question's number."""
CELL_MARGIN = 108
"""A lined table begins this far in, so that its edge meets the margin."""
_STYLED = re.compile(r'<w:pStyle w:val="\w+"/>')
_MOMENT = dt.datetime(2011, 8, 1)  # noqa: DTZ001 - the format knows no zone; no clock is read
_PICTURE_PLACES = "w:p[w:pPr/w:pStyle/@w:val='PaperPicture']"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SECOND_FONT = {"Calibri": "Microsoft JhengHei"}
_LINE_TAB = f'<w:tabs><w:tab w:val="right" w:leader="underscore" w:pos="{WIDTH}"/></w:tabs>'
_KEEP = "<w:keepNext/><w:keepLines/>"


def run(
    text: str, *, colour: str = "", size: float = 0, bold: bool = False, box: bool = False
) -> str:
    """Words; line breaks and tabs in them are kept. A `box` is drawn in the East Asian font."""
    marks = ('<w:rFonts w:hint="eastAsia"/>' if box else "") + ("<w:b/>" if bold else "")
    marks += f'<w:color w:val="{colour}"/>' if colour else ""
    marks += f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    safe = escape(_UNPRINTABLE.sub("", text))
    words = f'<w:t xml:space="preserve">{safe}</w:t>'
    for mark, element in (("\n", "<w:br/>"), ("\t", "<w:tab/>")):
        words = words.replace(mark, f'</w:t>{element}<w:t xml:space="preserve">')
    return f"<w:r><w:rPr>{marks}</w:rPr>{words}</w:r>"


def paragraph(style: str, *runs: str, extra: str = "") -> str:
    """A paragraph in a named style; `extra` are further properties, in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{"".join(runs)}</w:p>'


def keep(*, following: bool) -> str:
    """Property of a paragraph that stays on the page of the one after it."""
    return "<w:keepNext/>" if following else ""


def shade(colour: str) -> str:
    """Property of a paragraph on a coloured band."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def cell(width: int, content: str, *, fill: str = "", across: int = 1) -> str:
    """A cell of a table, of this width in twentieths of a point."""
    marks = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    marks += f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    marks += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tc><w:tcPr>{marks}<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'


def row(
    cells: Iterable[str], *, height: int = 0, heading: bool = False, together: bool = False
) -> str:
    """A row that does not break over pages; a heading comes again on each page.

    A row that is kept `together` with the next one stands on its page.
    """
    marks = "<w:cantSplit/>"
    marks += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    marks += "<w:tblHeader/>" if heading else ""
    content = "".join(cells)
    if together:
        content = _STYLED.sub(r"\g<0><w:keepNext/>", content)
    return f"<w:tr><w:trPr>{marks}</w:trPr>{content}</w:tr>"


def table(widths: list[int], rows: Iterable[str], *, lines: bool, indent: int = 0) -> str:
    """A table of fixed column widths, with lines around its cells or without any."""
    value = "single" if lines else "nil"
    sides = "".join(
        f'<w:{side} w:val="{value}" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{indent}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}'
        "</w:tbl>"
    )


def picture(number: int) -> str:
    """The place of a picture, by its number from 0 among those given to `document_bytes`."""
    return paragraph("PaperPicture", run(str(number)))


def document_bytes(
    body: Iterable[str], *, language: str, title: str, form: str, pictures: Sequence[bytes] = ()
) -> bytes:
    """The paragraphs and tables as a .docx on A4 with form and page in the footer."""
    document = docx.Document(io.BytesIO(_template(language)))
    section = document.sections[0]
    whole = parse_xml(f"<w:body {nsdecls('w')}>{''.join(body)}</w:body>")
    last = document.element.body[-1]
    for element in list(whole):
        last.addprevious(element)
    for place in document.element.body.xpath(_PICTURE_PLACES) if pictures else ():
        at = Paragraph(place, document._body)  # noqa: SLF001 - only so may a picture be put in
        image = io.BytesIO(pictures[int(at.text)])
        at.text = ""
        at.add_run().add_picture(image, width=Cm(_PICTURE_CM))
    section.footer.is_linked_to_previous = False
    footer = section.footer._element  # noqa: SLF001 - the library draws no fields
    for old in list(footer):
        footer.remove(old)
    footer.append(parse_xml(_footer(form, language)))
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = _MOMENT
    properties.language = language
    return _steady(document)


@lru_cache(maxsize=8)
def _template(language: str) -> bytes:
    """An empty document on A4 with the styles of a language."""
    document = docx.Document()
    _set_styles(document, language)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = Cm(2)
    section.bottom_margin, section.footer_distance = Cm(1.9), Cm(0.9)
    return _steady(document)


def _steady(document: docx.document.Document) -> bytes:
    made = io.BytesIO()
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    with SteadyArchive(made) as archive:
        parts = [(CONTENT_TYPES_URI, _ContentTypesItem.from_parts(package.parts).blob)]  # type: ignore[no-untyped-call]
        parts += [(PACKAGE_URI.rels_uri, package.rels.xml)]
        for part in package.parts:
            parts += [(part.partname, part.blob)]
            parts += [(part.partname.rels_uri, part.rels.xml)] if len(part.rels) else []
        for name, content in parts:
            archive.writestr(name.membername, content)
    return made.getvalue()


def _footer(form: str, language: str) -> str:
    fields = {"\1": "PAGE", "\2": "NUMPAGES"}
    parts = re.split(r"([\1\2])", phrase("page", language, page="\1", pages="\2"))
    page = "".join(
        f'<w:fldSimple w:instr="{fields[part]}">{run("1")}</w:fldSimple>'
        if part in fields
        else run(part)
        for part in parts
        if part
    )
    text = paragraph("PaperFooter", run(form), run("\t"), page)
    return text.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)


def _set_styles(document: docx.document.Document, language: str) -> None:
    font = look_of(language).font
    fonts = (
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" '
        f'w:eastAsia="{_SECOND_FONT.get(font, font)}"/>'
    )
    styles = document.styles.element
    kept = {"Normal", "TableNormal", "DefaultParagraphFont", "NoList"}
    for style in list(styles.style_lst):
        if style.styleId not in kept:
            styles.remove(style)
    east = language if language in {"ja", "zh-Hant"} else "zh-Hant"
    east = {"ja": "ja-JP", "zh-Hant": "zh-TW"}[east]
    defaults = styles.find(f"{{{styles.nsmap['w']}}}docDefaults")
    styles.replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{fonts}"
            f'<w:color w:val="{INK}"/><w:sz w:val="20"/><w:szCs w:val="20"/>'
            f'<w:lang w:val="en-GB" w:eastAsia="{east}"/></w:rPr></w:rPrDefault>'
            "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
        ),
    )
    for name, rule in _STYLES.items():
        styles.append(parse_xml(_style(name, *rule)))


def _style(name: str, paragraphs: str, words: str) -> str:
    shown = "heading 1" if name == "Heading1" else name
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraphs}</w:pPr>'
        f"<w:rPr>{words}</w:rPr></w:style>"
    )


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _type(size: float, colour: str = INK, *, bold: bool = False, italic: bool = False) -> str:
    marks = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    return f'{marks}<w:color w:val="{colour}"/><w:sz w:val="{round(size * 2)}"/>'


_IN = f'<w:ind w:left="{TAKE_ALONG}"/>'
_HANGING = f'<w:ind w:left="{TAKE_ALONG}" w:hanging="{TAKE_ALONG}"/>'
_CHOICE = f'<w:ind w:left="{TAKE_ALONG + 360}" w:hanging="360"/>'
_STYLES: dict[str, tuple[str, str]] = {
    "PaperTitle": (_spacing(0, 60), _type(22, bold=True)),
    "GuideTitle": (_spacing(0, 60), _type(18, bold=True)),
    "PaperForm": (_LINE_TAB + _spacing(0, 160), _type(9.5, GREY)),
    "PaperHow": (_spacing(20, 20) + '<w:ind w:left="120" w:right="120"/>', _type(9.5)),
    "Heading1": (
        _KEEP + _spacing(320, 80) + '<w:outlineLvl w:val="0"/>',
        _type(13, "FFFFFF", bold=True),
    ),
    "PaperPart": (_KEEP + _spacing(200, 40), _type(11, bold=True)),
    "PaperSkip": (_KEEP + _spacing(140, 0) + _IN, _type(9, "1D4E89", bold=True)),
    "PaperQuestion": (_KEEP + _spacing(140, 20) + _HANGING, _type(10.5, bold=True)),
    "PaperHint": (_KEEP + _spacing(0, 20) + _IN, _type(9, GREY)),
    "PaperInterviewer": (_KEEP + _spacing(0, 20) + _IN, _type(9, "7A4B9A", italic=True)),
    "PaperNote": ("<w:keepLines/>" + _spacing(100, 60), _type(10)),
    "PaperChoice": ("<w:keepLines/>" + _spacing(10, 10) + _CHOICE, _type(10)),
    "PaperCell": (_spacing(10, 10) + '<w:ind w:left="360" w:hanging="360"/>', _type(10)),
    "PaperRow": (_spacing(10, 10), _type(9.5)),
    "PaperBlank": (_spacing(120, 40) + _IN, _type(10, GREY)),
    "PaperLine": (_LINE_TAB + _spacing(180, 0) + _IN, _type(10, GREY)),
    "PaperEnd": (_spacing(240, 0) + '<w:jc w:val="center"/>', _type(11, bold=True)),
    "PaperPicture": (_KEEP + _spacing(40, 40), _type(10)),
    "PaperGap": (_spacing(0, 0), _type(4)),
    "PaperFooter": (
        (
            f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="{LINE}"/></w:pBdr>'
            f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH}"/></w:tabs>'
        ),
        _type(8, GREY),
    ),
}

STAR = run(" *", colour=RED, bold=True)
"""The mark of a question that must be answered."""
