"""Read a design as it is written in DESIGN.yaml, or embedded in study.yaml.

kind: stratified            # census | srs | stratified | cluster | purposive
strata: stype               # a column
clusters: [dnum, snum]      # columns, first stage first
weights: pw                 # a column; without it 1 / sampling fraction from fpc
fpc: [fpc1, fpc2]           # a column or a number for each stage: population counts, or fractions
lonely_stratum: fail        # fail | remove | adjust | average | certainty
post_strata: {stype: {E: 4421, H: 755, M: 1018}}
rake: {stype: {E: 4421, H: 755, M: 1018}, sch.wide: {"No": 1072, "Yes": 5122}}
calibrate: {stype: {E: 4421, H: 755, M: 1018}, api99: 3914069}
distance: linear            # linear | raking: how calibrated weights stay near the given
nest: false                 # true: clusters are numbered anew in each stratum
variance: linearised        # linearised | jackknife
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pipeline.errors import Place, Problem, SurveyError
from pipeline.estimation.columns import text_of
from pipeline.estimation.design import (
    Design,
    Distance,
    Kind,
    KnownTotal,
    LonelyStratum,
    Margin,
    VarianceMethod,
)
from pipeline.estimation.problems import problem
from pipeline.yaml_limits import load_yaml


def read_design(path: Path | str) -> Design:
    """Read DESIGN.yaml.

    Raises:
        SurveyError: every problem, with file and line, EST-001 to EST-005.
    """
    shown = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        loaded = load_yaml(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise _unreadable(shown, f"The file is not YAML: {error.problem}.", line) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        reason = f"The file cannot be read ({_why(error)})."
        raise _unreadable(shown, reason, None) from error
    return design_from(loaded, file=shown)


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def design_from(mapping: object, *, file: str | None = None) -> Design:
    """The design that a mapping in the words of DESIGN.yaml describes.

    Args:
        mapping: the loaded YAML; if it knows its lines (ruamel.yaml's), problems show them.
        file: how problems name the file.

    Raises:
        SurveyError: every problem, EST-001 to EST-005.
    """
    if not isinstance(mapping, Mapping):
        raise _unreadable(file, "A design is a mapping of words such as kind and strata.", None)
    parts = _Parts()
    for key, value in mapping.items():
        parts.take(str(key), value)
    if "kind" not in mapping:
        kinds = ", ".join(Kind)
        parts.refuse("EST-005", "A design says its kind.", f"Choose one of {kinds}.", "kind")
    try:
        design = Design(**{"kind": Kind.SRS} | parts.read) if "kind" in parts.read else None
    except SurveyError as error:
        design = None
        parts.problems += error.problems
    if parts.problems or design is None:
        raise SurveyError(_placed(parts.problems, file, mapping))
    return design


@dataclass(slots=True)
class _Parts:
    """What has been read, and every problem so far."""

    read: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, message: str, repair: str, rule: str) -> None:
        self.problems.append(problem(code, message, repair, rule))

    def take(self, key: str, value: object) -> None:
        if key not in _READERS:
            near = difflib.get_close_matches(key, _READERS, 1)
            repair = f"Did you mean '{near[0]}'?" if near else f"Use {', '.join(_READERS)}."
            self.refuse("EST-002", f"A design has no word '{key}'.", repair, key)
            return
        if value is None:
            return
        reader, meant = _READERS[key]
        try:
            self.read[key] = reader(value)
        except (TypeError, ValueError):
            self.refuse("EST-003", f"{key} is {meant}.", "Write it so.", key)


def _column(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _columns(value: object) -> tuple[str, ...]:
    return tuple(_column(one) for one in _listed(value))


def _counts(value: object) -> tuple[str | float, ...]:
    return tuple(_column(v) if isinstance(v, str) else _number(v) for v in _listed(value))


def _margin(column: object, counts: object) -> Margin:
    if not isinstance(counts, Mapping) or not counts:
        raise TypeError
    pairs = tuple((text_of(name), _number(count)) for name, count in counts.items())
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError
    return Margin(_column(column), pairs)


def _margins(value: object) -> tuple[Margin, ...]:
    if not isinstance(value, Mapping):
        raise TypeError
    return tuple(_margin(column, counts) for column, counts in value.items())


def _one_margin(value: object) -> Margin:
    (margin,) = _margins(value)
    return margin


def _known(value: object) -> tuple[Margin | KnownTotal, ...]:
    if not isinstance(value, Mapping):
        raise TypeError
    return tuple(
        _margin(column, known)
        if isinstance(known, Mapping)
        else KnownTotal(_column(column), _number(known))
        for column, known in value.items()
    )


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _word(words: type[StrEnum]) -> tuple[Callable[[object], object], str]:
    return lambda value: words(_column(value)), f"one of {', '.join(words)}"


_READERS: dict[str, tuple[Callable[[Any], object], str]] = {
    "kind": _word(Kind),
    "strata": (_column, "the name of a column"),
    "clusters": (_columns, "the names of columns, first stage first"),
    "weights": (_column, "the name of a column"),
    "fpc": (_counts, "a column or a number for each stage"),
    "lonely_stratum": _word(LonelyStratum),
    "post_strata": (_one_margin, "one column with a count for each category"),
    "rake": (_margins, "columns with a count for each category"),
    "calibrate": (_known, "columns with a total, or a count for each category"),
    "distance": _word(Distance),
    "nest": (_switch, "true or false"),
    "variance": _word(VarianceMethod),
}


def _placed(
    problems: Iterable[Problem], file: str | None, mapping: Mapping[Any, object]
) -> tuple[Problem, ...]:
    positions = getattr(getattr(mapping, "lc", None), "data", None) or {}
    return tuple(
        replace(one, place=replace(one.place, file=file, line=_line(positions, one.place.rule)))
        for one in problems
    )


def _line(positions: Mapping[Any, Any], key: str | None) -> int | None:
    return positions[key][0] + 1 if key in positions else None


def _unreadable(file: str | None, message: str, line: int | None) -> SurveyError:
    repair = "Write it as the documentation of estimation shows."
    return SurveyError([Problem("EST-001", message, repair, Place(file=file, line=line))])
