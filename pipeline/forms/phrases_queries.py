"""The fixed words of the workbooks of queries, in each language."""

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.forms.phrases import spoken

_COLUMNS = ("en", "zh-Hant", "ja")
_TABLE: dict[str, tuple[str, str, str]] = {
    "title": (
        "Questions about your returns",
        "關於您交回問卷的詢問",
        "提出された調査票についての確認",
    ),
    "sheet": ("Queries", "詢問事項", "確認事項"),
    "how": (
        (
            "Please answer in the yellow cells, save the file and send it back as it is. "
            "For each line, write the right answer OR choose a decision beside it; "
            "add a comment where it helps. What you leave empty is asked again."
        ),
        (
            "請在黃色儲存格作答，存檔後將整個檔案交回。每一項請填寫正確答案，或在旁邊選擇處理方式；"
            "需要說明時請寫在備註。留空的項目會再次詢問。"
        ),
        (
            "黄色のセルに記入し、保存してこのファイルのまま送り返してください。"
            "各項目について、正しい回答を書くか、横の一覧から対応を選んでください。"
            "必要に応じて説明を書いてください。空欄の項目はもう一度お尋ねします。"
        ),
    ),
    "by": ("Answered by", "回答者", "回答者"),
    "date": ("Date", "日期", "日付"),
    "status": (
        "ANSWERED {done} OF {asked}",
        "已答 {done} / {asked} 項",
        "回答済み {done} / {asked} 項目",
    ),
    "heading_number": ("No.", "編號", "番号"),
    "heading_question": ("Question as asked", "題目", "質問"),
    "heading_given": ("Answer given", "原答案", "元の回答"),
    "heading_why": ("Why we ask", "詢問原因", "お尋ねする理由"),
    "heading_answer": ("Right answer", "正確答案", "正しい回答"),
    "heading_decision": ("Or: decision", "或：處理方式", "または：対応"),
    "heading_comment": ("Comment", "備註", "備考"),
    "interview": ("{form}   ·   {serial}", "{form}   ·   {serial}", "{form}   ·   {serial}"),
    "row": ("row {position}", "第 {position} 列", "{position} 行目"),
    "no_answer": ("(no answer)", "（未作答）", "（無回答）"),
    "not_shown": (
        "(not shown here: it names somebody)",
        "（涉及可識別資料，此處不顯示）",
        "（個人や団体が特定されるため、ここには表示しません）",
    ),
    "no_cell": (
        "(cannot be answered here: use the comment)",
        "（無法在此作答，請寫備註）",
        "（ここでは回答できません。備考に記入してください）",
    ),
    "whole": ("The whole return", "整份問卷", "調査票全体"),
    "confirm_answer": ("It is right as it is", "原答案正確", "元の回答で正しい"),
    "leave_out_answer": ("Leave it blank", "改為空白", "空欄にする"),
    "confirm_lacking": ("There is no answer", "確實沒有答案", "回答はない"),
    "confirm_unreadable": (
        "No answer can be had",
        "無法取得答案",
        "回答は得られない",
    ),
    "leave_out_unasked": (
        "Does not apply: leave it out",
        "本題不適用，請刪除",
        "該当しないので削除する",
    ),
    "confirm_response": ("The return is right", "這份問卷無誤", "この調査票で正しい"),
    "leave_out_response": (
        "Do not count this return",
        "這份問卷不予計入",
        "この調査票は集計しない",
    ),
    "why_required": (
        "This question must be answered.",
        "本題為必答，但沒有答案。",
        "必須の質問ですが、回答がありません。",
    ),
    "why_key_missing": (
        "The line of this question was missing from the form that came back.",
        "交回的表單缺少本題。",
        "戻ってきた調査票に、この質問の行がありませんでした。",
    ),
    "why_not_asked": (
        "This question does not apply because of an earlier answer, so its answer was left out.",
        "依前面的答案，本題不適用，因此答案未計入。",
        "前の回答によればこの質問は不要なため、回答は除かれています。",
    ),
    "why_not_asked_because": (
        "This question applies only if {condition}. Its answer was left out.",
        "本題僅在下列條件下適用：{condition}。答案未計入。",
        "この質問は次の条件のときだけ必要です（{condition}）。回答は除かれています。",
    ),
    "why_gate": (
        "By this answer, question {number} does not apply but was answered. Is this one right?",
        "依此答案，第 {number} 題不適用，卻有作答。此答案是否正確？",
        "この回答によれば質問{number}は不要ですが、回答されています。この回答は正しいですか。",
    ),
    "why_not_a_number": (
        "This could not be read as a number.",
        "無法讀成數字。",
        "数値として読めません。",
    ),
    "why_not_a_date": (
        "This could not be read as a date. Please write year-month-day, for example 2011-08-15.",
        "無法讀成日期。請寫西元年-月-日，例如 2011-08-15。",
        "日付として読めません。年-月-日で書いてください（例：2011-08-15）。",
    ),
    "why_not_a_time": (
        "This could not be read as a time. Please write hours:minutes, for example 14:30.",
        "無法讀成時間。請寫時:分，例如 14:30。",
        "時刻として読めません。時:分で書いてください（例：14:30）。",
    ),
    "why_ambiguous_date": (
        "This date can be read in two ways. Please write year-month-day, for example 2011-08-15.",
        "此日期有兩種讀法。請寫西元年-月-日，例如 2011-08-15。",
        "二通りに読める日付です。年-月-日で書いてください（例：2011-08-15）。",
    ),
    "why_not_a_choice": (
        "This is not one of the choices.",
        "不在選項之中。",
        "選択肢にない回答です。",
    ),
    "why_constraint": (
        "This answer breaks the rule of the question.",
        "答案不符合本題的限制。",
        "質問の条件に合わない回答です。",
    ),
    "why_unclear_tick": (
        "What stands in a cell is neither a tick nor nothing.",
        "有一格既非勾選也非空白。",
        "チェックか空欄か分からないセルがあります。",
    ),
    "why_unclear_rank": (
        "The numbers do not put the choices in one order.",
        "排序的數字不清楚。",
        "順位の数字が不明確です。",
    ),
    "why_answered_twice": (
        "This question was answered more than once.",
        "本題重複作答。",
        "この質問には二重に回答されています。",
    ),
    "why_parent_choice_disagree": (
        "The answer and the choices marked for it disagree.",
        "答案與所勾選的選項不一致。",
        "回答と、選ばれた選択肢が一致しません。",
    ),
    "why_outlier": (
        "This is far from what the others answered. It may be right.",
        "與其他答案差異很大，但也可能正確。",
        "ほかの回答と大きく異なります。正しい場合もあります。",
    ),
    "why_straight_line": (
        "From this question on, a whole set of items was answered alike.",
        "自本題起，整組題目的答案都相同。",
        "この質問から始まる一連の項目に、すべて同じ回答がされています。",
    ),
    "why_outside_fieldwork": (
        "This day lies outside the time of the survey.",
        "此日期不在調查期間內。",
        "調査期間に入らない日付です。",
    ),
    "why_end_before_start": (
        "The interview ended before it began.",
        "訪談結束時間早於開始時間。",
        "終了時刻が開始時刻より前になっています。",
    ),
    "why_short_interview": (
        "This interview was much shorter than the others.",
        "此次訪談比其他訪談短很多。",
        "ほかの面接よりはるかに短い面接です。",
    ),
    "why_long_interview": (
        "This interview was much longer than the others.",
        "此次訪談比其他訪談長很多。",
        "ほかの面接よりはるかに長い面接です。",
    ),
    "why_duplicate_serial": (
        "Another return has the same serial number. Which number is right, or is this one a copy?",
        "另一份問卷的編號相同。哪個編號正確？或這份是重複的？",
        "同じ整理番号の調査票がもう一つあります。どちらの番号が正しいですか。写しですか。",
    ),
    "why_duplicate_differs": (
        "This return came twice, with answers that differ. The first was kept.",
        "這份問卷送來兩次，答案不同。目前保留第一份。",
        "この調査票は二度届き、回答が異なります。先に届いたほうを残しています。",
    ),
    "why_soft_duplicate": (
        "Nearly all answers are those of another return. Is this one a copy?",
        "答案與另一份問卷幾乎相同。是否重複？",
        "別の調査票とほとんど同じ回答です。写しではありませんか。",
    ),
    "why_serial_wrong": (
        "The serial number is not one of ours: a character in it is wrong. Which is right?",
        "編號有誤（檢查碼不符）。正確的編號是？",
        "整理番号に誤りがあります（検査文字が合いません）。正しい番号を教えてください。",
    ),
    "why_serial_not_issued": (
        "No copy of this form was issued with this serial number. Which is right?",
        "本問卷未發出過此編號。正確的編號是？",
        "この番号の調査票は発行されていません。正しい番号を教えてください。",
    ),
    "why_outside_frame": (
        "This is not in the list of organisations to be asked.",
        "不在調查名單之中。",
        "調査対象の一覧にありません。",
    ),
    "why_far_from_place": (
        "This point lies far from the place named.",
        "此座標距所填地點很遠。",
        "記入された場所から遠く離れた地点です。",
    ),
    "why_back_check_differs": (
        "This was answered otherwise when the interview was held a second time.",
        "複查訪談時的答案不同。",
        "二度目の面接では異なる回答でした。",
    ),
    "confirm_keyed": ("The first is right", "第一次正確", "一度目が正しい"),
    "second_keyed": ("The second is right", "第二次正確", "二度目が正しい"),
    "keying": ("{number}. {by}: {text}", "{number}. {by}：{text}", "{number}. {by}：{text}"),
    "why_keyed_differently": (
        "The two keyings of this paper differ. Please look at the paper.",
        "兩次鍵入的答案不同，請核對紙本。",
        "二度の入力が異なります。紙の調査票を確認してください。",
    ),
    "why_other": (
        "Please check this.",
        "請確認此項。",
        "確認してください。",
    ),
    "asked_again": (
        "(asked for the {round}. time)",
        "（第 {round} 次詢問）",
        "（{round} 回目の確認）",
    ),
    "choose_decision": (
        "Please choose from the list, or leave the cell empty.",
        "請從選單中選擇，或留空。",
        "一覧から選ぶか、空欄のままにしてください。",
    ),
}

PHRASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {key: dict(zip(_COLUMNS, row, strict=True)) for key, row in _TABLE.items()}
)
LANGUAGES = _COLUMNS


def query_phrase(key: str, language: str, **parts: object) -> str:
    """A fixed text in a language, with its `{parts}` put in.

    Raises:
        KeyError: there is no such phrase, or a part is missing.
    """
    return PHRASES[key][spoken(language)].format(**parts)
