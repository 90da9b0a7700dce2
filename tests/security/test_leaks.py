"""No name is found outside the encrypted store, and open answers only where docs/security.md says.

Canaries stand in the place of every identifier and every open answer of the SYNTHETIC set. Then
everything that is made, printed or shown in an error is searched, packed files included.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pipeline.privacy.identifier_file import read_identifiers
from pipeline.privacy.keys import read_identity
from pipeline.returns.manifest import read_manifest
from pipeline.study import Study, open_study
from pipeline.workflow.questionnaires import load_questionnaires
from tests.conftest import PROJECT
from tests.security.canaries import CANARY, canaries_for, canaries_in, planted

pytestmark = pytest.mark.xdist_group("leaks")

OPEN_PLACES = re.compile(
    r"processed/[a-z_]+/(responses|ties|programmes|populations|follow_ups)\.parquet:.*"
    r"|processed/[a-z_]+/(raw_text|queries)\.parquet:.*"
    r"|outputs/(queries|recoding)/[^/]+\.xlsx"
    r"|outputs/recoding/.+"
)
"""Where an open answer may stand; the list of docs/security.md."""

NAMED_PLACES = re.compile(
    r"processed/organisation_profile/responses\.parquet:public_name|outputs/report/.+"
    r"|outputs/\.made\.json"
)
"""Where an organisation stands that consented to be named."""


@dataclass(frozen=True)
class Canaries:
    study: Study
    planted: Mapping[str, str]
    said: str
    found: Mapping[str, set[str]]


def survey(study: Path, *arguments: object) -> tuple[int, str]:
    """The command in a process of its own, as a person runs it; everything that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--study", study, *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "REPORT_LANGUAGE": "en"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def canaries(tmp_path_factory) -> Canaries:
    """The repository's study, received anew with canaries, and analysed."""
    folder = tmp_path_factory.mktemp("leaks")
    root, inbox = folder / "study", folder / "in"
    for part in ("instruments", "notebooks"):
        shutil.copytree(PROJECT / part, root / part)
    swapped = returns_with_canaries(inbox)
    said = [survey(root, "receive", inbox)[1]]
    for command in ("process", "deliver", "ledger", "verify", "check"):
        code, text = survey(root, command)
        assert code == 0, text
        said.append(text)
    return Canaries(open_study(root), swapped, "\n".join(said), found_in(root))


def found_in(root: Path) -> dict[str, set[str]]:
    """Canary -> where it is found in what was made."""
    found: dict[str, set[str]] = {}
    for top in ("processed", "outputs"):
        for canary, places in canaries_in(root / top).items():
            found.setdefault(canary, set()).update(f"{top}/{place}" for place in places)
    return found


def consented_names(study: Study) -> set[str]:
    """Names of organisations that agreed to be named."""
    main = pd.read_parquet(study.processed / "organisation_profile/responses.parquet")
    return set(main.loc[main["consent_named"] == "yes", "public_name"])


def returns_with_canaries(inbox: Path) -> dict[str, str]:
    """Write what lies in raw/, with canaries; gives back what each stands for."""
    original = open_study(PROJECT)
    everything: dict[str, str] = {}
    inbox.mkdir()
    for name, form in load_questionnaires(original).items():
        here = canaries_for(original, form)
        everything |= here
        for row in read_manifest(original):
            if row.form == name:
                content = (original.raw / row.file).read_bytes()
                (inbox / Path(row.file).name[17:]).write_bytes(planted(content, here))
    return everything


def test_the_canaries_came_back_and_were_read(canaries):
    """Otherwise nothing below shows anything: names are in the encrypted store, texts in tables."""
    study = canaries.study
    path = study.processed / "organisation_profile" / "identifiers.age"
    identity = read_identity(study.keys / "identity.txt", shown="")
    kept = read_identifiers(path, identity, shown="")
    names = {value for value in kept["value"] if CANARY.fullmatch(value)}
    assert len(names) > 100
    assert {"contact_name", "contact_mail", "org_name_zh"} <= set(kept["question"])
    assert len([one for one in canaries.found if "-OPEN-" in one]) > 50


def test_no_identifier_is_in_anything_that_is_made(canaries):
    """But the name of an organisation that consented to be named."""
    leaked = {one: places for one, places in canaries.found.items() if "-ID-" in one}
    assert leaked.keys() <= consented_names(canaries.study)
    places = {place for found in leaked.values() for place in found}
    assert {place for place in places if not NAMED_PLACES.fullmatch(place)} == set()


def test_open_answers_are_only_where_it_is_said(canaries):
    places = {place for one, found in canaries.found.items() if "-OPEN-" in one for place in found}
    assert {place for place in places if not OPEN_PLACES.fullmatch(place)} == set()


