"""How each language states figures, duties and offices, read from words/*/checks.yaml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.language.errors import WordsIncomplete
from assistant.language.folders import has_part, part
from assistant.language.formats import formats
from assistant.model import LANGUAGES

_KNOWN = {
    "name", "rewrite", "numbers", "words", "units", "before", "after", "range", "claims", "offices", "courtesy",
    "secrets", "giving", "weekdays", "month_end", "months_short", "months_more", "buddhist_years",
}  # fmt: skip
_NO_LETTER = r"(?![^\W\d_])"  # the end of a word, where words have spaces between them


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """Numbers in words: fourteen is labing-apat, สิบสี่, empat belas."""

    values: Mapping[str, int]
    times: Mapping[str, int]  # hundred, thousand …
    run: re.Pattern[str]  # number words that stand together, before a unit
    times_digits: re.Pattern[str]  # 5만, 50 ribu
    parts: re.Pattern[str]
    one: re.Pattern[str] | None  # after a lone 'one': only then it is a number and no article
    least: int  # words of the shortest run


@dataclass(frozen=True, slots=True, kw_only=True)
class Stating:
    """One language's ways of stating; patterns are matched against `numerals.plain` text."""

    rewrites: tuple[tuple[re.Pattern[str], str], ...]  # to Japanese notation, in order
    numbers: NumberWords | None
    endings: tuple[tuple[re.Pattern[str], str], ...]  # units and limits, after numbers have become digits
    range: re.Pattern[str] | None  # between two weekdays
    buddhist: str  # what stands before a year of the Buddhist era; "" where nobody counts so
    claims: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]  # concept → (denied, affirmed)
    offices: re.Pattern[str] | None  # names of offices
    courtesy: re.Pattern[str] | None


def prompt_name(language: str) -> str:
    """How a prompt names the language; its code when it is none of ours."""
    return str(part(language, "checks")["name"]) if has_part(language, "checks") else language


@cache
def stating(language: str) -> Stating | None:
    """The ways of stating of a language; None where patterns of our own in Python read it, or nothing does."""
    if not has_part(language, "checks") or "units" not in part(language, "checks"):
        return None
    held = part(language, "checks")
    if not set(held) <= _KNOWN:
        raise WordsIncomplete(f"words/{language}/checks.yaml: unknown {sorted(set(held) - _KNOWN)}")
    spaced = formats(language).spaced
    end = _NO_LETTER if spaced and language != "ne" else ""
    units = _texts(held, "units")
    return Stating(
        rewrites=(*_own_rewrites(held), *_words(held), *_months(held, language), *_weekdays(held, language)),
        numbers=_numbers(held, units, end),
        endings=_endings(held, units, end),
        range=_optional(rf"(?<=曜日)\s*(?:{held['range']})\s*(?=[月火水木金土日]曜日)" if "range" in held else ""),
        buddhist=str(held.get("buddhist_years", "")),
        claims={name: (pattern(both[0]), pattern(both[1])) for name, both in _pairs(held).items()},
        offices=_optional(str(held.get("offices", ""))),
        courtesy=_courtesy(held),
    )


@cache
def courtesy(language: str) -> re.Pattern[str] | None:
    """Thanks and greetings of a language whose words/LANGUAGE/checks.yaml has them."""
    return _courtesy(part(language, "checks")) if has_part(language, "checks") else None


@cache
def spoken_of(kind: str) -> Mapping[str, re.Pattern[str]]:
    """What all languages call the `secrets`, or the ways of `giving` them: name → pattern."""
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        held = part(language, "checks") if has_part(language, "checks") else {}
        for name, words in _texts(held, kind).items():
            found.setdefault(name, []).append(words)
    return {name: pattern("|".join(words)) for name, words in found.items()}


def pattern(text: str) -> re.Pattern[str]:
    """The pattern, its letters in NFKC as those of the texts are."""
    return re.compile(unicodedata.normalize("NFKC", text), re.IGNORECASE)


def _optional(text: str) -> re.Pattern[str] | None:
    return pattern(text) if text else None


def _courtesy(held: Mapping[str, object]) -> re.Pattern[str] | None:
    return _optional(str(held.get("courtesy", "")))


def _texts(held: Mapping[str, object], key: str) -> dict[str, str]:
    found = held.get(key, {})
    assert isinstance(found, dict), key
    return {str(name): str(text) for name, text in found.items()}


