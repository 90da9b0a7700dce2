"""The reference interpreter: what an expression means for one response. Plain and slow, on purpose.

Every other engine is tried against this one, and this one against JavaRosa.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import reduce
from math import fmod, inf, isinf, isnan, nan

from pipeline.expression.answers import Answers, Instance, Node, more_than_one, only
from pipeline.expression.functions import FUNCTIONS, Function
from pipeline.expression.patterns import UnreadablePatternError
from pipeline.expression.problems import refuse
from pipeline.expression.tree import (
    Binary,
    Call,
    Current,
    Expression,
    Filtered,
    Negate,
    Number,
    Path,
    Reference,
    Text,
    named_steps,
    operands,
)
from pipeline.expression.values import BLANK, Value, equal, number, text, truth

__all__ = ["Answers", "Instance", "Value", "evaluate"]

Item = Mapping[str, str]


def evaluate(expression: Expression, answers: Answers) -> Value:
    """The value of an expression for one response.

    Returns:
        A text, number, truth or moment; blank is the empty text.

    Raises:
        SurveyError: the expression cannot be followed: EXPR-011, 012, 019, 020, 022 or 023.
    """
    match expression:
        case Number(value) | Text(value):
            return value
        case Reference() | Current() | Path() | Filtered():
            return _single(expression, answers)
        case Negate(operand):
            return -number(evaluate(operand, answers))
        case Binary():
            return _binary(expression, answers)
        case Call():
            return _call(expression, answers)


def _binary(expression: Binary, answers: Answers) -> Value:
    found = [evaluate(operand, answers) for operand in operands(expression)]
    if expression.operator == "or":
        return any(map(truth, found))
    if expression.operator == "and":
        return all(map(truth, found))
    return reduce(_OPERATORS[expression.operator], found)


def _divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or isnan(left) or isnan(right):
        return nan
    return inf if (left > 0) == (str(right)[0] != "-") else -inf


def _modulo(left: float, right: float) -> float:
    return nan if right == 0 or isinf(left) or isnan(left) or isnan(right) else fmod(left, right)


def _numeric(work: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    return lambda left, right: work(number(left), number(right))


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _numeric(lambda left, right: left < right),
    "<=": _numeric(lambda left, right: left <= right),
    ">": _numeric(lambda left, right: left > right),
    ">=": _numeric(lambda left, right: left >= right),
    "+": _numeric(lambda left, right: left + right),
    "-": _numeric(lambda left, right: left - right),
    "*": _numeric(lambda left, right: left * right),
    "div": _numeric(_divide),
    "mod": _numeric(_modulo),
}


# --- nodes: questions, repeat instances, items of lists


def _single(expression: Expression, answers: Answers) -> Value:
    nodes = _nodes(expression, answers)
    if nodes and not isinstance(nodes[0], Node) and len(nodes) > 1:
        raise more_than_one("item")
    found = _values(nodes, answers)
    return only(nodes, answers) if len(found) > 1 else (found[0] if found else BLANK)  # type: ignore[arg-type]


def _values(nodes: "Sequence[Node | str]", answers: Answers) -> list[Value]:
    return [answers.value(node) if isinstance(node, Node) else node for node in nodes]


def _nodes(expression: Expression, answers: Answers) -> "Sequence[Node | str]":
    """The nodes an expression points to; an item's column is given as its text."""
    match expression:
        case Reference(name, last_saved):
            if last_saved:
                raise _unknown_before(expression)
            return answers.nodes(name)
        case Current():
            return _current(answers)
        case Filtered(base, predicates):
            return _filter(_nodes(base, answers), predicates, answers)
        case Path(Call("instance", (Text(name),))):
            return _item_texts(expression, name, answers)
        case Path():
            return _path(expression, answers)
        case _:
            raise refuse(
                "EXPR-023",
                "Only a question, a repeat or a list can be looked into.",
                "",
                expression,
            )


def _unknown_before(expression: Expression) -> Exception:
    return refuse(
        "EXPR-022", "The response saved before is not known here.", "Ask it again.", expression
    )


def _current(answers: Answers) -> "Sequence[Node | str]":
    if answers.item is not None or answers.current is None:
        return ()
    if answers.at and answers.current == answers.at[-1][0]:
        return (Node(answers.current, answers.at),)
    return [node for node in answers.nodes(answers.current) if isinstance(node, Node)][:1]


