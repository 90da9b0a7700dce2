"""LibreOffice as a person's spreadsheet program: opens files, calculates, saves them anew."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "xls": "xls:MS Excel 97",
    "ods": "ods:calc8",
    "pdf": "pdf",
}


def save_anew(soffice: str, files: Sequence[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """Open every file in one start of LibreOffice and save each as `kind` into `folder`."""
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/.libreoffice",
            "--headless",
            "--norestore",
            "--convert-to",
            FILTERS[kind],
            "--outdir",
            str(folder),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [folder / f"{path.stem}.{kind}" for path in files]
