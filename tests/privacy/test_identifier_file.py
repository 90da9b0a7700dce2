"""The encrypted identifiers, and the log of who opened them."""

import csv
import datetime as dt
import errno
import io
import json
import stat
import subprocess

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from pipeline.errors import SurveyError
from pipeline.privacy.access import COLUMNS, identify
from pipeline.privacy.encrypted_stream import decrypt_lines, encrypt_lines
from pipeline.privacy.identifier_file import (
    lines_of,
    lines_together,
    read_identifiers,
    sorted_identifiers,
    write_identifiers,
)
from pipeline.privacy.identifiers import IDENTIFIER_COLUMNS
from pipeline.privacy.keys import Keys, make_keys, name_recipient
from pipeline.study import open_study
from tests.conftest import require_tool

NOW = dt.datetime(2011, 9, 2, 8, 15, tzinfo=dt.UTC)
ROWS = [
    ("r2", "person", 1, 2, "SYNTHETIC 二\n=1+1"),
    ("r1", "org_name", None, None, "SYNTHETIC\x1b[31m one"),
    ("r2", "person", 2, 1, "SYNTHETIC three"),
]


def frame(rows=ROWS) -> pd.DataFrame:
    kinds = {name: "Int64" if "position" in name else "str" for name in IDENTIFIER_COLUMNS}
    return pd.DataFrame(rows, columns=list(IDENTIFIER_COLUMNS), dtype=object).astype(kinds)


@pytest.fixture
def identity():
    return x25519.Identity.generate()


@pytest.fixture
def keys(identity):
    return Keys((str(identity.to_public()),), b"SYNTHETIC key")


def test_what_was_encrypted_comes_back_sorted(tmp_path, identity, keys):
    path, _ = write_identifiers(lines_of(frame()), keys, tmp_path)
    expected = frame([ROWS[1], ROWS[2], ROWS[0]])
    pd.testing.assert_frame_equal(read_identifiers(path, identity, shown=""), expected)
    assert b"SYNTHETIC" not in path.read_bytes()


def test_the_content_is_lines_of_json_whatever_the_order_of_receipt():
    lines = b"".join(lines_of(frame())).decode().splitlines()
    assert lines == b"".join(lines_of(frame(ROWS[::-1]))).decode().splitlines()
    assert json.loads(lines[0]) == {
        "response_id": "r1",
        "question": "org_name",
        "value": "SYNTHETIC\x1b[31m one",
    }


def test_age_itself_opens_the_file(tmp_path, identity, keys):
    """The format is age's, not ours: its own program reads what we wrote."""
    program = require_tool("age")
    path, _ = write_identifiers(lines_of(frame()), keys, tmp_path)
    (tmp_path / "key").write_text(f"{identity}\n")
    told = subprocess.run(
        [program, "-d", "-i", tmp_path / "key", path], capture_output=True, check=True
    )
    assert told.stdout == b"".join(lines_of(frame()))


def test_the_same_identifiers_leave_the_file_as_it_is(tmp_path, keys):
    """Encrypting again would give other bytes, and everything made of them would be made again."""
    before = [path.read_bytes() for path in write_identifiers(lines_of(frame()), keys, tmp_path)]
    assert [
        path.read_bytes() for path in write_identifiers(lines_of(frame()), keys, tmp_path)
    ] == before


KEYS = st.text(max_size=2)
POSITIONS = st.none() | st.integers(1, 3)
PARTS = st.lists(st.lists(st.tuples(KEYS, KEYS, POSITIONS, POSITIONS, st.text()), max_size=6))


def in_sheets(rows, size: int):
    whole = sorted_identifiers(frame(rows))
    return [whole[start : start + size] for start in range(0, len(whole), size)]


@given(PARTS, st.integers(1, 4))
def test_identifiers_of_several_parts_are_written_as_those_of_one(parts, size):
    """Missing positions last, equal places in the order of the parts; to the byte."""
    together = lines_together(in_sheets(rows, size) for rows in parts)
    assert list(together) == list(lines_of(frame([row for rows in parts for row in rows])))


def test_of_each_part_only_a_few_identifiers_are_opened_at_a_time():
    opened = []

    def part(name: str):
        rows = [(f"r{number}", "q", None, None, "SYNTHETIC") for number in range(6)]
        for number, sheet in enumerate(in_sheets(rows, 2)):
            opened.append((name, number))
            yield sheet

    lines = lines_together([part("a"), part("b")])
    next(lines)
    assert opened == [("a", 0), ("b", 0)]
    assert len([*lines]) == 11


