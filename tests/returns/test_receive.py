"""Returned files enter raw/ once, whole, under their hash; nothing is refused in silence."""

import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.returns.intake import folder_name
from pipeline.returns.manifest import ManifestRow, read_manifest, verify
from pipeline.returns.reasons import read_reasons
from pipeline.returns.receive import Outcome, Receipt, receive
from pipeline.settings import Caps
from tests.returns.conftest import NOW, written
from tests.returns.test_guard import plain_workbook

TABLE = "_uuid,start,age,remark,water\nk1,,5,,well\n"
LOG = "_uuid,questions,issue,old_value,change_type,new_value\nk1,age,x,5,change_response,6\n"
SUBMISSION = (
    '<data id="household" version="2"><home><age>5</age></home>'
    "<meta><instanceID>uuid:a</instanceID></meta></data>"
)


def digest(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def stored(form: str, content: str | bytes, name: str) -> str:
    return f"raw/{form}/{digest(content)[:16]}-{name}"


@pytest.fixture
def take(study, household):
    """Receive paths into the study with its one form."""

    def work(*paths: Path, **more) -> tuple[Receipt, ...]:
        forms = more.pop("forms", (household,))
        known = {form.form_id: form for form in forms}
        return receive(study, paths, known, now=more.pop("now", NOW), **more)

    return work


def test_each_kind_of_file_finds_its_place(study, take, tmp_path):
    """A table by its columns, a submission by its form id, a log by its columns."""
    paths = written(tmp_path / "in", {"t.csv": TABLE, "log.csv": LOG, "s.xml": SUBMISSION})
    assert take(*paths) == (
        Receipt(
            "t.csv",
            Outcome.RECEIVED,
            "household",
            "",
            stored("household", TABLE, "t.csv"),
            "Matched by its columns: 4 of 4 are questions of household.",
        ),
        Receipt(
            "log.csv", Outcome.RECEIVED, "corrections", "", stored("corrections", LOG, "log.csv")
        ),
        Receipt(
            "s.xml",
            Outcome.RECEIVED,
            "household",
            "2",
            stored("household", SUBMISSION, "s.xml"),
        ),
    )
    rows = read_manifest(study)
    assert (
        ManifestRow(
            file=stored("household", SUBMISSION, "s.xml").removeprefix("raw/"),
            sha256=digest(SUBMISSION),
            bytes=len(SUBMISSION),
            form="household",
            version="2",
            received_at="2011-09-02T08:15:00Z",
            origin="s.xml",
        )
        in rows
    )
    assert [row.file for row in rows] == sorted(row.file for row in rows)
    for row in rows:
        path = study.raw / row.file
        assert digest(path.read_bytes()) == row.sha256
        assert path.stat().st_mode & 0o777 == 0o600
    assert verify(study) == []


def test_the_name_of_a_file_is_not_believed(take, tmp_path):
    """Content decides: a submission called .xlsx, a table called .xml."""
    paths = written(tmp_path / "in", {"a.xlsx": SUBMISSION, "b.xml": TABLE})
    assert [(receipt.outcome, receipt.form) for receipt in take(*paths)] == [
        ("received", "household"),
        ("received", "household"),
    ]


def test_the_same_bytes_twice_are_reported(study, take, tmp_path):
    """Under another name, in the same run or a later one: kept once, and said when it came."""
    first, again = written(tmp_path / "in", {"a.csv": TABLE, "b.csv": TABLE})
    receipts = [*take(first, again), *take(again, now=NOW + dt.timedelta(days=1))]
    assert [receipt.outcome for receipt in receipts] == [
        "received",
        "already_received",
        "already_received",
    ]
    assert {receipt.stored for receipt in receipts} == {stored("household", TABLE, "a.csv")}
    assert receipts[2].reason == "The same bytes were received at 2011-09-02T08:15:00Z as a.csv."
    assert len(read_manifest(study)) == 1


def test_folders_are_walked_in_order_of_name(take, tmp_path):
    """Folders in folders, each file with its path from the folder that was given."""
    written(
        tmp_path / "stick",
        {"b.csv": TABLE, "a/z.xml": SUBMISSION, "a/y.csv": LOG},
    )
    receipts = take(tmp_path / "stick")
    assert [receipt.file for receipt in receipts] == [
        "stick/b.csv",
        "stick/a/y.csv",
        "stick/a/z.xml",
    ]


OTHER_VERSION = SUBMISSION.replace('version="2"', 'version="9"')
UNRECOGNISED = {
    "an unknown form": (SUBMISSION.replace("household", "elsewhere"), "has no questionnaire"),
    "an unknown version": (OTHER_VERSION, "a version of household that is not known"),
    "a blank form": ("<h:html xmlns:h='http://www.w3.org/1999/xhtml'/>", "a blank form"),
    "XML without a form": ("<data/>", "names no form"),
    "a table of something else": ("name,price\nx,1\n", "not the question names of any form"),
    "one column of ours among many": ("age,b,c,d\n1,2,3,4\n", "not the question names"),
    "labels as headings": ("How old are you?,Remarks\n5,\n", "not the question names"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is a picture (PNG)."),
    "Big5": (TABLE.replace("well", "井").encode("big5"), "not written in UTF-8"),
    "an empty file": (b"", "The file is empty"),
    "a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "encrypted by ODK": ("<data id='household' encrypted='yes'/>", "encrypted by ODK"),
    "a workbook of something else": (plain_workbook(), "not the question names"),
    "a document type": ("<!DOCTYPE x><data id='household'/>", "document type declaration"),
    "a damaged archive": (b"PK\x03\x04 broken", "damaged on its way"),
}


@pytest.mark.parametrize("case", UNRECOGNISED)
def test_what_is_not_recognised_is_kept_with_its_reason(study, take, tmp_path, case):
    """It goes to raw/unrecognised/, listed and hashed like any other, its reason beside it."""
    content, reason = UNRECOGNISED[case]
    [path] = written(tmp_path / "in", {"x.dat": content})
    [receipt] = take(path)
    assert (receipt.outcome, receipt.form) == ("unrecognised", "")
    assert receipt.stored == stored("unrecognised", content, "x.dat")
    assert reason in receipt.reason
    assert (study.root / receipt.stored).read_bytes() == path.read_bytes()
    assert read_reasons(study) == {receipt.stored.removeprefix("raw/"): receipt.reason}
    assert verify(study) == []


def test_an_older_version_that_the_changes_name_is_known(take, tmp_path):
    """`changes:` of the questionnaire lists the versions that were in the field."""
    old = SUBMISSION.replace('version="2"', 'version="1"')
    [receipt] = take(*written(tmp_path / "in", {"s.xml": old}))
    assert (receipt.outcome, receipt.version) == ("received", "1")


def test_an_unrecognised_file_is_recognised_later(study, take, tmp_path, household):
    """Once its questionnaire is there, receiving it again puts it under its form."""
    [path] = written(tmp_path / "in", {"s.xml": SUBMISSION})
    assert [r.outcome for r in take(path, forms=())] == ["unrecognised"]
    assert [r.outcome for r in take(path, forms=())] == ["unrecognised"]
    assert len(read_manifest(study)) == 1
    [receipt] = take(study.raw / "unrecognised")
    assert (receipt.outcome, receipt.stored) == (
        "received",
        stored("household", SUBMISSION, "s.xml"),
    )
    assert [row.form for row in read_manifest(study)] == ["household", "unrecognised"]
    assert [r.outcome for r in take(path)] == ["already_received"]
    assert verify(study) == []


def twin(form_id: str) -> Questionnaire:
    names = ("start", "age", "remark", "water")
    return Questionnaire(
        form_id=form_id,
        title="T",
        survey=tuple(Question(name=name, type="text") for name in names),
    )


def test_a_table_that_fits_two_forms_is_not_guessed(take, tmp_path):
    """The reason names both; --form decides, and the match is reported."""
    [path] = written(tmp_path / "in", {"t.csv": TABLE})
    [receipt] = take(path, forms=(twin("one"), twin("two")))
    assert receipt.outcome == "unrecognised"
    assert "Its columns fit several forms: one, two." in receipt.reason
    [receipt] = take(path, forms=(twin("one"), twin("two")), form="two")
    assert (receipt.outcome, receipt.form) == ("received", "two")
    assert receipt.reason == "Its form was given: 4 of 4 columns are its questions."


def test_a_given_form_must_fit(take, tmp_path):
    """--form is no way to receive a table that has none of its questions."""
    [path] = written(tmp_path / "in", {"t.csv": "name,price\nx,1\n"})
    [receipt] = take(path, form="household")
    assert receipt.outcome == "unrecognised"
    assert "No heading of it is the name of a question of household." in receipt.reason


def test_a_given_form_must_exist(take, tmp_path):
    """A slip in --form stops before anything is copied."""
    with pytest.raises(SurveyError) as raised:
        take(*written(tmp_path / "in", {"t.csv": TABLE}), form="houshold")
    assert [problem.code for problem in raised.value.problems] == ["RAW-006"]


def test_no_form_is_called_like_a_folder_of_raw(take, tmp_path):
    """A form `corrections` would be read as a correction log."""
    with pytest.raises(SurveyError) as raised:
        take(*written(tmp_path / "in", {"t.csv": TABLE}), forms=(twin("corrections"),))
    assert [problem.code for problem in raised.value.problems] == ["RAW-007"]


def test_a_table_may_name_its_form(take, tmp_path):
    """KoboToolbox's `_xform_id_string` decides where two forms would fit."""
    text = "_xform_id_string,start,age,remark,water\ntwo,,5,,\n"
    [receipt] = take(*written(tmp_path / "in", {"t.csv": text}), forms=(twin("one"), twin("two")))
    assert (receipt.outcome, receipt.form) == ("received", "two")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_only_regular_files_are_copied(study, take, tmp_path):
    """Links, pipes, devices and loops are refused by name; the files beside them are received."""
    folder = tmp_path / "stick"
    written(folder, {"good.csv": TABLE})
    (folder / "link.csv").symlink_to(folder / "good.csv")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.csv")
    receipts = take(folder, Path("/dev/zero"), tmp_path / "nothing.csv")
    assert [(receipt.file, receipt.outcome, receipt.stored is None) for receipt in receipts] == [
        ("stick/good.csv", "received", False),
        ("stick/link.csv", "refused", True),
        ("stick/loop", "refused", True),
        ("stick/pipe.csv", "refused", True),
        ("zero", "refused", True),
        ("nothing.csv", "refused", True),
    ]
    assert [bool(receipt.reason) for receipt in receipts] == [True] * 6
    assert len(read_manifest(study)) == 1


def test_a_file_too_large_is_refused(study, take, tmp_path):
    """The cap is told before anything is copied."""
    [receipt] = take(*written(tmp_path / "in", {"t.csv": TABLE}), caps=Caps(file_bytes=10))
    assert (receipt.outcome, receipt.reason) == (
        "refused",
        "It is larger than 0 MB. Send it in parts.",
    )
    assert read_manifest(study) == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("回卷 3.csv", "回卷_3.csv"),
        ("a b;c'd.csv", "a_b_c_d.csv"),
        ("..hidden", "..hidden"),
        ("-rf.csv", "rf.csv"),
        ("=cmd.csv", "_cmd.csv"),
        ("x" * 150 + ".csv", "x" * 60 + ".csv"),
        ("no_ending", "no_ending"),
    ],
)
def test_names_have_safe_characters(study, take, tmp_path, given, kept):
    """A name never leads out of its folder, starts an option or a formula, or is too long."""
    [receipt] = take(*written(tmp_path / "in", {given: TABLE}))
    assert receipt.stored == stored("household", TABLE, kept)
    assert not any(row.origin.startswith(("=", "-")) for row in read_manifest(study))


