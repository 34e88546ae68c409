"""What residents type at the edges of conversation gets a decision in the right language, whatever it looks like."""

from __future__ import annotations

import pytest

from assistant.answering.followup import names_nothing
from assistant.bootstrap import System
from assistant.channels.spoken import shortened
from assistant.language.zawgyi import NOTICE, is_zawgyi
from assistant.model import LANGUAGES, Ask, Channel, Conversation, Decision, HandOff, Reply, Turn, Understanding, Why
from assistant.understanding.around import load_around, says_nothing, unnamed, without_fillers
from assistant.understanding.facets import facets
from assistant.understanding.tongue import wants_language
from tests.conftest import DEMO

RESIDENT_RECORD = "guide:resident-record-copy"
FEE = {
    "ja": "いくらですか", "ja-x-easy": "ええと それ いくらですか", "en": "and how much is it?", "zh-Hans": "多少钱？",
    "zh-Hant": "多少錢？", "ko": "얼마예요?", "vi": "bao nhiêu tiền vậy?", "pt-BR": "quanto custa?",
    "es": "¿y cuánto cuesta?", "fil": "magkano po?", "id": "berapa biayanya?", "ne": "कति पर्छ?", "th": "เท่าไหร่คะ",
    "my": "ဘယ်လောက်လဲ",
}  # fmt: skip
BRING = {
    "ja": "何が必要ですか", "en": "what do I bring?", "zh-Hans": "要带什么？", "zh-Hant": "要帶什麼？",
    "ko": "뭘 가져가야 해요?", "vi": "cần mang theo gì?", "pt-BR": "o que preciso levar?",
    "es": "¿Qué tengo que llevar?", "fil": "ano ang dadalhin ko?", "id": "apa yang harus dibawa?",
    "ne": "के के लैजानु पर्छ?",
    "th": "ต้องเอาอะไรไปบ้าง", "my": "ဘာယူသွားရမလဲ",
}  # fmt: skip
TYPED = [
    ("😀", "ask", "ja"),
    ("👍👍", "thanks", "ja"),
    ("👋", "greeting", "ja"),
    ("(´・ω・`)", "ask", "ja"),
    ("ಠ_ಠ", "ask", "ja"),
    ("123", "ask", "ja"),
    ("…", "empty", "ja"),
    ("ｼﾞｭｳﾐﾝﾋｮｳ", RESIDENT_RECORD, "ja"),
    ("ジュウミンヒョウ", RESIDENT_RECORD, "ja"),
    ("學校の入学手続き", "guide:school-enrol", "ja"),
    ("國民健康保險に入りたい", "guide:nhi-join", "ja"),
    ("戶籍謄本", "ask", "zh-Hant"),
    ("轉入屆", "ask", "zh-Hant"),
    ("ええと あの 住民票が ほしいんですけど いくらですか", "table", "ja-x-easy"),
    ("えーっと住民票の写しがほしいんですけど", RESIDENT_RECORD, "ja"),
    ("HOW DO I REGISTER MY DOG", "guide:dog-registration", "en"),
    ("giay chung nhan cu tru bao nhieu tien", RESIDENT_RECORD, "vi"),
    ("toi muon dang ky bao hiem y te", "guide:nhi-join", "vi"),
    ("Onde posso tratar da mudança de morada?", "handoff", "pt-BR"),
    ("fohor kahile falne", "ask", "ne"),
    ("juminhyoがほしい", RESIDENT_RECORD, "ja"),
    ("住民票 phải làm sao", RESIDENT_RECORD, "vi"),
    ("كيف أسجل عنواني الجديد؟", "refused", "ja-x-easy"),
    ("میں کوڑا کب پھینکوں؟", "refused", "ja-x-easy"),
    ("איך אני רושם את הכתובת שלי?", "refused", "ja-x-easy"),
    ("あ" * 400, "refused", "ja"),
    ("https://www.city.asanagi.example/" + "a" * 300, "ask", "ja"),
]
WISHES = [
    ("English please", "en"), ("Do you speak English?", "en"), ("ENGLISH PLEASE!!", "en"), ("英語でお願いします", "en"),
    ("可以说英语吗", "en"), ("영어로 부탁합니다", "en"), ("日本語でお願いします", "ja"), ("Switch to Japanese", "ja"),
    ("やさしい日本語で話してください", "ja-x-easy"), ("中文可以吗", "zh-Hans"), ("中国語でお願いします", "zh-Hans"),
    ("請用中文", "zh-Hant"), ("繁體中文", "zh-Hant"), ("한국어로 해 주세요", "ko"), ("tiếng Việt được không", "vi"),
    ("tieng viet dc khong", "vi"), ("fala português?", "pt-BR"), ("¿habla español?", "es"),
    ("pwede bang mag-Tagalog?", "fil"), ("bisa bahasa Indonesia?", "id"), ("नेपालीमा भन्नुहोस्", "ne"),
    ("nepali ma bhannus", "ne"), ("พูดภาษาไทยได้ไหม", "th"), ("မြန်မာလို ပြောပါ", "my"),
]  # fmt: skip
NO_WISHES = [
    "日本語教室はどこですか", "日本語がわかりません", "I do not speak Japanese", "No hablo inglés",
    "birth certificate in English", "where can I learn Japanese?", "Japanese or English?",
    "có phiên dịch tiếng Việt không", "我想学中文", "กลับเมืองไทย", "फारम नेपालीमा छ?", "hello", "", "😀",
]  # fmt: skip


