"""Respondents who do not exist."""

from pathlib import Path

from pipeline.study import Study
from pipeline.workflow.questionnaires import load_questionnaires


def simulate(
    study: Study, form: str | None, *, n: int, seed: int, kind: str, to: Path
) -> tuple[Path, ...]:
    """Draw respondents who do not exist and fill in the exported forms; gives back the truth files.

    Args:
        study: holds the profiles in instruments/synthetic/.
        form: the questionnaire's name; without it the study's whole first set.
        n: number of respondents of a form.
        seed: the same seed gives the same bytes.
        kind: excel, odk or table.
        to: folder for the files.
    """
    from pipeline.synthetic.first_set import first_set
    from pipeline.synthetic.returned import ways_of
    from pipeline.synthetic.simulate import Respondents
    from pipeline.synthetic.simulate import simulate as work

    if form is None:
        return tuple(first_set(study, load_questionnaires(study), to, seed))
    questionnaire = load_questionnaires(study, [form])[form]
    respondents = Respondents(n=n, seed=seed, ways=ways_of(kind))
    return (work(study, questionnaire, respondents, to),)
