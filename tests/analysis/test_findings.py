"""Findings say what their table shows, and nothing where it shows nothing."""

from dataclasses import replace

import docx
import pytest

from pipeline.analysis.document import findings_document
from pipeline.analysis.findings import Finding, Source
from pipeline.analysis.question_findings import question_findings
from pipeline.analysis.tables import question_table


def colours(red: int, green: int) -> dict:
    """SYNTHETIC answers: so many chose red and green."""
    return {"colour": ["red"] * red + ["green"] * green}


def test_a_finding_says_the_numbers_of_its_table_and_its_base(open_answers):
    found = [
        one
        for one in question_findings(open_answers(colours(30, 10)), "page")
        if "Colour" in one.text
    ]
    assert found == [
        Finding(
            text="Colour Most often: “red”, 75%.",
            table="little_colour",
            title="Table",
            base="40 who gave an answer",
            notebook="page",
        )
    ]
    assert found[0].address == "page.html#little_colour"


def test_a_number_that_the_table_hides_is_never_said(open_answers):
    """Too few answers: no sentence, rather than one without its number."""
    assert list(question_findings(open_answers(colours(4, 3), threshold=10), "page")) == []


def test_what_is_most_is_taken_among_the_numbers_that_are_shown(open_answers):
    dataset = open_answers(colours(30, 25))
    source = Source.of(question_table(dataset, "colour"), "page", dataset)
    marks = source.table.marks.assign(share=["below", "", "", ""])
    hidden = replace(source, table=replace(source.table, marks=marks))
    assert (source.extreme("share"), hidden.extreme("share")) == (0, 1)


def test_answers_that_are_no_choice_are_no_finding(open_answers):
    answers = {"colour": ["purple"] * 12 + ["red"]}
    said = [one.text for one in question_findings(open_answers(answers), "page")]
    assert [text for text in said if "Colour" in text] == []


@pytest.mark.parametrize("language", ["en", "zh-Hant", "ja"])
def test_the_document_holds_the_sentences_and_links_and_is_the_same_bytes_again(language, tmp_path):
    finding = Finding("Half of them.", "t", "A table", "12", "page")
    made = [
        findings_document("Title", [("Part", [finding])], language, study="S", synthetic=True)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    path = tmp_path / "made.docx"
    path.write_bytes(made[0])
    document = docx.Document(path)
    lines = [one.text for one in document.paragraphs]
    opening = {"en": " (", "zh-Hant": "（", "ja": "（"}[language]
    assert any(line.startswith(f"Half of them. A table{opening}") for line in lines)
    assert any("SYNTHETIC" in line for line in lines)
    links = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert links == ["page.html#t"]
