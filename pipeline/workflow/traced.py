"""The whole life of an answer, from the returned file to the tables that it enters."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.study import Study
from pipeline.workflow.asked import corrections_of
from pipeline.workflow.questionnaires import form_names, load_questionnaires
from pipeline.workflow.recoded import read_recoding
from pipeline.workflow.returned import verify

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.cleaning.trace import AnswerTrace
    from pipeline.questionnaire.model import Questionnaire

_ALL = 3  # form, response and question


def trace(study: Study, words: Sequence[str]) -> tuple[str, ...]:
    """The life of a response's answers, a line a step; values that name somebody are hidden.

    Args:
        study: the study.
        words: `RESPONSE [QUESTION]`, with the form's name before them or without.

    Raises:
        SurveyError: RAW-..., a file of raw/ is not as it was received; WORK-001; WORK-005, the
            form is not processed yet; WORK-006, there is no such response or question.
    """
    form, response, question = _meant(study, words)
    verify(study)
    questionnaire = load_questionnaires(study, [form])[form]
    log = corrections_of(study, {form: questionnaire})
    lives = _lives(study, questionnaire, log, response, question)
    if not lives:
        raise _nothing(question)
    asked = _issues(study, form, response, ("action", "queried"))
    lines = [
        line
        for life in lives
        for line in (
            *_life(life),
            *_log_lines(log, life),
            *_query_lines(asked[asked["question"] == life.question]),
            *_table_lines(study, form, life),
        )
    ]
    about = asked[asked["question"].isna()] if question is None else asked[:0]
    return (*lines, *(["(the whole response)"] if len(about) else ()), *_query_lines(about))


def _lives(
    study: Study,
    questionnaire: "Questionnaire",
    log: "pd.DataFrame",
    response: str,
    question: str | None,
) -> tuple["AnswerTrace", ...]:
    """Follow a response through the cleaning again, among all, or among those of its part.

    What is more than a part is cut outside the study: whoever cleans it meanwhile has parts there.
    """
    from pipeline.cleaning.stages import STAGES
    from pipeline.cleaning.trace import trace as work
    from pipeline.parts.clean import responses_of
    from pipeline.parts.dealing import dealt
    from pipeline.parts.engines import Engines
    from pipeline.parts.plan import plan_parts
    from pipeline.parts.reading import Read, read_or_cut
    from pipeline.privacy.consent import withdrawn, without_withdrawn
    from pipeline.returns.manifest import read_manifest

    recoding, told, engines = read_recoding(study, questionnaire), None, Engines()
    shares = dealt(read_manifest(study), questionnaire, engines.processes)
    size = study.settings.part_responses
    with TemporaryDirectory(prefix="survey-") as folder, engines.begun() as engine:
        read = read_or_cut(study, questionnaire, shares, size=size, folder=Path(folder) / "parts")
        if isinstance(read, Read):
            plan = plan_parts(read, recoding.form, study.settings, log, engine)
            number = plan.part_of(response)
            if number is None:
                return ()
            read, log = responses_of(read, plan.shares[number])[0], plan.logs[number]
            told = _issues(study, questionnaire.form_id, response, ("stage", STAGES[-1].name))
    responses, _ = without_withdrawn(read, questionnaire, withdrawn(study))
    return work(
        responses,
        recoding.form,
        study.settings,
        log,
        recoding.decisions,
        frame=recoding.frame,
        response_id=response,
        question=question,
        told=told,
    )


def _meant(study: Study, words: Sequence[str]) -> tuple[str, str, str | None]:
    """Form, response and question; where no form is named, the one that has the response."""
    names = form_names(study)
    if len(words) == _ALL or (len(words) > 1 and words[0] in names):
        form, *words = (*form_names(study, words[:1]), *words[1:])
        _demand_processed(study, form)
    else:
        form = ""
    if not 1 <= len(words) < _ALL:
        raise _nothing(None)
    response, question = words[0], words[1] if len(words) > 1 else None
    return form or _form_of(study, names, response), response, question


def _demand_processed(study: Study, form: str) -> None:
    path = study.processed / form / "ledger.parquet"
    if not path.is_file():
        message, repair = "The form has not been processed yet.", "Run survey process first."
        raise SurveyError([Problem("WORK-005", message, repair, Place(file=study.shown(path)))])


def _form_of(study: Study, names: Sequence[str], response: str) -> str:
    from pipeline.cleaning.unclaimed import response_ids

    done = [name for name in names if (study.processed / name / "ledger.parquet").is_file()]
    if not done:
        _demand_processed(study, next(iter(names), ""))
    found = [name for name in done if response_ids(study.processed / name, [response])]
    if not found:
        raise _nothing(None)
    return found[0]


def _nothing(question: str | None) -> SurveyError:
    message, repair = "There is no such response or question.", "See processed/ for their names."
    place = Place(file="processed/", question=question)
    return SurveyError([Problem("WORK-006", message, repair, place)])


def _life(life: "AnswerTrace") -> Iterator[str]:
    """Where it came from, what each stage made of it, and why there is no answer now."""
    at = "" if life.position is None else f"[{life.position}]"
    aside = " (set aside)" if life.set_aside else ""
    yield f"{life.question}{at}: {life.source_file}, {life.source_place}{aside}"
    for step in life.steps:
        shown = "(blank)" if step.value is None else step.value
        yield f"  {step.stage}: {shown} {' '.join(step.codes)}".rstrip()
    if life.missing:
        yield f"  missing: {life.missing}"


def _log_lines(log: "pd.DataFrame", life: "AnswerTrace") -> Iterator[str]:
    """Rows of the correction logs about the answer: where, what, by whom, when and why."""
    from pipeline.cleaning.correction_targets import ID_MARK

    head = log["question"].str.replace(r"[/.][^/.]*$", "", regex=True)
    named = (log["question"] == life.question) | (head == life.question)
    here = log["position"].isna() | log["position"].eq(life.position or 0)
    ours = log["response_id"].str.removeprefix(ID_MARK) == life.response_id
    for row in log[ours & named & here].itertuples():
        said = [row.change_type, row.by, row.date, row.reason]
        shown = ", ".join(str(one) for one in said if isinstance(one, str))
        yield f"  correction: {row.source_file}, {row.source_place}: {shown}"


def _issues(study: Study, form: str, response: str, what: tuple[str, str]) -> "pd.DataFrame":
    """The issues of a response in which a column says something."""
    import pandas as pd

    column, value = what
    ours = [("response_id", "==", response), (column, "==", value)]
    return pd.read_parquet(study.processed / form / "issues.parquet", filters=ours)


def _query_lines(asked: "pd.DataFrame") -> Iterator[str]:
    for row in asked.itertuples():
        yield f"  query: {row.code} ({row.rule}) {row.message}"


def _table_lines(study: Study, form: str, life: "AnswerTrace") -> Iterator[str]:
    """The published tables that count the question, unless the answer is in none of them."""
    from pipeline.analysis.table_list import tables_of

    if life.set_aside:
        return
    how = "missing answers of table" if life.missing else "table"
    for path, base in tables_of(study.outputs / "report", form, life.question):
        shown = "" if base is None else f" (base {base})"
        yield f"  {how}: {study.shown(path)}{shown}"
