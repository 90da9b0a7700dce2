"""A fixture: whatever a module processes is cut into parts of two responses, in this process."""

import pytest

import pipeline.parts.reading
from pipeline.parts.engines import Engines
from tests.parts.studies import HereAlone


@pytest.fixture(autouse=True, scope="module")
def cut():
    whole = pipeline.parts.reading.read_or_cut

    def read_or_cut(*given, size, **further):
        return whole(*given, size=2, **further)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.parts.reading, "read_or_cut", read_or_cut)
        patch.setattr(Engines, "begun", HereAlone.begun)
        yield
