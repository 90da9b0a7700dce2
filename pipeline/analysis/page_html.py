"""What stands on a page, as HTML: titles, paragraphs, tables, figures; everything escaped."""

import base64
from collections.abc import Sequence
from html import escape

import pandas as pd

from pipeline.analysis.cells import SMALL, about, shown_text
from pipeline.analysis.excerpts import Excerpt
from pipeline.analysis.findings import Finding
from pipeline.analysis.partner_cards import Bar, Card
from pipeline.analysis.phrases import phrase
from pipeline.analysis.provenance import Provenance
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.wrapping import width_of

_MANY = 7
_SHORT = 20
"""Words in a cell that are no wider than this stay on one line."""
_LONG = 60
"""Words about a table that are wider than this take a line of their own."""


def title_html(title: str) -> str:
    """The title of the page."""
    return f"<h1>{escape(title)}</h1>"


def heading_html(text: str, level: int, anchor: str) -> str:
    """A heading with an anchor."""
    return f'<h{level} id="{anchor}">{escape(text)}</h{level}>'


def fold_html(heading: str, count: str, anchor: str) -> str:
    """The beginning of a fold, up to what is folded away; who opens it ends it with `</details>`.

    Args:
        heading: of `heading_html`.
        count: how much lies in it.
        anchor: of the heading; the fold's own is made from it.
    """
    return (
        f'<details class="fold" id="fold-{escape(anchor)}"><summary>{heading}'
        f'<span class="count">{escape(count)}</span></summary>'
    )


def text_html(paragraphs: Sequence[str], items: Sequence[str] = ()) -> str:
    """Paragraphs, then a list."""
    said = "".join(f'<p dir="auto">{escape(text)}</p>' for text in paragraphs if text)
    points = "".join(f"<li>{escape(text)}</li>" for text in items)
    return said + (f"<ul>{points}</ul>" if points else "")


def download_html(address: str, label: str) -> str:
    """A link to a file that lies beside the page."""
    return f'<p class="files"><a href="{escape(address)}" download>{escape(label)}</a></p>'


def cards_html(cards: Sequence[Card]) -> str:
    """Cards side by side: facts, then a bar a score."""
    return f'<div class="cards">{"".join(map(_card, cards))}</div>'


def _card(card: Card) -> str:
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in card.facts
    )
    bars = "".join(
        f'<div><dt>{escape(bar.label)}</dt><dd><span class="bar-line" style="--low:{bar.low:.4f};'
        f'--high:{bar.high:.4f}"></span>{_range(bar)}</dd></div>'
        for bar in card.bars
    )
    return (
        f'<section class="card"><h3>{escape(card.name)}</h3><dl class="facts">{facts}</dl>'
        f'<dl class="bars">{bars}</dl></section>'
    )


def _range(bar: Bar) -> str:
    low, high = f"{bar.low:.2f}", f"{bar.high:.2f}"
    return low if low == high else f"{low}–{high}"


def excerpts_html(excerpts: Sequence[Excerpt], language: str) -> str:
    """Quotations in the language in which they were said."""
    lines = "".join(
        f'<blockquote><p lang="{escape(one.language)}" dir="auto">{escape(one.text)}</p><footer>'
        f"{escape(one.who or phrase('excerpts_somebody', language))} – {escape(one.question)}"
        "</footer></blockquote>"
        for one in excerpts
    )
    return f'<div class="excerpts">{lines}</div>'


def findings_html(findings: Sequence[Finding], language: str) -> str:
    """Sentences, each with a link to its table and its base."""
    lines = "".join(
        f'<li>{escape(one.text)} <a href="{escape(one.address)}">{escape(one.title)}</a> '
        f'<span class="rests">{escape(_rests_on(one, language))}</span></li>'
        for one in findings
    )
    return f'<ul class="findings">{lines}</ul>'


def _rests_on(finding: Finding, language: str) -> str:
    base = phrase("labelled", language, name=phrase("base", language), said=finding.base)
    return phrase("aside", language, said="", more=base).strip()


def figure_html(
    svg: bytes, name: str, title: str, *, place: str, note: str, files: str, language: str
) -> str:
    """A figure with its title, drawn inside the page, and links to its files.

    Args:
        svg: the drawing.
        name: anchor on the page.
        title: also the alternative text.
        place: its number, `Figure 2`.
        note: how to read it.
        files: path of its files from the page, without ending.
        language: of the page.
    """
    drawing = base64.b64encode(svg).decode("ascii")
    return (
        f'<figure class="drawing" id="figure-{escape(name)}">'
        f"{_caption(place, title)}"
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(title)}">'
        f'<img alt="{escape(_alternative(title, note))}" src="data:image/svg+xml;base64,{drawing}">'
        "</div>"
        + (f'<p class="note">{escape(note)}</p>' if note else "")
        + _downloads(files, ("svg", "png"), title, language)
        + "</figure>"
    )


def table_html(
    table: Table,
    *,
    place: str,
    files: str,
    language: str,
    provenance: Provenance | None = None,
) -> str:
    """A protected table with all that a reader must know about it.

    Args:
        table: after `suppression.protect`.
        place: its number, `Table 2`.
        files: path of its files from the page, without ending.
        language: of the page.
        provenance: what it rests on.

    Raises:
        ValueError: the table is not protected.
    """
    if table.marks is None:
        raise ValueError(f"table {table.name} is not protected")
    wording = ""
    if table.wording and table.wording != table.title:
        asked = escape(phrase("wording", language))
        wording = f'<p class="wording"><span>{asked}</span> {escape(table.wording)}</p>'
    return (
        f'<figure class="table" id="{escape(table.name)}">'
        f"{_caption(place, table.title)}{wording}"
        f"{_rows(table, language)}"
        f"{_about(table, language)}"
        f"{_downloads(files, ('csv', 'xlsx'), table.title, language)}"
        f"{_provenance(provenance, language)}</figure>"
    )


