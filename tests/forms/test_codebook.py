"""The codebook is one page that needs nothing else, and holds every question of every language."""

import re

import pytest
from lxml import html

from pipeline.forms.codebook import codebook_html, write_codebook
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Choice, Question, Questionnaire
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def form():
    return load(PROJECT / "instruments" / "organisation_profile.yaml")


@pytest.fixture(scope="module")
def page(form):
    return html.fromstring(codebook_html(form))


def test_every_question_stands_in_it_once_in_order(form, page):
    shown = [element.get("id") for element in page.iter("article")]
    assert shown == [f"q-{item.question.name}" for item in form.items]


def test_every_label_is_there_in_every_language(form, page):
    texts = {
        code: [span.text_content() for span in page.xpath(f'//article/h3/span[@lang="{code}"]')]
        for code in form.language_codes
    }
    expected = {
        code: [item.question.label[code] for item in form.items] for code in form.language_codes
    }
    assert texts == expected


def test_nothing_is_fetched_and_nothing_runs(form):
    text = codebook_html(form)
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|<script|@import|url\(', text) == []


def test_every_entry_of_the_contents_leads_somewhere(page):
    anchors = {element.get("id") for element in page.iter() if element.get("id")}
    links = [link.get("href").removeprefix("#") for link in page.iter("a")]
    assert links
    assert set(links) <= anchors


def test_markup_in_a_label_is_shown_and_not_obeyed():
    label = "<script>alert(1)</script>"
    form = Questionnaire(
        form_id="f",
        title="F",
        choices={"l": (Choice(name="a", label=label),)},
        survey=(Question(name="q", type="select_one l", label=label),),
    )
    page = html.fromstring(codebook_html(form))
    assert list(page.iter("script")) == []
    assert page.xpath("//article/h3")[0].text_content().strip() == label


def test_equal_questionnaires_give_equal_bytes(form, tmp_path):
    write_codebook(form, tmp_path / "a.html")
    write_codebook(form, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
