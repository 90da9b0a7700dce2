"""`python -m pipeline`: the same as `survey`."""

from pipeline.cli import main

if __name__ == "__main__":  # the process that parses files imports this module again
    main()
