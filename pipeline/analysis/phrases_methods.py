"""What the annex on methods says itself."""

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "methods_intro": {
        "en": "What a reader must know to judge the findings, in the order of the disclosure items of the "
        "American Association for Public Opinion Research (AAPOR).",
        "zh-Hant": "讀者判斷結果時必須知道的事項，依美國民意研究學會（AAPOR）揭露項目之順序。",
        "ja": "結果を判断するうえで読者が知っておくべきことを、米国世論調査協会（AAPOR）の開示項目の順に示します。",
    },
    "methods_not_stated": {
        "en": "Not stated yet: see methods in study.yaml.",
        "zh-Hant": "尚未說明：見 study.yaml 之 methods。",
        "ja": "まだ記載がありません（study.yaml の methods）。",
    },
    "list_comma": {"en": ", ", "zh-Hant": "、", "ja": "、"},
    "methods_strategy": {
        "en": "Strategy of data collection",
        "zh-Hant": "資料蒐集策略",
        "ja": "データ収集の方法",
    },
    "methods_sponsor": {
        "en": "Sponsor and funding",
        "zh-Hant": "委託與經費來源",
        "ja": "調査主体と資金",
    },
    "methods_conducted": {"en": "Who conducted it", "zh-Hant": "執行單位", "ja": "実施者"},
    "methods_instruments": {
        "en": "Instruments and wording",
        "zh-Hant": "問卷與題目文字",
        "ja": "調査票と質問文",
    },
    "methods_population": {
        "en": "Population under study",
        "zh-Hant": "研究母體",
        "ja": "調査の対象",
    },
    "methods_sample": {
        "en": "How the sample was made and recruited",
        "zh-Hant": "樣本的選取與招募",
        "ja": "対象者の選び方と依頼のしかた",
    },
    "methods_modes": {
        "en": "Modes of data collection",
        "zh-Hant": "資料蒐集方式",
        "ja": "回収の方法",
    },
    "methods_dates": {
        "en": "Dates of data collection",
        "zh-Hant": "資料蒐集期間",
        "ja": "調査の期間",
    },
    "methods_sizes": {
        "en": "Sample sizes and precision",
        "zh-Hant": "樣本數與精確度",
        "ja": "回答数と精度",
    },
    "methods_weighting": {"en": "Weights", "zh-Hant": "加權方式", "ja": "ウェイトの付け方"},
    "methods_processing": {
        "en": "Processing and quality",
        "zh-Hant": "資料處理與品質",
        "ja": "データの処理と品質",
    },
    "methods_disclosure": {
        "en": "Protection of those who answered",
        "zh-Hant": "對受訪者的保護",
        "ja": "回答者の保護",
    },
    "methods_limitations": {"en": "Limitations", "zh-Hant": "限制", "ja": "限界"},
    "methods_replication": {
        "en": "How to repeat it",
        "zh-Hant": "如何重現結果",
        "ja": "再現のしかた",
    },
    "methods_contact": {"en": "Contact", "zh-Hant": "聯絡方式", "ja": "連絡先"},
    "methods_said_strategy": {
        "en": "A survey by questionnaire: {forms}.",
        "zh-Hant": "問卷調查：{forms}。",
        "ja": "調査票による調査：{forms}。",
    },
    "methods_said_instrument": {
        "en": "{title} ({form}, {version}): {n} questions, in {languages}. The whole wording stands in "
        "outputs/forms/{form}/.",
        "zh-Hant": "{title}（{form}，{version}）：{n} 題，語言：{languages}。全文見 outputs/forms/{form}/。",
        "ja": "{title}（{form}、{version}）：{n} 問、言語：{languages}。全文は outputs/forms/{form}/ にあります。",
    },
    "methods_said_period": {
        "en": "In the field from {first} to {last}.",
        "zh-Hant": "調查期間 {first} 至 {last}。",
        "ja": "調査期間 {first}～{last}。",
    },
    "methods_said_received": {
        "en": "Received from {first} to {last}.",
        "zh-Hant": "收件期間 {first} 至 {last}。",
        "ja": "受領 {first}～{last}。",
    },
    "methods_said_received_day": {
        "en": "Received on {first}.",
        "zh-Hant": "收件日期 {first}。",
        "ja": "受領 {first}。",
    },
    "language_en": {"en": "English", "zh-Hant": "英文", "ja": "英語"},
    "language_zh-Hant": {"en": "Traditional Chinese", "zh-Hant": "繁體中文", "ja": "繁体字中国語"},
    "language_ja": {"en": "Japanese", "zh-Hant": "日文", "ja": "日本語"},
    "methods_said_mode": {
        "en": "{title}: {ways}. Interview: {modes}. Forms in {languages}.",
        "zh-Hant": "{title}：{ways}。訪問方式：{modes}。問卷語言：{languages}。",
        "ja": "{title}：{ways}。聞き取りの方法：{modes}。調査票の言語：{languages}。",
    },
    "methods_said_ways": {
        "en": "{title}: {ways}. Forms in {languages}.",
        "zh-Hant": "{title}：{ways}。問卷語言：{languages}。",
        "ja": "{title}：{ways}。調査票の言語：{languages}。",
    },
    "methods_said_size": {
        "en": "{title}: {n} responses kept, {aside} set aside, {refused} did not consent.",
        "zh-Hant": "{title}：保留 {n} 份，擱置 {aside} 份，不同意受訪 {refused} 份。",
        "ja": "{title}：採用 {n} 件、除外 {aside} 件、不同意 {refused} 件。",
    },
    "methods_said_processing": {
        "en": "{title}: {issues} issues raised, {queried} of them asked back to the field; {changed} answers "
        "changed and {blanked} blanked, each by a named rule or correction.",
        "zh-Hant": "{title}：發現問題 {issues} 筆，其中 {queried} 筆退回調查現場查詢；更正 {changed} 個答案、"
        "清空 {blanked} 個，均註明規則或更正。",
        "ja": "{title}：指摘 {issues} 件、うち現地照会 {queried} 件。訂正した回答 {changed} 件、"
        "空欄とした回答 {blanked} 件で、いずれも規則または訂正の記録があります。",
    },
    "methods_said_disclosure": {
        "en": "Names, addresses and other identifiers are set apart before anything is tabulated. No number rests "
        "on fewer than {n} answers, and what would give a hidden number away is withheld too.",
        "zh-Hant": "製表前即分離姓名、地址等識別資料。任何數字均至少依據 {n} 份回答，足以推算隱藏數字者亦不公開。",
        "ja": "氏名や住所などは集計の前に切り離します。どの数値も {n} 件以上の回答にもとづき、"
        "隠した数値を推測できるものも示しません。",
    },
    "methods_said_replication": {
        "en": "Everything here is made from the questionnaires and the returned files by the command “survey analyze”, version "
        "{version}; each table names its data and code by their hashes.",
        "zh-Hant": "本報告全部由問卷與回收檔案經「survey analyze」指令（{version} 版）產生；各表均列出資料與程式的雜湊值。",
        "ja": "この報告はすべて、調査票と返送ファイルから「survey analyze」（{version} 版）で作られます。"
        "各表に、データとプログラムのハッシュ値を示しています。",
    },
}
