"""Our cleaned answers beside somebody else's: every cell in which they differ."""

import pandas as pd

from pipeline.cleaning.link import link
from pipeline.cleaning.moments import Habits
from pipeline.cleaning.text import text
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Responses
from pipeline.settings import Settings


def compare(
    main: pd.DataFrame, other: Responses, questionnaire: Questionnaire, settings: Settings
) -> pd.DataFrame:
    """Every cell in which cleaned responses differ from others, compared by type.

    Args:
        main: `Cleaned.main`.
        other: the same survey as somebody else cleaned it, text as the readers hand it over.
        questionnaire: the form.
        settings: of the study.

    Returns:
        response_id, column, differs: `answer`, or `only_here` and `only_there` for responses that
        the other does not have (column is NA). A question without any answer on either side and a
        column that only one of them has are left out.
    """
    habits = Habits(settings.day_first, settings.timezone)
    theirs = text(link(other, questionnaire, settings.response_key), habits).main
    left, right = main.set_index("response_id"), theirs.set_index("response_id")
    both = left.index[left.index.isin(right.index)]
    parts = [
        _ids(left.index[~left.index.isin(right.index)], "only_here"),
        _ids(right.index[~right.index.isin(left.index)], "only_there"),
    ]
    given = set(map(str, other.main.columns))
    for name in map(str, left.columns):
        if name in right and name in given and _is_answer(name, questionnaire):
            differ = _unlike(left[name].loc[both], right[name].loc[both])
            parts.append(_ids(both[differ], "answer", name))
    return pd.concat(parts, ignore_index=True)


def _is_answer(name: str, questionnaire: Questionnaire) -> bool:
    return name in questionnaire.by_name or name.rpartition("/")[0] in questionnaire.by_name


def _unlike(left: pd.Series, right: pd.Series) -> pd.Series:
    if isinstance(right.dtype, pd.CategoricalDtype):
        right = right.astype(right.cat.categories.dtype).astype("str").where(right.notna())
    same = (left == right).fillna(False).astype(bool)  # noqa: FBT003 - pandas'
    return ~same & ~(left.isna() & right.isna())


def _ids(ids: "pd.Index[str]", differs: str, column: str | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"response_id": ids, "column": column, "differs": differs})
    return frame.astype("str")