@pytest.mark.parametrize(
    ("form_id", "folder"),
    [
        ("household", "household"),
        ("getodk.org:all-widgets", "getodk.org_all-widgets-"),
        ("../../etc", ".._.._etc-"),
        ("_register", "_register-"),
    ],
)
def test_folders_of_forms_are_safe(form_id, folder):
    """Any form_id has one folder below raw/, never another's."""
    name = folder_name(form_id)
    assert name == folder or (folder.endswith("-") and name.startswith(folder))
    assert "/" not in name


def test_a_missing_file_comes_back_by_receiving_it_again(study, take, tmp_path):
    """raw/ lost a file that the manifest lists: the same bytes are put back in its place."""
    [path] = written(tmp_path / "in", {"t.csv": TABLE})
    [receipt] = take(path)
    (study.root / receipt.stored).unlink()
    assert [problem.code for problem in verify(study)] == ["RAW-003"]
    [again] = take(path)
    assert (again.outcome, again.reason) == (
        "received",
        "It was missing from raw/ and is back in its place.",
    )
    assert verify(study) == []


EMPTY = "The file is empty. Ask the sender to send it again."


def test_receipts_read_as_sentences(take, tmp_path):
    """What the command prints for each file."""
    good, bad = written(tmp_path / "in", {"s.xml": SUBMISSION, "e.csv": ""})
    assert [str(receipt) for receipt in take(good, bad)] == [
        f"received: s.xml household 2 -> {stored('household', SUBMISSION, 's.xml')}",
        f"unrecognised: e.csv -> {stored('unrecognised', '', 'e.csv')}\n  {EMPTY}",
    ]
