"""Files read by several processes at once are read as by one: rows, numbers, problems, order."""

import dataclasses
import hashlib

import pandas as pd
import pytest

from pipeline.cleaning.batch import MAIN
from pipeline.forms.excel import write_excel_form
from pipeline.parts.cutter import FILE_NUMBER, NUMBER, PLACES
from pipeline.parts.dealing import dealt
from pipeline.parts.engines import Engines
from pipeline.parts.reading import Read, read_or_cut
from pipeline.responses import Responses
from pipeline.returns.guard import CAPS
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.noticed import Noticed, told_together
from pipeline.returns.read import in_pieces
from pipeline.study import open_study
from pipeline.synthetic.filled_workbook import fill_workbook
from tests.parts.studies import HereAlone, assert_the_same, in_parts
from tests.returns.conftest import household, study  # noqa: F401 - fixtures

HEADINGS = "_uuid,start,age,remark,water"


def submission(number: int, *, version: str = "2", more: str = "") -> str:
    return (
        f'<data id="household" version="{version}"><home><age>{number}</age></home>{more}'
        f"<members><nickname>SYNTHETIC {number}</nickname></members><members/>"
        f"<meta><instanceID>uuid:s{number}</instanceID></meta></data>"
    )


@pytest.fixture
def messy(study, household, tmp_path):  # noqa: F811 - a fixture
    """Every kind of file, and of everything that may be wrong with one at least two."""
    write_excel_form(household, "en", tmp_path / "empty.xlsx")
    files = {"cut-off.xml": "<data", "none.xml": "", "no-form.xlsx": b"PK\3\4", "odd.bin": "\0"}
    for n in range(3):
        fill_workbook(tmp_path / "empty.xlsx", {"age": str(n)}, tmp_path / "filled.xlsx")
        book = (tmp_path / "filled.xlsx").read_bytes()
        files |= {f"book-{n}.xlsx": book, f"late-{n}.xml": book + b"\0" * n}
        files[f"unknown-{n}.xml"] = submission(n, more="<extra>1</extra><a>2</a>")
        files[f"version-{n}.xml"] = submission(10 + n, version="9")
        files[f"no-key-{n}.xml"] = submission(20 + n).replace(f"uuid:s{20 + n}", "")
        files[f"table-{n}.csv"] = f"{HEADINGS},more,__version__\nk{n},,{n},,well,x,9\nk9,,,,,,\n"
        files[f"ragged-{n}.csv"] = f"{HEADINGS}\nk,\n,{n}"
    rows = []
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        path = study.raw / "household" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        digest = hashlib.sha256(data + name.encode()).hexdigest()
        row = ManifestRow(f"household/{name}", digest, len(data), "household", "", "2011", name)
        version = "2" if name.endswith(".xlsx") else ""
        rows.append(dataclasses.replace(row, version=version))
    (study.raw / "household" / "table-0.csv").unlink()
    return dealt(rows, household, 1)[0]


