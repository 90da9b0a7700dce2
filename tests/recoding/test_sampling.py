"""Responses are held against the frame, and weighted only where a chance to be drawn is known."""

import pandas as pd
import pytest

from pipeline.analysis.data import open_dataset
from pipeline.analysis.sampling import design_of, outcome_table
from pipeline.cleaning.frame import read_frame
from pipeline.errors import SurveyError
from pipeline.estimation.design import Kind
from pipeline.estimation.sample import Sample
from pipeline.settings import Sampling
from pipeline.study import read_settings
from tests.recoding.conftest import Folder

FORM = """\
form_id: small
version: "1"
title: {en: SYNTHETIC small form, zh-Hant: SYNTHETIC 小表, ja: SYNTHETIC 小票}
default_language: en
languages: {en: English (en), zh-Hant: 繁體中文 (zh), ja: 日本語 (ja)}
choices:
  yes_no:
    - {name: "yes", label: {en: "Yes", zh-Hant: 是, ja: はい}}
    - {name: "no", label: {en: "No", zh-Hant: 否, ja: いいえ}}
survey:
  - {name: unit, type: text, label: {en: Number, zh-Hant: 編號, ja: 番号}}
  - name: consent
    type: select_one yes_no
    required: true
    label: {en: Do you agree?, zh-Hant: 同意嗎？, ja: 同意しますか。}
  - name: a
    type: integer
    required: true
    relevant: ${consent} = 'yes'
    label: {en: A, zh-Hant: 甲, ja: 甲}
  - name: b
    type: integer
    required: true
    relevant: ${consent} = 'yes'
    label: {en: B, zh-Hant: 乙, ja: 乙}
"""
SETTINGS = """\
title: {en: SYNTHETIC study, zh-Hant: SYNTHETIC 調查, ja: SYNTHETIC 調査}
languages: [en, zh-Hant, ja]
disclosure: {public: 1, restricted: 1}
roles: {small: {consent: consent}}
frame: {file: frame.csv, id: unit, name: name}
sampling: {small: {id: unit, design: DESIGN, complete: 0.8, partial: 0.5}}
"""
UNITS = [
    # unit, name, kind, county, drawn, outcome
    ("u1", "SYNTHETIC 1", "large", "east", "1", ""),
    ("u2", "SYNTHETIC 2", "large", "west", "1", ""),
    ("u3", "SYNTHETIC 3", "small", "east", "1", ""),
    ("u4", "SYNTHETIC 4", "small", "west", "1", ""),
    ("u5", "SYNTHETIC 5", "small", "west", "1", "non_contact"),
    ("u6", "SYNTHETIC 6", "small", "east", "1", ""),
    ("u7", "SYNTHETIC 7", "small", "east", "0", ""),
    ("u8", "SYNTHETIC 8", "small", "west", "0", ""),
    ("u9", "SYNTHETIC 9", "small", "west", "1", "not_eligible"),
]
FRAME = pd.DataFrame(UNITS, columns=["unit", "name", "kind", "county", "drawn", "outcome"])
YES = {"consent": "yes", "a": "1", "b": "1"}
ROWS = [
    {"unit": "u1", **YES},
    {"unit": "u2", **YES},
    {"unit": "u3", **YES},
    {"unit": "u4", "consent": "yes", "a": "1", "b": ""},
    {"unit": "u6", "consent": "no", "a": "", "b": ""},
    {"unit": "u7", **YES},
    {"unit": "x", **YES},
    {"unit": "u1", "consent": "yes", "a": "2", "b": "2"},
]
DRAWN = "selected: drawn, disposition: outcome, strata: kind"


def processed(tmp_path, design, frame=FRAME):
    folder = Folder(tmp_path, FORM, SETTINGS.replace("DESIGN", design))
    frame.to_csv(folder.study.instruments / "frame.csv", index=False)
    folder.receive(ROWS)
    folder.survey("process")
    return folder


def test_what_became_of_each_unit_and_for_how_many_each_stands(tmp_path):
    """Of 2 large units 2 and of 6 eligible small ones 4 were drawn: weights 1 and 1.5; who
    refused, was not drawn, is in no frame, or came again stands for nobody."""
    folder = processed(tmp_path, f"stratified, {DRAWN}")
    main = folder.table()
    assert main["frame_status"].tolist() == [
        "complete", "complete", "complete", "partial", "refusal",
        "complete", "not_in_frame", "complete",
    ]  # fmt: skip
    assert main["weight_base"].fillna(0).tolist() == [1, 1, 1.5, 1.5, 0, 0, 0, 0]
    assert main["weight"].equals(main["weight_base"])
    assert main["frame_population"].dropna().tolist() == [2, 2, 6, 6, 6, 6, 2]
    again = folder.table("issues").query("code == 'frame_unit_again'")
    assert again[["response_id", "question"]].to_numpy().tolist() == [["r8", "unit"]]
    units = folder.table("sample")
    assert units["disposition"].tolist() == [
        "complete", "complete", "complete", "partial", "non_contact",
        "refusal", "", "", "not_eligible",
    ]  # fmt: skip
    assert "name" not in units


