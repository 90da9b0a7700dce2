"""Identifiers leave the answers; what an organisation agreed to be called may stay."""

import dataclasses
import hashlib
import hmac

import pytest

from pipeline.cleaning.process import process
from pipeline.privacy.identifiers import IDENTIFIER_COLUMNS, holds_identifiers, set_apart
from pipeline.settings import Roles, Settings
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
KEY = b"SYNTHETIC key"
NAMES = ["SYNTHETIC one", "SYNTHETIC two", "SYNTHETIC three"]


@pytest.fixture(scope="module")
def apart():
    rows = [
        {"org_name": f" {name}", "agreed": agreed, "reached_by": "yes", "staff": "07"}
        for name, agreed in zip(NAMES, ["yes", "no", None], strict=True)
    ]
    people = [{"response_id": "r1", "person": "SYNTHETIC person", "age": "30"}]
    cleaned = process(returns(rows, repeats={"people": people}), SURVEY, Settings())
    return set_apart(cleaned, SURVEY, ROLES, KEY)


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
    assert list(public.repeats["people"].columns)[3:] == ["age", "pseudonym/person"]
    assert set(public.raw_text["question"]) == {"staff"}


def test_an_organisation_is_named_where_it_agreed(apart):
    """Yes is a yes; no and no answer are not."""
    public, _ = apart
    assert told(public.main, "public_name") == [(NAMES[0],), (None,), (None,)]


def test_no_public_name_without_the_roles(apart):
    """A form that does not say who consents to what names nobody."""
    cleaned = process(returns([{"org_name": NAMES[0], "agreed": "yes"}]), SURVEY, Settings())
    for roles in (Roles(), Roles(organisation="org_name")):
        assert "public_name" not in set_apart(cleaned, SURVEY, roles, KEY)[0].main


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


def cleaned_names(*names: str, **others: str):
    rows = [{"org_name": name, **others} for name in names]
    return process(returns(rows), SURVEY, Settings())


def pseudonyms_of(*names: str, key: bytes = KEY) -> list[str | None]:
    public, _ = set_apart(cleaned_names(*names), SURVEY, Roles(), key)
    return [row[0] for row in told(public.main, "pseudonym/org_name")]


def test_a_pseudonym_is_the_keyed_hash_of_the_plain_answer():
    """HMAC-SHA256 of the answer without blanks, case and width, by Python's own hmac."""
    expected = hmac.new(KEY, b"pseudonym\0" + b"synthetichouse", hashlib.sha256).hexdigest()[:32]
    assert (
        pseudonyms_of("SYNTHETIC House", "ＳＹＮＴＨＥＴＩＣ house", "synthetic  HOUSE")
        == [expected] * 3
    )


def test_who_is_the_same_is_known_again_and_others_differ():
    one, other, again, none = pseudonyms_of("SYNTHETIC 1", "SYNTHETIC 2", "SYNTHETIC 1", None)
    assert one == again
    assert one != other
    assert none is None


def test_another_key_gives_other_pseudonyms():
    """Without the key nobody can try names out."""
    assert pseudonyms_of("SYNTHETIC", key=b"1") != pseudonyms_of("SYNTHETIC", key=b"2")


def test_a_form_without_identifiers_needs_no_key():
    """Asked before a key is: whether anybody is identified at all."""
    plain = form({"name": "staff", "type": "integer"})
    cleaned = process(returns([{"staff": "7"}]), plain, Settings())
    assert not holds_identifiers(cleaned, plain)
    assert holds_identifiers(cleaned_names("SYNTHETIC"), SURVEY)
    assert not holds_identifiers(cleaned_names(None, agreed="yes"), SURVEY)


def test_what_the_device_says_of_its_user_is_set_apart():
    """An account's name, number or address; the key of the response is none, and stays."""
    asked = form({"name": "number", "type": "phonenumber"}, {"name": "staff", "type": "integer"})
    row = {"number": "SYNTHETIC 0900", "staff": "7", "_submitted_by": "SYNTHETIC account"}
    cleaned = process(returns([{**row, "_uuid": "u-1"}]), asked, Settings())
    public, identifiers = set_apart(cleaned, asked, Roles(), KEY)
    assert {"number", "_submitted_by"}.isdisjoint(public.main.columns)
    assert told(public.main, "_uuid", "staff") == [("u-1", 7)]
    assert told(identifiers, "question", "value") == [("number", "SYNTHETIC 0900")]
