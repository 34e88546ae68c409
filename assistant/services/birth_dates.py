"""Reads a date of birth: Western years, Japanese eras, and the orders of the languages; a guess is never made."""

from __future__ import annotations

import re
from datetime import date

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
         "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}  # fmt: skip
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[mtshr])\.? ?(\d{1,2}|元) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2})")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:18|19|20)\d\d) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})(?!\d)")
_TIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})(?:[/.-]| th[áa]ng )(\d{1,2})(?:[/.-]| n[ăa]m )((?:18|19|20)\d\d)(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_PT = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?: de| of)? ([a-zç]{3,9})\.?,?(?: de)? ((?:18|19|20)\d\d)(?!\d)")
_NAMED_FIRST = re.compile(r"([a-zç]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? ((?:18|19|20)\d\d)(?!\d)")


def birth_date(text: str, today: date, *, day_first: bool = False) -> date | None:
    """The date in an NFKC text, when it can be read in one way only and lies in the past; else None.

    3/4/1990 is refused, since day and month could stand either way, and the resident is asked again; in languages
    that always put the day first (`day_first`) it is 3 April.
    """
    found = {day for day in _readings(text.casefold(), day_first) if date(today.year - 130, 1, 1) < day <= today}
    return found.pop() if len(found) == 1 else None


def _readings(text: str, day_first: bool) -> set[date]:
    days: set[date | None] = set()
    for era, year, month, day in _ERA.findall(text):
        days.add(_day(_ERAS[era] + (1 if year == "元" else int(year)), month, day))
    for pattern in (_YEAR_FIRST, _TIGHT):
        days |= {_day(int(y), m, d) for y, m, d in pattern.findall(text)}
    for first, second, year in _YEAR_LAST.findall(text):
        days |= {_day(int(year), second, first)}
        if not day_first:
            days |= {_day(int(year), first, second)}
    for day, month, year in _NAMED.findall(text):
        days.add(_day(int(year), str(_month(month)), day))
    for month, day, year in _NAMED_FIRST.findall(text):
        days.add(_day(int(year), str(_month(month)), day))
    return {day for day in days if day is not None}


def _month(word: str) -> int:
    short = word[:3]
    return next((names.index(short) + 1 for names in (_MONTHS, _MONTHS_PT) if short in names), 0)


def _day(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
