"""Tables of questions: whole results on small answers, whatever the type."""

import numpy as np
import pandas as pd
import pytest

from pipeline.analysis.data import open_dataset
from pipeline.analysis.tables import PURPOSIVE, cross_table, likert_table, question_table
from pipeline.estimation.design import Design, Kind
from tests.analysis.conftest import FORM
from tests.analysis.drawn import study_of, write_drawn

NA = np.nan


def rows(table) -> list[list[object]]:
    """The table's cells as lists, missing ones as None."""
    frame = table.frame.astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def test_select_one_counts_each_choice_in_the_forms_order_and_shares_of_those_who_answered(
    open_answers,
):
    dataset = open_answers({"colour": ["blue", "red", "blue", "red", None]})
    table = question_table(dataset, "colour")
    assert rows(table) == [
        ["red", 2, 0.5],
        ["green", 0, 0.0],
        ["blue", 2, 0.5],
        ["Answered", 4, 1.0],
    ]
    assert (table.base, dict(table.missing)) == (4, {"Not answered": 1})
    assert (table.title, table.wording, table.name) == ("Colour", "Colour", "little_colour")


def test_a_choice_that_stands_for_a_missing_kind_is_missing_and_no_row(open_answers):
    answers = {"colour": ["red", "refused", None, None]}
    kinds = {"colour": [NA, "refused", "not_asked", "not_answered"]}
    table = question_table(open_answers(answers, kinds), "colour")
    assert rows(table)[0] == ["red", 1, 1.0]
    assert dict(table.missing) == {
        "Not asked (does not apply)": 1,
        "Not answered": 1,
        "Refused": 1,
    }
    assert "refused" not in [row[0] for row in rows(table)]


def test_select_multiple_shares_are_of_those_who_answered_and_add_up_to_more_than_one(open_answers):
    dataset = open_answers({"colours": ["red blue", "red", None, "blue red"]})
    table = question_table(dataset, "colours")
    assert rows(table) == [
        ["red", 3, 1.0],
        ["green", 0, 0.0],
        ["blue", 2, pytest.approx(2 / 3)],
        ["Answered", 3, 1.0],
    ]
    assert "Several answers" in table.method


def test_answers_that_are_no_choice_are_counted_together_and_never_shown(open_answers):
    dataset = open_answers({"colour": ["red", "SYNTHETIC name", "mauve"]})
    table = question_table(dataset, "colour")
    assert rows(table)[-2:] == [["Not on the list", 2, pytest.approx(2 / 3)], ["Answered", 3, 1.0]]
    assert "mauve" not in table.frame.to_csv()


def test_numbers_give_mean_and_quartiles_and_extremes_only_where_enough_gave_them(open_answers):
    dataset = open_answers({"staff": [2, 2, 4, 8, None]}, threshold=2)
    table = question_table(dataset, "staff")
    names = ["count", "mean", "lower_quartile", "median", "upper_quartile", "minimum"]
    assert table.frame[names].to_numpy().tolist() == [[4, 4.0, 2.0, 3.0, 5.0, 2.0]]
    assert "maximum" not in table.frame
    assert table.unit == "people"
    assert any("fewer than 2" in note for note in table.notes)


def test_numbers_by_group_have_a_row_a_group_and_one_for_all(open_answers):
    dataset = open_answers({"staff": [2, 4, 6], "kind": ["ngo", "ngo", "office"]})
    table = question_table(dataset, "staff", by="kind")
    assert table.frame[["group", "count", "mean"]].to_numpy().tolist() == [
        ["ngo", 2, 3.0],
        ["office", 1, 6.0],
        ["All", 3, 4.0],
    ]


def test_dates_are_counted_by_month_without_gaps(open_answers):
    days = pd.to_datetime(["2011-08-03", "2011-10-01", "2011-10-30", None])
    table = question_table(open_answers({"day": days}), "day")
    assert rows(table) == [
        ["2011-08", 1, pytest.approx(1 / 3)],
        ["2011-09", 0, 0.0],
        ["2011-10", 2, pytest.approx(2 / 3)],
        ["Answered", 3, 1.0],
    ]


def test_open_answers_are_only_counted(open_answers):
    table = question_table(open_answers({"why": ["SYNTHETIC words", None]}), "why")
    assert rows(table) == [["Answered", 1]]


def test_a_form_without_returns_gives_empty_tables_and_no_error(open_answers):
    dataset = open_answers({"colour": []})
    for name in ("colour", "colours", "staff", "day", "why"):
        assert question_table(dataset, name).base == 0
    assert rows(question_table(dataset, "colour"))[0] == ["red", 0, None]


def test_a_question_that_nobody_answered_has_its_choices_at_zero(open_answers):
    dataset = open_answers({"colours": [None, None], "colour": [None, None]})
    for name in ("colours", "colour"):
        table = question_table(dataset, name)
        assert [row[:2] for row in rows(table)] == [
            ["red", 0], ["green", 0], ["blue", 0], ["Answered", 0],
        ]  # fmt: skip
        assert dict(table.missing) == {"Not answered": 2}


