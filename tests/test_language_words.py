"""Every outcome has words in every language, with the placeholders that the code fills."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.errors import WordsIncomplete, WordsMisused
from assistant.language.numbers import (
    format_date,
    format_phone,
    format_time,
    format_weekdays,
    format_yen,
    next_day,
    parse_schedule,
)
from assistant.language.phrases import KINDS, OUTCOME_PLACEHOLDERS, PHRASE_PLACEHOLDERS, Phrase
from assistant.language.words import NOTICE_LANGUAGES, load_words, parse_words
from assistant.model import LANGUAGES, Why

WORDS = Path(__file__).parents[1] / "assistant" / "language" / "words"
HARD_KANJI = re.compile("[\u4e00-\u9fff々]")
READING = re.compile("[\u4e00-\u9fff々]+[ぁ-んァ-ヶー]*（[^（）]+）|（[^（）]*）")


def _values(why: Why, kind: str) -> dict[str, str]:
    return {} if kind == "goodbye" else {name: "値" for name in OUTCOME_PLACEHOLDERS.get(why, ())}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", list(Why))
def test_every_outcome_has_words_and_a_label(why: Why, language: str) -> None:
    words = load_words()
    for kind in ("plain", *KINDS.get(why, ())):
        said = words.say(why, language, kind=kind, **_values(why, kind))
        assert said and "{" not in said
    assert words.label(why)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_words(language: str) -> None:
    for phrase in Phrase:
        values = {name: "X" for name in PHRASE_PLACEHOLDERS.get(phrase, ())}
        assert load_words().phrase(phrase, language, **values).count("X") >= len(values)


def test_kinds_have_words_of_their_own() -> None:
    words = load_words()
    for language in LANGUAGES:
        fire, medical = (words.say(Why.EMERGENCY, language, kind=kind) for kind in ("fire", "medical"))
        assert fire != medical and "119" in fire and "119" in medical
        assert "110" in words.say(Why.EMERGENCY, language, kind="crime")
        assert "118" in words.say(Why.EMERGENCY, language, kind="sea")
        assert "171" in words.say(Why.EMERGENCY, language, kind="disaster")
        suicide = words.say(Why.CRISIS, language, kind="suicide")
        for number in ("0120-279-338", "0120-783-556", "0120-061-338", "0120-99-7777", "119"):
            assert number in suicide
        assert "#8008" in words.say(Why.CRISIS, language, kind="dv")
        assert "0120-279-889" in words.say(Why.CRISIS, language, kind="dv")
        assert "189" in words.say(Why.CRISIS, language, kind="child_abuse")


def test_easy_japanese_has_a_reading_for_every_kanji() -> None:
    words = load_words()
    texts = [*words.outcomes["ja-x-easy"].values(), *words.phrases["ja-x-easy"].values()]
    for text in texts:
        bare = READING.sub("", text)
        assert not HARD_KANJI.search(bare), bare
        assert all(len(sentence) < 90 for sentence in re.split("[。\n]", READING.sub("漢", text)))


def test_notices_exist_for_every_language_that_is_recognised_but_not_spoken() -> None:
    assert all(load_words().notice(language) for language in NOTICE_LANGUAGES)
    assert load_words().notice("ja") == ""


def test_wrong_values_are_refused_without_showing_them() -> None:
    words = load_words()
    with pytest.raises(WordsMisused, match="town"):
        words.say(Why.GREETING, "ja")
    with pytest.raises(WordsMisused) as caught:
        words.say(Why.THANKS, "ja", name="山田太郎")
    assert "山田" not in str(caught.value)
    with pytest.raises(WordsMisused):
        words.say(Why.THANKS, "ru")


@pytest.mark.parametrize(
    ("broken", "by", "message"),
    [
        ("town}の案内を自動", "tawn}の案内を自動", r"ja\.yaml: outcomes\.greeting\.who_are_you.*town"),
        ("  fee: 手数料\n", "", r"ja\.yaml: phrases.*fee"),
        ("  fee: 手数料\n", "  fee: 手数料{x}\n", r"ja\.yaml: phrases\.fee.*x"),
        ("  fee: 手数料\n", "  fee: 手数料\n  feee: 手数料\n", r"ja\.yaml: phrases.*feee"),
        ("  thanks: お礼\n", "", r"ja\.yaml: labels.*thanks"),
        ('  "yes": はい', "  yes: はい", r"ja\.yaml: phrases.*yes"),
        ("  fee: 手数料\n", "  fee: 手数料{\n", r"ja\.yaml: phrases\.fee"),
    ],
)
def test_a_missing_or_wrong_key_is_named(tmp_path: Path, broken: str, by: str, message: str) -> None:
    text = (WORDS / "ja" / "outcomes.yaml").read_text(encoding="utf-8")
    assert broken in text
    for language in LANGUAGES:
        copy = (WORDS / language / "outcomes.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{language}.yaml").write_text(copy, encoding="utf-8")
    (tmp_path / "ja.yaml").write_text(text.replace(broken, by), encoding="utf-8")
    with pytest.raises(WordsIncomplete, match=message):
        parse_words({code: tmp_path / f"{code}.yaml" for code in LANGUAGES}, WORDS.parent / "notices.yaml")


def test_amounts_dates_and_times_in_every_language() -> None:
    day = date(2026, 11, 20)
    assert {language: format_yen(1200, language) for language in LANGUAGES} == {
        "ja": "1,200円", "ja-x-easy": "1,200円", "en": "1,200 yen", "zh-Hans": "1,200日元", "zh-Hant": "1,200日圓",
        "ko": "1,200엔", "vi": "1.200 yên", "pt-BR": "1.200 ienes", "es": "1,200 yenes", "fil": "1,200 yen",
        "id": "1.200 yen", "ne": "1,200 येन", "th": "1,200 เยน", "my": "1,200 ယန်း",
    }  # fmt: skip
    assert format_yen(1, "pt-BR") == "1 iene" and format_yen(1, "es") == "1 yen"
    assert format_yen(0, "en") == "free" and format_yen(0, "ja") == "無料"
    assert format_date(day, "ja") == "2026年11月20日（金曜日）"
    assert format_date(day, "en") == "Friday, 20 November 2026"
    assert format_date(day, "vi", weekday=False) == "ngày 20 tháng 11 năm 2026"
    assert format_date(day, "pt-BR") == "sexta-feira, 20 de novembro de 2026"
    assert format_time(time(8, 30), "ja") == "8時30分" and format_time(time(17, 0), "ja") == "17時"
    assert format_time(time(8, 30), "pt-BR") == "8h30"
    assert format_phone("０００ー４８２−１１０１") == "000-482-1101"


def test_collection_days_in_words() -> None:
    assert format_weekdays("月,木", "ja") == "毎週月曜日と木曜日"
    assert format_weekdays("水2,水4", "ja") == "第2と第4水曜日"
    assert format_weekdays("水2,水4", "en") == "the 2nd and 4th Wednesday of the month"
    assert format_weekdays("月,木", "zh-Hans") == "每周一和周四"
    assert format_weekdays("月,木", "vi") == "thứ Hai và thứ Năm hằng tuần"
    assert format_weekdays("土", "pt-BR") == "todo sábado"


@pytest.mark.parametrize("schedule", ["", "曜", "月6", "Mon", "月,", "水０"])
def test_a_schedule_that_is_none_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match="schedule"):
        parse_schedule(schedule)


@given(
    st.lists(st.tuples(st.sampled_from("月火水木金土日"), st.sampled_from(["", *"12345"])), min_size=1, max_size=4),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
    st.sampled_from(LANGUAGES),
)
def test_the_next_day_is_the_first_that_the_schedule_names(
    days: list[tuple[str, str]], after: date, language: str
) -> None:
    schedule = ",".join(weekday + nth for weekday, nth in days)
    found = next_day(schedule, after)
    assert found >= after
    assert any("月火水木金土日"[found.weekday()] == w and n in ("", str((found.day - 1) // 7 + 1)) for w, n in days)
    assert next_day(schedule, found) == found
    assert format_weekdays(schedule, language)
