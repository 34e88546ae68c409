"""開庁時間: when the desk is staffed, with Japanese public holidays, and when it opens next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.errors import SettingsError
from assistant.holidays import holiday_name

ZONE = ZoneInfo("Asia/Tokyo")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([0-2]?\d):([0-5]\d)-([0-2]?\d):([0-5]\d)")
_RANGE = re.compile(r"([01]?\d)/([0-3]?\d)-([01]?\d)/([0-3]?\d)")
_LOOK_AHEAD = 60  # days; the longest closure that a town can have and still be said to open again

Span = tuple[time, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When staff are there, in Japan's time."""

    week: tuple[Span | None, ...]  # Monday first; opening and closing time
    closed: tuple[tuple[tuple[int, int], tuple[int, int]], ...]  # (month, day) to (month, day), both closed too
    holidays: bool  # open on public holidays too
    reply_minutes: int  # within which staff answer while the desk is open

    def __post_init__(self) -> None:
        if len(self.week) != 7 or any(span and span[0] >= span[1] for span in self.week):
            raise ValueError("a week has seven days, each opening before it closes")
        if self.reply_minutes < 1:
            raise ValueError("nobody answers in less than a minute")

    def span(self, day: date) -> Span | None:
        """Opening and closing time of that day; None when the desk is closed."""
        if any(_within((day.month, day.day), first, last) for first, last in self.closed):
            return None
        if not self.holidays and holiday_name(day):
            return None
        return self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """True from the minute of opening to the minute before closing."""
        local = at.astimezone(ZONE)
        span = self.span(local.date())
        return span is not None and span[0] <= local.time() < span[1]

    def opens_after(self, at: datetime) -> datetime | None:
        """The next opening after `at`, in UTC; None when the desk does not open within two months."""
        local = at.astimezone(ZONE)
        for ahead in range(_LOOK_AHEAD):
            day = local.date() + timedelta(days=ahead)
            span = self.span(day)
            if span is not None:
                opening = datetime.combine(day, span[0], ZONE)
                if opening > local:
                    return opening.astimezone(UTC)
        return None


def read_hours(entry: Mapping[str, object]) -> Hours:
    """The hours in a town's `desk:` entry. Raises SettingsError naming what is wrong.

    Form: `hours: {mon-fri: "08:30-17:15"}`, `closed: ["12/29-1/3"]`, `holidays: open` (default closed),
    `reply_minutes: 15`. The default closure is that of 地方自治法第4条の2: Saturdays, Sundays, holidays, New Year.
    """
    hours = entry.get("hours", {"mon-fri": "08:30-17:15"})
    if not isinstance(hours, dict):
        raise SettingsError('town.yaml: desk.hours must look like {mon-fri: "08:30-17:15"}.')
    week: list[Span | None] = [None] * 7
    for days, span in hours.items():
        for day in _days(str(days)):
            week[day] = _span(str(span))
    listed = entry.get("closed", ["12/29-1/3"])
    minutes = entry.get("reply_minutes", 30)
    if not isinstance(listed, list) or not isinstance(minutes, int):
        raise SettingsError("town.yaml: desk.closed must be a list, desk.reply_minutes a number of minutes.")
    try:
        return Hours(
            week=tuple(week), closed=tuple(_range(str(item)) for item in listed), reply_minutes=minutes,
            holidays=entry.get("holidays", "closed") == "open",
        )  # fmt: skip
    except ValueError as exc:
        raise SettingsError(f"town.yaml: desk: {exc}.") from exc


def _within(day: tuple[int, int], first: tuple[int, int], last: tuple[int, int]) -> bool:
    """True when the day lies in the range, which may go over New Year."""
    return first <= day <= last if first <= last else day >= first or day <= last


def _days(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        start, end = _DAYS.index(first), _DAYS.index(last or first)
    except ValueError:
        raise SettingsError(f"town.yaml: desk.hours: days are {', '.join(_DAYS)} or ranges such as mon-fri.") from None
    return range(start, end + 1)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[3]) > 23:
        raise SettingsError("town.yaml: desk.hours: times look like 08:30-17:15.")
    return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))


def _range(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise SettingsError("town.yaml: desk.closed: ranges look like 12/29-1/3 (month/day).")
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    for month, day in (first, last):
        try:
            date(2024, month, day)  # a leap year: 2/29 is a day
        except ValueError:
            raise SettingsError("town.yaml: desk.closed names a day that does not exist.") from None
    return first, last
