"""Text to tree: what an XLSForm's `relevant`, `constraint` or `calculation` says."""

from functools import cache, lru_cache
from pathlib import Path as File
from typing import Any

from lark import Lark, Token, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from pipeline.errors import Place, SurveyError
from pipeline.expression import tree
from pipeline.expression.problems import problem
from pipeline.expression.tree import Expression, Reference

MAX_DEPTH = 60  # every walk uses a few Python frames a level, and Python allows a thousand
_MARKS = {"RPAR": ")", "RSQB": "]", "COMMA": ","}
_ELSEWHERE = {"==": "=", "<>": "!="}  # as other languages write them
STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def _span(meta: Meta) -> tuple[int, int]:
    return (meta.start_pos, meta.end_pos)


@v_args(meta=True)
class _Builder(Transformer_NonRecursive[Token, Expression]):
    """Lark's tree to ours, bottom up; without recursion, so that a long chain is no danger."""

    def binary(self, meta: Meta, items: list[Any]) -> tree.Binary:
        left, operator, right = items
        return tree.Binary(str(operator), left, right, span=_span(meta))

    def negate(self, meta: Meta, items: list[Any]) -> Expression:
        return tree.Negate(items[0], span=_span(meta))

    def number(self, meta: Meta, items: list[Any]) -> tree.Number:
        return tree.Number(float(items[0]), span=_span(meta))

    def text(self, meta: Meta, items: list[Any]) -> tree.Text:
        return tree.Text(str(items[0])[1:-1], span=_span(meta))

    def reference(self, meta: Meta, items: list[Any]) -> Reference:
        name = str(items[0])[2:-1]
        saved = name.startswith("last-saved#")
        return Reference(name.removeprefix("last-saved#"), saved, span=_span(meta))

    def call(self, meta: Meta, items: list[Any]) -> tree.Call:
        name, *arguments = items
        kept = tuple(argument for argument in arguments if argument is not None)
        return tree.Call(str(name), kept, span=_span(meta))

    def inside(self, meta: Meta, items: list[Any]) -> Expression:  # noqa: ARG002 - lark's signature
        inner: Expression = items[0]
        return inner

    def predicate(self, meta: Meta, items: list[Any]) -> Expression:  # noqa: ARG002 - lark's signature
        inner: Expression = items[0]
        return inner

    def step(self, meta: Meta, items: list[Any]) -> tree.Step:
        name, *predicates = items
        return tree.Step(str(name), tuple(predicates), span=_span(meta))

    def steps(self, meta: Meta, items: list[Any]) -> tuple[tree.Step, ...]:  # noqa: ARG002 - lark's signature
        return tuple(items)

    def relative_path(self, meta: Meta, items: list[Any]) -> Expression:
        (steps,) = items
        if steps == (tree.Step("."),):
            return tree.Current(span=_span(meta))
        return tree.Path(None, steps, span=_span(meta))

    def absolute_path(self, meta: Meta, items: list[Any]) -> tree.Path:
        return tree.Path(None, items[0], absolute=True, span=_span(meta))

    def path_from(self, meta: Meta, items: list[Any]) -> tree.Path:
        return tree.Path(items[0], items[1], span=_span(meta))

    def filtered(self, meta: Meta, items: list[Any]) -> tree.Filtered:
        base, *predicates = items
        return tree.Filtered(base, tuple(predicates), span=_span(meta))


@cache
def _parser() -> Lark:
    grammar = File(__file__).with_name("xpath.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def straighten(text: str) -> str:
    """Typographic quotation marks made straight, as pyxform does; every position stays."""
    return text.translate(STRAIGHT)


@lru_cache(maxsize=10_000)
def parse(text: str) -> Expression:
    """Read an expression.

    Args:
        text: as written in the questionnaire; curly quotation marks count as straight ones.

    Returns:
        The tree; its spans are positions in `text`.

    Raises:
        SurveyError: with one problem, EXPR-001 to EXPR-004, whose place has the column.
    """
    if not text.strip():
        raise _error("EXPR-001", "The expression is empty.", "Write one, or leave it out.", 0)
    straight = straighten(text)
    try:
        found = _Builder().transform(_parser().parse(straight))
    except UnexpectedInput as error:
        raise _explain(error, straight) from None
    except VisitError as error:
        message = "The expression holds a number that no engine can hold."
        repair = "Write a smaller one, in digits."
        raise _error("EXPR-003", message, repair, 0) from error
    if tree.depth(found) > MAX_DEPTH:
        raise _error(
            "EXPR-004",
            f"The expression is nested more than {MAX_DEPTH} levels deep.",
            "Put parts of it into calculations of their own.",
            0,
        )
    return found


def references(expression: Expression) -> frozenset[str]:
    """The names written as `${name}` anywhere in the expression."""
    return frozenset(node.name for node in tree.walk(expression) if isinstance(node, Reference))


def _error(code: str, message: str, repair: str, position: int) -> SurveyError:
    return SurveyError([problem(code, message, repair, place=Place(column=position + 1))])


def _expected(error: UnexpectedToken) -> str:
    """What would be right instead: an operand, or what may follow one."""
    accepted = set(error.accepts)
    if "NUMBER" in accepted:
        return "Write a question, a number, a text or a function here."
    if accepted & {"NAME", "DOT"}:
        return "Write a name here."
    follows = ["an operator"]
    follows += [f"'{mark}'" for name, mark in _MARKS.items() if name in accepted]
    return f"Write {' or '.join(follows)} before it, or take it out."


def _explain(error: UnexpectedInput, text: str) -> SurveyError:
    """What went wrong, in words; the text itself is the form's, no answer, and may be shown."""
    if isinstance(error, UnexpectedCharacters):
        return _bad_character(error, text)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        shown, position = str(error.token), error.token.start_pos or 0
        if text[position - 1 : position + 1] in _ELSEWHERE:
            message = f"'{text[position - 1 : position + 1]}' is no operator in this language."
            repair = f"Write '{_ELSEWHERE[text[position - 1 : position + 1]]}'."
            return _error("EXPR-003", message, repair, position - 1)
        return _error(
            "EXPR-003",
            f"'{shown}' cannot stand here.",
            _expected(error),
            position,
        )
    repair = _ending(error) if isinstance(error, UnexpectedToken) else "Finish it."
    return _error("EXPR-003", "The expression ends too early.", repair, len(text.rstrip()))


def _ending(error: UnexpectedToken) -> str:
    accepted = set(error.accepts)
    closing = [mark for name, mark in _MARKS.items() if name in accepted and name != "COMMA"]
    if closing:
        return f"Close it with '{closing[0]}'."
    return "Write a question, a number, a text or a function at its end."


def _bad_character(error: UnexpectedCharacters, text: str) -> SurveyError:
    position = error.pos_in_stream or 0
    character = text[position]
    if character in "'\"":
        message = "A text is opened here and never closed."
        return _error("EXPR-003", message, f"Close it with {character}.", position)
    if character.isspace():
        message = f"There is an unusual space (U+{ord(character):04X}) here."
        return _error("EXPR-002", message, "Replace it by a plain space.", position)
    if character == "$":
        message = "A reference to a question is not written in full here."
        return _error(
            "EXPR-003", message, "Write ${name}, with the question's name and no spaces.", position
        )
    if character in "&|":
        message = f"'{character}' joins nothing in this language."
        return _error("EXPR-002", message, "Write 'and' or 'or'.", position)
    message = f"'{character}' cannot stand here."
    return _error("EXPR-003", message, "Take it out, or put an operator before it.", position)
