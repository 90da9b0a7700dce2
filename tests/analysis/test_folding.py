"""A fold holds what follows its heading in a cell, and the contents list the tables in it."""

import lxml.html
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from pipeline.analysis.environment import PAGE
from pipeline.analysis.folding import Part, folded, parts_of
from pipeline.analysis.page_html import heading_html


def heading(text, level, *, folds=False):
    about = {"heading": text, "level": level, "anchor": text.lower(), "folds": folds}
    return shown(heading_html(text, level, text.lower()), about)


def table(name):
    return shown(f'<figure id="{name}"></figure>', {"table": name, "title": f"Title of {name}"})


def shown(html, about):
    return new_output("display_data", data={"text/html": html}, metadata={PAGE: about})


def page(*cells):
    return new_notebook(cells=[new_code_cell(outputs=list(outputs)) for outputs in cells])


FORM = page(
    [
        heading("Form", 2),
        heading("Water", 3, folds=True),
        table("source"),
        table("price"),
        heading("Work", 3, folds=True),
        table("wage"),
        heading("Notes", 3),
        table("note"),
    ],
    [table("afterwards")],
)


def html_of(book):
    return "".join(out.data["text/html"] for cell in book.cells for out in cell.outputs)


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", ["Tables: 2", "Tables: 1"]),
        ("zh-Hant", ["2 個表", "1 個表"]),
        ("ja", ["表 2 件", "表 1 件"]),
    ],
)
def test_each_fold_holds_what_follows_its_heading_up_to_the_next(language, counts):
    body = lxml.html.fragment_fromstring(html_of(folded(FORM, language)), create_parent=True)
    folds = body.xpath("details[@class='fold']")
    assert [[one.get("id") for one in fold.xpath("figure")] for fold in folds] == [
        ["source", "price"],
        ["wage"],
    ]
    assert [fold.xpath("string(summary/h3)") for fold in folds] == ["Water", "Work"]
    assert [fold.xpath("string(summary/span)") for fold in folds] == counts
    assert [one.get("id") for one in body.xpath("figure")] == ["note", "afterwards"]


def test_a_fold_ends_with_its_cell():
    """The code of a cell stands after its outputs, and never in a fold."""
    book = page([heading("Water", 3, folds=True), table("source")], [table("afterwards")])
    first, second = folded(book, "en").cells
    assert first.outputs[-1].data["text/html"].endswith("</details>")
    assert "details" not in second.outputs[0].data["text/html"]


def test_the_executed_notebook_itself_is_not_changed():
    before = html_of(FORM)
    folded(FORM, "en")
    assert html_of(FORM) == before
    assert "details" not in before


def test_the_contents_list_the_tables_of_a_fold_under_its_heading():
    """Tables that are not folded away are seen anyhow."""
    abouts = [out.metadata[PAGE] for cell in FORM.cells for out in cell.outputs]
    assert parts_of(abouts) == (
        Part("Form", 2, "form"),
        Part("Water", 3, "water", (("source", "Title of source"), ("price", "Title of price"))),
        Part("Work", 3, "work", (("wage", "Title of wage"),)),
        Part("Notes", 3, "notes"),
    )
