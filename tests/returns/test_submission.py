"""ODK submissions are read as they are, and what does not fit is said."""

import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Change, Question, Questionnaire
from pipeline.returns.guard import CAPS
from pipeline.returns.submission import read_submissions
from pipeline.returns.submission_xml import parse_xml, submission_parser
from pipeline.settings import Caps
from tests.returns.conftest import answers_of, issue_codes, rows_of, sources_of


def submission(body: str, *, id_: str = "abc", meta: str | None = None) -> str:
    meta = f"<orx:instanceID>uuid:{id_}</orx:instanceID>" if meta is None else meta
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<data xmlns:orx="http://openrosa.org/xforms" id="household" version="2">'
        f"{body}<orx:meta>{meta}</orx:meta></data>"
    )


def test_answers_are_text_as_they_came(source, household):
    """Every question has a column; a blank or absent element is missing, "NA" and 007 are text."""
    first = submission(
        "<start>2011-09-01T10:00:00.000+08:00</start><welcome/><home><age>007</age>"
        "<remark>NA</remark><water>well other</water></home>"
    )
    second = submission("<home><age/><remark> 三 &amp; &lt;b&gt; </remark></home>", id_="def")
    read = read_submissions([source(first, "1.xml"), source(second, "2.xml")], household)
    assert list(read.main) == [
        "response_id",
        "form_id",
        "form_version",
        "mode",
        "language",
        "serial",
        "source_file",
        "source_row",
        "received_at",
        "start",
        "age",
        "remark",
        "water",
    ]
    assert answers_of(read, "response_id", "mode", "form_version", "source_file", "source_row") == [
        ("abc", "odk", "2", "raw/household/1.xml", None),
        ("def", "odk", "2", "raw/household/2.xml", None),
    ]
    assert answers_of(read, "start", "age", "remark", "water") == [
        ("2011-09-01T10:00:00.000+08:00", "007", "NA", "well other"),
        (None, None, " 三 & <b> ", None),
    ]
    assert {str(kind) for kind in read.main.drop(columns="source_row").dtypes} == {"str"}
    assert issue_codes(read) == []


def test_questions_of_older_versions_that_the_changes_name_are_read(source, household):
    """Wherever they stood, in a group that is gone too; anything else is still unknown."""
    change = Change(version="2", rename={"years": "age", "alias": "nickname"}, dropped=("fax",))
    form = household.model_copy(update={"changes": (change,)})
    body = (
        "<gone><years>5</years><fax>SYNTHETIC</fax><phone>1</phone></gone>"
        "<members><alias>a</alias></members>"
    )
    read = read_submissions([source(submission(body), "1.xml")], form)
    assert answers_of(read, "age", "years", "fax") == [(None, "5", "SYNTHETIC")]
    assert read.repeats["members"]["alias"].tolist() == ["a"]
    assert issue_codes(read) == [("unknown_node", "/data/gone/phone")]
    plain = read_submissions([source(submission(""), "2.xml")], form)
    assert not {"years", "fax"} & set(plain.main)


def test_repeats_know_their_place(source, household):
    """Position counts within the parent, parent_position is the parent's row in the response."""
    body = (
        "<members><nickname>a</nickname><jobs><job>x</job></jobs><jobs><job>y</job></jobs>"
        "</members><members><nickname>b</nickname></members>"
        "<members><nickname>c</nickname><jobs><job/></jobs></members>"
    )
    read = read_submissions(
        [source(submission(body), "1.xml"), source(submission(body, id_="def"), "2.xml")], household
    )
    assert rows_of(read.repeats["members"]) == [
        {"response_id": key, "position": n, "parent_position": 1, "nickname": name}
        for key in ("abc", "def")
        for n, name in enumerate("abc", start=1)
    ]
    assert rows_of(read.repeats["jobs"]) == [
        {"response_id": key, "position": n, "parent_position": parent, "job": job}
        for key in ("abc", "def")
        for n, parent, job in ((1, 1, "x"), (2, 1, "y"), (1, 3, None))
    ]
    assert sources_of(read.repeats["members"]) == [("1.xml", None)] * 3 + [("2.xml", None)] * 3


