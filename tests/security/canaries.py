"""Canaries stand where a name or an open answer stood, and are looked for everywhere.

Some are dressed up as what an answer must never become: a formula, a script, a picture that runs
one. What is looked for is the canary inside.
"""

import base64
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, unescape

import pandas as pd
import pyreadstat

from pipeline.questionnaire.model import Questionnaire, Sensitivity
from pipeline.questionnaire.types import Storage
from pipeline.returns.manifest import read_manifest
from pipeline.returns.read import read_form
from pipeline.study import Study

CANARY = re.compile(r"CANARY-[0-9]+-(?:ID|OPEN)-[a-z_]+")
_BYTES = re.compile(rb"CANARY-[0-9]+-(?:ID|OPEN)-[a-z_]+")
_INLINE = re.compile(rb"base64,((?:[A-Za-z0-9+/=]|\\n)+)")
DRESSES = (
    "=<script>document.title='ran'</script>{}",
    "<img src=x onerror=document.title='ran'>{}",
    "@SUM(1)*cmd|' /C calc'!A0 {}",
    "-{}",
    "'{}",
    "</script><svg onload=document.title='ran'>{}",
)
"""Every third canary wears one of these."""
_TEXT = re.compile(r">([^<>]+)<")
_READERS = {".sav": pyreadstat.read_sav, ".dta": pyreadstat.read_dta}


def canaries_for(study: Study, form: Questionnaire) -> dict[str, str]:
    """Each name and each open text that came back for a form -> the canary in its place."""
    rows = [row for row in read_manifest(study) if row.form == form.form_id]
    responses = read_form(study, form, rows)
    found: dict[str, str] = {}
    for item in form.items:
        question = item.question
        is_open = question.sensitivity is Sensitivity.OPEN or (
            question.storage is Storage.TEXT and question.type_name == "text"
        )
        if not (question.identifies or is_open):
            continue
        kind = "ID" if question.identifies else "OPEN"
        frame = responses.main if item.repeat is None else responses.repeats[item.repeat]
        for value in frame[item.name].dropna().unique():
            if "SYNTHETIC" in value.upper():
                canary = dressed(f"CANARY-{len(found)}-{kind}-{item.name}", len(found))
                if kind == "ID" or value not in found:
                    found[value] = canary
    return found


def dressed(canary: str, number: int) -> str:
    """The canary as it is, or dressed up."""
    turn, is_plain = divmod(number, 3)
    return canary if is_plain else DRESSES[turn % len(DRESSES)].format(canary)


def planted(content: bytes, canaries: Mapping[str, str]) -> bytes:
    """A submission or a workbook with canaries in the place of what stood there."""
    if not content.startswith(b"PK"):
        return _swap(content, canaries)
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            part = _swap(part, canaries) if name.endswith(".xml") else part
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _swap(xml: bytes, canaries: Mapping[str, str]) -> bytes:
    def put(text: re.Match[str]) -> str:
        value = unescape(text[1], {"&#10;": "\n", "&quot;": '"'})
        return f">{escape(canaries[value])}<" if value in canaries else text[0]

    return _TEXT.sub(put, xml.decode()).encode()


def canaries_in(folder: Path) -> dict[str, set[str]]:
    """Canary -> every place below a folder where it is found, packed or not.

    A place is the file, with the column of a table behind it.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            shown = path.relative_to(folder).as_posix()
            for place, content in _contents(path, shown):
                for canary in _BYTES.findall(content):
                    found.setdefault(canary.decode(), set()).add(place)
    return found


def _contents(path: Path, shown: str) -> Iterator[tuple[str, bytes]]:
    content = path.read_bytes()
    if path.suffix == ".parquet":  # its columns tell more, and are packed
        yield from _columns(pd.read_parquet(path), shown)
        return
    yield shown, content
    for encoding in ("utf-16-le", "utf-16-be"):
        if "CANARY".encode(encoding) in content:
            yield shown, content.decode(encoding, "replace").encode()
            yield shown, content[1:].decode(encoding, "replace").encode()
    for inside in (match.replace(b"\\n", b"") for match in _INLINE.findall(content)):
        packed = base64.b64decode(inside + b"=" * (-len(inside) % 4))
        yield shown, packed
        if packed.startswith(b"PK"):
            yield from _members(packed, shown)
    if content.startswith(b"PK"):
        yield from _members(content, shown)
    if path.suffix in _READERS:
        yield from _columns(_READERS[path.suffix](path)[0], shown)


def _members(content: bytes, shown: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            member = archive.read(name)
            yield shown, member
            if member.startswith(b"PK"):
                yield from _members(member, shown)


def _columns(frame: pd.DataFrame, shown: str) -> Iterator[tuple[str, bytes]]:
    for name in frame:
        text = "\n".join(frame[name].dropna().astype("str"))
        yield f"{shown}:{name}", text.encode()
