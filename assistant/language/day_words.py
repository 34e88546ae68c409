"""Days as people name them: tomorrow, next Sunday, 文化の日, Golden Week; and the words for open and closed days.

days.tsv holds a row each, in all languages; the first form of a cell is the one that we say, all are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from assistant.holidays import holiday_name, next_holiday
from assistant.language.dates import plain_digits, written_dates
from assistant.language.errors import WordsIncomplete
from assistant.language.formats import formats
from assistant.language.words import placeholders
from knowledge.chinese import simplified
from knowledge.tokens import fold

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIODS = {"new_year": ((12, 29), (1, 3)), "golden_week": ((4, 29), (5, 5)), "obon": ((8, 13), (8, 16))}
_AHEAD = {"today": 0, "tomorrow": 1, "after_tomorrow": 2}
_SAID = ("closed", "unsure", "regular", "every_day", "substitute")  # rows that are said and never looked for
_PLACEHOLDERS = {"closed": {"date", "why"}}
_WEEK = frozenset(("minggu", "linggo"))  # Sunday, and a week
_ALSO = ("ja", "en")  # whose words are understood in every language: Golden Week, 文化の日
_BEFORE = r"(?<![^\W_])"
_AFTER = r"(?=(?:मा|को|का|देखि|सम्म|लाई|पनि|नै)?(?:[^\w\u0900-\u0963]|$))"  # Nepali writes the small words at the end


def day_word(key: str, language: str) -> str:
    """What we say in that language. Raises KeyError for an unknown key."""
    return _rows()[key][language][0]


def holiday_words(day: date, language: str) -> str:
    """The public holiday's name in that language; "" on any other day. A new holiday has its Japanese name."""
    name, _, substitute = holiday_name(day).partition(" ")
    local = day_word(name, language) if name in _rows() else name
    return f"{local} ({day_word('substitute', language)})" if substitute else local


def days_meant(text: str, language: str, today: date) -> tuple[date, ...]:
    """The days that a question names, today or later, in order; () when it names none.

    A weekday is the next one, a holiday or period the one that comes next or is now; 3/4 is read as the language
    writes it where that is certain, and else not at all.
    """
    found = set(_written(text, language, today))
    keys = () if found else keys_in(text, language)  # a weekday beside a date is that date's
    shift = 7 - today.weekday() if "next_week" in keys else 0
    start = today + timedelta(days=shift)
    for key in keys:
        found |= set(_days_of(key, today, start))
    return tuple(sorted(found))


def keys_in(text: str, language: str) -> tuple[str, ...]:
    """The rows of days.tsv whose words stand in the text, in its order; a longer one hides those in it."""
    found: dict[str, None] = {}
    for code in dict.fromkeys((language, *_ALSO)):
        pattern, keys = _finder(code)
        plain, at = _compared(text, code), 0
        while match := pattern.search(plain, at):
            found[keys[match[0]]] = None
            # 下周一 is next week and its Monday; elsewhere a week's word is also a Sunday's: minggu depan.
            within = code.startswith("zh") and keys[match[0]] == "next_week"
            at = match.start() + 1 if within else match.end()
    if len(found) > 1 and "no_day" in found:
        del found["no_day"]
    return tuple(found)


def weekday_words(language: str) -> Mapping[int, str]:
    """0 = Monday → a pattern of its names in small letters; of names that also mean 'week' only those that don't."""
    found = {}
    for number, day in enumerate(WEEKDAYS):
        forms = [form.lower() for form in _rows()[day][language] if form.lower() not in _WEEK]
        before, after = (_BEFORE, _AFTER) if formats(language).spaced else ("", "")
        found[number] = f"{before}(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))}){after}"
    return found


def _written(text: str, language: str, today: date) -> Iterator[date]:
    for one in written_dates(text):
        day_first = formats(language).day_first
        if one.sure or day_first:
            for year in (one.year,) if one.year else (today.year, today.year + 1):
                day = _date(year, one.month, one.day)
                if day is not None and day >= today:
                    yield day
                    break
            if not one.sure:
                return


def _days_of(key: str, today: date, start: date) -> Iterator[date]:
    """`start`: from which on weekdays are counted."""
    if key in _AHEAD:
        yield today + timedelta(days=_AHEAD[key])
    elif key in WEEKDAYS or key == "weekend":
        wanted = (5, 6) if key == "weekend" else (WEEKDAYS.index(key),)
        week = (start + timedelta(days=n) for n in range(7))
        yield from (day for day in week if day.weekday() in wanted)
    elif key in _PERIODS:
        yield from _period(key, today)
    elif key == "holidays":
        day = next_holiday(today)
        yield from (day,) if day else ()
    elif key not in ("next_week", "no_day"):
        day = next_holiday(today, key)
        yield from (day,) if day else ()


def _period(key: str, today: date) -> Iterator[date]:
    first, last = _PERIODS[key]
    for year in (today.year - 1, today.year, today.year + 1):
        begin = date(year, *first)
        end = date(year + (last < first), *last)
        while holiday_name(end + timedelta(days=1)):  # a substitute holiday makes Golden Week longer
            end += timedelta(days=1)
        if end >= today:
            yield from (begin + timedelta(days=n) for n in range((end - begin).days + 1))
            return


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _compared(text: str, language: str) -> str:
    plain = plain_digits(text)
    plain = fold(simplified(plain) if language.startswith("zh") else plain)
    return plain if formats(language).spaced else re.sub(r"\s", "", plain)


@cache
def _finder(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """(any form, form → row); of rows with the same form the first."""
    keys: dict[str, str] = {}
    for key, local in _rows().items():
        for form in local[language] if key not in _SAID else ():
            keys.setdefault(_compared(form, language), key)
    forms = "|".join(re.escape(form) for form in sorted(keys, key=len, reverse=True))
    spaced = formats(language).spaced
    return re.compile(f"{_BEFORE}(?:{forms}){_AFTER}" if spaced else forms), keys


@cache
def _rows() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """key → language → forms. Raises WordsIncomplete naming the line of a bad row."""
    lines = (files("assistant.language") / "days.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    codes = lines[0].split("\t")[1:]
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for number, line in enumerate(lines[1:], 2):
        key, *cells = line.split("\t")
        if len(cells) != len(codes) or not all(cells):
            raise WordsIncomplete(f"days.tsv, line {number}: a word is needed in each of {len(codes)} languages")
        if any(placeholders(cell) != _PLACEHOLDERS.get(key, set()) for cell in cells):
            raise WordsIncomplete(f"days.tsv, line {number}: {key} has other placeholders")
        found[key] = {code: tuple(cell.split("|")) for code, cell in zip(codes, cells, strict=True)}
    return found
