"""A heading is matched by its spelling alone; what cannot be matched is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.questionnaire.model import Change, Choice, Group, Question, Questionnaire
from pipeline.returns.headings import Columns, match_headings


@pytest.mark.parametrize(
    "heading",
    ["age", "home/age", "home-age", "home.age", "home:age", "old_group/age", "a/b/age"],
)
def test_spellings_of_a_question(household, heading):
    """Kobo and Central write a question by its name or its path, with four separators."""
    assert match_headings(household, [heading]).questions == {0: "age"}


@pytest.mark.parametrize(
    "heading", ["water/well", "home/water/well", "home-water/well", "water.well", "home:water:well"]
)
def test_spellings_of_a_choice(household, heading):
    """The column of one choice of a select_multiple."""
    assert match_headings(household, [heading]).choices == {0: "water/well"}


@pytest.mark.parametrize(
    "heading", ["Age", "age ", "How old are you?", "homeage", "water.rain", "age/well", "x-age", ""]
)
def test_nothing_is_matched_by_likeness(household, heading):
    """Labels, other letters and unknown choices belong to nothing."""
    assert match_headings(household, [heading]) == Columns(
        unknown=(0,), absent=("start", "age", "remark", "water")
    )


def test_a_question_of_an_older_version_keeps_its_column(household):
    """What the form's changes name is carried, wherever it stood; the new name is not absent."""
    former = household.model_copy(
        update={"changes": (Change(version="2", rename={"years": "age"}, dropped=("fax",)),)}
    )
    headings = ["home/years", "fax", "old-fax", "home/years/ten", "phone"]
    assert match_headings(former, headings) == Columns(
        older={0: "years", 1: "fax", 3: "years/ten"},
        repeated=(2,),
        unknown=(4,),
        absent=("start", "remark", "water"),
    )


def test_everything_is_said_of_every_column(household):
    """The whole answer for a table with every kind of column."""
    headings = ["_uuid", "home/age", "age", "water", "water/tap", "water/rain", "xyz", "_uuid"]
    assert match_headings(household, headings) == Columns(
        questions={2: "age", 3: "water"},
        choices={4: "water/tap", 5: "water/rain"},
        platform={0: "_uuid"},
        repeated=(1, 7),
        unknown=(6,),
        absent=("start", "remark"),
    )


def test_a_group_may_be_called_like_a_select_multiple():
    """`water/well`: the question well of the group water, unless well has a column of its own."""
    form = Questionnaire(
        form_id="f",
        title="T",
        choices={"w": (Choice(name="well"),)},
        survey=(
            Group(
                group="water",
                questions=(
                    Question(name="water", type="select_multiple w"),
                    Question(name="well", type="integer"),
                ),
            ),
        ),
    )
    assert match_headings(form, ["water/well"]).questions == {0: "well"}
    both = match_headings(form, ["well", "water", "water/well"])
    assert (both.questions, both.choices) == ({0: "well", 1: "water"}, {2: "water/well"})


def test_a_path_that_two_questions_share_belongs_to_neither():
    """`a-b-c` may be c in a-b or c in b in a; what is not clear is not read."""
    form = Questionnaire(
        form_id="f",
        title="T",
        survey=(
            Group(group="a-b", questions=(Question(name="c", type="text"),)),
            Group(group="a", questions=(Question(name="b-c", type="text"),)),
        ),
    )
    assert match_headings(form, ["a-b-c"]).questions == {}
    assert match_headings(form, ["a-b/c", "a/b-c"]).questions == {0: "c", 1: "b-c"}


def test_a_name_used_twice_is_told_apart_by_its_group():
    """An imported form may ask `age` in two groups; without its group a heading is not clear."""
    form = Questionnaire(
        form_id="f",
        title="T",
        choices={"w": (Choice(name="tap"),)},
        survey=(
            Group(group="a", questions=(Question(name="x", type="select_multiple w"),)),
            Group(group="b", questions=(Question(name="x", type="select_multiple w"),)),
        ),
    )
    found = match_headings(form, ["a/x", "b-x", "b/x/tap", "x"])
    assert found == Columns(questions={0: "a/x", 1: "b/x"}, choices={2: "b/x/tap"}, unknown=(3,))


@given(st.lists(st.sampled_from(["age", "home/age", "water", "water/tap", "_id", "x", "KEY", ""])))
def test_every_column_is_accounted_for(headings):
    """Whatever the headings, each column is exactly one of: question, choice, platform, rest."""
    form = Questionnaire(
        form_id="f",
        title="T",
        choices={"w": (Choice(name="tap"),)},
        survey=(
            Question(name="age", type="integer"),
            Question(name="water", type="select_multiple w"),
        ),
    )
    found = match_headings(form, headings)
    named = [*found.questions.values(), *found.choices.values(), *found.platform.values()]
    assert len(set(named)) == len(named)
    numbers = [
        *found.questions,
        *found.choices,
        *found.platform,
        *found.repeated,
        *found.unknown,
    ]
    assert sorted(numbers) == list(range(len(headings)))
    assert {*found.absent} | {*found.questions.values()} == {"age", "water"}