def test_more_submissions_than_a_chunk_holds(source, household, monkeypatch):
    """Rows keep their order and their repeats where they are turned into Arrow in between."""
    monkeypatch.setattr("pipeline.returns.submission._CHUNK", 3)
    files = [
        source(
            submission(
                f"<home><age>{n}</age></home><members><nickname>m{n}</nickname></members>",
                id_=f"k{n}",
            ),
            f"{n}.xml",
        )
        for n in range(8)
    ]
    read = read_submissions(files, household)
    assert answers_of(read, "response_id", "age") == [(f"k{n}", str(n)) for n in range(8)]
    members = read.repeats["members"]
    assert list(members["response_id"]) == [f"k{n}" for n in range(8)]
    assert list(members["nickname"]) == [f"m{n}" for n in range(8)]
    assert list(members["position"]) == [1] * 8


@pytest.mark.parametrize(
    ("root", "meta"),
    [
        ("<data id='household'>", "<meta><instanceID>uuid:abc</instanceID></meta>"),
        (
            "<h xmlns='http://example.org/forms' id='household' version='2'>",
            "<meta><instanceID>uuid:abc</instanceID></meta>",
        ),
    ],
    ids=["no namespace", "a namespace of its own"],
)
def test_namespaces_do_not_matter(source, household, root, meta):
    """Collect, Enketo and older servers put elements into different namespaces."""
    end = "</data>" if root.startswith("<data") else "</h>"
    text = f"{root}<home><age>5</age></home>{meta}{end}"
    read = read_submissions([source(text, "1.xml")], household)
    assert answers_of(read, "response_id", "age") == [("abc", "5")]
    assert issue_codes(read) == []


@pytest.mark.parametrize(
    ("body", "age", "issues"),
    [
        ("<home><age>5</age><age>6</age></home>", "5", [("answered_twice", "/data/home/age")]),
        ("<home><age/><age>6</age></home>", "6", []),
        ("<home><age><b>5</b></age></home>", None, [("not_text", "/data/home/age")]),
        ("<home><age>5<b/></age></home>", None, [("not_text", "/data/home/age")]),
        ("<home><age>5</age><gone>x</gone></home>", "5", [("unknown_node", "/data/home/gone")]),
        ("<home><age>5</age><gone/></home>", "5", []),
        ("<home><age>5<!-- no -->7</age></home>", "57", []),
        ("<home><age>5<?no?>7</age></home>", "57", []),
        ("<home><age><![CDATA[5]]></age></home>", "5", []),
        ("<formhub><uuid>x</uuid></formhub><home><age>5</age></home>", "5", []),
        ("<welcome>a note says nothing</welcome><home><age>5</age></home>", "5", []),
        ("<members_count>3</members_count><home><age>5</age></home>", "5", []),
    ],
)
def test_no_answer_disappears_in_silence(source, household, body, age, issues):
    """What does not fit the form is an issue with its XML path; nothing is guessed."""
    read = read_submissions([source(submission(body), "1.xml")], household)
    assert (answers_of(read, "age"), issue_codes(read)) == ([(age,)], issues)


def test_unknown_elements_are_counted_once(source, household):
    """An element of another version is one issue for all the submissions that answer it."""
    body = "<home><gone>x</gone></home>"
    files = [source(submission(body, id_=f"k{n}"), f"{n}.xml") for n in range(3)]
    read = read_submissions(files, household)
    assert len(read.issues) == 1
    assert read.issues.loc[0, "message"] == "The form does not ask this; 3 submissions answer it."


