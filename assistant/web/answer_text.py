"""What templates do with an answer: its text in pieces, dates as the reader's language writes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.language.numbers import format_date, format_time

_TOWN_TIME = ZoneInfo("Asia/Tokyo")
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_MARK = re.compile(r"\[(\d{1,2})\]")
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_JAPANESE = re.compile(f"[{_HAN}{_KANA}](?:[{_HAN}{_KANA}0-9０-９・、。（）「」]*[{_HAN}{_KANA}。）」])?")
_IN_CHINESE = re.compile(f"[{_KANA}]+")
_SHARE = 0.2  # of kana among the letters of a line that is Japanese, in a Chinese text


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of an answer."""

    text: str
    mark: int = 0  # the citation it points to; 0: none
    japanese: bool = False  # in an answer of another language: it has its own glyphs and its own voice


def pieces(text: str, language: str, marks: Collection[int] = (), terms: Collection[str] = ()) -> list[Piece]:
    """The text in pieces; joined they are the text. `marks` are the citations that exist, any other [n] stays text."""
    found: list[Piece] = []
    at = 0
    for match in _MARK.finditer(text):
        if int(match[1]) in marks:
            found += [*_parted(text[at : match.start()], language, terms), Piece(text=match[0], mark=int(match[1]))]
            at = match.end()
    return found + list(_parted(text[at:], language, terms))


def _parted(text: str, language: str, terms: Collection[str]) -> Iterator[Piece]:
    if language.startswith("ja") or not text:
        yield from [Piece(text=text)] if text else []
        return
    for line in re.findall(r"[^\n]+|\n+", text):
        if language.startswith("zh") and _is_japanese(line):
            yield Piece(text=line, japanese=True)
            continue
        at = 0
        for match in _pattern(language, terms).finditer(line):
            if match.start() > at:
                yield Piece(text=line[at : match.start()])
            yield Piece(text=match[0], japanese=True)
            at = match.end()
        if at < len(line):
            yield Piece(text=line[at:])


def _pattern(language: str, terms: Collection[str]) -> re.Pattern[str]:
    """Elsewhere Han is Japanese; among Chinese only kana are, and what we know for official terms."""
    if not language.startswith("zh"):
        return _JAPANESE
    return re.compile("|".join([*map(re.escape, sorted(terms, key=len, reverse=True)), _IN_CHINESE.pattern]))


def _is_japanese(line: str) -> bool:
    kana, han = len(re.findall(f"[{_KANA}]", line)), len(re.findall(f"[{_HAN}]", line))
    return kana > 2 and kana >= _SHARE * (kana + han)


def spelt(text: str) -> str:
    """Katakana as hiragana: a word that is its own reading needs none above it."""
    return text.translate(_HIRAGANA)


def day(iso: object, language: str) -> str:
    """A date of the town's calendar; what is none stays as it is."""
    try:
        return format_date(date.fromisoformat(str(iso)[:10]), language, weekday=False)
    except ValueError:
        return str(iso)


def moment(instant: object, language: str) -> str:
    """An instant as date, weekday and time of the town; "" for what is none."""
    try:
        at = instant if isinstance(instant, datetime) else datetime.fromisoformat(str(instant))
    except ValueError:
        return ""
    here = at.astimezone(_TOWN_TIME)
    return f"{format_date(here.date(), language)} {format_time(here.time(), language)}"
