"""Identifiers leave the answers; what an organisation agreed to be called may stay."""

import dataclasses

import pytest

from pipeline.cleaning.process import process
from pipeline.privacy.identifiers import IDENTIFIER_COLUMNS, set_apart
from pipeline.study import Roles, Settings
from tests.cleaning.forms import form, returns, told

SURVEY = form(
    {"name": "org_name", "type": "text", "sensitivity": "identifier"},
    {"name": "agreed", "type": "select_one yes_no"},
    {"name": "reached_by", "type": "select_multiple yes_no", "sensitivity": "identifier"},
    {"name": "staff", "type": "integer", "sensitivity": "quasi"},
    {
        "repeat": "people",
        "questions": [
            {"name": "person", "type": "text", "sensitivity": "identifier"},
            {"name": "age", "type": "integer"},
        ],
    },
)
ROLES = Roles(organisation="org_name", consent_named="agreed")
NAMES = ["SYNTHETIC one", "SYNTHETIC two", "SYNTHETIC three"]


@pytest.fixture(scope="module")
def apart():
    rows = [
        {"org_name": f" {name}", "agreed": agreed, "reached_by": "yes", "staff": "07"}
        for name, agreed in zip(NAMES, ["yes", "no", None], strict=True)
    ]
    people = [{"response_id": "r1", "person": "SYNTHETIC person", "age": "30"}]
    cleaned = process(returns(rows, repeats={"people": people}), SURVEY, Settings())
    return set_apart(cleaned, SURVEY, ROLES)


def test_nothing_that_is_written_holds_an_identifier(apart):
    """Neither tables nor raw texts, and not the choice columns beside a question."""
    public, _ = apart
    for frame in (public.main.drop(columns="public_name"), public.raw_text, public.issues):
        assert (
            not frame.astype("str")
            .apply(lambda one: one.str.contains("SYNTHETIC o|person"))
            .any(axis=None)
        )
    assert not [name for name in public.main if str(name).startswith(("org_name", "reached_by"))]
    assert list(public.repeats["people"].columns)[3:] == ["age"]
    assert set(public.raw_text["question"]) == {"staff"}


def test_an_organisation_is_named_where_it_agreed(apart):
    """Yes is a yes; no and no answer are not."""
    public, _ = apart
    assert told(public.main, "public_name") == [(NAMES[0],), (None,), (None,)]


def test_no_public_name_without_the_roles(apart):
    """A form that does not say who consents to what names nobody."""
    cleaned = process(returns([{"org_name": NAMES[0], "agreed": "yes"}]), SURVEY, Settings())
    for roles in (Roles(), Roles(organisation="org_name")):
        assert "public_name" not in set_apart(cleaned, SURVEY, roles)[0].main


def test_the_identifiers_are_handed_over_one_row_an_answer(apart):
    _, identifiers = apart
    assert tuple(identifiers.columns) == IDENTIFIER_COLUMNS
    assert told(identifiers[identifiers["question"] != "reached_by"], *IDENTIFIER_COLUMNS) == [
        *((f"r{number}", "org_name", None, None, name) for number, name in enumerate(NAMES, 1)),
        ("r1", "person", 1, 1, "SYNTHETIC person"),
    ]


def test_why_an_identifier_is_missing_stays(apart):
    """Kinds of missing answers name nobody."""
    public, _ = apart
    assert "org_name" in public.missing
    assert dataclasses.is_dataclass(public)
