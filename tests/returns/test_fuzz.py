"""Whatever bytes come in, the answer is a reading or a reason: no crash, no hang."""

import contextlib
import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.returns.sniff import Sniffed, sniff
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import read_submissions
from pipeline.returns.table import read_table
from pipeline.synthetic.filled_submission import fill_submission
from tests.questionnaires import every_type_questionnaire
from tests.returns.test_filled_submission import FULL
from tests.returns.test_guard import SHEET, SHEET_HEAD, with_parts

FORM = every_type_questionnaire()
TABLE = b'_uuid,code,staff,remark\nk1,AB01,34,"a, b"\n'
CELLS = (
    f'{SHEET_HEAD}<sheetData><row r="1"><c r="A1" t="str"><v>code</v></c>'
    '<c r="B1" t="str"><v>staff</v></c></row><row r="2"><c r="A2" t="str"><v>AB01</v></c>'
    '<c r="B2"><v>34</v></c></row></sheetData></worksheet>'
).encode()


PIECES = [b"<", b">", b"&", b'"', b"'", b"\0", b"\n", b"]]>", b"<!--", b"XFD9", b"=", b"1e999"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def submission(folder) -> bytes:
    fill_submission(FORM, FULL, instance_id="k", target=folder / "seed.xml")
    return (folder / "seed.xml").read_bytes()


@st.composite
def mutated(draw, seed: bytes) -> bytes:
    """The seed with a few pieces cut out, doubled, put in or overwritten."""
    content = seed
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(PIECES),
                st.just(content[start:end] * 2),
            )
        )
        content = content[:start] + piece + content[end:]
    return content


def try_all(content: bytes, folder: Path) -> None:
    path = folder / "file"
    path.write_bytes(content)
    found = sniff(path, {FORM.form_id: FORM})
    assert isinstance(found, Sniffed)
    assert found.form == FORM.form_id or found.reason or found.kind == "corrections"
    source = SourceFile(path, "raw/f/file", hashlib.sha256(content).hexdigest(), "x")
    read = read_submissions([source], FORM)
    assert len(read.main) + list(read.issues["code"]).count("unreadable_file") == 1
    with contextlib.suppress(SurveyError):
        assert read_table(source, FORM).main["response_id"].notna().all()


COMMON = settings(
    max_examples=60, deadline=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@COMMON
@given(content=st.binary(max_size=300))
def test_any_bytes(folder, content):
    """Bytes of no kind at all."""
    try_all(content, folder)


@COMMON
@given(data=st.data())
def test_damaged_submissions(folder, submission, data):
    """A submission with pieces lost, doubled or overwritten."""
    try_all(data.draw(mutated(submission)), folder)


@COMMON
@given(content=mutated(TABLE))
def test_damaged_tables(folder, content):
    """A CSV with pieces lost, doubled or overwritten."""
    try_all(content, folder)


@COMMON
@given(sheet=mutated(CELLS))
def test_damaged_sheets(folder, sheet):
    """A whole archive around a sheet with pieces lost, doubled or overwritten."""
    try_all(with_parts({SHEET: sheet}), folder)


@COMMON
@given(content=mutated(with_parts({SHEET: CELLS})))
def test_damaged_archives(folder, content):
    """An archive with pieces lost, doubled or overwritten."""
    try_all(content, folder)
