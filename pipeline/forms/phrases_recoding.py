"""The fixed words of recoding workbooks in each language."""

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.forms.phrases import spoken

_TABLE: Mapping[str, tuple[str, str, str]] = {
    "question": ("Question", "題目", "設問"),
    "text": ("What was written", "填寫內容", "記入された内容"),
    "count": ("How often", "次數", "件数"),
    "shown_suggestion": ("Suggestion", "建議", "候補"),
    "likeness": ("Likeness", "相似度", "類似度"),
    "decision": ("Decision", "決定", "決定"),
    "value_other": ("Existing choice", "既有選項", "既存の選択肢"),
    "value_names": ("Name in the list", "清單中的名稱", "一覧の名称"),
    "new_name": ("New choice: name", "新選項代號", "新しい選択肢の記号"),
    "label": ("New choice: label", "新選項文字", "新しい選択肢の表示"),
    "code": ("Code {number}", "編碼 {number}", "コード {number}"),
    "codes_of": ("Codes by {coder}", "{coder} 的編碼", "{coder} のコード"),
    "comment": ("Comment", "備註", "備考"),
    "by": ("Decided by", "決定者", "決定者"),
    "accept": ("take the suggestion", "採用建議", "候補を採用"),
    "choice_other": ("another existing choice", "其他既有選項", "ほかの既存の選択肢"),
    "choice_names": ("another name of the list", "清單中的其他名稱", "一覧のほかの名称"),
    "new": ("a new choice", "新增選項", "新しい選択肢"),
    "keep_other": ("leave it as it is", "維持原樣", "そのままにする"),
    "keep_names": ("an organisation of its own", "另一個單位", "別の団体"),
    "title_other": ("Answers beside “other”", "「其他」的填答", "「その他」の記入"),
    "title_names": ("Names of organisations", "單位名稱", "団体名"),
    "title_codes": (
        "Codes of open answers: {coder}",
        "開放題編碼：{coder}",
        "自由回答のコード付け：{coder}",
    ),
    "title_settle": ("Codes on which coders disagree", "編碼不一致者", "コードが一致しない回答"),
    "how_other": (
        (
            "Say for each text whether it belongs to a choice that exists already, needs a new one, or stays as it is. "
            "Several choices may be written with a space between where several answers were possible. "
            "A new choice needs a name of letters, digits and _ and a label in each language."
        ),
        (
            "請逐一決定每段文字屬於既有選項、需要新選項，或維持原樣。可複選的題目可填多個選項代號，中間空一格。"
            "新選項須填代號（英文字母、數字與 _）及各語言的文字。"
        ),
        (
            "それぞれの記入が、既存の選択肢に当たるか、新しい選択肢が要るか、そのままにするかを決めてください。"
            "複数選べる質問では、選択肢の記号を空白で区切って複数書けます。新しい選択肢には、記号（英字・数字・_）と各言語の表示が要ります。"
        ),
    ),
    "how_names": (
        (
            "Say for each name which organisation of the list it means, or that it is one of its own. "
            "Nothing is matched unless you say so. Names of people do not belong here: tell us if you see one."
        ),
        (
            "請逐一決定每個名稱是清單中的哪個單位，或是另一個單位。未經您決定者一律不合併。"
            "此處不應出現個人姓名，如有請告知。"
        ),
        (
            "それぞれの名称が一覧のどの団体に当たるか、または別の団体かを決めてください。決めない限り、まとめられることはありません。"
            "個人名があればお知らせください。"
        ),
    ),
    "how_codes": (
        (
            "Give each answer the codes of the code frame that fit it, in any order. "
            "Do not talk to the other coder about single answers: how far you agree is part of the result."
        ),
        "請為每個答案選擇合適的編碼，順序不拘。請勿與另一位編碼員討論個別答案：兩人的一致程度是結果的一部分。",
        (
            "それぞれの回答に、コード表から当てはまるコードを付けてください。順番は問いません。"
            "個々の回答についてもう一人と相談しないでください。一致の程度も結果の一部です。"
        ),
    ),
    "how_settle": (
        "Two coders gave these answers different codes. Say which codes hold.",
        "兩位編碼員對下列答案的編碼不同，請決定最後的編碼。",
        "次の回答には二人が異なるコードを付けました。どのコードにするかを決めてください。",
    ),
    "how_blank": (
        "What you leave blank is asked again. What was decided stands on the second sheet and can be changed there.",
        "留空者會再次詢問。已決定者在第二張工作表，可在該處修改。",
        "空欄のままのものは、もう一度お尋ねします。決定済みのものは二枚目のシートにあり、そこで変更できます。",
    ),
    "how_return": (
        "Save the file and send it back. Its name does not matter, nor the order of its rows; the hidden row and columns do.",
        "請存檔並寄回。檔名與列的順序不拘，但請勿刪除隱藏的列與欄。",
        "保存して送り返してください。ファイル名や行の順番は変わってもかまいませんが、非表示の行と列は消さないでください。",
    ),
    "how_private": (
        "These are people's own words: keep the file to yourself, and delete your copy when you have sent it.",
        "內容為受訪者原話：請妥善保管，寄回後請刪除您的副本。",
        "回答者自身の言葉です。ほかの人に渡さず、送ったあとは手元のファイルを削除してください。",
    ),
}
PHRASES: Mapping[str, tuple[str, str, str]] = MappingProxyType(_TABLE)
_ORDER = ("en", "zh-Hant", "ja")


def recoding_phrase(key: str, language: str, **values: str) -> str:
    """A fixed phrase of a recoding workbook in a language."""
    return PHRASES[key][_ORDER.index(spoken(language))].format(**values)


def in_all(key: str, languages: tuple[str, ...], *, between: str = "\n", **values: str) -> str:
    """The phrase in each of the languages, each wording once."""
    said = dict.fromkeys(recoding_phrase(key, language, **values) for language in languages)
    return between.join(said)
