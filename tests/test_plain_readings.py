"""Readings, ruby, brackets and spaces of やさしい日本語."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.plain.bracketing import bracketed
from assistant.language.plain.counters import counted_reading, counters
from assistant.language.plain.rewriting import plain
from assistant.language.plain.ruby import KANJI, Span, furigana, to_brackets, to_html, to_kana
from assistant.language.plain.shown import shown
from assistant.language.plain.spacing import spaced, spaced_around, spaced_kana
from knowledge.glossary import terms
from tests.strategies import any_text, words

EASY = Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides" / "ja-x-easy"
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
texts = st.one_of(any_text, words, st.sampled_from([term.ja[0] for term in terms()]))


@settings(deadline=None)  # the first one reads the lists
@given(texts)
def test_spans_in_a_row_are_the_text(text: str) -> None:
    spans = furigana(text)
    assert "".join(span.text for span in spans) == text
    assert all(span.text for span in spans)
    assert all(re.fullmatch("[ぁ-ゖー]+", span.reading) for span in spans if span.reading)


@settings(deadline=None)  # the first one reads the lists
@given(texts)
def test_ruby_without_its_readings_is_the_text_again(text: str) -> None:
    shown = to_html(furigana(text))
    assert html.unescape(re.sub("<r[tp]>[^<]*</r[tp]>|</?ruby>", "", shown)) == text


@settings(deadline=None)  # the first one reads the lists
@given(st.text(alphabet="転入届出手数料引越住民票のとしっ、。", max_size=40))
def test_brackets_without_their_readings_are_the_text_again(text: str) -> None:
    assert re.sub("（[ぁ-ゖー]+）", "", to_brackets(furigana(text), every=True)) == text


@settings(deadline=None)  # the first one reads the lists
@given(texts)
def test_spaces_are_all_that_spacing_adds(text: str) -> None:
    assert spaced(text).replace(" ", "") == text.replace(" ", "")
    assert spaced_around(text).replace(" ", "") == text.replace(" ", "")


def test_markup_in_a_text_is_escaped() -> None:
    assert to_html(furigana("<b>住所</b>&")) == (
        "&lt;b&gt;<ruby>住所<rp>（</rp><rt>じゅうしょ</rt><rp>）</rp></ruby>&lt;/b&gt;&amp;"
    )


def test_official_terms_are_read_as_the_glossary_says() -> None:
    for term in terms():
        if KANJI.search(term.ja[0]) and not re.search(r"[A-Za-z・（〜]", term.ja[0]):
            assert to_kana(furigana(term.ja[0])).translate(_HIRAGANA) == term.reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("14日", "じゅうよっか"),
        ("1通", "いっつう"),
        ("3か月", "さんかげつ"),
        ("20歳", "はたち"),
        ("24日間", "にじゅうよっかかん"),
        ("4月1日", "しがつついたち"),
        ("1日に2回", "いちにちににかい"),
        ("9時30分", "くじさんじゅっぷん"),
        ("2人", "ふたり"),
        ("3階", "さんがい"),
        ("10本", "じゅっぽん"),
        ("8冊", "はっさつ"),
        ("4年", "よねん"),
        ("６月末", "ろくがつまつ"),
        ("何日", "なんにち"),
        ("人気", "にんき"),
        ("生年月日", "せいねんがっぴ"),
        ("続柄", "つづきがら"),
        ("27,600円", "27,600えん"),
        ("住民票の写し", "じゅうみんひょうのうつし"),
        ("引っ越す", "ひっこす"),
        ("役所が開いている", "やくしょがあいている"),
        ("届けを出した後", "とどけをだしたあと"),
        ("110番", "ひゃくとおばん"),
        ("2分の1", "にぶんの1"),
        ("家族の間", "かぞくのあいだ"),
    ],
)
def test_hard_readings_are_right(text: str, reading: str) -> None:
    assert to_kana(furigana(text)) == reading


def test_kana_stand_outside_the_ruby() -> None:
    assert furigana("引っ越す") == (Span("引", "ひ"), Span("っ"), Span("越", "こ"), Span("す"))
    assert to_brackets(furigana("引っ越した人が引っ越す。")) == "引（ひ）っ越（こ）した人（ひと）が引っ越す。"


def test_a_word_with_its_reading_beside_it_gets_no_second_one() -> None:
    assert to_brackets(furigana("転入届（てんにゅうとどけ）を出す")) == "転入届（てんにゅうとどけ）を出（だ）す"


def test_a_town_may_say_how_its_names_are_read() -> None:
    assert to_kana(furigana("浜手町に住む", own={"浜手町": "はまてちょう"})) == "はまてちょうにすむ"


def test_readings_and_explanations_share_a_bracket() -> None:
    shown = bracketed("転入届（＝ほかの町から来たときに出す届）を出します。")
    assert shown == "転入届（てんにゅうとどけ＝ほかの まちから きた ときに だす とどけ）を出（だ）します。"
    spaces = bracketed(plain("転入届を出します。").text, spaces=True)
    assert spaces.endswith("）を 出（だ）します。")


@settings(deadline=None)  # the first one reads the lists
@given(any_text)
def test_any_text_can_be_bracketed(text: str) -> None:
    assert bracketed(text).count("（＝") <= text.count("（＝")


def test_spaces_stand_between_phrases() -> None:
    assert spaced("転出証明書をなくしたときは、頼んでください。") == "転出証明書を なくした ときは、頼んでください。"
    assert spaced_around("引（ひ）っ越（こ）した人（ひと）が届（とど）けます。[1]") == (
        "引（ひ）っ越（こ）した 人（ひと）が 届（とど）けます。[1]"
    )
    assert spaced_kana("ほかの町から来たときに出す届") == "ほかの まちから きた ときに だす とどけ"


@settings(deadline=None)  # the first one reads the lists
@given(st.sampled_from(sorted(counters())), st.integers(1, 99))
def test_every_number_can_be_read_with_every_counter(name: str, value: int) -> None:
    assert re.fullmatch("[ぁ-ゖー]+", counted_reading(value, counters()[name]))


def test_readings_agree_with_those_that_people_wrote() -> None:
    """The authored guides name the reading of each word once: 5,800 places; 98 of 100 are read alike."""
    right = asked = 0
    for file in sorted(EASY.glob("*.md")):
        for line in file.read_text(encoding="utf-8").split("\n---\n", 1)[1].split("\n"):
            text, gold = _without_readings(line)
            right += sum(_reads(text, end, reading) for end, reading in gold)
            asked += len(gold)
    assert asked > 3000
    assert right / asked > 0.98


def _without_readings(line: str) -> tuple[str, list[tuple[int, str]]]:
    out, gold, at = "", [], 0
    for match in re.finditer("（([ぁ-ゖー・ ]+)(?:＝[^（）]*)?）", line):
        out += line[at : match.start()]
        at = match.end()
        if KANJI.search(out[-1:]):
            gold.append((len(out), match[1].replace(" ", "")))
    return out + line[at:], gold


def _reads(text: str, end: int, reading: str) -> bool:
    """True when what ends at this place is read so; a reading inside a longer span is not judged."""
    kana, place = "", 0
    for span in furigana(text):
        place += len(span.text)
        kana += (span.reading or span.text).translate(_HIRAGANA)
        if place == end:
            return kana.endswith(reading)
        if place > end:
            return reading in kana
    return False


@settings(deadline=None)
@given(st.text("（）＝・ \n0123はひとにほん引越人日市外手続きカードなどA", max_size=40))
def test_readings_in_brackets_lose_no_letter_but_their_brackets(text: str) -> None:
    spans = shown(text)
    kept = "".join(f"{span.text}{span.reading or ''}" for span in spans)
    drawn = str.maketrans("", "", "（）＝・ ")
    katakana = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
    letters = Counter(text.translate(drawn).translate(katakana))
    assert not Counter(kept.translate(drawn).translate(katakana)) - letters
    # What does not stand in brackets stays as it is, in its order.
    outside = re.sub("（[^（）]*）", "", text)
    assert re.sub("（[^（）]*）", "", "".join(span.text for span in spans)) == outside


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市外（しがい）から引（ひ）っ越（こ）した", [("市外", "しがい"), ("引", "ひ"), ("越", "こ")]),
        ("在留カード（ざいりゅうカード＝かみ）", [("在留", "ざいりゅう")]),
        ("手続き（てつづき）や市の中（なか）で", [("手続", "てつづ"), ("中", "なか")]),
        ("1階（かい）の4桁（よんけた）", [("階", "かい"), ("4桁", "よんけた")]),
        ("国（など）や市（または）、書類（免許証など）", []),
        ("本庁舎一階（いっかい）", []),
        ("漢あ" * 12 + "漢（" + "あ" * 40_000 + "）", []),
        ("漢あ" * 12 + "漢（" + "あ" * 38 + "い）", []),
    ],
)
def test_readings_in_brackets_go_over_their_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(span.text, span.reading) for span in shown(text) if span.reading] == expected
