"""The options that say who does the work on large data, alike for every command."""

from typing import Annotated

import typer

Scheduler = Annotated[
    str | None, typer.Option(help="Of dask: tcp://HOST:PORT; else one on this machine.")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; else one a processor.")]