def say(system: System, text: str, *, chosen: str | None = None, before: Conversation | None = None) -> Decision:
    turn = Turn(id="t", conversation="c", town=DEMO, text=text, language=chosen, channel=Channel.WEB, at=system.clock())
    return system.respond(turn, before or Conversation(id="c", town=DEMO)).decision


def kind(decision: Decision) -> str:
    """A guide's key for an answer, else what sort of decision it is."""
    match decision:
        case Reply(why=Why.ANSWERED):
            return decision.topic_key or ""
        case Reply(why=Why.OUT_OF_SCOPE):
            return "refused"
        case Ask():
            return "ask"
        case HandOff():
            return "handoff"
        case _:
            return decision.why.value


@pytest.mark.parametrize(("text", "expected", "language"), TYPED)
def test_whatever_is_typed_has_a_decision_in_the_right_language(
    system: System, text: str, expected: str, language: str
) -> None:
    decision = say(system, text)
    assert (kind(decision), decision.language) == (expected, language)


@pytest.mark.parametrize("text", ["كيف أسجل عنواني الجديد؟", "Где вынести мусор?"])
def test_a_language_that_we_do_not_speak_is_told_so_first(system: System, text: str) -> None:
    assert say(system, text).text.startswith(system.words.notice("und"))


@pytest.mark.parametrize("texts", [FEE, BRING], ids=["fee", "bring"])
def test_a_fact_of_nothing_is_asked_back_and_after_an_answer_it_is_of_its_topic(
    system: System, texts: dict[str, str]
) -> None:
    topic = Conversation(id="c", town=DEMO, topic_key=RESIDENT_RECORD)
    for language, text in texts.items():
        first, then = say(system, text, chosen=language), say(system, text, chosen=language, before=topic)
        assert first.why is Why.CLARIFY and first.language == language, (language, first.text)
        assert then.why is Why.TABLE or kind(then) == RESIDENT_RECORD, (language, then.text)


@pytest.mark.parametrize(
    ("language", "text"),
    [("ja", "パスポートの料金は"), ("en", "How much is a passport?"), ("ko", "쓰레기는 언제 버려요?"),
     ("th", "ทิ้งขยะวันไหน"),
     ("my", "အမှိုက် ဘယ်နေ့ ပစ်ရမလဲ"), ("vi", "Làm thẻ mất bao nhiêu tiền?"), ("ne", "फोहोर कहिले फाल्ने?")],
)  # fmt: skip
def test_a_question_that_names_a_thing_is_no_follow_up(language: str, text: str) -> None:
    read = Understanding(language=language, question=text, intent="ask", facets=facets(text, language))
    assert read.facets and not names_nothing(read)


