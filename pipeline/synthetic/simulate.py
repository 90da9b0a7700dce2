"""Returns that nobody sent: forms truly filled in, errors planted, and the truth beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.errors import Place, SurveyError, raise_errors
from pipeline.questionnaire.model import Questionnaire
from pipeline.settings import Roles
from pipeline.study import Study
from pipeline.synthetic.around import Around
from pipeline.synthetic.chance import chance
from pipeline.synthetic.draw import draw
from pipeline.synthetic.file_errors import FILE_ERRORS, Written
from pipeline.synthetic.form import Form
from pipeline.synthetic.planted import ERROR_KINDS, Planted, plant
from pipeline.synthetic.problems import problem
from pipeline.synthetic.profile import Profile, read_profile
from pipeline.synthetic.profile_check import check_profile
from pipeline.synthetic.returned import Returned, Way, Writer, instance_id
from pipeline.synthetic.rows import Row, source_rows
from pipeline.synthetic.truth import TruthRow, write_truth

_ONE_IN = 30  # respondents for each error of a kind, unless it is said how many


@dataclass(frozen=True)
class Respondents:
    """Who answers one form, and how.

    Attributes:
        ways: kind of file of each respondent, in turn.
        languages: language of each respondent, in turn.
        errors: kind of error -> how many; None plants about one of each kind in thirty.
        rows: rows to give out instead of the profile's.
        around: kind of error around the answers -> how many, in submissions.
    """

    n: int
    seed: int
    ways: Sequence[Way] = (Way.EXCEL,)
    languages: Sequence[str] = ()
    errors: Mapping[str, int] | None = None
    rows: Sequence[Row] | None = None
    around: Mapping[str, int] = field(default_factory=dict)


def simulate(
    study: Study,
    questionnaire: Questionnaire,
    respondents: Respondents,
    to: Path,
    *,
    advance: Callable[[], None] = lambda: None,
) -> Path:
    """Draw respondents, fill in the exported forms, plant errors and write down which.

    The same study, form and respondents give the same bytes.

    Args:
        study: holds the profile and the frame.
        questionnaire: the form.
        respondents: how many, how, with which errors.
        to: gets the returned files in `FORM/` and the truth in `SYNTHETIC-FORM-truth.csv`.
        advance: called for each respondent written.

    Returns:
        The truth file.

    Raises:
        SurveyError: SYN-001 the profile is wrong, SYN-002 nothing satisfies the form's rules,
            SYN-003 an error that was asked for fits nowhere, SYN-005 `to` cannot be written to.
    """
    profile = read_profile(study, questionnaire.form_id)
    raise_errors(check_profile(profile, questionnaire))
    rows = source_rows(study, profile.source) if respondents.rows is None else respondents.rows
    folder = to / questionnaire.form_id
    _make(folder, to)
    with TemporaryDirectory() as blank_forms:
        roles = study.settings.roles.get(questionnaire.form_id, Roles())
        writer = Writer(questionnaire, Path(blank_forms), folder, roles.date)
        work = _Simulation(writer, respondents, profile, rows, roles)
        work.write(advance)
    truth = to / f"{writer.stem}-truth.csv"
    write_truth(work.truth, truth)
    return truth


def _make(folder: Path, to: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The files cannot be written there ({error.strerror or 'unknown reason'})."
        place = Place(file=to.as_posix(), rule="--to")
        raise SurveyError([problem("SYN-005", message, place)]) from error


@dataclass
class _Simulation:
    """One form being simulated.

    Attributes:
        truth: what was planted so far.
        planted: position of a respondent -> the error in its answers.
    """

    writer: Writer
    respondents: Respondents
    profile: Profile
    rows: Sequence[Row]
    roles: Roles
    truth: list[TruthRow] = field(default_factory=list)
    planted: dict[int, Planted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        form_id = self.writer.questionnaire.form_id
        seed = self.respondents.seed
        self.form = Form(self.writer.questionnaire, date_role=self.roles.date)
        self.random = chance(seed, form_id, "errors")
        self.responses = self._draw()

    def _draw(self) -> list[Returned]:
        asked, questionnaire = self.respondents, self.writer.questionnaire
        languages = tuple(asked.languages) or questionnaire.language_codes
        answers = draw(
            questionnaire,
            asked.n,
            asked.seed,
            profile=self.profile,
            rows=self.rows,
            languages=languages,
        )
        return [
            Returned(
                number=at + 1,
                way=asked.ways[at % len(asked.ways)],
                language=languages[at % len(languages)],
                answers=one,
                instance_id=instance_id(questionnaire.form_id, asked.seed, at + 1),
            )
            for at, one in enumerate(answers)
        ]

    def write(self, advance: Callable[[], None]) -> None:
        """Plant, write every file, and note the truth."""
        self._plant_in_answers()
        files = self._plan_files()
        around = self._plant_around(files)
        if table := [one for one in self.responses if one.way is Way.TABLE]:
            path = self.writer.write_table(table)
            for one in table:
                self._note_planted(one, path.name, one.instance_id)
                advance()
        for at, one in enumerate(self.responses):
            if one.way is not Way.TABLE and at not in around:
                self._write_one(at, files.get(at))
                advance()

    # --- errors in answers

    def _count(self, kind: str) -> tuple[int, bool]:
        """How many errors of a kind, and whether they must all find a place."""
        errors = self.respondents.errors
        if errors is None:
            return -(-self.respondents.n // _ONE_IN), False
        return errors.get(kind, 0), True

    def _plant_in_answers(self) -> None:
        for kind, error in ERROR_KINDS.items():
            wanted, must = self._count(kind)
            for at in self._free(error.ways):
                if not wanted:
                    break
                found = plant(self.form, self.responses[at].answers, kind, self.random)
                if found is not None:
                    self.planted[at] = found
                    self.responses[at] = replace(self.responses[at], answers=found.answers)
                    wanted -= 1
            self._demand(kind, wanted, must=must)

    def _free(self, ways: Iterable[str]) -> list[int]:
        """Respondents without an error so far, in random order."""
        fitting = set(ways)
        free = [
            at
            for at, one in enumerate(self.responses)
            if at not in self.planted and one.way in fitting
        ]
        return self.random.sample(free, len(free))

    def _demand(self, kind: str, left: int, *, must: bool) -> None:
        if left and must:
            place = Place(question=self.writer.questionnaire.form_id)
            raise SurveyError([problem("SYN-003", f"{left} of '{kind}' fit nowhere.", place)])

    def _note_planted(self, one: Returned, file: str, key: str) -> None:
        found = self.planted.get(one.number - 1)
        if found is None:
            return
        place = found.spot.place
        position = str(place[-1][1] + 1) if place else ""
        reported_by = "issues" if found.code else ""
        name = found.spot.item.name
        self.truth.append(TruthRow(file, key, name, position, found.kind, found.code, reported_by))

    # --- errors in files

    def _plan_files(self) -> dict[int, str]:
        """Which respondent's file gets which error."""
        plan: dict[int, str] = {}
        for kind, error in FILE_ERRORS.items():
            wanted, must = self._count(kind)
            free = [at for at in self._free(error.ways) if at not in plan]
            fitting = min(wanted, len(free) // error.files)
            plan |= dict.fromkeys(free[: fitting * error.files], kind)
            self._demand(kind, wanted - fitting, must=must)
        return plan

    def _plant_around(self, files: Mapping[int, str]) -> set[int]:
        """Errors around the answers; gives back which respondents are written with them."""
        asked, done = self.respondents, set[int]()
        form_id = self.writer.questionnaire.form_id
        numbers = range(asked.n + 1, 2 * asked.n + 1)
        fresh = ((number, instance_id(form_id, asked.seed, number)) for number in numbers)
        random = chance(asked.seed, form_id, "around")
        around = Around(self.writer, self.form, self.roles, random, fresh)
        free = [at for at in self._free([Way.ODK]) if at not in files] if asked.around else []
        for kind, wanted in asked.around.items():
            left = wanted
            for at in free:
                if not left:
                    break
                rows = around.plant(kind, self.responses[at]) if at not in done else None
                if rows is not None:
                    self.truth += rows
                    done.add(at)
                    left -= 1
            self._demand(kind, left, must=True)
        around.write_log()
        return done

    def _write_one(self, at: int, kind: str | None) -> None:
        one = self.responses[at]
        error = FILE_ERRORS[kind] if kind else None
        one = error.before(one) if error else one
        path, key = self.writer.write(one)
        self._note_planted(one, path.name, key)
        if error and kind:
            written = Written(self.writer, self.form, one, path, key, self.random)
            self.truth.append(error.after(written, kind))
