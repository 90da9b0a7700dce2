"""What double entry demands of a processed study holds of one processed in parts, too.

Two keyings of a paper come back in different files, and into one part.
"""

from tests.parts.cutting import cut  # noqa: F401 - a fixture
from tests.queries.test_double_entry import *  # noqa: F403 - tests, asked by name
