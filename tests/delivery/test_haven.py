"""R's haven reads what was meant from the files for SPSS and Stata: answers, labels, missing."""

import io
import math
import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from pipeline.delivery.deliver import write_delivery
from pipeline.delivery.plan import plan_delivery
from pipeline.questionnaire.load import load
from tests.conftest import PROJECT, missing, require_tool
from tests.delivery.drawn import drawn

TOLD = Path(__file__).parent / "r/told.R"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """The delivery of a real questionnaire with drawn answers, and what haven read, by file."""
    rscript = require_tool("Rscript")
    questionnaire = load(PROJECT / "instruments/organisation_profile.yaml")
    delivery = plan_delivery(questionnaire, *drawn(questionnaire), "zh-Hant", open_texts=True)
    folder = tmp_path_factory.mktemp("haven")
    made = [path for path in write_delivery(delivery, folder) if path.suffix in {".sav", ".dta"}]
    run = subprocess.run(
        [rscript, str(TOLD), *map(str, made)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        check=False,
    )
    if "no package called" in run.stderr:
        missing("R has no haven (Debian: r-cran-haven)")
    assert run.returncode == 0, run.stderr
    told = pd.read_csv(io.StringIO(run.stdout), keep_default_na=False, dtype={"sum": str})
    return delivery, {file: rows.set_index("name") for file, rows in told.groupby("file")}


def test_every_file_is_read_with_all_of_its_variables(read):
    delivery, told = read
    assert set(told) == {f"{one.name}.{end}" for one in delivery.tables for end in ("sav", "dta")}
    for table in delivery.tables:
        for ending in ("sav", "dta"):
            names = [variable.name for variable in table.variables]
            assert told[f"{table.name}.{ending}"].index.tolist() == names


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_numbers_labels_and_missing_kinds_are_those_delivered(read, ending):
    """Every kind of missing is missing in R; what is left adds up to our answers."""
    delivery, told = read
    compared = 0
    for table in delivery.tables:
        rows = told[f"{table.name}.{ending}"]
        for variable in table.variables:
            if not variable.is_numeric:
                continue
            answers = table.frame[variable.name]
            answers = answers[answers.notna() & ~answers.isin(list(variable.missing))]
            found = rows.loc[variable.name]
            assert found["valid"] == len(answers), variable.name
            if found["sum"]:
                total = float(answers.astype("float64").sum())
                assert math.isclose(float(found["sum"]), total, rel_tol=1e-12, abs_tol=1e-12)
                compared += 1
    assert compared > 100


def test_labels_of_variables_and_values_arrive_whole(read):
    delivery, told = read
    for table in delivery.tables:
        rows = told[f"{table.name}.sav"]
        for variable in table.variables:
            assert rows.loc[variable.name, "label"] == variable.label
            if variable.is_numeric:
                assert rows.loc[variable.name, "labels"] == len(variable.all_labels)
