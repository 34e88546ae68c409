"""How each language writes amounts, dates and times, read from words/*/formats.yaml and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.language.errors import WordsIncomplete
from assistant.language.folders import part
from assistant.language.words import placeholders

_TEMPLATES = {
    "yen": {"amount"}, "date": {"day", "month", "month_number", "year"}, "date_weekday": {"date", "weekday"},
    "month_day": {"day", "month", "month_number"},
    "time": {"hour", "minute", "minute_number"}, "weekly": {"days"}, "monthly": {"nths", "weekday"},
}  # fmt: skip
_LIKE = {"yen_one": "yen", "time_full": "time"}  # an optional template with the same placeholders as another
_TEXTS = ("name", "grouping", "free", "comma", "and")
_LISTS = {"months": 12, "weekdays": 7, "weekly_days": 7, "nth": 5}
_BY_WEEKDAY = ("weekly_from", "nth_of")
_FLAGS = ("spaced", "accents_dropped", "day_first")
_NEEDED = {*_TEMPLATES, *_TEXTS, "months", "weekdays", "nth"}
_KNOWN = {*_NEEDED, *_LIKE, *_LISTS, *_BY_WEEKDAY, *_FLAGS, "letters", "stop"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """One language's ways of writing."""

    texts: Mapping[str, str]  # templates and small words by their keys, as `yen`, `date`, `and`
    lists: Mapping[str, tuple[str, ...]]  # months, weekdays (Monday first), weekly_days, nth
    weekly_from: Mapping[int, str]  # weekday that begins the list → another `weekly`
    nth_of: Mapping[int, tuple[str, ...]]  # weekday → other ordinals
    spaced: bool  # words have spaces between them
    accents_dropped: bool  # people also type it without diacritics
    day_first: bool  # 3/4 is the third of April
    stop: str  # between sentences
    letters: str  # a regular expression of letters that only its texts have; "" when there are none


@cache
def formats(language: str) -> Formats:
    """The formats of a language. Raises WordsIncomplete naming what is missing or wrong."""
    held, where = part(language, "formats"), f"words/{language}/formats.yaml"
    if not _NEEDED <= set(held) <= _KNOWN:
        raise WordsIncomplete(f"{where}: missing {sorted(_NEEDED - set(held))}, unknown {sorted(set(held) - _KNOWN)}")
    texts = {key: str(held[key]) for key in (*_TEXTS, *_TEMPLATES, *_LIKE) if key in held}
    for key, text in texts.items():
        wanted = _TEMPLATES.get(_LIKE.get(key, key), set())
        if not placeholders(text) <= wanted:
            raise WordsIncomplete(f"{where}: {key} may hold {sorted(wanted)} in braces, nothing else")
    weekly_from, nth_of = (_by_weekday(held.get(key, {}), f"{where}: {key}") for key in _BY_WEEKDAY)
    return Formats(
        texts=texts,
        lists={key: _listed(held[key], count, f"{where}: {key}") for key, count in _LISTS.items() if key in held},
        weekly_from={day: str(text) for day, text in weekly_from.items()},
        nth_of={day: _listed(names, 5, f"{where}: nth_of") for day, names in nth_of.items()},
        spaced=bool(held.get("spaced", True)), accents_dropped=bool(held.get("accents_dropped")),
        day_first=bool(held.get("day_first")), stop=str(held.get("stop", ". ")), letters=str(held.get("letters", "")),
    )  # fmt: skip


def _listed(value: object, count: int, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) != count:
        raise WordsIncomplete(f"{where} must be a list of {count} words")
    return tuple(map(str, value))


def _by_weekday(value: object, where: str) -> dict[int, object]:
    if not isinstance(value, dict) or not all(day in range(7) for day in value):
        raise WordsIncomplete(f"{where} maps weekdays (0 = Monday) to words")
    return value