def _filter(
    nodes: "Sequence[Node | str]", predicates: tuple[Expression, ...], answers: Answers
) -> list[Node | str]:
    """The nodes for which each condition is true; a number is a position among siblings."""
    kept = list(nodes)
    for predicate in predicates:
        counted: dict[object, int] = {}
        passed = []
        for node in kept:
            parent = _parent(node)
            counted[parent] = position = counted.get(parent, 0) + 1
            there = answers.standing_at(node, position) if isinstance(node, Node) else answers
            if _passes(evaluate(predicate, there), position):
                passed.append(node)
        kept = passed
    return kept


def _parent(node: "Node | str") -> object:
    if not isinstance(node, Node):
        return None
    is_instance = bool(node.place) and node.place[-1][0] == node.name
    return node.place[:-1] if is_instance else node.place


def _passes(value: Value, position: int) -> bool:
    if isinstance(value, float):
        return not isnan(value) and not isinf(value) and int(value) == position
    return truth(value)


def _path(expression: Path, answers: Answers) -> "Sequence[Node | str]":
    named = named_steps(expression)
    if any(step.name == "*" or step.name.startswith("@") for step in named):
        raise refuse("EXPR-023", "'*' and '@' stand for no question.", "Write ${name}.", expression)
    if not named:
        return _upwards(expression, answers)
    bare = expression.start is None and not expression.absolute and expression.steps[0] is named[0]
    if bare:
        column = answers.item.get(named[0].name) if answers.item is not None else None
        return () if column is None else (column,)
    nodes: Sequence[Node | str] = answers.nodes(named[-1].name)
    for step in named[:-1]:
        if step.predicates:
            nodes = _through(nodes, step.name, step.predicates, answers)
    return _filter(nodes, named[-1].predicates, answers)


def _through(
    nodes: "Sequence[Node | str]", repeat: str, predicates: tuple[Expression, ...], answers: Answers
) -> list[Node | str]:
    """The nodes that lie in the repeat's instances for which the conditions are true."""
    lying = {
        node: next(
            (
                Node(repeat, node.place[: level + 1])
                for level, at in enumerate(node.place)
                if at[0] == repeat
            ),
            None,
        )
        for node in nodes
        if isinstance(node, Node)
    }
    instances = list(dict.fromkeys(node for node in lying.values() if node is not None))
    if lying and not instances:
        raise refuse("EXPR-023", f"'{repeat}' is no repeat.", "Take the brackets out.")
    kept = set(_filter(instances, predicates, answers))
    return [node for node, instance in lying.items() if instance in kept]


def _upwards(expression: Path, answers: Answers) -> Sequence[Node]:
    """`..`: the repeat instance that many levels up; a group is none, and has position 1."""
    ups = sum(step.name == ".." for step in expression.steps)
    if not answers.at:
        return (Node("", ()),)
    above = answers.above.get(answers.current or "")
    if above is None:
        return (Node(answers.at[-1][0], answers.at),)
    left = above[: len(above) - ups + 1]
    inside = tuple(at for at in answers.at if at[0] in left)
    if left and inside and inside[-1][0] == left[-1]:
        return (Node(left[-1], inside),)
    return (Node(left[-1] if left else "", ()),)


# --- choice lists


def _item_texts(expression: Path, name: str, answers: Answers) -> list[str]:
    items = _rows(name, answers, expression)
    column = ""
    for step in expression.steps:
        if step.name not in {"root", "item"} or step is expression.steps[-1]:
            column = "" if step.name in {"root", "item"} else step.name
        items = _filter_items(items, step.predicates, answers)
    return [_column(item, column) for item in items]


def _column(item: Item, column: str) -> str:
    return item.get("label" if column == "itextId" and column not in item else column) or BLANK


def _filter_items(
    items: Sequence[Item], predicates: tuple[Expression, ...], answers: Answers
) -> Sequence[Item]:
    for predicate in predicates:
        items = [
            item
            for position, item in enumerate(items, 1)
            if _passes(evaluate(predicate, replace(answers, item=item, number=position)), position)
        ]
    return items


def _rows(name: str, answers: Answers, at: Expression) -> Sequence[Item]:
    if name not in answers.lists:
        raise refuse("EXPR-017", f"There is no choice list '{name}'.", "Add it to choices.", at)
    return answers.lists[name]


# --- functions


def _call(expression: Call, answers: Answers) -> Value:
    function = FUNCTIONS.get(expression.name)
    if function is None:
        raise refuse("EXPR-011", f"There is no function {expression.name}().", "", expression)
    if not function.accepts(len(expression.arguments)):
        raise refuse(
            "EXPR-012", f"{expression.name}() takes other arguments.", "Count them.", expression
        )
    if function.name in _SPECIAL:
        return _SPECIAL[function.name](expression, answers)
    if function.plain is None:
        raise refuse(
            "EXPR-022",
            f"{expression.name}() cannot be worked out again.",
            "Keep what came.",
            expression,
        )
    try:
        return function.plain(*_arguments(expression, function, answers))
    except UnreadablePatternError:
        raise refuse(
            "EXPR-019", "The pattern cannot be read.", "Write a simpler one.", expression
        ) from None


