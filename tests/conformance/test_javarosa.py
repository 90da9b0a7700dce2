"""Whole forms mean to us what they mean to JavaRosa, the engine of ODK Collect.

A sample of what `python -m tests.conformance` does in full, with the same seeds.
"""

import pytest

from tests.conformance.forms import FORMS, Tried
from tests.conformance.run import Outcome, with_javarosa

OF_OURS, OF_OTHERS, OF_THE_LARGEST = 36, 8, 4
LARGE = 200
FRAMES = 2

pytestmark = pytest.mark.xdist_group("conformance")


def sets(form: Tried) -> int:
    if form.is_ours:
        return OF_OURS
    return OF_THE_LARGEST if len(form.questionnaire.items) > LARGE else OF_OTHERS


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: form.name)
def outcome(request, java, shared_dir) -> Outcome:
    form = request.param
    return with_javarosa(form, range(sets(form)), frames=FRAMES)


def test_asked_refused_and_calculated_are_the_same(outcome: Outcome):
    """No difference but those in the table of `explained`; verdicts were compared at all."""
    assert outcome.unexplained == []
    assert outcome.verdicts >= outcome.sets


def test_whole_frames_give_what_the_reference_gives(outcome: Outcome):
    assert (outcome.frames, outcome.frames_different) == (FRAMES, [])


def test_every_form_at_hand_is_tried(shared_dir):
    assert len(FORMS) >= 4 + 14
