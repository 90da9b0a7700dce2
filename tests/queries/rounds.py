"""A small study whose returns are wrong in many ways, and people who answer its queries.

Everything in it is SYNTHETIC.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd

from pipeline.forms.query_layout import BY, DATE, Column
from pipeline.queries import QueryKey, parse_choice_key
from pipeline.study import Study, open_study
from pipeline.workflow.people import make_own_keys
from pipeline.workflow.returned import process, receive

STUDY = """
title: {en: Small (SYNTHETIC), zh-Hant: 小型（SYNTHETIC）, ja: 小（SYNTHETIC）}
roles:
  visit: {interviewer: code, mode: how, place: county, date: day, start: began, end: ended}
blank: {not_asked: true}
fieldwork: {visit: {start: 2011-08-01, end: 2011-10-31}}
"""
FORM = """
form_id: visit
version: "1"
title: {en: Visit, zh-Hant: 訪視, ja: 訪問}
default_language: zh-Hant
languages: {en: English (en), zh-Hant: 繁體中文 (zh), ja: 日本語 (ja)}
choices:
  yes_no:
    - {name: "yes", label: {en: "Yes", zh-Hant: 是, ja: はい}}
    - {name: "no", label: {en: "No", zh-Hant: 否, ja: いいえ}}
  mode:
    - {name: visit, label: {en: Visit, zh-Hant: 訪談, ja: 訪問}}
    - {name: self_completed, label: {en: Filled in alone, zh-Hant: 自行填寫, ja: 自記}}
  county:
    - {name: hualien, label: {en: Hualien County, zh-Hant: 花蓮縣, ja: 花蓮県}}
    - {name: taipei, label: {en: Taipei City, zh-Hant: 臺北市, ja: 台北市}}
  service:
    - {name: legal, label: {en: Legal advice, zh-Hant: 法律諮詢, ja: 法律相談}}
    - {name: housing, label: {en: Housing, zh-Hant: 住宿, ja: 住まい}}
    - {name: work, label: {en: Work, zh-Hant: 就業, ja: 就労}}
survey:
  - {name: code, type: text, label: {en: Code, zh-Hant: 代號, ja: コード}}
  - {name: how, type: select_one mode, label: {en: How, zh-Hant: 方式, ja: 方法}}
  - {name: county, type: select_one county, label: {en: County, zh-Hant: 縣市, ja: 県・市}}
  - {name: day, type: date, label: {en: Day, zh-Hant: 日期, ja: 日付}}
  - {name: began, type: time, label: {en: Began, zh-Hant: 開始, ja: 開始}}
  - {name: ended, type: time, label: {en: Ended, zh-Hant: 結束, ja: 終了}}
  - name: org_name
    type: text
    label: {en: Name, zh-Hant: 名稱, ja: 名称}
    required: true
    constraint: string-length(.) < 20
    sensitivity: identifier
  - name: has
    type: select_one yes_no
    label: {en: Do you help refugees?, zh-Hant: 是否協助難民？, ja: 難民を支援していますか。}
    required: true
  - name: cases
    type: integer
    label: {en: How many cases?, zh-Hant: 多少案件？, ja: 何件ですか。}
    relevant: ${has} = 'yes'
    constraint: . >= 1 and . <= 500
    constraint_message: {en: From 1 to 500., zh-Hant: 1 至 500。, ja: 1から500まで。}
    unit: {en: cases, zh-Hant: 件, ja: 件}
  - name: services
    type: select_multiple service
    label: {en: Which services?, zh-Hant: 哪些服務？, ja: どの支援ですか。}
    relevant: ${has} = 'yes'
    required: true
  - repeat: staff
    label: {en: Staff, zh-Hant: 人員, ja: 職員}
    questions:
      - name: born
        type: integer
        label: {en: Year of birth, zh-Hant: 出生年, ja: 生年}
        constraint: . > 1900
