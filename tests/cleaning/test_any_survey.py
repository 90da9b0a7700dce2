"""Any questionnaire, any answers, any errors: every answer is accounted for, raw/ stays as it came.

Questionnaires, answers and what goes wrong with them are drawn by Hypothesis: wrong types, answers
where nothing was asked, choices that are not there, copies under one key, older names, rows of a
correction log. They go the whole way, from files through receipt to processed/.
"""

import csv
import datetime as dt
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.to_yaml import to_yaml
from pipeline.returns.receive import receive
from pipeline.store import sha256_file
from pipeline.study import Study, open_study
from pipeline.synthetic.filled_submission import fill_submission
from pipeline.workflow.returned import process

NOW = dt.datetime(2011, 9, 2, 8, tzinfo=dt.UTC)
TYPES = ("text", "integer", "decimal", "date", "time", "select_one l", "select_multiple l")
SELECTS = ("select_one l", "select_multiple l")
SKIPS = (None, "selected(${q0}, 'a')", "selected(${q0}, 'b')")
CONSTRAINTS = {"integer": ". < 9", "decimal": ". > 0", "text": "string-length(.) < 9"}
TEXTS = ("a", "b", "a b", "zzz", "7", "7.0", "-3", "1,200", "３", "2011-08-05", "民國100年8月5日")
TEXTS += ("02/03/2011", "09:30", "25:70", " ", "SYNTHETIC 文字", "dont_know", "=1+1")
FATES = ["kept", "changed", "blanked", "set_aside"]


@st.composite
def questions(draw, names):
    """Questions of these names; the first of all is a select, and may skip any other."""
    made = []
    for name in names:
        kind = draw(st.sampled_from(SELECTS if name == "q0" else TYPES))
        one = {
            "name": name,
            "type": kind,
            "label": name,
            "required": draw(st.booleans()),
            "relevant": None if name == "q0" else draw(st.sampled_from(SKIPS)),
            "constraint": draw(st.sampled_from([None, CONSTRAINTS.get(kind)])),
        }
        made.append({key: value for key, value in one.items() if value is not None})
    return made


@st.composite
def questionnaires(draw):
    """A form of up to five questions and a repeat of two, with a version before it."""
    size = draw(st.integers(1, 5))
    survey = draw(questions([f"q{at}" for at in range(size)]))
    survey.append({"repeat": "r", "label": "r", "questions": draw(questions(["r0", "r1"]))})
    missing = {"name": "dont_know", "label": "?", "missing": "dont_know"}
    return Questionnaire.model_validate(
        {
            "form_id": "any",
            "version": "2",
            "title": "SYNTHETIC",
            "choices": {"l": [{"name": "a", "label": "A"}, {"name": "b", "label": "B"}, missing]},
            "survey": survey,
            "changes": [
                {"version": "1"},
                {"version": "2", "rename": {"old": f"q{size - 1}"}, "dropped": ["gone"]},
            ],
        }
    )


def answers(names):
    return st.dictionaries(st.sampled_from(names), st.sampled_from(TEXTS))


@st.composite
def returns(draw):
    """A form, rows of a table, submissions with a repeat, and rows of a correction log."""
    form = draw(questionnaires())
    names = [item.name for item in form.answered()]
    keys = st.sampled_from(["k1", "k2", "k3"])
    versions = st.sampled_from(["1", "2", "vXyZ"])
    rows = draw(
        st.lists(st.tuples(keys, versions, answers([*names, "old", "gone", "other"])), max_size=4)
    )
    instances = st.lists(answers(["r0", "r1"]), max_size=2)
    sent = draw(st.lists(st.tuples(keys, answers(names), instances), max_size=3))
    kinds = st.sampled_from(["change_response", "blank_response", "remove_survey", "no_action"])
    texts = st.sampled_from(["", *TEXTS])
    log = st.tuples(keys, st.sampled_from([*names, "r0", "never"]), texts, texts, kinds)
    return form, rows, sent, draw(st.lists(log, max_size=3)), draw(st.booleans())


def write(folder: Path, form, rows, sent, log) -> int:
    """The files that come back; gives back how many answers stand in them."""
    folder.mkdir()
    names = [item.name for item in form.answered()] + ["old", "gone", "other"]
    table = [["_uuid", "__version__", *names]]
    table += [[key, version, *(row.get(name, "") for name in names)] for key, version, row in rows]
    for name, content in {
        "SYNTHETIC-table.csv": table,
        "SYNTHETIC-log.csv": [
            ["uuid", "question", "old_value", "new_value", "change_type"],
            *log,
        ],
    }.items():
        text = io.StringIO(newline="")
        csv.writer(text).writerows(content)
        (folder / name).write_text(text.getvalue(), encoding="utf-8")
    for number, (key, main, instances) in enumerate(sent):
        target = folder / f"SYNTHETIC-{number}.xml"
        fill_submission(form, {**main, "r": instances}, instance_id=key, target=target)
    carried = sum(name != "other" for _, _, row in rows for name in row)
    same = {repr(one): one for one in sent}  # the same bytes are received once
    inside = [len(main) + sum(map(len, instances)) for _, main, instances in same.values()]
    return carried + sum(inside)


def laid_out(root: Path, form, *, blank: bool) -> Study:
    """A study of the drawn form; nothing has come back."""
    (root / "instruments").mkdir(parents=True)
    (root / "instruments/any.yaml").write_text(to_yaml(form), encoding="utf-8")
    yes = "true" if blank else "false"
    (root / "instruments/study.yaml").write_text(f"blank: {{not_asked: {yes}}}\n")
    return open_study(root)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(returns())
def test_every_answer_is_accounted_for_and_raw_stays_as_it_came(drawn):
    """The ledger's sum is the number of answers in the files; no byte below raw/ has changed."""
    form, rows, sent, log, blank = drawn
    with TemporaryDirectory() as place:
        root = Path(place)
        study = laid_out(root / "study", form, blank=blank)
        came = write(root / "sent", form, rows, sent, log)
        receive(study, [root / "sent"], {"any": form}, form="any", now=NOW)
        before = {path: sha256_file(path) for path in sorted(study.raw.rglob("*.*"))}
        process(study)
        assert {path: sha256_file(path) for path in sorted(study.raw.rglob("*.*"))} == before
        ledger = pd.read_parquet(study.processed / "any/ledger.parquet")
        assert (ledger["answers_in"] == ledger[FATES].sum(axis="columns")).all()
        assert ledger["answers_in"].sum() == came
