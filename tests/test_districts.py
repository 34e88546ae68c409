"""A district is found however it is written, and never guessed between two."""

from __future__ import annotations

import csv
from functools import lru_cache

import pytest

from assistant.demo import DEMO_CITY
from knowledge.districts import Districts, districts_of
from knowledge.romaji import romaji
from knowledge.sounds import sound_key


@lru_cache(maxsize=1)
def demo() -> Districts:
    with (DEMO_CITY / "tables" / "garbage_days.csv").open(encoding="utf-8", newline="") as file:
        readings = {row["district"]: row["reading"] for row in csv.DictReader(file)}
    return districts_of(readings, readings)


@pytest.mark.parametrize("name", list(demo().readings))
def test_every_district_is_found_in_kanji_kana_and_latin_letters(name: str) -> None:
    reading = demo().readings[name]
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ん" else c for c in reading)
    latin = demo().latin(name)
    for written in (name, reading, katakana, latin, latin.lower(), latin.replace("-", ""), romaji(reading).upper()):
        assert demo().named(f"{written} 1-2-3") == name, written


@pytest.mark.parametrize("name", list(demo().readings))
def test_what_is_shown_is_found_again(name: str) -> None:
    assert demo().named(f"{name} ({demo().latin(name)})") == name
    assert demo().named(demo().latin(name)) == name


SCRIPTS = {
    "港町": ["미나토마치", "मिनातोमाची", "มินาโตะมาจิ", "မိနတိုမချိ", "미나토마치에 살아요", "Minatocho", "Minato"],
    "桜台": ["사쿠라다이", "साकुरादाइ", "ซากุระได", "樱台", "櫻台"],
    "北浜町": ["기타하마초", "किताहामाचो", "คิตะฮามะโจ", "ကီတာဟာမာချို", "北滨町", "北濱町"],
    "朝日ヶ丘": ["아사히가오카", "आसाहिगाओका", "朝日が丘", "朝日ケ丘", "朝日丘", "朝日之丘", "Asahi ga oka"],
    "大島": ["오시마", "ओशिमा", "โอชิมะ", "Ōshima", "Ohshima", "Ooshima", "大岛"],
    "神明町": ["신메이초", "シンメイチョウ", "Shimmei-cho", "Sinmeityou"],
}


@pytest.mark.parametrize(("name", "written"), [(name, each) for name, held in SCRIPTS.items() for each in held])
def test_a_district_is_found_in_the_scripts_of_residents(name: str, written: str) -> None:
    assert demo().named(written) == name


def test_how_a_name_sounds_is_one_in_all_scripts() -> None:
    assert (
        len({sound_key(each) for each in ("みなとまち", "Minatomachi", "미나토마치", "मिनातोमाची", "มินาโตะมาจิ")}) == 1
    )


@pytest.mark.parametrize("text", ["hello there", "오늘 날씨", "मलाई थाहा छैन", "12", "", "ที่ไหน", "大学", "Higashi"])
def test_other_words_are_no_district(text: str) -> None:
    assert demo().places(text) == []


def test_a_name_that_could_be_two_is_not_chosen() -> None:
    two = districts_of(["大島", "小島"], {"大島": "おおしま", "小島": "おしま"})
    assert two.named("Oshima 1-2") is None and set(two.places("Oshima 1-2")[0].districts) == {"大島", "小島"}
    assert two.named("Ooshima 1-2") == two.named("Ōshima 1-2") == two.named("大島1-2") == "大島"


def test_as_the_town_reads_it_comes_before_the_other_reading() -> None:
    both = districts_of(["港町", "湊町"], {"港町": "みなとまち", "湊町": "みなとちょう"})
    assert both.named("Minato-machi") == "港町" and both.named("Minato-cho") == "湊町"
    assert both.named("Minato") is None, "without 町 it may be either"


def test_a_longer_name_hides_a_shorter_one() -> None:
    nested = districts_of(["浜町", "北浜町"], {})
    assert nested.named("北浜町のごみ") == "北浜町" and nested.named("浜町のごみ") == "浜町"


def test_without_a_reading_the_dictionarys_is_good_for_finding_but_not_for_showing() -> None:
    plain = districts_of(["桜台", "千歳町"], {})
    assert plain.named("Sakuradai") == "桜台" and plain.latin("桜台") == ""


@pytest.mark.parametrize(
    ("name", "reading", "latin"),
    [("港町", "みなとまち", "Minato-machi"), ("大島", "おおしま", "Oshima"), ("中央", "ちゅうおう", "Chuo"),
     ("新居", "にいい", "Niii"), ("栄", "さかえ", "Sakae"), ("上野村", "うえのむら", "Ueno-mura")],
)  # fmt: skip
def test_districts_are_shown_as_maps_write_them(name: str, reading: str, latin: str) -> None:
    assert districts_of([name], {name: reading}).latin(name) == latin
