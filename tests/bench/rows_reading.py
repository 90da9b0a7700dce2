"""Reading what came back, as `survey process` reads it: from raw/, in the child, every check on."""

import csv
import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pandas as pd
from lxml import etree
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.read import read_form
from pipeline.store import sha256_bytes
from pipeline.study import Study
from pipeline.workflow.exported import export_forms
from pipeline.workflow.simulated import simulate
from tests.bench.harness import Row
from tests.conftest import PROJECT

FORM = "organisation_profile"
MOMENT = "2011-09-01T00:00:00Z"
DRAWN = 50
_KEY = re.compile(rb"uuid:[^<]*")


def rows(folder: Path, *, small: bool) -> Iterator[Row]:
    """Excel forms, submissions, exports."""
    yield workbooks(folder / "forms", 10 if small else 1000)
    yield submissions(folder / "submissions", 500 if small else 20_000)
    yield from exports(folder / "exports", 2_000 if small else 200_000)


def study_in(folder: Path) -> Study:
    """A study folder with this study's instruments and nothing else."""
    folder.mkdir(parents=True)
    (folder / "instruments").symlink_to(PROJECT / "instruments")
    return Study(folder)


def received(study: Study, form: str, name: str, content: bytes) -> ManifestRow:
    """A file as it lies in raw/ after it was received."""
    path = study.raw / form / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return ManifestRow(
        f"{form}/{name}", sha256_bytes(content), len(content), form, "1", MOMENT, name
    )


def workbooks(folder: Path, number: int) -> Row:
    """Filled-in Excel forms; those of raw/, over again where there are fewer."""
    profile, study = load(PROJECT / "instruments" / f"{FORM}.yaml"), study_in(folder)
    paths = islice(cycle(sorted((PROJECT / "raw" / FORM).glob("*.xlsx"))), number)
    listed = [received(study, FORM, f"{n}.xlsx", p.read_bytes()) for n, p in enumerate(paths)]

    def by_pandas() -> None:
        for row in listed:
            pd.read_excel(study.raw / row.file, sheet_name=None, engine="openpyxl")

    return Row(
        f"read {number} returned Excel forms",
        lambda: read_form(study, profile, listed),
        by_pandas,
        "pandas, openpyxl",
        bar=10,
        faster=True,
        once=number > 100,
    )


def submissions(folder: Path, number: int) -> Row:
    """Submissions, all different: drawn ones, sent again and again by somebody else."""
    profile, study = load(PROJECT / "instruments" / f"{FORM}.yaml"), study_in(folder)
    export_forms(study, [FORM])
    simulate(study, FORM, n=DRAWN, seed=7, kind="odk", to=folder / "sent")
    drawn = [path.read_bytes() for path in sorted((folder / "sent").rglob("*.xml"))]
    listed = [
        received(study, FORM, f"{n}.xml", _KEY.sub(b"uuid:%032x" % n, content))
        for n, content in enumerate(islice(cycle(drawn), number))
    ]

    def by_lxml() -> pd.DataFrame:
        lines = []
        for row in listed:
            root = etree.parse(study.raw / row.file).getroot()
            lines.append({e.tag: e.text for e in root.iter() if not len(e)})
        return pd.DataFrame(lines)

    return Row(
        f"read {number} submissions",
        lambda: read_form(study, profile, listed),
        by_lxml,
        "lxml to DataFrame (formpack is not on the index)",
        bar=1.0,
        faster=True,
    )


def exports(folder: Path, number: int) -> Iterator[Row]:
    """An exported table, as CSV and as XLSX."""
    names = [f"q{n}" for n in range(80)]
    questions = tuple(Question(name=name, type="integer", label={"en": name}) for name in names)
    form = Questionnaire(
        form_id="export", version="1", title={"en": "Export"}, default_language="en",
        languages={"en": "English (en)"}, survey=questions,
    )  # fmt: skip
    numbers = np.random.default_rng(5).integers(0, 1000, (number, 80)).tolist()
    lines = [[*names, "_uuid"], *([*line, f"uuid:{n}"] for n, line in enumerate(numbers))]
    study, path, book = study_in(folder), folder / "export.csv", folder / "export.xlsx"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    made = Workbook(write_only=True)
    sheet = made.create_sheet("export")
    for line in lines:
        sheet.append(line)
    made.save(book)
    text, workbook = (
        received(study, "export", file.name, file.read_bytes()) for file in (path, book)
    )
    yield Row(
        f"read a Kobo export of {number} x 80 (CSV)",
        lambda: read_form(study, form, [text]),
        lambda: pd.read_csv(path, dtype=str, engine="c"),
        "pandas, C engine",
        bar=0.8,
        faster=True,
    )

    def by_calamine() -> int:
        sheet = CalamineWorkbook.from_path(book).get_sheet_by_index(0)
        return sum(1 for _ in sheet.iter_rows())

    yield Row(
        f"read a Kobo export of {number} x 80 (XLSX)",
        lambda: read_form(study, form, [workbook]),
        by_calamine,
        "calamine's own iteration",
        bar=0.8,
        faster=True,
    )
