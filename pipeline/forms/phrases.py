"""The fixed words of every form in each language; its own words stand in its questionnaire."""

from collections.abc import Mapping
from types import MappingProxyType

FALLBACK = "en"
_SAME_SCRIPT = {"zh": "zh-Hant", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-MO": "zh-Hant"}

_COLUMNS = ("en", "zh-Hant", "ja")
_TABLE: dict[str, tuple[str, str, str]] = {
    "tick": ("✓", "✓", "○"),
    "star": ("*", "*", "*"),
    "labelled": ("{name}: {said}", "{name}：{said}", "{name}：{said}"),
    "cover": ("Start here", "封面", "表紙"),
    "questions": ("Questions", "問卷", "質問"),
    "form": ("Form", "表單", "調査票"),
    "version": ("Version", "版本", "版"),
    "language": ("Language", "語言", "言語"),
    "serial": ("Serial number", "編號", "整理番号"),
    "page": ("Page {page} of {pages}", "第 {page} 頁，共 {pages} 頁", "{page} / {pages} ページ"),
    "how_to": ("How to fill in this form", "填寫方式", "記入のしかた"),
    "how_answer": (
        "Write only in the yellow cells. Everything else is locked, so nothing can be damaged.",
        "請只在黃色儲存格中填寫。其餘部分已鎖定，不會弄壞。",
        "黄色のセルだけに記入してください。ほかのセルは保護されているので、壊れることはありません。",
    ),
    "how_tab": (
        "Press the Tab key to go to the next answer.",
        "按 Tab 鍵可移到下一個答案。",
        "Tab キーを押すと、次の回答欄に移ります。",
    ),
    "how_list": (
        "Where there is a list, choose from it: click the cell, then the arrow beside it.",
        "有選單的題目請從選單中選擇：先點儲存格，再點旁邊的箭頭。",
        "一覧がある質問では、セルを選び、横の矢印を押して一覧から選んでください。",
    ),
    "how_tick": (
        "Where several answers are possible, choose {mark} beside each one that applies.",
        "可複選的題目，請在每個符合的選項旁選 {mark}。",
        "複数選べる質問では、当てはまるものすべての横に {mark} を選んでください。",
    ),
    "how_date": (
        "Write dates as year-month-day, for example 2011-08-15.",
        "日期請寫西元年-月-日，例如 2011-08-15。",
        "日付は西暦の年-月-日で書いてください（例：2011-08-15）。",
    ),
    "how_required": (
        "Questions marked {mark} must be answered.",
        "標有 {mark} 的題目必須作答。",
        "{mark} の付いた質問には必ず答えてください。",
    ),
    "how_return": (
        "Save the file under the name below and send it back to whoever gave it to you.",
        "請以下列檔名存檔，並交回給您此檔案的人。",
        "下の名前でファイルを保存し、この調査票を渡した人に送り返してください。",
    ),
    "file_name": ("Name for the finished file", "完成後的檔名", "記入後のファイル名"),
    "your_code": ("YOURCODE", "您的代號", "コード"),
    "purpose": (
        "What this is about, and taking part",
        "調查說明與參與",
        "この調査について",
    ),
    "contents": ("What is asked", "內容", "内容"),
    "contents_questions": ("Questions", "題數", "質問数"),
    "go": ("Go", "前往", "移動"),
    "to_cover": ("Back to the first sheet", "回封面", "表紙に戻る"),
    "to_questions": ("Back to the questions", "回問卷", "質問に戻る"),
    "heading_number": ("No.", "題號", "番号"),
    "heading_question": ("Question", "題目", "質問"),
    "heading_answer": ("Answer", "答案", "回答"),
    "heading_unit": ("Unit", "單位", "単位"),
    "heading_remark": ("Remarks", "提示", "確認"),
    "required": ("required", "必填", "必須"),
    "tick_all": (
        "Choose {mark} beside each answer that applies.",
        "可複選，請在符合的選項旁選 {mark}。",
        "当てはまるものすべてに {mark} を選んでください。",
    ),
    "rank_all": (
        "Number the answers: 1 for the first, 2 for the next, and so on.",
        "請排序：第一位寫 1，其次寫 2，依此類推。",
        "順位を数字で書いてください（1 が第1位、2 が第2位）。",
    ),
    "acknowledge": (
        "Choose {mark} to confirm.",
        "請選 {mark} 表示確認。",
        "確認したら {mark} を選んでください。",
    ),
    "as_date": (
        "Year-month-day, for example 2011-08-15",
        "西元年-月-日，例如 2011-08-15",
        "西暦の年-月-日（例：2011-08-15）",
    ),
    "as_time": (
        "Hours:minutes, 24-hour clock, for example 14:30",
        "時:分（24 小時制），例如 14:30",
        "時:分（24時間表記、例：14:30）",
    ),
    "as_datetime": (
        "Date and time, for example 2011-08-15 14:30",
        "日期與時間，例如 2011-08-15 14:30",
        "日付と時刻（例：2011-08-15 14:30）",
    ),
    "as_place": (
        "Latitude and longitude in degrees, for example 23.9872 121.6015",
        "緯度與經度（度），例如 23.9872 121.6015",
        "緯度と経度（度、例：23.9872 121.6015）",
    ),
    "as_code": (
        "Write the code from the list that came with this form.",
        "請填寫隨表清單上的代碼。",
        "調査票に付いている一覧のコードを書いてください。",
    ),
    "as_codes": (
        "Write the codes from the list that came with this form, with a space between them.",
        "請填寫隨表清單上的代碼，代碼之間空一格。",
        "調査票に付いている一覧のコードを、間を1字空けて書いてください。",
    ),
    "not_here": (
        "Asked on the telephone or tablet only (ODK); leave it out here.",
        "僅在手機或平板（ODK）上填答，此處免填。",
        "携帯端末（ODK）だけで尋ねる質問です。ここでは記入しません。",
    ),
    "fill_table": (
        "Fill in the table on the sheet “{sheet}”, one row for each.",
        "請填寫工作表「{sheet}」中的表格，每項一列。",
        "シート「{sheet}」の表に、1件につき1行で記入してください。",
    ),
    "answer_to": (
        "[answer to question {number}]",
        "〔第 {number} 題的答案〕",
        "〔質問{number}の回答〕",
    ),
    "table_row": ("Row", "列", "行"),
    "table_parent": (
        "Belongs to row number … of “{sheet}”",
        "屬於「{sheet}」的第幾列",
        "「{sheet}」の何行目のことか",
    ),
    "respondents": ("Responses", "各份答案", "回答"),
    "how_serial": (
        "One row for each paper form. Write its serial number first, on the further sheets too.",
        "每份紙本問卷填一列。請先填該份的編號，其他工作表也一樣。",
        "紙の調査票1部につき1行です。先に整理番号を書いてください。ほかのシートでも同じです。",
    ),
    "serial_once": (
        "Please give each row a serial number of its own.",
        "每列請填不同的編號。",
        "行ごとに、別の整理番号を書いてください。",
    ),
    "serial_unknown": (
        "Please write a serial number that stands on the first table.",
        "請填第一張表中已有的編號。",
        "最初の表にある整理番号を書いてください。",
    ),
    "wrong": ("Please check", "請檢查", "確認してください"),
    "choose_from_list": (
        "Please choose an answer from the list.",
        "請從選單中選擇答案。",
        "一覧から選んでください。",
    ),
    "only_mark": (
        "Choose {mark}, or leave the cell empty.",
        "請選 {mark}，或留空。",
        "{mark} を選ぶか、空欄のままにしてください。",
    ),
    "only_whole": (
        "Please write a whole number.",
        "請填整數。",
        "整数を記入してください。",
    ),
    "only_number": ("Please write a number.", "請填數字。", "数字を記入してください。"),
    "only_between": (
        "Please write a number from {low} to {high}.",
        "請填 {low} 到 {high} 的數字。",
        "{low} から {high} までの数字を記入してください。",
    ),
    "only_date": (
        "Please write the date as year-month-day, for example 2011-08-15.",
        "日期請寫成西元年-月-日，例如 2011-08-15。",
        "日付は年-月-日で書いてください（例：2011-08-15）。",
    ),
    "only_time": (
        "Please write the time as hours:minutes, for example 14:30.",
        "時間請寫成時:分，例如 14:30。",
        "時刻は時:分で書いてください（例：14:30）。",
    ),
    "only_datetime": (
        "Please write date and time, for example 2011-08-15 14:30.",
        "請填日期與時間，例如 2011-08-15 14:30。",
        "日付と時刻を書いてください（例：2011-08-15 14:30）。",
    ),
    "status": (
        "ANSWERED {answered} OF {asked}  -  {missing} MISSING  -  {problems} PROBLEMS  -  {ready}",
        "已答 {answered} / {asked} 題  －  必填未答 {missing} 題  －  需檢查 {problems} 處  －  {ready}",
        "回答 {answered} / {asked} 問  －  未記入 {missing} 問  －  要確認 {problems} か所  －  {ready}",
    ),
    "ready": ("READY", "可以交回", "提出できます"),
    "not_ready": ("NOT READY", "尚未完成", "未完成です"),
    "to_do": ("Still missing or to be checked", "尚未填寫或需要檢查", "未記入・要確認の質問"),
    "to_do_none": (
        "Nothing is missing and nothing is wrong.",
        "沒有缺漏，也沒有需要檢查之處。",
        "未記入も誤りもありません。",
    ),
    "to_do_more": (
        "There is more: the list goes on as these are mended.",
        "還有其他項目：更正以上各項後會繼續顯示。",
        "ほかにもあります。上の項目を直すと続きが表示されます。",
    ),
    "not_asked": (
        "Does not apply, because of an earlier answer.",
        "依前面的答案，本題免填。",
        "前の回答により、この質問は不要です。",
    ),
    "not_asked_because": (
        "Does not apply: only if {condition}.",
        "本題免填（條件：{condition}）。",
        "この質問は不要です（条件：{condition}）。",
    ),
    "question_number": ("question {number}", "第 {number} 題", "質問{number}"),
    "answered_not_asked": (
        "Does not apply: please delete this answer, or check the earlier ones.",
        "本題免填：請刪除此答案，或檢查前面的答案。",
        "この質問は不要です。回答を消すか、前の回答を確認してください。",
    ),
    "please_answer": ("Please answer.", "請作答。", "回答してください。"),
    "checked_later": (
        "This answer is checked after the form is sent back.",
        "此答案將於交回後檢查。",
        "この回答は提出後に確認します。",
    ),
    "constraint_broken": (
        "Please check this answer.",
        "請檢查此答案。",
        "この回答を確認してください。",
    ),
    "rank_broken": (
        "Please give each number once, from 1 on.",
        "請從 1 開始，每個數字只用一次。",
        "1 から順に、同じ数字は一度だけ使ってください。",
    ),
    "parent_row": (
        "Please write to which row of “{sheet}” this belongs.",
        "請填寫屬於「{sheet}」的第幾列。",
        "「{sheet}」の何行目のことかを記入してください。",
    ),
}

PHRASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {key: dict(zip(_COLUMNS, row, strict=True)) for key, row in _TABLE.items()}
)


def spoken(language: str) -> str:
    """The language whose fixed words a form in `language` shows; English where there are none."""
    known = _SAME_SCRIPT.get(language, language)
    return known if known in _COLUMNS else FALLBACK


def phrase(key: str, language: str, **parts: object) -> str:
    """Give a fixed text in a language, with its `{parts}` put in.

    Raises:
        KeyError: there is no such phrase, or a part is missing.
    """
    return PHRASES[key][spoken(language)].format(**parts)
