"""What the summary of findings says itself."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "summary_intro": {
        "en": "Each sentence is made from the table that it links to. A number that the table does not show is "
        "not said here either; “most” and “worst” are among the numbers that are shown.",
        "zh-Hant": "每句話均由其連結的表產生；表中不顯示的數字，此處亦不敘述；「最」是就有顯示的數字而言。",
        "ja": "どの文も、リンク先の表から作られています。表に示さない数値は、ここでも述べません。「最も」とあるのは、示した数値の中でのことです。",
    },
    "summary_document": {
        "en": "The same as a Word document",
        "zh-Hant": "Word 文件版本",
        "ja": "同じ内容の Word 文書",
    },
    "summary_none": {
        "en": "Nothing can be said yet: too few answers have come back.",
        "zh-Hant": "目前回收過少，尚無法敘述結果。",
        "ja": "回答がまだ少なく、述べられることはありません。",
    },
    "summary_returns": {
        "en": "{came} responses came back; {kept} of them were kept.",
        "zh-Hant": "共回收 {came} 份，保留 {kept} 份。",
        "ja": "回答は {came} 件返送され、うち {kept} 件を採用しました。",
    },
    "summary_took_part": {
        "en": "{took_part} organisations took part; {planned} were planned.",
        "zh-Hant": "原計畫訪問 {planned} 個組織，{took_part} 個參與。",
        "ja": "予定した {planned} 団体に対し、{took_part} 団体が参加しました。",
    },
    "summary_poor": {
        "en": "Worst rated is “{domain}”: {share} of the {n} who rated it call it poor or very poor.",
        "zh-Hant": "評價最差的是「{domain}」：評分的 {n} 人中，{share} 認為差或非常差。",
        "ja": "最も評価が低いのは「{domain}」で、評価した {n} 人のうち {share} が悪い・とても悪いとしています。",
    },
    "summary_good": {
        "en": "Best rated is “{domain}”: {share} of the {n} who rated it call it good or very good.",
        "zh-Hant": "評價最好的是「{domain}」：評分的 {n} 人中，{share} 認為好或非常好。",
        "ja": "最も評価が高いのは「{domain}」で、評価した {n} 人のうち {share} が良い・とても良いとしています。",
    },
    "summary_priority": {
        "en": "What should come first is “{domain}”: {named} name it among their three priorities "
        "({points} points).",
        "zh-Hant": "最應優先的是「{domain}」：{named} 人將其列入前三項（{points} 分）。",
        "ja": "最も優先すべきとされたのは「{domain}」で、{named} 人が優先する三分野の一つに挙げました（{points} 点）。",
    },
    "summary_gap": {
        "en": "Practice falls furthest behind the law for “{population}” in “{domain}”: {gap} points of five lower "
        "in the mean.",
        "zh-Hant": "實務與法律差距最大的是「{population}」的「{domain}」：平均低 {gap} 分（五分制）。",
        "ja": "実態が法律を最も下回るのは「{population}」の「{domain}」で、平均で {gap} 点低くなっています（五点満点）。",
    },
    "summary_lacking": {
        "en": "The gap named most often: “{gap}”, by {share} of those asked.",
        "zh-Hant": "最常被指出的不足是「{gap}」，占 {share}。",
        "ja": "最も多く挙げられた課題は「{gap}」で、回答者の {share} です。",
    },
    "summary_passed": {
        "en": "{n} organisations pass every gate of due diligence and safeguarding, which no score makes up for.",
        "zh-Hant": "{n} 個組織通過盡職查核與保護措施的全部門檻，其他分數不能彌補。",
        "ja": "{n} 団体が、団体の適正さの確認と人を守るしくみについての必須要件をすべて満たしています。ほかの点数では補えません。",
    },
    "summary_failed": {
        "en": "{n} organisations fail a gate of due diligence or safeguarding, which no score makes up for.",
        "zh-Hant": "{n} 個組織未通過盡職查核或保護措施門檻，其他分數不能彌補。",
        "ja": "{n} 団体が、団体の適正さの確認または人を守るしくみについての必須要件を満たしていません。ほかの点数では補えません。",
    },
    "summary_unserved": {
        "en": "Most is lacking for “{population}”: {n} services that nobody offers.",
        "zh-Hant": "缺口最多的是「{population}」：{n} 項服務無組織提供。",
        "ja": "支援が最も欠けているのは「{population}」で、{n} 種の支援をどの団体も行っていません。",
    },
    "summary_region": {
        "en": "Ties in the region are fewest for “{place}”: {share} of {n} organisations answer “{answer}”.",
        "zh-Hant": "區域聯繫最少的是「{place}」：{n} 個組織中 {share} 回答「{answer}」。",
        "ja": "域内のつながりが最も少ないのは「{place}」で、{n} 団体の {share} が「{answer}」と答えました。",
    },
    "summary_first": {
        "en": "{name} comes first under {share} of all weightings of the criteria.",
        "zh-Hant": "評估項目的各種權重組合中，有 {share} 由 {name} 居首位。",
        "ja": "基準のあらゆる重み付けのうち {share} で、{name} が首位となります。",
    },
    "summary_cover": {
        "en": "{n} organisations together offer every service to every population that anyone offers; no fewer do.",
        "zh-Hant": "{n} 個組織合起來，即可涵蓋目前有組織提供的所有服務與群體組合；再少就無法全部涵蓋。",
        "ja": "提供されているすべての支援と対象の組合せは、{n} 団体で満たせます。これより少なくはできません。",
    },
    "summary_held": {
        "en": "{held} activities were held; {planned} were planned, and {still} of those are still to be held.",
        "zh-Hant": "原訂活動 {planned} 場；已辦理 {held} 場，原訂活動中尚有 {still} 場未辦。",
        "ja": "計画 {planned} 回に対し {held} 回を実施し、計画のうち {still} 回が未実施です。",
    },
    "summary_needs": {
        "en": "At the roundtables in Tokyo “{need}” is named most often as a need, on {share} of the sheets.",
        "zh-Hant": "東京圓桌座談中，最常提到的需求是「{need}」，占 {share}。",
        "ja": "東京のラウンドテーブルで、助けが必要なこととして最も多く挙げられたのは「{need}」で、用紙の {share} です。",
    },
    "summary_question": {
        "en": "{question} Most often: “{answer}”, {share}.",
        "zh-Hant": "{question} 最多的回答為「{answer}」，占 {share}。",
        "ja": "{question} 最も多い回答は「{answer}」で {share}。",
    },
    "summary_median": {
        "en": "{question} In the middle: {median}.",
        "zh-Hant": "{question} 中位數：{median}。",
        "ja": "{question} 中央値は {median}。",
    },
}
