"""The command and its groups, without their commands."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.shown import choose_study

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
app.add_typer(translations, name="translations", rich_help_panel="To the field")


@app.callback()
def _choose_study(
    study: Annotated[
        Path, typer.Option("--study", metavar="DIR", help="The study folder; by default this one.")
    ] = Path(),
) -> None:
    choose_study(study)
