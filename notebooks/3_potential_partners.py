# ---
# jupyter:
#   titles:
#     en: Potential partners
#     zh-Hant: 潛在合作組織
#     ja: 連携候補団体
#   forms: [organisation_profile]
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
from pipeline.analysis import network as net
from pipeline.analysis import partner_ranks as rnk
from pipeline.analysis import partner_services as ser
from pipeline.analysis import partners as par
from pipeline.analysis.acceptance import PURPOSIVE, scale
from pipeline.analysis.figures import bar, dots, has_values, heat_map, likert
from pipeline.analysis.page import Page
from pipeline.analysis.partner_cards import cards, county_table
from pipeline.analysis.tables import question_table
from pipeline.analysis.tile_map import read_tiles, tile_map

page = Page.open(notebook="3_potential_partners")
dataset = page.dataset(par.FORM).participants()
assessment = par.assess(dataset)
page.text(page.say("partners_intro"))

# %%
page.heading(page.say("partners_gates"))
page.table(par.gate_table(assessment))

# %%
page.heading(page.say("partners_criteria"))
table = par.criteria_table(assessment)
page.table(table)
if has_values(table, "mean"):
    page.figure(bar(table, page.language, value="mean"), "criteria", table.title)

# %%
page.heading(page.say("partners_ranking"))
table = par.ranking_table(assessment)
page.table(table)
first = par.shortlist(par.protected(table, dataset))
page.figure(
    dots(first, page.language, value="middle", low="low", high="high"),
    "weighted_sum",
    page.say("partners_weighted"),
)
page.items(rnk.robust_lines(assessment))
table = par.protected(rnk.rank_table(assessment), dataset)
page.table(table)
ranks = [column.name for column in table.columns[1:]]
page.figure(
    heat_map(table, page.language, values=ranks, limits=(0, 1), show_zeros=False),
    table.name,
    table.title,
    page.say("partners_acceptability_note"),
)

# %%
page.heading(page.say("partners_services"))
table = ser.services_table(assessment)
page.table(table)
populations = list(ser.populations(dataset))
page.figure(
    heat_map(table, page.language, values=populations, gaps=True),
    table.name,
    table.title,
    page.say("partners_gaps_note"),
)
page.table(ser.gaps_table(assessment))

# %%
page.heading(page.say("partners_cover"))
page.table(ser.cover_table(assessment))

# %%
page.heading(page.say("partners_cards"))
page.text(page.say("partners_cards_note"))
page.cards(cards(assessment))

# %%
page.heading(page.say("partners_county"))
table = par.protected(county_table(assessment), dataset)
page.table(table)
page.figure(
    heat_map(table, page.language, values=populations, gaps=True),
    table.name,
    table.title,
    page.say("partners_county_gaps_note"),
)

# %%
page.heading(page.say("partners_map"))
page.figure(
    tile_map(
        read_tiles(page.study.instruments / "county_tiles.csv"),
        par.named_by_county(assessment),
        dataset.choice_labels("county"),
    ),
    "seats",
    page.say("partners_map"),
    page.say("partners_map_note"),
)

# %%
page.heading(page.say("partners_willing"))
for prefix, key in (("willing_", "areas"), ("with_", "with")):
    table = scale(dataset, prefix, name=key, title=page.say(f"partners_willing_{key}"), joined=True)
    page.table(table)
    if has_values(table):
        page.figure(likert(table, page.language), table.name, table.title)
for question in ("conditions", "constraints"):
    page.table(question_table(dataset, question, design=PURPOSIVE))

# %%
page.heading(page.say("partners_region"))
table = scale(
    dataset, "regional_", name="region", title=page.say("partners_region"), is_ladder=True
)
page.table(table)
if has_values(table):
    page.figure(likert(table, page.language, is_ladder=True), table.name, table.title)
page.table(question_table(dataset, "networks", design=PURPOSIVE))

# %%
page.heading(page.say("partners_network"))
network = par.network_of(assessment)
page.table(net.centrality_table(network, dataset))
page.figure(
    net.draw_network(network),
    "network",
    page.say("partners_network"),
    page.say("partners_network_note"),
)
