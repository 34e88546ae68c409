"""番地: the numbers of a Japanese address, from any writing of them to the one that the town uses. Pure.

A district counts in one of three ways: 1丁目2番3号, 5番10号 or 4番地1. Which one it is the town's own addresses show;
where they don't, what could be two things stays as it was written: 1-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_DIGITS = "〇一二三四五六七八九十百"
_COUNTED = re.compile(
    rf"([{_DIGITS}]+)(?= ?(?:丁目|番|[号號]|[の‐‑–—−ー-][{_DIGITS}\d]))|(?<=[の‐‑–—−ー-])([{_DIGITS}]+)"
    rf"|(?<=番)([{_DIGITS}]+)(?=$|[号號 ])"
)
# Signs for the units, of the private use area, so that no letter of a name is taken for one.
CHOME, LOT, BLOCK, HOUSE = "\ue001", "\ue002", "\ue003", "\ue004"
_UNIT = f"[{CHOME}{LOT}{BLOCK}{HOUSE}]"
_HYPHENS = re.compile(rf"(?<=[\d{CHOME}{LOT}{BLOCK}]) ?[-‐‑‒–—―−ー－‐] ?(?=\d)")
_UNITS = (
    (r" ?-?(?:丁目|ちょうめ|ch[oō]u?me|초메|조메|丁)の?", CHOME),
    (r" ?-?(?:番地|ばんち|banchi)の?", LOT),
    (r" ?-?(?:番(?![号館町])|ばん|ban(?![a-z]))の?", BLOCK),
    (r" ?-?(?:[号號](?![室棟館房])|ごう|go(?![a-z]))", HOUSE),
)
_BEFORE_NUMBER = re.compile(r"(?<!\d-)(?<!\d )\bchome (\d+)", re.IGNORECASE)
_OF = re.compile(r"(?<=\d)(?:の| no )(?=\d)")
_GROUP = re.compile(
    rf"(?<![\d#A-Za-z])\d{{1,5}}{_UNIT}?"
    rf"(?:[- ]?\d{{1,5}}{_UNIT}|(?<={_UNIT})[- ]?\d{{1,5}}(?![\d号])|-\d{{1,5}}(?![\d号]))*(?![\dA-Za-z号])"
)
_ROOM_DIGITS = 3  # a number of so many digits behind a whole address is a room


class Way(StrEnum):
    """How a district counts its houses."""

    CHOME = "chome"  # 1丁目2番3号
    BLOCK = "block"  # 5番10号
    LOT = "lot"  # 4番地1
    MIXED = "mixed"  # in more than one way, or nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A run of numbers in a text."""

    values: tuple[int, ...]
    units: tuple[str, ...]  # the sign behind each; "" for none
    start: int
    end: int  # exclusive


def plain_numbers(text: str) -> str:
    """The NFKC text with kanji numbers of an address as digits, and its units as the signs above."""
    plain = _COUNTED.sub(lambda match: str(_counted(match[1] or match[2] or match[3])), text)
    plain = _BEFORE_NUMBER.sub(rf"\1{CHOME}", plain)
    for pattern, unit in _UNITS:
        plain = re.sub(rf"(?<=\d){pattern}", unit, plain, flags=re.IGNORECASE)
    return _HYPHENS.sub("-", _OF.sub("-", plain))


def numbers_in(plain: str) -> list[Numbers]:
    """The runs of numbers in a text of `plain_numbers`."""
    found = []
    for match in _GROUP.finditer(plain):
        parts = re.findall(rf"(\d+)({_UNIT}?)", match[0])
        values, units = tuple(int(value) for value, _ in parts), tuple(unit for _, unit in parts)
        found.append(Numbers(values=values, units=units, start=match.start(), end=match.end()))
    return found


def written(numbers: Numbers, way: Way) -> tuple[str, str]:
    """(the numbers as the district writes them, the room if the last one is a room); ("", "") when one is missing."""
    values, units = list(numbers.values), list(numbers.units)
    whole = {Way.CHOME: 3, Way.BLOCK: 2, Way.LOT: 2, Way.MIXED: 3}[_way(units, way)]
    room = ""
    if len(values) > whole and not units[-1] and (len(values) == 4 or len(str(values[-1])) >= _ROOM_DIGITS):
        room = str(values.pop())
        units.pop()
    if len(values) > whole:
        return "-".join(map(str, values)), room
    return _said(values, units, _way(units, way)), room


def ways(addresses: Iterable[tuple[str, str]]) -> Mapping[str, Way]:
    """district → its way, from (district, what stands behind it) of the town's own addresses."""
    found: dict[str, set[Way]] = {}
    for district, rest in addresses:
        units = "".join(unit for numbers in numbers_in(plain_numbers(rest))[:1] for unit in numbers.units)
        way = Way.CHOME if CHOME in units else Way.LOT if LOT in units else Way.BLOCK if BLOCK in units else None
        if way is not None:
            found.setdefault(district, set()).add(way)
    return {district: next(iter(held)) if len(held) == 1 else Way.MIXED for district, held in found.items()}


def short(said: str) -> str:
    """1丁目2番3号 as 1-2-3."""
    return re.sub(r"\D+", "-", said).strip("-")


def _way(units: list[str], way: Way) -> Way:
    """What the writer says himself goes before what the district does."""
    if CHOME in units:
        return Way.CHOME
    return Way.LOT if LOT in units else Way.BLOCK if BLOCK in units else way


def _said(values: list[int], units: list[str], way: Way) -> str:
    if way is Way.MIXED:
        if len(values) < 3:
            return "-".join(map(str, values))
        way = Way.CHOME
    if way is Way.CHOME:
        first, rest = values[0], values[1:]
        if not rest:
            return ""  # 1丁目 alone is no house
        lot = LOT in units[1:]
        return f"{first}丁目" + (_lot(rest) if lot else _block(rest))
    return _lot(values) if way is Way.LOT else _block(values)


def _block(values: list[int]) -> str:
    return f"{values[0]}番" + (f"{values[1]}号" if len(values) > 1 else "")


def _lot(values: list[int]) -> str:
    return f"{values[0]}番地" + (str(values[1]) if len(values) > 1 else "")


def _counted(kanji: str) -> int:
    """十二 is 12, 二〇 is 20, 百五 is 105."""
    if not re.search("[十百]", kanji):
        return int("".join(str(_KANJI[c]) for c in kanji))
    total = number = 0
    for c in kanji:
        if c in "十百":
            total += (number or 1) * (10 if c == "十" else 100)
            number = 0
        else:
            number = _KANJI[c]
    return total + number