@pytest.mark.slow
def test_the_report_names_nobody_and_quotes_nobody(canaries, tmp_path):
    """Pages, notebooks, tables, figures and forms: but organisations that agreed to be named."""
    study = tmp_path / "study"
    shutil.copytree(canaries.study.root, study)
    code, said = survey(study, "analyze")
    assert (code, CANARY.findall(said)) == (0, []), said
    found = found_in(study)
    leaked = {one for one in found if "-ID-" in one}
    assert leaked <= consented_names(open_study(study))
    places = {place for one, at in found.items() if "-OPEN-" in one for place in at}
    assert {place for place in places if not OPEN_PLACES.fullmatch(place)} == set()


def test_files_with_answers_are_their_owners_alone(canaries):
    """Whatever holds an open answer or a name, and all of processed/."""
    study = canaries.study
    paths = {place.partition(":")[0] for found in canaries.found.values() for place in found}
    paths = {path for path in paths if not path.startswith("outputs/report/")}
    paths |= {
        path.relative_to(study.root).as_posix()
        for top in (study.processed, study.outputs / "data")
        for path in top.rglob("*")
        if path.suffix in {".parquet", ".age", ".csv", ".sav", ".dta"}
    }
    shared = {path for path in paths if (study.root / path).stat().st_mode & 0o077}
    assert shared == set()


def test_no_command_prints_an_answer(canaries):
    assert CANARY.findall(canaries.said) == []


def broken_keys(study: Path) -> tuple[object, ...]:
    shutil.rmtree(study / "instruments/synthetic/keys")
    return ("process",)


def altered_return(study: Path) -> tuple[object, ...]:
    path = next((study / "raw/organisation_profile").glob("*.xml"))
    path.write_bytes(path.read_bytes() + b" ")
    return ("analyze",)


def altered_verify(study: Path) -> tuple[object, ...]:
    altered_return(study)
    return ("verify",)


def no_such_response(study: Path) -> tuple[object, ...]:
    return ("identify", "nobody")


def no_private_key(study: Path) -> tuple[object, ...]:
    (study / "instruments/synthetic/keys/identity.txt").unlink()
    return ("identify", "nobody")


def withdrawing_nobody(study: Path) -> tuple[object, ...]:
    return ("withdraw", "nobody")


def damaged_table(study: Path) -> tuple[object, ...]:
    """Answers that no format can hold, under a question's own name."""
    path = study / "processed/organisation_profile/responses.parquet"
    frame = pd.read_parquet(path)
    frame["staff_paid"] = "CANARY-1-OPEN-x"
    frame["contact_name"] = "CANARY-2-ID-contact_name"
    frame.to_parquet(path)
    return ("deliver", "organisation_profile")


def text_for_a_number(study: Path) -> tuple[object, ...]:
    (study / "data.csv").write_text("weight,age\nCANARY-1-ID-x,CANARY-2-ID-x\n1,2\n")
    (study / "design.yaml").write_text("weights: weight\n")
    return ("tabulate", study / "data.csv", "--design", study / "design.yaml", "--rows", "age")


def hostile_returns(study: Path) -> tuple[object, ...]:
    inbox = study / "hostile"
    inbox.mkdir()
    (inbox / "uneven.csv").write_text("_uuid,consent\nCANARY-1-ID-x,CANARY-2-OPEN-x,3\n")
    (inbox / "cut.xml").write_text('<data id="x"><who>CANARY-1-ID-x</who><CANARY-2-ID-x')
    (inbox / "dtd.xml").write_text('<!DOCTYPE a [<!ENTITY e "CANARY-1-ID-x">]><data>&e;</data>')
    (inbox / "book.xlsx").write_bytes(b"PK\x03\x04CANARY-1-ID-x")
    return ("receive", inbox)


def answers_as_json(study: Path) -> tuple[object, ...]:
    (study / "answers.json").write_text('{"no_such": "CANARY-1-ID-x", "consent": "CANARY-2-ID-x"}')
    return ("try", "organisation_profile", study / "answers.json")


FAILURES = (
    altered_return,
    altered_verify,
    answers_as_json,
    broken_keys,
    damaged_table,
    hostile_returns,
    no_private_key,
    no_such_response,
    text_for_a_number,
    withdrawing_nobody,
)


@pytest.mark.slow
@pytest.mark.parametrize("fail", FAILURES, ids=lambda work: work.__name__)
def test_a_command_that_fails_shows_no_answer_and_no_traceback(canaries, tmp_path, fail):
    """Each failure says what to do, and says it without what somebody answered."""
    study = tmp_path / "study"
    shutil.copytree(canaries.study.root, study, ignore=shutil.ignore_patterns("report", "forms"))
    code, said = survey(study, *fail(study))
    assert code == 1, said
    assert CANARY.findall(said) == []
    assert "Traceback" not in said
    reasons = study / "raw/unrecognised/REASONS.csv"
    assert not reasons.exists() or CANARY.findall(reasons.read_text()) == []
