"""Things to throw away have names in every language for every town, and each of them is found as it is typed."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from assistant.answering.names import NameIndex
from assistant.answering.tables import TownTables
from assistant.demo import DEMO_CITY
from assistant.language.words import load_words
from assistant.model import LANGUAGES, Ask, Reply
from knowledge.item_names import FOLDER, item_names, languages, read_names
from knowledge.passage import Layer, Table
from knowledge.sources.files import read
from knowledge.sources.reading import Origin
from tests.conftest import DEMO, shared_data

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOW = {
    "ja": "{}の捨て方", "ja-x-easy": "{}は どうやって すてますか", "en": "How do I throw away {}?",
    "zh-Hans": "{}怎么扔？",
    "zh-Hant": "{}要怎麼丟？", "ko": "{} 어떻게 버려요?", "vi": "Vứt {} như thế nào?", "pt-BR": "Como descarto {}?",
    "es": "¿Cómo boto {}?", "fil": "Paano itapon ang {}?", "id": "Bagaimana cara membuang {}?",
    "ne": "{} कसरी फाल्ने?", "th": "ทิ้ง{}อย่างไร", "my": "{} ဘယ်လိုပစ်ရမလဲ",
}  # fmt: skip


def table(items: list[tuple[str, str, str]], kind: str = "garbage_items") -> Table:
    return Table(
        id="items", owner="000000", kind=kind, title="分別", url="", department="", as_of=date(2026, 4, 1), key="item",
        aliases="aliases", local=(), columns=("item", "aliases", "category"), rows=tuple(items),
    )  # fmt: skip


@lru_cache(maxsize=1)
def demo_tables() -> tuple[NameIndex, ...]:
    origin = Origin(owner=DEMO, layer=Layer.TOWN, root=DEMO_CITY)
    files = sorted((DEMO_CITY / "tables").glob("*.csv"))
    kinds = ("garbage_items", "garbage_categories", "fees", "hours", "facilities", "shelters")
    return tuple(NameIndex(t) for file in files for t in read(file, origin).tables if t.kind in kinds)


def items() -> list[str]:
    with (DEMO_CITY / "tables" / "garbage_items.csv").open(encoding="utf-8", newline="") as file:
        return [row["item"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "ja"])
def test_every_item_of_the_demo_town_has_names(language: str) -> None:
    held = [item for item, _ in read_names(FOLDER / f"{language}.tsv")]
    assert held[: len(items())] == items() and len(set(held)) == len(held)
    assert [item for item in items() if not item_names(language).of(item)] == []


def test_the_languages_with_names_are_ours() -> None:
    assert set(languages()) == set(LANGUAGES) - {"ja"}


def test_other_japanese_words_are_of_items_that_we_have_and_of_one_only() -> None:
    held = read_names(FOLDER / "ja.tsv")
    words = [word for _, names in held for word in names]
    assert {item for item, _ in held} <= set(items()) and len(set(words)) == len(words)
    assert not set(words) & set(items())


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "xx.tsv"
    file.write_text("傘\tumbrella\n鍋\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"xx\.tsv, line 2"):
        read_names(file)


@pytest.mark.parametrize(
    ("item", "others", "name"),
    [
        ("傘", (), "Umbrellas"), ("カサ", ("傘",), "Umbrellas"), ("傘（袋に入るもの）", (), "Umbrellas"),
        ("アルカリ電池", (), "Dry-cell batteries"), ("机", (), "Desks"), ("机（木製）", (), "Desks (wood)"),
        ("電池（充電式）", (), None), ("コップ（金属製）", (), "Cups"), ("見知らぬもの", (), None),
    ],
)  # fmt: skip
def test_an_item_of_a_real_town_is_known_by_its_own_name(item: str, others: tuple[str, ...], name: str | None) -> None:
    assert next(iter(item_names("en").of(item, others)), None) == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_every_row_is_found_in_a_question(language: str) -> None:
    """A name that one row alone has finds that row, whatever else it holds."""
    missed = []
    for index in demo_tables():
        owners: dict[str, set[int]] = {}
        for row in range(len(index.table.rows)):
            for name in index._local(row, language) if language != "ja" else (index.key(row),):
                owners.setdefault(name, set()).add(row)
        for name, rows in owners.items():
            found = index.find(HOW[language].format(name), language)
            best = {match.row for match in found if match.length == found[0].length}
            if len(rows) == 1 and not rows <= best:
                missed.append((index.table.kind, name))
    assert missed == []


def test_the_towns_own_column_wins() -> None:
    own = table([("傘", "", "不燃")])
    with_column = Table(
        id="items", owner="000000", kind="garbage_items", title="分別", url="", department="", as_of=own.as_of,
        key="item", aliases="", local=(("ko", "item_ko"),), columns=("item", "category", "item_ko"),
        rows=(("傘", "不燃", "우리 우산"), ("鍋", "金属", "")),
    )  # fmt: skip
    index = NameIndex(with_column)
    assert index.name(0, "ko") == "우리 우산" and index.name(1, "ko") == "냄비" and index.name(0, "th") == "ร่ม"
    assert index.name(0, "ja") == "傘"


def test_only_things_to_throw_away_have_our_names() -> None:
    assert NameIndex(table([("傘", "", "x")], kind="fees")).name(0, "ko") == "傘"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("ko", "우산 어떻게 버려요?"), ("th", "ทิ้งร่มยังไง"), ("es", "¿Dónde boto los paraguas?"),
        ("ne", "छाता कसरी फाल्ने"),
        ("my", "ထီး ဘယ်လိုပစ်ရမလဲ"), ("zh-Hant", "雨傘怎麼丟"), ("id", "buang payung gimana"), ("en", "throw away umbrellas"),
        ("fil", "Saan itatapon ang payong?"), ("vi", "vứt ô ở đâu, bỏ rác"), ("pt-BR", "jogar fora guarda-chuva"),
        ("zh-Hans", "雨伞怎么扔"),
    ],
)  # fmt: skip
def test_a_town_with_japanese_only_answers_in_every_language(language: str, question: str) -> None:
    tables = TownTables([table([("傘", "", "不燃ごみ"), ("布団", "", "粗大ごみ")])], load_words())
    decision = tables.look_up(question, language, (), NOW)
    assert isinstance(decision, Reply) and "(傘)" in decision.text and "布団" not in decision.text
    assert "不燃ごみ" in decision.text and not decision.text.startswith("“不燃"), (
        "the category as the glossary calls it"
    )


@pytest.mark.parametrize("city", ["kameoka", "kyotango"])
def test_a_real_citys_table_is_read_in_korean(city: str) -> None:
    root = shared_data("garbage_sorting") / city / "raw"
    held = read(root / "target.csv", Origin(owner=DEMO, layer=Layer.TOWN, root=root)).tables[0]
    index = NameIndex(held)
    named = [row for row in range(len(held.rows)) if index.name(row, "ko") != index.key(row)]
    assert len(named) > 0.2 * len(held.rows)
    decision = TownTables([held], load_words()).look_up("가위 어떻게 버려요?", "ko", (), NOW)
    assert isinstance(decision, Reply) and "はさみ" in decision.text


def test_of_many_rows_with_one_name_the_resident_chooses() -> None:
    rows = [(f"傘（{kind}）", "", kind) for kind in ("木製", "金属製", "プラスチック製")]
    decision = TownTables([table(rows)], load_words()).look_up("throw away umbrellas", "en", (), NOW)
    assert isinstance(decision, Ask) and len(decision.choices) == 3
    assert {choice.label for choice in decision.choices} == {f"Umbrellas ({item})" for item, _, _ in rows}
    told = TownTables([table(rows)], load_words()).look_up(decision.choices[1].text, "en", (), NOW)
    assert isinstance(told, Reply) and "金属製" in told.text


FOUND = [
    ("ko", "칼은 어디에 버려요?", "包丁"), ("ko", "꽃 버리는 법", "花"), ("ko", "책을 버리고 싶어요", "本"),
    ("ko", "냉장고버리는방법", "冷蔵庫"), ("ko", "오래된 건전지 버리기", "乾電池"),
    ("es", "botar colchones", "マットレス（スプリング入り）"),
    ("es", "¿cómo boto las luces? quiero botar pilas", "乾電池"),
    ("pt-BR", "descartar colchões", "マットレス（スプリング入り）"),
    ("id", "cara buang baterainya", "乾電池"), ("fil", "itapon ang bateryang luma", "乾電池"),
    ("ne", "ब्याट्रीहरू कसरी फाल्ने", "乾電池"), ("ne", "saikal kasari falne", "自転車"), ("ne", "चक्कु फाल्ने", "包丁"),
    ("th", "มีดเก่าทิ้งยังไง", "包丁"), ("th", "อยากทิ้งโซฟา", "ソファ（2人用以上）"), ("my", "ဓားပစ်ချင်တယ်", "包丁"),
    ("zh-Hans", "刀怎么扔", "包丁"), ("zh-Hant", "书怎么丢", "本"), ("zh-Hans", "報紙怎麼丟", "新聞紙"),
    ("ko", "TV 버리기", "液晶テレビ"), ("vi", "vut o dien", ""), ("ja", "いすの捨て方", "いす"),
    ("ja", "CDは何ごみ", "CD"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "question", "item"), FOUND)
def test_names_are_found_as_people_write_them(language: str, question: str, item: str) -> None:
    index = next(index for index in demo_tables() if index.table.kind == "garbage_items")
    found = index.find(question, language) or index.find_beside(question, language)
    best = {index.key(match.row) for match in found if match.length == found[0].length}
    assert item in best if item else not best


@pytest.mark.parametrize(
    ("language", "question", "item"),
    [
        ("ko", "공사 소음 신고", "ボール"), ("ko", "약속을 취소하고 싶어요", "薬"), ("th", "อยากทิ้งขยะ", "薬"),
        ("th", "ยาวมาก", "薬"), ("my", "ဆေးရုံ ဘယ်မှာလဲ", "薬"), ("zh-Hans", "土地怎么办", "土"),
        ("ne", "कारण के हो", "自動車"),
        ("vi", "ví của tôi", "液晶テレビ"), ("ja", "本人確認の書類", "本"), ("ja", "土曜日のごみ", "土"),
    ],
)  # fmt: skip
def test_a_part_of_another_word_is_no_name(language: str, question: str, item: str) -> None:
    index = next(index for index in demo_tables() if index.table.kind == "garbage_items")
    assert item not in {index.key(match.row) for match in index.find(question, language)}
