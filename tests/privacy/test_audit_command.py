"""`survey audit`: what lies in outputs/ is held against the rule, whoever put it there."""

import csv

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.analysis.data import open_dataset
from pipeline.analysis.protection import COLLECT, collected, make_plan, save_plan
from pipeline.analysis.table_files import save_table
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
    write_answers(study, FORM, pd.DataFrame({"kind": KINDS, "colour": COLOURS, "law": LAWS}))
    monkeypatch.setenv(COLLECT, str(tmp_path / "told.jsonl"))
    tables_of(study)
    told = list(collected(tmp_path / "told.jsonl"))
    monkeypatch.delenv(COLLECT)
    (tmp_path / "told.jsonl").unlink()
    save_plan(study, make_plan(told, study.settings.disclosure))
    for language in ("en", "ja"):
        for table in tables_of(study):
            stem = study.outputs / f"report/{language}/tables/n.{table.name}"
            save_table(table, stem, language, synthetic=True)
    return study


def audited(study):
    return CliRunner().invoke(app, ["--study", str(study.root), "audit"])


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
