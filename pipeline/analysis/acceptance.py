"""How refugees are received in Taiwan, as those rate it who deal with it.

Means are of the scale's points, 1 (very poor) to 5 (very good). Respondents were chosen, not drawn:
nothing here is an estimate for all officials, lawyers or organisations of Taiwan.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.analysis.counting import ANSWERED, NO_GROUP, Counting
from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import sentences
from pipeline.analysis.stems import battery_of
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.tables import likert_table
from pipeline.estimation.design import Design
from pipeline.estimation.design import Kind as DesignKind
from pipeline.privacy.count_table import Cell
from pipeline.questionnaire.code_frame import column_of

FORM = "acceptance_interview"
ROUNDTABLE = "refugee_roundtable"
PURPOSIVE = Design(kind=DesignKind.PURPOSIVE)
_POINTS = {1: 3, 2: 2, 3: 1}
"""Points of a first, second and third priority."""


def domain_labels(dataset: Dataset) -> dict[str, str]:
    """Domain of acceptance -> its short label, in the form's order."""
    return dataset.choice_labels("priority_1")


def population_labels(dataset: Dataset) -> dict[str, str]:
    """Population -> its label, in the form's order."""
    return dataset.choice_labels("population")


def coded(dataset: Dataset) -> tuple[str, ...]:
    """Questions that hold the codes of open answers, where any were coded."""
    names = dataset.questionnaire.by_name
    return tuple(code for name in names if (code := column_of(name)) in names)


def questions_of(dataset: Dataset, prefix: str) -> dict[str, str]:
    """Questions `PREFIX_DOMAIN` by domain, for the domains that have one, in the form's order."""
    names = dataset.questionnaire.by_name
    return {
        domain: f"{prefix}_{domain}"
        for domain in domain_labels(dataset)
        if f"{prefix}_{domain}" in names
    }


def named_rows(table: Table, labels: Sequence[str]) -> Table:
    """The table with other labels for its rows, in their order."""
    first = table.columns[0].name
    return replace(table, frame=table.frame.assign(**{first: list(labels)}))


def domain_ratings(dataset: Dataset) -> Table:
    """A row a domain: shares of the rating's points, base and mean."""
    questions = questions_of(dataset, "rating")
    table = likert_table(
        dataset,
        tuple(questions.values()),
        dataset.say("acceptance_ratings"),
        name="domain_ratings",
        joined=True,
        design=PURPOSIVE,
    )
    labels = domain_labels(dataset)
    table = replace(table, wording=wording_of(dataset, tuple(questions.values())))
    return named_rows(table, [labels[domain] for domain in questions])


def rating_basis(dataset: Dataset) -> Table:
    """A row a domain: on what those who rated it based their rating."""
    questions = questions_of(dataset, "basis")
    table = likert_table(
        dataset,
        tuple(questions.values()),
        dataset.say("acceptance_basis"),
        name="rating_basis",
        design=PURPOSIVE,
    )
    labels = domain_labels(dataset)
    wording = wording_of(dataset, tuple(questions.values()))
    method = sentences(dataset, "method_one", PURPOSIVE)
    table = replace(_without_mean(table), wording=wording, method=method)
    return named_rows(table, [labels[domain] for domain in questions])


def ratings_by_kind(dataset: Dataset) -> Table:
    """A row a domain: the mean rating by kind of respondent, beside that of all."""
    kinds = dataset.answers("respondent_kind")
    return _ratings_by(
        dataset,
        dataset.choice_labels("respondent_kind"),
        dict.fromkeys(questions_of(dataset, "rating"), ("respondent_kind", kinds)),
        name="ratings_by_kind",
        title=dataset.say("acceptance_by_kind"),
    )


def ratings_by_basis(dataset: Dataset) -> Table:
    """A row a domain: the mean rating by what it is based on, beside that of all."""
    bases = questions_of(dataset, "basis")
    first = next(iter(bases.values()))
    return _ratings_by(
        dataset,
        dataset.choice_labels(first),
        {domain: (question, dataset.answers(question)) for domain, question in bases.items()},
        name="ratings_by_basis",
        title=dataset.say("acceptance_by_basis"),
    )


def _ratings_by(
    dataset: Dataset,
    groups: Mapping[str, str],
    group_of: Mapping[str, tuple[str, pd.Series]],
    *,
    name: str,
    title: str,
) -> Table:
    """Mean ratings of groups and of all; by domain: which question says who is in which group."""
    questions = questions_of(dataset, "rating")
    rows = {
        domain: _Rated(
            question,
            group_of[domain][0],
            {
                **{group: answers[group_of[domain][1] == group] for group in groups},
                "everybody": answers,
            },
        )
        for domain, question in questions.items()
        for answers in [dataset.answers(question)]
    }
    table = _means(
        dataset,
        rows,
        {**groups, "everybody": dataset.say("total")},
        name=name,
        title=title,
        questions=tuple(questions.values()),
    )
    return protect(table, dataset.protection)


