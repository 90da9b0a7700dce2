"""Answers out of a rule: texts that a pattern matches, numbers near those that a rule names."""

import re
from random import Random
from re import _constants as op
from re import _parser as sre
from typing import Any

from pipeline.expression.patterns import compile_java
from pipeline.expression.tree import Call, Expression, Negate, Number, Text, walk

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CLASSES = {
    op.CATEGORY_DIGIT: "0123456789",
    op.CATEGORY_WORD: _LETTERS,
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_DIGIT: _LETTERS,
    op.CATEGORY_NOT_SPACE: _LETTERS,
    op.CATEGORY_NOT_WORD: " .-",
}
_SOME = 4  # how many more than the least a "*" or "+" may give
_HIGH = 0x250  # characters above this are drawn only where nothing below will do


def patterns_of(expression: Expression) -> list[str]:
    """The patterns that a constraint holds an answer against."""
    return [
        node.arguments[1].value
        for node in walk(expression)
        if isinstance(node, Call) and node.name == "regex" and isinstance(node.arguments[1], Text)
    ]


def numbers_of(expression: Expression) -> list[float]:
    """The numbers that a rule names, smallest first."""
    negated = {id(n.operand) for n in walk(expression) if isinstance(n, Negate)}
    found = [n for n in walk(expression) if isinstance(n, Number)]
    return sorted({-n.value if id(n) in negated else n.value for n in found})


def from_pattern(pattern: str, random: Random) -> str:
    """A text that a pattern of the expression language matches, as far as it can be inverted.

    The caller tries it: look-around and back references are left out of account. The parser is
    that of the standard library, which has no public door to it.
    """
    return _text(sre.parse(compile_java(pattern).pattern, re.ASCII), random)


def _text(parsed: Any, random: Random) -> str:
    return "".join(_piece(kind, value, random) for kind, value in parsed)


def _piece(kind: Any, value: Any, random: Random) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.IN:
        return random.choice(_class(value))
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
        least, most, inside = value
        times = random.randint(least, min(int(most), least + _SOME))
        return "".join(_text(inside, random) for _ in range(times))
    if kind in {op.SUBPATTERN, op.BRANCH}:
        return _text(value[-1] if kind is op.SUBPATTERN else random.choice(value[1]), random)
    return random.choice(_letters(kind, value))


def _letters(kind: Any, value: Any) -> list[str]:
    """Characters for a dot, a class such as `digit`, or all but one; none for an anchor."""
    if kind is op.CATEGORY:
        return list(_CLASSES[value])
    fitting = [c for c in _LETTERS if kind is not op.NOT_LITERAL or ord(c) != value]
    return fitting if kind in {op.ANY, op.NOT_LITERAL} else [""]


def _class(members: list[tuple[Any, Any]]) -> list[str]:
    inside: list[str] = []
    for kind, value in members:
        if kind is op.LITERAL:
            inside.append(chr(value))
        elif kind is op.RANGE:
            inside += map(chr, range(value[0], min(value[1], value[0] + _HIGH) + 1))
        elif kind is op.CATEGORY:
            inside += _CLASSES[value]
    if members[0][0] is op.NEGATE:
        return [c for c in map(chr, range(32, 127)) if c not in inside] or [" "]
    return inside
