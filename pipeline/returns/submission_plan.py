"""Where each answer stands in a submission: the form as nested names, made once for all files."""

from dataclasses import dataclass, field

from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.versions import older_names

IGNORED = -1
"""The column of an element that holds no answer: a note, or what ODK adds for itself."""

INSTANCE_ID = "meta/instanceID"
DEPRECATED_ID = "meta/deprecatedID"
HIDDEN = (INSTANCE_ID, DEPRECATED_ID, "")
"""Columns that stand after the main table's questions; the last takes what is ignored."""

_OPENROSA = "{http://openrosa.org/xforms}"
_ADDED_BY_ODK = ("__version__", "_version_")


@dataclass(slots=True)
class Table:
    """A table that answers go to.

    Attributes:
        columns: its questions in the form's order, then those of older versions.
        older: question of an older version -> its column; it may stand anywhere in the table.
        number: its place among the tables; 0 is the main one.
        parent: number of the table around it; 0 for the main table and those directly in it.
    """

    name: str | None
    number: int
    parent: int
    columns: tuple[str, ...]
    older: dict[str, int]


@dataclass(slots=True)
class Group:
    """What the elements inside a group or repeat are, by their local name.

    An answer is the number of its column; a group or a repeat is again a `Group`.

    Attributes:
        inside: local name -> column, or what is inside.
        table: the table in which each element of this name is a row; None for a group.
    """

    inside: "dict[str, int | Group]" = field(default_factory=dict)
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole form.

    Attributes:
        root: what the root element holds.
        tables: the main table, then one a repeat, outer before inner.
    """

    root: Group
    tables: tuple[Table, ...]


def plan_of(questionnaire: Questionnaire) -> Plan:
    """Lay out a questionnaire as its submissions are."""
    names = [None, *questionnaire.repeats]
    number = {name: n for n, name in enumerate(names)}
    older = tuple(older_names(questionnaire))
    tables = tuple(
        Table(
            name=name,
            number=number[name],
            parent=0 if name is None else number[questionnaire.repeats[name].parent],
            columns=(*(item.name for item in questionnaire.answered(name)), *older),
            older={old: at for at, old in enumerate(older, len(questionnaire.answered(name)))},
        )
        for name in names
    )
    by_name = {table.name: table for table in tables}
    root = Group(dict.fromkeys(_ADDED_BY_ODK, IGNORED), tables[0])
    root.inside["formhub"] = Group({"uuid": IGNORED})
    _put_meta(root, len(tables[0].columns))
    for name, repeat in questionnaire.repeats.items():
        _put(root, (*repeat.path, name), Group(table=by_name[name]))
        _put(root, (*repeat.path, f"{name}_count"), IGNORED)
    for item in questionnaire.items:
        if not item.question.has_answer:
            _put(root, (*item.path, item.question.name), IGNORED)
    for table in tables:
        for column, item in enumerate(questionnaire.answered(table.name)):
            meta = item.question.type_name == "audit"
            _put(root, ("meta", "audit") if meta else (*item.path, item.question.name), column)
    return Plan(root, tables)


def _put_meta(root: Group, width: int) -> None:
    """The element `meta`, with and without the namespace that it should have."""
    meta = Group()
    for hidden, name in enumerate(("instanceID", "deprecatedID")):
        meta.inside[name] = meta.inside[_OPENROSA + name] = width + hidden
    meta.inside["instanceName"] = meta.inside[f"{_OPENROSA}instanceName"] = IGNORED
    root.inside["meta"] = root.inside[f"{_OPENROSA}meta"] = meta


def _put(root: Group, path: tuple[str, ...], what: int | Group) -> None:
    here = root
    for step in path[:-1]:
        inside = here.inside.setdefault(step, Group())
        if not isinstance(inside, Group):
            return
        here = inside
    if what == IGNORED:
        here.inside.setdefault(path[-1], what)
    else:
        here.inside[path[-1]] = what
