"""The demo town's knowledge is whole: guides, translations, tables and ordinances fit together."""

import csv
import gzip
import json
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.demo import DEMO_CITY
from assistant.model import LANGUAGES
from knowledge.citing import article_number
from knowledge.item_names import item_names
from knowledge.passage import Layer
from knowledge.sources.laws import read_law
from knowledge.sources.reading import Origin
from tests.conftest import DEMO, SHARED

TRANSLATED = ("en", "zh-Hans", "vi", "pt-BR")
KEYS = {
    "id", "title", "topic", "layer", "questions", "summary", "who", "deadline", "where", "when", "bring", "fee",
    "online",
    "department", "phone", "url", "law", "valid_from", "review_by", "related",
}  # fmt: skip
MAN = re.compile(r"(\d+)万(\d{0,4})")
FIGURE = re.compile(r"\d+(?:[,.]\d{3})*")
SMALLEST = 100  # yen; smaller figures count days, pages and people
# Fees of things beside what their guide is about.
NOT_IN_THEIR_GUIDE = ["市民総合体育館 アリーナ全面"]
YEARS = frozenset(range(2020, 2036))  # written for 令和8年度
PHONE = re.compile(r"000-482-\d{4}")
Guide = dict[str, object]


@lru_cache(maxsize=1)
def guides() -> dict[str, dict[str, tuple[Guide, str]]]:
    """Language → id → front matter and body."""
    found: dict[str, dict[str, tuple[Guide, str]]] = defaultdict(dict)
    for file in sorted((DEMO_CITY / "guides").glob("*/*.md")):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        found[file.parent.name][file.stem] = (yaml.safe_load(front), body)
    return found


@lru_cache(maxsize=1)
def town() -> Guide:
    loaded: Guide = yaml.safe_load((DEMO_CITY / "town.yaml").read_text(encoding="utf-8"))
    return loaded


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO_CITY / "tables" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table_settings() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((DEMO_CITY / "tables" / "tables.yaml").read_text(encoding="utf-8"))
    return loaded


