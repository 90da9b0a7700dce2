"""The frequencies of a DDI codebook, as a table that can be held together with the report's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.privacy.published import ENDING, Sidecar
from pipeline.privacy.reading import PublishedTable, Unreadable, number

CODEBOOK = ".ddi.xml"
_NAMESPACE = "{ddi:codebook:2_5}"


@dataclass(frozen=True, slots=True)
class Stated:
    """One number that a codebook states, or could state.

    Attributes:
        place: `var NAME, valid`, `var NAME, code 2`.
        text: as it stands there; empty where it does not.
    """

    place: str
    text: str


def read_codebook(path: Path) -> PublishedTable | Unreadable:
    """A codebook, with a line for each number that it could state.

    Args:
        path: FORM.ddi.xml.
    """
    beside = path.with_name(path.name.removesuffix(".xml") + ENDING)
    if not beside.is_file():
        return Unreadable(path, "Nothing beside the codebook says whom its frequencies count.")
    try:
        sidecar, stated = Sidecar.read(beside), stated_in(path)
    except (ValueError, OSError):
        return Unreadable(path, "The codebook or what lies beside it cannot be read.")
    if any(len(column.cells) != len(stated) for column in sidecar.columns):
        return Unreadable(path, "The codebook has another shape than what lies beside it says.")
    grid = tuple((number(one.text),) for one in stated)
    return PublishedTable(path, sidecar, ("frequency",), (grid,))


def stated_in(path: Path) -> list[Stated]:
    """Valid, invalid and each code's frequency of every variable, in their order.

    Raises:
        ValueError: it is no codebook.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not a codebook") from error
    return [one for variable in tree.iter(f"{_NAMESPACE}var") for one in _stated(variable)]


def _stated(variable: etree._Element) -> Iterator[Stated]:
    name = f"var {variable.get('name')}"
    sums = {one.get("type"): one.text or "" for one in variable.iterfind(f"{_NAMESPACE}sumStat")}
    yield Stated(f"{name}, valid", sums.get("vald", ""))
    yield Stated(f"{name}, invalid", sums.get("invd", ""))
    for category in variable.iterfind(f"{_NAMESPACE}catgry"):
        code = category.findtext(f"{_NAMESPACE}catValu", "")
        yield Stated(f"{name}, code {code}", category.findtext(f"{_NAMESPACE}catStat", ""))
