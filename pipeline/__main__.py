"""`python -m pipeline`: the same as `survey`."""

from pipeline.cli import main

main()
