"""What the report says of two waves."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "waves_answer": {"en": "Answer", "zh-Hant": "答案", "ja": "回答"},
    "waves_question": {"en": "Question", "zh-Hant": "題目", "ja": "設問"},
    "waves_reason": {"en": "Why not", "zh-Hant": "原因", "ja": "理由"},
    "waves_count": {"en": "Number", "zh-Hant": "人數", "ja": "件数"},
    "waves_share": {"en": "Share", "zh-Hant": "比例", "ja": "割合"},
    "waves_base": {"en": "Answered", "zh-Hant": "作答數", "ja": "回答数"},
    "waves_before": {"en": "Earlier wave", "zh-Hant": "前一波", "ja": "前の回"},
    "waves_after": {"en": "Later wave", "zh-Hant": "後一波", "ja": "後の回"},
    "waves_not_comparable": {
        "en": "Questions that cannot be compared between the waves",
        "zh-Hant": "兩波之間無法比較的題目",
        "ja": "二つの回で比べられない設問",
    },
    "waves_comparable": {
        "en": "Comparable questions: {n}.",
        "zh-Hant": "可比較的題目：{n} 題。",
        "ja": "比べられる設問：{n} 問。",
    },
    "waves_method": {
        "en": "Two waves are compared only where the question, its skip and its choices are the same in both forms.",
        "zh-Hant": "只有題目、跳答條件與選項在兩波問卷中皆相同者才加以比較。",
        "ja": "設問・進み方・選択肢が二つの調査票で同じものだけを比べます。",
    },
}
