"""Questionnaires that tests share; everything in them is SYNTHETIC."""

from pipeline.questionnaire.model import (
    Choice,
    Group,
    MissingKind,
    Question,
    Questionnaire,
    Repeat,
)

LANGUAGES = {"en": "English (en)", "zh-Hant": "繁體中文 (zh)", "ja": "日本語 (ja)"}


def text(en: str, zh: str, ja: str) -> dict[str, str]:
    """Words in the three languages."""
    return {"en": en, "zh-Hant": zh, "ja": ja}


def choice(name: str, en: str, zh: str, ja: str, **more: object) -> Choice:
    """A choice with its labels."""
    return Choice(name=name, label=text(en, zh, ja), **more)  # type: ignore[arg-type]


CHOICES = {
    "yes_no": (choice("yes", "Yes", "是", "はい"), choice("no", "No", "否", "いいえ")),
    "county": (
        choice("hualien", "Hualien County", "花蓮縣", "花蓮県", columns={"region": "east"}),
        choice("taipei", "Taipei City", "臺北市", "台北市", columns={"region": "north"}),
    ),
    "region": (choice("east", "East", "東部", "東部"), choice("north", "North", "北部", "北部")),
    "service": (
        choice("legal", "Legal advice", "法律諮詢", "法律相談"),
        choice("housing", "Housing", "住宿", "住まい"),
        choice("other", "Something else", "其他", "その他"),
        choice("none", "None of these", "以上皆無", "どれもない", exclusive=True),
    ),
    "scale": (
        choice("1", "Very poor", "非常差", "とても悪い"),
        choice("2", "Poor", "差", "悪い"),
        choice("3", "Good", "好", "良い"),
        choice("dont_know", "Don't know", "不知道", "わからない", missing=MissingKind.DONT_KNOW),
    ),
}


def every_type_questionnaire() -> Questionnaire:
    """Every question type that Excel can ask, groups, a repeat, and a repeat inside it."""
    return Questionnaire(
        form_id="every_type",
        version="2011.08.1",
        title=text("Every type (SYNTHETIC)", "各種題型（SYNTHETIC）", "すべての型（SYNTHETIC）"),
        default_language="zh-Hant",
        languages=LANGUAGES,
        choices=CHOICES,
        survey=(_plain_group(), _choice_group(), _moments_group(), _members()),
    )


def _plain_group() -> Group:
    return Group(
        group="plain",
        label=text("Numbers and words", "數字與文字", "数字と言葉"),
        questions=(
            Question(name="start", type="start"),
            Question(
                name="welcome",
                type="note",
                label=text(
                    "Thank you for taking part.", "感謝您的參與。", "ご協力ありがとうございます。"
                ),
            ),
            Question(
                name="code",
                type="text",
                label=text("Code of the interviewer", "訪員代號", "聞き手のコード"),
                hint=text("For example AB01", "例如 AB01", "例：AB01"),
                required=True,
                constraint="regex(., '[A-Z]{2}[0-9]{2}')",
                constraint_message=text(
                    "Two capitals and two digits, please.",
                    "請填兩個大寫字母與兩位數字。",
                    "大文字2字と数字2桁で記入してください。",
                ),
            ),
            Question(
                name="staff",
                type="integer",
                label=text(
                    "How many people work here?", "有多少工作人員？", "何人が働いていますか。"
                ),
                unit=text("people", "人", "人"),
                required=True,
                constraint=". >= 0 and . <= 500",
                constraint_message=text("From 0 to 500.", "0 至 500。", "0から500まで。"),
            ),
            Question(
                name="budget",
                type="decimal",
                label=text("Budget of one year", "全年預算", "1年間の予算"),
                unit=text("million TWD", "百萬元", "百万元"),
            ),
            Question(
                name="trust",
                type="range",
                label=text(
                    "How far do you trust the office?",
                    "您信任該機關嗎？",
                    "窓口を信頼していますか。",
                ),
                parameters={"start": "0", "end": "10", "step": "1"},
            ),
            Question(name="staff_twice", type="calculate", calculation="${staff} * 2"),
            Question(
                name="remark",
                type="text",
                label=text("Anything else?", "其他意見？", "ほかに何かありますか。"),
                appearance="multiline",
            ),
            Question(name="tag", type="barcode", label=text("Tag", "標籤", "札")),
        ),
    )


