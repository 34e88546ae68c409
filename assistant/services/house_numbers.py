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
_COUNTED = re.compile("([〇一二三四五六七八九十百]+)(?= ?(?:丁目|番|号|の[〇一二三四五六七八九十\\d]|[-‐‑–—−ー][\\d〇一二三四五六七八九]))")
_HYPHENS = re.compile(r"(?<=[\dCBNG]) ?[-‐‑‒–—―−ー－‐] ?(?=\d)")
_UNITS = (
    (re.compile(r" ?[-‐]?(?:丁目|ちょうめ|ch[oō]u?me|초메|조메|丁)(?:の)?", re.IGNORECASE), "C"),
    (re.compile(r" ?[-‐]?(?:番地|ばんち|banchi)(?:の)?", re.IGNORECASE), "B"),
    (re.compile(r" ?[-‐]?(?:番町?(?!号|館)|ばん|ban(?![a-z]))(?:の)?", re.IGNORECASE), "N"),
    (re.compile(r" ?[-‐]?(?:号(?![室棟館])|ごう|go(?![a-z]))", re.IGNORECASE), "G"),
)
_BEFORE_NUMBER = re.compile(r"(?i)\bchome (\d+)")
_OF = re.compile(r"(?<=\d)(?:の| no )(?=\d)")
_GROUP = re.compile(r"(?<![\d#A-Za-z])\d{1,5}[CBNG]?(?:[- ]?\d{1,5}[CBNG]|(?<=[CBN]) ?\d{1,5}|-\d{1,5})*(?![\dA-Za-z号])")
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
    units: tuple[str, ...]  # C, B, N or G behind each; "" for none
    start: int
    end: int  # exclusive


def plain_numbers(text: str) -> str:
    """The NFKC text with kanji numbers of an address as digits, and its units as C (丁目), B (番地), N (番), G (号)."""
    plain = _COUNTED.sub(lambda match: str(_counted(match[1])), text)
    plain = _BEFORE_NUMBER.sub(r"\1C", plain)
    for pattern, unit in _UNITS:
        plain = re.sub(rf"(?<=\d){pattern.pattern}", unit, plain, flags=re.IGNORECASE)
    return _HYPHENS.sub("-", _OF.sub("-", plain))


def numbers_in(plain: str) -> list[Numbers]:
    """The runs of numbers in a text of `plain_numbers`."""
    found = []
    for match in _GROUP.finditer(plain):
        parts = re.findall(r"(\d+)([CBNG]?)", match[0])
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
        way = Way.CHOME if units.startswith("C") else Way.LOT if "B" in units else Way.BLOCK if "N" in units else None
        if way is not None:
            found.setdefault(district, set()).add(way)
    return {district: next(iter(held)) if len(held) == 1 else Way.MIXED for district, held in found.items()}


def short(said: str) -> str:
    """1丁目2番3号 as 1-2-3."""
    return re.sub(r"\D+", "-", said).strip("-")


def _way(units: list[str], way: Way) -> Way:
    """What the writer says himself goes before what the district does."""
    if "C" in units:
        return Way.CHOME
    return Way.LOT if "B" in units else Way.BLOCK if "N" in units else way


def _said(values: list[int], units: list[str], way: Way) -> str:
    if way is Way.MIXED:
        if len(values) < 3:
            return "-".join(map(str, values))
        way = Way.CHOME
    if way is Way.CHOME:
        first, rest = values[0], values[1:]
        if not rest:
            return ""  # 1丁目 alone is no house
        lot = "B" in units[1:]
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
