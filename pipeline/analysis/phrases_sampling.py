"""What the report says of the sample."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "sampling_title": {
        "en": "What became of those who were drawn",
        "zh-Hant": "抽出單位的結果",
        "ja": "抽出した対象の結果",
    },
    "sampling_outcome": {"en": "Outcome", "zh-Hant": "結果", "ja": "結果"},
    "sampling_units": {"en": "Units", "zh-Hant": "單位數", "ja": "件数"},
    "sampling_rate": {"en": "Rate", "zh-Hant": "比率", "ja": "率"},
    "sampling_complete": {"en": "complete", "zh-Hant": "完成", "ja": "完了"},
    "sampling_partial": {"en": "partial", "zh-Hant": "部分完成", "ja": "一部のみ"},
    "sampling_refusal": {
        "en": "refused or broke off",
        "zh-Hant": "拒絕或中止",
        "ja": "拒否または中断",
    },
    "sampling_non_contact": {"en": "not reached", "zh-Hant": "未能聯繫", "ja": "接触できず"},
    "sampling_other": {"en": "other reasons", "zh-Hant": "其他原因", "ja": "その他の理由"},
    "sampling_unknown": {"en": "not known", "zh-Hant": "不明", "ja": "不明"},
    "sampling_not_eligible": {"en": "not eligible", "zh-Hant": "不符資格", "ja": "対象外"},
    "sampling_RR1": {
        "en": "response rate, complete interviews over all",
        "zh-Hant": "回應率，完成數除以全部",
        "ja": "回答率（完了 ÷ 全体）",
    },
    "sampling_RR2": {
        "en": "response rate, with partial interviews",
        "zh-Hant": "回應率，含部分完成",
        "ja": "回答率（一部のみを含む）",
    },
    "sampling_RR3": {
        "en": "response rate, with the share of the unknown that is eligible",
        "zh-Hant": "回應率，不明者按估計的合格比例計入",
        "ja": "回答率（不明のうち対象とみられる分を含む）",
    },
    "sampling_RR5": {
        "en": "response rate, without the unknown",
        "zh-Hant": "回應率，不計不明者",
        "ja": "回答率（不明を除く）",
    },
    "sampling_COOP1": {
        "en": "cooperation rate, of those reached",
        "zh-Hant": "合作率，以已聯繫者為分母",
        "ja": "協力率（接触できたもののうち）",
    },
    "sampling_REF1": {"en": "refusal rate", "zh-Hant": "拒訪率", "ja": "拒否率"},
    "sampling_CON1": {"en": "contact rate", "zh-Hant": "聯繫率", "ja": "接触率"},
    "sampling_method": {
        "en": "Rates as AAPOR defines them (Standard Definitions, 2016). Those of whom nothing came back and nothing "
        "was noted count as not known.",
        "zh-Hant": "比率依 AAPOR 定義（Standard Definitions, 2016）。未回收且無紀錄者計為不明。",
        "ja": "率は AAPOR の定義（Standard Definitions, 2016）によります。回収も記録もないものは不明とします。",
    },
    "sampling_purposive": {
        "en": "The organisations were chosen by judgement: there is no response rate, no weight and no sampling error. "
        "Those of whom nothing came back count as not known.",
        "zh-Hant": "單位為立意選取：無回應率、無加權，亦無抽樣誤差。未回收者計為不明。",
        "ja": "団体は有意に選んだため、回答率・ウェイト・標本誤差はありません。回収のないものは不明とします。",
    },
}