"""
GOOD: Mapping[str, str] = {
    "code": "AB01",
    "how": "visit",
    "county": "hualien",
    "day": "2011-08-15",
    "began": "09:00",
    "ended": "10:00",
    "org_name": "SYNTHETIC one",
    "has": "yes",
    "cases": "12",
    "services": "legal",
}


def new_study(folder: Path, *returns: Mapping[str, str], form: str = FORM) -> Study:
    """The study with one returned table, received and processed."""
    (folder / "instruments").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / "instruments" / "study.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "instruments" / "visit.yaml").write_text(form, encoding="utf-8")
    make_own_keys(open_study(folder))
    study = open_study(folder)
    table = folder.parent / f"{folder.name}-SYNTHETIC.csv"
    write_table(table, returns)
    receive(study, [table], "visit")
    process(study)
    return study


def write_table(path: Path, returns: Sequence[Mapping[str, str]]) -> Path:
    """An exported table; each row is GOOD but for what it says; None is an empty cell."""
    rows = [
        {"_uuid": f"r{number}"} | dict(GOOD) | dict(row)
        for number, row in enumerate(returns, start=1)
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=["_uuid", *GOOD])
        writer.writeheader()
        writer.writerows(rows)
    return path


@dataclass(frozen=True)
class Said:
    """What a person writes beside a query."""

    answer: object = ""
    decision: str = ""
    comment: str = ""
    ticks: Mapping[str, object] | None = None


def cells(path: Path, said: Mapping[tuple[str, str | None], Said], by: str = "", date: str = ""):
    """Sheet, row, column and value of everything that the person writes."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    keys: dict[str, QueryKey] = {}
    for row in range(1, sheet.max_row + 1):
        text = sheet.cell(row, Column.KEY).value
        for name, value in ((BY, by), (DATE, date)):
            if text == name and value:
                yield sheet.title, row, Column.ANSWER, value
        if key := QueryKey.parse(text):
            keys[key.digest] = key
            one = said.get((key.response_id, key.question), Said())
            columns = (Column.ANSWER, one.answer), (Column.DECISION, one.decision)
            for column, value in (*columns, (Column.COMMENT, one.comment)):
                if value != "":
                    yield sheet.title, row, column, value
        elif found := parse_choice_key(text):
            key = keys[found[0]]
            one = said.get((key.response_id, key.question), Said())
            if one.ticks and found[1] in one.ticks:
                yield sheet.title, row, Column.ANSWER, one.ticks[found[1]]


def answer(path: Path, to: Path, said: Mapping[tuple[str, str | None], Said], **who: str) -> Path:
    """Write into a copy of a workbook of queries, as a spreadsheet program would save it."""
    book = openpyxl.load_workbook(path)
    for sheet, row, column, value in cells(path, said, **who):
        book[sheet].cell(row, column).value = value
    book.save(to)
    return to


def send_back(study: Study, path: Path) -> str:
    """Receive a file and process; gives back what was said of it."""
    (receipt,) = receive(study, [path], None)
    process(study)
    return str(receipt.outcome)


def queries(study: Study) -> dict[tuple[str, str | None], str]:
    """What is open: response and question -> its codes."""
    frame = pd.read_parquet(study.processed / "visit" / "queries.parquet")
    rows = frame.astype(object).where(frame.notna(), None)
    return {(row.response_id, row.question): row.codes for row in rows.itertuples()}


def kept(study: Study, question: str) -> dict[str, object]:
    """The answers to a question that are kept, by response."""
    frame = pd.read_parquet(study.processed / "visit" / "responses.parquet")
    values = frame[question].astype(object).where(frame[question].notna(), None)
    return dict(zip(frame["response_id"], values, strict=True))


def told(study: Study, stage: str = "corrections") -> list[tuple[object, ...]]:
    """What became of corrections: response, question, code, rule."""
    frame = pd.read_parquet(study.processed / "visit" / "issues.parquet")
    rows = frame.astype(object).where(frame.notna(), None)
    return [
        (row.response_id, row.question, row.code, row.rule)
        for row in rows[rows["stage"] == stage].itertuples()
    ]


def workbook(study: Study, name: str) -> Path:
    """A workbook of queries."""
    return study.outputs / "queries" / f"{name}.xlsx"
