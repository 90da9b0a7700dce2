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

# %%
from pipeline.analysis import summary
from pipeline.analysis.page import Page

page = Page.open(notebook="0_summary")
data = {form: page.dataset(form) for form in page.forms}
page.text(page.say("summary_intro"))

# %%
page.findings(
    [
        (page.say("fieldwork_returns"), summary.fieldwork_findings(page.study, data)),
        (
            page.title_of("2_refugee_acceptance"),
            summary.acceptance_findings(data["acceptance_interview"]),
        ),
        (
            page.title_of("3_potential_partners"),
            summary.partner_findings(data["organisation_profile"]),
        ),
        (
            page.title_of("4_activities"),
            summary.activity_findings(page.study, data["activity_record"]),
        ),
        (
            page.say("acceptance_roundtables"),
            summary.roundtable_findings(data["refugee_roundtable"]),
        ),
    ]
)
