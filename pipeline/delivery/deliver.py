"""Every delivered file of a form, and the report on what had to be renamed, cut or left out."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.delivery.codebook_page import write_codebook_page
from pipeline.delivery.ddi import write_ddi
from pipeline.delivery.plan import plan_delivery
from pipeline.delivery.spss import write_sav, write_sps
from pipeline.delivery.stata import write_dta
from pipeline.delivery.text_files import write_csv, write_parquet
from pipeline.delivery.variables import Delivery
from pipeline.questionnaire.model import Questionnaire
from pipeline.store import write_text


def deliver(  # noqa: PLR0917 - tables in the order of `Cleaned`
    questionnaire: Questionnaire,
    main: pd.DataFrame,
    repeats: Mapping[str, pd.DataFrame],
    missing: pd.DataFrame,
    repeat_missing: Mapping[str, pd.DataFrame],
    language: str,
    folder: Path,
    *,
    open_texts: bool = False,
) -> tuple[Path, ...]:
    """Write the data of a form for SPSS, Stata, R, pandas and archives.

    For the form and for each repeat: `.sav`, `.sps`, `.dta`, `.csv` with `.variables.csv` and
    `.values.csv`, `.parquet`; for all of them one `.ddi.xml`, one
    `.codebook.html` and one `.report.txt`.

    Args:
        questionnaire: the form.
        main: one row a response, without identifiers, as in processed/.
        repeats: repeat -> one row an instance.
        missing: the rows of main, a column a question: the kind of missing answer.
        repeat_missing: the same for each repeat.
        language: code of the labels' language.
        folder: `outputs/data/FORM`; what is of an older delivery there is replaced.
        open_texts: deliver texts too; they may say anything about anybody.

    Returns:
        The files, in the order written.

    Raises:
        SurveyError: DATA-..., everything that forbids it; then nothing has been written.
    """
    delivery = plan_delivery(
        questionnaire, main, repeats, missing, repeat_missing, language, open_texts=open_texts
    )
    return write_delivery(delivery, folder)


def write_delivery(delivery: Delivery, folder: Path) -> tuple[Path, ...]:
    """Write a planned delivery; gives back the files."""
    made: list[Path] = []
    for table in delivery.tables:
        sav, sps, dta, parquet = (
            folder / f"{table.name}.{ending}" for ending in ("sav", "sps", "dta", "parquet")
        )
        write_sav(table, sav)
        write_sps(table, sav.name, sps)
        write_dta(table, dta)
        write_parquet(table, parquet)
        made += [sav, sps, dta, *write_csv(table, folder), parquet]
    codebook = folder / f"{delivery.form_id}.ddi.xml"
    report = folder / f"{delivery.form_id}.report.txt"
    page = folder / f"{delivery.form_id}.codebook.html"
    write_ddi(delivery, codebook)
    write_codebook_page(delivery, page)
    write_text(report, "".join(f"{problem}\n" for problem in delivery.problems), mode=0o600)
    made += [codebook, page, report]
    for stale in sorted(set(folder.glob(f"{delivery.form_id}.*")) - set(made)):
        stale.unlink()
    return tuple(made)
