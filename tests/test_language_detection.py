"""Which language a message is in is recognised, also when it is short, unaccented or mixed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.detect import DETECTABLE, detect, speakable
from assistant.model import LANGUAGES

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("引っ越しました。手続きを教えてください", "ja"),
        ("ごみ", "ja"),
        ("住民税", "ja"),
        ("印鑑登録", "ja"),
        ("juminhyo ga hoshii", "ja"),
        ("hikkoshi shimashita", "ja"),
        ("大きいごみ（粗大（そだい）ごみ）を出（だ）したいです", "ja-x-easy"),
        ("How do I throw away a sofa?", "en"),
        ("where can i get a juminhyo", "en"),
        ("垃圾什么时候收？", "zh-Hans"),
        ("我要開證明", "zh-Hant"),
        ("請問垃圾車幾點來", "zh-Hant"),
        ("Em muốn chuyển nhà thì làm thế nào ạ?", "vi"),
        ("Toi muon dang ky chuyen nha", "vi"),
        ("Quanto custa a certidão?", "pt-BR"),
        ("nao sei onde fica a prefeitura", "pt-BR"),
        ("마이마이 넘버 카드를 잃어버렸어요", "ko"),
        ("¿Dónde está el ayuntamiento?", "es"),
        ("Bagaimana cara buang sampah besar?", "id"),
        ("Magkano po ang juminhyo?", "fil"),
        ("फोहोर कहिले फाल्ने?", "ne"),
        ("ทิ้งขยะวันไหน", "th"),
        ("အမှိုက်ဘယ်နေ့ပစ်ရမလဲ", "my"),
        ("マイナンバーカード quero renovar meu cartão", "pt-BR"),
        ("где мусор", "und"),
    ],
)
def test_language_of_a_message(text: str, language: str) -> None:
    assert detect(text, prior=None).language == language


@pytest.mark.parametrize("text", ["", "😀", "123", "???", "https://example.jp/a", "a@example.jp", "👍👍"])
def test_text_without_words_keeps_the_language_of_the_conversation(text: str) -> None:
    assert detect(text, prior="vi").language == "vi"
    assert detect(text, prior=None).language == "ja"


def test_one_pasted_term_keeps_the_language_of_the_conversation() -> None:
    assert detect("住民税", prior="vi").language == "vi"
    assert detect("住民税", prior="zh-Hans").language == "zh-Hans"
    assert detect("ok", prior="pt-BR").language == "pt-BR"


def test_somebody_who_chose_easy_japanese_keeps_it() -> None:
    assert detect("引っ越しました", prior="ja-x-easy").language == "ja-x-easy"
    assert detect("I moved here last week", prior="ja-x-easy").language == "en"


@given(st.text(max_size=200), st.sampled_from([None, *LANGUAGES]))
def test_any_text_has_a_known_language_and_a_probability(text: str, prior: str | None) -> None:
    found = detect(text, prior=prior)
    assert found.language in DETECTABLE
    assert 0.0 <= found.confidence <= 1.0
    assert speakable(found.language).language in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_languages_are_spoken_as_they_are(language: str) -> None:
    assert speakable(language).language == language
    assert speakable(language).exact


def test_other_languages_are_never_answered_silently_in_another_one() -> None:
    for language in set(DETECTABLE) - set(LANGUAGES):
        assert not speakable(language).exact, language
    assert speakable("und").language == "ja-x-easy"
    assert speakable("ru-RU").language == "ja-x-easy"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("en-GB", "en"), ("vi-VN", "vi")],
)
def test_a_region_does_not_make_another_language(tag: str, language: str) -> None:
    assert speakable(tag) == speakable(language)


@pytest.mark.parametrize("tag", ["zh-TW", "zh-tw", "zh-HK", "zh-Hant-TW"])
def test_taiwan_and_hong_kong_write_traditional_characters(tag: str) -> None:
    assert speakable(tag) == speakable("zh-Hant")


def test_detection_is_right_on_municipal_questions_of_thirteen_languages() -> None:
    file = DATA / "municipal_crosslingual" / "queries.dev.jsonl"
    if not file.exists():
        pytest.skip("the cross-lingual development set is not here")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    names = {"ja-easy": "ja", "tl": "fil"}
    detect("load the identifier once", prior=None)
    right, times = 0, []
    for row in rows:
        start = time.thread_time()  # what other work on the machine takes does not count
        found = detect(row["text"], prior=None).language.removesuffix("-x-easy")
        times.append(time.thread_time() - start)
        right += found == names.get(row["lang"], row["lang"])
    assert right / len(rows) >= 0.98
    assert sorted(times)[int(len(times) * 0.95)] < 0.003
