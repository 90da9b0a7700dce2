"""raw/ is held against its manifest by hash, before anything is computed."""

import pytest

from pipeline.errors import SurveyError
from pipeline.returns.manifest import ManifestRow, append_rows, read_manifest, verify
from pipeline.returns.receive import receive
from tests.returns.conftest import NOW, written

ROW = ManifestRow(
    file='household/0123456789abcdef-回卷,"x".csv',
    sha256="0" * 64,
    bytes=12,
    form="household",
    version="",
    received_at="2011-09-02T08:15:00Z",
    origin='stick/回卷, "x".csv',
)
TABLE = "_uuid,start,age,remark,water\nk1,,5,,well\n"


@pytest.fixture
def filled(study, household, tmp_path):
    """A study with three received files; gives back their names below raw/."""
    files = {f"{n}.csv": TABLE.replace("k1", f"k{n}") for n in range(3)}
    paths = written(tmp_path / "in", files)
    receive(study, paths, {"household": household}, now=NOW)
    return [row.file for row in read_manifest(study)]


def test_rows_are_read_as_written(study):
    """Commas, quotes and Chinese in names survive; before the first receipt there is nothing."""
    assert read_manifest(study) == ()
    append_rows(study, [ROW])
    assert read_manifest(study) == (ROW,)
    text = (study.raw / "MANIFEST.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "file,sha256,bytes,form,version,received_at,from"


def test_the_order_of_receipt_leaves_no_trace(study, tmp_path):
    """The manifest is sorted by path; a path that is listed already keeps its first row."""
    rows = [
        ManifestRow(f"f/{name}", "0" * 64, 1, "f", "", "2011-09-02T08:15:00Z", name)
        for name in ("c", "a", "b")
    ]
    append_rows(study, rows[:2])
    append_rows(study, [rows[2], rows[0]])
    assert [row.file for row in read_manifest(study)] == ["f/a", "f/b", "f/c"]


def test_raw_as_received_has_no_problems(study, filled):
    """Manifest, README, register and half files are not returned files."""
    (study.raw / "README.md").write_text("x")
    (study.raw / "_register").mkdir()
    (study.raw / "_register" / "access.csv").write_text("x")
    (study.raw / "household" / ".writing-x.csv").write_text("x")
    assert verify(study) == []


def test_altered_missing_and_unlisted_files_are_named(study, filled):
    """One byte is enough; all of them are named at once, in the order of their paths."""
    altered, missing, _ = filled
    path = study.raw / altered
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"5", b"6"))
    (study.raw / missing).unlink()
    (study.raw / "zzz").mkdir()
    (study.raw / "zzz" / "by_hand.csv").write_text(TABLE)
    found = [(problem.code, problem.place.file) for problem in verify(study)]
    assert found == [
        ("RAW-002", f"raw/{altered}"),
        ("RAW-003", f"raw/{missing}"),
        ("RAW-004", "raw/zzz/by_hand.csv"),
    ]


def test_a_link_in_place_of_a_file_is_an_alteration(study, filled, tmp_path):
    """Even where it leads to the same bytes: what it leads to can change."""
    path = study.raw / filled[0]
    (tmp_path / "same").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "same")
    assert [problem.code for problem in verify(study)] == ["RAW-002"]


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda text: text.replace("sha256", "hash"), 1),
        (lambda text: text.replace(",household,,", ",household,", 1), 2),
        (lambda text: text.replace(f",{len(TABLE)},", ",many,"), 2),
        (lambda _: "", 1),
        (lambda text: text + "half a li", 5),
    ],
    ids=["heading", "a cell short", "no number", "empty", "cut off"],
)
def test_a_damaged_manifest_is_named_by_its_line(study, filled, damage, line):
    """It is never mended by guessing."""
    path = study.raw / "MANIFEST.csv"
    path.write_text(damage(path.read_text()))
    with pytest.raises(SurveyError) as raised:
        verify(study)
    first = raised.value.problems[0]
    assert (first.code, first.place.line) == ("RAW-001", line)
