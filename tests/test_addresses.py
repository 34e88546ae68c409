"""An address of the town has one form however it is written; what is not of the town is never taken for it."""

from __future__ import annotations

import csv
from functools import lru_cache

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.town_names import own_spellings, town_districts
from assistant.demo import DEMO_CITY
from assistant.model import LANGUAGES
from assistant.services.addresses import NO_MAP, TownMap, read_address, shown_address, town_map
from assistant.services.house_numbers import Way, short
from knowledge.districts import districts_of
from knowledge.passage import Layer
from knowledge.sources.files import read
from knowledge.sources.reading import Origin
from tests.conftest import DEMO

KANJI = "〇一二三四五六七八九"


@lru_cache(maxsize=1)
def demo() -> TownMap:
    profile = yaml.safe_load((DEMO_CITY / "town.yaml").read_text(encoding="utf-8"))
    origin = Origin(owner=DEMO, layer=Layer.TOWN, root=DEMO_CITY)
    tables = [t for file in sorted((DEMO_CITY / "tables").glob("*.csv")) for t in read(file, origin).tables]
    told = [row[t.columns.index("address")] for t in tables if "address" in t.columns for row in t.rows]
    return town_map(own_spellings(profile), town_districts(profile, tables), told, whole=True)


def value(text: str) -> str:
    return read_address(text, demo()).value


def counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (f"{KANJI[tens] if tens > 1 else ''}十" if tens else "") + (KANJI[ones] if ones else "")


numbers = st.integers(1, 29)
districts = st.sampled_from(sorted(demo().districts.readings))
wide = str.maketrans("0123456789-", "０１２３４５６７８９－")


@settings(deadline=None)
@given(st.sampled_from([name for name, way in demo().ways.items() if way is Way.CHOME]), numbers, numbers, numbers)
def test_an_address_is_one_in_every_spelling(name: str, chome: int, block: int, house: int) -> None:
    reading, latin = demo().districts.readings[name], demo().districts.latin(name)
    normal, plain = f"{name}{chome}丁目{block}番{house}号", f"{chome}-{block}-{house}"
    written = [
        normal, f"{name}{plain}", f"朝凪市{name}{plain}", f"海原県朝凪市{name}{plain}",
        f"〒000-4801 朝凪市{name} {plain}",
        f"{name}{plain.translate(wide)}", f"{name}{chome}丁目{block}の{house}", f"{name}{chome}丁目{block}-{house}",
        f"{name}{counted(chome)}丁目{counted(block)}番{counted(house)}号", f"{name}{chome}の{block}の{house}",
        f"{reading} {plain}", f"{reading}{plain.translate(wide)}", f"{latin} {plain}", f"{latin.lower()} {plain}",
        f"{latin.replace('-', '')} {plain}", f"{plain} {latin}", f"{plain}, {latin}, Asanagi-shi",
        f"{plain} {latin}, Asanagi City, Unabara Prefecture, Japan", f"{latin} {chome}-chome {block}-{house}",
        f"{chome}-chome {block}-{house} {latin}, Asanagi", f"{latin} {chome}-chome {block}-ban {house}-go",
        f"住所は{name}{plain}です", f"My address is {plain} {latin}.", f"{name}{chome}ー{block}ー{house}",
        f"{name} {chome} - {block} - {house}",
    ]  # fmt: skip
    assert {each: value(each) for each in written if value(each) != normal} == {}


@settings(deadline=None)
@given(
    districts, numbers, numbers, st.sampled_from(LANGUAGES), st.sampled_from(["", " 朝凪ハイツ 201号室", " 301号室"])
)
def test_what_we_show_is_read_back_as_the_same(name: str, a: int, b: int, language: str, inside: str) -> None:
    once = value(f"{name}{a}-{b}{inside}")
    assert once.startswith(name)
    shown = shown_address(once, language, demo().districts)
    assert value(once) == once and value(shown) == once


