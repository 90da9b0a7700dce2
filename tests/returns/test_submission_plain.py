"""A plain submission is read from its text, and exactly as lxml reads it."""

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from pandas.testing import assert_frame_equal

from pipeline.responses import Responses
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import read_submissions
from pipeline.returns.submission_plain import NotPlainError, PlainReader
from pipeline.returns.submission_plan import plan_of
from pipeline.returns.submission_xml import parse_xml, submission_parser
from pipeline.synthetic.filled_submission import fill_submission
from tests.questionnaires import every_type_questionnaire
from tests.returns.test_filled_submission import FULL
from tests.returns.test_fuzz import mutated

FORM = every_type_questionnaire()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture(scope="module")
def seed(folder) -> bytes:
    """A full submission, without the line end and the signs in its texts that are to be parsed."""
    fill_submission(FORM, FULL, instance_id="k", target=folder / "seed.xml")
    return re.sub(rb"&[^;]*;", b"+", (folder / "seed.xml").read_bytes())


def reader(seed: bytes) -> PlainReader:
    """One that has learnt how the seed begins."""
    plan = plan_of(FORM)
    widths = [len(table.columns) + (1 if table.number else 3) for table in plan.tables]
    made = PlainReader(plan.root, tuple([None] * width for width in widths))
    made.learn(seed, parse_xml(seed, submission_parser(), shown="seed"))
    return made


def read(folder: Path, *contents: bytes) -> Responses:
    files = []
    for number, content in enumerate(contents):
        path = folder / f"{number}"
        path.write_bytes(content)
        name = "last" if number == len(contents) - 1 else "first"
        files.append(SourceFile(path, name, hashlib.sha256(content).hexdigest(), "x"))
    return read_submissions(files, FORM)


def said_of_last(found: Responses) -> list[object]:
    """Its rows and issues, whatever was read before it."""
    tables = [found.main, *found.repeats.values(), found.issues]
    return [
        table[table["source_file"] == "last"].reset_index(drop=True).astype("object")
        for table in tables
    ]


def assert_same(folder: Path, seed: bytes, content: bytes) -> None:
    """After one like it, it is read from its text; alone, by lxml."""
    after, alone = said_of_last(read(folder, seed, content)), said_of_last(read(folder, content))
    for one, other in zip(after, alone, strict=True):
        assert_frame_equal(one, other)


def test_the_seed_itself_is_plain(seed):
    """So that what follows compares two ways of reading, and not one with itself."""
    version, found = reader(seed).read(seed)
    assert version == FORM.version
    assert len(found) > 1


def test_indented_submissions_are_plain_too(folder, seed):
    root = etree.fromstring(seed)
    etree.indent(root)
    indented = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    reader(seed).read(indented)
    assert_same(folder, seed, indented)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mutated(b"") | mutated(b"<"))
def test_no_rubbish_is_plain(seed, data):
    with pytest.raises(NotPlainError):
        reader(seed).read(data)


@pytest.mark.parametrize(
    "change",
    [
        (b"</data>", b""),
        (b"</data>", b"</data></data>"),
        (b"</data>", b"</data>x"),
        (b"</data>", b"<</data>"),
        (b"</data>", b"< /data>"),
        (b"</data>", b"</data "),
        (b"</data>", b"</data >"),
        (b"</data>", b"]]></data>"),
        (b"</data>", b"&amp;</data>"),
        (b"</data>", b"<!-- --></data>"),
        (b"</data>", b"<?pi?></data>"),
        (b"</data>", b"<x/></data>"),
        (b"</data>", b"\xff</data>"),
        (b"</data>", b"\x01</data>"),
        (b"</data>", b"\xef\xbf\xbe</data>"),
        (b"<data ", b'<data encrypted="yes" '),
        (b"<?xml", b"<!DOCTYPE data><?xml"),
    ],
    ids=lambda change: change[1].decode("latin-1").encode("unicode_escape").decode(),
)
def test_what_stands_in_no_plain_submission_is_parsed(folder, seed, change):
    """And lxml says what it is, as if none had been read before."""
    content = seed.replace(*change)
    with pytest.raises(NotPlainError):
        reader(seed).read(content)
    assert_same(folder, seed, content)


def test_any_change_of_a_submission_is_read_as_lxml_reads_it(folder, seed):
    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(content=mutated(seed))
    def same(content: bytes) -> None:
        assert_same(folder, seed, content)

    same()
