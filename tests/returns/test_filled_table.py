"""A filled-in table is what KoboToolbox exports, and reads back to the same answers."""

import pytest

from pipeline.returns.submission import read_submissions
from pipeline.returns.table import read_table
from pipeline.synthetic.filled_submission import fill_submission
from pipeline.synthetic.filled_table import fill_table
from tests.questionnaires import every_type_questionnaire
from tests.returns.conftest import answers_of, issue_codes, rows_of
from tests.returns.test_filled_submission import FULL, SPARSE


@pytest.fixture(scope="module")
def form():
    return every_type_questionnaire()


def test_a_table_says_the_same_as_submissions(form, source, tmp_path):
    """The same answers as XLSX export and as submissions give the same tables, repeats and all."""
    sources = []
    for key, answers in {"k1": FULL, "k2": SPARSE}.items():
        fill_submission(form, answers, instance_id=key, target=tmp_path / f"{key}-made.xml")
        sources.append(source((tmp_path / f"{key}-made.xml").read_bytes(), f"{key}.xml"))
    odk = read_submissions(sources, form)
    fill_table(form, [FULL, SPARSE], tmp_path / "made.xlsx", keys=["k1", "k2"])
    table = read_table(source((tmp_path / "made.xlsx").read_bytes(), "t.xlsx"), form)
    names = ["response_id", "form_version", *(item.name for item in form.answered())]
    assert answers_of(table, *names) == answers_of(odk, *names)
    for name, frame in odk.repeats.items():
        assert rows_of(table.repeats[name][list(frame)]) == rows_of(frame)
    assert issue_codes(table) == []
    assert answers_of(table, "services", "services/legal", "services/none") == [
        ("legal other", "1", "0"),
        (None, None, None),
    ]


def test_a_csv_has_a_byte_order_mark_and_group_names(form, source, tmp_path):
    """As KoboToolbox writes it, and so that Excel shows Chinese."""
    plain = {name: answer for name, answer in FULL.items() if name != "ties"}
    fill_table(form, [plain], tmp_path / "made.csv", keys=["k1"])
    content = (tmp_path / "made.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfplain/start,plain/code,plain/staff,")
    table = read_table(source(content), form)
    assert answers_of(table, "response_id", "remark", "services_other", "priorities") == [
        ("k1", '三 & <b>\n"x"', "=1+1", "other legal housing none")
    ]
    assert (tmp_path / "made.csv").stat().st_mode & 0o777 == 0o600


def test_a_csv_never_loses_repeats(form, tmp_path):
    """KoboToolbox leaves repeats out of a CSV; we refuse to."""
    with pytest.raises(ValueError, match="repeats"):
        fill_table(form, [FULL], tmp_path / "made.csv")
    assert not (tmp_path / "made.csv").exists()


def test_keys_are_the_same_each_time(form, tmp_path):
    """The same answers give the same bytes."""
    fill_table(form, [SPARSE, SPARSE], tmp_path / "a.csv")
    fill_table(form, [SPARSE, SPARSE], tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
