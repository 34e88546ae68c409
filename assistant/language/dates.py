"""Days and months as people write them in each language; which of day and month comes first is left open. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.language.formats import formats
from assistant.model import LANGUAGES
from knowledge.tokens import fold

# How months are also written, beside the names in formats.yaml: short, misspelt, or in Latin letters.
_ALSO = {
    1: "ม.ค. มกรา jaanuari janawari", 2: "ก.พ. กุมภา फेब्रुवरी fev", 3: "มี.ค. มีนา मार्च", 4: "เม.ย. เมษา अप्रैल",
    5: "พ.ค. พฤษภา मई", 6: "มิ.ย. มิถุนา जून", 7: "ก.ค. กรกฎา जुलाइ", 8: "ส.ค. สิงหา अगस्त agt",
    9: "ก.ย. กันยา सेप्टेम्वर set", 10: "ต.ค. ตุลา अक्टुबर okt", 11: "พ.ย. พฤศจิกา नोवेम्बर nop",
    12: "ธ.ค. ธันวา डिसेम्वर",
}  # fmt: skip
_SHORTEST = 3  # letters of a Latin month's name that may stand for all of it: abr, Sept
_YEAR = r"(?:\d{4})"
_DAY = r"(?:ngay |ika-?|dia |วันที่ ?)?(\d{1,2})(?:st|nd|rd|th|er|º|°|ª)?(?! ?[:.]?\d)"
_LINK = r"(?:,? ?(?:de |del |of |ng |at |thang |the )?)"
_LATER = rf"(?:[,.]? ?(?:de |del |of |nam |พ\.ศ\. ?|ค\.ศ\. ?)?({_YEAR}))?(?!\d)"
# Behind a month's name: no more letters, but for Nepali's small words and scripts that part no words.
_END = r"(?=(?:मा|को|का|देखि|सम्म|लाई)?(?:[^\w\u0900-\u0963]|[\d\u0e00-\u0eff\u1000-\u109f]|$))"


@dataclass(frozen=True, slots=True)
class Written:
    """A day and a month as written; `year` None where none is."""

    month: int
    day: int
    year: int | None
    sure: bool  # which is the day and which the month is beyond doubt


def plain_digits(text: str) -> str:
    """The text in NFKC with the digits of any script as 0-9: ๑๒, १२, ၁၂ are 12."""
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text)
    )  # fmt: skip


def written_dates(text: str) -> Iterator[Written]:
    """Every date that stands in the text; one with two readings (3/4) comes twice, neither of them sure."""
    plain = fold(plain_digits(text))
    yield from _numbered(plain)
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    year_first = rf"({_YEAR}) ?(?:ခုနှစ်|साल|सालको)?,? ?({names})လ?{_END}\.? ?{_DAY}"
    for match in re.finditer(year_first, plain):
        yield Written(_months()[match[2]], int(match[3]), int(match[1]), True)
    plain = re.sub(year_first, " ", plain)
    for match in re.finditer(rf"(?<!\d){_DAY}{_LINK}({names}){_END}\.?{_LATER}", plain):
        yield Written(_months()[match[2]], int(match[1]), _number(match[3]), True)
    for match in re.finditer(rf"(?<![^\W_])({names})လ?{_END}\.? ?{_DAY}(?: ?ရက်)?{_LATER}", plain):
        yield Written(_months()[match[1]], int(match[2]), _number(match[3]), True)


def _numbered(text: str) -> Iterator[Written]:
    for match in re.finditer(rf"(?<!\d)({_YEAR}) ?[-/.年년] ?(\d{{1,2}}) ?[-/.月월] ?(\d{{1,2}})(?!\d)", text):
        yield Written(int(match[2]), int(match[3]), int(match[1]), True)
    for match in re.finditer(r"(?<![\d年년])(?<!\d[年년] )(\d{1,2}) ?[月월] ?(\d{1,2})(?:日|일|号|號|(?!\d))", text):
        yield Written(int(match[1]), int(match[2]), None, True)
    both = r"(?<![\d/.-])(\d{1,2})(?:([/.-])|,? ?(thang) )(\d{1,2})"
    for match in re.finditer(rf"{both}(?:(?:\2| ?nam |/)({_YEAR}))?(?![\d/-])(?!\.\d)", text):
        first, second, year = int(match[1]), int(match[4]), _number(match[5])
        if match[2] in (".", "-") and year is None:  # 10.30 is a time, 1-2 a house
            continue
        if match[3]:
            yield Written(second, first, year, True)
            continue
        sure = first > 12 or second > 12 or first == second
        yield Written(second, first, year, sure)
        if first != second:
            yield Written(first, second, year, sure)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


@cache
def _months() -> dict[str, int]:
    """Name of a month, folded → its number, of all our languages; a beginning that could be two is left out."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for month, name in enumerate(formats(language).lists["months"], 1):
            for form in (name, *_ALSO[month].split()):
                plain = fold(form)
                if any(c.isdigit() for c in plain):  # 4月, tháng 4
                    continue
                shortest = _SHORTEST if plain.isascii() else len(plain)
                for size in range(shortest, len(plain) + 1):
                    found.setdefault(plain[:size], set()).add(month)
    return {name: next(iter(months)) for name, months in found.items() if len(months) == 1}
