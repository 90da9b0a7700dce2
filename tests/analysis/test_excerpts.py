"""An excerpt is shown only with consent, in the respondent's own words, and naming nobody."""

import pandas as pd
import pytest

from pipeline.analysis.data import open_dataset
from pipeline.analysis.excerpts import LONGEST, Excerpt, excerpts_of
from pipeline.questionnaire.model import Choice, Question, Questionnaire
from tests.analysis.drawn import study_of, write_answers

YES_NO = (Choice(name="yes", label={"en": "Yes"}), Choice(name="no", label={"en": "No"}))
KINDS = (Choice(name="lawyer", label={"en": "Lawyer"}), Choice(name="ngo", label={"en": "NGO"}))
FORM = Questionnaire(
    form_id="talk",
    version="1",
    title={"en": "Talk (SYNTHETIC)"},
    default_language="en",
    languages={"en": "English (en)"},
    choices={"yes_no": YES_NO, "kind": KINDS},
    survey=(
        Question(name="consent", type="select_one yes_no", label={"en": "Consent"}),
        Question(name="quote", type="select_one yes_no", label={"en": "Quote"}),
        Question(name="kind", type="select_one kind", label={"en": "Kind"}),
        Question(name="why", type="text", label={"en": "Why?"}, sensitivity="open"),
    ),
)
SETTINGS = """\
title: A study
disclosure: {public: 2}
frame: {file: frame.csv, id: id, name: name}
roles: {talk: {consent: consent, consent_quote: quote}}
"""
SAID = "SYNTHETIC It depends on the papers."


@pytest.fixture
def shown(tmp_path):
    """What is shown of one chosen excerpt, for one respondent among three."""

    def make(excerpt=SAID, *, said=SAID, consent="yes", quote="yes", kind="lawyer", response="r0"):
        study = study_of(tmp_path, FORM, settings=SETTINGS)
        (study.instruments / "frame.csv").write_text("id,name\n1,SYNTHETIC Hope\n", "utf-8")
        answers = {
            "consent": [consent, "yes", "yes"],
            "quote": [quote, "no", "no"],
            "kind": [kind, "lawyer", "lawyer"],
            "why": [said, None, None],
        }
        write_answers(study, FORM, pd.DataFrame(answers))
        row = {"form": "talk", "response_id": response, "question": "why", "excerpt": excerpt}
        pd.DataFrame([row]).to_csv(study.instruments / "excerpts.csv", index=False)
        found = excerpts_of(study, open_dataset(study, "talk", "en"), kind="kind")
        assert len(found.shown) + found.left_out == 1
        return found.shown

    return make


def test_with_consent_the_words_are_shown_with_the_role(shown):
    (one,) = shown("It depends on the papers.")
    assert (one.text, one.who, one.question) == ("It depends on the papers.", "Lawyer", "Why?")
    assert isinstance(one, Excerpt)


def test_a_role_that_few_have_is_not_said(shown):
    (one,) = shown(kind="ngo")
    assert one.who == ""


@pytest.mark.parametrize(
    "told",
    [
        {"quote": "no"},
        {"quote": None},
        {"consent": "no"},
        {"response": "r9"},
        {"excerpt": "It does not depend on the papers."},
        {"excerpt": "x" * (LONGEST + 1), "said": "x" * (LONGEST + 1)},
        {"excerpt": "call 02-2345-6789", "said": "call 02-2345-6789"},
        {"excerpt": "a@b.example", "said": "a@b.example"},
        {"excerpt": "ask synthetic hope", "said": "ask synthetic hope"},
    ],
    ids=lambda told: next(iter(told)),
)
def test_anything_else_is_left_out_and_counted(shown, told):
    """No consent to be quoted, no such response, other words, too long, or telling who it is."""
    assert shown(**told) == ()


def test_without_a_file_there_is_nothing(tmp_path):
    study = study_of(tmp_path, FORM, settings=SETTINGS)
    write_answers(study, FORM, pd.DataFrame({"why": [SAID]}))
    found = excerpts_of(study, open_dataset(study, "talk", "en"))
    assert (found.shown, found.left_out) == ((), 0)
