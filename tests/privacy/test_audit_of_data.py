"""`survey audit` on delivered data: every format is read; a codebook holds small counts too."""

import json

import pandas as pd
import pyreadstat
import pytest
from lxml import etree
from typer.testing import CliRunner

from pipeline.analysis.collect import protect_together
from pipeline.analysis.report import notebooks
from pipeline.cli import app
from pipeline.questionnaire.model import Question, Questionnaire, Repeat, Sensitivity
from pipeline.study import open_study
from tests.analysis.conftest import choices, said
from tests.analysis.drawn import study_of, write_drawn

FORM = Questionnaire(
    form_id="small",
    version="1",
    title=said("Small form (SYNTHETIC)"),
    default_language="en",
    languages={"en": "English (en)", "zh-Hant": "繁體中文 (zh)", "ja": "日本語 (ja)"},
    choices={
        "kind": choices("ngo", "office"),
        "colour": choices("red", "green", "blue"),
    },
    survey=(
        Question(
            name="kind", type="select_one kind", label=said("Kind"), sensitivity=Sensitivity.QUASI
        ),
        Question(name="colour", type="select_one colour", label=said("Colour")),
        Question(name="colours", type="select_multiple colour", label=said("Colours")),
        Question(name="staff", type="integer", label=said("Staff")),
        Repeat(
            repeat="ties",
            label=said("Ties"),
            questions=(
                Question(
                    name="tie",
                    type="select_one kind",
                    label=said("Tie"),
                    sensitivity=Sensitivity.QUASI,
                ),
                Question(name="shade", type="select_one colour", label=said("Shade")),
            ),
        ),
    ),
)
NOTEBOOK = """\
# ---
# jupyter:
#   titles: {en: First page, zh-Hant: 第一頁, ja: 最初のページ}
# ---

# %%
from pipeline.analysis.every_question import show_form
from pipeline.analysis.page import Page

page = Page.open(notebook="1_first")
show_form(page, "small")
"""


def run(study, *arguments):
    return CliRunner().invoke(app, ["--study", str(study.root), *arguments])


@pytest.fixture
def study(tmp_path):
    """A SYNTHETIC delivery: 60 drawn responses, of which rare answers are left out."""
    study = study_of(tmp_path, FORM)
    write_drawn(study, FORM, 60, seed=3)
    done = run(study, "deliver")
    assert done.exit_code == 0, done.output
    return open_study(tmp_path)


def audited(study) -> str:
    done = run(study, "audit")
    assert done.exit_code == 1, done.output
    return done.output


def folder(study):
    return study.outputs / "data/small"


def test_a_delivery_as_it_is_made_passes(study):
    done = run(study, "audit")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "public: 1 tables and codebooks held together at 10",
        "data: 1 forms held to 5 responses alike",
    ]


def make_rare(path):
    """Give one response an answer that nobody else has."""
    if path.suffix == ".csv":
        frame = pd.read_csv(path)
        frame.loc[0, "kind"] = 9
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        frame.loc[0, "kind"] = 9
        frame.to_parquet(path)
    else:
        is_spss = path.suffix == ".sav"
        read, write = (
            (pyreadstat.read_sav, pyreadstat.write_sav)
            if is_spss
            else (pyreadstat.read_dta, pyreadstat.write_dta)
        )
        frame, _ = read(path)
        frame = frame[["response_id", "kind"]].assign(kind=frame["kind"].astype("float64"))
        frame.loc[0, "kind"] = 9.0
        write(frame, path)


@pytest.mark.parametrize("ending", ["csv", "parquet", "sav", "dta"])
def test_a_response_that_is_like_no_other_is_found_in_every_format(study, ending):
    make_rare(folder(study) / f"small.{ending}")
    assert f"[DISC-005] outputs/data/small/small.{ending}, kind" in audited(study)


def test_who_empties_the_list_of_what_narrows_down_is_held_to_the_questionnaire(study):
    make_rare(folder(study) / "small.csv")
    (folder(study) / "small.disclosure.json").write_text('{"k": 5, "quasi": []}')
    assert "[DISC-005] outputs/data/small/small.csv, kind" in audited(study)


