"""Labels in tables and data files hold no markup of a form and no name of another question."""

import pytest

from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire
from pipeline.questionnaire.plain_words import in_plain_words, plain_words


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Is <b>she</b> well?", "Is she well?"),
        ('See <a href="page" target="_blank">there</a>.', "See there."),
        ("**Note:** __all__ of it", "Note: all of it"),
        ("# Heading\r\nwords", "Heading\nwords"),
        ("Age of ${name}, ${ sex }?", "Age of …, …?"),
        ("3 < 5 and 2 * 2", "3 < 5 and 2 * 2"),
    ],
)
def test_markup_goes_and_an_answer_s_place_is_an_ellipsis(said, shown):
    assert plain_words(said) == shown


def test_every_label_of_a_questionnaire_is_plain_and_nothing_else_differs():
    marked = {"en": "<i>Who</i> is ${name}?"}
    plain = {"en": "Who is …?"}

    def form(label):
        return Questionnaire(
            form_id="f",
            title={"en": "F"},
            choices={"c": (Choice(name="a", label=label), Choice(name="b"))},
            survey=(
                Group(
                    group="g",
                    label=label,
                    questions=(
                        Question(name="q", type="text", label=label, relevant="${name} = 1"),
                    ),
                ),
            ),
        )

    assert in_plain_words(form(marked)) == form(plain)
