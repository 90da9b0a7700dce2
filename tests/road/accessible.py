"""Whether everybody can read a page: WCAG 2.2, A and AA, by axe-core in the browser."""

from collections.abc import Iterable
from pathlib import Path

from tests.conftest import PROJECT, missing, require_tool
from tests.road.browser import Browser

AXE = PROJECT / "tests/webforms/node_modules/axe-core/axe.min.js"
SERIOUS = """
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
  .then((found) => found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.target).join(", ")))
"""
"""What axe-core finds that is serious or critical, with the first places of each."""


def barriers(pages: Iterable[Path], profile: Path) -> dict[str, object]:
    """Page -> what stands in somebody's way; pages without anything are left out."""
    chromium = require_tool("chromium", "chromium-browser")
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci --prefix tests/webforms")
    ask = f"{AXE.read_text(encoding='utf-8')}\n;{SERIOUS}"
    with Browser.start(chromium, profile) as browser:
        found = {path.name: browser.open(path.as_uri(), ask).answer for path in pages}
    return {name: problems for name, problems in found.items() if problems != []}