class Full(io.RawIOBase):
    """A disk that takes so many bytes."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def writable(self) -> bool:
        return True

    def write(self, block) -> int:
        self.left -= len(block)
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(block)


@pytest.mark.parametrize("size", [0, 200, 70_000])
def test_a_full_disk_is_told_as_such_and_not_lost_with_the_last_block(identity, size):
    with pytest.raises(OSError, match="No space") as error:
        encrypt_lines([b"SYNTHETIC\n"] * 20_000, Full(size), [identity.to_public()])
    assert error.value.errno == errno.ENOSPC


def test_a_line_that_fails_says_nothing_through_age_and_leaves_the_file_as_it_was(keys, tmp_path):
    write_identifiers(lines_of(frame()), keys, tmp_path)
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir())

    def failing():
        yield from [b"SYNTHETIC\n"] * 20_000
        raise KeyError("SYNTHETIC answer")

    with pytest.raises(KeyError):
        write_identifiers(failing(), keys, tmp_path)
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("change", ["content", "recipient", "damaged", "gone"])
def test_anything_else_writes_it_anew(tmp_path, identity, keys, change):
    path, digest = write_identifiers(lines_of(frame()), keys, tmp_path)
    before = path.read_bytes()
    rows, now = ROWS, keys
    if change == "content":
        rows = ROWS[:2]
    elif change == "recipient":
        more = str(x25519.Identity.generate().to_public())
        now = Keys((*keys.recipients, more), keys.pseudonym)
    elif change == "damaged":
        digest.write_text("half")
    else:
        path.unlink()
    write_identifiers(lines_of(frame(rows)), now, tmp_path)
    assert path.read_bytes() != before
    found = read_identifiers(path, identity, shown="")
    assert list(lines_of(found)) == list(lines_of(frame(rows)))


@given(st.lists(st.tuples(KEYS, KEYS, POSITIONS, POSITIONS, st.text()), max_size=6), KEYS)
def test_the_identifiers_of_one_response_are_those_that_stand_in_the_whole(
    tmp_path_factory, rows, response_id
):
    """Whatever the keys hold: quotes, line feeds, the beginning of another key."""
    identity, folder = x25519.Identity.generate(), tmp_path_factory.mktemp("one")
    own = Keys((str(identity.to_public()),), b"SYNTHETIC key")
    path, _ = write_identifiers(lines_of(frame(rows)), own, folder)
    whole = read_identifiers(path, identity, shown="")
    alone = read_identifiers(path, identity, shown="", response_id=response_id)
    expected = whole[whole["response_id"] == response_id].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, expected)


@pytest.mark.parametrize("left", [0.5, 0.999], ids=["half", "all but the end"])
def test_a_file_that_was_cut_off_opens_for_nobody(tmp_path, identity, keys, left):
    """Even where the answers looked for stand before the cut."""
    rows = [(f"r{number}", "person", None, None, "SYNTHETIC") for number in range(5000)]
    path, _ = write_identifiers(lines_of(frame(rows)), keys, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * left)])
    with pytest.raises(SurveyError) as error:
        read_identifiers(path, identity, shown="", response_id="r1")
    assert [one.code for one in error.value.problems] == ["KEYS-005"]


def test_a_reader_that_fails_says_so_itself(identity):
    """age would put what it says, which may be an answer, into an error of its own."""
    sealed = io.BytesIO()
    encrypt_lines([b"SYNTHETIC\n"] * 3, sealed, [identity.to_public()])
    sealed.seek(0)

    def fail(line: bytes) -> None:
        raise KeyError(line)

    with pytest.raises(KeyError):
        decrypt_lines(sealed, identity, fail)


def test_a_file_that_cannot_be_read_is_not_taken_for_another_keys(identity):
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output") as error:
        decrypt_lines(Broken(), identity, print)
    assert error.value.errno == errno.EIO


def test_both_files_are_their_owners_alone(tmp_path, keys):
    for path in write_identifiers(lines_of(frame()), keys, tmp_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_digest_tells_nothing_without_the_key(tmp_path, keys):
    """The same content under another pseudonym key has another digest."""
    _, one = write_identifiers(lines_of(frame()), keys, tmp_path / "a")
    _, two = write_identifiers(lines_of(frame()), Keys(keys.recipients, b"other"), tmp_path / "b")
    assert one.read_text() != two.read_text()


@pytest.fixture
def study(tmp_path):
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "study.yaml").write_text("title: SYNTHETIC\n")
    public = make_keys(tmp_path / "keys", shown="keys")
    name_recipient(open_study(tmp_path), public, "keys")
    write_identifiers(lines_of(frame()), Keys((public,), b"key"), tmp_path / "processed" / "form")
    return open_study(tmp_path)


def log_of(study) -> list[list[str]]:
    path = study.raw / "_register" / "access.csv"
    return list(csv.reader(path.open(encoding="utf-8"))) if path.exists() else []


def test_identifying_shows_the_answers_and_leaves_a_line(study):
    """Control characters in an answer do not reach the terminal."""
    told = identify(study, ["form", "other"], "r1", reason="SYNTHETIC\nreason", now=NOW)
    assert told == ("org_name: SYNTHETIC\N{REPLACEMENT CHARACTER}[31m one",)
    heading, line = log_of(study)
    assert heading == list(COLUMNS)
    assert [line[0], *line[2:]] == ["2011-09-02T08:15:00Z", "r1", "form", "1", "SYNTHETIC reason"]


def test_rows_of_a_repeat_are_told_by_their_place(study):
    told = identify(study, ["form"], "r2", now=NOW)
    assert told[0] == "person (1.2): SYNTHETIC three"


def test_the_log_only_grows(study):
    path = study.raw / "_register" / "access.csv"
    identify(study, ["form"], "r1", now=NOW)
    before = path.read_bytes()
    identify(study, ["form"], "r2", now=NOW)
    assert path.read_bytes().startswith(before)
    assert len(log_of(study)) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_the_private_key_nothing_is_shown_and_nothing_is_logged(study):
    (study.keys / "identity.txt").unlink()
    with pytest.raises(SurveyError) as error:
        identify(study, ["form"], "r1", now=NOW)
    assert [problem.code for problem in error.value.problems] == ["KEYS-002"]
    assert log_of(study) == []


def test_a_response_of_nobody_is_a_problem(study):
    with pytest.raises(SurveyError) as error:
        identify(study, ["form"], "nobody", now=NOW)
    assert [problem.code for problem in error.value.problems] == ["KEYS-006"]


def test_where_the_log_cannot_be_written_nothing_is_shown(study):
    (study.raw / "_register").mkdir(parents=True)
    (study.raw / "_register" / "access.csv").mkdir()
    with pytest.raises(SurveyError) as error:
        identify(study, ["form"], "r1", now=NOW)
    assert [problem.code for problem in error.value.problems] == ["REG-001"]