def test_a_question_of_a_repeat_that_narrows_down_is_not_delivered(study):
    path = folder(study) / "small.ties.csv"
    frame = pd.read_csv(path)
    assert "tie" not in frame
    frame.assign(tie=1).to_csv(path, index=False)
    assert "[DISC-005] outputs/data/small/small.ties.csv, tie" in audited(study)


def test_microdata_that_somebody_put_elsewhere_are_held_to_the_same(study):
    frame = pd.DataFrame({"id": range(9), "kind": ["ngo"] * 8 + ["office"]})
    frame.to_csv(study.outputs / "for_a_friend.csv", index=False)
    assert "[DISC-005] outputs/for_a_friend.csv, B1" in audited(study)


def test_a_syntax_file_that_holds_data_is_found(study):
    path = folder(study) / "small.sps"
    path.write_text(path.read_text() + "BEGIN DATA\n1 2\nEND DATA.\n")
    assert "[DISC-005] outputs/data/small/small.sps" in audited(study)


def frequencies(study):
    tree = etree.parse(folder(study) / "small.ddi.xml")
    found = tree.iterfind(".//{*}var/{*}catgry/{*}catStat")
    return [int(one.text) for one in found]


def test_a_codebook_shows_no_small_frequency(study):
    found = frequencies(study)
    assert any(found)
    assert not [one for one in found if 1 <= one < 10]


def test_a_small_frequency_put_back_is_named_by_variable_and_code(study):
    path = folder(study) / "small.ddi.xml"
    tree = etree.parse(path)
    variable = next(one for one in tree.iterfind(".//{*}var") if one.get("name") == "colour")
    hidden = next(one for one in variable.iterfind("{*}catgry") if one.find("{*}catStat") is None)
    etree.SubElement(hidden, "{ddi:codebook:2_5}catStat", type="freq").text = "4"
    tree.write(path, encoding="utf-8", xml_declaration=True)
    code = hidden.findtext("{*}catValu")
    place = f"outputs/data/small/small.ddi.xml, var colour, code {code}, codebook small\n"
    said = audited(study)
    assert f"[DISC-001] {place}" in said
    assert "survey analyze, survey deliver." in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<td class="n">[c]</td>', '<td class="n">4</td>'),
        ('<td class="n"></td>', '<td class="n">6.7%</td>'),
        ("Answers: ", "Answers: 4 of "),
    ],
    ids=["frequency", "share", "sum"],
)
def test_a_codebook_to_read_says_what_the_one_for_programs_says(study, old, new):
    path = folder(study) / "small.codebook.html"
    text = path.read_text(encoding="utf-8")
    start = text.index('<section id="small-colour">')
    assert old in text[start:]
    path.write_text(text[:start] + text[start:].replace(old, new, 1), encoding="utf-8")
    said = audited(study)
    assert "[DISC-006] outputs/data/small/small.codebook.html, var colour\n" in said


def test_beside_a_report_a_codebook_shows_nothing_that_the_report_hides(study):
    """Both are held together by the audit; the report was protected without the codebook."""
    alone = len(frequencies(study))
    (study.notebooks / "1_first.py").write_text(NOTEBOOK, encoding="utf-8")
    protect_together(study, notebooks(study), "en")
    run(study, "deliver")
    hidden = set(json.loads((study.outputs / "disclosure.json").read_text())["hidden"]["public"])
    sidecar = json.loads((folder(study) / "small.ddi.cells.json").read_text())
    (column,) = sidecar["columns"]
    assert hidden & set(column["cells"])
    assert 0 < len(frequencies(study)) <= alone
    assert run(study, "audit").exit_code == 0


def test_a_sensitive_answer_that_all_who_are_alike_share_is_counted(tmp_path):
    """Five who are alike hide nobody where all five said the same."""
    colour = FORM.by_name["colour"].question.model_copy(
        update={"sensitivity": Sensitivity.SENSITIVE}
    )
    form = FORM.model_copy(update={"survey": (FORM.survey[0], colour, *FORM.survey[2:])})
    study = study_of(tmp_path, form)
    write_drawn(study, form, 60, seed=3)
    path = study.processed / "small/responses.parquet"
    frame = pd.read_parquet(path)
    frame.assign(colour=frame["kind"].map({"ngo": "red", "office": "blue"})).to_parquet(path)
    assert "[DATA-033] question colour, sensitivity (warning)" in run(study, "deliver").output
