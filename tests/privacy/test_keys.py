"""Keys: made once, never shown, and the demonstration's own refused for people who exist."""

import stat

import pyrage
import pytest

from pipeline.errors import SurveyError
from pipeline.privacy.identifier_file import read_identifiers
from pipeline.privacy.keys import (
    DEMONSTRATION_RECIPIENT,
    Keys,
    make_keys,
    name_recipient,
    read_identity,
    read_keys,
    refuse_demonstration,
)
from pipeline.study import Study, open_study
from tests.conftest import PROJECT


def codes(error) -> list[str]:
    return [problem.code for problem in error.value.problems]


@pytest.fixture
def study(tmp_path) -> Study:
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "study.yaml").write_text("# SYNTHETIC\ntitle: SYNTHETIC\n")
    return open_study(tmp_path)


def with_keys(study: Study) -> Study:
    name_recipient(study, make_keys(study.root / "keys", shown="keys"), "keys")
    return open_study(study.root)


def test_new_keys_are_for_their_owner_alone_and_tracked_by_nobody(study):
    made = with_keys(study)
    for name in ("identity.txt", "pseudonym.txt"):
        assert stat.S_IMODE((made.keys / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(made.keys.stat().st_mode) == 0o700
    assert (made.keys / ".gitignore").read_text() == "*\n"


def test_what_is_encrypted_with_new_keys_opens_with_their_identity_alone(study, tmp_path):
    made = with_keys(study)
    keys = read_keys(made)
    path = tmp_path / "sealed.age"
    path.write_bytes(pyrage.encrypt(b'{"response_id": "SYNTHETIC"}\n', keys.age_recipients))
    identity = read_identity(made.keys / "identity.txt", shown="")
    assert list(read_identifiers(path, identity, shown="")["response_id"]) == ["SYNTHETIC"]
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(SurveyError) as error:
        read_identifiers(path, stranger, shown="file")
    assert codes(error) == ["KEYS-005"]


def test_keys_are_never_written_over(study):
    with_keys(study)
    with pytest.raises(SurveyError) as error:
        make_keys(study.root / "keys", shown="keys")
    assert codes(error) == ["KEYS-004"]


def test_the_rest_of_study_yaml_stays_as_it_was(study):
    made = with_keys(study)
    text = (study.instruments / "study.yaml").read_text()
    recipient = read_keys(made).recipients[0]
    assert text == f"# SYNTHETIC\ntitle: SYNTHETIC\nkeys: keys\nrecipients: [{recipient}]\n"


def test_recipients_over_several_lines_are_left_to_their_author(study):
    path = study.instruments / "study.yaml"
    path.write_text("recipients:\n  - age1one\n")
    with pytest.raises(SurveyError) as error:
        name_recipient(study, "age1two", "keys")
    assert codes(error) == ["KEYS-007"]
    assert path.read_text() == "recipients:\n  - age1one\n"


def test_no_keys_is_a_problem_that_says_how_to_make_them(study):
    with pytest.raises(SurveyError) as error:
        read_keys(study)
    assert codes(error) == ["KEYS-001"]
    assert "survey keys new" in str(error.value)


@pytest.mark.parametrize("recipients", ["[age1nobody]", "[SYNTHETIC]"])
def test_a_recipient_that_is_no_key_is_refused(study, recipients):
    with_keys(study)
    path = study.instruments / "study.yaml"
    path.write_text(f"keys: keys\nrecipients: {recipients}\n")
    with pytest.raises(SurveyError) as error:
        read_keys(open_study(study.root))
    assert codes(error) == ["KEYS-002"]
    assert recipients[1:-1] not in str(error.value)


def test_a_damaged_pseudonym_key_is_refused_and_not_shown(study):
    made = with_keys(study)
    (made.keys / "pseudonym.txt").write_text("SYNTHETICsecret\n")
    with pytest.raises(SurveyError) as error:
        read_keys(made)
    assert codes(error) == ["KEYS-002"]
    assert "SYNTHETICsecret" not in str(error.value)


def test_a_key_is_not_in_its_repr():
    assert "SYNTHETIC" not in repr(Keys(("age1",), b"SYNTHETIC"))


def test_the_demonstration_keys_are_those_of_the_repository():
    assert read_keys(open_study(PROJECT)).are_demonstration


@pytest.mark.parametrize("other", ["recipient", "pseudonym"])
def test_the_demonstration_keys_are_refused_for_people_who_exist(study, other):
    """Each of the two by itself, under whatever name; SYNTHETIC returns may have them."""
    demonstration = read_keys(open_study(PROJECT))
    own = read_keys(with_keys(study))
    half = (
        Keys((*own.recipients, DEMONSTRATION_RECIPIENT), own.pseudonym)
        if other == "recipient"
        else Keys(own.recipients, demonstration.pseudonym)
    )
    refuse_demonstration(half, ["form/0-SYNTHETIC-1.xlsx"])
    with pytest.raises(SurveyError) as error:
        refuse_demonstration(half, ["form/0-SYNTHETIC-1.xlsx", "form/1-form.xlsx"])
    assert codes(error) == ["KEYS-003"]
    refuse_demonstration(own, ["form/1-form.xlsx"])
