"""Commands on questionnaires: make a study, bring in, check, try, compare."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import app
from pipeline.cli.shown import say, shown_problems, study_folder, the_study

PANEL = "Questionnaires"


@app.command(rich_help_panel=PANEL)
def init(folder: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Make an empty study: a commented study.yaml and one notebook for every question."""
    with shown_problems():
        from pipeline.workflow.init import init_study

        for path in init_study(folder):
            typer.echo(f"made {path}")


@app.command(name="import-form", rich_help_panel=PANEL)
def import_form(
    file: Annotated[Path, typer.Argument(help="An XLSForm: .xlsx, .xls, .csv or .md.")],
    name: Annotated[
        str | None, typer.Option("--as", help="form_id and file name, instead of the form's own.")
    ] = None,
) -> None:
    """Bring an XLSForm into instruments/ as YAML; what cannot be carried is named row by row."""
    with shown_problems():
        from pipeline.workflow.questionnaires import import_form as work

        made, problems = work(the_study(), file, name)
        say(problems)
        typer.echo(f"made {made}")


@app.command(rich_help_panel=PANEL)
def check() -> None:
    """Check study.yaml and every questionnaire; all problems at once, with their repair."""
    with shown_problems():
        from pipeline.workflow.questionnaires import check as work

        warnings = work(the_study())
        say(warnings)


@app.command(name="try", rich_help_panel=PANEL)
def try_form(
    form: Annotated[str, typer.Argument(help="A name in instruments/, a YAML or an XLSForm.")],
    answers: Annotated[Path, typer.Argument(help="JSON: question -> answer, repeat -> list.")],
    engine: Annotated[str, typer.Option(help="reference or pandas.")] = "reference",
    language: Annotated[str | None, typer.Option(help="Code of the messages' language.")] = None,
) -> None:
    """Show as JSON what a questionnaire asks, refuses and calculates for given answers."""
    with shown_problems():
        from pipeline.workflow.questionnaires import try_form as work

        typer.echo(work(study_folder(), form, answers, engine=engine, language=language))


@app.command(name="diff-forms", rich_help_panel=PANEL)
def diff_forms(
    before: Annotated[str, typer.Argument(help="A name in instruments/, a YAML or an XLSForm.")],
    after: Annotated[str, typer.Argument(help="The newer version, named likewise.")],
) -> None:
    """Say what changed between two versions, and which old answers that concerns."""
    with shown_problems():
        from pipeline.workflow.questionnaires import diff_forms as work

        for line in work(study_folder(), before, after):
            typer.echo(line)
