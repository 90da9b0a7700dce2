"""Sealed tables: what is written comes back as it was, and nobody else can read it."""

import numpy as np
import pandas as pd
import pytest
from cryptography.exceptions import InvalidTag

from pipeline.parts.sealed import Sealed

CANARY = "SYNTHETIC 王小明"
FRAME = pd.DataFrame(
    {
        "text": pd.array([CANARY, None, ""], dtype="str"),
        "whole": pd.array([1, None, 3], dtype="Int64"),
        "number": [0.5, np.nan, -1.0],
        "kind": pd.Categorical(["a", None, "b"], categories=["b", "a"]),
        "yes": pd.array([True, None, False], dtype="boolean"),
        "day": pd.array(["2011-08-05", None, "2011-08-06"], dtype="datetime64[us]"),
        "moment": pd.array(["2011-08-05T01:00Z"] * 3, dtype="datetime64[us, UTC]"),
    }
)


def test_tables_come_back_as_they_were(tmp_path):
    sealed = Sealed(tmp_path / "parts")
    sealed.write("one", {"": FRAME, "empty": FRAME[:0], "bare": FRAME[[]]})
    pd.testing.assert_frame_equal(sealed.read("one", ""), FRAME)
    pd.testing.assert_frame_equal(sealed.read("one", "empty"), FRAME[:0])
    pd.testing.assert_frame_equal(sealed.read("one", "", ["day", "text"]), FRAME[["day", "text"]])
    assert len(sealed.read("one", "bare")) == len(FRAME)
    assert sealed.tables("one") == {"": tuple(FRAME), "empty": tuple(FRAME), "bare": ()}


def test_nobody_reads_them_without_the_key_of_the_run(tmp_path):
    sealed = Sealed(tmp_path / "parts")
    sealed.write("one", {"": FRAME})
    (path,) = sealed.folder.iterdir()
    assert CANARY.encode() not in path.read_bytes()
    assert "王小明".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidTag):
        Sealed(tmp_path / "parts").read("one", "")
    assert "key" not in repr(sealed)


def test_a_piece_under_another_name_is_refused(tmp_path):
    sealed = Sealed(tmp_path / "parts")
    sealed.write("one", {"": FRAME})
    (sealed.folder / "one").rename(sealed.folder / "two")
    with pytest.raises(InvalidTag):
        sealed.read("two", "")


def test_what_is_removed_is_gone(tmp_path):
    sealed = Sealed(tmp_path / "parts")
    sealed.write("one", {"": FRAME})
    sealed.remove()
    sealed.remove()
    assert list(tmp_path.iterdir()) == []
