"""The functions of ODK's expression language, one row a function.

A new function is a new row: what it takes and gives, what it means in words, and how it is worked
out. `pandas` may name a faster way for whole columns (`columns.py`); without it, the plain meaning
is taken once for each distinct value.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pipeline.expression import meaning, values
from pipeline.expression.tree import Call, Expression, walk
from pipeline.expression.values import Value


class Type(StrEnum):
    """What an argument or a result is; ANY takes everything, NODES is a repeat or its questions."""

    ANY = "any"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    CHOICES = "choices"
    NODES = "nodes"


@dataclass(frozen=True, slots=True)
class Function:
    """One row.

    Attributes:
        name: as written in XLSForm.
        takes: types of the arguments.
        gives: type of the result.
        means: what it gives, in words.
        plain: the meaning for plain values; None where the evaluator itself knows (`if`, `count`).
        optional: how many of the last arguments may be left out.
        more: further arguments, in groups of this many types from the end, may follow.
        spreads: the one argument behind the first so many may be all answers of a repeat; -1: none.
        differs: where ODK Collect and ODK Web Forms or Enketo do not agree, and what to write.
        remade: the same answers give the same value again.
        no_excel: why Excel 2010 cannot say it without macros; "" where it can.
    """

    name: str
    takes: tuple[Type, ...]
    gives: Type
    means: str
    plain: Callable[..., Value] | None = None
    optional: int = 0
    more: int = 0
    spreads: int = -1
    differs: str = ""
    remade: bool = True
    no_excel: str = ""

    def accepts(self, count: int) -> bool:
        """Whether that many arguments are right."""
        least, most = len(self.takes) - self.optional, len(self.takes)
        if count <= most:
            return count >= least
        return self.more > 0 and (count - most) % self.more == 0

    def type_of(self, position: int) -> Type:
        """Type of the argument at this place, from 0; ANY for one too many."""
        if position < len(self.takes):
            return self.takes[position]
        if not self.more:
            return Type.ANY
        return self.takes[-self.more :][(position - len(self.takes)) % self.more]


A, T, N, B, M = Type.ANY, Type.TEXT, Type.NUMBER, Type.BOOLEAN, Type.MOMENT
C, S = Type.CHOICES, Type.NODES
F = Function
_ROUND = (
    "-2.5 becomes -2 in ODK Collect, -3 in ODK Web Forms. Write int(x + 0.5) for what is never "
    "below 0, else if(x < 0, int(x - 0.5), int(x + 0.5)); for two places, 100 times x, div 100."
)
_MIN = "ODK Collect passes over a blank, ODK Web Forms gives a blank: write coalesce(x, ...)."
_MAX = (
    "ODK Collect passes over a blank, ODK Web Forms gives a blank: write coalesce(x, 0). ODK "
    "Collect's max() is never below 0: take an if() where all may be negative."
)
_REGEX = "ODK Web Forms and Enketo match a part: write ^ and $ around the pattern."
_IS_SELECTED = "ODK Web Forms does not know is-selected(): write selected()."
_TRUE = "ODK Collect takes 'TRUE' too: write = 'true'."
_TIME = "ODK Web Forms gives a blank: ask for date and time, and write decimal-date-time()."
_LISTS = "Choices are looked up on the tablet and after return."
_KEEPS = "A cell is worked out anew each time and keeps nothing."
_DEVICE = "Only a tablet knows it."
_ZONE = (
    "The value moves with the time zone of the device: subtract two of them, or compare two; for "
    "days subtract the dates themselves."
)
_NODE_SUM = (
    "A blank counts as 0 in ODK Collect and makes the sum blank elsewhere, as does a repeat "
    "without instances: sum a calculate of the repeat, coalesce(x, 0), and write "
    "if(count(...) > 0, sum(...), 0)."
)


_ROWS = (
    # choices
    F("selected", (C, T), B, "whether the choice is selected", meaning.selected),
    F(
        *("is-selected", (C, T), B, "whether the choice is selected", meaning.selected),
        differs=_IS_SELECTED,
    ),
    F("count-selected", (C,), N, "how many choices are selected", meaning.count_selected),
    F("selected-at", (C, N), T, "the choice at that place, from 0", meaning.selected_at),
    F("jr:choice-name", (T, T), T, "the label of a choice", no_excel=_LISTS),
    # logic
    F("if", (B, A, A), A, "the second if the first is true, else the third"),
    F("coalesce", (A, A), A, "the first that is not blank"),
    F("once", (A,), A, "the value, kept once it has been set", no_excel=_KEEPS),
    F("not", (B,), B, "the opposite", lambda value: not values.truth(value)),
    F("boolean", (A,), B, "whether it is neither blank nor 0", values.truth),
    F(
        *("boolean-from-string", (T,), B, "whether it is 'true' or '1'"),
        meaning.boolean_from_string,
        differs=_TRUE,
    ),
    F("true", (), B, "true", lambda: True),
    F("false", (), B, "false", lambda: False),
    F("checklist", (N, N, B), B, "whether so many are true", meaning.checklist, 1, 1, 2),
    F(
        *("weighted-checklist", (N, N, B, N), B, "whether the weights of what is true fit"),
        *(meaning.weighted_checklist, 0, 2),
    ),
    # numbers
    F("number", (A,), N, "as a number", values.number),
    F("int", (A,), N, "without its fraction", lambda value: values.truncate(values.number(value))),
    F("round", (N, N), N, "rounded to so many places", meaning.round_half_up, 1, differs=_ROUND),
    F("abs", (N,), N, "without its sign", meaning.elementary("abs")),
    F("pow", (N, N), N, "the first to the power of the second", meaning.power),
    F("sqrt", (N,), N, "the square root", meaning.elementary("sqrt")),
    F("exp", (N,), N, "e to that power", meaning.elementary("exp")),
    F("exp10", (N,), N, "ten to that power", meaning.elementary("exp10")),
    F("log", (N,), N, "the natural logarithm", meaning.elementary("log")),
    F("log10", (N,), N, "the logarithm to base ten", meaning.elementary("log10")),
    F("pi", (), N, "pi", lambda: math.pi),
    F("sin", (N,), N, "the sine", meaning.elementary("sin")),
    F("cos", (N,), N, "the cosine", meaning.elementary("cos")),
    F("tan", (N,), N, "the tangent", meaning.elementary("tan")),
    F("asin", (N,), N, "the arc sine", meaning.elementary("asin")),
    F("acos", (N,), N, "the arc cosine", meaning.elementary("acos")),
    F("atan", (N,), N, "the arc tangent", meaning.elementary("atan")),
    F("atan2", (N, N), N, "the angle of a point", meaning.elementary("atan2")),
    F("min", (N,), N, "the smallest", meaning.smallest, 0, 1, 0, differs=_MIN),
    F("max", (N,), N, "the largest", meaning.largest, 0, 1, 0, differs=_MAX),
    F("sum", (S,), N, "the sum over all instances", meaning.total, spreads=0, differs=_NODE_SUM),
    F("count", (S,), N, "how many instances there are"),
    F("count-non-empty", (S,), N, "how many instances are answered"),
    F("random", (), N, "a number by chance", remade=False, no_excel=_KEEPS),
    # texts
    F("string", (A,), T, "as a text", values.text),
    F("string-length", (T,), N, "how many characters it has", meaning.string_length, 1),
    F("concat", (A,), T, "the texts one after the other", lambda *v: meaning.join("", *v), 0, 1, 0),
    F("join", (T, A), T, "the texts with a mark between them", meaning.join, 1, 1, 1),
    F("substr", (T, N, N), T, "the characters from here to before there", meaning.substr, 1),
    F("substring-before", (T, T), T, "what stands before the mark", meaning.substring_before),
    F("substring-after", (T, T), T, "what stands after the mark", meaning.substring_after),
    F("translate", (T, T, T), T, "with characters replaced", meaning.translate),
    F("normalize-space", (T,), T, "without spare spaces", meaning.normalize_space, 1),
    F(
        *("contains", (T, T), B, "whether the text occurs in it"),
        lambda value, part: values.text(part) in values.text(value),
    ),
    F(
        *("starts-with", (T, T), B, "whether it begins with the text"),
        lambda value, part: values.text(value).startswith(values.text(part)),
    ),
    F(
        *("ends-with", (T, T), B, "whether it ends with the text"),
        lambda value, part: values.text(value).endswith(values.text(part)),
    ),
    F("regex", (T, T), B, "whether it has the form of the pattern", meaning.regex, differs=_REGEX),
    F("uuid", (N,), T, "a new identifier", None, 1, remade=False, no_excel=_KEEPS),
    F("version", (), T, "the version of the form", remade=False, no_excel=_DEVICE),
    F("property", (T,), T, "a property of the device", remade=False, no_excel=_DEVICE),
    F("digest", (T, T, T), T, "a fingerprint", None, 1, remade=False, no_excel=_DEVICE),
    # dates
    F("today", (), M, "the day of the response"),
    F("now", (), M, "the moment of the response"),
    F("date", (A,), M, "as a date", meaning.date),
    F("date-time", (A,), M, "as a date with its time", values.moment),
    F("format-date", (M, T), T, "the date in the pattern's form", meaning.format_date),
    F("format-date-time", (M, T), T, "the moment in the pattern's form", meaning.format_date),
    F(
        *("decimal-date-time", (M,), N, "days and parts of days since 1970-01-01"),
        meaning.decimal_date_time,
        differs=_ZONE,
    ),
    F(
        *("decimal-time", (M,), N, "the part of the day, from 0 to 1", meaning.decimal_time),
        differs=_TIME,
    ),
    # repeats and lists
    F("position", (S,), N, "the number of the instance, from 1", None, 1),
    F("indexed-repeat", (A, S, N), A, "the answer in the instance with that number", None, 0, 2),
    F("instance", (T,), S, "a choice list", no_excel=_LISTS),
    F("current", (), S, "the question itself", no_excel=_LISTS),
    F("pulldata", (T, T, T, T), T, "the entry of a list, found by its key", no_excel=_LISTS),
    F("jr:itext", (T,), T, "the label in the language of the form", no_excel=_LISTS),
    F("randomize", (S, N), S, "in an order by chance", None, 1, remade=False, no_excel=_KEEPS),
    # places
    F("area", (T,), N, "the square metres of a shape", remade=False, no_excel=_DEVICE),
    F("distance", (T,), N, "the metres of a line", None, 0, 1, remade=False, no_excel=_DEVICE),
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType({row.name: row for row in _ROWS})


def is_remade(expression: Expression) -> bool:
    """Whether the same answers give the same value again; `uuid()` and `random()` do not.

    What is not remade is taken from the response as it came, never worked out anew.
    """
    calls = (node.name for node in walk(expression) if isinstance(node, Call))
    return all(FUNCTIONS[name].remade for name in calls if name in FUNCTIONS)
