"""Exported tables are read as text, whatever KoboToolbox or ODK Central wrote."""

import datetime as dt
import io

import openpyxl
import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Change
from pipeline.returns.table import read_table
from tests.returns.conftest import answers_of, issue_codes, rows_of, sources_of

HEAD = "_uuid,start,home/age,home/remark,home/water"


def workbook(**sheets: list[list[object]]) -> bytes:
    """An .xlsx with these sheets."""
    made = openpyxl.Workbook()
    del made["Sheet"]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_every_cell_is_text_as_it_came(source, household):
    """007 keeps its zeros, NA is a name, full-width digits stay; only an empty cell is missing."""
    text = f'{HEAD}\nk1,,007,NA,well tap\nk2,x,１２," null\n""b""",\n'
    read = read_table(source(text), household)
    assert answers_of(read, "response_id", "start", "age", "remark", "water", "source_row") == [
        ("k1", None, "007", "NA", "well tap", 2),
        ("k2", "x", "１２", ' null\n"b"', None, 3),
    ]
    assert answers_of(read, "_uuid", "mode", "form_id", "form_version", "received_at") == [
        (key, "table", "household", None, "2011-09-02T08:15:00Z") for key in ("k1", "k2")
    ]
    assert issue_codes(read) == []


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("comma", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_ways_to_write_a_csv(source, household, mark, comma, line):
    """Separators, line ends and a byte-order mark make no difference."""
    text = mark + line.join([HEAD, "k1,x,5,a b,well"]).replace(",", comma)
    read = read_table(source(text), household)
    assert answers_of(read, "_uuid", "start", "age", "remark", "water") == [
        ("k1", "x", "5", "a b", "well")
    ]


def test_choice_columns_stand_beside_their_question(source, household):
    """`parent/choice` columns keep the text they came with."""
    text = "_uuid,start,age,remark,water,water/well,home/water/tap\nk,,,,well,True,False\n"
    read = read_table(source(text), household)
    assert answers_of(read, "water", "water/well", "water/tap") == [("well", "True", "False")]


def test_choice_columns_alone_make_the_answer(source, household):
    """An export without the parent column says the same; all blank is no answer."""
    text = (
        "_uuid,start,age,remark,water/well,water/tap\na,,,,1,0\nb,,,,TRUE,True\nc,,,,0,0\nd,,,,,\n"
    )
    read = read_table(source(text), household)
    assert answers_of(read, "water") == [("well",), ("well tap",), (None,), (None,)]
    assert issue_codes(read) == []


def test_a_column_is_one_issue_not_one_a_row(source, household):
    """Absent, unknown and repeated columns are named once each, whatever the number of rows."""
    text = "_uuid,age,home/age,colour,remark,water\n" + "k,1,2,red,x,well\n" * 50
    read = read_table(source(text), household)
    assert issue_codes(read) == [
        ("absent_column", ""),
        ("unknown_column", "colour"),
        ("repeated_column", "home/age"),
    ]
    assert list(read.issues["question"].dropna()) == ["start"]
    assert list(read.main["age"]) == ["1"] * 50
    assert "colour" not in read.main
    assert read.main["start"].isna().all()


def test_columns_of_the_platform_are_kept(source, household):
    """What Kobo adds stands last, under its own name, and is no issue."""
    text = f"{HEAD},_id,_submission_time,_tags\nk,,1,,,77,2011-09-01T00:00:00,\n"
    read = read_table(source(text), household)
    assert list(read.main)[9:] == [
        "_uuid", "start", "age", "remark", "water", "_id", "_submission_time", "_tags"
    ]  # fmt: skip
    assert answers_of(read, "_id", "_submission_time", "_tags") == [
        ("77", "2011-09-01T00:00:00", None)
    ]


@pytest.mark.parametrize(
    ("key", "given", "response_id"),
    [
        ("_uuid", "abc", "abc"),
        ("KEY", "uuid:abc", "abc"),
        ("meta/instanceID", "uuid:abc", "abc"),
        ("meta-instanceID", "uuid:abc", "abc"),
    ],
)
def test_keys(source, household, key, given, response_id):
    """Kobo's, Central's and ODK's own names of a response's key."""
    text = f"{key},start,age,remark,water\n{given},,5,,\n"
    assert answers_of(read_table(source(text), household), "response_id") == [(response_id,)]


def test_a_key_named_by_the_study(source, household):
    """response_key of study.yaml comes before all others."""
    text = "_case,_uuid,start,age,remark,water\nc1,u1,,5,,\n"
    read = read_table(source(text), household, response_key="_case")
    assert answers_of(read, "response_id", "_case", "_uuid") == [("c1", "c1", "u1")]


def test_rows_without_a_key_get_one(source, household):
    """The file's hash and the row make a key that is the same each time; it is an issue."""
    some = source(f"{HEAD}\nk1,,1,,\n,,2,,\n")
    read = read_table(some, household)
    assert answers_of(read, "response_id") == [("k1",), (f"{some.sha256[:16]}-3",)]
    assert issue_codes(read) == [("no_key", "_uuid")]
    none = source("start,age,remark,water\n,1,,\n", "none.csv")
    read = read_table(none, household)
    assert answers_of(read, "response_id") == [(f"{none.sha256[:16]}-2",)]


def test_versions_of_the_rows(source, household):
    """A table may hold several versions; those not known are one issue."""
    text = f"{HEAD},__version__\na,,1,,,2\nb,,1,,,1\nc,,1,,,vXYZ\nd,,1,,,\n"
    read = read_table(source(text), household)
    assert answers_of(read, "form_version") == [("2",), ("1",), ("vXYZ",), (None,)]
    assert list(read.issues["code"]) == ["unknown_version"]


def test_empty_rows_hold_nothing(source, household):
    """An empty row is passed over, and the rows after it keep their numbers."""
    read = read_table(source(f"{HEAD}\nk1,,1,,\n,,,,\n\nk2,,2,,\n\n"), household)
    assert answers_of(read, "response_id", "source_row") == [("k1", 2), ("k2", 5)]


UNREADABLE = {
    "Big5": (f"{HEAD}\nk,,1,臺灣,\n".encode("big5"), "TABLE-001"),
    "Shift-JIS": (f"{HEAD}\nk,,1,日本語,\n".encode("shift-jis"), "TABLE-001"),
    "UTF-16": (f"{HEAD}\nk,,1,,\n".encode("utf-16"), "TABLE-001"),
    "bad bytes in a heading": (b"_uuid,\xff\xfeage\nk,1\n", "TABLE-001"),
    "a row too long": (f"{HEAD}\nk,,1,,\nk,,1,,,9\n", "TABLE-002"),
    "a row too short": (f"{HEAD}\nk,,1\n", "TABLE-002"),
    "a quotation mark left open": (f'{HEAD}\nk,,1,"abc,\nk2,,2,,\n', "TABLE-002"),
    "nothing": ("", "TABLE-003"),
    "only blank lines": ("\n\n\n", "TABLE-003"),
    "labels as headings": ("Key,How old are you?\nk,5\n", "TABLE-004"),
    "a damaged workbook": (b"PK\x03\x04 and then nothing", "GUARD-003"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_table_that_cannot_be_read_says_why(source, household, case):
    """Nothing is guessed: another encoding or a ragged row sets the file aside with its reason."""
    content, code = UNREADABLE[case]
    with pytest.raises(SurveyError) as raised:
        read_table(source(content), household)
    assert [problem.code for problem in raised.value.problems] == [code]


def test_ragged_rows_are_named_by_their_number(source, household):
    """All of them, not the first alone."""
    with pytest.raises(SurveyError) as raised:
        read_table(source(f"{HEAD}\nk,,1,,\nk,,1\nk,,1,,\nk,,1,,,,,\n"), household)
    [problem] = raised.value.problems
    assert problem.message == "2 rows have more or fewer cells than the heading: 3, 5."
    assert problem.place.line == 3


def test_a_heading_alone_is_an_empty_table(source, household):
    """A survey nobody has answered yet."""
    read = read_table(source(HEAD), household)
    assert (len(read.main), issue_codes(read)) == (0, [])


def test_cells_of_a_workbook_are_text_as_typed(source, household):
    """34 and not 34.0; dates in ISO; what looks like a formula or a NUL stays what it is."""
    moment = dt.datetime(2011, 9, 1, 10, 30)  # noqa: DTZ001 - a cell knows no zone
    rows: list[list[object]] = [
        HEAD.split(","),
        ["k1", moment, 34, "'=1+1", "well"],
        ["k2", dt.date(2011, 9, 1), 34.5, True, None],
    ]
    read = read_table(source(workbook(data=rows), "t.xlsx"), household)
    assert answers_of(read, "start", "age", "remark", "water") == [
        ("2011-09-01T10:30:00", "34", "'=1+1", "well"),
        ("2011-09-01", "34.5", "True", None),
    ]


def test_formulas_are_noted(source, household):
    """A formula that was never calculated reads as empty: the table says that it holds some."""
    rows: list[list[object]] = [HEAD.split(","), ["k1", "x", "=2+3", "=NA()", None]]
    read = read_table(source(workbook(data=rows), "t.xlsx"), household)
    assert answers_of(read, "response_id", "age") == [("k1", None)]
    assert list(zip(read.issues["code"], read.issues["message"], strict=True)) == [
        (
            "formula_cells",
            (
                "2 cells hold formulas; their last calculated values were read. Where none was "
                "calculated the answer is missing: open the file in Excel, save it, send it again."
            ),
        )
    ]


def test_questions_of_older_versions_that_the_changes_name_are_read(source, household):
    """A select_multiple that came as its choices alone is put together under its old name."""
    change = Change(version="2", rename={"years": "age", "wells": "water"}, dropped=("fax",))
    form = household.model_copy(update={"changes": (change,)})
    text = "_uuid,start,remark,gone/years,wells/well,wells/tap,fax,phone\nk1,,,5,1,1,x,y\n"
    read = read_table(source(text), form)
    assert answers_of(read, "years", "wells", "fax", "age") == [("5", "well tap", "x", None)]
    assert issue_codes(read) == [("unknown_column", "phone")]


def kobo_repeats() -> dict[str, list[list[object]]]:
    return {
        "household": [
            ["age", "_uuid", "_index"],
            [40, "k1", 1],
            [50, "k2", 2],
        ],
        "members": [
            ["nickname", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"],
            ["b1", 1, "household", 2, "k2"],
            ["a1", 2, "household", 1, "k1"],
            ["b2", 3, "household", 2, "k2"],
        ],
        "jobs": [
            ["job", "_index", "_parent_table_name", "_parent_index"],
            ["x", 1, "members", 3],
            ["y", 2, "members", 3],
            ["z", 3, "members", 2],
        ],
    }


MEMBERS = [
    {"response_id": "k2", "position": 1, "parent_position": 1, "nickname": "b1"},
    {"response_id": "k1", "position": 1, "parent_position": 1, "nickname": "a1"},
    {"response_id": "k2", "position": 2, "parent_position": 1, "nickname": "b2"},
]
JOBS = [
    {"response_id": "k2", "position": 1, "parent_position": 2, "job": "x"},
    {"response_id": "k2", "position": 2, "parent_position": 2, "job": "y"},
    {"response_id": "k1", "position": 1, "parent_position": 1, "job": "z"},
]


def test_repeat_sheets_of_kobo(source, household):
    """`_parent_index` leads to the parent's row, through as many repeats as there are."""
    read = read_table(source(workbook(**kobo_repeats()), "t.xlsx"), household)
    assert answers_of(read, "response_id", "age") == [("k1", "40"), ("k2", "50")]
    assert rows_of(read.repeats["members"]) == MEMBERS
    assert rows_of(read.repeats["jobs"]) == JOBS


def test_rows_of_a_repeat_say_where_their_response_stands(source, household):
    """Two copies of a response in one file have one key: its row tells whose rows are whose."""
    sheets = kobo_repeats()
    sheets["household"][2][1] = "k1"
    read = read_table(source(workbook(**sheets), "t.xlsx"), household)
    assert read.main["response_id"].tolist() == ["k1", "k1"]
    rows = dict(zip(read.main["age"], read.main["source_row"], strict=True))
    first, second = rows["40"], rows["50"]
    assert sources_of(read.repeats["members"]) == [
        ("t.xlsx", second),
        ("t.xlsx", first),
        ("t.xlsx", second),
    ]
    assert sources_of(read.repeats["jobs"]) == [
        ("t.xlsx", second),
        ("t.xlsx", second),
        ("t.xlsx", first),
    ]


def test_the_order_of_sheets_does_not_matter(source, household):
    """Inner repeats may stand before outer ones."""
    sheets = dict(reversed(kobo_repeats().items()))
    read = read_table(source(workbook(**sheets), "t.xlsx"), household)
    assert (rows_of(read.repeats["members"]), rows_of(read.repeats["jobs"])) == (MEMBERS, JOBS)


def test_rows_without_their_response_are_handed_over_without_a_key(source, household):
    """A row of a repeat whose parent is not there is nobody's; the cleaning counts its answers."""
    sheets = kobo_repeats()
    sheets["members"].append(["lost", 9, "household", 99, "k9"])
    read = read_table(source(workbook(**sheets), "t.xlsx"), household)
    lost = {"response_id": None, "position": 1, "parent_position": None, "nickname": "lost"}
    assert rows_of(read.repeats["members"]) == [*MEMBERS, lost]
    assert sources_of(read.repeats["members"])[-1] == ("t.xlsx", None)


def test_other_sheets_are_named(source, household):
    """A sheet of notes is not read, and said so."""
    sheets = {**kobo_repeats(), "notes": [["read me"], ["hello"]]}
    read = read_table(source(workbook(**sheets), "t.xlsx"), household)
    assert [place for code, place in issue_codes(read) if code == "unknown_sheet"] == ["notes!"]


def test_repeat_files_of_central(source, household):
    """Central writes a file a repeat; PARENT_KEY names the response and the row in it."""
    members = source(
        "nickname,PARENT_KEY,KEY\n"
        "a1,uuid:k1,uuid:k1/members[1]\n"
        "b1,uuid:k2,uuid:k2/members[1]\n"
        "b2,uuid:k2,uuid:k2/members[2]\n",
        "household-members.csv",
    )
    read = read_table(members, household)
    assert (len(read.main), issue_codes(read)) == (0, [])
    assert rows_of(read.repeats["members"]) == [MEMBERS[1], MEMBERS[0], MEMBERS[2]]
    jobs = source(
        "job,PARENT_KEY,KEY\n"
        "x,uuid:k2/members[2],uuid:k2/members[2]/jobs[1]\n"
        "y,uuid:k2/members[2],uuid:k2/members[2]/jobs[2]\n"
        "z,uuid:k1/members[1],uuid:k1/members[1]/jobs[1]\n",
        "household-jobs.csv",
    )
    assert rows_of(read_table(jobs, household).repeats["jobs"]) == JOBS
