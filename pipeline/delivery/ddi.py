"""A DDI Codebook 2.5: variables, questions, categories with frequencies, kinds of missing answers.

Source: DDI Alliance, DDI-Codebook 2.5, codebook.xsd (order of the elements of `var`).
"""

from pathlib import Path

from lxml import etree

from pipeline.delivery.variables import Delivery, Form, Frequencies, Table, Variable
from pipeline.store import write_bytes

NAMESPACE = "ddi:codebook:2_5"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = {Form.TEXT: "character", Form.DATE: "character", Form.DATETIME: "character"}
_CATEGORIES = {Form.DATE: "date", Form.DATETIME: "time"}


def write_ddi(delivery: Delivery, path: Path) -> None:
    """Write the codebook of all tables of a form; the same delivery gives the same bytes."""
    write_bytes(path, ddi_bytes(delivery), mode=0o600)


def ddi_bytes(delivery: Delivery) -> bytes:
    """The codebook as XML in UTF-8; each table is a file `F1`, `F2`, ... with variables `F1_V1`."""
    root = etree.Element(f"{{{NAMESPACE}}}codeBook", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # lxml: None is the default one
    root.set("version", "2.5")
    root.set(_XML_LANG, delivery.language)
    _study(root, delivery)
    for number, table in enumerate(delivery.tables, 1):
        file = _add(root, "fileDscr", ID=f"F{number}")
        text = _add(file, "fileTxt")
        _add(text, "fileName", f"{table.name}.csv")
        size = _add(text, "dimensns")
        _add(size, "caseQnty", str(len(table.frame)))
        _add(size, "varQnty", str(len(table.variables)))
    data = _add(root, "dataDscr")
    for number, table in enumerate(delivery.tables, 1):
        _groups(data, table, f"F{number}")
    for number, table in enumerate(delivery.tables, 1):
        for variable, identity in zip(
            table.variables, _identities(table, f"F{number}").values(), strict=True
        ):
            counted = delivery.frequencies_of(table, variable)
            _variable(data, variable, counted, identity, f"F{number}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _study(root: etree._Element, delivery: Delivery) -> None:
    citation = _add(_add(root, "stdyDscr"), "citation")
    titles = _add(citation, "titlStmt")
    _add(titles, "titl", delivery.title)
    _add(titles, "IDNo", delivery.form_id)
    if delivery.version:
        _add(_add(citation, "verStmt"), "version", delivery.version)


def _identities(table: Table, file: str) -> dict[str, str]:
    return {v.name: f"{file}_V{number}" for number, v in enumerate(table.variables, 1)}


def _groups(data: etree._Element, table: Table, file: str) -> None:
    identities = _identities(table, file)
    for number, one in enumerate(table.sets, 1):
        members = " ".join(identities[name] for name in one.variables)
        attributes = {"ID": f"{file}_G{number}", "type": "multipleResp", "name": one.name}
        group = _add(data, "varGrp", **attributes, var=members)
        _add(group, "labl", one.label)


def _variable(
    data: etree._Element, variable: Variable, counted: Frequencies, identity: str, file: str
) -> None:
    """One variable; a frequency that is not shown is left out."""
    attributes = {"ID": identity, "name": variable.name, "files": file}
    attributes["intrvl"] = "contin" if variable.form is Form.NUMBER else "discrete"
    element = _add(data, "var", **attributes)
    _add(element, "labl", variable.label)
    if variable.question:
        _add(_add(element, "qstn"), "qstnLit", variable.question)
    if variable.missing:
        invalid = _add(element, "invalrng")
        for code in sorted(variable.missing):
            _add(invalid, "item", VALUE=f"{code:.0f}")
    for kind, count in (("vald", counted.valid), ("invd", counted.missing)):
        if count is not None:
            _add(element, "sumStat", str(count), type=kind)
    for code, label in sorted(variable.all_labels.items()):
        marked = {"missing": "Y"} if code in variable.missing else {}
        category = _add(element, "catgry", **marked)
        _add(category, "catValu", f"{code:.0f}")
        _add(category, "labl", label)
        if (count := counted.counts.get(code, 0)) is not None:
            _add(category, "catStat", str(count), type="freq")
    _format(element, variable)


def _format(element: etree._Element, variable: Variable) -> None:
    kind = {"type": _TYPES.get(variable.form, "numeric"), "schema": "ISO"}
    if variable.form in _CATEGORIES:
        kind["category"] = _CATEGORIES[variable.form]
    _add(element, "varFormat", **kind)


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text or None
    return element
