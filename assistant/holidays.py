"""国民の祝日: which days are public holidays in Japan, and when they come next."""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday

_LOOK_AHEAD = 800  # days; every holiday comes back within two years


def holiday_name(day: date) -> str:
    """The holiday's Japanese name, 勤労感謝の日, also 春分の日 振替休日; "" on any other day."""
    return str(jpholiday.is_holiday_name(day) or "")


def next_holiday(after: date, name: str = "") -> date | None:
    """The first day on or after the date that is this holiday (any without a name); None for no such holiday."""
    days = (after + timedelta(days=n) for n in range(_LOOK_AHEAD))
    return next((day for day in days if (found := holiday_name(day)) and name in ("", found)), None)
