"""Cleaning, and the expressions that it works out."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.cleaning.process import process
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.responses import KEYS, Responses
from pipeline.settings import Settings
from tests.bench.harness import Row
from tests.bench.rows_expression import expressions

GROUPS = 5


def rows(*, small: bool) -> Iterator[Row]:
    """All stages, and one expression after the other."""
    number = 5_000 if small else 1_000_000
    yield cleaning(number)
    yield expressions(20_000 if small else number)


def form() -> Questionnaire:
    """60 questions: 30 skips, 30 constraints, 5 calculations."""
    survey = [Question(name=f"a{n}", type="integer", label={"en": "a"}) for n in range(25)]
    survey += [
        Question(
            name=f"b{n}",
            type="integer",
            label={"en": "b"},
            relevant=f"${{a{n % 25}}} > 10",
            constraint=". >= 0 and . <= 900",
        )
        for n in range(30)
    ]
    survey += [
        Question(
            name=f"c{n}",
            type="calculate",
            label={"en": "c"},
            calculation=f"${{a{n}}} + 2 * ${{a{n + 5}}}",
        )
        for n in range(5)
    ]
    return Questionnaire(
        form_id="big", version="1", title={"en": "Big"}, default_language="en",
        languages={"en": "English (en)"}, survey=tuple(survey),
    )  # fmt: skip


def answers(questionnaire: Questionnaire, number: int) -> Responses:
    random = np.random.default_rng(11)
    keys: dict[str, object] = {key: pd.array([pd.NA] * number, dtype="str") for key in KEYS}
    keys["response_id"] = [f"r{n}" for n in range(number)]
    keys |= {"form_id": "big", "form_version": "1", "mode": "table", "source_file": "raw/big.csv"}
    keys["received_at"] = "2011-09-01T00:00:00Z"
    keys["source_row"] = pd.array(range(2, number + 2), dtype="Int64")
    given = {
        item.name: pd.Series(random.integers(0, 1000, number)).astype("str")
        for item in questionnaire.answered(None)
        if item.question.type_name != "calculate"
    }
    given |= {f"c{n}": pd.array([pd.NA] * number, dtype="str") for n in range(5)}
    return Responses("big", pd.DataFrame(keys | given))


def cleaning(number: int) -> Row:
    questionnaire = form()
    responses = answers(questionnaire, number)

    def by_hand() -> tuple[pd.DataFrame, pd.DataFrame]:
        """The same checks in plain pandas."""
        main = responses.main
        clean = {n: pd.to_numeric(main[n], errors="coerce") for n in main if n[0] in "ab"}
        clean = {name: column for name, column in clean.items() if name[1:].isdigit()}
        found = []
        for n in range(30):
            column, asked = clean[f"b{n}"], clean[f"a{n % 25}"] > 10
            broken = column.notna() & ~((column >= 0) & (column <= 900))
            found.append(main.loc[broken, ["response_id"]].assign(rule="constraint"))
            strange = column.notna() & ~asked
            found.append(main.loc[strange, ["response_id"]].assign(rule="relevant"))
        for n in range(5):
            clean[f"c{n}"] = clean[f"a{n}"] + 2 * clean[f"a{n + 5}"]
        doubled = main["response_id"].duplicated()
        found.append(main.loc[doubled, ["response_id"]].assign(rule="duplicate"))
        return pd.DataFrame(clean), pd.concat(found, ignore_index=True)

    return Row(
        f"all cleaning stages, {number} responses x 60 questions",
        lambda: process(responses, questionnaire, Settings()),
        by_hand,
        "plain pandas by hand",
        bar=3.0,
        memory_bar=2.5,
        once=number > 100_000,
    )
