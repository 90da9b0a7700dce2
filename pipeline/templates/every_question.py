# ---
# jupyter:
#   titles:
#     en: Every question
#     zh-Hant: 逐題結果
#     ja: 質問ごとの結果
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
# A table and a figure for each question of each form, in the order of the forms. Needs no change
# for any questionnaire; copy it to make a notebook of your own. Only what goes through `page` is
# shown in the report.

# %%
from pipeline.analysis.every_question import show_form
from pipeline.analysis.page import Page

page = Page.open(notebook="every_question")

# %%
for form_id in page.forms:
    show_form(page, form_id)