def cut_into(rows, number: int):
    size = -(-len(rows) // number)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def assert_same_responses(one: Responses, other: Responses) -> None:
    pd.testing.assert_frame_equal(one.main, other.main)
    pd.testing.assert_frame_equal(one.issues, other.issues)
    pd.testing.assert_frame_equal(one.places, other.places)
    assert list(one.repeats) == list(other.repeats)
    for name, frame in one.repeats.items():
        pd.testing.assert_frame_equal(frame, other.repeats[name])
    assert one.choice_columns == other.choice_columns


def test_what_is_noticed_is_told_once_and_in_one_order(study, household, messy):  # noqa: F811
    """Wherever the files are cut into two shares."""

    def told(shares) -> pd.DataFrame:
        found = []
        for rows in shares:
            found.append(Noticed())
            list(in_pieces(study, household, rows, CAPS, size=2, noticed=found[-1]))
        return told_together(found)

    whole = told([messy])
    assert set(whole["code"]) >= {
        "unreadable_file",
        "unknown_node",
        "unknown_version",
        "no_key",
        "unknown_column",
    }
    for place in range(1, len(messy)):
        pd.testing.assert_frame_equal(told([messy[:place], messy[place:]]), whole)


@pytest.mark.parametrize("number", [2, 3])
def test_what_is_no_more_than_a_part_is_given_back_whole(study, household, messy, number, tmp_path):  # noqa: F811
    given = {"size": 1000, "folder": tmp_path / "parts"}
    alone = read_or_cut(study, household, [messy], **given)
    several = read_or_cut(study, household, cut_into(messy, number), **given)
    assert alone.main["mode"].value_counts().to_dict() == {"excel": 6, "odk": 9, "table": 4}
    assert_same_responses(alone, several)
    assert not (tmp_path / "parts").exists()


def test_parts_hold_the_rows_in_the_order_of_one_reader(study, household, messy, tmp_path):  # noqa: F811
    """Numbered through, with the first row of each row's file, and none longer than asked for."""
    whole = read_or_cut(study, household, [messy], size=1000, folder=tmp_path / "whole")
    for number in (1, 3):
        shares = cut_into(messy, number)
        read = read_or_cut(study, household, shares, size=2, folder=tmp_path / "parts")
        assert isinstance(read, Read)
        held = [read.sealed.tables(name) for name in read.names]
        assert max(map(int.__sub__, read.starts[1:], read.starts)) <= 2
        for table, expected in {
            MAIN: whole.main,
            **whole.repeats,
            PLACES: whole.places,
        }.items():
            parts = {at: None for at, tables in enumerate(held) if table in tables}
            found = read.gathered(table, parts)
            assert found[NUMBER].tolist() == list(range(len(expected)))
            if table == MAIN:
                first = expected.index.to_series().groupby(expected["source_file"]).min()
                assert found[FILE_NUMBER].tolist() == expected["source_file"].map(first).tolist()
            pd.testing.assert_frame_equal(found[list(expected)], expected, check_dtype=False)
        pd.testing.assert_frame_equal(read.issues, whole.issues)
        assert read.choice_columns == whole.choice_columns
        read.sealed.remove()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_hostile_file_among_good_ones_is_an_issue_and_hides_none(study, household, number):  # noqa: F811
    """It takes more memory than is allowed, wherever it is read."""
    (study.root / "instruments" / "study.yaml").write_text("caps: {memory_bytes: 100000000}\n")
    limited, rows = open_study(study.root), []
    for n, cell in enumerate(["1", "2", "4" * 50_000_000, "3", "4"]):
        path = study.raw / "household" / f"{n}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"_uuid,remark\nSYNTHETIC-{n},{cell}\n")
        row = ManifestRow(f"household/{n}.csv", f"{n}", 10, "household", "", "2011", path.name)
        rows.append(row)
    folder = study.root / "parts"
    read = read_or_cut(limited, household, cut_into(rows, number), size=100, folder=folder)
    assert list(read.main["response_id"]) == [f"SYNTHETIC-{n}" for n in (0, 1, 3, 4)]
    told = read.issues[read.issues["code"] == "unreadable_file"]
    assert list(told["source_file"]) == ["raw/household/2.csv"]


@pytest.fixture
def three_readers(monkeypatch):
    """Whatever there is to read is dealt out to three processes."""

    def in_three(rows, questionnaire, _processes):
        return dealt(rows, questionnaire, 3, seconds_a_process=0)

    monkeypatch.setattr("pipeline.parts.dealing.dealt", in_three)


@pytest.mark.usefixtures("three_readers")
def test_a_study_read_by_three_is_the_same_to_the_last_file(taiwan):
    """Excel forms, submissions, tables and their errors, thirty responses at a time."""
    parted, _ = in_parts(taiwan, 30, HereAlone())
    assert_the_same(taiwan, parted)


def test_files_are_dealt_out_by_the_work_that_they_are(household):  # noqa: F811
    """As many processes as are allowed, pay, and find memory; the order of reading stays."""

    def rows(*sizes: int, ending: str = "csv"):
        return [
            ManifestRow(f"household/{n}.{ending}", f"{n:04}", size, "household", "", "", "")
            for n, size in enumerate(sizes)
        ]

    def shares(given, processes=4, memory=64 << 30) -> list[int]:
        found = dealt(given, household, processes, memory=memory)
        assert [row for share in found for row in share] == given
        return [len(share) for share in found]

    mega = 1 << 20
    assert shares([]) == [0]
    assert shares(rows(*[20_000] * 60, ending="xlsx")) == [60]
    assert shares(rows(*[20_000] * 4_000, ending="xlsx")) == [1_000] * 4
    assert shares(rows(*[20_000] * 4_000, ending="xlsx"), processes=2) == [2_000] * 2
    assert shares(rows(*[20_000] * 4_000, ending="xlsx"), memory=1 << 30) == [2_000] * 2
    assert shares(rows(250 * mega)) == [1]
    assert shares(rows(*[100 * mega] * 8), processes=2) == [4, 4]
    assert shares(rows(*[100 * mega] * 8), memory=0) == [8]


def test_as_many_processes_as_are_asked_for():
    assert Engines.of("local", None, 3).processes == 3
    assert Engines().processes >= 1
