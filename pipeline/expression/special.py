"""Functions of the reference interpreter that look around: nodes, the day, instances."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from math import isfinite

from pipeline.expression.answers import Answers, Node
from pipeline.expression.nodes import Work, find, is_instance, rows, single, values
from pipeline.expression.paths import question_named, target
from pipeline.expression.refusals import more_than_one
from pipeline.expression.tree import Call, Current
from pipeline.expression.values import BLANK, Value, is_null, number, text, truth


def _if(call: Call, answers: Answers, work: Work) -> Value:
    condition, yes, no = call.arguments
    return work(yes if truth(work(condition, answers)) else no, answers)


def _once(call: Call, answers: Answers, work: Work) -> Value:
    kept = single(Current(), answers, work)
    return work(call.arguments[0], answers) if text(kept) == BLANK else kept


def _coalesce(call: Call, answers: Answers, work: Work) -> Value:
    first, second = call.arguments
    found = work(first, answers)
    return work(second, answers) if is_null(found) else found


def _count(call: Call, answers: Answers, work: Work) -> Value:
    return float(len(find(call.arguments[0], answers, work)))


def _count_non_empty(call: Call, answers: Answers, work: Work) -> Value:
    found = find(call.arguments[0], answers, work)
    instances = sum(isinstance(node, Node) and is_instance(node) for node in found)
    return float(instances or sum(value != BLANK for value in values(found, answers)))


def _position(call: Call, answers: Answers, work: Work) -> Value:
    if not call.arguments:
        return float(answers.number or 1)
    found = find(call.arguments[0], answers, work)
    if not found or not isinstance(found[0], Node):
        return 0.0
    return float(found[0].place[-1][1] + 1) if is_instance(found[0]) else 1.0


def _indexed_repeat(call: Call, answers: Answers, work: Work) -> Value:
    field, *rest = call.arguments
    name = target(field)
    wanted = {
        target(repeat): _from_zero(work(index, answers))
        for repeat, index in zip(rest[::2], rest[1::2], strict=True)
    }
    kept = dict(answers.at) | wanted
    cut = next((n for n, at in enumerate(answers.at) if at[0] in wanted), len(answers.at))
    nodes = replace(answers, at=answers.at[:cut]).nodes(name)
    if any(repeat not in kept for node in nodes for repeat, _ in node.place):
        raise more_than_one(name)
    right = [node for node in nodes if all(kept[repeat] == at for repeat, at in node.place)]
    return answers.value(right[0]) if right else BLANK


def _from_zero(value: Value) -> int:
    """JavaRosa takes the first instance where the number is blank or below 1."""
    amount = number(value)
    return max(int(amount) if isfinite(amount) else 1, 1) - 1


def _choice_name(call: Call, answers: Answers, work: Work) -> Value:
    chosen, question = (text(work(argument, answers)) for argument in call.arguments)
    name = question_named(question)
    items = answers.lists.get(answers.list_of.get(name, name), ())
    return next((item.get("label") or BLANK for item in items if item.get("name") == chosen), BLANK)


def _pulldata(call: Call, answers: Answers, work: Work) -> Value:
    name, column, key, wanted = (text(work(argument, answers)) for argument in call.arguments)
    items = rows(name, answers, call)
    return next((item.get(column) or BLANK for item in items if item.get(key) == wanted), BLANK)


SPECIAL: dict[str, Callable[[Call, Answers, Work], Value]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "count": _count,
    "count-non-empty": _count_non_empty,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "jr:choice-name": _choice_name,
    "jr:itext": lambda call, answers, work: work(call.arguments[0], answers),
    "pulldata": _pulldata,
    "today": lambda _, answers, __: datetime.combine(answers.today, time()),
    "now": lambda _, answers, __: answers.moment(),
}
