"""`survey audit`: what lies in outputs/ is held against the rule, whoever put it there."""

import csv
import json
import shutil

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.analysis.data import open_dataset
from pipeline.analysis.environment import COLLECT
from pipeline.analysis.plan import make_plan
from pipeline.analysis.protection import collected, save_plan
from pipeline.analysis.table_files import save_table, values_of
from pipeline.analysis.tables import question_table
from pipeline.cli import app
from tests.analysis.conftest import FORM
from tests.analysis.drawn import study_of, write_answers

KINDS = ["ngo"] * 30 + ["office"] * 30
COLOURS = ["red"] * 27 + ["green"] * 3 + ["red"] * 12 + ["blue"] * 18
LAWS = ["1"] * 20 + ["2"] * 15 + ["3"] * 25


def tables_of(study):
    dataset = open_dataset(study, "little", "en")
    return [
        question_table(dataset, "kind"),
        question_table(dataset, "colour"),
        question_table(dataset, "colour", by="kind"),
        question_table(dataset, "law", by="kind"),
    ]


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A SYNTHETIC report of four tables that share margins, protected together."""
    monkeypatch.delenv(COLLECT, raising=False)
    study = study_of(tmp_path, FORM)
    make_report(study, monkeypatch)
    return study


def make_report(study, monkeypatch, *, further=0):
    """The report as it lies in outputs/, with so many more offices than at first."""
    frame = pd.DataFrame(
        {
            "kind": KINDS + ["office"] * further,
            "colour": COLOURS + ["blue"] * further,
            "law": LAWS + ["3"] * further,
        }
    )
    write_answers(study, FORM, frame)
    monkeypatch.setenv(COLLECT, str(study.root / "told.jsonl"))
    tables_of(study)
    told = list(collected(study.root / "told.jsonl"))
    monkeypatch.delenv(COLLECT)
    (study.root / "told.jsonl").unlink()
    save_plan(study, make_plan(told, study.settings.disclosure))
    for language in ("en", "ja"):
        for table in tables_of(study):
            stem = study.outputs / f"report/{language}/tables/n.{table.name}"
            save_table(table, stem, language, synthetic=True)


def audited(study, *arguments):
    return CliRunner().invoke(app, ["--study", str(study.root), "audit", *arguments])


def edit(file, row, column, value):
    with file.open(encoding="utf-8-sig", newline="") as read:
        lines = list(csv.reader(read))
    before = lines[row - 1][column - 1]
    lines[row - 1][column - 1] = value
    with file.open("w", encoding="utf-8-sig", newline="") as write:
        csv.writer(write).writerows(lines)
    return before


def hidden_cells(file):
    with file.open(encoding="utf-8-sig", newline="") as read:
        for row, line in enumerate(csv.reader(read), 1):
            for column, value in enumerate(line, 1):
                if value == "[c]":
                    yield row, column


def table(study, name, language="en"):
    return study.outputs / f"report/{language}/tables/n.little_{name}.csv"


def test_a_report_protected_together_passes(study):
    done = audited(study)
    assert done.exit_code == 0, done.output
    assert "8 tables and codebooks held together at 10" in done.output
    assert list(hidden_cells(table(study, "colour_by_kind")))


def test_a_small_count_put_back_is_named_by_file_and_cell_and_never_by_its_value(study):
    file = table(study, "colour_by_kind")
    row, column = next(iter(hidden_cells(file)))
    edit(file, row, column, "3")
    done = audited(study)
    assert done.exit_code == 1
    assert "[DISC-001] outputs/report/en/tables/n.little_colour_by_kind.csv" in done.output
    assert " 3 " not in done.output


def test_any_hidden_count_put_back_in_any_language_is_a_leak_or_leaves_no_other_told(study):
    """The colour of 3 of 30 follows from the count that was hidden with it."""
    file = table(study, "colour_by_kind", "ja")
    edit(file, 2, 2, str(27))
    done = audited(study)
    assert done.exit_code == 1
    assert "DISC-002" in done.output
    assert "colour_by_kind.csv" in done.output


def test_a_share_put_back_tells_the_count(study):
    file = table(study, "colour_by_kind")
    edit(file, 3, 3, repr(3 / 30))
    done = audited(study)
    assert done.exit_code == 1
    assert "DISC-001" in done.output


def test_a_number_put_back_into_the_workbook_alone_is_found_too(study):
    file = table(study, "colour_by_kind").with_suffix(".xlsx")
    book = openpyxl.load_workbook(file)
    cell = next(c for line in book.active.iter_rows() for c in line if c.value == "[c]")
    cell.value = 3
    book.save(file)
    assert audited(study).exit_code == 1


def test_languages_that_contradict_each_other_are_named(study):
    edit(table(study, "kind", "ja"), 2, 2, "29")
    done = audited(study)
    assert done.exit_code == 1
    assert "DISC-003" in done.output


def test_a_table_without_its_sidecar_cannot_be_audited(study):
    table(study, "kind").with_suffix(".cells.json").unlink()
    done = audited(study)
    assert done.exit_code == 1
    assert "[DISC-004] outputs/report/en/tables/n.little_kind.csv" in done.output


def test_the_restricted_edition_is_held_to_its_own_threshold_beside_the_public_one(study):
    dataset = open_dataset(study, "little", "en")
    safe = question_table(dataset, "colour", by="kind")
    save_table(safe, study.outputs / "restricted/report/en/tables/n.t", "en", synthetic=True)
    done = audited(study)
    assert done.exit_code == 0, done.output
    assert "9 tables and codebooks held together at 5" in done.output


def test_delivered_rows_that_too_few_are_alike_to_are_counted_not_shown(study):
    folder = study.outputs / "data/little"
    folder.mkdir(parents=True)
    frame = pd.DataFrame({"response_id": ["r1", "r2", "r3"], "kind": ["ngo", "ngo", "office"]})
    frame.to_csv(folder / "little.csv", index=False)
    (folder / "little.disclosure.json").write_text('{"k": 5, "quasi": ["kind"]}')
    done = audited(study)
    assert done.exit_code == 1
    assert "[DISC-005] outputs/data/little/little.csv, kind" in done.output
    assert "office" not in done.output


@pytest.mark.parametrize(("further", "code"), [(0, 0), (1, 1), (9, 1), (10, 0)])
def test_a_report_that_differs_by_few_from_the_last_one_tells_of_those_few(
    study, tmp_path, monkeypatch, further, code
):
    """Whoever has both knows that the one who came was an office."""
    earlier = tmp_path / "given_away"
    shutil.copytree(study.outputs / "report", earlier)
    make_report(study, monkeypatch, further=further)
    done = audited(study, "--before", str(earlier))
    assert done.exit_code == code, done.output
    place = "outputs/report/en/tables/n.little_kind.csv, B3, little_kind"
    assert (f"[DISC-010] {place}" in done.output) == bool(code)
    assert audited(study).exit_code == 0


def test_where_the_last_run_is_noted_tables_that_differ_by_few_are_named(study, monkeypatch):
    """Nobody knows whether the last run was given to anybody: it is said, and is no leak."""
    values = values_of(next(iter(tables_of(study))))
    kept = {"n.little_kind": {"titles": {}, "forms": [], "values": values}}
    note = json.dumps({"inputs": {}, "tables": kept})
    (study.outputs / ".before.json").write_text(note, encoding="utf-8")
    make_report(study, monkeypatch, further=2)
    done = audited(study)
    assert done.exit_code == 0, done.output
    assert "differs from the last run by few responses: little_kind" in done.output.splitlines()


def test_nothing_to_compare_with_is_no_proof(study, tmp_path):
    done = audited(study, "--before", str(tmp_path / "nothing"))
    assert done.exit_code == 1
    assert "DISC-004" in done.output


def test_estimates_of_few_that_were_saved_among_what_leaves_are_found(study):
    """`survey tabulate` works for the analyst, who knows the answers; its base is a count."""
    frame = pd.DataFrame({"colour": COLOURS, "kind": KINDS})
    frame.to_csv(study.root / "answers.csv", index=False)
    (study.root / "design.yaml").write_text("kind: purposive\n", encoding="utf-8")
    made = [
        "tabulate",
        str(study.root / "answers.csv"),
        "--design",
        str(study.root / "design.yaml"),
    ]
    saved = ["--rows", "colour", "--by", "colour", "--save", str(study.outputs / "colours.csv")]
    done = CliRunner().invoke(app, ["--study", str(study.root), *made, *saved])
    assert done.exit_code == 0, done.output
    found = audited(study)
    assert found.exit_code == 1
    assert "[DISC-008] outputs/colours.csv" in found.output
