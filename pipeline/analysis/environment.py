"""What a notebook is told when it runs, and by what the report knows what its page showed.

These words stand by themselves, so that whoever only orders notebooks need not import what draws.
"""

LANGUAGE = "REPORT_LANGUAGE"
"""The environment variable that says in which language a notebook speaks."""
EDITION = "REPORT_EDITION"
"""The environment variable that says for whom a notebook's tables are: `public`, `restricted`."""
COLLECT = "REPORT_COLLECT"
"""The environment variable that names the file to which tables are told instead of shown."""
PUBLIC, RESTRICTED = "public", "restricted"
PAGE = "page"
"""The key of an output's metadata by which the report knows what a page showed."""
