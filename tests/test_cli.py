"""The command line: every command explains itself, and wrong usage ends in a problem to repair."""

import re
import shutil

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.cli import app
from tests.conftest import PROJECT

FORM = "activity_record"


def every_command(command, path=()):
    """The words of each command, those of groups too."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from every_command(below, (*path, name))


COMMANDS = sorted(every_command(get_command(app)))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study of one form, and beside it a file that is of no kind."""
    folder = tmp_path_factory.mktemp("cli")
    assert CliRunner().invoke(app, ["init", str(folder / "study")]).exit_code == 0
    instruments = folder / "study/instruments"
    shutil.copy(PROJECT / f"instruments/{FORM}.yaml", instruments)
    shutil.copytree(PROJECT / "instruments/blocks", instruments / "blocks")
    (folder / "note.txt").write_text("SYNTHETIC note\n", encoding="utf-8")
    (folder / "design.yaml").write_text("kind: srs\n", encoding="utf-8")
    return folder / "study"


def refused(study, *arguments: str) -> str:
    """What the command says when it ends with exit code 1, without a traceback."""
    words = [one.format(here=study.parent) for one in arguments]
    done = CliRunner().invoke(app, ["--study", str(study), *words])
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    return done.output


def codes(said: str) -> list[str]:
    return re.findall(r"^\[([A-Z]+-\d+)\]", said, flags=re.MULTILINE)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words):
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.output
    assert len(done.output.splitlines()) > 5


def test_the_commands_are_those_of_the_road():
    promised = {"init", "import-form", "export", "receive", "process", "analyze", "simulate"}
    assert promised | {"check", "verify"} <= {words[0] for words in COMMANDS if words}


@pytest.mark.parametrize(
    "words",
    [
        "check",
        "export",
        "process",
        "analyze",
        "verify",
        "receive {here}/note.txt",
        f"export {FORM}",
    ],
)
def test_a_folder_without_a_study_is_named(study, words):
    assert codes(refused(study.parent / "nowhere", *words.split())) == ["STUDY-001"]


@pytest.mark.parametrize(
    "words",
    [
        "export nosuch",
        "process nosuch",
        "ledger nosuch",
        "simulate nosuch --to {here}/out",
        "try nosuch {here}/answers.json",
        f"diff-forms nosuch {FORM}",
        "trace nosuch r1 x",
        "translations export nosuch",
    ],
)
def test_an_unknown_form_is_named_beside_those_there_are(study, words):
    said = refused(study, *words.split())
    assert codes(said) == ["WORK-001"]
    assert f"Choose one of: {FORM}." in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("import-form {here}/nosuch.xlsx", "IMPORT-001"),
        (f"try {FORM} {{here}}/nosuch.json", "TRY-006"),
        ("translations import {here}/nosuch.xlsx", "TRAN-001"),
        ("tabulate {here}/nosuch.csv --design {here}/design.yaml --rows x", "WORK-003"),
        ("tabulate {here}/note.txt --design {here}/nosuch.yaml --rows x", "EST-001"),
    ],
)
def test_a_missing_file_is_a_problem(study, words, code):
    assert codes(refused(study, *words.split())) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("import-form {here}/note.txt", "IMPORT-001"),
        (f"try {FORM} {{here}}/note.txt", "TRY-006"),
        (f"diff-forms {{here}}/note.txt {FORM}", "IMPORT-001"),
        ("init {here}/note.txt", "WORK-002"),
        ("init {here}/study", "WORK-002"),
        ("receive --form nosuch {here}/note.txt", "RAW-006"),
        (f"simulate {FORM} --as paper --to {{here}}/out", "SYN-004"),
        ("ledger", "WORK-005"),
        (f"trace {FORM} r1", "WORK-005"),
        ("translations import {here}/note.txt", "TRAN-001"),
    ],
)
def test_a_file_or_word_of_no_kind_is_a_problem(study, words, code):
    assert codes(refused(study, *words.split())) == [code]


def test_a_language_that_the_report_does_not_have_is_a_problem(study, monkeypatch):
    monkeypatch.setenv("REPORT_LANGUAGE", "fr")
    said = refused(study, "analyze")
    assert codes(said) == ["WORK-007"]
    assert re.search("Choose one of: .*ja.*; or name it under languages in study.yaml", said)


@pytest.mark.parametrize("text", ["- a\n- b\n", "title\n", "[]\n"])
def test_settings_that_are_no_settings_are_a_problem(tmp_path, text):
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments/study.yaml").write_text(text)
    said = refused(tmp_path, "check")
    assert codes(said) == ["STUDY-003"]
    assert "holds a list or a single value" in said