def test_instance_ids(source, household):
    """Without an instance id the file's hash is the key; an edited submission is noted."""
    nameless = source(submission("", meta=""), "1.xml")
    edited = source(
        submission(
            "",
            meta="<orx:instanceID>uuid:new</orx:instanceID>"
            "<orx:deprecatedID>uuid:old</orx:deprecatedID>",
        ),
        "2.xml",
    )
    read = read_submissions([nameless, edited], household)
    assert answers_of(read, "response_id") == [(nameless.sha256[:16],), ("new",)]
    assert issue_codes(read) == [("no_key", "meta"), ("edited", "meta/deprecatedID")]


def test_an_audit_log_stands_in_meta(source):
    """`audit` is a question whose element lies in meta."""
    form = Questionnaire(
        form_id="household", title="T", survey=(Question(name="audit", type="audit"),)
    )
    meta = "<orx:instanceID>uuid:abc</orx:instanceID><audit>audit.csv</audit>"
    read = read_submissions([source(submission("", meta=meta), "1.xml")], form)
    assert answers_of(read, "response_id", "audit") == [("abc", "audit.csv")]
    assert issue_codes(read) == []


ENTITY = '<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "an entity from a file": (ENTITY + submission("<home><age>&x;</age></home>")[38:], "GUARD-008"),
    "a doctype after the declaration": (
        "<?xml version='1.0' encoding='UTF-8'?>" + ENTITY + "<data id='household'/>",
        "GUARD-008",
    ),
    "billion laughs": (
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><d id="x">&b;</d>',
        "GUARD-008",
    ),
    "an entity in UTF-16": (
        ("<?xml version='1.0' encoding='UTF-16'?>" + ENTITY + "<d/>").encode("utf-16"),
        "GUARD-006",
    ),
    "another encoding": (
        b"<?xml version='1.0' encoding='UTF-7'?><d id='household'/>",
        "GUARD-006",
    ),
    "100,000 levels": ("<a>" * 100_000 + "</a>" * 100_000, "XML-001"),
    "cut off": (submission("<home><age>5</age>")[:-20], "XML-001"),
    "an undeclared entity": (submission("<home><age>&nope;</age></home>"), "XML-001"),
    "not XML at all": ("hello", "GUARD-006"),
    "empty": ("", "GUARD-006"),
    "five megabytes": (submission(f"<home><age>{'9' * (5 << 20)}</age></home>"), "GUARD-002"),
    "encrypted by ODK": ("<data id='household' encrypted='yes'/>", "XML-003"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_submissions_are_refused_and_stop_nothing(source, household, case):
    """A dangerous or broken file is one issue with its reason; the next file is read."""
    content, code = HOSTILE[case]
    good = source(submission("<home><age>5</age></home>"), "good.xml")
    read = read_submissions([source(content, "bad.xml"), good], household)
    assert answers_of(read, "age") == [("5",)]
    [issue] = read.issues.to_dict("records")
    assert (issue["code"], issue["rule"]) == ("unreadable_file", code)
    assert (issue["source_file"], issue["action"]) == ("raw/household/bad.xml", "set_aside")


def test_the_cap_on_size_is_a_setting(source, household):
    """Caps are data, so that a study can raise them."""
    file = source(submission("<home><age>5</age></home>"), "1.xml")
    read = read_submissions([file], household, caps=Caps(submission_bytes=100))
    assert list(read.issues["rule"]) == ["GUARD-002"]
    assert CAPS.submission_bytes > 100


def test_no_value_of_an_answer_is_in_a_message(household):
    """A syntax error names the line, never the text around it."""
    text = submission("<home><age>SECRET</home>")
    with pytest.raises(SurveyError) as raised:
        parse_xml(text.encode(), submission_parser(), shown="x.xml")
    assert "SECRET" not in str(raised.value)
    assert raised.value.problems[0].place.line == 1


def test_no_file_at_all(household):
    """Nothing received gives empty tables with every column."""
    read = read_submissions([], household)
    assert (len(read.main), list(read.main)[-3:]) == (0, ["age", "remark", "water"])
    assert list(read.repeats) == ["members", "jobs"]
    assert [len(frame) for frame in read.repeats.values()] == [0, 0]
