"""Commands on keys, and on the people behind the responses."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import app
from pipeline.cli.shown import shown_problems, the_study

PANEL = "People"

keys = typer.Typer(help="Keys that keep identifiers.", no_args_is_help=True)
app.add_typer(keys, name="keys", rich_help_panel=PANEL)


@keys.command(name="new")
def new_keys() -> None:
    """Make this study's own keys in keys/, and name the public one in study.yaml."""
    with shown_problems():
        from pipeline.workflow.people import make_own_keys

        study = the_study()
        public = make_own_keys(study)
        typer.echo(f"made {study.root / 'keys'}; the public key is {public}")
        typer.echo("Copy keys/ to a safe place now: what is encrypted opens with it alone.")


@keys.command(name="odk")
def new_odk_key() -> None:
    """Make a key with which ODK Collect encrypts each submission; it goes into the XForms."""
    with shown_problems():
        from pipeline.workflow.people import make_odk_key

        study = the_study()
        make_odk_key(study)
        typer.echo(f"made {study.root / 'keys' / 'odk_private.pem'}; export the forms again")


@app.command(rich_help_panel=PANEL)
def identify(
    response: Annotated[str, typer.Argument(help="A response_id.")],
    key: Annotated[
        Path | None, typer.Option(help="File of the private key; by default keys/identity.txt.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why you have to know; for the access log.")] = "",
) -> None:
    """Show who is behind a response: with the private key, and with a line in the access log."""
    with shown_problems():
        from pipeline.workflow.people import identify as work

        for line in work(the_study(), response, key=key, reason=reason):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def withdraw(
    response: Annotated[str, typer.Argument(help="A response_id.")],
    reason: Annotated[str, typer.Option(help="In words that name nobody.")] = "",
) -> None:
    """Note that consent to a response was withdrawn; survey analyze then takes it out."""
    with shown_problems():
        from pipeline.workflow.people import withdraw as work

        for line in work(the_study(), response, reason=reason):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def seal(archive: Annotated[Path, typer.Argument(help="The file to make, NAME.age.")]) -> None:
    """Write raw/ as one encrypted archive, to be carried or kept as a backup."""
    with shown_problems():
        from pipeline.workflow.people import seal as work

        typer.echo(work(the_study(), archive))


@app.command(rich_help_panel=PANEL)
def unseal(
    archive: Annotated[Path, typer.Argument(help="As survey seal made it.")],
    key: Annotated[
        Path | None, typer.Option(help="File of the private key; by default keys/identity.txt.")
    ] = None,
) -> None:
    """Open a sealed archive into an empty raw/, and hold every file against its hash."""
    with shown_problems():
        from pipeline.workflow.people import unseal as work

        typer.echo(work(the_study(), archive, key=key))


@app.command(rich_help_panel=PANEL)
def decrypt(
    paths: Annotated[list[Path], typer.Argument(help="Folders of encrypted ODK submissions.")],
    to: Annotated[Path, typer.Option(help="Folder for what comes out; receive it then.")],
    key: Annotated[
        Path | None, typer.Option(help="The RSA private key; by default keys/odk_private.pem.")
    ] = None,
) -> None:
    """Open submissions that ODK Collect encrypted, and hold each against its signature."""
    with shown_problems():
        from pipeline.workflow.people import decrypt as work

        for line in work(the_study(), paths, to, key=key):
            typer.echo(line)
