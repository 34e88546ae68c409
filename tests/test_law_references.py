"""An article is the same article however its number is written, and a street or a year is none."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.law_references import asked_tokens, body_tokens, in_full, references, title_tokens, token
from tests.strategies import any_text

DIGITS = "〇一二三四五六七八九"
NUMBERS = st.integers(1, 1999)


def kanji(number: int) -> str:
    """The number as laws write it: 123 → 百二十三."""
    written = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += (DIGITS[digit] if digit > 1 or not name else "") + name
    return written


def numbers(text: str) -> list[str]:
    return [ref.number for ref in references(unicodedata.normalize("NFKC", text))]


@given(main=NUMBERS, sub=st.lists(st.integers(1, 99), max_size=2))
def test_all_spellings_of_an_article_meet(main: int, sub: list[int]) -> None:
    wanted = "_".join(map(str, [main, *sub]))
    for written in (str, kanji, lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
        article = f"第{written(main)}条" + "".join(f"の{written(n)}" for n in sub)
        assert numbers(f"住民基本台帳法{article}とは") == [wanted]
    spaced = f"第 {main} 条" + "".join(f" の {n}" for n in sub)
    assert numbers(spaced) == [wanted]
    assert numbers(f"{main}条" + "".join(f"の{n}" for n in sub)) == [wanted]


@pytest.mark.parametrize(
    ("text", "number"),
    [("22条", "22"), ("第二十二条", "22"), ("第22条の3", "22_3"), ("第百二十三条の二", "123_2"), ("第二二条", "22"),
     ("第２２条", "22"), ("第千条", "1000"), ("第一〇条", "10"), ("第二十二条の三の二", "22_3_2")],
)  # fmt: skip
def test_numbers_of_laws_are_read(text: str, number: str) -> None:
    assert numbers(text) == [number]


@pytest.mark.parametrize(
    "text",
    ["三条通のごみの日", "二条城", "三条市に引っ越します", "令和8年", "令和8年4月1日から", "北4条西5丁目に住んでいます",
     "4条通の歩道", "2条3丁目の公園", "条例", "第22号", "22号室", "個条書き"],
)  # fmt: skip
def test_streets_towns_and_years_are_no_articles(text: str) -> None:
    assert references(text) == []
    assert asked_tokens(text) == ([], unicodedata.normalize("NFKC", text))


def test_an_abbreviation_is_its_law() -> None:
    assert in_full("住基法") == "住民基本台帳法"
    short, full = (
        asked_tokens("住基法22条は何を定めていますか"),
        asked_tokens("住民基本台帳法第二十二条は何を定めていますか"),
    )
    assert short == full
    assert short[0][0][0] == token("住民基本台帳法", "22")


def test_an_abbreviation_inside_a_longer_name_is_left_alone() -> None:
    assert in_full("地方自治法第二条") == "地方自治法第二条"


def test_what_is_asked_meets_the_articles_own_name() -> None:
    held = set(title_tokens("住民基本台帳法 第二十二条"))
    asked, rest = asked_tokens("住基法の22条1項を教えて")
    assert held & set(asked[0])
    assert "22" not in rest
    assert not set(title_tokens("住民基本台帳法 第二十三条")) & set(asked[0])


def test_a_text_is_found_by_the_articles_that_it_names_with_their_law() -> None:
    assert body_tokens("住基法第22条による届出") == [token("住民基本台帳法", "22")]
    assert body_tokens("法第九条第二項の規定による通知は、") == []


@given(text=any_text)
def test_no_text_makes_it_fail_and_places_lie_in_the_text(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text)
    ends = [(ref.start, ref.end) for ref in references(plain)]
    assert all(0 <= start < end <= len(plain) for start, end in ends)
    assert ends == sorted(ends)
    asked_tokens(text)
    title_tokens(text)
    body_tokens(text)


@given(text=st.text(alphabet="第条の項号0123十百千〇一二九法 、令施行住基", max_size=40))
def test_no_heap_of_law_signs_makes_it_fail(text: str) -> None:
    for ref in references(unicodedata.normalize("NFKC", text)):
        assert all(part.isdigit() for part in ref.number.split("_"))
    asked_tokens(text)
