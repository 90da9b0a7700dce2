"""What executes notebooks starts without a parser of addresses that nobody asks."""

import os
import sys

import pytest

from tests import apart


def parser_is_there() -> tuple[bool, bool]:
    """Whether the report brings the parser along, and whether it can be imported all the same."""
    import pipeline.analysis.report  # noqa: F401, PLC0415 - what it imports is the question

    brought = "rfc3987_syntax" in sys.modules
    import rfc3987_syntax  # noqa: F401, PLC0415

    return brought, "rfc3987_syntax" in sys.modules


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork server")
def test_no_parser_of_addresses_is_built():
    pytest.importorskip("rfc3987_syntax")
    assert apart.result_of(parser_is_there) == (False, True)
