"""Facts of the town's tables are looked up in every language; the row is cited, nothing is made up."""

import csv
import re
from datetime import UTC, datetime

import pytest

from assistant.answering.acts import wants_something_else
from assistant.answering.tables import JAPAN
from assistant.bootstrap import System
from assistant.demo import DEMO_CITY
from assistant.language.numbers import format_date, format_weekdays, format_yen, next_day
from assistant.model import LANGUAGES, Ask, Channel, Conversation, Facet, Reply, Turn, Why
from knowledge.passage import Kind
from tests.conftest import DEMO

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday noon in Japan


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO_CITY / "tables" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(system: System, question: str, language: str) -> Reply | Ask:
    turn = Turn(id="t", conversation="c", town=DEMO, text=question, language=language, channel=Channel.API, at=NOW)
    decision = system.respond(turn, Conversation(id="c", town=DEMO)).decision
    assert isinstance(decision, Reply | Ask), (question, decision.why)
    return decision


def told(system: System, question: str, language: str) -> str:
    """The text of a table's answer, its citations checked."""
    decision = ask(system, question, language)
    assert isinstance(decision, Reply) and decision.why is Why.TABLE and decision.answer is not None, decision.text
    assert decision.language == decision.answer.language == language
    for citation in decision.answer.citations:
        assert citation.passage.kind is Kind.TABLE and citation.quote in citation.passage.text
    return decision.text


@pytest.mark.parametrize(
    ("language", "question", "category"),
    [
        ("ja", "乾電池の捨て方", "有害"), ("en", "How do I throw away a fruit peel?", "Burnable"),
        ("zh-Hans", "果皮怎么扔？", "可燃"), ("vi", "Vứt vỏ trái cây như thế nào?", "Rác cháy được"),
        ("pt-BR", "Como descarto cascas de frutas?", "incinerável"),
        ("ja-x-easy", "くだものの かわは どうやって すてますか", "もやす"),
        ("en", "how do i throw away 果物の皮", "Burnable"), ("ko", "TV는 어떻게 버려요?", "家電リサイクル対象"),
        ("th", "ทิ้งโซฟาอย่างไร", "粗大ごみ"), ("fil", "Saan itatapon ang baterya?", "有害・危険ごみ"),
        ("id", "baterai buangnya gimana", "有害・危険ごみ"), ("ne", "खाट कसरी फाल्ने", "粗大ごみ"),
        ("ne", "khat kasari falne", "粗大ごみ"), ("my", "ရေခဲသေတ္တာ ဘယ်လိုပစ်ရမလဲ", "家電リサイクル対象"),
        ("zh-Hant", "電視怎麼丟", "家電リサイクル対象"), ("es", "¿Cómo boto una bicicleta?", "粗大ごみ"),
    ],
)  # fmt: skip
def test_an_item_is_found_with_its_category(system: System, language: str, question: str, category: str) -> None:
    assert category in told(system, question, language)


def test_every_item_of_the_list_is_found_by_its_name(system: System) -> None:
    missed = []
    for row in rows("garbage_items.csv")[::5]:
        decision = ask(system, f"{row['item']}の捨て方", "ja")
        if row["category"] not in decision.text and not isinstance(decision, Ask):
            missed.append(row["item"])
    assert missed == []


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("ja", "自転車を登録したい"),
        ("ja", "ベッドを借りたいです"),
        ("ja-x-easy", "はんこを とうろくしたいです"),
        ("ja-x-easy", "くすりを もらいたいです"),
        ("en", "I lost my umbrella"),
        ("en", "I want to buy a bicycle"),
        ("vi", "Tôi muốn mua xe đạp"),
        ("zh-Hans", "我想登记自行车"),
        ("pt-BR", "Perdi meu guarda-chuva"),
        ("ko", "자전거를 등록하고 싶어요"),
    ],
)
def test_a_thing_that_is_not_thrown_away_is_no_garbage(system: System, language: str, question: str) -> None:
    turn = Turn(id="t", conversation="c", town=DEMO, text=question, language=language, channel=Channel.API, at=NOW)
    assert system.respond(turn, Conversation(id="c", town=DEMO)).decision.why is not Why.TABLE


