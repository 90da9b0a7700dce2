"""What recoding and sampling demand of a processed study holds of one processed in parts, too.

Names matched by a person, "other" answers, two coders, back-checks, weights raked to a frame.
"""

from tests.parts.cutting import cut  # noqa: F401 - a fixture
from tests.recoding.conftest import *  # noqa: F403 - their fixtures
from tests.recoding.test_coding import *  # noqa: F403 - tests, asked by name
from tests.recoding.test_names import *  # noqa: F403 - likewise
from tests.recoding.test_other_round import *  # noqa: F403 - likewise
from tests.recoding.test_sampling import *  # noqa: F403 - likewise
