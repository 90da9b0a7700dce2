"""The repository's own study, and its four questionnaires."""

import pytest

from pipeline.study import open_study
from pipeline.workflow.questionnaires import load_questionnaires
from tests.conftest import PROJECT

FORMS = ("organisation_profile", "acceptance_interview", "refugee_roundtable", "activity_record")


@pytest.fixture(scope="session")
def study():
    return open_study(PROJECT)


@pytest.fixture(scope="session")
def questionnaires(study):
    return load_questionnaires(study)
