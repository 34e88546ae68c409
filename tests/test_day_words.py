"""Days are understood as people name them in every language, and public holidays have names in all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.numerals import plain_numbers
from assistant.answering.weekdays import NAMES, weekday_forms
from assistant.holidays import holiday_name, next_holiday
from assistant.language.dates import plain_digits, written_dates
from assistant.language.day_words import WEEKDAYS, _rows, day_word, days_meant, holiday_words
from assistant.language.formats import formats
from assistant.language.numbers import format_date
from assistant.model import LANGUAGES

TODAY = date(2026, 11, 20)  # a Friday
HOLIDAYS = {holiday_name(date(year, 1, 1) + timedelta(days=n)) for year in (2026, 2032) for n in range(366)} - {""}


def test_the_sixteen_holidays_have_names_in_every_language() -> None:
    plain = {name.partition(" ")[0] for name in HOLIDAYS}
    assert len(plain - {"国民の休日"}) == 16 and plain <= set(_rows())
    for name in plain:
        words = [day_word(name, language) for language in LANGUAGES if language not in ("ja", "ja-x-easy")]
        assert name not in words, name
    assert set(_rows()["元日"]) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_words_in_every_language(language: str) -> None:
    assert all(local[language] and all(each.strip() == each for each in local[language]) for local in _rows().values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_substitute_holiday_is_said_to_be_one(language: str) -> None:
    said = holiday_words(date(2026, 5, 6), language)
    assert day_word("憲法記念日", language) in said and day_word("substitute", language) in said
    assert holiday_words(TODAY, language) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_holiday_named_is_the_day_on_which_it_comes_next(language: str) -> None:
    for name in sorted(name for name in HOLIDAYS if " " not in name and name not in ("国民の休日", "元日")):
        named = _rows()[name][language][0].partition("（")[0]
        assert days_meant(f"{named}?", language, TODAY) == (next_holiday(TODAY, name),), named


@pytest.mark.parametrize("language", LANGUAGES)
@given(days=st.integers(min_value=0, max_value=300))
def test_a_date_as_we_write_it_is_read_back(language: str, days: int) -> None:
    day = TODAY + timedelta(days=days)
    assert days_meant(format_date(day, language), language, TODAY)[:1] == (day,)
    assert {(one.month, one.day, one.year) for one in written_dates(format_date(day, language)) if one.sure} == {
        (day.month, day.day, day.year)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_weekday_of_a_language_is_the_next_such_day(language: str) -> None:
    for number, name in enumerate(formats(language).lists["weekdays"]):
        expected = next(TODAY + timedelta(days=n) for n in range(7) if (TODAY + timedelta(days=n)).weekday() == number)
        assert days_meant(f"{name}?", language, TODAY) == (expected,), name


MEANT = [
    ("ja", "明日は開いていますか", ["2026-11-21"]), ("en", "open tomorrow?", ["2026-11-21"]),
    ("ko", "내일 열어요?", ["2026-11-21"]), ("th", "พรุ่งนี้เปิดไหม", ["2026-11-21"]),
    ("my", "မနက်ဖြန် ဖွင့်လား", ["2026-11-21"]),
    ("ne", "भोलि खुल्छ?", ["2026-11-21"]), ("id", "besok buka?", ["2026-11-21"]), ("es", "¿abre mañana?", ["2026-11-21"]),
    ("es", "¿a qué hora abre por la mañana?", []), ("id", "minggu depan buka?", []),
    ("id", "hari Minggu", ["2026-11-22"]),
    ("fil", "Bukas ba sa Linggo?", ["2026-11-22"]), ("fil", "sa susunod na linggo", []),
    ("zh-Hans", "下周一开门吗", ["2026-11-23"]), ("zh-Hant", "下週一有開嗎", ["2026-11-23"]),
    ("ne", "शनिबारमा खुल्छ?", ["2026-11-21"]), ("th", "อาทิตย์หน้า", []), ("ko", "다음 주 수요일", ["2026-11-25"]),
    ("vi", "3/12", ["2026-12-03"]), ("en", "3/12", []), ("en", "13/12", ["2026-12-13"]), ("en", "8:30-17:15", []),
    ("ja", "11月23日", ["2026-11-23"]), ("ja", "11月19日", ["2027-11-19"]), ("ja", "祝日", ["2026-11-23"]),
    ("en", "on public holidays", ["2026-11-23"]), ("ja", "正月", [f"2026-12-{d}" for d in (29, 30, 31)] + [
        f"2027-01-0{d}" for d in (1, 2, 3)]), ("vi", "nghỉ tết", ["2026-12-29", "2026-12-30", "2026-12-31",
        "2027-01-01",
        "2027-01-02", "2027-01-03"]), ("en", "hello", []), ("ko", "안녕하세요", []),
        ("pt-BR", "segunda-feira", ["2026-11-23"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "days"), MEANT)
def test_days_are_understood_as_they_are_said(language: str, text: str, days: list[str]) -> None:
    assert [day.isoformat() for day in days_meant(text, language, TODAY)] == days


def test_golden_week_reaches_to_its_substitute_holiday() -> None:
    assert days_meant("Golden Week", "en", date(2026, 4, 1))[-1] == date(2026, 5, 6)
    assert days_meant("ゴールデンウィーク", "ja", date(2027, 4, 1))[-1] == date(2027, 5, 5)


def test_within_a_period_it_is_the_one_that_is_now() -> None:
    assert date(2027, 1, 1) in days_meant("正月", "ja", date(2027, 1, 2))


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_any_text_is_read_without_a_fault(text: str, language: str) -> None:
    assert all(day >= TODAY for day in days_meant(text, language, TODAY))


def test_digits_of_all_scripts_are_digits() -> None:
    assert plain_digits("๑๒ १२ ၁၂ １２") == "12 12 12 12"


@pytest.mark.parametrize(
    ("language", "text"),
    [("es", "lunes a viernes"), ("fil", "lunes hanggang biyernes"), ("id", "senin sampai jumat"),
     ("ko", "월요일부터 금요일까지"), ("ne", "सोमबारदेखि शुक्रबारसम्म"), ("th", "วันจันทร์ถึงวันศุกร์"),
     ("my", "တနင်္လာနေ့ကနေ သောကြာနေ့အထိ"), ("zh-Hant", "週一至週五")],
)  # fmt: skip
def test_a_range_of_weekdays_states_those_between(language: str, text: str) -> None:
    named = [day for _, day in weekday_forms(plain_numbers(text, language), language)]
    assert named == list(NAMES[:5]) == list(WEEKDAYS[:5])


def test_a_week_is_no_sunday() -> None:
    assert weekday_forms("minggu depan", "id") == [] and weekday_forms("hari minggu", "id") == [("weekday", "sun")]
