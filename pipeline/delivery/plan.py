"""What is delivered of a form, and under which names: decided before a file is made."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.delivery.coding import Asked, Column, columns_of_question
from pipeline.delivery.limits import check_limits
from pipeline.delivery.names import safe_names
from pipeline.delivery.phrases import phrase
from pipeline.delivery.problems import refusal, warning
from pipeline.delivery.variables import AnswerSet, Delivery, Form, Table, Variable
from pipeline.errors import Problem, raise_errors
from pipeline.questionnaire.model import Item, Questionnaire, Sensitivity, words
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import KEYS, REPEAT_KEYS

MAIN_KEYS = ("response_id", "form_version", "mode", "language")
"""Keys that are delivered: not the file's name, the issued copy or the moment of receipt."""

SAMPLE = ("wave", "weight_base", "weight")
"""Columns that say for whom a response stands; delivered where somebody has one."""
_WEIGHTS = frozenset({"weight_base", "weight"})
_LEFT_OUT = frozenset({Storage.GEO, Storage.FILE})
_CLOCK = frozenset({"start", "end", "today"})


def plan_delivery(  # noqa: PLR0917 - tables in the order of `Cleaned`
    questionnaire: Questionnaire,
    main: pd.DataFrame,
    repeats: Mapping[str, pd.DataFrame],
    missing: pd.DataFrame,
    repeat_missing: Mapping[str, pd.DataFrame],
    language: str,
    *,
    open_texts: bool = False,
) -> Delivery:
    """Decide on every variable of every file, without writing one.

    Args:
        questionnaire: the form.
        main: one row a response, as in processed/.
        repeats: repeat -> one row an instance.
        missing: the rows of main, a column a question: the kind of missing answer.
        repeat_missing: the same for each repeat.
        language: code of the labels' language.
        open_texts: deliver texts too; they may say anything about anybody.

    Returns:
        The tables, main first, with the warnings.

    Raises:
        SurveyError: everything that forbids a delivery: identifiers, answers that are no choice,
            numbers and texts that a format cannot hold.
    """
    problems = list(_no_such_language(questionnaire, language))
    frames: dict[str | None, tuple[pd.DataFrame, pd.DataFrame]] = {None: (main, missing)}
    frames.update((name, (frame, repeat_missing[name])) for name, frame in repeats.items())
    tables = []
    for repeat, (frame, kinds) in frames.items():
        label = _label(questionnaire, repeat, language)
        name = questionnaire.form_id if repeat is None else f"{questionnaire.form_id}.{repeat}"
        if not _fit(name, frame, kinds, problems):
            continue
        items = {item.name: item for item in questionnaire.answered(repeat)}
        problems.extend(_identifiers(frame, items))
        stands_for = [name for name in SAMPLE if _is_given(frame, items, repeat, name)]
        rest = frame.drop(columns=[name for name in SAMPLE if name in frame and name not in items])
        problems.extend(_of_no_question(rest, items, repeat))
        asked = [
            Asked(questionnaire, item, frame[item.name], _kinds_of(item, frame, kinds), language)
            for item in items.values()
            if item.name in frame and _may_leave(item, problems, open_texts=open_texts)
        ]
        keys = MAIN_KEYS if repeat is None else REPEAT_KEYS
        first = [_key(key, frame[key]) for key in keys]
        first += [_sampled(key, frame[key], language) for key in stands_for]
        tables.append(_table(name, label, first, asked, problems))
    for table in tables:
        problems.extend(check_limits(table))
    title = words(questionnaire.title, language, questionnaire.form_id)
    warnings = raise_errors(problems)
    return Delivery(
        questionnaire.form_id, title, questionnaire.version, language, tuple(tables), warnings
    )


def _no_such_language(questionnaire: Questionnaire, language: str) -> Iterator[Problem]:
    if language not in questionnaire.language_codes:
        yield refusal(
            "DATA-023",
            "The questionnaire has no such language.",
            f"Choose one of: {', '.join(questionnaire.language_codes)}.",
            questionnaire.form_id,
            rule="--language",
        )


def _label(questionnaire: Questionnaire, repeat: str | None, language: str) -> str:
    if repeat is None:
        return words(questionnaire.title, language, questionnaire.form_id)
    return words(questionnaire.repeats[repeat].node.label, language, repeat)


def _fit(name: str, frame: pd.DataFrame, kinds: pd.DataFrame, problems: list[Problem]) -> bool:
    if len(frame) == len(kinds):
        return True
    problems.append(
        refusal(
            "DATA-021",
            "The answers and their kinds of missing have different numbers of rows.",
            "Clean again: survey process.",
            name,
        )
    )
    return False


