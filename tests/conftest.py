"""What every test may ask for: the shared material beside the project, and real engines."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

# How fast a machine draws and runs examples says something of its other work, not of the code.
hypothesis.settings.register_profile(
    "whatever machine",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("whatever machine")

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"


def missing(what: str) -> None:
    """Skip with the reason on a user's machine where a judge is missing; fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing; .ci/run must install it", pytrace=False)
    pytest.skip(f"{what} is not on this machine")


def require_tool(*commands: str) -> str:
    """Path of the first of these commands that is installed."""
    for command in commands:
        if path := shutil.which(command):
            return path
    missing(" or ".join(commands))
    raise AssertionError


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder `shared` beside the project, with real forms, a real survey and R's numbers."""
    if not SHARED.is_dir():
        missing("the folder ../shared")
    return SHARED


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice, the judge of spreadsheets."""
    return require_tool("soffice", "libreoffice")


@pytest.fixture(scope="session")
def java() -> str:
    """Java, which runs JavaRosa and ODK Validate."""
    return require_tool("java")
