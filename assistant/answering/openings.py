"""開館日: whether a place of the table of hours is open on a day, and why not. Pure.

What the column 休み says is read clause by clause; a clause that is not understood never makes a day sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.holidays import holiday_name
from assistant.language.numbers import parse_schedule

_HAN = "月火水木金土日"
_CLAUSE = re.compile("[、。](?![^（]*）)")
_RANGE = re.compile(r"(\d{1,2})月(\d{1,2})日(?:から|～|~|-)(\d{1,2})月(\d{1,2})日(?:まで)?")
_WEEKDAY = re.compile(f"(?:毎週)?([{_HAN}])(?:曜日?)?")
_NTH = re.compile(f"第([1-5])([{_HAN}])曜日?")
_OTHER_NTH = re.compile(f"第([1-5])([{_HAN}])曜日?のほかの([{_HAN}])曜日?")
_MOVED = re.compile(f"(?:毎週)?([{_HAN}])曜日?（(?:祝日|休日)(?:の|に当たる)(?:とき|場合)は(?:その)?(?:次|翌)の?平日）")
_ONLY = re.compile("だけ|のみ")  # 選挙の期間だけ: the table does not say when that is
_DAILY = "毎日"
_NEVER = ("なし", "年中無休", "無休")


class Why(StrEnum):
    """Why a place is closed."""

    HOLIDAY = "holiday"
    NEW_YEAR = "new_year"
    REGULAR = "regular"  # its weekly or monthly closing day, or a day that it never opens on


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known of one row on one day."""

    row: int  # of the table
    closed: Why | None  # None: open
    sure: bool  # False: the table names a closing that we can't read


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One row of the table."""

    row: int
    days: str  # 月,火 or 水2 or 日,祝 or 毎日
    closed: str  # 土曜日・日曜日・祝日、12月29日から1月3日
    note: str = ""


Rule = Callable[[date], Why | None]


def openings(rows: Sequence[Hours], day: date) -> list[Opening]:
    """The rows that are open that day; without any the first one with why it is closed; [] when that is not sure.

    Where the place has other hours on public holidays, those of the weekday are left out.
    """
    found = [each for hours in rows if (each := _opening(hours, day)) is not None]
    if len(found) < len(rows):
        return []
    open_ = [each for each in found if each.closed is None]
    if holiday_name(day):
        by_row = {hours.row: hours.days for hours in rows}
        special = [each for each in open_ if "祝" in by_row[each.row] or by_row[each.row] == _DAILY]
        open_ = special or open_
    if open_:
        return open_
    return found[:1] if found and all(each.sure for each in found) else []


def _opening(hours: Hours, day: date) -> Opening | None:
    """None when the row does not say on which days it is open."""
    rules, unread = _rules(hours.closed)
    listed = _listed(hours.days, day)
    if listed is None or _ONLY.search(hours.closed):
        return None
    why = next((why for rule in rules if (why := rule(day)) is not None), None)
    moved = _MOVED.search(_plain(hours.closed))
    if moved and holiday_name(day) and _HAN[day.weekday()] == moved[1]:
        listed = True  # its closing day has moved to the next weekday
    if why is None and not listed:
        why = Why.REGULAR
    sure = not _speaks_of(day, why, hours.note) if why is not None else not unread
    return Opening(row=hours.row, closed=why, sure=sure)


def _speaks_of(day: date, closed: Why, note: str) -> bool:
    """True when a note may say that the place is open that day after all: 第2日曜日は9時から12時まで."""
    plain = _plain(note)
    if any(_in_range(match)(day) for match in _RANGE.finditer(plain)):
        return True
    if closed is not Why.REGULAR:  # 木曜日は19時まで says nothing of a Thursday that is a holiday
        return bool(re.search("祝日|休日|年末年始", plain))
    weekdays = re.finditer(f"(?:第([1-5]))?([{_HAN}])曜", plain)
    nth = str((day.day - 1) // 7 + 1)
    return any(_HAN[day.weekday()] == match[2] and match[1] in (None, nth) for match in weekdays)


def _listed(days: str, day: date) -> bool | None:
    """True when the weekdays of the row hold the day; None when they are not understood."""
    if days == _DAILY:
        return True
    parts = [part.strip() for part in re.split("[,、，・]", days)]
    if "祝" in parts and holiday_name(day):
        return True
    try:
        wanted = parse_schedule(",".join(part for part in parts if part != "祝"))
    except ValueError:
        return None
    return any(o.weekday == day.weekday() and o.nth in (None, (day.day - 1) // 7 + 1) for o in wanted)


def _rules(closed: str) -> tuple[list[Rule], bool]:
    """The rules of the cell, and whether a clause of it was not understood."""
    rules: list[Rule] = []
    unread = False
    for clause in filter(None, _CLAUSE.split(_plain(closed))):
        found = _clause(clause)
        rules += found or []
        unread = unread or found is None
    return rules, unread


def _clause(clause: str) -> list[Rule] | None:
    """The rules of one clause; None when it is not understood."""
    if clause in _NEVER:
        return []
    if clause == "祝日の翌日":
        return [lambda day: Why.REGULAR if holiday_name(day - timedelta(days=1)) else None]
    for pattern, rule in ((_RANGE, _in_range), (_OTHER_NTH, _other_nth), (_NTH, _nth), (_MOVED, _moved)):
        match = pattern.fullmatch(clause)
        if match is not None:
            return [rule(match)]
    parts = [_part(part) for part in clause.split("・")]
    rules = [part for part in parts if part is not None]
    return rules if len(rules) == len(parts) else None


def _part(part: str) -> Rule | None:
    if part in ("祝日", "祝", "休日", "国民の祝日"):
        return lambda day: Why.HOLIDAY if holiday_name(day) else None
    if part == "年末年始":
        return lambda day: Why.NEW_YEAR if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3) else None
    match = _WEEKDAY.fullmatch(part)
    if match is None:
        return None
    weekday = _HAN.index(match[1])
    return lambda day: Why.REGULAR if day.weekday() == weekday else None


def _in_range(match: re.Match[str]) -> Rule:
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))

    def rule(day: date) -> Why | None:
        at = (day.month, day.day)
        within = first <= at <= last if first <= last else at >= first or at <= last
        return (Why.NEW_YEAR if last < first or last[0] == 1 else Why.REGULAR) if within else None

    return rule


def _nth(match: re.Match[str]) -> Rule:
    nth, weekday = int(match[1]), _HAN.index(match[2])
    return lambda day: Why.REGULAR if day.weekday() == weekday and (day.day - 1) // 7 + 1 == nth else None


def _other_nth(match: re.Match[str]) -> Rule:
    nth, weekday = int(match[1]), _HAN.index(match[2])
    return lambda day: Why.REGULAR if day.weekday() == weekday and (day.day - 1) // 7 + 1 != nth else None


def _moved(match: re.Match[str]) -> Rule:
    """Closed on that weekday, or on the next working day where it is a holiday."""
    weekday = _HAN.index(match[1])

    def rule(day: date) -> Why | None:
        if day.weekday() == weekday:
            return None if holiday_name(day) else Why.REGULAR
        last = day - timedelta(days=(day.weekday() - weekday) % 7)
        return Why.REGULAR if holiday_name(last) and _next_working(last) == day else None

    return rule


def _next_working(day: date) -> date:
    ahead = (day + timedelta(days=n) for n in range(1, 15))
    return next(each for each in ahead if each.weekday() < 5 and not holiday_name(each))


def _plain(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).replace("(", "（").replace(")", "）")
