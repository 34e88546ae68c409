"""Amounts, dates, times and collection days as each language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from assistant.model import LANGUAGES

_JAPANESE_WEEKDAYS = "月火水木金土日"
_WEEKDAYS: dict[str, tuple[str, ...]] = {
    "ja": tuple(f"{day}曜日" for day in _JAPANESE_WEEKDAYS),
    "ja-x-easy": ("月曜日（げつようび）", "火曜日（かようび）", "水曜日（すいようび）", "木曜日（もくようび）",
                  "金曜日（きんようび）", "土曜日（どようび）", "日曜日（にちようび）"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh-Hans": tuple(f"星期{day}" for day in "一二三四五六日"),
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "pt-BR": ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
}  # fmt: skip
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
_MONTHS_PT = ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
              "novembro", "dezembro")  # fmt: skip
_AND = {"ja": "と", "ja-x-easy": "と", "en": " and ", "zh-Hans": "和", "vi": " và ", "pt-BR": " e "}
_COMMA = {"ja": "、", "ja-x-easy": "、", "en": ", ", "zh-Hans": "、", "vi": ", ", "pt-BR": ", "}
_FREE = {"ja": "無料", "ja-x-easy": "無料（むりょう）（お金はいりません）", "en": "free", "zh-Hans": "免费",
         "vi": "miễn phí", "pt-BR": "grátis"}  # fmt: skip
_ORDINAL_EN = ("1st", "2nd", "3rd", "4th", "5th")
_SCHEDULE = re.compile("([月火水木金土日])([1-5]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One collection day: each week, or the nth such weekday of a month."""

    weekday: int  # 0 = Monday
    nth: int | None  # 1-5; None: every week


def format_yen(yen: int, language: str) -> str:
    """An amount in yen; 0 is the language's word for free. Raises ValueError when negative."""
    _check(language)
    if yen < 0:
        raise ValueError("an amount can't be negative")
    if yen == 0:
        return _FREE[language]
    if language == "en":
        return f"{yen:,} yen"
    if language == "zh-Hans":
        return f"{yen:,}日元"
    if language in ("vi", "pt-BR"):
        return f"{yen:,}".replace(",", ".") + (" yên" if language == "vi" else " ienes" if yen > 1 else " iene")
    return f"{yen:,}円"


def format_date(day: date, language: str, *, weekday: bool = True) -> str:
    """A date with its weekday, such as 2026年11月20日（金曜日） or Friday, 20 November 2026."""
    _check(language)
    name = _WEEKDAYS[language][day.weekday()]
    if language in ("ja", "ja-x-easy", "zh-Hans"):
        plain = f"{day.year}年{day.month}月{day.day}日"
        if language == "ja-x-easy":
            return plain + (f" {name}" if weekday else "")
        return plain + (f"（{name}）" if weekday else "")
    if language == "en":
        plain = f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    elif language == "vi":
        plain = f"ngày {day.day} tháng {day.month} năm {day.year}"
    else:
        plain = f"{day.day} de {_MONTHS_PT[day.month - 1]} de {day.year}"
    return f"{name}, {plain}" if weekday else plain


def format_time(moment: time, language: str) -> str:
    """A time of day on the 24-hour clock: 8時30分, 8:30, 8h30; full hours in Japanese without minutes."""
    _check(language)
    if language in ("ja", "ja-x-easy"):
        hour, minute = ("時（じ）", "分（ふん）") if language == "ja-x-easy" else ("時", "分")
        return f"{moment.hour}{hour}" + (f"{moment.minute}{minute}" if moment.minute else "")
    if language == "pt-BR":
        return f"{moment.hour}h" + (f"{moment.minute:02}" if moment.minute else "")
    return f"{moment.hour}:{moment.minute:02}"


def format_phone(number: str) -> str:
    """A telephone number with plain hyphens and ASCII digits, as tables and tel: links need it."""
    plain = re.sub("[‐‑‒–—―−ー－ｰ]", "-", number.strip())
    return "".join(str(int(c)) if c.isdecimal() else c for c in plain if c.isdecimal() or c in "-+#*()")


def parse_schedule(schedule: str) -> tuple[Occurrence, ...]:
    """The collection days of `月,木` (each week) or `水2,水4` (2nd and 4th Wednesday of the month).

    Raises ValueError for anything else.
    """
    found = []
    for part in re.split("[,、，・]", schedule.strip()):
        match = _SCHEDULE.fullmatch(part.strip())
        if match is None:
            raise ValueError("a schedule looks like 月,木 or 水2,水4")
        found.append(Occurrence(weekday=_JAPANESE_WEEKDAYS.index(match[1]), nth=int(match[2]) if match[2] else None))
    return tuple(found)


def next_day(schedule: str, after: date) -> date:
    """The first day of the schedule on or after a date (a fifth weekday may be four months away)."""
    wanted = parse_schedule(schedule)
    for offset in range(200):
        day = after + timedelta(days=offset)
        if any(o.weekday == day.weekday() and o.nth in (None, (day.day - 1) // 7 + 1) for o in wanted):
            return day
    raise AssertionError("every weekday of a month comes within two hundred days")


def format_weekdays(schedule: str, language: str) -> str:
    """`月,木` or `水2,水4` in words: 毎週月曜日と木曜日, the 2nd and 4th Wednesday of the month."""
    _check(language)
    wanted = parse_schedule(schedule)
    weekly = [_WEEKDAYS[language][o.weekday] for o in wanted if o.nth is None]
    monthly: dict[int, list[int]] = {}
    for occurrence in wanted:
        if occurrence.nth is not None:
            monthly.setdefault(occurrence.weekday, []).append(occurrence.nth)
    phrases = [_weekly(weekly, language)] if weekly else []
    phrases += [_monthly(weekday, nths, language) for weekday, nths in monthly.items()]
    return _listed(phrases, language)


def _weekly(names: list[str], language: str) -> str:
    days = _listed(names, language)
    if language == "pt-BR":
        return ("todo " if names[0] in ("sábado", "domingo") else "toda ") + days
    return {"ja": "毎週", "ja-x-easy": "毎週（まいしゅう） ", "en": "every ", "zh-Hans": "每", "vi": ""}[language] + (
        f"{days} hằng tuần" if language == "vi" else days.replace("星期", "周") if language == "zh-Hans" else days
    )


def _monthly(weekday: int, nths: list[int], language: str) -> str:
    name = _WEEKDAYS[language][weekday]
    if language == "ja":
        return _listed([f"第{n}" for n in nths], language) + name
    if language == "ja-x-easy":
        return f"1か月（げつ）の {_listed([f'{n}回目（かいめ）' for n in nths], language)}の {name}"
    if language == "en":
        return f"the {_listed([_ORDINAL_EN[n - 1] for n in nths], language)} {name} of the month"
    if language == "zh-Hans":
        return f"每月{_listed([f'第{n}个' for n in nths], language)}{name}"
    if language == "vi":
        return f"{name} lần thứ {_listed([str(n) for n in nths], language)} trong tháng"
    mark = "º" if name in ("sábado", "domingo") else "ª"
    return f"{_listed([f'{n}{mark}' for n in nths], language)} {name} do mês"


def _listed(items: list[str], language: str) -> str:
    if len(items) == 1:
        return items[0]
    return _COMMA[language].join(items[:-1]) + _AND[language] + items[-1]


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise ValueError(f"no formats for language {language!r}; use speakable() first")
