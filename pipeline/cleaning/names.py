"""Stage names: which organisation a name in a repeat means, as a person has decided.

The list is the names of the organisations that answered, and those that a person has accepted as
organisations of their own. No answer is changed and nothing is matched by likeness alone: names
that are no more than another width, case or spacing of a listed one are the same (see
`privacy.organisations`), every other waits for a decision.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Finding
from pipeline.cleaning.decisions import (
    Decided,
    Settled,
    contradictions,
    key_of,
    of_form,
    seen_in,
    settle,
    unfit,
)
from pipeline.cleaning.likeness import LEAST, likeness, one_script
from pipeline.cleaning.other_texts import decided_rows, spellings
from pipeline.cleaning.recoding import rows_by_text
from pipeline.questionnaire.model import Choice, Item, Questionnaire
from pipeline.recoding import ROW_COLUMNS, Decision, Task, Work, spelling, typed
from pipeline.settings import Roles

STAGE, CODE = "names", "name_matched"
Tables = Mapping[str, pd.DataFrame]
"""Repeat -> its rows; "" is the main table."""

LEGAL_FORMS = (
    "認定特定非營利活動法人",
    "特定非營利活動法人",
    "一般社團法人",
    "公益社團法人",
    "一般財團法人",
    "公益財團法人",
    "NPO法人",
    "宗教法人",
    "財團法人",
    "社團法人",
    "股份有限公司",
    "有限公司",
    "株式會社",
)
"""What a name may carry or leave out without meaning another organisation; longer ones first."""

_LEGAL_WORDS = re.compile(
    r"\b(?:the|inc|incorporated|ltd|limited|co|corp|corporation|llc|npo|ngo)\b"
)


def names(batch: Batch, roles: Roles, decisions: pd.DataFrame | None) -> Batch:
    """Tell every name that a person has matched to the list, and each decision that does not fit.

    Args:
        batch: after every other stage.
        roles: which questions hold an organisation's name.
        decisions: `recoding.DECISION_COLUMNS`.
    """
    form = batch.questionnaire
    settled = settle(of_form(decisions, form.form_id), Work.NAMES, form.form_id)
    if not settled.holding and not settled.open:
        return batch
    tables = {name: frame[batch.standing(name)] for name, frame in batch.frames.items()}
    listed = _plain(listed_names(tables, form, roles, settled))
    used, findings = set[object](), list[Finding]()
    for item in named_in_repeats(form, roles):
        table = item.repeat or MAIN
        texts = batch.frames[table][item.name].astype("str")
        there = texts.notna().to_numpy() & batch.standing(table)
        for written, rows in rows_by_text(texts, there):
            one = settled.holding.get(key_of(item.name, written))
            if one is None or not _fits(one, listed):
                continue
            used.add(one.key)
            if one.decision is Decision.CHOICE:
                findings.append(Finding(CODE, table, rows, item.name, one.rule, stage=STAGE))
    left = [one for key, one in settled.holding.items() if key not in used]
    noted = [contradictions(settled).assign(stage=STAGE), unfit(left).assign(stage=STAGE)]
    return batch.adding(findings=findings, noted=noted)


def same_names(
    tables: Tables, form: Questionnaire, roles: Roles, decisions: pd.DataFrame | None
) -> tuple[tuple[str, str], ...]:
    """Pairs of names that mean one organisation, because a person has decided so.

    Of a name that is an organisation of its own every spelling is paired with the one that the
    person saw.
    """
    settled = settle(of_form(decisions, form.form_id), Work.NAMES, form.form_id)
    listed = _plain(listed_names(tables, form, roles, settled))
    pairs = dict[tuple[str, str], None]()
    for item in named_in_repeats(form, roles):
        for written in sorted(tables[item.repeat or MAIN][item.name].dropna().unique()):
            one = settled.holding.get(key_of(item.name, written))
            if one is not None and _fits(one, listed):
                meant = one.value if one.decision is Decision.CHOICE else one.text
                pairs[written, meant] = None
    return tuple(pairs)


def names_task(
    tables: Tables,
    form: Questionnaire,
    roles: Roles,
    settled: Settled,
    languages: tuple[str, ...],
) -> Task | None:
    """The names that a person has to match, and those that are.

    Args:
        tables: cleaned answers, names still in them.
        form: the questionnaire.
        roles: which questions hold an organisation's name.
        settled: decisions that came back.
        languages: of the workbook.

    Returns:
        None where no name in a repeat is unknown and nothing has been decided.
    """
    items = named_in_repeats(form, roles)
    known = listed_names(tables, form, roles, settled)
    asked = [_undecided(tables, item, known, settled) for item in items]
    written = Counter(
        key_of(item.name, text)
        for item in items
        for text in tables[item.repeat or MAIN][item.name].dropna()
    )
    ours = sorted(
        (one for key, one in settled.holding.items() if written[key]),
        key=lambda one: (one.key[0], one.text),
    )
    parts = [part for part in (*asked, decided_rows(ours, written)) if len(part)]
    if not parts:
        return None
    offers = tuple(Choice(name=name) for name in known)
    return Task(
        work=Work.NAMES,
        form_id=form.form_id,
        version=form.version,
        languages=languages,
        labels={item.name: item.question.label or {} for item in items},
        offers={item.name: offers for item in items},
        rows=typed(pd.concat(parts, ignore_index=True), ROW_COLUMNS),
    )


def named_in_repeats(form: Questionnaire, roles: Roles) -> tuple[Item, ...]:
    """The questions of repeats that hold an organisation's name."""
    items = (form.by_name.get(name) for name in roles.organisations)
    return tuple(item for item in items if item is not None and item.repeat is not None)


