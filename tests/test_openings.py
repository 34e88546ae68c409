"""Whether a place is open on a day is told where the table settles it, with the reason; else nothing is claimed."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.openings import Hours, Why, openings
from assistant.bootstrap import System
from assistant.demo import DEMO_CITY
from assistant.holidays import holiday_name
from assistant.language.day_words import day_word, holiday_words
from assistant.language.numbers import format_date
from assistant.model import LANGUAGES, Channel, Conversation, Reply, Turn
from assistant.model import Why as Outcome
from tests.conftest import DEMO

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OFFICE = Hours(row=0, days="月,火,水,木,金", closed="土曜日・日曜日・祝日、12月29日から1月3日")
LIBRARY = [
    Hours(row=0, days="火,水,木,金", closed="月曜日（祝日のときは次の平日）、第4木曜日、12月29日から1月3日",
    note="祝日は17時まで"),
    Hours(row=1, days="土,日,祝", closed="月曜日（祝日のときは次の平日）、12月29日から1月3日"),
]  # fmt: skip
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))


def table() -> list[dict[str, str]]:
    with (DEMO_CITY / "tables" / "hours.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@given(days)
def test_an_office_is_open_on_working_days_and_says_why_not_on_others(day: date) -> None:
    (found,) = openings([OFFICE], day)
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    assert found.sure and (found.closed is None) == (day.weekday() < 5 and not holiday_name(day) and not new_year)
    if day.weekday() < 5 and not new_year and holiday_name(day):
        assert found.closed is Why.HOLIDAY
    if new_year and day.weekday() < 5 and not holiday_name(day):
        assert found.closed is Why.NEW_YEAR


@given(days)
def test_a_closing_day_that_is_a_holiday_moves_to_the_next_working_day(day: date) -> None:
    if day.weekday() == 0 and holiday_name(day) and (day.month, day.day) > (1, 3):
        assert [each.row for each in openings(LIBRARY, day)] == [1], "open with the hours of holidays"
        later = [day + timedelta(days=n) for n in range(1, 9)]
        moved = next(each for each in later if each.weekday() < 5 and not holiday_name(each))
        assert openings(LIBRARY, moved)[0].closed is Why.REGULAR


@pytest.mark.parametrize(
    ("hours", "day", "closed"),
    [
        (Hours(row=0, days="日2", closed="第2日曜日のほかの日曜日"), date(2026, 11, 8), None),
        (Hours(row=0, days="日2", closed="第2日曜日のほかの日曜日"), date(2026, 11, 15), Why.REGULAR),
        (Hours(row=0, days="火,水", closed="月曜日、祝日の翌日、12月29日から1月3日"), date(2026, 11, 24), Why.REGULAR),
        (Hours(row=0, days="日,祝", closed="なし"), date(2026, 11, 23), None),
        (Hours(row=0, days="月,火", closed="年末年始"), date(2026, 12, 29), Why.NEW_YEAR),
        (Hours(row=0, days="月,火", closed="", note="木曜日は19時まで"), date(2026, 11, 25), Why.REGULAR),
    ],
)  # fmt: skip
def test_what_the_table_says_of_closing_is_read(hours: Hours, day: date, closed: Why | None) -> None:
    (found,) = openings([hours], day)
    assert found.closed is closed and found.sure


@pytest.mark.parametrize(
    ("hours", "day"),
    [
        (Hours(row=0, days="毎日", closed="選挙の期間だけ"), date(2026, 11, 25)),
        (Hours(row=0, days="日,祝", closed="なし", note="受付時間。12月30日から1月3日も同じ"), date(2026, 12, 30)),
        (Hours(row=0, days="月,火,水,木,金", closed="", note="第2日曜日は9時から12時まで"), date(2026, 11, 8)),
        (Hours(row=0, days="潮の良い日", closed=""), date(2026, 11, 25)),
    ],
)  # fmt: skip
def test_a_day_that_the_table_leaves_open_is_not_settled(hours: Hours, day: date) -> None:
    assert openings([hours], day) == []


def test_a_closing_that_can_not_be_read_makes_no_day_sure() -> None:
    (found,) = openings([Hours(row=0, days="毎日", closed="12月29日から1月3日、点検の日")], date(2026, 11, 25))
    assert found.closed is None and not found.sure


def test_every_row_of_the_demo_town_is_read_on_every_day_of_a_year() -> None:
    unread = {row["closed"] for row in table() for n in range(366)
              if any(not each.sure for each in openings([Hours(row=0, days=row["days"], closed=row["closed"])],
                                                       date(2026, 4, 1) + timedelta(days=n)))}  # fmt: skip
    assert unread == {"12月29日から1月3日、点検の日", "1月1日から1月3日、友引の日"}


ASKED = {
    "ja": "市役所は11月23日に開いていますか", "ja-x-easy": "市役所は 11月23日に あいていますか",
    "en": "Is city hall open on November 23?", "zh-Hans": "市政府11月23日开门吗", "zh-Hant": "市公所11月23日有開嗎",
    "ko": "시청 11월 23일에 여나요?", "vi": "Tòa thị chính có mở cửa ngày 23 tháng 11 không?",
    "pt-BR": "A prefeitura abre em 23 de novembro?", "es": "¿El ayuntamiento abre el 23 de noviembre?",
    "fil": "Bukas ba ang munisipyo sa Nobyembre 23?", "id": "Balai kota buka tanggal 23 November?",
    "ne": "नगरपालिका कार्यालय नोभेम्बर 23 मा खुल्छ?", "th": "ศาลากลางเปิดวันที่ 23 พฤศจิกายนไหม",
    "my": "မြို့တော်ခန်းမ နိုဝင်ဘာ 23 ရက် ဖွင့်လား",
}  # fmt: skip


def said(system: System, question: str, language: str) -> str:
    turn = Turn(id="t", conversation="c", town=DEMO, text=question, language=language, channel=Channel.API, at=NOW)
    decision = system.respond(turn, Conversation(id="c", town=DEMO)).decision
    assert isinstance(decision, Reply) and decision.why is Outcome.TABLE, (question, decision.why, decision.text[:80])
    return decision.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_holiday_is_named_as_the_reason_in_the_residents_language(system: System, language: str) -> None:
    first, second = said(system, ASKED[language], language).split("\n")[:2]
    day = date(2026, 11, 23)
    closed = day_word("closed", language).format(date=format_date(day, language), why=holiday_words(day, language))
    assert closed in first and format_date(date(2026, 11, 24), language) in second, first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_working_day_is_told_with_its_hours(system: System, language: str) -> None:
    question = ASKED[language].replace("23", "25")
    first = said(system, question, language).split("\n")[0]
    assert format_date(date(2026, 11, 25), language) in first and "8" in first and "17" in first


def test_every_day_of_a_period_is_told(system: System) -> None:
    lines = said(system, "市民課はゴールデンウィークに開いていますか", "ja").split("\n")
    assert len([line for line in lines if "2027年" in line]) == 7
    assert "昭和の日" in lines[0] and "17時15分" in lines[1]


def test_obon_is_no_public_holiday(system: System) -> None:
    assert "2027年8月13日（金曜日）：8時30分から17時15分まで" in said(system, "市役所はお盆に開いていますか", "ja")


def test_without_a_day_the_usual_hours_alone_are_told(system: System) -> None:
    assert "2026年" not in said(system, "市民課は何時まで開いていますか", "ja")
