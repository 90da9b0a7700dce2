"""What withdrawn consent demands of a processed study holds of one processed in parts, too."""

from tests.parts.cutting import cut  # noqa: F401 - a fixture
from tests.privacy.test_consent import *  # noqa: F403 - tests, asked by name
