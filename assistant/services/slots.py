"""Reads slot values from what residents write, and names the values in their language. Pure: no clock, no store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.language.dates import written_dates
from assistant.language.day_words import WEEKDAYS, days_meant, keys_in
from assistant.language.folding import view
from assistant.language.formats import formats
from assistant.language.numbers import format_date
from assistant.language.patterns import Rule
from assistant.services.addresses import NO_MAP, TownMap, read_address, shown_address
from assistant.services.birth_dates import birth_date, other_calendar
from assistant.services.catalogue import Days, Kind, Slot
from assistant.services.items import item_name, items, items_meant
from knowledge.passage import Table

_MOST_BUTTONS = 9  # LINE takes 13 quick replies; change, cancel and a person come beside
_LONGEST = 400  # characters of a free text
_REFERENCE = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[-‐‑–— ]?(\d{6})(?!\d)")
_LINK = re.compile(r"https?://[^\s<>\"'、。（）]{4,500}")
_PHOTO = re.compile(r"photo:[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What values are read against."""

    tables: Sequence[Table]  # the town's fee tables
    today: date  # in Japan
    language: str  # the resident's
    photos: frozenset[str] = frozenset()  # "photo:…" of each that was sent in this conversation
    map: TownMap = NO_MAP  # of the town that addresses are in


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A value, or several that it could be; neither: nothing was read. `problem` names why, in flow_words."""

    value: str = ""
    several: tuple[str, ...] = ()
    problem: str = "again"
    sure: bool = True  # False: only a lesser part of the name was said


def read(slot: Slot, text: str, near: Surroundings) -> Read:
    """The slot's value in a text: a row's key, an option's id, an ISO date, or the text itself."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match slot.kind:
        case Kind.ITEM:
            meant = items_meant(slot, plain, near.tables)
            if len(meant.keys) == 1:
                return Read(value=meant.keys[0], sure=meant.sure)
            return Read(several=meant.keys[:_MOST_BUTTONS], problem="several" if meant.keys else "again")
        case Kind.OPTION:
            found = next((option.id for option in slot.options if says(option.cues, plain)), "")
            return Read(value=found)
        case Kind.DAY:
            return _day(slot, plain, near)
        case Kind.REFERENCE:
            number = _REFERENCE.search(plain.upper())
            return Read(value=f"{number[1]}-{number[2]}" if number else "")
        case Kind.BIRTH_DATE:
            return _birth_date(plain, near)
        case Kind.PHOTO:
            sent = _PHOTO.search(plain)
            link = _LINK.search(plain)
            return Read(value=sent[0] if sent and sent[0] in near.photos else link[0] if link else "")
        case Kind.ADDRESS:
            found_at = read_address(plain, near.map)
            return Read(value=found_at.value, several=found_at.several, problem=found_at.problem or "again")
        case Kind.TEXT:
            said = plain and (len(plain) > 1 or not plain.isascii())  # 穴 says enough, x does not
            return Read(value=" ".join(plain.split()) if said and len(plain) <= _LONGEST else "")


def choices(slot: Slot, near: Surroundings) -> tuple[str, ...]:
    """The values that are offered as buttons; none for free text."""
    if slot.kind is Kind.ITEM:
        return tuple(item.key for item in items(slot, near.tables))[:_MOST_BUTTONS]
    if slot.kind is Kind.OPTION:
        return tuple(option.id for option in slot.options)
    if slot.days is not None:
        return tuple(day.isoformat() for day in offered(slot.days, near.today))[:_MOST_BUTTONS]
    return ()


def name(slot: Slot, value: str, language: str, near: Surroundings) -> str:
    """A value in the resident's language."""
    if slot.kind is Kind.ITEM:
        return item_name(slot, value, language, near.tables)
    if slot.kind is Kind.ADDRESS:
        return shown_address(value, language, near.map.districts)
    if slot.kind is Kind.OPTION:
        return next((o.label[language] for o in slot.options if o.id == value), value)
    if slot.kind is Kind.DAY:
        return format_date(date.fromisoformat(value), language)
    return value


def place_of(slot: Slot, value: str, near: Surroundings) -> tuple[Table, int] | None:
    """The table and the row of a value; None when the row is gone."""
    return next(((item.table, item.row) for item in items(slot, near.tables) if item.key == value), None)


def price(slot: Slot, value: str, near: Surroundings) -> int | None:
    """What a row costs by the town's own table, in yen; None when the row or its price is gone."""
    yen = next((item.cells.get("yen", "") for item in items(slot, near.tables) if item.key == value), "")
    return int(yen) if yen.isdigit() else None


def offered(days: Days, today: date) -> list[date]:
    """The days of the rule, without the turn of the year (31 December to 3 January)."""
    all_days = (today + timedelta(days=n) for n in range(days.earliest, days.latest + 1))
    closed = {(12, 31), (1, 1), (1, 2), (1, 3)}
    return [day for day in all_days if day.weekday() in days.weekdays and (day.month, day.day) not in closed]


def says(rules: Iterable[Rule], text: str) -> bool:
    """True when a rule of any language finds its cue: residents mix languages."""
    forms = view(text)
    return any(rule.search(forms) is not None for rule in rules)


def _birth_date(text: str, near: Surroundings) -> Read:
    born = birth_date(text, near.today, day_first=formats(near.language).day_first, language=near.language)
    if born is not None:
        return Read(value=born.isoformat())
    return Read(problem="calendar" if other_calendar(text, near.today) else "again")


def _day(slot: Slot, text: str, near: Surroundings) -> Read:
    """The one offered day that the text names, in whatever order its day and month stand."""
    assert slot.days is not None
    possible = offered(slot.days, near.today)
    named = set(_dates(text, near.today)) or set(_named(text, possible, near))
    fitting = [day for day in possible if day in named]
    if len(fitting) == 1:
        return Read(value=fitting[0].isoformat())
    return Read(problem="several" if fitting else "not_offered" if named else "again",
                several=tuple(day.isoformat() for day in fitting)[:_MOST_BUTTONS])  # fmt: skip


def _dates(text: str, today: date) -> Iterator[date]:
    """Every reading of every date; without a year it is this year's or next year's."""
    for one in written_dates(text):
        for year in (one.year,) if one.year else (today.year, today.year + 1):
            try:
                yield date(year, one.month, one.day)
            except ValueError:
                continue


def _named(text: str, possible: Sequence[date], near: Surroundings) -> Iterator[date]:
    """Days by their names: of a weekday every one that is offered, unless the text says which week."""
    keys = keys_in(text, near.language)
    yield from days_meant(text, near.language, near.today)
    if "next_week" not in keys:
        yield from (day for day in possible if WEEKDAYS[day.weekday()] in keys)
