"""What is damaged in a fuzzing run: a small form of many types, and files of it."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.forms.excel import write_excel_form
from pipeline.forms.xlsform import write_xlsform
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Questionnaire
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.filled_submission import fill_submission
from pipeline.synthetic.filled_table import fill_table
from pipeline.synthetic.filled_workbook import fill_workbook

FORM = """\
form_id: visit
version: "1"
title: SYNTHETIC visit
choices:
  yes_no:
    - {name: "yes", label: "Yes"}
    - {name: "no", label: "No"}
    - {name: dont_know, label: "Don't know", missing: dont_know}
  help: &help
    - {name: legal, label: Legal advice}
    - {name: home, label: Housing}
  again: *help
survey:
  - {name: who, type: text, label: Name, sensitivity: identifier}
  - {name: age, type: integer, label: Age, constraint: ". >= 0 and . < 120"}
  - {name: share, type: decimal, label: Share, relevant: "${age} > 17"}
  - {name: seen, type: select_one yes_no, label: Seen, required: true}
  - {name: helps, type: select_multiple help, label: Help, relevant: "${seen} = 'yes'"}
  - {name: day, type: date, label: Day}
  - group: more
    label: More
    questions:
      - {name: remark, type: text, label: Remark}
  - repeat: children
    label: Children
    questions:
      - {name: child, type: text, label: Child}
      - {name: years, type: integer, label: Years}
"""
SETTINGS = """\
title: {en: SYNTHETIC study, ja: 調査}
languages: [en]
fieldwork: {visit: {start: 2011-08-01, end: 2011-10-31}}
disclosure: {public: 10, restricted: 5}
caps: {file_bytes: 1000000, seconds: 10}
roles: {visit: {date: day}}
recipients: []
"""
ANSWERS: Answers = {
    "who": "SYNTHETIC 王小明",
    "age": "34",
    "share": "0.5",
    "seen": "yes",
    "helps": ["legal", "home"],
    "day": "2011-09-02",
    "remark": '三 & <b>\n"x"',
    "children": [{"child": "SYNTHETIC a", "years": "3"}, {"child": "SYNTHETIC b", "years": "7"}],
}
TEXTS = {"who", "remark"}
"""Questions that take any text, and must give back exactly what came."""


@dataclass(frozen=True)
class Seeds:
    """The form, and files of it by the reader that takes them."""

    form: Questionnaire
    files: dict[str, tuple[tuple[str, bytes], ...]]


def make_seeds(folder: Path) -> Seeds:
    """Write the form and fill it in each way.

    Args:
        folder: an empty one.

    Returns:
        For each reader, names with their endings and the bytes.
    """
    (folder / "visit.yaml").write_text(FORM, encoding="utf-8")
    form = load(folder / "visit.yaml")
    fill_submission(form, ANSWERS, instance_id="k", target=folder / "visit.xml")
    write_excel_form(form, "default", folder / "empty.xlsx")
    fill_workbook(folder / "empty.xlsx", ANSWERS, folder / "visit.xlsx")
    flat = {name: value for name, value in ANSWERS.items() if name != "children"}
    fill_table(form, [flat, flat], folder / "visit.csv")
    fill_table(form, [ANSWERS, ANSWERS], folder / "table.xlsx")
    write_xlsform(form, folder / "form.xlsx")
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "form.md").write_text(MARKDOWN, encoding="utf-8")
    readers = {
        "submission": ("visit.xml",),
        "workbook": ("visit.xlsx",),
        "table": ("visit.csv", "table.xlsx"),
        "yaml": ("visit.yaml", "study.yaml"),
        "xlsform": ("form.xlsx", "form.md"),
    }
    files = {
        reader: tuple((name, (folder / name).read_bytes()) for name in names)
        for reader, names in readers.items()
    }
    return Seeds(form, files)


MARKDOWN = """\
| survey |
| | type | name | label | relevant |
| | text | who | Name | |
| | integer | age | Age | |
| | select_one yes_no | seen | Seen | ${age} > 3 |
| choices |
| | list_name | name | label |
| | yes_no | yes | Yes |
| | yes_no | no | No |
| settings |
| | form_id | version |
| | visit | 1 |
"""