def _kinds_of(item: Item, frame: pd.DataFrame, kinds: pd.DataFrame) -> "pd.Series":
    if item.name not in kinds:
        return pd.Series(None, index=frame.index, dtype="object")
    found = kinds[item.name].astype("object").set_axis(frame.index)
    return found.where(found.notna(), None)


def _identifiers(frame: pd.DataFrame, items: Mapping[str, Item]) -> Iterator[Problem]:
    """An identifier among the answers, or among the choices of one: nothing is delivered."""
    for name, item in items.items():
        if item.question.sensitivity is not Sensitivity.IDENTIFIER:
            continue
        if any(column == name or column.startswith(f"{name}/") for column in map(str, frame)):
            yield refusal(
                "DATA-020",
                "The answers hold a question that identifies somebody.",
                "Clean again, which sets identifiers apart: survey process.",
                name,
                rule="sensitivity",
            )


def _of_no_question(
    frame: pd.DataFrame, items: Mapping[str, Item], repeat: str | None
) -> Iterator[Problem]:
    known = {*items, *(KEYS if repeat is None else REPEAT_KEYS)}
    for column in map(str, frame.columns):
        if column not in known and column.rpartition("/")[0] not in items:
            yield warning(
                "DATA-010",
                "The column belongs to no question and is left out.",
                "Take it from processed/ if it is needed and may leave.",
                column,
            )


def _may_leave(item: Item, problems: list[Problem], *, open_texts: bool) -> bool:
    """Whether a question is delivered; a warning says where it is not."""
    question = item.question
    if question.sensitivity is Sensitivity.IDENTIFIER:
        return False
    is_device = question.row.filled is Filled.DEVICE and question.type_name not in _CLOCK
    is_open = question.storage is Storage.TEXT or question.sensitivity is Sensitivity.OPEN
    if not (is_device or question.storage in _LEFT_OUT or (is_open and not open_texts)):
        return True
    what = "A text" if is_open and not is_device else "A place, file or device"
    problems.append(
        warning(
            "DATA-011",
            f"{what} may tell who answered; the question is left out.",
            "Code the answers into a select question if they are needed.",
            item.name,
        )
    )
    return False


def _is_given(
    frame: pd.DataFrame, items: Mapping[str, Item], repeat: str | None, name: str
) -> bool:
    """Whether somebody has a value there, and it is no question's."""
    ours = repeat is None and name not in items and name in frame
    return ours and bool(frame[name].notna().any())


def _sampled(name: str, column: "pd.Series", language: str) -> Column:
    is_weight = name in _WEIGHTS
    form = Form.NUMBER if is_weight else Form.TEXT
    filled = column.astype("float64") if is_weight else column.astype("str")
    return Variable(name, name, phrase(name, language), form), filled


def _key(name: str, column: "pd.Series") -> Column:
    is_number = name in {"position", "parent_position"}
    filled = column.astype("Float64").astype("float64") if is_number else column.astype("str")
    return Variable(name, name, name, Form.NUMBER if is_number else Form.TEXT), filled


def _table(
    name: str, label: str, keys: list[Column], asked: list[Asked], problems: list[Problem]
) -> Table:
    columns, sets = list(keys), dict[str, tuple[str, list[str]]]()
    for one in asked:
        found, is_set = columns_of_question(one, problems)
        columns.extend(found)
        if is_set:
            sets[one.item.name] = (one.label, [variable.name for variable, _ in found])
        if len(one.answers) and not one.answers.notna().any():
            problems.append(
                warning(
                    "DATA-008",
                    "Nobody answered it; the variable is delivered with its type, and empty.",
                    "",
                    one.item.name,
                )
            )
    names, renamed = safe_names(_distinct(columns))
    problems.extend(problem for problem in renamed if not _is_choice_rule(problem, sets))
    variables = [
        replace(variable, name=new)
        for (variable, _), new in zip(columns, names.values(), strict=True)
    ]
    data = {v.name: column for v, (_, column) in zip(variables, columns, strict=True)}
    answer_sets = [
        AnswerSet(group, said, tuple(names[member] for member in members))
        for group, (said, members) in sets.items()
    ]
    frame = pd.DataFrame(data).reset_index(drop=True)
    return Table(name, label, tuple(variables), tuple(answer_sets), frame)


def _distinct(columns: list[Column]) -> list[str]:
    """Names that tell all columns apart, even where a question is called as a kind's column."""
    names = [variable.name for variable, _ in columns]
    return [
        name if names.index(name) == number else f"{name}_{number}"
        for number, name in enumerate(names)
    ]


def _is_choice_rule(problem: Problem, sets: Mapping[str, object]) -> bool:
    """`question/choice` always becomes `question_choice`: a rule, and no surprise."""
    name = problem.place.question or ""
    return problem.code == "DATA-001" and name.rpartition("/")[0] in sets
