"""Organisations as codes: who is meant stays clear, what it is called does not leave with it.

A code is a number in the order of the responses, not made from the name, so that nobody can try
names out against it. Names count as the same when they differ only in width, case and spaces;
spellings that differ in more are two organisations until a person says otherwise (`same`).
"""

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import pandas as pd

from pipeline.recoding import spelling

CODE = "organisation_code"


def code_organisations(
    main: pd.DataFrame,
    repeats: Mapping[str, pd.DataFrame],
    questions: Sequence[str],
    same: Iterable[tuple[str, str]] = (),
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Add `organisation_code` to every frame that holds an organisation's name.

    Args:
        main: one row a response, with `response_id`; several of its names are one organisation.
        repeats: frames of the repeats, with `response_id` and `position`.
        questions: questions that hold an organisation's name, in main or in a repeat.
        same: pairs of names that mean one organisation, as a person has decided.

    Returns:
        The frames with the column added (NA where no name was given), names untouched.
    """
    tables = (main, *repeats.values())
    if not any(name in table for name in questions for table in tables):
        return main, dict(repeats)
    in_main = [name for name in questions if name in main]
    spelled = {name: _spelling(main[name]) for name in in_main}
    known: nx.Graph[str] = nx.Graph()
    for row in sorted(zip(main["response_id"], *spelled.values(), strict=True)):
        given = [name for name in row[1:] if isinstance(name, str)]
        nx.add_path(known, given)
    in_repeats = {
        repeat: [name for name in questions if name in frame] for repeat, frame in repeats.items()
    }
    for repeat, names in in_repeats.items():
        frame = repeats[repeat].sort_values(["response_id", "position"], kind="stable")
        for name in names:
            known.add_nodes_from(_spelling(frame[name]).dropna())
    known.add_edges_from((spelling(one), spelling(other)) for one, other in same)
    numbers = {
        name: f"ORG{number:03d}"
        for number, together in enumerate(nx.connected_components(known), start=1)
        for name in together
    }
    coded = {
        repeat: frame.assign(**{CODE: _code([_spelling(frame[n]) for n in names], frame, numbers)})
        if (names := in_repeats[repeat])
        else frame
        for repeat, frame in repeats.items()
    }
    if not in_main:
        return main, coded
    return main.assign(**{CODE: _code(list(spelled.values()), main, numbers)}), coded


def _spelling(names: pd.Series) -> pd.Series:
    plain = names.astype("str").map(spelling, na_action="ignore").astype("str")
    return plain.mask(plain == "")


def _code(
    spelled: Sequence[pd.Series], frame: pd.DataFrame, numbers: Mapping[str, str]
) -> pd.Series:
    code = pd.Series(pd.NA, index=frame.index, dtype="str")
    for names in spelled:
        code = code.fillna(names.map(numbers).astype("str"))
    return code
