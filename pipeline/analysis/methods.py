"""The annex on methods: AAPOR's disclosure items, filled from study.yaml and from the data.

Source: American Association for Public Opinion Research, Transparency Initiative: disclosure
elements (items 1 to 11) and Code of Professional Ethics and Practices, part III.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.analysis.data import Dataset
from pipeline.analysis.fieldwork import refused, set_aside
from pipeline.analysis.framing import joined
from pipeline.analysis.phrases import LANGUAGES
from pipeline.analysis.provenance import code_version, version_words
from pipeline.questionnaire.model import words
from pipeline.responses import Action, Mode
from pipeline.settings import Settings

_WRITTEN_DAY = {
    "zh-Hant": "{0.year} 年 {0.month} 月 {0.day} 日",
    "ja": "{0.year}年{0.month}月{0.day}日",
}
"""How a sentence writes a date; in any other language as 2011-08-15."""
_WORDS = (
    "conducted_by",
    "funded_by",
    "population",
    "sampling",
    "recruitment",
    "weighting",
    "quality",
    "limitations",
    "contact",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One disclosure item.

    Attributes:
        name: key of its heading, `methods_NAME`.
        heading: in the page's language.
        said: what holds here; paragraphs, empty where nothing is known.
    """

    name: str
    heading: str
    said: tuple[str, ...]


def disclosure_items(settings: Settings, datasets: Sequence[Dataset]) -> tuple[Item, ...]:
    """Every item in AAPOR's order; what the data know first, then what study.yaml says.

    Args:
        settings: of the study.
        datasets: one a form, in the page's language.
    """
    if not datasets:
        return ()
    language, say = datasets[0].language, datasets[0].say
    stated = {name: words(getattr(settings.methods, name), language, "") for name in _WORDS}
    sponsor = words(settings.sponsor, language, "")
    parts = {
        "strategy": _strategy(datasets),
        "sponsor": (sponsor, stated["funded_by"]),
        "conducted": (stated["conducted_by"],),
        "instruments": tuple(_instrument(one) for one in datasets),
        "population": (stated["population"],),
        "sample": (stated["sampling"], stated["recruitment"]),
        "modes": tuple(_modes(one) for one in datasets),
        "dates": tuple(filter(None, (_dates(one, settings) for one in datasets))),
        "sizes": (*(_sizes(one) for one in datasets), _precision(settings, stated["weighting"])),
        "weighting": (stated["weighting"],),
        "processing": (*(_processing(one) for one in datasets), stated["quality"]),
        "disclosure": (say("methods_said_disclosure", n=settings.disclosure.public),),
        "limitations": (stated["limitations"],),
        "replication": (say("methods_said_replication", version=code_version()),),
        "contact": (stated["contact"],),
    }
    return tuple(
        Item(name, say(f"methods_{name}"), tuple(text for text in said if text))
        for name, said in parts.items()
    )


def _strategy(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    titles = datasets[0].say("list_comma").join(one.title for one in datasets)
    return (datasets[0].say("methods_said_strategy", forms=titles),)


def _instrument(dataset: Dataset) -> str:
    form = dataset.questionnaire
    asked = sum(1 for item in form.items if item.question.has_answer)
    told = {"form": dataset.form_id, "n": asked, "languages": _languages(dataset)}
    version = version_words(form.version, dataset.say)
    return dataset.say("methods_said_instrument", title=dataset.title, version=version, **told)


def _modes(dataset: Dataset) -> str:
    """By which way responses came back, and in which languages the forms were filled in."""
    ways = dataset.main["mode"].value_counts()
    said = [
        f"{dataset.say(f'fieldwork_{mode.value}')} {int(ways.get(mode.value, 0))}"
        for mode in Mode
        if ways.get(mode.value, 0)
    ]
    comma, title = dataset.say("list_comma"), dataset.title
    if not said:
        return dataset.say("labelled", name=title, said=dataset.say("no_returns"))
    form = dataset.questionnaire
    told = {"ways": comma.join(said), "languages": _languages(dataset)}
    question = dataset.roles.mode
    if question is None or question not in form.by_name:
        return dataset.say("methods_said_ways", title=title, **told)
    used = set(dataset.answers(question).dropna())
    modes = [label for name, label in dataset.choice_labels(question).items() if name in used]
    return dataset.say("methods_said_mode", title=title, modes=comma.join(modes), **told)


def _dates(dataset: Dataset, settings: Settings) -> str:
    """The period in the field, and when returns came in; a single day is never anybody's own."""
    found = []
    if (period := settings.fieldwork.get(dataset.form_id)) is not None:
        first, last = _day(period.start, dataset), _day(period.end, dataset)
        found.append(dataset.say("methods_said_period", first=first, last=last))
    received = dataset.main["received_at"].dropna()
    if len(received):
        days = (dt.date.fromisoformat(str(one)[:10]) for one in (received.min(), received.max()))
        first, last = (_day(day, dataset) for day in days)
        key = "methods_said_received_day" if first == last else "methods_said_received"
        found.append(dataset.say(key, first=first, last=last))
    said = joined(dataset.language, *found)
    return dataset.say("labelled", name=dataset.title, said=said) if said else ""


def _day(day: dt.date, dataset: Dataset) -> str:
    """A date as it is written in a sentence of the page's language."""
    return _WRITTEN_DAY.get(dataset.language, "{0}").format(day)


def _languages(dataset: Dataset) -> str:
    """The form's languages, by the names that the page's readers have for them."""
    form = dataset.questionnaire
    names = [
        dataset.say(f"language_{code}") if code in LANGUAGES else form.languages.get(code, code)
        for code in form.languages or form.language_codes
    ]
    return dataset.say("list_comma").join(names)


def _sizes(dataset: Dataset) -> str:
    told = {"n": len(dataset.main), "aside": set_aside(dataset), "refused": refused(dataset)}
    return dataset.say("methods_said_size", title=dataset.title, **told)


def _precision(settings: Settings, weighting: str) -> str:
    """Nothing is said of precision beyond what study.yaml says of weights and sampling error."""
    return weighting if settings.methods.weighting else ""


def _processing(dataset: Dataset) -> str:
    actions = dataset.issues["action"].value_counts()
    told = {
        "issues": len(dataset.issues),
        "changed": int(dataset.ledger["changed"].sum()),
        "blanked": int(dataset.ledger["blanked"].sum()),
        "queried": int(actions.get(Action.QUERIED.value, 0)),
    }
    return dataset.say("methods_said_processing", title=dataset.title, **told)
