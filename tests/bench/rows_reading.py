"""Reading what came back."""

import csv
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
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import read_submissions
from pipeline.returns.table import read_table
from pipeline.returns.workbook import read_workbooks
from pipeline.store import sha256_file
from pipeline.study import Study
from pipeline.workflow.exported import export_forms
from pipeline.workflow.simulated import simulate
from tests.bench.harness import Row
from tests.conftest import PROJECT

FORM = "organisation_profile"
MOMENT = "2011-09-01T00:00:00Z"


def rows(folder: Path, *, small: bool) -> Iterator[Row]:
    """Excel forms, submissions, exports."""
    yield workbooks(10 if small else 1000)
    yield submissions(folder, 100 if small else 20_000)
    yield from exports(folder, 2_000 if small else 200_000)


def sources_of(paths: list[Path], number: int) -> list[SourceFile]:
    """So many files, the same ones over again where there are fewer."""
    chosen = islice(cycle(sorted(paths)), number)
    return [
        SourceFile(p, f"raw/{n}-{p.name}", sha256_file(p), MOMENT) for n, p in enumerate(chosen)
    ]


def workbooks(number: int) -> Row:
    profile = load(PROJECT / "instruments" / f"{FORM}.yaml")
    sources = sources_of(list((PROJECT / "raw" / FORM).glob("*.xlsx")), number)

    def by_pandas() -> None:
        for source in sources:
            pd.read_excel(source.path, sheet_name=None, engine="openpyxl")

    return Row(
        f"read {number} returned Excel forms",
        lambda: read_workbooks(sources, profile),
        by_pandas,
        "pandas, openpyxl",
        bar=10,
        faster=True,
        once=number > 100,
    )


def submissions(folder: Path, number: int) -> Row:
    profile = load(PROJECT / "instruments" / f"{FORM}.yaml")
    (folder / "drawn").mkdir()
    (folder / "drawn" / "instruments").symlink_to(PROJECT / "instruments")
    study = Study(folder / "drawn")
    export_forms(study, [FORM])
    simulate(study, FORM, n=50, seed=7, kind="odk", to=folder / "drawn" / "sent")
    sources = sources_of(list((folder / "drawn" / "sent").rglob("*.xml")), number)

    def by_lxml() -> pd.DataFrame:
        lines = []
        for source in sources:
            root = etree.parse(source.path).getroot()
            lines.append({e.tag: e.text for e in root.iter() if not len(e)})
        return pd.DataFrame(lines)

    return Row(
        f"read {number} submissions",
        lambda: read_submissions(sources, profile),
        by_lxml,
        "lxml to DataFrame (formpack is not on the index)",
        bar=1.0,
        faster=True,
    )


def exports(folder: Path, number: int) -> Iterator[Row]:
    names = [f"q{n}" for n in range(80)]
    questions = tuple(Question(name=name, type="integer", label={"en": name}) for name in names)
    form = Questionnaire(
        form_id="export", version="1", title={"en": "Export"}, default_language="en",
        languages={"en": "English (en)"}, survey=questions,
    )  # fmt: skip
    random = np.random.default_rng(5)
    numbers = random.integers(0, 1000, (number, 80)).tolist()
    header = [*names, "_uuid"]
    path, book = folder / "export.csv", folder / "export.xlsx"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([*line, f"uuid:{n}"] for n, line in enumerate(numbers))
    made = Workbook(write_only=True)
    sheet = made.create_sheet("export")
    sheet.append(header)
    for n, line in enumerate(numbers):
        sheet.append([*line, f"uuid:{n}"])
    made.save(book)
    once = number > 100_000
    (text,), (workbook,) = sources_of([path], 1), sources_of([book], 1)
    yield Row(
        f"read a Kobo export of {number} x 80 (CSV)",
        lambda: read_table(text, form),
        lambda: pd.read_csv(path, dtype=str, engine="c"),
        "pandas, C engine",
        bar=0.8,
        faster=True,
        once=once,
    )

    def by_calamine() -> int:
        sheet = CalamineWorkbook.from_path(book).get_sheet_by_index(0)
        return sum(1 for _ in sheet.iter_rows())

    yield Row(
        f"read a Kobo export of {number} x 80 (XLSX)",
        lambda: read_table(workbook, form),
        by_calamine,
        "calamine's own iteration",
        bar=0.8,
        faster=True,
        once=once,
    )
