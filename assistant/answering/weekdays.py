"""Days of the week as each language writes them, ranges filled in: 月曜日から金曜日 states Tuesday too."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from assistant.language.day_words import WEEKDAYS, weekday_words
from assistant.model import LANGUAGES

_HAN = "月火水木金土日"
_ZH = "一二三四五六日"
NAMES = WEEKDAYS
"""How the days are named in figures; words, so that no bare number is taken for one."""

_PT = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")
_VI = ("hai", "ba", "tư", "năm", "sáu", "bảy")

_JA = re.compile(
    rf"([{_HAN}])曜日?|(?<=\()([{_HAN}])(?=\))|(?<=毎週)([{_HAN}])(?!曜)|(?<=[{_HAN}][・~])([{_HAN}])(?![曜\w])|"
    rf"(?<!\w)([{_HAN}])(?=[・~][{_HAN}])|(土)(?=日(?:[・、祝曜]|休|は|に|の|も))|(?<=土)(日)(?=[・、祝]|休|は|に|の|も)"
)
_CHINESE = re.compile(
    r"(?:[周週]|星期|礼拜|禮拜)([一二三四五六日天1-6])(?!次|个|年|岁|天|月|日)|(?<=[至到、~和-])([一二三四五六日])(?=[,，。、()]|$)"
)
_ENGLISH = re.compile(
    r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(mon|tue|wed|thu|fri|sat|sun)\b(?=\s?[-/–)]|\.\s?-)|"
    r"(?<=[-/])(mon|tue|wed|thu|fri|sat|sun)\b"
)
_DAYS_PT = "segunda|terça|quarta|quinta|sexta"
_PORTUGUESE = re.compile(
    rf"\b({_DAYS_PT})s?(?=-feiras?\b| a (?:{_DAYS_PT}|sábado|domingo)| e (?:{_DAYS_PT})s?-feiras?)|"
    rf"(?:(?<=segunda a )|(?<=segunda à )|(?<=segundas a )|(?<=feira a ))({_DAYS_PT})\b|\b(sábado|domingo)s?\b"
)
_VIETNAMESE = re.compile(r"(?<!lần )\bthứ (hai|ba|tư|năm|sáu|bảy|[2-7])\b|\b(chủ nhật)\b")
_RANGE = re.compile(
    r"\s*(?:日|曜日?|-feiras?|နေ့)?\s*(?:から|〜|~|-|–|ー|to|through|until|a|à|al|até|hasta(?: el)?|hanggang|sampai|s/d|"
    r"至|到|đến(?: hết)?|tới|부터|에서|देखि|ถึง|ကနေ|မှ)\s*(?:a )?(?:thứ |[周週]|星期|礼拜|禮拜|every )?\s*"
)
_WEEKDAYS = re.compile(
    r"平日|평일|วันธรรมดา|\bhari kerja\b|\bdías? (?:hábil|hábiles|laborables?)\b|"
    r"\bweekdays?\b|\bngày thường\b|\bdias? út(?:eis|il)\b|(?<!个)(?<!\d)工作日"
)
_WEEKEND = re.compile(
    r"週末|주말|สุดสัปดาห์|\bakhir pekan\b|\bfin(?:es)? de semana\b|"
    r"सप्ताहन्त|周末|\bweekends?\b|\bcuối tuần\b|\bfi(?:m|ns) de semana\b|土日"
)


def weekday_forms(text: str, language: str) -> list[tuple[str, str]]:
    """The weekdays that `plain_numbers` text names, as ("weekday", "mon") to ("weekday", "sun").

    平日 and 'weekdays' are ("weekday", "weekdays"). Japanese names are found in every language.
    """
    found = [(match.start(), match.end(), _index(match)) for match in _patterns(language, text)]
    found.sort()
    days = {day for _, _, day in found}
    for (_, end, first), (start, _, last) in pairwise(found):
        if first < last and _RANGE.fullmatch(text, end, start):
            days |= set(range(first, last + 1))
    forms = [("weekday", NAMES[day]) for day in sorted(days)]
    if _WEEKDAYS.search(text):
        forms.append(("weekday", "weekdays"))
    if _WEEKEND.search(text):
        forms += [("weekday", "sat"), ("weekday", "sun")]
    return forms


def _patterns(language: str, text: str) -> list[re.Match[str]]:
    own = {"en": _ENGLISH, "pt": _PORTUGUESE, "vi": _VIETNAMESE, "zh": _CHINESE}.get(language.split("-", 1)[0])
    if own is None and language in LANGUAGES and not language.startswith("ja"):
        own = _plain(language)
    return [*_JA.finditer(text), *(own.finditer(text) if own is not None else ())]


@cache
def _plain(language: str) -> re.Pattern[str]:
    """The names in day_words, a group for each day, of languages in which they need no care."""
    return re.compile("|".join(f"(?P<{NAMES[day]}>{pattern})" for day, pattern in weekday_words(language).items()))


def _index(match: re.Match[str]) -> int:
    if match.lastgroup:
        return NAMES.index(match.lastgroup)
    name = next(group for group in match.groups() if group)
    if match.re is _JA:
        return _HAN.index(name)
    if match.re is _CHINESE:
        return int(name) - 1 if name.isdecimal() else _ZH.index(name.replace("天", "日"))
    if match.re is _ENGLISH:
        return NAMES.index(name[:3])
    if match.re is _PORTUGUESE:
        return _PT.index(name)
    if name == "chủ nhật":
        return 6
    return int(name) - 2 if name.isdecimal() else _VI.index(name)
