"""What was written beside "other" becomes the choice that a reviewer says it is; nothing else."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.cleaning.decisions import settle
from pipeline.cleaning.other_texts import other_task, specified
from pipeline.cleaning.process import process
from pipeline.cleaning.recoding import added_choices
from pipeline.questionnaire.added import with_added
from pipeline.recoding import DECISION_COLUMNS, Work, decisions_schema, rows_schema, typed
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

KINDS = [
    {"name": "legal_aid", "label": {"en": "Legal aid", "zh-Hant": "法律扶助"}},
    {"name": "shelter", "label": {"en": "Shelter", "zh-Hant": "庇護所"}},
    {"name": "other", "label": {"en": "Other", "zh-Hant": "其他"}},
]
SURVEY = form(
    {"name": "kind", "type": "select_one kind", "label": {"en": "Which kind?"}},
    {"name": "kind_other", "type": "text", "relevant": "${kind} = 'other'", "required": True},
    {"name": "services", "type": "select_multiple kind", "label": {"en": "Which services?"}},
    {"name": "services_other", "type": "text", "relevant": "selected(${services}, 'other')"},
    {
        "repeat": "ties",
        "questions": [
            {"name": "tie", "type": "select_one kind"},
            {"name": "tie_other", "type": "text", "relevant": "${tie} = 'other'"},
        ],
    },
    choices={"kind": KINDS},
)


def decided(question, text, decision, value=None, *, file="aaaaaaaaaaaaaaaa", **more):
    """A decision as the reader hands it over."""
    return {
        "work": "other",
        "form_id": "small",
        "question": question,
        "text": text,
        "decision": decision,
        "value": value,
        "source_file": f"raw/recoding/{file}-small.other.xlsx",
        "source_place": "review!row 3",
        **more,
    }


def run(rows, *decisions, repeats=None):
    """Process returns with decisions; also gives the questionnaire with what they add."""
    frame = typed(pd.DataFrame(list(decisions)), DECISION_COLUMNS)
    decisions_schema().validate(frame)
    full = with_added(SURVEY, added_choices(SURVEY, frame))
    done = process(returns(rows, repeats=repeats), full, Settings(), None, frame)
    return done, full, frame


def asked(done, full, frame):
    tables = {"": done.main, **done.repeats}
    task = other_task(
        tables, full, settle(frame, Work.OTHER, "small"), ("en", "zh-Hant"), done.raw_text
    )
    if task is None:
        return []
    rows_schema().validate(task.rows)
    shown = task.rows[task.rows["decision"].isna()].astype(object)
    return list(
        shown[["question", "text", "count", "suggestion"]]
        .where(shown.notna(), None)
        .itertuples(index=False, name=None)
    )


def test_pairs_are_a_question_with_other_and_its_text():
    """`NAME_other` is the text of NAME where NAME offers "other" and stands in the same table."""
    lone = form(
        {"name": "age", "type": "integer"},
        {"name": "age_other", "type": "text"},
        {"name": "agree", "type": "select_one yes_no"},
        {"name": "agree_other", "type": "text"},
        {"name": "made", "type": "select_one kind", "or_other": True},
        {"name": "made_other", "type": "text"},
        choices={"kind": KINDS},
    )
    assert [pair.text.name for pair in specified(SURVEY)] == [
        "kind_other",
        "services_other",
        "tie_other",
    ]
    assert [pair.text.name for pair in specified(lone)] == ["made_other"]


def test_undecided_texts_are_asked_with_a_suggestion():
    """Spellings that differ in script, width, case or marks are one row; the nearest label of any
    language is suggested, and nothing where none is near."""
    rows = [
        {"kind": "other", "kind_other": "法律扶助"},
        {"kind": "other", "kind_other": "法律扶助"},
        {"kind": "other", "kind_other": "法律扶助。"},
        {"kind": "other", "kind_other": "Ｌegal-AID"},
        {"kind": "other", "kind_other": "SYNTHETIC sport"},
        {"kind": "shelter", "kind_other": "not beside other"},
    ]
    done, full, frame = run(rows)
    assert asked(done, full, frame) == [
        ("kind_other", "法律扶助", 3, "legal_aid"),
        ("kind_other", "SYNTHETIC sport", 1, None),
        ("kind_other", "Ｌegal-AID", 1, "legal_aid"),
    ]


def test_a_decision_changes_the_answer_and_takes_the_text_with_it():
    """The choice is put in the place of "other", the text is blanked, both by the named decision;
    what was written stays in the raw texts, and the text question applies no more."""
    done, full, frame = run(
        [{"kind": "other", "kind_other": "Law help"}, {"kind": "other", "kind_other": "Tea"}],
        decided("kind_other", "law  HELP", "choice", "legal_aid"),
    )
    assert done.main[["kind", "kind_other"]].astype(object).to_numpy().tolist() == [
        ["legal_aid", pytest.approx(float("nan"), nan_ok=True)],
        ["other", "Tea"],
    ]
    place = "raw/recoding/aaaaaaaaaaaaaaaa-small.other.xlsx review!row 3"
    assert told(done.issues, "response_id", "question", "code", "rule", "action", "stage") == [
        ("r1", "kind", "recoded", place, "changed", "recoding"),
        ("r1", "kind_other", "recoded", place, "blanked", "recoding"),
    ]
    ledger = done.ledger.set_index("question")[["answers_in", "kept", "changed", "blanked"]]
    assert ledger.loc["kind"].tolist() == [2, 1, 1, 0]
    assert ledger.loc["kind_other"].tolist() == [2, 1, 0, 1]
    assert done.missing["kind_other"].iloc[0] == "not_asked"
    assert told(done.raw_text, "question", "text") == [
        ("kind", "other"),
        ("kind_other", "Law help"),
    ]
    assert asked(done, full, frame) == [("kind_other", "Tea", 1, None)]


def test_several_choices_take_the_place_of_other():
    """Of a select_multiple the other choices stay, each once, and its columns are kept in step."""
    done, _, _ = run(
        [{"services": "shelter other", "services_other": "roof and law"}],
        decided("services_other", "roof and law", "choice", "shelter legal_aid"),
    )
    (row,) = done.main[[name for name in done.main if name.startswith("services")]].to_dict(
        "records"
    )
    assert row["services"] == "shelter legal_aid"
    assert {name: row[f"services/{name}"] for name in ("legal_aid", "shelter", "other")} == {
        "legal_aid": True,
        "shelter": True,
        "other": False,
    }


def test_a_new_choice_becomes_a_choice_of_the_questionnaire():
    """It has its labels, is no longer "not a choice", and is offered for the texts still open."""
    labels = json.dumps({"en": "Sport", "zh-Hant": "運動"}, ensure_ascii=False)
    done, full, frame = run(
        [{"kind": "other", "kind_other": "Football"}, {"kind": "other", "kind_other": "運動"}],
        decided("kind_other", "football", "new", "sport", labels=labels),
    )
    assert done.main["kind"].tolist() == ["sport", "other"]
    assert full.choices["kind"][-1].label == {"en": "Sport", "zh-Hant": "運動"}
    assert SURVEY.choices["kind"][-1].name == "other"
    assert "not_a_choice" not in set(done.issues["code"])
    assert asked(done, full, frame) == [("kind_other", "運動", 1, "sport")]


def test_keep_is_a_decision():
    """A text that is to stay stays, without an issue, and is not asked about again."""
    done, full, frame = run(
        [{"kind": "other", "kind_other": "Tea"}], decided("kind_other", "Tea", "keep")
    )
    assert done.main["kind"].tolist() == ["other"]
    assert len(done.issues) == 0
    assert asked(done, full, frame) == []


def test_a_decision_in_a_repeat_holds_in_each_row():
    """Rows of a repeat are recoded where they stand."""
    done, _, _ = run(
        [{"kind": "shelter"}],
        decided("tie_other", "Law", "choice", "legal_aid"),
        repeats={
            "ties": [
                {"response_id": "r1", "position": 1, "tie": "shelter"},
                {"response_id": "r1", "position": 2, "tie": "other", "tie_other": "Law"},
            ]
        },
    )
    assert done.repeats["ties"]["tie"].tolist() == ["shelter", "legal_aid"]
    assert told(done.issues, "question", "position", "code") == [
        ("tie", 2, "recoded"),
        ("tie_other", 2, "recoded"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "shelter", "kind_other": "Law"},
        {"kind": "other", "kind_other": "Lawn"},
        {"kind": "other"},
    ],
    ids=["other is no longer chosen", "another text", "no text"],
)
def test_the_old_text_guards(row):
    """A decision about no answer that is there now is reported and changes nothing."""
    done, _, _ = run([row], decided("kind_other", "Law", "choice", "legal_aid"))
    assert done.main["kind"].tolist() == [row["kind"]]
    assert ("recoding_unfit", "raw/recoding/aaaaaaaaaaaaaaaa-small.other.xlsx") in told(
        done.issues, "code", "source_file"
    )


@pytest.mark.parametrize("value", ["nothing", "legal_aid shelter"], ids=["unknown", "two of one"])
def test_a_decision_that_is_no_answer_is_not_applied(value):
    """A choice that the question does not have, or two choices of a select_one, change nothing."""
    done, _, _ = run(
        [{"kind": "other", "kind_other": "Law"}], decided("kind_other", "Law", "choice", value)
    )
    assert done.main["kind"].tolist() == ["other"]
    assert told(done.issues, "code") == [("recoding_unfit",)]


def test_of_two_different_decisions_neither_holds_until_one_has_seen_the_other():
    """They are reported and asked again; a decision that was made knowing the others replaces them,
    in whatever order the files came."""
    row = {"kind": "other", "kind_other": "Law"}
    one = decided("kind_other", "Law", "choice", "legal_aid", file="a" * 16)
    two = decided("kind_other", "law", "choice", "shelter", file="b" * 16)
    third = decided("kind_other", "Law", "keep", file="0" * 16, settles=f"{'a' * 16} {'b' * 16}")
    done, full, frame = run([row], one, two)
    assert done.main["kind"].tolist() == ["other"]
    assert told(done.issues, "code", "source_place") == [
        ("recoding_contradicts", "review!row 3"),
        ("recoding_contradicts", "review!row 3"),
    ]
    task = other_task(
        {"": done.main, **done.repeats},
        full,
        settle(frame, Work.OTHER, "small"),
        ("en",),
        done.raw_text,
    )
    assert task.rows["settles"].tolist() == [f"{'a' * 16} {'b' * 16}"]
    for order in ((one, two, third), (third, two, one)):
        done, full, frame = run([row], *order)
        assert asked(done, full, frame) == []
        assert "recoding_contradicts" not in set(done.issues["code"])


TEXTS = ["Law", "law ", "Shelter!", "庇護所", "庇护所", "...", "x"]


@hypothesis_settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from([None, "other", "shelter"]),
                "kind_other": st.sampled_from([None, *TEXTS]),
                "services": st.sampled_from([None, "other", "shelter other", "legal_aid"]),
                "services_other": st.sampled_from([None, *TEXTS]),
            }
        ),
        max_size=6,
    ),
    decisions=st.lists(
        st.builds(
            decided,
            st.sampled_from(["kind_other", "services_other"]),
            st.sampled_from(TEXTS),
            st.sampled_from(["choice", "keep"]),
            st.sampled_from(["legal_aid", "shelter", "shelter legal_aid", "nothing"]),
            file=st.sampled_from(["a" * 16, "b" * 16]),
            settles=st.sampled_from([None, "a" * 16, "b" * 16]),
        ),
        max_size=5,
    ),
)
def test_whatever_is_decided_the_ledger_adds_up_and_order_is_no_matter(rows, decisions):
    """`process` fails where an answer is lost; decisions in another order give the same tables."""
    done, _, _ = run(rows, *decisions)
    again, _, _ = run(rows, *reversed(decisions))
    pd.testing.assert_frame_equal(done.main, again.main)
    pd.testing.assert_frame_equal(done.ledger, again.ledger)