def amounts(value: object, smallest: int = SMALLEST) -> set[int]:
    """The figures that may be amounts of yen: 3,000, 3.000 and 113万."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    plain = MAN.sub(lambda m: str(int(m[1]) * 10_000 + int(m[2] or 0)), PHONE.sub("", text))
    found = {int(re.sub(r"[,.]", "", figure)) for figure in FIGURE.findall(plain)}
    return {figure for figure in found if figure >= smallest} - YEARS


def check_digit(first_five: str) -> int:
    """検査数字 of 全国地方公共団体コード. Source: 総務省, 全国地方公共団体コード仕様."""
    total = sum(int(digit) * weight for digit, weight in zip(first_five, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10 if total >= 11 else 11 - total


def every_guide() -> list[tuple[str, str, Guide, str]]:
    return [(lang, id_, front, body) for lang, held in guides().items() for id_, (front, body) in held.items()]


def test_no_real_town_has_its_codes() -> None:
    for code in (str(town()["code"]), str(town()["prefecture"])):
        assert re.fullmatch(r"\d{6}", code) and int(code[:2]) > 47
        assert int(code[5]) == check_digit(code[:5])
    assert check_digit("01100") == 2 and check_digit("13101") == 6, "札幌市 and 千代田区"


def test_there_are_enough_guides_in_every_language() -> None:
    held = {language: len(found) for language, found in guides().items()}
    assert held["ja"] >= 90
    assert {language: n for language, n in held.items() if language in TRANSLATED and n < 30} == {}


def test_a_translation_is_of_a_guide_that_exists() -> None:
    for language, found in guides().items():
        assert set(found) <= set(guides()["ja"]), language


def test_every_guide_has_every_key_and_its_own_name() -> None:
    for language, id_, front, body in every_guide():
        assert set(front) - {"translated"} == KEYS, (language, id_)
        assert front["id"] == id_
        assert ("translated" in front) == (language != "ja"), (language, id_)
        assert len(re.findall(r"^## ", body, re.M)) >= 1, (language, id_)


def test_questions_are_several_and_differ() -> None:
    for language, id_, front, _ in every_guide():
        questions = front["questions"]
        assert isinstance(questions, list)
        assert 5 <= len(questions) == len(set(questions)), (language, id_)


def test_departments_phones_and_related_guides_are_known() -> None:
    departments = {d["id"]: d["phone"] for d in town()["departments"]}  # type: ignore[attr-defined]
    for language, id_, front, _ in every_guide():
        assert front["department"] in departments, (language, id_)
        assert PHONE.fullmatch(str(front["phone"])), (language, id_)
        assert set(front["related"]) <= set(guides()["ja"]), (language, id_)  # type: ignore[call-overload]


def test_no_phone_of_the_town_could_ring_anywhere() -> None:
    for file in DEMO_CITY.rglob("*"):
        if file.suffix in (".md", ".csv", ".yaml") and file.name != "README.md":
            for number in re.findall(r"(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)", file.read_text(encoding="utf-8")):
                assert number.startswith(("000-", "0120-", "0570-")), (file.name, number)


@pytest.mark.parametrize("key", ["topic", "layer", "department", "phone", "url", "law", "valid_from", "review_by"])
def test_translations_keep_what_is_not_language(key: str) -> None:
    for language, id_, front, _ in every_guide():
        assert front[key] == guides()["ja"][id_][0][key], (language, id_)


@pytest.mark.parametrize("key", ["deadline", "when", "fee", "where", "bring", "online"])
def test_translations_state_a_fact_where_the_japanese_does(key: str) -> None:
    for language, id_, front, _ in every_guide():
        assert bool(front[key]) == bool(guides()["ja"][id_][0][key]), (language, id_)


def test_translations_keep_every_amount_and_phone() -> None:
    differing = {}
    for language, id_, front, body in every_guide():
        ja_front, ja_body = guides()["ja"][id_]
        if amounts(front["fee"]) != amounts(ja_front["fee"]):
            differing[language, id_] = (amounts(front["fee"]), amounts(ja_front["fee"]))
        extra = set(PHONE.findall(body)) - set(PHONE.findall(ja_body)) - {str(ja_front["phone"])}
        if extra:
            differing[language, id_, "phones"] = (extra, set())
    assert differing == {}


def test_the_legal_basis_exists() -> None:
    folder = SHARED / "laws_jp"
    if not folder.exists():
        pytest.skip("shared data set laws_jp is not on this machine")
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = {json.loads(line)["id"] for line in lines}
    held = {article.partition("#")[0] for article in articles}
    checked, missing = 0, []
    for id_, (front, _) in guides()["ja"].items():
        for law in front["law"]:  # type: ignore[attr-defined]
            number = article_number(law["article"] or "")
            if law["law_id"] in held and number:
                checked += 1
                if f"{law['law_id']}#{number}" not in articles:
                    missing.append((id_, law["title"], law["article"]))
    assert missing == [] and checked > 100


def test_ordinances_are_read_with_paragraphs_and_items() -> None:
    root = DEMO_CITY / "ordinances"
    files = sorted(root.glob("*.xml"))
    assert len(files) == 2
    for file in files:
        reading = read_law(file, Origin(owner=DEMO, layer=Layer.TOWN, root=root))
        assert len(reading.documents) > 5 and not reading.warnings
        paths = [section.path for document in reading.documents for section in document.sections]
        assert any(path and path[-1] == "第二項" for path in paths), "項"
        text = "\n".join(section.text for document in reading.documents for section in document.sections)
        assert re.search(r"^[一1１（(]", text, re.M), "号"
        assert all(document.title.strip() for document in reading.documents)


def test_ordinances_that_guides_name_exist() -> None:
    titles = set()
    for file in sorted((DEMO_CITY / "ordinances").glob("*.xml")):
        reading = read_law(file, Origin(owner=DEMO, layer=Layer.TOWN, root=file.parent))
        titles |= {document.title for document in reading.documents}
    held = {title.split()[0] for title in titles}
    named = {
        f"{law['title']} {law['article']}"
        for front, _ in guides()["ja"].values()
        for law in front["law"]  # type: ignore[attr-defined]
        if law["title"] in held and law["article"]
    }
    assert named and named <= titles, named - titles


def test_tables_say_what_guides_say_of_fees() -> None:
    checked, differing = 0, []
    for row in rows("fees.csv"):
        guide = guides()["ja"].get(row["guide"])
        if row["guide"]:
            assert guide is not None, row["item"]
        if guide is None or row["yen"] in ("", "0") or "料金の表を見てください" in str(guide[0]["fee"]):
            continue
        checked += 1
        stated = amounts([guide[0]["fee"], guide[1]], smallest=1)
        if int(row["yen"]) not in stated:
            differing.append(row["item"])
    assert differing == NOT_IN_THEIR_GUIDE and checked > 40


def test_tables_name_guides_that_exist() -> None:
    for name in ("hours.csv", "facilities.csv", "fees.csv"):
        assert {row["guide"] for row in rows(name)} - {""} <= set(guides()["ja"]), name


def test_garbage_is_complete() -> None:
    items = rows("garbage_items.csv")
    categories = {row["category"] for row in rows("garbage_categories.csv")}
    assert len(items) >= 300 and len({row["item"] for row in items}) == len(items)
    assert {row["category"] for row in items} <= categories
    days: dict[str, set[str]] = defaultdict(set)
    for row in rows("garbage_days.csv"):
        days[row["district"]].add(row["category"])
    assert set(days) == set(town()["districts"])  # type: ignore[call-overload]
    assert len({frozenset(kinds) for kinds in days.values()}) == 1, "every district has days for the same kinds"
    assert next(iter(days.values())) <= categories


@pytest.mark.parametrize("name", ["garbage_categories.csv", "fees.csv", "hours.csv", "facilities.csv", "shelters.csv"])
def test_rows_have_their_names_in_every_language(name: str) -> None:
    held = rows(name)
    local = {entry["file"]: entry["local"] for entry in table_settings()}[name]
    assert set(local) == set(LANGUAGES) - {"ja"}
    for column in local.values():
        assert [row for row in held if not row[column].strip()] == [], column
        assert all(cell == "|".join(part.strip() for part in cell.split("|")) for cell in (row[column] for row in held))


def test_how_to_put_garbage_out_is_said_in_every_language() -> None:
    for row in rows("garbage_categories.csv"):
        for language in set(LANGUAGES) - {"ja", "ja-x-easy"}:
            assert row[f"how_to_{language}"].strip(), (row["category"], language)
            assert set(PHONE.findall(row[f"how_to_{language}"])) == set(PHONE.findall(row["how_to"]))


def test_names_of_things_are_the_tables_or_the_shared_ones() -> None:
    for row in rows("garbage_items.csv"):
        for language in ("en", "zh-Hans", "vi", "pt-BR"):
            shared = item_names(language).of(row["item"])
            assert set(row[f"item_{language}"].split("|")) <= set(shared), (row["item"], language)


@pytest.mark.parametrize("key", ["name", "prefecture_name", "hours", "suggestions"])
def test_the_town_names_itself_in_every_language(key: str) -> None:
    held = town()[key]
    assert isinstance(held, dict) and set(held) - {"ja-x-easy"} == set(LANGUAGES) - {"ja-x-easy"}
    assert all(held.values()) and (key != "suggestions" or {len(each) for each in held.values()} == {4})


def test_every_district_has_two_shelters_and_every_place_lies_in_the_town() -> None:
    by_district: dict[str, int] = defaultdict(int)
    for row in rows("shelters.csv"):
        by_district[row["district"]] += 1
        assert {row[h] for h in ("flood", "landslide", "storm_surge", "earthquake", "tsunami", "fire")} <= {"0", "1"}
        assert 32.5 < float(row["lat"]) < 33.5 and 138.5 < float(row["lon"]) < 139.9
    assert {d: by_district[d] for d in town()["districts"] if by_district[d] < 2} == {}  # type: ignore[attr-defined]


def test_the_demo_town_loads_without_a_fault(demo_home: Path) -> None:
    assert (demo_home / "madoguchi.db").exists()  # the fixture asserts that nothing failed
