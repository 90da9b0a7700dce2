"""Questions of one battery: what they share is asked once, what differs is an item."""

import pytest

from pipeline.analysis.stems import Battery, battery_of


@pytest.mark.parametrize(
    ("asked", "stem", "items"),
    [
        (
            ["How easy is it to find work?", "How easy is it to find a home?"],
            "How easy is it to find …?",
            ("Work", "A home"),
        ),
        (
            ["貴單位與香港的單位有何聯繫？", "貴單位與澳門的單位有何聯繫？"],
            "貴單位與…的單位有何聯繫？",
            ("香港", "澳門"),
        ),
        (
            [
                "香港の団体とどのようなつながりがありますか。",
                "マカオの団体とどのようなつながりがありますか。",
            ],
            "…の団体とどのようなつながりがありますか。",
            ("香港", "マカオ"),
        ),
        (
            ["How do you rate housing in winter?", "How do you rate housekeeping in winter?"],
            "How do you rate … in winter?",
            ("Housing", "Housekeeping"),
        ),
    ],
    ids=["english", "chinese", "japanese", "words-stay-whole"],
)
def test_a_stem_and_its_items(asked, stem, items):
    assert battery_of(asked) == Battery(stem, items)


@pytest.mark.parametrize(
    "asked",
    [
        ["Who pays?", "Who asks?"],
        ["One question alone, however long it is?"],
        ["The same question twice?", "The same question twice?"],
        ["The act was passed. What effect has it on refugees?", "What effect has it on refugees?"],
        ["Is there a law? What effect has it?", "Is there an act. What effect has it?"],
        [],
    ],
    ids=["too-little-shared", "one", "equal", "nothing-left", "sentences", "none"],
)
def test_what_is_no_battery_stays_as_it_was_asked(asked):
    assert battery_of(asked) == Battery("", tuple(asked))
