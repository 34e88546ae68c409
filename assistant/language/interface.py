"""The words of pages and cards, read from words/*/ui.yaml, and the languages' names."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.folders import part
from assistant.language.formats import formats
from assistant.language.words import load_words
from assistant.model import LANGUAGES


@lru_cache(maxsize=len(LANGUAGES))
def interface(language: str) -> dict[str, str]:
    """The interface's strings in that language; `name_CODE` are the languages' names in it."""
    strings = {key: str(text) for key, text in part(language, "ui").items()}
    return strings | {f"name_{code}": name for code, name in load_words().languages[language].items()}


@lru_cache(maxsize=1)
def own_names() -> dict[str, str]:
    """language → what it calls itself."""
    return {language: formats(language).texts["name"] for language in LANGUAGES}


def tag(language: str) -> str:
    """The language as browsers know it, for `lang` attributes: plain Japanese is Japanese, ja-x-easy → ja."""
    return language.partition("-x-")[0]


def how_written(language: str) -> dict[str, object]:
    """What scripts need to write dates, times and numbers as Python does (language/numbers.py)."""
    found = formats(language)
    texts = {key: found.texts[key] for key in ("date", "date_weekday", "time", "grouping")}
    full = found.texts.get("time_full", texts["time"])
    return {**texts, "time_full": full, "months": found.lists["months"], "weekdays": found.lists["weekdays"]}
