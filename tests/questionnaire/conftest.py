"""Questionnaires written down in a test; everything in them is SYNTHETIC."""

import textwrap
from pathlib import Path

import pytest


@pytest.fixture
def written(tmp_path):
    """Writes files below instruments/ and gives the first one's path."""

    def write(**files: str) -> Path:
        paths = []
        for name, text in files.items():
            path = tmp_path / "instruments" / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
            paths.append(path)
        return paths[0]

    return write


@pytest.fixture
def xlsform(tmp_path):
    """Writes an XLSForm as a Markdown table and gives its path."""

    def write(table: str, name: str = "form.md") -> Path:
        path = tmp_path / name
        path.write_text(textwrap.dedent(table), encoding="utf-8")
        return path

    return write