def _pairs(held: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    found = held.get("claims", {})
    assert isinstance(found, dict)
    return {str(name): (str(both[0]), str(both[1])) for name, both in found.items()}


def _listed(held: Mapping[str, object], key: str) -> list[str]:
    found = held.get(key, [])
    assert isinstance(found, list), key
    return [str(each) for each in found]


def _own_rewrites(held: Mapping[str, object]) -> list[tuple[re.Pattern[str], str]]:
    rules = held.get("rewrite", [])
    assert isinstance(rules, list)
    return [(pattern(str(rule[0])), str(rule[1])) for rule in rules]


def _words(held: Mapping[str, object]) -> list[tuple[re.Pattern[str], str]]:
    return [(pattern(words), f" {japanese} ") for japanese, words in _texts(held, "words").items()]


def _months(held: Mapping[str, object], language: str) -> list[tuple[re.Pattern[str], str]]:
    """Month names as 4月; the shorter ways of writing come first, for มี.ค. holds no full name."""
    end = str(held.get("month_end", "")) or (_NO_LETTER if formats(language).spaced else "")
    start = r"(?<![^\W\d_])" if formats(language).spaced else ""
    found = []
    full = formats(language).lists["months"]
    more = [_listed(held, "months_short"), _listed(held, "months_more")]
    for at, name in enumerate(full):
        forms = "|".join(each for each in (re.escape(name), *(held_[at] for held_ in more if held_)) if each)
        if not name[0].isdigit():
            found.append((pattern(rf"{start}(?:{forms})(?:{end})"), f" {at + 1}月 "))
    return found


def _weekdays(held: Mapping[str, object], language: str) -> list[tuple[re.Pattern[str], str]]:
    own = _listed(held, "weekdays")
    lists = formats(language).lists
    names = own or [
        "|".join({lists["weekdays"][at], lists.get("weekly_days", lists["weekdays"])[at]}) for at in range(7)
    ]
    spaced = formats(language).spaced and not own
    return [
        (pattern(rf"\b(?:{name})\b" if spaced else f"(?:{name})"), f"{day}曜日")
        for name, day in zip(names, "月火水木金土日", strict=True)
    ]


def _numbers(held: Mapping[str, object], units: Mapping[str, str], end: str) -> NumberWords | None:
    found = held.get("numbers")
    if not isinstance(found, dict):
        return None
    values, times = ({_nfkc(w): int(n) for w, n in found[key].items()} for key in ("values", "times"))
    words = "|".join(re.escape(word) for word in sorted([*values, *times], key=len, reverse=True))
    multiples = "|".join(re.escape(word) for word in sorted(times, key=len, reverse=True))
    start = r"(?<![\w\u0900-\u0963-])" if end or "joint" not in found else ""
    joint = str(found.get("joint", " ?"))
    unit = "|".join(units.values())
    one = "|".join(units[name] for name in str(found["one"]).split("|")) if "one" in found else ""
    return NumberWords(
        values=values, times=times, least=int(found.get("least", 1)),
        run=pattern(rf"{start}(?<!\d)(?<!\d )(?:{words})(?:{joint}(?:{words}))*(?=\s*(?:{unit}){end})"),
        times_digits=pattern(rf"(?<![\d.,])(?:\d+(?:\.\d+)?\s*(?:{multiples}){end}\s?)+"),
        parts=pattern(rf"(\d+(?:\.\d+)?)|({words})"),
        one=_optional(rf"\s*(?:{one}){end}" if one else ""),
    )  # fmt: skip


def _endings(held: Mapping[str, object], units: Mapping[str, str], end: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    found = [(pattern(rf"(?<=\d)\s*-?\s*(?:{words}){end}"), japanese) for japanese, words in units.items()]
    counted = r"(?<=[\d日間月年分円歳人枚回階時%桁個])"
    found += [(pattern(rf"{counted}\s?(?:{words})"), japanese) for japanese, words in _texts(held, "after").items()]
    start = r"\b" if end else ""
    found += [(pattern(rf"{start}(?:{words})\s*(?=\d)"), f" {said}") for said, words in _texts(held, "before").items()]
    return tuple(found)


def _nfkc(word: str) -> str:
    return unicodedata.normalize("NFKC", word)
