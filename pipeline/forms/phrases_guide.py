"""The words of the guide that lies beside each form, in each language: en, zh-Hant, ja."""

from types import MappingProxyType

from pipeline.forms.phrases import spoken

_LANGUAGES = ("en", "zh-Hant", "ja")
_TABLE: dict[str, tuple[str, str, str]] = {
    "title": ("Guide: {title}", "填寫說明：{title}", "記入の手引き：{title}"),
    "intro": (
        (
            "The form is a workbook. It needs no network, and works in Excel 2010 or newer and in LibreOffice. "
            "A telephone can show it, but it is filled in on a computer."
        ),
        "表單是一個活頁簿，不需要網路，可用 Excel 2010 以上版本或 LibreOffice 填寫。手機可以瀏覽，但請在電腦上填寫。",
        (
            "調査票はワークブックです。ネットワークは要りません。Excel 2010 以降か LibreOffice で記入できます。"
            "携帯電話では見ることだけできますので、記入はパソコンでお願いします。"
        ),
    ),
    "open": ("1  Open the form", "1  開啟表單", "1  調査票を開く"),
    "open_text": (
        (
            "Open {file}. If a bar above says “Protected View”, choose “Enable Editing”. The first sheet, “{cover}”, "
            "says what this is about; “{go}” leads to each part."
        ),
        "開啟 {file}。若上方出現「受保護的檢視」，請按「啟用編輯」。第一張工作表「{cover}」說明內容；按「{go}」可到各部分。",
        (
            "{file} を開きます。上に「保護ビュー」と出たら「編集を有効にする」を選んでください。"
            "最初のシート「{cover}」に説明があります。「{go}」で各部分に移れます。"
        ),
    ),
    "fill": (
        "2  Write in the coloured cells",
        "2  在有底色的儲存格中填寫",
        "2  色の付いたセルに記入する",
    ),
    "fill_text": (
        "Everything else is locked. The Tab key leads from answer to answer. This is how the form answers back:",
        "其餘部分已鎖定。按 Tab 鍵可移到下一個答案。表單會這樣提示：",
        "ほかのセルは保護されています。Tab キーで次の回答欄に移ります。記入すると、次のように表示されます。",
    ),
    "is_blank": (
        "Yellow: not answered; may stay empty.",
        "黃色：尚未填寫，可以留空。",
        "黄色：未記入。空欄のままでも構いません。",
    ),
    "is_missing": (
        "Amber: must still be answered.",
        "橙黃色：必填，尚未填寫。",
        "濃い黄色：必ず答えてください。",
    ),
    "is_answered": ("White: answered.", "白色：已填寫。", "白：記入済み。"),
    "is_skipped": (
        "Grey: does not apply; why, stands beside it.",
        "灰色：免填，旁邊說明原因。",
        "灰色：答える必要はありません。理由が横に出ます。",
    ),
    "is_wrong": (
        "Red: please check; what is wrong stands beside it.",
        "紅色：請檢查，旁邊說明問題。",
        "赤：確認してください。何が問題かが横に出ます。",
    ),
    "dates": (
        "Dates: 2011-08-15, 100/8/15 or 民國100年8月15日; the Western date is shown beside it.",
        "日期：2011-08-15、100/8/15 或民國100年8月15日皆可，旁邊會顯示西元日期。",
        "日付：2011-08-15、100/8/15、民國100年8月15日のどれでも構いません。西暦の日付が横に出ます。",
    ),
    "lists": (
        (
            "Lists: click the cell, then the arrow beside it. Where several answers are possible, choose {mark} "
            "beside each that applies."
        ),
        "選單：先點儲存格，再點旁邊的箭頭。可複選的題目，請在每個符合的選項旁選 {mark}。",
        "一覧：セルを選び、横の矢印を押します。複数選べる質問では、当てはまるものすべての横に {mark} を選びます。",
    ),
    "numbers": (
        "Numbers: digits only; the unit stands to the right of the cell.",
        "數字：只填數字，單位在右邊。",
        "数字：数字だけを書きます。単位は右にあります。",
    ),
    "tables": (
        "Tables: some questions have a sheet of their own, one row for each ({sheets}).",
        "表格：有些題目在另外的工作表中填寫，每項一列（{sheets}）。",
        "表：別のシートに、1件につき1行で記入する質問があります（{sheets}）。",
    ),
    "pasted": (
        "Copying and pasting is no harm: what was pasted is checked all the same. Ctrl+Z takes a slip back.",
        "可以複製貼上，貼上的答案同樣會檢查。填錯時按 Ctrl+Z 復原。",
        "コピーと貼り付けもできます。貼り付けた回答も確認されます。間違えたら Ctrl+Z で元に戻せます。",
    ),
    "check": ("3  Look at the first sheet", "3  查看第一張工作表", "3  最初のシートを見る"),
    "check_text": (
        (
            "It counts what is answered, and lists what is missing or wrong. A click on a line leads to the question. "
            "A form that is not ready can be sent all the same, where an answer cannot be had."
        ),
        "它會統計已填的題數，並列出尚未填寫或需要檢查的題目；點題目即可前往。若有些答案確實無法取得，仍可交回。",
        (
            "記入した数を数え、未記入や要確認の質問を一覧にします。行を押すとその質問に移ります。"
            "どうしても答えられない質問があれば、そのままでも提出できます。"
        ),
    ),
    "return": ("4  Save and send it back", "4  存檔並交回", "4  保存して返送する"),
    "return_text": (
        (
            "Save it as {name} and send it to whoever gave you the form. Keep it a workbook (.xlsx; .xls and .ods "
            "are read as well). Do not copy the answers into another file: behind each cell stands which question "
            "it answers. Column widths, sheet names and hidden rows do not matter."
        ),
        (
            "請以 {name} 為檔名存檔，並交回給您此表單的人。請保留活頁簿格式（.xlsx；.xls 與 .ods 亦可）。"
            "請勿將答案複製到其他檔案，因為每個儲存格都記有所屬的題目。欄寬、工作表名稱和隱藏列都不影響。"
        ),
        (
            "{name} という名前で保存し、調査票を渡した人に送ってください。ワークブックのまま（.xlsx。.xls と .ods でも可）"
            "にしてください。どの質問の回答かがセルごとに記録されているので、回答を別のファイルに移さないでください。"
            "列の幅、シート名、隠した行は問題になりません。"
        ),
    ),
    "queries": (
        (
            "Afterwards a short workbook with questions may come: it asks about single answers. Fill it in and "
            "send it back in the same way."
        ),
        "之後可能會收到一個簡短的活頁簿，詢問個別答案。請同樣填好後交回。",
        (
            "後日、いくつかの回答についてお尋ねする短いワークブックをお送りすることがあります。"
            "同じように記入して返送してください。"
        ),
    ),
    "and": (", ", "、", "、"),
    "example": (
        "Examples from this form; the answers are invented (SYNTHETIC).",
        "取自本表單的例子，答案為虛構（SYNTHETIC）。",
        "この調査票の例です。回答は架空のものです（SYNTHETIC）。",
    ),
}

GUIDE_PHRASES = MappingProxyType(
    {key: dict(zip(_LANGUAGES, row, strict=True)) for key, row in _TABLE.items()}
)


def guided(key: str, language: str, **parts: object) -> str:
    """A text of the guide in a language, with its `{parts}` put in."""
    return GUIDE_PHRASES[key][spoken(language)].format(**parts)
