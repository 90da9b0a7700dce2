"""Jupyter's libraries, without a part that takes as long to import as all the others.

JupyterLab brings rfc3987_syntax, which builds a parser of internationalised addresses when it is
imported; jsonschema imports it wherever it finds it, nbformat imports jsonschema, and no notebook's
schema speaks of such addresses. Whoever executes or reads notebooks imports from here.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOT_NEEDED = "rfc3987_syntax"


@contextmanager
def _as_if_missing(name: str) -> Iterator[None]:
    """Importing this module fails in the block, as if it were not installed."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to say so
    try:
        yield
    finally:
        del sys.modules[name]


with _as_if_missing(_NOT_NEEDED):
    import jupytext
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from nbconvert import HTMLExporter, TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from nbformat import NotebookNode

__all__ = [
    "AsyncKernelManager",
    "CellExecutionError",
    "DeadKernelError",
    "HTMLExporter",
    "Highlight2HTML",
    "KernelSpec",
    "NotebookClient",
    "NotebookNode",
    "TemplateExporter",
    "jupytext",
    "nbformat",
]
