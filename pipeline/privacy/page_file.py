"""A page of the report as a reader finds it: its tables, sentences and drawings.

The same is read from the page's HTML, from the executed notebook beside it and, as far as there is
one, from the Word document with the same findings.
"""

import base64
import binascii
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree, html

_UNSEEN = {"script", "style"}
_AROUND = {"head", "header", "nav", "footer", "aside"}
_BESIDE = {"code", "provenance", "skip"}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PART = re.compile(r"word/(document|header\d*|footer\d*|comments|footnotes|endnotes)\.xml")
_SENTENCES = ("li", "h1", "h2", "h3", "title", "p", "a", "aside")
_DRAWING = "data:image/svg+xml;base64,"


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell of a table: what is read in it, and what programs find in its attributes."""

    text: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageTable:
    """A table on a page.

    Attributes:
        name: its anchor; empty where it has none.
        rows: below the headings.
        base: the words about its base.
        missing: the words about those without an answer.
        about: all words about it, heading and words.
    """

    name: str
    rows: tuple[tuple[PageCell, ...], ...]
    base: str = ""
    missing: str = ""
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and the table from which it is said to be made: `NOTEBOOK`, `TABLE`."""

    text: str
    notebook: str
    table: str


@dataclass(frozen=True)
class PageFile:
    """What stands on a page.

    Attributes:
        tables: with an anchor or without.
        statements: sentences that name their table.
        drawings: figure's name -> SVG.
        pieces: the HTML that the notebook's cells gave; empty for a page, where they are one text.
        values: table -> its numbers as texts, as a notebook keeps them to compare runs by.
        source: the whole text of the file.
    """

    tables: tuple[PageTable, ...] = ()
    statements: tuple[Statement, ...] = ()
    drawings: tuple[tuple[str, bytes], ...] = ()
    pieces: tuple[str, ...] = ()
    values: tuple[tuple[str, frozenset[str]], ...] = ()
    source: str = ""


def read_page(path: Path) -> PageFile:
    """A page in HTML.

    Raises:
        ValueError: it cannot be read.
    """
    source = path.read_text(encoding="utf-8")
    return _page(_tree(source), source)


def read_notebook(path: Path) -> PageFile:
    """What the cells of an executed notebook gave.

    Raises:
        ValueError: it cannot be read.
    """
    source = path.read_text(encoding="utf-8")
    try:
        outputs = [one for cell in json.loads(source)["cells"] for one in cell.get("outputs", [])]
        pieces = tuple(map(_piece, outputs))
        values = tuple(_values(outputs))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a notebook") from error
    return replace(_page(_tree("\n".join(pieces)), source), pieces=pieces, values=values)


def _piece(output: dict[str, Any]) -> str:
    piece = output.get("data", {}).get("text/html", output.get("text", ""))
    return piece if isinstance(piece, str) else "".join(piece)


def _values(outputs: list[dict[str, Any]]) -> Iterator[tuple[str, frozenset[str]]]:
    for output in outputs:
        for about in output.get("metadata", {}).values():
            if "values" in about:
                yield str(about.get("table", "")), texts_of(about["values"])


def texts_of(values: dict[str, list[str]]) -> frozenset[str]:
    """All texts of a table's columns."""
    return frozenset(str(one) for column in values.values() for one in column)