def _arguments(expression: Call, function: Function, answers: Answers) -> list[Value]:
    """The arguments' values; the one that may be a whole repeat is spread out."""
    arguments = expression.arguments
    spread = function.spreads if len(arguments) == function.spreads + 1 else -1
    found: list[Value] = []
    for position, argument in enumerate(arguments):
        if position == spread and isinstance(argument, Reference | Path | Filtered):
            found.extend(_values(_nodes(argument, answers), answers))
        else:
            found.append(evaluate(argument, answers))
    if not arguments and function.takes:
        found.append(_single(Current(), answers))
    return found


def _if(expression: Call, answers: Answers) -> Value:
    condition, yes, no = expression.arguments
    return evaluate(yes if truth(evaluate(condition, answers)) else no, answers)


def _once(expression: Call, answers: Answers) -> Value:
    kept = _single(Current(), answers)
    return evaluate(expression.arguments[0], answers) if text(kept) == BLANK else kept


def _count(expression: Call, answers: Answers) -> Value:
    return float(len(_nodes(expression.arguments[0], answers)))


def _count_non_empty(expression: Call, answers: Answers) -> Value:
    found = _nodes(expression.arguments[0], answers)
    instances = [node for node in found if isinstance(node, Node) and _parent(node) != node.place]
    filled = sum(value != BLANK for value in _values(found, answers))
    return float(len(instances) or filled)


def _position(expression: Call, answers: Answers) -> Value:
    if not expression.arguments:
        return float(answers.number or 1)
    found = _nodes(expression.arguments[0], answers)
    if not found or not isinstance(found[0], Node):
        return 0.0
    node = found[0]
    is_instance = bool(node.place) and node.place[-1][0] == node.name
    return float(node.place[-1][1] + 1) if is_instance else 1.0


def _indexed_repeat(expression: Call, answers: Answers) -> Value:
    field, *rest = expression.arguments
    wanted: dict[str, int] = {}
    for repeat, index in zip(rest[::2], rest[1::2], strict=True):
        wanted[_name(repeat)] = _instance_number(evaluate(index, answers))
    kept = dict(answers.at) | wanted
    cut = next((n for n, at in enumerate(answers.at) if at[0] in wanted), len(answers.at))
    nodes = replace(answers, at=answers.at[:cut]).nodes(_name(field))
    if any(repeat not in kept for node in nodes for repeat, _ in node.place):
        raise more_than_one(_name(field))
    return only([n for n in nodes if all(kept[r] == at for r, at in n.place)], answers)


def _instance_number(value: Value) -> int:
    """JavaRosa takes the first instance where the number is blank or below 1."""
    amount = number(value)
    whole = int(amount) if not isnan(amount) and not isinf(amount) else 1
    return max(whole, 1) - 1


def _name(expression: Expression) -> str:
    match expression:
        case Reference(name):
            return name
        case Path(_, steps) if steps[-1].name not in {".", "..", "*"}:
            return steps[-1].name
        case _:
            raise refuse(
                "EXPR-023", "A question or repeat must stand here.", "Write ${name}.", expression
            )


def _choice_name(expression: Call, answers: Answers) -> Value:
    chosen, question = (text(evaluate(a, answers)) for a in expression.arguments)
    name = question.strip().removeprefix("${").removesuffix("}").strip().rpartition("/")[2]
    rows = answers.lists.get(answers.list_of.get(name, name), ())
    return next((row.get("label") or BLANK for row in rows if row.get("name") == chosen), BLANK)


def _pulldata(expression: Call, answers: Answers) -> Value:
    name, column, key, wanted = (text(evaluate(a, answers)) for a in expression.arguments)
    rows = _rows(name, answers, expression)
    return next((row.get(column) or BLANK for row in rows if row.get(key) == wanted), BLANK)


_SPECIAL: dict[str, Callable[[Call, Answers], Value]] = {
    "if": _if,
    "once": _once,
    "count": _count,
    "count-non-empty": _count_non_empty,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "jr:choice-name": _choice_name,
    "jr:itext": lambda call, answers: evaluate(call.arguments[0], answers),
    "pulldata": _pulldata,
    "today": lambda _, answers: datetime.combine(answers.today, time()),
    "now": lambda _, answers: answers.moment(),
}
