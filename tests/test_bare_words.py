"""A bare word is asked back when it could mean several procedures, in any language; a whole question is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import System
from assistant.model import LANGUAGES, Channel, Conversation, Decision, Turn, Why
from assistant.understanding.bare import bare_word
from tests.conftest import DEMO

SEVERAL = [
    ("ja", "証明書"),
    ("ja", "証明書がほしい"),
    ("ja", "証明書が欲しいです。"),
    ("ja", "手続きがしたい"),
    ("ja", "手当"),
    ("ja", "保険について知りたい"),
    ("ja", "年金について教えてください"),
    ("en", "certificate"),
    ("en", "I need a certificate"),
    ("en", "insurance"),
    ("en", "tax"),
    ("zh-Hans", "保险"),
    ("zh-Hans", "证明"),
    ("vi", "bảo hiểm"),
    ("pt-BR", "certidão"),
    ("pt-BR", "imposto"),
]
ONE = [
    ("ja", "住民票が欲しいです"),
    ("ja", "転出届"),
    ("ja", "印鑑登録をしたい"),
    ("ja", "印鑑登録"),
    ("ja", "児童手当について"),
    ("ja", "パスポート"),
    ("ja", "粗大ごみ"),
    ("ja", "郵送で住民票を取りたい"),
    ("en", "nursery"),
    ("en", "How do I register my seal?"),
]


def decided(system: System, text: str, language: str) -> Decision:
    turn = Turn(
        id="t", conversation="c", town=DEMO, text=text, language=language, channel=Channel.WEB, at=system.clock()
    )  # fmt: skip
    return system.respond(turn, Conversation(id="c", town=DEMO)).decision


@pytest.mark.parametrize(("language", "text"), SEVERAL)
def test_a_word_that_could_mean_several_things_is_asked_back(system: System, language: str, text: str) -> None:
    decision = decided(system, text, language)
    assert decision.why is Why.CLARIFY
    assert len(decision.choices) >= 3, "two things at least, and a person"


@pytest.mark.parametrize(("language", "text"), ONE)
def test_a_word_or_question_that_means_one_thing_is_answered(system: System, language: str, text: str) -> None:
    assert decided(system, text, language).why is Why.ANSWERED


@pytest.mark.parametrize(
    ("question", "language", "word"),
    [
        ("証明書がほしい！", "ja", "証明書"),
        ("引っ越し", "ja", "引っ越し"),
        ("住民票の写しの手数料はいくらですか", "ja", ""),
        ("郵送で住民票を取りたい", "ja", ""),
        ("Tax?", "en", "tax"),
        ("I need the passport", "en", "passport"),
        ("two words", "en", ""),
        ("tôi cần hộ chiếu", "vi", ""),
        ("preciso de certidão", "pt-BR", "certidão"),
        ("quiero un seguro", "es", "seguro"),
        ("gusto ko po ng sertipiko", "fil", "sertipiko"),
        ("saya mau asuransi", "id", "asuransi"),
        ("보험에 가입하고 싶어요", "ko", "보험"),
        ("증명서가 필요해요", "ko", "증명서"),
        ("이사했는데 쓰레기는 언제 버려요", "ko", ""),
        ("อยากได้ใบรับรอง", "th", "ใบรับรอง"),
        ("ย้ายบ้านแล้วต้องทำอะไร", "th", ""),
        ("प्रमाणपत्र लिन चाहन्छु", "ne", "प्रमाणपत्र"),
        ("malai pramanpatra chahiyo", "ne", "pramanpatra"),
        ("လက်မှတ်လိုချင်ပါတယ်", "my", "လက်မှတ်"),
        ("ပြောင်းလာတာ ဘာလုပ်ရမလဲ", "my", ""),
        ("我想要證明", "zh-Hant", "证明"),
        ("tax how much", "en", ""),
        ("", "ja", ""),
    ],
)
def test_what_a_bare_word_is(question: str, language: str, word: str) -> None:
    assert bare_word(question, language) == word


@given(st.text(max_size=60), st.sampled_from([*LANGUAGES, "und"]))
def test_any_text_has_one_word_or_none(text: str, language: str) -> None:
    assert " " not in bare_word(text, language)