def test_none_of_the_towns_own_questions_names_nothing(system: System) -> None:
    from knowledge.passage import Layer
    from knowledge.sources.guides import read_guide
    from knowledge.sources.reading import Origin
    from tests.test_other_towns import CITY

    origin, asked = Origin(owner=DEMO, layer=Layer.TOWN, root=CITY / "guides", language="ja"), 0
    for path in sorted((CITY / "guides").glob("*/*.md")):
        for guide in read_guide(path, origin).documents:
            for question in (*guide.questions, guide.title):
                asked += 1
                assert not says_nothing(question)
                assert not (facets(question, guide.language) and unnamed(question, guide.language)), question
    assert asked > 3000


def test_the_language_changes_with_the_words_and_a_choice_wins(system: System) -> None:
    before = Conversation(id="c", town=DEMO, language="ja", topic_key=RESIDENT_RECORD)
    assert say(system, FEE["vi"], before=before).language == "vi"
    assert say(system, FEE["vi"], chosen="en", before=before).language == "en"
    thread = Conversation(id="c", town=DEMO, language="vi")
    assert say(system, "住民票", before=thread).language == "vi", "a pasted Japanese term"


@pytest.mark.parametrize(("text", "language"), WISHES)
def test_a_wish_for_a_language_is_understood_in_any(text: str, language: str) -> None:
    assert wants_language(text) == language


@pytest.mark.parametrize("text", NO_WISHES)
def test_what_only_speaks_of_a_language_is_no_wish_for_it(text: str) -> None:
    assert wants_language(text) is None


def test_fillers_go_and_words_that_look_like_them_stay() -> None:
    assert without_fillers("えーと、あのー、転入届", "ja") == "転入届"
    assert without_fillers("ええと", "ja") == "ええと", "nothing else is said"
    assert without_fillers("あの家のごみ", "ja") == "あの家のごみ"
    assert without_fillers("phan loai rac o thanh pho", "vi") == "phan loai rac o thanh pho"
    assert {"ja", "zh", "th", "my"} <= set(load_around()) and len(load_around()) <= len(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "zawgyi"),
    [("ေနထိုင္ခြင့္လက္မွတ္ ဘယ္လိုယူရမလဲ", True), ("အမႈိက္ ဘယ္ေန႔ ပစ္ရမလဲ", True), ("ေက်းဇူးတင္ပါတယ္", True),
     ("အမှိုက် ဘယ်နေ့ ပစ်ရမလဲ", False), ("မြန်မာစာနဲ့ ဖြေပေးပါ", False), ("住民票", False), ("", False)],
)  # fmt: skip
def test_zawgyi_is_told_from_unicode(text: str, zawgyi: bool) -> None:
    assert is_zawgyi(text) is zawgyi


def test_none_of_our_own_burmese_is_zawgyi(system: System) -> None:
    assert not any(is_zawgyi(text) for text in system.words.outcomes["my"].values())
    assert not is_zawgyi(NOTICE)


@pytest.mark.parametrize(("language", "stop"), [("ja", "。"), ("en", "."), ("zh-Hant", "。"), ("ne", "।"), ("my", "။")])
def test_spoken_lines_end_as_the_language_ends_them(language: str, stop: str) -> None:
    spoken, _ = shortened("一\n二", language)
    assert spoken.startswith(f"一{stop}") and spoken.endswith(stop)


def test_thai_lines_are_parted_by_spaces_and_all_languages_stay_short() -> None:
    assert shortened("ก\nข", "th") == ("ก ข", False)
    for language in LANGUAGES:
        assert len(shortened("\n".join(["あ" * 60] * 12), language)[0]) < 400
