"""Reads a date of birth: by Western years, Japanese eras and others, in any language; a guess is never made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant.language.dates import Written, plain_digits, written_dates

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民国": 1911, "民國": 1911,
         "meiji": 1867, "taisho": 1911, "showa": 1925, "heisei": 1988, "reiwa": 2018,
         "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}  # fmt: skip
_ERA = re.compile(
    r"(?<![a-z])(明治|大正|昭和|平成|令和|民[国國]|meiji|taisho|showa|heisei|reiwa|[mtshr])\.? ?(\d{1,3}|元) ?[年./-] ?"
    r"(\d{1,2}) ?[月./-] ?(\d{1,2})"
)
_TIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_BUDDHIST = 543  # years that พ.ศ. is ahead
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
# Bikram Sambat: its months are not ours, so that no arithmetic on the year alone gives the day.
_BIKRAM = re.compile(
    r"बै?शाख|वैशाख|जे[ठष]|असार|आषाढ|साउन|श्रावण|भदौ|भाद्र|असोज|आश्विन|का[रत]्?त?्?तिक|मंसिर|मङ्सिर|पु[सष]|पौष|माघ|फागुन|फाल्गुन|चैत"
    r"|\b(?:baisakh|jestha|jeth|asar|ashad|saun|shrawan|bhadau|bhadra|asoj|ashwin|kartik|mangsir|poush|magh|falgun"
    r"|fagun|chait|chaitra)\b|वि\.? ?सं|विक्रम|\bb\.? ?s\b|साल"
)


def birth_date(text: str, today: date, *, day_first: bool = False, language: str = "") -> date | None:
    """The date in a text, when it can be read in one way only and lies in the past; else None.

    3/4/1990 is refused, since day and month could stand either way, and the resident is asked again; in languages
    that always put the day first (`day_first`) it is 3 April. A Thai year is read in the Buddhist era where it can't
    be a Western one (2540 is 1997); Bikram Sambat is refused.
    """
    plain = plain_digits(text).casefold()
    if _BIKRAM.search(plain):
        return None
    buddhist = language == "th" or "พ.ศ" in plain
    days = {*_counted(plain), *(_western(one, today, buddhist) for one in _written(plain, day_first))}
    found = {day for day in days if day is not None and date(today.year - 130, 1, 1) < day <= today}
    return found.pop() if len(found) == 1 else None


def other_calendar(text: str, today: date) -> bool:
    """True when a text that is no date of birth may be one by another calendar: the resident is told which we read."""
    plain = plain_digits(text).casefold()
    years = [int(year) for year in _YEAR.findall(plain)]
    return bool(_BIKRAM.search(plain)) or any(year > today.year or year < today.year - 130 for year in years)


def _counted(text: str) -> Iterator[date | None]:
    for era, year, month, day in _ERA.findall(text):
        yield _day(_ERAS[era] + (1 if year == "元" else int(year)), int(month), int(day))
    for year, month, day in _TIGHT.findall(text):
        yield _day(int(year), int(month), int(day))


def _written(text: str, day_first: bool) -> Iterator[Written]:
    """The dates with a year; of one with two readings only that with the day first, where it always is."""
    held = [one for one in written_dates(text) if one.year is not None]
    doubtful = [one for one in held if not one.sure]
    yield from (one for one in held if one.sure)
    yield from doubtful[::2] if day_first else doubtful  # both readings follow one another


def _western(one: Written, today: date, buddhist: bool) -> date | None:
    assert one.year is not None
    year = one.year - _BUDDHIST if buddhist and one.year > today.year else one.year
    return _day(year, one.month, one.day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
