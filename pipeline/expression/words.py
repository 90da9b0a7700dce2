"""The words of `to_words` in each language: one row a thing to say, one column a language."""

from types import MappingProxyType

LANGUAGES = ("en", "zh-Hant", "ja")

_ROWS = {
    # what an expression speaks about
    "question": ("“{0}”", "「{0}」", "「{0}」"),
    "choice": ("“{0}”", "「{0}」", "「{0}」"),
    "here": ("the answer", "本題答案", "この回答"),
    "today": ("today", "今天", "今日"),
    "now": ("now", "現在", "現在"),
    # clauses: what is so, and what is not
    "=": ("{0} is {1}", "{0}是{1}", "{0}が{1}"),
    "not =": ("{0} is not {1}", "{0}不是{1}", "{0}が{1}ではない"),
    "<": ("{0} is less than {1}", "{0}小於{1}", "{0}が{1}未満"),
    "<=": ("{0} is at most {1}", "{0}不超過{1}", "{0}が{1}以下"),
    ">": ("{0} is more than {1}", "{0}大於{1}", "{0}が{1}より大きい"),
    ">=": ("{0} is at least {1}", "{0}至少為{1}", "{0}が{1}以上"),
    "not <": ("{0} is not less than {1}", "{0}不小於{1}", "{0}が{1}未満ではない"),
    "not <=": ("{0} is not at most {1}", "{0}並非不超過{1}", "{0}が{1}以下ではない"),
    "not >": ("{0} is not more than {1}", "{0}不大於{1}", "{0}が{1}より大きくない"),
    "not >=": ("{0} is not at least {1}", "{0}並非至少為{1}", "{0}が{1}以上ではない"),
    "day <": ("{0} is before {1}", "{0}早於{1}", "{0}が{1}より前"),
    "day <=": ("{0} is {1} or earlier", "{0}是{1}或更早", "{0}が{1}以前"),
    "day >": ("{0} is after {1}", "{0}晚於{1}", "{0}が{1}より後"),
    "day >=": ("{0} is {1} or later", "{0}是{1}或更晚", "{0}が{1}以後"),
    "not day <": ("{0} is not before {1}", "{0}不早於{1}", "{0}が{1}より前ではない"),
    "not day <=": ("{0} is not {1} or earlier", "{0}並非{1}或更早", "{0}が{1}以前ではない"),
    "not day >": ("{0} is not after {1}", "{0}不晚於{1}", "{0}が{1}より後ではない"),
    "not day >=": ("{0} is not {1} or later", "{0}並非{1}或更晚", "{0}が{1}以後ではない"),
    "between": ("{0} is from {1} to {2}", "{0}介於{1}到{2}", "{0}が{1}以上{2}以下"),
    "selected": ("{0} includes {1}", "{0}選了{1}", "{0}で{1}を選んだ"),
    "not selected": ("{0} does not include {1}", "{0}沒有選{1}", "{0}で{1}を選んでいない"),
    "one of": ("{0} is one of {1}", "{0}是{1}其中之一", "{0}が{1}のいずれか"),
    "any of": (
        "{0} includes at least one of {1}",
        "{0}選了{1}之中至少一項",
        "{0}で{1}の少なくとも一つを選んだ",
    ),
    "none of": (
        "{0} includes none of {1}",
        "{0}沒有選{1}之中任何一項",
        "{0}で{1}のいずれも選んでいない",
    ),
    "not one of": ("{0} is none of {1}", "{0}不是{1}之中任何一項", "{0}が{1}のいずれでもない"),
    "blank": ("{0} is not answered", "{0}沒有回答", "{0}に回答がない"),
    "not blank": ("{0} is answered", "{0}已回答", "{0}に回答がある"),
    "regex": ("{0} has the form {1}", "{0}的格式為{1}", "{0}が{1}の形"),
    "not regex": ("{0} does not have the form {1}", "{0}的格式不是{1}", "{0}が{1}の形ではない"),
    "contains": ("{0} contains {1}", "{0}含有{1}", "{0}が{1}を含む"),
    "not contains": ("{0} does not contain {1}", "{0}不含{1}", "{0}が{1}を含まない"),
    "starts-with": ("{0} begins with {1}", "{0}開頭是{1}", "{0}が{1}で始まる"),
    "not starts-with": ("{0} does not begin with {1}", "{0}開頭不是{1}", "{0}が{1}で始まらない"),
    "true": ("always", "總是", "常に"),
    "not true": ("never", "從不", "常にそうではない"),
    "holds": ("{0} is neither blank nor 0", "{0}不是空白也不是0", "{0}が空白でも0でもない"),
    "not holds": ("{0} is blank or 0", "{0}是空白或0", "{0}が空白か0"),
    "and": (" and ", "，而且", "、かつ"),
    "or": (" or ", "，或者", "、または"),
    "list": (", ", "、", "、"),
    "inside": ("({0})", "（{0}）", "（{0}）"),
    # values
    "+": ("{0} + {1}", "{0} + {1}", "{0} + {1}"),
    "-": ("{0} − {1}", "{0} − {1}", "{0} − {1}"),
    "*": ("{0} × {1}", "{0} × {1}", "{0} × {1}"),
    "div": ("{0} ÷ {1}", "{0} ÷ {1}", "{0} ÷ {1}"),
    "mod": ("the remainder of {0} ÷ {1}", "{0} ÷ {1}的餘數", "{0} ÷ {1}の余り"),
    "negative": ("−{0}", "−{0}", "−{0}"),
    "nothing": ("blank", "空白", "空白"),
    "if": ("{1} if {0}, otherwise {2}", "若{0}則為{1}，否則為{2}", "{0}なら{1}、そうでなければ{2}"),
    "coalesce": ("{0} ({1} if blank)", "{0}（空白時為{1}）", "{0}（空白なら{1}）"),
    "count-selected": (
        "the number of choices selected in {0}",
        "{0}所選的項數",
        "{0}で選んだ項目の数",
    ),
    "string-length": ("the number of characters of {0}", "{0}的字數", "{0}の文字数"),
    "sum": ("the sum of {0}", "{0}的總和", "{0}の合計"),
    "count": ("the number of {0}", "{0}的數目", "{0}の数"),
    "min": ("the smallest of {0}", "{0}中最小的", "{0}のうち最小"),
    "max": ("the largest of {0}", "{0}中最大的", "{0}のうち最大"),
    "int": ("{0} without its fraction", "{0}捨去小數", "{0}の整数部分"),
    "round": ("{0}, rounded", "{0}四捨五入", "{0}を四捨五入した値"),
    "position": ("the number of this entry", "本筆的序號", "この項目の番号"),
    "indexed-repeat": ("{0} of entry {2}", "第{2}筆的{0}", "{2}番目の{0}"),
    "call": ("{0}({1})", "{0}({1})", "{0}({1})"),
    "filtered": ("{0} for which {1}", "{1}的{0}", "{1}{0}"),
}

WORDS = MappingProxyType(
    {
        language: {key: row[place] for key, row in _ROWS.items()}
        for place, language in enumerate(LANGUAGES)
    }
)


def language_of(code: str) -> str:
    """The language whose words stand for a code: `zh` and `zh-TW` are zh-Hant, others English."""
    main = code.partition("-")[0]
    return {"zh": "zh-Hant", "ja": "ja"}.get(main, "en")
