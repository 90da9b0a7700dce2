"""Every kind of issue once: its code, how much it matters, and what it is called in a report.

Codes are stable: queries, tables and tests name them. Those of `returns` are listed here too, so
that a reader of issues needs one list only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.responses import IssueSeverity

_ERROR, _WARNING, _INFO = IssueSeverity.ERROR, IssueSeverity.WARNING, IssueSeverity.INFO


@dataclass(frozen=True, slots=True)
class IssueCode:
    """One kind of issue.

    Attributes:
        code: its name.
        severity: how much it matters unless a stage says otherwise.
        en, zh_hant, ja: its title.
    """

    code: str
    severity: IssueSeverity
    en: str
    zh_hant: str
    ja: str

    def title(self, language: str) -> str:
        """The title in a language; English where there is none."""
        return {"zh-Hant": self.zh_hant, "ja": self.ja}.get(language, self.en)


_ROWS = (
    # what came back
    IssueCode("unreadable_file", _ERROR, "File cannot be read", "檔案無法讀取", "読めないファイル"),
    IssueCode(
        "unknown_version",
        _WARNING,
        "Unknown version of the form",
        "問卷版本不明",
        "不明な版の調査票",
    ),
    IssueCode(
        "absent_column", _WARNING, "Question without a column", "題目沒有欄位", "列のない設問"
    ),
    IssueCode(
        "unknown_column", _WARNING, "Column of no question", "欄位不屬於任何題目", "設問のない列"
    ),
    IssueCode("repeated_column", _WARNING, "Column twice", "欄位重複", "重複した列"),
    IssueCode(
        "unknown_sheet", _WARNING, "Sheet was not read", "工作表未讀取", "読まれなかったシート"
    ),
    IssueCode(
        "unknown_node", _WARNING, "Answer to no question", "答案不屬於任何題目", "設問のない回答"
    ),
    IssueCode(
        "no_key", _WARNING, "Response without a key", "回覆沒有識別碼", "識別番号のない回答票"
    ),
    IssueCode(
        "audit_unmatched",
        _WARNING,
        "Audit log of no one submission",
        "稽核紀錄無法對應到一份回覆",
        "対応する回答票が定まらない監査ログ",
    ),
    IssueCode("no_parent", _ERROR, "Row of no response", "列不屬於任何回覆", "回答票のない行"),
    IssueCode(
        "no_parent_row",
        _ERROR,
        "Row of no row above",
        "列不屬於上層的任何一列",
        "上の表に対応のない行",
    ),
    IssueCode("edited", _INFO, "Edited after it was sent", "送出後經修改", "送信後に修正"),
    IssueCode("not_text", _ERROR, "Answer is no text", "答案不是文字", "文字でない回答"),
    IssueCode("answered_twice", _ERROR, "Answered twice", "重複作答", "二重の回答"),
    IssueCode(
        "key_missing", _ERROR, "Question cut out of the form", "題目自表單中消失", "設問の行がない"
    ),
    IssueCode(
        "key_unknown",
        _ERROR,
        "Answer beside an unknown key",
        "答案旁的題號不明",
        "不明な設問の回答",
    ),
    IssueCode(
        "answer_without_key",
        _ERROR,
        "Answer beside no question",
        "答案旁沒有題目",
        "設問のない欄の回答",
    ),
    IssueCode("consent_withdrawn", _INFO, "Consent withdrawn", "撤回同意", "同意の撤回"),
    IssueCode("macros", _WARNING, "Workbook with macros", "檔案含有巨集", "マクロを含むブック"),
    IssueCode(
        "external_link",
        _WARNING,
        "Workbook with links to other files",
        "檔案含有外部連結",
        "他のファイルへのリンクを含むブック",
    ),
    IssueCode(
        "hidden_answer",
        _WARNING,
        "Answer in a hidden row",
        "答案位於隱藏列",
        "非表示の行にある回答",
    ),
    IssueCode("formula_answer", _WARNING, "Answer is a formula", "答案是公式", "数式による回答"),
    IssueCode(
        "merged_answer", _WARNING, "Merged answer cells", "答案儲存格被合併", "結合された回答欄"
    ),
    IssueCode("unclear_tick", _ERROR, "Unclear tick", "勾選不清楚", "不明確なチェック"),
    IssueCode("unclear_rank", _ERROR, "Unclear order of choices", "排序不清楚", "不明確な順位"),
    # text
    IssueCode("not_a_number", _ERROR, "Not a number", "不是數字", "数値でない"),
    IssueCode("not_a_date", _ERROR, "Not a date", "不是日期", "日付でない"),
    IssueCode("not_a_time", _ERROR, "Not a time", "不是時間", "時刻でない"),
    IssueCode(
        "ambiguous_date",
        _ERROR,
        "Date can be read in two ways",
        "日期有兩種讀法",
        "二通りに読める日付",
    ),
    IssueCode(
        "republic_date",
        _INFO,
        "Year read as Republic era",
        "年份以民國紀年讀取",
        "民国暦として読んだ年",
    ),
    IssueCode(
        "grouped_number",
        _INFO,
        "Comma read as thousands",
        "逗號視為千分位",
        "桁区切りとして読んだコンマ",
    ),
    IssueCode(
        "not_a_tick", _ERROR, "Choice neither yes nor no", "選項非是非否", "選択の有無が不明"
    ),
    IssueCode("nothing_written", _INFO, "Nothing but blanks", "只有空白", "空白のみ"),
    # versions
    IssueCode(
        "undeclared_question",
        _WARNING,
        "Question of another version",
        "其他版本的題目",
        "別の版の設問",
    ),
    IssueCode(
        "dropped_question", _INFO, "Question no longer asked", "已不再詢問的題目", "廃止された設問"
    ),
    IssueCode("choice_recoded", _INFO, "Choice renamed since", "選項已改名", "改名された選択肢"),
    # duplicates
    IssueCode(
        "duplicate_instance", _INFO, "Same response again", "同一份回覆再次送來", "同じ回答票の重複"
    ),
    IssueCode(
        "duplicate_differs",
        _ERROR,
        "Same key, other answers",
        "識別碼相同而答案不同",
        "識別番号が同じで回答が異なる",
    ),
    IssueCode("duplicate_serial", _WARNING, "Same serial number", "編號相同", "同じ整理番号"),
    IssueCode(
        "serial_wrong",
        _WARNING,
        "Serial number with a wrong check character",
        "編號的檢查碼不符",
        "検査文字の合わない整理番号",
    ),
    IssueCode(
        "serial_not_issued",
        _WARNING,
        "Serial number that was not issued",
        "未發出的編號",
        "発行されていない整理番号",
    ),
    IssueCode("second_keying", _INFO, "Second keying", "第二次鍵入", "二度目の入力"),
    IssueCode(
        "keyed_differently",
        _WARNING,
        "Keyed in two ways",
        "兩次鍵入不同",
        "二度の入力が異なる",
    ),
    # corrections
    IssueCode("correction_applied", _INFO, "Correction applied", "已更正", "修正を適用"),
    IssueCode(
        "removed_by_correction", _INFO, "Removed by the log", "依更正紀錄剔除", "修正記録により除外"
    ),
    IssueCode(
        "correction_repeated",
        _INFO,
        "Correction says what stands already",
        "更正內容與現況相同",
        "既に同じ内容の修正",
    ),
    IssueCode(
        "correction_unfit",
        _WARNING,
        "Correction of another old value",
        "更正的原值不符",
        "元の値が合わない修正",
    ),
    IssueCode(
        "correction_unmatched",
        _WARNING,
        "Correction of no response",
        "更正找不到回覆",
        "回答票のない修正",
    ),
    IssueCode(
        "correction_unclaimed",
        _WARNING,
        "Correction of no form's response",
        "更正的回覆不屬於任何問卷",
        "どの調査票にもない回答票の修正",
    ),
    IssueCode(
        "correction_contradicts",
        _WARNING,
        "Corrections contradict one another",
        "更正互相矛盾",
        "互いに矛盾する修正",
    ),
    IssueCode(
        "correction_unknown_question",
        _WARNING,
        "Correction of no question",
        "更正找不到題目",
        "設問のない修正",
    ),
    IssueCode(
        "correction_unreadable",
        _WARNING,
        "Correction cannot be read",
        "更正無法讀取",
        "読めない修正",
    ),
    # recoding
    IssueCode(
        "recoded", _INFO, "Recoded by a reviewer", "已由審閱者重新編碼", "確認者による再分類"
    ),
    IssueCode(
        "name_matched",
        _INFO,
        "Organisation matched to the list",
        "單位已對應至清單",
        "団体を一覧と照合済み",
    ),
    IssueCode(
        "recoding_unfit",
        _WARNING,
        "Decision about no answer",
        "決定找不到對應的答案",
        "該当する回答のない決定",
    ),
    IssueCode(
        "recoding_contradicts",
        _WARNING,
        "Decisions contradict one another",
        "決定互相矛盾",
        "互いに矛盾する決定",
    ),
    IssueCode(
        "recoding_unreadable",
        _WARNING,
        "Decision cannot be read",
        "決定無法讀取",
        "読めない決定",
    ),
    # sampling
    IssueCode(
        "frame_unit_again",
        _WARNING,
        "Unit of the frame came twice",
        "抽樣架構中的單位重複",
        "抽出枠の同じ単位が二度",
    ),
    IssueCode(
        "not_raked",
        _WARNING,
        "Weights could not be raked",
        "無法進行反覆加權調整",
        "レイキングができない",
    ),
    # rules
    IssueCode(
        "not_asked",
        _ERROR,
        "Answer to a question that does not apply",
        "答了不適用的題目",
        "対象外の設問への回答",
    ),
    IssueCode(
        "too_few_instances",
        _WARNING,
        "Fewer rows than the form counts",
        "列數少於問卷所計",
        "調査票の数より行が少ない",
    ),
    IssueCode(
        "too_many_instances",
        _WARNING,
        "More rows than the form counts",
        "列數多於問卷所計",
        "調査票の数より行が多い",
    ),
    IssueCode("required", _ERROR, "Required answer missing", "必答題未答", "必須の回答がない"),
    IssueCode("constraint", _ERROR, "Constraint broken", "不符合限制條件", "制約に反する"),
    IssueCode("not_a_choice", _ERROR, "Not one of the choices", "不在選項之中", "選択肢にない"),
    IssueCode(
        "calculation_differs", _ERROR, "Calculation differs", "計算結果不符", "計算結果が異なる"
    ),
    IssueCode(
        "parent_choice_disagree",
        _ERROR,
        "Answer and its choice columns disagree",
        "答案與選項欄位不一致",
        "回答と選択肢の列が一致しない",
    ),
    IssueCode(
        "rule_not_checked",
        _WARNING,
        "Rule could not be checked",
        "規則無法檢查",
        "確認できない規則",
    ),
    # back-checks
    IssueCode(
        "back_check", _INFO, "Interview held a second time", "複查訪談", "確認のための再面接"
    ),
    IssueCode(
        "back_check_unmatched",
        _WARNING,
        "Back-check of no interview",
        "複查找不到原訪談",
        "元の面接のない再面接",
    ),
    IssueCode(
        "back_check_differs",
        _WARNING,
        "Back-check was answered otherwise",
        "複查的答案不同",
        "再面接で回答が異なる",
    ),
    # fieldwork, as queries
    IssueCode(
        "end_before_start", _WARNING, "Ended before it began", "結束早於開始", "終了が開始より早い"
    ),
    IssueCode("short_interview", _WARNING, "Very short interview", "訪談過短", "極端に短い面接"),
    IssueCode("long_interview", _WARNING, "Very long interview", "訪談過長", "極端に長い面接"),
    IssueCode(
        "outlier",
        _WARNING,
        "Far from the other answers",
        "與其他答案差異過大",
        "他の回答と大きく異なる",
    ),
    IssueCode(
        "same_day",
        _WARNING,
        "Date is the day of the interview",
        "日期即訪談當日",
        "面接当日の日付",
    ),
    IssueCode(
        "straight_line",
        _WARNING,
        "All items answered alike",
        "整組題目答案相同",
        "一連の設問に同じ回答",
    ),
    IssueCode(
        "outside_fieldwork", _WARNING, "Outside the fieldwork dates", "不在調查期間內", "調査期間外"
    ),
    IssueCode(
        "outside_frame",
        _WARNING,
        "Not in the sampling frame",
        "不在抽樣母體名冊內",
        "抽出台帳にない",
    ),
    IssueCode(
        "far_from_place",
        _WARNING,
        "Point far from the place named",
        "座標遠離所填地點",
        "位置が記入された場所から遠い",
    ),
    IssueCode(
        "interviewer_missing",
        _WARNING,
        "Interviewer with other blanks than the others",
        "訪員的未答比率與他人不同",
        "無回答の割合が他と異なる調査員",
    ),
    IssueCode(
        "interviewer_dont_know",
        _WARNING,
        "Interviewer with other don't knows than the others",
        "訪員的「不知道」比率與他人不同",
        "「わからない」の割合が他と異なる調査員",
    ),
    IssueCode(
        "interviewer_agreement",
        _WARNING,
        "Interviewer whose answers agree otherwise with the others'",
        "訪員所得答案與他人的一致程度不同",
        "回答の一致の程度が他と異なる調査員",
    ),
    IssueCode(
        "soft_duplicate",
        _WARNING,
        "Nearly the same as another response",
        "與另一份回覆幾乎相同",
        "別の回答票とほぼ同じ",
    ),
)

ISSUE_CODES: Mapping[str, IssueCode] = MappingProxyType({row.code: row for row in _ROWS})
CODES: dict[str, str] = {row.code: row.en for row in _ROWS}
