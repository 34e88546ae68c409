"""Facts of Japanese guides said in other languages: whole or not at all, and no figure is lost."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from assistant.language.errors import WordsIncomplete
from assistant.language.formats import formats
from assistant.language.memory import Memory, memory_of, read_rows, rows, units
from assistant.model import LANGUAGES
from knowledge.glossary import LANGUAGES as TRANSLATED
from knowledge.glossary import Term

GUIDES = Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides" / "ja"
TABLES = Path(__file__).parents[1] / "knowledge" / "demo_city" / "tables"
FACTS = ("fee", "deadline", "where", "when", "bring", "who")
OTHERS = [language for language in LANGUAGES if not language.startswith("ja")]
_WORDED = "割|か月|半|歳|年|m2|m3|平方|立方|第[1-5]|365日"  # figures that other languages put into words
HEAD = "\t".join(("ja", *TRANSLATED))


@pytest.fixture(scope="module")
def memory() -> Memory:
    return memory_of()


def values() -> Iterator[str]:
    for file in sorted(GUIDES.glob("*.md")):
        head = yaml.safe_load(file.read_text(encoding="utf-8").split("---")[1])
        for fact in FACTS:
            held = head.get(fact)
            yield from held if isinstance(held, list) else [held] if held else []


def figures(text: str) -> set[int]:
    """All numbers that a Japanese text states, as a reader in another language must find them."""
    text = re.sub(r"(\d),(?=\d{3})", r"\1", text)
    text = re.sub(r"午後(\d+)時", lambda m: f"{int(m[1]) % 12 + 12}時", text)
    text = re.sub(r"令和(\d+)年(?!度)", lambda m: f"{2018 + int(m[1])}年", text)
    text = re.sub(r"(\d+(?:\.\d+)?)万", lambda m: str(int(float(m[1]) * 10_000)), text)
    return {int(n) for n in re.findall(r"(?<![\d.])\d+(?![\d.]|月)", text)}  # months have names


def said(text: str, language: str) -> set[int]:
    grouping = re.escape(formats(language).texts["grouping"])
    text = re.sub(rf"(\d){grouping}(?=\d{{3}}(?!\d))", r"\1", text)
    return {int(n) for n in re.findall(r"\d+", text)}


@pytest.mark.parametrize("language", OTHERS)
def test_no_figure_of_a_guide_is_lost_or_made_up(memory: Memory, language: str) -> None:
    checked = 0
    for value in set(values()):
        rendered = memory.render(value, language)
        if rendered is None:
            continue
        checked += 1
        # 年度 is told with both years, 1か月 may be 'a month', 1割 is 10 %
        lost = {n for n in figures(value) - said(rendered, language) if n > 10}
        assert not lost, (value, rendered)
    assert checked > 500, "the memory covers most of the demo city's facts"


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_rendered_is_in_the_language_s_own_letters(memory: Memory, language: str) -> None:
    for value in set(values()):
        rendered = memory.render(value, language)
        outside = re.sub(r"[（(][^（()）]*[)）]", "", rendered or "")  # Japanese words to recognise stand in brackets
        kana = re.search("[ぁ-んァ-ヴ]", outside)
        assert kana is None, (value, rendered)


def test_a_row_holds_its_figures_in_every_language() -> None:
    for row in rows():
        for language, template in row.local.items():
            lost = {n for n in figures(row.japanese) if n > 1} - said(template, language)
            assert not lost or re.search(_WORDED, row.japanese), (
                row.japanese,
                language,
                template,
            )


@pytest.mark.parametrize(
    ("japanese", "english"),
    [
        ("無料", "Free"),
        ("住民票の写し 1通300円", None),
        ("市民以外 60,000円", "60,000 yen"),
        ("引っ越した日から14日以内", "14 days"),
        ("買った日、譲り受けた日、引っ越した日から15日以内", "the day you moved"),
        ("漏水による減額の申請は修理の日から60日以内", "within 60 days of the day of repair"),
        ("予約は火葬する日の前日の15時まで", "the day before the day of cremation"),
        ("平日 8時30分から17時15分まで", "8:30 to 17:15"),
        ("13時から16時30分まで", "13:00"),
    ],
)
def test_words_are_bound_as_japanese_binds_them(memory: Memory, japanese: str, english: str | None) -> None:
    rendered = memory.render(japanese, "en")
    assert rendered is not None and (english or "300 yen") in rendered, rendered


@pytest.mark.parametrize(
    "japanese",
    [
        "",
        "。",
        "ぬるぽ",
        "無料ですが、ぬるぽの場合は別です",
        "ぬるぽから14日以内",
        "公園を使う人、ぬるぽの近くに住む人",
    ],
)
def test_what_is_not_known_wholly_is_not_rendered(memory: Memory, japanese: str) -> None:
    assert all(memory.render(japanese, language) is None for language in OTHERS)


def test_a_town_s_own_names_win() -> None:
    names = {"朝凪クリーンセンター": {"en": "Asanagi Clean Centre"}}
    assert memory_of(names).render("朝凪クリーンセンター", "en") == "Asanagi Clean Centre"
    assert memory_of(names).render("朝凪クリーンセンター", "ko") is None, "never another language's name"


def test_a_term_is_known_by_its_spellings_but_not_by_broader_words() -> None:
    rent = Term(ja=("家賃", "使用料"), reading="やちん", topic="t", meaning="m", local=(("en", ("rent",)),))
    insurance = Term(ja=("国民健康保険", "国保"), reading="こくほ", topic="t", meaning="m", local=(("en", ("NHI",)),))
    held = Memory((), (rent, insurance))
    assert held.render("国保", "en") == held.render("国民健康保険", "en") == "NHI"
    assert held.render("家賃", "en") == "Rent" and held.render("使用料", "en") is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{x}まで\tuntil", "13 columns"),
        ("{x}まで\t" + "\t".join(["until {y}"] * 12), "same slots"),
        ("{q}まで\t" + "\t".join(["until {q}"] * 12), "no slot"),
        ("{x}まで\t" + "\t".join(["until {x}"] * 11) + "\t", "13 columns"),
    ],
)
def test_a_bad_row_is_named(line: str, message: str) -> None:
    with pytest.raises(WordsIncomplete, match=rf"own\.tsv, line 2.*{message}"):
        read_rows(f"{HEAD}\n{line}\n", "own.tsv")


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_fee_is_for_is_said_in_every_language(language: str, memory: Memory) -> None:
    with (TABLES / "fees.csv").open(encoding="utf-8") as file:
        named = {row["unit"] for row in csv.DictReader(file)}
    for unit in named:
        local = units().render(unit, language) or memory.render(unit, language)
        assert local, unit
        assert language.startswith("zh") or not re.search("[\u3041-\u30ff\u3400-\u9fff]", local), local


def test_a_day_of_the_month_is_not_taken_for_a_number_of_days(memory: Memory) -> None:
    assert units().render("5日", "en") == "5 days"
    assert memory.render("5日", "en") is None


@pytest.mark.parametrize("language", OTHERS)
def test_every_note_of_the_demo_tables_is_said_in_every_language(language: str, memory: Memory) -> None:
    notes: set[str] = set()
    for file in TABLES.glob("*.csv"):
        with file.open(encoding="utf-8") as lines:
            notes |= {row["note"] for row in csv.DictReader(lines) if row.get("note")}
    assert len(notes) > 500
    for note in notes:
        local = memory.render(note, language)
        assert local, note
        numbers = {n for n in said(local, language) if n >= 10}
        assert {n for n in figures(note) if n >= 10} <= numbers, (note, local)
