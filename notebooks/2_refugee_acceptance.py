# ---
# jupyter:
#   titles:
#     en: Refugee acceptance in Taiwan
#     zh-Hant: 臺灣的難民接納情形
#     ja: 台湾における難民の受入れ
#   forms: [acceptance_interview, refugee_roundtable]
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
from pipeline.analysis import acceptance as acc
from pipeline.analysis.excerpts import excerpts_of
from pipeline.analysis.figures import bar, has_values, heat_map, likert
from pipeline.analysis.page import Page
from pipeline.analysis.tables import question_table

page = Page.open(notebook="2_refugee_acceptance")
interviews = page.dataset(acc.FORM).participants()
page.text(page.say("acceptance_intro"))

# %%
page.heading(page.say("acceptance_ratings"))
table = acc.domain_ratings(interviews)
page.table(table)
if has_values(table):
    page.figure(likert(table, page.language), table.name, table.title)
page.table(acc.rating_basis(interviews))
page.table(acc.ratings_by_basis(interviews))

# %%
page.heading(page.say("acceptance_kinds"))
table = acc.ratings_by_kind(interviews)
page.table(table)
kinds = [column.name for column in table.columns[1:]]
page.figure(
    heat_map(table, page.language, values=kinds, limits=(1, 5)),
    table.name,
    table.title,
    page.say("acceptance_means_note"),
)

# %%
page.heading(page.say("acceptance_populations"))
populations = list(acc.population_labels(interviews))
for side in ("law", "practice"):
    table = acc.ratings_by_population(interviews, side)
    page.table(table)
    page.figure(
        heat_map(table, page.language, values=populations, limits=(1, 5)),
        table.name,
        table.title,
        page.say("acceptance_means_note"),
    )
table = acc.law_and_practice(interviews)
page.table(table)
page.figure(
    heat_map(table, page.language, values=populations, colours="PuOr", limits=(-2, 2)),
    table.name,
    table.title,
    page.say("acceptance_gap_note"),
)

# %%
page.heading(page.say("acceptance_priorities"))
table = acc.priorities(interviews)
page.table(table)
page.figure(
    bar(table, page.language, value="points"),
    table.name,
    table.title,
    page.say("acceptance_priorities_note"),
)

# %%
page.heading(page.say("acceptance_assistance"))
for question in ("gaps", "programmes_exist", "programme_assistance", "programme_runner"):
    page.table(question_table(interviews, question, design=acc.PURPOSIVE))

# %%
page.heading(page.say("acceptance_bodies"))
page.table(question_table(interviews, "known_items", design=acc.PURPOSIVE))
table = acc.scale(
    interviews, "helps_", name="helps", title=page.say("acceptance_helps"), joined=True
)
page.table(table)
if has_values(table):
    page.figure(likert(table, page.language), table.name, table.title)
page.table(
    acc.scale(
        interviews, "effect_", name="effects", title=page.say("acceptance_effects"), joined=True
    )
)

# %%
page.heading(page.say("acceptance_words"))
page.text(page.say("acceptance_words_note"))
for question in acc.coded(interviews):
    page.table(question_table(interviews, question, design=acc.PURPOSIVE))
page.excerpts(excerpts_of(page.study, interviews, kind="respondent_kind"))

# %%
page.heading(page.say("acceptance_roundtables"))
page.text(page.say("acceptance_roundtables_note"))
sheets = page.dataset(acc.ROUNDTABLE).participants()
page.table(question_table(sheets, "place_of_asylum", design=acc.PURPOSIVE))
for prefix in ("access", "treatment"):
    title = page.say(f"acceptance_{prefix}")
    table = acc.scale(sheets, f"{prefix}_", name=prefix, title=title)
    page.table(table)
    if has_values(table):
        page.figure(likert(table, page.language), table.name, table.title)
table = question_table(sheets, "needs", design=acc.PURPOSIVE)
page.table(table)
if has_values(table):
    page.figure(bar(table, page.language), "needs", page.say("acceptance_needs"))
