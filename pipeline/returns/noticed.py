"""What readers noticed, kept apart by what it is about.

Several processes may read a form's files, each a share of them. What they noticed is told as if
one had read them all: in one order, and counted over all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

import pandas as pd

from pipeline.responses import Issue, IssueSeverity, Responses, issues_frame, join_issues
from pipeline.returns.versions import Strange, strange_together

_UNREADABLE = "unreadable_file"


class Group(IntEnum):
    """Kinds of files, in the order in which their responses stand."""

    WORKBOOKS = 0
    SUBMISSIONS = 1
    LATE_WORKBOOKS = 2
    """Called submissions; only reading them showed what they are."""
    TABLES = 3


@dataclass(slots=True)
class Node:
    """An element of submissions that the form does not ask for, and how often it held something."""

    first_file: str
    times: int = 0


@dataclass
class SubmissionNotes:
    """What was noticed in submissions.

    Attributes:
        unread: files that cannot be read.
        told: about single answers, in the order of the submissions.
        nodes: path -> an element that the form does not have.
        strange: submissions of versions that are not known.
    """

    unread: list[Issue] = field(default_factory=list)
    told: list[Issue] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    strange: Strange | None = None


@dataclass
class Noticed:
    """What one reader noticed in its share of the files.

    Attributes:
        unsorted: files of which nobody can say what they are.
        unsorted_late: likewise, of files that are called submissions.
        unread_tables: tables that cannot be read.
        issues: what was noticed in the files of each group but submissions.
        submissions: what was noticed in these.
    """

    unsorted: list[Issue] = field(default_factory=list)
    unsorted_late: list[Issue] = field(default_factory=list)
    unread_tables: list[Issue] = field(default_factory=list)
    issues: dict[Group, pd.DataFrame] = field(default_factory=dict)
    submissions: SubmissionNotes = field(default_factory=SubmissionNotes)

    def without_issues(self, group: Group, piece: Responses) -> Responses:
        """Take the issues out of what was read of a group."""
        here = [self.issues[group]] if group in self.issues else []
        self.issues[group] = join_issues([*here, piece.issues])
        return replace(piece, issues=issues_frame())


def told_together(shares: Sequence[Noticed]) -> pd.DataFrame:
    """Everything that was noticed, in the order in which one reader of all files tells it.

    Args:
        shares: what each reader noticed, in the order of the files.

    Returns:
        `ISSUE_COLUMNS`.
    """
    first = [
        *(issue for share in shares for issue in share.unsorted),
        *(issue for share in shares for issue in share.unsorted_late),
        *(issue for share in shares for issue in share.unread_tables),
    ]
    return join_issues(
        [
            issues_frame(first),
            _of_workbooks(shares, Group.WORKBOOKS),
            issues_frame(submission_issues([share.submissions for share in shares])),
            _of_workbooks(shares, Group.LATE_WORKBOOKS),
            join_issues(_of(shares, Group.TABLES)),
        ]
    )


def submission_issues(shares: Sequence[SubmissionNotes]) -> list[Issue]:
    """What was noticed in submissions; what no single one of them tells is told once."""
    nodes = dict[str, Node]()
    for share in shares:
        for path, seen in share.nodes.items():
            node = nodes.setdefault(path, Node(seen.first_file))
            node.times += seen.times
    strange = strange_together(share.strange for share in shares)
    return [
        *(issue for share in shares for issue in share.unread),
        *(issue for share in shares for issue in share.told),
        *(_unknown(path, node) for path, node in sorted(nodes.items(), key=lambda pair: pair[0])),
        *([] if strange is None else [strange.issue]),
    ]


def _unknown(path: str, node: Node) -> Issue:
    return Issue(
        response_id=None,
        question=None,
        code="unknown_node",
        rule="unknown_node",
        severity=IssueSeverity.WARNING,
        stage="returns",
        source_file=node.first_file,
        source_place=path,
        message=f"The form does not ask this; {node.times} submissions answer it.",
    )


def _of_workbooks(shares: Iterable[Noticed], group: Group) -> pd.DataFrame:
    """What was noticed in workbooks, and then those that cannot be read."""
    whole = join_issues(_of(shares, group))
    unread = whole["code"] == _UNREADABLE
    return join_issues([whole[~unread], whole[unread]])


def _of(shares: Iterable[Noticed], group: Group) -> list[pd.DataFrame]:
    return [share.issues[group] for share in shares if group in share.issues]
