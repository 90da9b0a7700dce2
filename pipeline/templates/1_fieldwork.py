# ---
# jupyter:
#   titles:
#     en: Fieldwork and data quality
#     zh-Hant: 調查執行與資料品質
#     ja: 調査の実施とデータの品質
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %%
from pipeline.analysis import agreement, keying, sampling
from pipeline.analysis import data_quality as quality
from pipeline.analysis import fieldwork as field
from pipeline.analysis.page import Page
from pipeline.analysis.tables import question_table

page = Page.open(notebook="1_fieldwork")
datasets = [page.dataset(form) for form in page.forms]
page.text(page.say("fieldwork_intro"))

# %%
page.heading(page.say("fieldwork_returns"))
page.table(field.returns_table(datasets))
frame = page.study.settings.frame
if frame is not None:
    for dataset in field.having(datasets, "organisation", "consent"):
        page.table(field.frame_table(dataset, page.study.instruments / frame.file))
for dataset in datasets:
    if (outcomes := sampling.outcome_table(dataset)) is not None:
        page.table(outcomes)
if interviewed := field.having(datasets, "interviewer"):
    page.table(field.interviewer_table(interviewed))

# %%
if placed := field.having(datasets, "place"):
    page.heading(page.say("fieldwork_places"))
    for dataset in placed:
        place = field.role_of(dataset, "place")
        if frame is not None and frame.county and field.role_of(dataset, "organisation"):
            file = page.study.instruments / frame.file
            page.table(field.frame_table(dataset, file, question=place))
        else:
            page.table(question_table(dataset.participants(), place))

# %%
page.heading(page.say("fieldwork_issues"))
page.table(quality.issues_table(datasets))
page.table(quality.queries_table(datasets))

# %%
page.heading(page.say("fieldwork_ledger"))
page.table(quality.ledger_table(datasets))
page.table(quality.missing_table(datasets))

# %%
if timed := field.having(datasets, "start", "end"):
    page.heading(page.say("fieldwork_duration"))
    page.table(field.duration_table(timed))

# %%
page.heading(page.say("fieldwork_agreements"))
if (agreed := agreement.agreement_table(datasets)) is not None:
    page.table(agreed)
else:
    page.text(page.say("fieldwork_agreement_none"))
keyed = keying.keying_tables(datasets)
for table in keyed:
    page.table(table)
if not keyed:
    page.text(page.say("fieldwork_keying_none"))

# %%
if (hidden := quality.hidden_table(page.hidden_counts(), page.say)) is not None:
    page.heading(page.say("fieldwork_hidden"))
    page.table(hidden)
