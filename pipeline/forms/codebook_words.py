"""The fixed words of the codebook, in each language: en, zh-Hant, ja."""

_LANGUAGES = ("en", "zh-Hant", "ja")
_TABLE: dict[str, tuple[str, str, str]] = {
    "codebook": ("Codebook", "變項說明書", "コードブック"),
    "form": ("Form", "表單", "調査票"),
    "version": ("Version", "版本", "版"),
    "hash": ("Definition hash", "定義雜湊值", "定義のハッシュ"),
    "contents": ("Contents", "目次", "目次"),
    "questions": ("questions", "題", "問"),
    "languages": ("Language", "語言", "言語"),
    "type": ("Type", "類型", "型"),
    "asked_if": ("Asked if", "填答條件", "質問する条件"),
    "check": ("Must hold", "檢核條件", "満たすべき条件"),
    "required": ("required", "必答", "必須"),
    "calculation": ("Calculated as", "計算式", "計算式"),
    "filter": ("Choices shown if", "選項篩選條件", "選択肢の表示条件"),
    "default": ("Default", "預設值", "初期値"),
    "unit": ("Unit", "單位", "単位"),
    "code": ("Code", "代碼", "コード"),
    "label": ("Label", "標籤", "ラベル"),
    "missing": ("Kind of missing answer", "遺漏值類別", "欠測の種類"),
    "exclusive": ("stands alone", "不可與其他選項並選", "ほかの選択肢と併用不可"),
    "repeat": (
        "Repeat: asked again for each one",
        "重複題組：每一項各問一次",
        "繰り返し：一件ごとに質問",
    ),
    "sensitivity": ("Sensitivity", "敏感性", "機微性"),
    "identifier": ("identifier", "可識別身分", "識別子"),
    "quasi": ("quasi-identifier", "準識別資料", "準識別子"),
    "sensitive": ("sensitive", "敏感", "機微"),
    "open": ("free text", "自由填答", "自由記述"),
    "dont_know": ("don't know", "不知道", "わからない"),
    "refused": ("refused", "拒答", "回答拒否"),
    "not_applicable": ("not applicable", "不適用", "非該当"),
    "note": ("shown, not asked", "說明文字，不需作答", "説明文（回答なし）"),
}


def codebook_words(language: str) -> dict[str, str]:
    """Every fixed word in a language; English where the language has none."""
    column = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    return {key: row[column] for key, row in _TABLE.items()}
