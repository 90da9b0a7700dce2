"""The synthetic first set: every form's returns in one folder, by one reproducible call."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.errors import Place, SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.study import Study, line_of
from pipeline.synthetic.file_errors import FILE_ERRORS
from pipeline.synthetic.planted import ERROR_KINDS
from pipeline.synthetic.problems import problem
from pipeline.synthetic.profile import read_profile, read_yaml
from pipeline.synthetic.returned import Way
from pipeline.synthetic.rows import Row, fits, source_rows
from pipeline.synthetic.simulate import Respondents, simulate

FILE = "synthetic/first_set.yaml"


def _known_error(kind: str) -> str:
    if kind not in {*ERROR_KINDS, *FILE_ERRORS}:
        raise ValueError("there is no such kind of error")
    return kind


class FormSet(BaseModel):
    """What comes back on one form.

    Attributes:
        n: how many respondents; by default one for each row of the profile's source.
        ways: kinds of files, in turn.
        languages: in turn; by default the questionnaire's.
        errors: kind of error -> how many.
        leave_out: rows of the source that nobody answers for.
        without_row: how many respondents have no row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int | None = Field(default=None, ge=1)
    ways: tuple[Way, ...] = (Way.EXCEL,)
    languages: tuple[str, ...] = ()
    errors: dict[Annotated[str, AfterValidator(_known_error)], int] = Field(default_factory=dict)
    leave_out: tuple[dict[str, str], ...] = ()
    without_row: int = Field(default=0, ge=0)


def first_set(
    study: Study,
    questionnaires: Mapping[str, Questionnaire],
    to: Path,
    seed: int,
    *,
    advance: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Simulate every form that `instruments/synthetic/first_set.yaml` names.

    Args:
        study: the study folder.
        questionnaires: every form of the study, by form_id.
        to: gets a folder of returned files a form, and each form's truth file beside it.
        seed: the same seed gives the same bytes.
        advance: called for each respondent written.

    Returns:
        The truth files.

    Raises:
        SurveyError: SYN-001 to SYN-003, SYN-005, SYN-006.
    """
    truths = []
    for form_id, form_set in _read(study, questionnaires).items():
        rows = _rows(study, form_id, form_set)
        respondents = Respondents(
            n=form_set.n or len(rows),
            seed=seed,
            ways=form_set.ways,
            languages=form_set.languages,
            errors=form_set.errors,
            rows=rows,
        )
        truths.append(simulate(study, questionnaires[form_id], respondents, to, advance=advance))
    return truths


def _rows(study: Study, form_id: str, form_set: FormSet) -> list[Row]:
    rows = source_rows(study, read_profile(study, form_id).source)
    kept = [row for row in rows if not any(fits(row, left) for left in form_set.leave_out)]
    return [*kept, *({} for _ in range(form_set.without_row))]


def _read(study: Study, questionnaires: Mapping[str, Questionnaire]) -> dict[str, FormSet]:
    path = study.instruments / FILE
    place = Place(file=study.shown(path))
    if not path.is_file():
        raise SurveyError([problem("SYN-006", "No first set is described.", place)])
    content = read_yaml(study, path)
    if unknown := sorted(set(content) - set(questionnaires)):
        raise SurveyError(
            problem("SYN-001", f"There is no form '{name}'.", place) for name in unknown
        )
    try:
        return TypeAdapter(dict[str, FormSet]).validate_python(content)
    except ValidationError as error:
        raise SurveyError(
            problem(
                "SYN-001",
                f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}.",
                Place(file=place.file, line=line_of(content, wrong["loc"])),
            )
            for wrong in error.errors(include_url=False, include_input=False)
        ) from error
