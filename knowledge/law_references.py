"""How law is named: abbreviations of laws, article numbers in every spelling, and the tokens under which both meet."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ABBREVIATIONS = Path(__file__).parent / "law_abbreviations.tsv"

_SHORTEST = 6  # characters of a token whose law is more than 法 or 令
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = "[0-9０-９]+|[〇一二三四五六七八九十百千]+"
# 第 may be missing only before figures: 二条 and 三条 are towns, 一条 a name. 北4条西 and 4条通 are addresses.
_BARE = r"(?<![0-9東西南北])(?P<bare>[0-9]+)(?=\s*条(?!通|[東西南北]|[0-9]+丁目))"
_ARTICLE = re.compile(rf"(?:第\s*(?P<n>{NUMBER})|{_BARE})\s*条(?P<sub>(?:\s*の\s*(?:{NUMBER}))*)")
_PARAGRAPH = re.compile(rf"(?:\s*第?\s*(?:{NUMBER})\s*[項号])*")
_OF_TOWN = re.compile(r"^.{1,6}?[市町村区都道府県](?=.+(?:条例|規則|規程)$)")
_SUB = re.compile(NUMBER)
_NAME = re.compile(
    r"(?P<name>[\u3400-\u9fff々ァ-ヶー、・のをにびするとたはん]{1,60}?(?:法律|[法令]|条例|規則|規程|細則)(?:施行[令]|施行規則)?)"
    r"(?:\s*[（(][^）)]{0,40}[）)])?\s*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """条 that a text names; place in the text in characters."""

    law: str  # as written, abbreviations put in full; "" when the text does not say
    number: str  # 22_3 for 第二十二条の三
    start: int
    end: int


def references(text: str) -> list[ArticleRef]:
    """Every article that a text names, in order; a later one belongs to the law named last.

    The text must be NFKC. Numbers may be figures or kanji: 住基法22条, 第二十二条の三.
    """
    found: list[ArticleRef] = []
    law, end = "", 0
    for match in _ARTICLE.finditer(text):
        named = _NAME.search(text[end : match.start()][-80:])
        law = in_full(named["name"]) if named else law
        main = match["n"] or match["bare"]
        number = "_".join(str(arabic(part)) for part in (main, *_SUB.findall(match["sub"])))
        found.append(ArticleRef(law=law, number=number, start=match.start(), end=match.end()))
        end = match.end()
    return found


def in_full(text: str) -> str:
    """The text with abbreviations of laws put in full: 住基法 → 住民基本台帳法."""
    return _abbreviated().sub(lambda found: _names()[found[0]], text)


def title_tokens(heading: str) -> list[str]:
    """Tokens of an article's own name, such as 住民基本台帳法 第二十二条: with its law, and by number alone."""
    text = unicodedata.normalize("NFKC", heading)
    found = _ARTICLE.search(text)
    if found is None:
        return []
    ref = references(text[: found.end()])[0]
    name = "".join(text[: found.start()].split())
    # A resident says 印鑑条例, not 朝凪市印鑑条例.
    names = dict.fromkeys((name, _OF_TOWN.sub("", name), ""))
    return [token(each, ref.number) for each in names]


def body_tokens(text: str) -> list[str]:
    """Tokens of the articles that a text names with their law: a guide's 住民基本台帳法第22条."""
    if "条" not in text:
        return []
    plain = in_full(unicodedata.normalize("NFKC", text))
    named = (way for ref in references(plain) for way in _ways(ref)[:-1] if len(way) > _SHORTEST)
    return list(dict.fromkeys(named))


def asked_tokens(text: str) -> tuple[list[tuple[str, ...]], str]:
    """For each article that a question names its tokens, the surest first, and the question without law and number.

    The law's own words would draw in every passage that names the law.
    """
    plain = in_full(unicodedata.normalize("NFKC", text))
    refs = references(plain)
    rest, end = [], 0
    for ref in refs:
        before = plain[end : ref.start].rstrip()
        rest.append(before.removesuffix(ref.law) if ref.law else before)
        end = ref.end + len(_PARAGRAPH.match(plain, ref.end)[0])  # type: ignore[index]
    rest.append(plain[end:])
    return list(dict.fromkeys(_ways(ref) for ref in refs)), " ".join(rest)


@lru_cache(maxsize=40_000)
def article_of(title: str) -> tuple[str, str] | None:
    """Law and number of an article by its name, 住民基本台帳法 第二十二条 → 住民基本台帳法, 22; else None."""
    text = unicodedata.normalize("NFKC", title).strip()
    found = _ARTICLE.search(text)
    if found is None or found.end() != len(text) or not found["n"] or not text[: found.start()].strip():
        return None
    return "".join(text[: found.start()].split()), references(text)[0].number


def law_before(text: str, known: Container[str]) -> str:
    """The law whose name ends the text, in full, a bracket behind it left out; "" when none does.

    What stands before a name is cut off at a comma or a kana, but not inside a name that is `known`.
    """
    named = _NAME.search(unicodedata.normalize("NFKC", text[-80:]))
    if named is None:
        return ""
    names = _names_in(in_full(named["name"]))
    return next((name for name in names if name in known), names[-1])


def token(law: str, number: str) -> str:
    """The token of an article; never part of a text, for no text has § inside a word."""
    return f"§{law}#{number}"


def _ways(ref: ArticleRef) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token(name, ref.number) for name in (*_names_in(ref.law), "")))


def _names_in(law: str) -> list[str]:
    """What a law may be called, longest first: in 次のうち、金融商品取引法 its name begins after a comma or a kana."""
    parts = [part for part in re.split(r"(?<=[、\u3041-\u3096])", law) if part] or [""]
    return ["".join(parts[start:]).lstrip("、") for start in range(len(parts))]


def arabic(number: str) -> int:
    """A number as laws and offices write it: 二十二, 二二, 22."""
    if number.isdecimal():
        return int(number)
    total, digit = 0, 0
    for character in number:
        if character in _UNITS:
            total += max(digit, 1) * _UNITS[character]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[character]
    return total + digit


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    with ABBREVIATIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))[1:]
    return {short: law for law, cell in rows for short in cell.split("|")}


@lru_cache(maxsize=1)
def _abbreviated() -> re.Pattern[str]:
    shorts = sorted(_names(), key=len, reverse=True)
    # 地方自治法 holds 自治法: an abbreviation stands alone, not at the end of a longer name.
    return re.compile(rf"(?<![\u4e00-\u9fffァ-ヶー])(?:{'|'.join(map(re.escape, shorts))})")
