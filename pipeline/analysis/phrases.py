"""Every fixed phrase of the report, in each of its languages.

Titles, labels and wordings come from the questionnaires; what the report says itself stands here
and, for the contents of one notebook, in a module `phrases_NAME.py` beside this one. Each of them
holds `PHRASES`: key -> language -> words, in English, Traditional Chinese and Japanese. A report in
any other language takes the English words.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh-Hant", "ja")
"""Languages in which every phrase stands."""

Words = Mapping[str, str]

PHRASES: Mapping[str, Words] = {
    # Punctuation
    "labelled": {"en": "{name}: {said}", "zh-Hant": "{name}：{said}", "ja": "{name}：{said}"},
    "aside": {"en": "{said} ({more})", "zh-Hant": "{said}（{more}）", "ja": "{said}（{more}）"},
    "list_semicolon": {"en": "; ", "zh-Hant": "；", "ja": "；"},
    # What stands around every table
    "table": {"en": "Table", "zh-Hant": "表", "ja": "表"},
    "figure": {"en": "Figure", "zh-Hant": "圖", "ja": "図"},
    "numbered": {"en": "{kind} {n}", "zh-Hant": "{kind} {n}", "ja": "{kind}{n}"},
    "wording": {"en": "Question asked", "zh-Hant": "題目", "ja": "質問文"},
    "base": {"en": "Base", "zh-Hant": "計算基數", "ja": "集計母数"},
    "base_answers": {
        "en": "{n} who gave an answer",
        "zh-Hant": "有效回答 {n} 份",
        "ja": "有効回答 {n} 件",
    },
    "base_organisations": {"en": "{n} organisations", "zh-Hant": "{n} 個組織", "ja": "{n} 団体"},
    "base_responses": {"en": "{n} responses", "zh-Hant": "{n} 份回覆", "ja": "回答 {n} 件"},
    "base_units": {"en": "{n} units drawn", "zh-Hant": "抽出 {n} 個單位", "ja": "抽出した {n} 件"},
    "base_tasks": {"en": "{n} tasks", "zh-Hant": "{n} 項工作", "ja": "作業 {n} 件"},
    "base_activities": {"en": "{n} activities", "zh-Hant": "{n} 場活動", "ja": "活動 {n} 回"},
    "base_rows": {
        "en": "{n} entries with an answer",
        "zh-Hant": "有回答的項目 {n} 筆",
        "ja": "回答のある項目 {n} 件",
    },
    "base_none": {
        "en": "nobody has answered yet",
        "zh-Hant": "目前尚無回答",
        "ja": "まだ回答はありません",
    },
    "base_in_rows": {
        "en": "each row has its own, shown in the table",
        "zh-Hant": "各列不同，見表中份數",
        "ja": "行ごとに異なり、表中に示します",
    },
    "base_in_cells": {
        "en": "each cell has its own, at least {n} where a number is shown",
        "zh-Hant": "各格不同；顯示數字者至少 {n} 份",
        "ja": "欄ごとに異なり、数値のある欄では{n}件以上",
    },
    "base_full_count": {
        "en": "everything that came back: a full count",
        "zh-Hant": "全部回收件，全數計算",
        "ja": "回収したもの全数",
    },
    "does_not_apply": {"en": "does not apply", "zh-Hant": "不適用", "ja": "該当しません"},
    "unit_responses": {"en": "responses", "zh-Hant": "份", "ja": "件"},
    "unit": {"en": "Unit", "zh-Hant": "單位", "ja": "単位"},
    "weighting": {"en": "Weighting", "zh-Hant": "加權", "ja": "ウェイト"},
    "unweighted": {"en": "unweighted", "zh-Hant": "未加權", "ja": "ウェイトなし"},
    "weighted": {
        "en": "shares and means weighted by the design; counts unweighted",
        "zh-Hant": "比例與平均數依抽樣設計加權；份數未加權",
        "ja": "割合と平均は標本設計によりウェイト付け、件数はウェイトなし",
    },
    "method": {"en": "Method", "zh-Hant": "方法", "ja": "方法"},
    "missing": {"en": "Without an answer", "zh-Hant": "沒有回答", "ja": "回答のないもの"},
    "notes": {"en": "Notes", "zh-Hant": "註", "ja": "注"},
    "none": {"en": "none", "zh-Hant": "無", "ja": "なし"},
    "download": {"en": "Download", "zh-Hant": "下載", "ja": "ダウンロード"},
    "synthetic": {
        "en": "SYNTHETIC: these answers were drawn by a computer. "
        "Nobody was asked; the numbers say nothing about anyone.",
        "zh-Hant": "SYNTHETIC（模擬資料）：以下回答由電腦產生，並未訪問任何人，"
        "數字不代表任何真實情形。",
        "ja": "SYNTHETIC（架空のデータ）：回答はコンピューターが作ったものです。"
        "誰にも尋ねておらず、数字は実在の誰のことも表しません。",
    },
    "synthetic_short": {
        "en": "SYNTHETIC",
        "zh-Hant": "SYNTHETIC 模擬資料",
        "ja": "SYNTHETIC 架空のデータ",
    },
    # Kinds of missing answers
    "not_asked": {
        "en": "Not asked (does not apply)",
        "zh-Hant": "未詢問（不適用）",
        "ja": "質問の対象外",
    },
    "not_answered": {"en": "Not answered", "zh-Hant": "未作答", "ja": "無回答"},
    "dont_know": {"en": "Don't know", "zh-Hant": "不知道", "ja": "わからない"},
    "refused": {"en": "Refused", "zh-Hant": "拒答", "ja": "回答拒否"},
    "not_applicable": {"en": "Not applicable", "zh-Hant": "不適用", "ja": "該当しない"},
    "set_missing": {
        "en": "Removed by a rule or correction",
        "zh-Hant": "依規則或更正刪除",
        "ja": "規則または訂正により削除",
    },
    # Columns
    "answer": {"en": "Answer", "zh-Hant": "回答", "ja": "回答"},
    "count": {"en": "Number", "zh-Hant": "份數", "ja": "件数"},
    "n": {"en": "n", "zh-Hant": "份數", "ja": "件数"},
    "share": {"en": "Share", "zh-Hant": "百分比", "ja": "割合"},
    "low": {"en": "Lower limit", "zh-Hant": "下限", "ja": "下限"},
    "high": {"en": "Upper limit", "zh-Hant": "上限", "ja": "上限"},
    "answered": {"en": "Answered", "zh-Hant": "有回答", "ja": "回答あり"},
    "total": {"en": "All", "zh-Hant": "全體", "ja": "全体"},
    "mean": {"en": "Mean", "zh-Hant": "平均數", "ja": "平均"},
    "median": {"en": "Median", "zh-Hant": "中位數", "ja": "中央値"},
    "lower_quartile": {"en": "Lower quartile", "zh-Hant": "第一四分位數", "ja": "第1四分位数"},
    "upper_quartile": {"en": "Upper quartile", "zh-Hant": "第三四分位數", "ja": "第3四分位数"},
    "minimum": {"en": "Smallest", "zh-Hant": "最小值", "ja": "最小"},
    "maximum": {"en": "Largest", "zh-Hant": "最大值", "ja": "最大"},
    "month": {"en": "Month", "zh-Hant": "月份", "ja": "月"},
    "question": {"en": "Question", "zh-Hant": "題目", "ja": "質問"},
    "group": {"en": "Group", "zh-Hant": "類別", "ja": "区分"},
    "other_value": {
        "en": "Not on the list",
        "zh-Hant": "不在選項內",
        "ja": "選択肢にない回答",
    },
    # Methods
    "method_one": {
        "en": "Shares are of those who gave an answer.",
        "zh-Hant": "百分比以有效回答為分母。",
        "ja": "割合の分母は有効回答です。",
    },
    "method_multiple": {
        "en": "Several answers were possible: shares are of those who gave an answer "
        "and may add up to more than 100%.",
        "zh-Hant": "本題可複選：百分比以有效回答份數為分母，合計可超過 100%。",
        "ja": "複数回答可：割合の分母は有効回答者数で、合計は100%を超えることがあります。",
    },
    "method_number": {
        "en": "Quartiles and median by linear interpolation between neighbouring answers.",
        "zh-Hant": "四分位數與中位數以相鄰回答線性內插。",
        "ja": "四分位数と中央値は隣り合う回答の線形補間によります。",
    },
    "method_number_weighted": {
        "en": "Mean and quartiles are weighted by the design.",
        "zh-Hant": "平均數與四分位數依抽樣設計加權。",
        "ja": "平均と四分位数は標本設計によりウェイト付けしています。",
    },
    "method_date": {
        "en": "Dates are counted by calendar month.",
        "zh-Hant": "日期按月份計數。",
        "ja": "日付は月ごとに数えています。",
    },
    "method_text": {
        "en": "Open answers are only counted here.",
        "zh-Hant": "開放式回答在此僅計數。",
        "ja": "自由回答はここでは件数のみを示します。",
    },
    "method_likert": {
        "en": "Shares are of those who rated; the mean is of the scale's points.",
        "zh-Hant": "百分比以有評分者為分母；平均數為量尺分數的平均。",
        "ja": "割合の分母は評価した人数、平均は尺度の点数の平均です。",
    },
    "purposive": {
        "en": "Those asked were chosen on purpose. The figures describe them; "
        "they carry no sampling error and are not estimates for everyone.",
        "zh-Hant": "受訪者為立意選取；數字僅描述受訪者，沒有抽樣誤差可言，也不能推論至全體。",
        "ja": "回答者は目的に応じて選ばれています。数字は回答者について述べるもので、"
        "標本誤差はなく、全体の推計ではありません。",
    },
    "no_design": {
        "en": "The figures describe those who answered; no sampling error is stated.",
        "zh-Hant": "數字僅描述有回答者，未計算抽樣誤差。",
        "ja": "数字は回答者について述べるもので、標本誤差は示していません。",
    },
    "interval": {
        "en": "Limits of the {level}% confidence interval by the sampling design.",
        "zh-Hant": "依抽樣設計計算之 {level}% 信賴區間上下限。",
        "ja": "標本設計にもとづく{level}%信頼区間の上限と下限。",
    },
    # Disclosure
    "below": {"en": "<{n}", "zh-Hant": "<{n}", "ja": "<{n}"},
    "withheld": {"en": "[c]", "zh-Hant": "[c]", "ja": "[c]"},
    "wording_first": {
        "en": "{wording} (and {n} more of this kind)",
        "zh-Hant": "{wording}（另有同類題目 {n} 題）",
        "ja": "{wording}（ほかに同種の質問 {n} 問）",
    },
    "all_withheld": {
        "en": "None of the numbers of this table may be shown ({n} rows)",
        "zh-Hant": "本表沒有可公開的數字（{n} 列）",
        "ja": "この表に示せる数値はありません（{n} 行）",
    },
    "withheld_key": {"en": "not shown", "zh-Hant": "不公開", "ja": "非公開"},
    "below_note": {
        "en": "<{n}: from 1 to {m} answers; not shown, so that nobody can be recognised.",
        "zh-Hant": "<{n}：1 至 {m} 份回答，為避免辨識出個人或組織，不顯示數字。",
        "ja": "<{n}：1～{m}件。個人や団体が特定されないよう、数字を示していません。",
    },
    "missing_others": {
        "en": "other reasons together",
        "zh-Hant": "其他原因合計",
        "ja": "その他の理由（合計）",
    },
    "missing_together": {
        "en": "all reasons together",
        "zh-Hant": "所有原因合計",
        "ja": "すべての理由（合計）",
    },
    "joined_note": {
        "en": "Reasons for a missing answer that fewer than {n} have are counted together, so that "
        "nobody can be recognised.",
        "zh-Hant": "少於 {n} 份的缺答原因合併計算，以免辨識出個人或組織。",
        "ja": "{n}件未満の無回答の理由は、個人や団体が特定されないよう、まとめて数えています。",
    },
    "withheld_note": {
        "en": "[c]: withheld, because a number that is not shown could be worked out from it.",
        "zh-Hant": "[c]：不公開，以免由此推算出未顯示的數字。",
        "ja": "[c]：非公開。示していない数字がここから計算できてしまうためです。",
    },
    "small_base": {
        "en": "† Rests on fewer than {n} answers: read with care.",
        "zh-Hant": "† 依據的回答少於 {n} 份，解讀時請留意。",
        "ja": "† {n}件未満の回答にもとづきます。注意してお読みください。",
    },
    "extremes_note": {
        "en": "Smallest and largest answers are not shown: they belong to fewer than {n}.",
        "zh-Hant": "最小值與最大值所屬回答少於 {n} 份，故不顯示。",
        "ja": "最小値と最大値は{n}件未満の回答に属するため示していません。",
    },
    # Around the page
    "folded_tables": {"en": "Tables: {n}", "zh-Hant": "{n} 個表", "ja": "表 {n} 件"},
    "opening_questions": {"en": "Opening questions", "zh-Hant": "開頭題目", "ja": "はじめの質問"},
    "further_questions": {"en": "Further questions", "zh-Hant": "其他題目", "ja": "その他の質問"},
    "to_contents": {"en": "To the contents", "zh-Hant": "回到目錄", "ja": "目次へ"},
    "contents": {"en": "Contents", "zh-Hant": "目錄", "ja": "目次"},
    "language": {"en": "Language", "zh-Hant": "語言", "ja": "言語"},
    "report": {"en": "Report", "zh-Hant": "報告", "ja": "報告書"},
    "all_pages": {"en": "All pages", "zh-Hant": "所有頁面", "ja": "すべてのページ"},
    "code": {
        "en": "How this was made",
        "zh-Hant": "產生此內容的程式",
        "ja": "この部分を作ったコード",
    },
    "notebook": {
        "en": "Executed notebook",
        "zh-Hant": "已執行的筆記本",
        "ja": "実行済みノートブック",
    },
    "skip": {
        "en": "Skip to the contents of the page",
        "zh-Hant": "跳至主要內容",
        "ja": "本文へ移動",
    },
    "sort": {"en": "Sort by this column", "zh-Hant": "依此欄排序", "ja": "この列で並べ替え"},
    "provenance": {
        "en": "Where the numbers come from",
        "zh-Hant": "數字的來源",
        "ja": "数字の出所",
    },
    "form": {"en": "Questionnaire", "zh-Hant": "問卷", "ja": "調査票"},
    "of_version": {"en": "version {version}", "zh-Hant": "{version} 版", "ja": "{version} 版"},
    "no_version": {"en": "no version", "zh-Hant": "無版本", "ja": "版なし"},
    "responses": {"en": "Responses", "zh-Hant": "回收份數", "ja": "回答数"},
    "newest": {"en": "Newest return", "zh-Hant": "最近收件", "ja": "最新の受領"},
    "fingerprint": {
        "en": "SHA-256 of the data",
        "zh-Hant": "資料的 SHA-256",
        "ja": "データの SHA-256",
    },
    "newest_return": {
        "en": "newest return {at}",
        "zh-Hant": "最近收件 {at}",
        "ja": "最新の受領 {at}",
    },
    "of_responses": {"en": "{n} responses", "zh-Hant": "{n} 份", "ja": "回答 {n} 件"},
    "inputs": {"en": "Data", "zh-Hant": "資料", "ja": "データ"},
    "code_version": {"en": "Code", "zh-Hant": "程式", "ja": "プログラム"},
    "questions": {"en": "Questions as asked", "zh-Hant": "題目原文", "ja": "質問の原文"},
    "trace": {"en": "To the responses", "zh-Hant": "追溯至各份回答", "ja": "個々の回答へ"},
    "trace_note": {
        "en": "RESPONSE: a response_id of processed/{form}/responses.parquet. They are not listed here: "
        "lists of who answered what could be joined.",
        "zh-Hant": "RESPONSE 為 processed/{form}/responses.parquet 中的 response_id。此處不列出，"
        "以免由各表的填答名單相互比對。",
        "ja": "RESPONSE は processed/{form}/responses.parquet の response_id です。"
        "誰が何に答えたかを突き合わせられないよう、ここには載せません。",
    },
    "made_by": {"en": "Version of the pipeline", "zh-Hant": "程式版本", "ja": "パイプラインの版"},
    "sponsor": {"en": "Commissioned by", "zh-Hant": "委託單位", "ja": "調査主体"},
    "no_returns": {
        "en": "No questionnaire of this kind has come back yet.",
        "zh-Hant": "此問卷尚無回收資料。",
        "ja": "この調査票はまだ1件も戻っていません。",
    },
    "identifiers_note": {
        "en": "Questions that would identify someone are left out.",
        "zh-Hant": "可能辨識出個人或組織的題目未列入。",
        "ja": "個人や団体が特定されうる質問は省いています。",
    },
    "entries_of": {
        "en": "Entries of: {title}",
        "zh-Hant": "重複填答：{title}",
        "ja": "繰り返し項目：{title}",
    },
    "entries_note": {
        "en": "Each entry counts, and a response may hold several.",
        "zh-Hant": "以填寫的項目計，每份問卷可有數項。",
        "ja": "項目ごとに数えます。1件の回答に複数の項目があることがあります。",
    },
}


def phrase(key: str, language: str, **values: object) -> str:
    """The phrase of this key in a language, its `{name}` places filled in.

    Args:
        key: as in `PHRASES` of this module or of a `phrases_NAME.py`.
        language: a language code; one without phrases gets the English ones.
        **values: what stands in the phrase's places.

    Raises:
        KeyError: there is no such phrase.
    """
    said = every_phrase()[key]
    return (said.get(language) or said["en"]).format(**values)


@cache
def every_phrase() -> Mapping[str, Words]:
    """The phrases of this module and of every `phrases_NAME.py` beside it.

    Raises:
        KeyError: two modules give the same key.
    """
    merged = dict(PHRASES)
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("phrases_"):
            own = importlib.import_module(f"pipeline.analysis.{module.name}").PHRASES
            if twice := sorted(merged.keys() & own.keys()):
                raise KeyError(f"{module.name} gives phrases that are there already: {twice}")
            merged |= own
    return merged
