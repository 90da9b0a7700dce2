# ---
# jupyter:
#   titles:
#     en: Summary of findings
#     zh-Hant: 結果摘要
#     ja: 結果の要約
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# The most frequent answer, or the middle, of the questions with most answers. Write findings
# of your own with `findings.Source`: each is made from a table, and names it.

# %%
from pipeline.analysis.page import Page
from pipeline.analysis.question_findings import question_findings

page = Page.open(notebook="0_summary")
datasets = [page.dataset(form) for form in page.forms]
page.text(page.say("summary_intro"))

# %%
page.findings((dataset.title, question_findings(dataset, "every_question")) for dataset in datasets)
