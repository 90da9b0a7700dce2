"""What the notebook on potential partners says itself."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "partners_intro": {
        "en": "First the gates: due diligence and safeguarding, which no other score makes up for. "
        "Then capacity by criterion, and ranks that say how far they depend on the weights.",
        "zh-Hant": "先看門檻：盡職查核與保護措施，其他分數再高也無法抵銷。"
        "再看各項能力，以及排名受權重影響的程度。",
        "ja": "まず必須要件：団体の適正さの確認と人を守るしくみで、ほかの得点では補えません。"
        "次に基準ごとの力と、順位が重みにどれだけ左右されるかを示します。",
    },
    "partners_organisation": {"en": "Organisation", "zh-Hant": "組織", "ja": "団体"},
    "partners_organisations": {"en": "organisations", "zh-Hant": "組織數", "ja": "団体数"},
    "partners_gate": {"en": "Gate", "zh-Hant": "門檻", "ja": "必須要件"},
    "partners_gates": {"en": "Gates", "zh-Hant": "門檻", "ja": "必須要件"},
    "partners_all_gates": {"en": "All gates", "zh-Hant": "全部門檻", "ja": "すべての必須要件"},
    "partners_passed": {"en": "passed", "zh-Hant": "通過", "ja": "満たす"},
    "partners_open": {"en": "open", "zh-Hant": "待確認", "ja": "未確認"},
    "partners_failed": {"en": "failed", "zh-Hant": "未通過", "ja": "満たさない"},
    "partners_gates_method": {
        "en": "A gate is passed when every question of it that applies has an accepted answer, "
        "failed when one has another answer, and open while an answer is missing.",
        "zh-Hant": "適用的題目全部符合即通過；有一題不符即未通過；尚缺回答則待確認。",
        "ja": "当てはまる質問がすべて所定の回答なら「満たす」、一つでも違えば「満たさない」、"
        "回答が欠けている間は「未確認」とします。",
    },
    "partners_criterion": {"en": "Criterion", "zh-Hant": "評估項目", "ja": "基準"},
    "partners_criteria": {"en": "Criteria", "zh-Hant": "評估項目", "ja": "評価の基準"},
    "partners_criteria_method": {
        "en": "Each criterion is the average of its questions, scored from 0 to 1. A missing "
        "answer is the interval from 0 to 1; its middle enters the mean, its width is shown.",
        "zh-Hant": "各項目為其題目分數（0 至 1）之平均。缺答視為 0 至 1 的區間，"
        "平均取區間中點，並列出區間寬度。",
        "ja": "各基準は質問の得点（0～1）の平均。無回答は0から1の区間とし、"
        "平均には中点を用い、幅も示します。",
    },
    "partners_weight": {"en": "Weight", "zh-Hant": "權重", "ja": "重み"},
    "partners_mean_score": {"en": "Mean score", "zh-Hant": "平均分數", "ja": "平均得点"},
    "partners_unknown": {"en": "Not known (width)", "zh-Hant": "未知（寬度）", "ja": "不明（幅）"},
    "partners_score_unit": {
        "en": "score from 0 to 1",
        "zh-Hant": "分數 0 至 1",
        "ja": "得点（0～1）",
    },
    "partners_ranking": {"en": "Ranks", "zh-Hant": "排名", "ja": "順位"},
    "partners_ranking_method": {
        "en": "Organisations that failed no gate. Ranks over 10,000 weightings, all equally "
        "likely, missing answers drawn evenly (SMAA-2): a share near 0 or 100 % holds whatever "
        "the weights, anything between depends on them. Weighted sum by the study's weights; "
        "its low and high take every missing answer as worst and best. TOPSIS: closeness to the "
        "ideal.",
        "zh-Hant": "未通過門檻者不列入。以 10,000 組機會均等的權重模擬排名，缺答隨機代入（SMAA-2）："
        "比例接近 0 或 100% 者不受權重影響，介於其間者取決於權重。加權總分採本研究權重，"
        "下限與上限分別將缺答視為最差與最佳。TOPSIS：與理想解的接近程度。",
        "ja": "必須要件を満たさない団体は除きます。等しく起こりうる1万通りの重みで順位を計算し、"
        "無回答は一様に補います（SMAA-2）。0%や100%に近ければ重みによらず、"
        "その間なら重み次第です。加重合計は本調査の重みにより、下限と上限は無回答を"
        "すべて最低・最高とした値。TOPSISは理想への近さ。",
    },
    "partners_named_note": {
        "en": "Named only where consent to be named is recorded; all others are codes.",
        "zh-Hant": "僅在有具名同意紀錄時列出名稱，其餘以代號表示。",
        "ja": "名称の公表に同意した団体だけ名前を示し、ほかは番号で示します。",
    },
    "partners_expected": {"en": "Expected rank", "zh-Hant": "預期名次", "ja": "期待順位"},
    "partners_first": {"en": "First", "zh-Hant": "第一名", "ja": "1位"},
    "partners_among": {"en": "Among the first {n}", "zh-Hant": "前 {n} 名", "ja": "上位{n}位以内"},
    "partners_weighted": {"en": "Weighted sum", "zh-Hant": "加權總分", "ja": "加重合計"},
    "partners_low": {"en": "low", "zh-Hant": "下限", "ja": "下限"},
    "partners_high": {"en": "high", "zh-Hant": "上限", "ja": "上限"},
    "partners_services": {
        "en": "Services by population",
        "zh-Hant": "各群體可獲得的服務",
        "ja": "集団別の支援",
    },
    "partners_service": {"en": "Service", "zh-Hant": "服務", "ja": "支援"},
    "partners_services_method": {
        "en": "Organisations that failed no gate and offer the service to the population.",
        "zh-Hant": "未被門檻排除且對該群體提供該服務的組織數。",
        "ja": "その集団にその支援を行う団体の数（必須要件を満たさない団体を除く）。",
    },
    "partners_cover": {
        "en": "The smallest set of partners",
        "zh-Hant": "最少的合作組織組合",
        "ja": "最小の連携先の組合せ",
    },
    "partners_cover_method": {
        "en": "Of {needs} pairs of service and population, {met} are offered by someone; these "
        "organisations together offer all of those, and no smaller set does (exact, by integer "
        "programming; ties go to the higher weighted sum).",
        "zh-Hant": "在 {needs} 個「服務×群體」組合中，{met} 個有組織提供；下列組織合起來可全部涵蓋，"
        "且沒有更小的組合（整數規劃精確解；同等時取加權總分較高者）。",
        "ja": "支援と集団の組合せ {needs} 通りのうち {met} 通りは誰かが行っています。"
        "次の団体でそのすべてを満たし、これより小さい組合せはありません"
        "（整数計画法による厳密解。同数なら加重合計の高い方）。",
    },
    "partners_meets": {"en": "Needs met", "zh-Hant": "可滿足項目", "ja": "満たす項目"},
    "partners_needs": {
        "en": "pairs of service and population",
        "zh-Hant": "「服務×群體」組合數",
        "ja": "支援と集団の組合せの数",
    },
    "partners_willing": {
        "en": "Willingness to work together",
        "zh-Hant": "合作意願",
        "ja": "協力の意思",
    },
    "partners_willing_areas": {"en": "By area", "zh-Hant": "依領域", "ja": "分野別"},
    "partners_willing_with": {"en": "With whom", "zh-Hant": "依對象", "ja": "相手別"},
    "partners_region": {
        "en": "Ties with Hong Kong, Macao, Japan and the wider region",
        "zh-Hant": "與香港、澳門、日本及鄰近區域的聯繫",
        "ja": "香港・マカオ・日本および域内とのつながり",
    },
    "partners_middle": {"en": "middle", "zh-Hant": "中點", "ja": "中点"},
    "partners_likely_rank": {
        "en": "Rank in {share} of weightings",
        "zh-Hant": "{share} 的權重下之名次",
        "ja": "{share} の重みでの順位",
    },
    "partners_rank_best": {"en": "best", "zh-Hant": "最高", "ja": "最高"},
    "partners_rank_worst": {"en": "worst", "zh-Hant": "最低", "ja": "最低"},
    "partners_rank": {"en": "Rank", "zh-Hant": "名次", "ja": "順位"},
    "partners_acceptability": {
        "en": "Under which share of weightings an organisation takes a rank",
        "zh-Hant": "各組織取得各名次的權重比例",
        "ja": "各団体が各順位となる重みの割合",
    },
    "partners_acceptability_note": {
        "en": "One dark field: the rank holds whatever the weights. Many pale ones: it depends on them.",
        "zh-Hant": "單一深色格：名次不受權重影響。多個淺色格：名次取決於權重。",
        "ja": "濃い欄が一つなら、順位は重みによりません。淡い欄が並ぶなら、重み次第です。",
    },
    "partners_weightings": {"en": "weightings", "zh-Hant": "權重組合", "ja": "重みの組"},
    "partners_robust_sure": {
        "en": "Among the first {n} whatever the weights (in 95% of weightings or more): {organisations}.",
        "zh-Hant": "不論權重如何（95% 以上的權重組合）均居前 {n} 名：{organisations}。",
        "ja": "重みによらず（95%以上の重みで）上位{n}位以内：{organisations}。",
    },
    "partners_robust_mostly": {
        "en": "Among the first {n} under most weightings, not under all: {organisations}.",
        "zh-Hant": "在多數但非全部權重組合下居前 {n} 名：{organisations}。",
        "ja": "多くの重みで上位{n}位以内だが、すべてではない：{organisations}。",
    },
    "partners_robust_sometimes": {
        "en": "Among the first {n} only if the weights favour them, so a matter of taste: {organisations}.",
        "zh-Hant": "僅在權重有利時居前 {n} 名，取決於偏好：{organisations}。",
        "ja": "重みが有利な場合だけ上位{n}位以内で、重み次第：{organisations}。",
    },
    "partners_robust_hardly": {
        "en": "Hardly ever among the first {n} (in 5% of weightings or fewer): {organisations} organisations.",
        "zh-Hant": "幾乎從未居前 {n} 名（5% 以下的權重組合）：{organisations} 個組織。",
        "ja": "上位{n}位以内にはほとんど入らない（5%以下の重み）：{organisations} 団体。",
    },
    "partners_kind": {"en": "Kind", "zh-Hant": "類別", "ja": "種類"},
    "partners_seat": {"en": "Main office", "zh-Hant": "主要辦公室", "ja": "主な事務所"},
    "partners_all_passed": {"en": "all passed", "zh-Hant": "全部通過", "ja": "すべて満たす"},
    "partners_population": {"en": "Population", "zh-Hant": "群體", "ja": "集団"},
    "partners_gaps": {
        "en": "The gaps: services that nobody offers",
        "zh-Hant": "缺口：無組織提供的服務",
        "ja": "空白：どの団体も行っていない支援",
    },
    "partners_gaps_number": {"en": "Not offered", "zh-Hant": "未提供項數", "ja": "ない支援の数"},
    "partners_gaps_services": {"en": "Which", "zh-Hant": "項目", "ja": "内容"},
    "partners_gaps_method": {
        "en": "Services that none of the organisations that failed no gate offers to the population.",
        "zh-Hant": "未被門檻排除的組織均未對該群體提供的服務。",
        "ja": "必須要件を満たさない団体を除き、どの団体もその集団に行っていない支援。",
    },
    "partners_gaps_note": {
        "en": "Orange: nobody offers it. Hatched: somebody does, too few to say how many.",
        "zh-Hant": "橙色：無組織提供。斜線：有組織提供，但數量過少不公開。",
        "ja": "橙色：どの団体も行っていない。斜線：行う団体はあるが、少ないため数は示さない。",
    },
    "partners_county_gaps_note": {
        "en": "Orange: no organisation that may be named offers anything there.",
        "zh-Hant": "橙色：當地沒有可具名的組織提供服務。",
        "ja": "橙色：そこで支援を行う、名称を示せる団体がない。",
    },
    "partners_meets_alone": {"en": "Met by it alone", "zh-Hant": "僅其提供", "ja": "単独で満たす"},
    "partners_needed_head": {
        "en": "In every smallest set",
        "zh-Hant": "不可或缺",
        "ja": "不可欠か",
    },
    "partners_needed": {"en": "yes", "zh-Hant": "是", "ja": "はい"},
    "partners_replaceable": {
        "en": "no, another can replace it",
        "zh-Hant": "否，可替換",
        "ja": "いいえ（代替可）",
    },
    "partners_cover_one": {
        "en": "There is no other set as small.",
        "zh-Hant": "沒有其他同樣小的組合。",
        "ja": "同じ大きさの組合せはほかにありません。",
    },
    "partners_cover_several": {
        "en": "There are several sets as small: {n} of these {all} stand in all of them, the others can be replaced. "
        "Of all these sets this one has the highest weighted sum.",
        "zh-Hant": "同樣小的組合不只一個：此 {all} 個組織中有 {n} 個在所有組合中皆不可缺，其餘可替換。本表為加權總分最高的組合。",
        "ja": "同じ大きさの組合せはほかにもあります。この {all} 団体のうち {n} 団体はどの組合せにも必要で、ほかは替えられます。"
        "ここに示すのは加重合計が最も高いものです。",
    },
    "partners_cards": {
        "en": "The organisations that may be named",
        "zh-Hant": "可具名的組織",
        "ja": "名称を示せる団体",
    },
    "partners_cards_note": {
        "en": "A card for each organisation that failed no gate and consented to be named, in the order of the "
        "expected rank. A bar reaches from the score with every missing answer at its worst to that at its best. "
        "All others have no card: what they answered would say who they are.",
        "zh-Hant": "未被門檻排除且同意具名的組織各一張卡片，依預期名次排列。長條自缺答最差時的分數延伸至最佳時的分數。"
        "其餘組織不列卡片，以免由其回答辨識身分。",
        "ja": "必須要件を満たさない団体を除き、名称の公表に同意した団体ごとに一枚、期待順位の順に示します。"
        "棒は、無回答を最低とした点数から最高とした点数までです。"
        "その他の団体は、回答から特定されうるため示しません。",
    },
    "partners_county": {
        "en": "Services by county and population, and the gaps",
        "zh-Hant": "各縣市、各群體的服務與缺口",
        "ja": "県・市と対象ごとの支援と空白",
    },
    "partners_county_method": {
        "en": "How many of the services asked about are offered by at least one organisation with its seat there "
        "that failed no gate and consented to be named; 0 is a gap as far as is known. Others may offer more.",
        "zh-Hant": "會址在該縣市、未被門檻排除且同意具名的組織至少一個提供的服務項數；0 表示就所知為缺口。"
        "其他組織可能另有提供。",
        "ja": "そこに所在し名称の公表に同意した団体（必須要件を満たさないものを除く）の少なくとも一つが行う支援の数。"
        "0 は、分かるかぎりの空白です。ほかの団体が行っていることもあります。",
    },
    "partners_named": {"en": "Named", "zh-Hant": "具名組織", "ja": "名称公表の団体"},
    "partners_services_unit": {
        "en": "services of {n} asked about",
        "zh-Hant": "所問 {n} 項服務中的項數",
        "ja": "尋ねた {n} 種の支援のうちの数",
    },
    "partners_map": {
        "en": "Where named organisations have their seat",
        "zh-Hant": "具名組織的所在地",
        "ja": "名称公表団体の所在地",
    },
    "partners_map_note": {
        "en": "One tile a county or city of 2011. Only organisations that consented to be named "
        "and failed no gate are counted.",
        "zh-Hant": "每格為 2011 年的一個縣市，僅計同意具名且未被門檻排除的組織。",
        "ja": "一枠が2011年当時の一つの県・市です。名称の公表に同意した団体だけを、必須要件を満たさないものを除いて数えます。",
    },
    "partners_network": {
        "en": "Who works with whom",
        "zh-Hant": "合作網絡",
        "ja": "協力のネットワーク",
    },
    "partners_network_note": {
        "en": "A line: at least one of the two named the other. Filled: answered the survey; "
        "open: only named by others, shown as a code. Larger: more ties. "
        "Orange: a bridge, the only tie between two parts.",
        "zh-Hant": "連線：至少一方提及另一方。實心：有填答；空心：僅被他人提及，以代號表示。"
        "圓愈大，聯繫愈多。橙色：橋接，兩部分之間唯一的聯繫。",
        "ja": "線：少なくとも一方が他方を挙げた。塗り：回答した団体。白抜き：他団体が挙げただけの団体"
        "（番号で表示）。大きいほどつながりが多い。橙色：二つの部分をつなぐ唯一の線（橋）。",
    },
    "partners_ties": {"en": "Ties", "zh-Hant": "聯繫數", "ja": "つながりの数"},
    "partners_bridge": {"en": "Betweenness", "zh-Hant": "中介中心性", "ja": "媒介中心性"},
    "partners_network_method": {
        "en": "Ties named by those who answered, direction left out. Betweenness: the share of "
        "shortest paths between others that lead through the organisation. "
        "{components} separate parts, {bridges} ties that alone hold two parts together.",
        "zh-Hant": "依受訪組織所提之聯繫計算，不分方向。中介中心性：其他組織間最短路徑經過該組織的比例。"
        "共 {components} 個互不相連的部分，{bridges} 條單獨維繫兩部分的聯繫。",
        "ja": "回答団体が挙げたつながり（向きは問わない）。媒介中心性：他団体間の最短経路のうち"
        "その団体を通るものの割合。互いに離れた部分 {components}、"
        "それだけで二つの部分をつなぐ線 {bridges}。",
    },
}
