"""Commands for results: the report, delivered data, estimates from any table."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import app
from pipeline.cli.engine_options import Scheduler, Workers
from pipeline.cli.shown import progress_bar, say, shown_problems, the_study

PANEL = "Results"


@app.command(rich_help_panel=PANEL)
def analyze(
    restricted: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option(help="Then also the report for readers who keep it to themselves.")
    ] = False,
) -> None:
    """Forms, cleaning, notebooks, report: whatever is out of date."""
    with shown_problems():
        from pipeline.workflow.analyze import analyze as work
        from pipeline.workflow.analyze import restricted_report

        study = the_study()
        done = restricted_report(study) if restricted else work(study, progress=progress_bar)
        for line in done:
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def deliver(
    forms: Annotated[list[str] | None, typer.Argument(metavar="[FORM]...")] = None,
    language: Annotated[
        str | None, typer.Option(help="Code of the labels' language; the form's default.")
    ] = None,
    restricted: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option(help="For readers who keep it to themselves: nothing rare left out.")
    ] = False,
) -> None:
    """Write the data for SPSS, Stata, R and archives (DDI) into outputs/data/FORM/."""
    with shown_problems():
        from pipeline.workflow.delivered import deliver as work

        made, problems = work(
            the_study(),
            forms or (),
            language=language,
            restricted=restricted,
            progress=progress_bar,
        )
        say(problems)
        for path in made:
            typer.echo(f"made {path}")


@app.command(rich_help_panel=PANEL)
def audit(
    before: Annotated[
        Path | None,
        typer.Option(help="The folder of a report that the same readers have already."),
    ] = None,
) -> None:
    """Hold all that lies in outputs/ against the disclosure rule; a leak ends with code 1."""
    with shown_problems():
        from pipeline.workflow.audited import audit as work

        for line in work(the_study(), before):
            typer.echo(line)


@app.command(rich_help_panel=PANEL)
def tabulate(
    data: Annotated[Path, typer.Argument(help="CSV, Parquet or a folder of it: a row a unit.")],
    design: Annotated[Path, typer.Option(help="The sampling design, as YAML.")],
    rows: Annotated[list[str], typer.Option(help="The variable to tabulate; more than once.")],
    by: Annotated[
        list[str] | None,
        typer.Option(help="A variable whose values are the domains; more than once."),
    ] = None,
    statistic: Annotated[str, typer.Option(help="mean, total, share, median or ratio.")] = "share",
    denominator: Annotated[str | None, typer.Option(help="For a ratio.")] = None,
    interval: Annotated[
        str, typer.Option(help="wald, logit, beta, wilson or clopper_pearson.")
    ] = "wald",
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    save: Annotated[Path | None, typer.Option(help="Write a CSV at full precision.")] = None,
    engine: Annotated[
        str | None, typer.Option(help="For large Parquet: local (processes) or dask.")
    ] = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
) -> None:
    """Estimate with standard errors and intervals, as R's survey package does."""
    with shown_problems():
        from pipeline.parts.engines import Engines
        from pipeline.workflow.estimated import tabulate as work

        named = any(one is not None for one in (engine, scheduler, workers))
        text = work(
            data,
            design,
            rows=rows,
            by=by or (),
            statistic=statistic,
            denominator=denominator,
            interval=interval,
            level=level,
            engines=Engines.of(engine or "local", scheduler, workers) if named else None,
        )
        if save is None:
            typer.echo(text, nl=False)
        else:
            from pipeline.workflow.estimated import save_estimates

            save_estimates(save, text)
            typer.echo(f"made {save}")
