"""The SYNTHETIC set with canaries in every name and open answer, gone the road to the report."""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pipeline.returns.manifest import read_manifest
from pipeline.study import Study, open_study
from pipeline.workflow.analyze import steps
from pipeline.workflow.questionnaires import load_questionnaires
from tests.conftest import PROJECT
from tests.security.canaries import CANARY, canaries_for, canaries_in, planted
from tests.security.forked import survey

QUOTED_FORM = "acceptance_interview"
EXCERPTS = 6

COMMANDS: tuple[tuple[object, ...], ...] = (
    ("deliver",),
    ("deliver", "--restricted"),
    ("ledger",),
    ("status",),
    ("status", "--json"),
    ("check",),
    ("translations", "export"),
    ("export", "activity_record", "--layout", "table"),
)
"""What prints no answer; `survey names` makes a workbook of names, and is looked at by itself."""


@dataclass(frozen=True)
class MarkedStudy:
    """What was made, printed and found.

    Attributes:
        said: everything that the commands printed.
        found: canary -> the places where it stands, but for workbooks of names.
        quoted: canaries in excerpts whose respondents consented to be quoted.
    """

    study: Study
    said: str
    found: Mapping[str, set[str]]
    quoted: frozenset[str]

    @property
    def consented(self) -> frozenset[str]:
        """Canaries of the organisations that agreed to be named."""
        main = pd.read_parquet(self.study.processed / "organisation_profile/responses.parquet")
        names = main.loc[main["consent_named"] == "yes", "public_name"].dropna()
        return frozenset(found for name in names for found in CANARY.findall(name))


def mark_study(folder: Path) -> MarkedStudy:
    """Receive the returns anew with canaries in them, and make everything but the forms.

    The forms are made of the questionnaires alone, and in one language everything is shown that
    can be.
    """
    root, inbox = folder / "study", folder / "in"
    for part in ("instruments", "notebooks"):
        shutil.copytree(PROJECT / part, root / part)
    returns_with_canaries(inbox)
    said = [survey(root, "receive", inbox)[1]]
    study = open_study(root)
    quoted = frozenset[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORT_LANGUAGE", "en")
        for step in steps(study):
            if not quoted and step.name.startswith("counts "):
                quoted = choose_excerpts(study)
            if step.at_once is not None:
                step.at_once({step.name: tuple})
            elif not step.name.startswith("forms "):
                list(step.run())
    for command in COMMANDS:
        code, text = survey(root, *command)
        assert code == 0, text
        said.append(text)
    return MarkedStudy(study, "\n".join(said), found_in(root), quoted)


def returns_with_canaries(inbox: Path) -> None:
    """Write what lies in raw/, with canaries."""
    original = open_study(PROJECT)
    inbox.mkdir()
    for name, form in load_questionnaires(original).items():
        canaries = canaries_for(original, form)
        for row in read_manifest(original):
            if row.form == name:
                content = (original.raw / row.file).read_bytes()
                (inbox / Path(row.file).name[17:]).write_bytes(planted(content, canaries))


def choose_excerpts(study: Study) -> frozenset[str]:
    """Choose open answers with canaries whose respondents consented to be quoted, dressed first."""
    main = pd.read_parquet(study.processed / QUOTED_FORM / "responses.parquet")
    main = main[main["consent"].eq("yes") & main["consent_quote"].eq("yes")]
    answers = main.melt("response_id", [name for name in main if name.startswith("comment_")])
    answers = answers[answers["value"].str.contains("CANARY", na=False)]
    answers = answers[~answers["value"].str.contains("@")]  # never quoted: it may be an address
    answers = answers.sort_values("value", key=lambda texts: ~texts.str.contains("<"))
    chosen = answers.drop_duplicates("value").head(EXCERPTS)
    with (study.instruments / "excerpts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("form", "response_id", "question", "excerpt"))
        for row in chosen.itertuples():
            writer.writerow((QUOTED_FORM, row.response_id, row.variable, row.value))
    return frozenset(found for text in chosen["value"] for found in CANARY.findall(text))


def found_in(root: Path) -> dict[str, set[str]]:
    """Canary -> where it is found in what was made."""
    found: dict[str, set[str]] = {}
    for top in ("processed", "outputs"):
        for canary, places in canaries_in(root / top).items():
            found.setdefault(canary, set()).update(f"{top}/{place}" for place in places)
    return found
