"""The cells of one row of an XLSForm as the fields of a question, group, repeat or choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.questionnaire.model import ANY_LANGUAGE
from pipeline.questionnaire.xlsform_sheets import SheetRow, Tokens

_TEXTS: Mapping[Tokens, str] = {
    ("label",): "label",
    ("hint",): "hint",
    ("guidance_hint",): "guidance_hint",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
}
_PLAIN: Mapping[Tokens, str] = {
    ("bind", "relevant"): "relevant",
    ("bind", "constraint"): "constraint",
    ("bind", "calculate"): "calculation",
    ("bind", "required"): "required",
    ("bind", "readonly"): "read_only",
    ("control", "appearance"): "appearance",
    ("control", "jr:count"): "repeat_count",
    ("choice_filter",): "choice_filter",
    ("default",): "default",
    ("trigger",): "trigger",
    ("parameters",): "parameters",
}
_MEDIA_TOKENS = 2


@dataclass(frozen=True)
class Cells:
    """Reads rows, once the form's languages are known.

    Attributes:
        codes: language name as the form writes it -> code.
    """

    codes: Mapping[str, str]

    def fields(self, row: SheetRow, known: Iterable[str], besides: Iterable[str]) -> dict[str, Any]:
        """The row's cells by field; those that are none of the known fields under `columns`.

        Args:
            row: the row.
            known: the fields of what is read, those of `Question` for instance.
            besides: first tokens that the caller reads itself: type, name, list name.
        """
        known, besides = frozenset(known), frozenset(besides)
        found: dict[str, Any] = {}
        for tokens, value in row.cells.items():
            if len(tokens) == 1 and tokens[0] in besides:
                continue
            if not self._text(tokens, value, known, found) and not _plain(
                tokens, value, known, found
            ):
                found.setdefault("columns", {})[heading(tokens)] = value
        return found

    def _text(
        self, tokens: Tokens, value: str, known: frozenset[str], found: dict[str, Any]
    ) -> bool:
        """Take a cell in one of the form's languages; False where it is none."""
        for length in (len(tokens), len(tokens) - 1):
            start, rest = tokens[:length], tokens[length:]
            code = self.codes.get(rest[0], rest[0]) if rest else ANY_LANGUAGE
            field = _TEXTS.get(start)
            if field in known and field is not None:
                found.setdefault(field, {})[code] = value
                return True
            if start[:1] == ("media",) and len(start) == _MEDIA_TOKENS and "media" in known:
                found.setdefault("media", {}).setdefault(start[1], {})[code] = value
                return True
        return False


def _plain(tokens: Tokens, value: str, known: frozenset[str], found: dict[str, Any]) -> bool:
    field = _PLAIN.get(tokens)
    if field is None or field not in known:
        return False
    found[field] = value
    return True


def heading(tokens: Tokens) -> str:
    """A heading that pyxform reads as these tokens, in XLSForm's own words where it has them."""
    for length in (len(tokens), len(tokens) - 1):
        field = _PLAIN.get(tokens[:length]) or _TEXTS.get(tokens[:length])
        if field:
            return "::".join((field, *tokens[length:]))
    first = "body" if tokens[0] == "control" else tokens[0]
    return "::".join((first, *tokens[1:]))


def language_names(rows: Iterable[SheetRow], headings: Iterable[Tokens]) -> tuple[str, ...]:
    """Languages that some text of these rows is in, in the order of the headings."""
    used: dict[str, None] = {}
    for row in rows:
        for tokens in row.cells:
            start = tokens[:-1]
            if start in _TEXTS or (start[:1] == ("media",) and len(start) == _MEDIA_TOKENS):
                used[tokens[-1]] = None
    in_order = {tokens[-1]: None for tokens in headings if tokens[-1] in used}
    return tuple(in_order | used)
