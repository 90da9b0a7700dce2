"""Open answers are coded by two people who do not know of each other; a third decides."""

import pandas as pd
import pytest

from pipeline.analysis.agreement import agreement_of, agreement_table
from pipeline.analysis.choice_tables import choice_table
from pipeline.analysis.data import open_dataset
from pipeline.cleaning.process import process
from pipeline.cleaning.recoding_tasks import coding_table, tasks_of
from pipeline.errors import SurveyError
from pipeline.questionnaire.added import with_added
from pipeline.questionnaire.code_frame import CodeFrame, added_codes, read_code_frame
from pipeline.questionnaire.load import load
from pipeline.recoding import DECISION_COLUMNS, rows_schema, typed
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told
from tests.recoding.conftest import FORM, STUDY, Folder, shown

FRAME = """\
coders: [K1, K2]
questions:
  comment:
    most: 2
    codes:
      - {name: law, label: {en: Law, zh-Hant: 法律, ja: 法律}}
      - {name: money, label: {en: Money, zh-Hant: 經費, ja: 資金}}
      - {name: none, label: {en: Nothing that fits, zh-Hant: 皆不符, ja: 該当なし}}
"""
SURVEY = form({"name": "comment", "type": "text", "sensitivity": "open", "label": {"en": "Why?"}})
CODES = [{"name": name} for name in ("law", "money", "none")]
ONE = CodeFrame.model_validate({"coders": ["K1", "K2"], "questions": {"comment": {"codes": CODES}}})
TWO = CodeFrame.model_validate(
    {"coders": ["K1", "K2"], "questions": {"comment": {"codes": CODES, "most": 2}}}
)
ROWS = [{"comment": "SYNTHETIC laws"}, {"comment": "SYNTHETIC coins"}, {}]


def coded(response_id, text, value, coder, *, file="a" * 16, **more):
    return {
        "work": "codes" if coder else "settle",
        "form_id": "small",
        "coder": coder or None,
        "question": "comment",
        "response_id": response_id,
        "text": text,
        "decision": "choice",
        "value": value,
        "source_file": f"raw/recoding/{file}-back.xlsx",
        "source_place": "review!row 3",
        **more,
    }


def run(*decisions, frame=ONE):
    log = typed(pd.DataFrame(list(decisions)), DECISION_COLUMNS)
    full = with_added(SURVEY, added_codes(frame, SURVEY))
    done = process(returns(ROWS), full, Settings(), None, log, frame=frame)
    tasks = tasks_of(done, full, log, ("en",), frame)
    for task in tasks:
        rows_schema().validate(task.rows)
    return done, tasks, coding_table(done, full, log, frame)


def open_rows(task):
    return task.rows.loc[task.rows["decision"].isna(), "text"].tolist()


def test_each_coder_is_asked_about_every_answer_and_about_nothing_else():
    """Nobody has coded yet: two workbooks, none for a supervisor; what was not answered is not
    asked, and why there is no code says which of the two it is."""
    done, tasks, _ = run()
    assert [(task.file_name, open_rows(task)) for task in tasks] == [
        ("small.codes.K1.xlsx", ["SYNTHETIC laws", "SYNTHETIC coins"]),
        ("small.codes.K2.xlsx", ["SYNTHETIC laws", "SYNTHETIC coins"]),
    ]
    assert done.main["comment_codes"].isna().all()
    assert done.missing["comment_codes"].tolist() == ["not_answered", "not_answered", "not_asked"]


def test_codes_hold_where_coders_agree_and_wait_where_they_do_not():
    """One coder alone decides nothing; an answer on which they differ goes to the supervisor with
    what each has said."""
    done, tasks, table = run(
        coded("r1", "SYNTHETIC laws", "law", "K1"),
        coded("r1", "SYNTHETIC laws", "law", "K2"),
        coded("r2", "SYNTHETIC coins", "money", "K1"),
        coded("r2", "SYNTHETIC coins", "none", "K2"),
    )
    assert done.main["comment_codes"].fillna("-").tolist() == ["law", "-", "-"]
    assert table.astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["comment", "r1", None, "law", "law", None, "law"],
        ["comment", "r2", None, "money", "none", None, None],
    ]
    *_, settle = tasks
    assert settle.file_name == "small.codes.supervisor.xlsx"
    assert settle.rows[["text", "codes_1", "codes_2"]].to_numpy().tolist() == [
        ["SYNTHETIC coins", "money", "none"]
    ]


def test_a_supervisor_decides_and_is_not_asked_again():
    """His codes are final; the answer's own words are untouched."""
    done, tasks, _ = run(
        coded("r2", "SYNTHETIC coins", "money", "K1"),
        coded("r2", "SYNTHETIC coins", "none", "K2"),
        coded("r2", "SYNTHETIC coins", "law", ""),
    )
    assert done.main["comment_codes"].fillna("-").tolist() == ["-", "law", "-"]
    assert done.main["comment"].tolist()[:2] == ["SYNTHETIC laws", "SYNTHETIC coins"]
    assert open_rows(tasks[-1]) == []
    assert done.ledger["question"].tolist() == ["comment"]


