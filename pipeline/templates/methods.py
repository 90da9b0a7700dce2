# ---
# jupyter:
#   titles:
#     en: Methods annex
#     zh-Hant: 方法附錄
#     ja: 方法の付録
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
from pipeline.analysis.methods import disclosure_items
from pipeline.analysis.page import Page

page = Page.open(notebook="methods")
datasets = [page.dataset(form) for form in page.forms]
page.text(page.say("methods_intro"))

# %%
page.terms(
    (item.heading, item.said or (page.say("methods_not_stated"),))
    for item in disclosure_items(page.study.settings, datasets)
)
