"""How a passage is named in a citation: 第22条第1項, a heading path, a table's row."""

from __future__ import annotations

import re

from knowledge.passage import Kind, Passage

_DIGITS = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"[〇一二三四五六七八九十百千]+"
_COUNTED = re.compile(rf"第({_NUMBER})(編|章|節|款|目|条|項|号)((?:の{_NUMBER})*)")


def arabic(number: str) -> int:
    """A kanji number below 10,000 as an int (二十二 → 22). Raises ValueError for other text."""
    total, digit = 0, 0
    for letter in number:
        if letter in _DIGITS:
            digit = digit * 10 + _DIGITS[letter]
        elif letter in _UNITS:
            total += (digit or 1) * _UNITS[letter]
            digit = 0
        else:
            raise ValueError("not a kanji number")
    return total + digit


def short_article(name: str) -> str:
    """Article names in figures, as offices write them: 第三十条の四十六第一項 → 第30条の46第1項."""

    def figures(match: re.Match[str]) -> str:
        branches = "".join(f"の{arabic(part)}" for part in match[3].split("の")[1:])
        return f"第{arabic(match[1])}{match[2]}{branches}"

    return _COUNTED.sub(figures, name)


def article_number(name: str) -> str:
    """The e-Gov article number of 第三十条の四十六: "30_46"; empty when the text names no article."""
    match = re.search(rf"第({_NUMBER}|[0-9０-９]+)条((?:の(?:{_NUMBER}|[0-9０-９]+))*)", name)
    if match is None:
        return ""
    parts = [match[1], *match[2].split("の")[1:]]
    return "_".join(str(int(p) if p.isdigit() else arabic(p)) for p in parts)


def cited_path(passage: Passage) -> list[str]:
    """The path to show: a law's article and below in figures, other paths as they stand."""
    if passage.kind is Kind.LAW:
        return [short_article(part) for part in passage.path]
    return list(passage.path)
