"""What our own checks say about the real survey of Tal Afar, beside what its analysts did.

`python -m tests.cleaning.real_survey` writes the tables of docs/real-survey.md; the test holds the
same tables against what is written there.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.corrections_log import read_log
from pipeline.cleaning.fieldwork_checks import fieldwork_checks
from pipeline.cleaning.process import Cleaned, process
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Responses, join_issues
from pipeline.returns.source import SourceFile
from pipeline.returns.table import read_table
from pipeline.settings import Settings
from pipeline.store import sha256_file
from tests.conftest import PROJECT, SHARED

SETTINGS = Settings(timezone="Asia/Baghdad")
"""The study.yaml of this survey: one line."""
TARGET = PROJECT / "docs" / "real-survey.md"
MARK = "<!-- below: written by python -m tests.cleaning.real_survey -->"
FORM = "tal_afar"


def form_of(folder: Path) -> Questionnaire:
    """The form as it was fielded."""
    return read_xlsform(folder / "form.xlsx", form_id=FORM)[0]


def table(path: Path, questionnaire: Questionnaire) -> Responses:
    """A CSV of the survey, read as it came."""
    source = SourceFile(path, f"raw/{FORM}/{path.name}", sha256_file(path), "2021-07-20T00:00:00Z")
    return read_table(source, questionnaire)


def log_of(folder: Path) -> pd.DataFrame:
    """The analysts' own correction log."""
    path = folder / "cleaning_log.csv"
    return read_log(path, shown="raw/corrections/cleaning_log.csv").assign(form_id=FORM)


@dataclass(frozen=True, eq=False)
class Compared:
    """Our checks of the raw interviews beside the analysts' interventions.

    Attributes:
        by_rule: code, found, responses, changes and removals among the analysts' own, in all that
            we raised.
        by_intervention: what they did, how often, and how many we would have raised.
    """

    by_rule: pd.DataFrame
    by_intervention: pd.DataFrame


def compared(folder: Path) -> Compared:
    """Run every check of ours on the raw interviews, from the form alone."""
    form = form_of(folder)
    raw: Cleaned = process(table(folder / "kobo_export.csv", form), form, SETTINGS)
    issues = join_issues([raw.issues, fieldwork_checks(raw, form, SETTINGS)])
    issues = issues[issues["response_id"].notna()]
    asked = interventions(folder, form)
    rows = [_of_rule(code, issues, asked) for code in sorted(issues["code"].unique())]
    raised = asked.assign(raised=_is_raised(asked, issues))
    groups = raised.groupby("intervention", sort=False)["raised"]
    return Compared(
        by_rule=pd.DataFrame(rows),
        by_intervention=groups.agg(["size", "sum"])
        .reset_index()
        .set_axis(["intervention", "rows", "raised"], axis="columns"),
    )


def interventions(folder: Path, form: Questionnaire) -> pd.DataFrame:
    """The 106 rows of the log that ask for something: response_id, question, intervention.

    A choice of a select_multiple counts as its question; a removal concerns the whole interview.
    """
    log = log_of(folder)
    asked = log[log["change_type"] != "no_action"].reset_index(drop=True)
    whole = asked["change_type"] == "remove_survey"
    question = (
        asked["question"]
        .str.rpartition(".")[0]
        .where(~asked["question"].isin(form.by_name) & asked["question"].notna(), asked["question"])
    )
    reason = asked["reason"].fillna("no reason").where(whole, "")
    short = reason.str.contains("short")
    kind = asked["change_type"].mask(whole & short, "remove_survey, too short")
    kind = kind.mask(whole & (reason == "pilot"), "remove_survey, pilot")
    kind = kind.mask(kind == "remove_survey", "remove_survey, other")
    named = kind + ", " + question.where(~whole, "").fillna("")
    return pd.DataFrame(
        {
            "response_id": asked["response_id"],
            "question": question.mask(whole),
            "intervention": named.str.removesuffix(", "),
        }
    )


def _is_raised(asked: pd.DataFrame, issues: pd.DataFrame) -> pd.Series:
    """Whether an answer, or for a removal its interview as a whole, was asked about."""
    cells = set(zip(issues["response_id"], issues["question"], strict=True))
    wholes = set(issues.loc[issues["question"].isna(), "response_id"])
    found = [
        (key in wholes) if pd.isna(name) else ((key, name) in cells)
        for key, name in zip(asked["response_id"], asked["question"], strict=True)
    ]
    return pd.Series(found, index=asked.index)


def _of_rule(code: str, issues: pd.DataFrame, asked: pd.DataFrame) -> dict[str, object]:
    ours = issues[issues["code"] == code]
    raised = asked[_is_raised(asked, ours)]
    return {
        "code": code,
        "what": ISSUE_CODES[code].en,
        "found": len(ours),
        "interviews": ours["response_id"].nunique(),
        "questions": ours["question"].nunique(),
        "of their changes": int(raised["question"].notna().sum()),
        "of their removals": int(raised["question"].isna().sum()),
    }


def markdown(frame: pd.DataFrame) -> str:
    """A frame as a Markdown table."""
    rows = [list(map(str, frame.columns)), ["---"] * len(frame.columns)]
    rows += [[str(one) for one in row] for row in frame.itertuples(index=False)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def written(found: Compared) -> str:
    """The tables as they stand in the page."""
    total = found.by_intervention[["rows", "raised"]].sum()
    return (
        f"{MARK}\n\n### By rule, on the 632 raw interviews\n\n{markdown(found.by_rule)}\n\n"
        f"### By what the analysts did\n\n{markdown(found.by_intervention)}\n\n"
        f"Of their {total['rows']} interventions our own checks would have raised "
        f"{total['raised']}.\n"
    )


def main() -> None:
    """Write the tables below the mark."""
    head = TARGET.read_text(encoding="utf-8").partition(MARK)[0]
    found = written(compared(SHARED / "real-survey"))
    TARGET.write_text(head + found, encoding="utf-8")


if __name__ == "__main__":
    main()
