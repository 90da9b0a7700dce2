"""`survey`: arguments, progress and exit codes; the work itself is ordered in `workflow`.

Everything heavy is imported inside the commands, so that `survey --help` answers at once.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.errors import Problem
    from pipeline.study import Study

app = typer.Typer(
    name="survey",
    help="Questionnaires out, returns in, tables a reviewer can check. Everything works offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

translations = typer.Typer(
    help="Texts of all languages side by side, to be reviewed.", no_args_is_help=True
)
app.add_typer(translations, name="translations")

_STUDY = {"folder": Path()}


@app.callback()
def _choose_study(
    study: Annotated[
        Path, typer.Option("--study", metavar="DIR", help="The study folder; by default this one.")
    ] = Path(),
) -> None:
    _STUDY["folder"] = study


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Make an empty study: a commented study.yaml and one notebook for every question."""
    with _shown_problems():
        from pipeline.workflow import init_study

        for path in init_study(folder):
            typer.echo(f"made {path}")


@app.command(name="import-form")
def import_form(
    file: Annotated[Path, typer.Argument(help="An XLSForm: .xlsx, .xls, .csv or .md.")],
    name: Annotated[
        str | None, typer.Option("--as", help="form_id and file name, instead of the form's own.")
    ] = None,
) -> None:
    """Bring an XLSForm into instruments/ as YAML; what cannot be carried is named row by row."""
    with _shown_problems():
        from pipeline.workflow import import_form as work

        made, problems = work(_study(), file, name)
        _say(problems)
        typer.echo(f"made {made}")


@app.command()
def check() -> None:
    """Check study.yaml and every questionnaire; all problems at once, with their repair."""
    with _shown_problems():
        from pipeline.workflow import check as work

        warnings = work(_study())
        _say(warnings)


@app.command(name="try")
def try_form(
    form: Annotated[str, typer.Argument(help="A name in instruments/, a YAML or an XLSForm.")],
    answers: Annotated[Path, typer.Argument(help="JSON: question -> answer, repeat -> list.")],
    engine: Annotated[str, typer.Option(help="reference or pandas.")] = "reference",
    language: Annotated[str | None, typer.Option(help="Code of the messages' language.")] = None,
) -> None:
    """Show as JSON what a questionnaire asks, refuses and calculates for given answers."""
    with _shown_problems():
        from pipeline.workflow import try_form as work

        typer.echo(work(_STUDY["folder"], form, answers, engine=engine, language=language))


@app.command(name="diff-forms")
def diff_forms(
    before: Annotated[str, typer.Argument(help="A name in instruments/, a YAML or an XLSForm.")],
    after: Annotated[str, typer.Argument(help="The newer version, named likewise.")],
) -> None:
    """Say what changed between two versions, and which old answers that concerns."""
    with _shown_problems():
        from pipeline.workflow import diff_forms as work

        for line in work(_STUDY["folder"], before, after):
            typer.echo(line)


