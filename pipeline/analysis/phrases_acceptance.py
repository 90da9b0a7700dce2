"""What the notebook on refugee acceptance says itself."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "acceptance_intro": {
        "en": "Officials, lawyers, organisations and scholars in Taiwan rated how refugees are "
        "received there. They were chosen for what they know, not drawn at random: the tables "
        "describe them and no one else.",
        "zh-Hant": "臺灣的公務人員、律師、民間團體與學者評估當地接納難民的情形。"
        "受訪者依其所知選定，並非隨機抽樣，因此各表僅描述受訪者本身。",
        "ja": "台湾の公務員、弁護士、団体、研究者に、難民の受入れの状況を評価してもらいました。"
        "回答者は知見にもとづいて選んだもので無作為抽出ではなく、表は回答者についてのみ述べています。",
    },
    "acceptance_domain": {"en": "Domain", "zh-Hant": "領域", "ja": "分野"},
    "acceptance_unit": {
        "en": "mean of points, 1 very poor to 5 very good",
        "zh-Hant": "平均分數，1 為非常差，5 為非常好",
        "ja": "評点の平均（1 非常に悪い～5 非常に良い）",
    },
    "acceptance_gap_unit": {
        "en": "points of difference; ratings run from 1 to 5",
        "zh-Hant": "分數差；評分為 1 至 5 分",
        "ja": "評点の差（評点は 1～5）",
    },
    "acceptance_ratings": {
        "en": "Rating by domain",
        "zh-Hant": "各領域評價",
        "ja": "分野別の評価",
    },
    "acceptance_basis": {
        "en": "What the rating is based on",
        "zh-Hant": "評價的依據",
        "ja": "評価の根拠",
    },
    "acceptance_by_kind": {
        "en": "Mean rating by kind of respondent",
        "zh-Hant": "各類受訪者的平均評價",
        "ja": "回答者の種類別の平均評価",
    },
    "acceptance_by_basis": {
        "en": "Mean rating by what it is based on",
        "zh-Hant": "各種依據的平均評價",
        "ja": "根拠別の平均評価",
    },
    "acceptance_kinds": {
        "en": "What officials, lawyers and organisations see differently",
        "zh-Hant": "公務人員、律師與民間團體的看法差異",
        "ja": "行政・弁護士・団体の見方の違い",
    },
    "acceptance_populations": {
        "en": "Population by domain: law and practice",
        "zh-Hant": "各群體與各領域：法律與實務",
        "ja": "集団と分野：法律と実態",
    },
    "acceptance_law": {
        "en": "The law: mean rating by population",
        "zh-Hant": "法律規定：各群體的平均評價",
        "ja": "法律：集団別の平均評価",
    },
    "acceptance_practice": {
        "en": "Practice: mean rating by population",
        "zh-Hant": "實務情形：各群體的平均評價",
        "ja": "実態：集団別の平均評価",
    },
    "acceptance_gap": {
        "en": "How far practice lies above or below the law",
        "zh-Hant": "實務高於或低於法律的程度",
        "ja": "実態が法律をどれだけ上回るか下回るか",
    },
    "acceptance_means_method": {
        "en": "Mean of the points given by those who rated it; don't know and refused left out. "
        "A mean is shown only where enough people rated it.",
        "zh-Hant": "依有評分者之分數平均；「不知道」與「拒答」不計入。評分人數足夠時才顯示平均。",
        "ja": "評価した人の評点の平均。「わからない」「回答拒否」は除きます。"
        "評価した人が十分にいる場合にのみ平均を示します。",
    },
    "acceptance_gap_method": {
        "en": "Mean of practice minus law, over those who rated both. Below 0: practice is worse "
        "than the law.",
        "zh-Hant": "以兩者皆評分者計算「實務減法律」之平均；小於 0 表示實務不如法律。",
        "ja": "両方を評価した人について「実態－法律」を平均。"
        "0 未満は実態が法律より悪いことを示します。",
    },
    "acceptance_means_note": {
        "en": "Darker: rated better. Hatched: not shown.",
        "zh-Hant": "顏色愈深，評價愈好。斜線：不公開。",
        "ja": "色が濃いほど評価が高い。斜線：非公開。",
    },
    "acceptance_gap_note": {
        "en": "Orange: practice is worse than the law; violet: better. Hatched: not shown.",
        "zh-Hant": "橙色：實務不如法律；紫色：實務優於法律。斜線：不公開。",
        "ja": "橙色：実態が法律より悪い。紫色：実態が法律より良い。斜線：非公開。",
    },
    "acceptance_priorities_note": {
        "en": "Points: 3 for a first priority, 2 for a second, 1 for a third. Hatched: not shown.",
        "zh-Hant": "分數：第一優先 3 分，第二優先 2 分，第三優先 1 分。斜線：不公開。",
        "ja": "点数：第一の優先は3点、第二は2点、第三は1点。斜線：非公開。",
    },
    "acceptance_priorities": {
        "en": "What should come first",
        "zh-Hant": "應優先處理的領域",
        "ja": "優先すべき分野",
    },
    "acceptance_priorities_method": {
        "en": "3 points for a first, 2 for a second, 1 for a third priority.",
        "zh-Hant": "第一優先 3 分，第二優先 2 分，第三優先 1 分。",
        "ja": "第一の優先を3点、第二を2点、第三を1点として合計。",
    },
    "acceptance_named": {"en": "Named by", "zh-Hant": "提及人數", "ja": "挙げた人数"},
    "acceptance_points": {"en": "Points", "zh-Hant": "分數", "ja": "点数"},
    "acceptance_assistance": {
        "en": "Assistance that is known, and what is lacking",
        "zh-Hant": "已知的協助與不足之處",
        "ja": "知られている支援と不足",
    },
    "acceptance_bodies": {
        "en": "Bodies and laws",
        "zh-Hant": "機關與法律",
        "ja": "機関と法律",
    },
    "acceptance_helps": {
        "en": "How much they help refugees",
        "zh-Hant": "對難民的幫助程度",
        "ja": "難民にとってどれほど助けになっているか",
    },
    "acceptance_effects": {
        "en": "Expected effects",
        "zh-Hant": "預期影響",
        "ja": "見込まれる影響",
    },
    "acceptance_words": {
        "en": "In their own words",
        "zh-Hant": "受訪者的說法",
        "ja": "回答者のことば",
    },
    "acceptance_words_note": {
        "en": "Short excerpts chosen by a person, only of those who consented to be quoted, and without "
        "anything that identifies. Codes of open answers, where they were coded, come first.",
        "zh-Hant": "由人工選取的短句，僅限同意引用者，且不含可供辨識的內容。開放題若已編碼，先列編碼結果。",
        "ja": "人が選んだ短い引用で、引用に同意した人に限り、特定につながるものを含みません。"
        "自由回答がコード化されている場合は、その結果を先に示します。",
    },
    "excerpts_somebody": {"en": "A respondent", "zh-Hant": "受訪者", "ja": "回答者"},
    "excerpts_left_out": {
        "en": "Left out for lack of consent, or because they might identify somebody or are not the words "
        "of the answer: {n}.",
        "zh-Hant": "因未同意引用、可能辨識身分或與原文不符而未列入：{n} 則。",
        "ja": "同意がない、特定につながりうる、または回答のことばと異なるため除いたもの：{n} 件。",
    },
    "acceptance_roundtables": {
        "en": "A part of its own: refugees' views at the roundtables in Tokyo",
        "zh-Hant": "獨立部分：東京圓桌座談中難民的看法",
        "ja": "別掲：東京のラウンドテーブルでの難民の声",
    },
    "acceptance_roundtables_note": {
        "en": "These sheets were gathered in Tokyo. They speak of the place of asylum that each "
        "sheet names. They are never pooled with ratings of Taiwan, nor set against them.",
        "zh-Hant": "本部分資料於東京蒐集，內容關於各表所填的庇護地，"
        "絕不與臺灣的評價合併計算，也不互相比較。",
        "ja": "この回答は東京で集めたもので、それぞれの用紙に書かれた庇護の場所についてのものです。"
        "台湾の評価と合算することも、比べることもありません。",
    },
    "acceptance_access": {
        "en": "How easy it is to get what is needed",
        "zh-Hant": "取得所需服務的難易",
        "ja": "必要なものの得やすさ",
    },
    "acceptance_treatment": {
        "en": "How people are treated",
        "zh-Hant": "受到的對待",
        "ja": "受けている扱い",
    },
    "acceptance_needs": {"en": "Needs", "zh-Hant": "需求", "ja": "必要としていること"},
}
