"""A form typed into with LibreOffice says what `survey try` says, and reads back as it was typed.

The four questionnaires in three languages; a sample of what `python -m tests.forms.conformance`
does in full, with the same seeds. Nobody in these answers exists (SYNTHETIC).
"""

import pytest

from tests.conftest import missing
from tests.forms.conformance.cases import Case, cases
from tests.forms.conformance.explained import reason
from tests.forms.conformance.office import has_bridge
from tests.forms.conformance.run import Outcome, as_typed, read_back, type_in

pytestmark = pytest.mark.xdist_group("libreoffice")

EACH_FORM_AND_LANGUAGE = range(36, 48)
"""A round of sets whose answers may break any rule."""
SAMPLE = cases(EACH_FORM_AND_LANGUAGE)


def name(case: Case) -> str:
    return case.name


@pytest.fixture(scope="module")
def outcomes(soffice, tmp_path_factory) -> dict[str, Outcome]:
    """All sets of the sample, in one start of LibreOffice."""
    if not has_bridge():
        missing("LibreOffice's bridge to Python (python3-uno)")
    folder = tmp_path_factory.mktemp("typed")
    return {one.case.name: one for one in type_in(soffice, SAMPLE, folder, also=("xls", "ods"))}


@pytest.mark.parametrize("case", SAMPLE, ids=name)
def test_every_answer_can_be_typed_into_the_protected_form(outcomes, case):
    """Each answer has an unlocked cell in sight, on a sheet that is protected."""
    assert outcomes[case.name].cells >= len(case.places) > 5
    assert outcomes[case.name].refused == []


@pytest.mark.parametrize("case", SAMPLE, ids=name)
def test_the_workbook_says_what_survey_try_says(outcomes, case):
    """Status line, and every question that is missing or wrong, with the form's own message."""
    found = outcomes[case.name].different
    assert [one for one in found if reason(case.form.name, one[0]) is None] == []


def test_the_sample_holds_ready_forms_and_every_kind_of_broken_rule(outcomes):
    rules = [set(one.rules) for one in outcomes.values()]
    assert set() in rules
    assert set().union(*rules) == {"required", "constraint", "choice", "not_asked"}


@pytest.mark.parametrize("case", SAMPLE, ids=name)
def test_what_was_typed_reads_back_the_same(outcomes, case):
    """Every answer, every blank, every row of every repeat; nothing is noticed about them."""
    for path in outcomes[case.name].saved.values():
        assert read_back(path, case) == as_typed(case), path.suffix


def test_forms_are_saved_as_xlsx_xls_and_ods(outcomes):
    saved = {kind for one in outcomes.values() for kind in one.saved}
    assert saved == {"xlsx", "xls", "ods"}