def _rows(table: Table, language: str) -> str:
    """The table itself; folded away where none of its numbers may be shown."""
    rows = (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(table.title)}">'
        f"<table{_wide(table)}>{_head(table)}{_body(table, language)}</table></div>"
    )
    if not table.shows_nothing:
        return rows
    said = escape(phrase("all_withheld", language, n=len(table.frame)))
    return f'<details class="withheld"><summary>{said}</summary>{rows}</details>'


def _wide(table: Table) -> str:
    """Many columns stand closer, so that they fit a page."""
    return ' class="wide"' if len(table.columns) > _MANY else ""


def _provenance(made: Provenance | None, language: str) -> str:
    """What the numbers rest on, folded away."""
    if made is None or not made.lines:
        return ""
    rows = [
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in made.lines
    ]
    if made.questions:
        asked = "".join(
            f"<li><code>{escape(name)}</code> {escape(text)}</li>" for name, text in made.questions
        )
        heading = escape(phrase("questions", language))
        rows.append(f"<div><dt>{heading}</dt><dd><ul>{asked}</ul></dd></div>")
    commands = "".join(f"<code>{escape(command)}</code><br>" for command in made.commands)
    heading = escape(phrase("trace", language))
    rows.append(f"<div><dt>{heading}</dt><dd>{commands}{escape(made.note)}</dd></div>")
    summary = escape(phrase("provenance", language))
    return f'<details class="made"><summary>{summary}</summary><dl>{"".join(rows)}</dl></details>'


def _caption(place: str, title: str) -> str:
    number = f'<bdi class="place">{escape(place)}</bdi>'
    return f'<figcaption class="title">{number}<bdi>{escape(title)}</bdi></figcaption>'


def _alternative(title: str, note: str) -> str:
    return f"{title}. {note}" if note else title


def _downloads(files: str, endings: Sequence[str], title: str, language: str) -> str:
    links = " ".join(
        f'<a href="{escape(files)}.{ending}" download aria-label="{label}: {escape(title)}">'
        f"{label}</a>"
        for ending, label in ((ending, ending.upper()) for ending in endings)
    )
    return f'<p class="files">{escape(phrase("download", language))} {links}</p>'


def _head(table: Table) -> str:
    labels = "".join(_heading_cell(column) for column in table.columns)
    if not any(column.group for column in table.columns):
        return f"<thead><tr>{labels}</tr></thead>"
    spans: list[tuple[str, int]] = []
    for column in table.columns:
        if spans and spans[-1][0] == column.group and column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    groups = "".join(
        f'<th scope="colgroup" colspan="{width}">{escape(group)}</th>' if group else "<td></td>"
        for group, width in spans
    )
    return f'<thead><tr class="groups">{groups}</tr><tr>{labels}</tr></thead>'


def _heading_cell(column: Column) -> str:
    return f'<th scope="col" class="{_classes(column)}">{escape(column.label)}</th>'


def _classes(column: Column) -> str:
    return "text" if column.kind is Kind.TEXT else f"number {column.kind.value}"


def _body(table: Table, language: str) -> str:
    last = len(table.frame) - 1
    rows = []
    for row in range(len(table.frame)):
        cells = "".join(
            _cell(table, row, place, column, language) for place, column in enumerate(table.columns)
        )
        total = ' class="total"' if table.total_row and row == last else ""
        rows.append(f"<tr{total}>{cells}</tr>")
    return f"<tbody>{''.join(rows)}</tbody>"


def _cell(table: Table, row: int, place: int, column: Column, language: str) -> str:
    assert table.marks is not None  # noqa: S101 - table_html has asked
    text = escape(shown_text(table, row, column, language))
    if table.marks[column.name].iloc[row]:
        return f'<td class="{_classes(column)} hidden">{text}</td>'
    value = table.frame[column.name].iloc[row]
    if place == 0 and column.kind is Kind.TEXT:
        return f'<th scope="row">{text}</th>'
    if column.kind is Kind.TEXT:
        short = " short" if width_of(text) <= _SHORT else ""
        return f'<td class="text{short}">{text}</td>'
    is_small = table.small is not None and bool(table.small[column.name].iloc[row])
    small = f"<sup>{SMALL}</sup>" if is_small else ""
    known = "" if pd.isna(value) else f' data-value="{escape(str(value))}"'
    is_bar = (
        column.kind is Kind.SHARE
        and known
        and not (table.total_row and row + 1 == len(table.frame))
    )
    bar = f' style="--share:{float(value):.4f}"' if is_bar else ""
    return f'<td class="{_classes(column)}"{known}{bar}>{text}{small}</td>'


def _about(table: Table, language: str) -> str:
    rows = "".join(
        f'<div class="{"long" if width_of(text) > _LONG else "short"}"><dt>{escape(name)}</dt>'
        f'<dd dir="auto">{escape(text).replace(chr(10), "<br>")}</dd></div>'
        for name, text in about(table, language)
    )
    return f'<dl class="about">{rows}</dl>' if rows else ""
