"""The files beside an XLSForm from which questions choose: CSV, XML and GeoJSON, as ODK reads them.

Source: docs.getodk.org, "Selects from files" (form-datasets).
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.errors import Place, Problem, Severity
from pipeline.questionnaire.model import Questionnaire

Rows = tuple[dict[str, str], ...]

_EXTERNAL = {"csv-external": ".csv", "xml-external": ".xml"}
_UNREADABLE = (OSError, ValueError, csv.Error, etree.LxmlError, AttributeError, TypeError)


def read_files(questionnaire: Questionnaire, folder: Path) -> tuple[dict[str, Rows], list[Problem]]:
    """Read every file that the questionnaire chooses from, as far as it is there.

    Args:
        questionnaire: says which files.
        folder: where the XLSForm lies.

    Returns:
        Rows by file name; and a warning for each file that is not there or cannot be read.
    """
    files: dict[str, Rows] = {}
    problems: list[Problem] = []
    first_users: dict[str, str] = {}
    for question, name in _named(questionnaire):
        first_users.setdefault(name, question)
    for name, question in first_users.items():
        try:
            files[name] = _read(folder / Path(name).name)
        except FileNotFoundError:
            message = f"The file '{name}' is not beside the form: answers are not held against it."
            problems.append(_problem(message, "Put it there and import again.", question))
        except _UNREADABLE:
            message = f"The file '{name}' cannot be read."
            problems.append(_problem(message, "Save it as UTF-8 and try again.", question))
    return files, problems


def _problem(message: str, repair: str, question: str) -> Problem:
    place = Place(question=question, rule="type")
    return Problem("IMPORT-007", message, repair, place, Severity.WARNING)


def _named(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for item in questionnaire.items:
        question = item.question
        if question.row.list_kind == "file" and question.list_name:
            yield item.name, question.list_name
        elif ending := _EXTERNAL.get(question.type_name):
            yield item.name, f"{question.name}{ending}"


def _read(path: Path) -> Rows:
    readers = {".csv": _csv, ".xml": _xml, ".geojson": _geojson}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ValueError  # what is no list at all, `check` refuses by its ending
    return tuple(reader(path))


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            yield _filled(row)


def _xml(path: Path) -> Iterator[dict[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(path.read_bytes(), parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a list has no document type")
    for item in root.iterfind("item"):
        yield _filled({str(cell.tag): cell.text for cell in item})


def _geojson(path: Path) -> Iterator[dict[str, str]]:
    for feature in json.loads(path.read_text(encoding="utf-8-sig"))["features"]:
        properties = dict(feature.get("properties") or {})
        if "id" in feature:
            properties["id"] = feature["id"]
        yield _filled(properties)


def _filled(row: dict[Any, Any]) -> dict[str, str]:
    return {
        str(key).strip(): str(value).strip()
        for key, value in row.items()
        if key is not None and value is not None and str(value).strip()
    }
