"""Numbers, amounts, dates, times, weekdays and telephones as Japanese guides write them, in each language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import Final

from assistant.language.formats import formats
from assistant.language.numbers import format_date, format_phone, format_time, format_yen, listed

_DAY = "[月火水木金土日]曜日?"
_NUMBER = r"(?<![\d.])\d[\d,]*(?:\.\d+)?(?:億|万|千)?(?![\d億万千])"
TYPED: Final[dict[str, str]] = {
    "n": _NUMBER,
    "m": _NUMBER,
    "yen": f"{_NUMBER}円",
    "time": r"(?<!\d)(?:午前|午後)?\d{1,2}時(?:\d{1,2}分|半)?(?!\d)|(?<!\d)\d{1,2}:\d\d(?!\d)|正午",
    "date": r"(?<!\d)(?:(?:令和|平成)(?:\d{1,2}|元)年度?|\d{4}年)?\d{1,2}月\d{1,2}日",
    "days": f"{_DAY}(?:から{_DAY}(?:まで)?|(?:[・、と]{_DAY})*)",  # 日 alone is a day of a month, or Japan
    "phone": r"0\d{1,4}-\d{1,4}-\d{3,4}|#\d{4}",
    "url": r"https?://[!-~]+",
}
"""Kind of slot → what it takes."""

_ANY = ("yen", "date", "time", "days", "phone", "url", "n")
_TIMES = {"億": 100_000_000, "万": 10_000, "千": 1_000, "": 1}
_ERAS = {"令和": 2018, "平成": 1988}


def fits(text: str, kind: str = "") -> bool:
    """True when the text is a value of that kind, or of any."""
    return any(re.fullmatch(TYPED[name], text) for name in ((kind,) if kind else _ANY))


def render_typed(text: str, language: str, kind: str = "") -> str | None:
    """The value in that language; without `kind` the first kind that fits; None when none does."""
    for name in (kind,) if kind else _ANY:
        if re.fullmatch(TYPED[name], text):
            return _RENDERED[name](text, language)
    return None


def _number(text: str, language: str) -> str:
    unit = text[-1] if text[-1] in _TIMES else ""
    plain = text.removesuffix(unit).replace(",", "") if unit else text.replace(",", "")
    value = float(plain) * _TIMES[unit]
    grouping = formats(language).texts["grouping"]
    if value != int(value):
        decimal = "," if grouping in ". " else "."
        return plain.replace(".", decimal)
    return f"{int(value):,}".replace(",", grouping)


def _yen(text: str, language: str) -> str:
    number = text.removesuffix("円")
    unit = number[-1] if number[-1] in _TIMES else ""
    value = float(number.removesuffix(unit).replace(",", "")) * _TIMES[unit]
    return format_yen(int(value), language) if value else formats(language).texts["yen"].format(amount=0)


def _time(text: str, language: str) -> str:
    if text == "正午":
        return format_time(time(12, 0), language)
    found = re.fullmatch(r"(午前|午後)?(\d{1,2})(?:時|:)(?:(\d{1,2})分?|(半))?", text)
    assert found is not None
    hour = int(found[2]) + (12 if found[1] == "午後" and int(found[2]) < 12 else 0)
    minute = 30 if found[4] else int(found[3] or 0)
    if hour > 23:  # 24時30分: half past midnight, as timetables write it
        texts = formats(language).texts
        template = texts["time_full"] if not minute and "time_full" in texts else texts["time"]
        return template.format(hour=hour, minute=f"{minute:02}", minute_number=minute)
    return format_time(time(hour, minute), language)


def _date(text: str, language: str) -> str:
    found = re.fullmatch(r"(?:(令和|平成)(\d{1,2}|元)年度?|(\d{4})年)?(\d{1,2})月(\d{1,2})日", text)
    assert found is not None
    month, day = int(found[4]), int(found[5])
    if not found[1] and not found[3]:
        texts = formats(language)
        name = texts.lists["months"][month - 1]
        return texts.texts["month_day"].format(day=day, month=name, month_number=month)
    year = int(found[3]) if found[3] else _ERAS[found[1]] + (1 if found[2] == "元" else int(found[2]))
    return format_date(date(year, month, day), language)


def _days(text: str, language: str) -> str:
    names = ["月火水木金土日".index(each[0]) for each in re.findall(_DAY, text.replace("から", "、"))]
    local = [formats(language).lists["weekdays"][name] for name in names]
    return " – ".join(local) if "から" in text else listed(local, language)


_RENDERED: Final[dict[str, Callable[[str, str], str]]] = {
    "n": _number, "m": _number, "yen": _yen, "time": _time, "date": _date, "days": _days,
    "phone": lambda text, _: format_phone(text), "url": lambda text, _: text,
}  # fmt: skip
