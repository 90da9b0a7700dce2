"""The frequencies of a DDI codebook, as a table that can be held together with the report's."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html

from pipeline.privacy.published import ENDING, Sidecar
from pipeline.privacy.published_audit import Leak, Spot
from pipeline.privacy.reading import PublishedTable, Unreadable, number

CODEBOOK = ".ddi.xml"
PAGE = ".codebook.html"
_CELLS = 4
_NAMESPACE = "{ddi:codebook:2_5}"


@dataclass(frozen=True, slots=True)
class Stated:
    """One number that a codebook states, or could state.

    Attributes:
        table: the delivered table: form, or form and repeat.
        place: `var NAME, valid`, `var NAME, code 2`.
        text: as it stands there; empty where it does not.
    """

    table: str
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
    names = {
        str(one.get("ID")): one.findtext(f".//{_NAMESPACE}fileName", "").removesuffix(".csv")
        for one in tree.iter(f"{_NAMESPACE}fileDscr")
    }
    return [
        Stated(names.get(str(variable.get("files")), ""), place, text)
        for variable in tree.iter(f"{_NAMESPACE}var")
        for place, text in _stated(variable)
    ]


def audit_page(page: Path) -> Iterator[Leak | Unreadable]:
    """Hold the codebook that is read by people against the one that is read by programs.

    Args:
        page: FORM.codebook.html, beside FORM.ddi.xml.
    """
    book = page.with_name(page.name.removesuffix(PAGE) + CODEBOOK)
    try:
        stated = defaultdict[str, dict[str, str]](dict)
        for one in stated_in(book):
            stated[one.table][one.place] = one.text
        sections = list(html.fromstring(page.read_bytes()).iter("section"))
    except (ValueError, OSError):
        yield Unreadable(page, "The codebook, or the DDI beside it, cannot be read.")
        return
    for section in sections:
        table, _, variable = str(section.get("id")).rpartition("-")
        name = f"var {variable}"
        if not _says_the_same(section, name, stated[table]):
            yield Leak("repeated", (Spot(page, 0, 0),), name)


def _says_the_same(section: etree._Element, name: str, stated: Mapping[str, str]) -> bool:
    """Whether a variable's frequencies and sums are those stated, hidden ones included."""
    rows = [[_text(cell) for cell in row.iter("td")] for row in section.iter("tr")]
    rows = [row for row in rows if row]
    if any(len(row) != _CELLS for row in rows):
        return False
    valid, invalid = (stated.get(f"{name}, {kind}", "") for kind in ("valid", "invalid"))
    counts = {code: stated.get(f"{name}, code {code}", "") for code, *_ in rows if code}
    counts[""] = _rest(invalid, [text for code, text in counts.items() if code.startswith("-")])
    is_same = all(_digits(said) == counts[code] for code, _, said, _ in rows)
    has_share = any(_digits(share) for code, _, _, share in rows if not counts[code])
    words = [_text(one) for one in section.iter("p")]
    sums = re.findall(r"\d+", words[-1]) if words else []
    return is_same and not has_share and sums == [one for one in (valid, invalid) if one]


def _rest(invalid: str, kinds: list[str]) -> str:
    """Rows without any code, where that follows from what is stated."""
    if not invalid or not all(kinds):
        return ""
    return str(int(invalid) - sum(map(int, kinds)))


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _digits(text: str) -> str:
    return text if any(map(str.isdigit, text)) else ""


def _stated(variable: etree._Element) -> Iterator[tuple[str, str]]:
    name = f"var {variable.get('name')}"
    sums = {one.get("type"): one.text or "" for one in variable.iterfind(f"{_NAMESPACE}sumStat")}
    yield f"{name}, valid", sums.get("vald", "")
    yield f"{name}, invalid", sums.get("invd", "")
    for category in variable.iterfind(f"{_NAMESPACE}catgry"):
        code = category.findtext(f"{_NAMESPACE}catValu", "")
        yield f"{name}, code {code}", category.findtext(f"{_NAMESPACE}catStat", "")
