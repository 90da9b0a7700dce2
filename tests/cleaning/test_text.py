"""The stage text: what people and programs write, and what it is read as."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning.batch import MAIN, rows_where
from pipeline.cleaning.choice_text import read_choice, read_choices
from pipeline.cleaning.link import link
from pipeline.cleaning.moments import Habits, read_date, read_moment, read_time
from pipeline.cleaning.numbers import Read, read_decimal, read_integer
from pipeline.cleaning.process import process
from pipeline.cleaning.text import text
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

DAY = dt.date(2011, 8, 5)
NO_NUMBER = Read(None, "not_a_number")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("34", Read(34)),
        ("34.0", Read(34)),
        (" 34\u00a0", Read(34)),
        ("３４", Read(34)),
        ("٣٤", Read(34)),
        ("007", Read(7)),
        ("-5", Read(-5)),
        ("+5", Read(5)),
        ("1e3", Read(1000)),
        ("1,234,567", Read(1234567, "grouped_number")),
        ("12,34", NO_NUMBER),
        ("34.5", NO_NUMBER),
        ("5²", NO_NUMBER),
        ("½", NO_NUMBER),
        ("③", NO_NUMBER),
        ("1_000", NO_NUMBER),
        ("inf", NO_NUMBER),
        ("nan", NO_NUMBER),
        ("0x10", NO_NUMBER),
        ("三十四", NO_NUMBER),
        ("9" * 19, NO_NUMBER),
        ("", NO_NUMBER),
    ],
)
def test_a_whole_number_is_read_strictly(written, read):
    assert read_integer(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2.50", Read(2.5)),
        (".5", Read(0.5)),
        ("５．５", Read(5.5)),
        ("1.5E-2", Read(0.015)),
        ("1,234.5", Read(1234.5, "grouped_number")),
        ("1,234,567", Read(1234567.0, "grouped_number")),
        ("1,234", NO_NUMBER),
        ("1.234,5", NO_NUMBER),
        ("1 234", NO_NUMBER),
    ],
)
def test_a_comma_that_may_be_a_decimal_mark_is_not_guessed(written, read):
    assert read_decimal(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "2011-08-05",
        "2011-8-5",
        "2011/08/05",
        "2011.8.5",
        "２０１１／８／５",
        "2011年8月5日",
        "20110805",
        "2011-08-05T00:00:00",
        "2011-08-05 14:30",
        "民國100年8月5日",
        "中華民國 100 年 8 月 5 日",
        "民国100年8月5日",
        "平成23年8月5日",
    ],
)
def test_a_date_is_read_however_it_is_written(written):
    assert read_date(written, Habits()) == Read(DAY)


def test_a_year_of_three_digits_is_of_the_republic_and_told():
    """In `100/8/5` no other era fits; still it is told. `99/8/5` could be 1999: not read."""
    told_of = Read(DAY, "republic_date")
    assert [read_date(one, Habits()) for one in ("100/8/5", "100-08-05", "100年8月5日")] == [
        told_of
    ] * 3
    assert read_date("99/8/5", Habits()) == Read(None, "ambiguous_date")
    assert read_date("0100-03-05", Habits()) == Read(None, "not_a_date")


@pytest.mark.parametrize(
    ("written", "day_first", "read"),
    [
        ("02/03/2011", None, Read(None, "ambiguous_date")),
        ("02/03/2011", True, Read(dt.date(2011, 3, 2))),
        ("02/03/2011", False, Read(dt.date(2011, 2, 3))),
        ("13/03/2011", None, Read(dt.date(2011, 3, 13))),
        ("03/03/2011", None, Read(dt.date(2011, 3, 3))),
        ("13/03/2011", False, Read(None, "not_a_date")),
        ("31/02/2011", None, Read(None, "not_a_date")),
    ],
)
def test_day_and_month_are_told_apart_by_the_study_or_not_at_all(written, day_first, read):
    assert read_date(written, Habits(day_first)) == read


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2011-08-05T14:30:00.000+08:00", 6),
        ("2011-08-05T14:30:00Z", 14),
        ("2011-08-05 14:30", 6),
        ("2011/8/5 下午2:30", 6),
        ("2011-08-05 2:30 PM", 6),
    ],
)
def test_a_moment_without_a_zone_is_the_study_s(written, hour):
    moment = dt.datetime(2011, 8, 5, hour, 30, tzinfo=dt.UTC)
    assert read_moment(written, Habits(timezone="Asia/Taipei")) == Read(moment)


def test_a_moment_needs_a_time():
    assert read_moment("2011-08-05", Habits()) == Read(None, "not_a_date")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9:05", Read("09:05:00")),
        ("14:30:00.000+08:00", Read("14:30:00")),
        ("下午2:30", Read("14:30:00")),
        ("12:15 am", Read("00:15:00")),
        ("14時30分", Read("14:30:00")),
        ("25:00", Read(None, "not_a_time")),
        ("13:00 pm", Read(None, "not_a_time")),
        ("0.5", Read(None, "not_a_time")),
    ],
)
def test_a_time_is_kept_with_its_seconds(written, read):
    assert read_time(written) == read


def test_choice_names_are_trimmed_and_otherwise_kept():
    """`1.0` is the 1 of a spreadsheet; a name that the form does not have stays as it is."""
    assert [read_choice(one, ["1", "a"]) for one in ("1.0", " a ", "ａ", "A", "2.0")] == [
        Read("1"),
        Read("a"),
        Read("a"),
        Read("A"),
        Read("2.0"),
    ]
    assert read_choices(" a  1.0 a ", ["1", "a"]) == Read("a 1")


SURVEY = form(
    {"name": "age", "type": "integer"},
    {"name": "share", "type": "decimal"},
    {"name": "day", "type": "date"},
    {"name": "moment", "type": "dateTime"},
    {"name": "clock", "type": "time"},
    {"name": "answer", "type": "select_one yes_no"},
    {"name": "several", "type": "select_multiple yes_no"},
    {"name": "words", "type": "text"},
)


def cleaned(rows, **given_settings):
    return process(returns(rows), SURVEY, Settings(**given_settings))


def test_every_type_has_its_column():
    """The dtypes that `Responses` promises, whatever the answers."""
    rows = [
        {
            "age": "34",
            "share": "0.5",
            "day": "2011-08-05",
            "moment": "2011-08-05T14:30:00Z",
            "clock": "14:30:00",
            "answer": "yes",
            "several": "yes no",
            "words": "SYNTHETIC",
        },
        {},
    ]
    expected = {
        "age": "Int64",
        "share": "float64",
        "day": "datetime64[us]",
        "moment": "datetime64[us, UTC]",
        "clock": "str",
        "answer": "str",
        "several": "str",
        "several/yes": "boolean",
        "words": "str",
    }
    for given_rows in (rows, rows[1:], []):
        main = cleaned(given_rows).main
        assert {name: str(main[name].dtype) for name in expected} == expected


def test_what_cannot_be_read_is_blank_told_and_kept_as_text():
    done = cleaned([{"age": "about forty", "day": "02/03/2011"}])
    assert done.main[["age", "day"]].isna().all(axis=None)
    assert told(done.issues, "question", "code", "action", "severity") == [
        ("age", "not_a_number", "blanked", "error"),
        ("day", "ambiguous_date", "blanked", "error"),
    ]
    assert told(done.raw_text, "response_id", "question", "text") == [
        ("r1", "age", "about forty"),
        ("r1", "day", "02/03/2011"),
    ]
    assert done.missing[["age", "day"]].iloc[0].tolist() == ["set_missing", "set_missing"]


def test_no_message_holds_an_answer():
    """Issues say what and where, never the value."""
    done = cleaned([{"age": "SECRET", "answer": "SECRET", "several": "SECRET yes"}])
    assert len(done.issues) == 3
    assert (
        not done.issues.astype("str").apply(lambda one: one.str.contains("SECRET")).any(axis=None)
    )


def test_a_text_of_blanks_is_no_answer():
    """It came back, so it is accounted for; the question counts as not answered."""
    done = cleaned([{"words": " \u3000\u200b", "answer": "  "}])
    assert told(done.issues, "question", "code", "action") == [
        ("answer", "nothing_written", "blanked"),
        ("words", "nothing_written", "blanked"),
    ]
    assert done.missing[["words", "answer"]].iloc[0].tolist() == ["not_answered"] * 2
    assert done.ledger[["answers_in", "blanked"]].sum().tolist() == [2, 2]


def test_open_text_keeps_its_width_and_punctuation():
    """Only what nobody sees goes: marks, spaces around, carriage returns; composed as NFC."""
    done = cleaned([{"words": "\ufeff為什麼？\r\n㈱ｶﾅ e\u0301 \u200b"}])
    assert done.main["words"].tolist() == ["為什麼？\n㈱ｶﾅ é"]
    assert len(done.raw_text) == 1


def test_the_zone_of_a_moment_is_kept_where_it_is_not_the_study_s():
    """An hour ahead is another clock on the wall: the text says what the instant does not."""
    rows = [{"moment": f"2011-08-05T14:30:00{zone}"} for zone in ("+08:00", "+09:00", "Z")]
    done = cleaned(rows, timezone="Asia/Taipei")
    assert told(done.raw_text, "response_id", "text") == [("r2", "2011-08-05T14:30:00+09:00")]


def test_choice_columns_are_made_or_read():
    """A column that came back is read, the others are made; a blank answer has neither."""
    done = cleaned(
        [
            {"several": "yes", "several/yes": "1", "several/no": "False"},
            {"several": None, "several/yes": None, "several/no": None},
        ]
    )
    beside = done.main[["several/yes", "several/no", "several/dont_know"]].astype(object)
    assert beside.where(beside.notna(), None).to_numpy().tolist() == [
        [True, False, False],
        [None, None, None],
    ]


def test_an_answer_and_its_choice_columns_that_disagree_both_stay():
    done = cleaned([{"several": "yes", "several/yes": "0", "several/no": "perhaps"}])
    assert told(done.issues, "question", "code", "action") == [
        ("several", "not_a_tick", "blanked"),
        ("several", "parent_choice_disagree", "none"),
    ]
    assert done.main["several"].tolist() == ["yes"]
    assert done.main["several/yes"].tolist() == [False]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=8))
def test_typing_never_fails_and_never_loses_an_answer(answers):
    """Any text in any question: it is read, or it is told and kept as text."""
    names = [item.name for item in SURVEY.items]
    rows = [dict.fromkeys(names, answer or None) for answer in answers]
    linked = link(returns(rows), SURVEY, "_uuid")
    typed = text(linked, Habits())
    for name in names:
        came = linked.main[name].notna() if name in linked.main else pd.Series(dtype=bool)
        lost = rows_where((came & typed.frames[MAIN][name].isna()).to_numpy())
        fated = [row for found in typed.fated if found.question == name for row in found.rows]
        assert sorted(lost.tolist()) == sorted(fated)
