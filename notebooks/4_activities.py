# ---
# jupyter:
#   titles:
#     en: Activities against the plan
#     zh-Hant: 活動與計畫對照
#     ja: 活動と計画の対照
#   forms: [activity_record]
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
from pipeline.analysis import activities as act
from pipeline.analysis.figures import bar
from pipeline.analysis.page import Page
from pipeline.analysis.suppression import protect

page = Page.open(notebook="4_activities")
dataset = page.dataset(act.FORM)
activities = act.open_activities(dataset, page.study.instruments / page.study.settings.plan)
page.text(page.say("activities_intro"))

# %%
page.heading(page.say("activities_plan"))
page.table(act.plan_table(activities))
page.figure(
    act.timeline(activities),
    "timeline",
    page.say("activities_timeline"),
    page.say("activities_timeline_note"),
)

# %%
page.heading(page.say("activities_by_kind"))
page.table(act.counted_by(activities, "activity_kind"))
page.heading(page.say("activities_by_city"))
page.table(act.counted_by(activities, "city"))

# %%
page.heading(page.say("activities_participants"))
participants = act.participants_table(activities)
page.table(participants)
page.figure(
    bar(protect(participants, page.threshold), page.language, value="persons"),
    "participants",
    participants.title,
)

# %%
page.heading(page.say("activities_follow_up"))
page.table(act.follow_up_table(activities))
