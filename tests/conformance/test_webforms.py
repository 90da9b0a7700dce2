"""Our own questionnaires mean to us what they mean to ODK Web Forms.

Web Forms keeps an answer that breaks its constraint and says so; nothing is dropped here.
"""

import pytest

from tests.conformance.forms import OURS
from tests.conformance.webforms import ENGINE, FOLDER, with_web_forms
from tests.conftest import missing, require_tool

SETS = 20

pytestmark = pytest.mark.xdist_group("conformance")


@pytest.fixture(scope="module")
def node() -> str:
    if not ENGINE.is_dir():
        missing("ODK Web Forms' engine (npm ci in tests/webforms)")
    return require_tool("node")


def test_asked_refused_and_calculated_are_the_same(node: str):
    """On the same sets as with JavaRosa, 20 on each of our own questionnaires."""
    outcomes = with_web_forms(node, OURS, range(SETS))
    assert {one.name: one.unexplained for one in outcomes} == {form.name: [] for form in OURS}
    assert all(one.sets == SETS and one.asked > SETS for one in outcomes)


def test_the_lock_names_no_registry():
    """Whoever installs from it asks the registry that npm is set to ask."""
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text("utf-8")
