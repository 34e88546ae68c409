"""All spellings of a Japanese word in Latin letters meet under one key."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.glossary import terms
from knowledge.romaji import romaji, romaji_key
from tests.strategies import any_text

KUNREI = (
    ("shi", "si"),
    ("sh", "sy"),
    ("chi", "ti"),
    ("ch", "ty"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
    ("j", "zy"),
)
LONG = (("aa", "ā"), ("ii", "ī"), ("uu", "ū"), ("ee", "ē"), ("oo", "ō"), ("ou", "ō"))


def spellings(word: str) -> set[str]:
    """What people write for this word in Hepburn with its long vowels written out."""
    kunrei, macrons = word, word
    for hepburn, other in KUNREI:
        kunrei = re.sub(f"(?<!t){hepburn}" if hepburn == "shi" else hepburn, other, kunrei)
    for written, macron in LONG:
        macrons = macrons.replace(written, macron)
    plain = macrons.translate(str.maketrans("āīūēō", "aiueo"))
    return {word, word.upper(), word.capitalize(), kunrei, macrons, plain, re.sub("n(?=[bmp])", "m", word)}


@pytest.mark.parametrize(
    ("reading", "written"),
    [("じゅうみんひょう", ("jūminhyō", "juuminhyou", "juminhyo", "zyuminhyo", "Jumin-hyo", "jumin hyo", "jyuminhyo")),
     ("そだいごみ", ("sodai gomi", "sodaigomi", "SODAI GOMI")), ("ほいくえん", ("hoikuen", "hoiku-en")),
     ("てんにゅうとどけ", ("tennyū todoke", "tennyutodoke")), ("しんぶん", ("shinbun", "shimbun", "sinbun")),
     ("つうち", ("tsūchi", "tuuti", "tsuchi")), ("ふどうさん", ("fudōsan", "hudousan", "fudosan"))],
)  # fmt: skip
def test_spellings_that_people_use_meet(reading: str, written: tuple[str, ...]) -> None:
    assert {romaji_key(form) for form in written} == {romaji_key(romaji(reading))}


def test_every_spelling_of_every_term_meets() -> None:
    apart = [(term.reading, form) for term in terms() for form in spellings(term.romaji)
             if romaji_key(form) != romaji_key(term.romaji)]  # fmt: skip
    assert apart == []


def test_different_words_keep_apart() -> None:
    keys = [romaji_key(word) for word in ("juminhyo", "juminzei", "koseki", "inkan", "hokensho", "hoikuen", "fukushi")]
    assert len(set(keys)) == len(keys)


@given(text=any_text)
def test_any_text_has_a_key_of_plain_letters_that_is_its_own(text: str) -> None:
    key = romaji_key(text)
    assert re.fullmatch("[a-z]*", key)
    assert romaji_key(text.upper().lower()) == romaji_key(text.lower().upper().lower())
    assert romaji_key(key) == key


@given(reading=st.text(alphabet=[chr(c) for c in range(0x3041, 0x3097)] + ["ー"], max_size=20))
def test_hiragana_and_katakana_are_written_alike(reading: str) -> None:
    katakana = "".join(chr(ord(c) + 0x60) if c != "ー" else c for c in reading)
    assert romaji(katakana) == romaji(reading)
