"""A codebook to read: every delivered variable with its question, codes and frequencies.

One HTML file without scripts or addresses of other places, so that it opens anywhere and prints.
"""

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from pipeline.delivery.phrases import phrase
from pipeline.delivery.variables import AnswerSet, Delivery, Frequencies, Table, Variable
from pipeline.store import write_text

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
    write_text(path, codebook_page(delivery), mode=0o600)


def codebook_page(delivery: Delivery) -> str:
    """The page as HTML, in the language of the labels."""

    def said(name: str) -> str:
        return phrase(name, delivery.language)

    note = f" {said('withheld_note')}" if delivery.frequencies else ""
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
            f"<p>{said('basis')}{note}</p>",
            *(line for table in delivery.tables for line in _table(delivery, table, said)),
            "</main></body></html>",
            "",
        ]
    )


def _table(delivery: Delivery, table: Table, said: Said) -> Iterator[str]:
    yield f"<h2>{escape(table.label)} (<code>{escape(table.name)}</code>)</h2>"
    yield f"<p>{said('rows')}: {len(table.frame)}. "
    yield f"{said('variables')}: {len(table.variables)}.</p>"
    for variable in table.variables:
        counted = delivery.frequencies_of(table, variable)
        yield from _variable(table.name, variable, counted, said)
    if table.sets:
        yield f"<h3>{said('sets')}</h3>"
        yield from (_set(one) for one in table.sets)


def _set(one: AnswerSet) -> str:
    members = ", ".join(f"<code>{escape(name)}</code>" for name in one.variables)
    return f"<p><code>{escape(one.name)}</code> {escape(one.label)}: {members}</p>"


def _variable(file: str, variable: Variable, counted: Frequencies, said: Said) -> Iterator[str]:
    """One variable; a frequency that is not shown is said to be withheld."""
    yield f'<section id="{escape(file)}-{escape(variable.name)}">'
    yield f"<h3><code>{escape(variable.name)}</code> {escape(variable.label)}</h3>"
    if variable.question:
        yield f"<p>{said('question')}: {escape(variable.question)}</p>"
    if counted.counts:
        heads = [said(name) for name in ("code", "label")]
        heads_n = [said(name) for name in ("count", "share")]
        yield "<table><thead><tr>"
        yield "".join(f'<th scope="col">{head}</th>' for head in heads)
        yield "".join(f'<th scope="col" class="n">{head}</th>' for head in heads_n)
        yield "</tr></thead><tbody>"
        for code, label in sorted(variable.all_labels.items()):
            is_missing, count = code in variable.missing, counted.counts[code]
            share = "" if is_missing else _share(count, counted.valid)
            yield _row((f"{code:.0f}", label), (_shown(count, said), share), is_missing=is_missing)
        if empty := _empty(variable, counted):
            yield _row(("", said("empty")), (str(empty), ""), is_missing=True)
        yield "</tbody></table>"
    answers, missing = (_shown(one, said) for one in (counted.valid, counted.missing))
    yield f"<p>{said('answers')}: {answers}. {said('missing')}: {missing}.</p></section>"


def _shown(count: int | None, said: Said) -> str:
    return said("withheld") if count is None else str(count)


def _share(count: int | None, valid: int | None) -> str:
    return "" if count is None or not valid else f"{count / valid:.1%}"


def _empty(variable: Variable, counted: Frequencies) -> int:
    """Rows without any code, where that follows from what is shown."""
    kinds = [counted.counts[code] for code in variable.missing]
    if counted.missing is None or None in kinds:
        return 0
    return counted.missing - sum(one or 0 for one in kinds)


def _row(texts: tuple[str, str], numbers: tuple[str, str], *, is_missing: bool) -> str:
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    cells += "".join(f'<td class="n">{escape(number)}</td>' for number in numbers)
    kind = ' class="missing"' if is_missing else ""
    return f"<tr{kind}>{cells}</tr>"
