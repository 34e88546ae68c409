"""Text in a plain form for comparing numbers: every number in ASCII digits, whatever way it was written."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from assistant.answering.notation import in_japanese_notation
from assistant.answering.spelled import spelled_as_digits

_DIGITS = {letter: value for value, letter in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8}
_KANJI = "〇零一二三四五六七八九十百千万萬億亿两兩"
_COUNTER = (
    "日|週|周|星期|[かヶカケヵ箇個个]月|月|年|時|时|小时|工作日|分|秒|円|元|人|名|歳|岁|才|通|枚|部|冊|张|份|页|回|次|度|"
    "階|楼|层|番|号|条|條|項|项|款|章|節|节|編|割|%|パーセント|倍|件|台|本|個|个|袋|天|つ|桁|位|世帯|親等|級|级|丁目|期|種|种|"
    "点|箇所|か所|カ所|キロ|メートル|リットル|以上|以下|以内"
)
_RUN = re.compile(rf"(?:\d+(?:\.\d+)?(?=[{_KANJI}])|(?<=[{_KANJI}])\d+(?:\.\d+)?|[{_KANJI}])+")
_COUNTED = re.compile(_COUNTER)
# Words that begin like a count and are none.
_NO_COUNT = re.compile(
    "同一|一部(?!ずつ|につき|あたり)|一度|一般|一人(?:暮らし|ひとり|一人|親|っ子)|一年中|一日中|一本化|十分(?!間|後|前|以)|"
    "一番(?!窓口|の窓口|から)|一次|二次|一時(?!間|半|[〇一二三四五六七八九十0-9])|一期一会|三者|一点|一つ一つ|一種の|一名"
)
_NO_COUNT_ZH = re.compile(
    "同一|(?<=[前后])一(?=天|日|周|年|个月)|一(?:份|张|位|种|家|名|次|点|部分|个(?!月|小时|星期|工作日))|十分"
)
_MASK = "\x00"
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "reiwa": 2018, "heisei": 1988,
         "showa": 1925}  # fmt: skip
_ERA = re.compile(r"(令和|平成|昭和|大正|明治)\s*(元|\d{1,2})\s*年")
_ERA_LATIN = re.compile(r"\b(?:year |ano |năm )?(reiwa|heisei|showa)\s*(?:year |ano |năm )?(\d{1,2})\b(?:年)?")
_READING = re.compile(r"(?<=[\u3400-\u9fff々])\([ぁ-んァ-ヶー・\s]+\)")
_THIN_SPACE = re.compile("(?<=\\d)[\u00a0\u2007\u2009\u202f](?=\\d{3}(?!\\d))")
_DASH = re.compile("(?<=[0-9)])\\s?[ー‐‑‒–—―−ｰ]\\s?(?=[0-9(])")
_COMMAS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_POINTS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.]*\d)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d{1,2})(?![\d,])")
_TIMES = re.compile(
    r"(\d+(?:\.\d+)?)\s*(thousand|million|mil|milhão|milhões|nghìn|ngàn|triệu|vạn)\b(?: e (\d{1,3})\b)?"
)
_TIMES_OF = {"thousand": 10**3, "mil": 10**3, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "million": 10**6,
             "milhão": 10**6, "milhões": 10**6, "triệu": 10**6}  # fmt: skip
_HALF_PAST = re.compile(r"(?<=\d)([時时点點])半")
_WITH_POINTS = ("vi", "pt", "id", "es")  # 1.000 is a thousand, 1,5 one and a half
_LONGEST = 15  # digits; a longer run is compared as it stands


def plain(text: str) -> str:
    """The text in NFKC and lower case, readings in brackets after kanji removed, one kind of dash and digit."""
    text = _THIN_SPACE.sub("", text.replace(_MASK, " "))
    text = "".join(map(_ascii_digit, unicodedata.normalize("NFKC", text))).casefold()
    return _DASH.sub("-", _READING.sub("", text))


def plain_numbers(text: str, language: str) -> str:
    """`plain` text in which 五万円 is 50000円, 1.000 (vi, pt) and 1,000 are 1000, 令和8年 is 2026年, fourteen is 14.

    `language` (BCP-47) decides what a point between digits means and which number words are known. Of numbers in
    words only those are turned that count something; 一部, 十分 and 'one of' stay. Arbitrary text never raises.
    """
    text = plain(text)
    text = _COMMAS.sub(lambda m: m[0].replace(",", ""), text)
    if language.startswith(_WITH_POINTS):
        text = _POINTS.sub(lambda m: m[0].replace(".", ""), text)
        text = _DECIMAL_COMMA.sub(r"\1.\2", text)
    text = in_japanese_notation(text, language)
    text = _kanji_as_digits(re.sub(rf"百分之([{_KANJI}]+|\d+(?:\.\d+)?)", _percent, text), language)
    text = _TIMES.sub(_multiplied, spelled_as_digits(text, language))
    text = _HALF_PAST.sub(r"\g<1>30分", text)
    text = _ERA.sub(lambda m: f"{_ERAS[m[1]] + (1 if m[2] == '元' else int(m[2]))}年", text)
    return _ERA_LATIN.sub(lambda m: str(_ERAS[m[1]] + int(m[2])), text)


def number(digits: str) -> str:
    """The one way to write a number: no leading zeros, no zeros after the point (07 → 7, 1.50 → 1.5)."""
    if len(digits) > _LONGEST:
        return digits.lstrip("0")
    whole, _, part = digits.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def kanji_value(run: str) -> Decimal | None:
    """The value of 二十二, 五万, 5万3千 or 二〇二六; None when the run is no number."""
    if run[0] in _LARGE or len(run) > 2 * _LONGEST:
        return None
    total, section = Decimal(0), Decimal(0)
    current: Decimal | None = None
    after_digit = False
    for part in re.findall(r"\d+(?:\.\d+)?|\D", run):
        if part in _LARGE:
            total, section, current = total + (section + (current or 0) or 1) * _LARGE[part], Decimal(0), None
        elif part in _SMALL:
            section, current = section + (1 if current is None else current) * _SMALL[part], None
        elif part in _DIGITS:
            current = _DIGITS[part] + (current * 10 if current is not None and after_digit else Decimal(0))
        elif current is None:
            current = Decimal(part)
        else:
            return None
        after_digit = part in _DIGITS
    return total + section + (current or 0)


def _kanji_as_digits(text: str, language: str) -> str:
    held: list[str] = []

    def hide(match: re.Match[str]) -> str:
        held.append(match[0])
        return _MASK

    masked = (_NO_COUNT_ZH if language.startswith("zh") else _NO_COUNT).sub(hide, text)

    def digits(match: re.Match[str]) -> str:
        run = match[0]
        mixed = any(c.isdecimal() for c in run)
        branch = masked.endswith("条の", 0, match.start()) or masked.endswith("條の", 0, match.start())
        if not mixed and not branch and not _COUNTED.match(masked, match.end()):
            return run
        value = kanji_value(run)
        return run if value is None else number(format(value, "f"))

    shown = iter(held)
    return re.sub(_MASK, lambda _: next(shown), _RUN.sub(digits, masked))


def _percent(match: re.Match[str]) -> str:
    value = Decimal(match[1]) if match[1][0].isdecimal() else kanji_value(match[1])
    return match[0] if value is None else f"{number(format(value, 'f'))}%"


def _multiplied(match: re.Match[str]) -> str:
    if len(match[1]) > _LONGEST:
        return match[0]
    value = Decimal(match[1]) * _TIMES_OF[match[2]] + int(match[3] or 0)
    return number(format(value, "f"))


def _ascii_digit(letter: str) -> str:
    if letter.isascii():
        return letter
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)
