"""Facets, small talk, the wish for a person and personal cases are read from a message in all languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import LANGUAGES, Facet
from assistant.understanding.facets import facets, load_cues
from assistant.understanding.intents import asks_for_person, personal_case, small_talk

DATA = Path(__file__).parents[2] / "shared" / "data"
F = Facet

FACETS = [
    ("住民票はいくらですか", "ja", (F.FEE,)), ("印鑑証明なんぼ？", "ja", (F.FEE,)), ("お値段は", "ja", (F.FEE,)),
    ("いるもんある？", "ja", (F.BRING,)), ("何を持っていけばいいですか", "ja", (F.BRING,)),
    ("必要なものは？", "ja", (F.BRING,)), ("どこで出せますか", "ja", (F.WHERE,)),
    ("いつまでに出しますか", "ja", (F.DEADLINE,)), ("それっていつまで？", "ja", (F.DEADLINE,)),
    ("土曜日は開いていますか", "ja", (F.WHEN,)), ("何時から？", "ja", (F.WHEN,)),
    ("14日を過ぎました", "ja", (F.DEADLINE,)), ("代理人でもできますか", "ja", (F.WHO,)),
    ("スマホでできますか", "ja", (F.ONLINE,)), ("電話番号を教えて", "ja", (F.PHONE,)),
    ("どの法律ですか", "ja", (F.LAW,)), ("転入届の出し方", "ja", (F.HOW,)),
    ("お金（かね）は いくら かかりますか", "ja-x-easy", (F.FEE,)),
    ("手数料と持ち物を教えて", "ja", (F.FEE, F.BRING)), ("How much is a juminhyo?", "en", (F.FEE,)),
    ("what should i bring", "en", (F.BRING,)), ("Where do I go?", "en", (F.WHERE,)),
    ("Are you open on Saturdays?", "en", (F.WHEN,)), ("until when is that?", "en", (F.DEADLINE,)),
    ("Can my wife apply for me?", "en", (F.WHO,)), ("can I do it online", "en", (F.ONLINE,)),
    ("what's the phone number", "en", (F.PHONE,)), ("which law says that", "en", (F.LAW,)),
    ("多少钱", "zh-Hans", (F.FEE,)), ("带什么", "zh-Hans", (F.BRING,)), ("在哪里办", "zh-Hans", (F.WHERE,)),
    ("星期六开门吗", "zh-Hans", (F.WHEN,)), ("那个到什么时候截止？", "zh-Hans", (F.DEADLINE,)),
    ("家人可以代办吗", "zh-Hans", (F.WHO,)), ("可以网上办吗", "zh-Hans", (F.ONLINE,)),
    ("bao nhiêu tiền", "vi", (F.FEE,)), ("bao nhieu tien vay", "vi", (F.FEE,)), ("cần mang gì", "vi", (F.BRING,)),
    ("làm ở đâu ạ", "vi", (F.WHERE,)), ("Cái đó đến bao giờ?", "vi", (F.DEADLINE,)),
    ("Mấy giờ mở cửa?", "vi", (F.WHEN,)), ("số điện thoại là gì", "vi", (F.PHONE,)),
    ("quanto custa", "pt-BR", (F.FEE,)), ("o que preciso levar", "pt-BR", (F.BRING,)),
    ("onde faço isso", "pt-BR", (F.WHERE,)), ("Isso aí é até quando?", "pt-BR", (F.DEADLINE,)),
    ("que horas fecha a prefeitura?", "pt-BR", (F.WHEN,)), ("dá pra fazer pela internet", "pt-BR", (F.ONLINE,)),
    ("quem pode pedir", "pt-BR", (F.WHO,)),
]  # fmt: skip

SMALL_TALK = [
    ("こんにちは", "ja", "greeting"), ("今日は暑いねー、元気？", "ja", "greeting"),
    ("ありがとう！助かりました", "ja", "thanks"), ("あなたは誰ですか", "ja", "who_are_you"),
    ("さようなら", "ja", "goodbye"), ("はい", "ja", "yes"), ("いいえ、違います", "ja", "no"),
    ("こんにちは、ありがとうございました😊", "ja", "thanks"), ("Hello!", "en", "greeting"),
    ("so hot today, how are you doing?", "en", "greeting"), ("Thanks, that really helped!", "en", "thanks"),
    ("are you a robot?", "en", "who_are_you"), ("bye", "en", "goodbye"), ("yes please", "en", "yes"),
    ("no thanks", "en", "no"), ("你好", "zh-Hans", "greeting"), ("谢谢，帮大忙了！", "zh-Hans", "thanks"),
    ("你是谁", "zh-Hans", "who_are_you"), ("再见", "zh-Hans", "goodbye"), ("是的", "zh-Hans", "yes"),
    ("不是", "zh-Hans", "no"), ("Xin chào", "vi", "greeting"), ("cam on ban nhieu", "vi", "thanks"),
    ("Bạn là ai?", "vi", "who_are_you"), ("tạm biệt", "vi", "goodbye"), ("vâng ạ", "vi", "yes"),
    ("không", "vi", "no"), ("Bom dia, tudo bem?", "pt-BR", "greeting"), ("Valeu, ajudou muito!", "pt-BR", "thanks"),
    ("quem é você?", "pt-BR", "who_are_you"), ("tchau", "pt-BR", "goodbye"), ("sim", "pt-BR", "yes"),
    ("não", "pt-BR", "no"), ("Konnichiwa", "en", "greeting"),
]  # fmt: skip

NO_SMALL_TALK = [
    ("こんにちは、引っ越しました", "ja"), ("ありがとう、あとごみの日は？", "ja"), ("お名前は変えられますか", "ja"),
    ("はいはい期の赤ちゃん教室", "ja"), ("市役所", "ja"), ("Hi, I moved here", "en"),
    ("thanks for the garbage bags, where do I buy more", "en"), ("no parking sign", "en"),
    ("Hi-Vision TV disposal", "en"), ("你好，我搬家了", "zh-Hans"), ("好像要办手续", "zh-Hans"),
    ("Chào bạn, em mới chuyển nhà", "vi"), ("không có giấy tờ thì sao", "vi"), ("Oi, mudei de casa", "pt-BR"),
    ("não recebi a carta", "pt-BR"), ("😊", "ja"), ("", "ja"),
]  # fmt: skip

FOR_PERSON = [
    ("職員の方と話したいです", "ja"), ("人に代わってください", "ja"), ("折り返し電話をください", "ja"),
    ("担当者につないで", "ja"), ("市（し）の人（ひと）と話（はな）したいです", "ja-x-easy"),
    ("I want to talk to a person", "en"), ("can I speak with a real human?", "en"), ("please call me back", "en"),
    ("operator", "en"), ("转人工", "zh-Hans"), ("我想和工作人员谈", "zh-Hans"),
    ("Tôi muốn nói chuyện với nhân viên", "vi"), ("cho em gap nhan vien", "vi"),
    ("Quero falar com um atendente", "pt-BR"), ("me liga por favor", "pt-BR"),
]  # fmt: skip

NOT_FOR_PERSON = [
    ("市の職員になるにはどうすればいいですか", "ja"), ("引きこもりの子供のことを相談したい", "ja"),
    ("電話番号を教えてください", "ja"), ("担当はどこですか", "ja"),
    ("I want to talk to someone about my son who doesn't leave home", "en"),
    ("what is the phone number of the office", "en"), ("Quero conversar com alguém sobre meu filho", "pt-BR"),
    ("số điện thoại của nhân viên ở đâu", "vi"), ("哪里可以咨询", "zh-Hans"),
]  # fmt: skip

PERSONAL = [
    ("私の税金はいくら滞納していますか", "ja"), ("先月出した児童手当の申請、もう通りましたか？", "ja"),
    ("マイナンバーカードがまだ届いていません", "ja"), ("予約の時間を変えてもらえますか", "ja"),
    ("When will my application be approved?", "en"), ("How much do I owe?", "en"),
    ("Can you move my counter appointment to 3pm tomorrow?", "en"), ("我的申请批下来了吗", "zh-Hans"),
    ("Đơn của em đã được duyệt chưa?", "vi"), ("don cua em da duoc duyet chua", "vi"),
    ("Meu pedido já foi aprovado?", "pt-BR"), ("quanto eu devo de imposto", "pt-BR"),
]  # fmt: skip

NOT_PERSONAL = [
    ("税金を滞納するとどうなりますか", "ja"),
    ("自分のマイナンバーがわかりません。どうやったら調べることができますか", "ja"),
    ("児童手当の振込日はいつですか", "ja"), ("広報がうちに来ていませんが", "ja"),
    ("予約の変更はどうすればいいですか", "ja"), ("How do I change my appointment?", "en"),
    ("If I cancel my booking, do I get my money back?", "en"), ("怎么取消我的预约", "zh-Hans"),
    ("Làm thế nào để đổi lịch hẹn của tôi", "vi"), ("Como faço para cancelar minha reserva?", "pt-BR"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "expected"), FACETS)
def test_facets_that_a_question_asks_for(text: str, language: str, expected: tuple[Facet, ...]) -> None:
    assert facets(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("引っ越しました", "ja"), ("いつもありがとう、ごみを捨てたい", "ja"), ("I need an inkan shomei", "en"),
        ("When I moved, I lost my card", "en"), ("家のどこにもカードが見当たらない", "ja"),
        ("オンラインゲームの相談", "ja"), ("電話は〔電話番号〕です", "ja"), ("我要开证明", "zh-Hans"),
        ("Em cần giấy chứng nhận", "vi"), ("Preciso de um certificado", "pt-BR"),
    ],
)  # fmt: skip
def test_no_facet_where_none_is_asked_for(text: str, language: str) -> None:
    assert facets(text, language) == ()


@pytest.mark.parametrize(("text", "language", "expected"), SMALL_TALK)
def test_small_talk_is_named(text: str, language: str, expected: str) -> None:
    assert small_talk(text, language) == expected


@pytest.mark.parametrize(("text", "language"), NO_SMALL_TALK)
def test_a_message_with_anything_else_in_it_is_no_small_talk(text: str, language: str) -> None:
    assert small_talk(text, language) is None


@pytest.mark.parametrize(("text", "language"), FOR_PERSON)
def test_the_wish_for_a_person_is_heard(text: str, language: str) -> None:
    assert asks_for_person(text, language)


@pytest.mark.parametrize(("text", "language"), NOT_FOR_PERSON)
def test_questions_about_staff_are_no_wish_for_a_person(text: str, language: str) -> None:
    assert not asks_for_person(text, language)


@pytest.mark.parametrize(("text", "language"), PERSONAL)
def test_personal_cases_are_seen(text: str, language: str) -> None:
    assert personal_case(text, language)


@pytest.mark.parametrize(("text", "language"), NOT_PERSONAL)
def test_general_questions_are_no_personal_cases(text: str, language: str) -> None:
    assert not personal_case(text, language)


def test_every_facet_has_cues() -> None:
    assert set(load_cues()["facets"]) == {facet.value for facet in Facet}


@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "ko", "und"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    found = facets(text, language)
    assert len(found) == len(set(found))
    assert Facet.HOW not in found or found == (Facet.HOW,)
    small_talk(text, language)
    asks_for_person(text, language)
    personal_case(text, language)


def _rows(name: str) -> list[dict[str, str]]:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{name} is not here")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["localgovfaq/queries.dev.jsonl", "municipal_crosslingual/queries.dev.jsonl"])
def test_town_questions_of_the_development_sets_are_neither_small_talk_nor_for_a_person(name: str) -> None:
    for row in _rows(name):
        assert small_talk(row["text"], row["lang"]) is None, row
        assert not asks_for_person(row["text"], row["lang"]), row
        assert not personal_case(row["text"], row["lang"]), row


def test_small_talk_and_personal_cases_of_the_development_set() -> None:
    for row in _rows("municipal_crosslingual/oos.dev.jsonl"):
        assert (small_talk(row["text"], row["lang"]) is not None) == (row["expected"] == "smalltalk"), row
        assert personal_case(row["text"], row["lang"]) == (row["expected"] == "handoff_personal"), row