def listed_names(
    tables: Tables, form: Questionnaire, roles: Roles, settled: Settled
) -> tuple[str, ...]:
    """The list: names of those who answered, then those accepted, each spelling once."""
    main = tables[MAIN]
    answered = [
        str(text)
        for name in roles.organisations
        if name in main and form.by_name[name].repeat is None
        for text in main[name].dropna().unique()
    ]
    accepted = (one.text for one in settled.holding.values() if one.decision is Decision.KEEP)
    by_spelling: dict[str, str] = {}
    for text in (*sorted(answered), *sorted(accepted)):
        by_spelling.setdefault(spelling(text), text)
    return tuple(by_spelling.values())


def without_legal_form(name: str) -> str:
    """A name in one script without what only says in which legal form it is registered."""
    plain = one_script(name)
    for form in LEGAL_FORMS:
        plain = plain.replace(one_script(form), " ")
    plain = " ".join(_LEGAL_WORDS.sub(" ", plain).split())
    return plain or one_script(name)


def _undecided(tables: Tables, item: Item, known: Sequence[str], settled: Settled) -> pd.DataFrame:
    listed = _plain(known)
    given = tables[item.repeat or MAIN][item.name].dropna()
    counted = spellings(given[[spelling(text) not in listed for text in given]])
    keys = [key_of(item.name, text) for text in counted["text"]]
    is_open = [not _is_decided(settled.holding.get(key), listed) for key in keys]
    counted = counted[is_open].reset_index(drop=True)
    if counted.empty:
        return counted
    plain = [without_legal_form(name) for name in known]
    scores = likeness([without_legal_form(text) for text in counted["text"]], plain)
    best = [row.argmax() if len(row) and row.max() >= LEAST else None for row in scores]
    return counted.assign(
        question=item.name,
        suggestion=pd.Series([None if at is None else known[at] for at in best], dtype="str"),
        likeness=pd.Series(
            [
                None if at is None else round(float(row[at]))
                for row, at in zip(scores, best, strict=True)
            ],
            dtype="Int64",
        ),
        settles=pd.Series(list(_seen(item, counted["text"], settled)), dtype="str"),
    )


def _seen(item: Item, texts: pd.Series, settled: Settled) -> Iterator[str | None]:
    """The files whose decisions about each name do not hold, and which a new one replaces."""
    for text in texts:
        key = key_of(item.name, text)
        stale = settled.holding.get(key)
        yield seen_in(settled.open.get(key, () if stale is None else (stale,)))


def _is_decided(one: Decided | None, listed: frozenset[str]) -> bool:
    return one is not None and _fits(one, listed)


def _fits(one: Decided, listed: frozenset[str]) -> bool:
    """Whether the organisation that a decision names is in the list."""
    return one.decision is Decision.KEEP or spelling(one.value) in listed


def _plain(known: Sequence[str]) -> frozenset[str]:
    return frozenset(map(spelling, known))
