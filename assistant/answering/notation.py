"""Figures of a text in Japanese notation, whatever language they were written in: 14 วัน → 14日, 5만 엔 → 50000円.

Only figures, dates, limits, weekdays and the few words that stand for a figure are rewritten; what is counted and how
limits and dates are read is then the same for every language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.answering.stating import NumberWords, stating
from knowledge.chinese import simplified

_BUDDHIST = 543  # years before the common era's: พ.ศ. 2569 is 2026
_YEAR = r"(\d{4})"
_MONTH = r"(\d{1,2})月"
_OF = r"(?:\s*(?:de|del|ng|,|年)\s*|\s+|)"
_DAY = r"(?<!\d)(\d{1,2})(?:日|(?!\d|時|:|[.,]\d))"
_ORDERS = (
    (re.compile(rf"(?<!\d){_YEAR}{_OF}{_MONTH}{_OF}{_DAY}"), r"\1年\2月\3日"),
    (re.compile(rf"{_DAY}{_OF}{_MONTH}{_OF}{_YEAR}(?!\d)"), r"\3年\2月\1日"),
    (re.compile(rf"(?<!\d){_MONTH}{_OF}{_DAY}{_OF}(?<!\d){_YEAR}(?!\d)"), r"\3年\1月\2日"),
    (re.compile(rf"(?<!\d){_MONTH}{_OF}{_YEAR}(?!\d)"), r"\2年\1月"),
    (re.compile(rf"(?<!\d){_YEAR}{_OF}{_MONTH}"), r"\1年\2月"),
)
_DAY_MONTH = (re.compile(rf"{_DAY}{_OF}{_MONTH}(?!\s?\d|間)"), r"\2月\1日")
_MONTH_DAY = (re.compile(rf"{_MONTH}\s*{_DAY}"), r"\1月\2日")
_DAYS_FIRST = frozenset(("es", "id", "th"))
_INDIAN = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{2})+,\d{3}(?![\d,])")


def in_japanese_notation(text: str, language: str) -> str:
    """`numerals.plain` text with its figures as Japanese writes them; Traditional Chinese becomes Simplified.

    Text of a language without words/LANGUAGE/checks.yaml, or whose patterns are our own, stays as it is.
    """
    if language == "zh-Hant":
        return simplified(text)
    ways = stating(language)
    if ways is None:
        return text
    if language == "ne":
        text = _INDIAN.sub(lambda m: m[0].replace(",", ""), text)
    for pattern, japanese in ways.rewrites:
        text = pattern.sub(japanese, text)
    if ways.numbers is not None:
        text = _digits(text, ways.numbers)
    if ways.buddhist:
        text = _common_era(text, ways.buddhist)
    for pattern, japanese in ways.endings:
        text = pattern.sub(japanese, text)
    text = _ordered(text, language)
    return ways.range.sub("から", text) if ways.range is not None else text


def _digits(text: str, numbers: NumberWords) -> str:
    """Number words as digits, where they count something."""

    def spelled(match: re.Match[str]) -> str:
        words = [word for _, word in numbers.parts.findall(match[0])]
        lone = len(words) == 1 and numbers.values.get(words[0]) == 1
        if len(words) < numbers.least or (
            lone and numbers.one is not None and not numbers.one.match(text, match.end())
        ):
            return match[0]
        return f"{_value(words, numbers)} "

    def multiplied(match: re.Match[str]) -> str:
        parts = [digits or word for digits, word in numbers.parts.findall(match[0])]
        return f"{_value(parts, numbers)} " if all(len(part) < 16 for part in parts) else match[0]

    return numbers.times_digits.sub(multiplied, numbers.run.sub(spelled, text))


def _value(words: Sequence[str], numbers: NumberWords) -> str:
    total, section, pending = Decimal(0), Decimal(0), Decimal(0)
    for word in words:
        times = numbers.times.get(word)
        if times is not None and times >= 1000:
            total, section, pending = total + (section + pending or 1) * times, Decimal(0), Decimal(0)
        elif times is not None:
            section, pending = section + (pending or 1) * times, Decimal(0)
        else:
            pending += numbers.values[word] if word in numbers.values else Decimal(word)
    return format((total + section + pending).normalize(), "f")


def _common_era(text: str, before: str) -> str:
    """Years of the Buddhist era as ours: after their sign always, after a month when no other year could be meant."""

    def ours(match: re.Match[str]) -> str:
        return f"{match[1]} {int(match[2]) - _BUDDHIST} "

    text = re.sub(r"(พ\.?ศ\.?)\s*(\d{4})(?!\d)", lambda m: f" {int(m[2]) - _BUDDHIST} ", text)
    return re.sub(rf"(月|{before})\s*(2[45]\d\d)(?!\d)", ours, text).replace("月  ", "月 ")


def _ordered(text: str, language: str) -> str:
    """Dates with the year first, then month and day."""
    text = re.sub(r"(\d月)\s*(?:ปี)\s*(?=\d{4})", r"\1 ", text)
    for pattern, order in (*_ORDERS, _DAY_MONTH if language in _DAYS_FIRST else _MONTH_DAY):
        text = pattern.sub(order, text)
    return _DAY_MONTH[0].sub(_DAY_MONTH[1], text) if language == "fil" else text
