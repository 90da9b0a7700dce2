"""A codebook to read: every delivered variable with its question, codes and frequencies.

One HTML file without scripts or addresses of other places, so that it opens anywhere and prints.
"""

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.delivery.ddi import counts_of
from pipeline.delivery.phrases import phrase
from pipeline.delivery.variables import AnswerSet, Delivery, Table, Variable
from pipeline.store import write_text

if TYPE_CHECKING:
    import pandas as pd

Said = Callable[[str], str]
"""The page's own words in its language."""

_STYLE = """
body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: start; padding: .2rem .6rem; border-bottom: 1px solid #767676;
  vertical-align: top; }
td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; }
tr.missing td { color: #595959; font-style: italic; }
section { break-inside: avoid; }
code { font-size: 1em; }
"""


def write_codebook_page(delivery: Delivery, path: Path) -> None:
    """Write the page; the same delivery gives the same bytes."""
    write_text(path, codebook_page(delivery))


def codebook_page(delivery: Delivery) -> str:
    """The page as HTML, in the language of the labels."""

    def said(name: str) -> str:
        return phrase(name, delivery.language)

    title = f"{escape(delivery.title)} – {said('codebook')}"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(delivery.language)}">',
            f'<head><meta charset="utf-8"><title>{title}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{_STYLE}</style></head>",
            f"<body><main><h1>{title}</h1>",
            f"<p><code>{escape(delivery.form_id)}</code> {escape(delivery.version)}</p>",
            f"<p>{said('basis')}</p>",
            *(line for table in delivery.tables for line in _table(table, said)),
            "</main></body></html>",
            "",
        ]
    )


def _table(table: Table, said: Said) -> Iterator[str]:
    yield f"<h2>{escape(table.label)} (<code>{escape(table.name)}</code>)</h2>"
    yield f"<p>{said('rows')}: {len(table.frame)}. "
    yield f"{said('variables')}: {len(table.variables)}.</p>"
    for variable in table.variables:
        yield from _variable(table.name, variable, table.frame[variable.name], said)
    if table.sets:
        yield f"<h3>{said('sets')}</h3>"
        yield from (_set(one) for one in table.sets)


def _set(one: AnswerSet) -> str:
    members = ", ".join(f"<code>{escape(name)}</code>" for name in one.variables)
    return f"<p><code>{escape(one.name)}</code> {escape(one.label)}: {members}</p>"


def _variable(file: str, variable: Variable, column: "pd.Series", said: Said) -> Iterator[str]:
    counts = counts_of(variable, column)
    empty = int(column.isna().sum())
    missing = empty + sum(counts[code] for code in variable.missing)
    answers = len(column) - missing
    yield f'<section id="{escape(file)}-{escape(variable.name)}">'
    yield f"<h3><code>{escape(variable.name)}</code> {escape(variable.label)}</h3>"
    if variable.question:
        yield f"<p>{said('question')}: {escape(variable.question)}</p>"
    if counts:
        heads = [said(name) for name in ("code", "label")]
        heads_n = [said(name) for name in ("count", "share")]
        yield "<table><thead><tr>"
        yield "".join(f'<th scope="col">{head}</th>' for head in heads)
        yield "".join(f'<th scope="col" class="n">{head}</th>' for head in heads_n)
        yield "</tr></thead><tbody>"
        for code, label in sorted(variable.all_labels.items()):
            is_missing = code in variable.missing
            share = "" if is_missing or not answers else f"{counts[code] / answers:.1%}"
            yield _row((f"{code:.0f}", label), (str(counts[code]), share), is_missing=is_missing)
        if empty:
            yield _row(("", said("empty")), (str(empty), ""), is_missing=True)
        yield "</tbody></table>"
    yield f"<p>{said('answers')}: {answers}. {said('missing')}: {missing}.</p></section>"


def _row(texts: tuple[str, str], numbers: tuple[str, str], *, is_missing: bool) -> str:
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    cells += "".join(f'<td class="n">{escape(number)}</td>' for number in numbers)
    kind = ' class="missing"' if is_missing else ""
    return f"<tr{kind}>{cells}</tr>"