def test_several_codes_are_a_set():
    """In whatever order they were given; the column holds them in the frame's order, with a column
    of truths for each code."""
    done, _, _ = run(
        coded("r1", "SYNTHETIC laws", "law money", "K1"),
        coded("r1", "SYNTHETIC laws", "law money", "K2"),
        frame=TWO,
    )
    row = done.main.iloc[0]
    assert row["comment_codes"] == "law money"
    assert [row[f"comment_codes/{name}"] for name in ("law", "money", "none")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SYNTHETIC laws, corrected", "law"),
        ("SYNTHETIC laws", "lawn"),
        ("SYNTHETIC laws", "law money"),
    ],
    ids=["the answer has changed", "no such code", "more codes than the frame allows"],
)
def test_codes_that_do_not_fit_are_told_and_asked_again(text, value):
    done, tasks, _ = run(coded("r1", text, value, "K1"), coded("r1", text, value, "K2"))
    assert done.main["comment_codes"].isna().all()
    assert told(done.issues, "code", "stage") == [("recoding_unfit", "coding")] * 2
    assert open_rows(tasks[0]) == ["SYNTHETIC laws", "SYNTHETIC coins"]


def test_agreement_is_that_of_the_reference(shared_dir):
    """Kappa of two coders, as psych has it, with its interval; alpha of the same codes."""
    ratings = pd.read_csv(shared_dir / "reference/agreement_two_coders.csv").astype(str)
    reference = pd.read_csv(shared_dir / "reference/agreement_reference.csv", index_col="stat")
    coding = pd.DataFrame({"first": ratings["a"], "second": ratings["b"]})
    found = agreement_of(coding, {name: name for name in ("1", "2", "3")}, several=False)
    expected = reference.loc["cohen_kappa_unweighted", ["estimate", "ci_low", "ci_high"]]
    row = found.iloc[0]
    assert row[["kappa", "low", "high"]].tolist() == pytest.approx(
        expected.astype(float).tolist(), abs=1e-9
    )
    assert row["both"] == 20
    # by hand: alpha = 1 - (2n - 1) observed / expected disagreement over 40 values
    values = pd.concat([coding["first"], coding["second"]]).value_counts()
    chance = 1 - (values * (values - 1)).sum() / (40 * 39)
    assert row["alpha"] == pytest.approx(1 - (1 - row["same"]) / chance)
    assert found["label"].tolist() == ["", "1", "2", "3"]


def test_where_several_codes_may_be_given_each_is_judged_by_itself():
    coding = pd.DataFrame(
        {"first": ["law", "law money", "none", None], "second": ["law", "law", "none", "law"]}
    )
    found = agreement_of(coding, {"law": "Law", "money": "Money"}, several=True)
    assert found[["label", "both", "same", "kappa"]].to_numpy().tolist() == [
        ["Law", 3, 1.0, 1.0],
        ["Money", 3, pytest.approx(2 / 3), 0.0],
    ]


def test_what_is_wrong_in_a_code_frame_is_named_with_its_line(tmp_path):
    """All at once: coders who are one, a question that is not open, a name twice."""
    path = tmp_path / "small.yaml"
    path.write_text(
        "coders: [K1, K1]\nquestions:\n"
        "  kind: {codes: [{name: a}, {name: b}]}\n"
        "  kind_other: {codes: [{name: a}, {name: a}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "study").mkdir()
    folder = Folder(tmp_path / "study")
    with pytest.raises(SurveyError) as caught:
        read_code_frame(path, load(folder.study.instruments / "small.yaml"), shown="small.yaml")
    assert [(one.code, one.place.line) for one in caught.value.problems] == [
        ("FRAME-002", 1),
        ("FRAME-003", 3),
        ("FRAME-002", 4),
    ]


@pytest.fixture
def study(tmp_path):
    comment = (
        "  - {name: comment, type: text, sensitivity: open, "
        "label: {en: What is missing?, zh-Hant: 缺少什麼？, ja: 何が足りませんか。}}\n"
    )
    folder = Folder(tmp_path, FORM + comment, STUDY + "disclosure: {public: 1, restricted: 1}\n")
    frames = folder.study.instruments / "code_frames"
    frames.mkdir()
    (frames / "small.yaml").write_text(FRAME, encoding="utf-8")
    folder.receive([{"kind": "shelter", "comment": f"SYNTHETIC {n}"} for n in range(1, 5)])
    folder.survey("check")
    folder.survey("process")
    return folder


def test_the_whole_round_through_the_command_line(study):
    """Two coders, their differences, the supervisor, the column, and the table of agreement."""
    first = {
        "SYNTHETIC 1": "law",
        "SYNTHETIC 2": "law",
        "SYNTHETIC 3": "money",
        "SYNTHETIC 4": "none",
    }
    second = {**first, "SYNTHETIC 2": "money"}
    for coder, codes in (("K1", first), ("K2", second)):
        entries = {text: {"code 1": f"{code} · words"} for text, code in codes.items()}
        entries["SYNTHETIC 1"]["code 2"] = "money"
        study.send_back(f"codes.{coder}", entries, as_name=coder)
    study.survey("process")
    asked = shown(study.book("codes.supervisor"), "review", "shown_text", "codes_1", "codes_2")
    assert asked == [("SYNTHETIC 2", "law · Law / 法律", "money · Money / 經費 / 資金")]
    study.send_back("codes.supervisor", {"SYNTHETIC 2": {"code 1": "law"}}, as_name="supervisor")
    study.survey("process")
    assert study.table()["comment_codes"].tolist() == ["law money", "law", "money", "none"]
    dataset = open_dataset(study.study, "small", "ja")
    assert dataset.choice_labels("comment_codes") == {
        "law": "法律",
        "money": "資金",
        "none": "該当なし",
    }
    table = agreement_table([dataset])
    assert table.frame[["label", "both", "same"]].to_numpy().tolist() == [
        ["法律", 4, 0.75],
        ["資金", 4, 0.75],
        ["該当なし", 4, 1.0],
    ]
    tabulated = choice_table(dataset, "comment_codes")
    assert tabulated.base == 4
    assert tabulated.frame["count"].tolist()[:3] == [2, 2, 1]
    study.survey("deliver")
