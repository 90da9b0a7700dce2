"""Commands on what came back: receive, verify, clean, account for."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import app
from pipeline.cli.engine_options import Scheduler, Workers
from pipeline.cli.shown import progress_bar, say, shown_problems, the_study

PANEL = "From the field"


@app.command(rich_help_panel=PANEL)
def receive(
    paths: Annotated[list[Path], typer.Argument(help="Returned files, or folders of them.")],
    form: Annotated[
        str | None, typer.Option(help="form_id of tables that do not say it themselves.")
    ] = None,
) -> None:
    """Copy returned files into raw/, under their hash; nothing is refused in silence."""
    with shown_problems():
        from pipeline.workflow.returned import receive as work

        receipts = work(the_study(), paths, form)
        for receipt in receipts:
            typer.echo(str(receipt))
        if not receipts:
            typer.echo("nothing was received: there is no file in what was named")
        if any(receipt.outcome in {"unrecognised", "refused"} for receipt in receipts):
            raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
def process(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
    *,
    engine: Annotated[
        str, typer.Option(help="For large forms: local (processes) or dask.")
    ] = "local",
    scheduler: Scheduler = None,
    workers: Workers = None,
) -> None:
    """Clean what came back into processed/; every cell is accounted for in the ledger."""
    with shown_problems():
        from pipeline.parts.engines import Engines
        from pipeline.workflow.returned import process as work

        engines = Engines.of(engine, scheduler, workers)
        for line in work(the_study(), forms or (), engines=engines, progress=progress_bar):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def names(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Write outputs/recoding/FORM.names.xlsx: names of organisations to be matched by a person."""
    with shown_problems():
        from pipeline.workflow.returned import write_names

        made = write_names(the_study(), forms or ())
        for path in made:
            typer.echo(f"made {path}")
        if not made:
            typer.echo(
                "no names wait to be matched; which questions hold names of organisations "
                "stands in study.yaml: roles, FORM, organisations"
            )


@app.command(rich_help_panel=PANEL)
def ledger(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
) -> None:
    """Print what became of every file's answers: in = kept + changed + blanked + set aside."""
    with shown_problems():
        from pipeline.workflow.returned import ledger as work

        typer.echo(work(the_study(), forms or ()), nl=False)


@app.command(rich_help_panel=PANEL)
def trace(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[FORM] RESPONSE [QUESTION]", help="The form is found if left out."),
    ],
) -> None:
    """Follow answers from file and cell through every stage to the tables that they enter."""
    with shown_problems():
        from pipeline.workflow.traced import trace as work

        for line in work(the_study(), words):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs; nothing cut.")] = False,
) -> None:
    """What came back, from whom; open queries, overdue copies, what is out of date; no answers."""
    with shown_problems():
        import datetime as dt
        import sys

        from pipeline.workflow.people import retention
        from pipeline.workflow.status import status as work
        from pipeline.workflow.status_text import as_json as to_json
        from pipeline.workflow.status_text import status_lines

        found = work(the_study(), dt.date.today())  # noqa: DTZ011 - the day on the wall
        say(retention(the_study()))
        if as_json:
            typer.echo(to_json(found))
            return
        bold = sys.stdout.isatty()
        for line in status_lines(
            found, lambda text: typer.style(text, bold=True) if bold else text
        ):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def verify() -> None:
    """Hold raw/ against what was received, processed/ and outputs/ against what was made."""
    with shown_problems():
        from pipeline.workflow.verified import verify_all

        lines, warnings = verify_all(the_study())
        say(warnings)
        for line in lines:
            typer.echo(line)
