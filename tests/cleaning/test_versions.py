"""The stage versions: what the questionnaire declares is carried, nothing else is guessed."""

import pytest

from pipeline.cleaning.process import process
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.model import Change
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

SURVEY = form(
    {"name": "cases_per_year", "type": "integer"},
    {"name": "source", "type": "select_multiple sources"},
    {"name": "kind", "type": "select_one sources"},
    {"repeat": "members", "questions": [{"name": "born", "type": "integer"}]},
    choices={"sources": [{"name": "well"}, {"name": "tap"}]},
    version="3",
    changes=[
        {"version": "1"},
        {"version": "2", "rename": {"cases": "cases_a_year"}, "dropped": ["fax"]},
        {
            "version": "3",
            "rename": {"cases_a_year": "cases_per_year", "year": "born"},
            "choices": {
                "source": {"pump": "well", "borehole": "well"},
                "kind": {"pump": "well"},
            },
        },
    ],
)


def cleaned(*rows, **more):
    return process(returns(rows, **more), SURVEY, Settings())


@pytest.mark.parametrize(
    ("version", "column"), [("1", "cases"), ("2", "cases_a_year"), ("3", "cases_per_year")]
)
def test_a_renamed_question_keeps_its_answers(version, column):
    """Through as many versions as it takes; a rename alone changes no answer."""
    done = cleaned({"form_version": version, column: "12"})
    assert done.main["cases_per_year"].tolist() == [12]
    assert len(done.issues) == 0
    assert told(done.ledger, "question", "kept") == [("cases_per_year", 1)]


def test_a_rename_holds_for_older_rows_only():
    """On the present version the old name is no question: its answer is set aside and told."""
    row = {"form_version": "3", "cases": "12", "kind": "well"}
    done = cleaned(row, {"form_version": "1", "cases": "7"})
    assert done.main["cases_per_year"].astype(object).tolist()[1:] == [7]
    assert told(done.issues, "question", "code", "action", "source_file") == [
        ("cases", "undeclared_question", "set_aside", "raw/small/SYNTHETIC.csv")
    ]
    assert told(done.ledger, "question", "answers_in", "kept", "set_aside") == [
        ("cases_per_year", 1, 1, 0),
        ("kind", 1, 1, 0),
        ("cases", 1, 0, 1),
    ]


def test_a_version_that_nobody_knows_is_older_where_no_present_form_could_have_given_it():
    """Kobo writes version numbers of its own: old names tell by themselves, names that stay do not.

    `tap` was another choice before and is offered still, so whose it is nobody can say.
    """
    survey = SURVEY.model_copy(
        update={
            "changes": (
                Change(version="1"),
                Change(
                    version="2",
                    rename={"cases": "cases_per_year"},
                    choices={"kind": {"pump": "well", "tap": "well"}},
                ),
            )
        }
    )
    rows = [{"form_version": version, "cases": "12", "kind": "pump"} for version in ("vXyZ", None)]
    done = process(returns([*rows, {"form_version": "vXyZ", "kind": "tap"}]), survey, Settings())
    assert done.main["cases_per_year"].tolist()[:2] == [12, 12]
    assert done.main["kind"].tolist() == ["well", "well", "tap"]


def test_choices_are_renamed_and_merged():
    """The old name stays as raw text; two that became one are one."""
    done = cleaned(
        {"form_version": "2", "source": "pump borehole tap", "kind": "pump"},
        {"form_version": "3", "source": "tap"},
    )
    assert done.main["source"].tolist() == ["well tap", "tap"]
    assert done.main["kind"].tolist()[0] == "well"
    assert done.main["source/well"].tolist() == [True, False]
    assert told(done.issues, "response_id", "question", "code", "action") == [
        ("r1", "source", "choice_recoded", "changed"),
        ("r1", "kind", "choice_recoded", "changed"),
    ]
    assert told(done.raw_text, "response_id", "question", "text") == [
        ("r1", "source", "pump borehole tap"),
        ("r1", "kind", "pump"),
    ]
    assert done.ledger["changed"].tolist() == [1, 1]


def test_returned_choice_columns_are_renamed_with_their_choices():
    rows = [{"form_version": "2", "source": "pump", "source/pump": "1", "source/tap": "0"}]
    done = cleaned(*rows)
    assert done.main[["source/well", "source/tap"]].to_numpy().tolist() == [[True, False]]
    assert told(done.issues, "code") == [("choice_recoded",)]


def test_a_choice_renamed_since_is_no_choice_now():
    done = cleaned({"form_version": "3", "kind": "pump"})
    assert told(done.issues, "question", "code") == [("kind", "not_a_choice")]


def test_a_dropped_question_is_set_aside_as_declared():
    """Its answers are counted, and nobody is asked about them."""
    done = cleaned({"form_version": "1", "fax": "1234", "kind": "tap"})
    assert told(done.issues, "question", "code", "severity") == [
        ("fax", "dropped_question", "info")
    ]
    assert told(done.ledger, "question", "set_aside") == [("kind", 0), ("fax", 1)]


def test_what_an_older_excel_form_asks_is_never_lost_in_silence():
    """An undeclared difference sets the question aside, not the response."""
    done = cleaned({"form_version": "1", "mode": "excel", "telex": "99", "kind": "tap"})
    assert done.main["kind"].tolist() == ["tap"]
    assert told(done.issues, "question", "code") == [("telex", "undeclared_question")]


def test_a_renamed_question_of_a_repeat_keeps_its_answers():
    members = [{"response_id": "r1", "year": "1960"}]
    done = cleaned({"form_version": "2"}, repeats={"members": members})
    assert done.repeats["members"]["born"].tolist() == [1960]


def test_a_real_form_of_the_humanitarian_needs_assessment(shared_dir):
    """MSNA 8 to 9 renamed two choices; answers on 8 become answers on 9, as declared."""
    nine, _ = read_xlsform(shared_dir / "xlsforms/msna/msna_v9.xlsx", form_id="msna")
    renamed = {
        "wash_drinking_water_source": {"well_spring": "protected_spring"},
        "wash_drinking_water_time_sl": {"under30min": "under_30_min"},
    }
    assert set(renamed) <= set(nine.by_name)
    changes = (Change(version="8"), Change(version="9", choices=renamed))
    nine = nine.model_copy(update={"version": "9", "changes": changes})
    answers = {name: next(iter(names)) for name, names in renamed.items()}
    asked = {"consent": "yes", "wash_drinking_water_time_yn": "dnk"}
    rows = [{"form_version": version, **asked, **answers} for version in ("8", "9")]
    done = process(returns(rows), nine, Settings())
    assert done.main.loc[0, list(renamed)].tolist() == ["protected_spring", "under_30_min"]
    told_of = done.issues[done.issues["code"].isin(["choice_recoded", "not_a_choice"])]
    assert told(told_of) == [
        *(("r1", name, "choice_recoded") for name in renamed),
        *(("r2", name, "not_a_choice") for name in renamed),
    ]
