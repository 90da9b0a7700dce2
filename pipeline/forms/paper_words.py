"""The fixed words of a paper form, in each language: en, zh-Hant, ja."""

from types import MappingProxyType

from pipeline.forms.phrases import spoken

_LANGUAGES = ("en", "zh-Hant", "ja")
_TABLE: dict[str, tuple[str, str, str]] = {
    "comma": (", ", "，", "、"),
    "serial": ("Serial number", "編號", "整理番号"),
    "form": ("Form", "表單", "調査票"),
    "version": ("version", "版本", "版"),
    "how_to": ("How to fill in this form", "填寫方式", "記入のしかた"),
    "how_tick": (
        "Tick one box, or as many as apply where the question says so.",
        "請勾選一個方格；註明可複選的題目請勾選所有符合者。",
        "□には1つだけ印を付けてください。「すべて」とある質問では、いくつでも選べます。",
    ),
    "how_skip": (
        "Where an arrow → stands beside an answer, go to the question that it names.",
        "答案旁有箭頭 → 時，請跳到所指的題目。",
        "答えの横に → がある場合は、示された質問に進んでください。",
    ),
    "how_only": (
        "Leave a question out where the condition above it does not hold.",
        "題目上方所列條件不符時，該題免填。",
        "質問の上に書かれた条件に当てはまらない場合は、答えずに進んでください。",
    ),
    "how_required": (
        "Questions marked * must be answered.",
        "標有 * 的題目必須作答。",
        "* の付いた質問には必ず答えてください。",
    ),
    "only_if": (
        "Ask only if {condition}.",
        "符合下列條件才需填答：{condition}。",
        "次の場合だけお答えください：{condition}。",
    ),
    "section_only_if": (
        "Ask this part only if {condition}.",
        "本部分符合下列條件才需填答：{condition}。",
        "この部分は次の場合だけお答えください：{condition}。",
    ),
    "question": ("question {number}", "第 {number} 題", "質問{number}"),
    "go_to": ("→ go to question {number}", "→ 跳到第 {number} 題", "→ 質問{number}へ"),
    "go_to_end": ("→ go to the end", "→ 結束填寫", "→ 質問は終わりです"),
    "interviewer": ("Interviewer: {text}", "訪員請注意：{text}", "調査員へ：{text}"),
    "tick_one": ("Tick one.", "單選。", "1つだけ選択"),
    "tick_all": ("Tick all that apply.", "可複選。", "当てはまるものすべてを選択"),
    "rank_all": (
        "Write 1 for the first, 2 for the next, and so on.",
        "請排序：第一位寫 1，其次寫 2，依此類推。",
        "順位を数字で記入（1 が第1位、2 が第2位）",
    ),
    "circle_one": ("Circle one number.", "請圈選一個數字。", "数字を1つ○で囲む"),
    "alone": ("(only this one)", "（不與其他選項並選）", "（単独で選択）"),
    "fitting": (
        "Choose what fits the answer to {questions}.",
        "請選擇與{questions}的答案相符者。",
        "{questions}の回答に合うものを選択",
    ),
    "whole": ("whole number", "整數", "整数"),
    "date": ("{0} year   {1} month   {1} day", "西元 {0} 年 {1} 月 {1} 日", "{0} 年 {1} 月 {1} 日"),
    "time": (
        "{1} hours   {1} minutes (24-hour clock)",
        "{1} 時 {1} 分（24 小時制）",
        "{1} 時 {1} 分（24時間表記）",
    ),
    "place": (
        "latitude {0}{0}   longitude {0}{0}",
        "緯度 {0}{0}   經度 {0}{0}",
        "緯度 {0}{0}   経度 {0}{0}",
    ),
    "confirmed": ("Confirmed", "確認", "確認しました"),
    "entry": ("No. {number}", "第 {number} 項", "{number} 件目"),
    "entries": (
        "One column for each. If there are more than {number}, continue on a copy of this page.",
        "每項填一欄。超過 {number} 項時，請影印本頁續填。",
        "1件につき1列に記入。{number}件を超える場合は、このページの写しに続けてください。",
    ),
    "times": ("As often as: {count}.", "次數：{count}。", "回数：{count}。"),
    "belongs": (
        "Which number of “{table}” does it belong to?",
        "屬於「{table}」的第幾項？",
        "「{table}」の何件目のことですか。",
    ),
    "end": ("End. Thank you.", "填寫完畢，謝謝您。", "質問は以上です。ありがとうございました。"),
}

PAPER_WORDS = MappingProxyType(
    {key: dict(zip(_LANGUAGES, row, strict=True)) for key, row in _TABLE.items()}
)


def said(key: str, language: str, **parts: object) -> str:
    """A fixed text of the paper form in a language, with its `{parts}` put in."""
    return PAPER_WORDS[key][spoken(language)].format(**parts)


def blanks(key: str, language: str) -> str:
    """A pattern to write into: long and short lines with the words between them."""
    return PAPER_WORDS[key][spoken(language)].format("_" * 8, "_" * 4)
