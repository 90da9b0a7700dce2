"""Where a study stands: what came back, what is open, what is out, what is out of date."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import SurveyError
from pipeline.settings import Roles
from pipeline.study import Study
from pipeline.workflow.analyze import steps
from pipeline.workflow.at_work import memory_of
from pipeline.workflow.questionnaires import form_names

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.returns.register import Assignment

UNKNOWN = "(not known)"
NOT_APPLIED = frozenset(
    {
        "correction_unfit",
        "correction_unmatched",
        "correction_unclaimed",
        "correction_contradicts",
        "correction_unknown_question",
        "correction_unreadable",
    }
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


@dataclass(frozen=True)
class FormStatus:
    """What came back for one form.

    Attributes:
        files: received.
        unread: of these, how many could not be read.
        kept, set_aside: responses; None while the form has not been processed.
        queries: open.
    """

    form: str
    files: int
    unread: int | None = None
    kept: int | None = None
    set_aside: int | None = None
    queries: int | None = None


@dataclass(frozen=True)
class PersonStatus:
    """What one interviewer has returned and still has.

    Attributes:
        returns: form -> responses kept.
        queries: open, of all forms.
        issued, back, overdue: copies.
    """

    interviewer: str
    returns: dict[str, int]
    queries: int
    issued: int
    back: int
    overdue: int


@dataclass(frozen=True)
class CountyStatus:
    """What was issued for one county."""

    county: str
    issued: int
    back: int
    overdue: int


@dataclass(frozen=True)
class Status:
    """Where a study stands on a day; holds no answer.

    Attributes:
        unrecognised: received files that belong to no form.
        correction_files: correction logs and answered workbooks of queries.
        not_applied: kind of reason -> corrections that were not applied.
        overdue: serials, with whom they are.
        out_of_date: what `survey analyze` would do; None where that cannot be said.
    """

    day: str
    forms: tuple[FormStatus, ...]
    people: tuple[PersonStatus, ...]
    counties: tuple[CountyStatus, ...]
    unrecognised: int
    correction_files: int
    not_applied: dict[str, int]
    workbooks: int
    overdue: dict[str, str]
    out_of_date: tuple[str, ...] | None


@dataclass
class _Form:
    """What processed/ says of one form."""

    name: str
    main: "pd.DataFrame"
    issues: "pd.DataFrame"
    queries: "pd.DataFrame"
    roles: Roles
    codes: list[str] = field(default_factory=list)


def status(study: Study, day: dt.date) -> Status:
    """Where a study stands.

    Args:
        study: may be empty.
        day: copies that were due before it and are not back are overdue.

    Raises:
        SurveyError: the manifest or the register is damaged, study.yaml is wrong.
    """
    from pipeline.returns.manifest import CORRECTIONS, UNRECOGNISED, read_manifest
    from pipeline.returns.register import read_register

    files = Counter(row.form for row in read_manifest(study))
    forms = {name: _form(study, name) for name in form_names(study)}
    processed = [form for form in forms.values() if form is not None]
    issued = read_register(study)
    back = _back(processed)
    late = {
        row.serial: row.interviewer or UNKNOWN
        for row in issued
        if row.due and row.due < day.isoformat() and row.serial not in back
    }
    workbooks = study.outputs / "queries"
    return Status(
        day=day.isoformat(),
        forms=tuple(_of_form(name, files[name], form) for name, form in forms.items()),
        people=_people(processed, issued, back, frozenset(late)),
        counties=_counties(issued, back, frozenset(late)),
        unrecognised=files[UNRECOGNISED],
        correction_files=files[CORRECTIONS],
        not_applied=_not_applied(study, processed),
        workbooks=len(list(workbooks.glob("*.xlsx"))) if workbooks.is_dir() else 0,
        overdue=late,
        out_of_date=_out_of_date(study),
    )


def _form(study: Study, name: str) -> _Form | None:
    import pandas as pd

    folder = study.processed / name
    files = [folder / f"{table}.parquet" for table in ("responses", "issues", "queries")]
    if not all(path.is_file() for path in files):
        return None
    main, issues, queries = map(pd.read_parquet, files)
    form = _Form(name, main, issues, queries, study.settings.roles.get(name, Roles()))
    role = form.roles.interviewer
    if role is not None and role in main:
        broken = issues.loc[issues["question"].eq(role), "response_id"]
        codes = main[role].astype("str").mask(main["response_id"].isin(broken))  # no code of ours
        texts = codes.fillna("").tolist()
        form.codes = [code if _CODE.fullmatch(code) else UNKNOWN for code in texts]
    return form


def _of_form(name: str, files: int, form: _Form | None) -> FormStatus:
    if form is None:
        return FormStatus(name, files)
    aside = form.issues["action"] == "set_aside"
    unread = form.issues["code"] == "unreadable_file"
    whole = form.issues["question"].isna() & form.issues["response_id"].notna()
    return FormStatus(
        name,
        files,
        int(unread.sum()),
        len(form.main),
        int((aside & whole & ~unread).sum()),
        len(form.queries),
    )


def _back(forms: Iterable[_Form]) -> frozenset[str]:
    """Serials of the copies that came back."""
    from pipeline.cleaning.serial_checks import serials_of

    found = frozenset[str]()
    for form in forms:
        found |= frozenset(serials_of(form.main, form.roles).dropna())
    return found


def _people(
    forms: Sequence[_Form],
    issued: "Sequence[Assignment]",
    back: frozenset[str],
    late: frozenset[str],
) -> tuple[PersonStatus, ...]:
    returns = {form.name: Counter(form.codes) for form in forms}
    asked = Counter[str]()
    for form in forms:
        asked.update(form.queries["interviewer"].fillna(UNKNOWN).tolist())
    names = set().union(*returns.values(), asked)
    names |= {row.interviewer or UNKNOWN for row in issued}
    found = []
    for name in sorted(names, key=lambda one: (one == UNKNOWN, one)):
        ours = [row.serial for row in issued if (row.interviewer or UNKNOWN) == name]
        counts = {form: counter[name] for form, counter in returns.items() if counter[name]}
        found.append(
            PersonStatus(
                name,
                counts,
                asked[name],
                len(ours),
                len(back.intersection(ours)),
                len(late.intersection(ours)),
            )
        )
    return tuple(found)


def _counties(
    issued: "Sequence[Assignment]", back: frozenset[str], late: frozenset[str]
) -> tuple[CountyStatus, ...]:
    by_county: dict[str, list[str]] = {}
    for row in issued:
        by_county.setdefault(row.county or UNKNOWN, []).append(row.serial)
    return tuple(
        CountyStatus(name, len(ours), len(back.intersection(ours)), len(late.intersection(ours)))
        for name, ours in sorted(by_county.items(), key=lambda one: (one[0] == UNKNOWN, one[0]))
    )


def _not_applied(study: Study, forms: Iterable[_Form]) -> dict[str, int]:
    import pandas as pd

    codes = [form.issues["code"] for form in forms]
    unclaimed = study.processed / "corrections" / "issues.parquet"
    if unclaimed.is_file():
        codes.append(pd.read_parquet(unclaimed, columns=["code"])["code"])
    counted = Counter(code for series in codes for code in series if code in NOT_APPLIED)
    return dict(sorted(counted.items()))


def _out_of_date(study: Study) -> tuple[str, ...] | None:
    memory = memory_of(study)
    try:
        return tuple(step.name for step in steps(study) if not memory.is_fresh(step))
    except SurveyError:
        return None