def test_cross_table_has_counts_and_shares_within_each_column_and_for_all(open_answers):
    dataset = open_answers(
        {"colour": ["red", "red", "blue", "blue"], "kind": ["ngo", "office", "ngo", None]}
    )
    table = cross_table(dataset, "colour", "kind")
    assert list(table.frame) == [
        "answer", "count_ngo", "share_ngo", "count_office", "share_office", "count_", "share_",
    ]  # fmt: skip
    assert rows(table) == [
        ["red", 1, 0.5, 1, 1.0, 2, pytest.approx(2 / 3)],
        ["green", 0, 0.0, 0, 0.0, 0, 0.0],
        ["blue", 1, 0.5, 0, 0.0, 1, pytest.approx(1 / 3)],
        ["Answered", 2, 1.0, 1, 1.0, 3, 1.0],
    ]
    assert table.base == 3


def test_likert_has_shares_of_the_points_base_and_mean_of_those_who_rated(open_answers):
    answers = {"law": ["1", "3", "3", "dont_know"], "work": ["2", None, None, None]}
    kinds = {"law": [NA, NA, NA, "dont_know"], "work": [NA, *["not_answered"] * 3]}
    table = likert_table(open_answers(answers, kinds), ["law", "work"], "Ratings", name="ratings")
    third = pytest.approx(1 / 3)
    assert rows(table) == [
        ["Law", third, 0.0, pytest.approx(2 / 3), 3, pytest.approx(7 / 3)],
        ["Work", 0.0, 1.0, 0.0, 1, 2.0],
    ]
    assert dict(table.missing) == {"Don't know": 1, "Not answered": 3}


def test_a_mean_is_withheld_where_a_point_is_since_both_would_give_the_count_away(open_answers):
    dataset = open_answers(
        {"law": ["1"] * 12 + ["2"] * 3 + ["3"] * 20, "work": ["3"] * 35}, threshold=10
    )
    table = likert_table(dataset, ["law", "work"], "Ratings", name="ratings")
    assert table.marks is not None
    assert list(table.marks["mean"]) == ["withheld", ""]
    means = likert_table(dataset, ["law", "work"], "Means", name="means", points=False)
    assert means.frame["mean"].round(4).tolist() == [2.2286, 3.0]


def test_joined_points_are_counted_together_below_and_above_the_middle(open_answers):
    dataset = open_answers({"law": ["1", "2", "2", "3"]})
    table = likert_table(dataset, ["law"], "Ratings", name="ratings", joined=True)
    assert [column.label for column in table.columns][1:4] == ["1", "2", "3"]
    assert rows(table) == [["Law", 0.25, 0.5, 0.25, 4, 2.0]]


def test_an_answer_off_the_scale_is_no_rating_and_is_said(open_answers):
    dataset = open_answers({"law": ["1", "7"]})
    table = likert_table(dataset, ["law"], "Ratings", name="ratings")
    assert (table.frame["base"].tolist(), dict(table.missing)) == ([1], {"Not on the list": 1})


def test_a_purposive_design_says_so_and_states_no_interval(open_answers):
    table = question_table(open_answers({"colour": ["red", "blue"]}), "colour", design=PURPOSIVE)
    assert "chosen on purpose" in table.method
    assert [column.name for column in table.columns] == ["answer", "count", "share"]


def test_a_random_sample_states_the_limits_of_the_estimation_room(open_answers):
    dataset = open_answers({"colour": ["red"] * 6 + ["blue"] * 4})
    table = question_table(dataset, "colour", design=Design(Kind.SRS))
    error = 2.2621571628 * np.sqrt(0.6 * 0.4 / 9)  # t(9), 97.5%
    row = table.frame.iloc[0]
    assert row[["share", "low", "high"]].tolist() == pytest.approx([0.6, 0.6 - error, 0.6 + error])
    assert table.weighting.startswith("shares and means weighted")


@pytest.mark.parametrize("language", ["zh-Hant", "ja"])
def test_labels_and_phrases_are_in_the_language(open_answers, language):
    dataset = open_answers({"colour": ["red", None]}, language=language)
    table = question_table(dataset, "colour")
    letter = {"zh-Hant": "中", "ja": "日"}[language]
    assert table.title == f"{letter}Colour"
    assert rows(table)[0][0] == f"{letter}red"
    assert not table.method.isascii()
    assert not next(iter(table.missing)).isascii()


def test_a_repeats_answers_are_grouped_by_a_question_of_the_main_table(tmp_path):
    settings = "title: A study\ndisclosure: {public: 1}\n"
    study = study_of(tmp_path, FORM, settings=settings)
    write_drawn(study, FORM, 40, seed=5)
    dataset = open_dataset(study, "little", "en")
    table = question_table(dataset, "tie", by="kind")
    by_hand = pd.DataFrame(
        {
            "tie": dataset.answers("tie"),
            "kind": dataset.repeats["ties"]["response_id"].map(
                dataset.answers("kind").set_axis(dataset.main["response_id"])
            ),
        }
    ).dropna()
    counts = by_hand.groupby("kind")["tie"].value_counts()
    for group in ("ngo", "office"):
        shown = table.frame.set_index("answer")[f"count_{group}"]
        assert [shown[tie] for tie in ("ngo", "office")] == [
            counts.get((group, tie), 0) for tie in ("ngo", "office")
        ]
    assert table.base == len(by_hand)