def _choice_group() -> Group:
    return Group(
        group="choosing",
        label=text("Choosing", "選擇", "選択"),
        relevant="${staff} > 0",
        questions=(
            Question(
                name="has_cases",
                type="select_one yes_no",
                label=text("Do you assist refugees?", "是否協助難民？", "難民を支援していますか。"),
                required=True,
            ),
            Question(
                name="region",
                type="select_one region",
                label=text("Which region?", "哪個地區？", "どの地域ですか。"),
            ),
            Question(
                name="county",
                type="select_one county",
                label=text("Which county?", "哪個縣市？", "どの県・市ですか。"),
                choice_filter="region = ${region}",
            ),
            Question(
                name="services",
                type="select_multiple service",
                label=text("Which services?", "提供哪些服務？", "どのような支援ですか。"),
                relevant="${has_cases} = 'yes'",
                constraint="not(selected(., 'none') and count-selected(.) > 1)",
                constraint_message=text(
                    "“None” stands alone.",
                    "「以上皆無」不可與其他選項併選。",
                    "「どれもない」は単独で選んでください。",
                ),
                required=True,
            ),
            Question(
                name="services_other",
                type="text",
                label=text("Which else?", "其他服務為何？", "どのような支援ですか。"),
                relevant="selected(${services}, 'other')",
                required=True,
            ),
            Group(
                group="ratings",
                label=text("Ratings", "評分", "評価"),
                questions=(
                    Question(
                        name="access",
                        type="select_one scale",
                        label=text("Access to a doctor", "就醫管道", "医療を受けやすいか"),
                    ),
                    Question(
                        name="priorities",
                        type="rank service",
                        label=text("Put these in order.", "請排序。", "順番をつけてください。"),
                    ),
                ),
            ),
            Question(
                name="agreed",
                type="acknowledge",
                label=text("I have read this.", "我已閱讀。", "読みました。"),
            ),
        ),
    )


def _moments_group() -> Group:
    return Group(
        group="moments",
        label=text("When and where", "時間與地點", "日時と場所"),
        questions=(
            Question(
                name="visited_on",
                type="date",
                label=text("Date of the visit", "訪問日期", "訪問日"),
                required=True,
                constraint=". >= date('2011-04-01') and . <= date('2012-03-31')",
                constraint_message=text(
                    "Between April 2011 and March 2012.",
                    "須在 2011 年 4 月至 2012 年 3 月之間。",
                    "2011年4月から2012年3月までです。",
                ),
            ),
            Question(name="visited_at", type="time", label=text("Time", "時間", "時刻")),
            Question(
                name="left_at",
                type="dateTime",
                label=text("Date and time of leaving", "離開的日期與時間", "退出した日時"),
            ),
            Question(name="spot", type="geopoint", label=text("Position", "位置", "位置")),
            Question(name="photo", type="image", label=text("A photograph", "照片", "写真")),
        ),
    )


def _members() -> Repeat:
    return Repeat(
        repeat="ties",
        label=text("Organisations you work with", "合作組織", "協力している団体"),
        hint=text("One row for each.", "每個組織一列。", "1団体につき1行です。"),
        questions=(
            Question(name="tie_name", type="text", label=text("Name", "名稱", "名称")),
            Question(
                name="tie_often",
                type="integer",
                label=text("Meetings a year", "每年會議次數", "年間の会合数"),
                unit=text("times", "次", "回"),
            ),
            Question(
                name="tie_close",
                type="select_one yes_no",
                label=text("A close tie?", "關係密切嗎？", "親しい関係ですか。"),
            ),
            Question(
                name="tie_services",
                type="select_multiple service",
                label=text("Working together on", "合作項目", "協力の内容"),
            ),
            Question(
                name="tie_since",
                type="date",
                label=text("Since", "開始日期", "開始日"),
            ),
            Repeat(
                repeat="projects",
                label=text("Their projects", "合作計畫", "共同の事業"),
                questions=(
                    Question(
                        name="project_name", type="text", label=text("Project", "計畫", "事業")
                    ),
                    Question(
                        name="project_size",
                        type="decimal",
                        label=text("Size", "規模", "規模"),
                    ),
                ),
            ),
        ),
    )
