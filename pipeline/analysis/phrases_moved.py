"""What is said of what moved since the last run."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "moved": {
        "en": "What moved since the last run",
        "zh-Hant": "自上次執行以來的變動",
        "ja": "前回の実行からの変化",
    },
    "moved_unknown": {
        "en": "No earlier run is kept, so there is nothing to compare with.",
        "zh-Hant": "未保留先前的執行結果，無從比較。",
        "ja": "前回の記録がないため、比べるものがありません。",
    },
    "moved_nothing": {
        "en": "No number of any table changed.",
        "zh-Hant": "所有表中的數字均無變動。",
        "ja": "どの表の数値も変わっていません。",
    },
    "moved_intro": {
        "en": "Tables whose numbers are not as they were, and what changed since. Old numbers are not shown: the "
        "difference between two runs can be a single response. Where few responses came between, do not give this "
        "report to readers of the last one: “survey audit --before” says whether it tells too much.",
        "zh-Hant": "以下各表的數字與上次不同，並列出其後的變動原因。不顯示舊數字，因為兩次之差可能只是一份回答。"
        "若其間僅增加少數回答，請勿將本報告提供給上次報告的讀者；可用「survey audit --before」檢查是否透露過多。",
        "ja": "数値が前回と異なる表と、その間に変わったものです。二回の差は一件の回答のこともあるため、"
        "以前の数値は示しません。その間に増えた回答が少ないときは、前回の報告の読者にこの報告を渡さないでください。"
        "「survey audit --before」で確かめられます。",
    },
    "moved_table": {"en": "Table", "zh-Hant": "表", "ja": "表"},
    "moved_numbers": {"en": "Numbers changed", "zh-Hant": "變動的數字", "ja": "変わった数値"},
    "moved_cause": {"en": "What changed", "zh-Hant": "變動原因", "ja": "変わったもの"},
    "moved_some": {"en": "{n} of {all}", "zh-Hant": "{all} 個中 {n} 個", "ja": "{all} 個中 {n} 個"},
    "moved_shape": {"en": "rows or columns", "zh-Hant": "列或欄", "ja": "行または列"},
    "moved_new": {"en": "new table", "zh-Hant": "新增的表", "ja": "新しい表"},
    "moved_gone": {"en": "no longer there", "zh-Hant": "已不存在", "ja": "なくなった表"},
    "moved_returns": {"en": "new returns", "zh-Hant": "新的回收", "ja": "新しい返送"},
    "moved_corrections": {"en": "corrections", "zh-Hant": "更正", "ja": "訂正"},
    "moved_questionnaire": {
        "en": "definition of the questionnaire",
        "zh-Hant": "問卷定義",
        "ja": "調査票の定義",
    },
    "moved_settings": {
        "en": "settings of the study",
        "zh-Hant": "研究設定",
        "ja": "調査の設定",
    },
    "moved_notebook": {
        "en": "definition of the table (notebook)",
        "zh-Hant": "表的定義（筆記本）",
        "ja": "表の定義（ノートブック）",
    },
    "moved_code": {"en": "version of the code", "zh-Hant": "程式版本", "ja": "プログラムの版"},
    "moved_other": {
        "en": "what is hidden, to protect those who answered",
        "zh-Hant": "為保護受訪者而隱藏的範圍",
        "ja": "回答者を守るために隠す範囲",
    },
}
