"""What the notebook on fieldwork and data quality says itself."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "fieldwork_intro": {
        "en": "What came back, what was noticed about it, and what became of every answer. "
        "A broken rule raises an issue and leaves the answer as it came, unless the study says "
        "otherwise.",
        "zh-Hant": "回收了什麼、發現了什麼問題，以及每一個答案的去向。"
        "除非本研究另有規定，違反規則的答案會被標記，但保留原樣。",
        "ja": "何が戻ってきたか、何に気づいたか、すべての回答がどうなったかを示します。"
        "規則に反する回答は指摘しますが、調査で定めがない限りそのまま残します。",
    },
    "fieldwork_hidden": {
        "en": "Numbers not shown",
        "zh-Hant": "未顯示的數字",
        "ja": "示していない数字",
    },
    "fieldwork_edition": {"en": "Edition", "zh-Hant": "版本", "ja": "版"},
    "fieldwork_public": {"en": "Public", "zh-Hant": "公開", "ja": "公開"},
    "fieldwork_restricted": {"en": "Restricted", "zh-Hant": "限閱", "ja": "限定"},
    "fieldwork_threshold": {"en": "Threshold", "zh-Hant": "門檻", "ja": "しきい値"},
    "fieldwork_cells": {"en": "Different counts", "zh-Hant": "不同的計數", "ja": "異なる人数"},
    "fieldwork_small": {
        "en": "Hidden as small",
        "zh-Hant": "因人數過少隱藏",
        "ja": "少ないため非表示",
    },
    "fieldwork_further": {
        "en": "Hidden with them",
        "zh-Hant": "一併隱藏",
        "ja": "あわせて非表示",
    },
    "fieldwork_hidden_method": {
        "en": "Counts of all tables of the report, each once. Those below the threshold are hidden, "
        "and as many others as it takes that no small count can be worked out from all tables and "
        "languages together.",
        "zh-Hant": "報告所有表格中的計數，各計一次。低於門檻者隱藏，並一併隱藏其他計數，"
        "使任何過少的計數都無法由全部表格與各語言版本推算得出。",
        "ja": "報告書のすべての表の人数を一度ずつ数えます。しきい値に満たないものを隠し、"
        "すべての表と言語版を合わせても少ない人数が推定できないだけの数をあわせて隠します。",
    },
    "fieldwork_form": {"en": "Form", "zh-Hant": "問卷", "ja": "調査票"},
    "fieldwork_returns": {"en": "What came back", "zh-Hant": "回收情形", "ja": "回収状況"},
    "fieldwork_returns_method": {
        "en": "Every response in every received file. Set aside: copies and responses that a "
        "correction removed; the issues name each with its reason. Those who did not consent were "
        "asked nothing more, and stand in no other table of answers.",
        "zh-Hant": "所有收到檔案中的全部回覆。擱置者為重複回覆及依更正紀錄移除者，各筆原因見問題清單。"
        "不同意受訪者未再作答，不列入其他答案表。",
        "ja": "受け取ったすべてのファイルのすべての回答。除外は重複と、訂正記録により取り除いたもので、"
        "理由は指摘の一覧にあります。同意しなかった方にはそれ以上尋ねておらず、回答の表には含みません。",
    },
    "fieldwork_responses": {"en": "responses", "zh-Hant": "份", "ja": "件"},
    "fieldwork_came": {"en": "Came back", "zh-Hant": "回收", "ja": "回収"},
    "fieldwork_set_aside": {"en": "Set aside", "zh-Hant": "擱置", "ja": "除外"},
    "fieldwork_kept": {"en": "Kept", "zh-Hant": "保留", "ja": "採用"},
    "fieldwork_places": {"en": "By place", "zh-Hant": "依地點", "ja": "場所別"},
    "fieldwork_mode": {
        "en": "Kept, by way of return",
        "zh-Hant": "保留者之回收方式",
        "ja": "採用分の回収方法",
    },
    "fieldwork_excel": {"en": "Excel form", "zh-Hant": "Excel 表單", "ja": "Excel 調査票"},
    "fieldwork_odk": {"en": "ODK", "zh-Hant": "ODK", "ja": "ODK"},
    "fieldwork_table": {"en": "Table", "zh-Hant": "匯出表", "ja": "表データ"},
    "fieldwork_frame": {
        "en": "Returns against the sampling frame",
        "zh-Hant": "回收與抽樣架構對照",
        "ja": "抽出枠と回収の対照",
    },
    "fieldwork_in_frame": {"en": "In the frame", "zh-Hant": "抽樣架構", "ja": "抽出枠"},
    "fieldwork_planned": {"en": "Planned", "zh-Hant": "預定", "ja": "予定"},
    "fieldwork_took_part": {"en": "Took part", "zh-Hant": "參與", "ja": "参加"},
    "fieldwork_frame_method": {
        "en": "Kind and county as the organisation gave them, else as the frame has them. Took part: "
        "consented; those without a known number of the frame are counted too.",
        "zh-Hant": "類別與縣市依組織自填，未填者依抽樣架構。參與：同意受訪，無架構編號者亦計入。",
        "ja": "種類と県・市は団体の回答により、なければ抽出枠によります。参加は同意した団体で、抽出枠の番号が分からないものも数えます。",
    },
    "fieldwork_refused": {"en": "Did not consent", "zh-Hant": "不同意受訪", "ja": "不同意"},
    "fieldwork_refusals_few": {
        "en": "Refusals are counted for each form in the table of returns; fewer than {n} of one form are not told "
        "apart further.",
        "zh-Hant": "不同意受訪者之數見回收情形表；單一問卷少於 {n} 份時不再細分。",
        "ja": "不同意の数は回収状況の表に調査票ごとに示します。一つの調査票で {n} 件に満たなければ、それ以上は分けません。",
    },
    "fieldwork_not_known": {"en": "Not known", "zh-Hant": "不詳", "ja": "不明"},
    "fieldwork_frame_county": {
        "en": "Returns against the sampling frame, by county",
        "zh-Hant": "各縣市回收與抽樣架構對照",
        "ja": "県・市別の抽出枠と回収の対照",
    },
    "fieldwork_interviewers": {
        "en": "By interviewer or facilitator",
        "zh-Hant": "依訪員或主持人",
        "ja": "調査員・進行役別",
    },
    "fieldwork_interviewer": {"en": "Code", "zh-Hant": "代號", "ja": "コード"},
    "fieldwork_interviewers_method": {
        "en": "Responses kept, by the code in the opening of each form.",
        "zh-Hant": "保留之回覆，依各問卷開頭所填代號。",
        "ja": "採用した回答を、各調査票の冒頭のコード別に集計。",
    },
    "fieldwork_issues": {"en": "What was noticed", "zh-Hant": "發現的問題", "ja": "気づいた点"},
    "fieldwork_issue": {"en": "Issue", "zh-Hant": "問題", "ja": "指摘"},
    "fieldwork_issue_unit": {"en": "issues", "zh-Hant": "筆問題", "ja": "件の指摘"},
    "fieldwork_done": {"en": "What was done", "zh-Hant": "處理方式", "ja": "処理"},
    "fieldwork_issues_method": {
        "en": "One issue a rule and answer; the rules are those of the questionnaire.",
        "zh-Hant": "每一規則與答案計一筆；規則即問卷所定規則。",
        "ja": "規則と回答の組ごとに一件。規則は調査票に定めたもの。",
    },
    "fieldwork_action_none": {"en": "noted", "zh-Hant": "僅記錄", "ja": "記録のみ"},
    "fieldwork_action_queried": {"en": "queried", "zh-Hant": "查詢", "ja": "照会"},
    "fieldwork_action_changed": {"en": "changed", "zh-Hant": "更正", "ja": "訂正"},
    "fieldwork_action_blanked": {"en": "blanked", "zh-Hant": "清空", "ja": "空欄化"},
    "fieldwork_action_set_aside": {"en": "set aside", "zh-Hant": "擱置", "ja": "除外"},
    "fieldwork_queries": {
        "en": "Questions to the field that are open",
        "zh-Hant": "尚待調查現場回覆的查詢",
        "ja": "現地への照会で未回答のもの",
    },
    "fieldwork_queries_unit": {"en": "queries", "zh-Hant": "筆查詢", "ja": "件の照会"},
    "fieldwork_queries_open": {"en": "Open", "zh-Hant": "待回覆", "ja": "未回答"},
    "fieldwork_queries_again": {"en": "Asked again", "zh-Hant": "再次查詢", "ja": "再照会"},
    "fieldwork_queries_method": {
        "en": "One query an answer or response in doubt, however many rules it breaks; answered ones become "
        "corrections and are closed. Asked again: the answer broke a rule too.",
        "zh-Hant": "每個有疑義的答案或回覆計一筆查詢，不論違反幾項規則；獲回覆者成為更正並結案。再次查詢：回覆仍違反規則者。",
        "ja": "疑問のある回答または調査票ごとに一件とし、反した規則の数によりません。回答があれば訂正となり完了します。"
        "再照会は、その回答も規則に反したもの。",
    },
    "fieldwork_about": {"en": "What they are about", "zh-Hant": "查詢事項", "ja": "照会の内容"},
    "fieldwork_about_answer": {"en": "an answer", "zh-Hant": "答案有疑義", "ja": "回答"},
    "fieldwork_about_lacking": {"en": "none given", "zh-Hant": "缺答", "ja": "無回答"},
    "fieldwork_about_unreadable": {"en": "unreadable", "zh-Hant": "無法判讀", "ja": "判読不能"},
    "fieldwork_about_unasked": {
        "en": "not to be asked",
        "zh-Hant": "不應作答",
        "ja": "対象外の質問",
    },
    "fieldwork_about_keyed": {"en": "two keyings", "zh-Hant": "兩次鍵入不同", "ja": "入力の相違"},
    "fieldwork_about_response": {"en": "whole response", "zh-Hant": "整份回覆", "ja": "調査票全体"},
    "fieldwork_agreement_none": {
        "en": "No open answer was coded by two people, so their agreement cannot be stated.",
        "zh-Hant": "沒有開放題答案由兩人編碼，故無法列出一致程度。",
        "ja": "二人がコードを付けた自由回答がないため、一致の程度は示せません。",
    },
    "fieldwork_keying_none": {
        "en": "No paper form was keyed twice, so the agreement of keyings cannot be stated.",
        "zh-Hant": "沒有紙本問卷鍵入兩次，故無法列出鍵入的一致程度。",
        "ja": "二度入力した紙の調査票がないため、入力の一致は示せません。",
    },
    "fieldwork_ledger": {
        "en": "The ledger: what became of every answer",
        "zh-Hant": "帳目：每個答案的去向",
        "ja": "台帳：すべての回答の行方",
    },
    "fieldwork_answers": {"en": "answers", "zh-Hant": "個答案", "ja": "個の回答"},
    "fieldwork_ledger_method": {
        "en": "Answers in = kept + changed + blanked + set aside, for every file and question; a "
        "run whose ledger does not add up fails.",
        "zh-Hant": "每個檔案、每道題目皆須符合：收到＝保留＋更正＋清空＋擱置；帳目不符則處理失敗。",
        "ja": "ファイルと質問ごとに、受領＝採用＋訂正＋空欄化＋除外。台帳が合わない処理は失敗します。",
    },
    "fieldwork_ledger_answers_in": {"en": "Answers in", "zh-Hant": "收到", "ja": "受領"},
    "fieldwork_ledger_kept": {"en": "Kept", "zh-Hant": "保留", "ja": "採用"},
    "fieldwork_ledger_changed": {"en": "Changed", "zh-Hant": "更正", "ja": "訂正"},
    "fieldwork_ledger_blanked": {"en": "Blanked", "zh-Hant": "清空", "ja": "空欄化"},
    "fieldwork_ledger_set_aside": {"en": "Set aside", "zh-Hant": "擱置", "ja": "除外"},
    "fieldwork_missing": {
        "en": "Answers that are missing",
        "zh-Hant": "缺漏的答案",
        "ja": "欠けている回答",
    },
    "fieldwork_due": {"en": "Answers due", "zh-Hant": "應答數", "ja": "必要な回答"},
    "fieldwork_missing_method": {
        "en": "Due: questions that applied to the respondent, optional ones included. Shares are "
        "of the answers due.",
        "zh-Hant": "應答數為適用於受訪者的題目，含選答題；比例以應答數為分母。",
        "ja": "回答者に当てはまる質問の数（任意の質問を含む）。割合はこれに対するもの。",
    },
    "fieldwork_agreement": {
        "en": "How far two coders agreed",
        "zh-Hant": "兩位編碼員的一致程度",
        "ja": "二人のコード付けの一致",
    },
    "fieldwork_coded_question": {
        "en": "Open question",
        "zh-Hant": "開放題",
        "ja": "自由回答の質問",
    },
    "fieldwork_code": {"en": "Code", "zh-Hant": "編碼", "ja": "コード"},
    "fieldwork_all_codes": {"en": "all codes", "zh-Hant": "全部編碼", "ja": "すべてのコード"},
    "fieldwork_coded_by_both": {
        "en": "Coded by both",
        "zh-Hant": "兩人皆編碼",
        "ja": "二人がコード付け",
    },
    "fieldwork_same_code": {"en": "Same code", "zh-Hant": "編碼相同", "ja": "同じコード"},
    "fieldwork_kappa": {"en": "Cohen’s kappa", "zh-Hant": "Cohen's kappa", "ja": "Cohen の κ"},
    "fieldwork_low": {"en": "95% from", "zh-Hant": "95% 下限", "ja": "95% 下限"},
    "fieldwork_high": {"en": "to", "zh-Hant": "95% 上限", "ja": "95% 上限"},
    "fieldwork_alpha": {
        "en": "Krippendorff’s alpha",
        "zh-Hant": "Krippendorff's alpha",
        "ja": "Krippendorff の α",
    },
    "fieldwork_agreement_method": {
        "en": "Two coders coded every answer without knowing of each other. Where an answer may have "
        "several codes each code counts as yes or no. Kappa: Cohen, interval for large samples; alpha: "
        "Krippendorff, nominal.",
        "zh-Hant": "兩位編碼員各自獨立編碼所有答案。可多重編碼者，每一編碼視為是或否。kappa 為 Cohen 係數，區間適用於大樣本；"
        "alpha 為 Krippendorff 名目尺度係數。",
        "ja": "二人が互いに知らずにすべての回答にコードを付けました。複数のコードが付く質問では、コードごとに有無を数えます。"
        "κは Cohen（区間は大標本による）、αは Krippendorff の名義尺度です。",
    },
    "fieldwork_agreement_note": {
        "en": "Answers on which the coders differ and no one has decided yet: {n}. They have no code.",
        "zh-Hant": "編碼不一致且尚未決定的答案：{n} 個，暫無編碼。",
        "ja": "コードが異なり、まだ決まっていない回答：{n} 件。コードはありません。",
    },
    "fieldwork_agreements": {
        "en": "How far coders, and keyings, agreed",
        "zh-Hant": "編碼與鍵入的一致程度",
        "ja": "コード付けと入力の一致",
    },
    "fieldwork_keyed_by_person": {
        "en": "Agreement of keyings, by person",
        "zh-Hant": "鍵入一致程度（依人員）",
        "ja": "入力の一致（人別）",
    },
    "fieldwork_keyed_by_question": {
        "en": "Agreement of keyings, by question",
        "zh-Hant": "鍵入一致程度（依題目）",
        "ja": "入力の一致（質問別）",
    },
    "fieldwork_keyed_by": {"en": "Keyed by", "zh-Hant": "鍵入者", "ja": "入力者"},
    "fieldwork_keyed_unknown": {"en": "not named", "zh-Hant": "未具名", "ja": "記名なし"},
    "fieldwork_keyed_papers": {"en": "Papers", "zh-Hant": "紙本份數", "ja": "調査票"},
    "fieldwork_keyed": {"en": "Answers compared", "zh-Hant": "比對答案數", "ja": "比べた回答"},
    "fieldwork_keyed_same": {"en": "Keyed alike", "zh-Hant": "鍵入相同", "ja": "同じ入力"},
    "fieldwork_keyed_question": {"en": "Question", "zh-Hant": "題目", "ja": "質問"},
    "fieldwork_keyed_all": {"en": "all questions", "zh-Hant": "全部題目", "ja": "すべての質問"},
    "fieldwork_keyed_method": {
        "en": "Every paper was keyed twice; answers that are blank in both are not counted. "
        "Questions on which all keyings agree are not listed.",
        "zh-Hant": "每份紙本鍵入兩次；兩次皆空白者不計。完全一致的題目不列出。",
        "ja": "調査票は二度ずつ入力しました。どちらも空欄のものは数えません。すべて一致した質問は挙げていません。",
    },
    "fieldwork_duration": {"en": "Duration", "zh-Hant": "訪談時間", "ja": "所要時間"},
    "fieldwork_minutes": {"en": "minutes", "zh-Hant": "分鐘", "ja": "分"},
    "fieldwork_duration_method": {
        "en": "From the start to the end that the form names, where both are given.",
        "zh-Hant": "依問卷所填開始與結束時間計算，兩者皆填者才列入。",
        "ja": "調査票の開始時刻から終了時刻まで（両方の記入があるもの）。",
    },
}