@pytest.mark.parametrize(
    ("language", "question", "other"),
    [
        ("ja", "こわれた自転車", False), ("ja", "いらない本がたくさんあります", False), ("ja", "使用済み電池", False),
        ("ja", "自転車を登録したい", True), ("ja", "印鑑の登録", True), ("en", "old bicycle", False),
        ("en", "rental bicycle", False), ("es", "Se me perdió el paraguas", True), ("th", "ซื้อจักรยาน", True),
    ],
)  # fmt: skip
def test_an_act_is_told_from_putting_out(language: str, question: str, other: bool) -> None:
    assert wants_something_else(question, language) is other


def test_every_language_has_its_words_for_other_acts() -> None:
    things = {"pt-BR": "comprar", "zh-Hant": "我想買自行車", "ne": "साइकल किन्न", "my": "စက်ဘီး ဝယ်", "fil": "bumili",
              "id": "beli sepeda", "ko": "자전거 구입", "th": "ซื้อ", "vi": "mua", "es": "comprar", "en": "buy",
              "zh-Hans": "买", "ja": "自転車を買う", "ja-x-easy": "じてんしゃを かう"}  # fmt: skip
    assert things.keys() == set(LANGUAGES)
    assert all(wants_something_else(question, language) for language, question in things.items())


def test_one_word_that_names_several_items_is_asked_back(system: System) -> None:
    decision = ask(system, "电视机怎么扔？", "zh-Hans")
    assert isinstance(decision, Ask) and len(decision.choices) > 1
    flat = next(choice for choice in decision.choices if "液晶" in choice.text)
    assert "家电" in told(system, flat.text, "zh-Hans")


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("港町のごみの日はいつ", ("月曜日と木曜日", "第2と第4水曜日", "火曜日")),
        ("港町の燃やすごみの収集日", ("月曜日と木曜日",)),
        ("北浜町のペットボトルの収集日はいつですか", ("ペットボトル",)),
    ],
)  # fmt: skip
def test_the_days_of_a_named_district_are_told(system: System, question: str, stated: tuple[str, ...]) -> None:
    text = told(system, question, "ja")
    assert all(part in text for part in stated)


def test_the_next_day_is_counted_from_the_turn_in_japans_time(system: System) -> None:
    assert "2026年11月23日（月曜日）" in told(system, "港町の燃やすごみの収集日", "ja")
    late = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # Monday 0:30 in Japan: collection is today
    turn = Turn(
        id="t", conversation="c", town=DEMO, text="港町の燃やすごみの収集日", language="ja",
        channel=Channel.API, at=late,
    )  # fmt: skip
    assert "11月23日" in system.respond(turn, Conversation(id="c", town=DEMO)).decision.text


