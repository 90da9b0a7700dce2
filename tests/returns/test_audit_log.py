"""ODK's audit logs come in beside their submissions and say how long each form was worked on."""

import pytest

from pipeline.returns.audit_log import active_minutes
from pipeline.returns.manifest import read_manifest, verify
from pipeline.returns.read import read_form
from pipeline.returns.receive import receive
from pipeline.settings import Caps
from pipeline.synthetic.filled_submission import fill_submission
from tests.returns.conftest import NOW

LOG = """event,node,start,end
form start,,1314924000000,
question,/data/age,1314924000000,1314924060000
question,/data/home/remark,1314924060000,1314924210000
form exit,,1314924210000,
"""


@pytest.fixture
def sent(tmp_path, household):
    """Lay down submissions as Collect does, a folder each, and their logs."""

    def lay(folder, instance, log=LOG, *, name="submission"):
        there = tmp_path / "sent" / folder
        there.mkdir(parents=True, exist_ok=True)
        fill_submission(
            household, {"age": "30"}, instance_id=instance, target=there / f"{name}.xml"
        )
        if log is not None:
            (there / "audit.csv").write_text(log, encoding="utf-8")
        return tmp_path / "sent"

    return lay


def minutes(study, household, folder):
    receive(study, [folder], {"household": household}, now=NOW)
    rows = read_manifest(study)
    responses = read_form(study, household, rows)
    found, issues = active_minutes(study, responses, rows, Caps())
    return (None if found is None else found.to_dict()), issues["code"].tolist()


def test_the_times_in_which_a_question_was_open_are_added(study, household, sent):
    """Of the submission out of the same folder; one without a log has no time."""
    sent("one", "a")
    sent("two", "b", LOG.replace("4210000", "4120000"))
    folder = sent("three", "c", None)
    assert minutes(study, household, folder) == ({"a": 3.5, "b": 2.0}, [])
    assert verify(study) == []


def test_no_log_gives_nothing(study, household, sent):
    assert minutes(study, household, sent("one", "a", None)) == (None, [])


def test_a_log_beside_several_submissions_is_nobodys_and_told(study, household, sent):
    sent("one", "a", name="first")
    assert minutes(study, household, sent("one", "b", name="second")) == (
        None,
        ["audit_unmatched"],
    )


def test_a_log_that_cannot_be_read_is_told(study, household, sent):
    torn = LOG + "question,/data/age,1,2,3,4,5\n"
    assert minutes(study, household, sent("one", "a", torn)) == (None, ["unreadable_file"])
