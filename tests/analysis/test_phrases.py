"""Every fixed phrase stands in every language of the report."""

import string

import pytest

from pipeline.analysis.phrases import LANGUAGES, every_phrase, phrase
from pipeline.questionnaire.model import MissingKind


@pytest.mark.parametrize("key", sorted(every_phrase()))
def test_a_phrase_has_words_and_the_same_places_in_every_language(key):
    said = every_phrase()[key]
    assert set(said) == set(LANGUAGES)
    assert all(words.strip() for words in said.values())
    places = {
        frozenset(name for _, name, _, _ in string.Formatter().parse(words) if name)
        for words in said.values()
    }
    assert len(places) == 1


@pytest.mark.parametrize("kind", list(MissingKind))
def test_every_missing_kind_has_a_phrase(kind):
    assert phrase(kind.value, "en") != ""


def test_a_language_without_phrases_takes_the_english_ones():
    assert phrase("base_answers", "ar", n=3) == phrase("base_answers", "en", n=3)


def test_an_unknown_phrase_is_an_error():
    with pytest.raises(KeyError):
        phrase("no_such_phrase", "en")
