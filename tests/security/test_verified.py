"""`survey verify` names whatever is not as it was received or made; no command computes from it."""

import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.security.forked import survey
from tests.security.kills import new_study

pytestmark = [
    pytest.mark.xdist_group("verified"),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no fork"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("verified")
    study, stick = new_study(folder, 3, pages=0)
    (stick / "SYNTHETIC-odd.xml").write_text(
        '<visit id="visit" version="1"><who>SYNTHETIC</who><age>300</age>'
        "<meta><instanceID>uuid:odd</instanceID></meta></visit>"
    )
    for words in (("receive", stick), ("analyze",), ("deliver",), ("translations", "export")):
        code, said = survey(study, *words)
        assert code == 0, said
    return study


@pytest.fixture
def study(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "study"))


def test_what_was_made_and_left_alone_is_as_it_was_made(study):
    code, said = survey(study, "verify")
    assert code == 0, said
    received, of_made = said.splitlines()
    assert received == "4 files as they were received"
    files = [
        path
        for top in ("processed", "outputs")
        for path in (study / top).rglob("*")
        if path.is_file() and path.name != ".made.json"
    ]
    assert of_made == f"{len(files)} files as they were made"


def test_every_altered_and_missing_file_is_named_with_what_to_do(study):
    """Of raw/ and of outputs/, all at once."""
    page, data = study / "outputs/report/index.html", study / "outputs/data/visit/visit.csv"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    data.unlink()
    table = study / "processed/visit/responses.parquet"
    table.write_bytes(table.read_bytes()[:-1])
    returned = next((study / "raw/visit").glob("*.xml"))
    returned.write_bytes(returned.read_bytes() + b" ")
    code, said = survey(study, "verify")
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("[")] == [
        f"[RAW-002] raw/visit/{returned.name}",
        "[WORK-010] outputs/data/visit/visit.csv",
        "[WORK-009] outputs/report/index.html",
        "[WORK-009] processed/visit/responses.parquet",
    ]


def test_a_link_in_the_place_of_a_page_is_no_page(study):
    page = study / "outputs/report/index.html"
    page.rename(study / "elsewhere.html")
    page.symlink_to(study / "elsewhere.html")
    code, said = survey(study, "verify")
    assert code == 1
    assert "[WORK-009] outputs/report/index.html" in said


def test_what_people_put_there_is_named_and_no_fault(study):
    """Their own notes, and a workbook of queries that somebody is filling in."""
    (study / "outputs/notes.docx").write_bytes(b"SYNTHETIC")
    path = next((study / "outputs/queries").glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A1"] = "SYNTHETIC"
    book.save(path)
    code, said = survey(study, "verify")
    assert code == 0, said
    assert [line for line in said.splitlines() if line.startswith("[")] == [
        f"[WORK-012] outputs/queries/{path.name} (warning)",
        "[WORK-011] outputs/notes.docx (warning)",
    ]


def test_without_the_note_of_what_was_made_nothing_is_vouched_for(study):
    (study / "outputs/.made.json").unlink()
    code, said = survey(study, "verify")
    assert (code, said.splitlines()[0]) == (0, "[WORK-011] outputs/.made.json (warning)")


def test_what_is_deleted_and_made_again_is_as_it_was_made(study):
    shutil.rmtree(study / "outputs")
    shutil.rmtree(study / "processed")
    assert survey(study, "analyze")[0] == 0
    code, said = survey(study, "verify")
    assert code == 0, said


@pytest.mark.parametrize(
    "words",
    [
        ("process",),
        ("analyze",),
        ("deliver",),
        ("names",),
        ("trace", "0"),
        ("seal", "sealed.age"),
        ("verify",),
    ],
    ids=lambda words: words[0],
)
def test_an_altered_return_is_named_before_anything_is_computed(study, words, monkeypatch):
    """By its hash: it has the size and the time that it had. Nothing is made."""
    monkeypatch.chdir(study)
    returned = next((study / "raw/visit").glob("*SYNTHETIC-1.xml"))
    times = returned.stat().st_mtime_ns
    returned.write_bytes(returned.read_bytes().replace(b"<age>1<", b"<age>2<"))
    os.utime(returned, ns=(times, times))
    if words[0] in {"process", "analyze"}:
        (study / "processed/visit/responses.parquet").unlink()
    before = {path: path.stat().st_mtime_ns for path in (study / "outputs").rglob("*")}
    code, said = survey(study, *words)
    assert code == 1, said
    assert f"[RAW-002] raw/visit/{returned.name}" in said
    assert {path: path.stat().st_mtime_ns for path in (study / "outputs").rglob("*")} == before
    assert not (study / "sealed.age").exists()
