"""Agreement of two keyings: counted by person and by question, on a table that can be added up."""

import pandas as pd

from pipeline.analysis.data import KEYING_COLUMNS
from pipeline.analysis.keying import by_person, by_question

KEYINGS = pd.DataFrame(
    [
        ("r1", "a", "KA", "KB", 1, 1),
        ("r1", "b", "KA", "KB", 4, 3),
        ("r2", "a", "KA", None, 1, 0),
        ("r2", "b", "KA", None, 0, 0),
    ],
    columns=list(KEYING_COLUMNS),
)


def test_a_paper_counts_for_both_who_keyed_it():
    found = by_person(KEYINGS, "?")
    assert found.to_dict("records") == [
        {"person": "?", "papers": 1, "compared": 1, "same": 0.0},
        {"person": "KA", "papers": 2, "compared": 6, "same": 4 / 6},
        {"person": "KB", "papers": 1, "compared": 5, "same": 4 / 5},
    ]


def test_questions_are_listed_where_keyings_differ_the_least_agreed_first():
    found = by_question(KEYINGS, {"a": "Question A", "b": "Question B"}, "all")
    assert found.to_dict("records") == [
        {"question": "all", "compared": 6, "same": 4 / 6},
        {"question": "Question A", "compared": 2, "same": 0.5},
        {"question": "Question B", "compared": 4, "same": 0.75},
    ]


def test_nothing_compared_has_no_share():
    nothing = KEYINGS[KEYINGS["compared"] == 0]
    assert by_question(nothing, {}, "all")["same"].isna().all()
