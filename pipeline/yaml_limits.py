"""How deep a YAML may nest and how much its aliases may stand for, before anything is built of it.

A few lines of aliases to aliases stand for more values than any memory holds, and loaders follow
them one by one; ten thousand brackets end a recursive loader. Both are seen in the parser's events.
"""

import contextlib
import datetime as dt
import re
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark

DEEPEST = 100
MOST_NODES = 1_000_000

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_HUGE_NUMBER = re.compile(r"[0-9_]{4000}")
_DAY = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def limited(text: str) -> str:
    """The text itself, if it may be loaded.

    Raises:
        MarkedYAMLError: as a loader's own, with the reason as its `problem`.
    """
    fault = yaml_fault(text)
    if fault is None and (_UNPRINTABLE.search(text) or _HUGE_NUMBER.search(text)):
        fault = "It holds a character or a number that no study needs."
    if fault is not None:
        raise MarkedYAMLError(problem=fault.rstrip("."))
    return text


def load_yaml(text: str) -> Any:
    """The values of a YAML, with the lines where they stand.

    Raises:
        MarkedYAMLError: it is no YAML, may not be loaded, or holds what is no value: 2011-09-31.
    """
    checked = limited(text)
    try:
        return YAML().load(checked)
    except MarkedYAMLError:
        raise
    except RecursionError as error:
        raise MarkedYAMLError(problem="it is nested too deeply") from error
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        problem = "it holds a value that cannot be, such as a day that no calendar has"
        raise MarkedYAMLError(problem=problem, problem_mark=_no_day(checked)) from error


def _no_day(text: str) -> Any:
    """Where a day stands that no calendar has, if that is what is wrong."""
    for number, line in enumerate(text.splitlines()):
        for day in _DAY.findall(line):
            try:
                dt.date(*map(int, day))
            except ValueError:
                return StringMark("", 0, number, 0, None, 0)
    return None


def yaml_fault(text: str) -> str | None:
    """Why a YAML must not be loaded, as a sentence; None where it may, or is no YAML at all."""
    tally = _Tally()
    with contextlib.suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=_LOADER):
            if (fault := tally.take(event)) is not None:
                return fault
    return None


class _Tally:
    """How much each anchor stands for, and each collection that is still open."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.open: list[tuple[str | None, int]] = [(None, 0)]

    def take(self, event: yaml.Event) -> str | None:
        """Count one event; the reason where it goes too far."""
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append((event.anchor, 1))
            return "It is nested too deeply." if len(self.open) > DEEPEST else None
        if isinstance(event, yaml.AliasEvent) and event.anchor not in self.sizes:
            return "An alias stands for what it is part of, or for nothing."
        around, count = self.open[-1]
        if isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self._keep(around, count)
            around, before = self.open[-1]
            count += before
        elif isinstance(event, yaml.AliasEvent):
            count += self.sizes[event.anchor or ""]
        elif isinstance(event, yaml.ScalarEvent):
            self._keep(event.anchor, 1)
            count += 1
        self.open[-1] = (around, count)
        most = count > MOST_NODES
        return "Its aliases stand for more values than a study can hold." if most else None

    def _keep(self, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self.sizes[anchor] = size