def test_corrections_of_no_form_s_response_are_shown(study, tmp_path):
    """The row is named when the forms are processed; nothing of it is applied."""
    folder = tmp_path / "study"
    shutil.copytree(study, folder)
    corrections = "uuid,question,new_value,change_type,form\nnobody,x,1,change_response,no_form\n"
    (tmp_path / "log.csv").write_text(corrections)
    runner = CliRunner()
    assert runner.invoke(app, ["--study", str(folder), "receive", str(tmp_path / "log.csv")])
    done = runner.invoke(app, ["--study", str(folder), "process"])
    assert done.exit_code == 0
    assert done.output.splitlines()[-1].endswith(
        "-log.csv: 1 corrections of no form's response (row 2)"
    )


def test_a_return_that_is_not_there_is_refused(study):
    said = refused(study, "receive", "{here}/nosuch.xlsx")
    assert said.splitlines()[1:] == ["  There is no such file."]


def test_a_return_of_no_kind_is_set_apart_with_the_reason(study):
    said = refused(study, "receive", "{here}/note.txt")
    assert said.startswith("unrecognised: ")
    assert "-> raw/unrecognised/" in said


@pytest.mark.parametrize(
    ("content", "first_line"),
    [
        (b"title: [x\n", "[STUDY-002] instruments/study.yaml:2"),
        (b"titel: x\n", "[STUDY-003] instruments/study.yaml:1"),
        (b"- a\n", "[STUDY-003] instruments/study.yaml"),
        (b"\xff\xfe", "[STUDY-002] instruments/study.yaml"),
    ],
    ids=["no_yaml", "unknown_setting", "a_list", "not_utf8"],
)
@pytest.mark.parametrize("command", ["check", "process", "analyze"])
def test_a_broken_study_yaml_is_shown_with_its_line(study, tmp_path, command, content, first_line):
    broken = tmp_path / "broken"
    shutil.copytree(study / "instruments", broken / "instruments")
    (broken / "instruments/study.yaml").write_bytes(content)
    assert refused(broken, command).splitlines()[0] == first_line


@pytest.mark.parametrize("words", ["nosuchcommand", "check extra", "simulate --to x -n 0"])
def test_what_is_no_command_at_all_shows_how_to_use_it(study, words):
    """Exit code 2, as command lines have it."""
    done = CliRunner().invoke(app, ["--study", str(study), *words.split()])
    assert done.exit_code == 2
    assert "Usage:" in done.output


@pytest.mark.parametrize("command", ["check", "analyze", f"process copy_of_{FORM}"])
def test_a_copied_questionnaire_that_kept_its_form_id_is_named(study, tmp_path, command):
    """Two files of one form_id would take each other's returns."""
    shutil.copytree(study, tmp_path / "study")
    instruments = tmp_path / "study/instruments"
    shutil.copy(instruments / f"{FORM}.yaml", instruments / f"copy_of_{FORM}.yaml")
    said = refused(tmp_path / "study", *command.split())
    assert set(codes(said)) - {"EXPR-021"} == {"WORK-015"}  # a warning of the form itself
    assert f"instruments/copy_of_{FORM}.yaml, form_id" in said
    assert f"Write form_id: copy_of_{FORM}" in said


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", ".hidden", " "])
def test_an_imported_form_is_given_no_name_that_leads_elsewhere(study, tmp_path, name):
    form = tmp_path / "form.md"
    form.write_text(
        "| survey |\n| | type | name | label |\n| | text | q | Question |\n", encoding="utf-8"
    )
    before = sorted(study.parent.rglob("*"))
    said = refused(study, "import-form", str(form), "--as", name)
    assert codes(said) == ["LOAD-013"]
    assert "form.md, --as" in said
    assert sorted(study.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("note.txt", "it is no workbook, and its name ends in neither .csv nor .md"),
        ("table.csv", "it is a table without the sheets of an XLSForm"),
    ],
)
def test_what_is_no_form_at_all_is_said_in_words(study, tmp_path, name, reason):
    file = tmp_path / name
    file.write_text("start,end\n1,2\n", encoding="utf-8")
    said = refused(study, "import-form", str(file))
    assert codes(said) == ["IMPORT-001"]
    assert f"The form cannot be read: {reason}." in said


def test_drawn_returns_are_not_written_where_a_file_stands(study):
    said = refused(study, "simulate", FORM, "--to", str(study.parent / "note.txt"))
    assert codes(said) == ["SYN-005"]
    assert "note.txt, --to" in said


def test_an_empty_folder_and_a_form_without_names_are_not_passed_over_in_silence(study, tmp_path):
    for words, answer in (
        (["receive", str(tmp_path)], "nothing was received"),
        (["names", FORM], "no names wait to be matched"),
    ):
        done = CliRunner().invoke(app, ["--study", str(study), *words])
        assert done.exit_code == 0, done.output
        assert done.output.startswith(answer)


def test_a_missing_private_key_is_said_to_be_missing(study, tmp_path):
    said = refused(study, "decrypt", str(tmp_path), "--to", str(tmp_path / "opened"))
    assert codes(said) == ["ODK-001"]
    assert "survey keys odk" in said
