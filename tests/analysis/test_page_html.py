"""Tables on a page: rows that say nothing are folded away, and nothing else is."""

import lxml.html
import pytest

from pipeline.analysis.figures import has_values
from pipeline.analysis.page_html import table_html
from pipeline.analysis.phrases import phrase
from pipeline.analysis.tables import question_table


def figure(table, language):
    """The table as it stands on the page."""
    told = {"place": "Table 1", "files": "tables/x", "language": language}
    return lxml.html.fromstring(table_html(table, **told))


@pytest.mark.parametrize("language", ["en", "zh-Hant", "ja"])
def test_a_table_of_which_no_number_may_be_shown_is_folded_away_and_says_so(open_answers, language):
    dataset = open_answers({"colour": ["red"] * 3 + ["blue"] * 4}, threshold=10, language=language)
    table = question_table(dataset, "colour")
    folded = figure(table, language).xpath("details[@class='withheld']")
    assert table.shows_nothing
    assert not has_values(table)
    said = phrase("all_withheld", language, n=len(table.frame))
    assert [one.find("summary").text for one in folded] == [said]
    assert len(folded[0].findall(".//tbody/tr")) == len(table.frame)


def test_a_table_that_shows_some_of_its_numbers_is_not_folded(open_answers):
    """12 red is shown; that nobody chose blue is shown too."""
    table = question_table(open_answers({"colour": ["red"] * 12}, threshold=10), "colour")
    assert not table.shows_nothing
    assert has_values(table)
    page = figure(table, "en")
    assert page.xpath("details[@class='withheld']") == []
    assert len(page.xpath("div/table/tbody/tr")) == len(table.frame)
