"""Amounts, dates, times and collection days as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from assistant.language.formats import Formats, formats
from assistant.model import LANGUAGES

_JAPANESE_WEEKDAYS = "月火水木金土日"
_SCHEDULE = re.compile("([月火水木金土日])([1-5]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One collection day: each week, or the nth such weekday of a month."""

    weekday: int  # 0 = Monday
    nth: int | None  # 1-5; None: every week


def format_yen(yen: int, language: str) -> str:
    """An amount in yen; 0 is the language's word for free. Raises ValueError when negative."""
    texts = _formats(language).texts
    if yen < 0:
        raise ValueError("an amount can't be negative")
    if yen == 0:
        return texts["free"]
    amount = f"{yen:,}".replace(",", texts["grouping"])
    return texts["yen_one" if yen == 1 and "yen_one" in texts else "yen"].format(amount=amount)


def format_date(day: date, language: str, *, weekday: bool = True) -> str:
    """A date with its weekday, such as 2026年11月20日（金曜日） or Friday, 20 November 2026."""
    found = _formats(language)
    plain = found.texts["date"].format(
        day=day.day, month=found.lists["months"][day.month - 1], month_number=day.month, year=day.year
    )
    name = found.lists["weekdays"][day.weekday()]
    return found.texts["date_weekday"].format(date=plain, weekday=name) if weekday else plain


def format_time(moment: time, language: str) -> str:
    """A time of day on the 24-hour clock: 8時30分, 8:30, 8h30; full hours in Japanese without minutes."""
    texts = _formats(language).texts
    template = texts["time_full"] if not moment.minute and "time_full" in texts else texts["time"]
    return template.format(hour=moment.hour, minute=f"{moment.minute:02}", minute_number=moment.minute)


def format_phone(number: str) -> str:
    """A telephone number with plain hyphens and ASCII digits, as tables and tel: links need it."""
    plain = re.sub("[‐‑‒–—―−ー－ｰ]", "-", number.strip())
    return "".join(str(int(c)) if c.isdecimal() else c for c in plain if c.isdecimal() or c in "-+#*()")


def parse_schedule(schedule: str) -> tuple[Occurrence, ...]:
    """The collection days of `月,木` (each week) or `水2,水4` (2nd and 4th Wednesday of the month).

    Raises ValueError for anything else.
    """
    found = []
    for part in re.split("[,、，・]", schedule.strip()):
        match = _SCHEDULE.fullmatch(part.strip())
        if match is None:
            raise ValueError("a schedule looks like 月,木 or 水2,水4")
        found.append(Occurrence(weekday=_JAPANESE_WEEKDAYS.index(match[1]), nth=int(match[2]) if match[2] else None))
    return tuple(found)


def next_day(schedule: str, after: date) -> date:
    """The first day of the schedule on or after a date (a fifth weekday may be four months away)."""
    wanted = parse_schedule(schedule)
    for offset in range(200):
        day = after + timedelta(days=offset)
        if any(o.weekday == day.weekday() and o.nth in (None, (day.day - 1) // 7 + 1) for o in wanted):
            return day
    raise AssertionError("every weekday of a month comes within two hundred days")


def format_weekdays(schedule: str, language: str) -> str:
    """`月,木` or `水2,水4` in words: 毎週月曜日と木曜日, the 2nd and 4th Wednesday of the month."""
    found = _formats(language)
    wanted = parse_schedule(schedule)
    weekly = [o.weekday for o in wanted if o.nth is None]
    monthly: dict[int, list[int]] = {}
    for occurrence in wanted:
        if occurrence.nth is not None:
            monthly.setdefault(occurrence.weekday, []).append(occurrence.nth)
    phrases = [_weekly(weekly, found)] if weekly else []
    phrases += [_monthly(weekday, nths, found) for weekday, nths in monthly.items()]
    return _listed(phrases, found)


def listed(items: Sequence[str], language: str) -> str:
    """One or more things in a row, as the language joins them: a, b and c."""
    return _listed(list(items), _formats(language))


def _weekly(weekdays: list[int], found: Formats) -> str:
    names = found.lists.get("weekly_days", found.lists["weekdays"])
    template = found.weekly_from.get(weekdays[0], found.texts["weekly"])
    return template.format(days=_listed([names[weekday] for weekday in weekdays], found))


def _monthly(weekday: int, nths: list[int], found: Formats) -> str:
    ordinals = found.nth_of.get(weekday, found.lists["nth"])
    counted = _listed([ordinals[n - 1] for n in nths], found)
    return found.texts["monthly"].format(nths=counted, weekday=found.lists["weekdays"][weekday])


def _listed(items: list[str], found: Formats) -> str:
    if len(items) == 1:
        return items[0]
    return found.texts["comma"].join(items[:-1]) + found.texts["and"] + items[-1]


def _formats(language: str) -> Formats:
    if language not in LANGUAGES:
        raise ValueError(f"no formats for language {language!r}; use speakable() first")
    return formats(language)
