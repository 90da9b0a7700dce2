"""What the notebook on activities says itself."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "activities_intro": {
        "en": "The plan of the first year, held against the records of what took place. "
        "Activities are events, not people: their counts are shown in full.",
        "zh-Hant": "將第一年計畫與實際活動紀錄對照。活動是事件而非個人，因此次數全部列出。",
        "ja": "初年度の計画を、実施した活動の記録と突き合わせます。"
        "活動は人ではなく出来事なので、回数はすべて示します。",
    },
    "activities_plan": {
        "en": "Held against the plan",
        "zh-Hant": "計畫與實際執行",
        "ja": "計画と実施",
    },
    "activities_plan_method": {
        "en": "A record counts for the row of the plan that it names; a record that names none "
        "counts as unplanned. Sessions are counted once, however many records name them.",
        "zh-Hant": "紀錄依其所填的計畫編號計入該項；未填計畫編號者列為計畫外。"
        "同一場次即使有多筆紀錄也只計一次。",
        "ja": "記録は、そこに書かれた計画番号の行に数えます。番号のないものは計画外とします。"
        "同じ回に複数の記録があっても一回と数えます。",
    },
    "activities_topic": {"en": "Activity", "zh-Hant": "活動", "ja": "活動"},
    "activities_id": {"en": "Plan", "zh-Hant": "計畫編號", "ja": "計画番号"},
    "activities_when": {"en": "Planned for", "zh-Hant": "預定時間", "ja": "予定時期"},
    "activities_planned": {"en": "Planned", "zh-Hant": "預定次數", "ja": "予定回数"},
    "activities_held": {"en": "Held", "zh-Hant": "已辦次數", "ja": "実施回数"},
    "activities_still": {"en": "Still to hold", "zh-Hant": "尚待辦理", "ja": "残り"},
    "activities_unplanned": {"en": "Not in the plan", "zh-Hant": "計畫外", "ja": "計画外"},
    "activities_all": {"en": "All", "zh-Hant": "合計", "ja": "合計"},
    "activities_by_kind": {
        "en": "By kind of activity",
        "zh-Hant": "依活動類型",
        "ja": "活動の種類別",
    },
    "activities_by_city": {"en": "By city", "zh-Hant": "依城市", "ja": "都市別"},
    "activities_timeline": {"en": "Timeline", "zh-Hant": "時程", "ja": "実施時期"},
    "activities_timeline_note": {
        "en": "Bars: when planned. Dots: when held; an open dot lies outside its bar.",
        "zh-Hant": "橫條：預定期間。圓點：實際日期；空心圓點表示不在預定期間內。",
        "ja": "帯は予定の時期、点は実施日。白抜きの点は予定の時期から外れたもの。",
    },
    "activities_participants": {
        "en": "Participants by kind",
        "zh-Hant": "各類參與者",
        "ja": "参加者の種類別人数",
    },
    "activities_participants_method": {
        "en": "Sums of the numbers recorded at each activity. A person who came to several "
        "activities is counted at each.",
        "zh-Hant": "各場活動所記人數之總和；同一人參加多場時，每場各計一次。",
        "ja": "各活動で記録した人数の合計。複数の活動に参加した人は、その都度数えています。",
    },
    "activities_persons": {"en": "persons", "zh-Hant": "人次", "ja": "延べ人数"},
    "activities_persons_head": {"en": "Persons", "zh-Hant": "人次", "ja": "延べ人数"},
    "activities_events_head": {"en": "Activities", "zh-Hant": "活動次數", "ja": "活動数"},
    "activities_events": {"en": "activities", "zh-Hant": "活動次數", "ja": "活動数"},
    "activities_follow_up": {"en": "Follow-up", "zh-Hant": "後續工作", "ja": "フォローアップ"},
    "activities_follow_up_who": {
        "en": "Tasks agreed, by who carries them out",
        "zh-Hant": "依負責者統計之後續工作",
        "ja": "担当者別の合意した作業",
    },
    "activities_tasks": {"en": "Tasks", "zh-Hant": "工作項目", "ja": "作業数"},
    "activities_first_due": {"en": "First due", "zh-Hant": "最早期限", "ja": "最も早い期限"},
    "activities_last_due": {"en": "Last due", "zh-Hant": "最晚期限", "ja": "最も遅い期限"},
    "activities_census": {
        "en": "A full count of the records; no sampling.",
        "zh-Hant": "全部紀錄之計數，非抽樣。",
        "ja": "全記録の集計であり、標本抽出ではありません。",
    },
    "activities_none": {
        "en": "No record has come back yet.",
        "zh-Hant": "目前尚無活動紀錄。",
        "ja": "まだ記録はありません。",
    },
}
