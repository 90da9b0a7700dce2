"""What is written on a figure: the words that Matplotlib drew, and whatever somebody added."""

import re
from pathlib import Path

from lxml import etree

_AXIS = re.compile(r"matplotlib\.axis_\d+")
_SVG = "{http://www.w3.org/2000/svg}"


def written_on(path: Path) -> tuple[str, ...]:
    """The words on a figure, those along its axes left out.

    Matplotlib draws letters as outlines and keeps the words in a comment before them.

    Raises:
        ValueError: it is no SVG.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not an SVG") from error
    drawn = [one.text or "" for one in tree.iter(etree.Comment) if not _is_on_axis(one)]
    written = tree.iter(f"{_SVG}text", f"{_SVG}title", f"{_SVG}desc")
    added = ["".join(map(str, one.itertext())) for one in written]
    return tuple(" ".join(text.split()) for text in (*drawn, *added))


def _is_on_axis(element: etree._Element) -> bool:
    """Whether an element belongs to the marks along an axis."""
    return any(_AXIS.fullmatch(str(above.get("id", ""))) for above in element.iterancestors())