def ratings_by_population(dataset: Dataset, side: str) -> Table:
    """A row a domain, a column a population: the mean rating of law or of practice.

    Args:
        dataset: of the acceptance interviews.
        side: `law` or `practice`.
    """
    populations = dataset.answers("population")
    rows = {
        domain: _Rated(
            question,
            "population",
            {
                one: dataset.answers(question)[populations == one]
                for one in population_labels(dataset)
            },
        )
        for domain, question in questions_of(dataset, f"pop_{side}").items()
    }
    table = _means(
        dataset,
        rows,
        population_labels(dataset),
        name=f"population_{side}",
        title=dataset.say(f"acceptance_{side}"),
        questions=tuple(questions_of(dataset, f"pop_{side}").values()),
    )
    return protect(table, dataset.protection)


def law_and_practice(dataset: Dataset) -> Table:
    """A row a domain, a column a population: practice minus law, of those who rated both."""
    populations = dataset.answers("population")
    law, practice = (questions_of(dataset, f"pop_{side}") for side in ("law", "practice"))
    rows = {
        domain: _Rated(
            f"law_and_practice {domain}",
            "population",
            {
                one: (
                    _points(dataset.answers(practice[domain]))
                    - _points(dataset.answers(law[domain]))
                )[populations == one]
                for one in population_labels(dataset)
            },
        )
        for domain in law
    }
    table = _means(
        dataset,
        rows,
        population_labels(dataset),
        name="law_and_practice",
        title=dataset.say("acceptance_gap"),
        questions=(*law.values(), *practice.values()),
        method="acceptance_gap_method",
        unit="acceptance_gap_unit",
    )
    asked = " / ".join(wording_of(dataset, tuple(side.values())) for side in (law, practice))
    return protect(replace(table, wording=asked), dataset.protection)


def priorities(dataset: Dataset) -> Table:
    """Domains by points: 3 for each first priority, 2 for each second, 1 for each third."""
    labels = domain_labels(dataset)
    counts = pd.DataFrame(
        {
            place: dataset.answers(f"priority_{place}").value_counts().reindex(list(labels))
            for place in _POINTS
        }
    ).fillna(0)
    points = sum(counts[place] * worth for place, worth in _POINTS.items())
    frame = pd.DataFrame(
        {
            "domain": list(labels.values()),
            "named": counts.sum(axis=1).astype("Int64").to_numpy(),
            "points": np.asarray(points, dtype=np.float64),
        }
    ).sort_values(["points", "named"], ascending=False, kind="stable", ignore_index=True)
    table = Table(
        name="priorities",
        title=dataset.say("acceptance_priorities"),
        frame=frame,
        columns=(
            Column("domain", dataset.say("acceptance_domain")),
            Column("named", dataset.say("acceptance_named"), Kind.COUNT),
            Column("points", dataset.say("acceptance_points"), Kind.NUMBER, rests_on="named"),
        ),
        base=int(dataset.answers("priority_1").notna().sum()),
        wording=dataset.label("priority_1"),
        forms=(dataset.form_id,),
        questions=tuple(f"priority_{place}" for place in _POINTS),
        missing=_missing(dataset, "priority_1"),
        weighting=dataset.say("unweighted"),
        method=sentences(dataset, "acceptance_priorities_method", PURPOSIVE),
        adds_down=False,
    )
    return protect(table, dataset.protection)


def wording_of(dataset: Dataset, questions: Sequence[str]) -> str:
    """How the questions of a table were asked: their common stem, else the first and how many."""
    asked = [dataset.label(question) for question in questions]
    if (stem := battery_of(asked).stem) or len(asked) == 1:
        return stem or asked[0]
    return dataset.say("wording_first", wording=asked[0], n=len(asked) - 1)


def scale(
    dataset: Dataset,
    prefix: str,
    *,
    name: str,
    title: str,
    joined: bool = False,
    is_ladder: bool = False,
) -> Table:
    """Every question `PREFIX_...` of one scale as one table, a row a question.

    The rows are what the questions' wordings do not share; what they share is the wording.

    Args:
        dataset: of the form.
        prefix: of the questions' names.
        name: of the table.
        title: in the page's language.
        joined: count the points on either side of the middle together, as few answered; for
            scales that the form shows from low to high.
        is_ladder: the choices are steps in their order, without numbers of which a mean is made.
    """
    questions = [
        item.name
        for item in dataset.questionnaire.items
        if item.name.startswith(prefix) and dataset.choice_labels(item.name)
    ]
    table = likert_table(dataset, questions, title, name=name, joined=joined, design=PURPOSIVE)
    items = battery_of([dataset.label(question) for question in questions]).items
    table = replace(named_rows(table, items), wording=wording_of(dataset, questions))
    if is_ladder:
        method = sentences(dataset, "method_one", PURPOSIVE)
        return _without_mean(replace(table, method=method))
    return table if joined else _low_first(table)


