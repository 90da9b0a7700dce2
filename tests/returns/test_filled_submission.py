"""A filled-in submission is what Collect sends: JavaRosa, its engine, writes the same XML."""

import re
from pathlib import Path

import pytest
from lxml import etree

from pipeline.forms.xform import xform_text
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.submission import read_submissions
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.filled_submission import fill_submission
from tests.questionnaires import every_type_questionnaire
from tests.returns.conftest import answers_of, issue_codes, rows_of

FULL: Answers = {
    "start": "2011-09-01T10:00:00.000Z",
    "code": "AB01",
    "staff": "34",
    "budget": "1.5",
    "trust": "7",
    "staff_twice": "68",
    "remark": '三 & <b>\n"x"',
    "tag": "4711",
    "has_cases": "yes",
    "region": "east",
    "county": "hualien",
    "services": ["legal", "other"],
    "services_other": "=1+1",
    "access": "3",
    "priorities": ["other", "legal", "housing", "none"],
    "agreed": "OK",
    "visited_on": "2011-09-02",
    "visited_at": "10:30:00.000Z",
    "left_at": "2011-09-02T11:00:00.000Z",
    "spot": "23.97 121.6 10.0 5.0",
    "photo": "1.jpg",
    "ties": [
        {
            "tie_name": "NA",
            "tie_often": "2",
            "tie_close": "no",
            "tie_services": ["legal"],
            "tie_since": "2010-01-01",
            "projects": [{"project_name": "p1", "project_size": "2.5"}, {"project_name": "p2"}],
        },
        {"tie_name": "T2"},
        {"tie_name": "T3", "projects": [{"project_name": "p3"}]},
    ],
}
SPARSE: Answers = {"code": "AB02", "staff": "3", "staff_twice": "6", "has_cases": "no"}
SPARSE_NOT_ASKED = ("services", "services_other")
CASES = {"full": (FULL, ()), "sparse": (SPARSE, SPARSE_NOT_ASKED)}


@pytest.fixture(scope="module")
def form() -> Questionnaire:
    return every_type_questionnaire()


@pytest.mark.parametrize("case", CASES)
def test_what_is_filled_in_is_read_back(form, source, tmp_path, case):
    """Every answer comes back as it was put in, blanks missing, repeats in their places."""
    answers, not_asked = CASES[case]
    path = tmp_path / "one.xml"
    fill_submission(form, answers, instance_id="abc", target=path, not_asked=not_asked)
    read = read_submissions([source(path.read_bytes(), "one.xml")], form)
    names = [item.name for item in form.answered()]
    expected = tuple(_text(answers.get(name)) for name in names)
    assert answers_of(read, "response_id", *names) == [("abc", *expected)]
    assert issue_codes(read) == []
    if case == "full":
        assert [row["tie_name"] for row in rows_of(read.repeats["ties"])] == ["NA", "T2", "T3"]
        projects = rows_of(read.repeats["projects"])
        assert [
            (row["parent_position"], row["position"], row["project_name"], row["project_size"])
            for row in projects
        ] == [(1, 1, "p1", "2.5"), (1, 2, "p2", None), (3, 1, "p3", None)]


@pytest.mark.parametrize("case", CASES)
def test_javarosa_writes_the_same_submission(java, form, tmp_path, case):
    """Loaded into the form that pyxform makes, and written again by ODK's own serialiser."""
    answers, not_asked = CASES[case]
    path = tmp_path / "one.xml"
    fill_submission(form, answers, instance_id="abc", target=path, not_asked=not_asked)
    assert canonical(javarosa_writes(form, path)) == canonical(path.read_bytes())


def javarosa_writes(form: Questionnaire, path: Path) -> bytes:
    from tests.expression.javarosa import start  # noqa: PLC0415 - only where Java is there

    jpype = start()
    org, java = jpype.JPackage("org"), jpype.JPackage("java")
    xform = jpype.JArray(jpype.JByte)(xform_text(form)[0].encode())
    stream = java.io.ByteArrayInputStream(xform)
    definition = org.javarosa.xform.util.XFormUtils.getFormFromInputStream(stream)
    data = jpype.JArray(jpype.JByte)(path.read_bytes())
    saved = org.javarosa.xform.parse.XFormParser.restoreDataModel(data, None).getRoot()
    main = definition.getMainInstance()
    root = main.getRoot().deepCopy(True)  # noqa: FBT003 - Java's own: with its templates
    root.populate(saved, definition)
    main.setRoot(root)
    factory = org.javarosa.core.model.instance.InstanceInitializationFactory()
    definition.initialize(False, factory)  # noqa: FBT003 - Java's own: not a new instance
    written = org.javarosa.model.xform.XFormSerializingVisitor().serializeInstance(main)
    return bytes(written)


def canonical(content: bytes) -> str:
    """Canonical XML, without namespace declarations of prefixes that nothing uses."""
    root = etree.fromstring(content)
    etree.cleanup_namespaces(root)
    return re.sub(r"><", ">\n<", etree.tostring(root, method="c14n2").decode())


def _text(answer: object) -> str | None:
    return " ".join(answer) if isinstance(answer, list) else answer  # type: ignore[return-value]
