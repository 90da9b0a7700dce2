"""Commands for what goes out: forms, texts to be reviewed, respondents who do not exist."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import app, translations
from pipeline.cli.shown import progress_bar, shown_problems, the_study

PANEL = "To the field"


class Layout(StrEnum):
    """What an Excel form looks like: a line a question, or a row a respondent."""

    FORM = "form"
    TABLE = "table"


@app.command(rich_help_panel=PANEL)
def export(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
    copies: Annotated[
        int | None, typer.Option(min=1, help="Issue so many numbered copies of one form.")
    ] = None,
    assign: Annotated[
        Path | None,
        typer.Option(help="CSV, a row a copy: frame_id, county, interviewer, due, language."),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Of copies whose row names none.")] = None,
    layout: Annotated[
        Layout, typer.Option(help="table: a workbook with a row a respondent, to key in paper.")
    ] = Layout.FORM,
) -> None:
    """Write Excel forms, XLSForm, XForm and codebook into outputs/forms/FORM/; or issue copies."""
    with shown_problems():
        from pipeline.workflow.exported import export_forms, export_tables
        from pipeline.workflow.issued import issue_copies

        if layout is Layout.TABLE:
            for path in export_tables(the_study(), forms or (), progress=progress_bar):
                typer.echo(f"made {path}")
            return
        if copies is None and assign is None:
            for folder in export_forms(the_study(), forms or (), progress=progress_bar):
                typer.echo(f"made {folder}")
            return
        if not forms or len(forms) != 1:
            message = "copies are issued of one form: name it"
            raise typer.BadParameter(message, param_hint="FORM")
        made = issue_copies(
            the_study(),
            forms[0],
            copies=copies,
            assign=assign,
            language=language,
            progress=progress_bar,
        )
        for path in made:
            typer.echo(f"made {path}")


@translations.command(name="export")
def export_translations(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Write outputs/translations/FORM.translations.xlsx; missing and changed texts are marked."""
    with shown_problems():
        from pipeline.workflow.exported import export_translations as work

        for path in work(the_study(), forms or ()):
            typer.echo(f"made {path}")


@translations.command(name="import")
def import_translations(
    files: Annotated[list[Path], typer.Argument(help="Workbooks that came back.")],
) -> None:
    """Put what the reviewer changed into the YAML; comments and order stay."""
    with shown_problems():
        from pipeline.workflow.exported import import_translations as work

        for line in work(the_study(), files):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
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
    with shown_problems():
        from pipeline.workflow.simulated import simulate as work

        for truth in work(the_study(), form, n=n, seed=seed, kind=kind, to=to):
            typer.echo(f"made {truth}")
