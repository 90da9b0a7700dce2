"""A small SYNTHETIC study, used through the command line as a person would."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.study import Study

STUDY = """\
title: {en: SYNTHETIC study, zh-Hant: SYNTHETIC 調查, ja: SYNTHETIC 調査}
languages: [en, zh-Hant, ja]
wave: "2011"
"""
FORM = """\
form_id: small
version: "1"
title: {en: SYNTHETIC small form, zh-Hant: SYNTHETIC 小表, ja: SYNTHETIC 小票}
default_language: en
languages: {en: English (en), zh-Hant: 繁體中文 (zh), ja: 日本語 (ja)}
choices:
  kind:
    - {name: legal_aid, label: {en: Legal aid, zh-Hant: 法律扶助, ja: 法律扶助}}
    - {name: shelter, label: {en: Shelter, zh-Hant: 庇護所, ja: 避難所}}
    - {name: other, label: {en: Other, zh-Hant: 其他, ja: その他}}
survey:
  - name: kind
    type: select_one kind
    label: {en: What kind is it?, zh-Hant: 是哪一種？, ja: どの種類ですか。}
  - name: kind_other
    type: text
    label: {en: Which?, zh-Hant: 哪一種？, ja: 何ですか。}
    relevant: ${kind} = 'other'
    sensitivity: open
"""


class Folder:
    """A study folder and the commands that work on it."""

    def __init__(self, root: Path, form: str = FORM, settings: str = STUDY) -> None:
        self.study = Study(root)
        self.study.instruments.mkdir()
        (self.study.instruments / "study.yaml").write_text(settings, encoding="utf-8")
        (self.study.instruments / "small.yaml").write_text(form, encoding="utf-8")

    def survey(self, *arguments: str, exit_code: int = 0) -> str:
        """Run a command and give back what it said."""
        done = CliRunner().invoke(app, ["--study", str(self.study.root), *arguments])
        assert done.exit_code == exit_code, done.output
        return done.output

    def receive(self, rows: list[dict[str, str]]) -> None:
        """Receive responses r1, r2, ... as an exported table."""
        table = pd.DataFrame(rows)
        table.insert(0, "_uuid", [f"r{number}" for number in range(1, len(rows) + 1)])
        path = self.study.root / "SYNTHETIC-returns.csv"
        table.to_csv(path, index=False)
        self.survey("receive", str(path), "--form", "small")

    def book(self, name: str) -> Path:
        """A workbook that went out."""
        return self.study.outputs / "recoding" / f"small.{name}.xlsx"

    def send_back(
        self, name: str, answers, *, sheet: str = "review", as_name: str = "back"
    ) -> Path:
        """Fill in a workbook as a person would, {text: {key: entry}}, and receive it."""
        path = self.fill(name, answers, sheet=sheet, as_name=as_name)
        assert "received" in self.survey("receive", str(path))
        return path

    def fill(self, name: str, answers, *, sheet: str = "review", as_name: str = "back") -> Path:
        """The workbook filled in, under another name."""
        work = load_workbook(self.book(name))
        page = work[sheet]
        columns = {cell.value: cell.column for cell in page[1]}
        rows = {row[columns["text"] - 1].value: row[0].row for row in page.iter_rows(min_row=3)}
        for text, entries in answers.items():
            for key, entry in entries.items():
                page.cell(rows[text], columns[key]).value = entry
        path = self.study.root / f"SYNTHETIC-{as_name}.xlsx"
        work.save(path)
        return path

    def table(self, name: str = "responses") -> pd.DataFrame:
        """A table of processed/."""
        return pd.read_parquet(self.study.processed / "small" / f"{name}.parquet")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The study with its form, without returns."""
    return Folder(tmp_path)


def shown(path: Path, sheet: str, *keys: str) -> list[tuple[object, ...]]:
    """What stands under these keys in a workbook, row by row."""
    page = load_workbook(path)[sheet]
    columns = {cell.value: cell.column for cell in page[1]}
    return [tuple(row[columns[key] - 1].value for key in keys) for row in page.iter_rows(min_row=3)]
