"""A small SYNTHETIC form and its answers, from which every kind of table is made."""

import pandas as pd
import pytest

from pipeline.analysis.data import open_dataset
from pipeline.questionnaire.model import Choice, Group, MissingKind, Question, Questionnaire, Repeat
from tests.analysis.drawn import study_of, write_answers

TEXTS = {"en": "English (en)", "zh-Hant": "繁體中文 (zh)", "ja": "日本語 (ja)"}


def said(en: str) -> dict[str, str]:
    return {"en": en, "zh-Hant": f"中{en}", "ja": f"日{en}"}


def choices(*names: str, **missing: MissingKind) -> tuple[Choice, ...]:
    plain = [Choice(name=name, label=said(name)) for name in names]
    return (*plain, *(Choice(name=n, label=said(n), missing=kind) for n, kind in missing.items()))


FORM = Questionnaire(
    form_id="little",
    version="1",
    title=said("Little form (SYNTHETIC)"),
    default_language="en",
    languages=TEXTS,
    choices={
        "colour": choices("red", "green", "blue", refused=MissingKind.REFUSED),
        "kind": choices("ngo", "office"),
        "scale": choices("1", "2", "3", dont_know=MissingKind.DONT_KNOW),
    },
    survey=(
        Group(
            group="about",
            label=said("About"),
            questions=(
                Question(name="kind", type="select_one kind", label=said("Kind")),
                Question(name="colour", type="select_one colour", label=said("Colour")),
                Question(name="colours", type="select_multiple colour", label=said("Colours")),
                Question(name="staff", type="integer", label=said("Staff"), unit=said("people")),
                Question(name="day", type="date", label=said("Day")),
                Question(name="why", type="text", label=said("Why")),
                Question(name="who", type="text", label=said("Who"), sensitivity="identifier"),
                Question(name="law", type="select_one scale", label=said("Law")),
                Question(name="work", type="select_one scale", label=said("Work")),
            ),
        ),
        Repeat(
            repeat="ties",
            label=said("Ties"),
            questions=(Question(name="tie", type="select_one kind", label=said("Tie")),),
        ),
    ),
)


@pytest.fixture
def open_answers(tmp_path):
    """Open a Dataset of the little form from columns of answers; threshold 1 shows everything."""

    def make(main: dict, missing: dict | None = None, *, threshold: int = 1, language: str = "en"):
        settings = f"title: A study\ndisclosure: {{public: {threshold}}}\n"
        study = study_of(tmp_path, FORM, settings=settings)
        kinds = None if missing is None else pd.DataFrame(missing, dtype="object")
        write_answers(study, FORM, pd.DataFrame(main), kinds)
        return open_dataset(study, "little", language)

    return make
