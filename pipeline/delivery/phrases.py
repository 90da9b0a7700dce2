"""The few words that delivered files add to the questionnaire's own."""

from collections.abc import Mapping

from pipeline.delivery.variables import NOT_A_CHOICE
from pipeline.questionnaire.model import MissingKind

_KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        MissingKind.NOT_ASKED: "Not asked",
        MissingKind.NOT_ANSWERED: "Not answered",
        MissingKind.DONT_KNOW: "Don't know",
        MissingKind.REFUSED: "Refused",
        MissingKind.NOT_APPLICABLE: "Not applicable",
        MissingKind.SET_MISSING: "Answer withdrawn in cleaning",
        NOT_A_CHOICE: "Answer not on the list",
    },
    "zh-Hant": {
        MissingKind.NOT_ASKED: "未詢問",
        MissingKind.NOT_ANSWERED: "未作答",
        MissingKind.DONT_KNOW: "不知道",
        MissingKind.REFUSED: "拒答",
        MissingKind.NOT_APPLICABLE: "不適用",
        MissingKind.SET_MISSING: "整理資料時刪除",
        NOT_A_CHOICE: "答案不在選項中",
    },
    "ja": {
        MissingKind.NOT_ASKED: "質問していない",
        MissingKind.NOT_ANSWERED: "無回答",
        MissingKind.DONT_KNOW: "わからない",
        MissingKind.REFUSED: "回答拒否",
        MissingKind.NOT_APPLICABLE: "該当しない",
        MissingKind.SET_MISSING: "整理の際に削除",
        NOT_A_CHOICE: "選択肢にない回答",
    },
}
_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no": "Not chosen",
        "yes": "Chosen",
        "why": "why missing",
        "rank": "rank",
        "wave": "Wave",
        "weight_base": "Base weight",
        "weight": "Weight",
        "codebook": "Codebook",
        "language": "Language",
        "rows": "Rows",
        "variables": "Variables",
        "question": "Question",
        "code": "Code",
        "label": "Label",
        "count": "Frequency",
        "share": "Share of answers",
        "answers": "Answers",
        "missing": "Missing",
        "empty": "Empty",
        "sets": "Multiple-response sets",
        "basis": "Counts are rows of the delivered file, without weights.",
        "withheld": "[c]",
        "withheld_note": "[c]: not shown, for few rows hold it, or it would tell how many hold another.",
    },
    "zh-Hant": {
        "no": "未選",
        "yes": "已選",
        "why": "缺漏原因",
        "rank": "順位",
        "wave": "調查波次",
        "weight_base": "基礎權數",
        "weight": "權數",
        "codebook": "編碼簿",
        "language": "語言",
        "rows": "筆數",
        "variables": "變項",
        "question": "問題",
        "code": "代碼",
        "label": "標籤",
        "count": "次數",
        "share": "占有效答案比例",
        "answers": "有效答案",
        "missing": "缺漏",
        "empty": "空白",
        "sets": "複選題組",
        "basis": "次數為所附檔案之筆數，未加權。",
        "withheld": "[c]",
        "withheld_note": "[c]：筆數過少，或可由此推算其他次數，故不顯示。",
    },
    "ja": {
        "no": "選択なし",
        "yes": "選択あり",
        "why": "欠損の理由",
        "rank": "順位",
        "wave": "調査の回",
        "weight_base": "基本ウェイト",
        "weight": "ウェイト",
        "codebook": "コードブック",
        "language": "言語",
        "rows": "行数",
        "variables": "変数",
        "question": "質問",
        "code": "コード",
        "label": "ラベル",
        "count": "度数",
        "share": "有効回答に占める割合",
        "answers": "有効回答",
        "missing": "欠損",
        "empty": "空欄",
        "sets": "複数回答のまとまり",
        "basis": "度数は納めたファイルの行数で、ウェイトを掛けていません。",
        "withheld": "[c]",
        "withheld_note": "[c]：件数が少ないか、ほかの度数が計算できてしまうため、示していません。",
    },
}


def kind_label(kind: str, language: str) -> str:
    """A kind of missing answer in the language, in English where the language is not known."""
    return _KINDS.get(language, _KINDS["en"])[kind]


def phrase(name: str, language: str) -> str:
    """One of these few words in the language, in English where it is not known."""
    return _PHRASES.get(language, _PHRASES["en"])[name]