@app.command()
def export(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Write Excel forms, XLSForm, XForm and codebook into outputs/forms/FORM/."""
    with _shown_problems():
        from pipeline.workflow import export_forms

        for folder in export_forms(_study(), forms or (), progress=_progress):
            typer.echo(f"made {folder}")


@translations.command(name="export")
def export_translations(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Write outputs/translations/FORM.translations.xlsx; missing and changed texts are marked."""
    with _shown_problems():
        from pipeline.workflow import export_translations as work

        for path in work(_study(), forms or ()):
            typer.echo(f"made {path}")


@translations.command(name="import")
def import_translations(
    files: Annotated[list[Path], typer.Argument(help="Workbooks that came back.")],
) -> None:
    """Put what the reviewer changed into the YAML; comments and order stay."""
    with _shown_problems():
        from pipeline.workflow import import_translations as work

        for line in work(_study(), files):
            typer.echo(line)


@app.command()
def receive(
    paths: Annotated[list[Path], typer.Argument(help="Returned files, or folders of them.")],
    form: Annotated[
        str | None, typer.Option(help="form_id of tables that do not say it themselves.")
    ] = None,
) -> None:
    """Copy returned files into raw/, under their hash; nothing is refused in silence."""
    with _shown_problems():
        from pipeline.workflow import receive as work

        receipts = work(_study(), paths, form)
        for receipt in receipts:
            typer.echo(str(receipt))
        if any(receipt.outcome in {"unrecognised", "refused"} for receipt in receipts):
            raise typer.Exit(1)


@app.command()
def process(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Clean what came back into processed/; every cell is accounted for in the ledger."""
    with _shown_problems():
        from pipeline.workflow import process as work

        for line in work(_study(), forms or (), progress=_progress):
            typer.echo(line)


@app.command()
def deliver(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
    language: Annotated[
        str | None, typer.Option(help="Code of the labels' language; the form's default.")
    ] = None,
) -> None:
    """Write the data for SPSS, Stata, R and archives (DDI) into outputs/data/FORM/."""
    with _shown_problems():
        from pipeline.workflow import deliver as work

        made, problems = work(_study(), forms or (), language=language, progress=_progress)
        _say(problems)
        for path in made:
            typer.echo(f"made {path}")


@app.command()
def analyze() -> None:
    """Forms, cleaning, notebooks, report: whatever is out of date."""
    with _shown_problems():
        from pipeline.workflow import analyze as work

        for line in work(_study(), progress=_progress):
            typer.echo(line)


@app.command()
def simulate(
    to: Annotated[Path, typer.Option(help="Folder for the filled-in files.")],
    form: Annotated[
        str | None, typer.Argument(help="form_id; without it the study's whole first set.")
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, help="How many respondents.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed draws the same respondents.")] = 2011,
    kind: Annotated[str, typer.Option("--as", help="excel, odk or table.")] = "excel",
) -> None:
    """Draw respondents who do not exist and fill in the exported forms, errors planted."""
    with _shown_problems():
        from pipeline.workflow import simulate as work

        for truth in work(_study(), form, n=n, seed=seed, kind=kind, to=to):
            typer.echo(f"made {truth}")


@app.command()
def ledger(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Print what became of every file's answers: in = kept + changed + blanked + set aside."""
    with _shown_problems():
        from pipeline.workflow import ledger as work

        typer.echo(work(_study(), forms or ()), nl=False)


@app.command()
def trace(
    form: Annotated[str, typer.Argument(help="form_id of a questionnaire.")],
    response: Annotated[str, typer.Argument(help="A response_id.")],
    question: Annotated[str | None, typer.Argument(help="One question; else all.")] = None,
) -> None:
    """Follow the answers of one response from the returned file through every stage."""
    with _shown_problems():
        from pipeline.workflow import trace as work

        for line in work(_study(), form, response, question):
            typer.echo(line)


@app.command()
def verify() -> None:
    """Hold every file of raw/ against the hash under which it was received."""
    with _shown_problems():
        from pipeline.workflow import verify as work

        typer.echo(f"{work(_study())} files as they were received")


@app.command()
def tabulate(
    data: Annotated[Path, typer.Argument(help="A CSV or Parquet file, one row a unit.")],
    design: Annotated[Path, typer.Option(help="The sampling design, as YAML.")],
    rows: Annotated[str, typer.Option(help="The variable to tabulate.")],
    by: Annotated[str | None, typer.Option(help="A variable whose values are the domains.")] = None,
    statistic: Annotated[str, typer.Option(help="mean, total, share, median or ratio.")] = "share",
    denominator: Annotated[str | None, typer.Option(help="For a ratio.")] = None,
    interval: Annotated[
        str, typer.Option(help="wald, logit, beta, wilson or clopper_pearson.")
    ] = "wald",
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    save: Annotated[Path | None, typer.Option(help="Write a CSV at full precision.")] = None,
) -> None:
    """Estimate with standard errors and intervals, as R's survey package does."""
    with _shown_problems():
        from pipeline.workflow import tabulate as work

        text = work(
            data,
            design,
            rows=rows,
            by=by,
            statistic=statistic,
            denominator=denominator,
            interval=interval,
            level=level,
        )
        if save is None:
            typer.echo(text, nl=False)
        else:
            from pipeline.store import write_text

            write_text(save, text)
            typer.echo(f"made {save}")


def _study() -> "Study":
    from pipeline.study import open_study

    return open_study(_STUDY["folder"])


@contextmanager
def _shown_problems() -> Iterator[None]:
    """Show what is wrong, with its repair, and leave with exit code 1."""
    from pipeline.errors import SurveyError

    try:
        yield
    except SurveyError as error:
        _say(error.problems)
        raise typer.Exit(1) from None


def _say(problems: "Iterable[Problem]") -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)


@contextmanager
def _progress(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal; silent elsewhere, so that logs stay readable."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def main() -> None:
    """Entry point of the console script."""
    app()
