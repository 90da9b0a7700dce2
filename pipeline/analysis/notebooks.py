"""The study's notebooks: which there are, in which order, and what they are called.

A notebook is a jupytext percent script in `notebooks/`. Its title in each language stands in the
header that jupytext keeps:

    # ---
    # jupyter:
    #   titles: {en: Refugee acceptance, zh-Hant: 難民接納情形, ja: 難民の受入れ}
    # ---

It may name the forms that the notebook reads beside it, `forms: [acceptance_interview]`: then its
page is made anew when the data of these forms change, and not when those of others do.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import ANY_LANGUAGE, words
from pipeline.study import Study

_FENCE = "# ---"


def notebooks(study: Study) -> tuple[Path, ...]:
    """The study's notebooks in the order of their names; one that begins with `_` is left out."""
    found = sorted(study.notebooks.glob("*.py"))
    return tuple(path for path in found if not path.name.startswith("_"))


def title_of(path: Path, language: str) -> str:
    """The title of a notebook in a language, else in English or its first; else its name."""
    titles = titles_of(path)
    name = path.stem.replace("_", " ").strip()
    return titles.get(language) or titles.get("en") or words(titles, language, name)


def titles_of(path: Path) -> dict[str, str]:
    """The titles by language that a notebook's header gives; empty where it gives none."""
    titles = _header(path).get("titles")
    if isinstance(titles, str):
        return {"default": titles}
    given = titles.items() if isinstance(titles, dict) else ()
    return {str(language): str(title) for language, title in given}


def forms_of(path: Path) -> tuple[str, ...] | None:
    """The forms that a notebook's header names; None where it names none and may read all."""
    forms = _header(path).get("forms")
    if forms is None:
        return None
    return tuple(map(str, forms)) if isinstance(forms, list) else (str(forms),)


def _header(path: Path) -> dict[str, Any]:
    """What a notebook's header says under `jupyter`; empty where there is none, or none to read."""
    return _read_header(path.read_text(encoding="utf-8")) if path.is_file() else {}


@lru_cache(maxsize=256)
def _read_header(text: str) -> dict[str, Any]:
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE or _FENCE not in lines[1:]:
        return {}
    end = lines.index(_FENCE, 1)
    try:
        header = YAML(typ="safe").load("\n".join(line[2:] for line in lines[1:end]))
    except YAMLError:
        return {}
    jupyter = header.get("jupyter") if isinstance(header, dict) else None
    return jupyter if isinstance(jupyter, dict) else {}


def languages_of(study: Study) -> tuple[str, ...]:
    """The languages of the report: what study.yaml says, else those of the questionnaires.

    A questionnaire whose texts name no language, and a study without one, is reported in English.

    Raises:
        SurveyError: a questionnaire has problems.
    """
    if study.settings.languages:
        return study.settings.languages
    forms = [load(path, shown=study.shown(path)) for path in study.questionnaire_files()]
    codes = [code for form in forms for code in form.language_codes]
    return tuple(dict.fromkeys("en" if code == ANY_LANGUAGE else code for code in codes)) or ("en",)
