"""Any form in the field can be cleaned: every rule worked out, every answer accounted for."""

import pytest

from pipeline.cleaning.process import process
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.settings import Settings
from tests.cleaning.forms import returns
from tests.conftest import PROJECT, SHARED

FORMS = [
    *sorted((SHARED / "xlsforms").glob("*/*.xlsx")),
    *(path for path in sorted((PROJECT / "instruments").glob("*.yaml")) if path.stem != "study"),
]


def first_choice(form, question) -> str:
    return next((choice.name for choice in form.choices_of(question)), "1")


def test_the_real_forms_are_there(shared_dir):
    """Twelve and more, besides the project's own four."""
    assert shared_dir == SHARED
    assert len(FORMS) >= 16


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_rule_of_a_real_form_is_worked_out(path):
    """A blank response, one of nonsense, one of first choices, with rows in every repeat.

    The ledger is checked inside: it adds up, or the run fails.
    """
    form = load(path) if path.suffix == ".yaml" else read_xlsform(path, form_id="small")[0]
    answered = {item.name: first_choice(form, item.question) for item in form.items}
    repeats = {
        name: [
            {"response_id": f"r{at}", **{item.name: answered[item.name] for item in held}}
            for at in (1, 2, 3)
        ]
        for name in form.repeats
        for held in [form.answered(name)]
    }
    main = {item.name: answered[item.name] for item in form.answered()}
    settings = Settings.model_validate({"blank": {"not_asked": True}})
    rows = [{}, dict.fromkeys(main, "nonsense"), main]
    done = process(returns(rows, repeats=repeats), form, settings)
    assert "rule_not_checked" not in set(done.issues["code"])
    assert len(done.main) == 3
    came = 2 * len(main) + sum(3 * len(form.answered(name)) for name in form.repeats)
    assert done.ledger["answers_in"].sum() == came
