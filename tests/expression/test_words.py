"""A skip or check reads as a sentence in English, Chinese and Japanese."""

import pytest
from hypothesis import given, settings

from pipeline.expression.parse import parse
from pipeline.expression.to_words import to_words
from pipeline.expression.words import LANGUAGES, WORDS
from tests.expression.drawn import expressions

QUESTIONS = {"cases": "Cases", "n": "Number", "age": "Age", "lang": "Languages", "day": "Day"}
CHOICES = {"yes": "Yes", "zh": "Chinese", "ja": "Japanese"}


def said(text, language):
    return to_words(
        parse(text),
        language,
        lambda name: QUESTIONS.get(name, name),
        lambda _, name: CHOICES.get(name, name),
    )


@pytest.mark.parametrize(
    ("text", "english", "chinese", "japanese"),
    [
        ("${cases} = 'yes'", "“Cases” is “Yes”", "「Cases」是「Yes」", "「Cases」が「Yes」"),
        (
            "${cases} != 'yes' and (${n} > 3 or ${age} < 18)",
            "“Cases” is not “Yes” and (“Number” is more than 3 or “Age” is less than 18)",
            "「Cases」不是「Yes」，而且（「Number」大於3，或者「Age」小於18）",
            "「Cases」が「Yes」ではない、かつ（「Number」が3より大きい、または「Age」が18未満）",
        ),
        (
            ". >= 0 and . <= 100000",
            "the answer is from 0 to 100,000",
            "本題答案介於0到100,000",
            "この回答が0以上100,000以下",
        ),
        (
            "selected(${lang}, 'zh') or selected(${lang}, 'ja')",
            "“Languages” includes at least one of “Chinese”, “Japanese”",
            "「Languages」選了「Chinese」、「Japanese」之中至少一項",
            "「Languages」で「Chinese」、「Japanese」の少なくとも一つを選んだ",
        ),
        (
            "not(selected(., 'none') and count-selected(.) > 1)",
            (
                "the answer does not include “none” or "
                "the number of choices selected in the answer is not more than 1"
            ),
            "本題答案沒有選「none」，或者本題答案所選的項數不大於1",
            "この回答で「none」を選んでいない、またはこの回答で選んだ項目の数が1より大きくない",
        ),
        (
            ". <= today()",
            "the answer is today or earlier",
            "本題答案是今天或更早",
            "この回答が今日以前",
        ),
        (
            "${day} > date('2011-08-01')",
            "“Day” is after 2011-08-01",
            "「Day」晚於2011-08-01",
            "「Day」が2011-08-01より後",
        ),
        ("${n} != ''", "“Number” is answered", "「Number」已回答", "「Number」に回答がある"),
        (
            "sum(${n}) * 2 = ${age} + 1",
            "the sum of “Number” × 2 is “Age” + 1",
            "「Number」的總和 × 2是「Age」 + 1",
            "「Number」の合計 × 2が「Age」 + 1",
        ),
    ],
)
def test_a_rule_is_a_sentence(text, english, chinese, japanese):
    """Choices are named by their labels, ranges and lists of choices are drawn together."""
    assert [said(text, language) for language in LANGUAGES] == [english, chinese, japanese]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("(1 - (2 - 3)) > 0", "1 − (2 − 3) is more than 0"),
        ("(${n} + 1) * 2 > 0", "(“Number” + 1) × 2 is more than 0"),
        ("not(${cases} = 'yes' or ${n} = 1)", "“Cases” is not “Yes” and “Number” is not 1"),
        ("not(not(${n} = 1))", "“Number” is 1"),
    ],
)
def test_brackets_and_negations_keep_the_meaning(text, english):
    """`not` over `or` becomes `and`; brackets stand only where they are needed."""
    assert said(text, "en") == english


@settings(max_examples=200, deadline=None)
@given(expressions)
def test_everything_can_be_said(expression):
    """No expression is without words in any language."""
    for language in LANGUAGES:
        assert to_words(expression, language, str, lambda _, name: name)


def test_a_function_without_an_argument_speaks_of_the_question_itself():
    """As string-length() counts the characters of its own answer."""
    for language in LANGUAGES:
        assert said("string-length()", language) == said("string-length(.)", language)


def test_every_word_is_there_in_every_language():
    """A row has one column a language, with the same blanks to fill."""
    for key, english in WORDS["en"].items():
        for language in LANGUAGES:
            word = WORDS[language][key]
            for place in ("{0}", "{1}", "{2}"):
                assert (place in word) == (place in english), (key, language)
