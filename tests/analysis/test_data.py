"""What the cleaning left, opened: answers without missing kinds, and nothing where nothing is."""

import numpy as np
import pandas as pd
import pytest

from pipeline.analysis.data import open_dataset
from pipeline.analysis.provenance import version_words
from pipeline.questionnaire.model import MissingKind, Question, Questionnaire
from tests.analysis.conftest import FORM
from tests.analysis.drawn import study_of, write_answers, write_drawn


def test_a_form_without_returns_has_all_columns_and_no_rows(tmp_path):
    dataset = open_dataset(study_of(tmp_path, FORM), "little", "en")
    assert len(dataset.main) == len(dataset.repeats["ties"]) == 0
    assert {"response_id", "colour", "staff"} <= set(dataset.main)
    assert str(dataset.main["staff"].dtype) == "Int64"
    assert (dataset.synthetic, len(dataset.issues), len(dataset.ledger)) == (False, 0, 0)
    assert dataset.missing_counts("colour") == {}


def test_usable_answers_leave_out_whatever_has_a_missing_kind(open_answers):
    kinds = {"colour": [np.nan, "refused", "not_answered"]}
    dataset = open_answers({"colour": ["red", "refused", None]}, kinds)
    assert dataset.answers("colour").fillna("").tolist() == ["red", "", ""]
    assert dataset.missing_counts("colour") == {
        MissingKind.NOT_ANSWERED: 1,
        MissingKind.REFUSED: 1,
    }
    assert list(dataset.choice_labels("colour")) == ["red", "green", "blue"]


def test_answers_of_drawn_respondents_are_known_by_the_name_of_their_file(tmp_path):
    study = study_of(tmp_path, FORM)
    write_answers(study, FORM, pd.DataFrame({"colour": ["red"]}), source="raw/little/1-form.xlsx")
    assert not open_dataset(study, "little", "en").synthetic
    write_drawn(study, FORM, 3, seed=1)
    assert open_dataset(study, "little", "en").synthetic


def test_a_repeat_has_its_own_rows(tmp_path):
    study = study_of(tmp_path, FORM)
    write_drawn(study, FORM, 20, seed=3)
    dataset = open_dataset(study, "little", "ja")
    rows = dataset.repeats["ties"]
    assert len(dataset.answers("tie")) == len(rows)
    usable = int(dataset.answers("tie").notna().sum())
    assert usable + sum(dataset.missing_counts("tie").values()) == len(rows)
    assert dataset.label("tie") == "日Tie"


SAYS_WHO_CONSENTED = "title: A study\nroles: {little: {consent: kind}}\n"


def test_participants_are_those_who_consented_with_their_own_entries_alone(tmp_path):
    """Here `kind` plays the part of the question for consent; only `yes` is consent."""
    study = study_of(tmp_path, FORM, settings=SAYS_WHO_CONSENTED)
    write_drawn(study, FORM, 20, seed=3)
    path = study.processed / "little/responses.parquet"
    main = pd.read_parquet(path)
    said = ["yes", "no", None, "yes"] * 5
    main.assign(kind=pd.array(said, dtype="str")).to_parquet(path)
    everybody = open_dataset(study, "little", "en")
    some = everybody.participants()
    keys = {f"r{row}" for row, one in enumerate(said) if one == "yes"}
    assert set(some.main["response_id"]) == keys
    assert set(some.repeats["ties"]["response_id"]) <= keys
    assert len(some.repeats["ties"]) == len(some.repeat_missing["ties"])
    for frame in (some.main, some.missing, *some.repeats.values()):
        assert frame.index.tolist() == list(range(len(frame)))
    answers = everybody.answers("colour")[everybody.consented]
    assert some.answers("colour").tolist() == answers.tolist()


def test_where_nobody_is_asked_for_consent_everybody_takes_part(open_answers):
    dataset = open_answers({"colour": ["red", "green"]})
    assert dataset.participants() is dataset


def test_a_wording_on_a_page_holds_neither_markup_nor_the_name_of_another_question(tmp_path):
    label = {"en": "How does <b>person ${who}</b> feel?"}
    who = Question(name="who", type="text", label={"en": "Who"})
    asked = Question(name="mood", type="integer", label=label)
    form = Questionnaire(
        form_id="f",
        title={"en": "F"},
        default_language="en",
        languages={"en": "English"},
        survey=(who, asked),
    )
    dataset = open_dataset(study_of(tmp_path, form), "f", "en")
    assert dataset.label("mood") == "How does person … feel?"


@pytest.mark.parametrize(
    ("language", "named", "unnamed"),
    [
        ("en", "version 2", "no version"),
        ("zh-Hant", "2 版", "無版本"),
        ("ja", "2 版", "版なし"),
    ],
)
def test_a_form_without_a_version_is_said_to_have_none(tmp_path, language, named, unnamed):
    say = open_dataset(study_of(tmp_path, FORM), "little", language).say
    assert (version_words("2", say), version_words("", say)) == (named, unnamed)
