"""Each command made to fail, with a canary in reach: what it says must not hold it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import typer.main

from pipeline.cli import app

FORM = "organisation_profile"
ID, OPEN = "CANARY-1-ID-x", "CANARY-2-OPEN-x"
Failure = Callable[[Path], tuple[object, ...]]


def _response(study: Path) -> str:
    frame = pd.read_parquet(study / f"processed/{FORM}/responses.parquet", columns=["response_id"])
    return str(frame["response_id"].iloc[0])


def _alter_return(study: Path) -> None:
    path = next((study / f"raw/{FORM}").glob("*.xml"))
    path.write_bytes(path.read_bytes() + b" ")


def _damage(study: Path, table: str) -> None:
    (study / f"processed/{FORM}/{table}.parquet").write_bytes(f"{ID} {OPEN}".encode())


def _a_return(study: Path) -> Path:
    return next((study / f"raw/{FORM}").glob("*.xlsx"))


def no_keys(study: Path) -> tuple[object, ...]:
    shutil.rmtree(study / "instruments/synthetic/keys")
    return ("process", FORM)


def altered_return_processed(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("process", FORM)


def altered_return_analysed(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("analyze",)


def altered_return_verified(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("verify",)


def altered_return_delivered(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("deliver", FORM)


def altered_return_named(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("names", FORM)


def altered_return_traced(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("trace", FORM, _response(study))


def altered_return_sealed(study: Path) -> tuple[object, ...]:
    _alter_return(study)
    return ("seal", study / "raw.age")


def damaged_ledger(study: Path) -> tuple[object, ...]:
    _damage(study, "ledger")
    return ("ledger", FORM)


def damaged_queries(study: Path) -> tuple[object, ...]:
    _damage(study, "queries")
    return ("status",)


def damaged_issues(study: Path) -> tuple[object, ...]:
    _damage(study, "issues")
    return ("withdraw", "nobody")


def damaged_data(study: Path) -> tuple[object, ...]:
    path = study / f"outputs/data/{FORM}/{FORM}.csv"
    path.write_text(f"{ID},{OPEN}\n1\n1,2,3\n", encoding="utf-8")
    return ("audit",)


def no_such_response(study: Path) -> tuple[object, ...]:
    return ("identify", "nobody")


def no_private_key(study: Path) -> tuple[object, ...]:
    (study / "instruments/synthetic/keys/identity.txt").unlink()
    return ("identify", _response(study))


def damaged_identifiers(study: Path) -> tuple[object, ...]:
    (study / f"processed/{FORM}/identifiers.age").write_text(ID, encoding="utf-8")
    return ("identify", _response(study))


def withdrawing_nobody(study: Path) -> tuple[object, ...]:
    return ("withdraw", "nobody")


def answers_no_format_holds(study: Path) -> tuple[object, ...]:
    path = study / f"processed/{FORM}/responses.parquet"
    pd.read_parquet(path).assign(staff_paid=OPEN, contact_name=ID).to_parquet(path)
    return ("deliver", FORM)


def text_for_a_number(study: Path) -> tuple[object, ...]:
    (study / "data.csv").write_text(f"weight,age\n{ID},{OPEN}\n1,2\n", encoding="utf-8")
    (study / "design.yaml").write_text("weights: weight\n", encoding="utf-8")
    return ("tabulate", study / "data.csv", "--design", study / "design.yaml", "--rows", "age")


def hostile_returns(study: Path) -> tuple[object, ...]:
    inbox = study / "hostile"
    inbox.mkdir()
    (inbox / "uneven.csv").write_text(f"_uuid,consent\n{ID},{OPEN},3\n", encoding="utf-8")
    (inbox / "cut.xml").write_text(f'<data id="x"><who>{ID}</who><{OPEN}', encoding="utf-8")
    dtd = f'<!DOCTYPE a [<!ENTITY e "{ID}">]><data>&e;</data>'
    (inbox / "dtd.xml").write_text(dtd, encoding="utf-8")
    (inbox / "book.xlsx").write_bytes(b"PK\x03\x04" + ID.encode())
    return ("receive", inbox)


def answers_as_json(study: Path) -> tuple[object, ...]:
    path = study / "answers.json"
    path.write_text(f'{{"no_such": "{ID}", "consent": "{OPEN}"}}', encoding="utf-8")
    return ("try", FORM, path)


def a_return_for_a_form(study: Path) -> tuple[object, ...]:
    return ("import-form", _a_return(study))


def a_return_for_another_version(study: Path) -> tuple[object, ...]:
    return ("diff-forms", FORM, _a_return(study))


def a_return_for_translations(study: Path) -> tuple[object, ...]:
    return ("translations", "import", _a_return(study))


def _broken_form(study: Path) -> None:
    path = study / f"instruments/{FORM}.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nno_such_word: [{OPEN}", encoding="utf-8")


def broken_form_checked(study: Path) -> tuple[object, ...]:
    _broken_form(study)
    return ("check",)


def broken_form_translated(study: Path) -> tuple[object, ...]:
    _broken_form(study)
    return ("translations", "export")


def wrong_assignments(study: Path) -> tuple[object, ...]:
    path = study / "assignments.csv"
    path.write_text(f"frame_id,interviewer,due\n{ID},{ID},{OPEN}\n", encoding="utf-8")
    return ("export", FORM, "--assign", path)


def no_such_form(study: Path) -> tuple[object, ...]:
    return ("simulate", "no_such_form", "--to", study / "simulated")


def a_study_is_there(study: Path) -> tuple[object, ...]:
    return ("init", study)


def keys_are_there(study: Path) -> tuple[object, ...]:
    (study / "keys").mkdir()
    (study / "keys/identity.txt").write_text(ID, encoding="utf-8")
    return ("keys", "new")


def an_odk_key_is_there(study: Path) -> tuple[object, ...]:
    (study / "keys").mkdir()
    (study / "keys/odk_private.pem").write_text(ID, encoding="utf-8")
    return ("keys", "odk")


def raw_is_not_empty(study: Path) -> tuple[object, ...]:
    return ("unseal", _a_return(study))


def no_key_to_decrypt(study: Path) -> tuple[object, ...]:
    return ("decrypt", study / "raw", "--to", study / "opened", "--key", _a_return(study))


FAILURES: tuple[Failure, ...] = (
    a_return_for_a_form,
    a_return_for_another_version,
    a_return_for_translations,
    a_study_is_there,
    altered_return_analysed,
    altered_return_delivered,
    altered_return_named,
    altered_return_processed,
    altered_return_sealed,
    altered_return_traced,
    altered_return_verified,
    an_odk_key_is_there,
    answers_as_json,
    answers_no_format_holds,
    broken_form_checked,
    broken_form_translated,
    damaged_data,
    damaged_identifiers,
    damaged_issues,
    damaged_ledger,
    damaged_queries,
    hostile_returns,
    keys_are_there,
    no_key_to_decrypt,
    no_keys,
    no_private_key,
    no_such_form,
    no_such_response,
    raw_is_not_empty,
    text_for_a_number,
    withdrawing_nobody,
    wrong_assignments,
)


def every_command() -> Iterator[str]:
    """The words of each command, as `--help` has them."""
    yield from _commands(typer.main.get_command(app), ())


def _commands(command: object, words: tuple[str, ...]) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(words)
        return
    for name, one in below.items():
        yield from _commands(one, (*words, name))
