"""Registers only grow; a line is whole or not there."""

import pytest

from pipeline.errors import SurveyError
from pipeline.register import append_line, read_lines

COLUMNS = ("at", "what")


def append(path, *cells):
    append_line(path, COLUMNS, cells, shown="register")


def read(path):
    return read_lines(path, COLUMNS, shown="register")


def test_lines_stand_in_the_order_in_which_they_were_written(tmp_path):
    path = tmp_path / "a" / "register.csv"
    append(path, "1", 'SYNTHETIC "one", two')
    append(path, "2", "over\ntwo lines")
    assert read(path) == (("1", 'SYNTHETIC "one", two'), ("2", "over two lines"))
    assert path.read_text() == 'at,what\n1,"SYNTHETIC ""one"", two"\n2,over two lines\n'


@pytest.mark.parametrize("size", range(1, 18))
def test_a_line_that_was_left_half_is_cut_off_and_written_again(tmp_path, size):
    """Wherever a process was killed: in the heading, or in a line."""
    path = tmp_path / "register.csv"
    append(path, "1", "SYNTHETIC")
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    append(path, "1", "SYNTHETIC")
    assert path.read_bytes() == whole


def test_half_a_line_is_no_line(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("at,what\n1,SYNTHETIC\n2,SYN")
    assert read(path) == (("1", "SYNTHETIC"),)


@pytest.mark.parametrize("text", ["other,heading\n1,2\n", "at,what\n1,2,3\n"])
def test_a_register_that_was_edited_is_named(tmp_path, text):
    path = tmp_path / "register.csv"
    path.write_text(text)
    with pytest.raises(SurveyError) as error:
        read(path)
    assert [problem.code for problem in error.value.problems] == ["REG-002"]


def test_a_register_of_another_heading_is_left_as_it_is(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("other\n1\n")
    with pytest.raises(SurveyError) as error:
        append(path, "1", "2")
    assert [problem.code for problem in error.value.problems] == ["REG-002"]
    assert path.read_text() == "other\n1\n"


def test_a_link_is_not_written_through(tmp_path):
    (tmp_path / "target").write_text("SYNTHETIC")
    (tmp_path / "register.csv").symlink_to(tmp_path / "target")
    with pytest.raises(SurveyError) as error:
        append(tmp_path / "register.csv", "1", "2")
    assert [problem.code for problem in error.value.problems] == ["REG-001"]
    assert (tmp_path / "target").read_text() == "SYNTHETIC"
