"""Organisations that were named are matched to one list by a person, and by nothing else."""

import pandas as pd
import pytest

from pipeline.cleaning.decisions import settle
from pipeline.cleaning.likeness import LEAST, likeness, one_script
from pipeline.cleaning.names import names_task, same_names, without_legal_form
from pipeline.cleaning.process import process
from pipeline.privacy.organisations import code_organisations
from pipeline.recoding import DECISION_COLUMNS, Work, typed
from pipeline.settings import Roles, Settings
from tests.cleaning.forms import form, returns, told
from tests.recoding.conftest import FORM, STUDY, Folder, shown

QUESTIONS = ("own_zh", "own_en", "tie_name")
ROLES = Roles(organisations=QUESTIONS)
SETTINGS = Settings(roles={"small": ROLES})
SURVEY = form(
    {"name": "own_zh", "type": "text", "sensitivity": "identifier"},
    {"name": "own_en", "type": "text", "sensitivity": "identifier"},
    {
        "repeat": "ties",
        "questions": [{"name": "tie_name", "type": "text", "sensitivity": "identifier"}],
    },
)
OWN = [
    {"own_zh": "SYNTHETIC臺灣人權促進會", "own_en": "SYNTHETIC Association for Human Rights"},
    {"own_zh": "財團法人SYNTHETIC法律扶助基金會"},
]


def decided(text, decision, value=None, *, file="a" * 16, **more):
    return {
        "work": "names",
        "form_id": "small",
        "question": "tie_name",
        "text": text,
        "decision": decision,
        "value": value,
        "source_file": f"raw/recoding/{file}-back.xlsx",
        "source_place": "review!row 3",
        **more,
    }


def run(ties, *decisions):
    """Process two organisations with the names that the first of them gives."""
    frame = typed(pd.DataFrame(list(decisions)), DECISION_COLUMNS)
    rows = [
        {"response_id": "r1", "position": number, "tie_name": name}
        for number, name in enumerate(ties, start=1)
    ]
    done = process(returns(OWN, repeats={"ties": rows}), SURVEY, SETTINGS, None, frame)
    tables = {"": done.main, **done.repeats}
    same = same_names(tables, SURVEY, ROLES, frame)
    _, coded = code_organisations(done.main, done.repeats, QUESTIONS, same)
    codes = coded["ties"]["organisation_code"].tolist()
    task = names_task(tables, SURVEY, ROLES, settle(frame, Work.NAMES, "small"), ("en",))
    return done, codes, task