def test_the_towns_own_addresses_stay_as_they_are() -> None:
    for file in ("facilities.csv", "shelters.csv"):
        with (DEMO_CITY / "tables" / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                plain = row["address"].removeprefix("朝凪市")
                assert value(row["address"]) == plain
                name = next(each for each in demo().districts.readings if plain.startswith(each))
                if demo().ways[name] is not Way.MIXED:
                    assert value(f"{short(plain.removeprefix(name))} {demo().districts.latin(name)}") == plain


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("4-1 Kitahama-cho", "北浜町4番地1"), ("Kitahama-machi 4-1", "北浜町4番地1"), ("大島21", "大島21番地"),
        ("Kawabata-cho 5-10", "川端町5番10号"), ("港町1-2", "港町1丁目2番"), ("浜手町2-4", "浜手町2-4"),
        ("港町1丁目2番地3", "港町1丁目2番地3"), ("미나토마치 1-2-3", "港町1丁目2番3号"),
        ("मिनातोमाची १-२-३", "港町1丁目2番3号"),
        ("มินาโตะมาจิ 1-2-3", "港町1丁目2番3号"), ("မိနတိုမချိ 1-2-3", "港町1丁目2番3号"), ("樱台1-2-3", "桜台1丁目2番3号"),
        ("Oshima 21", "大島21番地"), ("Ōshima 21", "大島21番地"), ("朝凪市大字新田35番地", "新田35番地"),
        ("緑が丘2-6-1", "緑ヶ丘2丁目6番1号"), ("1-2-3 Minato", "港町1丁目2番3号"),
    ],
)  # fmt: skip
def test_districts_count_their_houses_each_in_its_way(text: str, normal: str) -> None:
    assert value(text) == normal


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("桜台1-2-3-201", "桜台1丁目2番3号 201号室"), ("桜台1-2-3 201", "桜台1丁目2番3号 201号室"),
        ("桜台1-2-3 朝凪ハイツ201号室", "桜台1丁目2番3号 朝凪ハイツ 201号室"),
        ("Room 201, 1-2-3 Sakuradai", "桜台1丁目2番3号 201号室"), ("Sakuradai 1-2-3 #201", "桜台1丁目2番3号 201号室"),
        ("Asanagi Heights 201, 1-2-3 Sakuradai", "桜台1丁目2番3号 Asanagi Heights 201号室"),
        ("사쿠라다이 1-2-3 201호", "桜台1丁目2番3号 201号室"), ("1-2-3 Sakuradai, phòng 201",
        "桜台1丁目2番3号 201号室"),
        ("ซากุระได 1-2-3 ห้อง 201", "桜台1丁目2番3号 201号室"), ("Sakuradai 1-2-3 apto. 201", "桜台1丁目2番3号 201号室"),
        ("緑ヶ丘2-6-1 海原県営住宅3号棟405", "緑ヶ丘2丁目6番1号 海原県営住宅3号棟 405号室"),
        ("港町1-2-3 中央マンション", "港町1丁目2番3号 中央マンション"),
    ],
)  # fmt: skip
def test_house_and_room_stand_behind_the_number(text: str, normal: str) -> None:
    assert value(text) == normal


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("横浜市港町1-2-3", "other_town"), ("1-2-3 Minato-machi, Yokohama", "other_town"),
        ("Shinjuku-ku 1-2-3", "other_town"),
        ("東京都港区1-2-3", "other_town"), ("北海道当別町1-2", "other_town"), ("つくば市桜台1-2-3", "other_town"),
        ("1-2-3 Sakuradai, Minato City", "other_town"), ("1-2-3 Sakuradai, Yokohama-shi, Kanagawa", "other_town"),
        ("新港町1-2-3", "no_district"), ("桜台東1-2", "no_district"), ("7-7 Lost street", "no_district"),
        ("Shin Minato-machi 1-2-3", "no_district"), ("1-2-3", "no_district"), ("港町", "no_number"),
        ("港町3", "no_number"),
        ("Sakuradai", "no_number"), ("わかりません", "no_number"),
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_town_is_asked_back(text: str, problem: str) -> None:
    found = read_address(text, demo())
    assert (found.value, found.problem) == ("", problem)


def test_between_two_districts_the_resident_chooses() -> None:
    found = read_address("桜台1-2-3, 港町", demo())
    assert (found.value, found.problem) == ("", "which_district")
    assert found.several == ("桜台1丁目2番3号", "港町1丁目2番3号")
    assert all(value(each) == each for each in found.several)


def test_a_spelling_of_two_districts_is_not_guessed() -> None:
    two = town_map([], districts_of(["大島", "小島"], {"大島": "おおしま", "小島": "おしま"}), [], whole=True)
    assert set(read_address("Oshima 1-2-3", two).several) == {"大島1丁目2番3号", "小島1丁目2番3号"}
    assert read_address("Ōshima 1-2-3", two).value == "大島1丁目2番3号"


def test_a_town_that_has_not_named_all_its_districts_takes_what_is_written() -> None:
    assert read_address("峰山町杉谷889", NO_MAP).value == "峰山町杉谷889"
    assert read_address("どこか", NO_MAP).problem == "again"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "桜台1丁目2番3号 (Sakuradai 1-2-3)"), ("th", "桜台1丁目2番3号 (Sakuradai 1-2-3)"),
    ("ja", "桜台1丁目2番3号"),
     ("zh-Hant", "桜台1丁目2番3号")],
)  # fmt: skip
def test_residents_read_it_beside_its_latin_letters(language: str, shown: str) -> None:
    assert shown_address("桜台1丁目2番3号", language, demo().districts) == shown


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = read_address(text, demo())
    assert bool(found.value) != bool(found.problem)
