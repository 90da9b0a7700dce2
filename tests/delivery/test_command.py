"""`survey deliver`: all forms or those named, in a language, or every reason why not."""

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.questionnaire.to_yaml import to_yaml
from pipeline.workflow.init import init_study
from tests.delivery.drawn import drawn
from tests.questionnaires import every_type_questionnaire

BUDGET = "Budget of one year"


@pytest.fixture
def study(tmp_path):
    init_study(tmp_path)
    file = tmp_path / "instruments/every_type.yaml"
    file.write_text(to_yaml(every_type_questionnaire()), encoding="utf-8")
    return tmp_path


def run(study, *arguments):
    return CliRunner().invoke(app, ["--study", str(study), "deliver", *arguments])


def process(study):
    main, repeats, missing, kinds = drawn(every_type_questionnaire())
    tables = {"responses": main, "missing": missing, **repeats}
    tables |= {f"{name}.missing": frame for name, frame in kinds.items()}
    folder = study / "processed/every_type"
    folder.mkdir(parents=True)
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet")


def test_every_form_is_delivered_in_the_language_with_the_warnings_shown(study):
    process(study)
    done = run(study, "--language", "ja")
    assert done.exit_code == 0, done.output
    assert "DATA-011" in done.output
    values = study / "outputs/data/every_type/every_type.values.csv"
    assert "わからない" in values.read_text(encoding="utf-8-sig")


def test_before_the_first_cleaning_it_says_what_to_do(study):
    done = run(study, "every_type")
    assert done.exit_code == 1
    assert "DATA-022" in done.output
    assert not (study / "outputs/data").exists()


def test_a_language_that_no_form_has_ends_with_the_choice_of_languages(study):
    process(study)
    done = run(study, "--language", "fr")
    assert done.exit_code == 1
    assert "DATA-023" in done.output
    assert "zh-Hant" in done.output


def test_labels_in_data_files_hold_neither_markup_nor_the_name_of_another_question(study):
    file = study / "instruments/every_type.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(f"en: {BUDGET},") == 1
    marked = text.replace(f"en: {BUDGET},", "en: '<b>Of ${code}</b>',")
    file.write_text(marked, encoding="utf-8")
    process(study)
    done = run(study, "--language", "en")
    assert done.exit_code == 0, done.output
    said = (study / "outputs/data/every_type/every_type.variables.csv").read_text("utf-8-sig")
    assert "Of …" in said
    assert "${" not in said
