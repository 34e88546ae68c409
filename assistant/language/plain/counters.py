"""How numbers are read together with what they count: 14日 じゅうよっか, 1通 いっつう, 20歳 はたち."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.glossary import rows

_ONES = ("", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
# 促音便 before a counter: the row of its first sound → numbers that close (一, 六, 八, 十).
_CLOSED = {"k": {1, 6, 8, 10}, "g": {1, 6, 8, 10}, "p": {1, 6, 8, 10}, "b": {1, 6, 8, 10}, "t": {1, 8, 10}}
_SHORT = {1: "いっ", 6: "ろっ", 8: "はっ", 10: "じゅっ"}
_HALF_VOICED = str.maketrans("はひふへほ", "ぱぴぷぺぽ")
_VOICED = str.maketrans("はひふへほか", "ばびぶべぼが")
_ASCII = str.maketrans("０１２３４５６７８９", "0123456789")
_ALONE = "0"  # only the counter is read: 27,600円
_MOST = 99  # larger figures are known, and their readings are long
_COLUMNS = ("counter", "reading", "change", "digits", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """助数詞: what is counted, how it is read and how it changes the number before it."""

    text: str
    reading: str  # hiragana
    change: str  # k, g, t, p, b: the row of sounds that changes; "-": none; "0": the number is not read with it
    digits: Mapping[int, str]  # last digits that are read otherwise: 4時 よ
    whole: Mapping[int, str]  # numbers whose reading follows no rule


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with its counter in a text, or the counter alone when the number is long."""

    start: int
    end: int
    reading: str  # hiragana


@lru_cache(maxsize=1)
def counters() -> Mapping[str, Counter]:
    """All our counters by how they are written."""
    file = Path(__file__).with_name("counters.tsv")
    return {
        row["counter"]: Counter(
            text=row["counter"], reading=row["reading"], change=row["change"],
            digits=_numbered(row["digits"]), whole=_numbered(row["whole"]),
        )
        for row in rows(file, _COLUMNS, may_lack=("digits", "whole"))
    }  # fmt: skip


def counted(text: str) -> Iterator[Counted]:
    """Every number with a counter, in order: both read together up to 99, beyond that the counter alone."""
    for match in _pattern().finditer(text):
        counter = counters()[match["counter"]]
        digits = match["digits"].translate(_ASCII)
        if counter.change == _ALONE or not digits.isdecimal() or not 0 < int(digits[:5]) <= _MOST:
            if counter.reading != counter.text:
                yield Counted(match.start("counter"), match.end(), counter.reading)
            continue
        value = int(digits)
        if counter.text == "日" and value == 1 and text[match.start() - 1 : match.start()] == "月":
            yield Counted(match.start(), match.end(), "ついたち")
        else:
            yield Counted(match.start(), match.end(), counted_reading(value, counter))


def counted_reading(value: int, counter: Counter) -> str:
    """How a number from 1 to 99 is read with the counter."""
    if value in counter.whole:
        return counter.whole[value]
    tens, ones = divmod(value, 10)
    last = ones or 10
    lead = ("" if tens < 2 else _ONES[tens]) + ("じゅう" if tens else "") if ones else ("" if tens < 2 else _ONES[tens])
    tail = counter.reading
    if last in _CLOSED.get(counter.change, ()):
        return lead + _SHORT[last] + (tail[0].translate(_HALF_VOICED) if counter.change in "pb" else tail[0]) + tail[1:]
    if last == 3 and counter.change in ("g", "b"):
        tail = tail[0].translate(_VOICED) + tail[1:]
    elif last in (3, 4) and counter.change == "p":
        tail = tail[0].translate(_HALF_VOICED) + tail[1:]
    return lead + (counter.digits.get(last) or (_ONES[last] if last < 10 else "じゅう")) + tail


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, counters()), key=len, reverse=True))
    return re.compile(rf"(?<![\d.,．，-])(?<!\d[:：])(?P<digits>\d+(?:[.,．，]\d+)*)(?P<counter>{named})")


def _numbered(cell: str) -> dict[int, str]:
    return {int(m[1]): m[2] for m in re.finditer(r"(\d+)(\D+?)(?:\s|$)", cell)}
