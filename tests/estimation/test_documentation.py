"""The worked example of docs/estimation.md runs and shows what it says."""

import doctest

from pipeline.estimation.reading import read_design
from tests.conftest import PROJECT

PAGE = PROJECT / "docs/estimation.md"


def test_the_worked_example_runs():
    """Every line of Python gives the output printed under it."""
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (found.attempted > 10, found.failed) == (True, 0)


def test_the_design_shown_is_read(tmp_path):
    """All of its words are known; it is a design once adjustments no longer exclude each other."""
    text = PAGE.read_text(encoding="utf-8")
    shown = text.split("```yaml\n")[1].split("```")[0]
    kept = [line for line in shown.splitlines() if not line.startswith(("rake", "calibrate"))]
    path = tmp_path / "DESIGN.yaml"
    path.write_text("\n".join(kept), encoding="utf-8")
    assert read_design(path).clusters == ("township", "org")


def test_every_function_named_exists():
    """The table of functions names them in the module where they are."""
    rows = PAGE.read_text(encoding="utf-8").split("## What there is")[1].split("##")[0]
    for row in rows.splitlines():
        if row.startswith("| `"):
            names, module = row.split("|")[1:3]
            room = __import__(f"pipeline.estimation.{module.strip(' `')}", fromlist=["x"])
            for name in names.split(","):
                assert callable(getattr(room, name.strip(" `")))
