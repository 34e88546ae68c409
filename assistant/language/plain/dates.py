"""日付: Japanese years with the Western one before them, full dates with their weekday, times in words."""

from __future__ import annotations

import re
from datetime import date

_BEGINS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ASCII = str.maketrans("０１２３４５６７８９", "0123456789")
_N = "[0-9０-９]"
_ERA = re.compile(
    rf"(?<!{_N})(?<!{_N}{{4}}年（)(?<!{_N}{{4}}年度（)(明治|大正|昭和|平成|令和)\s?(元|{_N}{{1,2}})\s?年(度?)(?!代)"
    rf"(?!度?（{_N}{{4}}[年）])"
)
_DATE = re.compile(
    rf"(?<!{_N})({_N}{{4}})年(（(?:明治|大正|昭和|平成|令和)(?:元|{_N}{{1,2}})年）)?({_N}{{1,2}})月({_N}{{1,2}})日"
    r"(?!\s?[（(]?[月火水木金土日](?:曜|[）)]))"
)
_CLOCK = re.compile(rf"(?<![{_N[1:-1]}:：.])({_N}{{1,2}})[:：]({_N}{{2}})(?![{_N[1:-1]}:：])")
_RELATIVE = {"今年": 0, "本年": 0, "来年": 1, "昨年": -1, "去年": -1}
_YEAR_WORD = re.compile("(?<![\u3400-\u9fff])(今年|本年|来年|昨年|去年)(?![度の]?[（(])(?![\u3400-\u9fff度])")
_WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(rf"(?<=[日0-9０-９])（([{_WEEKDAYS}])(・祝)?）")


def dated(text: str, *, today: date | None = None) -> str:
    """The text with its dates as やさしい日本語 writes them: 2026年（令和8年）4月1日（水曜日）, 8時30分.

    `today` is the day on which the text holds true; with it 来年 gets its year (2027年). Other relative dates stay.
    Doing it twice changes nothing more.
    """
    text = _ERA.sub(_western, text)
    text = _DATE.sub(_with_weekday, text)
    text = _CLOCK.sub(_in_words, text)
    text = _WEEKDAY.sub(lambda m: f"（{m[1]}曜日{m[2] or ''}）", text)
    if today is not None:
        year = today.year
        text = _YEAR_WORD.sub(lambda m: f"{m[1]}（{year + _RELATIVE[m[1]]}年）", text)
    return text


def undated(text: str) -> str:
    """The text without what `dated` adds, so that its figures can be compared with the source's."""
    text = re.sub(rf"{_N}{{4}}年(度?)（((?:明治|大正|昭和|平成|令和)(?:元|{_N}{{1,2}})年)\1）", r"\2\1", text)
    text = re.sub(rf"({'|'.join(_RELATIVE)})（{_N}{{4}}年）", r"\1", text)
    return re.sub(rf"（[{_WEEKDAYS}]曜日(・祝)?）", "", text)


def _western(match: re.Match[str]) -> str:
    era, number, fiscal = match[1], match[2].translate(_ASCII), match[3]
    year = _BEGINS[era] + (1 if number == "元" else int(number))
    shown = re.sub(r"\s", "", match[0])
    return f"{year}年{fiscal}（{shown}）"


def _with_weekday(match: re.Match[str]) -> str:
    try:
        day = date(*(int(match[n].translate(_ASCII)) for n in (1, 3, 4)))
    except ValueError:
        return match[0]  # 2月30日
    return f"{match[0]}（{_WEEKDAYS[day.weekday()]}曜日）"


def _in_words(match: re.Match[str]) -> str:
    hour, minute = int(match[1].translate(_ASCII)), int(match[2].translate(_ASCII))
    if hour > 24 or minute > 59:
        return match[0]
    return f"{hour}時" + (f"{minute:02}分" if minute else "")