def _without_mean(table: Table) -> Table:
    parts = (table.marks, table.small)
    marks, small = (one if one is None else one.drop(columns="mean") for one in parts)
    kept = tuple(column for column in table.columns if column.name != "mean")
    return replace(table, columns=kept, marks=marks, small=small)


def _low_first(table: Table) -> Table:
    """The scale's points from low to high, whichever way the form shows them."""
    points = sorted(
        (column for column in table.columns if column.kind is Kind.SHARE),
        key=lambda column: column.name,
    )
    in_order = iter(points)
    columns = tuple(
        next(in_order) if column.kind is Kind.SHARE else column for column in table.columns
    )
    return replace(table, columns=columns)


@dataclass(frozen=True)
class _Rated:
    """What one line of a table of means is made of.

    Attributes:
        question: that is rated, or a name of its own for what is worked out of two.
        by: the question whose choices are the groups.
        answers: group -> points, by row of the question's table; `everybody` are all of them.
    """

    question: str
    by: str
    answers: Mapping[str, pd.Series]


def _means(
    dataset: Dataset,
    rows: Mapping[str, _Rated],
    groups: Mapping[str, str],
    *,
    name: str,
    title: str,
    questions: Sequence[str],
    method: str = "acceptance_means_method",
    unit: str = "acceptance_unit",
) -> Table:
    """A row a domain, a mean a group, each resting on the number of answers that it is made of."""
    labels, lines = domain_labels(dataset), []
    counting = Counting(dataset, questions[0])
    cells = dict[str, list[Cell | None]]()
    for domain, rated in rows.items():
        line: dict[str, object] = {"domain": labels[domain]}
        for group in groups:
            known = _points(rated.answers[group]).dropna()
            line[group] = float(known.mean()) if len(known) else np.nan
            line[f"n_{group}"] = len(known)
            base, *_, total = _behind(counting, known, rated, group)
            cells.setdefault(f"n_{group}", []).append(base)
            cells.setdefault(group, []).append(total)
        _add_up(counting, rated)
        lines.append(line)
    columns = [Column("domain", dataset.say("acceptance_domain"))]
    for group, label in groups.items():
        columns += [
            Column(group, label, Kind.NUMBER, f"n_{group}", base=f"n_{group}", decimals=2),
            Column(f"n_{group}", "", Kind.COUNT, shown=False),
        ]
    return Table(
        name=name,
        title=title,
        frame=pd.DataFrame(lines, columns=[column.name for column in columns]),
        columns=tuple(columns),
        unit=dataset.say(unit),
        weighting=dataset.say("unweighted"),
        method=sentences(dataset, method, PURPOSIVE),
        missing=_missing(dataset, *questions),
        wording=wording_of(dataset, questions),
        forms=(dataset.form_id,),
        questions=tuple(questions),
        adds_down=False,
        cells={name: tuple(line) for name, line in cells.items()},
        counted=counting.counted(),
    )


def _behind(counting: Counting, known: pd.Series, rated: _Rated, group: str) -> tuple[Cell, ...]:
    """Whom a mean is made of: all, those who gave each point, and the sum of their points.

    They are named as in every other table of the question. Points are counted from 0 where they can
    be negative.
    """
    points = np.full(counting.size, np.nan)
    points[known.index] = known
    pairs = () if group == "everybody" else ((rated.by, group),)
    least, most = (-4, 4) if rated.question.startswith("law_and_practice") else (1, 5)
    given = {point - min(least, 0): points == point for point in range(least, most + 1)}
    base = counting.base(~np.isnan(points), (rated.question, ANSWERED), *pairs)
    parts = [counting.add(rows, (rated.question, str(n)), *pairs) for n, rows in given.items()]
    names = dict(zip(given, parts, strict=True))
    return base, *parts, counting.mean(base, given, rated.question, *pairs, names=names)


def _add_up(counting: Counting, rated: _Rated) -> None:
    """All of them are those of the groups and those who are in none."""
    if "everybody" not in rated.answers:
        return
    everybody = _points(rated.answers["everybody"]).dropna()
    groups = {one: _points(answers).dropna() for one, answers in rated.answers.items()}
    inside = {row for one, known in groups.items() if one != "everybody" for row in known.index}
    rest = {NO_GROUP: everybody[~everybody.index.isin(inside)]} if inside else {}
    parts = [
        _behind(counting, known, rated, one)
        for one, known in {**groups, **rest}.items()
        if one != "everybody" and len(known)
    ]
    whole = _behind(counting, everybody, rated, "everybody")
    for total, of_groups in zip(whole, zip(*parts, strict=True), strict=True):
        counting.adds(total, of_groups)


def _points(answers: pd.Series) -> pd.Series:
    """The scale's points as numbers, which are the choices' names; no choice, no number."""
    return pd.to_numeric(answers, errors="coerce").astype("float64")


def _missing(dataset: Dataset, *questions: str) -> dict[str, int]:
    total = Counter[str]()
    for question in questions:
        counts = dataset.missing_counts(question)
        total.update({dataset.say(kind.value): count for kind, count in counts.items()})
    return dict(total)