DAYS = {
    "ja": "ごみの日はいつですか", "ja-x-easy": "ごみの ひは いつですか", "en": "When is garbage collected?",
    "zh-Hans": "什么时候收垃圾？", "zh-Hant": "什麼時候收垃圾？", "ko": "쓰레기는 무슨 요일에 수거해요?",
    "vi": "Ngày nào thu gom rác?", "pt-BR": "Quando passa o lixo?", "es": "¿Qué día recogen la basura?",
    "fil": "Kailan kinokolekta ang basura?", "id": "Sampah diambil hari apa?", "ne": "फोहोर कहिले उठाउँछ?",
    "th": "เก็บขยะวันไหน", "my": "အမှိုက် ဘယ်နေ့ သိမ်းလဲ",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_district_the_district_is_asked_for(system: System, language: str) -> None:
    decision = ask(system, DAYS[language], language)
    assert isinstance(decision, Ask) and decision.why is Why.CHOOSE
    assert len(decision.choices) == len({row["district"] for row in rows("garbage_days.csv")})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_district_offered_is_answered_when_chosen(system: System, language: str) -> None:
    decision = ask(system, DAYS[language], language)
    assert isinstance(decision, Ask)
    for choice in decision.choices:
        assert isinstance(ask(system, choice.text, language), Reply), choice.text


OWN = {
    "en": ("When is garbage collected in Minato-machi?", "港町 (Minato-machi)"),
    "es": ("¿Qué día recogen la basura en Minatomachi?", "港町 (Minato-machi)"),
    "ko": ("미나토마치 쓰레기 수거일", "港町 (Minato-machi)"), "th": ("มินาโตะมาจิเก็บขยะวันไหน", "港町 (Minato-machi)"),
    "ne": ("मिनातोमाचीमा फोहोर कहिले उठाउँछ?", "港町 (Minato-machi)"),
    "my": ("မိနတိုမချိ အမှိုက် ဘယ်နေ့ သိမ်းလဲ", "港町 (Minato-machi)"),
    "id": ("Sampah di minato-cho diambil hari apa?", "港町 (Minato-machi)"),
    "fil": ("Kailan kinokolekta ang basura sa Minato-machi?", "港町 (Minato-machi)"),
    "vi": ("Ngày nào thu gom rác ở Minatomachi?", "港町 (Minato-machi)"), "zh-Hant": ("港町什麼時候收垃圾", "港町的"),
    "zh-Hans": ("港町什么时候收垃圾", "港町的"), "pt-BR": ("Quando passa o lixo em Minato?", "港町 (Minato-machi)"),
    "ja": ("みなとまちのごみの日", "港町の"), "ja-x-easy": ("みなとまちの ごみの ひは いつですか",
    "港町（みなとまち）"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_district_is_named_so_that_the_resident_can_read_it(system: System, language: str) -> None:
    question, shown = OWN[language]
    text = told(system, question, language)
    assert shown in text
    kinds = [row for row in rows("garbage_days.csv") if row["district"] == "港町"]
    for row, line in zip(kinds, [line for line in text.split("\n") if line.strip()], strict=True):
        following = next_day(row["schedule"], NOW.astimezone(JAPAN).date())
        assert format_date(following, language) in line and format_weekdays(row["schedule"], language) in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_amount_told_is_the_rows(system: System, language: str) -> None:
    ending = "easy" if language == "ja-x-easy" else language
    wrong = []
    for row in rows("fees.csv"):
        name = (row["item"] if language == "ja" else row[f"item_{ending}"]).partition("|")[0]
        found = system.town(DEMO).tables.look_up(name, language, (Facet.FEE,), NOW)
        if found is None or format_yen(int(row["yen"]), language) not in found.text:
            wrong.append((name, found and found.text[:80]))
    assert wrong == []


def test_when_with_a_kind_of_garbage_asks_for_days(system: System) -> None:
    assert "月曜日と木曜日" in told(system, "港町の燃やすごみはいつですか", "ja")


FEES = {
    "ja": ("住民票の写しはいくらですか", "300円"), "en": ("How much is a copy of resident record?", "300 yen"),
    "zh-Hans": ("住民票副本多少钱？", "300日元"), "zh-Hant": ("住民票謄本多少錢？", "300"),
    "ko": ("주민표 사본은 얼마예요?", "300엔"), "es": ("¿Cuánto cuesta el certificado de residencia?", "300 yenes"),
    "fil": ("Magkano ang sertipiko ng paninirahan?", "300"), "id": ("Berapa biaya surat keterangan domisili?", "300"),
    "ne": ("बसोबास प्रमाणपत्र कति पर्छ?", "300 येन"), "th": ("สำเนาทะเบียนผู้อยู่อาศัยราคาเท่าไหร่", "300 เยน"),
    "my": ("နေထိုင်သူမှတ်တမ်း ဘယ်လောက်လဲ", "300 ယန်း"),
    "vi": ("Bản sao phiếu cư trú bao nhiêu tiền?", "300 yên"),
    "pt-BR": ("Quanto custa a cópia do registro de residente?", "300 ienes"),
    "ja-x-easy": ("じゅうみんひょうは いくらですか", "300"),
}  # fmt: skip
HOURS = {
    "ja": "市民課は何時まで開いていますか",
    "en": "What time does the Citizens Division open?", "zh-Hans": "市民课几点开门？",
    "vi": "Phòng Công dân mấy giờ mở cửa?", "pt-BR": "Que horas abre a Divisão do Cidadão?",
    "ja-x-easy": "しみんかは なんじまで あいていますか", "zh-Hant": "市民課幾點開門？",
    "ko": "시민과는 몇 시에 열어요?",
    "es": "¿A qué hora abre la sección de ciudadanos?", "fil": "Anong oras bukas ang dibisyon ng mamamayan?",
    "id": "Bagian Kependudukan buka jam berapa?", "ne": "नागरिक शाखा कति बजे खुल्छ?",
    "th": "แผนกประชาชนเปิดกี่โมง", "my": "မြို့သားရေးရာဌာန ဘယ်အချိန် ဖွင့်လဲ",
}  # fmt: skip
PLACES = {
    "ja": "保健センターはどこですか", "en": "Where is the Health Centre?", "zh-Hans": "保健中心在哪里？",
    "vi": "Trung tâm Y tế cộng đồng ở đâu?", "pt-BR": "Onde fica o Centro de Saúde?",
    "ja-x-easy": "ほけんセンターは どこですか", "zh-Hant": "保健中心在哪裡？", "ko": "보건센터 어디예요?",
    "es": "¿Dónde está el centro de salud?", "fil": "Nasaan ang health center?", "id": "Pusat Kesehatan di mana?",
    "ne": "स्वास्थ्य केन्द्र कहाँ छ?", "th": "ศูนย์สุขภาพอยู่ที่ไหน", "my": "ကျန်းမာရေးစင်တာ ဘယ်မှာလဲ",
}  # fmt: skip
SHELTERS = {
    "ja": ("港町の避難所はどこですか", "港小学校"), "en": ("Where is the shelter in 港町?", "Minato Elementary School"),
    "zh-Hans": ("港町的避难所在哪里？", "港小学"), "vi": ("Nơi lánh nạn ở 港町 ở đâu?", "Trường tiểu học Minato"),
    "pt-BR": ("Onde fica o abrigo em 港町?", "Escola primária Minato"),
    "ja-x-easy": ("港町の ひなんじょは どこですか", "みなと しょうがっこう"),
    "zh-Hant": ("港町的避難所在哪裡？", "港國小"), "ko": ("미나토마치 대피소는 어디예요?", "미나토 초등학교"),
    "es": ("¿Dónde está el refugio de Minato-machi?", "Escuela primaria Minato"),
    "fil": ("Nasaan ang evacuation center sa Minato-machi?", "Minato Elementary School"),
    "id": ("Tempat evakuasi di Minato-machi di mana?", "Sekolah Dasar Minato"),
    "ne": ("मिनातोमाचीमा आश्रय स्थल कहाँ छ?", "मिनातो प्राथमिक विद्यालय"),
    "th": ("ศูนย์อพยพที่มินาโตะมาจิอยู่ที่ไหน", "โรงเรียนประถมมินาโตะ"),
    "my": ("မိနတိုမချိ ခိုလှုံရာနေရာ ဘယ်မှာလဲ", "မိနာတို မူလတန်းကျောင်း"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_fees_are_told(system: System, language: str) -> None:
    question, fee = FEES[language]
    text = told(system, question, language)
    assert fee in text
    assert language.startswith("ja") or "1通" not in text, "what it is for is said in the asker's language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_are_told(system: System, language: str) -> None:
    text = re.sub("（[ぁ-ゖー]+）", "", told(system, HOURS[language], language))
    assert "17:15" in text or "17時15分" in text or "17h15" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_facility_is_told_with_phone(system: System, language: str) -> None:
    assert "000-482-1120" in told(system, PLACES[language], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_shelters_of_a_district_are_told_with_their_disasters(system: System, language: str) -> None:
    question, name = SHELTERS[language]
    assert name in told(system, question, language)


def test_a_shelter_that_does_not_serve_a_disaster_is_not_said_to(system: System) -> None:
    line = next(line for line in told(system, "港町の避難所はどこですか", "ja").split("\n") if "港公園" in line)
    assert "地震" in line and "洪水" not in line and "津波" not in line


def test_every_district_has_its_shelters_told(system: System) -> None:
    by_district: dict[str, list[str]] = {}
    for row in rows("shelters.csv"):
        by_district.setdefault(row["district"], []).append(row["name"])
    for district, names in by_district.items():
        text = told(system, f"{district}の避難所はどこ", "ja")
        assert all(name in text for name in names), district


@pytest.mark.parametrize(
    "question", ["テレビ番組の予定", "燃え尽き症候群の相談", "電池で動く車を買いたい", "住民票とは何ですか"]
)
def test_a_name_in_passing_is_not_answered_from_a_table(system: System, question: str) -> None:
    turn = Turn(id="t", conversation="c", town=DEMO, text=question, language="ja", channel=Channel.API, at=NOW)
    assert system.respond(turn, Conversation(id="c", town=DEMO)).decision.why is not Why.TABLE