def read_sentences(path: Path) -> tuple[tuple[str, str], ...]:
    """The paragraphs of a Word document, wherever they stand, each with the address it links to.

    Raises:
        ValueError: it cannot be read.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = list[tuple[str, str]]()
    try:
        with zipfile.ZipFile(path) as archive:
            for part in sorted(filter(_PART.fullmatch, archive.namelist())):
                links = _links(archive, part, parser)
                for paragraph in etree.fromstring(archive.read(part), parser).iter(f"{_WORD}p"):
                    text = "".join(one.text or "" for one in paragraph.iter(f"{_WORD}t"))
                    aims = [
                        links.get(str(one.get(f"{_OFFICE}id")), "")
                        for one in paragraph.iter(f"{_WORD}hyperlink")
                    ]
                    found.append((plain(text), next(filter(None, aims), "")))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError) as error:
        raise ValueError("not a Word document") from error
    return tuple(found)


def _links(archive: zipfile.ZipFile, part: str, parser: etree.XMLParser) -> dict[str, str]:
    name = f"word/_rels/{part.removeprefix('word/')}.rels"
    if name not in archive.namelist():
        return {}
    return {
        str(one.get("Id")): str(one.get("Target"))
        for one in etree.fromstring(archive.read(name), parser)
    }


def plain(text: str) -> str:
    """Words with single blanks between them."""
    return " ".join(text.split())


def aim_of(address: str) -> tuple[str, str]:
    """`NOTEBOOK.html#TABLE` as notebook and table; empty where it leads elsewhere."""
    found = re.fullmatch(r"([^/:#?]+)\.html#([^#]+)", address)
    return (found[1], found[2]) if found else ("", "")


def _tree(source: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(source.encode(), parser=parser, ensure_head_body=True)
    except etree.ParserError as error:
        raise ValueError("not a page") from error
    _drop(tree, lambda one: one.tag in _UNSEEN)
    return tree


def _drop(tree: html.HtmlElement, is_unwanted: Callable[[html.HtmlElement], bool]) -> None:
    """Take elements out, but for the words after them."""
    for element in [one for one in tree.iter() if is_unwanted(one)]:
        element.drop_tree()


def _page(tree: html.HtmlElement, source: str) -> PageFile:
    return PageFile(
        tuple(_table(one) for one in tree.iter("table")),
        tuple(_statements(tree)),
        tuple(_drawings(tree)),
        source=source,
    )


def words_left(source: str) -> str:
    """What a page says beside its outputs: nothing around them, no code, no provenance."""
    tree = _tree(source)
    _drop(tree, lambda one: one.tag in _AROUND or one.get("class") in _BESIDE)
    return plain(tree.text_content())


def words_of(path: Path) -> Iterator[str]:
    """The words of each element of a page that holds a sentence."""
    for element in _tree(path.read_text(encoding="utf-8")).iter(*_SENTENCES):
        yield plain(element.text_content())


def tables_of(path: Path) -> Iterator[list[list[str]]]:
    """The texts of each table of any page, line by line.

    Raises:
        ValueError: it cannot be read.
    """
    for table in _tree(path.read_text(encoding="utf-8", errors="replace")).iter("table"):
        yield [[one.text_content() for one in line] for line in table.iter("tr")]


def _table(table: html.HtmlElement) -> PageTable:
    figure = next(iter(table.iterancestors("figure")), None)
    rows = tuple(
        tuple(_cell(one) for one in row if one.tag in {"td", "th"})
        for row in table.iter("tr")
        if row.getparent().tag != "thead"
    )
    if figure is None:
        return PageTable("", rows)
    about = tuple(
        (plain(line.findtext("dt", "")), _lines(line.find("dd")))
        for line in figure.iterfind("dl[@class='about']/div")
    )
    words = [text for _, text in about]
    base, missing = (*words, "", "")[:2]
    return PageTable(str(figure.get("id", "")), rows, base, missing, about)


def _lines(element: html.HtmlElement | None) -> str:
    return "" if element is None else plain(" ".join(element.itertext()))


def _cell(element: html.HtmlElement) -> PageCell:
    hidden = [str(value) for name, value in element.attrib.items() if name != "class"]
    return PageCell(plain(element.text_content()), tuple(hidden))


def _statements(tree: html.HtmlElement) -> Iterator[Statement]:
    for line in tree.iterfind(".//ul[@class='findings']/li"):
        aims = (aim_of(str(link.get("href", ""))) for link in line.iter("a"))
        yield Statement(plain(line.text_content()), *next(filter(any, aims), ("", "")))


def _drawings(tree: html.HtmlElement) -> Iterator[tuple[str, bytes]]:
    for figure in tree.iterfind(".//figure[@id]"):
        for image in figure.iter("img"):
            address = str(image.get("src", ""))
            if not address.startswith(_DRAWING):
                continue
            try:
                drawing = base64.b64decode(address.removeprefix(_DRAWING), validate=True)
            except binascii.Error:
                drawing = b""
            yield str(figure.get("id")).removeprefix("figure-"), drawing
