"""The whole round of an "other": out in a workbook, back as data, through the command line."""

import stat

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.analysis.data import open_dataset
from pipeline.forms.phrases_recoding import PHRASES
from tests.libreoffice import save_anew
from tests.recoding.conftest import Folder, shown

ROWS = [
    {"kind": "other", "kind_other": "法律扶助"},
    {"kind": "other", "kind_other": "Sport"},
    {"kind": "other", "kind_other": "Tea"},
    {"kind": "shelter", "kind_other": ""},
]


@pytest.fixture
def asked(folder):
    folder.receive(ROWS)
    folder.survey("process")
    return folder


def test_the_workbook_asks_about_each_text(asked):
    """One row a text: how often, what is suggested; read by its owner alone; the same bytes for the
    same returns."""
    path = asked.book("other")
    assert shown(path, "review", "shown_text", "count", "shown_suggestion", "decision") == [
        ("Sport", 1, None, None),
        ("Tea", 1, None, None),
        ("法律扶助", 1, "legal_aid · Legal aid / 法律扶助", None),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    path.unlink()
    asked.survey("process")
    assert path.read_bytes() == before
    assert load_workbook(path).sheetnames == ["review", "_lists", "how to"]


def test_what_was_decided_is_applied_and_not_asked_again(asked):
    """Accepted, made a new choice, kept: the answers change, the ledger names the workbook, the
    tables know the new choice in each language, and only what is open is asked."""
    asked.send_back(
        "other",
        {
            "法律扶助": {"decision": "accept · take the suggestion / 採用建議 / 候補を採用"},
            "Sport": {
                "decision": "new",
                "new_name": "sport",
                "label en": "Sport",
                "label zh-Hant": "運動",
                "label ja": "スポーツ",
                "by": "AB01",
            },
        },
    )
    asked.survey("process")
    assert asked.table()["kind"].tolist() == ["legal_aid", "sport", "other", "shelter"]
    assert shown(asked.book("other"), "review", "shown_text") == [("Tea",)]
    assert shown(asked.book("other"), "decided", "shown_text", "decision", "value", "label ja") == [
        ("Sport", "new · a new choice / 新增選項 / 新しい選択肢", None, "スポーツ"),
        (
            "法律扶助",
            "choice · another existing choice / 其他既有選項 / ほかの既存の選択肢",
            "legal_aid · Legal aid / 法律扶助",
            None,
        ),
    ]
    changed = asked.table("issues").query("code == 'recoded' and question == 'kind'")
    (received,) = asked.study.raw.glob("recoding/*.xlsx")
    assert changed[["response_id", "rule"]].to_numpy().tolist() == [
        ["r1", f"raw/recoding/{received.name} review!row 5"],
        ["r2", f"raw/recoding/{received.name} review!row 3"],
    ]
    labels = open_dataset(asked.study, "small", "zh-Hant").choice_labels("kind")
    assert labels["sport"] == "運動"
    assert "recoding: sport recoded" in asked.survey("trace", "small", "r2", "kind")
    asked.send_back("other", {"Tea": {"decision": "keep"}}, as_name="second")
    asked.survey("process")
    assert shown(asked.book("other"), "review", "shown_text") == []
    assert asked.table()["kind"].tolist() == ["legal_aid", "sport", "other", "shelter"]


def test_a_decision_can_be_changed_on_the_second_sheet(asked, tmp_path):
    """Who changes what was decided knew it: his decision replaces the earlier one. A study that
    receives the two files the other way round has the same tables."""
    asked.send_back("other", {"Sport": {"decision": "choice", "value": "shelter"}})
    asked.survey("process")
    asked.send_back(
        "other", {"Sport": {"decision": "keep", "value": ""}}, sheet="decided", as_name="b"
    )
    asked.survey("process")
    assert asked.table()["kind"].tolist()[1] == "other"
    assert asked.table("issues").empty
    (tmp_path / "again").mkdir()
    again = Folder(tmp_path / "again")
    again.receive(ROWS)
    for path in sorted(asked.study.root.glob("SYNTHETIC-*.xlsx"), reverse=True):
        again.survey("receive", str(path))
    again.survey("process")
    for name in ("responses", "issues", "ledger", "raw_text", "missing"):
        one, other = (
            folder.table(name).drop(columns="received_at", errors="ignore")
            for folder in (asked, again)
        )
        pd.testing.assert_frame_equal(one, other)


def test_rows_that_cannot_be_read_are_told_and_asked_again(asked):
    """A decision without a choice, an unknown decision, a new choice without labels: an issue each
    with sheet and row, and never with the text."""
    asked.send_back(
        "other",
        {
            "Sport": {"decision": "choice"},
            "Tea": {"decision": "new", "new_name": "tea time"},
            "法律扶助": {"decision": "maybe"},
        },
    )
    asked.survey("process")
    told = asked.table("issues")
    assert told[["code", "source_place"]].to_numpy().tolist() == [
        ["recoding_unreadable", "review!row 3"],
        ["recoding_unreadable", "review!row 4"],
        ["recoding_unreadable", "review!row 5"],
    ]
    assert not told["message"].str.contains("Sport|Tea|法律").any()
    assert len(shown(asked.book("other"), "review", "text")) == 3


def test_the_file_is_known_by_its_content(asked, soffice, tmp_path):
    """Renamed, and saved by LibreOffice: it is read all the same."""
    path = asked.fill("other", {"Sport": {"decision": "choice", "value": "shelter · Shelter"}})
    (anew,) = save_anew(soffice, [path], tmp_path / "anew")
    said = asked.survey("receive", str(anew))
    assert "Decisions about small (other)." in said
    asked.survey("process")
    assert asked.table()["kind"].tolist()[1] == "shelter"


def test_a_workbook_about_no_form_of_the_study_is_not_recognised(asked, tmp_path):
    """It lies among the unrecognised with its reason."""
    path = asked.fill("other", {"Sport": {"decision": "keep"}})
    work = load_workbook(path)
    work["review"]["A1"] = "recoding other elsewhere 1 -"
    work.save(path)
    assert "unrecognised" in asked.survey("receive", str(path), exit_code=1)


def test_fixed_words_are_in_three_languages():
    """No phrase is missing or left in another language, and each takes the same parts."""
    for key, said in PHRASES.items():
        assert all(text.strip() for text in said), key
        assert (
            len(
                {
                    frozenset(part for part in ("{coder}", "{number}") if part in text)
                    for text in said
                }
            )
            == 1
        )
        assert said[0].isascii() or "–" in said[0] or "“" in said[0], key