def asked(task):
    if task is None:
        return []
    rows = task.rows[task.rows["decision"].isna()].astype(object)
    rows = rows.where(rows.notna(), None)
    return list(rows[["text", "count", "suggestion"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("SYNTHETIC台湾人权促进会", "SYNTHETIC臺灣人權促進會"),
        ("ＳＹＮＴＨＥＴＩＣ台灣人權促進会", "SYNTHETIC臺灣人權促進會"),
        ("SYNTHETIC法律扶助基金會", "財團法人SYNTHETIC法律扶助基金會"),
        ("Synthetic Ass. for human rights", "SYNTHETIC Association for Human Rights"),
        ("SAHR", "SYNTHETIC Association for Human Rights"),
    ],
)
def test_what_is_alike_is_suggested_and_stays_its_own_until_decided(name, listed):
    """Another script, width, legal form, spelling or the initials: a suggestion, never a match."""
    done, codes, task = run([name])
    assert asked(task) == [(name, 1, listed)]
    assert codes == ["ORG003"]
    assert done.issues.empty


def test_what_is_listed_is_not_asked():
    """A name that differs from a listed one in nothing but width, case and spaces is that name."""
    _, codes, task = run(
        ["ｓｙｎｔｈｅｔｉｃ 臺灣人權促進會", "Synthetic association for HUMAN rights"]
    )
    assert codes == ["ORG001", "ORG001"]
    assert task is None


def test_initials_of_a_chinese_name_are_found():
    """An abbreviation takes characters of the name in their order and ends as it ends."""
    known = [one_script("台灣人權促進會"), one_script("台灣基督長老教會")]
    ((right, wrong),) = likeness([one_script("台權會")], known)
    assert right == 88
    assert wrong < LEAST


def test_only_what_says_the_legal_form_is_left_out():
    names = [
        "財團法人法律扶助基金會",
        "特定非営利活動法人 難民支援協会",
        "The Law Centre Ltd.",
        "Ltd",
    ]
    assert [without_legal_form(name) for name in names] == [
        "法律扶助基金会",
        "难民支援协会",
        "law centre",
        "ltd",
    ]


def test_a_matched_name_has_the_code_of_the_organisation():
    """The name stays as it was written; an issue in its row names the decision; it is not asked
    again, in this or another spelling."""
    ties = ["SYNTHETIC台灣人權促進會", "SYNTHETIC台湾人权促进会", "SYNTHETIC elsewhere"]
    done, codes, task = run(ties, decided(ties[0], "choice", OWN[0]["own_en"]))
    assert codes == ["ORG001", "ORG001", "ORG003"]
    assert done.repeats["ties"]["tie_name"].tolist() == ties
    place = f"raw/recoding/{'a' * 16}-back.xlsx review!row 3"
    assert told(done.issues, "question", "position", "code", "rule", "action") == [
        ("tie_name", 2, "name_matched", place, "none"),
        ("tie_name", 1, "name_matched", place, "none"),
    ]
    assert asked(task) == [("SYNTHETIC elsewhere", 1, None)]


def test_an_organisation_of_its_own_joins_the_list():
    """Its spellings are one organisation, and other names can be matched to it."""
    ties = ["SYNTHETIC 香港會", "SYNTHETIC 香港会", "SYNTHETIC HK"]
    own, other = decided(ties[0], "keep"), decided(ties[2], "choice", ties[0])
    _, codes, task = run(ties, own)
    assert codes == ["ORG003", "ORG003", "ORG004"]
    assert [row[0] for row in asked(task)] == [ties[2]]
    assert [choice.name for choice in task.offers["tie_name"]][-1] == ties[0]
    _, codes, _ = run(ties, own, other)
    assert codes == ["ORG003"] * 3


def test_a_decision_for_a_name_that_is_not_in_the_list_is_told_and_asked_again():
    """A mistyped name must not become an organisation; the new decision replaces this one."""
    done, codes, task = run(["SYNTHETIC x"], decided("SYNTHETIC x", "choice", "no such name"))
    assert codes == ["ORG003"]
    assert told(done.issues, "code", "stage") == [("recoding_unfit", "names")]
    assert task.rows["settles"].tolist()[0] == "a" * 16


NAMES_FORM = (
    FORM
    + """\
  - {name: own, type: text, sensitivity: identifier, label: {en: Own name, zh-Hant: 名稱, ja: 名称}}
  - repeat: ties
    label: {en: Ties, zh-Hant: 合作單位, ja: 協力先}
    questions:
      - {name: tie, type: text, sensitivity: identifier, label: {en: Name, zh-Hant: 名稱, ja: 名称}}
"""
)
XML = """<small id="small" version="1"><meta><instanceID>uuid:{key}</instanceID></meta>
<own>{own}</own>{ties}</small>"""


def test_the_whole_round_through_the_command_line(tmp_path):
    """Names come back matched; no name reaches processed/ or what a command says."""
    settings = STUDY + "roles: {small: {organisations: [own, tie]}}\n"
    folder = Folder(tmp_path, NAMES_FORM, settings)
    folder.survey("keys", "new")
    named = {"a": ["SYNTHETIC 甲会"], "b": ["SYNTHETIC 甲會", "FICTITIOUS 港澳某丙"], "c": []}
    own_names = {"a": "SYNTHETIC 乙會", "b": "SYNTHETIC 甲會", "c": "SYNTHETIC 丁會"}
    for key, own in own_names.items():
        ties = "".join(f"<ties><tie>{name}</tie></ties>" for name in named[key])
        path = tmp_path / f"SYNTHETIC-{key}.xml"
        path.write_text(XML.format(key=key, own=own, ties=ties), encoding="utf-8")
        folder.survey("receive", str(path))
    assert "2 names to match" in folder.survey("process")
    assert not folder.book("names").exists()
    folder.survey("names", "small")
    assert shown(folder.book("names"), "review", "shown_text", "shown_suggestion", "likeness") == [
        ("FICTITIOUS 港澳某丙", None, None),
        ("SYNTHETIC 甲会", "SYNTHETIC 甲會", 100),
    ]
    folder.send_back(
        "names",
        {
            "SYNTHETIC 甲会": {"decision": "accept · take the suggestion"},
            "FICTITIOUS 港澳某丙": {"decision": "keep"},
        },
    )
    said = folder.survey("process")
    assert "to match" not in said
    codes = folder.table("ties").sort_values(["response_id", "position"])["organisation_code"]
    main = folder.table().set_index("response_id")["organisation_code"]
    assert codes.tolist() == [main["b"], main["b"], "ORG004"]
    assert [line.strip() for line in folder.survey("trace", "a", "tie").splitlines()[1:]] == [
        "returned: (identifier)",
        "names: (identifier) name_matched",
    ]
    for path in (folder.study.processed / "small").glob("*.parquet"):
        frame = pd.read_parquet(path).astype(str)
        assert not frame.apply(lambda column: column.str.contains("甲|乙|丙")).any(axis=None)
    assert "甲" not in said