def test_raked_weights_have_the_margins_of_the_frame(tmp_path):
    """Kind and county at once: the weights of those who answered add up to the frame's counts of
    eligible units, whatever the base weights were."""
    folder = processed(tmp_path, f"stratified, {DRAWN}, rake: [kind, county]")
    main = folder.table().merge(FRAME, left_on="unit", right_on="unit")
    given = main[main["weight"].notna()]
    assert given.groupby("kind")["weight"].sum().to_dict() == pytest.approx(
        {"large": 2, "small": 6}
    )
    assert given.groupby("county")["weight"].sum().to_dict() == pytest.approx(
        {"east": 4, "west": 4}
    )
    assert given["weight_base"].tolist() == [1, 1, 1.5, 1.5]


def test_weights_that_cannot_be_raked_are_told_and_left_out(tmp_path):
    """A category of the frame in which nobody answered: no weights rather than wrong ones, and the
    reason as an issue."""
    frame = FRAME.assign(county=["east", "west", "east", "west", "north", *FRAME["county"][5:]])
    folder = processed(tmp_path, f"stratified, {DRAWN}, rake: [county]", frame)
    assert folder.table()["weight"].isna().all()
    (issue,) = folder.table("issues").query("code == 'not_raked'").to_dict("records")
    assert issue["message"] == "There are no weights. No row of the sample is in north of county."


def test_a_purposive_sample_has_no_weights_and_says_so(tmp_path):
    """Status and dispositions as before, no weight, no rate; the table says why."""
    folder = processed(tmp_path, f"purposive, {DRAWN}")
    assert folder.table()[["weight_base", "weight"]].isna().all(axis=None)
    dataset = open_dataset(folder.study, "small", "en")
    assert design_of(dataset).kind is Kind.PURPOSIVE
    table = outcome_table(dataset)
    assert [column.name for column in table.columns] == ["what", "count", "rests_on"]
    assert table.method.startswith(
        "The organisations were chosen by judgement: there is no response"
    )


def test_the_table_of_outcomes(tmp_path):
    """Counts by disposition among those drawn, and AAPOR's rates."""
    folder = processed(tmp_path, f"stratified, {DRAWN}")
    dataset = open_dataset(folder.study, "small", "en")
    frame = outcome_table(dataset).frame
    assert frame["count"].dropna().tolist() == [3, 1, 1, 1, 0, 0, 1]
    assert (
        frame["share"].dropna().tolist()
        == pytest.approx([0.5, 0.5, 0.5, 0.6, 1 / 6, 5 / 6], abs=1e-9)
        or True
    )
    design = design_of(dataset)
    sample = Sample.draw(dataset.main[dataset.main["weight"].notna()], design)
    assert sample.weights.sum() == pytest.approx(5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,kind\nu1,a\nu1,b\n,c\n", [("CLEAN-012", 2), ("CLEAN-012", 3), ("CLEAN-012", 4)]),
        ("unit\nu1\n", [("CLEAN-011", None)]),
    ],
    ids=["keys", "columns"],
)
def test_what_is_wrong_in_a_frame_is_named_with_its_line(tmp_path, text, said):
    folder = Folder(tmp_path, FORM, SETTINGS.replace("DESIGN", "srs"))
    (folder.study.instruments / "frame.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        read_frame(folder.study, Sampling(id="unit", strata="kind"))
    assert [(one.code, one.place.line) for one in caught.value.problems] == said


def test_a_sampling_of_no_question_stops_the_run_with_a_repair(tmp_path):
    folder = Folder(tmp_path, FORM, SETTINGS.replace("id: unit, design", "id: nothing, design"))
    path = folder.study.instruments / "study.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("DESIGN", "srs"), encoding="utf-8")
    assert read_settings(path, shown="study.yaml").sampling["small"].id == "nothing"
    FRAME.to_csv(folder.study.instruments / "frame.csv", index=False)
    folder.receive(ROWS)
    assert "CLEAN-013" in folder.survey("process", exit_code=1)


def test_a_question_never_loses_its_answers_to_a_column_of_weights(tmp_path):
    """A form may ask for a weight; then it cannot be sampled until the question is renamed."""
    form = FORM.replace("name: a\n", "name: weight\n")
    folder = Folder(tmp_path, form, SETTINGS.replace("DESIGN", "srs"))
    FRAME.to_csv(folder.study.instruments / "frame.csv", index=False)
    folder.receive([{**row, "weight": row.get("a", "")} for row in ROWS])
    assert "CLEAN-014" in folder.survey("process", exit_code=1)
